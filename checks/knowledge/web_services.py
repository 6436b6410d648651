"""The web services of the topology: which name each pool's are reached by, and the SIP domains that look for them."""

from collections.abc import Iterable

from checks.deployment import InvalidName, parse_fqdn
from checks.knowledge.lync_objects import text
from checks.model import Frozen
from checks.probes import Objects


class WebNames(Frozen, frozen=True):
    """The names of one pool's web services. Empty where there is none, or none was shown."""

    pool: str = ""
    external: str = ""
    internal: str = ""


def web_names(answer: Objects) -> tuple[WebNames, ...]:
    """The names in an answer of `Get-CsService -WebServer`, a pool each; what is no host name is left out."""
    return tuple(
        WebNames(
            pool=_host(text(one, "PoolFqdn")),
            external=_host(text(one, "ExternalFqdn")),
            internal=_host(text(one, "InternalFqdn")),
        )
        for one in answer.objects
    )


def web_names_of(known: Iterable[WebNames], pool: str, web: str) -> WebNames | None:
    """Those of the pool; where no pool is named, those with that external FQDN, else the only ones."""
    several = tuple(known)
    if pool:
        return next((one for one in several if one.pool == pool), None)
    by_web = next((one for one in several if web and one.external == web), None)
    return by_web or (several[0] if len(several) == 1 and not web else None)


def sip_domains(answer: Objects) -> tuple[str, ...]:
    """The SIP domains in an answer of `Get-CsSipDomain`; what is no domain name is left out."""
    named = (_host(text(one, "Name") or text(one, "Identity")) for one in answer.objects)
    return tuple(dict.fromkeys(name for name in named if name))


def _host(found: str) -> str:
    try:
        return parse_fqdn(found)
    except InvalidName:
        return ""
