"""Pasted output of Test-NetConnection: a list, a table, JSON or CLIXML. Its labels are names of properties in every language."""

import ipaddress
from collections.abc import Mapping
from typing import Any

from checks.knowledge.lync_objects import flag, has, text
from checks.knowledge.pasted import NotUnderstood, cmdlet_output
from checks.probes import Cmdlet, Objects, Open, Port, Unreached
from checks.text import clean

CMDLET = "Test-NetConnection"
_UNRESOLVED = "name resolution of"


def read(question: Port, text_: str) -> Open | Unreached | NotUnderstood:
    """Whether the port took the connection. NotUnderstood where it is of another host or port, or does not show which.

    The cmdlet does not tell a refusal from silence, so a closed port is `timeout`: nothing came back that it tells of.
    """
    asked = Cmdlet(name=CMDLET, parameters=(("ComputerName", question.host), ("Port", question.port)))
    shown = cmdlet_output.read(asked, text_)
    if isinstance(shown, NotUnderstood):
        return shown
    if not shown.objects:
        return NotUnderstood(sentence=f"This shows no result. Paste the whole output of: {question.typed()}")
    if _is_unresolved(question, shown):
        return Unreached(phase="name", kind="no-address", detail=f"{question.host} was not resolved there.")
    of_port = [one for one in shown.objects if _is_of(question, one)]
    if not of_port:
        return NotUnderstood(sentence=_of_another(question, shown.objects[0]))
    return _answer(question, of_port[-1])


def _is_unresolved(question: Port, shown: Objects) -> bool:
    """True where the name was not resolved; then the port is not among what is shown."""
    told = any(_UNRESOLVED in warning.lower() and question.host in warning.lower() for warning in shown.warnings)
    return told and text(shown.objects[-1], "ComputerName").lower() == question.host.lower()


def _is_of(question: Port, one: Mapping[str, Any]) -> bool:
    return text(one, "ComputerName").lower() == question.host.lower() and text(one, "RemotePort") == str(question.port)


def _of_another(question: Port, one: Mapping[str, Any]) -> str:
    host, port = text(one, "ComputerName"), text(one, "RemotePort")
    if not has(one, "TcpTestSucceeded") or not host or not port:
        return f"This does not show ComputerName, RemotePort and TcpTestSucceeded. Run: {question.typed()}"
    return f"This is of {clean(host, 200)}:{clean(port, 20)}; asked was {question.host}:{question.port}."


def _answer(question: Port, one: Mapping[str, Any]) -> Open | Unreached | NotUnderstood:
    succeeded, address = flag(one, "TcpTestSucceeded"), _address(text(one, "RemoteAddress"))
    if succeeded is None:
        return NotUnderstood(sentence=f"This does not show TcpTestSucceeded. Run: {question.typed()}")
    if succeeded:
        return Open(address=address)
    return Unreached(
        phase="connect",
        kind="timeout",
        detail=f"{CMDLET} could not connect; it does not tell whether that was refused or went unanswered.",
        address=address,
    )


def _address(shown: str) -> str:
    """The address without its scope; empty where it is none."""
    try:
        return str(ipaddress.ip_address(shown.partition("%")[0].strip()))
    except ValueError:
        return ""
