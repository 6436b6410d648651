"""The names of a deployment that nobody typed: found from one address, by Autodiscover or the shell."""

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Literal

import msgspec

from checks.asking import Asking
from checks.context import Context
from checks.deployment import Deployment, InvalidName, Product, Sources, Vantage, parse_fqdn
from checks.knowledge import autodiscover, lync_objects
from checks.knowledge.products import product_in
from checks.model import Frozen
from checks.probes import Objects, Response

SECONDS = 12.0
"""Longer nobody waits for names that can be typed."""

Named = Literal["domain", "pool", "web", "web_internal", "edge", "product"]
TITLES: dict[Named, str] = {
    "domain": "SIP domain",
    "pool": "Pool",
    "web": "Web FQDN",
    "web_internal": "Web FQDN inside",
    "edge": "Edge",
    "product": "Version",
}


class Found(Frozen, frozen=True):
    """A name, and what told it."""

    name: Named
    value: str
    source: str
    """A cmdlet, or an address."""

    @property
    def shown(self) -> str:
        """As a person reads it."""
        return Product(self.value).full_name if self.name == "product" else self.value


def is_worth_looking(deployment: Deployment, sources: Sources, runbook: str) -> bool:
    """True where names are missing that a runbook wants, and something is there that may tell them."""
    if runbook == "xmpp":
        return _has_shell(sources) and (not deployment.edge or not deployment.domains)
    missing = not deployment.web or (_has_shell(sources) and not deployment.pool)
    return missing and (bool(deployment.domain) or _has_shell(sources))


async def find_names(asking: Asking, deployment: Deployment, sources: Sources, runbook: str) -> tuple[Found, ...]:
    """What was found of the names that the deployment lacks, each from the first source that tells it."""
    context = Context(deployment, asking).bounded(SECONDS)
    looks: list[Callable[[Context], AsyncIterator[Found]]] = []
    if _has_shell(sources):
        looks = [_by_edge] if deployment.vantage is Vantage.EDGE else [_by_user, _by_web_services, _by_topology]
    if runbook == "mobility":
        looks.append(_by_autodiscover)
    told = await context.together(*(_all(look(context)) for look in looks))
    return _first_of_each(deployment, [one for found in told for one in found])


def completed(deployment: Deployment, found: Sequence[Found]) -> Deployment:
    """The deployment with what was found in the places that were empty."""
    for one in found:
        name, value = _member(one)
        if not getattr(deployment, name):
            deployment = msgspec.structs.replace(deployment, **{name: value})
    return deployment


def _member(found: Found) -> tuple[str, object]:
    """The member of a deployment that a name belongs to, and its value there."""
    match found.name:
        case "domain":
            return "domains", (found.value,)
        case "product":
            return "product", Product(found.value)
    return found.name, found.value


async def _by_user(context: Context) -> AsyncIterator[Found]:
    for sip in context.deployment.users[:1]:
        answer = await context.invoke("Get-CsUser", Identity=sip)
        user = lync_objects.user(answer, sip) if isinstance(answer, Objects) else None
        if user is not None:
            yield Found(name="pool", value=user.pool, source="Get-CsUser")


async def _by_web_services(context: Context) -> AsyncIterator[Found]:
    """The web FQDNs of the user's own pool, or of the only one that has an external name."""
    answer = await context.invoke("Get-CsService", WebServer=True)
    services = list(answer.objects) if isinstance(answer, Objects) else []
    if not services:
        return
    pool = context.deployment.pool or next(iter([one.value async for one in _by_user(context)]), "")
    own = [one for one in services if lync_objects.text(one, "PoolFqdn").lower() == pool]
    published = own or [one for one in services if lync_objects.text(one, "ExternalFqdn")]
    if len(published) == 1:
        source = "Get-CsService -WebServer"
        yield Found(name="web", value=lync_objects.text(published[0], "ExternalFqdn"), source=source)
        yield Found(name="web_internal", value=lync_objects.text(published[0], "InternalFqdn"), source=source)
        yield Found(name="pool", value=lync_objects.text(published[0], "PoolFqdn"), source=source)


async def _by_topology(context: Context) -> AsyncIterator[Found]:
    edges, domains, version = await context.together(
        context.invoke("Get-CsService", EdgeServer=True),
        context.invoke("Get-CsSipDomain"),
        context.invoke("Get-CsServerVersion"),
    )
    for one in edges.objects if isinstance(edges, Objects) and len(edges.objects) == 1 else ():
        yield Found(name="edge", value=lync_objects.text(one, "PoolFqdn"), source="Get-CsService -EdgeServer")
    for one in domains.objects if isinstance(domains, Objects) else ():
        if lync_objects.flag(one, "IsDefault"):
            yield Found(name="domain", value=lync_objects.text(one, "Name"), source="Get-CsSipDomain")
    if product := product_in(version):
        yield Found(name="product", value=product, source="Get-CsServerVersion")


async def _by_edge(context: Context) -> AsyncIterator[Found]:
    """What the Edge's own copy of the topology tells."""
    answer = await context.invoke("Get-CsService", on="edge", EdgeServer=True, LocalStore=True)
    for one in answer.objects if isinstance(answer, Objects) and len(answer.objects) == 1 else ():
        yield Found(
            name="edge", value=lync_objects.text(one, "PoolFqdn"), source="Get-CsService -EdgeServer -LocalStore"
        )


async def _by_autodiscover(context: Context) -> AsyncIterator[Found]:
    """The host that Autodiscover leads to, from the site for clients outside.

    The other site's document may name either of the two FQDNs, so nothing is taken from it.
    """
    if not context.deployment.domain:
        return
    host = f"lyncdiscover.{context.deployment.domain}"
    reply = await context.get(autodiscover.root_of(host, next(iter(context.deployment.users), "")))
    document = autodiscover.document(reply.last.body) if isinstance(reply, Response) else None
    if document is not None and document.hosts and document.access_location == "External":
        yield Found(name="web", value=document.hosts[0], source=host)


async def _all(found: AsyncIterator[Found]) -> list[Found]:
    return [one async for one in found]


def _first_of_each(deployment: Deployment, told: Sequence[Found]) -> tuple[Found, ...]:
    """Without what the deployment has, and without what is no name: a server may have said anything."""
    found: dict[str, Found] = {}
    for one in told:
        if (
            not getattr(deployment, "domains" if one.name == "domain" else one.name)
            and one.name not in found
            and (value := _name(one))
        ):
            found[one.name] = msgspec.structs.replace(one, value=value)
    return tuple(found[name] for name in TITLES if name in found)


def _name(found: Found) -> str:
    if found.name == "product":
        return found.value
    try:
        return parse_fqdn(found.value)
    except InvalidName:
        return ""


def _has_shell(sources: Sources) -> bool:
    return sources.shell not in {"none", "paste"} or bool(sources.evidence) or bool(sources.edge_shell)
