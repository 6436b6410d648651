"""Healthy deployments that are larger than one Standard Edition server."""

from lab.model import Model
from lab.pools import director, two_front_ends
from lab.scenarios import Enter, scenario


def _healthy(name: str, title: str, symptom: str) -> Enter:
    return scenario(name, "mobility", title, symptom, None)


@_healthy(
    "healthy-two-front-ends",
    "An Enterprise pool of two Front Ends behind a load balancer",
    "Nobody complains. Walk it to see what good looks like with several servers.",
)
def healthy_two_front_ends(model: Model) -> None:
    two_front_ends(model)


@_healthy(
    "healthy-director",
    "A Director in front of the pool",
    "Nobody complains: the Director tells each phone where its user's pool is.",
)
def healthy_director(model: Model) -> None:
    director(model)
