"""Whether a list of sockets is whole: only then does a socket that is not in it not exist."""

import ipaddress
import re
from collections.abc import Iterable, Sequence

from checks.knowledge.pasted.net_tcp_connection import connections, is_empty_result
from checks.knowledge.pasted.screen import Line, commands_in, squeezed, typed_at
from checks.probes import Socket, Sockets
from checks.text import clean

_HEADER = re.compile(r"\s*(?:proto|protocole|protokoll|protocolo|프로토콜)\s+\S", re.IGNORECASE)
_TITLES = ("activeconnections", "connexionsactives", "aktiveverbindungen", "활성연결")
_COLUMNS = re.compile(r"\s{2,20}")
_FEWEST_COLUMNS = 4
_FILTER = re.compile(
    r"(?:\b(?:findstr|find|select-string|sls|where\S{0,8}|localport|state)\b|-c?match\b|-c?like\b)(.{0,300})",
    re.IGNORECASE,
)
_OTHER_PROTOCOL = re.compile(r"\s-p\s{1,4}(?!tcp\b)(\w{1,10})", re.IGNORECASE)
_LISTENS = ("listen", "écout", "ecout", "abh", "수신")
_OWNER = re.compile(r"\s*\[[^\[\]]{1,100}\]\Z")
_GATEWAY = "xmpptgw"
"""The process of a Front End; the Edge's is XmppProxy."""


def is_titled(lines: Iterable[Line]) -> bool:
    """True where netstat's title or the names of its columns are there, in a language that is known."""
    return any(_HEADER.match(line.text) or squeezed(line.text) in _TITLES for line in lines)


def lists_sockets(command: str) -> bool:
    return "netstat" in command.lower() or "get-nettcpconnection" in command.lower()


def filters(typed: Iterable[str]) -> list[str] | None:
    """The digits that the typed commands filtered by; None where one of them did not filter."""
    found: list[str] = []
    for part in _listings(typed):
        filtered = _FILTER.search(part)
        digits = re.findall(r"\d{1,5}", filtered.group(1)) if filtered else []
        if not digits:
            return None
        found += digits
    return found


def gap(lines: Sequence[Line], sockets: Sequence[Socket], processes: Iterable[str], question: Sockets) -> str:
    """Why a socket that is not in the text may exist all the same: a sentence; empty where it would be in it."""
    typed = commands_in(lines)
    listings = _listings(typed)
    filtered = bool(filters(typed))
    hidden = listings if filtered and not question.ports else [_hidden(part) for part in listings]
    if question.on == "edge" and (
        gateway := next((name for name in processes if name.lower().startswith(_GATEWAY)), "")
    ):
        return f"These are the processes of a Front End ({clean(gateway, 60)}), and the Edge's sockets are wanted."
    if is_empty_result("\n".join(line.text for line in lines)):
        return ""
    if hidden and all(hidden):
        return f"What was typed leaves out a part of the sockets: {clean(hidden[0].strip(), 60)}."
    if not filtered and sockets and not any(one.state == "LISTEN" for one in sockets):
        return "No listening socket is in it: netstat shows those with -a alone."
    if not filtered and not sockets:
        return "No TCP socket is in it, and no Windows is without."
    if not listings and not _begins(lines):
        return "It may be a part of the list: neither the command nor the title is there."
    return "" if _ends(lines) else "It may be a part of the list: nothing follows that shows where it ends."


def _listings(typed: Iterable[str]) -> list[str]:
    """The parts of the typed commands that list sockets."""
    return [part for command in typed for part in re.split("[;&]", command) if lists_sockets(part)]


def _hidden(command: str) -> str:
    """What keeps listeners out of the command's output; empty where nothing does."""
    if other := _OTHER_PROTOCOL.search(command):
        return f"-p {other.group(1)}"
    filtered = _FILTER.search(command)
    if filtered is None or re.search(r"\d", filtered.group(1)):
        return ""
    words = filtered.group(0)
    return "" if any(word in words.lower() for word in _LISTENS) else words


def _begins(lines: Sequence[Line]) -> bool:
    """True where what stands above the first row is there: in any language it has the columns' names."""
    if is_titled(lines) or connections(lines):
        return True
    first = next((at for at, line in enumerate(lines) if _is_row(line)), 0)
    above = next((line for line in reversed(lines[:first]) if not line.blank), None)
    return above is not None and len(_COLUMNS.split(above.text.strip())) >= _FEWEST_COLUMNS


def _ends(lines: Sequence[Line]) -> bool:
    """True where something stands behind the last row: UDP, a list of processes, the next prompt."""
    if any(line.words[:1] == ["UDP"] for line in lines):
        return True
    last = next((line for line in reversed(lines) if not line.blank), None)
    if last is None:
        return False
    prompt = typed_at(last)
    if prompt is not None:
        return not lists_sockets(prompt)
    # The cmdlet ends its table with a blank line; netstat ends with nothing.
    return lines[-1].blank if connections(lines) else not _is_row(last)


def _is_row(line: Line) -> bool:
    words = line.words
    if not words or _OWNER.match(line.text):
        return bool(words)
    return words[0].upper() in {"TCP", "TCP6", "TCPV6"} or line.text.strip().isdigit() or any(map(_is_endpoint, words))


def _is_endpoint(word: str) -> bool:
    host, _, port = word.rpartition(":")
    try:
        ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return False
    return port.isdigit()
