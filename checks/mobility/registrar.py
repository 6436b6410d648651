"""Can the users register and exchange a message, without mobility?"""

from checks.context import Context
from checks.deployment import Deployment
from checks.knowledge import links
from checks.knowledge.powershell import quote
from checks.knowledge.shell_answers import not_seen
from checks.knowledge.synthetic_output import Outcome, is_refusal
from checks.mobility import registrar_remedies as remedies
from checks.mobility import two_users, windows_auth
from checks.mobility.two_users import Pair
from checks.mobility.windows_auth_settings import PASSIVE
from checks.model import Answer, Consent, Finding, Frozen, Outcomes, Reason, Status, Step
from checks.server_tests import Ran, run

OUTCOMES = Outcomes(
    links.cmdlet("Test-CsRegistration"),
    Answer(name="registered", status=Status.OK, meaning="the first user registers, and a message reaches the second"),
    Answer(name="refused", status=Status.FAILED, meaning="the registrar refuses the user or the password"),
    Answer(name="unreachable", status=Status.FAILED, meaning="no connection to the registrar's port"),
    Answer(name="time-out", status=Status.FAILED, meaning="the registrar waited in vain for another server (504)"),
    Answer(name="message-lost", status=Status.FAILED, meaning="users register, and no message passes between them"),
    Answer(name="failed-otherwise", status=Status.FAILED, meaning="it failed of something else, which is shown"),
    Answer(
        name="without-passwords",
        status=Status.NOT_APPLICABLE,
        meaning="users sign in with certificates or in a browser, so a test with passwords cannot pass",
    ),
    Answer(name="other-account", status=Status.UNKNOWN, meaning="the account belongs to another SIP address; not run"),
    *two_users.NOT_RUN,
)

_REFUSING = frozenset({1003, 4002, 4003, 4004, 4005, 4006})
"""Of ms-diagnostics: the user is unknown here, not enabled, not allowed, or somebody else."""
_NO_CONNECTION = frozenset({10060, 10061, 11001, 11004})


class Facts(Frozen, frozen=True):
    """Who was to register, and what came of it."""

    users: Pair
    registration: Ran | None = None
    message: Ran | None = None
    """Tried only where the first user registered."""
    offer: windows_auth.Facts | None = None
    """Where a password was refused, what the pool's web services are configured to take."""


async def gather(context: Context) -> Facts:
    users = await two_users.pair(context)
    if not users.can_sign_in:
        return Facts(users=users)
    sender, receiver = users.people
    first, second = two_users.logins(users)
    registration = await run(
        context, "Test-CsRegistration", TargetFqdn=users.pool, UserSipAddress=sender.sip, UserCredential=first
    )
    if not registration.passed:
        is_refused = registration.failed is not None and is_refusal(registration.failed)
        offer = await windows_auth.gather(context) if is_refused else None
        return Facts(users=users, registration=registration, offer=offer)
    message = await run(
        context,
        "Test-CsIM",
        TargetFqdn=users.pool,
        SenderSipAddress=sender.sip,
        SenderCredential=first,
        ReceiverSipAddress=receiver.sip,
        ReceiverCredential=second,
    )
    return Facts(users=users, registration=registration, message=message)


def judge(facts: Facts) -> Finding:
    if facts.registration is None:
        return _not_run(facts.users)
    for ran in filter(None, (facts.registration, facts.message)):
        if not ran.passed:
            return _not_passed(facts, ran)
    sender, receiver = facts.users.people
    return OUTCOMES.finding(
        "registered",
        f"{sender.sip} registers in {facts.users.pool}, and a message reaches {receiver.sip}.",
        "So where “Server's own test” failed, the fault lies in the mobility layer above the registrar.",
    )


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
            "“Server's own test” says whose it is, and what to do.",
            reason=Reason.MISSING_INPUT,
        )
    if unnamed := users.unnamed:
        return OUTCOMES.finding("not-seen", unnamed.detail, reason=unnamed.reason)
    return OUTCOMES.finding(
        "not-seen",
        "The users' pool is not known, so there was nowhere to register.",
        reason=Reason.MISSING_INPUT,
        command="Get-CsPool",
    )


def _not_passed(facts: Facts, ran: Ran) -> Finding:
    pool, seen = facts.users.pool, ran.outcome
    if ran.password_wanted and ran.unseen:
        return OUTCOMES.finding("no-password", ran.unseen.detail, reason=ran.unseen.reason, command=ran.unseen.command)
    if ran.unseen is not None:
        return not_seen(OUTCOMES, ran.unseen, f"{ran.cmdlet} could not be run")
    if seen is not None and seen.no_test_users:
        return OUTCOMES.finding(
            "no-test-users",
            f"{pool} has no test users of its own, and the test was run without naming any.",
            "That is no fault: run it with two users and their passwords.",
            reason=Reason.MISSING_INPUT,
        )
    if seen is None or seen.passed is None:
        return OUTCOMES.finding(
            "not-seen",
            f"What {ran.cmdlet} brought shows no result that can be read.",
            *(seen.lines() if seen else ()),
            reason=Reason.MISSING_INPUT,
        )
    return _failed(facts, ran.cmdlet, seen)


_CORE = (
    "If “Server's own test” failed too, the fault lies in the core that both rest on: registrar, its databases, Active "
    "Directory."
)


def _failed(facts: Facts, cmdlet: str, seen: Outcome) -> Finding:
    pool, sender = facts.users.pool, facts.users.people[0]
    if seen.winsock in _NO_CONNECTION:
        where = f" at {seen.address}" if seen.address else ""
        return OUTCOMES.finding(
            "unreachable",
            f"{cmdlet} could not reach the registrar of {pool}{where} ({seen.winsock}).",
            *seen.lines(),
            _CORE,
            remedies=(remedies.reach_the_registrar(pool, seen.address),),
        )
    if facts.message is not None:
        return _message_lost(facts, cmdlet, seen)
    setting = windows_auth.in_force(facts.offer) if facts.offer else None
    if setting and (setting.windows == "None" or PASSIVE in setting.others):
        instead = ", ".join(setting.others) or "nothing that was shown"
        return OUTCOMES.finding(
            "without-passwords",
            f"The registrar of {pool} takes no passwords, and neither do its web services, by {setting.identity}.",
            f"Enabled there: {instead}. Where users come with certificates or through AD FS on purpose, that is right.",
            "What the registrar takes is told by Get-CsProxyConfiguration.",
        )
    if seen.code in _REFUSING or is_refusal(seen):
        why = f" ({seen.code}{f': {seen.reason}' if seen.reason else ''})" if seen.code else ""
        return OUTCOMES.finding(
            "refused",
            f"The registrar of {pool} refuses {sender.user} for {sender.sip}{why}.",
            "If “Phone sign-in” passed, the password is right: the web services take it, and SIP does not.",
            *seen.lines(),
            _CORE,
            remedies=(remedies.see_the_account(sender, pool),),
        )
    if seen.status == _TIMED_OUT:
        return OUTCOMES.finding(
            "time-out",
            f"The registrar of {pool} waited in vain for another server (504).",
            *seen.lines(),
            _CORE,
            remedies=(remedies.see_the_servers(pool),),
        )
    return OUTCOMES.finding(
        "failed-otherwise",
        f"{cmdlet} failed in {pool}{f' ({seen.status})' if seen.status else ''}.",
        *seen.lines(),
        _CORE,
        remedies=(remedies.see_the_servers(pool),),
    )


_TIMED_OUT = 504


def _message_lost(facts: Facts, cmdlet: str, seen: Outcome) -> Finding:
    sender, receiver = facts.users.people
    return OUTCOMES.finding(
        "message-lost",
        f"{sender.sip} registers, but no message passes to {receiver.sip}{f' ({seen.status})' if seen.status else ''}.",
        f"The registrar refused {receiver.user} for {receiver.sip}."
        if seen.code in _REFUSING or is_refusal(seen)
        else f"{cmdlet} registers both; the account or the pool of the second may be why.",
        *seen.lines(),
        remedies=(remedies.see_the_account(receiver, facts.users.pool), remedies.see_the_servers(facts.users.pool)),
    )


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    sender, receiver = (deployment.account_of(account) for account in two_users.ACCOUNTS)
    first, second = (*deployment.users, "sip:<user>@<domain>", "sip:<other>@<domain>")[:2]
    target = f"-TargetFqdn {deployment.pool or '<pool>'}"
    return (
        f"$first = Get-Credential {quote(sender or '<account>')}",
        f"$second = Get-Credential {quote(receiver or '<other account>')}",
        f"Test-CsRegistration {target} -UserSipAddress {quote(first)} -UserCredential $first -Verbose",
        f"Test-CsIM {target} -SenderSipAddress {quote(first)} -SenderCredential $first "
        f"-ReceiverSipAddress {quote(second)} -ReceiverCredential $second -Verbose",
    )


def _says(deployment: Deployment) -> str:
    sender, receiver = two_users.named(deployment)
    return (
        f"The server registers {sender} in {deployment.pool or 'their pool'}, then {receiver} too, and sends one test "
        "message from the first to the second. Both are signed out again."
    )


STEP = Step(
    id="mobility.registrar",
    title="Registrar",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why="Mobility rests on the same registrar as every other client. If the users cannot register at a computer either, "
    "the fault lies below mobility; if they can, it lies in mobility itself.",
    good="Test-CsRegistration and Test-CsIM both say Success.",
    by_hand=by_hand,
    limit=150.0,
    acts=True,
    consent=Consent(deed="registrar", accounts=two_users.ACCOUNTS, says=_says),
)
