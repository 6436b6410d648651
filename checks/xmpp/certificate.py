"""Does a partner's server accept the Edge's certificate as that of the SIP domain?"""

from collections.abc import Iterator

from checks.context import Context
from checks.deployment import Deployment, Vantage
from checks.knowledge.assigned_certificates import OF_EDGE, assigned_certificates
from checks.model import Finding, Step
from checks.probes import Cmdlet, Objects, Presented, StreamFacts, Unanswered
from checks.xmpp import seats
from checks.xmpp.certificate_answers import OUTCOMES, Facts
from checks.xmpp.certificate_judging import judge_side
from checks.xmpp.streams import Seen, opened_by_hand, seen_live, streams

_ASSIGNED = Cmdlet(name="Get-CsCertificate", on="edge")


async def gather(context: Context) -> Facts:
    """What the Edge presents, and from other seats than outside what it has assigned."""
    deployment, context = context.deployment, context.bounded()
    seen, (theirs, answer) = await context.both(
        streams(context, "ours"), context.both(streams(context, "partner"), _asked(context))
    )
    return Facts(
        side="ours",
        vantage=deployment.vantage,
        seen=seen,
        live=seen_live(deployment, "ours"),
        assigned=assigned_certificates(answer, OF_EDGE) if isinstance(answer, Objects) else (),
        unseen=None if answer is None else seats.of_edge(answer, deployment),
        clock=max((tls.seen_at for one in (*seen, *theirs) for tls in _presented(one)), default="")
        or (context.answered_at(_ASSIGNED) if isinstance(answer, Objects) else ""),
    )


async def _asked(context: Context) -> Objects | Unanswered | None:
    if context.deployment.vantage is Vantage.OUTSIDE:
        return None
    return await context.invoke(_ASSIGNED.name, on="edge")


def _presented(one: Seen) -> Iterator[Presented]:
    for attempt in one.facts.attempts if isinstance(one.facts, StreamFacts) else ():
        if attempt.secured and isinstance(attempt.secured.tls, Presented):
            yield attempt.secured.tls


def judge(facts: Facts) -> Finding:
    return judge_side(facts)


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    domain = deployment.domain or "<SIP domain>"
    return (
        "# From outside:",
        opened_by_hand(domain),
        f"# Good: {domain} itself is among the names, with the issuer's certificate, and “Verify return code: 0”.",
        "# On the Edge:",
        "Get-CsCertificate -Type AccessEdgeExternal | Format-List Use,Subject,AlternativeNames,NotBefore,NotAfter,Issuer,Thumbprint",
        "# A request: Deployment Wizard, step 3, with 2048 bits and “Mark the certificate's private key as exportable”.",
    )


STEP = Step(
    id="xmpp.certificate",
    title="Edge certificate",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES["ours"],
    why="Over TLS, the Edge proves with its certificate that it speaks for the SIP domain. A partner's server looks at the dates, "
    "the chain and the names, and looks for the bare domain: sip.<domain> and *.<domain> do not stand for it.",
    good="It is in its time, comes with its intermediate from a public CA, and has sip.<domain> and each bare domain among its "
    "names; 2048 bits, the private key exportable, and the Edge services were restarted after it was assigned.",
    by_hand=by_hand,
)
