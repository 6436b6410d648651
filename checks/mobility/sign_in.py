"""Can the first user sign in as a phone does, with user name and password?"""

from checks.context import Context
from checks.deployment import Deployment
from checks.knowledge import links
from checks.knowledge.autodiscover import host_of
from checks.mobility import phone, windows_auth
from checks.mobility import sign_in_remedies as remedies
from checks.mobility.front_end_remedies import reset_web_services
from checks.mobility.phone import Attempt, answered_by, outcome
from checks.mobility.windows_auth_remedies import enable_windows_sign_in
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Status, Step
from checks.probes import Exchange, PhoneSession, Unanswered, Unreached, is_refusal

OUTCOMES = Outcomes(
    links.TEST_MOBILE_IM,
    Answer(name="signed-in", status=Status.OK, meaning="the user gets a web ticket, and a token where one is offered"),
    Answer(
        name="refused", status=Status.FAILED, meaning="the user name or the password is wrong, or the account is closed"
    ),
    Answer(
        name="account-of-another-user", status=Status.FAILED, meaning="the account does not belong to the SIP address"
    ),
    Answer(name="ticket-service-down", status=Status.FAILED, meaning="the web ticket service does not take requests"),
    Answer(
        name="ticket-service-error",
        status=Status.FAILED,
        meaning="the web ticket service answers with an error of its own",
    ),
    Answer(
        name="negotiate-refused",
        status=Status.WARNING,
        meaning="refused where Negotiate alone is offered, without NTLM",
    ),
    Answer(name="method-disabled", status=Status.WARNING, meaning="the service takes no passwords"),
    Answer(
        name="one-way-only", status=Status.WARNING, meaning="one of ticket and token is given, the other one is not"
    ),
    Answer(name="no-way-named", status=Status.WARNING, meaning="the user link does not say where to sign in"),
    Answer(
        name="passive", status=Status.NOT_APPLICABLE, meaning="users sign in through AD FS, not with a password here"
    ),
    Answer(
        name="without-passwords",
        status=Status.NOT_APPLICABLE,
        meaning="UseWindowsAuth is None, another sign-in is enabled",
    ),
    Answer(name="no-user", status=Status.UNKNOWN, meaning="no user was named"),
    Answer(name="no-password", status=Status.UNKNOWN, meaning="no password was given, or it was refused before"),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="the sign-in could not be tried"),
)

NOT_SIP_ENABLED = 28000
"""X-Ms-diagnostics of a user who was authenticated and is not enabled for Lync (MS-OCAUTHWS)."""
NOT_ALLOWED = 28029
TIME_SKEW = 1013
WINDOWS_PORT = "webticketservicewinnegotiate"


class Facts(Frozen, frozen=True):
    """The sign-in, and where it did not come through what the deployment is configured to offer."""

    attempt: Attempt
    offer: windows_auth.Facts | None = None


async def gather(context: Context) -> Facts:
    attempt = await phone.attempt(context)
    if attempt.session is None or _has_any(attempt.session):
        return Facts(attempt=attempt)
    return Facts(attempt=attempt, offer=await windows_auth.gather(context))


def judge(facts: Facts) -> Finding:
    reply = facts.attempt.reply
    match reply:
        case Unanswered():
            return _not_tried(facts.attempt, reply)
        case Unreached():
            return _not_seen(facts.attempt.host, reply.detail)
    tried = tuple(exchange for exchange in (reply.ticket, reply.token) if exchange)
    # A token says nothing of the SIP address: whose account it is comes out at the ticket.
    if mismatch := next(filter(_is_of_another_user, tried), None):
        return _of_another_user(facts.attempt, mismatch)
    if _has_any(reply):
        return _signed_in(facts.attempt, reply)
    if elsewhere := _signs_in_elsewhere(facts, reply):
        return elsewhere
    if refusal := next(filter(_turned_away, tried), None):
        return _refused(facts.attempt, refusal)
    if _takes_no_passwords(reply):
        return _method_disabled(facts, reply)
    return _by_the_service(facts.attempt, reply, tried)


def _has_any(session: PhoneSession) -> bool:
    return session.has_ticket or session.has_token


def _not_tried(attempt: Attempt, reply: Unanswered) -> Finding:
    if not attempt.sip:
        return OUTCOMES.finding(
            "no-user",
            "No user was named, so nobody could sign in.",
            "Name one in the form, or with --sip.",
            reason=Reason.MISSING_INPUT,
        )
    answer = "no-password" if reply.password_wanted else "not-seen"
    return OUTCOMES.finding(answer, reply.detail, reason=reply.reason, command=reply.command)


def _not_seen(host: str, *detail: str) -> Finding:
    return OUTCOMES.finding(
        "not-seen",
        f"{host} was not reached, so nobody could sign in there.",
        *detail,
        "“Ports”, “Certificates” and “Autodiscover” tell what is in the way.",
        reason=Reason.UNREACHABLE,
        command=f"curl.exe -i https://{host}/",
    )


def _signed_in(attempt: Attempt, session: PhoneSession) -> Finding:
    failed = session.token if session.has_ticket else session.ticket
    given, other = ("a web ticket", "OAuth token") if session.has_ticket else ("an OAuth token", "web ticket")
    if failed is None or (session.has_ticket and session.has_token):
        both = "a web ticket and an OAuth token" if session.has_ticket and session.has_token else given
        return OUTCOMES.finding(
            "signed-in", f"{attempt.user} signs in for {attempt.sip} as a phone does.", f"The server gave {both}."
        )
    if failed is session.token and not failed.credentials and session.passive_url:
        return OUTCOMES.finding(
            "signed-in",
            f"{attempt.user} signs in for {attempt.sip} with a web ticket; tokens are given in a browser.",
            f"Clients that want a token are sent to {host_of(session.passive_url)} (AD FS). Try it on a phone: the page must "
            "open there, and its certificate must be trusted.",
        )
    server = failed.server
    return OUTCOMES.finding(
        "one-way-only",
        f"{attempt.user} gets {given} from {host_of(failed.url)}, but no {other}: {outcome(failed)}.",
        *_said(failed),
        answered_by(failed),
        "Lync 2010 Mobile signs in with the ticket, newer clients with the token too: one kind may fail.",
        remedies=(remedies.read_the_log(server),),
    )


def _signs_in_elsewhere(facts: Facts, session: PhoneSession) -> Finding | None:
    """The finding where passwords are not meant to be taken here: that is no fault."""
    setting = windows_auth.in_force(facts.offer) if facts.offer else None
    if setting and setting.windows == "None" and setting.others:
        return OUTCOMES.finding(
            "without-passwords",
            f"Passwords are not taken, by UseWindowsAuth None in {setting.identity}, so this test does not apply.",
            f"Enabled instead: {', '.join(setting.others)}.",
        )
    ports = {name.lower() for name in session.metadata_ports}
    passive = any(name.startswith("wsfed") for name in ports) and WINDOWS_PORT not in ports
    if session.passive_url or passive:
        where = f" at {host}" if (host := host_of(session.passive_url)) else ""
        return OUTCOMES.finding(
            "passive",
            f"Users sign in through a browser page{where} (AD FS), so a test with a password does not apply.",
            "Try it on a phone: the page must open there, and its certificate must be trusted.",
        )
    return None


def _turned_away(exchange: Exchange) -> bool:
    """The password was turned down, or not even looked at because Negotiate alone was offered."""
    return is_refusal(exchange) or (exchange.status == 401 and exchange.schemes == ("negotiate",))


def _refused(attempt: Attempt, refusal: Exchange) -> Finding:
    host = host_of(refusal.url)
    skew = (
        (f"{TIME_SKEW} says that the clocks of client and server differ too much.",)
        if refusal.code == TIME_SKEW
        else ()
    )
    if refusal.schemes == ("negotiate",):
        return OUTCOMES.finding(
            "negotiate-refused",
            f"{host} refused {attempt.user}, and offers Negotiate without NTLM.",
            "The password may be right: without NTLM a computer outside the domain cannot always prove it.",
            *_said(refusal),
            *skew,
            remedies=(remedies.offer_ntlm(host), remedies.correct_the_account(attempt.sip, attempt.user)),
        )
    return OUTCOMES.finding(
        "refused",
        f"{host} refused the sign-in of {attempt.user}.",
        f"It took the name and the password, and turned them down: {outcome(refusal)}.",
        *_said(refusal),
        *skew,
        "It was tried once. “Users enabled” shows the user principal name, “Windows sign-in” what the server offers.",
        remedies=(remedies.correct_the_account(attempt.sip, attempt.user),),
    )


def _is_of_another_user(exchange: Exchange) -> bool:
    """The password was right, and its owner is not who was asked for.

    Of the trust fault no number is documented: it is known by its reason, which is about the SIP URI.
    """
    fault = bool(exchange.error) and exchange.credentials and "sip uri" in exchange.message.lower()
    return fault or (exchange.status == 403 and exchange.code == NOT_SIP_ENABLED)


def _of_another_user(attempt: Attempt, exchange: Exchange) -> Finding:
    why = (
        "That account is not enabled for Lync at all." if exchange.code == NOT_SIP_ENABLED else "It is another user's."
    )
    return OUTCOMES.finding(
        "account-of-another-user",
        f"The account {attempt.user} does not belong to {attempt.sip}.",
        f"Its password was accepted at {host_of(exchange.url)}. {why}",
        *_said(exchange),
        remedies=(remedies.take_the_own_account(attempt.sip),),
    )


def _takes_no_passwords(session: PhoneSession) -> bool:
    tried = (session.ticket, session.token)
    if any(one and (one.error == "unsupported_grant_type" or one.code == NOT_ALLOWED) for one in tried):
        return True
    ports = {name.lower() for name in session.metadata_ports}
    return (
        bool(ports)
        and WINDOWS_PORT not in ports
        and not {"password", "urn:microsoft.rtc:windows"} & set(session.grants)
    )


def _method_disabled(facts: Facts, session: PhoneSession) -> Finding:
    setting = windows_auth.in_force(facts.offer) if facts.offer else None
    exchange = session.token or session.ticket or session.metadata
    off = setting is not None and setting.windows == "None"
    return OUTCOMES.finding(
        "method-disabled",
        f"{host_of(exchange.url) if exchange else facts.attempt.host} takes no passwords of users.",
        f"It answers {outcome(exchange)}."
        if exchange and exchange is not session.metadata
        else "It offers no such port.",
        "Where users sign in with certificates or in a browser on purpose, that is right.",
        *((f"UseWindowsAuth is {setting.windows or 'not shown'} in {setting.identity}.",) if setting else ()),
        remedies=(enable_windows_sign_in(setting.identity) if setting and off else remedies.allow_passwords(),),
    )


_DOWN = frozenset({0, 502, 503, 504})
_ANOTHER_STEP = frozenset({"no-such-name", "no-address", "no-route", "certificate", "handshake"})


def _by_the_service(attempt: Attempt, session: PhoneSession, tried: tuple[Exchange, ...]) -> Finding:
    """Neither the user nor the way was turned down: what the service itself did."""
    broken = [one for one in (*tried, session.metadata) if one and not 200 <= one.status < 300]
    if not broken:
        return _no_way_named(attempt, session)
    exchange = broken[0]
    host = host_of(exchange.url)
    if not exchange.status and (exchange.kind is None or exchange.kind in _ANOTHER_STEP):
        return _not_seen(host, exchange.failure)
    if exchange.status in _DOWN:
        return OUTCOMES.finding(
            "ticket-service-down",
            f"The web ticket service at {host} is down: {outcome(exchange)}.",
            *_said(exchange),
            *((answered_by(exchange),) if exchange.status else ()),
            remedies=(remedies.start_ticket_service(exchange.server), reset_web_services(exchange.server)),
        )
    return OUTCOMES.finding(
        "ticket-service-error",
        f"The web ticket service at {host} fails with {outcome(exchange)}.",
        *_said(exchange),
        answered_by(exchange),
        "The password was neither accepted nor refused.",
        remedies=(remedies.read_the_log(exchange.server), reset_web_services(exchange.server)),
    )


def _no_way_named(attempt: Attempt, session: PhoneSession) -> Finding:
    asked = session.unauthenticated or session.challenge or session.root
    if asked is None or (not asked.status and asked.kind in _ANOTHER_STEP):
        return _not_seen(attempt.host, *((asked.failure,) if asked else ()))
    if session.unauthenticated is None and session.challenge is None:
        return OUTCOMES.finding(
            "not-seen",
            f"Autodiscover at {attempt.host} names no link to sign in at ({outcome(asked)}).",
            *((asked.failure,) if asked.failure else ()),
            "“Autodiscover” judges what it answers.",
            reason=Reason.MISSING_INPUT if asked.status else Reason.UNREACHABLE,
            command=f"curl.exe -i https://{attempt.host}/Autodiscover/AutodiscoverService.svc/root",
        )
    return OUTCOMES.finding(
        "no-way-named",
        f"The user link at {host_of(asked.url)} does not say where to sign in: {outcome(asked)}.",
        "A Lync server answers 401 with X-MS-WebTicketURL, or with MsRtcOAuth in WWW-Authenticate.",
        answered_by(asked),
        remedies=(remedies.pass_headers_through(host_of(asked.url)),),
    )


def _said(exchange: Exchange) -> tuple[str, ...]:
    said = (f"The server says: {exchange.message}",) if exchange.message else ()
    return (*((exchange.failure,) if exchange.failure else ()), *said)


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    sip = next(iter(deployment.users), "sip:<user>@<domain>")
    host = phone.web_host(deployment) or "<web FQDN>"
    return (
        f"# On a phone, or in a browser: https://{host}/WebTicket/WebTicketService.svc asks for a user name and password.",
        f"Test-CsClientAuthentication -TargetFqdn {deployment.pool or '<pool>'} -UserSipAddress {sip} "
        "-UserCredential (Get-Credential)",
        f"Get-CsUser -Identity {sip} | Select-Object SamAccountName,UserPrincipalName,Enabled",
    )


STEP = Step(
    id="mobility.sign-in",
    title="Phone sign-in",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why="Phones say the same for a wrong password, an account of somebody else and a server that takes no passwords. Here "
    "the user signs in once, as a phone does, and the server's own answer tells which it is.",
    good="The web ticket service gives the user a ticket, and an OAuth token where it offers one.",
    by_hand=by_hand,
    acts=True,
    consent=phone.CONSENT,
)
