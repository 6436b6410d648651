"""The authoritative name server: one port for the view from inside, one for the view from outside."""

import asyncio
import contextlib
import socket
import struct
from dataclasses import dataclass
from typing import cast

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from lab.addresses import CannotListen, free_port, listener
from lab.model import DOMAIN, Model, Name, View

_TTL = 60
_IDLE = 10.0
"""Seconds that a TCP connection may be silent."""


def zones(model: Model, view: View) -> list[str]:
    """The zones that a view serves: the deployment's own, and those of other names that the model has."""
    others = {".".join(name.split(".")[-2:]) for name in model.names[view] if not _within(name, DOMAIN)}
    return [DOMAIN, *sorted(others)]


def zone_of(model: Model, view: View, name: str) -> str | None:
    """The zone that a name lies in; None where the view serves none for it."""
    return next((zone for zone in zones(model, view) if _within(name, zone)), None)


def start_of_authority(zone: str) -> str:
    return f"ns.{zone}. hostmaster.{zone}. 1 3600 600 86400 {_TTL}"


def _within(name: str, zone: str) -> bool:
    return name == zone or name.endswith(f".{zone}")


@dataclass(frozen=True)
class Zone:
    """One view of the model's zones, and what it answers."""

    model: Model
    view: View

    def answer(self, wire: bytes, *, datagram: bool = False) -> bytes | None:
        """The reply to a query, truncated to what a datagram may have; None where none is sent."""
        try:
            query = dns.message.from_wire(wire)
        except dns.exception.DNSException:
            return None
        if query.flags & dns.flags.QR or len(query.question) != 1:
            return None
        reply = dns.message.make_response(query)
        name = query.question[0].name.to_text(omit_final_dot=True).lower()
        if zone_of(self.model, self.view, name) is None:
            reply.set_rcode(dns.rcode.REFUSED)
        elif not self._fill(reply, name, query.question[0].rdtype):
            return None
        largest = max(512, query.payload if query.edns >= 0 else 0) if datagram else 65535
        return _to_wire(reply, largest)

    def _fill(self, reply: dns.message.Message, name: str, kind: dns.rdatatype.RdataType) -> bool:
        """Puts the answer in; False where the name is never answered."""
        reply.flags |= dns.flags.AA
        entry = self._entry(name)
        followed: set[str] = set()
        while entry and entry.alias and kind != dns.rdatatype.CNAME:
            if name in followed:
                # In a circle: the chain is all that there is.
                return True
            followed.add(name)
            reply.answer.append(_records(name, dns.rdatatype.CNAME, [f"{entry.alias}."]))
            name = entry.alias
            entry = self._entry(name)
        if entry and entry.fault == "drop":
            return False
        if entry and entry.fault == "server-failure":
            reply.set_rcode(dns.rcode.SERVFAIL)
        elif entry and (values := self._values(entry, kind)):
            reply.answer.append(_records(name, kind, values))
        elif zone := zone_of(self.model, self.view, name):
            reply.authority.append(_records(zone, dns.rdatatype.SOA, [start_of_authority(zone)]))
            if entry is None:
                reply.set_rcode(dns.rcode.NXDOMAIN)
        return True

    def _entry(self, name: str) -> Name | None:
        names = self.model.names[self.view]
        if name in names:
            return names[name]
        if self._exists(name):
            return Name()
        # RFC 4592: the wildcard below the nearest name that exists answers for all that do not.
        ancestor = name.partition(".")[2]
        while ancestor and not self._exists(ancestor):
            ancestor = ancestor.partition(".")[2]
        return names.get(f"*.{ancestor}")

    def _exists(self, name: str) -> bool:
        """Whether there is such a name: one that only has names below it exists too."""
        names = self.model.names[self.view]
        return (
            name in names
            or name == zone_of(self.model, self.view, name)
            or any(each.endswith(f".{name}") for each in names)
        )

    def _values(self, entry: Name, kind: dns.rdatatype.RdataType) -> list[str]:
        match kind:
            case dns.rdatatype.A | dns.rdatatype.AAAA:
                addresses = [self.model.addresses[host] for host in entry.hosts]
                return [address for address in addresses if (":" in address) == (kind == dns.rdatatype.AAAA)]
            case dns.rdatatype.CNAME:
                return [f"{entry.alias}."] if entry.alias else []
            case dns.rdatatype.SRV:
                return [f"{each.priority} {each.weight} {each.port} {each.target}." for each in entry.services]
        return []


def _records(name: str, kind: dns.rdatatype.RdataType, values: list[str]) -> dns.rrset.RRset:
    return dns.rrset.from_text_list(f"{name}.", _TTL, dns.rdataclass.IN, kind, values)


def _to_wire(reply: dns.message.Message, limit: int) -> bytes:
    try:
        return reply.to_wire(max_size=limit)
    except dns.exception.TooBig:
        reply.flags |= dns.flags.TC
        reply.answer.clear()
        reply.authority.clear()
        return reply.to_wire()


class NameServer:
    """Serves one view over UDP and TCP on one address and port."""

    def __init__(self, model: Model, view: View) -> None:
        self._zone = Zone(model, view)
        self._datagrams: _Datagrams | None = None
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self, address: str, port: int = 0) -> int:
        """Starts to serve; port 0 takes a free one. Returns the port."""
        for _ in range(20):
            chosen = port or free_port([address])
            try:
                await self._listen(address, chosen)
            except OSError as error:
                if port:
                    raise CannotListen(f"The lab cannot listen on {address}:{port}: {error}.") from None
                continue
            return chosen
        raise CannotListen(f"No port of {address} is free for both UDP and TCP.")

    async def _listen(self, address: str, port: int) -> None:
        loop = asyncio.get_running_loop()
        datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            datagrams.bind((address, port))
            datagrams.setblocking(False)
            stream = listener(address, port)
        except OSError:
            datagrams.close()
            raise
        _, self._datagrams = await loop.create_datagram_endpoint(lambda: _Datagrams(self._zone), sock=datagrams)
        self._server = await asyncio.start_server(self._converse, sock=stream)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a stream's callback always runs in one
        self._tasks.add(task)
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
                await self._answer_all(reader, writer)
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _answer_all(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            async with asyncio.timeout(_IDLE):
                (length,) = struct.unpack("!H", await reader.readexactly(2))
                query = await reader.readexactly(length)
            if (reply := self._zone.answer(query)) is not None:
                writer.write(struct.pack("!H", len(reply)) + reply)
                await writer.drain()

    async def close(self) -> None:
        if self._datagrams:
            await self._datagrams.close()
        if self._server:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, zone: Zone) -> None:
        self._zone = zone
        self._closed = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if (reply := self._zone.answer(data, datagram=True)) is not None:
            self._transport.sendto(reply, addr)

    def connection_lost(self, exc: Exception | None) -> None:
        self._closed.set()

    async def close(self) -> None:
        """Closes the socket, so that its port is free again."""
        self._transport.close()
        await self._closed.wait()
