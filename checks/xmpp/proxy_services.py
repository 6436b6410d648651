"""The services of XMPP on an Edge as Get-Service shows them: found by display name, for no document tells the short one."""

from checks.context import Context
from checks.knowledge import topology_objects
from checks.knowledge.lync_objects import is_partial, text
from checks.model import Frozen
from checks.probes import Objects, Unanswered
from checks.text import clean

DISPLAY_NAMES = "*XMPP*"
"""Of the proxy on an Edge and of the gateway on a Front End. Only their English names are known, so no more is asked for."""
_GATEWAY = "xmpp translating gateway"
_MOST = 10
_START_TYPES = {"2": "Automatic", "3": "Manual", "4": "Disabled"}
"""System.ServiceProcess.ServiceStartMode, which JSON writes as a number."""


class ProxyService(Frozen, frozen=True):
    """A service of XMPP."""

    name: str
    display_name: str
    status: str
    """`Running`, `Stopped`, `StartPending` and so on; empty where it was not shown."""
    start_type: str = ""
    """`Automatic`, `Manual` or `Disabled`; empty where it was not shown, as before Windows PowerShell 5."""


async def ask_proxy(context: Context) -> Objects | Unanswered:
    """The services of XMPP on the Edge."""
    return await context.invoke("Get-Service", on="edge", DisplayName=DISPLAY_NAMES)


async def proxy_status(context: Context) -> str:
    """The status of the XMPP proxy on the Edge, in the words of `ProxyService`; empty where it was not shown."""
    found = proxy_services(await ask_proxy(context))
    return next((one.status for one in found if is_proxy(one)), "")


def proxy_services(answer: Objects | Unanswered) -> tuple[ProxyService, ...]:
    """Those in the answer that are of XMPP by their display name."""
    found = answer.objects[:200] if isinstance(answer, Objects) else ()
    return tuple(
        ProxyService(
            name=clean(text(one, "Name") or text(one, "ServiceName"), 80),
            display_name=clean(text(one, "DisplayName"), 120),
            status=topology_objects.service_status(text(one, "Status")),
            start_type=_start_type(text(one, "StartType")),
        )
        for one in found
        if "xmpp" in text(one, "DisplayName").lower()
    )[:_MOST]


def is_cut(answer: Objects | Unanswered) -> bool:
    """True where a service may be among them whose display name was not shown to its end, as in a table."""
    return isinstance(answer, Objects) and (
        is_partial(answer) or not all(text(one, "DisplayName") for one in answer.objects)
    )


def is_proxy(service: ProxyService) -> bool:
    """True for the Edge's service; the gateway of a Front End has the same name without `Proxy`."""
    return _is_lyncs(service) and "proxy" in service.display_name.lower()


def is_gateway(service: ProxyService) -> bool:
    """True for the Front End's."""
    return _is_lyncs(service) and not is_proxy(service)


def _is_lyncs(service: ProxyService) -> bool:
    return _GATEWAY in service.display_name.lower()


def _start_type(shown: str) -> str:
    known = _START_TYPES.get(shown, shown).capitalize()
    return known if known in _START_TYPES.values() else ""
