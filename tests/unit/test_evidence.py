"""Answers that were not asked live: from journals, from a person. Which one counts, and what is still asked."""

from typing import Any

import pytest

from checks.context import Asking
from checks.deployment import Deployment, InvalidName, Sources, Vantage
from checks.journal import PASTED, VERSION, Asked, Began, Journal, now
from checks.model import Reason
from checks.opening import seen_from
from checks.probes import (
    Answer,
    Cmdlet,
    CmdletError,
    Lookup,
    Objects,
    Question,
    Records,
    Socket,
    Sockets,
    SocketTable,
    Unanswered,
)
from checks.probes.journal import Evidence
from checks.probes.live import LiveProbes
from tests.unit.canned import World

USER = Cmdlet(name="Get-CsUser", parameters=(("Identity", "sip:kenmyer@litwareinc.com"),))
GOOD, OTHER = Objects(objects=({"Value": "recorded"},)), Objects(objects=({"Value": "newer"},))
TIMED_OUT = Unanswered(reason=Reason.TIMEOUT, detail="Nobody answered.")


def journal(
    *asked: tuple[Question, Answer], at: str = "2026-01-01T10:00", deployment: Deployment | None = None
) -> Journal:
    began = Began(version=VERSION, runbook="mobility", deployment=deployment or Deployment(), at=at)
    made = Journal(began)
    made.source = f"{at}.jsonl"
    for question, answer in asked:
        made.add(Asked(question=question, answer=answer, seat="edge", at=at, took_ms=7))
    return made


def asking(world: World, *evidence: Journal) -> Asking:
    return Asking(world.probes, journal(), Evidence(evidence))


async def test_what_the_evidence_tells_is_not_asked_live_and_keeps_where_it_was_seen() -> None:
    world = World()
    asked = asking(world, journal((USER, GOOD)))
    assert await asked.ask(USER) == GOOD
    assert world.asked == []
    kept = asked.journal.asked[USER]
    assert (kept.seat, kept.at, kept.took_ms, kept.source) == ("edge", "2026-01-01T10:00", 7, "2026-01-01T10:00.jsonl")


async def test_what_it_does_not_tell_is_asked_live() -> None:
    world = World()
    assert await asking(world, journal((USER, GOOD))).ask(Cmdlet(name="Get-CsPool")) == Objects(
        objects=({"Value": "good"},)
    )
    assert world.asked == ["Get-CsPool"]


async def test_a_reason_of_then_does_not_keep_from_asking_now() -> None:
    world = World()
    assert await asking(world, journal((USER, TIMED_OUT))).ask(USER) == Objects(objects=({"Value": "good"},))


async def test_an_error_of_then_does_not_keep_from_asking_now() -> None:
    denied = Objects(errors=(CmdletError(message="Access is denied.", category="PermissionDenied"),))
    assert await asking(World(), journal((USER, denied))).ask(USER) == Objects(objects=({"Value": "good"},))
    missing = Objects(errors=(CmdletError(message="Management object not found.", category="NotSpecified"),))
    assert await asking(World(), journal((USER, missing))).ask(USER) == missing


async def test_a_reason_of_then_stands_where_nobody_can_be_asked_now() -> None:
    recorded = journal((USER, TIMED_OUT))
    asked = Asking(LiveProbes(Deployment(), Sources(offline=True)), journal(), Evidence([recorded]))
    assert await asked.ask(USER) == TIMED_OUT
    assert isinstance(await asked.ask(Cmdlet(name="Get-CsPool")), Unanswered)


def test_the_newer_answer_wins_and_any_answer_wins_over_a_reason() -> None:
    old, new = journal((USER, GOOD), at="2026-01-01"), journal((USER, OTHER), at="2026-01-02")
    newest = journal((USER, TIMED_OUT), at="2026-01-03")
    for order in ([old, new, newest], [newest, new, old], [new, newest, old]):
        found = Evidence(order).find(USER)
        assert found is not None
        assert found.answer == OTHER


@pytest.mark.parametrize(
    ("recorded", "asked", "same"),
    [
        (USER, Cmdlet(name="get-csuser", parameters=(("identity", "sip:KenMyer@litwareinc.com"),)), True),
        (USER, Cmdlet(name="Get-CsUser", parameters=(("Identity", "sip:pilar@litwareinc.com"),)), False),
        (USER, Cmdlet(name="Get-CsUser", parameters=USER.parameters, on="edge"), False),
        (Cmdlet(name="X", parameters=(("A", 1), ("B", True))), Cmdlet(name="X", parameters=(("b", True), ("a", 1))), True),
        (Cmdlet(name="X", parameters=(("A", 1),)), Cmdlet(name="X", parameters=(("A", "1"),)), False),
        (Lookup(name="A.example.", kind="A", view="inside"), Lookup(name="a.example", kind="A", view="inside"), True),
        (Lookup(name="a.example", kind="A", view="inside"), Lookup(name="a.example", kind="A", view="outside"), False),
    ],
)  # fmt: skip
def test_which_questions_are_the_same(recorded: Question, asked: Question, same: bool) -> None:
    found = Evidence([journal((recorded, Records(outcome="found")))]).find(asked)
    assert (found is not None) is same
    if found is not None:
        assert found.question == asked


XMPP, WEB = Socket(address="10.0.0.1", port=5269, state="LISTEN"), Socket(address="10.0.0.1", port=443, state="LISTEN")
CLIENT = Socket(address="10.0.0.1", port=50000, remote_address="10.0.0.9", remote_port=5269, state="ESTABLISHED")
TABLE = SocketTable(sockets=(XMPP, WEB, CLIENT))


@pytest.mark.parametrize(
    ("recorded", "asked", "found"),
    [
        (Sockets(), Sockets(ports=(5269,)), (XMPP, CLIENT)),
        (Sockets(), Sockets(ports=(1,)), ()),
        (Sockets(), Sockets(), (XMPP, WEB, CLIENT)),
        (Sockets(ports=(443, 5269)), Sockets(ports=(443,)), (WEB,)),
        (Sockets(ports=(443,)), Sockets(ports=(443, 5269)), None),
        (Sockets(), Sockets(ports=(443,), on="front-end"), None),
    ],
)
def test_sockets_are_found_in_a_wider_table_of_the_same_server(
    recorded: Sockets, asked: Sockets, found: tuple[Socket, ...] | None
) -> None:
    told = Evidence([journal((recorded, TABLE))]).find(asked)
    assert (told.answer if told else None) == (SocketTable(sockets=found) if found is not None else None)


async def test_what_a_person_brought_stands_until_another_is_brought() -> None:
    world = World(**{"Get-CsUser": "unknown"})
    asked = asking(world)
    assert isinstance(await asked.ask(USER), Unanswered)
    asked.take(USER, GOOD)
    assert await asked.ask(USER) == GOOD
    asked.forget(USER)
    assert await asked.ask(USER) == GOOD
    assert asked.journal.asked[USER].source == PASTED
    asked.take(USER, OTHER)
    assert await asked.ask(USER) == OTHER
    assert world.asked == ["Get-CsUser"]


async def test_what_was_pasted_before_a_walk_was_resumed_is_not_asked_again() -> None:
    world = World()
    before = journal()
    Asking(world.probes, before).take(USER, GOOD)
    assert await Asking(world.probes, before).ask(USER) == GOOD
    assert world.asked == []


LITWARE = Deployment(domains=("litwareinc.com",), pool="atl-cs-001.litwareinc.com", vantage=Vantage.EDGE)


def seen(named: Deployment, *evidence: Deployment, **how: Any) -> Deployment:
    return seen_from(named, [journal(deployment=one) for one in evidence], **{"keep_seat": False, **how})


def test_the_evidence_names_what_was_not_typed_and_tells_the_seat() -> None:
    typed = Deployment(domains=("litwareinc.com",), web="lyncweb.litwareinc.com")
    found = seen(typed, LITWARE, Deployment(pool="other.litwareinc.com", edge="edge.litwareinc.com"))
    assert found.vantage is Vantage.EDGE
    assert (found.web, found.pool, found.edge) == (typed.web, LITWARE.pool, "edge.litwareinc.com")
    assert seen(typed, LITWARE, keep_seat=True).vantage is Vantage.INSIDE
    assert seen(typed) == typed


def test_evidence_about_another_deployment_is_refused() -> None:
    with pytest.raises(InvalidName, match=r"about litwareinc\.com, not about contoso\.com"):
        seen(Deployment(domains=("contoso.com",)), LITWARE)


def test_a_time_is_written_in_utc() -> None:
    assert now().endswith("+00:00")
