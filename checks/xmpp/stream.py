"""Does the Edge open a stream to a partner's server that calls it?"""

from checks.context import Context
from checks.deployment import Deployment
from checks.model import Finding, Step
from checks.xmpp.stream_judging import OUTCOMES, Facts, gather_side, judge_side
from checks.xmpp.streams import opened_by_hand


async def gather(context: Context) -> Facts:
    """Streams to our domains, as a partner's server opens them."""
    return await gather_side(context, "ours")


def judge(facts: Facts) -> Finding:
    return judge_side(facts)


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    """The commands for our own domains."""
    domain = deployment.domain or "<SIP domain>"
    return (
        "# From outside, for each SIP domain:",
        opened_by_hand(domain),
        "# Good is a stream header with an id, then <stream:features> with starttls, then a handshake.",
    )


STEP = Step(
    id="xmpp.stream",
    title="Stream to the Edge",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES["ours"],
    why="A partner's server connects to the Edge on 5269, opens a stream and begins TLS on it. A port that is open proves "
    "little: a firewall may answer it, or another server, or the Edge may refuse the domain or fail at TLS.",
    good="The Edge answers with a stream header that has an id, offers STARTTLS, and finishes the handshake.",
    by_hand=by_hand,
)
