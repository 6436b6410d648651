"""Does the mobility policy that applies to each user allow mobility?"""

from typing import Any, Literal

from checks.context import Context
from checks.deployment import Deployment
from checks.knowledge import links, lync_objects
from checks.knowledge.lync_objects import User, flag, text, without_tag
from checks.knowledge.shell_answers import Unseen, not_seen, unseen
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Remedy, Status, Step
from checks.probes import Objects, Unanswered

OUTCOMES = Outcomes(
    links.TEST_MOBILE_IM,
    Answer(name="allowed", status=Status.OK, meaning="EnableMobility is True in the policy of every user"),
    Answer(
        name="disabled-for-user",
        status=Status.FAILED,
        meaning="EnableMobility is False in the policy assigned to the user",
    ),
    Answer(
        name="disabled-for-site",
        status=Status.FAILED,
        meaning="EnableMobility is False in the policy of the user's site",
    ),
    Answer(
        name="disabled-globally",
        status=Status.FAILED,
        meaning="EnableMobility is False in the global policy, which applies",
    ),
    Answer(
        name="policy-missing", status=Status.WARNING, meaning="the assigned policy no longer exists; another applies"
    ),
    Answer(name="not-for-this-seat", status=Status.NOT_APPLICABLE, meaning="no Lync shell at this seat"),
    Answer(name="no-users", status=Status.UNKNOWN, meaning="no user was named, or none was found"),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="the shell could not be asked, or did not show the policy"),
)

Scope = Literal["user", "site", "global"]


class Policy(Frozen, frozen=True):
    """A mobility policy as Get-CsMobilityPolicy has it."""

    identity: str
    """`Global`, `Site:Redmond` or `Tag:RedmondMobilityPolicy`."""
    allows: bool | None
    """EnableMobility."""


class Governed(Frozen, frozen=True):
    """A user and what decides which policy applies to him."""

    user: User
    effective: str = ""
    """As Get-CsEffectivePolicy names it; empty where the cmdlet does not exist or was not answered."""
    site: str = ""


class Facts(Frozen, frozen=True):
    """All mobility policies, and the users under them."""

    users: tuple[Governed, ...] = ()
    policies: tuple[Policy, ...] = ()
    unseen: Unseen | None = None


async def gather(context: Context) -> Facts:
    deployment = context.deployment
    answer = await context.invoke("Get-CsMobilityPolicy")
    failures = [unseen(answer, deployment)]
    pools = await context.invoke("Get-CsPool")
    users: list[Governed] = []
    for sip in deployment.users:
        found = await context.invoke("Get-CsUser", Identity=sip)
        failures.append(unseen(found, deployment))
        effective = _effective(await context.invoke("Get-CsEffectivePolicy", Identity=sip))
        user = lync_objects.user(found, sip) if isinstance(found, Objects) else None
        if user is not None:
            users.append(Governed(user=user, effective=effective, site=_site(pools, user.pool)))
    return Facts(
        users=tuple(users),
        policies=tuple(
            Policy(identity=text(one, "Identity"), allows=flag(one, "EnableMobility"))
            for one in (answer.objects if isinstance(answer, Objects) else ())
        ),
        unseen=next((failure for failure in failures if failure is not None), None),
    )


def _effective(answer: Objects | Unanswered) -> str:
    """Empty on Lync 2010, which does not have the cmdlet, and where a role leaves it out: the property decides then."""
    objects = answer.objects if isinstance(answer, Objects) else ()
    return without_tag(text(objects[0], "MobilityPolicy")) if objects else ""


def _site(pools: Objects | Unanswered, pool: str) -> str:
    return lync_objects.site_of(pools.objects, pool) if isinstance(pools, Objects) else ""


def judge(facts: Facts) -> Finding:
    if facts.unseen is not None:
        return not_seen(OUTCOMES, facts.unseen, "Which mobility policy applies could not be seen")
    if not facts.users:
        return OUTCOMES.finding(
            "no-users",
            "No user was found, so no policy applies.",
            reason=Reason.MISSING_INPUT,
            command="Get-CsMobilityPolicy",
        )
    findings = [_judge_user(governed, facts.policies) for governed in facts.users]
    worst = min(findings, key=lambda finding: _GRAVITY.index(finding.answer))
    others = tuple(finding.headline for finding in findings if finding is not worst)
    return OUTCOMES.finding(
        worst.answer,
        worst.headline,
        *worst.detail,
        *others,
        remedies=worst.remedies,
        reason=worst.reason,
        command=worst.command,
    )


_GRAVITY = ("disabled-for-user", "disabled-for-site", "disabled-globally", "policy-missing", "not-seen", "allowed")


def _judge_user(governed: Governed, policies: tuple[Policy, ...]) -> Finding:
    user, assigned = governed.user, governed.user.policy
    missing = bool(assigned) and _named(policies, f"Tag:{assigned}") is None
    policy = _applying(governed, policies)
    if policy is None or policy.allows is None:
        return OUTCOMES.finding(
            "not-seen",
            f"The mobility policy that applies to {user.sip} was not among those listed.",
            command=f"Get-CsEffectivePolicy -Identity {user.sip}",
            reason=Reason.MISSING_INPUT,
        )
    if not policy.allows:
        return _disabled(user, policy)
    if missing:
        return OUTCOMES.finding(
            "policy-missing",
            f"{user.sip} is assigned the policy {assigned}, which no longer exists.",
            f"Instead {_called(policy)} applies, which allows mobility.",
            remedies=(_unassign(user.sip),),
        )
    return OUTCOMES.finding("allowed", f"{user.sip} is under {_called(policy)}, which allows mobility.")


def _applying(governed: Governed, policies: tuple[Policy, ...]) -> Policy | None:
    """User before site before global. Null means that none is assigned, never that none applies."""
    own = _named(policies, f"Tag:{governed.user.policy}") if governed.user.policy else None
    effective = governed.effective
    named = _named(policies, f"Tag:{effective}") or _named(policies, effective) or _named(policies, f"Site:{effective}")
    if effective and named is not None:
        return named
    if own is None and not governed.site and any(_scope(policy) == "site" for policy in policies):
        # The user's site is not known, and a site has a policy of its own: whose it is must not be guessed.
        return None
    return own or _named(policies, f"Site:{governed.site}") or _named(policies, "Global")


def _named(policies: tuple[Policy, ...], identity: str) -> Policy | None:
    return next((policy for policy in policies if policy.identity.lower() == identity.lower()), None)


def _scope(policy: Policy) -> Scope:
    kind = policy.identity.lower().partition(":")[0]
    return "site" if kind == "site" else "global" if kind == "global" else "user"


def _called(policy: Policy) -> str:
    match _scope(policy):
        case "site":
            return f"the policy of the site {policy.identity[5:]}"
        case "global":
            return "the global policy"
    return without_tag(policy.identity)


def _disabled(user: User, policy: Policy) -> Finding:
    scope = _scope(policy)
    answer = {"user": "disabled-for-user", "site": "disabled-for-site", "global": "disabled-globally"}[scope]
    how = "assigned to the user" if scope == "user" else "nothing nearer is assigned"
    return OUTCOMES.finding(
        answer,
        f"Mobility is switched off for {user.sip}: EnableMobility is False in {_called(policy)}.",
        f"It applies because {how}." if scope != "user" else f"It is {how}.",
        remedies=(_allow(policy),),
    )


def _allow(policy: Policy) -> Remedy:
    whom = {
        "user": "everyone who has this policy",
        "site": "everyone in the site without an own policy",
        "global": "everyone without an own or a site policy",
    }[_scope(policy)]
    return _remedy(
        "Set-CsMobilityPolicy",
        {"Identity": without_tag(policy.identity), "EnableMobility": True},
        f"lets phones of {whom} sign in",
    )


def _unassign(sip: str) -> Remedy:
    return _remedy(
        "Grant-CsMobilityPolicy",
        {"Identity": sip, "PolicyName": None},
        "none: the site or global policy applies already",
    )


def _remedy(cmdlet: str, parameters: dict[str, Any], risk: str) -> Remedy:
    return Remedy(
        cmdlet=cmdlet,
        parameters=parameters,
        who="member of RTCUniversalServerAdmins, or CsServerAdministrator",
        risk=risk,
        verify="check again (r); the user then signs in again on the phone",
    )


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    users = deployment.users or ("sip:<user>@<domain>",)
    return (
        *(f'Get-CsEffectivePolicy -Identity "{sip}" | Select-Object Identity,MobilityPolicy' for sip in users),
        *(f'Get-CsUser -Identity "{sip}" | Select-Object MobilityPolicy' for sip in users),
        "Get-CsMobilityPolicy | Select-Object Identity,EnableMobility",
    )


STEP = Step(
    id="mobility.policy",
    title="Mobility policy",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why="A policy decides whether a user may use mobility at all. When its EnableMobility is False the phone finds the "
    "server, accepts the certificate, and is refused at sign-in.",
    good="EnableMobility is True in the policy that applies. The nearest one wins: the user's own, then the site's, then "
    "Global. An empty MobilityPolicy on the user means that none is assigned to him, not that none applies.",
    by_hand=by_hand,
)
