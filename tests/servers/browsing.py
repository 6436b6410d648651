"""A client of the lab's web servers by h11 and the standard library's sockets, and a lab in this process to ask."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import h11

from lab.client import Connection
from lab.deployment import Deployment
from lab.model import Account
from lab.scenarios import Change

PASSWORDS = {"kenmyer": "9vT%example", "pilar": "3kQ!example"}


class Reply:
    def __init__(self, response: h11.Response, body: bytes) -> None:
        self.status = response.status_code
        self.headers = [(name.decode().lower(), value.decode("latin-1")) for name, value in response.headers]
        self.body = body

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]


class Browser:
    """One connection, on which requests follow each other."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> None:
        self.reader, self.writer, self.host = reader, writer, host
        self.http = h11.Connection(h11.CLIENT)

    @classmethod
    async def open(
        cls,
        where: Connection,
        host: str,
        machine: str = "reverse-proxy",
        context: ssl.SSLContext | None = None,
        port: str = "443",
    ) -> "Browser":
        secret = (context or trusting(where)) if port in {"443", "4443"} else None
        connection = asyncio.open_connection(
            where.addresses[machine], where.ports[port], ssl=secret, server_hostname=host if secret else None
        )
        return cls(*await asyncio.wait_for(connection, 5), host)

    async def ask(
        self, method: str, path: str, headers: Sequence[tuple[str, str]] = (), body: bytes = b"", limit: int = 100_000
    ) -> Reply:
        if self.http.our_state is h11.DONE:
            self.http.start_next_cycle()
        fields = [("Host", self.host), ("Content-Length", str(len(body))), *headers]
        self.writer.write(self.http.send(h11.Request(method=method, target=path, headers=fields)) or b"")
        self.writer.write(self.http.send(h11.Data(data=body)) or b"")
        self.writer.write(self.http.send(h11.EndOfMessage()) or b"")
        response: h11.Response | None = None
        read = bytearray()
        while True:
            event: Any = self.http.next_event()
            if event is h11.NEED_DATA:
                self.http.receive_data(await asyncio.wait_for(self.reader.read(65536), 5))
            elif isinstance(event, h11.Response):
                response = event
            elif isinstance(event, h11.Data):
                read += event.data
            if response and (isinstance(event, h11.EndOfMessage) or len(read) > limit):
                return Reply(response, bytes(read))

    async def close(self) -> None:
        self.writer.close()


def trusting(where: Connection) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=where.ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


async def get(
    where: Connection,
    host: str,
    path: str = "/",
    *,
    machine: str = "reverse-proxy",
    port: str = "443",
    method: str = "GET",
    accept: str = "",
) -> Reply:
    """One request on a connection of its own. Which ports speak TLS is as the product has it."""
    headers = [("Accept", accept)] if accept else []
    browser = await Browser.open(where, host, machine, port=port)
    try:
        return await browser.ask(method, path, headers)
    finally:
        await browser.close()


@asynccontextmanager
async def served(directory: Path, *changes: Change) -> AsyncIterator[tuple[Connection, Deployment]]:
    """The practice deployment in this process, after these changes of its model."""
    accounts = [Account(f"litwareinc\\{sam}", word, f"{sam}@litwareinc.com") for sam, word in PASSWORDS.items()]
    deployment = Deployment(accounts, directory)
    try:
        await deployment.serve(changes)
        told = deployment.connection()
        nobody = {f"{shell}_{each}": "" for shell in ("shell", "edge_shell") for each in ("user", "password")}
        yield Connection(**told | nobody | {"users": tuple(told["users"]), "passwords": PASSWORDS}), deployment
    finally:
        await deployment.close()
