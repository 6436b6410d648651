"""What nslookup prints on Windows, in several languages, and on Unix. Its first address is the server's own."""

import itertools
import re
from collections.abc import Iterable

from checks.knowledge.pasted.resolver_records import (
    MOST_RECORDS,
    Outcome,
    Said,
    address_record,
    concluded,
    host_name,
    key,
    record,
    service_record,
    silent,
    typed_kind,
    typed_name,
)
from checks.knowledge.pasted.screen import Line, squeezed
from checks.probes import Record

_LABEL = re.compile(r"([^\s:][^:]{0,40}?)\s{0,4}:(?:\s+(\S.{0,400}))?\Z")
_SERVER_ADDRESS = re.compile(r"([0-9A-Fa-f:.]{2,60}?)(?:#\d{1,5})?\Z")
_NAME_LABELS = {"name", "nom", "이름", "nome", "nombre", "naam"}
_SERVER_LABELS = {
    "server",
    "default server",
    "serveur",
    "serveur par défaut",
    "standardserver",
    "서버",
    "기본 서버",
    "servidor",
}
_ADDRESS_LABELS = {"address", "addresses", "adresse", "adressen", "adresses", "주소"}
_ALIAS_LABELS = {"aliases", "alias", "aliase", "별칭"}
_LABELS = _NAME_LABELS | _ADDRESS_LABELS | _ALIAS_LABELS
_WINDOWS_SERVICE = re.compile(r"(\S{1,260})\s+SRV service location\s?:\Z")
_SERVICE_PART = re.compile(r"(priority|weight|port|svr hostname)\s{1,20}= (\S{1,260})\Z")
_UNIX_SERVICE = re.compile(r"(\S{1,260})\s+service = (\S.{0,300})\Z")
_ALIAS = re.compile(r"(\S{1,260})\s+canonical name = (\S{1,260})\Z")
_ZONE = re.compile(r"(\S{1,260})\Z")
_STARS = re.compile(r"\*\*\*? ?(.{0,500})")
_WORD = re.compile(r"[\w-][\w.-]{0,258}", re.ASCII)
_SAYS_NO_NAME = ("non-existentdomain", "nxdomain", "domaineinexistant", "nichtvorhandenedomäne")
_SAYS_NO_RECORD = ("recordsavailable", "noanswer", "(a+aaaa)", "(srv)", "aucunenregistrement")
_SAYS_FAILURE = ("serverfailed", "servfail", "queryrefused", "refused", "unspecifiederror", "formaterror")
_SAYS_SILENCE = (
    "timed-out",
    "timedout",
    "noresponsefromserver",
    "noserverscouldbereached",
    "timeoutwas",
    "délaid'attente",
    "délaidelarequête",
    "zeitüberschreitung",
    "시간이초과",
    "시간초과",
)


def said_by_nslookup(command: str, lines: list[Line]) -> Said | None:
    """What nslookup says of one name; None where the lines are not its."""
    reading = _Reading(lines)
    if not reading.recognised:
        return None
    kind = typed_kind(command)
    asked = typed_name(command)
    if reading.records:
        return concluded(
            Said(name=asked or reading.first_name, records=tuple(reading.records), server=reading.server), kind
        )
    if reading.outcome is not None:
        name = asked or reading.named or reading.first_name
        return Said(name=name, kind=kind or reading.kind, outcome=reading.outcome, server=reading.server)
    if reading.zone:
        return Said(name=asked, kind=kind, outcome="no-such-record", server=reading.server, zone=reading.zone)
    if reading.first_name and reading.answered:
        # Windows shows the name alone where it has no address.
        return Said(name=asked or reading.first_name, kind=kind or "A", outcome="no-such-record", server=reading.server)
    if reading.silent:
        return silent(asked, kind)
    return Said(name=asked, kind=kind, sentence="nslookup shows its server and no answer. Paste all it prints.")


class _Reading:
    """The text line by line: the server first, then what it says."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self.records: list[Record] = []
        self.server = self.first_name = self.named = self.kind = self.zone = ""
        self.outcome: Outcome | None = None
        self.silent = self.recognised = self.answered = False
        self._part = ""
        """What an indented line belongs to: `address`, `alias` or `service`."""
        self._name = self._before = self._server_label = ""
        self._aliases: list[str] = []
        self._service: dict[str, str] = {}
        for line in lines:
            self._take(line)
        self._end_service()
        self._end_name()

    def _take(self, line: Line) -> None:
        text = line.text.strip()
        if not text:
            self._part = ""
        elif stars := _STARS.match(text):
            self.recognised = True
            self._take_stars(stars.group(1))
        elif any(words in squeezed(text) for words in _SAYS_SILENCE):
            self.silent = True
        elif not self._take_record(text) and not self._take_label(text):
            self._take_more(line.text)
        self._before = text

    def _take_stars(self, text: str) -> None:
        """Errors; those about the server's own name say nothing of the name asked."""
        plain = squeezed(text)
        if any(words in plain for words in _SAYS_NO_NAME):
            self._conclude("no-such-name", text)
        elif any(words in plain for words in _SAYS_SILENCE):
            self.silent = True
        elif any(words in plain for words in _SAYS_FAILURE):
            self._conclude("server-failure", text)
        elif any(words in plain for words in _SAYS_NO_RECORD):
            self.kind = "SRV" if "srv" in plain else "A" if "(a+aaaa)" in plain else ""
            self._conclude("no-such-record", text)

    def _conclude(self, outcome: Outcome, text: str) -> None:
        words = [word.rstrip(".") for word in _WORD.findall(text.partition(": ")[0] if ": " in text else text)]
        names = [word for word in words if "." in word and address_record("", word) is None]
        # Languages differ in which of server and name comes first; the server's is known from above.
        others = [name for name in names if key(name) != key(self._server_label)]
        if names:  # Without one it is the server's own name that could not be found.
            self.outcome, self.named = outcome, host_name((others or names)[-1])

    def _take_record(self, text: str) -> bool:
        if service := _WINDOWS_SERVICE.match(text):
            self._end_service()
            self._service = {"name": service.group(1)}
            self._part = "service"
        elif (part := _SERVICE_PART.match(text)) and self._service:
            self._service[part.group(1)] = part.group(2)
        elif service := _UNIX_SERVICE.match(text):
            self._add(record(host_name(service.group(1)), "SRV", service.group(2)))
        elif alias := _ALIAS.match(text):
            self._add(record(host_name(alias.group(1)), "CNAME", alias.group(2)))
        elif text.startswith("primary name server ="):
            zone = _ZONE.match(self._before)
            self.zone = host_name(zone.group(1)) if zone else ""
        else:
            return False
        self.recognised = True
        return True

    def _take_label(self, text: str) -> bool:
        shown = _LABEL.match(text)
        if shown is None or "=" in text:
            return False
        label, value = shown.group(1).strip().lower(), (shown.group(2) or "").strip()
        if label in _SERVER_LABELS or (label not in _LABELS and not self._server_label and value):
            self._end_name()
            self._server_label, self._name, self._part = value, "", ""
        elif label in _ADDRESS_LABELS and self._name:
            self._part = "address"
            self._add(address_record(self._name, value))
        elif label in _ADDRESS_LABELS:
            if self._server_label and (address := _SERVER_ADDRESS.match(value)):
                self.server, self.recognised = address.group(1), True
        elif label in _ALIAS_LABELS:
            self._part = "alias"
            self._aliases += [host_name(value)] if host_name(value) else []
        elif label in _NAME_LABELS or (self.server and host_name(value)):
            self._take_name(value)
        else:
            return False
        return True

    def _take_name(self, value: str) -> None:
        self._end_name()
        self._name = host_name(value)
        if self._name:
            self.first_name = self.first_name or self._name
            self.answered = bool(self.server)

    def _take_more(self, text: str) -> None:
        """A further address or alias, below the first."""
        if not text[:1].isspace():
            return
        if self._part == "address" and self._name:
            self._add(address_record(self._name, text))
        elif self._part == "alias":
            self._aliases += [host_name(text)] if host_name(text) else []

    def _add(self, one: Record | None) -> None:
        if one is not None and len(self.records) < MOST_RECORDS:
            self.records.append(one)
            self.recognised = True
            self.first_name = self.first_name or one.name

    def _end_name(self) -> None:
        """Windows lists the names asked as aliases, below the name that has the addresses."""
        chain = [*dict.fromkeys(self._aliases[:MOST_RECORDS]), self._name]
        aliases = [Record(name=one, kind="CNAME", value=after) for one, after in itertools.pairwise(chain) if after]
        if self._aliases and self.first_name == self._name:
            self.first_name = self._aliases[0]
        self.records = [*aliases, *self.records][:MOST_RECORDS]
        self._aliases = []

    def _end_service(self) -> None:
        if self._service:
            numbers = [self._service.get(part, "") for part in ("priority", "weight", "port")]
            if all(number.isascii() and number.isdigit() and len(number) <= 5 for number in numbers):
                priority, weight, port = (int(number) for number in numbers)
                target = self._service.get("svr hostname", "")
                self._add(service_record(host_name(self._service["name"]), target, priority, weight, port))
        self._service = {}
