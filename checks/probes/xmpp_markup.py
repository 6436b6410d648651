"""XML of an XMPP stream, read as it arrives: bounded, and without what XMPP forbids (entities, document types).

How the bytes are cut into pieces on the way makes no difference to what is read.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

MOST_BYTES = 64 * 1024
MOST_TAG = 8 * 1024
"""Bytes of one tag."""
MOST_ELEMENTS = 1_000
MOST_DEPTH = 12
MOST_TEXT = 4_000

STREAMS = "http://etherx.jabber.org/streams"


class BadMarkup(Exception):
    """What came is not the XML of a stream. The words are for people."""


class TooMuch(BadMarkup):
    """More came than any server has to say."""


@dataclass
class Element:
    """One element with all that is in it. `namespace` is empty where it has none."""

    namespace: str
    name: str
    attributes: dict[str, str]
    text: str = ""
    children: "list[Element]" = field(default_factory=list)

    def child(self, namespace: str, name: str = "") -> "Element | None":
        """The first child of that namespace, and of that name where one is given."""
        return next((one for one in self.children if one.namespace == namespace and name in {"", one.name}), None)


@dataclass
class Root:
    """The opening tag of the stream."""

    namespace: str
    name: str
    attributes: dict[str, str]
    declared: dict[str, str]
    """Namespaces by prefix; the default one by the empty prefix."""


@dataclass
class End:
    """The stream was closed in order."""


Event = Root | Element | End


class Reader:
    """Turns the bytes of one stream into its events: `Root`, then one `Element` for each child, then `End`."""

    def __init__(self) -> None:
        self._events: deque[Event] = deque()
        self._open: list[Element] = []
        self._rooted = False
        self._declared: dict[str, str] = {}
        self._bytes = 0
        self._kept = b""
        self._elements = 0
        # Said here, so that no declaration in the stream chooses another encoding.
        parser = expat.ParserCreate("utf-8", " ")
        # Newer versions of expat put off a tag that came in pieces until more comes behind it, and a server that waits
        # for us sends nothing more. Not every Python can forbid that, so `feed` keeps a tag until it is whole as well.
        if defer := getattr(parser, "SetReparseDeferralEnabled", None):
            defer(False)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartNamespaceDeclHandler = self._declare
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        parser.buffer_text = False
        self._parser = parser

    def feed(self, data: bytes) -> None:
        """Reads more of the stream. Raises BadMarkup; what was whole before the fault can still be taken."""
        room = max(0, MOST_BYTES - self._bytes)
        self._bytes += len(data)
        self._kept += data[:room]
        begun = self._kept.rfind(b"<")
        whole = len(self._kept) if begun < 0 or b">" in self._kept[begun:] else begun
        try:
            self._parser.Parse(self._kept[:whole], False)
        except expat.ExpatError as error:
            raise BadMarkup(expat.ErrorString(error.code) or "not well-formed") from None
        self._kept = self._kept[whole:]
        if self._bytes > MOST_BYTES or len(self._kept) > MOST_TAG:
            raise TooMuch(
                f"more than {MOST_BYTES // 1024} KB on one stream, or a tag of more than {MOST_TAG // 1024} KB"
            )

    def take(self) -> Event | None:
        """The next event that is complete; None where more has to come."""
        return self._events.popleft() if self._events else None

    def events(self) -> Iterator[Event]:
        """All events that are complete."""
        while (event := self.take()) is not None:
            yield event

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > MOST_ELEMENTS or len(self._open) >= MOST_DEPTH:
            raise TooMuch("more elements than any server has to say")
        namespace, local = _split(name)
        if not self._rooted:
            self._rooted = True
            self._events.append(Root(namespace, local, attributes, dict(self._declared)))
            return
        element = Element(namespace, local, attributes)
        if self._open:
            self._open[-1].children.append(element)
        self._open.append(element)

    def _end(self, name: str) -> None:
        if not self._open:
            self._events.append(End())
            return
        element = self._open.pop()
        if not self._open:
            self._events.append(element)

    def _text(self, data: str) -> None:
        if self._open:
            element = self._open[-1]
            element.text += data[: MOST_TEXT - len(element.text)]

    def _declare(self, prefix: str | None, uri: str | None) -> None:
        if not self._rooted and len(self._declared) < 50:
            self._declared[prefix or ""] = uri or ""

    def _refuse(self, *_: Any) -> None:
        raise BadMarkup("a document type or an entity is declared, which XMPP forbids")


def _split(name: str) -> tuple[str, str]:
    """Namespace and local name, as expat joins them."""
    namespace, _, local = name.rpartition(" ")
    return namespace, local
