"""`ms-diagnostics` in SIP, `X-Ms-diagnostics` in HTTP, `ErrorCode=` in the tests: one grammar, read loosely."""

import re
from collections.abc import Iterator

from checks.knowledge.diagnosis import sides, starts
from checks.knowledge.diagnosis.diagnostics_codes import CODES, owner
from checks.knowledge.diagnosis.model import Clarity, Layer, Likely, Sign
from checks.knowledge.diagnosis.paste import Paste
from checks.knowledge.diagnosis.wording import in_command, in_prose
from checks.text import clean

_MOST = 12
_CLIENT_VERSIONS = 17
"""Thousands of the numbers that the client version filter has."""
_STATUSES = (f"http-{status}" for status in (400, 401, 403, 404, 500, 504))
_EXPLAINS = frozenset({*_STATUSES, "sip", "sip-504", "test-failed", "unregistered"})
_HEADER = re.compile(
    r"(?:ms-diagnostics(?:-public)?\"?|error ?code|<errorid>|errorid) ?[:=>]? ?\"?(\d{1,6})(?:\.\d{1,6})?(?!\d)"
    r"|(?<![\d.])(\d{4,5}) ?; ?(?=reason ?=|source ?=)"
)
_REASON = re.compile(r"reason ?= ?\"?([^\";]{1,160})")
_SOURCE = re.compile(r"source ?= ?\"?([a-z0-9.-]{1,253})")


def signs(paste: Paste) -> Iterator[Sign]:
    """One sign for each number, in the order of the text."""
    seen = set[int]()
    for match in _HEADER.finditer(paste.low):
        code = int(match[1] or match[2])
        if code in seen or (code < 1000 and code not in CODES):
            continue
        seen.add(code)
        yield _sign(paste, code, match.end())
        if len(seen) == _MOST:
            return


def _sign(paste: Paste, code: int, end: int) -> Sign:
    after = slice(end, min(len(paste.flat), end + 400))
    reason = _REASON.search(paste.low, after.start, after.stop)
    source = _SOURCE.search(paste.low, after.start, after.stop)
    said = clean(paste.flat[reason.start(1) : reason.end(1)], 160) if reason else ""
    said = said.partition("Microsoft.Rtc.Signaling")[0].strip(" .")
    by = f" of {source[1]}" if source else ""
    kind = f"ms-diagnostics {code}"
    known = CODES.get(code)
    if known is None:
        return _unknown(code, said, source[1] if source else "", kind)
    quote = f"The number {code}{by} stands for “{known.reason.rstrip('.')}”"
    own = f"; here it says “{said}”." if said and said.lower() not in known.reason.lower() else "."
    return Sign(
        kind=kind,
        clarity=Clarity.STATUS if code < 1000 else Clarity.DECISIVE,
        layer=known.layer,
        topic="diagnostics",
        explains=_EXPLAINS,
        likely=(
            Likely(
                cause=in_prose(paste, known.cause),
                reason=quote + own,
                step=known.step,
                command=in_command(paste, known.command),
                who=known.who,
            ),
        ),
        not_meant=(in_prose(paste, known.not_meant),) if known.not_meant else (),
    )


def _unknown(code: int, said: str, source: str, kind: str) -> Sign:
    whose = owner(code)
    by = f" of {source}" if source else ""
    words = f"It says “{said}”." if said else "No reason stands beside it."
    who = f"{whose[:1].upper()}{whose[1:]}" if whose and code >= 1000 else ""
    if said:
        cause = f"{who or 'The server'} did not let it through, and says: “{said}”."
    elif who:
        cause = f"{who} refused, for a reason whose number ({code}) is not known here."
    else:
        cause = f"The number {code} lies in no range that is documented."
    return Sign(
        kind=kind,
        # A reason in words says more than the status beside it, whoever made up the number.
        clarity=Clarity.STATUS if said else Clarity.HINT,
        layer=Layer.APPLICATION,
        topic="diagnostics-unknown",
        # That a server on the way was silent is told by the 504 alone: it stays beside words that may not say it.
        explains=_EXPLAINS - {"sip-504"} if said else frozenset(),
        likely=(
            Likely(
                cause=cause,
                reason=f"What the number {code}{by} stands for is not known here. {words}",
                step=starts.CLIENT if code // 1000 == _CLIENT_VERSIONS else "",
                who=sides.LYNC_ADMINISTRATOR,
            ),
        )
        if whose
        else (),
        question=_what_helps(code, said, source),
    )


def _what_helps(code: int, said: str, source: str) -> str:
    """Never what was pasted already."""
    if said and source:
        return f"What does the event log “Lync Server” of {source} say of that minute? Paste that."
    return (
        f"What stands beside {code} as reason and source, and which request was it? "
        "Paste the whole message, or run the test again with -Verbose."
    )
