"""The names of one journal and what stands for each: noted first, all of them, then given other names."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from typing import Literal

from checks.redaction.suffixes import TOP_LEVEL, kept
from checks.redaction.vocabulary import VOCABULARY

Kind = Literal["domain", "host", "user", "person", "site", "policy", "organisation", "name", "file", "serial"]

# Values that every deployment has under the same name.
_EVERYBODYS = "global default none null true false srv: automatic uninitialized unchanged yes no"
_RESERVED = frozenset(_EVERYBODYS.split())
_ATOM = re.compile(r"[^\W_]+")
_SHORTEST = 3
"""Characters that a name must have to be looked for in the middle of a sentence."""
_LONGEST = 24
"""Words that a name looked for there may have."""


def is_ordinary(text: str) -> bool:
    """True where no word of the text could be a name: words of the vocabulary, numbers, single letters."""
    return all(
        len(word) < _SHORTEST or word.isdecimal() or word in VOCABULARY for word in _ATOM.findall(text.casefold())
    )


class Names:
    """What stands for each name, whatever its case. The same text has the same stand-in wherever it occurs."""

    def __init__(self) -> None:
        self._kinds: dict[str, Kind] = {}
        self._given: dict[str, str] = {}
        self._count: Counter[Kind] = Counter()
        self._foreign_endings: set[str] = set()
        self._loose: dict[str, str] = {}
        self._words_after: dict[str, int] = {}
        self._sorted: list[str] = []
        self._settled = False

    def word(self, text: str, kind: Kind) -> str:
        """What stands for a name. Until all are known it is only noted, and comes back as it is."""
        key = _key(text)
        if not key or key in _RESERVED:
            return text
        if not self._settled:
            self._kinds.setdefault(key, kind)
            return text
        if key not in self._given:
            self._given[key] = self._fresh(kind)
        return self._given[key]

    def person(self, text: str) -> str:
        """What stands for a person's name. First and last name are names too."""
        parts = text.split()
        if 1 < len(parts) <= 4:
            for part in parts:
                if part.isalpha() and len(part) >= _SHORTEST:
                    self.word(part, "person")
        return self.word(text, "person")

    def host(self, text: str) -> str:
        """What stands for a host name, label by label."""
        labels = text.split(".")
        stays = kept([label.lower() for label in labels])
        if not stays[-1] and len(labels) > 1:
            self._foreign_endings.add(labels[-1].casefold())
        own = max((place for place, stay in enumerate(stays) if not stay), default=0)
        return ".".join(
            label if stay else self.word(label, "domain" if place == own else "host")
            for place, (label, stay) in enumerate(zip(labels, stays, strict=True))
        )

    def is_host(self, text: str) -> bool:
        """True where a dotted text ends as a host name does, or as those that were seen where one is expected."""
        ending = text.rpartition(".")[2].casefold()
        return ending in TOP_LEVEL or ending in self._foreign_endings

    @property
    def endings(self) -> int:
        """How many endings of host names were learned: with one more, the same text may hold more names."""
        return len(self._foreign_endings)

    def settle(self) -> None:
        """All names are known: from now on each has another one, which is none of them."""
        self._settled = True
        for key, kind in self._kinds.items():
            self._given[key] = self._fresh(kind)
        self._sorted = sorted(key for key in self._given if not is_ordinary(key))
        for key in self._sorted:
            atoms = list(_ATOM.finditer(key))
            if len(key) >= _SHORTEST and atoms and len(atoms) <= _LONGEST:
                self._loose.setdefault(key[atoms[0].start() : atoms[-1].end()], self._given[key])
                first = atoms[0].group()
                self._words_after[first] = max(len(atoms), self._words_after.get(first, 0))

    def in_prose(self, text: str) -> str:
        """The text with every noted name replaced that stands there as whole words."""
        atoms = list(_ATOM.finditer(text))
        done: list[str] = []
        end = place = 0
        while place < len(atoms):
            length = self._words_after.get(atoms[place].group().casefold(), 0)
            found = next(self._found(text, atoms, place, length), None)
            if found is not None:
                words, other = found
                done += (text[end : atoms[place].start()], other)
                end = atoms[place + words - 1].end()
                place += words
            else:
                place += 1
        return "".join((*done, text[end:]))

    def begun(self, text: str) -> str | None:
        """What stands for the name that begins like this: the rest was cut off. None where there is none."""
        key = _key(text)
        place = bisect_left(self._sorted, key)
        if len(key) < _SHORTEST or is_ordinary(key) or place == len(self._sorted):
            return None
        return self._given[self._sorted[place]] if self._sorted[place].startswith(key) else None

    def _found(self, text: str, atoms: list[re.Match[str]], place: int, length: int) -> Iterator[tuple[int, str]]:
        """The longest name first, with its number of words."""
        for words in range(min(length, len(atoms) - place), 0, -1):
            candidate = _key(text[atoms[place].start() : atoms[place + words - 1].end()])
            if candidate in self._loose:
                yield words, self._loose[candidate]

    def _fresh(self, kind: Kind) -> str:
        while True:
            self._count[kind] += 1
            name = f"{kind}{self._count[kind]}"
            if name not in self._kinds:
                return name


def _key(text: str) -> str:
    return " ".join(text.casefold().split())
