"""Autodiscover documents in their three shapes: JSON, the JSON of UCWA with `_links`, and XML.

Which shape a server sends depends on the Accept header of the request. What is none of them gives None, never an error.
"""

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from typing import Any, Literal
from urllib.parse import quote, urlsplit

from checks.model import Frozen
from checks.probes import DocumentLink
from checks.text import clean

ROOT_PATH = "/Autodiscover/AutodiscoverService.svc/root"
HAL_TYPE = "application/json"
XML_TYPE = "application/vnd.microsoft.rtc.autodiscover+xml;v=1"

MOST_CHARACTERS = 64 * 1024
MOST_LINKS = 64
_LONGEST = 500
_ACCESSES = {
    name.lower(): name
    for name in (
        "SipServerInternalAccess",
        "SipClientInternalAccess",
        "SipServerExternalAccess",
        "SipClientExternalAccess",
    )
}

Shape = Literal["json", "hal", "xml"]


class Document(Frozen, frozen=True):
    """What an Autodiscover service told, trimmed and cleaned."""

    shape: Shape
    kind: Literal["root", "user", ""]
    """Empty where the shape does not tell: HAL has `_links` alone."""
    access_location: str = ""
    """`Internal` or `External`, by the web site that answered; empty where it is not told."""
    links: tuple[DocumentLink, ...] = ()
    sip_access: tuple[DocumentLink, ...] = ()
    """SipClientInternalAccess and the like as `token`, `host:port` as `href`."""

    def link(self, token: str) -> str:
        """The address of the first link with that token, in any case; empty where there is none."""
        return next((link.href for link in self.links if link.token.lower() == token.lower()), "")

    @property
    def redirect(self) -> str:
        """Where the client is to ask instead; empty where it has arrived."""
        return self.link("Redirect")

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts that the links lead to in lower case, each once; a link without a host is left out.

        So is the document's link to itself: it has the name by which the service was asked, and leads nobody on.
        """
        onward = (link for link in self.links if link.token.lower() != "self")
        return tuple(dict.fromkeys(filter(None, (host_of(link.href) for link in onward))))


def root_of(host: str, sip: str) -> str:
    """What a phone asks Autodiscover first: the root, for a user where one is known."""
    return f"https://{host}/{query_of(sip)}"


def query_of(sip: str) -> str:
    """How the root is told whom it is for; empty for nobody."""
    return f"?sipuri={quote(sip, safe=':@')}" if sip else ""


def document(body: str) -> Document | None:
    """The document that a body holds; None where it is another page, is cut off, or is larger than any document is."""
    text = body.lstrip("\ufeff").strip()
    if not text or len(text) > MOST_CHARACTERS:
        return None
    return _from_xml(text) if text.startswith("<") else _from_json(text) if text.startswith("{") else None


def host_of(address: str) -> str:
    """The host of a web address in lower case; empty where it is none."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").rstrip(".").lower() if parts.scheme.lower() in {"http", "https"} else ""
    except ValueError:
        return ""
    return host if all(character.isalnum() or character in "-_.:" for character in host) else ""


def _from_json(text: str) -> Document | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    links = _member(found, "_links")
    if isinstance(links, Mapping):
        return Document(shape="hal", kind="", links=tuple(_hal_links(links))[:MOST_LINKS])
    for kind in ("root", "user"):
        held = _member(found, kind)
        if isinstance(held, Mapping):
            return Document(
                shape="json",
                kind="root" if kind == "root" else "user",
                access_location=_word(_member(found, "AccessLocation")),
                links=tuple(_json_links(_member(held, "Links")))[:MOST_LINKS],
                sip_access=tuple(_json_accesses(held)),
            )
    return None


def _json_links(found: Any) -> Iterator[DocumentLink]:
    for one in found[:MOST_LINKS] if isinstance(found, list) else ():
        if isinstance(one, Mapping):
            yield from _link(_member(one, "token"), _member(one, "href"))


def _hal_links(found: Mapping[str, Any]) -> Iterator[DocumentLink]:
    for token, one in list(found.items())[:MOST_LINKS]:
        # HAL allows a list of links under one name.
        first = one[0] if isinstance(one, list) and one else one
        if isinstance(first, Mapping):
            yield from _link(token, _member(first, "href"))


def _json_accesses(held: Mapping[str, Any]) -> Iterator[DocumentLink]:
    for name, one in list(held.items())[:MOST_LINKS]:
        if name.strip().lower() in _ACCESSES and isinstance(one, Mapping):
            yield from _access(name, _member(one, "fqdn"), _member(one, "port"))


def _from_xml(text: str) -> Document | None:
    if "<!DOCTYPE" in text:
        # It could declare entities. No Autodiscover document has one; web pages do.
        return None
    try:
        root = ET.fromstring(text)  # noqa: S314 - without a document type it can declare no entity
    except (ET.ParseError, ValueError):
        return None
    if _name(root) != "autodiscoverresponse":
        return None
    for held in root:
        if _name(held) in {"root", "user"}:
            children = list(held)[:MOST_LINKS]
            return Document(
                shape="xml",
                kind="root" if _name(held) == "root" else "user",
                access_location=_word(_attribute(root, "AccessLocation")),
                links=tuple(
                    link
                    for one in children
                    if _name(one) == "link"
                    for link in _link(_attribute(one, "token"), _attribute(one, "href"))
                ),
                sip_access=tuple(
                    access
                    for one in children
                    if _name(one) in _ACCESSES
                    for access in _access(_name(one), _attribute(one, "fqdn"), _attribute(one, "port"))
                ),
            )
    return None


def _link(token: Any, href: Any) -> Iterator[DocumentLink]:
    if isinstance(token, str) and isinstance(href, str) and token.strip() and href.strip():
        yield DocumentLink(token=_word(token), href=_word(href))


def _access(name: str, fqdn: Any, port: Any) -> Iterator[DocumentLink]:
    if isinstance(fqdn, str) and fqdn.strip():
        where = _word(str(port))[:8] if isinstance(port, int | str) else ""
        yield DocumentLink(
            token=_ACCESSES[name.strip().lower()],
            href=f"{_word(fqdn).lower()}:{where}" if where else _word(fqdn).lower(),
        )


def _member(found: Mapping[str, Any], name: str) -> Any:
    return next((value for key, value in found.items() if key.strip().lower() == name.lower()), None)


def _attribute(element: ET.Element, name: str) -> str:
    return next((value for key, value in element.items() if key.rpartition("}")[2].lower() == name.lower()), "")


def _name(element: ET.Element) -> str:
    """Its local name in lower case: a server may put the document into a namespace."""
    return element.tag.rpartition("}")[2].lower()


def _word(text: Any) -> str:
    """One word of harmless text. Documents have stray blanks around names."""
    return clean(text.strip(), _LONGEST) if isinstance(text, str) else ""
