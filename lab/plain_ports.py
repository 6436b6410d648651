"""TCP ports that take connections and say nothing, or swallow them."""

import asyncio

from lab.addresses import FullBacklog, listener
from lab.listening import PortState


class PlainPorts:
    """The plain ports of all machines. What is accepted is held until either side closes it."""

    def __init__(self) -> None:
        self._listening: list[asyncio.Server | FullBacklog] = []
        self._held: set[asyncio.StreamWriter] = set()

    async def open(self, address: str, port: int, state: PortState) -> None:
        """Makes one port what the model says. CannotListen where that is not possible."""
        if state == "drop":
            self._listening.append(FullBacklog(address, port))
        elif state == "open":
            self._listening.append(await asyncio.start_server(self._hold, sock=listener(address, port)))

    async def _hold(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._held.add(writer)
        try:
            while await reader.read(65536):
                pass
        except OSError:
            pass
        finally:
            self._held.discard(writer)
            writer.close()

    async def close(self) -> None:
        """Stops listening and ends what was held."""
        for each in self._listening:
            each.close()
        for writer in self._held:
            writer.close()
