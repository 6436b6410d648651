"""The sockets of this machine, as netstat shows them."""

import sys
from collections.abc import Iterable, Iterator
from typing import Any

from checks.model import Reason
from checks.probes import Socket as TcpSocket
from checks.probes import Sockets, SocketTable, Unanswered
from checks.probes.wire import words_of
from checks.text import clean
from checks.threads import in_thread

MOST_SOCKETS = 500


class HostProbe:
    """Answers `Sockets` by psutil, in a thread: on a busy server the table is long."""

    async def ask(self, question: Sockets) -> SocketTable | Unanswered:
        """The sockets with one of the ports at either end; an owner that cannot be seen is empty."""
        try:
            sockets = await in_thread(lambda: _sockets(frozenset(question.ports)))
        except ImportError:
            return Unanswered(reason=Reason.MISSING_DEPENDENCY, detail="psutil cannot be loaded on this machine.")
        except PermissionError:
            return _denied()
        except (OSError, RuntimeError) as error:
            return Unanswered(
                reason=Reason.NOT_POSSIBLE_HERE, detail=f"The system does not show its sockets: {words_of(error)}."
            )
        return SocketTable(sockets=sockets, on_windows=sys.platform == "win32")


def _sockets(ports: frozenset[int]) -> tuple[TcpSocket, ...]:
    import psutil

    try:
        connections = psutil.net_connections(kind="tcp")
    except psutil.AccessDenied:
        raise PermissionError from None
    except psutil.Error as error:
        raise OSError(str(error)) from None
    names: dict[int, str] = {}
    found = []
    for connection in _of_ports(connections, ports):
        pid = connection.pid or None
        if pid is not None and pid not in names:
            names[pid] = _name(pid)
        remote = connection.raddr or ("", 0)
        found.append(
            TcpSocket(
                address=connection.laddr[0],
                port=connection.laddr[1],
                remote_address=remote[0],
                remote_port=remote[1],
                state=connection.status,
                pid=pid,
                process=names[pid] if pid is not None else "",
            )
        )
        if len(found) == MOST_SOCKETS:
            break
    return tuple(found)


def _of_ports(connections: Iterable[Any], ports: frozenset[int]) -> Iterator[Any]:
    """Those with one of the ports at an end, listeners first: a flood of clients must not push them out."""
    matching = [
        connection
        for connection in connections
        if connection.laddr and (connection.laddr[1] in ports or (connection.raddr and connection.raddr[1] in ports))
    ]
    return iter(sorted(matching, key=lambda connection: connection.status != "LISTEN"))


def _name(pid: int) -> str:
    import psutil

    try:
        return clean(psutil.Process(pid).name(), 100)
    except (psutil.Error, OSError):
        return ""


def _denied() -> Unanswered:
    return Unanswered(
        reason=Reason.DENIED,
        detail="The system shows its sockets to administrators alone: start lyncdoctor as an administrator.",
    )
