"""CLIXML, the form in which PowerShell sends objects, read as plain values.

What a person reads in PowerShell is kept, not the .NET structure behind it: an enumeration, a policy reference or an
identity becomes its text. Hostile input gives less, never an error.
"""

import queue
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from checks.text import clean

MOST_OBJECTS = 5_000
MOST_VALUES = 200_000
MOST_DEPTH = 6
MOST_CHARACTERS = 20_000
CONCEALED = "***"
CUT = "…"

INTERNAL = frozenset(
    {
        "XsAnyElements",
        "XsAnyAttributes",
        "Element",
        "Anchor",
        "Key",
        "PSComputerName",
        "RunspaceId",
        "PSShowComputerName",
    }
)
"""Members that Lync's own views hide, and those that remoting adds."""

_NAMING = ("FriendlyName", "Name", "Identity", "Value")
_COLLECTIONS = frozenset({"LST", "IE", "QUE", "STK", "DCT"})
_INTEGERS = frozenset({"By", "SB", "U16", "I16", "U32", "I32", "U64", "I64"})
_NO_VALUE = frozenset({"TN", "TNRef", "ToString", "Props", "MS"})
_CONFIDENTIAL = ("SecureString", "PSCredential")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MARKUP = re.compile(r"<(?:Obj|LST|IE|QUE|STK|DCT|SS|TS|Ref)[ />]")


def plain(value: Any) -> Any:
    """One value that pypsrp brought, as None, bool, int, float, str, list or dict."""
    return Reader().value(value)


def objects(output: Iterable[Any]) -> tuple[dict[str, Any], ...]:
    """The output of a pipeline as objects; a bare value becomes `{"Value": …}`."""
    return Reader().objects(output)


class Reader:
    """Reads the values of one answer, within bounds that hold for all of them together."""

    def __init__(self) -> None:
        self.cut = False
        """True once something was left out because there was too much."""
        self._objects = 0
        self._values = 0

    def objects(self, output: Iterable[Any]) -> tuple[dict[str, Any], ...]:
        """The output of a pipeline as objects."""
        read = [self.value(one, top=True) for one in self.each(_unrolled(output))]
        return tuple(one if isinstance(one, dict) else {"Value": one} for one in read if one is not None)

    def elements(self, elements: Iterable[ET.Element]) -> list[Any]:
        """Elements of one document, in its order, each read at the top; a reference may lead to any before it."""
        document = _Document(self)
        return [document.read(element, 0, top=True) for element in self.each(elements)]

    def value(self, value: Any, depth: int = 0, *, top: bool = False) -> Any:
        """A value as pypsrp has it: one of Python's own, an object with its XML beside it, or XML as text."""
        markup = _markup(value)
        if markup is not None:
            return _Document(self).read(markup, depth, top=top)
        match value:
            case None | bool() | float():
                return value
            case int():
                return _integer(value)
            case str():
                return _text(value)
            case bytes():
                return value[:MOST_CHARACTERS].hex()
            case queue.Queue():
                return self.value(list(value.queue), depth)
            case Mapping() | list() | tuple():
                return self._collection(value, depth)
        return _text(_words(value))

    def each(self, items: Iterable[Any]) -> Iterator[Any]:
        """The items, as long as there is room for more values."""
        for item in items:
            self._values += 1
            if self._values > MOST_VALUES:
                self.cut = True
                return
            yield item

    def enter(self, depth: int) -> bool:
        """Counts an object or a collection; False where there is no room for it."""
        self._objects += 1
        if self._objects > MOST_OBJECTS or depth > MOST_DEPTH:
            self.cut = True
            return False
        return True

    def _collection(self, value: Mapping[Any, Any] | list[Any] | tuple[Any, ...], depth: int) -> Any:
        if not self.enter(depth):
            return CUT
        if isinstance(value, Mapping):
            items = self.each(value.items())
            return {_text(_words(key), 300): self.value(item, depth + 1) for key, item in items}
        return [self.value(item, depth + 1) for item in self.each(value)]


class _Document:
    """One piece of CLIXML. What it refers back to is found within it."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._seen: dict[str, Any] = {}
        self._types: dict[str, tuple[str, ...]] = {}

    def read(self, element: ET.Element, depth: int, *, top: bool = False) -> Any:
        tag = _name(element)
        if tag == "Obj":
            found = self._object(element, depth, top=top)
            self._seen[element.get("RefId", "")] = found
            return found
        if tag == "Ref":
            return self._seen.get(element.get("RefId", ""))
        if tag in _COLLECTIONS:
            return self._collection(element, depth)
        return _primitive(tag, element.text or "")

    def _object(self, element: ET.Element, depth: int, *, top: bool) -> Any:
        types = self._types_of(element)
        if any(word in name for name in types for word in _CONFIDENTIAL):
            return CONCEALED
        said = _said(element, types)
        if not self._reader.enter(depth):
            return said or CUT
        held = next((child for child in element if _name(child) not in _NO_VALUE), None)
        if held is not None:
            value = self.read(held, depth + 1 if _name(held) == "Obj" else depth)
            # An enumeration holds its number; what it says of itself is the name.
            return said if said and isinstance(value, int) and not isinstance(value, bool) else value
        if said and not top:
            return said
        properties = self._properties(element, depth)
        if top:
            return properties or said or properties
        name = next((properties[name] for name in _NAMING if properties.get(name)), None)
        return name if isinstance(name, str) else properties

    def _properties(self, element: ET.Element, depth: int) -> dict[str, Any]:
        bags = (child for child in element if _name(child) in {"Props", "MS"})
        members = ((member, _text(member.get("N", ""), 300)) for bag in bags for member in self._reader.each(bag))
        return {name: self.read(member, depth + 1) for member, name in members if name and name not in INTERNAL}

    def _collection(self, element: ET.Element, depth: int) -> Any:
        if not self._reader.enter(depth):
            return CUT
        if _name(element) != "DCT":
            return [self.read(item, depth + 1) for item in self._reader.each(element)]
        found: dict[str, Any] = {}
        for entry in self._reader.each(element):
            sides = {side.get("N", ""): side for side in entry}
            if "Key" in sides and "Value" in sides:
                key = self.read(sides["Key"], depth + 1)
                found[_text(_words(key), 300)] = self.read(sides["Value"], depth + 1)
        return found

    def _types_of(self, element: ET.Element) -> tuple[str, ...]:
        for child in element:
            if _name(child) == "TN":
                types = tuple((entry.text or "")[:500] for entry in list(child)[:20])
                self._types[child.get("RefId", "")] = types
                return types
            if _name(child) == "TNRef":
                return self._types.get(child.get("RefId", ""), ())
        return ()


def _said(element: ET.Element, types: tuple[str, ...]) -> str:
    """What an object says of itself; empty where that is only its type's name, or its properties written out."""
    said = next((_text(_unescaped(child.text or "")) for child in element if _name(child) == "ToString"), "")
    return "" if said.startswith("@{") or said in types else said


def _primitive(tag: str, content: str) -> Any:
    if tag == "Nil":
        return None
    if tag == "SS":
        return CONCEALED
    if tag == "B":
        return content.strip().lower() == "true"
    try:
        if tag in _INTEGERS:
            return _integer(int(content[:40]))
        if tag in {"Sg", "Db"}:
            return float(content[:40])
        if tag == "C":
            return _text(chr(int(content[:8])))
    except (ValueError, OverflowError):
        return _text(content)
    return _text(_unescaped(content))


def _integer(number: int) -> int | str:
    """The number, or its digits where JSON's readers would not take it."""
    return number if -(2**63) <= number < 2**63 else str(number) if abs(number) < 10**50 else CUT


def _text(value: str, limit: int = MOST_CHARACTERS) -> str:
    return clean(value, limit)


def _unescaped(content: str) -> str:
    """PowerShell writes what XML cannot hold as _xHHHH_, in units of UTF-16."""
    if "_x" not in content:
        return content
    units = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), content[: MOST_CHARACTERS * 7])
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _markup(value: Any) -> ET.Element | None:
    """The XML of a value: pypsrp keeps it beside an object, and hands it over where it knows no type for it."""
    if isinstance(value, ET.Element):
        return value
    source = value if isinstance(value, str) else getattr(value, "_xml", None)
    if not isinstance(source, str) or not _MARKUP.match(source):
        return None
    try:
        return ET.fromstring(source)  # noqa: S314 - it begins with an element, so it can declare no entity
    except (ET.ParseError, ValueError):
        return None


def _unrolled(output: Iterable[Any]) -> Iterator[Any]:
    """PowerShell writes the items of a list one by one; an endpoint may send the list whole."""
    for one in output:
        if isinstance(one, list):
            yield from one
        else:
            yield one


def _words(value: Any) -> str:
    try:
        return str(value)
    except Exception:  # What a library's object says of itself may fail in any way.
        return ""


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]
