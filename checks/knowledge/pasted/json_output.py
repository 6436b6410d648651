"""What ConvertTo-Json writes of objects, in Windows PowerShell and in PowerShell 7, as plain values.

An enumeration that came as a number stays one: no document says which number is which name.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from checks.knowledge.clixml import CUT, INTERNAL, MOST_CHARACTERS, MOST_DEPTH
from checks.knowledge.pasted.console import Line, Unreadable
from checks.text import clean

_BEGINS = re.compile(r"\s*(?:\{\s*(?:\"|\}|\Z)|\[\s*(?:[\[{\"\]]|\Z)|\")")
_STRINGS = re.compile(r'"(?:[^"\\]|\\.?)*(?:"|\Z)', re.DOTALL)
_DATE = re.compile(r"/Date\((-?\d{1,17})(?:[+-]\d{4})?\)/\Z")
_NAMING = ("DistinguishedName", "FriendlyName", "Name", "Identity", "Value")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NOTES = INTERNAL | {"value", "PSPath", "PSParentPath", "PSChildName", "PSDrive", "PSProvider", "ReadCount", "Length"}


def begins(lines: list[Line]) -> bool:
    """True where the first line can be the beginning of JSON."""
    return bool(lines) and bool(_BEGINS.match(lines[0].text))


def read(lines: list[Line]) -> list[dict[str, Any]]:
    """The objects; a bare value becomes `{"Value": …}`. Raises Unreadable where it is no JSON."""
    text = "\n".join(line.text for line in lines)
    try:
        values = _documents(text)
    except json.JSONDecodeError:
        values = _documents_in_a_window(text, lines)
    objects: list[dict[str, Any]] = []
    for value in _unrolled(values):
        plain = _plain(value, 0, top=True)
        if plain is not None:
            objects.append(plain if isinstance(plain, dict) else {"Value": plain})
    return objects


def _documents_in_a_window(text: str, lines: list[Line]) -> list[Any]:
    """The console broke lines within strings, where JSON has no line breaks of its own."""
    try:
        return _documents(_STRINGS.sub(lambda found: found[0].replace("\n", ""), text))
    except json.JSONDecodeError as error:
        line = lines[min(error.lineno, len(lines)) - 1]
        raise Unreadable(f"Line {line.number} is not JSON as ConvertTo-Json writes it.", line) from None


def _documents(text: str) -> list[Any]:
    decoder = json.JSONDecoder()
    found: list[Any] = []
    position = 0
    while (position := _filled(text, position)) < len(text):
        try:
            value, position = decoder.raw_decode(text, position)
        except json.JSONDecodeError:
            raise
        except (ValueError, RecursionError):
            raise Unreadable("The JSON is nested too deep, or holds a number without end.") from None
        found.append(value)
    return found


def _filled(text: str, position: int) -> int:
    while position < len(text) and text[position] in " \n\t":
        position += 1
    return position


def _unrolled(values: list[Any]) -> list[Any]:
    """PowerShell writes one object as itself and several as an array; some versions wrap that with a count."""
    found: list[Any] = []
    for value in values:
        if isinstance(value, dict) and value.keys() == {"value", "Count"} and isinstance(value["value"], list):
            value = value["value"]
        found.extend(value if isinstance(value, list) else [value])
    return found


def _plain(value: Any, depth: int, *, top: bool = False) -> Any:
    match value:
        case None | bool():
            return value
        case int():
            return value if -(2**63) <= value < 2**63 else clean(str(value), 50)
        case float():
            return value if abs(value) < float("inf") else None
        case str():
            return _text(value)
        case _ if depth > MOST_DEPTH:
            return CUT
        case list():
            return [_plain(item, depth + 1) for item in value]
    said = None if top and not _is_a_string_with_notes(value) else _said(value)
    if said is not None:
        return said
    return {clean(str(name), 300): _plain(item, depth + 1) for name, item in value.items()}


def _text(value: str) -> str:
    date = _DATE.match(value)
    if date is None:
        return clean(value, MOST_CHARACTERS)
    try:
        return (_EPOCH + timedelta(milliseconds=int(date[1]))).isoformat().replace("+00:00", "Z")
    except OverflowError:
        return clean(value)


def _said(value: Mapping[str, Any]) -> str | None:
    """What PowerShell would print for an object within an object; None where it is not one of those known."""
    if {"value", "Value"} <= value.keys() and isinstance(value["Value"], str):
        return clean(value["Value"], MOST_CHARACTERS)
    if _is_a_string_with_notes(value):
        return clean(value["value"], MOST_CHARACTERS)
    if isinstance(value.get("Ticks"), int) and "TotalDays" in value:
        return _duration(value["Ticks"])
    if isinstance(value.get("Major"), int) and isinstance(value.get("Minor"), int):
        numbers = [value[part] for part in ("Major", "Minor", "Build", "Revision") if isinstance(value.get(part), int)]
        return ".".join(clean(str(number), 20) for number in numbers if number >= 0)
    if isinstance(value.get("Scope"), str) and isinstance(value.get("Name"), str):
        return _identity(value["Scope"], value["Name"])
    named = next((value[name] for name in _NAMING if isinstance(value.get(name), str) and value[name]), None)
    return clean(named, MOST_CHARACTERS) if named is not None else None


def _is_a_string_with_notes(value: Mapping[str, Any]) -> bool:
    return isinstance(value.get("value"), str) and value.keys() <= _NOTES


def _identity(scope: str, name: str) -> str:
    """An XdsIdentity as it prints: `Global`, `Site:Redmond`, `Tag:RedmondMobilityPolicy`."""
    if scope.lower() == "global" or name.lower().startswith(f"{scope.lower()}:"):
        return clean(name, MOST_CHARACTERS)
    return clean(f"{scope}:{name}", MOST_CHARACTERS)


def _duration(ticks: int) -> str:
    """Ten millionths of a second as PowerShell prints a TimeSpan."""
    seconds, rest = divmod(abs(ticks), 10_000_000)
    days, seconds = divmod(min(seconds, 10**12), 86_400)
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return ("-" if ticks < 0 else "") + (f"{days}." if days else "") + clock + (f".{rest:07}" if rest else "")
