"""The sockets of an Edge, told apart: who listens, where, and whose sessions they are."""

from typing import Literal

from checks.probes import Socket, SocketTable, Unanswered

PROCESS = "XmppProxy"
_GATEWAY = "XmppTGW"
_DYNAMIC_PORTS = 49152
"""Windows calls out from ports of this number and higher."""

Bound = Literal["right", "all", "loopback", "nowhere"]


def owner_of(socket: Socket) -> str:
    """The program's name. Some tools print it with `.exe` and some without."""
    return socket.process[:-4] if socket.process.lower().endswith(".exe") else socket.process


def is_proxy(socket: Socket) -> bool:
    """True where the socket is seen to be the XMPP proxy's."""
    return owner_of(socket).lower() == PROCESS.lower()


def sockets_of(table: SocketTable | Unanswered) -> tuple[Socket, ...]:
    return table.sockets if isinstance(table, SocketTable) else ()


def listeners(table: SocketTable | Unanswered, port: int, addresses: tuple[str, ...]) -> list[Socket]:
    """Those on the port that are this Edge's. Of 127.0.0.0/8 only 127.0.0.1 is loopback; the rest is somebody else's."""
    return [one for one in sockets_of(table) if one.state == "LISTEN" and one.port == port and _is_own(one, addresses)]


def strangers(listening: list[Socket]) -> list[Socket]:
    """Other programs that hold a port. One at another address keeps nobody out where the proxy listens too."""
    if any(map(is_proxy, listening)):
        return []
    return [one for one in listening if one.process and not is_proxy(one)]


def without_strangers(listening: list[Socket]) -> list[Socket]:
    return [one for one in listening if not one.process or is_proxy(one)]


def bound(listening: list[Socket]) -> Bound:
    """To which addresses a port is open."""
    reachable = [one.address for one in listening if not _is_loopback(one.address)]
    if not reachable:
        return "loopback" if listening else "nowhere"
    return "all" if all(address in {"0.0.0.0", "::"} for address in reachable) else "right"  # noqa: S104


def established(table: SocketTable | Unanswered, port: int, addresses: tuple[str, ...]) -> list[Socket]:
    """The sessions of a port that are the proxy's of this Edge, as far as it is seen whose they are."""
    return [
        one
        for one in sockets_of(table)
        if one.state == "ESTABLISHED"
        and port in {one.port, one.remote_port}
        and (not one.process or is_proxy(one))
        and _is_own(one, addresses)
    ]


def of_front_end(table: SocketTable, internal_port: int) -> Socket | None:
    """A connection that only a Front End makes: its XMPP gateway calls the Edge, which calls nobody on that port."""
    calls = (
        one
        for one in table.sockets
        # What calls this machine itself, on whichever of its loopback addresses, says nothing of another one.
        if one.remote_port == internal_port and one.state != "LISTEN" and not one.remote_address.startswith("127.")
    )
    return next((one for one in calls if one.port >= _DYNAMIC_PORTS or owner_of(one).lower() == _GATEWAY.lower()), None)


def endpoint(socket: Socket) -> str:
    """Where it is open, as it is written."""
    return f"[{socket.address}]:{socket.port}" if ":" in socket.address else f"{socket.address}:{socket.port}"


def _is_own(socket: Socket, addresses: tuple[str, ...]) -> bool:
    return socket.address in addresses or _is_loopback(socket.address) or not socket.address.startswith("127.")


def _is_loopback(address: str) -> bool:
    return address in {"127.0.0.1", "::1", "::ffff:127.0.0.1"}
