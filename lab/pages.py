"""What a web server sends: a page of the model as an HTTP response."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import formatdate
from typing import TYPE_CHECKING

from lab.web_servers import Page

if TYPE_CHECKING:
    import h11

IIS = (("Server", "Microsoft-IIS/8.5"), ("X-Powered-By", "ASP.NET"))
"""How IIS names itself where a page says nothing else."""
NOT_FOUND = Page(404, "<html><body><h2>404 - Not found</h2></body></html>", from_lync=False)
BAD_REQUEST = Page(400, "<html><body><h2>Bad Request</h2></body></html>", from_lync=False)


@dataclass(frozen=True)
class Answer:
    """A response, and `padding` blanks after its body."""

    head: "h11.Response"
    body: bytes = b""
    padding: int = 0


def answer_of(
    page: Page,
    server_fqdn: str = "",
    *,
    extra: Sequence[tuple[str, str]] = (),
    length: int | None = None,
    software: Sequence[tuple[str, str]] = IIS,
) -> Answer:
    """The answer that a page makes. `length` is that of a body which is not the page's."""
    # Not above: whoever lists the scenarios meets the pages, and has no use for HTTP.
    import h11

    body = page.body.encode("utf-8")
    headers = [("Date", formatdate(usegmt=True)), *page.headers, *extra]
    present = {name.lower() for name, _ in headers}
    if page.from_lync and server_fqdn:
        headers.append(("X-MS-Server-Fqdn", server_fqdn))
    headers += [(name, value) for name, value in software if name.lower() not in present]
    headers += [("Content-Type", page.content_type), ("Content-Length", str(length or len(body) + page.padding))]
    encoded = [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in headers]
    return Answer(h11.Response(status_code=page.status, headers=encoded), body, page.padding)


def unauthorized(*, from_lync: bool = True) -> Page:
    """A 401, to which the challenges come."""
    return Page(401, "<html><body><h2>401 - Unauthorized</h2></body></html>", from_lync=from_lync)


def header(head: "h11.Request", name: bytes) -> str:
    """The first header of that name, which is in lower case; empty where there is none."""
    return next((value.decode("latin-1") for key, value in head.headers if key == name), "")
