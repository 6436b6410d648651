"""A fault that the learner has not seen: what is offered, hinted and ruled, for every scenario of the lab."""

import re
from collections import Counter
from pathlib import Path

import msgspec

from checks import journal as journals
from checks import report
from checks.deployment import Deployment
from checks.journal import VERSION, Began, Concluded, Journal, Revealed, now, write_journal
from checks.model import Finding, Remedy, Status
from checks.redaction import redacted
from checks.runbooks import RUNBOOKS
from lab import scenarios
from tui import cases
from tui.cases import Case, case_of
from tui.faults import AS_CAUSES, Fault, offered

LISTING = scenarios.listing()
FAULTY = [one for one in LISTING if one["cause"]]


def test_the_cause_is_offered_among_faults_of_neighbouring_steps() -> None:
    for case in map(case_of, FAULTY):
        choices = case.choices()
        assert sum(map(case.is_cause, choices)) == 1, case.scenario
        assert len({fault.step for fault in choices}) == len(choices) == 6, "each step once, so none stands out"
        assert choices == case.choices(), "the same at every call"
        places = [case.runbook.step_ids.index(fault.step) for fault in choices]
        assert places == sorted(places), "in the runbook's order"
        own = case.runbook.step_ids.index(case.step.id)
        assert all(abs(place - own) <= 5 for place in places), case.scenario


def test_the_place_of_the_cause_does_not_tell_it() -> None:
    place = Counter([case.is_cause(fault) for fault in case.choices()].index(True) for case in map(case_of, FAULTY))
    assert all(place[each] > len(FAULTY) / 12 for each in range(6)), place


def test_nothing_is_offered_that_the_cause_brings_about() -> None:
    """A milder answer of its own step may hold as well, and what it explains is there too: both are true, and no cause."""
    late = case_of(next(one for one in FAULTY if one["name"] == "xmpp-partner-not-replicated"))
    assert [fault.answer for fault in late.choices() if fault.step == "xmpp.replication"] == ["partners-differ"]
    for case in map(case_of, FAULTY):
        step, _, answer = case.cause.partition("/")
        for fault in case.choices():
            stage = case.runbook.stage(fault.step)
            explained = answer in stage.explained_by.get(step, ()) and fault.answer in (
                stage.explained or {fault.answer}
            )
            assert not explained, (case.scenario, fault)


def test_every_choice_is_worded_as_a_cause() -> None:
    """A status code, or a word for what nobody understood, is what is seen of a fault and not the fault."""
    as_causes = [
        next(fault for fault in offered(RUNBOOKS[name], cause, "") if fault.name == cause)
        for name, cause in sorted({(str(one["runbook"]), str(one["cause"])) for one in FAULTY})
    ]
    assert {fault.name for fault in as_causes} > set(AS_CAUSES), "each that is worded here is the cause of a scenario"
    for fault in as_causes:
        assert not re.match(r"\d{3}(?! of )", fault.meaning), fault
        for vague in ("something else, which", "no document explains", "and the like,", "nobody could compare"):
            assert vague not in fault.meaning, fault


def test_nothing_that_is_told_before_the_cause_is_named_tells_the_scenario() -> None:
    for case in map(case_of, FAULTY):
        assert case.hint() == []
        told = " ".join([case.heading, *(sentence for _, sentence in case.call())])
        assert case.title not in told, case.scenario
        assert case.cause not in told
        case.hints = 1
        ((_, first),) = case.hint()
        titles = [fault.title for fault in case.choices() if f"“{fault.title}”" in first]
        assert len(titles) == 2, "the first hint leaves two steps to look at"
        assert case.step.title in titles
        case.hints = 2
        assert case.hint()[1] == ("Next hint", f"“{case.step.title}” asks: {case.step.question}")
        assert not case.has_hint
        case.named = True
        assert ("It is", f"{case.title}.") in case.call()
        assert case.title not in case.heading, "the line above has no room for it beside the program's name"


def test_the_call_names_the_product_and_the_seat_of_the_scenario() -> None:
    named = {str(one["name"]): case_of(one) for one in FAULTY}
    told = dict(named["registrar-closed-2019"].call())
    assert told["Deployment"] == "litwareinc.com, Skype for Business Server 2019, running on this machine"
    assert told["Your seat"] == "inside"
    assert dict(named["refused"].call())["Your seat"] == "outside"
    assert dict(named["xmpp-proxy-stopped"].call())["Your seat"] == "edge"


def test_a_surprise_is_a_fault_and_its_seed_picks_it_again() -> None:
    for runbook in ("", *RUNBOOKS):
        picked = [cases.surprise(LISTING, runbook, seed) for seed in range(60)]
        assert all(one.cause and runbook in {"", one.runbook.name} for one in picked)
        assert [one.scenario for one in picked] == [
            cases.surprise(LISTING, runbook, seed).scenario for seed in range(60)
        ]
        assert len({one.scenario for one in picked}) > 20
    assert {one.runbook.name for one in (cases.surprise(LISTING, "", seed) for seed in range(60))} == set(RUNBOOKS)
    two = [one for one in FAULTY if one["runbook"] == "mobility"][:2]
    assert {cases.surprise(two, "mobility", seed, but=str(two[0]["name"])).scenario for seed in range(9)} == {
        two[1]["name"]
    }


def test_the_topics_are_the_steps_in_their_order_and_hold_every_scenario() -> None:
    listed = list(cases.topics(LISTING))
    assert len(listed) == len(LISTING)
    for name, runbook in RUNBOOKS.items():
        titles = [cases.NO_FAULT, *(stage.step.title for stage in runbook.stages)]
        met = [topic for of, topic, _ in listed if of == name]
        assert met == sorted(met, key=titles.index)
    assert [of for of, _, _ in listed] == sorted((of for of, _, _ in listed), key=list(RUNBOOKS).index)


def walked(*findings: tuple[str, Finding]) -> Journal:
    journal = Journal(
        Began(version=VERSION, runbook="mobility", deployment=Deployment(), at=now(), scenario="secret", unseen=True)
    )
    for step, finding in findings:
        journal.add(Concluded(step=step, finding=finding, at=now()))
    return journal


class Walked:
    """As much of a walk as a ruling asks for: what its steps concluded."""

    def __init__(self, journal: Journal) -> None:
        self.conclusion = journal.concluded.get


def ruled(case: Case, cause: str, *findings: tuple[str, Finding]) -> cases.Ruling:
    step, _, answer = cause.partition("/")
    title = case.runbook.stage(step).step.title
    meaning = next(one.meaning for one in case.runbook.stage(step).step.answers if one.name == answer)
    return case.ruling(Fault(step, answer, title, meaning), Walked(walked(*findings)))  # type: ignore[arg-type]


def test_a_ruling_says_what_speaks_for_it_or_against_it() -> None:
    case = case_of(next(one for one in FAULTY if one["name"] == "policy-disabled-for-user"))
    bad = Finding(answer="disabled-for-user", status=Status.FAILED, headline="EnableMobility is False")
    right = ruled(case, "mobility.policy/disabled-for-user", ("mobility.policy", bad))
    assert right.is_right
    assert right.why == [
        ("Right", "A user's own policy forbids mobility."),
        ("Seen at", "“Mobility policy”. FAILED: EnableMobility is False"),
        ("Fix", "Mended by hand: no command does this."),
    ]
    command = Remedy(who="", risk="", verify="", cmdlet="Set-CsMobilityPolicy")
    mendable = ("mobility.policy", msgspec.structs.replace(bad, remedies=(command,)))
    assert len(ruled(case, "mobility.policy/disabled-for-user", mendable).why) == 2
    early = ruled(case, "mobility.policy/disabled-for-user")
    assert early.is_right
    assert "which tells it: EnableMobility is False in the policy assigned" in early.why[1][1]

    fine = Finding(answer="open", status=Status.OK, headline="Every port takes connections.")
    wrong = ruled(case, "mobility.ports/web-refused", ("mobility.ports", fine))
    assert not wrong.is_right
    assert wrong.why == [
        ("Not that", "It would show at “Ports”: 443 of the external web FQDN refuses connections."),
        ("Here", "OK: Every port takes connections."),
        ("", "That speaks against it."),
    ]
    assert ruled(case, "mobility.ports/web-refused").why[1] == ("Here", "You have not looked at that step yet.")
    follows = Finding(answer="web-refused", status=Status.FAILED, headline="It refuses.")
    accompanies = ruled(case, "mobility.ports/web-refused", ("mobility.ports", follows))
    assert not accompanies.is_right
    assert accompanies.why == [
        ("True, but", "It is there, and it is not the cause: something else is."),
        ("Here", "FAILED: It refuses."),
    ]
    skipped = Finding(answer="skipped", status=Status.SKIPPED, headline="Not looked at.", because=case.cause)
    hidden = ruled(case, "mobility.ports/web-refused", ("mobility.ports", skipped))
    assert hidden.why[0] == ("Not that", "If it is so, it follows from the cause and is not it.")
    other = ruled(case, "mobility.policy/disabled-globally", ("mobility.policy", bad))
    assert not other.is_right
    assert len(other.why) == 2, "a step that failed for another reason speaks neither for it nor against it"


def test_an_unseen_scenario_is_in_no_report_until_it_was_revealed(tmp_path: Path) -> None:
    path = tmp_path / "walk.jsonl"
    began = Began(
        version=VERSION, runbook="mobility", deployment=Deployment(), at=now(), scenario="policy-x", unseen=True
    )
    journal = Journal(began, path)
    runbook = RUNBOOKS["mobility"]
    for form in report.FORMATS:
        assert "policy-x" not in report.write(report.report_of(journal, runbook), form)
        assert "policy-x" not in report.write(report.report_of(redacted(journals.read(path)), runbook), form)
    assert journals.read(path).began.unseen, "a walk that is resumed stays unseen"
    journal.add(Revealed(at=now()))
    journal.close()
    assert not journals.read(path).began.unseen
    assert report.report_of(journals.read(path), runbook).scenario == "policy-x"
    write_journal(redacted(journals.read(path)), tmp_path / "handed-on.jsonl")
    assert not journals.read(tmp_path / "handed-on.jsonl").began.unseen
