"""What can be wrong with the DNS records of XMPP: ours, by which partners find the Edge, and the partner's."""

from lab.model import ACCESS_EDGE, DOMAIN, PARTNER, PARTNER_SERVER, Certificate, Model, Name, Service, XmppServer
from lab.scenarios import Enter, scenario

_NOTHING_ARRIVES = "Nothing that people at fabrikam.com write arrives."
_NOTHING_GOES = "Nothing that is written to people at fabrikam.com arrives there."
_SOMETIMES = "Messages to and from fabrikam.com arrive late, and sometimes not at all."
_OURS, _THEIRS = f"_xmpp-server._tcp.{DOMAIN}", f"_xmpp-server._tcp.{PARTNER}"
_SECOND = f"sip2.{DOMAIN}"


def _fault(name: str, title: str, symptom: str, answer: str, seat: str = "") -> Enter:
    return scenario(f"xmpp-dns-{name}", "xmpp", title, symptom, f"xmpp.dns/{answer}", seat)


def _of_partner(name: str, title: str, answer: str, symptom: str = _NOTHING_GOES) -> Enter:
    return scenario(f"xmpp-partner-dns-{name}", "xmpp", title, symptom, f"xmpp.partner-dns/{answer}")


def _harmless(name: str, title: str) -> Enter:
    return scenario(f"healthy-{name}", "xmpp", title, "Nobody complains.", None)


def _address(model: Model, host: str) -> str:
    """Where a host is; a model that no lab runs has no addresses."""
    return model.addresses.get(host, "127.0.0.1")


def _services(model: Model, record: str = _OURS) -> list[Service]:
    return model.names["outside"][record].services


@_fault(
    "missing-here",
    "The name servers that the Edge asks have no SRV record for XMPP",
    _NOTHING_ARRIVES,
    "missing-here",
    "edge",
)
@_fault("missing", "The public DNS has no SRV record for XMPP", _NOTHING_ARRIVES, "missing", "outside")
def missing(model: Model) -> None:
    del model.names["outside"][_OURS]


@_fault("disabled", "The SRV record says that the domain has no XMPP", _NOTHING_ARRIVES, "disabled")
def disabled(model: Model) -> None:
    model.names["outside"][_OURS] = Name(services=[Service("", 0)])


@_fault("dangling", "The SRV record names a host that has no address", _NOTHING_ARRIVES, "dangling")
def dangling(model: Model) -> None:
    _services(model)[0].target = f"lync-edge.{DOMAIN}"


@_fault("leads-inside", "The public DNS has the Edge's inside address", _NOTHING_ARRIVES, "leads-inside", "outside")
def leads_inside(model: Model) -> None:
    _services(model)[0].target = f"xmpp.{DOMAIN}"
    model.names["outside"][f"xmpp.{DOMAIN}"] = Name(hosts=["edge-internal"])


@_fault(
    "inside-address",
    "The name server that the Edge asks has its inside address for the outside name",
    _NOTHING_ARRIVES,
    "inside-address",
)
def inside_address(model: Model) -> None:
    leads_inside(model)


@_fault("wrong-port", "The SRV record names the port of SIP federation", _NOTHING_ARRIVES, "wrong-port")
def wrong_port(model: Model) -> None:
    _services(model)[0].port = 5061


@_fault(
    "only-fallback", "The domain's own address leads to the Edge, and nothing else does", _SOMETIMES, "only-fallback"
)
def only_fallback(model: Model) -> None:
    del model.names["outside"][_OURS]
    model.names["outside"][DOMAIN] = Name(hosts=["edge-external"])


@_fault("direct-only", "There is an SRV record for direct TLS alone", _NOTHING_ARRIVES, "direct-only")
def direct_only(model: Model) -> None:
    model.names["outside"][f"_xmpps-server._tcp.{DOMAIN}"] = model.names["outside"].pop(_OURS)


@_fault(
    "some-dangling", "The record of a second Edge pool names a host without an address", _SOMETIMES, "some-dangling"
)
def some_dangling(model: Model) -> None:
    _services(model).append(Service(_SECOND, 5269, priority=10))


@_fault("some-wrong-port", "A second SRV record names the port of clients", _SOMETIMES, "some-wrong-port")
def some_wrong_port(model: Model) -> None:
    _services(model).append(Service(ACCESS_EDGE, 5222, priority=10))


@_fault(
    "other-address", "The SRV record leads to another machine than the Access Edge", _NOTHING_ARRIVES, "other-address"
)
def other_address(model: Model) -> None:
    _services(model)[0].target = f"chat.{DOMAIN}"
    model.names["outside"][f"chat.{DOMAIN}"] = Name(hosts=["reverse-proxy"])


@_fault("alias", "The target of the SRV record is an alias", _SOMETIMES, "alias")
def alias(model: Model) -> None:
    _services(model)[0].target = f"xmpp.{DOMAIN}"
    model.names["outside"][f"xmpp.{DOMAIN}"] = Name(alias=ACCESS_EDGE)


@_fault("address-target", "The SRV record names an address in place of a host", _SOMETIMES, "address-target")
def address_target(model: Model) -> None:
    _services(model)[0].target = _address(model, "edge-external")


@_fault(
    "ipv6-dead",
    "The Access Edge has an IPv6 address in DNS, and does not listen there",
    "Messages from fabrikam.com arrive a minute late.",
    "ipv6-dead",
    "outside",
)
def ipv6_dead(model: Model) -> None:
    model.addresses = model.addresses | {"edge-external-ipv6": "::1"}
    model.names["outside"][ACCESS_EDGE].hosts.append("edge-external-ipv6")


@_fault("same-priority", "Two Edge pools have SRV records of the same priority", _SOMETIMES, "same-priority", "outside")
def same_priority(model: Model) -> None:
    _second_pool(model, priority=0)


@_fault(
    "other-domain-missing",
    "A second SIP domain has no SRV record for XMPP",
    "Nothing that people at fabrikam.com write to emea.litwareinc.com arrives.",
    "other-domain-missing",
    "front-end",
)
def other_domain_missing(model: Model) -> None:
    model.sip_domains.append(f"emea.{DOMAIN}")


@scenario(
    "healthy-edge-pools", "xmpp", "Two Edge pools, each with its own priority", "Nobody complains.", None, "outside"
)
def healthy_edge_pools(model: Model) -> None:
    _second_pool(model, priority=10)


@_harmless("xmpp-target", "The SRV record names xmpp.litwareinc.com, at the Access Edge's address")
def healthy_xmpp_target(model: Model) -> None:
    _services(model)[0].target = f"xmpp.{DOMAIN}"


def _second_pool(model: Model, *, priority: int) -> None:
    model.names["outside"][_SECOND] = Name(hosts=["edge-external-2"])
    _services(model).append(Service(_SECOND, 5269, priority))
    names = Certificate([_SECOND, DOMAIN], client=True)
    model.xmpp.more_servers.append(XmppServer("edge-external-2", [DOMAIN], names))


@_of_partner("not-found", "The partner's domain is not in DNS at all", "not-found")
def partner_not_found(model: Model) -> None:
    del model.names["outside"][_THEIRS]


@_of_partner("website", "The partner has no SRV record, and its domain leads to a website", "not-found")
def partner_website(model: Model) -> None:
    del model.names["outside"][_THEIRS]
    model.names["outside"][PARTNER] = Name(hosts=["reverse-proxy"])


@_of_partner("disabled", "The partner's SRV record says that it has no XMPP", "disabled")
def partner_disabled(model: Model) -> None:
    model.names["outside"][_THEIRS] = Name(services=[Service("", 0)])


@_of_partner("dangling", "The partner's SRV record names a host that has no address", "dangling")
def partner_dangling(model: Model) -> None:
    del model.names["outside"][PARTNER_SERVER]


@_of_partner("no-record", "The partner has no SRV record, only an address of its domain", "no-record")
def partner_no_record(model: Model) -> None:
    del model.names["outside"][_THEIRS]
    model.names["outside"][PARTNER] = Name(hosts=["partner"])


@_of_partner("direct-only", "The partner takes direct TLS alone", "direct-only")
def partner_direct_only(model: Model) -> None:
    model.names["outside"][f"_xmpps-server._tcp.{PARTNER}"] = model.names["outside"].pop(_THEIRS)
    model.xmpp.partner.conduct = "tls-first"


@_of_partner("some-dangling", "The partner's second server has no address", "some-dangling", _SOMETIMES)
def partner_some_dangling(model: Model) -> None:
    _services(model, _THEIRS).append(Service(f"xmpp2.{PARTNER}", 5269, priority=10))


@_of_partner("alias", "The target of the partner's SRV record is an alias", "alias", _SOMETIMES)
def partner_alias(model: Model) -> None:
    _services(model, _THEIRS)[0].target = f"chat.{PARTNER}"
    model.names["outside"][f"chat.{PARTNER}"] = Name(alias=PARTNER_SERVER)


@_of_partner(
    "address-target", "The partner's SRV record names an address in place of a host", "address-target", _SOMETIMES
)
def partner_address_target(model: Model) -> None:
    _services(model, _THEIRS)[0].target = _address(model, "partner")


@_of_partner("by-proxy", "The partner's record leads nowhere, and a proxy is set for it", "by-proxy", _SOMETIMES)
def partner_by_proxy(model: Model) -> None:
    _services(model, _THEIRS)[0].target = f"old.{PARTNER}"
    model.xmpp.allowed_partners[0].proxy_fqdn = PARTNER_SERVER


@_of_partner("proxy-missing", "The proxy that is set for the partner has no address", "proxy-missing")
def partner_proxy_missing(model: Model) -> None:
    model.xmpp.allowed_partners[0].proxy_fqdn = f"proxy.{PARTNER}"


@_harmless("partner-pair", "The partner has a second server, of lower rank")
def healthy_partner_pair(model: Model) -> None:
    model.names["outside"][f"xmpp2.{PARTNER}"] = Name(hosts=["partner-2"])
    _services(model, _THEIRS).append(Service(f"xmpp2.{PARTNER}", 5269, priority=10))
    names = Certificate([f"xmpp2.{PARTNER}", PARTNER], client=True)
    model.xmpp.more_servers.append(XmppServer("partner-2", [PARTNER], names))
