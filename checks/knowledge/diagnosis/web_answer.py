"""An answer of a web server as a text shows it, and where it comes from."""

from typing import NamedTuple

from checks.knowledge.diagnosis import starts
from checks.knowledge.diagnosis.model import Clarity, Layer, Likely, Sign


class WebAnswer(NamedTuple):
    """An answer of a web server, as far as the text shows it."""

    status: int
    quote: str
    host: str = ""
    path: str = ""
    """In lower case; empty where the text does not show it."""
    server: str = ""
    """X-MS-Server-Fqdn: the Lync server that answered."""
    headers_shown: bool = False
    """True where the text shows the headers, so that a missing one is missing."""
    schemes: tuple[str, ...] = ()
    """What WWW-Authenticate offers, in lower case."""
    body: str = ""
    """The first of it, in lower case."""
    ticket_service: bool = False
    """True where X-MS-WebTicketURL names the service that gives tickets: then Lync itself asks for one."""
    location: str = ""


def where(answer: WebAnswer) -> str:
    """Who answered, for a sentence."""
    return answer.server or answer.host or "the web service"


def on_the_way(answer: WebAnswer) -> str:
    """The step that looks at what stands before Lync: by the paths of Autodiscover, or by the others."""
    path = answer.path
    first = not path or path.startswith("/autodiscover") or answer.host.startswith("lyncdiscover")
    return starts.AUTODISCOVER if first else starts.REVERSE_PROXY


def at_the_front_end(answer: WebAnswer) -> str:
    """The step that looks at the web application behind the path."""
    return starts.WINDOWS_AUTH if answer.path.startswith("/webticket") else starts.WEB_APPLICATIONS


def sign(
    answer: WebAnswer,
    clarity: Clarity,
    layer: Layer,
    *likely: Likely,
    not_meant: tuple[str, ...] = (),
    in_order: tuple[str, ...] = (),
    question: str = "",
) -> Sign:
    """One sign of the answer; the topic is its status."""
    return Sign(
        kind=f"HTTP status {answer.status}",
        clarity=clarity,
        layer=layer,
        likely=likely,
        in_order=in_order,
        not_meant=not_meant,
        question=question,
        topic=f"http-{answer.status}",
    )
