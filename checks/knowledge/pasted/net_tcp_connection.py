"""Get-NetTCPConnection as a table or a list. Its columns are names of properties, which no language translates."""

import ipaddress
import re
from collections.abc import Iterable

from checks.knowledge.pasted.screen import Line
from checks.knowledge.pasted.socket_states import state_of
from checks.probes import Socket
from checks.text import clean

_MOST_ROWS = 20_000
_COLUMNS = (
    "LocalAddress",
    "LocalPort",
    "RemoteAddress",
    "RemotePort",
    "State",
    "AppliedSetting",
    "OwningProcess",
    "CreationTime",
    "OffloadState",
)
_PROPERTY = re.compile(r"(\w{1,40})\s{0,60}: ?(.{0,300})")
_RULER = re.compile(r"\s*-+(?: +-+)+\s*\Z")


def connections(lines: Iterable[Line]) -> list[Socket]:
    """The sockets; empty where the lines are not this cmdlet's."""
    sockets: list[Socket] = []
    columns: list[str] = []
    properties: dict[str, str] = {}
    for line in lines:
        if len(sockets) >= _MOST_ROWS:
            break
        words = line.words
        header = _columns(words)
        if header:
            columns = header
        elif columns and (socket := _from_row(columns, words)):
            sockets.append(socket)
        elif match := _PROPERTY.match(line.text):
            name, value = match.group(1).lower(), match.group(2).strip()
            if name in properties:
                sockets += _from_properties(properties)
                properties = {}
            properties[name] = value
        elif not words:
            sockets += _from_properties(properties)
            properties = {}
    return sockets + _from_properties(properties)


def is_empty_result(text: str) -> bool:
    """True where the cmdlet said that no connection matches; the identifier is the same in all languages."""
    return "CmdletizationQuery_NotFound" in text and "NetTCPConnection" in text


def _columns(words: list[str]) -> list[str]:
    """The columns of a header; a narrow console cuts the last name. Empty where this is none."""
    if "LocalPort" not in words or not {"LocalAddress", "State", "RemoteAddress"} & set(words):
        return []
    return [next((name for name in _COLUMNS if name.startswith(word)), word) for word in words]


def _from_row(columns: list[str], words: list[str]) -> Socket | None:
    if len(words) == len(columns) - 1 and "AppliedSetting" in columns:
        columns = [name for name in columns if name != "AppliedSetting"]
    if len(words) != len(columns):
        return None
    return _socket({name.lower(): word for name, word in zip(columns, words, strict=True)})


def _from_properties(properties: dict[str, str]) -> list[Socket]:
    socket = _socket(properties)
    return [socket] if socket else []


def _socket(properties: dict[str, str]) -> Socket | None:
    port, remote_port = properties.get("localport", ""), properties.get("remoteport", "0")
    address = _address(properties.get("localaddress", ""))
    remote = _address(properties.get("remoteaddress", ""))
    if not address or remote is None or not _is_port(port) or not _is_port(remote_port):
        return None
    state = state_of(properties.get("state", ""), remote, int(remote_port))
    pid = properties.get("owningprocess", "")
    listens = state == "LISTEN"
    return Socket(
        address=address,
        port=int(port),
        remote_address="" if listens else remote,
        remote_port=0 if listens else int(remote_port),
        state=state,
        pid=(int(pid) or None) if pid.isascii() and pid.isdigit() and len(pid) <= 10 else None,
    )


def _address(word: str) -> str | None:
    """The address without its scope; one that the console cut (`2001:db8:18c:c700:…`) is kept as it is shown."""
    address = word.partition("%")[0].lower()
    if not address:
        return ""
    if address.endswith(("...", "…")) and ":" in address:
        return clean(address, 60)
    try:
        ipaddress.ip_address(address)
    except ValueError:
        return None
    return address


def _is_port(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) <= 5 and int(word) <= 65535
