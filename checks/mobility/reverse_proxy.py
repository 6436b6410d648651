"""Does the reverse proxy hand every path that phones need to Lync, as it came?"""

from collections.abc import Awaitable, Callable, Iterable, Sequence

from msgspec import structs

from checks.context import Context
from checks.deployment import Deployment, Vantage
from checks.knowledge import links
from checks.knowledge.autodiscover import ROOT_PATH, host_of
from checks.knowledge.proxy_vendors import pitfalls
from checks.knowledge.web_ports import web_ports
from checks.knowledge.web_services import WebNames, web_names, web_names_of
from checks.mobility import reverse_proxy_remedies as remedies
from checks.mobility.proxy_way import looked_up, through_proxy
from checks.mobility.reverse_proxy_paths import (
    MOBILITY_PATHS,
    OTHER_PATHS,
    WEB_TICKET,
    Asked,
    Heard,
    Reply,
    heard,
    is_proxys,
    software,
)
from checks.mobility.strangers import lync_of, signed
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Status, Step
from checks.probes import Hop, Objects, Response, Unanswered, Unreached, View

OUTCOMES = Outcomes(
    links.REVERSE_PROXY,
    Answer(name="publishes", status=Status.OK, meaning="every path that phones need reaches a Lync server"),
    Answer(name="pre-authentication", status=Status.FAILED, meaning="the proxy asks for a sign-in before Lync does"),
    Answer(name="pool-unreached", status=Status.FAILED, meaning="502, 503 or 504 of the proxy itself, or silence"),
    Answer(
        name="answers-itself",
        status=Status.FAILED,
        meaning="a page or a redirect of the proxy in place of Lync's answer",
    ),
    Answer(
        name="not-published", status=Status.FAILED, meaning="403 or 404 that Lync did not send, on a path of mobility"
    ),
    Answer(name="post-refused", status=Status.FAILED, meaning="GET passes and POST does not"),
    Answer(
        name="host-header-lost",
        status=Status.WARNING,
        meaning="Lync leads clients to a name or port of the inside: it was asked by that",
    ),
    Answer(
        name="other-path-missing",
        status=Status.WARNING,
        meaning="a path is missing that mobility does without, as for meetings or the address book",
    ),
    Answer(
        name="not-through-proxy",
        status=Status.NOT_APPLICABLE,
        meaning="from here the external web FQDN does not lead through a reverse proxy, or is not reached",
    ),
    Answer(
        name="not-reached",
        status=Status.UNKNOWN,
        meaning="no connection came about, though there should be one from here",
    ),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="the question could not be asked"),
)


class Facts(Frozen, frozen=True):
    """What each published path answered."""

    host: str
    view: View
    asked: tuple[Asked, ...] = ()
    internal: tuple[str, ...] = ()
    """Names of the inside, which no answer should lead a client to."""
    upstream: str = ""
    """The pool's external web site, `name:port`."""
    straight: bool = False
    """True where the name leads straight to the pool."""


async def gather(context: Context) -> Facts:
    deployment = context.deployment
    services = await context.invoke("Get-CsService", WebServer=True)
    known = web_names(services) if isinstance(services, Objects) else ()
    own = web_names_of(known, deployment.pool, deployment.web) or WebNames(pool=deployment.pool)
    host = deployment.web or own.external
    if not host:
        return Facts(host="", view=context.view)
    named = (deployment.web_internal, deployment.pool, *(name for one in known for name in (one.internal, one.pool)))
    internal = tuple(dict.fromkeys(name for name in named if name and name != host))
    asked, addresses = await context.both(
        _ask_all(context, host),
        looked_up(context, (host, *internal) if context.view == "inside" else ()),
    )
    way = through_proxy(host, asked[0].reply, addresses, internal)
    port = web_ports(services, own.pool).external_https if isinstance(services, Objects) else 4443
    upstream = f"{own.pool}:{port}" if own.pool else ""
    facts = Facts(
        host=host, view=context.view, asked=asked, internal=internal, upstream=upstream, straight=way is False
    )
    return structs.replace(facts, asked=await _compared(context, facts))


async def _ask_all(context: Context, host: str) -> tuple[Asked, ...]:
    paths = (*MOBILITY_PATHS, *OTHER_PATHS)
    return await context.together(*(_ask(context, host, path) for path in paths), _post(context, host))


async def _ask(context: Context, host: str, path: str) -> Asked:
    url = f"https://{host}{path}"
    return await _looked_past(Asked(path=path, reply=await context.get(url)), lambda: context.get(url, trusting=True))


async def _post(context: Context, host: str) -> Asked:
    url = f"https://{host}{WEB_TICKET}"
    one = Asked(path=WEB_TICKET, method="POST", reply=await context.post(url))
    return await _looked_past(one, lambda: context.post(url, trusting=True))


async def _looked_past(one: Asked, again: Callable[[], Awaitable[Reply]]) -> Asked:
    """The same, also behind a certificate that is refused: “Certificates” judges that, and nothing secret is sent."""
    if not (isinstance(one.reply, Unreached) and one.reply.kind == "certificate"):
        return one
    behind = await again()
    # Where nobody could look past it, the refusal says more.
    return one if isinstance(behind, Unanswered) else structs.replace(one, reply=behind, past_certificate=True)


async def _compared(context: Context, facts: Facts) -> tuple[Asked, ...]:
    """What answered badly through the proxy is asked at the site behind it, where this seat may reach that."""
    if facts.view == "outside" or facts.straight or not facts.upstream:
        return facts.asked
    return await context.together(*(_behind(context, one, facts) for one in facts.asked))


async def _behind(context: Context, one: Asked, facts: Facts) -> Asked:
    if heard(one, one.reply, facts.internal) in _FINE:
        return one
    url = f"https://{facts.upstream}{one.path}"
    # Its certificate need not have the name that is asked here, and nothing secret is sent.
    asking = context.post(url, trusting=True) if one.method == "POST" else context.get(url, trusting=True)
    return structs.replace(one, upstream=await asking)


_FINE = frozenset[Heard]({"lync", "unsigned", "unreached", "unasked"})


def judge(facts: Facts) -> Finding:
    said = [(one, heard(one, one.reply, facts.internal)) for one in facts.asked]
    if early := _not_judged(facts, said):
        return early
    lync = frozenset(software(hop) for one in facts.asked for hop in _answers(one) if lync_of(hop))
    bad = [(one, what) for one, what in said if what not in _FINE]
    own = [(one, what) for one, what in bad if is_proxys(one, what, lync, facts.internal)]
    behind = [(one, what) for one, what in bad if (one, what) not in own]
    mobility = [(one, what) for one, what in own if one.path in MOBILITY_PATHS]
    others = [(one, what) for one, what in own if one.path in OTHER_PATHS]
    notes = _notes(said, own, behind, others if mobility else [])
    for answer, kinds in _KINDS.items():
        chosen = [
            one for one, what in mobility if what in kinds and (one.method == "POST") == (answer == "post-refused")
        ]
        if chosen:
            return _finding(facts, answer, chosen, notes)
    if lost := [one for one, what in bad if what == "other-host"]:
        return _host_header(facts, lost[0], notes)
    if others:
        return _finding(facts, "other-path-missing", [one for one, _ in others], notes)
    unseen = [one for one, what in said if what in {"unreached", "unasked"} and one.path in MOBILITY_PATHS]
    if unseen:
        return _partly(facts, unseen, notes)
    return OUTCOMES.finding(
        "publishes",
        f"{facts.host} hands every path that phones need on to Lync.",
        *_servers(facts.asked),
        *(("Its certificate was not accepted here; “Certificates” judges that.",) if _is_past(facts) else ()),
        *notes,
        *pitfalls(hop for one in facts.asked for hop in _answers(one)),
    )


_KINDS: dict[str, frozenset[Heard]] = {
    "pre-authentication": frozenset({"sign-in"}),
    # A proxy that waits for the pool in vain may keep the client waiting too.
    "pool-unreached": frozenset({"gateway", "silent"}),
    "answers-itself": frozenset({"own-page", "away"}),
    "not-published": frozenset({"missing", "refused", "fails", "stopped"}),
    "post-refused": frozenset({"refused", "missing", "silent", "own-page", "away"}),
}
"""What was heard makes which answer, the gravest first."""


def _not_judged(facts: Facts, said: Sequence[tuple[Asked, Heard]]) -> Finding | None:
    """Where nothing follows for the proxy: nothing was asked, nothing was reached, or there is no proxy on the way."""
    heard_all = {what for _, what in said}
    if not facts.host:
        return OUTCOMES.finding(
            "not-seen",
            "The external web FQDN is not known, so the reverse proxy cannot be asked.",
            reason=Reason.MISSING_INPUT,
            command="Get-CsService -WebServer",
        )
    if heard_all == {"unasked"}:
        return _partly(facts, [one for one, _ in said], ())
    if facts.straight:
        return OUTCOMES.finding(
            "not-through-proxy",
            f"From here {facts.host} leads straight to the pool, so the reverse proxy is not seen.",
            "“DNS records” says where the name must lead. From outside (--vantage outside) the proxy is seen.",
            seen_from=(Vantage.OUTSIDE,),
        )
    if heard_all <= {"unreached", "unasked"}:
        reply = next(one.reply for one in facts.asked if isinstance(one.reply, Unreached))
        if facts.view == "inside":
            what = "the certificate of {} is refused" if reply.kind == "certificate" else "{} is not reached"
            return OUTCOMES.finding(
                "not-through-proxy",
                f"From here {what.format(facts.host)}, so nothing follows for the reverse proxy.",
                reply.detail,
                "“Hairpin” tells whether it should be. From outside (--vantage outside) the proxy is seen.",
                seen_from=(Vantage.OUTSIDE,),
            )
        return OUTCOMES.finding(
            "not-reached",
            f"{facts.host} was not reached, so nothing follows for the reverse proxy.",
            reply.detail,
            "“DNS records”, “Ports” and “Certificates” tell what is in the way.",
            reason=Reason.UNREACHABLE,
            command=f"curl.exe -i https://{facts.host}{ROOT_PATH}",
        )
    return None


def _finding(facts: Facts, answer: str, chosen: Sequence[Asked], notes: Iterable[str]) -> Finding:
    host, paths = facts.host, _listed(chosen)
    headline = _HEADLINES[answer].format(host=host, paths=paths, status=_status(chosen[0]))
    remedy = remedies.for_answer(answer, host, paths, facts.upstream)
    return OUTCOMES.finding(
        answer, headline, *(_line(one) for one in chosen[:6]), *_alike(facts, chosen), *notes, remedies=(remedy,)
    )


def _alike(facts: Facts, chosen: Sequence[Asked]) -> tuple[str, ...]:
    """Where a refusal is signed like Lync's own answers, and the site behind was not asked, it may be that site's."""
    lync = {software(hop) for one in facts.asked for hop in _answers(one) if lync_of(hop)} - {""}
    like = [one for one in chosen if one.upstream is None and _answers(one) and software(_answers(one)[-1]) in lync]
    if not like:
        return ()
    return (
        f"Lync's own answers are signed alike, so {_listed(like)} may be missing on the Front End: walk inside to tell.",
    )


_HEADLINES = {
    "pre-authentication": "{host} asks for a sign-in of its own before {paths} reaches Lync.",
    "pool-unreached": "{host} gets no answer from the pool for {paths}{status}.",
    "answers-itself": "{host} answers {paths} itself instead of passing it on to Lync.",
    "not-published": "{host} does not let {paths} through{status}.",
    "post-refused": "{host} lets GET through and refuses POST{status}, so no phone gets a web ticket.",
    "other-path-missing": "{host} does not let {paths} through; phones sign in without.",
}


def _host_header(facts: Facts, one: Asked, notes: Iterable[str]) -> Finding:
    location = one.reply.location if isinstance(one.reply, Response) else ""
    said = "does not pass its own name on to Lync, which answers with a name of the inside."
    if host_of(location) == facts.host:
        said = f"lets Lync lead clients to a port of the inside: {location}."
    return OUTCOMES.finding(
        "host-header-lost",
        f"{facts.host} {said}",
        f"{one.path} redirects to {location}.",
        "The redirect is made from the host header that reached Lync. That header is documented to be the original one.",
        *notes,
        remedies=(remedies.keep_host_header(facts.host),),
    )


def _partly(facts: Facts, unseen: Sequence[Asked], notes: Iterable[str]) -> Finding:
    reply = unseen[0].reply
    why, reason = "A proxy or a portal on the way wants a sign-in first.", Reason.DENIED
    if isinstance(reply, Unreached):
        why, reason = reply.detail, Reason.UNREACHABLE
    elif isinstance(reply, Unanswered):
        why, reason = reply.detail, reply.reason
    where = "" if len(unseen) == len(facts.asked) else f" for {_listed(unseen)}"
    told = reply.command if isinstance(reply, Unanswered) else ""
    return OUTCOMES.finding(
        "not-seen",
        f"What {facts.host} answers{where} was not seen: {why}",
        *notes,
        reason=reason,
        command=told or f"curl.exe -i https://{facts.host}{unseen[0].path}",
    )


def _notes(
    said: Sequence[tuple[Asked, Heard]],
    own: Sequence[tuple[Asked, Heard]],
    behind: Sequence[tuple[Asked, Heard]],
    others: Sequence[tuple[Asked, Heard]],
) -> tuple[str, ...]:
    """What bears on it: what passes beside what does not, and what is not the proxy's."""
    passing = [one for one, what in said if what in {"lync", "unsigned"} and one.path in OTHER_PATHS]
    through = (f"{_listed(passing)} come through, so the proxy itself works.",) if own and len(passing) > 1 else ()
    left = tuple(
        f"{one.path}{_status(one)} is not laid to the proxy; the steps on the services behind it judge that."
        for one, what in behind
        if what != "other-host"
    )
    return (
        *through,
        *left[:3],
        *((f"Also not let through: {_listed([one for one, _ in others])}.",) if others else ()),
    )


def _servers(asked: Sequence[Asked]) -> tuple[str, ...]:
    names = dict.fromkeys(lync_of(hop) for one in asked for hop in _answers(one) if lync_of(hop))
    return (f"Answered by {', '.join(list(names)[:4])}.",) if names else ("No answer names a Lync server.",)


def _is_past(facts: Facts) -> bool:
    return any(one.past_certificate for one in facts.asked)


def _answers(one: Asked) -> tuple[Hop, ...]:
    return one.reply.hops if isinstance(one.reply, Response) else ()


def _line(one: Asked) -> str:
    method = f"{one.method} " if one.method == "POST" else ""
    if not isinstance(one.reply, Response):
        return f"{method}{one.path}: {one.reply.detail}"
    led = f", to {one.reply.location}" if one.reply.location else ""
    return f"{method}{one.path}: HTTP {one.reply.last.status}{led}. {signed(one.reply.last)}"


def _status(one: Asked) -> str:
    return f" (HTTP {one.reply.last.status})" if isinstance(one.reply, Response) else ""


def _listed(asked: Sequence[Asked]) -> str:
    paths = list(dict.fromkeys(f"/{one.path.split('/')[1]}" for one in asked))
    shown = ", ".join(paths[:-1])
    return f"{shown} and {paths[-1]}" if shown else paths[0]


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    host = deployment.web or "<external web FQDN>"
    return (
        "# From outside:",
        *(f"curl.exe -i https://{host}{path}" for path in (*MOBILITY_PATHS, *OTHER_PATHS)),
        f'curl.exe -i -X POST -d "" https://{host}{WEB_TICKET}',
        "# Right: the header X-MS-Server-Fqdn in each; 401 or a page at the services, a challenge at /abs and",
        "# /GroupExpansion, a page at /meet and /dialin.",
    )


STEP = Step(
    id="mobility.reverse-proxy",
    title="Reverse proxy",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why="All that phones ask goes through the reverse proxy, inside too. It must pass every path on to port 4443 of the "
    "pool, with the name that the client asked, and must not ask for a sign-in itself.",
    good="Every path answers with the header X-MS-Server-Fqdn, which only Lync sets. POST passes like GET, and no answer "
    "leads to a name of the inside.",
    by_hand=by_hand,
)
