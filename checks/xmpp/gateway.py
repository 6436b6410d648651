"""Do the XMPP gateway's own settings let partners connect, and stay connected?"""

from collections.abc import Iterator
from typing import Self

from checks.context import Context
from checks.deployment import Deployment
from checks.knowledge import links, topology_objects
from checks.knowledge.lync_objects import Properties, flag, has, is_partial, text
from checks.knowledge.shell_answers import Unseen, not_seen
from checks.knowledge.sites import edge_pools, find_edge
from checks.knowledge.xmpp.partner_settings import number
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Remedy, Status, Step, gravest
from checks.probes import Objects, Unanswered
from checks.text import clean
from checks.xmpp.stores import Store, settings

OUTCOMES = Outcomes(
    links.cmdlet("Set-CsXmppGatewayConfiguration"),
    Answer(name="limit-low", status=Status.WARNING, meaning="fewer connections are allowed than one partner takes"),
    Answer(
        name="times-short", status=Status.WARNING, meaning="partners are given only seconds where servers take longer"
    ),
    Answer(name="keep-alive-late", status=Status.WARNING, meaning="an idle session ends before its keep-alive is due"),
    Answer(
        name="no-phrase",
        status=Status.WARNING,
        meaning="no DialbackPassphrase is set for several Edge servers; what they do then is not documented",
    ),
    Answer(name="bodies-logged", status=Status.WARNING, meaning="the text of all messages is written into a log"),
    Answer(name="not-for-this-seat", status=Status.NOT_APPLICABLE, meaning="no Lync shell here, and none is expected"),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="the settings were not shown"),
    Answer(name="fine", status=Status.OK, meaning="limits and times leave room for partners"),
)
_GRAVITY = tuple(answer.name for answer in OUTCOMES.answers)
_CMDLET = "Get-CsXmppGatewayConfiguration"
_NUMBERS = (
    "ConnectionLimit",
    "PartnerConnectionLimit",
    "KeepAliveInterval",
    "StreamEstablishmentTimeout",
    "StreamInactivityTimeout",
)
_SHOW = f"{_CMDLET} | Select-Object {','.join(_NUMBERS)},EnableLoggingAllMessageBodies"
"""Without DialbackPassphrase, so that nobody pastes it."""
FEWEST_CONNECTIONS = 2
"""A partner takes one each way."""
SHORTEST_OPENING = 10
"""Seconds: a partner that calls back, and looks us up for that, may take as long on a slow way."""
SHORTEST_KEEP_ALIVE = 30
"""Seconds: servers that send keep-alives do so once in a minute or in several."""


class Gateway(Frozen, frozen=True):
    """The one configuration of the gateway. None: null, or not shown. Times in seconds."""

    connections: int | None = None
    per_partner: int | None = None
    keep_alive: int | None = None
    establishment: int | None = None
    inactivity: int | None = None
    bodies_logged: bool | None = None
    has_phrase: bool | None = None
    """Whether DialbackPassphrase is set. The phrase itself is kept nowhere."""

    @classmethod
    def of(cls, properties: Properties) -> Self:
        numbers = (number(properties, name) for name in _NUMBERS)
        connections, per_partner, keep_alive, establishment, inactivity = numbers
        shown = has(properties, "DialbackPassphrase")
        return cls(
            connections=connections,
            per_partner=per_partner,
            keep_alive=keep_alive,
            establishment=establishment,
            inactivity=inactivity,
            bodies_logged=flag(properties, "EnableLoggingAllMessageBodies"),
            has_phrase=bool(text(properties, "DialbackPassphrase")) if shown else None,
        )


class Facts(Frozen, frozen=True):
    """The gateway's configuration, and the Edge servers that work by it."""

    gateway: Gateway | None = None
    """None: nothing came, or several that differ."""
    edge_servers: tuple[str, ...] = ()
    """The computers of the Edge pool, where they are known."""
    told_by: Store = "deployment"
    unseen: Unseen | None = None


async def gather(context: Context) -> Facts:
    stored, (pools, services) = await context.both(
        settings(context, _CMDLET),
        context.both(context.invoke("Get-CsPool"), context.invoke("Get-CsService", EdgeServer=True)),
    )
    found = [Gateway.of(one) for one in stored.objects.objects]
    whole = bool(found) and all(one == found[0] for one in found) and not is_partial(stored.objects)
    return Facts(
        gateway=found[0] if whole else None,
        edge_servers=_edge_servers(context.deployment.edge, pools, services),
        told_by=stored.by,
        unseen=stored.unseen,
    )


def _edge_servers(name: str, pools: Objects | Unanswered, services: Objects | Unanswered) -> tuple[str, ...]:
    """The computers of the Edge pool that is meant: the named one, else the only one."""
    known = edge_pools(services.objects) if isinstance(services, Objects) else ()
    pool = find_edge(known, name) or (known[0] if len(known) == 1 else None)
    fqdn = pool.fqdn if pool is not None else name
    listed = topology_objects.pools(pools.objects) if isinstance(pools, Objects) else ()
    found = topology_objects.find_pool(listed, fqdn) if fqdn else None
    return found.computers or () if found else ()


def judge(facts: Facts) -> Finding:
    if facts.unseen is not None:
        return not_seen(OUTCOMES, facts.unseen, "The settings of the XMPP gateway could not be seen")
    if facts.gateway is None or facts.gateway == Gateway():
        return OUTCOMES.finding(
            "not-seen",
            "The settings of the XMPP gateway were not shown.",
            reason=Reason.MISSING_INPUT,
            command=_SHOW,
        )
    found = [*_faults(facts.gateway, facts.edge_servers)] or [_fine(facts.gateway)]
    return gravest(found, _GRAVITY, *_remarks(facts))


def _faults(gateway: Gateway, edge_servers: tuple[str, ...]) -> Iterator[Finding]:
    yield from _limits(gateway)
    yield from _times(gateway)
    if gateway.has_phrase is False and len(edge_servers) > 1:
        several = " and ".join(clean(name, 100) for name in edge_servers[:4])
        yield OUTCOMES.finding(
            "no-phrase",
            f"No DialbackPassphrase is set, and the Edge pool has several servers: {several}.",
            "In dialback a partner may ask another of them about a key than the one that made it, so they have to share a secret. "
            "What they share without a phrase is not documented.",
            remedies=(_set("DialbackPassphrase", "<a long phrase that nobody knows>", _PHRASE),),
        )
    if gateway.bodies_logged:
        yield OUTCOMES.finding(
            "bodies-logged",
            "The gateway writes the text of every XMPP message into its log.",
            "EnableLoggingAllMessageBodies is True. Whoever can read the log reads what people write. It breaks nothing.",
            remedies=(
                _set("EnableLoggingAllMessageBodies", False, "the text of messages is missing where a fault is sought"),
            ),
        )


def _limits(gateway: Gateway) -> Iterator[Finding]:
    named = (
        ("ConnectionLimit", gateway.connections, "all partners together", 1000),
        ("PartnerConnectionLimit", gateway.per_partner, "each partner", 20),
    )
    low = [one for one in named if one[1] is not None and one[1] < FEWEST_CONNECTIONS]
    if low:
        setting, limit, whom, _ = low[0]
        zero = "What Lync makes of 0 is not documented." if limit == 0 else "A partner takes one connection each way."
        yield OUTCOMES.finding(
            "limit-low",
            f"{setting} is {limit}: that leaves too few connections for {whom}.",
            *(f"{setting} is {limit}." for setting, limit, _, _ in low[1:]),
            zero,
            remedies=tuple(
                _set(setting, usual, "none known: it is the documented default") for setting, _, _, usual in low
            ),
        )


def _times(gateway: Gateway) -> Iterator[Finding]:
    short = [
        (setting, seconds, usual)
        for setting, seconds, least, usual in (
            ("StreamEstablishmentTimeout", gateway.establishment, SHORTEST_OPENING, 60),
            ("KeepAliveInterval", gateway.keep_alive, SHORTEST_KEEP_ALIVE, 300),
        )
        if seconds is not None and 0 < seconds < least
    ]
    if short:
        yield OUTCOMES.finding(
            "times-short",
            " and ".join(f"{setting} is {seconds} s" for setting, seconds, _ in short)
            + ": partners are cut off early.",
            *(_MEANS[setting] for setting, _, _ in short),
            remedies=tuple(
                _set(setting, usual, "none known: it is the documented default") for setting, _, usual in short
            ),
        )
    if gateway.keep_alive and gateway.inactivity and gateway.keep_alive >= gateway.inactivity:
        yield OUTCOMES.finding(
            "keep-alive-late",
            f"Sessions that are idle for {gateway.inactivity} s are ended, and a keep-alive is due only every "
            f"{gateway.keep_alive} s.",
            "So a quiet session ends and is set up anew; the first message after it may be late.",
            remedies=(
                _set(
                    "KeepAliveInterval",
                    min(300, max(gateway.inactivity // 2, 1)),
                    "partners have to send one more often",
                ),
            ),
        )


_PHRASE = "it is shown to whoever may run Get-CsXmppGatewayConfiguration; sessions by dialback that are being set up meanwhile fail"
_MEANS = {
    "StreamEstablishmentTimeout": "StreamEstablishmentTimeout is all the time a partner has to open a stream; with dialback it "
    "looks us up and calls back within it.",
    "KeepAliveInterval": "A partner that sends no keep-alive within KeepAliveInterval is disconnected.",
}


def _set(setting: str, value: str | int | bool, risk: str) -> Remedy:
    return Remedy(
        cmdlet="Set-CsXmppGatewayConfiguration",
        parameters={"Identity": "global", setting: value},
        who="member of RTCUniversalServerAdmins, or CsAdministrator, in a Lync shell on a Front End",
        risk=risk,
        verify="check again (r); “Replication” shows whether the Edge has it",
    )


def _fine(gateway: Gateway) -> Finding:
    return OUTCOMES.finding(
        "fine", "The limits and times of the XMPP gateway leave room for partners.", ", ".join(_shown(gateway)) + "."
    )


def _shown(gateway: Gateway) -> Iterator[str]:
    counted = ("", "", " s", " s", " s")
    values = (
        gateway.connections,
        gateway.per_partner,
        gateway.keep_alive,
        gateway.establishment,
        gateway.inactivity,
    )
    for setting, value, unit in zip(_NUMBERS, values, counted, strict=True):
        yield f"{setting} {f'{value}{unit}' if value is not None else 'not shown'}"


def _remarks(facts: Facts) -> Iterator[str]:
    gateway = facts.gateway or Gateway()
    for setting, seconds in zip(
        _NUMBERS[2:], (gateway.keep_alive, gateway.establishment, gateway.inactivity), strict=True
    ):
        if seconds == 0:
            yield f"{setting} is 0. What Lync makes of that is not documented."
    if gateway.has_phrase is False and len(facts.edge_servers) < 2:
        yield "No DialbackPassphrase is set. With several Edge servers that would matter; what one does without it is not documented."
    if gateway.has_phrase:
        yield "DialbackPassphrase is set; it is neither kept nor shown here."
    if facts.told_by == "edge":
        yield "Seen in the Edge's own copy of the configuration."


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    return (
        _SHOW,
        "# On the Edge itself the same is asked of its own copy:",
        f"{_CMDLET} -LocalStore | Select-Object {','.join(_NUMBERS)}",
        "# There is one configuration for all. Without Select-Object it shows DialbackPassphrase too: do not send that around.",
        "# The defaults: 1000 connections, 20 for each partner; keep-alive 300 s, opening 60 s, idle 600 s.",
        "Set-CsXmppGatewayConfiguration -Identity global -PartnerConnectionLimit 20",
        "# Older pages write Get-CsXmppGatewaySettings: there is no such cmdlet in the product.",
    )


STEP = Step(
    id="xmpp.gateway",
    title="Gateway settings",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why="One configuration holds the limits and times of the gateway for all partners. Where they are too small, sessions fail "
    "or drop without anything else being wrong, and only for the partners that come last.",
    good="ConnectionLimit 1000, PartnerConnectionLimit 20, KeepAliveInterval 300 s below StreamInactivityTimeout 600 s, "
    "StreamEstablishmentTimeout 60 s, and no message texts in the log.",
    by_hand=by_hand,
)
