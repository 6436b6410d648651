"""Questions of a server itself and its answers: sockets and cmdlets."""

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec.structs import force_setattr

from checks.knowledge.powershell import command_line
from checks.model import Frozen
from checks.probes.basics import Parameter, Server


class Sockets(Frozen, frozen=True, tag="host"):
    """Which TCP sockets of a server have one of these ports at either end? Without ports: all of them."""

    ports: tuple[int, ...] = ()
    on: Server = "edge"

    def typed(self) -> str:
        return "netstat -ano"


class Socket(Frozen, frozen=True):
    """One TCP socket. The port is a number, never a part of a line."""

    address: str
    port: int
    remote_address: str = ""
    remote_port: int = 0
    state: str = ""
    """`LISTEN`, `ESTABLISHED`, `SYN_SENT` and so on, as psutil names them."""
    pid: int | None = None
    process: str = ""
    """The owner's name; empty where it cannot be seen without rights."""


class SocketTable(Frozen, frozen=True, tag="sockets"):
    """The sockets found; none is an answer too."""

    sockets: tuple[Socket, ...] = ()
    on_windows: bool = True
    """False where the machine was seen to run something else, so that it is no server of Lync."""

    def of(self, ports: Iterable[int]) -> "SocketTable":
        """The sockets that have one of the ports at either end; all where no port is named."""
        wanted = frozenset(ports)
        if not wanted:
            return self
        chosen = tuple(one for one in self.sockets if {one.port, one.remote_port} & wanted)
        return SocketTable(sockets=chosen, on_windows=self.on_windows)

    def lines(self) -> Iterator[str]:
        if not self.sockets:
            yield "no socket with these ports"
        for socket in self.sockets:
            owner = f"{socket.process or 'owner not visible'}{f' ({socket.pid})' if socket.pid else ''}"
            remote = f"{socket.remote_address}:{socket.remote_port}" if socket.remote_address else "-"
            yield f"TCP  {socket.address}:{socket.port}  {remote}  {socket.state}  {owner}"


class Cmdlet(Frozen, frozen=True, tag="shell"):
    """A cmdlet with its parameters as data. On the front end: any Lync shell that speaks for the deployment."""

    name: str
    parameters: tuple[tuple[str, Parameter], ...] = ()
    on: Server = "front-end"

    def typed(self) -> str:
        return command_line(self.name, dict(self.parameters))


SET = "(set)"
"""Stands for the value of a property that nobody is to see."""
_SECRET = frozenset({"dialbackpassphrase"})
"""Properties of Lync's objects that hold a secret, in lower case."""


class CmdletError(Frozen, frozen=True):
    """An error record: `id` is the FullyQualifiedErrorId, which no language translates."""

    message: str
    id: str = ""
    category: str = ""


class Objects(Frozen, frozen=True, tag="objects"):
    """What a cmdlet brought back: objects as plain properties, errors and warnings beside them.

    Of a property that holds a secret only whether it is set is kept, whoever makes the value and wherever it is read.
    """

    objects: tuple[dict[str, Any], ...] = ()
    errors: tuple[CmdletError, ...] = ()
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if any(_is_secret(name) for properties in self.objects for name in properties):
            force_setattr(self, "objects", tuple(map(_without_secrets, self.objects)))

    def lines(self) -> Iterator[str]:
        for number, properties in enumerate(self.objects):
            if number:
                yield ""
            width = max((len(name) for name in properties), default=0)
            yield from (f"{name:<{width}} : {_shown(value)}" for name, value in properties.items())
        yield from (f"WARNING: {warning}" for warning in self.warnings)
        for error in self.errors:
            yield f"ERROR: {error.message}"
            if error.id:
                yield f"    + FullyQualifiedErrorId : {error.id}"
        if not self.objects and not self.errors:
            yield "(no output)"


def _is_secret(name: str) -> bool:
    return name.lower() in _SECRET


def _without_secrets(properties: dict[str, Any]) -> dict[str, Any]:
    return {name: SET if value and _is_secret(name) else value for name, value in properties.items()}


def _shown(value: Any) -> str:
    match value:
        case None:
            return ""
        case list() | tuple():
            return "{" + ", ".join(_shown(item) for item in value) + "}"
    return str(value)
