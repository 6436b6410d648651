"""May this account run the cmdlets that the walk needs?"""

from checks import rights
from checks.context import Context
from checks.deployment import Deployment
from checks.knowledge import links, roles, topology_objects
from checks.knowledge.shell_answers import Unseen, not_seen, unseen
from checks.model import Finding, Frozen, Outcomes, Step
from checks.pool_services import ask_services
from checks.probes import Objects, Unanswered
from checks.rights import Role, Tried

OUTCOMES = Outcomes(links.cmdlet("Get-CsAdminRole"), *rights.ANSWERS)
_TESTING = "Test-CsMcxP2PIM"


class Facts(Frozen, frozen=True):
    """The cmdlets that were tried, and the roles where one was not offered."""

    tried: tuple[Tried, ...] = ()
    roles: tuple[Role, ...] = ()
    """Empty where all cmdlets are offered, and where the roles' cmdlets were not shown."""
    unseen: Unseen | None = None


async def gather(context: Context) -> Facts:
    """Tries the cmdlets with the questions that the other steps ask too, so it costs nothing."""
    deployment = context.deployment
    pools = await context.invoke("Get-CsPool")
    failure = unseen(pools, deployment)
    if failure is not None and isinstance(pools, Unanswered):
        return Facts(unseen=failure)
    asked = {
        "Get-CsService": context.invoke("Get-CsService", WebServer=True),
        "Get-CsManagementStoreReplicationStatus": context.invoke("Get-CsManagementStoreReplicationStatus"),
        "Get-CsMobilityPolicy": context.invoke("Get-CsMobilityPolicy"),
        "Get-CsWebServiceConfiguration": context.invoke("Get-CsWebServiceConfiguration"),
    }
    if deployment.users:
        asked["Get-CsUser"] = context.invoke("Get-CsUser", Identity=deployment.users[0])
    if computer := _a_computer(pools, deployment.pool):
        asked["Get-CsWindowsService"] = ask_services(context, computer)
    tried = (rights.tried("Get-CsPool", pools, deployment), *await rights.try_all(context, asked))
    missing = tuple(one.cmdlet for one in tried if not one.offered)
    # A computer that does not answer says nothing of the account.
    told = tuple(one for one in tried if one.unseen is None or one.cmdlet != "Get-CsWindowsService")
    known = rights.roles_holding(await context.invoke("Get-CsAdminRole"), missing) if missing else ()
    return Facts(tried=told, roles=known)


def _a_computer(pools: Objects | Unanswered, name: str) -> str:
    known = topology_objects.pools(pools.objects if isinstance(pools, Objects) else ())
    pool = topology_objects.find_pool(known, name)
    return pool.computers[0] if pool and pool.computers else ""


def judge(facts: Facts) -> Finding:
    if facts.unseen is not None:
        return not_seen(OUTCOMES, facts.unseen, "Which cmdlets this account may run could not be seen")
    return rights.judge_tried(OUTCOMES, facts.tried, facts.roles)


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    return rights.seeing_roles(_TESTING)


STEP = Step(
    id="mobility.permissions",
    title="Permissions",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why="A remote shell offers an account the cmdlets of its roles and no others, and on the server groups decide. A cmdlet "
    "that is missing looks like one that does not exist, and what it would have told stays unknown.",
    good=f"The shell answers every cmdlet of the walk. {roles.ALL_TASKS} holds all of them; on the server itself the account "
    f"is a member of {roles.LOCAL_GROUP}.",
    by_hand=by_hand,
    limit=45.0,
)
