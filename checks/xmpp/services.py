"""Do the two services of XMPP run, the proxy on the Edge and the gateway on the Front Ends?"""

from collections.abc import Iterator

from checks.context import Context
from checks.deployment import Deployment, Vantage
from checks.knowledge import links
from checks.knowledge.products import Release, product_in, release
from checks.knowledge.shell_answers import Unseen
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Status, Step, gravest
from checks.pool_services import Computer, listed, listing_of, resting, services_unseen, standing_still
from checks.probes import Objects, Unanswered
from checks.xmpp import seats
from checks.xmpp import services_remedies as remedies
from checks.xmpp.gateway_services import GATEWAY, FrontEnds, ask_front_ends
from checks.xmpp.proxy_services import ProxyService, ask_proxy, is_cut, is_gateway, is_proxy, proxy_services

OUTCOMES = Outcomes(
    links.XMPP_SETUP,
    Answer(name="running", status=Status.OK, meaning="every service of XMPP that can be seen from here runs"),
    Answer(name="proxy-absent", status=Status.FAILED, meaning="the XMPP proxy is not installed on the Edge"),
    Answer(name="gateway-absent", status=Status.FAILED, meaning="the XMPP gateway is not installed on a Front End"),
    Answer(name="proxy-disabled", status=Status.FAILED, meaning="the XMPP proxy stands still, and is disabled"),
    Answer(name="proxy-stopped", status=Status.FAILED, meaning="the XMPP proxy is installed and does not run"),
    Answer(name="proxy-starting", status=Status.FAILED, meaning="the XMPP proxy is starting, and has not come up"),
    Answer(name="gateway-stopped", status=Status.FAILED, meaning="the XMPP gateway does not run on a Front End"),
    Answer(name="gateway-starting", status=Status.FAILED, meaning="the XMPP gateway has not come up on a Front End"),
    Answer(name="not-for-this-seat", status=Status.NOT_APPLICABLE, meaning="neither server can be asked from here"),
    Answer(
        name="not-on-this-version", status=Status.NOT_APPLICABLE, meaning="the servers are of a version without XMPP"
    ),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="the services could not be listed, or not all of them"),
)
_GRAVITY = (
    "proxy-absent", "proxy-disabled", "proxy-stopped", "proxy-starting", "gateway-absent", "gateway-stopped",
    "gateway-starting", "not-seen", "running",
)  # fmt: skip


class Facts(Frozen, frozen=True):
    """The services with XMPP in their names on the Edge, and all services of the pool's computers."""

    edge: str = ""
    """The Edge that the deployment names; empty where it names none."""
    edge_release: Release | None = None
    """Of the Edge that was asked; None: not shown."""
    proxies: tuple[ProxyService, ...] = ()
    edge_unseen: Unseen | None = None
    front_ends: FrontEnds = FrontEnds()


async def gather(context: Context) -> Facts:
    (proxies, version), front_ends = await context.both(
        context.together(ask_proxy(context), context.invoke("Get-CsServerVersion", on="edge")), ask_front_ends(context)
    )
    product = product_in(version)
    return Facts(
        edge=context.deployment.edge,
        edge_release=release(product) if product else None,
        proxies=proxy_services(proxies),
        edge_unseen=seats.of_edge(proxies, context.deployment) or _cut(proxies),
        front_ends=front_ends,
    )


def _cut(answer: Objects | Unanswered) -> Unseen | None:
    """Nothing is absent from a list that does not show all names."""
    if any(map(is_proxy, proxy_services(answer))) or not is_cut(answer):
        return None
    detail = "the display names are not shown to their end."
    return Unseen(reason=Reason.MISSING_INPUT, detail=detail, command=f"{remedies.LISTING} | Format-List *")


def judge(facts: Facts) -> Finding:
    found = [*_of_edge(facts), *_of_pool(facts.front_ends)]
    if not found:
        return _nothing_looked_at(facts)
    if len(found) > 1 and all(one.answer == "running" for one in found):
        lines = (line for one in found for line in (one.headline, *one.detail))
        return OUTCOMES.finding("running", "Both services of XMPP run, on the Edge and on the Front Ends.", *lines)
    return gravest(found, _GRAVITY, *_beyond(facts), *_left_out(facts))


def _nothing_looked_at(facts: Facts) -> Finding:
    away = {Vantage.EDGE: _is_away(facts.edge_unseen), Vantage.FRONT_END: _is_away(facts.front_ends.unseen)}
    if not any(away.values()):
        return OUTCOMES.finding(
            "not-on-this-version",
            "No server that can be seen from here has a service of XMPP: their version has none.",
            *_left_out(facts),
        )
    seen_from = tuple(seat for seat, is_away in away.items() if is_away)
    where = {Vantage.EDGE: "on the Edge", Vantage.FRONT_END: "on the Front Ends"}
    return OUTCOMES.finding(
        "not-for-this-seat",
        f"The services are seen {' and '.join(where[seat] for seat in seen_from)}, not from here.",
        *_left_out(facts),
        command=facts.edge_unseen.command if facts.edge_unseen else "",
        seen_from=seen_from,
    )


def _is_away(failure: Unseen | None) -> bool:
    return failure is not None and failure.seat_has_no_shell


def _beyond(facts: Facts) -> Iterator[str]:
    """What this seat can never see."""
    if _is_away(facts.edge_unseen):
        yield "The proxy on the Edge is not seen from here: walk this on the Edge, or name its shell."
    if _is_away(facts.front_ends.unseen):
        yield "The gateway on the Front Ends is not seen from here: walk this at a Front End."


def _left_out(facts: Facts) -> Iterator[str]:
    """What has no such service because of its version."""
    if _has_no_proxy(facts):
        yield f"{facts.edge or 'The Edge'} is of a version without XMPP, so no proxy was looked for."
    if later := facts.front_ends.without_xmpp:
        yield f"Of a version without XMPP, so no gateway was looked for: {', '.join(later[:5])}."


def _has_no_proxy(facts: Facts) -> bool:
    return facts.edge_release is not None and not facts.edge_release.has_xmpp


def _of_edge(facts: Facts) -> Iterator[Finding]:
    if facts.edge_unseen is not None:
        if not facts.edge_unseen.seat_has_no_shell:
            yield _unseen("The services of the Edge could not be seen", facts.edge_unseen)
        return
    where = facts.edge or "the Edge"
    proxies = [one for one in facts.proxies if is_proxy(one)]
    if _has_no_proxy(facts):
        return
    if proxies:
        yield _proxy(proxies[0], where)
    elif others := [one for one in facts.proxies if not is_gateway(one)]:
        yield OUTCOMES.finding(
            "not-seen",
            f"Whether {others[0].display_name} is the XMPP proxy of {where} cannot be told from its name.",
            "Only the English name is known, Lync Server XMPP Translating Gateway Proxy. If it is the same in the language of "
            "this server, its status is what counts.",
            f"{others[0].display_name} is {others[0].status or '(not shown)'}.",
            reason=Reason.MISSING_INPUT,
            command=remedies.LISTING,
        )
    elif facts.proxies:
        yield OUTCOMES.finding(
            "not-seen",
            f"{facts.proxies[0].display_name} is a Front End's service, so nothing follows for the Edge.",
            "On the Edge the name ends in “Proxy”.",
            reason=Reason.MISSING_INPUT,
            command=remedies.LISTING,
        )
    else:
        yield OUTCOMES.finding(
            "proxy-absent",
            f"The XMPP proxy is not installed on {where}: no service there has XMPP in its name.",
            "Setup installs it once the topology has an XMPP federation route over this Edge.",
            remedies=remedies.install(where),
        )


def _proxy(proxy: ProxyService, where: str) -> Finding:
    shown = f"{proxy.display_name} is {proxy.status or '(not shown)'}."
    disabled = proxy.start_type == "Disabled"
    match proxy.status:
        case "Running":
            reboot = ("Its start type is Disabled, so it will not come back after a restart.",) if disabled else ()
            return OUTCOMES.finding("running", f"The XMPP proxy runs on {where}.", shown, *reboot)
        case "":
            return OUTCOMES.finding(
                "not-seen",
                f"Whether the XMPP proxy runs on {where} was not shown.",
                reason=Reason.MISSING_INPUT,
                command=remedies.LISTING,
            )
        case "StartPending" | "ContinuePending":
            return OUTCOMES.finding(
                "proxy-starting",
                f"The XMPP proxy on {where} is still starting, and takes nothing until it has.",
                shown,
                "One that stays so waits for a certificate or for its configuration. The event log says for which.",
                remedies=remedies.wait(where),
            )
    if disabled:
        return OUTCOMES.finding(
            "proxy-disabled",
            f"The XMPP proxy on {where} stands still and is disabled: it cannot be started as it is.",
            shown,
            remedies=remedies.enable(proxy),
        )
    return OUTCOMES.finding(
        "proxy-stopped",
        f"The XMPP proxy on {where} does not run: no partner gets in or out.",
        shown,
        "If it stops again, something keeps it: no certificate, no route, or another program on its port.",
        remedies=(remedies.start_proxy(where),),
    )


def _of_pool(seen: FrontEnds) -> Iterator[Finding]:
    if seen.unseen is not None:
        if not seen.unseen.seat_has_no_shell:
            yield _unseen("The services of the Front Ends could not be seen", seen.unseen)
        return
    if not seen.pool:
        known = f" There are {', '.join(seen.pools[:5])}." if seen.pools else ""
        yield _missing(f"No pool was named, so the gateway was looked for on no Front End.{known}", "Get-CsPool")
        return
    if not seen.computers and not seen.without_xmpp:
        yield _missing(f"Which computers {seen.pool} has was not shown.", "Get-CsComputer")
    in_service = [one for one in seen.computers if one not in resting(seen.computers)]
    absent = [one for one in in_service if seen.lacks_gateway(one)]
    if absent:
        yield OUTCOMES.finding(
            "gateway-absent",
            f"The XMPP gateway is not installed on {listed(absent)}.",
            f"{GATEWAY} is not among its services.",
            "Setup installs it with Lync Server 2013 and Skype for Business Server 2015.",
            remedies=remedies.install(absent[0].fqdn),
        )
    yield from _standing_still(seen.computers)
    yield from _hidden([one for one in in_service if one not in absent])
    running = [one for one in in_service if one.status(GATEWAY) == "Running"]
    if running:
        yield OUTCOMES.finding("running", f"The XMPP gateway runs on {listed(running)}.")


def _standing_still(computers: tuple[Computer, ...]) -> Iterator[Finding]:
    still = standing_still(computers, GATEWAY)
    starting = [one for one in still if one.status(GATEWAY) in {"StartPending", "ContinuePending"}]
    stopped = [one for one in still if one not in starting]
    if stopped:
        yield OUTCOMES.finding(
            "gateway-stopped",
            f"The XMPP gateway does not run on {listed(stopped)}: users there reach no partner.",
            *(f"{GATEWAY} is {one.status(GATEWAY)} on {one.fqdn}." for one in stopped[:5]),
            remedies=tuple(remedies.start_gateway(one.fqdn) for one in stopped[:4]),
        )
    if starting:
        yield OUTCOMES.finding(
            "gateway-starting",
            f"The XMPP gateway on {listed(starting)} is still starting.",
            "One that stays so waits for a certificate or for its configuration. The event log says for which.",
            remedies=remedies.wait(starting[0].fqdn),
        )


def _hidden(computers: list[Computer]) -> Iterator[Finding]:
    """What should have been shown and was not."""
    for computer in computers:
        yield from services_unseen(OUTCOMES, computer)
        if computer.unseen is None and not computer.status(GATEWAY):
            yield _missing(f"Whether {GATEWAY} runs on {computer.fqdn} was not shown.", listing_of(computer))


def _unseen(what: str, failure: Unseen) -> Finding:
    return OUTCOMES.finding("not-seen", f"{what}: {failure.detail}", reason=failure.reason, command=failure.command)


def _missing(headline: str, command: str) -> Finding:
    return OUTCOMES.finding("not-seen", headline, reason=Reason.MISSING_INPUT, command=command)


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    return (
        "# On the Edge, by its display name:",
        remedies.LISTING,
        "Get-CsWindowsService | Where-Object {$_.DisplayName -like '*XMPP*'}",
        f"# On each Front End{f' of {deployment.pool}' if deployment.pool else ''}:",
        f"Get-CsWindowsService -Name {GATEWAY}",
    )


STEP = Step(
    id="xmpp.services",
    title="Services",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why="A message to a partner leaves the Front End through the XMPP Translating Gateway, and the Edge through the XMPP "
    "Translating Gateway Proxy. Where either stands still, messages fail and presence stays unknown.",
    good="Both services are Running: the gateway on every Front End, the proxy on the Edge. Their names differ in the "
    "word “Proxy” alone, and they are often taken for each other.",
    by_hand=by_hand,
    limit=45.0,
)
