"""How Windows PowerShell prints what the lab's cmdlets bring back: as a list, a table, JSON, CLIXML, or an error."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from enum import Enum
from itertools import chain
from typing import Any, cast

from psrpcore import PSRemotingCrypto
from psrpcore.types import PSObject, serialize_clixml

from lab.cmdlets import CmdletError

ENUMERATION_LIMIT = 4
"""`$FormatEnumerationLimit`: the items of a collection that are shown."""
_WORDS = re.compile(r"[^ -]*(?:[ -]|\Z)")


def properties(value: Any) -> dict[str, Any]:
    """The properties of an object in their order."""
    meta = value.PSObject
    return {
        each.name: each.get_value(value) for each in chain(meta.adapted_properties, meta.extended_properties)
    }  # fmt: skip


def format_list(values: Sequence[Any], width: int = 120) -> str:
    """As `| Format-List *` on a console of so many columns. Text prints itself."""
    blocks: list[str] = []
    for value in values:
        if isinstance(value, str):
            blocks.append(value)
            continue
        shown = {name: printed(held) for name, held in properties(value).items()}
        label = max(map(len, shown), default=0)
        lines: list[str] = []
        for name, text in shown.items():
            first, *rest = wrapped(text, width - label - 3)
            lines.append(f"{name:<{label}} : {first}".rstrip())
            lines += [" " * (label + 3) + line for line in rest]
        blocks.append("\n".join(lines))
    if not values or isinstance(values[0], str):
        return "\n".join([*blocks, ""]) if blocks else ""
    return "\n\n" + "\n\n".join(blocks) + "\n\n\n"


def format_table(values: Sequence[Any], columns: Sequence[str], width: int = 120) -> str:
    """As `| Select-Object` of these columns prints: they share the width, and what does not fit is cut."""
    room = max((width - len(columns) + 1) // len(columns), 4)
    rows = [[properties(value).get(name) for name in columns] for value in values]
    right = [
        all(isinstance(row[position], int) and not isinstance(row[position], bool | Enum) for row in rows)
        for position in range(len(columns))
    ]

    def line(cells: Sequence[str]) -> str:
        fitted = [cell if len(cell) <= room else f"{cell[: room - 3]}..." for cell in cells]
        aligned = (f"{cell:>{room}}" if end else f"{cell:<{room}}" for cell, end in zip(fitted, right, strict=True))
        return " ".join(aligned).rstrip()

    header = [line(columns), line(["-" * min(len(name), room) for name in columns])]
    return "\n".join(["", *header, *(line([printed(cell) for cell in row]) for row in rows), "", ""]) + "\n"


def to_json(values: Sequence[Any], depth: int = 2, *, names: bool = False) -> str:
    """As `| ConvertTo-Json` of Windows PowerShell 5.1: enumerations are numbers, what is too deep is its text.

    With `names` as the safest command makes it, which turns identities and enumerations into text first.
    """
    if not values:
        return ""
    written = [_json(value, depth, 0, names) for value in values]
    if len(written) == 1:
        return f"{written[0]}\n"
    inner = ",\n".join("    " + one.replace("\n", "\n    ") for one in written)
    return f"[\n{inner}\n]\n"


def to_clixml(values: Sequence[Any]) -> str:
    """One document, as Export-Clixml writes it."""
    return serialize_clixml(list(values), cast(PSRemotingCrypto, None))


def error_text(error: CmdletError, command: str, width: int = 120) -> str:
    """An error record as the console shows it."""
    unknown = error.id.startswith("CommandNotFound")
    said_by = error.target if unknown else error.activity or command.split()[0]
    exception = error.exception.rpartition(".")[2]
    target = f"{error.target}:String" if error.target else ":"
    lines = [
        *wrapped(f"{said_by} : {error.message}", width),
        "At line:1 char:1",
        f"+ {command}"[:width],
        f"+ {'~' * len(command)}"[:width],
        *_broken(f"    + CategoryInfo          : {error.category}: ({target}) [{error.activity}], {exception}", width),
        *_broken(f"    + FullyQualifiedErrorId : {error.id}", width),
    ]
    return "\n".join([*lines, " ", ""])


def printed(value: Any) -> str:
    """A value as the console shows it."""
    match value:
        case None:
            return ""
        case list() | tuple():
            shown = ", ".join(printed(item) for item in value[:ENUMERATION_LIMIT])
            return f"{{{shown}{'...' if len(value) > ENUMERATION_LIMIT else ''}}}"
        case Enum():
            return value.name
        case datetime():
            clock = f"{value.hour % 12 or 12}:{value:%M:%S} {'PM' if value.hour > 11 else 'AM'}"
            return f"{value.month}/{value.day}/{value.year} {clock}"
    return str(value)


def wrapped(text: str, width: int) -> list[str]:
    """Lines of a text: broken behind blanks and hyphens, inside a word only where it is longer than a line."""
    lines = [""]
    for word in _WORDS.findall(text):
        for piece in _pieces(word, len(lines[-1]), width):
            if len(lines[-1]) + len(piece) > width:
                lines.append("")
            lines[-1] += piece
    return [line.rstrip() for line in lines if line] or [""]


def _pieces(word: str, begun: int, width: int) -> Iterator[str]:
    """A word, cut where it fits on no line."""
    if len(word) <= width:
        yield word
        return
    room = width - begun
    yield word[:room]
    yield from (word[at : at + width] for at in range(room, len(word), width))


def _broken(text: str, width: int) -> list[str]:
    """An error's fields go on after three blanks, wherever the line was full."""
    return [text[:width], *(f"   {text[at : at + width - 3]}" for at in range(width, len(text), width - 3))]


def _json(value: Any, depth: int, indent: int, names: bool) -> str:
    match value:
        case None | bool():
            return json.dumps(value)
        case Enum():
            return _quoted(value.name) if names else str(int(cast(int, value.value)))
        case int() | float():
            return str(value)
        case datetime():
            return f'"\\/Date({int(value.timestamp() * 1000)})\\/"'
        case list() | tuple():
            return _json_block("[]", [_json(item, depth - 1, indent + 4, names) for item in value], indent)
        case PSObject() if depth < 0 or (names and indent):
            return _quoted(str(value))
        case PSObject():
            return _json_object(properties(value), depth, indent, names)
    return _quoted(str(value))


def _json_object(held: Mapping[str, Any], depth: int, indent: int, names: bool) -> str:
    members = []
    for name, value in held.items():
        label = f"{_quoted(name)}:  "
        members.append(label + _json(value, depth - 1, indent + 4 + len(label), names))
    return _json_block("{}", members, indent)


def _json_block(brackets: str, members: list[str], indent: int) -> str:
    if not members:
        return brackets if brackets == "[]" else "{\n\n" + " " * indent + "}"
    inner = ",\n".join(" " * (indent + 4) + member for member in members)
    return f"{brackets[0]}\n{inner}\n{' ' * indent}{brackets[1]}"


def _quoted(text: str) -> str:
    """A string, with the characters that PowerShell writes as numbers."""
    written = json.dumps(text)
    for character in "'<>&":
        written = written.replace(character, f"\\u{ord(character):04x}")
    return written
