"""May the users' phones call and be called: over the network, over the phone line, and from outside?"""

from collections.abc import Iterator, Mapping, Sequence

from checks.context import Context
from checks.deployment import Deployment
from checks.knowledge import links, lync_objects
from checks.knowledge.lync_objects import Properties, User, flag, text, without_tag
from checks.knowledge.policy_scopes import (
    EXTERNAL_ACCESS,
    MOBILITY,
    VOICE,
    Assignment,
    Kind,
    Unclear,
    applying,
    called,
)
from checks.knowledge.shell_answers import Unseen, not_seen, unseen
from checks.mobility import media_remedies as remedies
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Remedy, Status, Step, gravest
from checks.probes import Cmdlet, Objects, Unanswered

OUTCOMES = Outcomes(
    links.MOBILITY_POLICY,
    Answer(name="allowed", status=Status.OK, meaning="no policy keeps the users' phones from calling"),
    Answer(
        name="outside-users-off",
        status=Status.WARNING,
        meaning="AllowOutsideUsers is False at the Access Edge, which media from outside goes through",
    ),
    Answer(
        name="outside-access-off",
        status=Status.WARNING,
        meaning="EnableOutsideAccess is False in the external access policy that applies",
    ),
    Answer(
        name="ip-audio-video-off",
        status=Status.WARNING,
        meaning="EnableIPAudioVideo is False in the mobility policy that applies",
    ),
    Answer(
        name="wifi-only",
        status=Status.WARNING,
        meaning="the mobility policy wants Wi-Fi for audio or video, so mobile data will not do",
    ),
    Answer(
        name="call-via-work-off",
        status=Status.WARNING,
        meaning="EnableOutsideVoice is False in the mobility policy that applies",
    ),
    Answer(
        name="simultaneous-ring-off",
        status=Status.WARNING,
        meaning="AllowSimulRing is False in the voice policy that applies, which Call via Work needs",
    ),
    Answer(name="not-for-this-seat", status=Status.NOT_APPLICABLE, meaning="no Lync shell here, and none is expected"),
    Answer(name="no-users", status=Status.UNKNOWN, meaning="no user was named, or none exists"),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="the policies could not be asked for, or were not shown"),
)
_GRAVITY = (
    "outside-users-off",
    "outside-access-off",
    "ip-audio-video-off",
    "wifi-only",
    "call-via-work-off",
    "simultaneous-ring-off",
    "not-seen",
    "allowed",
)


class Policy(Frozen, frozen=True):
    """A policy, with its settings that were shown as true or false."""

    identity: str
    settings: Mapping[str, bool]


class Policies(Frozen, frozen=True):
    """All policies of one kind."""

    policies: tuple[Policy, ...] = ()
    partial: bool = False
    unseen: Unseen | None = None


class Caller(Frozen, frozen=True):
    """A user, and what decides which policies apply to him."""

    sip: str
    mobility: Assignment
    voice: Assignment
    external_access: Assignment


class Facts(Frozen, frozen=True):
    """Three kinds of policies, the users under them, and the one switch of the Access Edge."""

    callers: tuple[Caller, ...] = ()
    mobility: Policies = Policies()
    voice: Policies = Policies()
    external_access: Policies = Policies()
    outside_users: bool | None = None
    """AllowOutsideUsers; None where it was not shown."""
    unseen: Unseen | None = None
    """Why nothing of a user was seen."""


async def gather(context: Context) -> Facts:
    deployment = context.deployment
    cmdlets = (MOBILITY.cmdlet, VOICE.cmdlet, EXTERNAL_ACCESS.cmdlet, "Get-CsAccessEdgeConfiguration", "Get-CsPool")
    mobility, voice, external_access, edge, pools = await context.together(*map(context.invoke, cmdlets))
    seen = unseen(mobility, deployment)
    callers: list[Caller] = []
    for sip in deployment.users:
        found, effective = await context.together(
            context.invoke("Get-CsUser", Identity=sip), context.invoke("Get-CsEffectivePolicy", Identity=sip)
        )
        seen = seen or unseen(found, deployment)
        user = lync_objects.user(found, sip) if isinstance(found, Objects) else None
        callers += [_caller(user, effective, pools)] if user else []
    edges = edge.objects if isinstance(edge, Objects) else ()
    return Facts(
        callers=tuple(callers),
        mobility=_policies(mobility, deployment),
        voice=_policies(voice, deployment),
        external_access=_policies(external_access, deployment),
        outside_users=flag(edges[0], "AllowOutsideUsers") if len(edges) == 1 else None,
        unseen=seen,
    )


def _caller(user: User, effective: Objects | Unanswered, pools: Objects | Unanswered) -> Caller:
    named = effective.objects[0] if isinstance(effective, Objects) and len(effective.objects) == 1 else {}
    site = lync_objects.site_of(pools.objects, user.pool) if isinstance(pools, Objects) else ""
    return Caller(
        sip=user.sip,
        mobility=_assignment(MOBILITY, user.policy, user, named, site),
        voice=_assignment(VOICE, user.voice_policy, user, named, site),
        external_access=_assignment(EXTERNAL_ACCESS, user.external_access_policy, user, named, site),
    )


def _assignment(kind: Kind, assigned: str, user: User, effective: Properties, site: str) -> Assignment:
    return Assignment(
        sip=user.sip,
        assigned=assigned,
        shown=kind.property not in user.unseen,
        effective=without_tag(text(effective, kind.property)),
        site=site,
    )


def _policies(answer: Objects | Unanswered, deployment: Deployment) -> Policies:
    objects = answer.objects if isinstance(answer, Objects) else ()
    return Policies(
        policies=tuple(Policy(identity=text(one, "Identity"), settings=_settings(one)) for one in objects),
        partial=isinstance(answer, Objects) and lync_objects.is_partial(answer),
        unseen=unseen(answer, deployment),
    )


_SETTINGS = (
    "EnableOutsideVoice",
    "EnableIPAudioVideo",
    "RequireWIFIForIPAudio",
    "RequireWIFIForIPVideo",
    "AllowSimulRing",
    "EnableOutsideAccess",
)


def _settings(properties: Properties) -> dict[str, bool]:
    shown = {name: flag(properties, name) for name in _SETTINGS}
    return {name: setting for name, setting in shown.items() if setting is not None}


def judge(facts: Facts) -> Finding:
    if facts.unseen is not None:
        return not_seen(OUTCOMES, facts.unseen, "Which policies the phones are under could not be seen")
    if not facts.callers:
        return OUTCOMES.finding(
            "no-users",
            "No user was named, or none of them exists, so no policy applies.",
            reason=Reason.MISSING_INPUT,
            command="Get-CsUser -Identity sip:<user>@<domain>",
        )
    findings = [finding for caller in facts.callers for finding in _of_caller(caller, facts)]
    if facts.outside_users is False:
        findings.append(_outside_users_off())
    if not findings:
        users = " and ".join(caller.sip for caller in facts.callers)
        return OUTCOMES.finding("allowed", f"No policy keeps the phones of {users} from calling.", _NO_ENTERPRISE_VOICE)
    return gravest(findings, _GRAVITY)


_NO_ENTERPRISE_VOICE = "Enterprise Voice is not looked at: calls from Lync to Lync and joining meetings go without it."
_ON_PURPOSE = "Signing in and messages do not depend on it. Ask first whether it is so on purpose."


def _of_caller(caller: Caller, facts: Facts) -> Iterator[Finding]:
    """What keeps one user's phone from calling; why that cannot be told."""
    mobility = _found(MOBILITY, caller.mobility, facts.mobility)
    if isinstance(mobility, Finding):
        yield mobility
    else:
        yield from _by_mobility_policy(caller.sip, mobility)
    access = _found(EXTERNAL_ACCESS, caller.external_access, facts.external_access)
    if isinstance(access, Finding):
        yield access
    elif access.settings.get("EnableOutsideAccess") is False:
        yield _fault(
            "outside-access-off",
            f"{caller.sip} may not use Lync from outside: EnableOutsideAccess is False in {called(access.identity)}.",
            "What a phone outside says and shows goes through the Edge, which asks for this policy.",
            "That its sign-in does not ask for it is likely, and not documented.",
            remedy=remedies.switch_on(EXTERNAL_ACCESS, access.identity, "EnableOutsideAccess"),
        )
    voice = _found(VOICE, caller.voice, facts.voice)
    # Of all that phones do, Call via Work alone asks for it: that it was not shown says nothing of the rest.
    if isinstance(voice, Policy) and voice.settings.get("AllowSimulRing") is False:
        yield _fault(
            "simultaneous-ring-off",
            f"Call via Work cannot ring the phone of {caller.sip}: AllowSimulRing is False in {called(voice.identity)}.",
            _ON_PURPOSE,
            remedy=remedies.switch_on(VOICE, voice.identity, "AllowSimulRing"),
        )


def _by_mobility_policy(sip: str, policy: Policy) -> Iterator[Finding]:
    settings, name = policy.settings, called(policy.identity)
    if settings.get("EnableIPAudioVideo") is False:
        yield _fault(
            "ip-audio-video-off",
            f"{sip} cannot call over the network: EnableIPAudioVideo is False in {name}.",
            _ON_PURPOSE,
            remedy=remedies.switch_on(MOBILITY, policy.identity, "EnableIPAudioVideo"),
        )
    wanting = [one for one in ("RequireWIFIForIPAudio", "RequireWIFIForIPVideo") if settings.get(one)]
    if wanting:
        yield _fault(
            "wifi-only",
            f"{sip} can call over Wi-Fi alone: {wanting[0]} is True in {name}.",
            _ON_PURPOSE,
            remedy=remedies.allow_mobile_data(policy.identity, wanting),
        )
    if settings.get("EnableOutsideVoice") is False:
        yield _fault(
            "call-via-work-off",
            f"{sip} cannot use Call via Work: EnableOutsideVoice is False in {name}.",
            _ON_PURPOSE,
            remedy=remedies.switch_on(MOBILITY, policy.identity, "EnableOutsideVoice"),
        )


def _found(kind: Kind, assignment: Assignment, known: Policies) -> Policy | Finding:
    """The policy of a kind that applies; the finding that it was not seen."""
    if known.unseen is not None:
        return not_seen(OUTCOMES, known.unseen, f"The {kind.plural} could not be seen")
    identities = [policy.identity for policy in known.policies]
    identity = applying(kind, assignment, identities, partial=known.partial)
    if isinstance(identity, Unclear):
        parameters = (("Identity", assignment.sip),) if identity.of_user else ()
        return OUTCOMES.finding(
            "not-seen",
            identity.sentence,
            *identity.detail,
            reason=Reason.MISSING_INPUT,
            command=Cmdlet(name=identity.cmdlet, parameters=parameters).typed(),
        )
    found = [policy for policy in known.policies if policy.identity.lower() == identity.lower()]
    return Policy(identity=identity, settings=_agreed(found))


def _agreed(shown: Sequence[Policy]) -> dict[str, bool]:
    """The settings of a policy that was shown once, or each time alike."""
    first, *others = shown
    return {
        name: setting
        for name, setting in first.settings.items()
        if all(other.settings.get(name) is setting for other in others)
    }


def _outside_users_off() -> Finding:
    return _fault(
        "outside-users-off",
        "The Access Edge lets no user in from outside: AllowOutsideUsers is False.",
        "What a phone outside says and shows goes through the Edge. Its sign-in goes through the reverse proxy.",
        remedy=remedies.allow_outside_users(),
    )


def _fault(answer: str, headline: str, *detail: str, remedy: Remedy) -> Finding:
    return OUTCOMES.finding(answer, headline, *detail, remedies=(remedy,))


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    users = deployment.users or ("sip:<user>@<domain>",)
    policies = "MobilityPolicy,VoicePolicy,ExternalAccessPolicy"
    return (
        *(f'Get-CsEffectivePolicy -Identity "{sip}" | Select-Object Identity,{policies}' for sip in users),
        "Get-CsMobilityPolicy | Format-List Identity,EnableOutsideVoice,EnableIPAudioVideo,RequireWIFI*",
        "Get-CsVoicePolicy | Select-Object Identity,AllowSimulRing",
        "Get-CsExternalAccessPolicy | Select-Object Identity,EnableOutsideAccess",
        "Get-CsAccessEdgeConfiguration | Select-Object AllowOutsideUsers",
        f"Test-CsAVEdgeConnectivity -TargetFqdn {deployment.pool or '<pool>'}",
    )


STEP = Step(
    id="mobility.media",
    title="Calls and media",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why="A phone that signs in and sends messages can still be kept from calling: its mobility policy may switch calls "
    "off, or want Wi-Fi for them, and media from outside goes through the Edge, which has rules of its own.",
    good="In the policies that apply EnableIPAudioVideo, EnableOutsideVoice, AllowSimulRing and EnableOutsideAccess are "
    "True, RequireWIFIForIPAudio and RequireWIFIForIPVideo are False, and the Access Edge has AllowOutsideUsers True.",
    by_hand=by_hand,
)
