"""Do connections live as long as a phone keeps them waiting?"""

from collections.abc import Iterator, Mapping, Sequence

from checks.context import Context
from checks.deployment import Deployment, Product
from checks.knowledge import links, lync_objects
from checks.knowledge.lync_objects import Properties, has, text
from checks.knowledge.products import product_in
from checks.knowledge.scopes import nearest
from checks.knowledge.shell_answers import Unseen, not_seen, unseen
from checks.mobility import timeouts_remedies as remedies
from checks.mobility.front_ends import home_pools
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Status, Step
from checks.probes import Objects, Unanswered

WEB = "Get-CsWebServiceConfiguration"
MCX = "Get-CsMcxConfiguration"
SHORTEST_WAIT, LONGEST_WAIT = 5, 15
"""Minutes that PendingGetWaitTimeOutInMinutes may be; it is there from Skype for Business Server 2015 on."""
SHORTEST_SESSION = 120
"""Seconds."""

OUTCOMES = Outcomes(
    links.LOAD_BALANCERS,
    Answer(
        name="documented", status=Status.OK, meaning="the servers' own times are as documented; the rest is by hand"
    ),
    Answer(
        name="pending-get-out-of-range",
        status=Status.WARNING,
        meaning="PendingGetWaitTimeOutInMinutes is not between 5 and 15",
    ),
    Answer(
        name="sessions-inverted",
        status=Status.WARNING,
        meaning="the long session of Mcx is not longer than the short one",
    ),
    Answer(name="sessions-too-short", status=Status.WARNING, meaning="a session of Mcx ends in less than 120 seconds"),
    Answer(name="not-for-this-seat", status=Status.NOT_APPLICABLE, meaning="no Lync shell here, and none is expected"),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="the shell could not be asked, or did not show the times"),
)

_DEVICES = (
    "The devices between phone and Front End, compared by hand:",
    "Load balancer: TCP idle timeout 1800 seconds (documented).",
    "Reverse proxy, firewalls, NAT: 960 seconds or more, as a phone's request stays open up to 900. No page gives a value; "
    "some proxies come with 30 to 300.",
    "To verify: leave a phone signed in and alone for 20 minutes, then send it a message.",
)
_LEFT = "Not seen from here: the idle timeouts of load balancer, proxy and firewalls. “By hand” has the values to compare with."


class Times(Frozen, frozen=True):
    """The times of one configuration, by property; None for what is no number. What was not shown is not in it."""

    identity: str
    shown: Mapping[str, int | None] = {}

    @classmethod
    def of(cls, properties: Properties, *names: str) -> "Times":
        return cls(
            identity=text(properties, "Identity"),
            shown={name: _number(text(properties, name)) for name in names if has(properties, name)},
        )


PENDING, LONG, SHORT = "PendingGetWaitTimeOutInMinutes", "SessionExpirationInterval", "SessionShortExpirationInterval"


class Facts(Frozen, frozen=True):
    """The times of the web services and of Mcx, at each scope."""

    product: Product | None = None
    pool: str = ""
    site: str = ""
    web: tuple[Times, ...] = ()
    mcx: tuple[Times, ...] = ()
    unseen: Mapping[str, Unseen] = {}
    """By cmdlet, why it told nothing, or not all."""

    @property
    def waits(self) -> bool:
        """False on the versions whose wait cannot be set."""
        return self.product not in {Product.LYNC_2010, Product.LYNC_2013}

    @property
    def has_mcx(self) -> bool:
        return self.product is None or self.product.has_mcx_and_xmpp


async def gather(context: Context) -> Facts:
    deployment = context.deployment
    product = deployment.product or product_in(await context.invoke("Get-CsServerVersion"))
    known = Facts(product=product)
    cmdlets = [name for name, wanted in ((WEB, known.waits), (MCX, known.has_mcx)) if wanted]
    pools, *told = await context.together(*map(context.invoke, ("Get-CsPool", *cmdlets)))
    answers = dict(zip(cmdlets, told, strict=True))
    pool = next(iter(await home_pools(context)), "")
    failures = {name: _failure(name, answer, deployment) for name, answer in answers.items()}
    return Facts(
        product=product,
        pool=pool,
        site=lync_objects.site_of(_objects(pools), pool),
        web=tuple(Times.of(one, PENDING) for one in _objects(answers.get(WEB))),
        mcx=tuple(Times.of(one, LONG, SHORT) for one in _objects(answers.get(MCX))),
        unseen={name: failure for name, failure in failures.items() if failure is not None},
    )


def _failure(cmdlet: str, answer: Objects | Unanswered, deployment: Deployment) -> Unseen | None:
    """Why the answer tells nothing, or not all: the nearer scope may stand in what is missing."""
    failure = unseen(answer, deployment)
    if failure is None and isinstance(answer, Objects) and lync_objects.is_partial(answer):
        return Unseen(reason=Reason.MISSING_INPUT, detail="a part of the answer is missing.", command=cmdlet)
    return failure


def _objects(answer: Objects | Unanswered | None) -> tuple[Properties, ...]:
    return answer.objects if isinstance(answer, Objects) else ()


def _number(shown: str) -> int | None:
    digits = "".join(shown.split())
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 12 else None


_GRAVITY = ("sessions-inverted", "sessions-too-short", "pending-get-out-of-range", "not-seen", "not-for-this-seat")


def judge(facts: Facts) -> Finding:
    found = sorted((*_wait(facts), *_sessions(facts)), key=lambda finding: _GRAVITY.index(finding.answer))
    if not found:
        return OUTCOMES.finding(
            "documented", "The times that the servers keep are as documented.", *_shown(facts), _LEFT
        )
    worst, *others = found
    return OUTCOMES.finding(
        worst.answer,
        worst.headline,
        *worst.detail,
        *(finding.headline for finding in others if finding.answer != worst.answer),
        _LEFT,
        remedies=tuple(remedy for finding in found for remedy in finding.remedies),
        reason=worst.reason,
        command=worst.command,
        seen_from=worst.seen_from,
    )


def _wait(facts: Facts) -> Iterator[Finding]:
    if not facts.waits:
        return
    if failure := facts.unseen.get(WEB):
        yield not_seen(OUTCOMES, failure, "How long a phone's request may wait could not be seen")
        return
    applies = nearest(facts.web, facts.pool, facts.site)
    if applies is None:
        yield _unclear(facts, facts.web, WEB)
        return
    minutes = applies.shown.get(PENDING)
    if minutes is None:
        # Where the version is not known it may be one that has no such setting.
        command = f"{WEB} | Select-Object Identity,{PENDING}" if facts.product else "Get-CsServerVersion"
        yield OUTCOMES.finding(
            "not-seen",
            f"{PENDING} was not shown in {applies.identity}.",
            reason=Reason.MISSING_INPUT,
            command=command,
        )
    elif not SHORTEST_WAIT <= minutes <= LONGEST_WAIT:
        yield OUTCOMES.finding(
            "pending-get-out-of-range",
            f"A phone's request waits {minutes} minutes by {applies.identity}; 5 to 15 are documented.",
            f"{PENDING} is {minutes}. Every device between has to keep an idle connection longer than that.",
            remedies=(remedies.set_wait(applies.identity, LONGEST_WAIT),),
        )


def _sessions(facts: Facts) -> Iterator[Finding]:
    if not facts.has_mcx:
        return
    if failure := facts.unseen.get(MCX):
        yield not_seen(OUTCOMES, failure, "How long sessions of Mcx last could not be seen")
        return
    applies = nearest(facts.mcx, facts.pool, facts.site)
    if applies is None:
        yield _unclear(facts, facts.mcx, MCX)
        return
    long, short = applies.shown.get(LONG), applies.shown.get(SHORT)
    if long is not None and short is not None and short >= long:
        yield OUTCOMES.finding(
            "sessions-inverted",
            f"The sessions of Mcx are the wrong way round in {applies.identity}: long {long}, short {short} seconds.",
            f"{LONG} has to be larger than {SHORT}; installed are 259200 and 3600.",
            remedies=(remedies.set_sessions(applies.identity),),
        )
    elif any(seconds is not None and seconds < SHORTEST_SESSION for seconds in (long, short)):
        yield OUTCOMES.finding(
            "sessions-too-short",
            f"A session of Mcx ends after less than {SHORTEST_SESSION} seconds by {applies.identity}.",
            f"{LONG} is {_told(long)}, {SHORT} is {_told(short)}; installed are 259200 and 3600.",
            remedies=(remedies.set_sessions(applies.identity),),
        )
    elif long is None or short is None:
        missing = [name for name, seconds in ((LONG, long), (SHORT, short)) if seconds is None]
        yield OUTCOMES.finding(
            "not-seen",
            f"{' and '.join(missing)} {'were' if missing[1:] else 'was'} not shown in {applies.identity}.",
            reason=Reason.MISSING_INPUT,
            command=f"{MCX} | Select-Object Identity,{LONG},{SHORT}",
        )


def _unclear(facts: Facts, known: Sequence[Times], cmdlet: str) -> Finding:
    said, command = f"{cmdlet} brought no configuration that applies.", cmdlet
    if known and not facts.site:
        said, command = "Which configuration applies depends on the pool's site, which is not known.", "Get-CsPool"
    return OUTCOMES.finding("not-seen", said, reason=Reason.MISSING_INPUT, command=command)


def _shown(facts: Facts) -> Iterator[str]:
    web = nearest(facts.web, facts.pool, facts.site) if facts.waits else None
    if web is not None:
        yield f"A phone's request waits up to {web.shown.get(PENDING)} minutes ({PENDING} in {web.identity})."
    mcx = nearest(facts.mcx, facts.pool, facts.site) if facts.has_mcx else None
    if mcx is not None:
        yield f"Mcx in {mcx.identity}: {LONG} {mcx.shown.get(LONG)} s, {SHORT} {mcx.shown.get(SHORT)} s."


def _told(seconds: int | None) -> str:
    return "not shown" if seconds is None else str(seconds)


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    return (
        f"{WEB} | Select-Object Identity,{PENDING}",
        f"{MCX} | Select-Object Identity,{LONG},{SHORT}",
        *(f"# {line}" for line in _DEVICES),
    )


STEP = Step(
    id="mobility.timeouts",
    title="Timeouts",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why="A phone asks for news with a request that the server holds open for up to 15 minutes. Whatever device between cuts "
    "idle connections earlier makes the phone say “Reconnecting” again and again.",
    good="The servers wait 5 to 15 minutes, the load balancer keeps an idle connection for 1800 seconds, and every other "
    "device on the way for longer than the servers wait.",
    by_hand=by_hand,
)
