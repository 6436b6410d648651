"""What a seat cannot see: each finding says which seats do, and the verdict at which of them to walk."""

from typing import Any

import msgspec
import pytest

from checks.asking import Asking
from checks.deployment import Deployment, Vantage
from checks.journal import VERSION, Began, Concluded, Journal, now
from checks.model import Finding, Reason, Status, Verdict
from checks.probes import Unanswered
from checks.probes.journal import Evidence
from checks.redaction import redacted
from checks.report import FORMATS, report_of, write
from checks.report.difference import difference_of
from checks.report.partners import partners_report
from checks.report.partners import write as write_partners
from checks.runbooks import RUNBOOKS
from checks.verdict import verdict_of
from checks.walk import Walk
from tests.unit.canned import World
from tests.unit.judgement import FROM_EVERYWHERE, OF_THE_SEAT, assert_seat_told

XMPP = RUNBOOKS["xmpp"]
FRONT_END, EDGE, INSIDE, OUTSIDE = Vantage
EVERY_SEAT = [(runbook, seat) for runbook in RUNBOOKS for seat in Vantage]


class NobodyTells(World):
    """No source answers anything: neither a shell, nor a network, nor evidence."""

    async def ask(self, question: Any) -> Any:
        return Unanswered(reason=Reason.MISSING_INPUT, detail="Nobody looked.")


def test_of_every_answer_that_does_not_apply_it_is_known_whether_the_seat_is_why() -> None:
    steps = [stage.step for book in RUNBOOKS.values() for stage in book.stages]
    names = {one.name for step in steps for one in step.answers if one.status is Status.NOT_APPLICABLE}
    assert names == OF_THE_SEAT | FROM_EVERYWHERE
    assert not OF_THE_SEAT & FROM_EVERYWHERE


@pytest.mark.parametrize(("runbook", "seat"), EVERY_SEAT)
async def test_where_a_seat_sees_nothing_each_step_of_another_seat_is_sent_there(runbook: str, seat: Vantage) -> None:
    book = RUNBOOKS[runbook]
    deployment = Deployment(
        domains=("litwareinc.com",), users=("sip:kenmyer@litwareinc.com", "sip:pilar@litwareinc.com"),
        pool="pool01.litwareinc.com", web="lyncweb.litwareinc.com", edge="edge.litwareinc.com",
        partners=("contoso.com",) if runbook == "xmpp" else (), vantage=seat,
    )  # fmt: skip
    journal = Journal(Began(version=VERSION, runbook=runbook, deployment=deployment, at=now()))
    walk = Walk(book, deployment, Asking(NobodyTells(), journal, Evidence()), journal)
    verdict = await walk.run_all()
    for concluded in journal.concluded.values():
        assert_seat_told(concluded.finding)
    elsewhere = [step for step, one in journal.concluded.items() if one.finding.answer in OF_THE_SEAT]
    sent = [step for steps in verdict.not_from_here.values() for step in steps]
    assert sorted(sent) == sorted(elsewhere)
    assert seat not in verdict.not_from_here
    assert elsewhere or (runbook == "mobility" and seat in {FRONT_END, INSIDE})


def journal_of(seat: Vantage, *seen_from: tuple[Vantage, ...], partner: str = "") -> Journal:
    """A walk whose steps in turn are seen from these seats, and fine where there is none."""
    deployment = Deployment(vantage=seat, partners=(partner,) if partner else ())
    journal = Journal(Began(version=VERSION, runbook="xmpp", deployment=deployment, at=now()))
    for step, seats in zip(XMPP.step_ids, seen_from, strict=False):
        answer, status = ("not-from-here", Status.NOT_APPLICABLE) if seats else ("fine", Status.OK)
        finding = Finding(answer=answer, status=status, headline="It is said.", seen_from=seats)
        journal.add(Concluded(step=step, finding=finding, at=now()))
    return journal


def judged(journal: Journal) -> Verdict:
    return verdict_of(XMPP, journal)


ONE, TWO, THREE, FOUR, *_ = XMPP.step_ids
TITLES = [stage.step.title for stage in XMPP.stages]


@pytest.mark.parametrize(
    ("seen_from", "expected"),
    [
        ([(), ()], {}),
        ([(), (EDGE,)], {EDGE: (TWO,)}),
        ([(EDGE,), (OUTSIDE,)], {EDGE: (ONE,), OUTSIDE: (TWO,)}),
        # Where both have to be walked, a step is seen best from the seat it names first.
        ([(EDGE, OUTSIDE), (OUTSIDE,), (OUTSIDE,), (EDGE,)], {OUTSIDE: (TWO, THREE), EDGE: (ONE, FOUR)}),
        # One walk is enough where one seat sees both.
        ([(EDGE, OUTSIDE), (OUTSIDE,)], {OUTSIDE: (ONE, TWO)}),
        ([(INSIDE, EDGE), (EDGE, OUTSIDE), (OUTSIDE, INSIDE)], {EDGE: (TWO,), INSIDE: (ONE, THREE)}),
        # Whoever stands there has looked already.
        ([(FRONT_END, EDGE), (FRONT_END,)], {EDGE: (ONE,)}),
    ],
)
def test_as_few_seats_as_it_takes(
    seen_from: list[tuple[Vantage, ...]], expected: dict[Vantage, tuple[str, ...]]
) -> None:
    assert judged(journal_of(FRONT_END, *seen_from)).not_from_here == expected


@pytest.mark.parametrize("form", FORMATS)
def test_every_report_tells_where_to_walk(form: str) -> None:
    told = write(report_of(journal_of(FRONT_END, (), (EDGE,), (OUTSIDE,)), XMPP), form)
    expected = {
        "json": ['"edge": [', f'"{TWO}"', '"outside": [', f'"{THREE}"'],
        "nagios": ["not from here: steps to walk elsewhere, 1 at the Edge, 1 outside"],
    }.get(form, ["Not from here", f"Walk at the Edge for {TITLES[1]}", f"Walk outside for {TITLES[2]}"])
    assert [one for one in expected if one not in told] == []
    assert "to walk elsewhere" not in write(report_of(journal_of(FRONT_END, ()), XMPP), "nagios")


def test_of_many_partners_it_is_told_once() -> None:
    walks = [
        journal_of(FRONT_END, (), (EDGE,), partner="contoso.com"),
        journal_of(FRONT_END, (), (EDGE,), (EDGE,), partner="fabrikam.com"),
    ]
    told = write_partners(partners_report(walks, XMPP), "text")
    assert told.count("Walk at the Edge") == 1
    assert f"Walk at the Edge for {TITLES[1]}, {TITLES[2]}" in told


def test_two_walks_do_not_differ_in_where_else_it_is_seen() -> None:
    one, other = journal_of(FRONT_END, (EDGE, OUTSIDE)), journal_of(INSIDE, (EDGE,))
    assert difference_of(one, other, XMPP).is_none


def test_an_older_journal_names_no_seat() -> None:
    recorded = b'{"answer": "not-from-here", "status": "not-applicable", "headline": "Seen from the Edge."}'
    assert msgspec.json.decode(recorded, type=Finding).seen_from == ()


@pytest.mark.parametrize("host", ["edge.com", "edge", "outside.example", "front-end.litwareinc.com"])
def test_redaction_leaves_the_seats(host: str) -> None:
    """Also where a server has the name of a seat."""
    journal = journal_of(FRONT_END, (EDGE, OUTSIDE), partner="fabrikam.com")
    journal.began = msgspec.structs.replace(
        journal.began, deployment=Deployment(vantage=FRONT_END, pool=host, edge=host)
    )
    assert judged(redacted(journal)).not_from_here == {EDGE: (ONE,)}
