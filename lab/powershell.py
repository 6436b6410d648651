"""The remote PowerShell endpoint: WSMan operations on shells, and PSRP inside of them by psrpcore."""

import asyncio
import base64
import binascii
import contextlib
import uuid
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Mapping
from xml.etree import ElementTree

import psrpcore
from psrpcore.types import (
    ErrorCategory,
    ErrorCategoryInfo,
    ErrorRecord,
    NETException,
    PipelineState,
    PSInvocationState,
)

from lab import wsman
from lab.cmdlets import CmdletError, Command, run
from lab.model import Model
from lab.wsman import Envelope, WSManFault

_PIECE = 64 * 1024
"""The most that one Receive brings, so that its envelope stays below 150 KiB."""

_TERMINATE = f"{wsman.SHELL}/signal/Terminate"


class Endpoint:
    """`/OcsPowershell` of one pool."""

    def __init__(self, model: Model, machine: str) -> None:
        self._model = model
        self._machine = machine
        self._shells: dict[str, Shell] = {}
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

    async def close(self) -> None:
        """Ends every session."""
        for shell in self._shells.values():
            await shell.close()
        self._shells.clear()

    async def _create(self, request: Envelope, account: str) -> str:
        if not self._model.shell.access:
            raise WSManFault(wsman.ACCESS_DENIED, "Access is denied.")
        element = request.find("rsp:Shell")
        creation = element.find("{http://schemas.microsoft.com/powershell}creationXml") if element is not None else None
        if element is None or creation is None:
            raise WSManFault(wsman.NOT_SUPPORTED, "The endpoint offers PowerShell sessions only.")
        shell_id = element.get("ShellId") or str(uuid.uuid4()).upper()
        shell = Shell(self._model, account)
        shell.take(_decoded(creation.text))
        self._shells[shell_id] = shell
        return wsman.created(request, shell_id, account)

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


class Shell:
    """One session of one account: a runspace pool and its pipelines."""

    def __init__(self, model: Model, account: str) -> None:
        self.account = account
        self._model = model
        self._pool = psrpcore.ServerRunspacePool()
        self._pipelines: dict[uuid.UUID, psrpcore.ServerPipeline] = {}
        self._running: dict[uuid.UUID, asyncio.Task[None]] = {}
        self._output: defaultdict[uuid.UUID | None, deque[bytes]] = defaultdict(deque)
        self._changed = asyncio.Event()

    def take(self, data: bytes) -> None:
        """Feeds what the client sent."""
        try:
            self._pool.receive_data(psrpcore.PSRPPayload(data, psrpcore.StreamType.default, None))
            while (event := self._pool.next_event()) is not None:
                if isinstance(event, psrpcore.CreatePipelineEvent | psrpcore.GetCommandMetadataEvent):
                    self._start(event)
        except (psrpcore.PSRPCoreError, ElementTree.ParseError, ValueError, AttributeError):
            raise WSManFault(wsman.NOT_SUPPORTED, "The data is no PowerShell remoting message.") from None
        self._flush()

    def begin(self, pipeline_id: uuid.UUID, data: bytes) -> None:
        """Opens a pipeline with its first fragment."""
        self._pipelines[pipeline_id] = psrpcore.ServerPipeline(self._pool, pipeline_id)
        self.take(data)

    async def output(self, pipeline_id: uuid.UUID | None) -> bytes:
        """The next piece of output, waiting for it."""
        while not self._output[pipeline_id]:
            self._changed.clear()
            await self._changed.wait()
        return self._output[pipeline_id].popleft()

    def done(self, pipeline_id: uuid.UUID | None) -> bool:
        """True when a pipeline has ended and all its output is fetched."""
        return pipeline_id not in self._running and not self._output[pipeline_id]

    async def stop(self, pipeline_id: uuid.UUID, *, forget: bool) -> None:
        """Stops a pipeline that runs; with `forget` it is closed too."""
        await self._cancel(pipeline_id)
        pipeline = self._pipelines.get(pipeline_id)
        if pipeline and pipeline.state == PSInvocationState.Running:
            pipeline.stop()
            self._flush()
        if pipeline and forget:
            pipeline.close()
            del self._pipelines[pipeline_id]
            self._output.pop(pipeline_id, None)

    async def close(self) -> None:
        for pipeline_id in list(self._running):
            await self._cancel(pipeline_id)

    async def _cancel(self, pipeline_id: uuid.UUID) -> None:
        if task := self._running.pop(pipeline_id, None):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def _start(self, event: psrpcore.CreatePipelineEvent | psrpcore.GetCommandMetadataEvent) -> None:
        pipeline = self._pipelines[event.pipeline_id]
        self._running[event.pipeline_id] = asyncio.create_task(self._run(pipeline, event.pipeline_id))

    async def _run(self, pipeline: psrpcore.ServerPipeline, pipeline_id: uuid.UUID) -> None:
        pipeline.start()
        try:
            for value in await run(self._model, _commands(pipeline.metadata)):
                pipeline.write_output(value)
            pipeline.complete()
        except CmdletError as error:
            _tell(pipeline, error)
        self._running.pop(pipeline_id, None)
        self._flush()

    def _flush(self) -> None:
        while (payload := self._pool.data_to_send(_PIECE)) is not None:
            self._output[payload.pipeline_id].append(payload.data)
        self._changed.set()


def _commands(metadata: object) -> list[Command]:
    """The commands of a pipeline. A request for metadata, which an Import-PSSession makes, has none."""
    if not isinstance(metadata, psrpcore.PowerShell):
        return []
    return [
        Command(command.command_text, tuple(command.parameters), is_script=command.is_script)
        for command in metadata.commands
    ]


def _tell(pipeline: psrpcore.ServerPipeline, error: CmdletError) -> None:
    """An error record; one that terminates also fails the pipeline."""
    exception = NETException(Message=error.message)
    exception.PSObject.type_names = [error.exception, "System.Exception", "System.Object"]
    category = ErrorCategoryInfo(
        Category=ErrorCategory[error.category],
        Activity=error.activity,
        Reason=error.exception.rpartition(".")[2],
        TargetName=error.target,
        TargetType="String",
    )
    if not error.terminates:
        pipeline.write_error(exception, category, error.target, error.id)
        pipeline.complete()
        return
    record = ErrorRecord(
        Exception=exception, CategoryInfo=category, TargetObject=error.target, FullyQualifiedErrorId=error.id
    )
    pipeline.prepare_message(PipelineState(PipelineState=int(PSInvocationState.Failed), ExceptionAsErrorRecord=record))
    pipeline.state = PSInvocationState.Failed


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
