"""What can be wrong with the way from the clients inside, over the reverse proxy, back in."""

from lab.model import Certificate, Model, Publication
from lab.pools import hairpin
from lab.scenarios import Enter, scenario

_ON_WI_FI = "It works on mobile data and fails on the office Wi-Fi."
_THROUGH_PROXY = "On the office Wi-Fi, which hands out an HTTP proxy, signing in on the phone fails."


def _fault(name: str, title: str, symptom: str, answer: str) -> Enter:
    return scenario(f"hairpin-{name}", "mobility", title, symptom, f"mobility.hairpin/{answer}")


@_fault("dropped", "The firewall takes the hairpin for spoofing and drops it", _ON_WI_FI, "dropped")
def dropped(model: Model) -> None:
    inside = hairpin(model)
    inside.https = inside.http = "drop"


@_fault("refused", "The firewall refuses the hairpin", _ON_WI_FI, "refused")
def refused(model: Model) -> None:
    inside = hairpin(model)
    inside.https = inside.http = "closed"


@_fault("only-by-proxy", "Inside, only the HTTP proxy reaches the reverse proxy", _ON_WI_FI, "only-by-proxy")
def only_by_proxy(model: Model) -> None:
    dropped(model)
    model.forward_proxy = "open"


@_fault("proxy-login", "The HTTP proxy asks phones for a sign-in", _THROUGH_PROXY, "proxy-login")
def proxy_login(model: Model) -> None:
    model.forward_proxy = "login"


@_fault("proxy-blocks", "The HTTP proxy denies the web services FQDN", _THROUGH_PROXY, "proxy-blocks")
def proxy_blocks(model: Model) -> None:
    model.forward_proxy = "deny"


@scenario(
    "healthy-hairpin", "mobility", "Inside, the reverse proxy has an address of its own", "Nobody complains.", None
)
def healthy_hairpin(model: Model) -> None:
    hairpin(model)
    model.forward_proxy = "open"


@scenario("hairpin-outside-internal-site", "", "Outside, the reverse proxy leads to the internal site", "", None)
def outside_internal_site(model: Model) -> None:
    """Seen from inside alone all is well; from outside alone one cannot tell that it is well inside."""
    hairpin(model).publications = [Publication()]
    model.reverse_proxy.publication.https_to = 443


@scenario("hairpin-other-certificate", "", "Outside, another authority's certificate is shown than inside", "", None)
def other_certificate(model: Model) -> None:
    hairpin(model)
    names = model.reverse_proxy.certificate.names
    model.reverse_proxy.certificate = Certificate(list(names), issuer="stranger", sends="root")
