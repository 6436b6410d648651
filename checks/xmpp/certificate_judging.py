"""The certificates of one side, judged: what is presented, and where that was not seen what our Edge has assigned."""

from collections.abc import Sequence

from checks.deployment import Vantage
from checks.knowledge.assigned_certificates import Assigned
from checks.knowledge.certificates import days_left
from checks.model import Finding, Reason, gravest
from checks.probes import Cmdlet, StreamFacts
from checks.xmpp import certificate_remedies as remedies
from checks.xmpp.certificate_answers import GRAVITY, OUTCOMES, Facts
from checks.xmpp.certificate_presented import Domain
from checks.xmpp.certificate_problems import fits, of_assigned
from checks.xmpp.streams import SEEN_FROM, opened_by_hand

_GET_ASSIGNED = Cmdlet(name="Get-CsCertificate", on="edge").typed()


def judge_side(facts: Facts) -> Finding:
    outcomes = OUTCOMES[facts.side]
    if not facts.seen:
        nobody = "SIP domain" if facts.side == "ours" else "XMPP partner"
        return outcomes.finding(f"no-{'domain' if facts.side == 'ours' else 'partner'}", f"No {nobody} was named.")
    shown = [Domain(facts, one) for one in facts.seen]
    seen = [one for one in shown if one.shown]
    if not seen:
        return _nothing_presented(facts, shown[0])
    findings = [one.finding() for one in seen]
    findings += [finding for finding in (_assigned_beside(facts, seen),) if finding is not None]
    if {one.answer for one in findings} == {"accepted"} and len(findings) > 1:
        detail = dict.fromkeys(line for one in findings for line in one.detail)
        return outcomes.finding(
            "accepted", f"The Edge's certificate is right for all {len(seen)} SIP domains.", *detail
        )
    return gravest(findings, GRAVITY, *(f"Not seen: {one.domain}." for one in shown if not one.shown))


def _assigned_beside(facts: Facts, seen: Sequence[Domain]) -> Finding | None:
    """What is assigned on the Edge is none of the certificates that were presented."""
    presented = [secured for one in seen for _, secured in one.shown]
    if not facts.assigned or any(fits(one, secured) for one in facts.assigned for secured in presented):
        return None
    one = facts.assigned[0]
    return OUTCOMES["ours"].finding(
        "assigned-differs",
        "The Edge has another certificate assigned than it presents to partners.",
        f"Assigned: {one.subject}, until {one.not_after[:10] or 'a day that was not shown'}, {one.thumbprint}.",
        "The services present the one before until they are restarted; or a device in front of the Edge presents its own.",
        remedies=remedies.restart(),
    )


def _nothing_presented(facts: Facts, first: Domain) -> Finding:
    """No certificate was seen on the wire; at the Edge, what is assigned tells in its place."""
    if facts.side == "ours" and facts.vantage is not Vantage.OUTSIDE:
        if facts.assigned:
            return _of_assigned(facts)
        if facts.unseen is None:
            return OUTCOMES["ours"].finding(
                "not-assigned",
                "Get-CsCertificate shows no certificate for the Edge's external interface.",
                "Without one the Edge offers no TLS to partners, or does not start.",
                remedies=(*remedies.renew([one.domain for one in facts.seen]),),
            )
    return _unseen(facts, first)


def _of_assigned(facts: Facts) -> Finding:
    one = facts.assigned[0]
    domains = [seen.domain for seen in facts.seen]
    held = one.names or ()
    shown = f"Assigned: {one.subject}, {', '.join(held[:6]) or 'names not shown whole'}."
    found = [
        OUTCOMES["ours"].finding(
            problem.answer,
            f"Of the certificate that the Edge has assigned for partners: {problem.sentence}.",
            *problem.detail,
            shown,
            remedies=remedies.of_edge(problem, domains, held),
        )
        for problem in of_assigned(one, domains, facts.clock)
    ]
    if found:
        return gravest(found, GRAVITY)
    names = f"holds {' and '.join(domains[:3])}" if one.names is not None else "is there"
    return OUTCOMES["ours"].finding(
        "accepted",
        f"The certificate that the Edge has assigned for partners {names}{_until(one, facts.clock)}.",
        shown,
        "Whether it is presented, and with its chain, is seen from outside alone.",
    )


def _until(one: Assigned, clock: str) -> str:
    """How long an assigned certificate is good for, as the end of a sentence."""
    if not one.not_after:
        return "; its last day was not shown"
    if one.day_unsure:
        # Its console may have written month and day in either order, so the days that are left cannot be counted.
        return f", valid until {one.not_after[:10]} at the latest"
    days = days_left(one.not_after, clock)
    return f", valid until {one.not_after[:10]}{f', {days}' if days else ''}"


def _unseen(facts: Facts, first: Domain) -> Finding:
    outcomes, command = OUTCOMES[facts.side], opened_by_hand(first.domain, first.facts)
    whose = f"the Edge for {first.domain}" if facts.side == "ours" else first.domain
    if first.without_tls:
        return outcomes.finding("no-tls", f"No TLS is offered by {whose}, so there is no certificate to look at.")
    if facts.unseen is not None and not facts.unseen.seat_has_no_shell:
        said = f"What the Edge has assigned could not be seen: {facts.unseen.detail}"
        return outcomes.finding("not-seen", said, reason=facts.unseen.reason, command=_GET_ASSIGNED)
    told = first.facts
    if isinstance(told, StreamFacts):
        return outcomes.finding(
            "not-seen",
            f"No TLS with {whose} stood, so no certificate was seen.",
            "The steps before tell why.",
            reason=Reason.UNREACHABLE,
            command=command,
        )
    if not facts.live and told.reason is Reason.MISSING_INPUT:
        where = "from outside, and at the Edge" if facts.side == "ours" else "from the Edge or outside"
        return outcomes.finding(
            "not-from-here",
            f"The certificate of {whose} is seen {where}.",
            command=command,
            seen_from=SEEN_FROM[facts.side],
        )
    said = f"The certificate of {whose} could not be looked at: {told.detail}"
    return outcomes.finding("not-seen", said, reason=told.reason, command=told.command or command)
