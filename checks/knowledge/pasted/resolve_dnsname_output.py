"""What Resolve-DnsName prints: tables, lists, and errors whose identifiers no language translates."""

import re
from collections.abc import Iterable

from checks.knowledge.pasted.resolver_records import (
    KINDS,
    Outcome,
    Said,
    address_record,
    concluded,
    host_name,
    record,
    service_record,
    silent,
    typed_kind,
    typed_name,
)
from checks.knowledge.pasted.screen import Line, squeezed
from checks.probes import Record
from checks.text import clean

_ERROR = re.compile(r"Resolve-DnsName\s?: (\S{1,260}) : (.{0,400})")
_CATEGORY = re.compile(r"\+ CategoryInfo\s{1,20}: \w{1,40}: \((\S{1,260}?):String\) \[Resolve-DnsName\]")
_ECHO = re.compile(r"\+ (Resolve-DnsName .{0,500})")
_PROPERTY = re.compile(r"([A-Za-z0-9_]{1,40})\s{0,60}: ?(.{0,400})")
_CONTINUATION = re.compile(r"\s*-+(?: +-+)+\s*\Z")
_BY_ID: dict[str, Outcome] = {
    "dns_error_rcode_name_error": "no-such-name",
    "dns_error_rcode_server_failure": "server-failure",
    "dns_error_rcode_refused": "server-failure",
    "dns_info_no_records": "no-such-record",
}
_BY_WORDS: dict[str, Outcome] = {
    "DNS name does not exist": "no-such-name",
    "Le nom DNS n'existe pas": "no-such-name",
    "DNS-Name ist nicht vorhanden": "no-such-name",
    "DNS 이름이 없습니다": "no-such-name",
    "DNS server failure": "server-failure",
    "No records found for given DNS query": "no-such-record",
}
_TIMEOUT = ("error_timeout,", "thisoperationreturnedbecausethetimeoutperiodexpired")
_TARGETS = ("NameTarget", "NameHost", "IPAddress", "IP4Address", "IP6Address")


def said_by_resolve_dnsname(command: str, lines: list[Line]) -> Said | None:
    """What the cmdlet says; None where the lines are not its."""
    found = _Rows(lines)
    echo = next((match.group(1) for line in lines if (match := _ECHO.match(line.text))), "")
    asked = typed_name(command or echo)
    kind = typed_kind(command or echo)
    if error := _error(lines, asked, kind):
        return error
    if found.cut is not None:
        sentence = (
            f"The console cut a name off: {clean(found.cut.text.strip(), 200)}. Add | Format-List and paste that."
        )
        return Said(name=asked, kind=kind, sentence=sentence)
    if not found.seen:
        return None
    name = asked or (found.records[0].name if found.records else "")
    said = Said(name=name, records=tuple(found.records))
    if not found.records and not name:
        return Said(kind=kind, outcome="no-such-record", zone=found.zone)
    return concluded(said, kind if kind in KINDS else ("A" if not found.records else ""))


def _error(lines: list[Line], asked: str, kind: str) -> Said | None:
    text = "\n".join(line.text for line in lines)[:20_000]
    if "Resolve-DnsName" not in text:
        return None
    named = _ERROR.search(text) or _CATEGORY.search(text)
    name = asked or (host_name(named.group(1)) if named else "")
    plain = squeezed(text)
    outcome = next((outcome for words, outcome in _BY_ID.items() if words in plain), None)
    if outcome is None and named is not None:
        outcome = next((outcome for words, outcome in _BY_WORDS.items() if squeezed(words) in plain), None)
    if outcome is not None:
        return Said(name=name, kind=kind, outcome=outcome)
    return silent(name, kind) if any(words in plain for words in _TIMEOUT) else None


class _Rows:
    """The records of tables and lists, those of the answer alone."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self.records: list[Record] = []
        self.cut: Line | None = None
        self.zone = ""
        self.seen = False
        """True where anything of the cmdlet was there."""
        columns: list[str] = []
        properties: dict[str, str] = {}
        for line in lines:
            words = line.words
            if {"Name", "Type", "TTL", "Section"} <= set(words):
                columns = words
            elif not words:
                self._take(properties)
                properties = {}
            elif columns and not _CONTINUATION.match(line.text) and len(words) == len(columns):
                self._take_row(dict(zip(columns, words, strict=True)), line)
            elif (shown := _PROPERTY.match(line.text)) and line.text[0] != "+":
                if shown.group(1) in properties:
                    self._take(properties)
                    properties = {}
                properties[shown.group(1)] = shown.group(2).strip()
        self._take(properties)

    def _take_row(self, row: dict[str, str], line: Line) -> None:
        if row["Type"].upper() in {*KINDS, "SOA"} and any(value.endswith(("...", "…")) for value in row.values()):
            self.cut = self.cut or line
        self._take(row)

    def _take(self, properties: dict[str, str]) -> None:
        kind = (properties.get("Type") or properties.get("QueryType") or "").upper()
        name = host_name(properties.get("Name", ""))
        if not kind or not name or "Section" not in properties:
            return
        self.seen = True
        if kind == "SOA":
            self.zone = name
        if properties["Section"].lower() != "answer":
            return
        ttl = properties.get("TTL", "")
        one = _record(name, kind, properties, int(ttl) if ttl.isascii() and ttl.isdigit() and len(ttl) <= 10 else 0)
        self.records += [one] if one is not None else []


def _record(name: str, kind: str, properties: dict[str, str], ttl: int) -> Record | None:
    value = next((properties[key] for key in _TARGETS if properties.get(key)), "")
    if kind == "SRV":
        numbers = [properties.get(key, "") for key in ("Priority", "Weight", "Port")]
        if not all(number.isascii() and number.isdigit() and len(number) <= 5 for number in numbers):
            return None
        priority, weight, port = (int(number) for number in numbers)
        return service_record(name, value, priority, weight, port, ttl)
    if kind in {"A", "AAAA"}:
        return address_record(name, value, ttl)
    return record(name, kind, value, ttl)
