"""WWW-Authenticate as values: which ways of signing in a web server offers, however it writes them down."""

import re
from collections.abc import Iterable, Iterator

from checks.text import clean

MOST_CHALLENGES = 16
MOST_PARAMETERS = 8
_LONGEST_HEADER = 8192
_LONGEST_VALUE = 300
_TOKEN = r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}"  # noqa: S105 - the grammar's word, not a password
_PARAMETER = re.compile(rf"({_TOKEN})\s*=(?!=)\s*(.*)\Z", re.DOTALL)
_CHALLENGE = re.compile(rf"({_TOKEN})(?:\s+(.*))?\Z", re.DOTALL)
_ITEM = re.compile(r'(?:"(?:\\.|[^"\\])*(?:"|\\?\Z)|[^",])+', re.DOTALL)
_PAIR = re.compile(r"\\(.)", re.DOTALL)
# Schemes whose parameters tell something and hold no secret. Of all others the name alone is kept: what follows
# Negotiate and NTLM is a token.
_TELLING = {"basic": {"realm"}, "bearer": None, "msrtcoauth": None}
_KNOWN = {
    "basic",
    "bearer",
    "digest",
    "hoba",
    "kerberos",
    "msrtcoauth",
    "mutual",
    "negotiate",
    "ntlm",
    "nego2",
    "tls-dsk",
    "wrap",
    "oauth",
}


def challenges(values: Iterable[str]) -> tuple[str, ...]:
    """One entry for each challenge in these header values, in order: `Negotiate`, `Basic realm="x"`.

    Reads challenges merged into one line and repeated lines alike, quoted and unquoted parameters. Never raises;
    what is no challenge is left out.
    """
    found: list[str] = []
    for value in values:
        for scheme, parameters in _parsed(value[:_LONGEST_HEADER]):
            shown = ", ".join(f'{name}="{_quoted(text)}"' for name, text in parameters)
            found.append(f"{scheme} {shown}".rstrip())
            if len(found) == MOST_CHALLENGES:
                return tuple(found)
    return tuple(found)


def schemes(headers: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The schemes that a response offers in WWW-Authenticate: lower case, each once, in order."""
    values = (value for name, value in headers if name.lower() == "www-authenticate")
    return tuple(dict.fromkeys(challenge.partition(" ")[0].lower() for challenge in challenges(values)))


def _parsed(value: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Schemes with those of their parameters that may be kept."""
    scheme, parameters, continues = "", list[tuple[str, str]](), False
    for item in (match.group().strip() for match in _ITEM.finditer(value)):
        if parameter := _PARAMETER.match(item):
            continues = _take(parameters, scheme, parameter)
        elif _belongs_before(item, continues):
            if parameters:
                name, text = parameters[-1]
                parameters[-1] = (name, f"{text},{item}")
        elif challenge := _CHALLENGE.match(item):
            if scheme:
                yield scheme, parameters
            scheme, parameters, continues = challenge.group(1), [], False
            if first := _PARAMETER.match((challenge.group(2) or "").strip()):
                continues = _take(parameters, scheme, first)
    if scheme:
        yield scheme, parameters


def _take(parameters: list[tuple[str, str]], scheme: str, match: re.Match[str]) -> bool:
    """Keeps the parameter where its scheme's may be kept. True where an unquoted value may go on after a comma."""
    name, raw = match.group(1), match.group(2)
    wanted = _TELLING.get(scheme.lower(), set())
    if (wanted is None or name.lower() in wanted) and len(parameters) < MOST_PARAMETERS:
        parameters.append((name, _PAIR.sub(r"\1", raw[1:].removesuffix('"')) if raw.startswith('"') else raw))
        return not raw.startswith('"')
    return False


def _belongs_before(item: str, continues: bool) -> bool:
    """Lync's samples have lists with commas and no quotes: `grant_type=urn:a,urn:b,password`."""
    if not continues:
        return False
    challenge = _CHALLENGE.match(item)
    return challenge is None or (challenge.group(2) is None and item.lower() not in _KNOWN)


def _quoted(text: str) -> str:
    return clean(text, _LONGEST_VALUE).strip().replace("\\", "\\\\").replace('"', '\\"')
