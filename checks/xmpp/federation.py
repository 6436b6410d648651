"""Does the Access Edge federate at all?"""

from checks.context import Context
from checks.deployment import Deployment
from checks.knowledge import links
from checks.knowledge.push_objects import Federating
from checks.knowledge.shell_answers import Unseen, not_seen
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Remedy, Status, Step
from checks.probes import Objects
from checks.xmpp.stores import Store, settings

OUTCOMES = Outcomes(
    links.cmdlet("Set-CsAccessEdgeConfiguration"),
    Answer(name="allowed", status=Status.OK, meaning="AllowFederatedUsers is True"),
    Answer(name="off", status=Status.FAILED, meaning="AllowFederatedUsers is False, so the Edge federates with nobody"),
    Answer(name="not-for-this-seat", status=Status.NOT_APPLICABLE, meaning="no Lync shell here, and none is expected"),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="AllowFederatedUsers was not shown"),
)
_CMDLET = "Get-CsAccessEdgeConfiguration"
_SHOW = f"{_CMDLET} | Select-Object Identity,AllowFederatedUsers,EnablePartnerDiscovery"
_OF_SIP = "EnablePartnerDiscovery is about partners that speak SIP: XMPP goes by the allowed partners alone."


class Facts(Frozen, frozen=True):
    """The one configuration of all Access Edges."""

    federating: Federating | None = None
    """None: nothing came, or several that differ."""
    told_by: Store = "deployment"
    """The Central Management store, or the Edge's own copy."""
    unseen: Unseen | None = None


async def gather(context: Context) -> Facts:
    stored = await settings(context, _CMDLET)
    return Facts(federating=_federating(stored.objects), told_by=stored.by, unseen=stored.unseen)


def _federating(answer: Objects) -> Federating | None:
    found = [Federating.of(one) for one in answer.objects]
    return found[0] if found and all(one == found[0] for one in found) else None


def judge(facts: Facts) -> Finding:
    if facts.unseen is not None:
        return not_seen(OUTCOMES, facts.unseen, "Whether the Access Edge federates could not be seen")
    if facts.federating is None or facts.federating.allowed is None:
        return OUTCOMES.finding(
            "not-seen",
            "Whether the Access Edge federates was not shown.",
            reason=Reason.MISSING_INPUT,
            command=_SHOW,
        )
    if not facts.federating.allowed:
        return OUTCOMES.finding(
            "off",
            "The Access Edge federates with nobody, so no XMPP partner is reached either.",
            f"AllowFederatedUsers is False{_by_its_copy(facts)}.",
            "The published steps for setting XMPP up leave this switch out: it stands in the example for Google Talk alone.",
            remedies=_remedies(facts),
        )
    return OUTCOMES.finding(
        "allowed",
        "The Access Edge may federate.",
        f"AllowFederatedUsers is True{_by_its_copy(facts)}.",
        *_discovery(facts.federating),
    )


def _by_its_copy(facts: Facts) -> str:
    return " in the Edge's own copy of the configuration" if facts.told_by == "edge" else ""


def _discovery(federating: Federating) -> tuple[str, ...]:
    if federating.discovery is None:
        return ()
    return (f"EnablePartnerDiscovery is {federating.discovery}. {_OF_SIP}",)


def _remedies(facts: Facts) -> tuple[Remedy, ...]:
    switch_on = Remedy(
        cmdlet="Set-CsAccessEdgeConfiguration",
        parameters={"AllowFederatedUsers": True},
        who="member of RTCUniversalServerAdmins, in a Lync shell on a Front End",
        risk="opens SIP federation with every allowed domain too: ask first whether it is off on purpose",
        verify="check again (r) after some minutes; “Replication” shows whether the Edge has it",
    )
    if facts.told_by == "deployment":
        return (switch_on,)
    look = Remedy(
        action=f"On a Front End run {_SHOW}. If it says True there, the Edge's copy is old: see “Replication”.",
        who="anyone with a Lync shell on a Front End",
        risk="none",
        verify="check again (r) when the copy is up to date",
    )
    return (look, switch_on)


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    return (
        _SHOW,
        "# On the Edge itself the same is asked of its own copy:",
        f"{_CMDLET} -LocalStore | Select-Object Identity,AllowFederatedUsers",
        f"# {_OF_SIP}",
    )


STEP = Step(
    id="xmpp.federation",
    title="Federation switch",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why="One switch of the Access Edge decides whether anybody outside is federated with, XMPP partners among them. It is off "
    "by default, and the published steps for XMPP do not name it.",
    good="AllowFederatedUsers is True, in the deployment and in the Edge's own copy of the configuration.",
    by_hand=by_hand,
)
