"""Healthy deployments of other products than Lync Server 2013: what they do not have is no fault."""

from lab.model import DOMAIN, MCX, SKYPE_2015, SKYPE_2019, SUBSCRIPTION_EDITION, Model, Product, no_xmpp
from lab.scenarios import scenario


@scenario(
    "healthy-2015",
    "mobility xmpp",
    "Skype for Business Server 2015 has both, as Lync Server 2013 had",
    "Nobody complains. Walk it to see what good looks like on 2015.",
    None,
)
def healthy_2015(model: Model) -> None:
    model.product = SKYPE_2015


@scenario(
    "healthy-2019",
    "mobility xmpp",
    "Skype for Business Server 2019 has neither Mcx nor XMPP",
    "Nobody complains: its phones use UCWA, and its users know no XMPP partners.",
    None,
)
def healthy_2019(model: Model) -> None:
    _without_mcx_and_xmpp(model, SKYPE_2019)


@scenario(
    "healthy-subscription-edition",
    "mobility xmpp",
    "Subscription Edition has neither Mcx nor XMPP",
    "Nobody complains: its phones use UCWA, and its users know no XMPP partners.",
    None,
)
def healthy_subscription_edition(model: Model) -> None:
    _without_mcx_and_xmpp(model, SUBSCRIPTION_EDITION)


def _without_mcx_and_xmpp(model: Model, product: Product) -> None:
    model.product = product
    for server in model.web_servers:
        del server.directories[MCX]
    model.xmpp = no_xmpp()
    model.edge_listeners = []
    for name in (f"_xmpp-server._tcp.{DOMAIN}", f"xmpp.{DOMAIN}"):
        del model.names["outside"][name]
