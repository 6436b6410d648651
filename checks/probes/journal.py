"""Answers from journals: what was asked of the world before, here or elsewhere, told again. Opens nothing."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from checks.brought import moment
from checks.deployment import Deployment
from checks.journal import Asked, Journal
from checks.knowledge.lync_objects import not_found
from checks.model import Reason
from checks.probes import (
    Answer,
    Cmdlet,
    Elsewhere,
    Handshake,
    Lookup,
    Objects,
    PhoneSignIn,
    Port,
    Question,
    Request,
    Series,
    Sockets,
    SocketTable,
    Stream,
    Unanswered,
)


class Evidence:
    """What several journals answer, as one. An answer is worth more than a reason why there is none; the newer wins.

    With a deployment, what was seen of another Edge answers nothing, and what was seen of the network from another seat
    answers `Elsewhere` alone.
    """

    def __init__(self, journals: Iterable[Journal] = (), deployment: Deployment | None = None) -> None:
        self._asked: dict[Hashable, Asked] = {}
        for journal in journals:
            name = journal.source
            for asked in journal.asked.values():
                told = msgspec.structs.replace(asked, source=asked.source or name)
                if deployment is None or _is_of(deployment, journal.began.deployment, asked):
                    self._take(told)
                if isinstance(asked.question, Request | Handshake | Port | Stream):
                    seen_there = Elsewhere(seat=asked.seat, question=asked.question)
                    self._take(msgspec.structs.replace(told, question=seen_there))

    def find(self, question: Question) -> Asked | None:
        """What was asked then, with its seat and time; None where nothing here answers the question."""
        exact = self._asked.get(_same(question))
        told = [exact] if exact else []
        if isinstance(question, Sockets):
            told += self._within(question)
        best = max(told, key=_worth, default=None)
        return msgspec.structs.replace(best, question=question) if best else None

    def questions(self, cmdlet: str) -> tuple[Cmdlet, ...]:
        """The questions with that cmdlet that are answered here, whatever their parameters."""
        asked = (one.question for one in self._asked.values() if is_fact(one.answer))
        return tuple(one for one in asked if isinstance(one, Cmdlet) and one.name.lower() == cmdlet.lower())

    def tells(self, kind: Callable[[Question], bool]) -> bool:
        """True where it has any question of that kind, answered or not."""
        return any(kind(asked.question) for asked in self._asked.values())

    def _take(self, asked: Asked) -> None:
        key = _same(asked.question)
        before = self._asked.get(key)
        if before is None or _worth(asked) > _worth(before):
            self._asked[key] = asked

    def _within(self, question: Sockets) -> Iterator[Asked]:
        """The sockets that were asked for, out of tables that hold more of the same server."""
        for asked in self._asked.values():
            match asked:
                case Asked(question=Sockets() as wider, answer=SocketTable() as table) if wider.on == question.on:
                    if not wider.ports or set(question.ports) <= set(wider.ports):
                        yield msgspec.structs.replace(asked, answer=table.of(question.ports))


def _is_of(deployment: Deployment, seen: Deployment, asked: Asked) -> bool:
    """False for an answer of another server, or of a place in the network that this deployment is not looked at from."""
    match asked.question:
        case Cmdlet(on="edge") | Sockets(on="edge"):
            return not seen.edge or not deployment.edge or seen.edge == deployment.edge
        case Request() | Handshake() | Port() | Series() | PhoneSignIn() | Stream():
            return asked.seat == deployment.vantage
    return True


class Offline:
    """Implements `Probe` where nothing may be asked live: says what would answer."""

    async def ask(self, question: Question) -> Any:
        if isinstance(question, Elsewhere):
            return Unanswered(
                reason=Reason.MISSING_INPUT,
                detail=f"It was not seen from {question.seat}: no evidence from there was brought.",
                command=question.typed(),
            )
        return Unanswered(
            reason=Reason.MISSING_INPUT,
            detail="The evidence does not tell it, and nothing is asked live.",
            command=question.typed(),
        )


def _same(question: Question) -> Hashable:
    """Equal for questions that mean the same, whoever wrote them down."""
    match question:
        case Cmdlet():
            parameters = sorted((name.lower(), _caseless(value)) for name, value in question.parameters)
            return ("cmdlet", question.name.lower(), tuple(parameters), question.on)
        case Lookup():
            return ("lookup", question.name.lower().rstrip("."), question.kind, question.view)
    return question


def _caseless(value: object) -> str:
    return repr(value).lower()


def is_fact(answer: Answer) -> bool:
    """False for a reason why there is no answer, and for a shell's error that says nothing of the object."""
    match answer:
        case Unanswered():
            return False
        case Objects(objects=(), errors=errors):
            return all(map(not_found, errors))
    return True


def _worth(asked: Asked) -> tuple[bool, bool, datetime]:
    """A fact before an error that a shell brought, that before a reason why nobody was asked; then the newer."""
    return is_fact(asked.answer), not isinstance(asked.answer, Unanswered), moment(asked.at)
