"""Does the mobility policy that applies to each user allow mobility?"""

from typing import Any, Literal

from checks.context import Context
from checks.deployment import Deployment
from checks.knowledge import links, lync_objects
from checks.knowledge.lync_objects import User, flag, is_cut, text, without_tag
from checks.knowledge.shell_answers import Unseen, not_seen, unseen
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Remedy, Status, Step, gravest
from checks.probes import Cmdlet, Objects, Unanswered

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
    Answer(name="no-users", status=Status.UNKNOWN, meaning="no user was named, or none exists"),
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
    partial: bool = False
    """True where policies may be missing from those."""
    absent: tuple[str, ...] = ()
    """Users who do not exist."""
    unseen: Unseen | None = None


async def gather(context: Context) -> Facts:
    deployment = context.deployment
    answer = await context.invoke("Get-CsMobilityPolicy")
    failures = [unseen(answer, deployment)]
    pools = await context.invoke("Get-CsPool")
    users: list[Governed] = []
    absent: list[str] = []
    for sip in deployment.users:
        found = await context.invoke("Get-CsUser", Identity=sip)
        failures.append(unseen(found, deployment))
        effective = _effective(await context.invoke("Get-CsEffectivePolicy", Identity=sip))
        if isinstance(found, Objects):
            user = lync_objects.user(found, sip)
            users += [Governed(user=user, effective=effective, site=_site(pools, user.pool))] if user else []
            absent += [] if user else [sip]
    return Facts(
        users=tuple(users),
        policies=tuple(
            Policy(identity=text(one, "Identity"), allows=flag(one, "EnableMobility"))
            for one in (answer.objects if isinstance(answer, Objects) else ())
        ),
        partial=isinstance(answer, Objects) and lync_objects.is_partial(answer),
        absent=tuple(absent),
        unseen=next((failure for failure in failures if failure is not None), None),
    )


def _effective(answer: Objects | Unanswered) -> str:
    """Empty on Lync 2010, which does not have the cmdlet, and where a role leaves it out: the property decides then."""
    objects = answer.objects if isinstance(answer, Objects) else ()
    return without_tag(text(objects[0], "MobilityPolicy")) if len(objects) == 1 else ""


def _site(pools: Objects | Unanswered, pool: str) -> str:
    return lync_objects.site_of(pools.objects, pool) if isinstance(pools, Objects) else ""


def judge(facts: Facts) -> Finding:
    if facts.unseen is not None:
        return not_seen(OUTCOMES, facts.unseen, "Which mobility policy applies could not be seen")
    if not facts.users:
        return OUTCOMES.finding(
            "no-users",
            f"There is no user {facts.absent[0]}, so no policy applies." if facts.absent else "No user was named.",
            "Which policy applies is decided for each user. Name one who cannot sign in on the phone.",
            reason=Reason.MISSING_INPUT,
            command="Get-CsUser -Identity sip:<user>@<domain>",
        )
    findings = [_judge_user(governed, facts) for governed in facts.users]
    absent = (f"There is no user {sip}, so nothing was looked at for that one." for sip in facts.absent)
    return gravest(findings, _GRAVITY, *absent)


_GRAVITY = ("disabled-for-user", "disabled-for-site", "disabled-globally", "policy-missing", "not-seen", "allowed")


def _judge_user(governed: Governed, facts: Facts) -> Finding:
    user, assigned = governed.user, governed.user.policy
    policy = _applying(governed, facts)
    if isinstance(policy, _Unclear):
        return OUTCOMES.finding(
            "not-seen",
            policy.sentence,
            *policy.detail,
            reason=Reason.MISSING_INPUT,
            command=Cmdlet(name=policy.cmdlet, parameters=(("Identity", user.sip),) if policy.of_user else ()).typed(),
        )
    if not policy.allows:
        return _disabled(user, policy)
    if assigned and _named(facts.policies, f"Tag:{assigned}") is None:
        return OUTCOMES.finding(
            "policy-missing",
            f"{user.sip} is assigned the policy {assigned}, which no longer exists.",
            f"Instead {_called(policy)} applies, which allows mobility.",
            remedies=(_unassign(user.sip),),
        )
    return OUTCOMES.finding("allowed", f"{user.sip} is under {_called(policy)}, which allows mobility.")


class _Unclear(Frozen, frozen=True):
    """Why it cannot be told which policy applies, and the cmdlet that would tell."""

    sentence: str
    cmdlet: str
    of_user: bool = False
    detail: tuple[str, ...] = ()


def _applying(governed: Governed, facts: Facts) -> Policy | _Unclear:
    """User before site before global. Null means that none is assigned, never that none applies."""
    found = _effective_policy(governed, facts.policies) if governed.effective else _nearest(governed, facts)
    if isinstance(found, Policy) and found.allows is None:
        return _Unclear(f"EnableMobility of {_called(found)} was not shown.", "Get-CsMobilityPolicy")
    return found


def _effective_policy(governed: Governed, policies: tuple[Policy, ...]) -> Policy | _Unclear:
    """The policy that Get-CsEffectivePolicy names, where nothing speaks against it."""
    sip, assigned, effective = governed.user.sip, governed.user.policy, governed.effective
    own = _named(policies, f"Tag:{effective}")
    wider = _named(policies, effective) or _named(policies, f"Site:{effective}")
    shown = "MobilityPolicy" not in governed.user.unseen
    elsewhere = assigned.lower() != effective.lower()
    if shown and elsewhere and (_named(policies, f"Tag:{assigned}") or (own and not wider)):
        return _Unclear(
            f"Two cmdlets contradict each other about the mobility policy of {sip}.",
            "Get-CsEffectivePolicy",
            of_user=True,
            detail=(
                f"Get-CsUser says {assigned or 'that none is assigned'}, Get-CsEffectivePolicy says {effective}.",
                "They were not asked at the same time, or not for the same user: run both again.",
            ),
        )
    if not shown and own and wider:
        return _Unclear(f"Which mobility policy {sip} is assigned was not shown.", "Get-CsUser", of_user=True)
    found = (wider or own) if shown and elsewhere else (own or wider)
    missing = f"{sip} is under the policy {effective}, which is not among those listed."
    return found or _Unclear(missing, "Get-CsMobilityPolicy")


def _nearest(governed: Governed, facts: Facts) -> Policy | _Unclear:
    """The policy that follows from the assignment and the site."""
    sip, assigned, policies = governed.user.sip, governed.user.policy, facts.policies
    if "MobilityPolicy" in governed.user.unseen:
        return _Unclear(f"Which mobility policy applies to {sip} was not shown.", "Get-CsEffectivePolicy", of_user=True)
    if assigned:
        # Whether it is gone or only not among the lines that were copied, Get-CsEffectivePolicy knows.
        missing = f"{sip} is assigned the policy {assigned}, which is not among those listed."
        return _named(policies, f"Tag:{assigned}") or _Unclear(missing, "Get-CsEffectivePolicy", of_user=True)
    if facts.partial or any(
        not policy.identity or is_cut(policy.identity, f"Site:{governed.site}") for policy in policies
    ):
        return _Unclear("Not all mobility policies were shown, or not with their whole names.", "Get-CsMobilityPolicy")
    if not governed.site and any(_scope(policy) == "site" for policy in policies):
        sentence = f"The site of {sip} is not known, and a site has a mobility policy of its own."
        return _Unclear(sentence, "Get-CsPool")
    found = _named(policies, f"Site:{governed.site}") or _named(policies, "Global")
    return found or _Unclear("The global mobility policy is not among those listed.", "Get-CsMobilityPolicy")


def _named(policies: tuple[Policy, ...], identity: str) -> Policy | None:
    """The policy of that name. One that was shown twice and differently shows nothing of mobility."""
    found = [policy for policy in policies if policy.identity.lower() == identity.lower()]
    if len({policy.allows for policy in found}) > 1:
        return Policy(identity=found[0].identity, allows=None)
    return found[0] if found else None


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
        *(f'Get-CsUser -Identity "{sip}" | Select-Object SipAddress,MobilityPolicy' for sip in users),
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
