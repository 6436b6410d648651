"""What an answer of Autodiscover means for the phone that asked: each address is judged by itself."""

from checks.knowledge.autodiscover import Document, host_of
from checks.mobility import autodiscover_remedies as remedies
from checks.mobility.autodiscover_places import Attempt, Names, Place, is_microsofts, led_by, onward_of, trail
from checks.mobility.proxy_way import through_proxy
from checks.mobility.strangers import is_http_sys, is_login_form, lync_of, signed, stopped_on_the_way, title_of
from checks.model import Frozen, Reason, Remedy
from checks.probes import Hop, Response, Unanswered

_ROOT_TOKENS = ("User", "Domain")


class Judgement(Frozen, frozen=True):
    """What one address amounts to, under the name of the step's answer for it."""

    answer: str
    headline: str
    detail: tuple[str, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    reason: Reason | None = None
    command: str = ""


def judge_place(place: Place, names: Names) -> Judgement:
    """What a client makes of it that asks there."""
    steps = trail(place)
    last = steps[-1]
    if isinstance(last.reply, Response):
        return _judge_answer(place, names, last, last.reply)
    led = f"{place.host} leads on to {host_of(last.url)}, which" if len(steps) > 1 else place.host
    if isinstance(last.reply, Unanswered):
        return Judgement(
            answer="not-seen",
            headline=f"{led} could not be asked: {last.reply.detail}",
            reason=last.reply.reason,
            command=last.reply.command or f"curl.exe -i {last.url}",
        )
    if last.reply.phase == "reply":
        return Judgement(
            answer="silent",
            headline=f"{led} takes the connection and gives no answer that phones can use.",
            detail=(last.reply.detail,),
            remedies=(remedies.lead_to_lync(host_of(last.url)), _wake(host_of(last.url), names)),
        )
    return Judgement(
        answer="not-reached",
        headline=f"{led} was not reached, so nothing follows for Autodiscover.",
        detail=(last.reply.detail, "“DNS records”, “Ports” and “Certificates” tell what is in the way."),
        reason=Reason.UNREACHABLE,
        command=f"curl.exe -i {last.url}",
    )


def _wake(host: str, names: Names) -> Remedy:
    """Outside it is the proxy that is silent, most often because the pool is to it."""
    if names.view == "outside":
        return remedies.reach_the_pool(host, names.pool)
    return remedies.restart_web_service()


def _judge_answer(place: Place, names: Names, asked: Attempt, reply: Response) -> Judgement:
    if reply.stopped:
        return _judge_redirect(place, names, asked, reply)
    last, host = reply.last, host_of(asked.url)
    lync = lync_of(last)
    if stopped := stopped_on_the_way(last):
        return Judgement(
            answer="not-seen",
            headline=f"{host} was not reached: {stopped[:1].lower()}{stopped[1:]}.",
            detail=("That says nothing of Lync. Sign in there, or ask from a network that lets the request pass.",),
            reason=Reason.DENIED,
            command=f"curl.exe -i {asked.url}",
        )
    found = led_by(reply)
    if found is not None:
        return _judge_document(place, names, asked, found)
    path = place.path.partition("?")[0]
    if not lync and (is_login_form(last) or last.status == 401):
        return Judgement(
            answer="pre-authentication",
            headline=f"{host} asks for a sign-in of its own before Autodiscover, and phones cannot give it.",
            detail=(_looks(last), signed(last)),
            remedies=(remedies.no_sign_in_on_the_way(host),),
        )
    match last.status:
        case 401 | 403:
            return Judgement(
                answer="forbidden",
                headline=f"{host} refuses Autodiscover to everyone (HTTP {last.status}).",
                detail=(signed(last),),
                remedies=(_allow(place, names, host, last, bool(lync)),),
            )
        case 404:
            return Judgement(
                answer="not-found",
                headline=f"{host} has no Autodiscover (404), and phones give up on that.",
                detail=(signed(last),),
                remedies=(remedies.publish_name(host, path, bool(lync)),),
            )
        case 502 | 503 | 504 if not lync and not is_http_sys(last):
            return Judgement(
                answer="pool-unreached",
                headline=f"What answers for {host} does not reach the pool behind it (HTTP {last.status}).",
                detail=(signed(last), "If the pool is at fault, “Services” or “Web applications” tells."),
                remedies=(remedies.reach_the_pool(host, names.pool),),
            )
        case status if status >= 500 and lync:
            return Judgement(
                answer="server-error",
                headline=f"Autodiscover on {lync} fails with HTTP {status}.",
                detail=(signed(last),),
                remedies=(remedies.restart_web_service(lync),),
            )
        case status if status >= 500:
            return Judgement(
                answer="server-error",
                headline=f"{host} answers Autodiscover with HTTP {status}: the pool fails, or what stands before it does.",
                detail=(signed(last), *_OF_HTTP_SYS[is_http_sys(last)]),
                remedies=(remedies.find_who_fails(host, names.pool), remedies.restart_web_service()),
            )
        case 200:
            return _judge_page(asked, host, last)
    return Judgement(
        answer="unexpected-status",
        headline=f"{host} answers Autodiscover with HTTP {last.status}, which no document explains.",
        detail=(signed(last),),
        remedies=(remedies.lead_to_lync(host),),
    )


def _allow(place: Place, names: Names, host: str, last: Hop, by_lync: bool) -> Remedy:
    if not by_lync:
        return remedies.let_pass(host, place.path.partition("?")[0])
    inner = {one.address for one in names.addresses if one.name in names.internal}
    internal = names.view == "inside" and (place.kind == "internal" or last.address in inner)
    return remedies.allow("Internal" if internal else "External", lync_of(last), last.status)


_OF_HTTP_SYS: dict[bool, tuple[str, ...]] = {
    True: ("So Windows itself answers where the web application behind it is stopped, on a Front End as on a proxy.",),
    False: (),
}


def _judge_page(asked: Attempt, host: str, last: Hop) -> Judgement:
    """A 200 that holds no document."""
    if last.body.endswith("…") and last.body.lstrip("\ufeff \n").startswith(("{", "<?xml", "<AutodiscoverResponse")):
        return Judgement(
            answer="not-seen",
            headline=f"The document of {host} is longer than was kept, so it could not be read.",
            reason=Reason.NOT_POSSIBLE_HERE,
            command=f"curl.exe -i {asked.url}",
        )
    if not lync_of(last):
        return Judgement(
            answer="not-lync",
            headline=f"Another server's page answers at {host}, where phones look for Autodiscover.",
            detail=(_looks(last), signed(last)),
            remedies=(remedies.lead_to_lync(host),),
        )
    return Judgement(
        answer="not-understood",
        headline=f"{host} answers, but not with an Autodiscover document.",
        detail=(
            _looks(last),
            signed(last),
            "“Reverse proxy” asks only whether the request comes through to Lync, so it may be OK beside this.",
        ),
        remedies=(remedies.find_the_document(host, lync_of(last)),),
    )


def _judge_redirect(place: Place, names: Names, asked: Attempt, reply: Response) -> Judgement:
    """A redirect by HTTP itself. Lync leads on in the body of a 200."""
    host, target = host_of(asked.url), host_of(reply.location)
    if reply.stopped in {"loop", "too-many"}:
        return _loop(host, f"{len(reply.hops)} redirects, the last to {reply.location}.")
    if target and names.own(target):
        return Judgement(
            answer="redirected",
            headline=f"{host} redirects to {target} by HTTP {reply.last.status}; Lync itself never does.",
            detail=("Some clients follow, and others take it for a failure.", signed(reply.last)),
            remedies=(remedies.no_http_redirect(host),),
        )
    return Judgement(
        answer="sent-away",
        headline=f"{host} sends phones away to {target or 'an address that is none'}, and they give up on that.",
        detail=(f"HTTP {reply.last.status}, Location: {reply.location}", signed(reply.last)),
        remedies=(remedies.no_http_redirect(host), remedies.no_sign_in_on_the_way(host)),
    )


def _judge_document(place: Place, names: Names, asked: Attempt, found: Document) -> Judgement:
    host = host_of(asked.url)
    if found.redirect:
        return _judge_onward(names, host, found)
    wanted = ("User",) if found.shape == "hal" else _ROOT_TOKENS
    missing = [token for token in wanted if not found.link(token)]
    if missing:
        return Judgement(
            answer="incomplete",
            headline=f"The Autodiscover document of {host} has no link {' and no '.join(missing)}.",
            detail=(f"It has {', '.join(link.token for link in found.links[:8]) or 'no link at all'}.",),
            remedies=(remedies.repair_application(),),
        )
    outer = set(names.external)
    inner = set(names.internal) - outer
    tells_internal = found.access_location.lower() == "internal" or bool(inner & set(found.hosts))
    if tells_internal and _comes_from_outside(place, names):
        shown = f"AccessLocation is {found.access_location}" if found.access_location else "it names no AccessLocation"
        return Judgement(
            answer="internal-site",
            headline=f"{host} leads phones outside to the internal web site; the proxy seems to forward to 443, not 4443.",
            detail=(f"{shown}; its links lead to {_listed(found.hosts)}.",),
            remedies=(remedies.bridge_to_external_site(host),),
        )
    allowed = outer if _comes_from_outside(place, names) else outer | inner
    if not names.told:
        # A pool of this deployment led there, and who answered there names itself.
        allowed = allowed | {host_of(one.url) for one in place.onward}
    strange = tuple(one for one in found.hosts if one not in allowed)
    if strange and names.told:
        return Judgement(
            answer="wrong-host",
            headline=f"{host} leads phones to {_listed(strange)}, which is no web FQDN of this topology.",
            detail=(f"The topology has {_listed(names.external) or 'no external web FQDN'}.",),
            remedies=(remedies.publish_topology(strange),),
        )
    if strange and names.external and not tells_internal:
        return Judgement(
            answer="host-not-known",
            headline=f"{host} leads phones to {_listed(strange)}, not to {_listed(names.external)}.",
            detail=(
                "That is right for a Director or another pool, and wrong for anything else.",
                "Only the topology tells: compare with ExternalFqdn of every pool.",
            ),
            reason=Reason.MISSING_INPUT,
            command="Get-CsService -WebServer",
        )
    return _judge_shapes(place, host, found)


def _judge_onward(names: Names, host: str, found: Document) -> Judgement:
    """A document that leads on, to where the walk did not follow."""
    address = found.redirect
    target = host_of(address)
    if is_microsofts(target):
        if names.homed_online:
            return Judgement(
                answer="answers", headline=f"{host} leads the users on to Microsoft 365, where they are homed."
            )
        return Judgement(
            answer="online",
            headline=f"{host} sends phones on to Microsoft 365, {target}.",
            detail=("That is right for users who are homed online, and for nobody else. “Hybrid” explains it.",),
            remedies=(remedies.lead_home(host),),
        )
    if onward_of(found, names):
        return _loop(host, f"Each answer leads on; the last, to {address}.")
    return Judgement(
        answer="redirect-elsewhere",
        headline=f"{host} leads phones on to {target or 'an address that is none'}, which is no web site of this deployment.",
        detail=(f"The document says {address}", "Phones check a redirect before they follow it, and may refuse."),
        remedies=(remedies.compare_redirect(target or address),),
    )


def _judge_shapes(place: Place, host: str, found: Document) -> Judgement:
    refused = [one for one in place.shapes if isinstance(one.reply, Response) and led_by(one.reply) is None]
    if refused:
        shown = ", ".join(one.accept for one in refused)
        return Judgement(
            answer="shape-refused",
            headline=f"{host} gives its document to browsers, and not in every form that clients ask for.",
            detail=(f"Not answered with a document: Accept: {shown}.",),
            remedies=(remedies.pass_accept_header(host),),
        )
    where = f" (AccessLocation {found.access_location})" if found.access_location else ""
    return Judgement(
        answer="answers",
        headline=f"{place.host} answers{where} and leads phones to {_listed(found.hosts)}.",
        detail=_about_http(place),
    )


def _about_http(place: Place) -> tuple[str, ...]:
    if place.kind == "published" or led_by(place.plain) is not None or isinstance(place.plain, Unanswered):
        return ()
    told = f"HTTP {place.plain.last.status}" if isinstance(place.plain, Response) else place.plain.detail.rstrip(".")
    return (
        f"Not over HTTP ({place.host}:80: {told}); that matters only where a certificate lacks the name {place.host}.",
    )


def _comes_from_outside(place: Place, names: Names) -> bool:
    """True where the request went the way of phones outside, so that the external web site has to answer."""
    if names.view == "outside":
        return True
    if place.kind != "published" or place.onward or not names.told:
        return False
    return through_proxy(place.host, trail(place)[0].reply, names.addresses, names.internal) is True


def _loop(host: str, detail: str) -> Judgement:
    return Judgement(
        answer="loop",
        headline=f"{host} sends phones in a circle, and they never get an answer.",
        detail=(detail,),
        remedies=(remedies.lead_to_lync(host),),
    )


def _looks(hop: Hop) -> str:
    title = title_of(hop)
    return f"HTTP {hop.status}; the page calls itself “{title}”." if title else f"HTTP {hop.status}."


def _listed(hosts: tuple[str, ...]) -> str:
    return ", ".join(hosts[:4])
