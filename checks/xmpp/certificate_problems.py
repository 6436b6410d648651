"""What is wrong with a certificate that a server presents to other XMPP servers: the first fault of each address."""

import re
from collections.abc import Iterable, Iterator

from checks.knowledge.assigned_certificates import Assigned
from checks.knowledge.certificate_rules import BrokenRule, broken_dates, broken_trust
from checks.knowledge.xmpp.names import PresentedNames, ascii_form, match, near_misses
from checks.model import Frozen
from checks.probes import Certificate, Presented
from checks.probes.xmpp_facts import Attempt, Secured
from checks.xmpp.streams import Side

_WEAK_KEY = re.compile(r"(?:RSA|DSA) (\d{1,5})\b")
_COMMON_NAME = re.compile(r"(?i)\bCN\s{0,3}=\s{0,3}([^\s,\"]{1,255})")
_LEAST_BITS = 2048
_ANY_PURPOSE = "anyExtendedKeyUsage"
_FAILING = ("expired", "not-yet-valid", "incomplete-chain", "untrusted")


class Problem(Frozen, frozen=True):
    """One fault, under the name of the step's answer for it."""

    answer: str
    sentence: str
    """It begins with what is wrong, as “the certificate …”, and has no full stop."""
    detail: tuple[str, ...] = ()


def shown_by(attempt: Attempt) -> Secured | None:
    """The TLS of an address that showed a certificate; None where none was seen or it cannot be read."""
    secured = attempt.secured
    if secured is None or not isinstance(secured.tls, Presented) or not secured.tls.chain:
        return None
    return secured if secured.tls.chain[0].subject or not secured.tls.chain[0].problem else None


def problem_of(secured: Secured, domain: str, server: str, side: Side) -> Problem | None:
    """The first fault in the order of what a partner's server looks at; None where it is right for the domain."""
    tls = secured.tls
    assert isinstance(tls, Presented)  # noqa: S101 - shown_by gave it
    rules = (*broken_dates(tls), *_trust(tls, server))
    serious = [rule for rule in rules if rule.rule in _FAILING]
    if serious:
        also = (f"Also: {rule.sentence}." for rule in serious[1:])
        return Problem(answer=serious[0].rule, sentence=serious[0].sentence, detail=(*also, *_unnamed(secured, domain)))
    if match(secured.names, domain) is None and not secured.names.problem:
        return unnamed(secured.names, domain)
    if side == "ours" and (missing := _purpose_missing(tls.chain[0])):
        return Problem(answer="no-client-purpose", sentence=missing)
    weak = _weak(tls.chain[0], [rule for rule in rules if rule.rule == "weak"])
    return Problem(answer="weak", sentence=weak) if weak else None


def unnamed(names: PresentedNames, domain: str) -> Problem:
    """How a certificate lacks the bare domain: as a common name, where there is no other name, some servers accept it."""
    others = (*names.xmpp, *names.services, *names.hosts)
    if others or ascii_form(domain) not in map(ascii_form, names.common):
        return wrong_name(names, domain)
    return Problem(
        answer="common-name",
        sentence=f"the certificate has {domain} as its common name alone",
        detail=("RFC 9525 no longer counts that name. Some servers still do where there is no other, many do not.",),
    )


def wrong_name(names: PresentedNames, domain: str) -> Problem:
    """The certificate lacks the bare domain, whatever else it has."""
    held = (*names.xmpp, *names.services, *names.hosts)
    return Problem(
        answer="wrong-name",
        sentence=f"the certificate does not hold {domain} itself",
        detail=(
            f"It holds {', '.join(held[:8]) or 'no name that XMPP looks at'}.",
            *_nearest(near_misses(names, domain)),
        ),
    )


def _nearest(misses: Iterable[str]) -> list[str]:
    """Two of them, a wildcard first: that is what the documents themselves lead astray with."""
    return sorted(misses, key=lambda miss: not miss.startswith("*"))[:2]


def unexplained(secured: Secured, server: str) -> str:
    """Why the verifier refused, where nothing that was presented explains it; empty where it did not."""
    tls = secured.tls
    if not isinstance(tls, Presented) or tls.verified or tls.only_old or broken_dates(tls) or _trust(tls, server):
        return ""
    return tls.rule or "it gives no reason"


def of_partner(leaf: Certificate) -> Iterator[str]:
    """What is noted of a partner's certificate, and no fault."""
    if missing := _purpose_missing(leaf):
        yield f"Of the partner's certificate, {missing}: authorities of today issue them so. Dialback does without."


def same_certificate(one: Secured, other: Secured) -> bool:
    """True where two addresses present the same certificate, as far as what was noted of them tells."""
    return _key(one) == _key(other)


def fits(assigned: Assigned, secured: Secured) -> bool:
    """False where what is assigned cannot be what was presented."""
    tls = secured.tls
    assert isinstance(tls, Presented)  # noqa: S101 - shown_by gave it
    leaf = tls.chain[0]
    if assigned.names is not None and leaf.names and _lower(assigned.names) != _lower(leaf.names):
        return False
    return assigned.may_end_at(leaf.not_after)


def of_assigned(assigned: Assigned, domains: Iterable[str], now: str) -> Iterator[Problem]:
    """What is wrong with the certificate that the Edge has assigned, as far as it was shown. Nothing of it was presented."""
    if assigned.ended_before(now):
        yield Problem(answer="expired", sentence="the certificate has ended")
    if assigned.names is None:
        return
    common = _COMMON_NAME.search(assigned.subject)
    names = PresentedNames(hosts=assigned.names, common=(common[1],) if common else ())
    for domain in domains:
        if match(names, domain) is None:
            yield unnamed(names, domain)


def _trust(tls: Presented, server: str) -> list[BrokenRule]:
    # Over an old protocol nothing was verified: all that tells is who issued it.
    return broken_trust(tls, server) if not tls.only_old or tls.chain[0].self_signed else []


def _unnamed(secured: Secured, domain: str) -> tuple[str, ...]:
    if match(secured.names, domain) is not None or secured.names.problem:
        return ()
    return (f"Also: {wrong_name(secured.names, domain).sentence}.",)


def _purpose_missing(leaf: Certificate) -> str:
    if not leaf.purposes or "clientAuth" in leaf.purposes or _ANY_PURPOSE in leaf.purposes:
        return ""
    return "the certificate is for servers alone and not for clients"


def _weak(leaf: Certificate, refused: list[BrokenRule]) -> str:
    size = _WEAK_KEY.match(leaf.key)
    if size is not None and int(size[1]) < _LEAST_BITS:
        return f"the certificate has a key of {size[1]} bits, and {_LEAST_BITS} are wanted"
    return refused[0].sentence if refused else ""


def _key(secured: Secured) -> tuple[str, ...]:
    tls = secured.tls
    if not isinstance(tls, Presented) or not tls.chain:
        return ()
    leaf = tls.chain[0]
    return (leaf.subject, leaf.issuer, leaf.not_before, leaf.not_after, leaf.key, *leaf.names)


def _lower(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name.lower().rstrip(".") for name in names)
