"""Larger deployments than the one Standard Edition server: what a scenario makes of the model before its own change."""

from lab.computers import Computer
from lab.model import (
    DIRECTOR,
    DIRECTOR_WEB,
    DIRECTOR_WEB_INTERNAL,
    DOMAIN,
    FRONT_ENDS,
    POOL,
    VIEWS,
    WEB_INTERNAL,
    Certificate,
    Directory,
    LoadBalancer,
    Model,
    Name,
    Publication,
    ReverseProxy,
    Side,
    WebNames,
)
from lab.web_sites import both_sites, director_directories, front_end_sites

_DISCOVERY = (f"lyncdiscoverinternal.{DOMAIN}", f"lyncdiscover.{DOMAIN}")
_NODES = ("front-end-1", "front-end-2")


def two_front_ends(model: Model) -> tuple[Computer, Computer]:
    """Makes the pool an Enterprise pool of fe01 and fe02 behind a hardware load balancer; returns its computers.

    The pool's own name leads to both Front Ends, its web names to the balancer, which the reverse proxy forwards to.
    """
    first, second = (Computer(fqdn, POOL) for fqdn in FRONT_ENDS)
    model.computers[:] = [first, second, *(each for each in model.computers if each.pool != POOL)]
    model.web_servers[:] = [each for each in model.web_servers if each.host != "pool"]
    for host, fqdn in reversed(list(zip(_NODES, FRONT_ENDS, strict=True))):
        names = [fqdn, POOL, WEB_INTERNAL, *_DISCOVERY]
        model.web_servers[:0] = front_end_sites(host, fqdn, Certificate(names))
        model.names["inside"][fqdn] = Name(hosts=[host])
    shown = Certificate([WEB_INTERNAL, POOL, *_DISCOVERY])
    model.load_balancers = [
        LoadBalancer("balancer", shown, list(_NODES)),
        LoadBalancer("balancer", shown, list(_NODES), side="external", affinity="none"),
    ]
    model.names["inside"] |= {
        POOL: Name(hosts=list(_NODES)),
        WEB_INTERNAL: Name(hosts=["balancer"]),
        _DISCOVERY[0]: Name(hosts=["balancer"]),
    }
    for publication in model.reverse_proxy.publications:
        if publication.to == "pool":
            publication.to = "balancer"
    return first, second


def director(model: Model) -> Computer:
    """Adds a Director, which lyncdiscover and lyncdiscoverinternal lead to; returns its computer."""
    computer = Computer(DIRECTOR, DIRECTOR)
    model.computers.append(computer)
    model.directors.append(DIRECTOR)
    model.web_names[DIRECTOR] = WebNames(DIRECTOR_WEB, DIRECTOR_WEB_INTERNAL)
    paths: dict[Side, dict[str, Directory]] = {"internal": director_directories(), "external": director_directories()}
    certificate = Certificate([DIRECTOR, DIRECTOR_WEB_INTERNAL, *_DISCOVERY])
    model.web_servers += both_sites("director", DIRECTOR, certificate, paths)
    for name in (DIRECTOR, DIRECTOR_WEB_INTERNAL, _DISCOVERY[0]):
        model.names["inside"][name] = Name(hosts=["director"])
    for view in VIEWS:
        model.names[view][DIRECTOR_WEB] = Name(hosts=["reverse-proxy"])
    proxy = model.reverse_proxy
    proxy.certificate.names.append(DIRECTOR_WEB)
    proxy.publications.append(Publication("director", names=[DIRECTOR_WEB, _DISCOVERY[1]]))
    proxy.publication.names = [name for name in proxy.certificate.names if name not in proxy.publications[1].names]
    return computer


def hairpin(model: Model) -> ReverseProxy:
    """Gives the reverse proxy an address of its own for clients inside, as if the way there went through a firewall.

    Returns what answers there, at the host `hairpin`: as the proxy does, until its `https` and `http` are changed.
    """
    proxy = model.reverse_proxy
    inside = ReverseProxy("hairpin", proxy.certificate, publications=proxy.publications)
    model.reverse_proxies.append(inside)
    for name in model.names["inside"].values():
        name.hosts = ["hairpin" if host == "reverse-proxy" else host for host in name.hosts]
    return inside
