"""What have the services of XMPP written into the event log “Lync Server” since yesterday?"""

from collections.abc import Iterator, Mapping

import msgspec

from checks.brought import minute
from checks.context import Context
from checks.deployment import Deployment, Vantage
from checks.knowledge import links
from checks.knowledge.diagnosis import starts
from checks.knowledge.diagnosis.events import xmpp_words
from checks.knowledge.lync_objects import text
from checks.knowledge.shell_answers import Unseen
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Remedy, Status, Step
from checks.probes import Cmdlet, Objects, Parameter, Server, Unanswered
from checks.text import clean
from checks.xmpp import seats

MOST = 200
_RECENT = 24 * 60 * 60 * 1000
"""Milliseconds: the server itself counts them, by its own clock."""
READING: Mapping[str, Parameter] = {
    "LogName": "Lync Server",
    "FilterXPath": f"*[System[(Level=1 or Level=2 or Level=3) and TimeCreated[timediff(@SystemTime) <= {_RECENT}]]]",
    "MaxEvents": MOST,
}
"""Errors and warnings of the last day, of all services of Lync: no filter of the log knows a part of a name."""
_SHOWN = 6
_TITLES = {
    starts.XMPP_LISTENING: "Edge listens",
    starts.XMPP_PARTNER_DNS: "Partner DNS",
    starts.XMPP_PARTNER_STREAM: "Stream to partner",
    starts.XMPP_CERTIFICATE: "Edge certificate",
    starts.XMPP_NEGOTIATION: "Negotiation",
}
"""The steps that words of an event may suggest, as the user sees them named."""
_CALLED: dict[Server, str] = {"edge": "the Edge", "front-end": "the Front End"}

OUTCOMES = Outcomes(
    links.XMPP_SETUP,
    Answer(
        name="quiet", status=Status.OK, meaning="no error of XMPP within a day; warnings are shown, and are no fault"
    ),
    Answer(
        name="errors-with-a-hint",
        status=Status.WARNING,
        meaning="errors within a day, whose words suggest a step: no document tells the meaning of their numbers",
    ),
    Answer(
        name="errors-to-read",
        status=Status.WARNING,
        meaning="errors within a day, shown as they are: a person reads them",
    ),
    Answer(name="not-for-this-seat", status=Status.NOT_APPLICABLE, meaning="event logs are read on the servers"),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="the event log could not be read"),
)


class Entry(Frozen, frozen=True):
    """What a service of XMPP wrote, once or several times."""

    provider: str
    level: int
    """1 critical, 2 error, 3 warning; 0 where it was not shown."""
    number: str
    """Its event id, which no document explains."""
    at: str
    """When it last was written, as the server told."""
    message: str
    times: int = 1

    @property
    def is_error(self) -> bool:
        """False for a warning."""
        return self.level != 3


class Log(Frozen, frozen=True):
    """What was read of one server's log."""

    server: Server
    entries: tuple[Entry, ...] = ()
    """Those of XMPP, the newest first."""
    others: int = 0
    """How many were read that other services wrote."""
    cut: bool = False
    """True where there may be older ones within the day, which were not read."""
    unseen: Unseen | None = None
    evidence_at: str = ""
    """When it was brought from the server, where that is more than a day before the walk."""
    lync_alone: bool = False
    """True where the shell has the cmdlets of Lync alone, as one over the network has, and so reads no event log."""


class Facts(Frozen, frozen=True):
    """The logs of the servers."""

    logs: tuple[Log, ...] = ()


async def gather(context: Context) -> Facts:
    edge, front_end = await context.together(ask_log(context, "edge"), ask_log(context, "front-end"))
    deployment = context.deployment
    logs = (
        _log("edge", edge, seats.of_edge(edge, deployment)),
        _log("front-end", front_end, seats.of_deployment(front_end, deployment)),
    )
    return Facts(
        logs=tuple(msgspec.structs.replace(log, evidence_at=context.evidence_at(_asked_of(log.server))) for log in logs)
    )


def _asked_of(server: Server) -> Cmdlet:
    return Cmdlet(name="Get-WinEvent", parameters=tuple(READING.items()), on=server)


async def ask_log(context: Context, server: Server) -> Objects | Unanswered:
    """The log of a server, as far as it is read."""
    return await context.invoke("Get-WinEvent", on=server, **READING)


def _log(server: Server, answer: Objects | Unanswered, failure: Unseen | None) -> Log:
    if isinstance(answer, Unanswered):
        return Log(server=server, unseen=failure)
    ids = " ".join(error.id.lower() for error in answer.errors)
    if "commandnotfound" in ids:
        away = Unseen(reason=Reason.MISSING_INPUT, detail="This shell reads no event log.", seat_has_no_shell=True)
        return Log(server=server, unseen=away, lync_alone=True)
    if "nomatchinglogs" in ids:
        detail = "there is no event log “Lync Server” there."
        return Log(server=server, unseen=Unseen(reason=Reason.UNREACHABLE, detail=detail))
    if failure is not None:
        return Log(server=server, unseen=failure)
    if any(not text(one, "ProviderName") for one in answer.objects):
        detail = "what was brought does not show which service wrote it."
        return Log(server=server, unseen=Unseen(reason=Reason.MISSING_INPUT, detail=detail, command=_typed(server)))
    entries = [_entry(one) for one in answer.objects[:MOST] if "xmpp" in text(one, "ProviderName").lower()]
    return Log(
        server=server,
        entries=_once_each(entries),
        others=len(answer.objects) - len(entries),
        cut=len(answer.objects) >= MOST,
    )


def _typed(server: Server) -> str:
    return Cmdlet(name="Get-WinEvent", parameters=(("LogName", "Lync Server"), ("MaxEvents", MOST)), on=server).typed()


def _entry(one: dict[str, object]) -> Entry:
    level = text(one, "Level")
    return Entry(
        provider=clean(text(one, "ProviderName"), 60),
        level=int(level) if level in {"1", "2", "3"} else 0,
        number=clean(text(one, "Id"), 8),
        at=clean(text(one, "TimeCreated"), 25),
        message=" ".join(clean(text(one, "Message"), 400).split()),
    )


def _once_each(entries: list[Entry]) -> tuple[Entry, ...]:
    """What was written several times in the same words stands once."""
    known: dict[tuple[str, int, str], Entry] = {}
    for entry in entries:
        key = (entry.provider, entry.level, entry.message)
        first = known.get(key)
        known[key] = msgspec.structs.replace(first, times=first.times + 1) if first else entry
    return tuple(known.values())[:20]


def judge(facts: Facts) -> Finding:
    seen = [one for one in facts.logs if one.unseen is None]
    errors = [(log, entry) for log in seen for entry in log.entries if entry.is_error]
    if errors:
        return _errors(errors, facts)
    missing = [one for one in facts.logs if one.unseen is not None and not one.unseen.seat_has_no_shell]
    if missing:
        return _not_seen(missing[0])
    if not seen:
        return OUTCOMES.finding(
            "not-for-this-seat",
            "The event log is read on the Edge or the Front End itself, not from here.",
            command=_typed("edge"),
            seen_from=(Vantage.EDGE, Vantage.FRONT_END),
        )
    warnings = [(log, entry) for log in seen for entry in log.entries]
    where, when = " and ".join(_CALLED[one.server] for one in seen), _when(seen[0])
    if warnings:
        return OUTCOMES.finding(
            "quiet",
            f"No error of XMPP in the event log of {where} {when}, and {len(warnings)} different warnings.",
            *map(_line, warnings[:_SHOWN]),
            *_beyond(facts),
        )
    return OUTCOMES.finding("quiet", f"Nothing of XMPP in the event log of {where} {when}.", *_beyond(facts))


def _when(log: Log) -> str:
    """Of when the log is: what was brought tells nothing of today."""
    return f"within the day before {minute(log.evidence_at)}" if log.evidence_at else "within a day"


def _errors(errors: list[tuple[Log, Entry]], facts: Facts) -> Finding:
    suggested = {word: likely for _, entry in errors for word, likely in xmpp_words(entry.message)}
    first_log, _ = errors[0]
    count = sum(entry.times for _, entry in errors)
    what = f"{count} errors" if count > 1 else "an error"
    headline = f"The event log of {_CALLED[first_log.server]} has {what} of XMPP {_when(first_log)}"
    lines = [_line(each) for each in errors[:_SHOWN]]
    caution = "No document explains these numbers, so the words are all there is to go by."
    if not suggested:
        return OUTCOMES.finding(
            "errors-to-read",
            f"{headline}: somebody has to read them." if count > 1 else f"{headline}: somebody has to read it.",
            *lines,
            caution,
            *_beyond(facts),
            remedies=(_read(first_log),),
        )
    steps = list(dict.fromkeys(_TITLES[likely.step] for likely in suggested.values()))
    hints = (
        f"“{word}” may mean: {likely.cause} See step “{_TITLES[likely.step]}”." for word, likely in suggested.items()
    )
    return OUTCOMES.finding(
        "errors-with-a-hint",
        f"{headline}. Their words suggest step “{steps[0]}”."
        if count > 1
        else f"{headline}. It suggests step “{steps[0]}”.",
        *lines,
        *hints,
        caution,
        *_beyond(facts),
        remedies=(_follow(steps), _read(first_log)),
    )


def _line(each: tuple[Log, Entry]) -> str:
    log, entry = each
    kind = {1: "Critical", 2: "Error", 3: "Warning"}.get(entry.level, "Error or warning")
    times = f", {entry.times} times, last" if entry.times > 1 else ""
    return f"{kind} {entry.number} on {_CALLED[log.server]}{times} at {entry.at}, {entry.provider}: “{entry.message}”"


def _beyond(facts: Facts) -> Iterator[str]:
    """What was not read."""
    for log in facts.logs:
        if log.cut:
            yield f"Of the log of {_CALLED[log.server]} the newest {MOST} entries were read; there may be more in that day."
        if log.unseen is not None:
            why = "the Lync shell that was asked has no cmdlet for it." if log.lync_alone else ""
            yield f"The log of {_CALLED[log.server]} was not read: {why or 'nothing here reaches it.'} Read it on that server itself."


def _not_seen(log: Log) -> Finding:
    assert log.unseen is not None  # noqa: S101 - chosen by it
    return OUTCOMES.finding(
        "not-seen",
        f"The event log of {_CALLED[log.server]} could not be read: {log.unseen.detail}",
        reason=log.unseen.reason,
        command=log.unseen.command or _typed(log.server),
    )


def _follow(steps: list[str]) -> Remedy:
    return Remedy(
        action=f"Look at step {' and '.join(f'“{step}”' for step in steps[:3])} of this walk. If it is green, what the event "
        "tells of may have passed: see whether new ones are written.",
        who="you",
        risk="none",
        verify="no new error is written while a partner sends a message",
    )


def _read(log: Log) -> Remedy:
    return Remedy(
        cmdlet="Get-WinEvent",
        parameters={"LogName": "Lync Server", "MaxEvents": MOST},
        who=f"administrator on {_CALLED[log.server]}",
        risk="none: it reads",
        verify="a person has read the messages, and knows whether they are old",
    )


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    return (
        "# On the Edge, then on the Front End: Event Viewer, Applications and Services Logs, Lync Server. Or:",
        "Get-WinEvent -LogName 'Lync Server' -MaxEvents 500 | Where-Object {$_.ProviderName -like '*XMPP*' -and "
        "$_.Level -le 3} | Format-List TimeCreated,ProviderName,Id,Message",
        "# Level 2 is an error and 3 a warning, in every language.",
    )


STEP = Step(
    id="xmpp.events",
    title="Event log",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why="A service that cannot use its certificate, or does not reach its other half, says so in the event log and nowhere "
    "else. It is the last to be read, because the steps before tell the same more plainly.",
    good="Neither service of XMPP has written an error since yesterday. Single warnings come and go with partners.",
    by_hand=by_hand,
)
