"""A journal's lines as plain values, read for names and then written with others in their place."""

import re
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any, get_args

from checks.journal import PASTED, STATED
from checks.redaction.addresses import Addresses
from checks.redaction.names import Kind, Names, is_ordinary
from checks.redaction.places import FEW, LITERALS, Place, is_kept_header, place_of
from checks.redaction.prose import Prose

_DEEPEST = 40
"""Levels of nesting below which nothing is kept; no answer of the world is as deep."""
WITHHELD = "…"
"""What stands for a text that is left out."""

_OUR_WORD = re.compile(r"[a-z0-9-]{1,60}(?:\.[a-z0-9-]{1,60}(?:/[a-z0-9-]{1,60})?)?\Z")
_CMDLET = re.compile(r"[A-Z][A-Za-z]+-[A-Z][A-Za-z]+\Z")
_SCOPE = re.compile(
    r"((?:(?:service|tag|site|[a-z]{3,30}(?:server|store|database)|registrar|director):)+)(?=.)", re.IGNORECASE
)
_SCHEME = re.compile(r"(?:sips?|tel|mailto|smtp):", re.IGNORECASE)
_HOST = re.compile(r"[\w*-]+(?:\.[\w-]+)*\.?\Z")
_ERROR_OF_IIS = re.compile(r"HTTP Error \d{3}(?:\.\d{1,3})?\b")
"""The number in the title of a page of IIS: it tells why, and nobody's name."""
_HTML = re.compile(r"\s*+<(?:!doctype\s+html|html|head|body|form)\b", re.IGNORECASE)
_ELEMENT = re.compile(r"<(/?[a-z][a-z0-9]{0,20})\b([^<>]*+)>", re.IGNORECASE)
_KIND_OF_INPUT = re.compile(r"""\btype\s?=\s?["']?(password|text|submit|hidden)\b""", re.IGNORECASE)
_IN_QUERY = re.compile(r"%(?:40|3A)", re.IGNORECASE)
"""How `@` and `:` are written within a web address."""
_QUERY = re.compile(r"[?#].*\Z", re.DOTALL)
_WORD = re.compile(r"[^\W_]+")
_STAND_IN = re.compile(rf"(?:{'|'.join(get_args(Kind))})\d+\Z")


class Lines:
    """Reads every line, then writes every line with other names."""

    def __init__(self) -> None:
        self._names = Names()
        self._prose = Prose(self._names, Addresses())
        self._whole: Mapping[Place, Callable[[str], str]] = {
            "host": self._host,
            "user": self._user,
            "person": self._person,
            "site": self._site,
            "policy": self._policy,
            "identity": self._identity,
            "file": self._file,
            "phone": self._phone,
            "serial": lambda text: self._prose.serial(text) if text else text,
            "remark": lambda text: text if is_ordinary(text) else self._names.word(text, "name"),
            "message": self._prose.message,
        }

    def settle(self) -> None:
        """All lines were read."""
        self._names.settle()
        self._prose.settled = True

    def written(self, value: Any) -> Any:
        """The value with other names; before `settle` it is only read."""
        return self._value(value, "", {}, 0)

    def by_a_person(self, text: str) -> str:
        """What somebody wrote in his own words: the names of the walk replaced, and left out what else could be one."""
        return _WORD.sub(lambda word: word[0] if _is_harmless(word[0]) else WITHHELD, self._prose.message(text))

    def _value(self, value: Any, key: str, beside: Mapping[str, Any], depth: int) -> Any:
        if depth > _DEEPEST:
            return None
        match value:
            case str():
                return self._text(value, key, beside)
            case dict():
                return self._object(value, depth)
            case list() | tuple() if key == "parameters":
                return [self._pair(item, depth) for item in value]
            case list() | tuple() if key == "headers":
                return [self._header(item) for item in value]
            case list() | tuple():
                return [self._value(item, key, beside, depth + 1) for item in value]
        return value

    def _object(self, value: dict[str, Any], depth: int) -> dict[str, Any]:
        written = {
            self._prose.replaced(name): self._value(item, name, value, depth + 1) for name, item in value.items()
        }
        if {"headers", "body"} <= value.keys() and isinstance(value["body"], str):
            written["body"] = self._page(value)
        return written

    def _pair(self, item: Any, depth: int) -> Any:
        """A parameter of a cmdlet, which is a key and a value."""
        match item:
            case [str(name), value]:
                return [self._prose.replaced(name), self._value(value, name, {}, depth + 1)]
        return self._value(item, "", {}, depth + 1)

    def _header(self, item: Any) -> Any:
        match item:
            case [str(name), str(value)]:
                place = place_of(name, {})
                if place is None and not is_kept_header(name):
                    return [self._prose.replaced(name), WITHHELD]
                return [self._prose.replaced(name), self._text(value, name.lower(), {})]
        return self._value(item, "", {}, 0)

    def _text(self, value: str, key: str, beside: Mapping[str, Any]) -> str:
        if key in LITERALS or value in FEW.get(key, ()) or not value:
            return value
        if key in {"step", "because", "runbook", "scenario", "answer"} and _OUR_WORD.match(value):
            return value
        if (key == "cmdlet" or (key == "name" and beside.get("type") == "shell")) and _CMDLET.match(value):
            return value
        value = _IN_QUERY.sub(lambda escaped: "@" if escaped[0] == "%40" else ":", value)
        if key == "location":
            value = _QUERY.sub("", value)
        if key == "evidence":
            return self._file(value)
        place = place_of(key, beside)
        return self._whole[place](value) if place else self._prose.replaced(value)

    def _host(self, text: str) -> str:
        return self._prose.host(text) if _HOST.match(text) else self._identity(text)

    def _user(self, text: str) -> str:
        prefix = _SCHEME.match(text)
        scheme = prefix[0] if prefix else ""
        address = text[len(scheme) :]
        local, at, host = address.rpartition("@")
        if at and local and _HOST.match(host):
            return scheme + self._prose.mail(local, host)
        domain, backslash, account = address.partition("\\")
        if backslash:
            return f"{scheme}{self._names.word(domain, 'domain')}\\{self._names.word(account, 'user')}"
        return scheme + self._names.word(address, "user")

    def _person(self, text: str) -> str:
        if self._prose.has_form(text):
            return self._prose.replaced(text)
        return text if is_ordinary(text) else self._names.person(text)

    def _site(self, text: str) -> str:
        return self._scoped(text, lambda name: name if is_ordinary(name) else self._names.word(name, "site"))

    def _policy(self, text: str) -> str:
        return self._scoped(text, lambda name: name if is_ordinary(name) else self._names.word(name, "policy"))

    def _identity(self, text: str) -> str:
        """What a cmdlet calls a thing: a scope and a name, a host, a user in one of his forms, a person."""
        scope = _SCOPE.match(text)
        if scope is not None:
            kind = scope[1].lower()
            place: Place = "policy" if kind.endswith("tag:") else "site" if kind.endswith("site:") else "host"
            return scope[1] + self._whole[place](text[scope.end() :])
        if self._prose.has_form(text):
            return self._prose.replaced(text)
        return text if is_ordinary(text) else self._names.word(text, "name")

    def _scoped(self, text: str, name: Callable[[str], str]) -> str:
        scope = _SCOPE.match(text)
        if scope is None:
            return name(text)
        if scope[1].lower() in {"tag:", "site:"}:
            return scope[1] + name(text[scope.end() :])
        return self._identity(text)

    def _file(self, text: str) -> str:
        """A file under another name, with its ending."""
        if text in {"", PASTED, STATED}:
            return text
        name = PureWindowsPath(text).name if "\\" in text else PurePosixPath(text).name
        ending = name[name.rfind(".") :] if re.fullmatch(r".*\.[a-z]{2,5}", name) else ""
        return self._names.word(text, "file") + (ending if self._prose.settled else "")

    def _phone(self, text: str) -> str:
        return self._prose.phone(text) if any(character.isdecimal() for character in text) else self._user(text)

    def _page(self, hop: Mapping[str, Any]) -> str:
        """Of a web page its elements and its title, which tell a form from a page; of other text all but its names."""
        body = str(hop["body"])
        if not (_HTML.match(body) or "html" in _content_type(hop["headers"])):
            return self._prose.replaced(body)
        kept: list[str] = []
        for element in _ELEMENT.finditer(body):
            kind = _KIND_OF_INPUT.search(element[2])
            kept.append(f'<{element[1]} type="{kind[1]}">' if kind else f"<{element[1]}>")
            if element[1].lower() == "title":
                title = body[element.end() :].partition("<")[0].strip()
                error = _ERROR_OF_IIS.match(title)
                kept.append(error[0] if error else title if is_ordinary(title) else self._names.word(title, "name"))
        return "".join(kept)


def _is_harmless(word: str) -> bool:
    return is_ordinary(word) or _STAND_IN.match(word) is not None


def _content_type(headers: Any) -> str:
    pairs = headers if isinstance(headers, list | tuple) else ()
    return " ".join(str(pair[1]) for pair in pairs if len(pair) == 2 and str(pair[0]).lower() == "content-type").lower()
