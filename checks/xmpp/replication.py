"""Has the configuration reached the Edge and the Front Ends?"""

from collections.abc import Iterator, Mapping

import msgspec

from checks.brought import seconds_between
from checks.context import Context
from checks.deployment import Deployment
from checks.knowledge import links, topology_objects
from checks.knowledge.lync_objects import Properties, flag, has, is_cut, is_partial, text
from checks.knowledge.shell_answers import Unseen, not_seen
from checks.knowledge.sites import edge_pools, find_edge
from checks.knowledge.xmpp.partner_settings import AllowedPartner
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Status, Step
from checks.probes import Cmdlet, Objects, Unanswered
from checks.text import clean
from checks.xmpp import replication_remedies as remedies
from checks.xmpp.seats import of_deployment, of_edge

OUTCOMES = Outcomes(
    links.cmdlet("Get-CsManagementStoreReplicationStatus"),
    Answer(name="up-to-date", status=Status.OK, meaning="the Edge and the Front Ends work by the present configuration"),
    Answer(name="partners-differ", status=Status.FAILED, meaning="the Edge knows other XMPP partners than the deployment"),
    Answer(name="edge-never", status=Status.WARNING, meaning="the Edge has never reported that it took the configuration over"),
    Answer(name="edge-late", status=Status.WARNING, meaning="UpToDate is False for the Edge"),
    Answer(name="front-end-late", status=Status.WARNING, meaning="UpToDate is False for a Front End, whose gateway reads it"),
    Answer(name="not-for-this-seat", status=Status.NOT_APPLICABLE, meaning="no Lync shell here, and none is expected"),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="the state of the replicas was not shown"),
)  # fmt: skip
_GRAVITY = ("partners-differ", "edge-never", "edge-late", "front-end-late", "not-seen")
_STATUS = "Get-CsManagementStoreReplicationStatus"
_PARTNERS = "Get-CsXmppAllowedPartner"
_STORED = Cmdlet(name=_PARTNERS)
_ON_THE_EDGE = Cmdlet(name=_PARTNERS, parameters=(("LocalStore", True),), on="edge")
_TOGETHER = 10.0
"""Seconds that the answers to one round of questions may lie apart."""
_COMPARED = ("TlsNegotiation", "SaslNegotiation", "SupportDialbackNegotiation", "PartnerType", "ProxyFqdn")


class Replica(Frozen, frozen=True):
    """A computer's copy of the configuration, as the Central Management store knows it."""

    fqdn: str
    up_to_date: bool | None = None
    """None: not shown."""
    reported: bool | None = None
    """False: it never told that it took anything over. None: not shown."""


class Partner(Frozen, frozen=True):
    """What one copy of the configuration says of an XMPP partner."""

    domain: str
    additional: tuple[str, ...] | None = None
    """Further domains; None: not shown."""
    settings: Mapping[str, str] = {}
    """The settings that were shown, in lower case."""


class Facts(Frozen, frozen=True):
    """The replicas, which of them are the Edge's, and the partners in the store and on the Edge."""

    replicas: tuple[Replica, ...] = ()
    edges: tuple[str, ...] = ()
    """The computers of the Edge pools: of the one that the walk looks at, else of all."""
    front_ends: tuple[str, ...] = ()
    """The computers of the pool that the walk is about; empty where it is not known."""
    stored: tuple[Partner, ...] | None = None
    """The partners in the Central Management store; None: not seen, or not all of them."""
    taken_over: tuple[Partner, ...] | None = None
    """The same in the Edge's own copy."""
    copied_before: bool = False
    """True where the Edge's copy was read some time before the store, as after a change, when a step was run again."""
    unseen: Unseen | None = None


async def gather(context: Context) -> Facts:
    deployment = context.deployment
    status, pools, services, stored, taken_over = await context.together(
        context.invoke(_STATUS),
        context.invoke("Get-CsPool"),
        context.invoke("Get-CsService", EdgeServer=True),
        context.invoke(_PARTNERS),
        context.invoke(_PARTNERS, on="edge", LocalStore=True),
    )
    return Facts(
        replicas=tuple(_replica(one) for one in _objects(status) if text(one, "ReplicaFqdn")),
        edges=_edges(deployment.edge, services, pools),
        front_ends=_computers(pools, deployment.pool),
        stored=_partners(stored) if of_deployment(stored, deployment) is None else None,
        taken_over=_partners(taken_over) if of_edge(taken_over, deployment) is None else None,
        copied_before=seconds_between(*map(context.answered_at, (_ON_THE_EDGE, _STORED))) > _TOGETHER,
        unseen=of_deployment(status, deployment),
    )


def _objects(answer: Objects | Unanswered) -> tuple[Properties, ...]:
    return answer.objects if isinstance(answer, Objects) else ()


def _replica(properties: Properties) -> Replica:
    shown = has(properties, "LastStatusReport")
    return Replica(
        fqdn=text(properties, "ReplicaFqdn").lower(),
        up_to_date=flag(properties, "UpToDate"),
        reported=bool(text(properties, "LastStatusReport").strip()) if shown else None,
    )


def _edges(name: str, services: Objects | Unanswered, pools: Objects | Unanswered) -> tuple[str, ...]:
    """The computers of the Edge pool of that name, else of all Edge pools."""
    known = edge_pools(_objects(services))
    named = find_edge(known, name)
    chosen = [named] if named else known
    computers = [fqdn for one in chosen for fqdn in _computers(pools, one.fqdn) or (one.fqdn,)]
    return tuple(dict.fromkeys(computers or ([name] if name else [])))


def _computers(pools: Objects | Unanswered, name: str) -> tuple[str, ...]:
    found = topology_objects.find_pool(topology_objects.pools(_objects(pools)), name) if name else None
    return found.computers or () if found else ()


def _partners(answer: Objects | Unanswered) -> tuple[Partner, ...] | None:
    if isinstance(answer, Unanswered) or is_partial(answer) or answer.errors:
        return None
    found = tuple(map(_partner, answer.objects))
    return found if all(one.domain for one in found) else None


def _partner(properties: Properties) -> Partner:
    allowed = AllowedPartner.of(properties)
    return Partner(
        domain=allowed.domain,
        additional=tuple(sorted(allowed.additional)) if allowed.additional is not None else None,
        settings={name: text(properties, name).lower() for name in _COMPARED if has(properties, name)},
    )


def judge(facts: Facts) -> Finding:
    if facts.unseen is not None:
        return not_seen(OUTCOMES, facts.unseen, "Whether the configuration has reached the Edge could not be seen")
    found = sorted(_findings(facts), key=lambda finding: _GRAVITY.index(finding.answer))
    if not found:
        return OUTCOMES.finding(
            "up-to-date",
            f"The configuration has reached {_listed(_reached(facts))}.",
            *_compared(facts),
            "What is changed now, such as a policy, a partner or a route, takes some minutes to get there.",
        )
    worst, *others = found
    return msgspec.structs.replace(worst, detail=(*worst.detail, *(one.headline for one in others), *_compared(facts)))


def _reached(facts: Facts) -> list[str]:
    """The computers of whom it was shown."""
    known = ((fqdn, _find(facts, fqdn)) for fqdn in (*facts.edges, *facts.front_ends))
    return [fqdn for fqdn, one in known if one is not None and one.up_to_date]


def _findings(facts: Facts) -> Iterator[Finding]:
    edges = [(fqdn, _find(facts, fqdn)) for fqdn in facts.edges]
    late = [one for _, one in edges if one is not None and one.up_to_date is False]
    yield from _partners_differ(facts, bool(late))
    never = [one.fqdn for one in late if one.reported is False]
    if never:
        yield OUTCOMES.finding(
            "edge-never",
            f"{_listed(never)} has never taken the configuration over: no report of it has ever come.",
            "UpToDate is False, and LastStatusReport is empty.",
            "Until it has, the Edge works by what was brought there when it was set up. A new Edge takes some minutes.",
            remedies=(remedies.open_way(never[0]), remedies.replicate(never[0])),
        )
    elif late:
        names = [one.fqdn for one in late]
        yield OUTCOMES.finding(
            "edge-late",
            f"The configuration on {_listed(names)} is not up to date.",
            "For some minutes after a change that is as it should be. If it stays so for an hour, the Edge is not reached.",
            remedies=(remedies.replicate(names[0]), remedies.open_way(names[0])),
        )
    behind = [fqdn for fqdn in facts.front_ends if (one := _find(facts, fqdn)) and one.up_to_date is False]
    if behind:
        yield OUTCOMES.finding(
            "front-end-late",
            f"The configuration on {_listed(behind)} is not up to date, so its XMPP gateway works by an older one.",
            "For some minutes after a change that is as it should be.",
            remedies=tuple(remedies.replicate(fqdn) for fqdn in behind[:2]),
        )
    hidden = [fqdn for fqdn, one in edges if one is None or one.up_to_date is None]
    if hidden or not edges:
        yield OUTCOMES.finding(
            "not-seen",
            f"Whether the configuration has reached {_listed(hidden) or 'an Edge'} was not shown.",
            *(() if edges else ("Neither an Edge was named nor did the topology show one.",)),
            reason=Reason.MISSING_INPUT,
            command=_STATUS,
        )


def _find(facts: Facts, fqdn: str) -> Replica | None:
    """The replica of a computer, also where its name was not shown to the end and no other can be meant."""
    exact = next((one for one in facts.replicas if one.fqdn == fqdn), None)
    known = (*facts.edges, *facts.front_ends)
    cut = [one for one in facts.replicas if [name for name in known if is_cut(one.fqdn, name)] == [fqdn]]
    return exact or (cut[0] if len(cut) == 1 else None)


def _partners_differ(facts: Facts, late: bool) -> Iterator[Finding]:
    if facts.stored is None or facts.taken_over is None:
        return
    lines = tuple(_differences(facts.stored, facts.taken_over))
    if not lines:
        return
    if late:
        where = _listed(facts.edges) or "the Edge"
        yield OUTCOMES.finding(
            "partners-differ",
            f"{where} still works by an older list of XMPP partners.",
            *lines[:6],
            f"{_PARTNERS} was compared with what {_PARTNERS} -LocalStore says on the Edge.",
            remedies=(remedies.replicate(facts.edges[0] if facts.edges else ""), remedies.open_way(where)),
        )
    elif not facts.copied_before:
        yield OUTCOMES.finding(
            "not-seen",
            "The XMPP partners on the Edge are not compared yet: wait for replication, then check again.",
            *lines[:6],
            "UpToDate is True, so one of the two lists may have been asked before a change, and the other after it. Check again "
            f"(r) asks both anew. If they still differ after an hour, compare {_PARTNERS} on the Front End with {_PARTNERS} "
            "-LocalStore on the Edge.",
            reason=Reason.MISSING_INPUT,
        )


def _differences(stored: tuple[Partner, ...], taken_over: tuple[Partner, ...]) -> Iterator[str]:
    """What one copy has and the other has not, a line each. What one of them does not show is no difference."""
    there = {one.domain: one for one in taken_over}
    for ours in stored:
        theirs = there.pop(ours.domain, None)
        name = clean(ours.domain, 100)
        if theirs is None:
            yield f"{name} is allowed, and the Edge does not know it yet."
            continue
        if None not in (ours.additional, theirs.additional) and ours.additional != theirs.additional:
            yield f"{name}: the additional domains differ on the Edge."
        for setting in ours.settings.keys() & theirs.settings.keys():
            if ours.settings[setting] != theirs.settings[setting]:
                now, before = clean(ours.settings[setting], 60), clean(theirs.settings[setting], 60)
                yield f"{name}: {setting} is {now or 'empty'}, and on the Edge still {before or 'empty'}."
    for domain in there:
        yield f"{clean(domain, 100)} is no longer allowed, and the Edge still knows it."


def _compared(facts: Facts) -> tuple[str, ...]:
    if facts.stored is None or facts.taken_over is None:
        return ()
    if any(_differences(facts.stored, facts.taken_over)):
        waits = "The Edge's own copy was read before the XMPP partners were, and differs: wait for replication, then check again."
        return (waits,) if facts.copied_before else ()
    many = len(facts.stored)
    return (f"The Edge's own copy has the same XMPP partners as the deployment: {many}.",)


def _listed(names: tuple[str, ...] | list[str]) -> str:
    return " and ".join(clean(name, 100) for name in dict.fromkeys(names[:4]))


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    return (
        f"{_STATUS} | Where-Object {{$_.UpToDate -eq $False}}",
        f"{_STATUS} -ReplicaFqdn {deployment.edge or '<FQDN of the Edge>'}",
        f"{_PARTNERS} | Select-Object Identity,TlsNegotiation,SaslNegotiation,SupportDialbackNegotiation",
        "# The same on the Edge, which knows its own copy alone. Both have to show the same partners:",
        f"{_PARTNERS} -LocalStore | Select-Object Identity,TlsNegotiation,SaslNegotiation,SupportDialbackNegotiation",
        "# The copy is brought over TCP 4443, from the Front End with the Central Management store to the Edge.",
        f"Test-NetConnection {deployment.edge or '<FQDN of the Edge>'} -Port 4443",
    )


STEP = Step(
    id="xmpp.replication",
    title="Replication",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why="The Edge is not in the domain and works by its own copy of the configuration. A route, a partner or a certificate "
    "that was set a minute ago, or whose copy never arrives, does not hold there yet.",
    good="UpToDate is True for the Edge and for the Front Ends, and Get-CsXmppAllowedPartner says the same on both.",
    by_hand=by_hand,
)
