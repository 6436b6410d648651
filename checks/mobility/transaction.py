"""Does the server's own test of mobility pass, with both users signed in?"""

from checks.context import Context
from checks.deployment import Deployment, Product
from checks.knowledge import links
from checks.knowledge.powershell import quote
from checks.knowledge.shell_answers import not_seen
from checks.knowledge.synthetic_output import Outcome, is_refusal, offers_too_little
from checks.mobility import transaction_remedies as remedies
from checks.mobility import two_users, windows_auth
from checks.mobility.two_users import Pair
from checks.model import Answer, Consent, Finding, Frozen, Outcomes, Reason, Status, Step
from checks.server_test_remedies import name_the_pool, replicate
from checks.server_tests import Ran

OUTCOMES = Outcomes(
    links.TEST_MOBILE_IM,
    Answer(name="passed", status=Status.OK, meaning="both users signed in, and the test of mobility passed"),
    Answer(
        name="other-account", status=Status.FAILED, meaning="the account that was named belongs to another SIP address"
    ),
    Answer(name="credentials", status=Status.FAILED, meaning="a user name or password was refused"),
    Answer(name="schemes-differ", status=Status.WARNING, meaning="the server does not offer the sign-in of the test"),
    Answer(name="web-ticket-silent", status=Status.FAILED, meaning="the web ticket service inside did not answer"),
    Answer(name="user-not-enabled", status=Status.FAILED, meaning="the pool's own database does not know a user"),
    Answer(name="dns-missing", status=Status.FAILED, meaning="where the test ran, the pool's name has no address"),
    Answer(name="registrar-unreachable", status=Status.FAILED, meaning="no connection to the registrar's port"),
    Answer(name="failed-otherwise", status=Status.FAILED, meaning="it failed of something else, which is shown"),
    Answer(name="wrong-target", status=Status.WARNING, meaning="the test did not find the pool in the topology"),
    Answer(
        name="without-passwords",
        status=Status.NOT_APPLICABLE,
        meaning="UseWindowsAuth is None, so a test with passwords cannot pass",
    ),
    *two_users.NOT_RUN,
)

_UNKNOWN_USER = frozenset({1003, 4005, 4006})
_NO_NAME = frozenset({11001, 11004})
_NO_CONNECTION = frozenset({10060, 10061})
_WEB_PORTS = frozenset({0, 80, 443, 4443, 8080})
"""Ports that are not the registrar's; 0 where none was told."""


class Facts(Frozen, frozen=True):
    """Who was to sign in, what came of it, and where it failed what the deployment is configured to offer."""

    users: Pair
    ran: Ran | None = None
    offer: windows_auth.Facts | None = None


async def gather(context: Context) -> Facts:
    users = await two_users.pair(context)
    if not users.can_sign_in:
        return Facts(users=users)
    ran = await two_users.transaction(context, users)
    if ran.failed is None or ran.failed.status != _UNAUTHORIZED:
        return Facts(users=users, ran=ran)
    return Facts(users=users, ran=ran, offer=await windows_auth.gather(context))


_UNAUTHORIZED = 401


def judge(facts: Facts) -> Finding:
    users, ran = facts.users, facts.ran
    if ran is None:
        return _not_run(users)
    seen = ran.outcome
    if ran.password_wanted and ran.unseen:
        return OUTCOMES.finding("no-password", ran.unseen.detail, reason=ran.unseen.reason, command=ran.unseen.command)
    if ran.unseen is not None:
        return not_seen(OUTCOMES, ran.unseen, f"{ran.cmdlet} could not be run")
    if seen is None or (seen.passed is None and not seen.no_test_users and not seen.no_such_pool):
        return OUTCOMES.finding(
            "not-seen",
            f"What {ran.cmdlet} brought shows no result that can be read.",
            *(seen.lines() if seen else ()),
            reason=Reason.MISSING_INPUT,
        )
    if seen.passed:
        sender, receiver = users.people
        return OUTCOMES.finding(
            "passed",
            f"{ran.cmdlet} passed in {users.pool}.",
            f"{sender.sip} signed in as {sender.user}, {receiver.sip} as {receiver.user}.",
        )
    return _failed(facts, ran.cmdlet, seen)


def _not_run(users: Pair) -> Finding:
    if users.unseen is not None and users.unseen.seat_has_no_shell:
        return not_seen(OUTCOMES, users.unseen, "")
    if not users.people:
        return OUTCOMES.finding(
            "no-users",
            "The test takes two users, and two were not named.",
            "Name the second one in the form, or with --sip once more.",
            reason=Reason.MISSING_INPUT,
        )
    if wrong := next((person for person in users.people if person.signs_in_as_another), None):
        return OUTCOMES.finding(
            "other-account",
            f"{wrong.user} is not the account of {wrong.sip}, so nobody was signed in.",
            f"Get-CsUser shows {wrong.account_name or '?'} and {wrong.principal_name or '?'} for that address.",
            "The server takes a password for the account's own SIP address only, on the phone as here.",
            remedies=(remedies.take_the_own_account(wrong),),
        )
    if unnamed := users.unnamed:
        return OUTCOMES.finding("not-seen", unnamed.detail, reason=unnamed.reason)
    return OUTCOMES.finding(
        "not-seen",
        "The users' pool is not known, so there was nothing to test.",
        reason=Reason.MISSING_INPUT,
        command="Get-CsPool",
    )


def _failed(facts: Facts, cmdlet: str, seen: Outcome) -> Finding:
    users = facts.users
    pool = users.pool
    if seen.no_test_users:
        return OUTCOMES.finding(
            "no-test-users",
            f"{pool} has no test users of its own, and the test was run without naming any.",
            "That is no fault: run it with two users and their passwords.",
            reason=Reason.MISSING_INPUT,
        )
    if seen.no_such_pool:
        return OUTCOMES.finding(
            "wrong-target",
            f"{cmdlet} did not find {pool} among the pools of the topology.",
            *seen.lines(),
            remedies=(name_the_pool(), replicate()),
        )
    if seen.winsock in _NO_NAME:
        return OUTCOMES.finding(
            "dns-missing",
            f"Where {cmdlet} ran, {pool} has no address ({seen.winsock}).",
            "The test asks the DNS servers of the machine that runs the shell, “Ports” those of this computer. Where “Ports” "
            "finds the name, look at that machine first.",
            *seen.lines(),
            remedies=(remedies.compare_name_servers(pool), remedies.add_address(pool)),
        )
    if seen.winsock in _NO_CONNECTION and seen.port not in _WEB_PORTS:
        return OUTCOMES.finding(
            "registrar-unreachable",
            f"{cmdlet} could not reach the registrar of {pool} at {seen.address} ({seen.winsock}).",
            "“Ports” and “Services” look at the same port and its service, as far as they are seen from here.",
            *seen.lines(),
            remedies=(remedies.open_registrar(pool, seen.address),),
        )
    if seen.code in _UNKNOWN_USER:
        return _user_not_enabled(users, cmdlet, seen)
    return _by_sign_in(facts, cmdlet, seen)


def _user_not_enabled(users: Pair, cmdlet: str, seen: Outcome) -> Finding:
    people = " or ".join(person.sip for person in users.people)
    elsewhere = (person for person in users.people if person.pool and person.pool != users.pool)
    return OUTCOMES.finding(
        "user-not-enabled",
        f"{users.pool} does not know {people}, or not as enabled ({seen.code}).",
        *(
            f"{person.sip} is homed in {person.pool}: try the test with two users of {users.pool}."
            for person in elsewhere
        ),
        "If “Users enabled” is satisfied, Active Directory has the user and the pool's own database has not.",
        *seen.lines(),
        remedies=(remedies.replicate_users(), remedies.run_verbosely(cmdlet, users.pool)),
    )


def _by_sign_in(facts: Facts, cmdlet: str, seen: Outcome) -> Finding:
    users, pool = facts.users, facts.users.pool
    setting = windows_auth.in_force(facts.offer) if facts.offer else None
    if setting and setting.windows == "None":
        return OUTCOMES.finding(
            "without-passwords",
            f"Passwords are not taken, by UseWindowsAuth None in {setting.identity}, so this test does not apply.",
            f"Enabled instead: {', '.join(setting.others) or 'nothing that was shown'}. “Windows sign-in” judges that.",
        )
    server = seen.server or pool
    if offers_too_little(seen):
        offered = " and ".join(_PROPER.get(scheme, scheme.capitalize()) for scheme in seen.offered)
        return OUTCOMES.finding(
            "schemes-differ",
            f"{server} offers {f'{offered} alone' if offered else 'no sign-in'}, and the test signs in by NTLM.",
            "Inside the pool, as the external web FQDN may offer another: “Windows sign-in” looks there.",
            *seen.lines(),
            remedies=(remedies.offer_ntlm(server),),
        )
    if is_refusal(seen):
        return OUTCOMES.finding(
            "credentials",
            f"{server} refused the user name or password of one of the two users.",
            *(f"{person.user} for {person.sip}" for person in users.people),
            "If “Phone sign-in” passed, it is the second user: the first one's password is right.",
            "A 401 with headers usually means just that. “Mobility policy” and “Windows sign-in” come next, if both are right.",
            *seen.lines(),
            remedies=(remedies.correct_the_accounts(users.people),),
        )
    if seen.about_ticket and not seen.has_headers and not seen.status:
        return OUTCOMES.finding(
            "web-ticket-silent",
            f"The web ticket service inside {pool} did not answer.",
            "Without headers in the diagnosis nobody answered: the password was not even looked at.",
            *seen.lines(),
            remedies=(remedies.restart_internal_web_site(pool),),
        )
    return OUTCOMES.finding(
        "failed-otherwise",
        f"{cmdlet} failed in {pool}{_with(seen)}.",
        *seen.lines(),
        *_hint(seen),
        remedies=(remedies.run_verbosely(cmdlet, pool),),
    )


_PROPER = {"ntlm": "NTLM", "msrtcoauth": "MsRtcOAuth"}


def _with(seen: Outcome) -> str:
    numbers = ", ".join(str(number) for number in (seen.status, seen.code, seen.winsock) if number)
    return f" ({numbers})" if numbers else ""


_BEARS_ON_IT = {
    403: "“Mobility policy” tells whether mobility is allowed to both users.",
    404: "“Web applications” tells whether the service is installed on each Front End.",
    500: "“Web applications” asks the same service on each Front End.",
    503: "“Web applications” asks the same service on each Front End.",
    504: "A time-out behind the service: the network between the servers, or the Edge. “Registrar” tests less of the way.",
}


def _hint(seen: Outcome) -> tuple[str, ...]:
    """Which other step bears on it."""
    hint = _BEARS_ON_IT.get(seen.status)
    return (hint,) if hint else ()


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    sender, receiver = (deployment.account_of(account) for account in two_users.ACCOUNTS)
    first, second = (*deployment.users, "sip:<user>@<domain>", "sip:<other>@<domain>")[:2]
    target = f"-TargetFqdn {deployment.pool or '<pool>'}"
    credentials = (
        f"$first = Get-Credential {quote(sender or '<account>')}",
        f"$second = Get-Credential {quote(receiver or '<other account>')}",
    )
    if deployment.product is not None and not deployment.product.has_mcx_and_xmpp:
        return (
            *credentials,
            f"Test-CsUcwaConference {target} -OrganizerSipAddress {quote(first)} -OrganizerCredential $first "
            f"-ParticipantSipAddress {quote(second)} -ParticipantCredential $second -Verbose",
        )
    way = "" if deployment.product is Product.LYNC_2010 else " -Authentication Negotiate"
    return (
        *credentials,
        f"Test-CsMcxP2PIM {target}{way} -SenderSipAddress {quote(first)} -SenderCredential $first "
        f"-ReceiverSipAddress {quote(second)} -ReceiverCredential $second -Verbose",
        "# From 2019 on it is Test-CsUcwaConference, with Organizer and Participant in place of Sender and Receiver.",
    )


def _says(deployment: Deployment) -> str:
    sender, receiver = two_users.named(deployment)
    return (
        f"The server signs in as {sender} and {receiver} in {deployment.pool or 'their pool'} and runs its own test of "
        "mobility. No message reaches anybody, and both are signed out again."
    )


STEP = Step(
    id="mobility.test-transaction",
    title="Server's own test",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why="Test-CsMcxP2PIM, and from 2019 on Test-CsUcwaConference, signs in two users on the server itself. If it passes, "
    "the pool is well, and what fails for a phone lies on the way to it; if it fails, it says of what.",
    good="Result is Success. Each of the two accounts is that of its own SIP address.",
    by_hand=by_hand,
    limit=90.0,
    acts=True,
    consent=Consent(deed="transaction", accounts=two_users.ACCOUNTS, says=_says),
)
