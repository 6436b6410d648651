"""What a Test-Cs cmdlet brings back, read by its numbers and names: its sentences come in the server's language.

Of a failure it tells an error in words, with inner exceptions behind it, and a diagnosis: either the headers of the web
server's answer, or the `ErrorCode=` of SIP.
"""

import re
from typing import Any

from checks.knowledge.lync_objects import Properties, text, value
from checks.model import Frozen
from checks.probes import CmdletError, Objects
from checks.text import clean

_MOST_TEXT = 8000
_MOST_SHOWN = 300
_PASSED = frozenset({"success", "réussite", "succès", "성공"})
_FAILED = frozenset({"failure", "échec", "실패"})

_HEADER_NAME = r"[A-Za-z][A-Za-z-]{1,40}"
_SERVER = re.compile(r"\bX-MS-Server-Fqd[nb] ?: ?([A-Za-z0-9.-]{1,40} ?[A-Za-z0-9.-]{0,253})", re.IGNORECASE)
_CHALLENGE = re.compile(rf"\bWWW-Authenticate ?: ?(.{{1,300}}?)(?= {_HEADER_NAME} ?: |\Z)", re.IGNORECASE)
_OFFERED = re.compile(r"'([^']{0,200})'")
_SCHEME = re.compile(r"\b(Negotiate|NTLM|Kerberos|Basic|Digest|Bearer|MsRtcOAuth)\b", re.IGNORECASE)
_STATUS = re.compile(r"\((\d{3})\)|(?<!\d)([45]\d\d) ?[,(]")
_CODE = re.compile(r"\bErrorCode ?= ?(\d{1,6})|\bX-Ms-diagnostics ?: ?(\d{1,6})", re.IGNORECASE)
_REASON = re.compile(r"\breason ?= ?\"?([^\";]{1,200})", re.IGNORECASE)
_WINSOCK = re.compile(r"(?<![\d.])(10054|10060|10061|11001|11004)(?!\d)")
_ENDPOINT = re.compile(r"(?<![\d.])(\d{1,3}(?:\.\d{1,3}){3}):(\d{1,5})(?!\d)")
_LOGON_DENIED = re.compile(r"- ?2146893044|\b0?x?8009030C\b", re.IGNORECASE)
_WEB_TICKET = re.compile(r"web[ -]?ticket|ticket[ -]web", re.IGNORECASE)
# The method of the product's own that looks the pool up in the topology: a name, so no language changes it.
_NO_SUCH_POOL = ("TryRetrieveRegistrarPortFromTopology", "No matching cluster found in topology")
_NO_TEST_USERS = "notfoundtestusers"
_NOT_COMPLETED = "workflownotcompleted"
_TYPE_NAME = "Microsoft.Rtc.Signaling.DiagnosticHeader"


class Outcome(Frozen, frozen=True):
    """What a test came to. Numbers are 0, and names empty, where it does not tell them."""

    passed: bool | None
    """None: it brought no result that can be read."""
    target: str = ""
    error: str = ""
    """In the server's language."""
    diagnosis: str = ""
    status: int = 0
    """Of HTTP or SIP."""
    code: int = 0
    """The number of ms-diagnostics, in either protocol."""
    reason: str = ""
    """What stands beside that number."""
    winsock: int = 0
    """Windows' own number for a connection or a name that failed."""
    address: str = ""
    """Where the connection would have gone, as `address:port`."""
    server: str = ""
    """X-MS-Server-Fqdn: the machine that answered."""
    offered: tuple[str, ...] = ()
    """The ways of signing in that the web server's 401 offers, in lower case."""
    offered_nothing: bool = False
    """True where the error quotes what the 401 offers, and that is empty."""
    scheme: str = ""
    """The way of signing in that the test itself took, in lower case."""
    logon_denied: bool = False
    """True where Windows' number says that the logon was denied."""
    about_ticket: bool = False
    """True where the error names the web ticket service."""
    no_such_pool: bool = False
    """True where the test did not find its target among the pools."""
    no_test_users: bool = False
    """True where it was to run as the pool's own test users, and there are none."""
    bad_parameter: bool = False
    """True where it did not begin, because of a parameter or its value."""

    @property
    def port(self) -> int:
        """The port that the connection would have gone to."""
        return int(self.address.rpartition(":")[2] or 0)

    @property
    def has_headers(self) -> bool:
        """True where a web server's answer is in the diagnosis, so that somebody did answer."""
        return bool(self.server or self.offered)

    def lines(self) -> tuple[str, ...]:
        """What it says in words, for a person: the error, then the diagnosis, or who answered."""
        error = self.error.partition("Inner Exception")[0].strip() or self.error
        diagnosis = "" if self.has_headers else self.diagnosis
        said = (("Error", error), ("Diagnosis", diagnosis), ("Answered by", self.server))
        return tuple(f"{label}: {clean(words, _MOST_SHOWN)}" for label, words in said if words)


def outcome(answer: Objects) -> Outcome:
    """What a test came to, from all that the cmdlet brought: its object, its errors and its warnings."""
    found = next((one for one in answer.objects if value(one, "Result") is not None), None)
    beside = " ".join([*(error.message for error in answer.errors), *answer.warnings])[:_MOST_TEXT]
    error = _said(found, "Error", "ErrorMessage") if found else ""
    error = error or " ".join(one.message for one in answer.errors)[:_MOST_TEXT]
    diagnosis = _said(found, "Diagnosis").removesuffix(_TYPE_NAME).rstrip() if found else ""
    both = f"{error} {diagnosis}"
    where, quoted = _ENDPOINT.search(error), _OFFERED.findall(error)
    code, reason = _numbered(diagnosis) or _numbered(error) or (0, "")
    return Outcome(
        passed=_passed(found, error) if found else _thrown(answer),
        target=text(found or {}, "TargetFqdn"),
        error=error,
        diagnosis=diagnosis,
        status=_status(error),
        code=code,
        reason=reason,
        winsock=int(winsock[1]) if (winsock := _WINSOCK.search(error)) else 0,
        address=f"{where[1]}:{where[2]}" if where else "",
        server=_server(diagnosis),
        offered=(offered := _offered(error, diagnosis)),
        offered_nothing=not offered and bool(quoted[1:]) and not quoted[-1].strip(),
        scheme=next((words.strip().lower() for words in quoted[:-1] if _SCHEME.fullmatch(words.strip())), ""),
        logon_denied=bool(_LOGON_DENIED.search(both)),
        about_ticket=bool(_WEB_TICKET.search(error)),
        no_such_pool=any(name in f"{beside} {error}" for name in _NO_SUCH_POOL),
        no_test_users=any(_NO_TEST_USERS in one.id.lower() for one in answer.errors),
        bad_parameter=any(map(_is_about_parameter, answer.errors)),
    )


def refused(answer: Objects) -> bool:
    """True where the server refused the user name or password that the test signed in with."""
    return is_refusal(outcome(answer))


def is_refusal(seen: Outcome) -> bool:
    """True where user name and password were sent and not accepted.

    A 401 that offers less than the test can do is none: the password was not even looked at.
    """
    if seen.passed is not False:
        return False
    return seen.logon_denied or seen.code == _NO_VALID_TOKEN or (seen.status == 401 and not offers_too_little(seen))


_NO_VALID_TOKEN = 28020


def offers_too_little(seen: Outcome) -> bool:
    """True where the web server offers Negotiate and not NTLM, or neither, or nothing at all.

    Where it offers what the test signed in by, the password was looked at, whatever else is missing.
    """
    told = seen.offered_nothing or bool(seen.offered)
    return seen.status == 401 and told and not {"ntlm", seen.scheme} & set(seen.offered)


def _passed(found: Properties, error: str) -> bool | None:
    result = value(found, "Result")
    if isinstance(result, dict):
        result = value(result, "Value")
    match result:
        case str() if result.strip().casefold() in _PASSED:
            return True
        case str() if result.strip().casefold() in _FAILED:
            return False
        case str() | int():
            # A number, or another language. A test that failed always says what of.
            return False if error else None
    return None


def _thrown(answer: Objects) -> bool | None:
    """False where the test ended in an error record of its own instead of a result, as some failures do."""
    return False if any(one.id.lower().startswith(_NOT_COMPLETED) for one in answer.errors) else None


def _is_about_parameter(error: CmdletError) -> bool:
    """Of PowerShell's own identifiers for it each has one of the two words, and no language translates them."""
    name = error.id.partition(",")[0].lower()
    return error.category.lower() == "invalidargument" or "parameter" in name or "argument" in name


def _said(found: Properties, *names: str) -> str:
    """The first of these members that says something, on one line."""
    for name in names:
        words: Any = value(found, name)
        if isinstance(words, dict):
            words = " ".join(f"{key}={item}" for key, item in words.items() if item is not None)
        if isinstance(words, str) and words.strip():
            return " ".join(words[:_MOST_TEXT].split())
    return ""


def _status(error: str) -> int:
    found = _STATUS.search(error)
    return int(found[1] or found[2]) if found else 0


def _numbered(words: str) -> tuple[int, str] | None:
    found = _CODE.search(words)
    if found is None:
        return None
    reason = _REASON.search(words, found.end())
    return int(found[1] or found[2]), clean(reason[1].strip(" ."), 200) if reason else ""


def _server(diagnosis: str) -> str:
    """The machine's name. A console may have broken it in two at a hyphen."""
    found = _SERVER.search(diagnosis)
    if found is None:
        return ""
    first, _, second = found[1].partition(" ")
    return (f"{first}{second}" if first.endswith("-") else first).rstrip(".").lower()


def _offered(error: str, diagnosis: str) -> tuple[str, ...]:
    challenge = _CHALLENGE.search(diagnosis)
    # The sentence quotes the scheme of the client first, and last what the server offered.
    quoted = _OFFERED.findall(error)
    words = challenge[1] if challenge else quoted[-1] if len(quoted) > 1 else ""
    return tuple(dict.fromkeys(scheme.lower() for scheme in _SCHEME.findall(words)))
