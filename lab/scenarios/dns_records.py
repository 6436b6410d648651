"""What can be wrong with the names that phones look for, in the view from inside and in the one from outside."""

from lab.model import DOMAIN, OTHER_POOL, POOL, VIEWS, WEB, WEB_INTERNAL, Model, Name, View, WebNames
from lab.scenarios import Enter, scenario

_EXTERNAL, _INTERNAL = f"lyncdiscover.{DOMAIN}", f"lyncdiscoverinternal.{DOMAIN}"
_ON_MOBILE_DATA = "It works on the office Wi-Fi and fails on mobile data."
_ON_WI_FI = "It works on mobile data and fails on the office Wi-Fi."
_SOMETIMES = "Signing in on the phone takes long, and fails now and then."
_NOBODY = "Nobody has complained. An auditor asks what of the inside can be seen from the Internet."


def _fault(name: str, title: str, symptom: str, answer: str, seat: str = "") -> Enter:
    return scenario(f"dns-{name}", "mobility", title, symptom, f"mobility.dns/{answer}", seat)


def _unlisted(name: str, title: str) -> Enter:
    return scenario(f"dns-{name}", "", title, "", None)


def _at(model: Model, view: View, name: str, host: str) -> None:
    model.names[view][name] = Name(hosts=[host])


@_fault("external-missing", "Public DNS has no lyncdiscover", _ON_MOBILE_DATA, "external-missing")
def external_missing(model: Model) -> None:
    del model.names["outside"][_EXTERNAL]


@_fault("external-dangling", "lyncdiscover is an alias of a name that is gone", _ON_MOBILE_DATA, "external-missing")
def external_dangling(model: Model) -> None:
    model.names["outside"][_EXTERNAL] = Name(alias=f"oldproxy.{DOMAIN}")


@_fault("none-inside", "DNS inside knows neither of the discovery names", _ON_WI_FI, "none-inside")
def none_inside(model: Model) -> None:
    del model.names["inside"][_INTERNAL]


@_fault(
    "internal-missing", "DNS inside has lyncdiscover in place of lyncdiscoverinternal", _SOMETIMES, "internal-missing"
)
def internal_missing(model: Model) -> None:
    del model.names["inside"][_INTERNAL]
    _at(model, "inside", _EXTERNAL, "reverse-proxy")


@_fault("internal-public", "lyncdiscoverinternal is in public DNS", _SOMETIMES, "internal-public")
def internal_public(model: Model) -> None:
    _at(model, "outside", _INTERNAL, "pool")


@_fault("web-missing", "Public DNS has no web services FQDN", _ON_MOBILE_DATA, "web-missing")
def web_missing(model: Model) -> None:
    del model.names["outside"][WEB]


@scenario(
    "name-not-found",
    "mobility",
    "The web services FQDN has no DNS record",
    "Phones say that the server might be unavailable.",
    "mobility.dns/web-missing",
)
def name_not_found(model: Model) -> None:
    for view in VIEWS:
        model.names[view].pop(WEB, None)


@scenario(
    "alias-loop",
    "mobility",
    "The aliases of the web services FQDN go in a circle",
    "Phones say that the server might be unavailable.",
    "mobility.dns/web-missing",
)
def alias_loop(model: Model) -> None:
    for view in VIEWS:
        model.names[view][WEB] = Name(alias=f"lync.{DOMAIN}")
        model.names[view][f"lync.{DOMAIN}"] = Name(alias=WEB)


@_fault("web-internal-missing", "DNS inside has no internal web services FQDN", _ON_WI_FI, "web-internal-missing")
def web_internal_missing(model: Model) -> None:
    del model.names["inside"][WEB_INTERNAL]


@_fault("web-internal-public", "The internal web services FQDN is in public DNS", _NOBODY, "web-internal-public")
def web_internal_public(model: Model) -> None:
    _at(model, "outside", WEB_INTERNAL, "pool")


@_fault(
    "web-internal-address",
    "DNS inside leads the external web services FQDN to the pool",
    "On the office Wi-Fi, phones sign in and then miss their meetings.",
    "web-internal-address",
)
def web_internal_address(model: Model) -> None:
    _at(model, "inside", WEB, "pool")
    # Else the certificate would tell first.
    model.web_server("pool").certificate.names.append(WEB)


@_fault(
    "external-internal-address",
    "Public DNS leads the web services FQDN to the pool's inside address",
    _ON_MOBILE_DATA,
    "external-internal-address",
)
def external_internal_address(model: Model) -> None:
    _at(model, "outside", WEB, "pool")


@_fault(
    "external-leads-inside",
    "Public DNS leads the web services FQDN to the pool's inside address, seen from the Internet",
    _ON_MOBILE_DATA,
    "external-leads-inside",
    "outside",
)
def external_leads_inside(model: Model) -> None:
    external_internal_address(model)


@_fault("same-names", "The internal and the external web services FQDN are one name", _SOMETIMES, "same-names")
def same_names(model: Model) -> None:
    model.web_names[POOL] = WebNames(WEB, WEB)


@_fault("alias-elsewhere", "lyncdiscover is an alias into another domain", _SOMETIMES, "alias-elsewhere")
def alias_elsewhere(model: Model) -> None:
    _alias(model, "lyncweb.contoso.net")


@_fault(
    "alias-online",
    "lyncdiscover leads to Microsoft 365, and the users are here",
    "Since the test of Microsoft 365, phones say that they cannot verify the certificate.",
    "alias-online",
)
def alias_online(model: Model) -> None:
    _alias(model, "webdir.online.lync.com")


def _alias(model: Model, target: str) -> None:
    model.names["outside"][_EXTERNAL] = Name(alias=target)
    _at(model, "outside", target, "reverse-proxy")


@_fault("wildcard", "A wildcard in public DNS answers for lyncdiscover", _SOMETIMES, "wildcard")
def wildcard(model: Model) -> None:
    del model.names["outside"][_EXTERNAL]
    _at(model, "outside", f"*.{DOMAIN}", "reverse-proxy")


@_fault(
    "other-domain-missing",
    "A second SIP domain has no lyncdiscover",
    "Colleagues with an address in emea.litwareinc.com cannot sign in on the phone.",
    "other-domain-missing",
)
def other_domain_missing(model: Model) -> None:
    model.sip_domains.append(f"emea.{DOMAIN}")


@_fault(
    "other-web-missing",
    "The external web services FQDN of another pool is not in public DNS",
    "Colleagues of the other pool cannot sign in on the phone.",
    "other-web-missing",
)
def other_web_missing(model: Model) -> None:
    model.web_names[OTHER_POOL] = WebNames(f"lyncweb-002.{DOMAIN}", OTHER_POOL)


@_unlisted("server-failure", "The public name server cannot tell of lyncdiscover")
def server_failure(model: Model) -> None:
    model.names["outside"][_EXTERNAL] = Name(fault="server-failure")


@_unlisted("silent", "The public name server keeps silent on lyncdiscover")
def silent(model: Model) -> None:
    model.names["outside"][_EXTERNAL] = Name(fault="drop")
