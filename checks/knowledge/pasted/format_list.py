"""What Format-List prints: `Name : value`, the values below each other and broken at the console's width."""

import re
from typing import Any, NamedTuple

from checks.knowledge.pasted.console import Line, Unreadable, dedented
from checks.knowledge.pasted.printed_values import CUT, value_of
from checks.knowledge.pasted.wrapping import Width, rejoined, width_of
from checks.text import clean

_NO_CHANCE = 3
"""Colons in one column that a document does not have by chance."""

_LOOSE = re.compile(r" {0,8}(?P<name>[^\W\d][\w.]{0,100}) {0,40}:(?: +(?P<value>.*)|)\Z")
_TRANSLATED = {
    "nom": "Name", "objet": "Subject", "empreinte numérique": "Thumbprint", "일련 번호": "SerialNumber",
    "제목": "Subject", "지문": "Thumbprint", "사용": "Use", "asunto": "Subject", "huella digital": "Thumbprint",
    "uso": "Use", "oggetto": "Subject", "identificazione personale": "Thumbprint", "impressão digital": "Thumbprint",
    "usar": "Use", "拇印": "Thumbprint", "使用": "Use", "指纹": "Thumbprint",
}  # fmt: skip
"""Names of properties that translated documentation has; consoles print the English ones."""


class Shown(NamedTuple):
    """Objects as a console showed them."""

    objects: list[dict[str, Any]]
    cut: list[str]
    """Properties of which a part was missing, so that they are left out."""


class _Property(NamedTuple):
    line: Line
    name: str
    pieces: list[str]
    indent: int
    """The column at which the value begins."""


def read(lines: list[Line]) -> Shown:
    """The objects. Raises Unreadable for a line that has no place in a list."""
    flush = dedented(lines)
    return _shown([_aligned(block) or _loose(block) for block in _blocks(flush)], flush)


def read_from_console(lines: list[Line]) -> Shown | None:
    """The objects where every line stands as a console prints it, and not by chance; else None."""
    flush = dedented(lines)
    blocks = [_aligned(block) for block in _blocks(flush)]
    whole = [block for block in blocks if block is not None]
    return _shown(whole, flush) if len(whole) == len(blocks) and len(whole[0]) >= _NO_CHANCE else None


def _shown(blocks: list[list["_Property"]], lines: list[Line]) -> Shown:
    width = width_of(line.text for line in lines)
    objects = _Objects()
    for properties in blocks:
        objects.begin(properties)
        for one in properties:
            objects.add(one, value_of(rejoined(one.pieces, _width_for(one, width), one.indent)))
    return objects.shown()


def _width_for(one: _Property, width: Width) -> Width:
    """A value that a document broke says nothing of a console's width."""
    return width if one.indent else Width(0, sure=False)


class _Objects:
    """Collects properties into objects: blank lines alone do not tell where one ends, for documents have more of them."""

    def __init__(self) -> None:
        self._objects: list[dict[str, Any]] = []
        self._named: dict[str, Any] = {}
        self._cut: dict[str, None] = {}

    def begin(self, properties: list[_Property]) -> None:
        """A block begins. Objects of one cmdlet share their properties, so one that repeats none is a part of the last."""
        if any(one.name.lower() in self._named for one in properties):
            self._named = {}

    def add(self, one: _Property, value: Any) -> None:
        key = one.name.lower()
        if key in self._named:
            if key != next(iter(self._named)):
                if self._named[key] == value:
                    return
                raise Unreadable(f"Line {one.line.number} says {one.name} a second time, and otherwise.", one.line)
            self._named = {}
        if not self._named:
            self._objects.append({})
        self._named[key] = value
        if value is CUT:
            self._cut[one.name] = None
        else:
            self._objects[-1][one.name] = value

    def shown(self) -> Shown:
        return Shown(self._objects, list(self._cut))


def _blocks(lines: list[Line]) -> list[list[Line]]:
    """The lines between blank ones; a value may hold blank lines, behind which it goes on far to the right."""
    blocks: list[list[Line]] = []
    apart = True
    for line in lines:
        if not line.text:
            apart = True
            continue
        if apart and not (blocks and line.indent >= 4):
            blocks.append([])
        blocks[-1].append(line)
        apart = False
    return blocks


def _aligned(block: list[Line]) -> list[_Property] | None:
    """The properties of a block as a console prints it, every colon in one column; None where it is not like that."""
    column = _colon(block[0].text)
    if column is None:
        return None
    found: list[_Property] = []
    for line in block:
        text = line.text
        if text[0] != " " and _colon(text[: column + 2]) == column:
            found.append(_Property(line, clean(text[:column].rstrip(), 300), [text[column + 2 :]], column + 2))
        elif found and not text[: column + 2].strip() and len(text) > column + 2:
            found[-1].pieces.append(text[column + 2 :])
        else:
            return None
    return found


def _colon(text: str) -> int | None:
    """Where the colon stands that ends the name."""
    blank = text.find(" :")
    while blank > 0:
        if text[blank + 2 : blank + 3] in {"", " "}:
            return blank + 1
        blank = text.find(" :", blank + 1)
    return None


def _loose(block: list[Line]) -> list[_Property]:
    """The properties of a block that was typed or copied out of a document."""
    found: list[_Property] = []
    for line in block:
        if found and _is_open(found[-1].pieces):
            found[-1].pieces.append(line.text.strip())
        elif named := _named(line.text):
            found.append(_Property(line, named[0], [named[1]], 0))
        elif found and line.indent and found[-1].pieces[-1]:
            found[-1].pieces.append(line.text.strip())
        else:
            raise Unreadable(f"Line {line.number} is neither “Name : value” nor a table.", line)
    return found


def _named(text: str) -> tuple[str, str] | None:
    label, colon, _ = text[:300].partition(":")
    translated = _TRANSLATED.get(label.strip().casefold())
    if colon and translated:
        return translated, text.partition(":")[2].strip()
    found = _LOOSE.match(text)
    return (clean(found["name"], 300), (found["value"] or "").strip()) if found else None


def _is_open(pieces: list[str]) -> bool:
    """True where a collection has begun and not ended."""
    return pieces[0].startswith("{") and not pieces[-1].endswith(("}", "...", "…"))
