"""Does the external access policy that applies to the user allow XMPP partners?"""

from collections.abc import Iterator

from checks.context import Context
from checks.deployment import Deployment
from checks.knowledge import links, lync_objects
from checks.knowledge.lync_objects import Properties, flag, text, without_tag
from checks.knowledge.policy_scopes import EXTERNAL_ACCESS, Assignment, Unclear, applying, called, scope
from checks.knowledge.shell_answers import Unseen, not_seen
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Status, Step, another_way
from checks.probes import Cmdlet, Objects, Unanswered
from checks.text import clean
from checks.user_remedies import check_spelling, switch_on
from checks.xmpp import policy_remedies as remedies
from checks.xmpp.seats import of_deployment

OUTCOMES = Outcomes(
    links.XMPP_POLICIES,
    Answer(name="allowed", status=Status.OK, meaning="EnableFederationAccess and EnableXmppAccess are True in his policy"),
    Answer(name="no-such-user", status=Status.FAILED, meaning="Get-CsUser does not find the address"),
    Answer(name="not-enabled", status=Status.FAILED, meaning="the user is not enabled for Lync"),
    Answer(name="federation-off", status=Status.FAILED, meaning="EnableFederationAccess is False in the policy that applies"),
    Answer(
        name="not-granted",
        status=Status.FAILED,
        meaning="a policy allows XMPP, but another one applies to the user",
    ),
    Answer(name="xmpp-off", status=Status.FAILED, meaning="EnableXmppAccess is False in the policy that applies"),
    Answer(name="nobody-allowed", status=Status.FAILED, meaning="no policy of the deployment allows XMPP"),
    Answer(name="not-for-this-seat", status=Status.NOT_APPLICABLE, meaning="no Lync shell here, and none is expected"),
    Answer(name="no-users", status=Status.UNKNOWN, meaning="no user was named"),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="the policies or the user's own were not shown"),
)  # fmt: skip
_SETTINGS = "Identity,EnableFederationAccess,EnableXmppAccess,EnablePublicCloudAccess"
_SHOW = f"{EXTERNAL_ACCESS.cmdlet} | Select-Object {_SETTINGS}"


class Policy(Frozen, frozen=True):
    """An external access policy. None: the setting was not shown."""

    identity: str
    """`Global`, `Site:Redmond` or `Tag:FedPic`."""
    federation: bool | None = None
    xmpp: bool | None = None
    public_cloud: bool | None = None
    """EnablePublicCloudAccess, which XMPP does not need."""

    @property
    def allows(self) -> bool:
        return self.federation is True and self.xmpp is True

    @property
    def off(self) -> tuple[str, ...]:
        """The settings of the two that are False."""
        named = (("EnableFederationAccess", self.federation), ("EnableXmppAccess", self.xmpp))
        return tuple(name for name, setting in named if setting is False)


class Sender(Frozen, frozen=True):
    """The user who is to talk with a partner, and what decides which policy applies to him."""

    sip: str
    enabled: bool | None = None
    assignment: Assignment | None = None
    """None: there is no such user."""


class Facts(Frozen, frozen=True):
    """All external access policies, and the user under them."""

    sender: Sender | None = None
    """None: nobody was named."""
    policies: tuple[Policy, ...] = ()
    partial: bool = False
    """True where there may be more policies than those."""
    unseen: Unseen | None = None


async def gather(context: Context) -> Facts:
    deployment = context.deployment
    named = deployment.users[:1]
    answer, pools, *of_user = await context.together(
        context.invoke(EXTERNAL_ACCESS.cmdlet),
        context.invoke("Get-CsPool"),
        *(context.invoke(cmdlet, Identity=sip) for sip in named for cmdlet in ("Get-CsUser", "Get-CsEffectivePolicy")),
    )
    return Facts(
        sender=_sender(named[0], of_user[0], of_user[1], pools) if named else None,
        policies=tuple(_policy(one) for one in (answer.objects if isinstance(answer, Objects) else ())),
        partial=isinstance(answer, Objects) and lync_objects.is_partial(answer),
        unseen=of_deployment(answer, deployment) or (of_deployment(of_user[0], deployment) if named else None),
    )


def _policy(properties: Properties) -> Policy:
    return Policy(
        identity=text(properties, "Identity"),
        federation=flag(properties, "EnableFederationAccess"),
        xmpp=flag(properties, "EnableXmppAccess"),
        public_cloud=flag(properties, "EnablePublicCloudAccess"),
    )


def _sender(
    sip: str, found: Objects | Unanswered, effective: Objects | Unanswered, pools: Objects | Unanswered
) -> Sender:
    user = lync_objects.user(found, sip) if isinstance(found, Objects) else None
    if user is None:
        return Sender(sip=sip)
    named = effective.objects if isinstance(effective, Objects) else ()
    assignment = Assignment(
        sip=sip,
        assigned=user.external_access_policy,
        shown=EXTERNAL_ACCESS.property not in user.unseen,
        effective=without_tag(text(named[0], EXTERNAL_ACCESS.property)) if len(named) == 1 else "",
        site=lync_objects.site_of(pools.objects, user.pool) if isinstance(pools, Objects) else "",
    )
    return Sender(sip=sip, enabled=user.enabled, assignment=assignment)


def judge(facts: Facts) -> Finding:
    if facts.unseen is not None:
        return not_seen(OUTCOMES, facts.unseen, "Which external access policy applies could not be seen")
    if facts.sender is None:
        return _of_nobody(facts)
    sip = facts.sender.sip
    if facts.sender.assignment is None:
        return OUTCOMES.finding(
            "no-such-user",
            f"There is no Lync user {sip}.",
            "Get-CsUser does not find it: it is mistyped, or the account was never enabled.",
            remedies=(check_spelling(sip, "allowed"),),
        )
    if facts.sender.enabled is False:
        return OUTCOMES.finding(
            "not-enabled",
            f"{sip} is not enabled for Lync, so nobody can talk with that user.",
            "Get-CsUser shows Enabled : False.",
            remedies=(switch_on(sip),),
        )
    policy = _applying(facts, facts.sender.assignment)
    if isinstance(policy, Unclear):
        asked = (("Identity", sip),) if policy.of_user else ()
        command = Cmdlet(name=policy.cmdlet, parameters=asked).typed()
        return OUTCOMES.finding(
            "not-seen", policy.sentence, *policy.detail, reason=Reason.MISSING_INPUT, command=command
        )
    if not policy.off:
        return OUTCOMES.finding(
            "allowed", f"{sip} is under {called(policy.identity)}, which allows XMPP partners.", *_public_cloud(policy)
        )
    return _refused(sip, policy, facts)


def _of_nobody(facts: Facts) -> Finding:
    """Without a user nobody's policy is known; that none allows XMPP is known all the same."""
    if _nobody_may(facts):
        return _nobody_allowed(next(one for one in facts.policies if scope(one.identity) == "global"))
    return OUTCOMES.finding(
        "no-users",
        "No user was named, so it is not known which external access policy applies.",
        *(f"{called(one.identity)} allows XMPP partners." for one in facts.policies[:5] if one.allows),
        reason=Reason.MISSING_INPUT,
        command="Get-CsUser -Identity sip:<user>@<domain>",
    )


def _applying(facts: Facts, assignment: Assignment) -> Policy | Unclear:
    """The policy that applies, where it shows whether it allows XMPP."""
    identity = applying(EXTERNAL_ACCESS, assignment, [one.identity for one in facts.policies], partial=facts.partial)
    if isinstance(identity, Unclear):
        return identity
    found = [one for one in facts.policies if one.identity.lower() == identity.lower()]
    # One that was shown twice and differently shows nothing. What is False decides, whatever was not shown beside it.
    alike = all((one.federation, one.xmpp) == (found[0].federation, found[0].xmpp) for one in found)
    if not alike or (not found[0].off and not found[0].allows):
        setting = "EnableXmppAccess" if found[0].xmpp is None else "EnableFederationAccess"
        none_has_it = alike and setting == "EnableXmppAccess" and all(one.xmpp is None for one in facts.policies)
        detail = ("Lync Server 2010 does not have this setting, and no XMPP of its own.",) if none_has_it else ()
        return Unclear(f"{setting} of {called(identity)} was not shown.", EXTERNAL_ACCESS.cmdlet, detail=detail)
    return found[0]


def _nobody_may(facts: Facts) -> bool:
    """True where all policies were shown, and each of them forbids it."""
    known = any(scope(one.identity) == "global" for one in facts.policies)
    return known and not facts.partial and all(one.off for one in facts.policies)


def _refused(sip: str, policy: Policy, facts: Facts) -> Finding:
    if _nobody_may(facts):
        return _nobody_allowed(policy)
    name = called(policy.identity)
    granted = [one for one in facts.policies if one.allows and scope(one.identity) == "user"]
    applies = f"That one applies because {_reason(policy)}."
    if granted:
        better = called(granted[0].identity)
        return OUTCOMES.finding(
            "not-granted",
            f"{better} allows XMPP partners, but {sip} is under {name}, which does not.",
            f"{' and '.join(policy.off)} {_is(policy.off)} False in {name}.",
            applies,
            "To create or to edit a policy does not give it to anybody: it has to be granted.",
            *_as_printed(policy),
            remedies=(remedies.grant(sip, better), another_way(remedies.allow(policy.identity, policy.off))),
        )
    answer = "federation-off" if "EnableFederationAccess" in policy.off else "xmpp-off"
    setting = {"federation-off": "Federation", "xmpp-off": "XMPP"}[answer]
    return OUTCOMES.finding(
        answer,
        f"{setting} is switched off for {sip}: {policy.off[0]} is False in {name}.",
        *(("EnableXmppAccess is False too; XMPP needs both.",) if len(policy.off) == 2 else ()),
        applies,
        *_as_printed(policy),
        *_public_cloud(policy),
        remedies=(remedies.allow(policy.identity, policy.off),),
    )


def _nobody_allowed(policy: Policy) -> Finding:
    return OUTCOMES.finding(
        "nobody-allowed",
        "No external access policy allows XMPP partners, so no user can talk with one.",
        "XMPP needs EnableFederationAccess and EnableXmppAccess, and EnableXmppAccess is off until somebody switches it on.",
        *_as_printed(policy),
        *_public_cloud(policy),
        remedies=(remedies.allow(policy.identity, policy.off), remedies.for_some()),
    )


def _reason(policy: Policy) -> str:
    return "it is assigned to the user" if scope(policy.identity) == "user" else "nothing nearer is assigned"


def _is(settings: tuple[str, ...]) -> str:
    return "is" if len(settings) == 1 else "are"


def _as_printed(policy: Policy) -> Iterator[str]:
    """What the published commands leave behind, where the policy looks like it."""
    if policy.xmpp is False and policy.federation and policy.public_cloud:
        yield (
            f"{clean(called(policy.identity), 100)} is as the published commands leave it: the first one does not set "
            "EnableXmppAccess, and the second is printed without the dash before it, which PowerShell refuses."
        )


def _public_cloud(policy: Policy) -> Iterator[str]:
    if policy.public_cloud is not None:
        yield f"EnablePublicCloudAccess is {policy.public_cloud}; XMPP does not need it, public SIP providers do."


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    user = deployment.users[0] if deployment.users else "sip:<user>@<domain>"
    return (
        f'Get-CsUser -Identity "{user}" | Select-Object SipAddress,Enabled,ExternalAccessPolicy',
        f'Get-CsEffectivePolicy -Identity "{user}" | Select-Object Identity,ExternalAccessPolicy',
        _SHOW,
        "# An empty ExternalAccessPolicy means that the policy of the site applies, or else the global one.",
        "Set-CsExternalAccessPolicy -Identity <policy> -EnableFederationAccess $True -EnableXmppAccess $True",
        f'Grant-CsExternalAccessPolicy -Identity "{user}" -PolicyName <policy>',
        "# The published steps print the first of these without the dash before EnableXmppAccess: so it fails. They also "
        "print -EnableFederationAcces for -EnableFederationAccess: PowerShell takes that for the longer word.",
        "# EnablePublicCloudAccess is for public SIP providers: XMPP does not need it.",
        "# A client reads its policy when it signs in: sign out and in again after a change.",
    )


STEP = Step(
    id="xmpp.policy",
    title="Access policy",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why="A policy decides whether a user may talk with XMPP partners. When it does not allow it everything else may be right, "
    "and contacts at the partner stay without presence for this user alone.",
    good="EnableFederationAccess and EnableXmppAccess are both True in the policy that applies: the user's own, then the "
    "site's, then Global. EnableXmppAccess is False until somebody sets it.",
    by_hand=by_hand,
)
