"""Is the partner allowed, with settings that can work?"""

from collections.abc import Iterator

from checks.context import Context
from checks.deployment import Deployment
from checks.knowledge import links
from checks.knowledge.lync_objects import is_partial
from checks.knowledge.shell_answers import Unseen, not_seen
from checks.knowledge.xmpp.negotiation import DEFAULTS, REMARKS, row_of
from checks.knowledge.xmpp.partner_settings import GONE, AllowedPartner, partner_for, partners_in
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Remedy, Status, Step, gravest
from checks.text import clean
from checks.xmpp import partner_remedies as remedies
from checks.xmpp.stores import Store, settings

OUTCOMES = Outcomes(
    links.XMPP_NEGOTIATION,
    Answer(name="none-allowed", status=Status.FAILED, meaning="the deployment allows no XMPP partner at all"),
    Answer(name="not-allowed", status=Status.FAILED, meaning="the partner's domain is not among the allowed ones"),
    Answer(name="parent-only", status=Status.FAILED, meaning="only a domain above the partner's is allowed"),
    Answer(name="invalid", status=Status.FAILED, meaning="the settings leave nothing to authenticate by"),
    Answer(name="gone", status=Status.WARNING, meaning="the partner no longer federates with XMPP servers"),
    Answer(name="sasl-without-tls", status=Status.WARNING, meaning="SASL is required, and the TLS that it needs is not"),
    Answer(name="limit-zero", status=Status.WARNING, meaning="the partner may have no connection: ConnectionLimit is 0"),
    Answer(name="not-for-this-seat", status=Status.NOT_APPLICABLE, meaning="no Lync shell here, and none is expected"),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="the allowed partners or their settings were not shown"),
    Answer(name="allowed", status=Status.OK, meaning="the partner is allowed, and its settings leave a way"),
)  # fmt: skip
CMDLET = "Get-CsXmppAllowedPartner"
REFUSED = frozenset({"none-allowed", "not-allowed", "parent-only", "invalid", "gone"})
"""Answers after which no settings are left that could be compared with anything."""
_GRAVITY = tuple(answer.name for answer in OUTCOMES.answers)
_SETTINGS = "TlsNegotiation,SaslNegotiation,SupportDialbackNegotiation"
_SHOW = f"{CMDLET} | Select-Object Identity,AdditionalDomains,{_SETTINGS},PartnerType"
_MOST_LISTED = 6
_OPEN_TO_ALL = row_of("Required", "Optional", True)
"""TLS always, and either proof over it."""


class Facts(Frozen, frozen=True):
    """All allowed partners, and the one that the walk is about."""

    partner: str = ""
    """Empty: none was named, so all of them are judged."""
    partners: tuple[AllowedPartner, ...] = ()
    partial: bool = False
    """True where there may be more than those."""
    told_by: Store = "deployment"
    unseen: Unseen | None = None


async def gather(context: Context) -> Facts:
    stored = await settings(context, CMDLET)
    return Facts(
        partner=context.deployment.partner,
        partners=partners_in(stored.objects.objects),
        partial=is_partial(stored.objects),
        told_by=stored.by,
        unseen=stored.unseen,
    )


def judge(facts: Facts) -> Finding:
    if facts.unseen is not None:
        return not_seen(OUTCOMES, facts.unseen, "Which XMPP partners are allowed could not be seen")
    if not facts.partners:
        return _none(facts)
    if not facts.partner:
        return _of_all(facts)
    partner = partner_for(facts.partners, facts.partner)
    if partner is None:
        return _missing(facts)
    found = [*_faults(partner, facts.partner)] or [_allowed(partner, facts.partner)]
    return gravest(found, _GRAVITY, *_remarks(partner, facts.partner), *_beside(facts, partner), *_copied(facts))


def _none(facts: Facts) -> Finding:
    if facts.partial:
        return _not_shown("Not all allowed partners were shown.")
    whom = f"{facts.partner} is not reached, nor anybody else" if facts.partner else "nobody is reached over XMPP"
    return OUTCOMES.finding(
        "none-allowed",
        f"No XMPP partner is allowed, so {whom}.",
        "XMPP is always on; whom it reaches is decided by this list alone. An empty one is also how it is switched off on "
        "purpose.",
        *_copied(facts),
        remedies=(*_look_first(facts), remedies.allow(facts.partner)),
    )


def _missing(facts: Facts) -> Finding:
    domain = facts.partner
    if facts.partial or any(one.may_hide(domain) for one in facts.partners):
        return _not_shown(f"Whether {domain} is allowed was not shown: the list is not complete.")
    if domain in GONE:
        return _gone(None, domain)
    above = next((one for one in facts.partners if one.is_above(domain)), None)
    if above is not None:
        return OUTCOMES.finding(
            "parent-only",
            f"{domain} is not allowed: {clean(above.domain, 100)} is, and does not cover it.",
            "Each domain has to be listed by itself. One that lies below an allowed one is a stranger.",
            *_copied(facts),
            remedies=(*_look_first(facts), remedies.cover(above, domain)),
        )
    return OUTCOMES.finding(
        "not-allowed",
        f"{domain} is not an allowed XMPP partner, so the Edge neither calls it nor answers it.",
        f"Allowed are: {_listed(facts)}.",
        *_copied(facts),
        remedies=(*_look_first(facts), remedies.allow(domain)),
    )


def _of_all(facts: Facts) -> Finding:
    found = [fault for one in facts.partners for fault in _faults(one, one.domain)]
    if found:
        return gravest(found, _GRAVITY, *_copied(facts))
    return OUTCOMES.finding(
        "allowed",
        f"{len(facts.partners)} XMPP partner{'s are' if len(facts.partners) > 1 else ' is'} allowed: {_listed(facts)}.",
        "No partner was named. With --partner DOMAIN the walk looks at its servers too.",
        *(("There may be more of them.",) if facts.partial else ()),
        *_copied(facts),
    )


def _faults(partner: AllowedPartner, domain: str) -> Iterator[Finding]:
    """What is wrong with a partner's settings, where `domain` is the one of its domains that counts."""
    name = clean(partner.domain, 100)
    if domain in GONE:
        yield _gone(partner, domain)
    if partner.rows and not any(row.valid for row in partner.rows):
        yield OUTCOMES.finding(
            "invalid",
            f"The settings for {name} leave no way to prove who is who: {_shown(partner)}.",
            "SASL over TLS is not possible with them, and dialback is off. The document calls this combination invalid.",
            remedies=(remedies.set_to(partner.domain, _OPEN_TO_ALL),) if _OPEN_TO_ALL else (),
        )
    elif not all(row.valid for row in partner.rows):
        yield _not_shown(f"The settings for {name} were not shown completely: {_shown(partner)}.")
    if _needs_tls(partner) and partner.rows[0].valid:
        yield OUTCOMES.finding(
            "sasl-without-tls",
            f"For {name} SASL is Required and TLS is {partner.tls}, though SASL needs TLS.",
            "The document warns that sessions may then fail to be negotiated.",
            remedies=(remedies.require_tls(partner),),
        )
    if partner.limit == 0:
        yield OUTCOMES.finding(
            "limit-zero",
            f"ConnectionLimit for {name} is 0.",
            "What Lync makes of 0 is not documented: it may mean no connection, or no limit.",
            remedies=(remedies.raise_limit(partner),),
        )


def _needs_tls(partner: AllowedPartner) -> bool:
    """True where SASL is required, and the TLS that it needs is not."""
    return partner.sasl == "Required" and partner.tls in {"Optional", "NotSupported"}


def _gone(partner: AllowedPartner | None, domain: str) -> Finding:
    listed = "is an allowed partner, and" if partner is not None else "is not an allowed partner, and it"
    return OUTCOMES.finding(
        "gone",
        f"{clean(domain, 100)} {listed} no longer federates with XMPP servers.",
        "Google ended that for its chat (on which day is not confirmed). The published example for Google Talk is of an earlier time.",
        remedies=remedies.remove(partner, domain),
    )


def _allowed(partner: AllowedPartner, domain: str) -> Finding:
    among = "" if partner.domain == domain else f" among the domains of {clean(partner.domain, 100)}"
    methods = tuple(dict.fromkeys(method for row in partner.rows for method in row.methods))
    known = len(partner.rows) == 1
    return OUTCOMES.finding(
        "allowed",
        f"{domain} is an allowed partner{among}: {_shown(partner)}.",
        f"That {'leaves' if known else 'may leave'} {_or(methods)}. What the partner has of it, “Negotiation” tells.",
    )


def _remarks(partner: AllowedPartner, domain: str) -> Iterator[str]:
    """What is no fault, and explains much."""
    row = partner.rows[0] if len(partner.rows) == 1 else None
    if row is not None and row.warned in REMARKS:
        defaults = " These are the defaults of New-CsXmppAllowedPartner." if row == DEFAULTS else ""
        yield f"{REMARKS[row.warned]}{defaults}"
    if partner.kind.lower() == "publicunverified":
        yield (
            f"PartnerType is PublicUnverified: people at {domain} reach a Lync user only after he has added them. That is as it "
            "should be, and looks like a fault that goes one way."
        )
    elif partner.kind:
        yield f"PartnerType is {clean(partner.kind, 40)}."
    if partner.keep_alive:
        yield (
            "EnableKeepAlive is True: a partner that sends none within KeepAliveInterval is cut off. If sessions end every few "
            "minutes, set it to $False."
        )
    if partner.proxy:
        yield (
            f"ProxyFqdn is {clean(partner.proxy, 200)}. That it takes the place of the partner's own DNS records is not documented."
        )


def _beside(facts: Facts, own: AllowedPartner) -> Iterator[str]:
    """Faults of other partners, which have no part in this walk."""
    others = [one for one in facts.partners if one != own]
    invalid = [clean(one.domain, 60) for one in others if one.rows and not any(row.valid for row in one.rows)]
    if invalid:
        yield f"Not of this walk: the settings for {', '.join(invalid[:_MOST_LISTED])} leave no way either."
    gone = [clean(one.domain, 60) for one in others if one.domain in GONE]
    if gone:
        yield f"Not of this walk: {' and '.join(gone[:2])} no longer federates, and is still listed."


def _copied(facts: Facts) -> tuple[str, ...]:
    return ("Seen in the Edge's own copy of the configuration.",) if facts.told_by == "edge" else ()


def _look_first(facts: Facts) -> tuple[Remedy, ...]:
    return (remedies.look_in_store(facts.partner),) if facts.told_by == "edge" else ()


def _shown(partner: AllowedPartner) -> str:
    dialback = {True: "dialback True", False: "dialback False", None: "dialback not shown"}[partner.dialback]
    return f"TLS {partner.tls or 'not shown'}, SASL {partner.sasl or 'not shown'}, {dialback}"


def _or(methods: tuple[str, ...]) -> str:
    return f"{', '.join(methods[:-1])} or {methods[-1]}" if len(methods) > 1 else "".join(methods)


def _listed(facts: Facts) -> str:
    names = [clean(one.domain, 60) for one in facts.partners]
    more = len(names) - _MOST_LISTED
    return ", ".join(names[:_MOST_LISTED]) + (f" and {more} more" if more > 0 else "")


def _not_shown(headline: str) -> Finding:
    return OUTCOMES.finding("not-seen", headline, reason=Reason.MISSING_INPUT, command=_SHOW)


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    partner = deployment.partner or "<partner domain>"
    return (
        _SHOW,
        f"{CMDLET} -Identity {partner}",
        "# On the Edge itself the same is asked of its own copy:",
        f"{CMDLET} -LocalStore",
        "# A new partner. Without -SaslNegotiation Optional it gets TLS and SASL Required, and dialback does not operate.",
        f"New-CsXmppAllowedPartner -Identity {partner} -SaslNegotiation Optional",
        f"Set-CsXmppAllowedPartner -Identity {partner} -AdditionalDomains @{{Add='<further domain>'}}",
        f"# The help prints “{CMDLET} - Filter” with a blank before Filter: so it fails.",
    )


STEP = Step(
    id="xmpp.partner",
    title="Allowed partner",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why="The Edge talks with the partners of one list and with nobody else. Each has settings for TLS, SASL and dialback; five "
    "of their eighteen combinations can never work, and a domain below a listed one is not covered.",
    good="The partner's very domain is listed, as Identity or among AdditionalDomains, and its settings leave SASL over TLS or "
    "dialback, better both.",
    by_hand=by_hand,
)
