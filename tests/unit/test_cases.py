"""A fault that the learner has not seen: what is offered, hinted and ruled, for every scenario of the lab."""

import re
from collections import Counter
from pathlib import Path

import msgspec

from checks import journal as journals
from checks import report
from checks.deployment import Deployment
from checks.journal import VERSION, Began, Concluded, Journal, Revealed, now, write_journal
from checks.model import Finding, Remedy, Status, Vantage
from checks.redaction import redacted
from checks.runbooks import RUNBOOKS
from lab import scenarios
from tui import cases
from tui.cases import Case, case_of
from tui.faults import AS_CAUSES, Fault, offered
from tui.practice import seen_from

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


def test_only_what_can_be_seen_from_the_learners_seat_is_offered() -> None:
    """Nothing in the walk could speak for anything else, or against it."""
    seats = {(one["runbook"], dict(case_of(one).call())["Your seat"].replace(" ", "-")) for one in FAULTY}
    seen = {where: seen_from(*where) for where in seats}
    assert seen["mobility", "front-end"] - seen["mobility", "inside"] == {
        f"mobility.ports/{answer}"
        for answer in ("branch-ports-closed", "external-http-closed", "external-site-closed", "mobility-ports-closed",
                       "registrar-closed")
    }  # fmt: skip
    assert not [name for name in seen["xmpp", "outside"] if name.startswith(("xmpp.services", "xmpp.route"))]
    assert "xmpp.ports/gateway-refused" not in seen["xmpp", "outside"], "the Front End alone is refused"
    for one in FAULTY:
        case = case_of(one)
        where = one["runbook"], dict(case.call())["Your seat"].replace(" ", "-")
        assert case.cause in seen[where]
        assert {fault.name for fault in case.choices()} <= seen[where]


def test_nothing_is_offered_that_names_the_cause_in_other_words() -> None:
    """Mcx that crashes is an application that crashes, and Autodiscover that is not published is not published."""
    for cause, other in (
        ("service-url", "web-applications"),
        ("ucwa", "web-applications"),
        ("autodiscover", "reverse-proxy"),
    ):
        mine = [case for case in map(case_of, FAULTY) if case.step.id == f"mobility.{cause}"]
        assert mine
        assert not any(fault.step == f"mobility.{other}" for case in mine for fault in case.choices())


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
        next(
            fault
            for fault in offered(RUNBOOKS[name], cause, "", {str(one["cause"]) for one in FAULTY})
            if fault.name == cause
        )
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
        case.named = True
        assert ("It is", f"{case.title}.") in case.call()
        assert case.title not in case.heading, "the line above has no room for it beside the program's name"


def test_the_hints_lead_closer_and_the_last_one_leaves_a_choice() -> None:
    for case in map(case_of, FAULTY):
        case.hints = 1
        ((label, first),) = case.hint()
        assert label == "Hint 1/3"
        titles = [fault.title for fault in case.choices() if f"“{fault.title}”" in first]
        assert len(titles) == 2, "the first hint leaves two steps to look at"
        assert case.step.title in titles
        case.hints = 2
        (label, second), compare = case.hint()
        assert second == f"“{case.step.title}” asks: {case.step.question}"
        assert compare == ("Good is", " ".join(case.step.good.split()))
        meaning = next(fault.meaning for fault in case.choices() if case.is_cause(fault))
        assert meaning not in f"{first} {second}", case.scenario
        assert case.has_hint
        case.hints = 3
        ((label, last),) = case.hint()
        one, other = re.findall(r"“(.+?)”(?: or |\.$)", last)
        assert one != other
        assert meaning in {one, other}, case.scenario
        assert case.title not in last
        choices = {fault.meaning for fault in case.choices()}
        assert {one, other} <= choices, "who reads it finds both in the list"
        case.hints = 4
        assert case.hint() == [("Hint 1/3", first)], "after the last one the first comes again"


def test_the_last_hint_names_the_cause_first_as_often_as_last() -> None:
    first = 0
    for case in map(case_of, FAULTY):
        case.hints = 3
        ((_, told),) = case.hint()
        meaning = next(fault.meaning for fault in case.choices() if case.is_cause(fault))
        first += told.startswith(f"It is one of two: “{meaning}”")
    assert 0.4 < first / len(FAULTY) < 0.6


def test_every_call_is_a_sentence_of_somebody_who_does_not_know_the_cause() -> None:
    """It has the words of who complains: no name of a cmdlet, a parameter or an answer, and nothing of the title."""
    for one in FAULTY:
        call, case = str(one["symptom"]), case_of(one)
        assert re.fullmatch(r"(iPhone|[A-Z“]).+[.”]", call), case.scenario
        assert 15 < len(call) < 130, case.scenario
        assert not re.search(
            r"(Get|Set|New|Grant)-Cs|Enable[A-Z]|\$|web ticket|\bSRV\b|XMPP proxy|affinity|hairpin", call
        ), call
        meaning = next(fault.meaning for fault in case.choices() if case.is_cause(fault))
        for tells in (case.title, meaning):
            shared = telling(tells) & telling(call)
            assert len(shared) < 2 or len(shared) / len(telling(tells)) < 0.5, (case.scenario, call)


def telling(sentence: str) -> set[str]:
    """Its words of some length, in small letters."""
    return {word for word in re.findall(r"\w+", sentence.casefold()) if len(word) > 4}


def test_no_call_fits_too_many_faults() -> None:
    """What users say seldom tells one fault from another, but a learner shall not meet the same call all day."""
    calls = Counter(str(one["symptom"]) for one in FAULTY)
    assert len(calls) > len(FAULTY) / 4
    (_, most), *_ = calls.most_common(1)
    assert most < len(FAULTY) / 10


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
        titles = [*(stage.step.title for stage in runbook.stages), cases.NO_FAULT]
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
        ("Fix", cases.BY_HAND),
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
        ("True, but", "It is there, and the cause comes before it."),
        ("Here", "FAILED: It refuses."),
    ]
    before = Finding(answer="not-enabled", status=Status.FAILED, headline="Ken Myer is disabled.")
    beside = ruled(case, "mobility.user-enabled/not-enabled", ("mobility.user-enabled", before))
    assert beside.why[0] == ("True, but", "It is there, and it is not the cause: something else is.")
    skipped = Finding(answer="skipped", status=Status.SKIPPED, headline="Not looked at.", because=case.cause)
    hidden = ruled(case, "mobility.ports/web-refused", ("mobility.ports", skipped))
    assert hidden.why[0] == wrong.why[0]
    assert hidden.why[2] == ("", "A fault that was seen hides it: look at that one first.")
    by_user = msgspec.structs.replace(skipped, because="")
    passed_by = ruled(case, "mobility.ports/web-refused", ("mobility.ports", by_user))
    assert passed_by.why[1] == ("Here", "You have not looked at that step yet.")
    another = Finding(answer="web-unreachable", status=Status.FAILED, headline="It does not answer.")
    otherwise = ruled(case, "mobility.ports/web-refused", ("mobility.ports", another))
    assert otherwise.why[1:] == [("Here", "FAILED: It does not answer."), ("", "So another thing is wrong there.")]
    unseen = Finding(answer="unseen", status=Status.UNKNOWN, headline="Not seen.")
    assert ruled(case, "mobility.ports/web-refused", ("mobility.ports", unseen)).why[2][1].startswith("So nothing")
    elsewhere = Finding(
        answer="elsewhere", status=Status.NOT_APPLICABLE, headline="Not from here.", seen_from=(Vantage.OUTSIDE,)
    )
    from_there = ruled(case, "mobility.ports/web-refused", ("mobility.ports", elsewhere))
    assert from_there.why[2] == ("", "The fault of this walk can be seen from your seat.")
    other = ruled(case, "mobility.policy/disabled-globally", ("mobility.policy", bad))
    assert not other.is_right
    assert other.why[2] == ("", "So another thing is wrong there.")


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
