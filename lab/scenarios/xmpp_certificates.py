"""What can be wrong with the certificates that XMPP servers show each other: the Edge's, and the partner's."""

import copy
from collections.abc import Callable
from typing import Literal

from lab.model import ACCESS_EDGE, DOMAIN, PARTNER, PARTNER_SERVER, Certificate, Model, XmppServer
from lab.scenarios import Enter, scenario

Break = Callable[[Certificate], None]
_OUTSIDE = "outside"
_SIDES: tuple[tuple[Literal["edge", "partner"], str, str, str], ...] = (
    ("edge", "The Edge's", "xmpp.certificate", "Since the weekend fabrikam.com gets no presence and no messages from here."),
    ("partner", "The partner's", "xmpp.partner-certificate", "Messages to people at fabrikam.com fail; their presence is unknown."),
)  # fmt: skip


def _on_both_sides(name: str, what: str, answer: str) -> Callable[[Break], Break]:
    """Enters a fault of a certificate twice: of the Edge's, and of the partner's. `what` goes on after “certificate”."""

    def enter(change: Break) -> Break:
        for side, whose, step, symptom in _SIDES:
            title = f"{whose} XMPP certificate {what}"
            scenario(f"xmpp-{side}-certificate-{name}", "xmpp", title, symptom, f"{step}/{answer}", _OUTSIDE)(
                _of(side, change)
            )
        return change

    return enter


def _of(side: Literal["edge", "partner"], change: Break) -> Callable[[Model], None]:
    def broken(model: Model) -> None:
        change((model.xmpp.edge if side == "edge" else model.xmpp.partner).certificate)

    return broken


def _of_edge(name: str, title: str, symptom: str, answer: str, seat: str) -> Enter:
    return scenario(f"xmpp-edge-certificate-{name}", "xmpp", title, symptom, f"xmpp.certificate/{answer}", seat)


@_on_both_sides("expired", "has expired", "expired")
def expired(certificate: Certificate) -> None:
    certificate.begins, certificate.ends = -400, -2


@_on_both_sides("not-yet-valid", "is only valid from next week", "not-yet-valid")
def not_yet_valid(certificate: Certificate) -> None:
    certificate.begins = 7


@_on_both_sides("self-signed", "is self-signed", "untrusted")
def self_signed(certificate: Certificate) -> None:
    certificate.issuer = "self"


@_on_both_sides("private-authority", "comes from an authority that nobody else knows", "untrusted")
def private_authority(certificate: Certificate) -> None:
    certificate.issuer, certificate.sends = "stranger", "root"


@_on_both_sides("no-intermediate", "is sent without its intermediate", "incomplete-chain")
def no_intermediate(certificate: Certificate) -> None:
    certificate.sends = "leaf"


@_on_both_sides("bare-domain-missing", "holds hosts and a wildcard, and not the domain itself", "wrong-name")
def bare_domain_missing(certificate: Certificate) -> None:
    domain = next(name for name in certificate.names if name in {DOMAIN, PARTNER})
    certificate.names.remove(domain)
    certificate.names.append(f"*.{domain}")


@_on_both_sides("common-name", "has the domain as its common name alone", "common-name")
def common_name(certificate: Certificate) -> None:
    certificate.names[:] = [name for name in certificate.names if name in {DOMAIN, PARTNER}]
    certificate.common_name_only = True


@_on_both_sides("weak-key", "has a key of 1024 bits", "weak")
def weak_key(certificate: Certificate) -> None:
    certificate.weak = True


@_of_edge(
    "servers-only",
    "The Edge's XMPP certificate is for servers only",
    "With one strict partner nothing works; with all others it does.",
    "no-client-purpose",
    _OUTSIDE,
)
def servers_only(model: Model) -> None:
    model.xmpp.edge.certificate.client = False


@_of_edge(
    "differs",
    "Two Edges behind one name present different certificates",
    "Nobody has complained. The second Edge was set up anew last week, and a partner asks whether all is well.",
    "differs",
    _OUTSIDE,
)
def differs(model: Model) -> None:
    _second_edge(model).certificate.begins = -20


@_of_edge(
    "second-expired",
    "Of two Edges behind one name, one still presents the certificate that has expired",
    "Some messages from fabrikam.com arrive, others do not.",
    "not-everywhere",
    _OUTSIDE,
)
def second_expired(model: Model) -> None:
    old = _second_edge(model).certificate
    old.begins, old.ends = -400, -2


@scenario(
    "xmpp-partner-certificate-second-expired",
    "xmpp",
    "One of the partner's two servers presents a certificate that has expired",
    "Some messages to people at fabrikam.com fail.",
    "xmpp.partner-certificate/not-everywhere",
    _OUTSIDE,
)
def second_of_partner_expired(model: Model) -> None:
    certificate = copy.deepcopy(model.xmpp.partner.certificate)
    certificate.begins, certificate.ends = -400, -2
    model.xmpp.more_servers.append(XmppServer("partner-2", [PARTNER], certificate))
    model.names["outside"][PARTNER_SERVER].hosts.append("partner-2")


@scenario(
    "xmpp-partner-certificate-dialback-instead",
    "xmpp",
    "The partner's XMPP certificate has expired, and dialback is allowed",
    "Messages to people at fabrikam.com arrive, with errors in the log of the Edge.",
    "xmpp.partner-certificate/dialback-instead",
    "edge",
)
def expired_with_dialback(model: Model) -> None:
    expired(model.xmpp.partner.certificate)


@scenario(
    "healthy-xmpp-dialback-alone",
    "xmpp",
    "The partner's certificate is self-signed, and both sides go by dialback",
    "Nobody complains.",
    None,
    "edge",
)
def self_signed_with_dialback(model: Model) -> None:
    self_signed(model.xmpp.partner.certificate)
    model.xmpp.allowed_partners[0].sasl = "NotSupported"


@_of_edge(
    "not-assigned",
    "The Edge has no certificate assigned for its external interface",
    "Since the Edge was set up, nothing works with partners.",
    "not-assigned",
    "edge",
)
def not_assigned(model: Model) -> None:
    model.xmpp.edge_certificate_assigned = False


@_of_edge(
    "assigned-expired",
    "The certificate that the Edge has assigned has expired",
    "Since the weekend fabrikam.com gets no presence and no messages from here.",
    "expired",
    "edge",
)
def assigned_expired(model: Model) -> None:
    model.xmpp.edge_certificate = copy.deepcopy(model.xmpp.edge.certificate)
    model.xmpp.edge_certificate.begins, model.xmpp.edge_certificate.ends = -800, -400


@_of_edge(
    "assigned-bare-domain-missing",
    "The certificate that the Edge has assigned was requested before the XMPP proxy was set up",
    "Nothing works with partners that check certificates.",
    "wrong-name",
    "edge",
)
def assigned_bare_domain_missing(model: Model) -> None:
    model.xmpp.edge_certificate = Certificate([ACCESS_EDGE, f"webcon.{DOMAIN}"], client=True)


@scenario(
    "xmpp-edge-certificate-not-restarted",
    "",
    "The Edge has a new certificate assigned, and goes on presenting the one before",
    "Nobody has complained so far.",
    None,
)
def not_restarted(model: Model) -> None:
    # Seen by two seats together alone: one outside, and one that reaches the Edge.
    model.xmpp.edge_certificate = copy.deepcopy(model.xmpp.edge.certificate)
    model.xmpp.edge_certificate.ends += 400


@scenario(
    "healthy-xmpp-names-of-both-documents",
    "xmpp",
    "The Edge's certificate has the names of both documents",
    "Nobody complains.",
    None,
    _OUTSIDE,
)
def names_of_both_documents(model: Model) -> None:
    model.xmpp.edge.certificate.names[:] = [ACCESS_EDGE, DOMAIN, f"xmpp.{DOMAIN}", f"*.{DOMAIN}"]


def _second_edge(model: Model) -> XmppServer:
    """Another Edge of the pool, behind the same name."""
    second = XmppServer("edge-external-2", [DOMAIN], copy.deepcopy(model.xmpp.edge.certificate))
    model.xmpp.more_servers.append(second)
    model.names["outside"][ACCESS_EDGE].hosts.append("edge-external-2")
    return second
