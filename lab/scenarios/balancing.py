"""What can be wrong with the load balancer in front of a pool of several Front Ends."""

from lab.model import DOMAIN, Model, Name
from lab.pools import two_front_ends
from lab.scenarios import Enter, scenario

_LOST = "Messages arrive late or never, and presence jumps, now and then."
_SOMETIMES = "Phones sign in at the second or third attempt."


def _fault(name: str, title: str, symptom: str, answer: str) -> Enter:
    return scenario(name, "mobility", title, symptom, f"mobility.affinity/{answer}")


@_fault("no-affinity", "The load balancer has no affinity for the internal web services", _LOST, "no-affinity")
def no_affinity(model: Model) -> None:
    two_front_ends(model)
    model.load_balancer("internal").affinity = "none"


@_fault(
    "external-no-affinity",
    "The load balancer chooses a server for each connection from outside, without affinity",
    _LOST,
    "external-no-affinity",
)
def external_no_affinity(model: Model) -> None:
    two_front_ends(model)
    model.load_balancer("external").per = "connection"


@_fault(
    "dead-server-in-rotation",
    "A server that was taken down is still in the load balancer's rotation",
    _SOMETIMES,
    "some-fail",
)
def dead_server_in_rotation(model: Model) -> None:
    two_front_ends(model)
    # The discovery names lead past it, so that nobody meets it who asks once or twice.
    model.names["inside"][f"lyncdiscoverinternal.{DOMAIN}"] = Name(hosts=["front-end-1"])
    balancer = model.load_balancer("internal")
    balancer.affinity = "none"
    balancer.nodes.append("other-pool")
    model.web_server("other-pool").https = "closed"


@_fault(
    "cookie-unfit",
    "The cookie of the load balancer is HttpOnly",
    "Phones of Lync 2010 lose their session; newer ones do not.",
    "cookie-unfit",
)
def cookie_unfit(model: Model) -> None:
    two_front_ends(model)
    balancer = model.load_balancer("internal")
    balancer.affinity, balancer.cookie_attributes = "cookie", "path=/; HttpOnly"


@scenario(
    "healthy-cookie-affinity",
    "mobility",
    "The load balancer keeps clients by a cookie, as Lync 2010 needs it",
    "Nobody complains. The older way of affinity works too.",
    None,
)
def healthy_cookie_affinity(model: Model) -> None:
    two_front_ends(model)
    model.load_balancer("internal").affinity = "cookie"
