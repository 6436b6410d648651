"""PowerShell as text: how a command is quoted so that it can be pasted. Nothing here is ever run."""

import re
from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

# PowerShell reads typographic quotes as quotes too.
_QUOTES = "'\u2018\u2019\u201a\u201b"
# Text that begins with a digit could be read as a number, so it is quoted.
_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_.:@\\/-]*\Z")
# A host's name, or an address; in its place a gap such as <SIP domain>, which a person fills.
_HOST = re.compile(r"(?:[A-Za-z0-9_.:\[\]-]|<[A-Za-z ]{1,60}>){1,300}\Z")
_ADDRESS = re.compile(r"[A-Za-z0-9_.:/?=%~@+<>\[\]-]{1,4000}\Z")
_SWITCHES = frozenset(
    {"New", "EdgeServer", "WebServer", "Registrar", "LocalStore", "ExcludeActivityLevel", "AllSipDomain", "Srv"}
)


@runtime_checkable
class Typed(Protocol):
    """A value that knows the expression which stands for it in a command."""

    def typed(self) -> str: ...


def command_line(cmdlet: str, parameters: Mapping[str, Any]) -> str:
    """The cmdlet with its parameters on one line; True, False and None become $True, $False and $Null, a switch stands alone."""
    words = [cmdlet]
    for name, value in parameters.items():
        words += [f"-{name}"] if value is True and name in _SWITCHES else [f"-{name}", quote(value)]
    return " ".join(words)


def quote(value: Any) -> str:
    """One argument: text is bare where that is safe, otherwise in single quotes, so that nothing in it expands."""
    match value:
        case None:
            return "$Null"
        case bool():
            return f"${value}"
        case int() | float():
            return str(value)
        case [] | ():
            return "@()"
        case list() | tuple():
            return ",".join(quote(item) for item in value)
        case Mapping():
            # Behind the equals sign stands an expression, where a bare word would be run as a command.
            pairs = "; ".join(f"{key}={literal(item)}" for key, item in value.items())
            return f"@{{{pairs}}}"
        case Typed():
            return value.typed()
    text = str(value)
    return text if _BARE.match(text) else _quoted(text)


def host_name(name: str) -> str:
    """A host's name as an argument: bare where it is one. What DNS or a server sent in its place is in single quotes."""
    return name if _HOST.match(name) else _quoted(name)


def web_address(url: str) -> str:
    """A web address as an argument: bare where no shell reads anything into it, else in single quotes."""
    return url if _ADDRESS.match(url) else _quoted(url)


def literal(value: Any) -> str:
    """A value as an expression of a script, where a bare word would be a command: text is always in single quotes."""
    match value:
        case str():
            return _quoted(value)
        case list() | tuple():
            return f"@({', '.join(literal(item) for item in value)})"
        case Mapping():
            pairs = "; ".join(f"{_quoted(str(key))} = {literal(item)}" for key, item in value.items())
            return f"@{{{pairs}}}"
    return quote(value)


def _quoted(text: str) -> str:
    return "'" + re.sub(f"([{_QUOTES}])", r"\1\1", text) + "'"
