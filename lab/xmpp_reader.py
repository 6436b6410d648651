"""The XML of a stream between XMPP servers as it arrives: bounded, and without what XMPP forbids."""

from collections import deque
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

_MOST_BYTES = 64 * 1024
"""Of one stream: nobody who only looks at a server has more to say."""
_BLANKS = b" \t\r\n"


class Broken(Exception):
    """What came is no XML of a stream. `condition` is the stream error that RFC 6120 has for it."""

    def __init__(self, condition: str) -> None:
        super().__init__(condition)
        self.condition = condition


@dataclass(frozen=True)
class Root:
    """The opening tag. `content` is the namespace of what has no prefix."""

    namespace: str
    name: str
    content: str
    attributes: dict[str, str]


@dataclass(frozen=True)
class Element:
    """A child of the root, complete. What is inside of it makes no difference to this server."""

    namespace: str
    name: str
    attributes: dict[str, str]


@dataclass(frozen=True)
class End:
    """The stream was closed in order."""


Event = Root | Element | End


class Reader:
    """Turns the bytes of one stream into events, however they are cut into pieces."""

    def __init__(self) -> None:
        self.events: deque[Event] = deque()
        """What came and was not taken yet, in order."""
        self._depth = 0
        self._content = ""
        self._child: Element | None = None
        self._left = _MOST_BYTES
        self._kept = b""
        # Said here, so that no declaration in the stream chooses another encoding.
        self._parser = expat.ParserCreate("utf-8", " ")
        self._parser.StartNamespaceDeclHandler = self._declare
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._forbid
        self._parser.ProcessingInstructionHandler = self._forbid
        self._parser.CommentHandler = self._forbid

    def feed(self, data: bytes) -> None:
        """Adds the events that these bytes complete. Raises Broken, after those that came before the fault."""
        self._left -= len(data)
        if self._left < 0:
            raise Broken("policy-violation")
        data = self._kept + data
        if not self._depth and data.lstrip(_BLANKS)[:1] not in {b"", b"<"}:
            raise Broken("not-well-formed")
        # Newer versions of expat put off a tag that came in pieces until more comes behind it: it gets whole tags.
        whole = data.rfind(b">") + 1
        self._kept = data[whole:]
        try:
            self._parser.Parse(data[:whole], False)
        except expat.ExpatError:
            raise Broken("not-well-formed") from None

    def _declare(self, prefix: str | None, uri: str | None) -> None:
        if not self._depth and prefix is None:
            self._content = uri or ""

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        self._depth += 1
        if self._depth == 1:
            self.events.append(Root(namespace, local, self._content, attributes))
        elif self._depth == 2:
            self._child = Element(namespace, local, attributes)

    def _end(self, _: str) -> None:
        self._depth -= 1
        if self._depth == 1 and self._child:
            self.events.append(self._child)
        elif self._depth == 0:
            self.events.append(End())

    def _forbid(self, *_: Any) -> None:
        raise Broken("restricted-xml")
