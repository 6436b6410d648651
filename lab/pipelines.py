"""Sessions of a remote PowerShell endpoint and the pipelines in them: PSRP by psrpcore, cmdlets of the lab."""

import asyncio
import contextlib
import uuid
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

import psrpcore
from psrpcore.types import (
    ErrorCategory,
    ErrorCategoryInfo,
    ErrorRecord,
    NETException,
    PipelineState,
    PSCredential,
    PSInvocationState,
)

from lab import wsman
from lab.cmdlets import CmdletError, Command, Server, run
from lab.cmdlets.binding import Credential
from lab.model import Model, Trouble
from lab.wsman import WSManFault

_PIECE = 64 * 1024
"""The most that one Receive brings, so that its envelope stays below 150 KiB."""


@dataclass
class Tally:
    """What an endpoint has run since it became what it is."""

    running: int = 0
    """Pipelines that run at this moment."""
    most: int = 0
    """The most that ever ran at once."""
    asked: Counter[str] = field(default_factory=Counter)
    """How often each cmdlet was begun, by name as it was sent."""
    scripts: int = 0
    """Commands that were a script and no cmdlet."""

    def begin(self, commands: list[Command]) -> None:
        self.running += 1
        self.most = max(self.most, self.running)
        self.asked.update(command.text for command in commands if not command.is_script)
        self.scripts += sum(command.is_script for command in commands)


class Shell:
    """One session of one account: a runspace pool and its pipelines."""

    def __init__(self, model: Model, on: Server, account: str, tally: Tally) -> None:
        self.account = account
        self._model = model
        self._on: Server = on
        self._behaviour = model.edge_shell if on == "edge" else model.shell
        self._tally = tally
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

    def suffer(self, pipeline_id: uuid.UUID | None) -> None:
        """Cuts the connection, or raises WSManFault, where the command that runs is to end so."""
        pipeline = self._pipelines.get(pipeline_id) if pipeline_id else None
        trouble = self._trouble(_commands(pipeline.metadata)) if pipeline else Trouble()
        if trouble.drops:
            trouble.drops -= 1
            raise ConnectionAbortedError
        if trouble.fault:
            raise WSManFault(trouble.fault, "The WS-Management service cannot go on with the command.")

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
        commands = _commands(pipeline.metadata)
        self._tally.begin(commands)
        pipeline.start()
        try:
            values = await run(self._model, commands, self._on)
            self._write(pipeline, values, self._trouble(commands))
            pipeline.complete()
        except CmdletError as error:
            _tell(pipeline, error)
            if not error.terminates:
                pipeline.complete()
        finally:
            self._tally.running -= 1
        self._running.pop(pipeline_id, None)
        self._flush()

    def _write(self, pipeline: psrpcore.ServerPipeline, values: list[Any], trouble: Trouble) -> None:
        """The objects of a cmdlet, and what it has to say beside them."""
        for warning in trouble.warnings:
            pipeline.write_warning(warning)
        for value in values:
            pipeline.write_output(value)
        if trouble.padding:
            pipeline.write_output("x" * trouble.padding)
        if trouble.error:
            _tell(pipeline, CmdletError(trouble.error, "OperationFailed", category="InvalidResult"))

    def _trouble(self, commands: list[Command]) -> Trouble:
        return self._behaviour.trouble.get(commands[0].text.lower(), Trouble()) if commands else Trouble()

    def _flush(self) -> None:
        while (payload := self._pool.data_to_send(_PIECE)) is not None:
            self._output[payload.pipeline_id].append(payload.data)
        self._changed.set()


def _commands(metadata: object) -> list[Command]:
    """The commands of a pipeline. A request for metadata, which an Import-PSSession makes, has none."""
    if not isinstance(metadata, psrpcore.PowerShell):
        return []
    return [
        Command(command.command_text, tuple(map(_parameter, command.parameters)), is_script=command.is_script)
        for command in metadata.commands
    ]


def _parameter(given: tuple[str | None, Any]) -> tuple[str | None, Any]:
    """A parameter as cmdlets of the lab take it. The password of a credential was encrypted for this session."""
    name, value = given
    if isinstance(value, PSCredential):
        return name, Credential(str(value.UserName), str(value.Password.decrypt()))
    return name, value


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
        return
    record = ErrorRecord(
        Exception=exception, CategoryInfo=category, TargetObject=error.target, FullyQualifiedErrorId=error.id
    )
    pipeline.prepare_message(PipelineState(PipelineState=int(PSInvocationState.Failed), ExceptionAsErrorRecord=record))
    pipeline.state = PSInvocationState.Failed
