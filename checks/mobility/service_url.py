"""Does the mobility service answer at its address, and is it Lync that answers?"""

from urllib.parse import urlsplit

from checks.context import Context
from checks.deployment import Deployment, Product, Vantage
from checks.knowledge import links
from checks.knowledge.autodiscover import ROOT_PATH, document
from checks.knowledge.products import product_in
from checks.mobility import service_url_remedies as remedies
from checks.mobility.phone_names import is_inside
from checks.mobility.strangers import is_http_sys, is_login_form, lync_of, stopped_on_the_way
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Status, Step
from checks.probes import Hop, Response, Unanswered, Unreached

PATH = "/mcx/mcxservice.svc"

OUTCOMES = Outcomes(
    links.TEST_MOBILE_IM,
    Answer(
        name="lync-answers",
        status=Status.OK,
        meaning="200 or 401 with the name of a Lync server, or from where no answer of Lync has it",
    ),
    Answer(
        name="not-on-this-version",
        status=Status.NOT_APPLICABLE,
        meaning="404 on 2019 or Subscription Edition, which have no Mcx",
    ),
    Answer(name="silent", status=Status.FAILED, meaning="the connection is accepted and no answer of HTTP comes"),
    Answer(name="forbidden", status=Status.FAILED, meaning="403"),
    Answer(name="not-installed", status=Status.FAILED, meaning="404 on a version that has Mcx"),
    Answer(name="server-error", status=Status.FAILED, meaning="500, 502, 503 and the like"),
    Answer(name="redirect-loop", status=Status.FAILED, meaning="redirects in a circle"),
    Answer(name="not-lync", status=Status.FAILED, meaning="a login form, or a redirect to a stranger"),
    Answer(name="no-lync-header", status=Status.WARNING, meaning="an answer that lacks X-MS-Server-Fqdn"),
    Answer(name="unexpected-status", status=Status.WARNING, meaning="an answer that no document explains"),
    Answer(name="version-needed", status=Status.UNKNOWN, meaning="404, and the version is not known"),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="the service was not reached, or could not be asked"),
)


class Facts(Frozen, frozen=True):
    """What the service's address answered, seen from one seat."""

    host: str
    url: str
    vantage: Vantage
    known_hosts: tuple[str, ...]
    """Names of this deployment: a redirect to one of them is no redirect to a stranger."""
    external: bool
    """True where the host is the external web FQDN, false where it is the pool."""
    reply: Response | Unreached | Unanswered
    product: Product | None = None
    hides: bool = False
    """True where Lync's Autodiscover answers at the host without naming its server either: the way hides the header."""


async def gather(context: Context) -> Facts:
    deployment, context = context.deployment, context.bounded()
    # Outside nobody reaches the pool by its own name.
    host = deployment.web or (deployment.pool if is_inside(deployment.vantage) else "")
    url = f"https://{host}{PATH}"
    reply: Response | Unreached | Unanswered
    if not host:
        reply = Unanswered(
            reason=Reason.MISSING_INPUT,
            detail="The external web FQDN was not named."
            if deployment.pool
            else "Neither the web FQDN nor the pool was named.",
            command="Get-CsService -WebServer",
        )
    else:
        reply = await _asked(context, url)
    product = deployment.product
    if product is None and isinstance(reply, Response) and reply.last.status == 404:
        version = await context.invoke("Get-CsServerVersion")
        product = product_in(version)
    known = (host, deployment.web, deployment.web_internal, deployment.pool, deployment.edge)
    return Facts(
        host=host,
        url=url,
        vantage=deployment.vantage,
        known_hosts=tuple(dict.fromkeys(name for name in known if name)),
        external=bool(deployment.web),
        reply=reply,
        product=product,
        hides=isinstance(reply, Response) and _is_unsigned(reply) and await _hides_header(context, host),
    )


def _is_unsigned(reply: Response) -> bool:
    return not reply.stopped and reply.last.status in {200, 401} and not lync_of(reply.last)


async def _hides_header(context: Context, host: str) -> bool:
    root = await context.get(f"https://{host}{ROOT_PATH}")
    return isinstance(root, Response) and not lync_of(root.last) and document(root.last.body) is not None


async def _asked(context: Context, url: str) -> Response | Unreached | Unanswered:
    """The answer, also behind a certificate that is refused: “Certificates” judges that, and nothing secret is sent."""
    reply = await context.get(url)
    if isinstance(reply, Unreached) and reply.kind == "certificate":
        behind = await context.get(url, trusting=True)
        # Where nobody could look past it, the refusal says more.
        return reply if isinstance(behind, Unanswered) else behind
    return reply


def judge(facts: Facts) -> Finding:
    match facts.reply:
        case Unanswered():
            return OUTCOMES.finding(
                "not-seen",
                f"Could not ask {facts.host or 'the mobility service'}: {facts.reply.detail}",
                reason=facts.reply.reason,
                command=facts.reply.command,
            )
        case Unreached(phase="reply"):
            return _judge_silence(facts, facts.reply)
        case Unreached():
            return _not_reached(facts, facts.reply)
    return _judge_reply(facts, facts.reply)


_WHO_TELLS = {"name": "DNS records", "connect": "Ports", "tls": "Certificates"}
"""By how far it came, the step that looks at just that."""


def _not_reached(facts: Facts, reply: Unreached) -> Finding:
    """The way there is another step's matter. It may have been open when that step looked, or was not asked to look."""
    return OUTCOMES.finding(
        "not-seen",
        f"{facts.host} was not reached, so nothing follows for the Mobility service: {reply.detail}",
        f"“{_WHO_TELLS[reply.phase]}” tells what is in the way. Where that step is green, it looked at another moment: check "
        "again (r).",
        *_hairpin(facts, reply),
        reason=Reason.TIMEOUT if reply.kind == "timeout" else Reason.UNREACHABLE,
        command=_COMMANDS[reply.phase].format(host=facts.host),
    )


_COMMANDS = {
    "name": "Resolve-DnsName {host}",
    "connect": "Test-NetConnection {host} -Port 443",
    "tls": "openssl s_client -connect {host}:443 -servername {host} -showcerts",
}


def _hairpin(facts: Facts, reply: Unreached) -> tuple[str, ...]:
    """From inside, the external name leads out to the reverse proxy and back in."""
    if not facts.external or reply.phase == "name" or facts.vantage not in {Vantage.INSIDE, Vantage.FRONT_END}:
        return ()
    return ("From inside the way leads out to the reverse proxy and back in; “Hairpin” looks at that.",)


def _judge_silence(facts: Facts, reply: Unreached) -> Finding:
    """A connection was there, and no answer of HTTP came over it."""
    host = facts.host
    if reply.kind == "not-http":
        return OUTCOMES.finding(
            "silent",
            f"What answers at {host}:443 does not speak HTTP.",
            reply.detail,
            remedies=(remedies.right_publication(host),),
        )
    slow, mute = "sends its answer too slowly to be used", "accepts the connection and never answers"
    said = slow if reply.kind == "drip" else mute
    return OUTCOMES.finding(
        "silent", f"{host} {said} {PATH}.", reply.detail, remedies=(remedies.restart_pool(facts.external),)
    )


def _judge_reply(facts: Facts, reply: Response) -> Finding:
    if reply.stopped:
        return _judge_redirect(facts, reply)
    last, host = reply.last, facts.host
    if stopped := stopped_on_the_way(last):
        return OUTCOMES.finding(
            "not-seen",
            f"{host} was not reached: {stopped[:1].lower()}{stopped[1:]}.",
            "That says nothing of Lync. Sign in there, or ask from a network that lets the request pass.",
            reason=Reason.DENIED,
            command=f"curl.exe -i {facts.url}",
        )
    lync = last.header("X-MS-Server-Fqdn")
    who = f"as {lync}" if lync else "without naming a Lync server"
    if not lync and is_login_form(last):
        return OUTCOMES.finding(
            "not-lync",
            f"A login page answers at {host}, not Lync.",
            _first_words(last),
            remedies=(remedies.no_preauthentication(host),),
        )
    match last.status:
        case 404:
            return _judge_missing(facts, lync)
        case 403:
            return OUTCOMES.finding(
                "forbidden",
                f"{host} forbids {PATH} (403), answering {who}.",
                remedies=(remedies.allow_path(host, bool(lync)),),
            )
        case status if status >= 500:
            return OUTCOMES.finding(
                "server-error",
                f"The mobility service on {lync or host} fails with HTTP {status}.",
                *(() if lync else (_WHO_SENT[is_http_sys(last)],)),
                remedies=((remedies.wake_pool if is_http_sys(last) else remedies.restart_pool)(facts.external),),
            )
        case 200 | 401 if lync:
            return OUTCOMES.finding("lync-answers", f"Lync answers at {host} (HTTP {last.status}, from {lync}).")
        case 200 | 401 if facts.hides:
            return OUTCOMES.finding(
                "lync-answers",
                f"Lync answers at {host} (HTTP {last.status}), and something on the way hides which server it is.",
                "Autodiscover, which is Lync's, comes from there without the header X-MS-Server-Fqdn too. Phones do without it.",
            )
        case 200 | 401:
            return OUTCOMES.finding(
                "no-lync-header",
                f"{host} answers with HTTP {last.status}, but nothing shows that it is Lync.",
                "The header X-MS-Server-Fqdn is missing.",
                *_server_words(last),
                remedies=(remedies.compare_inside(host, facts.known_hosts),),
            )
    return OUTCOMES.finding(
        "unexpected-status",
        f"{host} answers with HTTP {last.status}, {who}. No document says what that means here.",
        *_server_words(last),
        remedies=(remedies.compare_inside(host, facts.known_hosts),),
    )


_WHO_SENT = {
    True: "Windows itself sent the answer: so it is where the application pool behind it is stopped.",
    False: "The answer does not name a Lync server; a proxy may have sent it.",
}


def _judge_missing(facts: Facts, lync: str) -> Finding:
    if facts.product is not None and not facts.product.has_mcx_and_xmpp:
        return OUTCOMES.finding(
            "not-on-this-version", f"{facts.product.full_name} has no Mcx service, so 404 is right here."
        )
    if facts.product is None:
        return OUTCOMES.finding(
            "version-needed",
            f"{facts.host} has no {PATH} (404). Whether it should depends on the version.",
            "Lync 2010 to Skype for Business 2015 have it; 2019 and Subscription Edition do not. Which is it?",
            "Name it in the form under More, or with --product; a Lync shell finds it out.",
            reason=Reason.MISSING_INPUT,
            command="Get-CsServerVersion",
        )
    by = "The Lync server itself says so" if lync else "A reverse proxy whose rule leaves out /mcx/* answers the same"
    return OUTCOMES.finding(
        "not-installed",
        f"{facts.host} has no {PATH} (404), and {facts.product.full_name} should have it.",
        f"{by}.",
        remedies=(remedies.install_mcx(bool(lync), facts.host),),
    )


def _judge_redirect(facts: Facts, reply: Response) -> Finding:
    if reply.stopped in {"loop", "too-many"}:
        return OUTCOMES.finding(
            "redirect-loop",
            f"{facts.host} redirects in a circle and never answers.",
            f"{len(reply.hops)} redirects, the last to {reply.location}.",
            remedies=(remedies.right_publication(facts.host),),
        )
    target = (urlsplit(reply.location).hostname or "").lower() if reply.stopped == "stranger" else ""
    if target and target not in facts.known_hosts:
        return OUTCOMES.finding(
            "not-lync",
            f"{facts.host} sends clients away to {target}, which is not this deployment.",
            remedies=(remedies.no_preauthentication(facts.host),),
        )
    return OUTCOMES.finding(
        "unexpected-status",
        f"{facts.host} redirects to {reply.location or 'nowhere'}; clients expect an answer here.",
        remedies=(remedies.right_publication(facts.host),),
    )


def _first_words(hop: Hop) -> str:
    body = hop.body
    title = body[body.lower().find("<title>") + 7 :].partition("<")[0].strip() if "<title>" in body.lower() else ""
    return (
        f"The page calls itself “{title[:80]}”." if title else f"It answered HTTP {hop.status} with a password field."
    )


def _server_words(hop: Hop) -> tuple[str, ...]:
    return (f"The answer is signed Server: {hop.header('Server')}.",) if hop.header("Server") else ()


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    host = deployment.web or deployment.pool or "<web FQDN>"
    return (
        f"curl.exe -i https://{host}{PATH}",
        f"# Or open https://{host}{PATH} in a browser: a page or a sign-in prompt is right.",
    )


STEP = Step(
    id="mobility.service-url",
    title="Service URL",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why="Lync 2010 Mobile talks to the Mobility service (Mcx) at this address. If nothing answers there, or something else "
    "answers, none of these phones can sign in, whatever the settings of the user.",
    good="mcxservice.svc answers with 200 or 401 and the header X-MS-Server-Fqdn. A 401 is good news: Lync asks who is there. "
    "From 2019 on there is no Mcx, and 404 is right.",
    by_hand=by_hand,
)
