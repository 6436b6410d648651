"""Answers from journals: what was asked of the world before, here or elsewhere, told again. Opens nothing."""

from collections.abc import Hashable, Iterable
from typing import Any

import msgspec

from checks.journal import Asked, Journal
from checks.model import Reason
from checks.probes import Cmdlet, Lookup, Question, Sockets, SocketTable, Unanswered


class Evidence:
    """What several journals answer, as one. An answer is worth more than a reason why there is none; the newer wins."""

    def __init__(self, journals: Iterable[Journal] = ()) -> None:
        self._asked: dict[Hashable, Asked] = {}
        for journal in journals:
            name = journal.source
            for asked in journal.asked.values():
                self._take(msgspec.structs.replace(asked, source=asked.source or name))

    def find(self, question: Question) -> Asked | None:
        """What was asked then, with its seat and time; None where nothing here answers the question."""
        exact = self._asked.get(_same(question))
        if exact is not None and not isinstance(exact.answer, Unanswered):
            return msgspec.structs.replace(exact, question=question)
        wider = self._within(question) if isinstance(question, Sockets) else None
        return wider or (exact and msgspec.structs.replace(exact, question=question))

    def _take(self, asked: Asked) -> None:
        key = _same(asked.question)
        before = self._asked.get(key)
        if before is None or _worth(asked) > _worth(before):
            self._asked[key] = asked

    def _within(self, question: Sockets) -> Asked | None:
        """The sockets that were asked for, out of a table that holds more of the same server."""
        for asked in self._asked.values():
            match asked:
                case Asked(question=Sockets() as wider, answer=SocketTable() as table) if wider.on == question.on:
                    if not wider.ports or set(question.ports) <= set(wider.ports):
                        return msgspec.structs.replace(asked, question=question, answer=table.of(question.ports))
        return None


class Offline:
    """Implements `Probe` where nothing may be asked live: says what would answer."""

    async def ask(self, question: Question) -> Any:
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


def _worth(asked: Asked) -> tuple[bool, str]:
    return (not isinstance(asked.answer, Unanswered), asked.at)
