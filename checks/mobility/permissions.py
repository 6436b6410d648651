"""May this account run the cmdlets that the walk needs?"""

from checks.context import Context
from checks.deployment import Deployment
from checks.knowledge import links, roles, topology_objects
from checks.knowledge.lync_objects import text
from checks.knowledge.shell_answers import Unseen, not_seen, unseen
from checks.mobility.services_seen import ask_services
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Remedy, Status, Step
from checks.probes import Objects, Unanswered

OUTCOMES = Outcomes(
    links.cmdlet("Get-CsAdminRole"),
    Answer(name="offered", status=Status.OK, meaning="every cmdlet that was tried is there and may be run"),
    Answer(name="not-offered", status=Status.WARNING, meaning="no role of the account holds a cmdlet of this walk"),
    Answer(name="no-rights", status=Status.WARNING, meaning="a cmdlet is there, and refuses the account"),
    Answer(name="not-for-this-seat", status=Status.NOT_APPLICABLE, meaning="no Lync shell here, and none is expected"),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="the shell could not be asked"),
)
_ACCOUNT = "<account>"
_TESTING = "Test-CsMcxP2PIM"


class Tried(Frozen, frozen=True):
    """A cmdlet of the walk and what became of it."""

    cmdlet: str
    offered: bool = True
    refusal: str = ""
    """What it said where the account may not run it."""
    unseen: Unseen | None = None
    """Set where it could not be asked; a refusal is none."""


class Role(Frozen, frozen=True):
    """A role of the deployment."""

    name: str
    holds: tuple[str, ...]
    """Those of the tried cmdlets that it holds."""


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
    answers = {"Get-CsPool": pools, **dict(zip(asked, await context.together(*asked.values()), strict=True))}
    tried = [_tried(name, answer, deployment) for name, answer in answers.items()]
    missing = tuple(one.cmdlet for one in tried if not one.offered)
    # A computer that does not answer says nothing of the account.
    told = tuple(one for one in tried if one.unseen is None or one.cmdlet != "Get-CsWindowsService")
    return Facts(tried=told, roles=_roles(await context.invoke("Get-CsAdminRole"), missing) if missing else ())


def _a_computer(pools: Objects | Unanswered, name: str) -> str:
    known = topology_objects.pools(pools.objects if isinstance(pools, Objects) else ())
    pool = topology_objects.find_pool(known, name)
    return pool.computers[0] if pool and pool.computers else ""


def _tried(cmdlet: str, answer: Objects | Unanswered, deployment: Deployment) -> Tried:
    failure = unseen(answer, deployment)
    if failure is None:
        return Tried(cmdlet=cmdlet)
    if isinstance(answer, Objects) and any("commandnotfound" in error.id.lower() for error in answer.errors):
        return Tried(cmdlet=cmdlet, offered=False)
    if isinstance(answer, Objects) and failure.reason is Reason.DENIED:
        return Tried(cmdlet=cmdlet, refusal=failure.detail)
    return Tried(cmdlet=cmdlet, unseen=failure)


def _roles(answer: Objects | Unanswered, cmdlets: tuple[str, ...]) -> tuple[Role, ...]:
    found = []
    for one in answer.objects if isinstance(answer, Objects) else ():
        held = roles.held_by(one) or frozenset()
        holds = tuple(name for name in cmdlets if name.lower() in held)
        if holds and text(one, "Identity"):
            found.append(Role(name=text(one, "Identity"), holds=holds))
    return tuple(found)


def judge(facts: Facts) -> Finding:
    if facts.unseen is not None:
        return not_seen(OUTCOMES, facts.unseen, "Which cmdlets this account may run could not be seen")
    missing = [one.cmdlet for one in facts.tried if not one.offered]
    refused = [one for one in facts.tried if one.refusal]
    failure = next((one.unseen for one in facts.tried if one.unseen is not None), None)
    if missing:
        return _not_offered(missing, facts.roles)
    if refused:
        return _no_rights(refused)
    if failure is not None:
        return not_seen(OUTCOMES, failure, "Whether this account may run every cmdlet of the walk could not be seen")
    return OUTCOMES.finding(
        "offered",
        "This account may run the cmdlets that the walk needs.",
        f"Tried: {', '.join(one.cmdlet for one in facts.tried)}.",
    )


def _not_offered(missing: list[str], known: tuple[Role, ...]) -> Finding:
    holding = [role.name for role in known if set(role.holds) >= set(missing)]
    return OUTCOMES.finding(
        "not-offered",
        f"This shell does not offer {_listed(missing)}.",
        "In a remote shell it offers the cmdlets of the account's roles. In a plain PowerShell window on a server it may "
        "lack the Lync module; the Lync Server Management Shell has it.",
        _who_holds(missing, holding),
        "What these cmdlets tell stays unknown until then.",
        remedies=(_join(_least(holding) if holding else roles.ALL_TASKS), _go_local()),
    )


def _who_holds(missing: list[str], holding: list[str]) -> str:
    """As Get-CsAdminRole shows it, else as far as the descriptions of the predefined roles tell."""
    if holding:
        return f"Roles here that hold what is missing: {', '.join(holding[:5])}."
    _, *perhaps = roles.roles_offering(missing[0])
    common = [role for role in perhaps if all(role in roles.roles_offering(name) for name in missing)]
    others = f"; {' and '.join(common)} may" if common else ""
    return f"{roles.ALL_TASKS} holds what is missing{others}."


def _least(names: list[str]) -> str:
    """The role to ask for: one that looks and changes nothing, before one that may do more."""
    return next((role for role in (roles.VIEWING, *roles.SEES_SERVERS) if role in names), names[0])


def _no_rights(refused: list[Tried]) -> Finding:
    names = [one.cmdlet for one in refused]
    return OUTCOMES.finding(
        "no-rights",
        f"This account may not run {_listed(names)}.",
        *dict.fromkeys(one.refusal for one in refused[:3]),
        f"On the server itself the group {roles.LOCAL_GROUP} decides, and Windows hides it from a shell that was not "
        "opened as administrator.",
        remedies=(_elevate(), _join(roles.LOCAL_GROUP)),
    )


def _listed(names: list[str]) -> str:
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")


def _join(group: str) -> Remedy:
    return Remedy(
        cmdlet="Add-ADGroupMember",
        parameters={"Identity": group, "Members": _ACCOUNT},
        who="administrator of Active Directory",
        risk=f"the account may then do whatever {group} may",
        verify="sign out and in again, open the shell anew, and check again (r)",
    )


def _go_local() -> Remedy:
    return Remedy(
        action="Or walk again in the Lync Server Management Shell on a Front End, with an account in "
        f"{roles.LOCAL_GROUP}: roles are not looked at there.",
        who=f"member of {roles.LOCAL_GROUP}",
        risk="none",
        verify="that walk says offered",
    )


def _elevate() -> Remedy:
    return Remedy(
        action="Close this shell, open the Lync Server Management Shell with “Run as administrator”, and walk again.",
        who=f"member of {roles.LOCAL_GROUP}",
        risk="none",
        verify="that walk says offered",
    )


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    return (
        roles.seeing_roles(_TESTING),
        f"Get-CsAdminRoleAssignment -Identity {_ACCOUNT}",
        "# The account is given by its short name, such as kenmyer, and not by its SIP address.",
        "# On the server itself roles are not looked at: there the account has to be a member of "
        f"{roles.LOCAL_GROUP}, and the shell has to be opened as administrator.",
    )


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
