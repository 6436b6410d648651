"""What is wrong with the web applications of the Front Ends, and on which machine."""

from collections.abc import Iterable, Iterator, Sequence

from checks.deployment import Product
from checks.knowledge import iis
from checks.knowledge.iis import APPLICATIONS, Application
from checks.mobility import web_applications_remedies as remedies
from checks.mobility.web_applications_seen import Reply, Said, Site, peers, versions
from checks.model import Frozen, Reason, Remedy
from checks.probes import Unanswered, Unreached

_CLOSED = {
    "refused": "nothing listens on {port}",
    "silent": "{port} takes the request and never answers",
    "broken": "{port} speaks neither TLS nor HTTP with this computer",
    "unreached": "{port} is not reached from here",
}
_UNWELL: frozenset[Said] = frozenset({"stopped", "busy", "web-config", "server-error"})
_UNAVAILABLE: frozenset[Said] = frozenset({"stopped", "busy", "silent"})
_RESTS = "So it is in maintenance, and while IIS is stopped: “Services” tells. The load balancer must leave it out."
_MOST_NAMED = 3


class Fault(Frozen, frozen=True):
    """One thing that is wrong, or was not seen: an answer of the step, and what there is to say."""

    answer: str
    headline: str
    detail: tuple[str, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    reason: Reason | None = None
    command: str = ""


def faults(sites: Sequence[Site], product: Product | None, *, by_topology: bool) -> Iterator[Fault]:
    """All faults. `by_topology`: the sites are those of single machines, not of a name that stands for a pool."""
    yield from _strangers(sites)
    ours = [site for site in sites if not site.is_stranger]
    yield from _down(ours)
    for application in APPLICATIONS:
        if application is not iis.MCX or not left_to_service_url(ours):
            yield from _of_application(application, ours, product)
    yield from _unreached(ours, by_topology=by_topology)
    yield from _unseen(ours)
    yield from _versions(ours, product)


def left_to_service_url(sites: Iterable[Site]) -> bool:
    """True where Mcx fails on the external site of every Front End: “Service URL”, which comes before, tells the same."""
    said = [site.says(iis.MCX.name) for site in sites if site.external and not site.is_stranger]
    asked = [one for one in said if one is not None]
    return bool(asked) and all(one in _UNWELL or one in {"missing", "forbidden", "silent"} for one in asked)


def listed(sites: Iterable[Site]) -> str:
    """The machines of the sites, in words."""
    return _words(dict.fromkeys(site.machine.fqdn for site in sites))


def _words(names: Iterable[str]) -> str:
    known = list(names)
    more = f" and {len(known) - _MOST_NAMED} more" if len(known) > _MOST_NAMED else ""
    return (", ".join(known[:_MOST_NAMED]) if more else " and ".join(known)) + more


def _strangers(sites: Iterable[Site]) -> Iterator[Fault]:
    for site in sites:
        if site.is_stranger:
            hops = [reply.last for reply in site.replies if reply.last is not None]
            signed = next((hop.header("Server") for hop in hops if hop.header("Server")), "")
            yield Fault(
                answer="stranger",
                headline=f"Another program has port {site.port} of {site.machine.fqdn}, where Lync should answer.",
                detail=(
                    "None of its answers names a Lync server"
                    + (f"; they are signed Server: {signed}." if signed else ", and none is signed."),
                    "Windows Admin Center on port 443 is a known case on Skype for Business Server 2019.",
                ),
                remedies=(remedies.move_stranger(site.machine.fqdn, site.port),),
            )


def _down(sites: Sequence[Site]) -> Iterator[Fault]:
    """Machines that do not do what the others of their pool do."""
    why: dict[str, list[str]] = {}
    for site in sites:
        if _rests(site, sites):
            continue
        others = [one for one in peers(site, sites) if one.closed is None]
        if others and site.closed in {"refused", "silent", "broken"}:
            why.setdefault(site.machine.fqdn, []).append(_CLOSED[site.closed].format(port=site.port))
        for application in _stopped_alone(site, others):
            does = "never answers" if site.says(application) == "silent" else "says 503"
            why.setdefault(site.machine.fqdn, []).append(f"{application} {does} on {site.port}")
    for machine, reasons in why.items():
        yield Fault(
            answer="one-front-end-down",
            headline=f"{machine} does not serve phones as the other Front Ends do: {reasons[0]}.",
            detail=(
                *(f"Also: {reason}." for reason in reasons[1:]),
                "Phones that the load balancer sends there fail, the others work.",
            ),
            remedies=(remedies.reset_iis(machine), remedies.compare_ucwa_pool(machine)),
        )


def _rests(site: Site, sites: Sequence[Site]) -> bool:
    """True where nothing listens on any web port of the machine: a load balancer sees that, and sends nobody there."""
    both = [one for one in sites if one.machine == site.machine]
    closed = [one.closed == "refused" or (one.external and one.closed == "unreached") for one in both]
    return len(both) > 1 and all(closed) and any(one.closed == "refused" for one in both if not one.external)


def _stopped_alone(site: Site, others: Iterable[Site]) -> Iterator[str]:
    healthy = list(others)
    for application in APPLICATIONS:
        ill = application.needed and site.says(application.name) in _UNAVAILABLE
        if ill and any(one.says(application.name) == "answers" for one in healthy):
            yield application.name


_IN_ORDER: tuple[Said, ...] = ("stopped", "busy", "silent", "web-config", "server-error", "forbidden", "missing")
"""What may be wrong with one application, the gravest first."""


def _of_application(application: Application, sites: Sequence[Site], product: Product | None) -> Iterator[Fault]:
    said: dict[Said, list[Site]] = {}
    for site in sites:
        if what := site.says(application.name):
            said.setdefault(what, []).append(site)
    if not application.needed:
        yield from _spare(application, [site for what in _UNWELL for site in said.get(what, [])])
        return
    alone = {id(site) for site in sites if application.name in _stopped_alone(site, peers(site, sites))}
    for what in _IN_ORDER:
        where = [site for site in said.get(what, []) if id(site) not in alone and site.closed is None]
        if where and (fault := _fault(application, what, where, product)):
            yield fault


def _spare(application: Application, where: Sequence[Site]) -> Iterator[Fault]:
    if where:
        machine = where[0].machine.fqdn
        yield Fault(
            answer="reach-fails",
            headline=f"{application.name} fails on {listed(where)}. Only the app of the Windows Store uses it.",
            remedies=(remedies.start_pool_of(application.name, machine),),
        )


def _fault(application: Application, what: Said, where: Sequence[Site], product: Product | None) -> Fault | None:
    name, on, first = application.name, listed(where), where[0].machine.fqdn
    detail = (f"It {application.purpose}. Seen at {_words(site.where for site in where)}.",)
    match what:
        case "stopped":
            return Fault(
                answer="application-pool-stopped",
                headline=f"The application pool of {name} is stopped on {on} (HTTP 503 from Windows itself).",
                detail=(*detail, "The answer comes from Microsoft-HTTPAPI, which stands in front of IIS."),
                remedies=tuple(_starting(application, where)),
            )
        case "busy":
            return Fault(
                answer="overloaded",
                headline=f"{name} on {on} turns requests away (HTTP 503).",
                detail=(*detail, "It runs, and takes no more: too many requests at once, or it is stuck."),
                remedies=(remedies.relieve(first), remedies.reset_iis(first)),
            )
        case "silent":
            return Fault(
                answer="overloaded",
                headline=f"{name} on {on} takes requests and never answers.",
                detail=(*detail, "Other applications there do answer, so this one is stuck."),
                remedies=(*_restarting(application, where), remedies.reset_iis(first)),
            )
        case "web-config":
            return Fault(
                answer="web-config",
                headline=f"IIS cannot read the configuration of {name} on {on} (HTTP 500.19).",
                detail=(*detail, "So it is after an update where a section of the configuration is locked."),
                remedies=(remedies.unlock_configuration(name, first),),
            )
        case "server-error":
            return Fault(
                answer="server-error",
                headline=f"{name} on {on} fails with an error of its own (HTTP {_status(where, name)}).",
                detail=(*detail, "The page tells the reason only to a browser on that server."),
                remedies=(remedies.repair_framework(name, first), *_restarting(application, where)),
            )
        case "forbidden":
            return Fault(
                answer="forbidden",
                headline=f"{on} forbids {application.path} (403).",
                detail=(*detail, "The Front End itself says so, asked by its own name."),
                remedies=(remedies.allow(name, first),),
            )
    return _missing(application, where, product, detail)


def _missing(
    application: Application, where: Sequence[Site], product: Product | None, detail: tuple[str, ...]
) -> Fault | None:
    on = listed(where)
    expected = application.is_in(product)
    if application is iis.UCWA and expected:
        return Fault(
            answer="ucwa-missing",
            headline=f"UCWA is not installed on {on} (404): Lync 2013 phones and later cannot sign in there.",
            detail=detail,
            remedies=(remedies.install_update(on),),
        )
    if application is iis.UCWA:
        return Fault(
            answer="version-needed",
            headline=f"UCWA is missing on {on} (404). Whether it should be there depends on the version.",
            detail=(
                "Lync 2010 has none; Lync 2013 has it since the update of February 2013, and all later versions do.",
                "Name the version in the form under More, or with --product; a Lync shell finds it out.",
            ),
            reason=Reason.MISSING_INPUT,
            command="Get-CsServerVersion",
        )
    # Phones reach Mcx through the external site alone.
    needed = [site for site in where if site.external] if application is iis.MCX else list(where)
    if not expected or not needed:
        return None
    return Fault(
        answer="application-missing",
        headline=f"{application.name} is not installed on {listed(needed)} (404).",
        detail=detail,
        remedies=(remedies.set_up_components(application.name, listed(needed)),),
    )


def _starting(application: Application, where: Sequence[Site]) -> Iterator[Remedy]:
    for pool, machine in _pools(application, where):
        if pool:
            yield remedies.start_application_pool(pool, machine)
        else:
            yield remedies.start_pool_of(application.name, machine)
    if application is iis.UCWA:
        for machine in dict.fromkeys(site.machine.fqdn for site in where):
            yield remedies.compare_ucwa_pool(machine)


def _restarting(application: Application, where: Sequence[Site]) -> Iterator[Remedy]:
    for pool, machine in _pools(application, where):
        if pool:
            yield remedies.restart_application_pool(pool, machine)


def _pools(application: Application, where: Iterable[Site]) -> Iterable[tuple[str, str]]:
    """The application pools, with their machines: both sites of one may share a pool."""
    named = ((iis.application_pool(application.name, external=each.external), each.machine.fqdn) for each in where)
    return dict.fromkeys(named)


def _status(where: Iterable[Site], application: str) -> int:
    replies = [reply for site in where if (reply := site.of(application))]
    return next((reply.last.status for reply in replies if reply.last is not None), 500)


def _unreached(sites: Sequence[Site], *, by_topology: bool) -> Iterator[Fault]:
    """Machines that did not answer this seat, where no other of their pool shows that they should have."""
    internal = [site for site in sites if not site.external]
    nobody = all(site.closed not in {None, "unseen"} for site in internal)
    for site in sites:
        closed = site.closed
        if closed not in _CLOSED or (site.external and closed == "unreached"):
            continue
        rests = _rests(site, sites)
        if closed != "unreached" and not rests and any(one.closed is None for one in peers(site, sites)):
            continue
        if rests and site.external:
            # Told by its internal site.
            continue
        reply = site.replies[0]
        said = reply.answer.detail if isinstance(reply.answer, Unreached) else ""
        if not by_topology or (nobody and closed == "unreached"):
            yield Fault(
                answer="not-seen",
                headline=f"{site.where} was not reached from here, so its applications were not seen.",
                detail=(said, "“Ports” and “Certificates” ask the pool's names and tell what is in the way."),
                reason=Reason.UNREACHABLE,
                command=f"Test-NetConnection {site.machine.fqdn} -Port {site.port}",
            )
            continue
        yield Fault(
            answer="front-end-unreachable",
            headline=f"{site.machine.fqdn} does not answer here: {_CLOSED[closed].format(port=site.port)}.",
            detail=(said, _RESTS if rests else "A firewall between may do the same, so phones need not be concerned."),
            remedies=(remedies.look_at(site.machine.fqdn, site.port),),
        )


def _unseen(sites: Iterable[Site]) -> Iterator[Fault]:
    for site in sites:
        for reply in site.replies:
            if reply.said == "on-the-way" and reply.last is not None:
                yield _not_seen(
                    site, reply, f"Something between answers in its place (HTTP {reply.last.status}).", Reason.DENIED
                )
            elif isinstance(reply.answer, Unreached) and reply.said != "silent" and site.closed is None:
                yield _not_seen(site, reply, reply.answer.detail, Reason.UNREACHABLE)
            elif isinstance(reply.answer, Unanswered):
                yield _not_seen(site, reply, reply.answer.detail, reply.answer.reason)


def _not_seen(site: Site, reply: Reply, detail: str, reason: Reason) -> Fault:
    path = next(one.path for one in APPLICATIONS if one.name == reply.application)
    return Fault(
        answer="not-seen",
        headline=f"{reply.application} on {site.where} could not be asked: {detail}",
        reason=reason,
        command=f"curl.exe -k -i https://{site.where}{path}",
    )


def _versions(sites: Sequence[Site], product: Product | None) -> Iterator[Fault]:
    found = versions(sites)
    supported = iis.SUPPORTED_IIS.get(product) if product else None
    if product is not None and supported:
        odd = [machine for machine, version in found.items() if version not in supported]
        if odd:
            yield Fault(
                answer="iis-unsupported",
                headline=f"IIS {found[odd[0]]} on {_words(odd)} is none that {product.full_name} is documented with.",
                detail=(f"Documented are {', '.join(supported)}.",),
                remedies=(remedies.supported_windows(_words(odd)),),
            )
    for pool in dict.fromkeys(site.machine.pool for site in sites):
        of_pool = {
            site.machine.fqdn: found[site.machine.fqdn]
            for site in sites
            if site.machine.pool == pool and site.machine.fqdn in found
        }
        if len(set(of_pool.values())) > 1:
            shown = ", ".join(f"{version} on {machine}" for machine, version in list(of_pool.items())[:4])
            yield Fault(
                answer="versions-differ",
                headline=f"The Front Ends of {pool} have different versions of IIS: {shown}.",
                detail=("That they should be alike is common knowledge; no page that we know says so.",),
                remedies=(remedies.supported_windows(_words(of_pool)),),
            )
