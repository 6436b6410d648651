"""Does the mobility service answer at its address, and is it Lync that answers?"""

from urllib.parse import urlsplit

from checks.context import Context
from checks.deployment import Deployment, Product, Vantage
from checks.knowledge import links
from checks.knowledge.certificate_rules import broken_rules
from checks.knowledge.products import product_in
from checks.mobility import service_url_remedies as remedies
from checks.mobility.strangers import is_login_form, stopped_on_the_way
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Status, Step
from checks.probes import Hop, NoTls, Presented, Response, Unanswered, Unreached

PATH = "/mcx/mcxservice.svc"

OUTCOMES = Outcomes(
    links.TEST_MOBILE_IM,
    Answer(name="lync-answers", status=Status.OK, meaning="200 or 401 with the name of a Lync server"),
    Answer(
        name="not-on-this-version",
        status=Status.NOT_APPLICABLE,
        meaning="404 on 2019 or Subscription Edition, which have no Mcx",
    ),
    Answer(name="name-not-found", status=Status.FAILED, meaning="the name has no address in DNS"),
    Answer(name="unreachable", status=Status.FAILED, meaning="no route, or no answer to a connection"),
    Answer(name="refused", status=Status.FAILED, meaning="the machine is there and nothing listens"),
    Answer(name="tls-expired", status=Status.FAILED, meaning="the certificate has ended"),
    Answer(name="tls-not-yet-valid", status=Status.FAILED, meaning="the certificate has not begun"),
    Answer(name="tls-wrong-name", status=Status.FAILED, meaning="the certificate is for other names"),
    Answer(
        name="tls-incomplete-chain",
        status=Status.FAILED,
        meaning="the issuer's certificate is not sent and not known here",
    ),
    Answer(name="tls-untrusted", status=Status.FAILED, meaning="self-signed, or from a CA that is not trusted here"),
    Answer(name="tls-old-protocol", status=Status.FAILED, meaning="only TLS 1.0 or 1.1 is spoken"),
    Answer(name="tls-weak", status=Status.WARNING, meaning="refused here as too weak, though old clients accept it"),
    Answer(name="tls-failed", status=Status.FAILED, meaning="no handshake can be finished"),
    Answer(name="not-http", status=Status.FAILED, meaning="another kind of service answers"),
    Answer(name="silent", status=Status.FAILED, meaning="the connection is accepted and no answer comes"),
    Answer(name="forbidden", status=Status.FAILED, meaning="403"),
    Answer(name="not-installed", status=Status.FAILED, meaning="404 on a version that has Mcx"),
    Answer(name="server-error", status=Status.FAILED, meaning="500, 502, 503 and the like"),
    Answer(name="redirect-loop", status=Status.FAILED, meaning="redirects in a circle"),
    Answer(name="not-lync", status=Status.FAILED, meaning="a login form, or a redirect to a stranger"),
    Answer(name="no-lync-header", status=Status.WARNING, meaning="an answer that lacks X-MS-Server-Fqdn"),
    Answer(name="unexpected-status", status=Status.WARNING, meaning="an answer that no document explains"),
    Answer(name="version-needed", status=Status.UNKNOWN, meaning="404, and the version is not known"),
    Answer(name="old-protocol-untested", status=Status.UNKNOWN, meaning="this machine cannot speak the old protocol"),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="the question could not be asked"),
)


class Facts(Frozen, frozen=True):
    """What the service's address answered, seen from one seat."""

    host: str
    url: str
    vantage: Vantage
    domain: str
    known_hosts: tuple[str, ...]
    """Names of this deployment: a redirect to one of them is no redirect to a stranger."""
    external: bool
    """True where the host is the external web FQDN, false where it is the pool."""
    reply: Response | Unreached | Unanswered
    certificate: Presented | NoTls | Unanswered | None = None
    """Looked at where the handshake failed."""
    product: Product | None = None


async def gather(context: Context) -> Facts:
    deployment = context.deployment
    host = deployment.web or deployment.pool
    url = f"https://{host}{PATH}"
    reply: Response | Unreached | Unanswered
    if not host:
        reply = Unanswered(
            reason=Reason.MISSING_INPUT,
            detail="Neither the web FQDN nor the pool was named.",
            command="Get-CsService -WebServer",
        )
    else:
        reply = await context.get(url)
    certificate = None
    if isinstance(reply, Unreached) and reply.phase == "tls" and reply.kind != "silence":
        certificate = await context.handshake(host)
    product = deployment.product
    if product is None and isinstance(reply, Response) and reply.last.status == 404:
        version = await context.invoke("Get-CsServerVersion")
        product = product_in(version)
    known = (host, deployment.web, deployment.web_internal, deployment.pool, deployment.edge)
    return Facts(
        host=host,
        url=url,
        vantage=deployment.vantage,
        domain=deployment.domain,
        known_hosts=tuple(dict.fromkeys(name for name in known if name)),
        external=bool(deployment.web),
        reply=reply,
        certificate=certificate,
        product=product,
    )


def judge(facts: Facts) -> Finding:
    match facts.reply:
        case Unanswered():
            return OUTCOMES.finding(
                "not-seen",
                f"Could not ask {facts.host or 'the mobility service'}: {facts.reply.detail}",
                reason=facts.reply.reason,
                command=facts.reply.command,
            )
        case Unreached(phase="tls") if facts.reply.kind != "silence":
            return _judge_tls(facts, facts.reply)
        case Unreached():
            return _judge_unreached(facts, facts.reply)
    return _judge_reply(facts, facts.reply)


def _judge_unreached(facts: Facts, reply: Unreached) -> Finding:
    host, where = facts.host, f"{reply.address}:443" if reply.address else "port 443"
    match reply.kind:
        case "no-such-name" | "no-address":
            view = "inside" if facts.vantage in {Vantage.INSIDE, Vantage.FRONT_END} else "outside"
            return OUTCOMES.finding(
                "name-not-found",
                f"{host} has no address in DNS, seen from {view}.",
                reply.detail,
                remedies=(remedies.create_record(host, view),),
            )
        case "refused":
            return OUTCOMES.finding(
                "refused",
                f"{host} refuses the connection: nothing listens on {where}.",
                remedies=(remedies.start_web_service(host, reply.address),),
            )
        case "timeout" | "no-route":
            lost = "nothing comes back from" if reply.kind == "timeout" else "there is no route to"
            return OUTCOMES.finding(
                "unreachable",
                f"{host} does not answer: {lost} {where}.",
                remedies=(remedies.open_path(host, where, facts.vantage),),
            )
        case "not-http":
            return OUTCOMES.finding(
                "not-http",
                f"What answers at {host}:443 does not speak HTTP.",
                reply.detail,
                remedies=(remedies.right_publication(host),),
            )
    said = (
        "sends its answer too slowly to be used" if reply.kind == "drip" else "accepts the connection and never answers"
    )
    return OUTCOMES.finding(
        "silent", f"{host} {said}.", reply.detail, remedies=(remedies.restart_pool(facts.external),)
    )


def _judge_tls(facts: Facts, reply: Unreached) -> Finding:
    seen = facts.certificate
    if isinstance(seen, Unanswered):
        return OUTCOMES.finding(
            "not-seen",
            f"No secure connection to {facts.host} came about, and its certificate was not seen: {seen.detail}",
            reply.detail,
            "Whether the server or this computer is why follows from the certificate.",
            reason=seen.reason,
            command=_handshake_by_hand(facts.host),
        )
    if isinstance(seen, NoTls) and not seen.old_protocols_tried:
        return OUTCOMES.finding(
            "old-protocol-untested",
            f"{facts.host} refuses today's TLS, and this machine cannot try TLS 1.0.",
            seen.detail,
            reason=Reason.NOT_POSSIBLE_HERE,
            command=_handshake_by_hand(facts.host),
        )
    if isinstance(seen, NoTls) and seen.kind in _NOT_REACHED:
        return _contradictory(facts, reply.detail, f"The second attempt did not come as far: {seen.detail}")
    if not isinstance(seen, Presented):
        detail = seen.detail if seen is not None else reply.detail
        return OUTCOMES.finding(
            "tls-failed",
            f"No secure connection to {facts.host} can be made: {detail}",
            remedies=(remedies.right_publication(facts.host),),
        )
    broken = broken_rules(seen, facts.host)
    if broken and broken[0].rule == "unreadable":
        return OUTCOMES.finding(
            "tls-failed",
            f"No secure connection can be made: {broken[0].sentence}.",
            remedies=(remedies.right_publication(facts.host),),
        )
    if not broken and reply.kind == "certificate":
        return _contradictory(facts, reply.detail, "The certificate as it was presented verifies.")
    if not broken:
        return OUTCOMES.finding(
            "tls-failed",
            f"The secure connection to {facts.host} broke off: {reply.detail}",
            remedies=(remedies.right_publication(facts.host),),
        )
    first, others = broken[0], tuple(f"Also: {rule.sentence}." for rule in broken[1:])
    headline = f"Phones refuse the certificate of {facts.host}: {first.sentence}."
    if first.rule in {"untrusted", "incomplete-chain"}:
        headline = f"The certificate of {facts.host} is not trusted here: {first.sentence}."
        others = ("A phone that lacks the same certificates refuses it too.", *others)
    if first.rule == "old-protocol":
        headline = f"Phones cannot connect: {first.sentence}. iOS needs TLS 1.2."
    elif first.rule == "weak":
        headline = f"The certificate of {facts.host} is weak: {first.sentence}."
    return OUTCOMES.finding(
        f"tls-{first.rule}",
        headline,
        *others,
        remedies=(remedies.for_certificate(first.rule, facts.host, facts.domain, seen.chain[0].names),),
    )


_NOT_REACHED = frozenset({"no-such-name", "timeout", "no-route", "refused"})
"""What stops a connection before its handshake."""


def _contradictory(facts: Facts, *detail: str) -> Finding:
    return OUTCOMES.finding(
        "not-seen",
        f"Two looks at {facts.host} contradict each other, so nothing follows from either.",
        *detail,
        "They were made at different times, or on computers that trust different authorities. Make both on one computer.",
        reason=Reason.UNREACHABLE,
        command=_handshake_by_hand(facts.host),
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
                *(() if lync else ("The answer does not name a Lync server; a proxy may have sent it.",)),
                remedies=(remedies.restart_pool(facts.external),),
            )
        case 200 | 401 if lync:
            return OUTCOMES.finding("lync-answers", f"Lync answers at {host} (HTTP {last.status}, from {lync}).")
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


def _handshake_by_hand(host: str) -> str:
    return f"openssl s_client -connect {host}:443 -servername {host}"


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    host = deployment.web or deployment.pool or "<web FQDN>"
    return (
        f"Resolve-DnsName {host}",
        f"Test-NetConnection {host} -Port 443",
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
    why="Phones reach Lync through one web address. If nothing answers there, or something else answers, no phone can sign "
    "in, whatever the settings of the user.",
    good="The name resolves, the certificate fits the name, and mcxservice.svc answers with 200 or 401 and the header "
    "X-MS-Server-Fqdn. A 401 is good news: Lync asks who is there.",
    by_hand=by_hand,
)
