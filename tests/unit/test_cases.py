"""A fault that the learner has not seen: what is offered, hinted and ruled, for every scenario of the lab."""

from collections import Counter
from pathlib import Path

from checks import journal as journals
from checks import report
from checks.deployment import Deployment
from checks.journal import VERSION, Began, Concluded, Journal, Revealed, now, write_journal
from checks.model import Finding, Status
from checks.redaction import redacted
from checks.runbooks import RUNBOOKS
from lab import scenarios
from tui import cases
from tui.cases import Case, case_of

LISTING = scenarios.listing()
FAULTY = [one for one in LISTING if one["cause"]]


def test_the_cause_is_offered_among_faults_of_neighbouring_steps() -> None:
    for case in map(case_of, FAULTY):
        choices = case.choices()
        assert sum(map(case.is_cause, choices)) == 1, case.scenario
        assert 5 <= len(choices) == len(set(choices)) <= 6, case.scenario
        assert choices == case.choices(), "the same at every call"
        order = [(stage.step.id, answer.name) for stage in case.runbook.stages for answer in stage.step.answers]
        places = [order.index((fault.step, fault.answer)) for fault in choices]
        assert places == sorted(places), "in the runbook's order"
        steps = case.runbook.step_ids
        own = steps.index(case.step.id)
        assert all(abs(steps.index(fault.step) - own) <= 5 for fault in choices), case.scenario


def test_neither_the_place_of_the_cause_nor_its_company_tells_it() -> None:
    """A place of its own, or a step that is offered twice, would be the answer for whoever has seen it once."""
    place: Counter[int] = Counter()
    twice = 0
    for case in map(case_of, FAULTY):
        choices = case.choices()
        place[[case.is_cause(fault) for fault in choices].index(True)] += 1
        of_step = Counter(fault.step for fault in choices)
        twice += sum(count == 2 for step, count in of_step.items() if step != case.step.id) == 1
    assert all(place[each] > len(FAULTY) / 12 for each in range(6)), place
    assert twice > 0.9 * len(FAULTY), "another step comes twice too"


def test_nothing_that_is_told_before_the_cause_is_named_tells_the_scenario() -> None:
    for case in map(case_of, FAULTY):
        assert case.hint() == []
        told = " ".join([case.heading, *(sentence for _, sentence in case.call())])
        assert case.title not in told, case.scenario
        assert case.cause not in told
        case.hints = 1
        assert case.hint() == [("Hint", f"Look at “{case.step.title}”.")]
        case.hints = 2
        assert case.hint()[1] == ("It asks", case.step.question)
        assert not case.has_hint
        case.named = True
        assert case.title in case.heading


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
    return case.ruling(cases.Fault(step, answer, title, meaning), Walked(walked(*findings)))  # type: ignore[arg-type]


def test_a_ruling_says_what_speaks_for_it_or_against_it() -> None:
    case = case_of(next(one for one in FAULTY if one["name"] == "policy-disabled-for-user"))
    bad = Finding(answer="disabled-for-user", status=Status.FAILED, headline="EnableMobility is False")
    right = ruled(case, "mobility.policy/disabled-for-user", ("mobility.policy", bad))
    assert right.is_right
    assert right.why == [
        ("Right", "A user's own policy forbids mobility."),
        ("Seen at", "“Mobility policy”. FAILED: EnableMobility is False"),
    ]
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
    assert "not the first cause" in ruled(case, "mobility.ports/web-refused", ("mobility.ports", follows)).why[2][1]
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
