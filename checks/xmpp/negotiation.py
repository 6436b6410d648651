"""Will our settings for the partner and what its servers offer come to terms?"""

from collections.abc import Iterator

from checks.context import Context
from checks.deployment import Deployment
from checks.knowledge import links
from checks.knowledge.shell_answers import Unseen
from checks.knowledge.xmpp.negotiation import Offer, Row, Settlement, settle
from checks.knowledge.xmpp.partner_settings import AllowedPartner, is_hopeless, partner_for, partners_in
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Status, Step
from checks.probes import Unanswered
from checks.probes.xmpp_facts import Attempt
from checks.xmpp import negotiation_remedies as remedies
from checks.xmpp.negotiation_wording import by_server, fitting, liveness, offered, one_of, server_of, shown
from checks.xmpp.partner import CMDLET
from checks.xmpp.stores import settings
from checks.xmpp.streams import NOBODY, SEEN_FROM, Seen, opened_by_hand, seen_live, speaker, streams

OUTCOMES = Outcomes(
    links.XMPP_NEGOTIATION,
    Answer(name="nothing-offered", status=Status.FAILED, meaning="the partner offers nothing that Lync could use, whatever is set"),
    Answer(name="tls-missing", status=Status.FAILED, meaning="our settings need TLS, and the partner has none"),
    Answer(name="tls-refused-by-us", status=Status.FAILED, meaning="the partner requires TLS, and our settings have it off"),
    Answer(name="no-shared-proof", status=Status.FAILED, meaning="one side has SASL EXTERNAL alone, the other dialback alone"),
    Answer(name="some-servers", status=Status.WARNING, meaning="with some servers of the partner there is no way, with others there is"),
    Answer(name="untested", status=Status.UNKNOWN, meaning="it rests on what the partner did not show to us"),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="the partner's offer or our settings were not seen"),
    Answer(name="not-from-here", status=Status.NOT_APPLICABLE, meaning="streams to the partner are opened from the Edge or outside"),
    Answer(name="no-partner", status=Status.NOT_APPLICABLE, meaning="no partner was named"),
    Answer(name="offered", status=Status.OK, meaning="the partner offers something that Lync can use; our settings are not seen from here"),
    Answer(name="settles", status=Status.OK, meaning="both sides share a way"),
)  # fmt: skip
_SETTINGS = "TlsNegotiation,SaslNegotiation,SupportDialbackNegotiation"


class Facts(Frozen, frozen=True):
    """Our settings for the partner, and the streams to its servers."""

    partner: str = ""
    """Empty: none was named."""
    speaker: str = ""
    """The domain that the streams spoke for; streams.NOBODY where none of ours was named."""
    live: bool = True
    """Whether this seat opens such streams itself."""
    seen: tuple[Seen, ...] = ()
    settings: AllowedPartner | None = None
    """None: the partner is not allowed, or the settings were not seen."""
    unseen: Unseen | None = None
    """Why they were not seen."""


async def gather(context: Context) -> Facts:
    deployment = context.deployment
    if not deployment.partner:
        return Facts()
    seen, stored = await context.both(streams(context, "partner"), settings(context, CMDLET))
    found = partner_for(partners_in(stored.objects.objects), deployment.partner)
    return Facts(
        partner=deployment.partner,
        speaker=speaker(deployment, "partner"),
        live=seen_live(deployment, "partner"),
        seen=seen,
        settings=found,
        unseen=stored.unseen if found is None else None,
    )


def judge(facts: Facts) -> Finding:
    if not facts.partner:
        return OUTCOMES.finding("no-partner", "No XMPP partner was named: name one, or start with --partner DOMAIN.")
    attempts = [attempt for one in facts.seen for attempt in _opened(one)]
    if not attempts:
        return _nothing_opened(facts)
    if all(is_hopeless(attempt.offer) for attempt in attempts):
        return _nothing_offered(facts, attempts)
    row = _row(facts.settings)
    return _without_settings(facts, attempts) if row is None else _compared(facts, row, attempts)


def _opened(one: Seen) -> list[Attempt]:
    """The servers whose streams opened. Whether Lync speaks direct TLS is documented nowhere, so others go first."""
    attempts = [] if isinstance(one.facts, Unanswered) else [each for each in one.facts.attempts if each.opened]
    return [each for each in attempts if not each.target.direct] or attempts


def _row(partner: AllowedPartner | None) -> Row | None:
    """The settings, where all three of them were shown."""
    return partner.rows[0] if partner is not None and len(partner.rows) == 1 else None


def _nothing_opened(facts: Facts) -> Finding:
    unanswered = next((one.facts for one in facts.seen if isinstance(one.facts, Unanswered)), None)
    if unanswered is not None and not facts.live and unanswered.reason is Reason.MISSING_INPUT:
        return OUTCOMES.finding(
            "not-from-here",
            f"What {facts.partner} offers is seen from the Edge or from outside, not from here.",
            "Walk there with --record FILE, and bring the file here with --evidence FILE.",
            command=opened_by_hand(facts.partner),
            seen_from=SEEN_FROM["partner"],
        )
    return OUTCOMES.finding(
        "not-seen",
        f"What {facts.partner} offers was not seen: "
        + (unanswered.detail if unanswered is not None else "no stream to it opened."),
        reason=unanswered.reason if unanswered is not None else Reason.UNREACHABLE,
        command=opened_by_hand(facts.partner, facts.seen[0].facts if facts.seen else None),
    )


def _nothing_offered(facts: Facts, attempts: list[Attempt]) -> Finding:
    return OUTCOMES.finding(
        "nothing-offered",
        f"{facts.partner} offers nothing that Lync could prove itself by: {offered(attempts[0].offer)}.",
        *by_server(attempts),
        *_not_tested(facts, attempts),
        remedies=(remedies.ask_for_a_way(facts.partner, server_of(attempts[0]), attempts[0].offer),),
    )


def _without_settings(facts: Facts, attempts: list[Attempt]) -> Finding:
    """What the partner offers, and what would fit: of use to whoever runs whatever server."""
    offer = next(attempt.offer for attempt in attempts if not is_hopeless(attempt.offer))
    detail = (*fitting(offer), *by_server(attempts), *_not_tested(facts, attempts), *liveness(attempts))
    expected = facts.unseen is None or not facts.unseen.seat_has_no_shell
    if expected:
        return OUTCOMES.finding(
            "not-seen",
            f"{facts.partner} offers {offered(offer)}. Our settings for it were not seen.",
            *detail,
            reason=facts.unseen.reason if facts.unseen is not None else Reason.MISSING_INPUT,
            command=f"{CMDLET} | Select-Object Identity,AdditionalDomains,{_SETTINGS}",
        )
    return OUTCOMES.finding("offered", f"{facts.partner} offers {offered(offer)}.", *detail)


def _compared(facts: Facts, row: Row, attempts: list[Attempt]) -> Finding:
    settled = [(attempt, settle(row, attempt.offer)) for attempt in attempts]
    hopeless = [(attempt, one) for attempt, one in settled if one.hopeless]
    ours = f"Our settings for {facts.partner}: {shown(row)}."
    detail = (ours, *by_server(attempts), *_not_tested(facts, attempts))
    if len(hopeless) == len(settled):
        return _failed(facts, row, hopeless[0], detail)
    if hopeless:
        attempt, one = hopeless[0]
        names = ", ".join(dict.fromkeys(server_of(each) for each, _ in hopeless[:3]))
        return OUTCOMES.finding(
            "some-servers",
            f"With some servers of {facts.partner} our settings come to nothing: {names}.",
            one.sentence,
            *detail,
            remedies=remedies.for_obstacle(
                _listed(facts), facts.partner, server_of(attempt), row, attempt.offer, one.act
            ),
        )
    if all(one.method is None for _, one in settled):
        return _untested(facts, row, settled[0], detail)
    return _settles(facts, settled, detail)


def _failed(facts: Facts, row: Row, hopeless: tuple[Attempt, Settlement], detail: tuple[str, ...]) -> Finding:
    attempt, one = hopeless
    offer = attempt.offer
    if offer.tls == "required" and row.tls == "NotSupported":
        answer = "tls-refused-by-us"
    elif offer.tls in {"absent", "broken"} and "TCP dialback" not in row.methods:
        answer = "tls-missing"
    else:
        answer = "no-shared-proof"
    return OUTCOMES.finding(
        answer,
        f"No session with {facts.partner} can be set up: {one.sentence[0].lower()}{one.sentence[1:]}",
        *detail,
        *(_trap(row, offer) if answer == "no-shared-proof" else ()),
        remedies=remedies.for_obstacle(_listed(facts), facts.partner, server_of(attempt), row, offer, one.act),
    )


def _trap(row: Row, offer: Offer) -> Iterator[str]:
    """The default settings look as if they allowed what they do not."""
    if row.warned == "dialback-idle" and offer.dialback != "absent":
        yield (
            "SupportDialbackNegotiation is True, and yet dialback does not operate: with TLS and SASL both Required it never "
            "does. Those are the defaults of New-CsXmppAllowedPartner."
        )


def _untested(facts: Facts, row: Row, unsure: tuple[Attempt, Settlement], detail: tuple[str, ...]) -> Finding:
    attempt, one = unsure
    sasl_alone = row.methods == ("SASL over TLS",)
    rests = (
        "SASL EXTERNAL alone, which it offers only to a certificate that it accepts"
        if sasl_alone
        else one_of(one.possible)
    )
    return OUTCOMES.finding(
        "untested",
        f"Whether a session with {facts.partner} can be set up was not seen: it rests on {rests}.",
        *detail,
        *_trap(row, attempt.offer),
        reason=Reason.MISSING_INPUT,
        command="# With the Edge's certificate and key, as PEM: --client-certificate FILE",
    )


def _settles(facts: Facts, settled: list[tuple[Attempt, Settlement]], detail: tuple[str, ...]) -> Finding:
    methods = tuple(dict.fromkeys(one.method for _, one in settled if one.method is not None))
    unsure = (server_of(attempt) for attempt, one in settled if one.method is None)
    return OUTCOMES.finding(
        "settles",
        f"{facts.partner} and our settings for it share a way: {one_of(methods)}.",
        *detail,
        *(f"What {name} has of it was not all seen." for name in unsure),
        *(_MEANS[method] for method in methods if method in _MEANS),
        *(() if methods == ("SASL over TLS",) else (_CALLED_BACK,)),
        *liveness([attempt for attempt, _ in settled]),
    )


_MEANS = {
    "SASL over TLS": "Whether each accepts the other's certificate is another matter: see “Edge certificate” and “Partner cert.”.",
    "TCP dialback": "TCP dialback goes without encryption.",
}
_CALLED_BACK = (
    "In dialback the partner calls back, so our own record and port have to be right: “XMPP DNS” and “XMPP ports” tell."
)


def _not_tested(facts: Facts, attempts: list[Attempt]) -> Iterator[str]:
    if all(attempt.certified is None for attempt in attempts) and any(
        attempt.offer.external == "unknown" and attempt.offer.tls != "absent" for attempt in attempts
    ):
        yield (
            "SASL EXTERNAL is offered only to a certificate that the server accepts, and none was shown to it "
            "(--client-certificate FILE): that it was not offered proves nothing."
        )
    elif any(attempt.offer.external == "absent" for attempt in attempts):
        yield "SASL EXTERNAL was not offered to the certificate of --client-certificate. It counts if that is the Edge's own."
    if facts.speaker == NOBODY:
        yield "No domain of ours was named, so the stream spoke for one that nobody has: a server may offer others more."
    for seat in {one.seat for one in facts.seen if one.seat and not facts.live}:
        yield f"Seen from {'the Edge' if seat == 'edge' else seat}, in evidence."


def _listed(facts: Facts) -> str:
    """The Identity under which the partner is allowed."""
    return facts.settings.domain if facts.settings is not None else facts.partner


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    partner = deployment.partner or "<partner domain>"
    return (
        f"{CMDLET} -Identity {partner} | Select-Object {_SETTINGS}",
        "# On the Edge, or from outside; what the partner offers is in <stream:features>, before and after TLS:",
        opened_by_hand(partner),
        "# <starttls> is TLS, EXTERNAL among the mechanisms is SASL, <dialback> is dialback. EXTERNAL is shown only to a",
        "# certificate that the server accepts.",
        "# Settings that fit most partners of today:",
        f"Set-CsXmppAllowedPartner -Identity {partner} -TlsNegotiation Required -SaslNegotiation Optional "
        "-SupportDialbackNegotiation $True",
    )


STEP = Step(
    id="xmpp.negotiation",
    title="Negotiation",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why="Two servers have to agree on how to encrypt and how to prove who they are: SASL with certificates, or dialback. Each "
    "side may be right by itself, and the two have nothing in common. The default settings of a new partner leave dialback out.",
    good="At least one of SASL over TLS, TLS dialback and TCP dialback is allowed by our settings and offered by the partner.",
    by_hand=by_hand,
)
