"""IP addresses under other numbers: each stays in its class, and equal ones stay equal."""

import ipaddress
from collections.abc import Iterator
from itertools import chain

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _networks(*texts: str) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(text) for text in texts)


# Loopback and unspecified addresses say how a socket is bound. Netmasks and multicast name nobody.
_KEPT = _networks("127.0.0.1/32", "0.0.0.0/8", "224.0.0.0/3", "::/127", "ff00::/8")
_OWN_CLASS = _networks(
    "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10",
    "fe80::/10", "fc00::/7",
)  # fmt: skip
_PUBLIC_4 = _networks("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "198.18.0.0/15")
"""For documentation; the last is for benchmarks, and far larger."""
_PUBLIC_6 = _networks("2001:db8::/32")


class Addresses:
    """The other number of each address of one journal."""

    def __init__(self) -> None:
        self._seen: set[Address] = set()
        self._given: dict[Address, Address] = {}
        self._fresh: dict[tuple[Network, ...], Iterator[Address]] = {}

    def note(self, text: str) -> None:
        """Takes notice of an address, so that it is given to no other. ValueError where the text is none."""
        address = _parsed(text)
        self._seen.add(address)
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
            self._seen.add(address.ipv4_mapped)

    def replaced(self, text: str) -> str:
        """The address that stands for it. ValueError where the text is none."""
        address = _parsed(text)
        if isinstance(address, ipaddress.IPv6Address):
            if address.ipv4_mapped:
                return f"::ffff:{self._other(address.ipv4_mapped)}"
            if address.scope_id:
                plain = ipaddress.IPv6Address(int(address))
                zone = f"%{address.scope_id}" if address.scope_id.isdecimal() else ""
                return f"{self._other(plain)}{zone}"
        return str(self._other(address))

    def _other(self, address: Address) -> Address:
        if any(address in network for network in _KEPT):
            return address
        if address not in self._given:
            self._given[address] = self._free(_class_of(address))
        return self._given[address]

    def _free(self, networks: tuple[Network, ...]) -> Address:
        fresh = self._fresh.setdefault(networks, _hosts(networks))
        for address in fresh:
            if address not in self._seen and not any(address in network for network in _KEPT):
                return address
        # More than a class can hold: no deployment has so many, so what is equal matters no longer.
        return next(_hosts(networks))


def _parsed(text: str) -> Address:
    return ipaddress.ip_address(text)


def _class_of(address: Address) -> tuple[Network, ...]:
    own = next((network for network in _OWN_CLASS if address in network), None)
    if own is not None:
        return (own,)
    return _PUBLIC_4 if address.version == 4 else _PUBLIC_6


def _hosts(networks: tuple[Network, ...]) -> Iterator[Address]:
    return chain.from_iterable(network.hosts() for network in networks)
