"""What asks: each question of the world once within a walk. Evidence and pastes are asked before the live probes."""

import asyncio
import time
from typing import Any

from checks.brought import is_old
from checks.journal import PASTED, Asked, Journal, now
from checks.model import Reason
from checks.probes import (
    Account,
    Answer,
    Cmdlet,
    Elsewhere,
    Handshake,
    Lookup,
    PhoneSignIn,
    Port,
    Probe,
    Probes,
    Question,
    Request,
    Series,
    Server,
    Sockets,
    Stream,
    Unanswered,
)
from checks.probes.journal import Evidence, Offline, is_fact
from checks.secret import Secret
from checks.sign_ins import acts, can_be_asked, rests_on


class Asking:
    """Asks each question once, remembers the answer, and writes both to the journal.

    What `evidence` answers is not asked live. A waiter that is cancelled never cancels a question that another still
    awaits.
    """

    def __init__(self, probes: Probes, journal: Journal, evidence: Evidence | None = None) -> None:
        self.probes = probes
        self.journal = journal
        self._evidence = evidence or Evidence()
        self._acted_before = any(map(acts, journal.asked))
        self._running: dict[Question, asyncio.Task[Answer]] = {}
        self._waiting: dict[Question, int] = {}
        self._answers: dict[Question, Answer] = {}

    async def ask(self, question: Question) -> Answer:
        """The world's answer, from memory where it was asked before."""
        if question in self._answers:
            return self._answers[question]
        task = self._running.get(question)
        if task is None:
            task = self._running[question] = asyncio.create_task(self._ask_the_world(question))
        self._waiting[question] = self._waiting.get(question, 0) + 1
        try:
            return await asyncio.shield(task)
        finally:
            self._waiting[question] -= 1
            if not self._waiting[question] and not task.done():
                task.cancel()
                self._running.pop(question, None)

    def told(self, cmdlet: str) -> tuple[Cmdlet, ...]:
        """The questions with that cmdlet that the evidence answers, whatever their parameters."""
        return self._evidence.questions(cmdlet)

    def tell(self, question: Question) -> Answer | None:
        """What is known without asking anybody: from memory, evidence, a paste, or before this walk was resumed.

        A reason why there was no answer then is none where the question could be asked now.
        """
        if question in self._answers:
            return self._answers[question]
        known = [one for one in (self.journal.asked.get(question), self._evidence.find(question)) if one is not None]
        facts = [one for one in known if one.source == PASTED or is_fact(one.answer)]
        told = facts if facts or can_be_asked(question, self.journal.began.sources) else known
        if not told:
            return None
        if self.journal.asked.get(question) is not told[0]:
            self.journal.add(told[0])
        self._answers[question] = told[0].answer
        return told[0].answer

    def answered_at(self, question: Question) -> str:
        """When the world answered a question, in ISO 8601 and UTC; empty where it was not asked."""
        asked = self.journal.asked.get(question)
        return asked.at if asked is not None else ""

    def evidence_at(self, question: Question) -> str:
        """When an answer was made that was brought and is more than a day older than the walk; else empty."""
        asked = self.journal.asked.get(question)
        return asked.at if asked is not None and is_old(asked, self.journal.began) else ""

    def tells_deeds(self, *, again: bool = False) -> bool:
        """True where evidence tells what came of acting, or this walk does, which acted before it was resumed.

        With `again` the latter counts for nothing.
        """
        return self._evidence.tells(acts) or (self._acted_before and not again)

    def take(self, question: Question, answer: Answer) -> None:
        """An answer that a person brought. It stands until another one is brought."""
        self._keep(Asked(question=question, answer=answer, seat=self._seat, at=now(), took_ms=0, source=PASTED))

    def forget(self, question: Question) -> None:
        """Asks anew the next time; what a person brought, or another seat saw, stays."""
        if _is_brought(self.journal.asked.get(question)):
            return
        self._answers.pop(question, None)
        self.journal.forget(question)
        if isinstance(question, Cmdlet):
            self.probes.forget()
        task = self._running.pop(question, None)
        if task is not None:
            task.cancel()

    def sign_in_again(self, whose: Server | Account, password: Secret) -> set[Question]:
        """Takes a password that was typed anew, and gives back what is forgotten because of it.

        That is what the server of a shell did not answer, or whatever was asked as that test user.
        """
        again = {question for question, asked in self.journal.asked.items() if rests_on(whose, asked)}
        for question in again:
            self.forget(question)
        self.probes.reset(whose, password)
        return again

    async def close(self) -> None:
        """Stops what still runs, then the probes."""
        running = list(self._running.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await self.probes.close()

    async def _ask_the_world(self, question: Question) -> Answer:
        told = self._told(question)
        asked = told if told and (told.source == PASTED or is_fact(told.answer)) else await self._ask_live(question)
        if told and isinstance(asked.answer, Unanswered) and asked.answer.reason is Reason.MISSING_INPUT:
            # Nobody can be asked now, so the reason of then says more.
            asked = told
        if not (isinstance(question, Elsewhere) and isinstance(asked.answer, Unanswered)):
            # What another seat might have seen, had somebody stood there, is not wanted here.
            self._keep(asked)
        self._running.pop(question, None)
        return asked.answer

    def _told(self, question: Question) -> Asked | None:
        """What was pasted before this walk was resumed, or what the evidence tells."""
        before = self.journal.asked.get(question)
        return before if _is_brought(before) else self._evidence.find(question)

    async def _ask_live(self, question: Question) -> Asked:
        at, started = now(), time.monotonic()
        try:
            answer = await self._probe(question).ask(question)
        except Exception as error:  # A crash of a probe is a finding, never the end of a walk.
            answer = Unanswered(reason=Reason.BUG, detail=f"the probe crashed: {type(error).__name__}")
        took = round((time.monotonic() - started) * 1000)
        return Asked(question=question, answer=answer, seat=self._seat, at=at, took_ms=took)

    def _keep(self, asked: Asked) -> None:
        self._answers[asked.question] = asked.answer
        self.journal.add(asked)

    @property
    def _seat(self) -> str:
        return self.journal.began.deployment.vantage

    def _probe(self, question: Question) -> Probe[Any, Answer]:
        match question:
            case Lookup():
                return self.probes.dns
            case Request():
                return self.probes.http
            case Handshake():
                return self.probes.tls
            case Sockets():
                return self.probes.host
            case Cmdlet():
                return self.probes.shell
            case Port():
                return self.probes.ports
            case Series():
                return self.probes.series
            case PhoneSignIn():
                return self.probes.phone
            case Stream():
                return self.probes.xmpp
            case Elsewhere():
                return Offline()


def _is_brought(asked: Asked | None) -> bool:
    """True for an answer that nobody here can ask for again: a person pasted it, or another seat saw it."""
    return asked is not None and (asked.source == PASTED or isinstance(asked.question, Elsewhere))
