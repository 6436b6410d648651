"""Is the partner's certificate that of the partner's domain?"""

from checks.context import Context
from checks.deployment import Deployment
from checks.knowledge.xmpp.partner_settings import partner_for, partners_in
from checks.model import Finding, Step
from checks.xmpp.certificate_answers import OUTCOMES, Facts
from checks.xmpp.certificate_judging import judge_side
from checks.xmpp.partner import CMDLET
from checks.xmpp.stores import settings
from checks.xmpp.streams import opened_by_hand, seen_live, streams


async def gather(context: Context) -> Facts:
    """What the partner's servers present, and whether our settings for the partner need it."""
    deployment = context.deployment
    seen, stored = await context.both(streams(context, "partner"), settings(context, CMDLET))
    allowed = partner_for(partners_in(stored.objects.objects), deployment.partner)
    return Facts(
        side="partner",
        vantage=deployment.vantage,
        seen=seen,
        live=seen_live(deployment, "partner"),
        settings=allowed.rows[0] if allowed is not None and len(allowed.rows) == 1 else None,
    )


def judge(facts: Facts) -> Finding:
    return judge_side(facts)


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    partner = deployment.partner or "<partner domain>"
    return (
        "# On the Edge, or from outside:",
        opened_by_hand(partner),
        f"# Good: {partner} itself is among the names, with the issuer's certificate, and “Verify return code: 0”.",
    )


STEP = Step(
    id="xmpp.partner-certificate",
    title="Their certificate",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES["partner"],
    why="Over TLS, the partner's server proves with its certificate that it speaks for its domain. Where it has ended, lacks the "
    "domain or comes from an authority that the Edge does not know, the partner has to act.",
    good="It is in its time, comes with its intermediate from an authority that the Edge trusts, and has the partner's bare "
    "domain among its names.",
    by_hand=by_hand,
)
