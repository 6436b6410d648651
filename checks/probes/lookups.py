"""Lookups that run side by side: who asks what is being asked already gets the same answer, in the same words."""

import asyncio

from checks.probes import Lookup, Probe, Records, Unanswered


class SharedLookups:
    """Implements `Probe[Lookup, Records]`. Nothing is remembered: once a lookup has ended, the next one asks anew.

    A dozen requests to one host would else burden its name server with a dozen lookups, of which some come too late.
    """

    def __init__(self, dns: Probe[Lookup, Records]) -> None:
        self._dns = dns
        self._running: dict[Lookup, asyncio.Task[Records | Unanswered]] = {}
        self._waiting: dict[Lookup, int] = {}

    async def ask(self, question: Lookup) -> Records | Unanswered:
        """What the probe answers. A waiter that is cancelled takes the answer from nobody; the last one ends the lookup."""
        task = self._running.get(question)
        if task is None:
            task = self._running[question] = asyncio.create_task(self._look_up(question))
            task.add_done_callback(lambda ended: self._end(question, ended))
            self._waiting[question] = 0
        self._waiting[question] += 1
        try:
            return await asyncio.shield(task)
        finally:
            if self._running.get(question) is task:
                self._waiting[question] -= 1
                if not self._waiting[question]:
                    self._end(question, task)
                    task.cancel()

    async def _look_up(self, question: Lookup) -> Records | Unanswered:
        return await self._dns.ask(question)

    def _end(self, question: Lookup, ended: asyncio.Task[Records | Unanswered]) -> None:
        if self._running.get(question) is ended:
            del self._running[question], self._waiting[question]
