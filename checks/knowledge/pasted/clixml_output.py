"""CLIXML as a person copies it: out of a file of Export-Clixml, or from `powershell.exe -OutputFormat XML`."""

import xml.etree.ElementTree as ET
from typing import Any, NamedTuple

from checks.knowledge.clixml import Reader
from checks.knowledge.pasted.console import Line, Unreadable

_OPEN, _CLOSE = "<Objs", "</Objs>"
_MARK = "#< CLIXML"
_SAID = frozenset({"error", "warning"})


class Streams(NamedTuple):
    """What documents hold, by the stream it was written to."""

    objects: list[dict[str, Any]]
    errors: list[Line]
    """Errors as a console shows them, line by line."""
    warnings: list[str]
    cut: bool
    """True where something was left out, because there was too much."""


class _Parts(NamedTuple):
    before: list[Line]
    documents: list[str]
    after: list[Line]


def begins(lines: list[Line]) -> bool:
    """True where the lines hold a document."""
    return any(line.text.lstrip().startswith((_OPEN, _MARK)) for line in lines)


def read(lines: list[Line]) -> tuple[Streams, list[Line]]:
    """What the documents hold, and the lines around them. Raises Unreadable where one cannot be read."""
    parts = _parts(lines)
    streams = Streams([], [], [], cut=False)
    for document in parts.documents:
        streams = _more(streams, _root(document, _first(lines)))
    return streams, [*parts.before, *parts.after]


def _parts(lines: list[Line]) -> _Parts:
    first = next(position for position, line in enumerate(lines) if _OPEN in line.text or _MARK in line.text)
    # CLIXML has no line breaks but between elements; others are the console's, and may be anywhere.
    text = "".join(line.text for line in lines[first:])
    documents: list[str] = []
    begin, end = text.find(_OPEN), 0
    while begin >= 0:
        end = _end(text, begin)
        if end < 0:
            raise Unreadable("The CLIXML has no end: copy all of it, to </Objs>.", lines[first])
        documents.append(text[begin:end])
        begin = text.find(_OPEN, end)
    if not documents:
        raise Unreadable("There is no <Objs> behind #< CLIXML.", lines[first])
    behind = first
    while end > 0:
        end -= len(lines[behind].text)
        behind += 1
    return _Parts(lines[:first], documents, lines[behind:])


def _end(text: str, begin: int) -> int:
    """Where the document that begins there ends; -1 where it does not. One without an object is a single tag."""
    opened = text.find(">", begin)
    if opened > 0 and text[opened - 1] == "/":
        return opened + 1
    closed = text.find(_CLOSE, begin)
    return closed + len(_CLOSE) if closed >= 0 else -1


def _first(lines: list[Line]) -> Line:
    return next(line for line in lines if _OPEN in line.text or _MARK in line.text)


def _root(document: str, line: Line) -> ET.Element:
    if "<!" in document:
        raise Unreadable("The XML declares or hides something, as CLIXML never does.", line)
    try:
        return ET.fromstring(document)  # noqa: S314 - without "<!" it can declare no entity
    except (ET.ParseError, ValueError):
        raise Unreadable("The CLIXML is damaged: copy all of it, or read it out of a file.", line) from None


def _more(streams: Streams, root: ET.Element) -> Streams:
    elements = list(root)
    reader = Reader()
    values = reader.elements(elements)
    for element, value in zip(elements, values, strict=False):
        stream = element.get("S", "Output").lower()
        if stream == "output":
            streams.objects.extend(_objects(value))
        elif stream in _SAID and isinstance(value, str):
            if stream == "error":
                streams.errors.append(Line(len(streams.errors) + 1, value.rstrip()))
            else:
                streams.warnings.append(value.strip())
    return streams._replace(cut=streams.cut or reader.cut)


def _objects(value: Any) -> list[dict[str, Any]]:
    """Objects of one element; a list that was written whole holds several, and null is none."""
    several = value if isinstance(value, list) else [value]
    return [one if isinstance(one, dict) else {"Value": one} for one in several if one is not None]
