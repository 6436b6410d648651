"""How a domain's servers take a stream, judged for both sides: one finding for all the addresses that were tried."""

from collections.abc import Iterator

from checks.context import Context
from checks.deployment import Vantage
from checks.knowledge import links
from checks.knowledge.xmpp.stream_errors import meaning
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Remedy, Status, gravest
from checks.probes import Unanswered
from checks.probes.xmpp_facts import Attempt
from checks.xmpp import stream_remedies as remedies
from checks.xmpp.stream_problems import Problem, is_from_before_1_0, problem_of, reached, remarks
from checks.xmpp.streams import NOBODY, SEEN_FROM, Seen, Side, opened_by_hand, seen_live, speaker, streams

_FAULTS = (
    Answer(name="not-xmpp", status=Status.FAILED, meaning="something else answers there than XMPP between servers"),
    Answer(name="tls-at-once", status=Status.FAILED, meaning="TLS is spoken from the first byte, where STARTTLS belongs"),
    Answer(name="silent", status=Status.FAILED, meaning="the connection is taken, and then nothing is said, or no more"),
    Answer(name="closed", status=Status.FAILED, meaning="the connection is taken and closed without a word"),
    Answer(name="host-unknown", status=Status.FAILED, meaning="the server that is reached does not serve the domain"),
    Answer(name="stream-error", status=Status.FAILED, meaning="the stream is refused with an error"),
    Answer(name="tls-refused", status=Status.FAILED, meaning="STARTTLS is offered and then refused"),
    Answer(name="handshake-fails", status=Status.FAILED, meaning="no TLS handshake can be finished, with old protocols neither"),
    Answer(name="some-fail", status=Status.WARNING, meaning="some servers of the domain open streams, others do not"),
    Answer(name="busy", status=Status.WARNING, meaning="the server says that it is busy or shutting down"),
    Answer(name="only-old", status=Status.WARNING, meaning="only TLS 1.0 or 1.1 is spoken"),
    Answer(name="no-id", status=Status.WARNING, meaning="the stream has no id, which dialback needs"),
)  # fmt: skip
_UNKNOWN = (
    Answer(name="stranger-refused", status=Status.UNKNOWN, meaning="refused to a domain that nobody has, which proves little"),
    Answer(name="proof-wanted", status=Status.UNKNOWN, meaning="refused without our certificate, which proves little"),
    Answer(name="old-tls-untested", status=Status.UNKNOWN, meaning="this machine cannot speak the old protocol"),
    Answer(name="not-reached", status=Status.UNKNOWN, meaning="no connection stood, so no stream was opened"),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="no stream could be looked at"),
)  # fmt: skip
_FINE = (
    Answer(name="opens", status=Status.OK, meaning="a stream opens, with TLS where it is offered"),
    Answer(
        name="before-1-0", status=Status.OK, meaning="a stream of a server from before XMPP 1.0 opens: dialback alone"
    ),
)
_AWAY = Answer(
    name="not-from-here", status=Status.NOT_APPLICABLE, meaning="such a stream cannot be opened from this seat"
)
_NO_DOMAIN = Answer(name="no-domain", status=Status.NOT_APPLICABLE, meaning="no SIP domain was named")
_NO_PARTNER = Answer(name="no-partner", status=Status.NOT_APPLICABLE, meaning="no partner was named")
OUTCOMES: dict[Side, Outcomes] = {
    "ours": Outcomes(links.XMPP_SETUP, *_FAULTS, *_UNKNOWN, *_FINE, _AWAY, _NO_DOMAIN),
    "partner": Outcomes(links.XMPP_SETUP, *_FAULTS, *_UNKNOWN, *_FINE, _AWAY, _NO_PARTNER),
}
_FAILING = frozenset(answer.name for answer in _FAULTS if answer.status is Status.FAILED)
_POOR = frozenset(answer.name for answer in _FAULTS if answer.status is Status.WARNING)
_GRAVITY = tuple(answer.name for answer in (*_FAULTS, *_UNKNOWN, *reversed(_FINE), _AWAY))
BROKEN = _FAILING | {"busy"}
"""Answers after which nothing was seen of what the server offers."""


class Facts(Frozen, frozen=True):
    """The streams to one side's domains."""

    side: Side
    vantage: Vantage
    seen: tuple[Seen, ...] = ()
    speaker: str = ""
    """The domain that the streams spoke for; streams.NOBODY where none of the other side was named."""
    live: bool = True
    """Whether this seat opens such streams itself."""


async def gather_side(context: Context, side: Side) -> Facts:
    """The streams to our domains as a partner opens them, or to the partner as the Edge opens them."""
    return Facts(
        side=side,
        vantage=context.deployment.vantage,
        seen=await streams(context, side),
        speaker=speaker(context.deployment, side),
        live=seen_live(context.deployment, side),
    )


def judge_side(facts: Facts) -> Finding:
    outcomes = OUTCOMES[facts.side]
    if not facts.seen:
        return _nobody_named(facts.side)
    findings = [_of_domain(facts, one) for one in facts.seen]
    if len(findings) == 1:
        return findings[0]
    if {one.answer for one in findings} == {"opens"}:
        detail = [line for one in findings for line in one.detail]
        return outcomes.finding("opens", f"Streams open to all {len(findings)} SIP domains.", *detail)
    return gravest(findings, _GRAVITY)


def _nobody_named(side: Side) -> Finding:
    if side == "ours":
        return OUTCOMES[side].finding("no-domain", "No SIP domain was named, so nobody can be called.")
    return OUTCOMES[side].finding("no-partner", "No XMPP partner was named: name one, or start with --partner DOMAIN.")


def _of_domain(facts: Facts, one: Seen) -> Finding:
    if isinstance(one.facts, Unanswered):
        return _unseen(facts, one.domain, one.facts)
    tried = [attempt for attempt in one.facts.attempts if reached(attempt)]
    # Whether Lync speaks direct TLS is documented nowhere, so what takes STARTTLS decides where there is any.
    counted = [attempt for attempt in tried if not attempt.target.direct] or tried
    if not counted:
        return _not_reached(facts, one)
    stranger = facts.speaker == NOBODY
    problems = [(attempt, problem_of(attempt, facts.side, stranger=stranger)) for attempt in counted]
    stands = [attempt for attempt, problem in problems if problem is None]
    found = _Found(facts, one, tuple((attempt, problem) for attempt, problem in problems if problem is not None))
    failing, poor = found.of(_FAILING), found.of(_POOR)
    if failing and (stands or poor):
        return found.some_fail(failing, len(counted))
    if failing or poor or not stands:
        return found.worst(failing or poor or found.bad)
    return _opens(facts, one, stands, (*found.beside, *_direct(tried, counted)))


_Bad = tuple[tuple[Attempt, Problem], ...]


class _Found:
    """What is wrong at the addresses of one domain."""

    def __init__(self, facts: Facts, one: Seen, bad: _Bad) -> None:
        self.bad = bad
        self._facts = facts
        self._outcomes = OUTCOMES[facts.side]
        self._domain = one.domain
        self._told = one.facts
        self.beside = (*(f"{_server(attempt)}: {problem.sentence}" for attempt, problem in bad), *_seat(facts, one))

    def of(self, answers: frozenset[str]) -> _Bad:
        return tuple((attempt, problem) for attempt, problem in self.bad if problem.answer in answers)

    def some_fail(self, failing: _Bad, tried: int) -> Finding:
        attempt, problem = failing[0]
        names = _listed([_server(each) for each, _ in failing])
        verb = "does" if len(failing) == 1 else "do"
        return self._outcomes.finding(
            "some-fail",
            f"Of {tried} servers of {self._domain}, not every one opens streams: {names} {verb} not.",
            *self.beside,
            "What is sent to them waits or is lost; which of them is taken is left to chance or to their priority.",
            remedies=self._remedies(attempt, problem),
        )

    def worst(self, bad: _Bad) -> Finding:
        """The first one in the order of gravity; the order of the addresses decides between equals."""
        attempt, problem = min(bad, key=lambda each: _GRAVITY.index(each[1].answer))
        unknown = problem.answer in _REASONS
        return self._outcomes.finding(
            problem.answer,
            _headline(self._facts, self._domain, attempt, problem),
            *_explained(self._facts, problem),
            *(self.beside[1:] if len(self.bad) == 1 else self.beside),
            remedies=() if unknown else self._remedies(attempt, problem),
            reason=_REASONS.get(problem.answer),
            command=opened_by_hand(self._domain, self._told) if unknown else "",
        )

    def _remedies(self, attempt: Attempt, problem: Problem) -> tuple[Remedy, ...]:
        return remedies.for_problem(self._facts.side, self._domain, self._facts.speaker, _server(attempt), problem)


def _headline(facts: Facts, domain: str, attempt: Attempt, problem: Problem) -> str:
    whose = f"The Edge for {domain}" if facts.side == "ours" else domain
    server, said = _server(attempt), problem.sentence.rstrip(".")
    match problem.answer:
        case "only-old":
            return f"{whose} speaks no TLS of today: at {server} {said}."
        case "no-id":
            return f"{whose} opens streams without an id: at {server}."
        case "busy":
            return f"{whose} takes no stream now: at {server} {said}."
        case "stranger-refused" | "proof-wanted" | "old-tls-untested" | "not-seen":
            return f"Whether {whose[0].lower() + whose[1:]} takes streams stays open: at {server} {said}."
        case "tls-refused" | "handshake-fails":
            return f"{whose} offers TLS and cannot do it: at {server} {said}."
    return f"{whose} opens no stream: at {server} {said}."


def _explained(facts: Facts, problem: Problem) -> Iterator[str]:
    """What it means, and what it does not."""
    if problem.error is not None and problem.answer in {"stream-error", "host-unknown", "busy"}:
        yield meaning(problem.error.condition, problem.error.text).sentence
    if facts.side == "ours" and problem.answer in {"stream-error", "host-unknown"}:
        yield f"It was asked in the name of {facts.speaker}; Lync may serve allowed partners alone."
    if problem.answer == "stranger-refused":
        option = "--partner" if facts.side == "ours" else "--domain or --from"
        yield f"The stream spoke for a domain that nobody has, and a server may refuse that. Name one with {option}."
    if text := _MEANS.get(problem.answer):
        yield text


_MEANS = {
    "silent": "A firewall that takes connections itself, or a service that hangs, does so. It had some seconds here; Lync waits 60 "
    "(StreamEstablishmentTimeout).",
    "closed": "A list of allowed addresses, an application filter of a firewall or a crashed service does so.",
    "tls-at-once": "A server that expects a stream in the clear gets no further. The record may name the wrong port.",
    "handshake-fails": "A certificate without its private key, or no cipher in common, does so. Where it refuses, TLS 1.0 was tried too.",
    "tls-refused": "A server that has no usable certificate does so.",
    "only-old": "Servers of the time speak it with each other; those of today refuse it, and fall back to no TLS or none at all.",
    "no-id": "Some servers end such a stream, and dialback cannot be tied to it.",
    "proof-wanted": "Without our certificate that proves nothing. --client-certificate FILE shows what is offered to it.",
    "old-tls-untested": "It may speak TLS 1.0 alone, as old Edges do. Another computer may be able to tell.",
}  # fmt: skip
_REASONS = {
    "stranger-refused": Reason.MISSING_INPUT,
    "proof-wanted": Reason.MISSING_INPUT,
    "old-tls-untested": Reason.NOT_POSSIBLE_HERE,
    "not-seen": Reason.UNREACHABLE,
}


def _opens(facts: Facts, one: Seen, stands: list[Attempt], beside: tuple[str, ...]) -> Finding:
    legacy = all(map(is_from_before_1_0, stands))
    whose = f"The Edge for {one.domain}" if facts.side == "ours" else one.domain
    tls = any(attempt.secured is not None for attempt in stands)
    seen = (f"{_server(attempt)}: {', '.join(remarks(attempt)) or 'a stream'}." for attempt in stands[:4])
    if legacy:
        return OUTCOMES[facts.side].finding(
            "before-1-0", f"{whose} opens streams of before XMPP 1.0: dialback is all it can do.", *seen, *beside
        )
    return OUTCOMES[facts.side].finding(
        "opens", f"{whose} opens streams{', and TLS on them' if tls else ''}.", *seen, *beside
    )


def _direct(tried: list[Attempt], counted: list[Attempt]) -> Iterator[str]:
    """What is said of direct TLS, which decides nothing."""
    if any(attempt.target.direct for attempt in counted):
        yield "Only _xmpps-server._tcp leads there: TLS from the first byte. Lync is older than that (not documented)."
    for attempt in tried:
        if attempt.target.direct and attempt not in counted and not attempt.opened:
            yield f"TLS from the first byte, announced for {_server(attempt)}, does not work; Lync does not use it."
            return


def _seat(facts: Facts, one: Seen) -> Iterator[str]:
    if facts.side == "partner" and one.seat == "outside" and facts.vantage is not Vantage.OUTSIDE:
        yield "Seen from outside and not from the Edge, which may have another way."


def _not_reached(facts: Facts, one: Seen) -> Finding:
    domain = one.domain
    whose = f"the Edge for {domain}" if facts.side == "ours" else f"any server of {domain}"
    names, ports = ("XMPP DNS", "XMPP ports") if facts.side == "ours" else ("Partner DNS", "Partner ports")
    return OUTCOMES[facts.side].finding(
        "not-reached",
        f"No connection to {whose} stood, so no stream was opened.",
        f"The steps before tell why: “{names}” and “{ports}”.",
        reason=Reason.UNREACHABLE,
        command=opened_by_hand(domain, one.facts),
    )


def _unseen(facts: Facts, domain: str, answer: Unanswered) -> Finding:
    if not facts.live and answer.reason is Reason.MISSING_INPUT:
        where = "outside" if facts.side == "ours" else "the Edge or outside"
        return OUTCOMES[facts.side].finding(
            "not-from-here",
            f"Streams to {domain} are opened from {where}, not from here.",
            "Walk there with --record FILE, and bring the file here with --evidence FILE.",
            command=opened_by_hand(domain),
            seen_from=SEEN_FROM[facts.side],
        )
    return OUTCOMES[facts.side].finding(
        "not-seen",
        f"No stream to {domain} could be looked at: {answer.detail}",
        reason=answer.reason,
        command=answer.command or opened_by_hand(domain),
    )


def _server(attempt: Attempt) -> str:
    return f"{attempt.target.host} ({attempt.address})" if attempt.address else attempt.target.host


def _listed(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
