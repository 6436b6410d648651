"""Are the services of the pool running, and is its configuration up to date?"""

from collections.abc import Iterator

import msgspec

from checks.context import Context
from checks.deployment import Deployment
from checks.knowledge import links, topology_objects
from checks.knowledge.lync_objects import is_partial
from checks.knowledge.shell_answers import Unseen, not_seen, unseen
from checks.knowledge.topology_objects import Replica
from checks.mobility import services_remedies as remedies
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Status, Step
from checks.pool_services import (
    FRONT_END,
    NEEDED,
    REPLICATOR,
    WEB_SERVER,
    Computer,
    ask_computers,
    listed,
    listing_of,
    objects,
    resting,
    services_unseen,
    standing_still,
    with_web_services,
)
from checks.probes import Objects

_BESIDE = {
    "FabricHostSvc": "Windows Fabric, by which the Front Ends of a pool find each other",
    "RTCIMMCU": "IM Conferencing, which conversations of more than two people need",
}

OUTCOMES = Outcomes(
    links.cmdlet("Get-CsWindowsService"),
    Answer(name="running", status=Status.OK, meaning="the services run, and every replica is up to date"),
    Answer(name="no-web-server", status=Status.FAILED, meaning="W3SVC runs on no computer of the pool"),
    Answer(name="front-end-stopped", status=Status.FAILED, meaning="RTCSRV does not run on a computer of the pool"),
    Answer(name="front-end-starting", status=Status.FAILED, meaning="RTCSRV is still starting: it waits for its pool"),
    Answer(name="web-server-stopped", status=Status.FAILED, meaning="W3SVC does not run on one of several computers"),
    Answer(name="replica-stopped", status=Status.FAILED, meaning="REPLICA does not run, so no change arrives there"),
    Answer(
        name="out-of-service",
        status=Status.WARNING,
        meaning="nothing runs on one of several computers, as in maintenance, and the others run",
    ),
    Answer(name="no-such-pool", status=Status.WARNING, meaning="the topology has no pool of that name"),
    Answer(
        name="other-stopped", status=Status.WARNING, meaning="a service beside these that mobility uses stands still"
    ),
    Answer(name="replication-late", status=Status.WARNING, meaning="UpToDate is False for a computer"),
    Answer(name="not-for-this-seat", status=Status.NOT_APPLICABLE, meaning="no Lync shell here, and none is expected"),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="the shell could not be asked, or did not show them all"),
)
_GRAVITY = (
    "no-web-server", "front-end-stopped", "front-end-starting", "web-server-stopped", "replica-stopped",
    "no-such-pool", "out-of-service", "other-stopped", "replication-late", "not-seen",
)  # fmt: skip


class Facts(Frozen, frozen=True):
    """The pool, the services of its computers, and how far the configuration has come."""

    named: str
    """The pool that the deployment names."""
    pool: str = ""
    """The one that was looked at: that of the computer where a computer was named; empty where there is none."""
    pools: tuple[str, ...] = ()
    """Those with web services."""
    computers: tuple[Computer, ...] = ()
    replicas: tuple[Replica, ...] = ()
    replication_unseen: Unseen | None = None
    unseen: Unseen | None = None


async def gather(context: Context) -> Facts:
    deployment = context.deployment
    pools, web_services, replication = await context.together(
        context.invoke("Get-CsPool"),
        context.invoke("Get-CsService", WebServer=True),
        context.invoke("Get-CsManagementStoreReplicationStatus"),
    )
    if failure := unseen(pools, deployment):
        return Facts(named=deployment.pool, unseen=failure)
    known = topology_objects.pools(objects(pools))
    with_web = with_web_services(known, web_services)
    pool = topology_objects.find_pool(known, deployment.pool or (with_web[0] if len(with_web) == 1 else ""))
    missing = pool is None or pool.fqdn not in with_web
    if missing and deployment.pool and isinstance(pools, Objects) and is_partial(pools):
        return Facts(named=deployment.pool, unseen=_not_whole("Get-CsPool"))
    return Facts(
        named=deployment.pool or (pool.fqdn if pool else ""),
        pool=pool.fqdn if pool and not missing else "",
        pools=with_web,
        computers=await ask_computers(context, pool) if pool and not missing else (),
        replicas=topology_objects.replicas(objects(replication)),
        replication_unseen=unseen(replication, deployment),
    )


def _not_whole(command: str) -> Unseen:
    return Unseen(reason=Reason.MISSING_INPUT, detail="a part of the answer is missing.", command=command)


def judge(facts: Facts) -> Finding:
    if facts.unseen is not None:
        return not_seen(OUTCOMES, facts.unseen, "The pool and its services could not be seen")
    found = sorted(_findings(facts), key=lambda finding: _GRAVITY.index(finding.answer))
    if not found:
        return _running(facts)
    worst, *others = found
    return OUTCOMES.finding(
        worst.answer,
        worst.headline,
        *worst.detail,
        *(finding.headline for finding in others),
        remedies=tuple(remedy for finding in found for remedy in finding.remedies)[:8],
        reason=worst.reason,
        command=worst.command,
    )


def _findings(facts: Facts) -> Iterator[Finding]:
    if facts.pool != facts.named.lower() or not facts.named:
        yield _wrong_pool(facts)
    if facts.pool:
        yield from _out_of_service(facts)
        yield from _web_server(facts)
        yield from _front_end(facts)
        yield from _replicator(facts)
        yield from _beside(facts)
        yield from _hidden(facts)
    yield from _replication(facts)


def _running(facts: Facts) -> Finding:
    idle = [
        f"{one.name} is {one.status} on {computer.fqdn}; no phone needs it to sign in."
        for computer in facts.computers
        for one in computer.services
        if one.status not in {"", "Running"}
    ]
    where = ", ".join(computer.fqdn for computer in facts.computers)
    return OUTCOMES.finding(
        "running",
        f"The services of {facts.pool} run, and its configuration is up to date.",
        f"Seen on {where}: {', '.join(NEEDED)}.",
        *idle[:5],
    )


def _wrong_pool(facts: Facts) -> Finding:
    if not facts.named:
        some = f" There are {', '.join(facts.pools[:5])}." if facts.pools else ""
        return OUTCOMES.finding(
            "not-seen",
            f"No pool was named, so no service was looked at.{some}",
            reason=Reason.MISSING_INPUT,
            command="Get-CsPool",
        )
    if facts.pool:
        return OUTCOMES.finding(
            "no-such-pool",
            f"{facts.named} is a computer of the pool {facts.pool}, and no pool itself.",
            "Cmdlets that are given a computer in place of its pool answer that no cluster matches in the topology.",
            remedies=(remedies.use_pool(facts.pool),),
        )
    return OUTCOMES.finding(
        "no-such-pool",
        f"The topology has no pool {facts.named} with web services.",
        *((f"It has {', '.join(facts.pools[:5])}.",) if facts.pools else ("It shows no pool with web services.",)),
        remedies=(remedies.name_a_pool(facts.pools[:5]),),
    )


def _out_of_service(facts: Facts) -> Iterator[Finding]:
    if idle := resting(facts.computers):
        yield OUTCOMES.finding(
            "out-of-service",
            f"Nothing runs on {listed(idle)}, as in maintenance; the other Front Ends run.",
            f"{', '.join(NEEDED)} are stopped there. Its users are served by the others, as long as enough of them run.",
            "The load balancer must not send phones there meanwhile.",
            remedies=tuple(remedy for computer in idle[:4] for remedy in remedies.put_back(computer.fqdn)),
        )


def _web_server(facts: Facts) -> Iterator[Finding]:
    stopped = standing_still(facts.computers, WEB_SERVER)
    if not stopped:
        return
    if len(stopped) == len(facts.computers):
        yield _stopped(
            "no-web-server",
            f"No phone can sign in: IIS (W3SVC) runs on no computer of {facts.pool}.",
            WEB_SERVER,
            stopped,
            "All web services of the pool are down with it, and so is its remote PowerShell.",
        )
    else:
        yield _stopped(
            "web-server-stopped",
            f"IIS (W3SVC) does not run on {listed(stopped)}: phones that are sent there fail.",
            WEB_SERVER,
            stopped,
        )


def _front_end(facts: Facts) -> Iterator[Finding]:
    stopped = standing_still(facts.computers, FRONT_END)
    starting = [computer for computer in stopped if computer.status(FRONT_END) == "StartPending"]
    others = [computer for computer in stopped if computer not in starting]
    if others:
        yield _stopped(
            "front-end-stopped",
            f"The Front End service (RTCSRV) does not run on {listed(others)}: its users cannot sign in.",
            FRONT_END,
            others,
        )
    if starting:
        yield OUTCOMES.finding(
            "front-end-starting",
            f"The Front End service (RTCSRV) on {listed(starting)} is still starting.",
            "It may wait for the other Front Ends of its pool; event 32174 says so.",
            remedies=(
                *(remedies.wait_for_placement(computer.fqdn) for computer in starting[:2]),
                remedies.reset_quorum(facts.pool),
            ),
        )


def _replicator(facts: Facts) -> Iterator[Finding]:
    if stopped := standing_still(facts.computers, REPLICATOR):
        yield _stopped(
            "replica-stopped",
            f"The replicator (REPLICA) does not run on {listed(stopped)}: changed policies do not arrive there.",
            REPLICATOR,
            stopped,
        )


def _beside(facts: Facts) -> Iterator[Finding]:
    for name, what in _BESIDE.items():
        if stopped := standing_still(facts.computers, name):
            yield _stopped("other-stopped", f"{name} does not run on {listed(stopped)}. It is {what}.", name, stopped)


def _hidden(facts: Facts) -> Iterator[Finding]:
    """What should have been shown and was not."""
    if not facts.computers:
        yield _missing(f"Which computers {facts.pool} has was not shown.", "Get-CsComputer")
    for computer in facts.computers:
        yield from services_unseen(OUTCOMES, computer)
        absent = [name for name in NEEDED if not computer.status(name)]
        if absent and computer.unseen is None:
            told = f"Whether {' and '.join(absent)} run on {computer.fqdn} was not shown."
            yield _missing(told, listing_of(computer))


def _replication(facts: Facts) -> Iterator[Finding]:
    command = "Get-CsManagementStoreReplicationStatus"
    if facts.replication_unseen is not None:
        # The pool was seen, so this seat has a source that could have told this too.
        missing = msgspec.structs.replace(facts.replication_unseen, seat_has_no_shell=False)
        yield not_seen(OUTCOMES, missing, "Whether the configuration is up to date could not be seen")
        return
    explained = {
        computer.fqdn for computer in (*standing_still(facts.computers, REPLICATOR), *resting(facts.computers))
    }
    late = [one.fqdn for one in facts.replicas if one.up_to_date is False and one.fqdn not in explained]
    if late:
        yield OUTCOMES.finding(
            "replication-late",
            f"The configuration on {' and '.join(late[:4])} is not up to date.",
            "What was changed lately, such as a policy or a certificate, may not hold there yet.",
            "If it stays so, read the event log “Lync Server” there: 1017 is TCP 4443 to an Edge that is closed, 1015 a "
            "certificate, 1034 the rights on the share.",
            remedies=tuple(remedies.replicate(fqdn) for fqdn in late[:4]),
        )
    elif not facts.replicas or any(one.up_to_date is None for one in facts.replicas):
        yield _missing("Whether the configuration is up to date was not shown.", command)


def _stopped(answer: str, headline: str, service: str, computers: list[Computer], *detail: str) -> Finding:
    return OUTCOMES.finding(
        answer,
        headline,
        *(f"{service} is {computer.status(service)} on {computer.fqdn}." for computer in computers[:5]),
        *detail,
        remedies=tuple(remedies.start(service, computer.fqdn) for computer in computers[:4]),
    )


def _missing(headline: str, command: str) -> Finding:
    return OUTCOMES.finding("not-seen", headline, reason=Reason.MISSING_INPUT, command=command)


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    pool = deployment.pool or "<pool>"
    return (
        f"Get-CsPool -Identity {pool} | Select-Object -ExpandProperty Computers",
        "# On each of these computers, RTCSRV, W3SVC and REPLICA have to be Running:",
        "Get-CsWindowsService -ExcludeActivityLevel",
        "Get-CsManagementStoreReplicationStatus | Where-Object {$_.UpToDate -eq $False}",
        f"Get-CsService -WebServer -PoolFqdn {pool}",
    )


STEP = Step(
    id="mobility.services",
    title="Services",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why="Mobility has no service of its own: phones talk to IIS (W3SVC), which talks to the Front End service (RTCSRV). A "
    "computer whose replica is behind still works by yesterday's policies.",
    good="RTCSRV, W3SVC and REPLICA are Running on every computer of the pool, and UpToDate is True everywhere.",
    by_hand=by_hand,
    limit=45.0,
)
