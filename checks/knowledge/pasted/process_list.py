"""Process numbers and names out of tasklist and Get-Process, in any language: the shape is the same in all."""

import re
from collections.abc import Iterable

from checks.knowledge.pasted.screen import Line
from checks.text import clean

MOST_PROCESSES = 20_000
_CSV = re.compile(r'"([^"]{1,260})","(\d{1,10})",')
_TASKLIST_ROW = re.compile(r"(.{1,60}?) (\d{1,10}) (?:\S{1,20} )?\d{1,5} [\d., ]{1,15} ?K[oB]?\Z")
_TASKLIST_RULER = re.compile(r"=+(?: +=+){2,8}\s*\Z")
_RULER = re.compile(r"\s*-+(?: +-+)+\s*\Z")
_PROPERTY = re.compile(r"(\w{1,40})\s{0,60}: ?(.{0,300})")
_ID, _NAME = {"id", "processid"}, {"processname", "name"}


def processes(lines: Iterable[Line]) -> dict[int, str]:
    """Names by process number; empty where the paste holds no list of processes."""
    found: dict[int, str] = {}
    reader = _Reader()
    for line in lines:
        for pid, name in reader.read(line):
            if len(found) < MOST_PROCESSES and name.strip():
                found.setdefault(pid, clean(name.strip(), 100))
    return found


class _Reader:
    """Knows which table the lines belong to."""

    def __init__(self) -> None:
        self._columns: list[tuple[int, int]] = []
        self._header: list[str] = []
        self._candidate: list[str] = []
        self._properties: dict[str, str] = {}

    def read(self, line: Line) -> list[tuple[int, str]]:
        text = line.text
        if not text.strip():
            self._columns, self._header, self._properties = [], [], {}
            return []
        if csv := _CSV.match(text.strip()):
            return [(int(csv.group(2)), csv.group(1))]
        if _TASKLIST_RULER.match(text):
            self._columns = [match.span() for match in re.finditer("=+", text)]
            return []
        if _RULER.match(text):
            self._header = [word.lower() for word in self._candidate]
            return []
        self._candidate = line.words
        return self._row(line) or self._property(text)

    def _row(self, line: Line) -> list[tuple[int, str]]:
        if self._columns:
            (start, end), (_, pid_end) = self._columns[:2]
            name, pid = line.text[start:end], line.text[end:pid_end].strip()
            return [(int(pid), name)] if _number(pid) else []
        if self._header:
            return self._from_table(line.words)
        row = _TASKLIST_ROW.match(" ".join(line.words))
        return [(int(row.group(2)), row.group(1))] if row else []

    def _from_table(self, words: list[str]) -> list[tuple[int, str]]:
        """Columns before Id may be blank, so both are counted from the side where all are filled."""
        ids = [at for at, word in enumerate(self._header) if word in _ID]
        names = [at for at, word in enumerate(self._header) if word in _NAME]
        if len(ids) != 1 or len(names) != 1:
            return []
        at, name_at = ids[0], names[0]
        if name_at == len(self._header) - 1:
            place = at if at == 0 else at - len(self._header)
            name = words[1:] if (at, name_at) == (0, 1) else words[-1:]
        elif (name_at, at) == (0, len(self._header) - 1):
            place, name = -1, words[:-1]
        else:
            return []
        if not -len(words) <= place < len(words) or not _number(words[place]):
            return []
        return [(int(words[place]), " ".join(name))]

    def _property(self, text: str) -> list[tuple[int, str]]:
        match = _PROPERTY.match(text)
        if match is None:
            return []
        self._properties[match.group(1).lower()] = match.group(2).strip()
        pid = next((self._properties[key] for key in _ID if key in self._properties), "")
        name = next((self._properties[key] for key in ("processname", "name") if key in self._properties), "")
        return [(int(pid), name)] if _number(pid) and name else []


def _number(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) <= 10
