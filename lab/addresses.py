"""Addresses and ports of one run: every host its own 127.x.y.z, so that several labs run side by side."""

import errno
import random
import socket
from collections.abc import Iterable

_ATTEMPTS = 50


class CannotListen(OSError):
    """An address or port of the lab cannot be had. The text is a sentence."""


def pick(hosts: Iterable[str]) -> dict[str, str]:
    """A loopback address for each host, out of 127.16.0.0 to 127.250.255.254 and never out of 127.0.0.0/16."""
    found: dict[str, str] = {}
    for host in hosts:
        while (address := _random_address()) in found.values():
            pass
        found[host] = address
    return found


def _random_address() -> str:
    return f"127.{random.randint(16, 250)}.{random.randint(0, 255)}.{random.randint(1, 254)}"


def free_port(addresses: Iterable[str]) -> int:
    """A TCP port that is free on all of these addresses at this moment."""
    addresses = tuple(addresses)
    for _ in range(_ATTEMPTS):
        held: list[socket.socket] = []
        try:
            port = 0
            for address in addresses:
                held.append(_bound(address, port))
                port = held[-1].getsockname()[1]
            return port
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                raise CannotListen(f"This system has no loopback address {address}, which the lab needs.") from None
        finally:
            for each in held:
                each.close()
    raise CannotListen("No free port was found on the lab's loopback addresses.")


def free_ports(standard: Iterable[int], addresses: Iterable[str]) -> dict[int, int]:
    """For each standard port another TCP port that is free on all of these addresses at this moment."""
    addresses = tuple(addresses)
    found: dict[int, int] = {}
    for port in standard:
        while (free := free_port(addresses)) in found.values():
            pass
        found[port] = free
    return found


def listener(address: str, port: int, backlog: int = 128) -> socket.socket:
    """A listening TCP socket; CannotListen with a sentence where that is not possible."""
    bound = None
    try:
        bound = _bound(address, port)
        bound.listen(backlog)
    except OSError as error:
        if bound:
            bound.close()
        raise CannotListen(f"The lab cannot listen on {address}:{port}: {error.strerror}.") from None
    bound.setblocking(False)
    return bound


def _bound(address: str, port: int) -> socket.socket:
    # Only with its protocol named does asyncio send small answers at once (TCP_NODELAY).
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # Connections of an earlier scenario may linger; another listener would still be refused.
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((address, port))
    except OSError:
        sock.close()
        raise
    return sock


class FullBacklog:
    """A listener whose queue is full: further connections get no answer at all, as behind a firewall that drops.

    Windows answers a full queue with a reset, so there it is seen as refused.
    """

    def __init__(self, address: str, port: int) -> None:
        self._listener = listener(address, port, backlog=0)
        self._fillers = []
        for _ in range(3):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex((address, port))
            self._fillers.append(filler)

    def close(self) -> None:
        for each in (*self._fillers, self._listener):
            each.close()
