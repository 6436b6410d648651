"""What can be wrong with the names of a deployment in two views of DNS, each told apart."""

from collections.abc import Iterator

from checks.knowledge.dns_views import (
    Views,
    ask_a_public_one,
    control_of,
    is_it_spelt_right,
    is_of_the_inside,
    is_private,
    within,
)
from checks.knowledge.web_services import WebNames, web_names_of
from checks.mobility import dns_records_remedies as remedies
from checks.model import Frozen, Remedy
from checks.probes import Lookup, View

VIEWS: tuple[View, View] = ("inside", "outside")


class Names(Frozen, frozen=True):
    """What is to be looked up, and why."""

    own_view: View
    edge: bool = False
    """True at an Edge, whose name servers may be those of the inside."""
    domains: tuple[str, ...] = ()
    other_domains: tuple[str, ...] = ()
    """SIP domains that the topology has and nobody named."""
    pool: str = ""
    web: str = ""
    web_internal: str = ""
    web_services: tuple[WebNames, ...] = ()
    """What the topology tells of every pool."""

    @property
    def inner(self) -> frozenset[str]:
        """The names of the internal web services, which lyncdiscoverinternal is meant to be an alias of."""
        known = (
            self.pool,
            self.web_internal,
            *(name for one in self.web_services for name in (one.internal, one.pool)),
        )
        return frozenset(name for name in known if name)

    @property
    def other_webs(self) -> tuple[WebNames, ...]:
        """The web services of other pools that have an external name of their own."""
        others = (one for one in self.web_services if one.external and one.external != self.web)
        return tuple(one for one in others if one.pool != self.pool)


class Problem(Frozen, frozen=True):
    """One thing that is wrong, under the name of the step's answer for it."""

    answer: str
    headline: str
    detail: tuple[str, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    command: str = ""
    """What tells, where it could be no problem at all."""


def problems(names: Names, views: Views) -> Iterator[Problem]:
    """All that is wrong, in no order."""
    for domain in names.domains:
        yield from _outside(names, views, domain)
        yield from _inside(names, views, domain)
        for label in ("lyncdiscoverinternal", "lyncdiscover"):
            yield from _alias(names, views, f"{label}.{domain}", domain)
        for view in VIEWS:
            yield from _wildcard(views, domain, view)
    yield from _same_names(names)
    yield from _web(names, views)
    yield from _web_internal(names, views)
    yield from _addresses_of_the_inside(names, views)
    yield from _others(names, views)


def _outside(names: Names, views: Views, domain: str) -> Iterator[Problem]:
    external, internal = f"lyncdiscover.{domain}", f"lyncdiscoverinternal.{domain}"
    if views.missing(external, "outside"):
        unknown = views.no_such_name(domain, "outside")
        said = f"{domain} does not exist in DNS" if unknown else f"{external} has no address outside"
        entering = _enter(views, external, domain, "outside", names.web)
        yield Problem(
            answer="external-missing",
            headline=f"{said}, so phones on the Internet do not find Lync.",
            detail=(
                *((is_it_spelt_right(domain),) if unknown else ()),
                # At an Edge that is said of all its names.
                *(() if names.edge else ask_a_public_one(views.server(external, "outside"))),
                *_why(views, external, "outside"),
                "Phones look for no other record: SRV records do not help them.",
            ),
            remedies=(remedies.check_spelling(domain), entering) if unknown else (entering,),
        )
    if views.found(internal, "outside") and not views.by_wildcard(internal, control_of(domain), "outside"):
        yield Problem(
            answer="internal-public",
            headline=f"{internal} resolves outside too, and phones ask for it first.",
            detail=(f"Outside it leads to {_addresses(views, internal, 'outside')}; it belongs inside alone.",),
            remedies=(remedies.remove(internal, domain, _kind(views, internal, "outside")),),
        )


def _inside(names: Names, views: Views, domain: str) -> Iterator[Problem]:
    external, internal = f"lyncdiscover.{domain}", f"lyncdiscoverinternal.{domain}"
    if not views.missing(internal, "inside"):
        return
    entering = _enter(views, internal, domain, "inside", names.web_internal or names.pool)
    why = _why(views, internal, "inside")
    match views.state(external, "inside"):
        case "missing" if _is_elsewhere(names, views):
            yield Problem(
                answer="not-inside",
                headline=f"No name of {domain} has an address here. Is this computer in the network of the servers?",
                detail=(
                    "If not, an answer from inside is what is missing: run the command below on a computer there. Or walk from "
                    "outside: choose it in the form, or --vantage outside.",
                    f"If it is, {internal} is missing in the internal DNS, and phones on the Wi-Fi do not find Lync.",
                ),
                command=Lookup(name=internal, kind="ADDRESS", view="inside").typed(),
            )
        case "missing":
            yield Problem(
                answer="none-inside",
                headline=f"Inside, neither {internal} nor {external} has an address: phones on the Wi-Fi do not find Lync.",
                detail=why,
                remedies=(entering,),
            )
        case "found":
            yield Problem(
                answer="internal-missing",
                headline=f"{internal} has no address inside; phones there fall back on {external}.",
                detail=(*why, "Inside clients may then be sent to another service than the one meant for them."),
                remedies=(entering,),
            )
        case _:
            yield Problem(
                answer="internal-missing",
                headline=f"{internal} has no address inside.",
                detail=(*why, f"Whether phones can fall back on {external} there was not seen."),
                remedies=(entering,),
            )


def _is_elsewhere(names: Names, views: Views) -> bool:
    """True where nothing shows that this computer is inside: no topology was told, and no name at all resolves."""
    discovery = (f"{label}.{one}" for label in ("lyncdiscoverinternal", "lyncdiscover") for one in names.domains)
    known = (*discovery, *names.inner, names.web)
    told = any(views.state(one, "inside") in {"found", "unknown"} for one in known if one)
    return names.own_view == "inside" and not names.web_services and not told


def _alias(names: Names, views: Views, name: str, domain: str) -> Iterator[Problem]:
    for view in VIEWS:
        target = next((one for one in views.targets(name, view) if not within(one, domain)), "")
        # The servers' domain is often not that of the addresses: inside, that alias is the documented record.
        if not target or (view == "inside" and name.startswith("lyncdiscoverinternal.") and target in names.inner):
            continue
        if within(target, "online.lync.com"):
            yield Problem(
                answer="alias-online",
                headline=f"{name} leads to Microsoft 365, seen from {view}.",
                detail=(
                    f"It is an alias of {target}. Users who are homed in this deployment are not found there, and "
                    "phones may refuse the certificate.",
                ),
                remedies=(remedies.lead_home(name, names.web, view),),
            )
        else:
            yield Problem(
                answer="alias-elsewhere",
                headline=f"{name} is an alias of {target}, which is outside {domain}, seen from {view}.",
                detail=(
                    "That is documented as not supported over HTTPS. Over HTTP, on port 80, phones can begin with it.",
                ),
                remedies=(remedies.replace_alias(name, view), remedies.publish_port_80(name)),
            )
        # One record is one fault, also where both views hold it.
        return


def _wildcard(views: Views, domain: str, view: View) -> Iterator[Problem]:
    control = control_of(domain)
    both = (f"lyncdiscover.{domain}", f"lyncdiscoverinternal.{domain}")
    answered = tuple(name for name in both if views.by_wildcard(name, control, view))
    if answered:
        yield Problem(
            answer="wildcard",
            headline=f"A wildcard answers for every name in {domain}, seen from {view}.",
            detail=(
                f"{' and '.join(answered)} and a name that nobody has all lead to {_addresses(views, control, view)}.",
                "So that a name resolves proves nothing, and phones may ask a machine that is not Lync's.",
                *(_BY_PROVIDER if view == "outside" else ()),
            ),
            remedies=(remedies.drop_wildcard(domain, answered, view),),
        )


_BY_PROVIDER = (
    "Some providers' name servers answer so for any name in the world: ask another one before the zone is changed (DNS "
    "outside, under More in the form, or --dns-outside).",
)
_BY_VPN = (
    "If this computer asks a name server of the company (VPN, office), that is the internal DNS: name a public one (DNS "
    "outside, under More in the form, or --dns-outside).",
)


def _same_names(names: Names) -> Iterator[Problem]:
    own = web_names_of(names.web_services, names.pool, names.web)
    # The topology knows better than what was typed.
    external, internal = (own and own.external) or names.web, (own and own.internal) or names.web_internal
    if external and external == internal:
        yield Problem(
            answer="same-names",
            headline=f"The internal and the external web FQDN are the same name, {external}.",
            detail=("They must differ: by the name a client reaches the internal or the external web site.",),
            remedies=(remedies.part_names(external),),
        )


def _web(names: Names, views: Views) -> Iterator[Problem]:
    name = names.web
    for view in VIEWS:
        if not name or not views.missing(name, view) or (view == "inside" and _is_elsewhere(names, views)):
            continue
        mend = next(iter(views.targets(name, view)[-1:]), "")
        yield Problem(
            answer="web-missing",
            headline=f"{name}, the external web FQDN, has no address {view}.",
            detail=(*_why(views, name, view), "Phones use this name for mobility wherever they are."),
            remedies=(remedies.mend_alias(name, mend, view) if mend else remedies.publish_web(name, view),),
        )


def _web_internal(names: Names, views: Views) -> Iterator[Problem]:
    name = names.web_internal
    if not name or name == names.web:
        return
    zone = next((domain for domain in names.domains if within(name, domain)), name.partition(".")[2])
    if views.missing(name, "inside") and not _is_elsewhere(names, views):
        yield Problem(
            answer="web-internal-missing",
            headline=f"{name}, the internal web FQDN, has no address inside.",
            detail=(*_why(views, name, "inside"), "Autodiscover inside names it to clients."),
            remedies=(_enter(views, name, zone, "inside", names.pool if names.pool != name else ""),),
        )
    if views.found(name, "outside") and not views.by_wildcard(name, control_of(zone), "outside"):
        yield Problem(
            answer="web-internal-public",
            headline=f"{name}, the internal web FQDN, resolves outside too.",
            detail=(f"Outside it leads to {_addresses(views, name, 'outside')}; it belongs inside alone.",),
            remedies=(remedies.remove(name, zone, _kind(views, name, "outside")),),
        )


def _addresses_of_the_inside(names: Names, views: Views) -> Iterator[Problem]:
    if names.web and names.web == names.web_internal:
        return
    of_pool = frozenset[str]().union(
        *(views.addresses(one, "inside") for one in (names.web_internal, names.pool) if one)
    )
    if names.web and names.web != names.pool and (shared := views.addresses(names.web, "inside") & of_pool):
        yield Problem(
            answer="web-internal-address",
            headline=f"Inside, {names.web} has the address of the pool, {_listed(shared)}, not of the reverse proxy.",
            detail=("Phones on the Wi-Fi then reach the internal web site by the external name.",),
            remedies=(remedies.aim_at_proxy(names.web, "inside"),),
        )
    for name in (*(f"lyncdiscover.{domain}" for domain in names.domains), *filter(None, [names.web])):
        addresses = views.addresses(name, "outside")
        if shared := addresses & of_pool:
            whose = f"the pool's own inside address, {_listed(shared)}"
        elif shared := frozenset(filter(is_private, addresses)):
            whose = f"a private address, {_listed(shared)}"
        else:
            continue
        from_outside = names.own_view == "outside" and not names.edge
        yield Problem(
            answer="external-leads-inside" if from_outside else "external-internal-address",
            headline=f"Outside, {name} has {whose}.",
            detail=(
                "Phones on the Internet must be led to the reverse proxy, at a public address.",
                *(_BY_VPN if from_outside else ()),
            ),
            remedies=(remedies.aim_at_proxy(name, "outside"),),
        )


def _others(names: Names, views: Views) -> Iterator[Problem]:
    for domain in names.other_domains:
        name = f"lyncdiscover.{domain}"
        if not is_of_the_inside(domain) and views.missing(name, "outside"):
            yield Problem(
                answer="other-domain-missing",
                headline=f"{name} has no address outside, and {domain} is a SIP domain of this deployment.",
                detail=(
                    *_why(views, name, "outside"),
                    f"Users of {domain} are not found by their phones on the Internet.",
                ),
                remedies=(_enter(views, name, domain, "outside", names.web),),
            )
    for one in names.other_webs:
        if views.missing(one.external, "outside"):
            yield Problem(
                answer="other-web-missing",
                headline=f"{one.external}, the external web FQDN of {one.pool or 'another pool'}, has no address outside.",
                detail=(
                    *_why(views, one.external, "outside"),
                    "Phones of users who are served by it, or led through it, do not get further.",
                ),
                remedies=(remedies.publish_web(one.external, "outside"),),
            )


def _enter(views: Views, name: str, zone: str, view: View, target: str) -> Remedy:
    """A record for a missing name; where it is an alias already, it is the alias that leads nowhere."""
    leads_to = views.targets(name, view)
    if leads_to:
        return remedies.mend_alias(name, leads_to[-1], view)
    return remedies.create(name, zone, view, target, views.addresses(target, view))


def _why(views: Views, name: str, view: View) -> tuple[str, ...]:
    targets = views.targets(name, view)
    if views.in_a_circle(name, view):
        return ("Its aliases go in a circle.",)
    return (f"It is an alias of {targets[-1]}, which has no address.",) if targets else ()


def _kind(views: Views, name: str, view: View) -> str:
    """The type of record that a name itself has."""
    if views.targets(name, view):
        return "CNAME"
    return "AAAA" if all(":" in address for address in views.addresses(name, view)) else "A"


def _addresses(views: Views, name: str, view: View) -> str:
    return _listed(views.addresses(name, view))


def _listed(addresses: frozenset[str]) -> str:
    return ", ".join(sorted(addresses)[:4])
