"""The Lync cmdlets that the endpoint offers, as functions of the model."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lab.cmdlets import (
    calling,
    certificates,
    computers,
    federation,
    messages,
    policies,
    push,
    roles,
    services,
    synthetic,
    topology,
    users,
    windows,
    xmpp,
)
from lab.cmdlets.binding import Arguments, Cmdlet, CmdletError, bind
from lab.model import LYNC_2010, SKYPE_2019, Model

__all__ = ["Arguments", "Cmdlet", "CmdletError", "Command", "Server", "names", "offered", "run"]

Server = Literal["front-end", "edge", "console"]
"""Whose cmdlets are meant: a Front End's remote endpoint, the Edge, or a console on a Front End."""

_ALL = {
    cmdlet.name.lower(): cmdlet
    for module in (
        certificates,
        users,
        policies,
        topology,
        computers,
        roles,
        services,
        synthetic,
        messages,
        push,
        federation,
        calling,
        xmpp,
    )
    for cmdlet in module.CMDLETS
}
_OF_EDGE = {
    cmdlet.name.lower(): cmdlet
    for cmdlet in (
        *topology.CMDLETS,
        *windows.CMDLETS,
        *certificates.OF_EDGE,
        *federation.OF_EDGE,
        *xmpp.CMDLETS,
    )
}
_OF_CONSOLE = {cmdlet.name.lower(): cmdlet for cmdlet in windows.OF_FRONT_END}
_SINCE_2013 = (
    frozenset({"get-cseffectivepolicy", "get-csxmppallowedpartner", "get-csxmppgatewayconfiguration", "test-csxmppim"})
    | synthetic.SINCE_2013
)


@dataclass(frozen=True)
class Command:
    """One command of a pipeline: a cmdlet with its parameters, or a script."""

    text: str
    parameters: tuple[tuple[str | None, Any], ...] = ()
    is_script: bool = False


def offered(model: Model, on: Server = "front-end") -> Mapping[str, Cmdlet]:
    """The cmdlets of the product that the caller's role holds, by name in lower case; on the Edge, its own."""
    if on == "edge":
        return {name: cmdlet for name, cmdlet in _OF_EDGE.items() if name not in model.edge_shell.withheld}
    absent = set(model.shell.withheld)
    if model.product.year <= LYNC_2010.year:
        absent |= _SINCE_2013
    if model.product.year >= SKYPE_2019.year:
        absent |= synthetic.UNTIL_2015
    held = [role for role in model.admin_roles if role.identity in model.shell.roles]
    return {
        name: cmdlet for name, cmdlet in _ALL.items() if name not in absent and any(role.holds(name) for role in held)
    } | (_OF_CONSOLE if on == "console" else {})


def names() -> list[str]:
    """The cmdlets of a Front End, as they are written."""
    return [cmdlet.name for cmdlet in _ALL.values()]


async def run(model: Model, commands: list[Command], on: Server = "front-end") -> list[Any]:
    """What a pipeline brings back from a server. Raises CmdletError for what an error record tells."""
    if not commands:
        return []
    # The pool's runspace knows no language, and the lab's Edge none either: neither a script nor a pipe with anything but one cmdlet in it.
    if any(command.is_script for command in commands) or len(commands) > 1:
        raise CmdletError(
            "The syntax is not supported by this runspace. It is in no-language mode.",
            "ScriptsNotAllowed",
            category="ParserError",
            exception="System.Management.Automation.ParseException",
            terminates=True,
        )
    command = commands[0]
    cmdlet = offered(model, on).get(command.text.lower())
    if cmdlet is None:
        raise CmdletError(
            f"The term '{command.text}' is not recognized as the name of a cmdlet, function, script file, or operable "
            "program. Check the spelling of the name, or if a path was included, verify that the path is correct and "
            "try again.",
            "CommandNotFoundException",
            category="ObjectNotFound",
            exception="System.Management.Automation.CommandNotFoundException",
            target=command.text,
            terminates=True,
        )
    arguments = bind(cmdlet, command.parameters)
    behaviour = model.edge_shell if on == "edge" else model.shell
    if command.text.lower() in behaviour.hangs:
        await asyncio.Event().wait()
    await asyncio.sleep(behaviour.delay_ms / 1000)
    if (trouble := behaviour.trouble.get(command.text.lower())) and trouble.refusal:
        raise CmdletError(trouble.refusal, f"OperationFailed,{cmdlet.type_name}", activity=cmdlet.name, terminates=True)
    return cmdlet.run(model, arguments)
