"""What our part of PowerShell sends, read: one cmdlet's output, errors and warnings as CLIXML, and what a collector wrote."""

import base64
import binascii
import xml.etree.ElementTree as ET
from typing import Any

from checks.knowledge.clixml import Reader
from checks.knowledge.pasted import NotUnderstood
from checks.model import Reason
from checks.probes import Answer, Cmdlet, CmdletError, Objects, Question, Sockets, Unanswered
from checks.text import clean

MOST_CHARACTERS = 16 * 1024 * 1024
_MOST_RECORDS = 200

_MEMBERS = frozenset({"Output", "Errors", "Warnings"})
LEFT_OUT = "lyncdoctor left out a part of this answer: it was too large."


def read_envelope(clixml: str) -> Objects | None:
    """What a cmdlet brought back; None where the text is no envelope. Never raises, whatever the text is."""
    if len(clixml) > MOST_CHARACTERS or "<!" in clixml:
        return None
    try:
        root = ET.fromstring(clixml)  # noqa: S314 - without "<!" it can declare no entity
        return _envelope(root)
    except (ET.ParseError, ValueError, RecursionError):
        return None


def collected(form: str, data: str, question: Question) -> Answer:
    """The answer that a collector wrote as Base64, `clixml` of a cmdlet or `netstat` of sockets; Unanswered where it cannot be read."""
    text = _decoded(data)
    if text is not None:
        match form, question:
            case "clixml", Cmdlet():
                return read_envelope(text) or _unreadable(question)
            case "netstat", Sockets():
                from checks.knowledge.pasted import netstat

                table = netstat.read(question, text)
                return _unreadable(question) if isinstance(table, NotUnderstood) else table
    return _unreadable(question)


def _decoded(data: str) -> str | None:
    if len(data) > MOST_CHARACTERS:
        return None
    try:
        return base64.b64decode(data, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None


def _unreadable(question: Question) -> Unanswered:
    return Unanswered(
        reason=Reason.UNREACHABLE,
        detail="What was collected for this cannot be read. Collect it again, or run the command by hand.",
        command=question.typed(),
    )


def _envelope(root: ET.Element) -> Objects | None:
    envelope = next((child for child in root if _tag(child) == "Obj"), None)
    if _tag(root) != "Objs" or envelope is None:
        return None
    members = [member for bag in envelope if _tag(bag) in {"MS", "Props"} for member in bag]
    # In the document's order, because an object refers to types and objects before it, in whichever list they are.
    elements = [(member.get("N", ""), element) for member in members for element in _items(member)]
    if not {member.get("N", "") for member in members} >= _MEMBERS:
        return None
    reader = Reader()
    read = reader.elements(element for _, element in elements)
    found: dict[str, list[Any]] = {name: [] for name in _MEMBERS}
    for (name, _), value in zip(elements, read, strict=False):
        if name in found and value is not None:
            found[name].append(value)
    warnings = [clean(str(warning)) for warning in found["Warnings"][:_MOST_RECORDS]]
    return Objects(
        objects=tuple(one if isinstance(one, dict) else {"Value": one} for one in found["Output"]),
        errors=_errors(found["Errors"]),
        warnings=(*warnings, LEFT_OUT) if reader.cut else tuple(warnings),
    )


def _items(element: ET.Element) -> list[ET.Element]:
    """The elements of a list; a value that PowerShell took out of its list stands alone."""
    held = next((child for child in element if _tag(child) in {"LST", "IE"}), None)
    if held is not None:
        return list(held)
    return [] if _tag(element) == "Nil" else [element]


def _errors(records: list[Any]) -> tuple[CmdletError, ...]:
    """Each error once: one that ended its cmdlet was both collected and caught."""
    errors = [
        CmdletError(
            message=clean(str(record.get("Message") or ""), 2000),
            id=clean(str(record.get("Id") or "")),
            category=clean(str(record.get("Category") or "")),
        )
        for record in records[:_MOST_RECORDS]
        if isinstance(record, dict)
    ]
    return tuple(dict.fromkeys(errors))


def _tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]
