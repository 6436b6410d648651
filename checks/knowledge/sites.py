"""Sites and Edge pools, as Get-CsSite and Get-CsService -EdgeServer show them. All names are in lower case but a site's."""

from collections.abc import Iterable
from typing import Self

from checks.knowledge.lync_objects import Properties, has, is_cut, text
from checks.model import Frozen


class Site(Frozen, frozen=True):
    """A site of the topology."""

    name: str
    """Without `Site:`."""
    central: bool | None = None
    """None: whether it is a central or a branch site was not shown."""
    parent: str = ""
    """The central site of a branch site."""
    xmpp_route: str | None = None
    """The Edge pool through which XMPP leaves; empty: there is no route; None: not shown."""

    @classmethod
    def of(cls, properties: Properties) -> Self:
        parent = _site(text(properties, "ParentSite"))
        return cls(
            name=_site(text(properties, "Identity")),
            central=_is_central(properties, parent),
            parent=parent,
            xmpp_route=_pool(text(properties, "XmppFederationRoute"))
            if has(properties, "XmppFederationRoute")
            else None,
        )


class EdgePool(Frozen, frozen=True):
    """An Edge pool of the topology."""

    fqdn: str
    inside: str = ""
    """The FQDN of its internal interface."""
    has_xmpp: bool | None = None
    """Whether the topology gives it ports for XMPP; None: not shown."""

    @classmethod
    def of(cls, properties: Properties) -> Self:
        return cls(
            fqdn=_pool(text(properties, "PoolFqdn") or text(properties, "Identity")),
            inside=_pool(text(properties, "InternalInterfaceFqdn")),
            has_xmpp=_has_ports(properties),
        )

    def is_called(self, name: str) -> bool:
        """True for one of its names, also where that was not shown to its end."""
        return name.lower() in {self.fqdn, self.inside} or is_cut(name, self.fqdn)


def sites(objects: Iterable[Properties]) -> tuple[Site, ...]:
    """The sites in an answer of Get-CsSite."""
    return tuple(Site.of(one) for one in objects if text(one, "Identity"))


def edge_pools(objects: Iterable[Properties]) -> tuple[EdgePool, ...]:
    """The Edge pools in an answer of Get-CsService -EdgeServer."""
    return tuple(found for found in map(EdgePool.of, objects) if found.fqdn)


def find_site(known: Iterable[Site], name: str) -> Site | None:
    """The site of that name, with or without `Site:`."""
    wanted = _site(name).lower()
    return next((one for one in known if wanted and one.name.lower() == wanted), None)


def find_edge(known: Iterable[EdgePool], name: str) -> EdgePool | None:
    """The Edge pool of that name."""
    return next((one for one in known if name and one.is_called(name)), None)


def _site(identity: str) -> str:
    return identity[5:] if identity.lower().startswith("site:") else identity


def _pool(identity: str) -> str:
    """The pool in the identity of a service. A sample in print has a blank behind the colon."""
    return "".join(identity.rpartition(":")[2].split()).lower()


def _is_central(properties: Properties, parent: str) -> bool | None:
    kind = text(properties, "SiteType").lower()
    if parent or "branch" in kind:
        return False
    return True if kind == "centralsite" or has(properties, "ParentSite") else None


def _has_ports(properties: Properties) -> bool | None:
    names = ("XmppListeningPort", "XmppInternalPort")
    if not all(has(properties, name) for name in names):
        return None
    return any(text(properties, name).strip() not in {"", "0"} for name in names)
