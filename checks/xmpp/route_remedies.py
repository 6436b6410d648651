"""What gives a site an XMPP federation route, or leads it to the right Edge."""

from checks.model import Remedy

_TOPOLOGY_ADMINISTRATOR = "Domain Admins and RTCUniversalServerAdmins"
_VERIFY = (
    "check again (r); then see “Edge listens”. If the services are missing or nothing listens, run Setup or Remove Lync Server "
    "Components on the Front End, then on the Edge"
)
_RISK = "XMPP of this site leaves through that Edge; nothing else changes"


def add_route(site: str, edge: str) -> tuple[Remedy, ...]:
    """For a site whose route is missing or leads nowhere. Without a name of both only the guided way is told."""
    return (*_command(site, edge), _by_topology_builder(site, edge))


def lead_to(site: str, edge: str) -> tuple[Remedy, ...]:
    """Leads a site's route to an Edge that speaks XMPP; `edge` is empty where it is not known which."""
    return _command(site, edge) or (_by_topology_builder(site, edge),)


def other_edge(site: str, routed: str, edge: str) -> tuple[Remedy, ...]:
    """For a walk that looks at one Edge while the route leads to another."""
    return (
        Remedy(
            action=f"If {routed} is the Edge for XMPP, walk again with --edge {routed}, and look at that one.",
            who="you",
            risk="none",
            verify="that walk says set",
        ),
        *_command(site, edge),
    )


def _command(site: str, edge: str) -> tuple[Remedy, ...]:
    if not site or not edge:
        return ()
    return (
        Remedy(
            cmdlet="Set-CsSite",
            parameters={"Identity": site, "XmppFederationRoute": f"EdgeServer:{edge}"},
            who="member of RTCUniversalServerAdmins",
            risk=_RISK,
            verify=_VERIFY,
        ),
    )


def _by_topology_builder(site: str, edge: str) -> Remedy:
    return Remedy(
        action=f"In Topology Builder edit the properties of {site or 'the site'}, tick XMPP federation, choose "
        f"{edge or 'an Edge of 2013 or 2015'}, and publish. Then run Setup or Remove Lync Server Components on the Front End, "
        "then on the Edge. Restart the Edge only if it does not listen after that.",
        who=_TOPOLOGY_ADMINISTRATOR,
        risk="Edge services restart during the setup",
        verify=_VERIFY,
    )
