"""What two views of DNS say of names: present, missing, not told, or never looked at."""

import ipaddress
from collections.abc import Iterable
from typing import Literal

from checks.model import Frozen, Reason
from checks.probes import Lookup, Records, Unanswered, View

CONTROL_LABEL = "lyncdoctor-control-name"
"""A label that nobody has: where it is answered, a wildcard answers. It never changes, so that evidence repeats."""

State = Literal["found", "missing", "unknown", "not-looked-at"]


def control_of(domain: str) -> str:
    """The name in a domain that only a wildcard answers."""
    return f"{CONTROL_LABEL}.{domain}"


class Sight(Frozen, frozen=True):
    """What one view answered when it was asked for the addresses of a name."""

    name: str
    view: View
    answer: Records | Unanswered
    alias: Records | Unanswered | None = None
    """Asked for where the system resolved the name, which tells addresses alone."""


class Views:
    """Sights, read by name and view. What a seat cannot see of the other view is `not-looked-at`, and no `unknown`."""

    def __init__(self, sights: Iterable[Sight], own_view: View) -> None:
        self._sights = {(sight.name, sight.view): sight for sight in sights}
        self._own_view = own_view

    def state(self, name: str, view: View) -> State:
        """`missing` where a name server told that there is no address, be it at the end of an alias."""
        sight = self._sights.get((name, view))
        return "not-looked-at" if sight is None else self._state(sight)

    def found(self, name: str, view: View) -> bool:
        return self.state(name, view) == "found"

    def missing(self, name: str, view: View) -> bool:
        return self.state(name, view) == "missing"

    def addresses(self, name: str, view: View) -> frozenset[str]:
        """The addresses of a name; none where it has none, or nobody told."""
        records = self._records(name, view)
        return frozenset(records.addresses) if records else frozenset()

    def targets(self, name: str, view: View) -> tuple[str, ...]:
        """What a name is an alias of, step by step and in lower case, be there an address at the end or not."""
        sight = self._sights.get((name, view))
        answers = (sight.answer, sight.alias) if sight else ()
        found = (target for answer in answers if isinstance(answer, Records) for target in answer.values("CNAME"))
        return tuple(dict.fromkeys(target.rstrip(".").lower() for target in found))

    def in_a_circle(self, name: str, view: View) -> bool:
        records = self._records(name, view)
        return records is not None and records.outcome == "loop"

    def by_wildcard(self, name: str, control: str, view: View) -> bool:
        """True where a name has just the records that a name has which nobody entered."""
        if not self.found(name, view) or not self.found(control, view):
            return False
        alike = self.addresses(name, view) == self.addresses(control, view)
        return alike and self.targets(name, view) == self.targets(control, view)

    def no_such_name(self, name: str, view: View) -> bool:
        """True where a name server told that nothing has that name, nor lies below it. An alias has it."""
        records = self._records(name, view)
        return records is not None and records.outcome == "no-such-name" and not records.records

    def server(self, name: str, view: View) -> str:
        """The name server that told of a name; empty where the system resolved it, or nobody told."""
        records = self._records(name, view)
        return records.server if records else ""

    def unknown(self) -> tuple[Sight, ...]:
        """What should have been seen and was not."""
        return tuple(sight for sight in self._sights.values() if self._state(sight) == "unknown")

    def closed(self) -> dict[View, str]:
        """The views that could not be looked at, or not at every name, each with a sentence why."""
        reasons: dict[View, str] = {}
        for sight in self._sights.values():
            if self._state(sight) == "not-looked-at" and isinstance(sight.answer, Unanswered):
                reasons.setdefault(sight.view, sight.answer.detail)
        return reasons

    def _records(self, name: str, view: View) -> Records | None:
        sight = self._sights.get((name, view))
        return sight.answer if sight and isinstance(sight.answer, Records) else None

    def _state(self, sight: Sight) -> State:
        match sight.answer:
            case Unanswered(reason=Reason.MISSING_INPUT) if sight.view != self._own_view:
                return "not-looked-at"
            case Unanswered() | Records(outcome="server-failure"):
                return "unknown"
            case Records(outcome="found") if sight.answer.addresses:
                return "found"
        return "missing"


def why_unknown(sight: Sight) -> Unanswered:
    """Why a sight tells nothing, with the command that would."""
    if isinstance(sight.answer, Unanswered):
        return sight.answer
    server = sight.answer.server or "that was asked"
    return Unanswered(
        reason=Reason.UNREACHABLE,
        detail=f"The name server {server} could not tell of {sight.name}: it failed or refused.",
        command=Lookup(name=sight.name, kind="ADDRESS", view=sight.view).typed(),
    )


def within(name: str, domain: str) -> bool:
    """True where a name is the domain or lies in it."""
    return name == domain or name.endswith(f".{domain}")


def is_of_the_inside(domain: str) -> bool:
    """True for a domain under a label that the public DNS does not have, so that nobody outside can look for it."""
    return domain.rpartition(".")[2].lower() in _NOT_DELEGATED


_NOT_DELEGATED = frozenset(
    {"local", "localdomain", "lan", "internal", "intranet", "intern", "corp", "home", "private", "test"}
)


def is_private(address: str) -> bool:
    """True for an address that networks keep to themselves (RFC 1918, RFC 4193): nobody on the Internet reaches it."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(known in network for network in _PRIVATE if network.version == known.version)


_PRIVATE = tuple(map(ipaddress.ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")))


def ask_a_public_one(server: str) -> tuple[str, ...]:
    """What to do where a name server of this computer's own network told what stands outside; nothing where none did.

    A router at home passes on what the public DNS tells; a company's name server may tell its inside. One that is shown
    with a port of its own was named by somebody, who knows it.
    """
    try:
        address = ipaddress.ip_address(server)
    except ValueError:
        return ()
    if not (is_private(server) or address.is_loopback or address.is_link_local):
        return ()
    return (
        f"{server} says so, which is a name server of this network. If the network is your company's, ask a public one: "
        "--dns-outside 9.9.9.9.",
    )


def is_it_spelt_right(domain: str) -> str:
    """The first question about a domain that no name server knows."""
    return f"Is {domain} spelt right?"
