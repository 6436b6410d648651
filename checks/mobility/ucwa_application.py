"""Can the user's phone create an application of UCWA, and does it go away again?"""

from checks.context import Context
from checks.deployment import Deployment, Product
from checks.knowledge import links
from checks.knowledge.autodiscover import host_of
from checks.knowledge.products import product_in
from checks.mobility import phone
from checks.mobility import ucwa_application_remedies as remedies
from checks.mobility.front_end_remedies import reset_web_services, set_up_web_applications
from checks.mobility.phone import Attempt, answered_by, outcome
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Status, Step
from checks.probes import Exchange

OUTCOMES = Outcomes(
    links.UCWA_APPLICATION,
    Answer(name="created", status=Status.OK, meaning="an application was created, and deleted again"),
    Answer(
        name="mobility-not-allowed",
        status=Status.FAILED,
        meaning="403: the user may not use mobile applications any more",
    ),
    Answer(name="refused", status=Status.FAILED, meaning="UCWA refuses a user who has signed in"),
    Answer(name="not-installed", status=Status.FAILED, meaning="404: there is no UCWA where the document leads"),
    Answer(name="server-error", status=Status.FAILED, meaning="UCWA fails with an error of its own"),
    Answer(name="silent", status=Status.FAILED, meaning="UCWA does not answer"),
    Answer(name="not-deleted", status=Status.WARNING, meaning="the application was created, but could not be deleted"),
    Answer(name="unexpected", status=Status.WARNING, meaning="an answer that is neither a success nor a known error"),
    Answer(name="not-on-this-version", status=Status.NOT_APPLICABLE, meaning="Lync Server 2010 has no UCWA"),
    Answer(name="no-token", status=Status.NOT_APPLICABLE, meaning="no OAuth token is offered, and UCWA wants one here"),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="nobody signed in, so no application was asked for"),
)


_ON_THE_WAY = frozenset({"no-such-name", "no-address", "no-route", "certificate", "handshake"})
"""Why there is no answer although UCWA itself may be well."""


class Facts(Frozen, frozen=True):
    """The sign-in, and what the server is."""

    attempt: Attempt
    product: Product | None = None


async def gather(context: Context) -> Facts:
    attempt = await phone.attempt(context)
    product = context.deployment.product
    if attempt.session is not None and attempt.session.application is None:
        product = product or product_in(await context.invoke("Get-CsServerVersion"))
    return Facts(attempt=attempt, product=product)


def judge(facts: Facts) -> Finding:
    session = facts.attempt.session
    application = session.application if session else None
    if session is None or application is None:
        return _not_tried(facts)
    host = host_of(application.url)
    if application.status == 201:
        return _created(facts.attempt, application, session.deleted)
    if not application.status:
        return OUTCOMES.finding(
            "silent",
            f"UCWA at {host} {'is not reached' if application.kind in _ON_THE_WAY else 'does not answer'}.",
            application.failure,
            remedies=(remedies.restart_ucwa(application.server), reset_web_services(application.server)),
        )
    if application.status == 403 and _says_no_longer_allowed(application):
        return OUTCOMES.finding(
            "mobility-not-allowed",
            f"UCWA does not allow mobility for {facts.attempt.sip}.",
            f"{outcome(application)}. This is what EnableMobility False in the user's policy does.",
            answered_by(application),
            "“Mobility policy” shows the policy, where a Lync shell can be asked.",
            remedies=(remedies.allow_mobility(facts.attempt.sip),),
        )
    if application.status in {401, 403}:
        return OUTCOMES.finding(
            "refused",
            f"UCWA at {host} refuses {facts.attempt.sip}, who has just signed in.",
            f"{outcome(application)}.",
            *_said(application),
            answered_by(application),
            remedies=(remedies.find_why_refused(application.server),),
        )
    if application.status == 404:
        return OUTCOMES.finding(
            "not-installed",
            f"There is no UCWA at {host}, though the user's document leads there.",
            *_said(application),
            answered_by(application),
            remedies=(remedies.set_up_ucwa(application.server), set_up_web_applications()),
        )
    if application.status >= 500:
        return OUTCOMES.finding(
            "server-error",
            f"UCWA at {host} fails with {outcome(application)}.",
            *_said(application),
            answered_by(application),
            "Others may fail only now and then, where one of several Front Ends is the broken one.",
            remedies=(remedies.restart_ucwa(application.server), reset_web_services(application.server)),
        )
    return OUTCOMES.finding(
        "unexpected",
        f"UCWA at {host} created no application: {outcome(application)}.",
        *_said(application),
        answered_by(application),
        remedies=(remedies.read_the_log(application.server),),
    )


def _not_tried(facts: Facts) -> Finding:
    session = facts.attempt.session
    if facts.product is Product.LYNC_2010:
        return OUTCOMES.finding("not-on-this-version", "Lync Server 2010 has no UCWA: its phones use Mcx.")
    if session is not None and session.has_ticket and session.token is None:
        return OUTCOMES.finding(
            "no-token",
            f"{facts.attempt.host} offers no OAuth token, without which this test cannot ask for an application.",
            "Phones may sign in with a web ticket all the same; try one.",
        )
    return OUTCOMES.finding(
        "not-seen",
        "No application was asked for, because no document or no token was there to ask with.",
        "“Phone sign-in” and “User document” tell why.",
        reason=Reason.MISSING_INPUT,
    )


def _created(attempt: Attempt, application: Exchange, deleted: Exchange | None) -> Finding:
    host, by = host_of(application.url), f" ({application.server})" if application.server else ""
    if deleted is not None and (200 <= deleted.status < 300 or deleted.status in {404, 410}):
        return OUTCOMES.finding(
            "created",
            f"UCWA at {host}{by} made {attempt.sip} an application and deleted it.",
            "The user's presence was not touched.",
        )
    said = f"DELETE was answered with {outcome(deleted)}." if deleted else "It names no address to delete it at."
    return OUTCOMES.finding(
        "not-deleted",
        f"UCWA at {host} made {attempt.sip} an application, but did not delete it.",
        said,
        *_said(deleted or application),
        "It ends by itself when nobody uses it. Users may meet this as applications that pile up.",
        remedies=(remedies.pass_delete_through(host),),
    )


def _says_no_longer_allowed(application: Exchange) -> bool:
    return "mobileapplicationnolongerallowed" in f"{application.error} {application.message}".lower()


def _said(exchange: Exchange) -> tuple[str, ...]:
    return tuple(filter(None, (exchange.failure, exchange.message)))


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    host, pool = phone.web_host(deployment) or "<web FQDN>", deployment.pool or "<pool>"
    return (
        f"curl.exe -i https://{host}/ucwa/v1/applications",
        "# Without a token 401 is right. With one, POST creates an application: this step does it, and deletes it.",
        f"Test-CsUcwaConference -TargetFqdn {pool}",
    )


STEP = Step(
    id="mobility.ucwa",
    title="UCWA",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why="Every phone since Lync 2013 Mobile works through UCWA: the first thing it does after the sign-in is to create an "
    "application there. A Front End whose UCWA fails is often seen by nothing else.",
    good="UCWA answers 201, and the application can be deleted. The user's presence is not changed by it.",
    by_hand=by_hand,
    acts=True,
    consent=phone.CONSENT,
)
