"""Errors, warnings and chatter that PowerShell prints between the output, in the languages it prints them in."""

import re
from collections.abc import Callable
from typing import NamedTuple

from checks.knowledge.pasted.console import Line
from checks.knowledge.pasted.screen import squeezed
from checks.knowledge.pasted.wrapping import rejoined, width_of
from checks.probes import CmdletError
from checks.text import clean

MOST_RECORDS = 200
LONGEST_MESSAGE = 2_000
_MOST_LINES = 60
"""Of one record."""

_WARNING = re.compile(r"(?:WARNING|AVERTISSEMENT|WARNUNG|경고|ADVERTENCIA|AVVISO|AVISO|警告) ?: ?")
_CHATTER = re.compile(r"(?:VERBOSE|COMMENTAIRES|AUSFÜHRLICH|자세한 정보 표시|DEBUG|DÉBOGUER|DEBUGGEN|디버그) ?: ?")
_RAISED = re.compile(
    r"(?:Get|Test|Select|Where|ForEach|Sort|Format|Out|Convert|ConvertTo|ConvertFrom|Import|Export|Invoke|New|Enter)"
    r"-[A-Za-z][A-Za-z0-9]{1,60} ?: "
)
"""The verbs of cmdlets that read or print. Headers of HTTP, which a diagnosis quotes, have such names too."""
_UNKNOWN_COMMAND = re.compile(
    r"(?:[^\s:]{1,100} ?: )?(?:The term ['‘]|Le terme ?[«'‘]|Die Benennung [\"„]|['‘][^'’]{1,100}['’] 용어가)"
)
_POSITION = re.compile(
    r"\s{0,4}(?:At .{1,300}char:\d|Au (?:caractère|niveau de) .{1,300}\d|In .{1,300}Zeichen:\d|위치 .{1,300}문자:\d)"
)
_ANY_POSITION = re.compile(r"[^:]{1,300}:\s?\d{1,9}\D{1,20}:\s?\d{1,9}\Z")
_ORIGIN = re.compile(r"\s{0,12}\+ ")
_FIELD = re.compile(r"\s{0,12}\+ (?P<name>CategoryInfo|FullyQualifiedErrorId)\s{0,20}:\s?(?P<value>.*)\Z")
_PREFIX = re.compile(r"[\w.\\/-]{1,100} ?: ")
_NO_SUCH_COMMAND = (
    "isnotrecognizedasthenameofacmdlet", "n'estpasreconnucommenom", "wurdenichtalsnameeinescmdlet",
    "이름으로인식되지않습니다",
)  # fmt: skip
_TERM = re.compile(r"[\"'‘’„“«] ?([^\"'‘’„“”»]{1,100}?) ?[\"'‘’“”»]")

EndsWarning = Callable[[str], bool]


class Told(NamedTuple):
    """A paste without what PowerShell itself said in it."""

    output: list[Line]
    errors: tuple[CmdletError, ...]
    warnings: tuple[str, ...]


def told(lines: list[Line], ends_warning: EndsWarning) -> Told:
    """Errors and warnings taken out of the output.

    `ends_warning` tells of a line that it begins the output, because a warning may be followed by it at once.
    """
    output: list[Line] = []
    errors: list[CmdletError] = []
    warnings: list[str] = []
    origins = _origins(lines)
    position = 0
    while position < len(lines):
        text = lines[position].text
        warning = _WARNING.match(text)
        if warning or _CHATTER.match(text):
            end = _end_of_warning(lines, position + 1, ends_warning)
            if warning:
                warnings.append(_message(lines[position:end], warning.end()))
        elif text and (end := _end_of_error(lines, position, origins[position])):
            errors.append(_error(lines[position:end]))
        else:
            output.append(lines[position])
            end = position + 1
        position = end
    return Told(output, tuple(errors[:MOST_RECORDS]), tuple(warnings[:MOST_RECORDS]))


def unknown_command(error: CmdletError) -> str:
    """The word that an error says is no command; empty where it says something else."""
    if "commandnotfound" not in error.id.lower():
        return ""
    term = _TERM.search(error.message)
    return term[1] if term else ""


def _begins_record(text: str) -> bool:
    return bool(_WARNING.match(text) or _CHATTER.match(text) or _RAISED.match(text) or _UNKNOWN_COMMAND.match(text))


def _end_of_warning(lines: list[Line], position: int, ends_warning: EndsWarning) -> int:
    """A warning that the console broke goes on without any indentation."""
    last = min(len(lines), position + _MOST_LINES)
    while position < last:
        text = lines[position].text
        if not text or _begins_record(text) or ends_warning(text):
            break
        position += 1
    return position


def _origins(lines: list[Line]) -> list[int | None]:
    """For each line the one behind it, in the same record, that tells where in the command an error arose."""
    found: list[int | None] = [None] * len(lines)
    described = apart = True
    for position in range(len(lines) - 1, -1, -1):
        text = lines[position].text
        if not text:
            described, apart = False, True
            continue
        described = (described and not apart) or bool(_FIELD.match(text))
        if _POSITION.match(text) or (described and _ORIGIN.match(text)):
            found[position] = position
        elif not apart:
            found[position] = found[position + 1]
        apart = _begins_record(text)
    return found


def _end_of_error(lines: list[Line], start: int, origin: int | None) -> int:
    """Where the error that begins at `start` ends; 0 where none begins there."""
    last = min(len(lines), start + _MOST_LINES)
    raised = bool(_RAISED.match(lines[start].text) or _UNKNOWN_COMMAND.match(lines[start].text))
    if raised and origin is None:
        origin = _origin_behind_blanks(lines, start + 1, last)
    if origin is None or origin >= last:
        return _next_blank(lines, start + 1, last) if raised else 0
    position = origin + 1
    identified = False
    while position < last:
        text = lines[position].text
        if not text or _begins_record(text) or (identified and not _is_rest_of_identifier(text)):
            break
        field = _FIELD.match(text)
        identified = identified or bool(field and field["name"] == "FullyQualifiedErrorId")
        position += 1
    return position


def _origin_behind_blanks(lines: list[Line], position: int, last: int) -> int | None:
    """The same where the message holds blank lines, as those of the directory do."""
    while position < last and not _begins_record(lines[position].text):
        if _POSITION.match(lines[position].text):
            return position
        position += 1
    return None


def _next_blank(lines: list[Line], position: int, last: int) -> int:
    while position < last and lines[position].text and not _begins_record(lines[position].text):
        position += 1
    return position


def _is_rest_of_identifier(text: str) -> bool:
    return " " not in text.strip() and ":" not in text


def _error(lines: list[Line]) -> CmdletError:
    message: list[Line] = []
    fields: dict[str, list[str]] = {}
    name = ""
    for line in lines:
        if field := _FIELD.match(line.text):
            name = field["name"]
            fields[name] = [field["value"]]
        elif name:
            fields[name].append(line.text.strip())
        elif _ORIGIN.match(line.text):
            name = "Command"
            fields[name] = []
        elif not _POSITION.match(line.text):
            message.append(line)
    if fields and len(message) > 1 and _ANY_POSITION.match(message[-1].text):
        message.pop()
    first = message[0].text if message else ""
    prefix = _PREFIX.match(first) if _RAISED.match(first) or _UNKNOWN_COMMAND.match(first) else None
    return _record(
        _message(message, prefix.end() if prefix else 0),
        "".join(fields.get("FullyQualifiedErrorId", [])),
        " ".join(fields.get("CategoryInfo", [])).partition(":")[0],
    )


def _record(message: str, identifier: str, category: str) -> CmdletError:
    said = squeezed(message)
    if any(words in said for words in _NO_SUCH_COMMAND) and "commandnotfound" not in identifier.lower():
        identifier, category = "CommandNotFoundException", category or "ObjectNotFound"
    return CmdletError(message=message, id=clean(identifier.strip()), category=clean(category.strip(), 100))


def _message(lines: list[Line], begin: int) -> str:
    """The lines as one, without what stands before the message in the first."""
    filled = [line.text.strip() for line in lines if line.text]
    return clean(rejoined(filled, width_of(filled))[begin:].strip(), LONGEST_MESSAGE)
