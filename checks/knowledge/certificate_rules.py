"""What is wrong with a certificate as a client sees it: the first rule it breaks, and the others beside it."""

from typing import Literal

from checks.model import Frozen
from checks.probes import Certificate, Presented

Rule = Literal[
    "expired", "not-yet-valid", "wrong-name", "untrusted", "incomplete-chain", "old-protocol", "weak", "unreadable"
]

# What an OpenSSL with today's security level refuses, and Windows and old phones accept.
_OUR_STRICTNESS = ("too weak", "too small", "key identifier", "strict", "unsafe legacy")


class BrokenRule(Frozen, frozen=True):
    """One rule that a presented certificate breaks."""

    rule: Rule
    sentence: str


def broken_rules(presented: Presented, host: str) -> tuple[BrokenRule, ...]:
    """The rules broken, the decisive one first; empty where a client of today accepts it."""
    if not presented.chain:
        return ()
    leaf = presented.chain[0]
    if leaf.problem and not leaf.subject:
        return (BrokenRule(rule="unreadable", sentence=f"{host} sends something that cannot be read as a certificate"),)
    if presented.only_old:
        # Nothing was verified over the old protocol, and no client of today comes as far as the certificate.
        old = BrokenRule(rule="old-protocol", sentence=f"{host} speaks {presented.protocol} and nothing newer")
        return (old, *broken_dates(presented), *_name(leaf, host))
    return (*broken_dates(presented), *_name(leaf, host), *broken_trust(presented, host))


def covers(certificate: Certificate, host: str) -> bool:
    """True where one of the certificate's DNS names is the host. A wildcard stands for one whole leftmost label."""
    wanted = host.lower().rstrip(".")
    _, _, parent = wanted.partition(".")
    names = {name.lower().rstrip(".") for name in certificate.names}
    return wanted in names or (parent.count(".") >= 1 and f"*.{parent}" in names)


def broken_dates(presented: Presented) -> list[BrokenRule]:
    """The certificates of the chain that have ended or not begun, by the clock of the handshake."""
    broken: list[BrokenRule] = []
    for number, certificate in enumerate(presented.chain):
        whose = "the certificate" if number == 0 else f"the intermediate “{certificate.subject}”"
        if certificate.not_after and certificate.not_after < presented.seen_at:
            broken.append(BrokenRule(rule="expired", sentence=f"{whose} ended on {certificate.not_after[:10]}"))
        elif certificate.not_before and certificate.not_before > presented.seen_at:
            sentence = f"{whose} is only valid from {certificate.not_before[:10]}"
            broken.append(BrokenRule(rule="not-yet-valid", sentence=sentence))
    return broken


def _name(leaf: Certificate, host: str) -> list[BrokenRule]:
    if leaf.problem or covers(leaf, host):
        return []
    names = ", ".join(leaf.names[:6]) or "no DNS name at all"
    return [BrokenRule(rule="wrong-name", sentence=f"{host} is not among its names: {names}")]


def broken_trust(presented: Presented, host: str) -> list[BrokenRule]:
    """Why nothing here trusts the chain. `host` is who presents it.

    Judged by the chain as sent, because verifiers word and number their refusals differently.
    """
    if presented.verified:
        return []
    words = presented.rule.lower()
    if any(word in words for word in _OUR_STRICTNESS):
        sentence = f"this machine's TLS library refuses it, though old clients accept it: {presented.rule}"
        return [BrokenRule(rule="weak", sentence=sentence)]
    if any(word in words for word in ("expired", "not yet valid", "hostname", "host name", "ip address mismatch")):
        return []
    if "purpose" in words:
        return [BrokenRule(rule="untrusted", sentence=f"it was not issued for a server: {presented.rule}")]
    leaf, last = presented.chain[0], presented.chain[-1]
    if leaf.self_signed:
        return [BrokenRule(rule="untrusted", sentence=f"{host} signed its certificate itself")]
    gap = next(
        (one for one, after in zip(presented.chain, presented.chain[1:], strict=False) if one.issuer != after.subject),
        None,
    )
    if len(presented.chain) == 1 or gap is not None:
        missing = (gap or leaf).issuer
        sentence = f"the server does not send the certificate of the issuer “{missing}”, and nothing here knows it"
        return [BrokenRule(rule="incomplete-chain", sentence=sentence)]
    authority = last.subject if last.self_signed else last.issuer
    return [BrokenRule(rule="untrusted", sentence=f"it comes from “{authority}”, which this machine does not trust")]
