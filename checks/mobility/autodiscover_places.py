"""The addresses of Autodiscover that clients ask, and where their answers lead on to."""

from typing import Literal
from urllib.parse import urlsplit

from checks.knowledge.autodiscover import Document, document, host_of
from checks.knowledge.dns_views import within
from checks.mobility.proxy_way import Address
from checks.model import Frozen
from checks.probes import Response, Unanswered, Unreached, View

Reply = Response | Unreached | Unanswered

_MICROSOFT = ("lync.com", "infra.lync.com", "lync.cn", "gov.skypeforbusiness.us", "dod.skypeforbusiness.us")


class Attempt(Frozen, frozen=True):
    """One further request: to where a document led, or for another shape of it."""

    url: str
    reply: Reply
    accept: str = ""


class Place(Frozen, frozen=True):
    """An address that clients ask, and what came of it."""

    kind: Literal["internal", "external", "published"]
    """lyncdiscoverinternal, lyncdiscover, or the service's path at the external web FQDN."""
    host: str
    path: str
    domain: str
    """The SIP domain; empty for the external web FQDN."""
    secure: Reply
    plain: Reply
    """Over HTTP, on port 80."""
    onward: tuple[Attempt, ...] = ()
    """Where the bodies of the answers led, in order."""
    shapes: tuple[Attempt, ...] = ()


class Names(Frozen, frozen=True):
    """The names of this deployment, to tell its own from strangers'."""

    view: View
    domains: tuple[str, ...] = ()
    external: tuple[str, ...] = ()
    """The external web FQDNs: the one that was named, and those of every pool and Director in the topology."""
    internal: tuple[str, ...] = ()
    """The internal web FQDNs and the pools."""
    addresses: tuple[Address, ...] = ()
    """Where those and the external web FQDN lead, looked up inside."""
    pool: str = ""
    """The pool whose site stands behind the reverse proxy."""
    told: bool = False
    """True where the topology told the names of all pools."""
    homed_online: bool = False
    """True where every user that was named is homed in Microsoft 365."""

    def own(self, host: str) -> bool:
        """True for a host of this deployment."""
        return host in self.external or host in self.internal or any(within(host, one) for one in self.domains)


def is_microsofts(host: str) -> bool:
    """True for a host of Skype for Business Online."""
    return any(within(host, one) for one in _MICROSOFT)


def onward_of(found: Document, names: Names) -> str:
    """Where a document leads on to, if it is a web site of this deployment at the port of its scheme; else empty."""
    address = found.redirect
    try:
        parts = urlsplit(address)
        plain = parts.username is None and parts.password is None and parts.port in {None, 80, 443}
    except ValueError:
        return ""
    host = host_of(address)
    return address if plain and host and not is_microsofts(host) and names.own(host) else ""


def trail(place: Place) -> tuple[Attempt, ...]:
    """The requests on the way of a client: HTTPS, or HTTP where no secure connection came about; then where they led.

    Where nothing takes a connection for HTTPS, what answers over HTTP is all that a client meets, whatever it is.
    """
    first = Attempt(url=f"https://{place.host}{place.path}", reply=place.secure)
    phase = place.secure.phase if isinstance(place.secure, Unreached) else "reply"
    alone = phase == "connect" and isinstance(place.plain, Response)
    if alone or (phase != "reply" and led_by(place.plain) is not None):
        first = Attempt(url=f"http://{place.host}{place.path}", reply=place.plain)
    return (first, *place.onward)


def led_by(reply: Reply) -> Document | None:
    """The document that an answer holds; None where it holds none."""
    if not isinstance(reply, Response) or reply.stopped or reply.last.status != 200:
        return None
    return document(reply.last.body)
