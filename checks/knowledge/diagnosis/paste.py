"""A pasted text, made searchable: one line, no typographic variants, and the names in it."""

import re
from functools import cached_property
from typing import NamedTuple

from checks.knowledge.diagnosis.model import Named
from checks.text import clean

MOST_CHARACTERS = 1_000_000
"""What lies beyond is not looked at."""
_GAP = " … "
_WIDEST_GAP = 300
_MOST_TRIES = 40
_MOST_NAMES = 20
_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}\.){1,8}[A-Za-z0-9-]{2,62}"
_BROKEN_AT_A_HYPHEN = re.compile(r"(?<=[A-Za-z0-9])-[ \t]{0,8}\r?\n\s{0,80}(?=[A-Za-z0-9])")
_URL = re.compile(rf"https?://({_HOST})(?::(\d{{1,5}}))?(/[^\s\"'<>)\]}}]{{0,300}})?", re.IGNORECASE)
_TARGET = re.compile(rf"(?:-target ?fqdn|target ?fqdn ?[:=]|\(fqdn\) cible ?:|대상 fqdn ?:)[\s\"']{{0,3}}({_HOST})")
_SERVER = re.compile(rf"x-ms-server-fqd[nb] ?: ?({_HOST})")
_CONNECTED = re.compile(rf"(?:connect(?:ed|ion)? to|computername ?:) \[?({_HOST})(?<![\d.])")
_DISCOVER = re.compile(rf"lyncdiscover(?:internal)?\.({_HOST})")
_SIP = re.compile(rf"sip:([a-z0-9._%+-]{{1,64}}@{_HOST})", re.IGNORECASE)
_AT_HOST = re.compile(rf"@({_HOST})")
_LOCAL_PART = re.compile(r"[A-Za-z0-9._%+-]{1,64}\Z")
_ENDPOINT = re.compile(rf"(\[[0-9a-f:.%]{{2,60}}\]|{_HOST}|\d{{1,3}}(?:\.\d{{1,3}}){{3}}) ?: ?(\d{{2,5}})(?![\d:.])")
_PLAIN = {
    "\u2018": "'", "\u2019": "'", "\u201b": "'", "\u2032": "'", "\u00b4": "'", "\u0060": "'",
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"',
    "\u2010": "-", "\u2011": "-", "\u2212": "-", "\uff1a": ":", "\u00a0": " ", "\u202f": " ", "\u200b": " ",
    "\ufeff": " ", "\x00": "", "\u0130": "I",
}  # fmt: skip
# The one character whose lower case is longer than itself is among them, so that positions stay the same.
_TO_PLAIN = str.maketrans(_PLAIN)


class Found(NamedTuple):
    """Where a wording stands in the flat text."""

    start: int
    end: int


class Endpoint(NamedTuple):
    """A host or address with a port, as in `10.188.116.96:5061`."""

    host: str
    port: int


class Paste:
    """A text to diagnose. `flat` is it on one line, `low` the same in lower case with the same positions."""

    def __init__(self, text: str, now: str = "") -> None:
        self.now = now
        """ISO 8601, UTC: dates a text that does not date itself; empty: this moment."""
        self.cut = len(text) > MOST_CHARACTERS
        self.text = text[:MOST_CHARACTERS]
        plain = self.text.translate(_TO_PLAIN)
        self.plain = plain
        self.flat = " ".join(_BROKEN_AT_A_HYPHEN.sub("-", plain).split())
        self.low = self.flat.lower()

    @cached_property
    def lines(self) -> list[str]:
        """The lines with typographic variants made plain, each at most 2000 characters."""
        return [line.rstrip()[:2000] for line in self.plain.splitlines()]

    def find(self, wording: str) -> Found | None:
        """Where a wording in lower case stands; ` … ` in it stands for at most 300 characters. None: nowhere."""
        first, *rest = wording.split(_GAP)
        position = self.low.find(first)
        for _ in range(_MOST_TRIES):
            if position < 0:
                return None
            end = self._following(position + len(first), rest)
            if end is not None:
                return Found(position, end)
            position = self.low.find(first, position + 1)
        return None

    def has(self, *wordings: str) -> bool:
        """True where one of the wordings stands in the text."""
        return any(self.find(wording) is not None for wording in wordings)

    def quote(self, found: Found, limit: int = 140) -> str:
        """That place in the text's own letters, out to whole words, cleaned."""
        start = max(self.flat.rfind(" ", max(0, found.start - 30), found.start) + 1, found.start - 30, 0)
        after = self.flat.find(" ", found.end, found.end + 30)
        end = after if after >= 0 else min(found.end + 30, len(self.flat))
        return clean(self.flat[start:end].strip(" .,;"), limit)

    def near(self, found: Found, width: int = 300) -> Endpoint | None:
        """The nearest endpoint after that place, else the last one before it."""
        after = _ENDPOINT.search(self.flat, found.start, min(len(self.flat), found.end + width))
        if after is None:
            before = list(_ENDPOINT.finditer(self.flat, max(0, found.start - width), found.start))
            after = before[-1] if before else None
        return Endpoint(after[1].strip("[]"), int(after[2])) if after else None

    @cached_property
    def pool(self) -> str:
        """The FQDN that a test was aimed at."""
        match = _TARGET.search(self.low)
        return match[1].strip("-") if match else ""

    @cached_property
    def server(self) -> str:
        """The Lync server that answered."""
        match = _SERVER.search(self.low)
        return match[1] if match else ""

    @cached_property
    def urls(self) -> tuple[tuple[str, str], ...]:
        """Host and path of the first web addresses, both in lower case."""
        found: list[tuple[str, str]] = []
        for match in _URL.finditer(self.flat):
            found.append((match[1].lower(), (match[3] or "/").lower()))
            if len(found) == _MOST_NAMES:
                break
        return tuple(found)

    @cached_property
    def web(self) -> str:
        """The host of the first address that is a Lync web service's, else of the first address or connection."""
        services = ("/mcx", "/ucwa", "/webticket", "/autodiscover", "/certprov", "/reach", "/abs")
        lync = (host for host, path in self.urls if path.startswith(services) or host.startswith("lyncdiscover"))
        connected = None if self.urls else _CONNECTED.search(self.low)
        return next(lync, self.urls[0][0] if self.urls else connected[1] if connected else "")

    @cached_property
    def users(self) -> tuple[str, ...]:
        """SIP addresses with `sip:`; where there is none, mail addresses as such."""
        found = [match[1].lower() for match in self._first(_SIP)]
        if not found:
            for match in self._first(_AT_HOST):
                local = _LOCAL_PART.search(self.flat, max(0, match.start() - 64), match.start())
                found += [f"{local[0]}@{match[1]}".lower()] if local else []
        return tuple(dict.fromkeys(f"sip:{address}" for address in found))

    @property
    def user(self) -> str:
        return self.users[0] if self.users else ""

    @cached_property
    def domain(self) -> str:
        """The SIP domain, from a name of Autodiscover or from a user."""
        match = _DISCOVER.search(self.low)
        return match[1] if match else self.user.partition("@")[2]

    @property
    def names(self) -> Named:
        return Named(sip=self.user, pool=self.pool, web=self.web if self.web != self.pool else "")

    def _following(self, position: int, parts: list[str]) -> int | None:
        for part in parts:
            at = self.low.find(part, position, position + _WIDEST_GAP + len(part))
            if at < 0:
                return None
            position = at + len(part)
        return position

    def _first(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        matches = []
        for match in pattern.finditer(self.flat):
            matches.append(match)
            if len(matches) == _MOST_NAMES:
                break
        return matches
