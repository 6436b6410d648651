"""May this account run the cmdlets that the walk needs, at the Front End and on the Edge?"""

from collections.abc import Awaitable

from checks import rights
from checks.context import Context
from checks.deployment import Deployment
from checks.knowledge import links, roles
from checks.knowledge.products import product_in, release
from checks.knowledge.shell_answers import Unseen, not_seen
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Remedy, Status, Step
from checks.probes import Objects, Unanswered
from checks.rights import Role, Tried
from checks.xmpp import seats
from checks.xmpp.events import ask_log
from checks.xmpp.proxy_services import ask_proxy

TESTING = "Test-CsXmppIM"

OUTCOMES = Outcomes(
    links.TEST_XMPP_IM,
    *rights.ANSWERS,
    Answer(
        name="edge-no-rights",
        status=Status.WARNING,
        meaning="the Edge refuses the account what only its local administrators may see",
    ),
)


class Facts(Frozen, frozen=True):
    """What was tried at either server, and the roles that matter."""

    tried: tuple[Tried, ...] = ()
    """At the Front End."""
    roles: tuple[Role, ...] = ()
    """Those that hold a cmdlet that was not offered."""
    testing: tuple[str, ...] = ()
    """The roles that hold Test-CsXmppIM; empty where no role was shown."""
    unseen: Unseen | None = None
    """Set where the Front End could not be asked at all."""
    edge_tried: tuple[Tried, ...] = ()
    edge_unseen: Unseen | None = None
    edge_refusal: str = ""
    """What the Edge said where it let the account in to no shell."""


async def gather(context: Context) -> Facts:
    """Tries the cmdlets with the questions that the other steps ask too, so it costs nothing."""
    deployment = context.deployment
    version, pools, known, edge = await context.together(
        context.invoke("Get-CsServerVersion"),
        context.invoke("Get-CsPool"),
        context.invoke("Get-CsAdminRole"),
        ask_proxy(context),
    )
    edge_failure = seats.of_edge(edge, deployment)
    locked_out = isinstance(edge, Unanswered) and edge.reason is Reason.DENIED and not edge.password_wanted
    failure = seats.of_deployment(pools, deployment)
    nobody = failure is not None and (failure.seat_has_no_shell or isinstance(pools, Unanswered))
    tried = () if nobody else await _try_front_end(context, pools, has_xmpp=_has_xmpp(version, deployment))
    return Facts(
        tried=tried,
        roles=rights.roles_holding(known, tuple(one.cmdlet for one in tried if not one.offered)),
        testing=tuple(role.name for role in rights.roles_holding(known, (TESTING,))),
        unseen=failure if nobody else None,
        edge_tried=await _try_edge(context, edge) if isinstance(edge, Objects) else (),
        edge_unseen=edge_failure if isinstance(edge, Unanswered) and not locked_out else None,
        edge_refusal=edge.detail if locked_out and isinstance(edge, Unanswered) else "",
    )


def _has_xmpp(version: Objects | Unanswered, deployment: Deployment) -> bool:
    """False for a product whose cmdlets about XMPP may be gone."""
    product = deployment.product or product_in(version)
    return product is None or release(product).has_xmpp


async def _try_front_end(context: Context, pools: Objects | Unanswered, *, has_xmpp: bool) -> tuple[Tried, ...]:
    asked: dict[str, Awaitable[Objects | Unanswered]] = {
        "Get-CsService": context.invoke("Get-CsService", EdgeServer=True),
        "Get-CsSite": context.invoke("Get-CsSite"),
        "Get-CsManagementStoreReplicationStatus": context.invoke("Get-CsManagementStoreReplicationStatus"),
        "Get-CsAccessEdgeConfiguration": context.invoke("Get-CsAccessEdgeConfiguration"),
        "Get-CsExternalAccessPolicy": context.invoke("Get-CsExternalAccessPolicy"),
    }
    if has_xmpp:
        asked["Get-CsXmppAllowedPartner"] = context.invoke("Get-CsXmppAllowedPartner")
        asked["Get-CsXmppGatewayConfiguration"] = context.invoke("Get-CsXmppGatewayConfiguration")
    if context.deployment.users:
        asked["Get-CsUser"] = context.invoke("Get-CsUser", Identity=context.deployment.users[0])
    return (rights.tried("Get-CsPool", pools, context.deployment), *await rights.try_all(context, asked))


async def _try_edge(context: Context, services: Objects) -> tuple[Tried, ...]:
    asked: dict[str, Awaitable[Objects | Unanswered]] = {
        "Get-CsService": context.invoke("Get-CsService", on="edge", EdgeServer=True, LocalStore=True),
        "Get-WinEvent": ask_log(context, "edge"),
    }
    return (rights.tried("Get-Service", services, context.deployment), *await rights.try_all(context, asked))


def judge(facts: Facts) -> Finding:
    front_end = rights.judge_tried(OUTCOMES, facts.tried, facts.roles) if facts.tried else None
    if front_end and front_end.status is Status.WARNING:
        return front_end
    refused = [one for one in facts.edge_tried if one.refusal]
    if refused or facts.edge_refusal:
        return _edge_refuses(refused, facts.edge_refusal)
    if facts.unseen is not None and not facts.unseen.seat_has_no_shell:
        return not_seen(OUTCOMES, facts.unseen, "Which cmdlets this account may run could not be seen")
    if front_end and front_end.status is Status.UNKNOWN:
        return front_end
    if facts.edge_unseen is not None and not facts.edge_unseen.seat_has_no_shell:
        return not_seen(OUTCOMES, facts.edge_unseen, "What this account may see on the Edge could not be tried")
    if not facts.tried and not facts.edge_tried:
        nobody = facts.unseen or facts.edge_unseen
        return not_seen(OUTCOMES, nobody, "What this account may run could not be tried") if nobody else _nothing()
    return _offered(facts)


def _nothing() -> Finding:
    return OUTCOMES.finding(
        "not-seen", "No cmdlet was tried.", reason=Reason.MISSING_INPUT, command=roles.seeing_roles(TESTING)
    )


def _offered(facts: Facts) -> Finding:
    lines = []
    if facts.tried:
        lines.append(f"Tried: {', '.join(one.cmdlet for one in facts.tried)}.")
    if told := [one.cmdlet for one in facts.edge_tried if one.unseen is None and one.offered]:
        lines.append(f"Tried on the Edge: {', '.join(told)}.")
    if facts.testing:
        lines.append(f"Roles that offer {TESTING} in a remote shell: {', '.join(facts.testing[:6])}.")
    elif facts.tried:
        lines.append(f"Which roles offer {TESTING} was not shown; {roles.ALL_TASKS} does.")
    lines.append(
        "To change the topology takes membership of Domain Admins and RTCUniversalServerAdmins; nothing here does that."
    )
    return OUTCOMES.finding("offered", "This account may run the cmdlets that the walk needs.", *lines)


def _edge_refuses(refused: list[Tried], refusal: str) -> Finding:
    names = " and ".join(one.cmdlet for one in refused)
    return OUTCOMES.finding(
        "edge-no-rights",
        f"The Edge refuses this account {names or 'a shell'}.",
        *dict.fromkeys(filter(None, (refusal, *(one.refusal for one in refused[:3])))),
        "Services, sockets and event logs of the Edge are for its local administrators. An Edge is mostly in no domain, so "
        "the account has to be one of its own.",
        remedies=(_make_administrator(), rights.elevate()),
    )


def _make_administrator() -> Remedy:
    return Remedy(
        action="On the Edge, make the account a member of the local group Administrators, or use one that is. Then open the "
        "shell anew, as administrator.",
        who="local Administrator on the Edge",
        risk="the account may then do anything on the Edge",
        verify="that walk says offered",
    )


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    return (
        *rights.seeing_roles(TESTING),
        "# On the Edge the account has to be a member of the local group Administrators:",
        "whoami /groups",
        "# To publish a topology: a member of Domain Admins and of RTCUniversalServerAdmins.",
    )


STEP = Step(
    id="xmpp.permissions",
    title="Permissions",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why="A remote shell offers an account the cmdlets of its roles and no others, and on a server groups decide. A cmdlet "
    "that is missing looks like one that does not exist, and what it would have told stays unknown.",
    good=f"The shell answers every cmdlet of the walk. {roles.ALL_TASKS} holds all of them; on a Front End itself the account "
    f"is a member of {roles.LOCAL_GROUP}, on the Edge of its local Administrators.",
    by_hand=by_hand,
    limit=45.0,
)
