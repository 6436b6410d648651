"""What keeps a stream between servers from opening: one problem for each address that was tried."""

from collections.abc import Iterator

from checks.knowledge.xmpp.stream_errors import meaning
from checks.model import Frozen
from checks.probes import NoTls, Presented
from checks.probes.xmpp_facts import Attempt, Opening, Secured, Stopped, StreamError
from checks.xmpp.streams import Side

PASSING = frozenset({"resource-constraint", "system-shutdown", "conflict", "reset"})
"""Stream errors that waiting may end."""
_OF_TLS = "starttls"
_OF_CLIENTS = "jabber:client"
_BY_KIND = {
    "tls-spoken": "tls-at-once",
    "not-xml": "not-xmpp",
    "not-xmpp": "not-xmpp",
    "too-much": "not-xmpp",
    "silence": "silent",
    "drip": "silent",
    "closed": "closed",
    "ended": "closed",
}
_PROVES_NOTHING = frozenset({"alert", "closed", "ended"})
"""How a server that wants our certificate ends a stream over TLS without one."""


class Problem(Frozen, frozen=True):
    """What is wrong at one address, under the name of the step's answer for it."""

    answer: str
    sentence: str
    """What the server did. It begins with “it”."""
    error: StreamError | None = None


def reached(attempt: Attempt) -> bool:
    """True where a connection stood; where none did, the matter is that of names and ports."""
    return attempt.stopped is None or attempt.stopped.stage != "connect"


def problem_of(attempt: Attempt, side: Side, *, stranger: bool) -> Problem | None:
    """What is wrong at an address that was reached; None where a stream opens.

    `stranger`: the stream spoke for a domain that nobody has, which a server may refuse whatever its health.
    """
    if (plain := attempt.plain) is not None and plain.stopped is not None:
        return _stopped(plain.stopped, side, stranger=stranger)
    if plain is not None and plain.header is not None and plain.header.namespace == _OF_CLIENTS:
        return Problem(answer="not-xmpp", sentence="it takes streams of clients, not of servers")
    if attempt.stopped is not None:
        return _not_begun(attempt.stopped, side, stranger=stranger)
    shown = _best(attempt)
    if shown is None:
        return _without_id(plain)
    if isinstance(shown.tls, NoTls):
        return _no_tls(shown.tls, certified=attempt.certified is not None)
    if shown.opening is not None and shown.opening.stopped is not None:
        return _over_tls(shown.opening.stopped, side, stranger=stranger, certified=attempt.certified is not None)
    if shown.tls.only_old:
        return Problem(answer="only-old", sentence=f"it speaks {shown.tls.protocol} and nothing newer")
    return _without_id(shown.opening) or _without_id(plain)


def is_from_before_1_0(attempt: Attempt) -> bool:
    """True for a server that speaks no version: it offers neither TLS nor SASL, and authenticates by dialback."""
    header = attempt.plain.header if attempt.plain else None
    return header is not None and not header.has_features


def remarks(attempt: Attempt) -> Iterator[str]:
    """What an open stream shows that later steps rest on: a few words each."""
    if isinstance(shown := attempt.secured.tls if attempt.secured else None, Presented):
        yield shown.protocol
    elif attempt.plain and attempt.plain.features and attempt.plain.features.starttls == "absent":
        yield "no TLS offered"
    offer = attempt.offer
    if offer.dialback == "offered":
        yield "dialback"
    if offer.external == "offered":
        yield "SASL EXTERNAL"
    if is_from_before_1_0(attempt):
        yield "a stream without version, from before XMPP 1.0"


def _best(attempt: Attempt) -> Secured | None:
    """The stream with our certificate where that came further, else the one without."""
    certified, secured = attempt.certified, attempt.secured
    if certified and certified.opening and certified.opening.features is not None:
        return certified
    return secured


def _not_begun(stopped: Stopped, side: Side, *, stranger: bool) -> Problem:
    """TLS was announced, and did not come as far as a handshake; or its certificate could not be looked at twice."""
    if stopped.error is not None:
        return _refused(stopped.error, side, stranger=stranger, certified=False)
    if stopped.stage != _OF_TLS:
        return Problem(answer="not-seen", sentence=_lowered(stopped.detail))
    return Problem(answer="tls-refused", sentence=_lowered(stopped.detail))


def _stopped(stopped: Stopped, side: Side, *, stranger: bool) -> Problem:
    if stopped.error is not None:
        return _refused(stopped.error, side, stranger=stranger, certified=False)
    answer = _BY_KIND.get(stopped.kind, "not-seen")
    said = _lowered(stopped.detail)
    if stopped.stage in {"features", "secured features"} and answer in {"silent", "closed"}:
        said = f"it opens the stream and never says what it offers: {said}"
    return Problem(answer=answer, sentence=said)


def _over_tls(stopped: Stopped, side: Side, *, stranger: bool, certified: bool) -> Problem:
    if stopped.error is not None:
        return _refused(stopped.error, side, stranger=stranger, certified=certified)
    if stopped.kind in _PROVES_NOTHING and not certified:
        return Problem(answer="proof-wanted", sentence=f"TLS stands, and then: {_lowered(stopped.detail)}")
    if stopped.kind == "alert":
        return Problem(answer="closed", sentence=f"TLS stands, and then: {_lowered(stopped.detail)}")
    return _stopped(stopped, side, stranger=stranger)


def _no_tls(tls: NoTls, *, certified: bool) -> Problem:
    said = _lowered(tls.detail)
    if tls.kind == "alert" and "certificate" in said.lower() and not certified:
        return Problem(answer="proof-wanted", sentence=said)
    if not tls.old_protocols_tried:
        return Problem(answer="old-tls-untested", sentence=f"{said.rstrip('.')}, and this computer cannot try TLS 1.0.")
    return Problem(answer="handshake-fails", sentence=said)


def _refused(error: StreamError, side: Side, *, stranger: bool, certified: bool) -> Problem:
    said = f"it answers “{error.condition}{f': {error.text}' if error.text else ''}”"
    told = meaning(error.condition, error.text)
    unserved = error.condition == "host-gone" or (error.condition == "host-unknown" and told.act == "dns")
    if error.condition in PASSING:
        answer = "busy"
    elif unserved and not (stranger and side == "ours"):
        answer = "host-unknown"
    elif stranger and told.act != "network":
        answer = "stranger-refused"
    elif not certified and (told.act == "certificate" or error.condition == "not-authorized"):
        answer = "proof-wanted"
    else:
        answer = "stream-error"
    return Problem(answer=answer, sentence=said, error=error)


def _without_id(opening: Opening | None) -> Problem | None:
    if opening is None or opening.header is None or opening.header.id:
        return None
    return Problem(answer="no-id", sentence="its stream has no id")


def _lowered(sentence: str) -> str:
    """A sentence that goes on after a colon."""
    return sentence[:1].lower() + sentence[1:] if sentence.startswith(("It ", "The ")) else sentence
