"""The remote PowerShell endpoint: WSMan operations on shells, inside of which PSRP is spoken."""

import asyncio
import base64
import binascii
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from lab import wsman
from lab.cmdlets import Server
from lab.model import Model
from lab.pipelines import Shell, Tally
from lab.wsman import Envelope, WSManFault

_TERMINATE = f"{wsman.SHELL}/signal/Terminate"


class Endpoint:
    """`/OcsPowershell` of one pool, or `/wsman` of the Edge."""

    def __init__(self, model: Model, machine: str, on: Server = "front-end") -> None:
        self._model = model
        self._machine = machine
        self._on: Server = on
        self._behaviour = model.edge_shell if on == "edge" else model.shell
        self._shells: dict[str, Shell] = {}
        self._tally = Tally()
        self._operations: Mapping[str, Callable[[Envelope, str], Awaitable[str]]] = {
            f"{wsman.TRANSFER}/Create": self._create,
            f"{wsman.TRANSFER}/Delete": self._delete,
            f"{wsman.TRANSFER}/Get": self._get,
            f"{wsman.SHELL}/Command": self._command,
            f"{wsman.SHELL}/Receive": self._receive,
            f"{wsman.SHELL}/Send": self._send,
            f"{wsman.SHELL}/Signal": self._signal,
        }

    async def answer(self, account: str, content: bytes) -> tuple[int, str]:
        """HTTP status and envelope for a request of an account that has signed in."""
        try:
            request = wsman.parse(content)
        except wsman.NotWSMan:
            return 400, ""
        try:
            operation = self._operations.get(request.action)
            if operation is None:
                raise WSManFault(wsman.NOT_SUPPORTED, "The WS-Management service does not support the action.")
            body = await operation(request, account)
        except WSManFault as problem:
            return 500, wsman.fault(request, problem, self._machine)
        return 200, wsman.reply(request, f"{request.action}Response", body)

    def report(self) -> dict[str, Any]:
        """What the endpoint has run, and the sessions that are open."""
        return {
            "running": self._tally.running,
            "most": self._tally.most,
            "asked": dict(self._tally.asked),
            "scripts": self._tally.scripts,
            "sessions": len(self._shells),
        }

    async def close(self) -> None:
        """Ends every session."""
        for shell in self._shells.values():
            await shell.close()
        self._shells.clear()

    async def _create(self, request: Envelope, account: str) -> str:
        if not self._behaviour.access:
            raise WSManFault(wsman.ACCESS_DENIED, "Access is denied.")
        self._require_room(account)
        element = request.find("rsp:Shell")
        creation = element.find("{http://schemas.microsoft.com/powershell}creationXml") if element is not None else None
        if element is None or creation is None:
            raise WSManFault(wsman.NOT_SUPPORTED, "The endpoint offers PowerShell sessions only.")
        shell_id = element.get("ShellId") or str(uuid.uuid4()).upper()
        shell = Shell(self._model, self._on, account, self._tally)
        shell.take(_decoded(creation.text))
        self._shells[shell_id] = shell
        return wsman.created(request, shell_id, account)

    def _require_room(self, account: str) -> None:
        most = self._behaviour.most_sessions
        if most is not None and sum(shell.account == account for shell in self._shells.values()) >= most:
            raise WSManFault(
                wsman.TOO_MANY_SHELLS,
                "The WS-Management service cannot process the request. The user has reached the number of "
                f"concurrent shells that is allowed, {most}.",
            )

    async def _delete(self, request: Envelope, account: str) -> str:
        shell = self._shell(request, account)
        del self._shells[request.shell_id]
        await shell.close()
        return ""

    async def _get(self, request: Envelope, account: str) -> str:
        self._shell(request, account)
        return wsman.shell(request.shell_id, "", account)

    async def _command(self, request: Envelope, account: str) -> str:
        shell = self._shell(request, account)
        line = request.find("rsp:CommandLine")
        command_id = (line.get("CommandId") if line is not None else None) or str(uuid.uuid4()).upper()
        shell.begin(_identifier(command_id), _decoded(request.text("rsp:CommandLine/rsp:Arguments")))
        return f"<rsp:CommandResponse><rsp:CommandId>{command_id}</rsp:CommandId></rsp:CommandResponse>"

    async def _send(self, request: Envelope, account: str) -> str:
        self._shell(request, account).take(_decoded(request.text("rsp:Send/rsp:Stream")))
        return "<rsp:SendResponse/>"

    async def _receive(self, request: Envelope, account: str) -> str:
        shell = self._shell(request, account)
        stream = request.find("rsp:Receive/rsp:DesiredStream")
        command_id = (stream.get("CommandId") if stream is not None else None) or ""
        pipeline_id = _identifier(command_id) if command_id else None
        shell.suffer(pipeline_id)
        try:
            async with asyncio.timeout(request.timeout):
                data = await shell.output(pipeline_id)
        except TimeoutError:
            raise WSManFault(wsman.OPERATION_TIMEOUT, "No output came within the time that was asked for.") from None
        return wsman.received(base64.b64encode(data).decode(), command_id, done=shell.done(pipeline_id))

    async def _signal(self, request: Envelope, account: str) -> str:
        shell = self._shell(request, account)
        signal = request.find("rsp:Signal")
        command_id = (signal.get("CommandId") if signal is not None else None) or ""
        await shell.stop(_identifier(command_id), forget=request.text("rsp:Signal/rsp:Code") == _TERMINATE)
        return "<rsp:SignalResponse/>"

    def _shell(self, request: Envelope, account: str) -> "Shell":
        shell = self._shells.get(request.shell_id)
        if shell is None or shell.account != account:
            raise WSManFault(wsman.SHELL_NOT_FOUND, "The shell was not found on the server.")
        return shell


def _decoded(text: str | None) -> bytes:
    try:
        return base64.b64decode(text or "", validate=True)
    except binascii.Error:
        raise WSManFault(wsman.NOT_SUPPORTED, "The data is not Base64.") from None


def _identifier(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise WSManFault(wsman.NOT_SUPPORTED, "The command has no valid identifier.") from None
