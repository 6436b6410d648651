"""What dig and host print."""

import re
from collections.abc import Iterable

from checks.knowledge.pasted.resolver_records import (
    KINDS,
    Outcome,
    Said,
    concluded,
    host_name,
    record,
    silent,
    typed_kind,
    typed_name,
)
from checks.knowledge.pasted.screen import Line
from checks.probes import Record

_STATUS = re.compile(r"->>HEADER<<-.{0,60}status: (\w{1,20})")
_QUESTION = re.compile(r";(\S{1,260})\s{1,40}IN\s{1,8}(\w{1,10})\Z")
_SECTION = re.compile(r";; (\w{1,20}) SECTION:")
_RECORD = re.compile(
    r"(\S{1,260})\s{1,40}(?:(\d{1,10})\s{1,40})?IN\s{1,40}(A|AAAA|CNAME|SRV|SOA)\s{1,40}(\S.{0,600})\Z"
)
_SERVER = re.compile(r";; SERVER: ([0-9A-Fa-f:.]{2,60})#\d+")
_COMMAND = re.compile(r"; <<>> DiG \S{1,60} <<>> (.{0,500})")
_SILENCE = ("no servers could be reached", "connection timed out", "communications error")
_HOST_LINES = (
    (re.compile(r"(\S{1,260}) has address (\S{1,60})\Z"), "A"),
    (re.compile(r"(\S{1,260}) has IPv6 address (\S{1,60})\Z"), "AAAA"),
    (re.compile(r"(\S{1,260}) is an alias for (\S{1,260})\Z"), "CNAME"),
    (re.compile(r"(\S{1,260}) has SRV record (\S.{0,300})\Z"), "SRV"),
)
_HOST_FAILURE = re.compile(r"Host (\S{1,260}) not found: \d{1,3}\((\w{1,20})\)")
_HOST_NOTHING = re.compile(r"(\S{1,260}) has no (A|AAAA|CNAME|SRV) record\Z")
_HOST_SERVER = re.compile(r"Address: ([0-9A-Fa-f:.]{2,60})#\d+\Z")
_FAILURES: dict[str, Outcome] = {"NXDOMAIN": "no-such-name", "NOERROR": "no-such-record"}


def said_by_dig(command: str, lines: list[Line]) -> Said | None:
    """What dig says; None where the lines are not dig's."""
    reading = _Reading(lines)
    if not reading.recognised:
        return None
    name = reading.name or typed_name(reading.command or command)
    kind = reading.kind or typed_kind(reading.command or command)
    if reading.status == "" and not reading.records:
        return silent(name, kind) if reading.silent else None
    said = Said(
        name=name or (reading.records[0].name if reading.records else ""),
        records=reading.records,
        server=reading.server,
    )
    wanted = kind if kind in KINDS else ""
    if reading.status not in {"", "NOERROR", "NXDOMAIN"}:
        return Said(name=name, kind=kind, outcome="server-failure", server=reading.server)
    if reading.status == "NXDOMAIN":
        return Said(name=name, kind=kind, outcome="no-such-name", records=reading.records, server=reading.server)
    return concluded(said, wanted or ("A" if not reading.records else ""))


class _Reading:
    def __init__(self, lines: Iterable[Line]) -> None:
        self.status = self.name = self.kind = self.server = self.command = ""
        self.silent = False
        found: list[Record] = []
        section = "ANSWER"
        self.recognised = False
        for line in lines:
            text = line.text
            if status := _STATUS.search(text):
                self.status = status.group(1).upper()
            elif named := _SECTION.match(text):
                section = named.group(1).upper()
            elif command := _COMMAND.match(text):
                self.command = f"dig {command.group(1)}"
            elif server := _SERVER.match(text):
                self.server = server.group(1)
            elif (asked := _QUESTION.match(text)) and not self.name:
                self.name, self.kind = host_name(asked.group(1)), asked.group(2).upper()
            elif text.startswith(";;") and any(words in text for words in _SILENCE):
                self.silent = self.recognised = True
            elif section == "ANSWER" and (shown := _RECORD.match(text)):
                owner, ttl, kind, data = shown.groups()
                one = record(host_name(owner), kind, data, int(ttl or 0))
                found += [one] if one is not None else []
        self.records = tuple(found)
        self.recognised = self.recognised or bool(self.status or self.command or found)


def said_shortly(command: str, lines: Iterable[Line], name: str, kind: str) -> Said | None:
    """What `dig +short` says of the name: values alone, so name and kind come from the command or the question."""
    texts = [line.text.strip() for line in lines if not line.blank]
    if texts and all(text.startswith(";;") and any(words in text for words in _SILENCE) for text in texts):
        return silent(name, kind)
    wanted = [kind] if kind in KINDS else ["A", "AAAA"]
    records: list[Record] = []
    owner = name
    for text in texts:
        one = next((found for each in wanted if each != "CNAME" and (found := record(owner, each, text))), None)
        if one is None and text.endswith("."):
            one = record(owner, "CNAME", text)
            owner = host_name(text)
        if one is None:
            return None
        records.append(one)
    if records:
        return concluded(Said(name=name, records=tuple(records)), kind if kind in KINDS else "")
    if "+short" not in command:
        return None
    sentence = (
        "dig +short printed nothing, which does not say why. Run it again without +short and paste all it prints."
    )
    return Said(name=name, kind=kind, sentence=sentence)


def said_by_host(command: str, lines: list[Line]) -> Said | None:
    """What host says; None where the lines are not its."""
    records: list[Record] = []
    server = ""
    nothing: Said | None = None
    for line in lines:
        text = line.text.strip()
        if failure := _HOST_FAILURE.match(text):
            outcome = _FAILURES.get(failure.group(2).upper(), "server-failure")
            return Said(name=host_name(failure.group(1)), kind=typed_kind(command), outcome=outcome, server=server)
        if none := _HOST_NOTHING.match(text):
            nothing = Said(name=host_name(none.group(1)), kind=none.group(2), outcome="no-such-record", server=server)
        elif address := _HOST_SERVER.match(text):
            server = address.group(1)
        for pattern, kind in _HOST_LINES:
            if shown := pattern.match(text):
                one = record(host_name(shown.group(1)), kind, shown.group(2))
                records += [one] if one is not None else []
    if not records:
        return nothing
    said = Said(name=records[0].name, records=tuple(records), server=server)
    return concluded(said, "")
