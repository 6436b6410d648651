"""The Edge: a further process for each name that holds its ports, called as the program that it stands for."""

import asyncio
import contextlib
import json
import os
import sys
from collections import defaultdict
from pathlib import Path

from lab.addresses import CannotListen
from lab.model import EdgeListener, EdgeSocket, Model

_PATIENCE = 10.0
"""Seconds that a process may take to listen."""
_SCRIPT = Path(__file__).with_name("edge_process.py")
_PEERS = {"edge-external": "partner", "edge-internal": "pool"}


class Edge:
    """The processes of the Edge, and the far ends of the connections that are up."""

    def __init__(self, model: Model, directory: Path) -> None:
        self._model = model
        self._directory = directory
        self._processes: list[asyncio.subprocess.Process] = []
        self._peers: list[asyncio.StreamWriter] = []
        self.named = True
        """False where this system lets no process carry the program's name."""

    async def open(self) -> None:
        """Starts to listen; CannotListen with a sentence where a port is taken."""
        by_process: defaultdict[str, list[EdgeListener]] = defaultdict(list)
        for listener in self._model.edge_listeners:
            by_process[listener.process].append(listener)
        for name, listeners in by_process.items():
            process = await self._start(name, listeners)
            for listener in listeners:
                own = EdgeSocket(self._address(listener), listener.port, process.pid, name)
                self._model.edge_sockets.append(own)
                if listener.established:
                    await self._establish(listener, process)

    async def _start(self, name: str, listeners: list[EdgeListener]) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            self._interpreter(name),
            "-I",
            "-S",
            str(_SCRIPT),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={key: os.environ[key] for key in ("SYSTEMROOT",) if key in os.environ},
        )
        self._processes.append(process)
        assert process.stdin  # noqa: S101 - it is a pipe
        where = [(self._address(each), each.port) for each in listeners]
        expect = sum(listener.established for listener in listeners)
        wanted = {"parent": os.getpid(), "listen": where, "expect": expect}
        process.stdin.write(json.dumps(wanted).encode() + b"\n")
        said = await _said(process)
        if said != "ready":
            ports = ", ".join(f"{address}:{port}" for address, port in where)
            raise CannotListen(f"The lab's Edge cannot listen on {ports}: {said or 'it ended at once'}.")
        return process

    def _interpreter(self, name: str) -> str:
        """The Python interpreter under another name, which becomes the name of the process."""
        # In a virtual environment of Windows sys.executable only starts the interpreter.
        base = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
        link = self._directory / name
        try:
            if not link.exists():
                link.symlink_to(base)
        except OSError:
            self.named = False
            return sys.executable
        return str(link)

    def _address(self, listener: EdgeListener) -> str:
        return "127.0.0.1" if listener.where == "loopback" else self._model.addresses[listener.where]

    async def _establish(self, listener: EdgeListener, process: asyncio.subprocess.Process) -> None:
        """Connects the far end, and waits until the process holds its own."""
        peer = self._model.addresses[_PEERS.get(listener.where, "partner")]
        _, writer = await asyncio.open_connection(self._address(listener), listener.port, local_addr=(peer, 0))
        self._peers.append(writer)
        remote_port = writer.get_extra_info("sockname")[1]
        self._model.edge_sockets.append(
            EdgeSocket(self._address(listener), listener.port, process.pid, listener.process, peer, remote_port)
        )
        if await _said(process) != "accepted":
            raise CannotListen(f"The lab's Edge did not accept a connection on port {listener.port}.")

    async def close(self) -> None:
        """Ends the processes."""
        for writer in self._peers:
            writer.close()
        for process in self._processes:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        for process in self._processes:
            await process.wait()


async def _said(process: asyncio.subprocess.Process) -> str:
    """The next line of a process of the Edge; what is wrong with it where none comes."""
    assert process.stdout  # noqa: S101 - it is a pipe
    try:
        async with asyncio.timeout(_PATIENCE):
            return (await process.stdout.readline()).decode().strip()
    except TimeoutError:
        return "it did not answer in time"
