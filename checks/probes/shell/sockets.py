"""The sockets of a server that only a shell reaches: what Get-NetTCPConnection and Get-Process tell, joined."""

import asyncio
from typing import Any

import msgspec

from checks.knowledge.lync_objects import text, value
from checks.model import Reason
from checks.probes import Cmdlet, Objects, Parameter, Socket, Sockets, SocketTable, Unanswered
from checks.probes.host import MOST_SOCKETS
from checks.probes.shell import Shell

_STATES = {
    "Closed": "CLOSE",
    "Listen": "LISTEN",
    "SynSent": "SYN_SENT",
    "SynReceived": "SYN_RECV",
    "Established": "ESTABLISHED",
    "FinWait1": "FIN_WAIT1",
    "FinWait2": "FIN_WAIT2",
    "CloseWait": "CLOSE_WAIT",
    "Closing": "CLOSING",
    "LastAck": "LAST_ACK",
    "TimeWait": "TIME_WAIT",
    "DeleteTCB": "DELETE_TCB",
}
"""Windows' names, in the order of their numbers from 1, and psutil's."""
_BY_NUMBER = dict(enumerate(_STATES.values(), 1))
_NOTHING_FOUND = "cmdletizationquery_notfound"


async def sockets_by(shell: Shell, question: Sockets) -> SocketTable | Unanswered:
    """The sockets with one of the ports at either end, listeners first, each with the name of its process."""
    ends = ("LocalPort", "RemotePort") if question.ports else ("",)
    asked = [_connections(question, end) for end in ends] + [Cmdlet(name="Get-Process", on=question.on)]
    *connections, processes = await asyncio.gather(*(shell.ask(one) for one in asked))
    sockets: dict[Socket, None] = {}
    names = _names(processes)
    for answer in connections:
        seen = _seen(answer)
        if isinstance(seen, Unanswered):
            return msgspec.structs.replace(seen, command=question.typed())
        sockets |= dict.fromkeys(_socket(one, names) for one in seen.objects)
    return SocketTable(sockets=_listeners_first(sockets)).of(question.ports)


def _connections(question: Sockets, end: str) -> Cmdlet:
    """Asked by port: a busy Edge has more connections than an answer holds."""
    ports: Parameter = tuple(map(str, question.ports))
    return Cmdlet(name="Get-NetTCPConnection", parameters=((end, ports),) if end else (), on=question.on)


def _seen(answer: Objects | Unanswered) -> Objects | Unanswered:
    """The answer, if it tells anything. That no connection was found is told as an error."""
    if isinstance(answer, Unanswered):
        return answer
    error = next((error for error in answer.errors if _NOTHING_FOUND not in error.id.lower()), None)
    if error is None or answer.objects:
        return answer
    if "commandnotfound" in error.id.lower():
        return Unanswered(
            reason=Reason.NOT_POSSIBLE_HERE,
            detail="There is no Get-NetTCPConnection: it came with Windows Server 2012, and the session may not offer "
            "it. Paste what netstat prints.",
        )
    return Unanswered(reason=Reason.UNREACHABLE, detail=error.message)


def _names(processes: Objects | Unanswered) -> dict[int, str]:
    """Names by process number; none where they could not be seen, which hides owners and nothing else."""
    objects = processes.objects if isinstance(processes, Objects) else ()
    return {_number(one, "Id"): text(one, "ProcessName") or text(one, "Name") for one in objects}


def _socket(connection: dict[str, Any], names: dict[int, str]) -> Socket:
    state = _state(value(connection, "State"))
    listens = state == "LISTEN"
    pid = _number(connection, "OwningProcess")
    return Socket(
        address=text(connection, "LocalAddress"),
        port=_number(connection, "LocalPort"),
        remote_address="" if listens else text(connection, "RemoteAddress"),
        remote_port=0 if listens else _number(connection, "RemotePort"),
        state=state,
        pid=pid or None,
        process=names.get(pid, "") if pid else "",
    )


def _state(found: Any) -> str:
    """psutil's name of a state that came as Windows' name or number."""
    if isinstance(found, int):
        return _BY_NUMBER.get(found, str(found))
    word = str(found or "")
    return _BY_NUMBER.get(int(word), word) if word.isdecimal() and len(word) < 4 else _STATES.get(word, word.upper())


def _number(properties: dict[str, Any], name: str) -> int:
    found = text(properties, name)
    return int(found) if found.isascii() and found.isdecimal() and len(found) < 11 else 0


def _listeners_first(sockets: dict[Socket, None]) -> tuple[Socket, ...]:
    """A flood of clients must not push the listeners out."""
    return tuple(sorted(sockets, key=lambda socket: socket.state != "LISTEN")[:MOST_SOCKETS])
