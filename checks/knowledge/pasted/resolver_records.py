"""What the readers of resolver output have in common: one thing said about one name."""

import ipaddress
import re
from typing import Literal

from checks.model import Frozen
from checks.probes import Record
from checks.text import clean

MOST_RECORDS = 64
KINDS = ("A", "AAAA", "CNAME", "SRV")
_HOST = re.compile(r"[\w*](?:[\w.-]{0,258}[\w.])?\Z")
_SRV = re.compile(r"(\d{1,5})\s+(\d{1,5})\s+(\d{1,5})\s+(\S{1,260})\Z")

Outcome = Literal["found", "no-such-name", "no-such-record", "server-failure", "loop"]


class Said(Frozen, frozen=True):
    """What a text says of one name."""

    name: str = ""
    """As asked; empty where the text does not show it."""
    kind: str = ""
    """A, AAAA, CNAME or SRV; empty where the text does not show it."""
    outcome: Outcome | None = None
    """None where nobody answered, or the text could not be understood."""
    records: tuple[Record, ...] = ()
    server: str = ""
    zone: str = ""
    """Where the name asked is not shown, but the zone that has it is."""
    sentence: str = ""
    """Set where the outcome is None: why, and what to do."""


def silent(name: str = "", kind: str = "") -> Said:
    """No name server answered: of the name nothing follows."""
    return Said(name=name, kind=kind, sentence="No name server answered in time, so nothing follows for the name.")


def host_name(word: str) -> str:
    """The name without its final dot, cleaned; empty where the word is none."""
    name = word.strip().rstrip(".")
    return clean(name, 260) if _HOST.match(name) else ""


def key(name: str) -> str:
    return name.strip().rstrip(".").lower()


def address_record(name: str, word: str, ttl: int = 0) -> Record | None:
    """An A or AAAA record of the address; None where the word is no address."""
    address = word.strip().partition("%")[0]
    try:
        version = ipaddress.ip_address(address).version
    except ValueError:
        return None
    return Record(name=name, kind="AAAA" if version == 6 else "A", value=address.lower(), ttl=ttl)


def record(name: str, kind: str, data: str, ttl: int = 0) -> Record | None:
    """The record that a line of a zone holds; None where it is of another kind, or the data do not fit."""
    match kind:
        case "A" | "AAAA":
            found = address_record(name, data, ttl)
            return found if found is not None and found.kind == kind else None
        case "CNAME":
            target = host_name(data)
            return Record(name=name, kind=kind, value=target, ttl=ttl) if target else None
        case "SRV" if service := _SRV.match(data.strip()):
            priority, weight, port = (int(number) for number in service.groups()[:3])
            return service_record(name, service.group(4), priority, weight, port, ttl)
    return None


def service_record(name: str, target: str, priority: int, weight: int, port: int, ttl: int = 0) -> Record | None:
    host = host_name(target)
    if not host or max(priority, weight, port) > 65535:
        return None
    return Record(name=name, kind="SRV", value=host, ttl=ttl, priority=priority, weight=weight, port=port)


def concluded(said: Said, kind: str) -> Said:
    """`said` with the outcome that its records mean, for a question of this kind (empty: any)."""
    wanted = {kind} if kind else set(KINDS) - {"CNAME"}
    found = any(one.kind in wanted for one in said.records)
    return Said(
        name=said.name,
        kind=kind or next((one.kind for one in said.records if one.kind != "CNAME"), ""),
        outcome="found" if found else "loop" if _in_a_circle(said.records) else "no-such-record",
        records=said.records[:MOST_RECORDS],
        server=said.server,
    )


def _in_a_circle(records: tuple[Record, ...]) -> bool:
    """True where aliases lead back to one of themselves."""
    leads = {key(one.name): key(one.value) for one in records if one.kind == "CNAME"}
    name, seen = next(iter(leads), ""), set[str]()
    while name in leads and name not in seen:
        seen.add(name)
        name = leads[name]
    return name in seen


def typed_kind(command: str) -> str:
    """The record type that a command of any of the tools asks for; empty where it does not say."""
    named = re.search(
        r"(?:-(?:type|querytype|query|ty?|q)[= ]\s{0,4}|\s)(srv|aaaa|cname|a)(?=\s|\Z)", command, re.IGNORECASE
    )
    return named.group(1).upper() if named else ""


def typed_name(command: str) -> str:
    """The first word of a command that can be the name asked for; empty where there is none."""
    skip = False
    for word in command.split()[1:40]:
        plain = word.strip("'\"")
        if skip:
            skip = False
        elif word.lower() in {"-name", "/name"}:
            continue
        elif word.startswith(("-", "+", "@", "|", "/")):
            if word.startswith("|"):
                break
            skip = word.lower() in {"-server", "-type", "-t", "-p", "-q", "-c"}
        elif "." in plain and host_name(plain):
            return host_name(plain)
    return ""
