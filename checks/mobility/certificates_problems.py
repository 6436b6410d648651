"""What can be wrong with the certificates that the names of a deployment present, one problem for each certificate."""

from collections.abc import Iterable, Iterator

import msgspec

from checks.knowledge.autodiscover import document
from checks.knowledge.certificate_rules import BrokenRule, broken_rules
from checks.mobility import certificates_remedies as remedies
from checks.mobility.phone_names import PhoneName
from checks.model import Frozen, Remedy
from checks.probes import NoTls, Presented, Response, Unanswered, Unreached

_NOT_REACHED = frozenset({"no-such-name", "timeout", "no-route", "refused"})
"""What stops a connection before its handshake: the matter of “DNS records”, “Ports” and “Hairpin”."""
_TRUST = frozenset({"untrusted", "incomplete-chain"})
_REFUSED_BY_NAME = frozenset({"alert", "reset"})
"""How a proxy refuses the handshake for a name that it does not publish."""
_PROXY, _POOL = "the reverse proxy", "the Front End"


class Seen(Frozen, frozen=True):
    """What one name presents."""

    name: PhoneName
    answer: Presented | NoTls | Unanswered
    http: Response | Unreached | Unanswered | None = None
    """What port 80 answers, where HTTPS does not serve the name lyncdiscover."""
    owner: str = ""
    """Whose certificate it is, where that is another machine than the name is meant to lead to."""

    @property
    def reached(self) -> bool:
        return isinstance(self.answer, Presented) or (
            isinstance(self.answer, NoTls) and self.answer.kind not in _NOT_REACHED
        )

    @property
    def machine(self) -> str:
        """Who presents it, as far as can be told."""
        return self.owner or self.name.machine

    @property
    def leads_to_https(self) -> bool:
        """True where port 80 answers as Autodiscover does: with the one link that leads to HTTPS."""
        if not isinstance(self.http, Response) or self.http.last.status != 200:
            return False
        found = document(self.http.last.body)
        return found is not None and found.redirect.lower().startswith("https://")


class Problem(Frozen, frozen=True):
    """One thing that is wrong, under the name of the step's answer for it."""

    answer: str
    headline: str
    detail: tuple[str, ...] = ()
    remedies: tuple[Remedy, ...] = ()


def not_served(one: Seen) -> bool:
    """True where a certificate was seen that does not hold the name, or the handshake for that name was refused."""
    if isinstance(one.answer, NoTls):
        return one.answer.kind in _REFUSED_BY_NAME
    return isinstance(one.answer, Presented) and any(
        broken.rule == "wrong-name" for broken in broken_rules(one.answer, one.name.host)
    )


def problems(
    seen: Iterable[Seen], domains: tuple[str, ...], inner: frozenset[str] = frozenset(), *, outside: bool = False
) -> Iterator[Problem]:
    """All that is wrong. Names that present the same certificate with the same fault are one problem.

    `inner` are the names that only the pool's certificate holds.
    """
    reached = list(_with_owners([one for one in seen if one.reached], inner))
    inside = {_key(one.answer) for one in reached if one.name.machine == _POOL}
    groups: dict[tuple[str, str], list[Seen]] = {}
    for one in reached:
        if kind := _kind(one, private=_key(one.answer) in inside):
            groups.setdefault((kind, _key(one.answer)), []).append(one)
    for (kind, _), members in groups.items():
        yield _problem(kind, members, domains, outside=outside)


def _with_owners(reached: list[Seen], inner: frozenset[str]) -> Iterator[Seen]:
    """A name that shows the other machine's certificate leads to that machine, whatever it is meant to.

    Told by the same certificate at the same address, or by the pool's own names in one that lacks the name.
    """
    of_pool = {_place(one) for one in reached if one.name.role in {"web-internal", "pool"}} - {None}
    of_proxy = {_place(one) for one in reached if one.name.role == "web"} - of_pool - {None}
    for one in reached:
        place = _place(one)
        owner = _POOL if place in of_pool or _is_of_pool(one, inner) else _PROXY if place in of_proxy else ""
        astray = owner not in {"", one.name.machine}
        yield msgspec.structs.replace(one, owner=owner) if astray else one


def _is_of_pool(one: Seen, inner: frozenset[str]) -> bool:
    """True for the pool's certificate where it does not hold the name; whose else it is does not matter then."""
    if not isinstance(one.answer, Presented) or not one.answer.chain or one.leads_to_https:
        return False
    broken = broken_rules(one.answer, one.name.host)
    return bool(broken) and broken[0].rule == "wrong-name" and bool(inner & _lower(one.answer.chain[0].names))


def _place(one: Seen) -> tuple[str, str] | None:
    return (_key(one.answer), one.answer.address) if isinstance(one.answer, Presented) else None


def _key(answer: Presented | NoTls | Unanswered) -> str:
    """What tells one certificate from another; a failed handshake is told by its words."""
    if isinstance(answer, Presented) and answer.chain:
        leaf = answer.chain[0]
        return "\n".join((leaf.subject, leaf.issuer, leaf.not_before, leaf.not_after, *leaf.names))
    return "" if isinstance(answer, Unanswered | Presented) else f"{answer.kind} {answer.address}"


def _kind(one: Seen, *, private: bool) -> str:
    """The answer for what a name presents; empty where a phone accepts it."""
    answer = one.answer
    if isinstance(answer, NoTls):
        if not_served(one) and one.leads_to_https:
            return "name-missing-http-used"
        return "tls-failed" if answer.old_protocols_tried else "old-protocol-untested"
    if not isinstance(answer, Presented):
        return ""
    broken = broken_rules(answer, one.name.host)
    if not broken:
        # Nothing that was presented explains the refusal: two looks, or two clocks, disagree.
        return "" if answer.verified else "not-explained"
    first = broken[0].rule
    if first == "unreadable":
        return "tls-failed"
    if first == "wrong-name" and one.leads_to_https:
        return "name-missing-http-used"
    if first in _TRUST and private and not answer.chain[0].self_signed:
        return "private-authority"
    return first


def _problem(kind: str, members: list[Seen], domains: tuple[str, ...], *, outside: bool) -> Problem:
    first = members[0]
    hosts, machine = _listed([one.name.host for one in members]), first.machine
    if not isinstance(first.answer, Presented):
        return _failed(kind, first, hosts)
    broken = broken_rules(first.answer, first.name.host)
    also = tuple(f"Also: {rule.sentence}." for rule in broken[1:])
    more = (*_where(members), *_phones(kind, first.answer), *also)
    if kind == "not-explained":
        return Problem(
            answer="not-seen",
            headline=f"The certificate of {hosts} is refused here, and nothing in it explains why.",
            detail=(
                f"The verifier says: {first.answer.rule}.",
                "The clock of this computer, or a certificate of an authority in its own store, may be wrong.",
            ),
        )
    if not broken or broken[0].rule == "unreadable":
        return _failed("tls-failed", first, hosts)
    return Problem(
        answer=kind,
        headline=_headline(kind, broken[0], hosts, machine),
        detail=(*_names(kind, members), *_astray(members), *more),
        remedies=_remedies(kind, members, domains, outside=outside),
    )


def _astray(members: list[Seen]) -> tuple[str, ...]:
    """Where a name leads to another machine than it is meant to."""
    led = [one.name.host for one in members if one.owner]
    return (f"{_listed(led)} leads to {members[0].owner}; “DNS records” tells where it must lead.",) if led else ()


def _remedies(kind: str, members: list[Seen], domains: tuple[str, ...], *, outside: bool) -> tuple[Remedy, ...]:
    first = members[0]
    if kind == "wrong-name" and all(one.owner for one in members):
        return tuple(remedies.lead_right(one.name, outside=outside) for one in members[:4])
    held = first.answer.chain[0].names if isinstance(first.answer, Presented) else ()
    return remedies.for_certificate(kind, [one.name for one in members], first.machine, domains, held)


def _failed(kind: str, first: Seen, hosts: str) -> Problem:
    answer = first.answer
    detail = answer.detail if isinstance(answer, NoTls) else "What it sends cannot be read as a certificate."
    if kind == "name-missing-http-used":
        return Problem(
            answer=kind,
            headline=f"No secure connection to {hosts} can be made; phones have to begin over HTTP.",
            detail=(detail, *_PHONES[kind]),
            remedies=remedies.for_certificate(kind, [first.name], first.machine, ()),
        )
    if kind == "old-protocol-untested":
        return Problem(
            answer=kind,
            headline=f"{hosts} refuses today's TLS, and this computer cannot try TLS 1.0.",
            detail=(detail,),
        )
    return Problem(
        answer="tls-failed",
        headline=f"No secure connection to {hosts} can be made: {detail}",
        detail=("Something answers on 443, and not as a web server of Lync does.",),
        remedies=(remedies.right_publication(first.name),),
    )


def _headline(kind: str, rule: BrokenRule, hosts: str, machine: str) -> str:
    match kind:
        case "wrong-name":
            return f"The certificate of {machine} does not hold {hosts}: phones refuse it."
        case "name-missing-http-used":
            return f"The certificate of {machine} does not hold {hosts}; phones have to begin over HTTP."
        case "untrusted" | "incomplete-chain":
            return f"The certificate of {machine}, at {hosts}, is not trusted here: {rule.sentence}."
        case "private-authority":
            return f"Inside, the certificate at {hosts} is of an authority that this computer does not know."
        case "old-protocol":
            return f"Phones cannot connect to {machine}: {rule.sentence}. iOS needs TLS 1.2."
        case "weak":
            return f"The certificate of {machine}, at {hosts}, is weak: {rule.sentence}."
    return f"Phones refuse the certificate of {machine}, at {hosts}: {rule.sentence}."


def _names(kind: str, members: list[Seen]) -> Iterator[str]:
    """For a missing name: whom it keeps out, and what the certificate holds."""
    if kind not in {"wrong-name", "name-missing-http-used"} or not isinstance(members[0].answer, Presented):
        return
    lost = [one.name.domain for one in members if one.name.domain]
    if lost:
        yield f"Phones of users in {_listed(lost)} look for that name."
    leaf = members[0].answer.chain[0]
    yield f"It holds {', '.join(leaf.names[:8]) or 'no DNS name at all'}."
    if not leaf.names or leaf.subject.lower().startswith("cn=*."):
        yield "A name or a wildcard in the subject alone does not count; it has to be a subject alternative name."


def _where(members: list[Seen]) -> tuple[str, ...]:
    answer = members[0].answer
    return (f"Presented at {answer.address}, over {answer.protocol}.",) if isinstance(answer, Presented) else ()


_PHONES = {
    "incomplete-chain": (
        "Android refuses an incomplete chain. Windows fetches what is missing, so a test on a PC proves nothing.",
        "A phone that lacks the same certificates refuses it too.",
    ),
    "untrusted": ("A phone that lacks the same root refuses it too; a private authority's root has to be installed on it.",),
    "private-authority": (
        "That is normal inside where the company has an authority of its own. Computers of the domain know it; on phones "
        "that come in by the Wi-Fi its root has to be installed.",
    ),
    "name-missing-http-used": (
        "Autodiscover over HTTP is the documented alternative, and port 80 answers with the link to HTTPS. Phones that try "
        "HTTPS first show an error.",
    ),
}  # fmt: skip


def _phones(kind: str, answer: Presented) -> tuple[str, ...]:
    """What phones make of it, where a document says so."""
    return _PHONES.get(kind, ())


def remarks(seen: Iterable[Seen]) -> Iterator[str]:
    """What is right, and yet not for every client."""
    accepted = [(one, one.answer) for one in seen if isinstance(one.answer, Presented) and one.answer.verified]
    wild = [
        one.name.host for one, answer in accepted if answer.chain and one.name.host not in _lower(answer.chain[0].names)
    ]
    if wild:
        yield f"{_listed(wild)} is covered by a wildcard: phones take it, desk phones with Lync Phone Edition do not."
    alone = [one for one, answer in accepted if len(answer.chain) == 1 and not answer.chain[0].self_signed]
    for one in alone[:1]:
        yield (
            f"{one.name.host} sends its own certificate alone. If its issuer is no root authority, Android refuses that, "
            "although this computer found the rest by itself."
        )


def _lower(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name.lower().rstrip(".") for name in names)


def _listed(names: list[str]) -> str:
    known = list(dict.fromkeys(names))
    more = f" and {len(known) - 3} more" if len(known) > 3 else ""
    return (", ".join(known[:3]) if more else " and ".join(known[:3])) + more
