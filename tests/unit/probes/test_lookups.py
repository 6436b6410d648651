"""Lookups that several wait for: asked once, answered to all, and never taken from one by another."""

import asyncio

import pytest

from checks.probes import Lookup, Record, Records, Unanswered
from checks.probes.lookups import SharedLookups

WEB = Lookup(name="lyncweb.litwareinc.com", kind="ADDRESS", view="outside")
OTHER = Lookup(name="lyncweb.litwareinc.com", kind="ADDRESS", view="inside")


class _NameServer:
    """Answers when it is told to, each time with another address."""

    def __init__(self) -> None:
        self.asked: list[Lookup] = []
        self.cancelled: list[Lookup] = []
        self.answers = asyncio.Event()
        self.failure: Exception | None = None

    async def ask(self, question: Lookup) -> Records | Unanswered:
        self.asked.append(question)
        try:
            await self.answers.wait()
        except asyncio.CancelledError:
            self.cancelled.append(question)
            raise
        if self.failure:
            raise self.failure
        address = f"192.0.2.{len(self.asked)}"
        return Records(outcome="found", records=(Record(name=question.name, kind="A", value=address),))


async def _begun(*waiters: asyncio.Task[Records | Unanswered]) -> None:
    """Every waiter, and the lookup that it began, has come to where it waits."""
    for _ in range(4):
        await asyncio.sleep(0)
    assert not any(one.done() for one in waiters)


async def test_side_by_side_one_lookup_answers_all_and_later_it_is_asked_anew() -> None:
    server = _NameServer()
    lookups = SharedLookups(server)
    waiters = [asyncio.create_task(lookups.ask(WEB)) for _ in range(12)]
    await _begun(*waiters)
    server.answers.set()
    assert len(set(await asyncio.gather(*waiters))) == 1
    assert server.asked == [WEB]
    assert await lookups.ask(WEB) != waiters[0].result()
    assert server.asked == [WEB, WEB]


async def test_another_view_is_another_question() -> None:
    server = _NameServer()
    lookups = SharedLookups(server)
    server.answers.set()
    await asyncio.gather(lookups.ask(WEB), lookups.ask(OTHER))
    assert server.asked == [WEB, OTHER]


async def test_a_waiter_that_gives_up_takes_the_answer_from_nobody() -> None:
    server = _NameServer()
    lookups = SharedLookups(server)
    impatient, patient = (asyncio.create_task(lookups.ask(WEB)) for _ in range(2))
    await _begun(impatient, patient)
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    server.answers.set()
    assert isinstance(await patient, Records)
    assert server.asked == [WEB]


async def test_a_lookup_that_nobody_waits_for_ends_and_the_next_begins_its_own() -> None:
    server = _NameServer()
    lookups = SharedLookups(server)
    alone = asyncio.create_task(lookups.ask(WEB))
    await _begun(alone)
    alone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await alone
    later = asyncio.create_task(lookups.ask(WEB))
    await _begun(later)
    assert server.cancelled == [WEB]
    server.answers.set()
    assert isinstance(await later, Records)
    assert server.asked == [WEB, WEB]


async def test_a_crash_is_everybodys_and_is_not_kept() -> None:
    server = _NameServer()
    server.failure = ValueError("broken")
    server.answers.set()
    lookups = SharedLookups(server)
    ended = await asyncio.gather(lookups.ask(WEB), lookups.ask(WEB), return_exceptions=True)
    assert [type(one) for one in ended] == [ValueError, ValueError]
    server.failure = None
    assert isinstance(await lookups.ask(WEB), Records)
