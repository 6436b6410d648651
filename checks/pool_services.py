"""The computers of a pool and what Get-CsWindowsService shows of each."""

from collections.abc import Iterator, Sequence

from checks.context import Context
from checks.deployment import Deployment
from checks.knowledge import topology_objects
from checks.knowledge.lync_objects import is_partial
from checks.knowledge.shell_answers import Unseen, unseen
from checks.knowledge.topology_objects import Pool, Service
from checks.model import Finding, Frozen, Outcomes
from checks.probes import Objects, Unanswered

FRONT_END, WEB_SERVER, REPLICATOR = "RTCSRV", "W3SVC", "REPLICA"
NEEDED = (FRONT_END, WEB_SERVER, REPLICATOR)


class Computer(Frozen, frozen=True):
    """A computer of the pool and the services on it."""

    fqdn: str
    services: tuple[Service, ...] = ()
    unseen: Unseen | None = None

    def status(self, name: str) -> str:
        """The status of a service; empty where it was not shown."""
        return next((one.status for one in self.services if one.name.lower() == name.lower()), "")

    def stands_still(self, name: str) -> bool:
        """True where it was seen, and does not run."""
        return self.status(name) not in {"", "Running"}

    @property
    def rests(self) -> bool:
        """True where all that phones need is stopped, as on a computer that was taken out of service."""
        return all(self.status(name) == "Stopped" for name in NEEDED)


def with_web_services(pools: tuple[Pool, ...], answer: Objects | Unanswered) -> tuple[str, ...]:
    """Where the web services were not shown, any pool may have some."""
    whole = isinstance(answer, Objects) and not is_partial(answer)
    having = topology_objects.pools_of_services(objects(answer)) if whole else {one.fqdn for one in pools}
    return tuple(one.fqdn for one in pools if one.fqdn in having)


async def ask_computers(context: Context, pool: Pool) -> tuple[Computer, ...]:
    """The computers of a pool, each asked for its services."""
    names = await computer_names(context, pool)
    answers = await context.together(*(ask_services(context, name) for name in names))
    return tuple(as_computer(name, answer, context.deployment) for name, answer in zip(names, answers, strict=True))


async def computer_names(context: Context, pool: Pool) -> tuple[str, ...]:
    """The computers of a pool. Where a console cut the list, which shows four and no more, they are asked for."""
    if pool.computers is not None:
        return pool.computers
    return topology_objects.computers_of(objects(await context.invoke("Get-CsComputer")), pool.fqdn)


def as_computer(name: str, answer: Objects | Unanswered, deployment: Deployment) -> Computer:
    """A computer with what it answered."""
    return Computer(fqdn=name, services=topology_objects.services(objects(answer)), unseen=unseen(answer, deployment))


async def ask_services(context: Context, computer: str) -> Objects | Unanswered:
    """The services of a computer, without their activity, which takes rights on its performance counters."""
    return await context.invoke("Get-CsWindowsService", ComputerName=computer, ExcludeActivityLevel=True)


def services_unseen(outcomes: Outcomes, computer: Computer) -> Iterator[Finding]:
    """`not-seen` where the services of a computer could not be seen; nothing where they were."""
    if computer.unseen is not None:
        yield outcomes.finding(
            "not-seen",
            f"The services of {computer.fqdn} could not be seen: {computer.unseen.detail}",
            reason=computer.unseen.reason,
            command=computer.unseen.command or listing_of(computer),
        )


def listing_of(computer: Computer) -> str:
    """The command that shows its services."""
    return f"Get-CsWindowsService -ComputerName {computer.fqdn} -ExcludeActivityLevel"


def objects(answer: Objects | Unanswered) -> tuple[dict[str, object], ...]:
    """What was brought; nothing where nobody answered."""
    return answer.objects if isinstance(answer, Objects) else ()


def resting(computers: Sequence[Computer]) -> list[Computer]:
    """The computers on which nothing runs, where the pool goes on without them."""
    goes_on = any(one.status(FRONT_END) == one.status(WEB_SERVER) == "Running" for one in computers)
    return [one for one in computers if one.rests] if goes_on else []


def standing_still(computers: Sequence[Computer], name: str) -> list[Computer]:
    """The computers on which a service does not run though the computer is in service."""
    idle = resting(computers)
    return [computer for computer in computers if computer.stands_still(name) and computer not in idle]


def listed(computers: Sequence[Computer]) -> str:
    """The computers, in words."""
    names = [computer.fqdn for computer in computers]
    return " and ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
