"""The lab's servers as from afar: relays on loopback that hold every byte back for half a round trip."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace

from lab.addresses import free_ports
from lab.client import Connection

_CHUNK = 65536


@asynccontextmanager
async def from_afar(connection: Connection, round_trip: float) -> AsyncIterator[Connection]:
    """The same lab, `round_trip` seconds away: every answer takes that long, and so does the opening of a connection.

    A port that nobody listens at is refused at once.
    """
    async with AsyncExitStack() as opened:
        addresses = [address for host, address in connection.addresses.items() if host != "dns"]
        farther = free_ports(map(int, connection.ports), addresses)
        for standard, port in connection.ports.items():
            for address in await _listening(addresses, port):
                relay = await _relay(address, farther[int(standard)], port, round_trip)
                opened.callback(relay.close)
        yield replace(
            connection,
            dns_inside=await _name_server(opened, connection.dns_inside, round_trip),
            dns_outside=await _name_server(opened, connection.dns_outside, round_trip),
            ports={standard: farther[int(standard)] for standard in connection.ports},
            edge_shell_url=connection.edge_shell_url.replace(f":{connection.http_port}/", f":{farther[80]}/"),
        )


async def _listening(addresses: Iterable[str], port: int) -> list[str]:
    found = []
    for address in addresses:
        with suppress(OSError):
            _, writer = await asyncio.open_connection(address, port)
            writer.close()
            found.append(address)
    return found


async def _relay(address: str, port: int, to: int, round_trip: float) -> asyncio.Server:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Whoever connects is told at once that he is, so what he sends first waits for the round trip of that too.
        known = asyncio.get_running_loop().time() + round_trip
        try:
            far_reader, far_writer = await asyncio.open_connection(address, to)
        except OSError:
            writer.close()
            return
        with suppress(asyncio.CancelledError):
            await asyncio.gather(
                _carry(reader, far_writer, known, round_trip / 2), _carry(far_reader, writer, known, round_trip / 2)
            )

    return await asyncio.start_server(serve, address, port, limit=_CHUNK)


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, known: float, delay: float) -> None:
    """Brings bytes from one end to the other, each `delay` seconds after it came and none before the other end is known."""
    loop = asyncio.get_running_loop()
    under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def take() -> None:
        data = b"?"
        while data:
            data = b""
            with suppress(OSError):
                data = await reader.read(_CHUNK)
            under_way.put_nowait((max(loop.time(), known) + delay, data))

    taking = asyncio.create_task(take())
    try:
        while True:
            due, data = await under_way.get()
            await asyncio.sleep(due - loop.time())
            if not data:
                break
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        taking.cancel()
        writer.close()


async def _name_server(opened: AsyncExitStack, place: str, round_trip: float) -> str:
    """Gives the address and port of the relay for a name server's datagrams."""
    address, _, port = place.rpartition(":")
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        lambda: _Datagrams((address, int(port)), round_trip / 2), local_addr=(address, 0)
    )
    opened.callback(transport.close)
    return f"{address}:{transport.get_extra_info('sockname')[1]}"


class _Datagrams(asyncio.DatagramProtocol):
    """Brings each question to the server and its answer back, both late."""

    transport: asyncio.DatagramTransport

    def __init__(self, server: tuple[str, int], delay: float) -> None:
        self._server = server
        self._delay = delay
        self._asking: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self.transport = transport

    def datagram_received(self, data: bytes, caller: tuple[str, int]) -> None:
        asking = asyncio.create_task(self._ask(data, caller))
        self._asking.add(asking)
        asking.add_done_callback(self._asking.discard)

    async def _ask(self, question: bytes, caller: tuple[str, int]) -> None:
        await asyncio.sleep(self._delay)
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[bytes] = loop.create_future()
        transport, _ = await loop.create_datagram_endpoint(lambda: _Answer(answered), remote_addr=self._server)
        try:
            transport.sendto(question)
            answer = await answered
            await asyncio.sleep(self._delay)
            self.transport.sendto(answer, caller)
        finally:
            transport.close()


class _Answer(asyncio.DatagramProtocol):
    def __init__(self, answered: asyncio.Future[bytes]) -> None:
        self._answered = answered

    def datagram_received(self, data: bytes, server: tuple[str, int]) -> None:
        if not self._answered.done():
            self._answered.set_result(data)
