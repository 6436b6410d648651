"""Does the partner's server open a stream to the Edge that calls it?"""

from checks.context import Context
from checks.deployment import Deployment
from checks.model import Finding, Step
from checks.xmpp.stream_judging import OUTCOMES, Facts, gather_side, judge_side
from checks.xmpp.streams import opened_by_hand


async def gather(context: Context) -> Facts:
    """Streams to the partner, as the Edge opens them."""
    return await gather_side(context, "partner")


def judge(facts: Facts) -> Finding:
    return judge_side(facts)


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    partner = deployment.partner or "<partner domain>"
    return (
        "# On the Edge, or from outside:",
        opened_by_hand(partner),
        "# Good is a stream header with an id, then <stream:features>; with starttls in them a handshake follows.",
    )


STEP = Step(
    id="xmpp.partner-stream",
    title="Stream to partner",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES["partner"],
    why="What the Edge sends goes over a stream to the partner's server. A port that is open proves little: something else may "
    "answer, or a server that does not serve the domain, refuses us, or fails at TLS. Then the partner has to act.",
    good="The partner's server answers with a stream header that has an id. Where it offers STARTTLS, the handshake finishes.",
    by_hand=by_hand,
)
