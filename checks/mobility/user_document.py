"""Does the user's own Autodiscover document lead the phone to the web services of the home pool?"""

from collections.abc import Iterator

from checks.context import Context
from checks.deployment import Deployment, Product, Vantage
from checks.knowledge import links, lync_objects
from checks.knowledge.autodiscover import host_of
from checks.knowledge.lync_objects import text
from checks.knowledge.products import product_in
from checks.knowledge.scopes import nearest
from checks.knowledge.web_services import WebNames, web_names, web_names_of
from checks.mobility import phone
from checks.mobility import user_document_remedies as remedies
from checks.mobility.front_end_remedies import reset_web_services, set_up_web_applications
from checks.mobility.phone import Attempt, answered_by, outcome
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Status, Step, gravest
from checks.probes import Exchange, Objects, PhoneSession

OUTCOMES = Outcomes(
    links.AUTODISCOVER,
    Answer(name="complete", status=Status.OK, meaning="its links lead to the external web FQDN of the home pool"),
    Answer(name="user-unknown", status=Status.FAILED, meaning="404: the server does not know where the user is homed"),
    Answer(name="redirect-loop", status=Status.FAILED, meaning="the pools send the phone in a circle"),
    Answer(name="ticket-not-accepted", status=Status.FAILED, meaning="the ticket is refused by the pool that gave it"),
    Answer(name="document-error", status=Status.FAILED, meaning="no document comes"),
    Answer(name="access-location-internal", status=Status.FAILED, meaning="outside, the internal web site answers"),
    Answer(name="ucwa-missing", status=Status.FAILED, meaning="no link to UCWA, which every phone since 2013 needs"),
    Answer(name="internal-link", status=Status.FAILED, meaning="a mobility link is the internal web FQDN"),
    Answer(name="other-host", status=Status.FAILED, meaning="a mobility link is not the home pool's external web FQDN"),
    Answer(name="unknown-host", status=Status.WARNING, meaning="a mobility link is a name that nobody could compare"),
    Answer(name="mcx-missing", status=Status.WARNING, meaning="no link to Mcx, which Lync 2010 Mobile needs"),
    Answer(name="not-asked", status=Status.WARNING, meaning="the user link answers without a sign-in, or not with 401"),
    Answer(
        name="no-external-access", status=Status.WARNING, meaning="there is an Edge, and the document does not name it"
    ),
    Answer(name="version-needed", status=Status.UNKNOWN, meaning="no link to UCWA, which is right on Lync 2010 alone"),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="nobody signed in, so the document was not asked for"),
)

NEW_TICKET_WANTED = frozenset({28032, 28033, 28055, 28056, 28072, 28077})
"""X-Ms-diagnostics of a ticket or token that is not accepted where it is shown."""
_UCWA = ("ucwa", "applications")
_MCX = ("external/mcx", "internal/mcx")


class Exposed(Frozen, frozen=True):
    """Which name a configuration of the Mobility service hands out: `Internal` or `External`."""

    identity: str
    web_url: str


class Facts(Frozen, frozen=True):
    """The sign-in, and the names that the links are compared with."""

    attempt: Attempt
    outside: bool
    web: str
    web_internal: str
    edge: str
    pool: str
    """Where the user is homed, else the pool that was named."""
    homed: bool = True
    """False where it was not seen where the user is homed."""
    product: Product | None = None
    known: tuple[WebNames, ...] = ()
    """The web services of the topology; none where no shell tells."""
    exposed: Exposed | None = None


async def gather(context: Context) -> Facts:
    deployment = context.deployment
    attempt = await phone.attempt(context)
    known: tuple[WebNames, ...] = ()
    exposed, home, product = None, "", deployment.product
    if attempt.session is not None:
        services = await context.invoke("Get-CsService", WebServer=True)
        known = web_names(services) if isinstance(services, Objects) else ()
        home = await _home_pool(context, attempt.sip)
        product = product or product_in(await context.invoke("Get-CsServerVersion"))
        exposed = await _exposed(context, home or deployment.pool)
    return Facts(
        attempt=attempt,
        outside=deployment.vantage in {Vantage.OUTSIDE, Vantage.EDGE},
        web=deployment.web,
        web_internal=deployment.web_internal,
        edge=deployment.edge,
        pool=home or deployment.pool,
        homed=bool(home),
        product=product,
        known=known,
        exposed=exposed,
    )


async def _home_pool(context: Context, sip: str) -> str:
    """Empty where it was not seen."""
    answer = await context.invoke("Get-CsUser", Identity=sip)
    user = lync_objects.user(answer, sip) if isinstance(answer, Objects) else None
    return user.pool if user else ""


async def _exposed(context: Context, pool: str) -> Exposed | None:
    """What applies to the pool; None where that cannot be told."""
    answer, pools = await context.both(context.invoke("Get-CsMcxConfiguration"), context.invoke("Get-CsPool"))
    if not isinstance(answer, Objects) or lync_objects.is_partial(answer):
        return None
    site = lync_objects.site_of(pools.objects, pool) if isinstance(pools, Objects) else ""
    several = (Exposed(identity=text(one, "Identity"), web_url=text(one, "ExposedWebURL")) for one in answer.objects)
    return nearest(several, pool, site)


def judge(facts: Facts) -> Finding:
    session = facts.attempt.session
    if session is None or not (session.has_ticket or session.has_token) or session.document is None:
        return _not_seen(facts.attempt)
    if session.document.status != 200:
        return _no_document(facts, session.document)
    leading = [link for link in session.links if link.token.lower() != "redirect"]
    if session.redirects and not leading:
        return OUTCOMES.finding(
            "redirect-loop",
            f"Autodiscover sends the phone of {facts.attempt.sip} in a circle.",
            *(f"Sent on to {address}" for address in session.redirects),
            remedies=(remedies.home_in_one_pool(facts.attempt.sip),),
        )
    if not leading:
        return _error(session.document, "It holds no link that a phone could follow.")
    findings = list(_problems(facts, session, session.document))
    return gravest(findings, _GRAVITY) if findings else _complete(facts, session)


_GRAVITY = (
    "access-location-internal",
    "internal-link",
    "other-host",
    "ucwa-missing",
    "unknown-host",
    "version-needed",
    "not-asked",
    "no-external-access",
    "mcx-missing",
)


def _not_seen(attempt: Attempt) -> Finding:
    return OUTCOMES.finding(
        "not-seen",
        f"Nobody signed in at {attempt.host or 'the web services'}, so the user's document was not asked for.",
        "“Phone sign-in” tells why.",
        reason=Reason.MISSING_INPUT,
    )


def _no_document(facts: Facts, document: Exchange) -> Finding:
    host, sip = host_of(document.url), facts.attempt.sip
    if document.status == 404 and document.server:
        return OUTCOMES.finding(
            "user-unknown",
            f"The server does not know where {sip} is homed.",
            f"With a valid ticket {host} answers 404 and nothing else: it finds no home pool for this user.",
            answered_by(document),
            "“Users enabled” shows the account.",
            remedies=(remedies.find_the_user(sip),),
        )
    if document.status in {401, 403} or document.code in NEW_TICKET_WANTED:
        return OUTCOMES.finding(
            "ticket-not-accepted",
            f"{host} does not accept the ticket that was just issued: {outcome(document)}.",
            *filter(None, (document.message,)),
            answered_by(document),
            "The password was right. Tickets are good at the pool that gave them, and only while the clocks agree.",
            remedies=(remedies.accept_the_ticket(document.server),),
        )
    return _error(document)


def _error(document: Exchange, *detail: str) -> Finding:
    return OUTCOMES.finding(
        "document-error",
        f"The user's document does not come from {host_of(document.url)}: {outcome(document)}.",
        *detail,
        *filter(None, (document.failure, document.message)),
        *((answered_by(document),) if document.status else ()),
        remedies=(remedies.repair_autodiscover(document.server), reset_web_services(document.server)),
    )


def _problems(facts: Facts, session: PhoneSession, document: Exchange) -> Iterator[Finding]:
    """What is wrong with a document that came, each as a finding."""
    if facts.outside and session.access_location.lower() == "internal":
        host = host_of(document.url)
        yield OUTCOMES.finding(
            "access-location-internal",
            f"Outside, {host} leads to the internal web site.",
            "The document says AccessLocation Internal, though it was asked from outside.",
            remedies=(remedies.publish_external_site(host),),
        )
    yield from _wrong_hosts(facts, session)
    yield from _missing(facts, session)
    unauthenticated = session.unauthenticated
    if unauthenticated and unauthenticated.status and unauthenticated.status != 401:
        yield OUTCOMES.finding(
            "not-asked",
            f"Without a sign-in {host_of(unauthenticated.url)} answers {outcome(unauthenticated)}, not 401.",
            "Phones take the 401 for the sign that they have to fetch a ticket.",
            answered_by(unauthenticated),
            remedies=(remedies.ask_for_sign_in(), set_up_web_applications()),
        )
    tokens = {one.token.lower() for one in session.sip_access}
    if facts.edge and tokens and "sipclientexternalaccess" not in tokens:
        yield OUTCOMES.finding(
            "no-external-access",
            "The document names no Access Edge (SipClientExternalAccess).",
            f"The deployment has {facts.edge}. Desktop clients outside look for it here, phones for their calls.",
            remedies=(remedies.name_the_access_edge(facts.edge),),
        )


def _wrong_hosts(facts: Facts, session: PhoneSession) -> Iterator[Finding]:
    home = web_names_of(facts.known, facts.pool, facts.web) if facts.known else None
    wanted = home.external if home else ""
    inside = {name for name in (facts.web_internal, facts.pool, home.internal if home else "") if name}
    # Without the topology a name is as good as the one that was typed, or that the user was sent to.
    trusted = {wanted} if wanted else {facts.web, *map(host_of, session.redirects)}
    if not facts.homed:
        # He may be homed in any of the pools: then each of their names is a right one.
        trusted |= {one.external for one in facts.known}
    for link in session.links:
        host = host_of(link.href)
        if link.token.lower() not in (*_UCWA, *_MCX) or not host or host in trusted:
            continue
        called = f"{link.token} in the user's document is {host}"
        if host in inside:
            yield _internal(facts, called, wanted or facts.web)
        elif wanted:
            yield OUTCOMES.finding(
                "other-host",
                f"{called}, not {wanted}.",
                f"{wanted} is the external web FQDN of {facts.pool}, where {facts.attempt.sip} is homed.",
                remedies=(remedies.correct_the_topology(wanted),),
            )
        elif facts.web:
            yield OUTCOMES.finding(
                "unknown-host",
                f"{called}, and you named {facts.web}.",
                "Which of the two is right is told by the topology, which cannot be seen from here.",
                remedies=(remedies.compare_the_names(host),),
            )


def _internal(facts: Facts, called: str, wanted: str) -> Finding:
    exposed = facts.exposed
    shown = f"ExposedWebURL is {exposed.web_url or 'not shown'} in {exposed.identity}." if exposed else ""
    return OUTCOMES.finding(
        "internal-link",
        f"{called}, the internal name.",
        f"Phones leave and come back: the name has to be {wanted or 'the external web FQDN'}, inside too.",
        *filter(None, (shown,)),
        remedies=(
            remedies.correct_the_topology(wanted)
            if exposed and exposed.web_url.lower() == "external" and wanted
            else remedies.expose_external(exposed.identity if exposed else ""),
        ),
    )


def _missing(facts: Facts, session: PhoneSession) -> Iterator[Finding]:
    tokens = {link.token.lower() for link in session.links}
    product = facts.product
    if not tokens & set(_UCWA) and product is None:
        yield OUTCOMES.finding(
            "version-needed",
            "The document names no UCWA. That is right on Lync Server 2010 alone, and the version is not known.",
            "Name it in the form under More, or with --product; a Lync shell finds it out.",
            reason=Reason.MISSING_INPUT,
            command="Get-CsServerVersion",
        )
    elif not tokens & set(_UCWA) and product is not Product.LYNC_2010:
        yield OUTCOMES.finding(
            "ucwa-missing",
            f"The document names no UCWA, without which no phone of today signs in to {facts.pool or 'the pool'}.",
            "UCWA came with the cumulative update of February 2013, and belongs to every later version.",
            remedies=(remedies.install_ucwa(), set_up_web_applications()),
        )
    # The form for OAuth has no such link on any server.
    is_whole = any("/" in token for token in tokens)
    if product is not None and product.has_mcx_and_xmpp and is_whole and not tokens & set(_MCX):
        yield OUTCOMES.finding(
            "mcx-missing",
            f"The document names no Mcx, which {product.full_name} has for Lync 2010 Mobile.",
            remedies=(remedies.enable_mcx(), set_up_web_applications()),
        )


def _complete(facts: Facts, session: PhoneSession) -> Finding:
    hosts = dict.fromkeys(
        host_of(link.href) for link in session.links if link.token.lower() in (*_UCWA, *_MCX) and host_of(link.href)
    )
    where = " and ".join(hosts) or "the web services"
    sent = (f"Sent on to {host_of(session.redirects[-1])} first, as the home pool.",) if session.redirects else ()
    access = (f"AccessLocation is {session.access_location}.",) if session.access_location else ()
    return OUTCOMES.finding("complete", f"The document of {facts.attempt.sip} leads to {where}.", *sent, *access)


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    host = phone.web_host(deployment) or "<web FQDN>"
    return (
        f"curl.exe -i https://{host}/Autodiscover/AutodiscoverService.svc/root/user",
        "# Without a ticket 401 is right, with X-MS-WebTicketURL. What follows needs a ticket, as this step gets one.",
        "Get-CsService -WebServer | Select-Object PoolFqdn,ExternalFqdn,InternalFqdn",
        "Get-CsMcxConfiguration | Select-Object Identity,ExposedWebURL",
    )


STEP = Step(
    id="mobility.user-document",
    title="User document",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why="After the sign-in the phone gets a document of its own: it names the web services of the user's home pool. All "
    "mobility links in it have to be the external web FQDN, for phones inside too, or the phone asks at the wrong address.",
    good="Ucwa, External/Mcx and Internal/Mcx are the external web FQDN of the pool that the user is homed in; from 2019 on "
    "there is no Mcx.",
    by_hand=by_hand,
    acts=True,
    consent=phone.CONSENT,
)
