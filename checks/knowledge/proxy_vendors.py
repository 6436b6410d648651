"""What is known of products that stand before Lync: hints beside a finding, and never a fault."""

from collections.abc import Iterable

from checks.probes import Hop

_PITFALLS = {
    "nginx": "Not documented by Microsoft: nginx waits 60 seconds for an answer by itself; phones hold a request for up to "
    "15 minutes.",
    "arr": "Not documented by Microsoft: Application Request Routing gives up after 2 minutes by itself; phones hold a "
    "request for up to 15.",
    "kemp": "Not documented by Microsoft: a Kemp sends the intermediate certificate only where it was imported as well.",
    "f5": "An F5 needs a OneConnect profile, or all requests of a connection stay at one Front End.",
}


def pitfalls(answers: Iterable[Hop]) -> tuple[str, ...]:
    """A line for each product that signed one of the answers or set one of their cookies."""
    found: dict[str, None] = {}
    for hop in answers:
        found |= dict.fromkeys(_vendors(hop))
    return tuple(_PITFALLS[vendor] for vendor in found)


def _vendors(hop: Hop) -> Iterable[str]:
    server = hop.header("Server").lower()
    powered = " ".join(value.lower() for name, value in hop.headers if name.lower() == "x-powered-by")
    cookies = [value.lower() for name, value in hop.headers if name.lower() == "set-cookie"]
    if server.startswith("nginx"):
        yield "nginx"
    if "arr/" in powered or any(cookie.startswith("arraffinity") for cookie in cookies):
        yield "arr"
    if server.startswith("bigip") or any(cookie.startswith("bigip") for cookie in cookies):
        yield "f5"
    if "kemp" in server:
        yield "kemp"
