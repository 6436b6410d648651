"""Does the mobility policy that applies to each user allow mobility?"""

from typing import Any

import msgspec

from checks.context import Context
from checks.deployment import Deployment
from checks.knowledge import links, lync_objects
from checks.knowledge.lync_objects import User, flag, text, without_tag
from checks.knowledge.policy_scopes import MOBILITY, Assignment, Unclear, applying, called, scope
from checks.knowledge.shell_answers import Unseen, not_seen, unseen
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Remedy, Status, Step, another_way, gravest
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
    Answer(name="not-for-this-seat", status=Status.NOT_APPLICABLE, meaning="no Lync shell here, and none is expected"),
    Answer(name="no-users", status=Status.UNKNOWN, meaning="no user was named, or none exists"),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="the shell could not be asked, or did not show the policy"),
)


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

    @property
    def assignment(self) -> Assignment:
        """What decides which mobility policy applies."""
        return Assignment(
            sip=self.user.sip,
            assigned=self.user.policy,
            shown="MobilityPolicy" not in self.user.unseen,
            effective=self.effective,
            site=self.site,
        )


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
    return msgspec.structs.replace(
        facts_of(answer, deployment),
        users=tuple(users),
        absent=tuple(absent),
        unseen=next((failure for failure in failures if failure is not None), None),
    )


def facts_of(answer: Objects | Unanswered, deployment: Deployment) -> Facts:
    """The facts without users that an answer of Get-CsMobilityPolicy makes."""
    return Facts(
        policies=tuple(
            Policy(identity=text(one, "Identity"), allows=flag(one, "EnableMobility"))
            for one in (answer.objects if isinstance(answer, Objects) else ())
        ),
        partial=isinstance(answer, Objects) and lync_objects.is_partial(answer),
        unseen=unseen(answer, deployment),
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
    findings = [judge_user(governed, facts) for governed in facts.users]
    absent = (f"There is no user {sip}, so nothing was looked at for that one." for sip in facts.absent)
    return gravest(findings, _GRAVITY, *absent)


_GRAVITY = ("disabled-for-user", "disabled-for-site", "disabled-globally", "policy-missing", "not-seen", "allowed")


def judge_user(governed: Governed, facts: Facts) -> Finding:
    """What follows for one user from all policies."""
    user, assigned = governed.user, governed.user.policy
    policy = _applying(governed, facts)
    if isinstance(policy, Unclear):
        return OUTCOMES.finding(
            "not-seen",
            policy.sentence,
            *policy.detail,
            reason=Reason.MISSING_INPUT,
            command=Cmdlet(name=policy.cmdlet, parameters=(("Identity", user.sip),) if policy.of_user else ()).typed(),
        )
    if not policy.allows:
        return _disabled(governed, policy, facts)
    if assigned and f"tag:{assigned}".lower() not in (one.identity.lower() for one in facts.policies):
        return OUTCOMES.finding(
            "policy-missing",
            f"{user.sip} is assigned the policy {assigned}, which no longer exists.",
            f"Instead {called(policy.identity)} applies, which allows mobility.",
            remedies=(_unassign(user.sip, "none: the site or global policy applies already"),),
        )
    return OUTCOMES.finding("allowed", f"{user.sip} is under {called(policy.identity)}, which allows mobility.")


def _applying(governed: Governed, facts: Facts) -> Policy | Unclear:
    """The policy that applies, where it shows whether it allows mobility."""
    identities = [policy.identity for policy in facts.policies]
    identity = applying(MOBILITY, governed.assignment, identities, partial=facts.partial)
    if isinstance(identity, Unclear):
        return identity
    found = [policy for policy in facts.policies if policy.identity.lower() == identity.lower()]
    # One that was shown twice and differently shows nothing.
    if len({policy.allows for policy in found}) > 1 or found[0].allows is None:
        return Unclear(f"EnableMobility of {called(identity)} was not shown.", MOBILITY.cmdlet)
    return found[0]


def _disabled(governed: Governed, policy: Policy, facts: Facts) -> Finding:
    user, at = governed.user, scope(policy.identity)
    answer = {"user": "disabled-for-user", "site": "disabled-for-site", "global": "disabled-globally"}[at]
    how = "assigned to the user" if at == "user" else "nothing nearer is assigned"
    return OUTCOMES.finding(
        answer,
        f"Mobility is switched off for {user.sip}: EnableMobility is False in {called(policy.identity)}.",
        f"It applies because {how}." if at != "user" else f"It is {how}.",
        remedies=(_allow(policy), *(_fall_back(governed, facts) if at == "user" else ())),
    )


def _fall_back(governed: Governed, facts: Facts) -> tuple[Remedy, ...]:
    """Without a policy of the user's own, where the one that then applies is seen to allow mobility."""
    unassigned = msgspec.structs.replace(
        governed, user=msgspec.structs.replace(governed.user, policy="", unseen=()), effective=""
    )
    policy = _applying(unassigned, facts)
    if isinstance(policy, Unclear) or not policy.allows:
        return ()
    instead = called(policy.identity)
    another = _unassign(governed.user.sip, f"this user alone: all settings of {instead} then apply, calls included")
    return (another_way(another),)


def _allow(policy: Policy) -> Remedy:
    whom = {
        "user": "everyone who has this policy",
        "site": "everyone in the site without an own policy",
        "global": "everyone without an own or a site policy",
    }[scope(policy.identity)]
    return _remedy(
        "Set-CsMobilityPolicy",
        {"Identity": without_tag(policy.identity), "EnableMobility": True},
        f"lets phones of {whom} sign in",
    )


def _unassign(sip: str, risk: str) -> Remedy:
    return _remedy(
        "Grant-CsMobilityPolicy",
        {"Identity": sip, "PolicyName": None},
        risk,
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
