"""What can be wrong where users are homed in Microsoft 365 too."""

from lab.model import Model
from lab.scenarios import Enter, scenario

_URL = "https://webdir.online.lync.com/Autodiscover/AutodiscoverService.svc/root"
_ONLINE_ALONE = "Users who were moved to Microsoft 365 cannot sign in on the phone; all others can."


def _fault(name: str, title: str, answer: str) -> Enter:
    return scenario(f"hybrid-{name}", "mobility", title, _ONLINE_ALONE, f"mobility.hybrid/{answer}")


def _hybrid(model: Model, url: str | None) -> None:
    for provider in model.federation.hosting_providers:
        if provider.proxy_fqdn == "sipfed.online.lync.com":
            provider.shared_address_space, provider.autodiscover_url = True, url


@_fault("url-misspelt", "The address of Microsoft 365's Autodiscover has a c too many", "url-misspelt")
def url_misspelt(model: Model) -> None:
    _hybrid(model, "https://webdir.online.lync.com/autodiscover/autodisccoverservice.svc/root")


@_fault("url-empty", "The hosting provider has no Autodiscover address", "url-empty")
def url_empty(model: Model) -> None:
    _hybrid(model, None)


@_fault("url-odd", "The hosting provider has another Autodiscover address", "url-odd")
def url_odd(model: Model) -> None:
    _hybrid(model, "https://sipdir.online.lync.com/Autodiscover/AutodiscoverService.svc/root")


@scenario("healthy-hybrid", "mobility", "A hybrid deployment that is well", "Nobody complains.", None)
def healthy_hybrid(model: Model) -> None:
    _hybrid(model, _URL)
