"""Servers of XMPP as a stream shows them, healthy unless told otherwise."""

from typing import Any

import msgspec

from checks.knowledge.xmpp.names import PresentedNames
from checks.probes import Certificate, NoTls, Presented, Records
from checks.probes.xmpp_facts import (
    Attempt,
    Features,
    Header,
    Kind,
    Opening,
    Secured,
    Stage,
    Stopped,
    StreamError,
    StreamFacts,
    Target,
)
from checks.xmpp.streams import Seen

OURS, PARTNER = "litwareinc.com", "fabrikam.com"
EDGE, SERVER = f"sip.{OURS}", f"xmpp.{PARTNER}"
NOW = "2026-01-10T12:00:00+00:00"
UNKNOWN_ISSUER: dict[str, Any] = {"verified": False, "rule": "unable to get local issuer certificate"}
NO_RECORDS = Records(outcome="no-such-record")
FOUND = Records(outcome="found")
HEADER = Header(id="s1", sender=PARTNER, version="1.0", namespace="jabber:server", declares_dialback=True)
OFFERED = Opening(header=HEADER, features=Features(starttls="offered", dialback=True))
OVER_TLS = Opening(header=HEADER, features=Features(dialback=True))


def presented(*names: str, sent: int = 2, leaf: dict[str, Any] | None = None, **more: Any) -> Presented:
    """A certificate that verifies, but for what is told otherwise."""
    own = Certificate(
        subject=f"CN={names[0] if names else 'nobody'}", issuer="CN=Issuing CA", names=names, key="RSA 2048, SHA256",
        not_before="2025-01-01T00:00:00+00:00", not_after="2027-01-01T00:00:00+00:00", purposes=("serverAuth", "clientAuth"),
    )  # fmt: skip
    issuing = Certificate(
        subject="CN=Issuing CA", issuer="CN=Root CA", not_before="2020-01-01T00:00:00+00:00",
        not_after="2030-01-01T00:00:00+00:00",
    )  # fmt: skip
    known: dict[str, Any] = {"address": "192.0.2.1", "protocol": "TLSv1.3", "seen_at": NOW, "verified": True}
    chain = (msgspec.structs.replace(own, **(leaf or {})), issuing)[:sent]
    return Presented(**{**known, "chain": chain, **more})


def secured(tls: Presented | NoTls, opening: Opening | None = OVER_TLS) -> Secured:
    names = PresentedNames(hosts=tls.chain[0].names) if isinstance(tls, Presented) and tls.chain else PresentedNames()
    return Secured(tls=tls, names=names, opening=None if isinstance(tls, NoTls) else opening)


def stopped(stage: Stage, kind: Kind, condition: str = "", text: str = "") -> Stopped:
    error = StreamError(condition=condition, text=text) if condition else None
    return Stopped(stage=stage, kind=kind, detail=f"It did that at {stage}.", error=error)


def attempt(host: str = SERVER, address: str = "192.0.2.1", *, direct: bool = False, **more: Any) -> Attempt:
    domain = host.partition(".")[2]
    known: dict[str, Any] = {"plain": None if direct else OFFERED, "secured": secured(presented(host, domain))}
    target = Target(host=host, port=5269, direct=direct)
    return Attempt(target=target, address=address, port=5269, **{**known, **more})


def unreached(host: str = SERVER, address: str = "192.0.2.9", kind: Kind = "timeout") -> Attempt:
    return attempt(host, address, plain=None, secured=None, stopped=stopped("connect", kind))


def seen(*attempts: Attempt, domain: str = PARTNER, seat: str = "outside", **more: Any) -> Seen:
    known: dict[str, Any] = {"services": FOUND, "direct_services": NO_RECORDS, "way": "records", "attempts": attempts}
    return Seen(domain=domain, facts=StreamFacts(**{**known, **more}), seat=seat)
