"""The TCP ports that a seat tries: which, at which host, and what each is there for."""

from collections.abc import Collection
from typing import Literal

from checks.context import Context
from checks.deployment import Product, Vantage
from checks.knowledge.web_ports import REGISTRAR
from checks.mobility.phone_names import Known, is_inside
from checks.model import Frozen
from checks.probes import Open, Unanswered, Unreached

_HTTPS, _HTTP = 443, 80

Purpose = Literal["web", "discovery", "internal", "http", "external-site", "external-http", "registrar", "mcx", "ucwa"]
AT_THE_SERVER = frozenset({"external-site", "external-http", "registrar", "mcx", "ucwa"})
"""What a firewall may rightly keep from clients: judged at the Front End alone."""


class Look(Frozen, frozen=True):
    """One port that was tried, and why."""

    host: str
    port: int
    purpose: Purpose
    answer: Open | Unreached | Unanswered

    @property
    def place(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def closed(self) -> Unreached | None:
        """How it failed. A name without an address is no closed port: “DNS records” judges that."""
        return self.answer if isinstance(self.answer, Unreached) and self.answer.phase != "name" else None


Place = tuple[str, int, Purpose]


def web_places(names: Known, vantage: Vantage) -> list[Place]:
    """The web ports that a phone at this seat uses. From inside, the way out to the proxy is the hairpin's matter."""
    if not is_inside(vantage):
        places: list[Place] = [(one.host, _HTTPS, "web") for one in names.names("web")]
        for one in names.names("external-discovery"):
            places += [(one.host, _HTTPS, "discovery"), (one.host, _HTTP, "http")]
        return places
    ports = names.ports
    places = [(one.host, _HTTPS, "discovery") for one in names.names("internal-discovery")]
    places += [(one.host, _HTTPS, "internal") for one in names.names("web-internal")]
    if names.pool:
        places += [(names.pool, ports.internal_https, "internal"), (names.pool, ports.internal_http, "http")]
    if not names.pool and not names.web_internal:
        places += [(one.host, _HTTPS, "web") for one in names.names("web")]
    return places


def pool_places(names: Known, product: Product | None, *, branch: bool) -> list[Place]:
    """What listens on a Front End behind the reverse proxy and beside the web sites."""
    ports, pool = names.ports, names.pool
    has_mcx = (product is None or product.has_mcx_and_xmpp) and (product is not Product.LYNC_2010 or ports.told)
    places: list[Place] = [
        (pool, ports.external_https, "external-site"),
        (pool, ports.external_http, "external-http"),
        (pool, REGISTRAR, "registrar"),
    ]
    places += [(pool, port, "mcx") for port in ports.mcx if has_mcx]
    places += [(pool, port, "ucwa") for port in ports.ucwa if branch]
    return places


async def tried(context: Context, places: Collection[Place]) -> tuple[Look, ...]:
    answers = await context.together(*(context.port(host, port) for host, port, _ in places))
    return tuple(
        Look(host=host, port=port, purpose=purpose, answer=answer)
        for (host, port, purpose), answer in zip(places, answers, strict=True)
    )
