"""Does the Edge listen for XMPP, on the right addresses and by the right process?"""

import msgspec

from checks.context import Context
from checks.deployment import Deployment, Product, Vantage
from checks.knowledge import links
from checks.knowledge.products import product_in
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Remedy, Status, Step
from checks.probes import Objects, Socket, Sockets, SocketTable, Unanswered
from checks.xmpp import listening_remedies as remedies
from checks.xmpp.listening_places import external_addresses, internal_addresses, port_of, topology_of
from checks.xmpp.listening_sockets import (
    PROCESS,
    bound,
    endpoint,
    established,
    is_proxy,
    listeners,
    of_front_end,
    owner_of,
    sockets_of,
    strangers,
    without_strangers,
)
from checks.xmpp.proxy_services import proxy_status

_FOR_TOPOLOGY = 12.0
"""Seconds."""
EXTERNAL_PORT = 5269
INTERNAL_PORT = 23456

OUTCOMES = Outcomes(
    links.XMPP_SETUP,
    Answer(
        name="listening",
        status=Status.OK,
        meaning="the XMPP proxy listens outside and inside; without sessions it is idle",
    ),
    Answer(name="none", status=Status.FAILED, meaning="nothing listens on either port"),
    Answer(name="only-external", status=Status.FAILED, meaning="it listens for partners, not for the Front End"),
    Answer(name="only-internal", status=Status.FAILED, meaning="it listens for the Front End, not for partners"),
    Answer(name="other-process", status=Status.FAILED, meaning="another program holds one of the ports"),
    Answer(name="loopback-only", status=Status.FAILED, meaning="a port is open to this machine alone"),
    Answer(
        name="all-addresses",
        status=Status.WARNING,
        meaning="a port is open on every address, not only on the right one",
    ),
    Answer(
        name="front-end-away",
        status=Status.WARNING,
        meaning="partners are connected to the XMPP proxy, and no Front End is",
    ),
    Answer(name="seen-from-edge", status=Status.NOT_APPLICABLE, meaning="only the Edge itself sees its sockets"),
    Answer(
        name="not-on-this-version", status=Status.NOT_APPLICABLE, meaning="2019 and Subscription Edition have no XMPP"
    ),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="the sockets could not be listed"),
)


class Facts(Frozen, frozen=True):
    """The sockets with the two ports, and the addresses where they belong."""

    vantage: Vantage
    edge: str = ""
    """The Edge pool; empty where none is named."""
    product: Product | None = None
    table: SocketTable | Unanswered = SocketTable()
    external_port: int = EXTERNAL_PORT
    internal_port: int = INTERNAL_PORT
    ports_shown: bool = True
    """False where the topology did not show which ports this Edge has, so that the usual ones were taken."""
    external_addresses: tuple[str, ...] = ()
    """The Access Edge's, as DNS gives them outside; behind NAT they are not the ones listened on."""
    internal_addresses: tuple[str, ...] = ()
    proxy_status: str = ""
    """`Running`, `Stopped` and so on, asked for where nothing listens; empty where it was not shown."""
    shell_answers: bool = False
    """True where a Lync shell of this seat answered."""


async def gather(context: Context) -> Facts:
    deployment, context = context.deployment, context.bounded()
    # A shell that is slow leaves time for the sockets, which decide.
    topology = await topology_of(context.bounded(_FOR_TOPOLOGY))
    shown = [port_of(topology, deployment.edge, name) for name in ("XmppListeningPort", "XmppInternalPort")]
    external_port, internal_port = shown[0] or EXTERNAL_PORT, shown[1] or INTERNAL_PORT
    (version, table), (external, internal) = await context.both(
        context.both(_version(context), context.sockets(external_port, internal_port, on="edge")),
        context.both(external_addresses(context, topology), internal_addresses(context)),
    )
    facts = Facts(
        vantage=deployment.vantage,
        edge=deployment.edge,
        product=deployment.product or product_in(version),
        table=table,
        external_port=external_port,
        internal_port=internal_port,
        ports_shown=all(shown),
        external_addresses=external,
        internal_addresses=internal,
        shell_answers=any(isinstance(told, Objects) for told in (topology, version)),
    )
    if isinstance(table, Unanswered) or any(_listening(facts)):
        return facts
    return msgspec.structs.replace(facts, proxy_status=await proxy_status(context))


async def _version(context: Context) -> Objects | Unanswered:
    """Of the Edge where it is asked there: it is the Edge that has XMPP or not."""
    if context.deployment.vantage is Vantage.EDGE:
        return await context.invoke("Get-CsServerVersion", on="edge")
    return await context.invoke("Get-CsServerVersion")


def judge(facts: Facts) -> Finding:
    table = facts.table
    outside, inside = _listening(facts)
    removed = facts.product is not None and not facts.product.has_mcx_and_xmpp
    if facts.product is not None and removed and not any(map(is_proxy, outside + inside)):
        return OUTCOMES.finding(
            "not-on-this-version", f"{facts.product.full_name} has no XMPP federation: it was removed."
        )
    if isinstance(table, Unanswered):
        return _not_listed(facts, table)
    if not table.on_windows and not facts.shell_answers and not any(map(is_proxy, outside + inside)):
        return _of_another(
            facts,
            "This computer does not run Windows, so it is no Edge, and its sockets tell nothing of one.",
            "Walk this step on the Edge, name its shell (--edge-shell), or paste what netstat says there.",
        )
    if not outside + inside and (gateway := of_front_end(table, facts.internal_port)):
        return _of_another(
            facts,
            "These are the sockets of a Front End, so nothing follows for the Edge.",
            f"It connects out to {gateway.remote_address}:{gateway.remote_port}, where an Edge listens for Front Ends.",
        )
    others = [*strangers(outside), *strangers(inside)]
    if others:
        return _held(others)
    return _judge_bound(facts, without_strangers(outside), without_strangers(inside))


def _listening(facts: Facts) -> tuple[list[Socket], list[Socket]]:
    """Who listens for partners, and who for Front Ends."""
    return (
        listeners(facts.table, facts.external_port, facts.external_addresses),
        listeners(facts.table, facts.internal_port, facts.internal_addresses),
    )


def _of_another(facts: Facts, headline: str, detail: str) -> Finding:
    """The sockets are not the Edge's."""
    ports = (facts.external_port, facts.internal_port)
    return OUTCOMES.finding(
        "not-seen", headline, detail, reason=Reason.MISSING_INPUT, command=Sockets(ports=ports, on="edge").typed()
    )


def _not_listed(facts: Facts, table: Unanswered) -> Finding:
    if facts.vantage is not Vantage.EDGE and table.reason is Reason.MISSING_INPUT:
        return OUTCOMES.finding(
            "seen-from-edge",
            "Only the Edge sees its own sockets. Walk this step there, name its shell, or paste what netstat says.",
            command=table.command,
            seen_from=(Vantage.EDGE,),
        )
    return OUTCOMES.finding(
        "not-seen",
        f"The sockets of this machine could not be listed: {table.detail}",
        reason=table.reason,
        command=table.command,
    )


def _judge_bound(facts: Facts, outside: list[Socket], inside: list[Socket]) -> Finding:
    external, internal = bound(outside), bound(inside)
    lines = (_line(facts.external_port, "partners", outside), _line(facts.internal_port, "the Front End", inside))
    if "loopback" in {external, internal}:
        port = facts.external_port if external == "loopback" else facts.internal_port
        return OUTCOMES.finding(
            "loopback-only",
            f"Port {port} listens on this machine's loopback address only.",
            *lines,
            remedies=(remedies.right_addresses(),),
        )
    match external != "nowhere", internal != "nowhere":
        case False, False:
            return _nothing_listens(facts)
        case True, False:
            return OUTCOMES.finding(
                "only-external",
                f"Nothing listens on {facts.internal_port}, so the Front End cannot reach the XMPP proxy.",
                *lines,
                *_usual_ports(facts),
                remedies=(remedies.restart_proxy("internal"),),
            )
        case False, True:
            return OUTCOMES.finding(
                "only-internal",
                f"Nothing listens on {facts.external_port}, so no partner can reach this Edge.",
                *lines,
                *_usual_ports(facts),
                remedies=(remedies.restart_proxy("external"),),
            )
    if "all" in {external, internal}:
        port = facts.external_port if external == "all" else facts.internal_port
        return OUTCOMES.finding(
            "all-addresses",
            f"Port {port} is open on every address of this Edge.",
            *lines,
            remedies=(remedies.right_addresses(),),
        )
    if _is_front_end_away(facts):
        return OUTCOMES.finding(
            "front-end-away",
            "Partners are connected to the XMPP proxy, but no Front End is, so what they write stays on the Edge.",
            *lines,
            *_sessions(facts),
            "A moment later it may look otherwise: check again (r) before you change anything.",
            remedies=(remedies.try_from_front_end(facts.edge, facts.internal_port), remedies.start_gateway()),
        )
    return OUTCOMES.finding(
        "listening",
        "The XMPP proxy listens for partners and for the Front End.",
        *lines,
        *_sessions(facts),
        *_owner(outside + inside),
    )


def _nothing_listens(facts: Facts) -> Finding:
    at_the_edge = facts.vantage is Vantage.EDGE
    # The seat is what somebody chose; only what answers there shows that it is so.
    on_the_edge = at_the_edge and (facts.shell_answers or bool(facts.proxy_status))
    where = "on this Edge" if on_the_edge else "here" if at_the_edge else "where this list was made"
    route = "no site has its XMPP route set to this Edge, as “XMPP route” then says"
    running = "its certificate or its addresses are wrong: “Event log” has more"
    match facts.proxy_status:
        case "Running":
            why = f"The XMPP proxy runs, and has opened no port. Either {route}, or {running}."
            mend: tuple[Remedy, ...] = (remedies.restart_proxy("external or internal"),)
        case "":
            why = f"Whether the XMPP proxy runs was not shown: see “Services”. If it runs, {route}, or {running}."
            mend = (remedies.start_proxy(), remedies.set_route())
        case status:
            why = f"The XMPP proxy is {status}, and only one that runs opens its ports."
            mend = (remedies.start_proxy(),)
    return OUTCOMES.finding(
        "none",
        f"Nothing listens on {facts.external_port} or {facts.internal_port} {where}.",
        why,
        *(() if on_the_edge else ("If this is not the Edge, nothing follows: walk this step on the Edge itself.",)),
        *_usual_ports(facts),
        remedies=mend,
    )


def _usual_ports(facts: Facts) -> tuple[str, ...]:
    if facts.ports_shown:
        return ()
    return (
        "Which ports this Edge has was not shown, so the usual ones were looked for. If they were changed, XmppListeningPort "
        "and XmppInternalPort of Get-CsService -EdgeServer tell.",
    )


def _held(others: list[Socket]) -> Finding:
    first = others[0]
    pid = f" (process {first.pid})" if first.pid else ""
    return OUTCOMES.finding(
        "other-process",
        f"Port {first.port} is held by {owner_of(first)}{pid}, not by {PROCESS}.",
        *(f"{owner_of(one)} holds {endpoint(one)}." for one in others),
        "While it does, the XMPP proxy cannot listen there.",
        remedies=remedies.free(first),
    )


def _line(port: int, who: str, listening: list[Socket]) -> str:
    return f"{port}, for {who}: {', '.join(endpoint(one) for one in listening) or 'nothing listens'}."


def _is_front_end_away(facts: Facts) -> bool:
    """Only where it is seen that the proxy has the sessions: this very walk may be connected to a partner."""
    partners, front_ends = _established(facts)
    return any(map(is_proxy, partners)) and not front_ends


def _established(facts: Facts) -> tuple[list[Socket], list[Socket]]:
    """The sessions with partners, and with Front Ends."""
    own = (*facts.external_addresses, *facts.internal_addresses)
    return established(facts.table, facts.external_port, own), established(facts.table, facts.internal_port, own)


def _sessions(facts: Facts) -> tuple[str, ...]:
    partners, front_ends = map(len, _established(facts))
    waiting = [
        one for one in sockets_of(facts.table) if one.state == "SYN_SENT" and one.remote_port == facts.external_port
    ]
    idle = (
        f"Sessions now: {partners} with partners, {front_ends} with Front Ends."
        if partners or front_ends
        else "No session now: idle, which is no fault."
    )
    return (
        idle,
        *(
            f"A connection to {one.remote_address}:{one.remote_port} waits for an answer. If it stays so, the way out is closed: "
            "see “Partner ports”."
            for one in waiting[:1]
        ),
    )


def _owner(listening: list[Socket]) -> tuple[str, ...]:
    if all(one.process for one in listening):
        return (f"Both are held by {PROCESS}.",)
    return ("Who holds them cannot be seen without administrator rights.",)


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    return (
        f"netstat -ano | findstr {EXTERNAL_PORT}",
        f"netstat -ano | findstr {INTERNAL_PORT}",
        "# Read the columns: findstr finds the digits anywhere, also in 52690 or in a process number.",
        f"Get-Service -DisplayName '{remedies.SERVICE}'",
        "# After the service was started, or the topology published, look again. If it still does not listen then, "
        "restart the Edge.",
    )


STEP = Step(
    id="xmpp.listening",
    title="Edge listens",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why="Partners reach the Edge on port 5269, the Front End reaches it on 23456. If one of them does not listen, messages "
    "get no further, and presence stays unknown.",
    good=f"{PROCESS} listens on the Edge's external address at 5269 and on its internal address at 23456. Established "
    "sessions come and go; none means idle.",
    by_hand=by_hand,
)
