"""Pasted output of nslookup, dig, host and Resolve-DnsName as the records of a name."""

import re

from checks.knowledge.pasted import NotUnderstood
from checks.knowledge.pasted.dig_output import said_by_dig, said_by_host, said_shortly
from checks.knowledge.pasted.nslookup_output import said_by_nslookup
from checks.knowledge.pasted.resolve_dnsname_output import said_by_resolve_dnsname
from checks.knowledge.pasted.resolver_records import MOST_RECORDS, Said, key, typed_kind, typed_name
from checks.knowledge.pasted.screen import Line, lines_of, typed_at
from checks.model import Frozen
from checks.probes import Lookup, Records
from checks.text import clean

_MOST_CHUNKS = 40
_INTERACTIVE = re.compile(r"> ?(\S.{0,300})?\Z")
_SET_KIND = re.compile(r"set\s+(?:q|ty|type|querytype)=(\w{1,10})", re.IGNORECASE)


class Resolved(Frozen, frozen=True):
    """What a text says of one name."""

    name: str
    """Empty where the text shows the answer and not the name that was asked."""
    kind: str
    """A, AAAA, CNAME or SRV; empty where the text does not show it."""
    records: Records


def read(question: Lookup, text: str) -> Records | NotUnderstood:
    """The records of the question's name.

    NotUnderstood where the text is of another name or another kind of record, and where no server answered: from
    silence nothing follows for the name.
    """
    chunks = _chunks(text)
    said = [one for command, lines in chunks if (one := _said(command, lines, question)) is not None]
    if not said:
        return NotUnderstood(
            sentence=f"This is not what nslookup, dig or Resolve-DnsName prints. Run {question.typed()} and paste all of it."
        )
    of_name = [one for one in said if _is_of(one, question.name)]
    if not of_name:
        return NotUnderstood(
            sentence=f"This is of {said[0].name or said[0].zone}; asked was {clean(question.name, 260)}."
        )
    fitting = [one for one in of_name if one.outcome is not None and _has_kind(one, question)]
    if fitting:
        return _merged(fitting, question)
    if sentence := next((one.sentence for one in of_name if one.sentence), ""):
        return NotUnderstood(sentence=sentence)
    kind = of_name[0].kind
    return NotUnderstood(sentence=f"This asks for {kind} records. Run {question.typed()} and paste all it prints.")


def recognise(text: str) -> Resolved | None:
    """What the text says of the first name in it; None where it is no such text, or nothing follows from it."""
    for command, lines in _chunks(text):
        said = _said(command, lines, None)
        if said is not None and said.outcome is not None:
            return Resolved(name=said.name, kind=said.kind, records=_records(said))
    return None


def _chunks(text: str) -> list[tuple[str, list[Line]]]:
    """The typed commands, each with what it printed; nslookup's own prompts count as commands."""
    chunks: list[tuple[str, list[Line]]] = [("", [])]
    kind = ""
    for line in lines_of(text):
        typed = typed_at(line)
        asked = _INTERACTIVE.match(line.text) if typed is None else None
        if asked is not None:
            words = asked.group(1) or ""
            wanted = _SET_KIND.match(words)
            kind = wanted.group(1) if wanted else kind
            typed = f"nslookup -type={kind or 'a'} {words}" if words and not words.startswith("set ") else ""
        if typed is None:
            chunks[-1][1].append(line)
        elif len(chunks) < _MOST_CHUNKS:
            chunks.append((typed, []))
    return chunks


def _said(command: str, lines: list[Line], question: Lookup | None) -> Said | None:
    if "+short" in command or (question is not None and not command):
        name = typed_name(command) or (question.name if question else "")
        kind = typed_kind(command) or (question.kind if question else "")
        if (short := said_shortly(command, lines, name, kind)) is not None and (short.records or short.sentence):
            return short
    if all(line.blank for line in lines):
        return None
    return (
        said_by_resolve_dnsname(command, lines)
        or said_by_dig(command, lines)
        or said_by_host(command, lines)
        or said_by_nslookup(command, lines)
    )


def _is_of(said: Said, name: str) -> bool:
    """True where the text is about the name, or the name leads there by its aliases."""
    wanted = key(name)
    if said.name:
        owners = {key(said.name)} | {key(one.name) for one in said.records if one.kind == "CNAME"}
        return wanted in owners
    if said.records:
        return wanted in {key(one.name) for one in said.records}
    zone = key(said.zone)
    return not zone or wanted == zone or wanted.endswith(f".{zone}")


def _has_kind(said: Said, question: Lookup) -> bool:
    if said.outcome in {"no-such-name", "server-failure"} or not said.kind:
        return True
    if question.kind != "ADDRESS":
        return said.kind == question.kind
    # That a name has no IPv6 address says nothing of its other ones.
    return said.kind == "A" or (said.kind == "AAAA" and said.outcome == "found")


def _merged(said: list[Said], question: Lookup) -> Records:
    """One answer of all that was said of the name: A and AAAA may have been asked one by one."""
    order = ("found", "loop", "no-such-name", "server-failure", "no-such-record")
    best = min(said, key=lambda one: order.index(one.outcome or "no-such-record"))
    if best.outcome != "found":
        return _records(best)
    wanted = {"A", "AAAA"} if question.kind == "ADDRESS" else {question.kind}
    found = [one for each in said if each.outcome == "found" for one in each.records]
    kept = {(one.name, one.kind, one.value): one for one in found if one.kind in wanted | {"CNAME"}}
    records = tuple(sorted(kept.values(), key=lambda one: one.kind != "CNAME"))
    return Records(outcome="found", records=records[:MOST_RECORDS], server=clean(best.server, 60))


def _records(said: Said) -> Records:
    return Records(outcome=said.outcome or "no-such-record", records=said.records, server=clean(said.server, 60))
