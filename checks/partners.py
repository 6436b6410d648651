"""Many partners at once: a walk about each, side by side, where a question that several share is asked once."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import msgspec

from checks.asking import Asking
from checks.deployment import Deployment
from checks.journal import Began, Journal
from checks.model import Runbook
from checks.probes import Account, Answer, Probe, Probes, Question, Server
from checks.probes.journal import Evidence
from checks.secret import Secret
from checks.walk import Walk

AT_ONCE = 16
"""Walks at a time."""

Walked = Callable[[Walk], Coroutine[Any, Any, object]]
"""Walks to the end as the user wants it."""


async def walk_each(
    runbook: Runbook, began: Began, probes: Probes, evidence: Evidence, walked: Walked
) -> tuple[Journal, ...]:
    """A journal of the walk about each partner of the deployment, in their order. It leaves `probes` open."""
    shared = SharedProbes(probes)
    gate = asyncio.Semaphore(AT_ONCE)

    async def about(deployment: Deployment) -> Journal:
        journal = Journal(msgspec.structs.replace(began, deployment=deployment))
        async with gate:
            await walked(Walk(runbook, deployment, Asking(shared, journal, evidence), journal))
        return journal

    try:
        return tuple(await asyncio.gather(*map(about, each_alone(began.deployment))))
    finally:
        await shared.close()


def each_alone(deployment: Deployment) -> Sequence[Deployment]:
    """The deployment as it is walked about each of its partners. A test message goes to the receiver's own partner."""
    return [
        msgspec.structs.replace(
            deployment,
            partners=(partner,),
            receiver=deployment.receiver if deployment.receiver.endswith(f"@{partner}") else "",
        )
        for partner in deployment.partners
    ]


class SharedProbes:
    """Implements `Probes` for several walks: the same question is asked once, whoever asks it again."""

    def __init__(self, probes: Probes) -> None:
        self._probes = probes
        self._asked: dict[Question, asyncio.Task[Answer]] = {}

    dns = property(lambda self: _Once(self._probes.dns, self._asked))
    http = property(lambda self: _Once(self._probes.http, self._asked))
    tls = property(lambda self: _Once(self._probes.tls, self._asked))
    host = property(lambda self: _Once(self._probes.host, self._asked))
    shell = property(lambda self: _Once(self._probes.shell, self._asked))
    ports = property(lambda self: _Once(self._probes.ports, self._asked))
    series = property(lambda self: _Once(self._probes.series, self._asked))
    phone = property(lambda self: _Once(self._probes.phone, self._asked))
    xmpp = property(lambda self: _Once(self._probes.xmpp, self._asked))

    def forget(self) -> None:
        """Nothing is asked again."""

    def reset(self, whose: Server | Account, password: Secret) -> None:
        """Takes a password that was typed anew."""
        self._probes.reset(whose, password)

    async def close(self) -> None:
        """Ends what still runs."""
        for task in self._asked.values():
            task.cancel()
        await asyncio.gather(*self._asked.values(), return_exceptions=True)


class _Once:
    """Implements `Probe`."""

    def __init__(self, probe: Probe[Any, Answer], asked: dict[Question, asyncio.Task[Answer]]) -> None:
        self._probe = probe
        self._asked = asked

    async def ask(self, question: Question) -> Answer:
        if question not in self._asked:
            self._asked[question] = asyncio.create_task(self._ask(question))
        # A walk that gives up does not take the answer from the others.
        return await asyncio.shield(self._asked[question])

    async def _ask(self, question: Question) -> Answer:
        return await self._probe.ask(question)
