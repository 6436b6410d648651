"""Sockets out of netstat and Get-NetTCPConnection. Words differ by language, columns do not."""

import ipaddress
import re
from collections.abc import Iterable

import msgspec

from checks.knowledge.pasted import NotUnderstood, netstat_gaps
from checks.knowledge.pasted.commands import command_for
from checks.knowledge.pasted.net_tcp_connection import connections, is_empty_result
from checks.knowledge.pasted.process_list import processes
from checks.knowledge.pasted.screen import CONSOLE, Line, commands_in, continued, lines_of, squeezed, typed_at
from checks.knowledge.pasted.socket_states import state_of
from checks.probes import Socket, Sockets, SocketTable
from checks.text import clean

MOST_SOCKETS = 500
_MOST_ROWS = 20_000
_PROTOCOLS = {"TCP", "TCP6", "TCPV6"}
_OWNER = re.compile(r"\s*\[([^\[\]]{1,100})\]\Z")
_NEEDS_RIGHTS = ("requireselevation", "nécessiteuneélévation", "erforderterhöhterechte", "권한상승이필요")


def read(question: Sockets, text: str) -> SocketTable | NotUnderstood:
    """The sockets with one of the question's ports at either end, listeners first, at most MOST_SOCKETS.

    That nobody listens on a port is an answer where the text is plainly the whole of the command's output.
    NotUnderstood where it is not, where a line with one of the ports cannot be read, or where the typed command left
    out one of the ports.
    """
    screen = _Screen(text)
    wanted = [str(port) for port in question.ports]
    bad = next((line for line in screen.unread if any(port in line.text for port in wanted)), None)
    if bad is None and screen.unread and not screen.sockets:
        bad = screen.unread[0]
    if bad is not None:
        return NotUnderstood(
            sentence="The addresses of this line are not numbers. Run netstat -ano: without n it prints names.",
            line=bad.number,
            text=clean(bad.text),
        )
    if not screen.recognised:
        return _not_netstat(screen, text)
    missing = [port for port in wanted if not screen.was_asked_for(port)]
    if missing:
        return NotUnderstood(
            sentence=f"Port {missing[0]} was not asked for. Run {command_for(question)} and paste all of it."
        )
    listened = {one.port for one in screen.sockets if one.state == "LISTEN"}
    if not question.ports or not listened >= set(question.ports):
        gap = netstat_gaps.gap(screen.lines, screen.sockets, screen.processes, question)
        if gap:
            return NotUnderstood(sentence=f"{gap} Run {command_for(question)} and paste all of it, to the next prompt.")
    ports = frozenset(question.ports)
    return _table(one for one in screen.sockets if not ports or one.port in ports or one.remote_port in ports)


def recognise(text: str) -> SocketTable | None:
    """All sockets of the text, listeners first, at most MOST_SOCKETS; None where it is no list of sockets."""
    screen = _Screen(text)
    return _table(screen.sockets) if screen.recognised else None


def _table(sockets: Iterable[Socket]) -> SocketTable:
    return SocketTable(sockets=tuple(sorted(sockets, key=lambda one: one.state != "LISTEN")[:MOST_SOCKETS]))


def _not_netstat(screen: "_Screen", text: str) -> NotUnderstood:
    if any(words in squeezed(text[:4000]) for words in _NEEDS_RIGHTS):
        return NotUnderstood(
            sentence="netstat -b needs a console opened as administrator. netstat -ano does not: paste its output."
        )
    line = screen.foreign
    return NotUnderstood(
        sentence="No line of it is a socket: in netstat's output they begin with TCP. Paste what netstat -ano prints.",
        line=line.number if line else 0,
        text=clean(line.text) if line else "",
    )


class _Screen:
    """All that the text shows of sockets."""

    def __init__(self, text: str) -> None:
        self.lines = lines = lines_of(text)
        self.unread: list[Line] = []
        """Lines that begin like a socket and cannot be read."""
        self._foreign: list[Line] = []
        """Lines that are no part of netstat's output."""
        typed = [command for command in commands_in(lines) if netstat_gaps.lists_sockets(command)]
        rows = self._rows(lines)
        names = processes(lines)
        self.processes = tuple(names.values())
        self.sockets = [_with_owner(one, names) for one in (*rows, *connections(lines))]
        titled = netstat_gaps.is_titled(lines)
        datagrams = any(line.words[:1] == ["UDP"] for line in lines)
        none_found = is_empty_result(text) or (bool(typed) and not self._foreign)
        self.recognised = bool(self.sockets) or titled or datagrams or none_found
        self._filters = None if titled else netstat_gaps.filters(typed)

    def was_asked_for(self, port: str) -> bool:
        """False where commands were typed and each of them left the port out."""
        return not self._filters or any(digits in port for digits in self._filters)

    @property
    def foreign(self) -> Line | None:
        return self._foreign[0] if self._foreign else None

    def _rows(self, lines: list[Line]) -> list[Socket]:
        sockets: list[Socket] = []
        unowned = False
        at = 0
        while at < len(lines) and len(sockets) < _MOST_ROWS:
            line = lines[at]
            at += 1
            first = line.words[0].upper() if line.words else ""
            if first in _PROTOCOLS:
                row, at = _whole_row(lines, at)
                socket = _socket(row)
                unowned = socket is not None
                if socket is not None:
                    sockets.append(socket)
                elif ":" in row:
                    self.unread.append(line)
            elif first == "UDP":
                unowned = False
            elif unowned and (owner := _OWNER.match(line.text)):
                sockets[-1] = msgspec.structs.replace(sockets[-1], process=clean(owner.group(1), 100))
                unowned = False
            elif first and typed_at(line) is None:
                self._foreign.append(line)
        return sockets


def _whole_row(lines: list[Line], after: int) -> tuple[str, int]:
    """The row that begins before `after`, joined where a console or a mail broke it, and the line that follows it."""
    last = lines[after - 1]
    row = last.text
    for _ in range(3):
        if after >= len(lines) or not _goes_on(row, last, lines[after]):
            break
        last, spaced = lines[after], f"{row} {lines[after].text.strip()}"
        joined = continued(row, lines[after - 1], last)
        row = spaced if last.text.strip().isdigit() and _lacks_owner(row) else joined
        if _socket(row) is None and _socket(spaced) is not None:
            row = spaced
        after += 1
    return row, after


def _goes_on(row: str, last: Line, line: Line) -> bool:
    words = line.words
    if not words or words[0].upper() in {*_PROTOCOLS, "UDP"} or typed_at(line) is not None or _OWNER.match(line.text):
        return False
    full = last.width >= CONSOLE and not line.text[0].isspace()
    have = row.split()[1:]
    if len(have) < 3:
        # An address, a state or a process number has to come; the name of a component is none of them.
        return full or len(have) == 2 or _endpoint(words[0]) is not None
    return full or (line.text.strip().isdigit() and _lacks_owner(row))


def _lacks_owner(row: str) -> bool:
    words = row.split()
    return len(words) > 3 and not words[-1].isdigit()


def _socket(row: str) -> Socket | None:
    words = row.split()[1:]
    if len(words) < 2:
        return None
    local, remote = _endpoint(words[0]), _endpoint(words[1])
    if local is None or remote is None:
        return None
    rest = words[2:]
    numbers = [at for at, word in enumerate(rest) if word.isascii() and word.isdigit() and len(word) <= 10]
    pid = int(rest[numbers[-1]]) if numbers else 0
    state = state_of(" ".join(rest[: numbers[-1]] if numbers else rest), *remote)
    if state == "LISTEN":
        remote = ("", 0)
    return Socket(
        address=local[0], port=local[1], remote_address=remote[0], remote_port=remote[1], state=state, pid=pid or None
    )


def _endpoint(word: str) -> tuple[str, int] | None:
    """Address and port of `192.0.2.10:5269` or `[fe80::1%11]:5269`, the scope left out; None where it is none."""
    host, colon, port = word.rpartition(":")
    if not colon or not port.isascii() or not port.isdigit() or len(port) > 5 or int(port) > 65535:
        return None
    address = host.removeprefix("[").removesuffix("]").partition("%")[0].lower()
    try:
        ipaddress.ip_address(address)
    except ValueError:
        return None
    return address, int(port)


def _with_owner(socket: Socket, names: dict[int, str]) -> Socket:
    if socket.process or socket.pid is None or socket.pid not in names:
        return socket
    return msgspec.structs.replace(socket, process=names[socket.pid])
