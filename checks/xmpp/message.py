"""Does the server's own test send a message to the partner's user?"""

from checks.accounts import nobody_named, person
from checks.context import Context
from checks.deployment import Deployment, Product, Vantage
from checks.knowledge.lync_objects import Properties, text
from checks.knowledge.powershell import quote
from checks.knowledge.products import product_in, release
from checks.knowledge.shell_answers import not_seen
from checks.knowledge.synthetic_output import Outcome
from checks.model import Consent, Finding, Reason, Step
from checks.probes import Objects, Unanswered
from checks.server_tests import run
from checks.xmpp import message_remedies as remedies
from checks.xmpp.message_answers import CMDLET, OUTCOMES, Facts
from checks.xmpp.message_failures import failed, not_begun
from checks.xmpp.seats import of_deployment

_TEST_USERS = "Get-CsHealthMonitoringConfiguration"


async def gather(context: Context) -> Facts:
    deployment = context.deployment
    receiver = deployment.receiver
    if not receiver:
        return Facts()
    product = deployment.product or product_in(await context.invoke("Get-CsServerVersion"))
    if not deployment.users:
        return await _as_test_user(context, receiver, product)
    sip = deployment.users[0]
    nobody = of_deployment(await context.invoke("Get-CsUser", Identity=sip), deployment)
    if nobody is not None and nobody.seat_has_no_shell:
        # What does not even know its users cannot test them: on the Edge the test would fail of that alone.
        return Facts(receiver=receiver, product=product, pool=deployment.pool, unseen=nobody)
    sender = await person(context, "sender", sip)
    pool = sender.pool or deployment.pool
    facts = Facts(receiver=receiver, product=product, sender=sender, pool=pool)
    if not pool or sender.signs_in_as_another or sender.is_unknown:
        return facts
    ran = await run(
        context,
        CMDLET,
        TargetFqdn=pool,
        Receiver=receiver,
        UserSipAddress=sip,
        UserCredential=context.login("sender", sender.user),
    )
    return Facts(receiver=receiver, product=product, sender=sender, pool=pool, ran=ran)


async def _as_test_user(context: Context, receiver: str, product: Product | None) -> Facts:
    """The test as the documents show it first. It is run only where the pool is known to have test users."""
    pool = context.deployment.pool
    answer = await context.invoke(_TEST_USERS)
    users, unseen = _test_users(answer, pool), of_deployment(answer, context.deployment)
    ran = await run(context, CMDLET, TargetFqdn=pool, Receiver=receiver) if pool and users else None
    return Facts(receiver=receiver, product=product, pool=pool, users=users, unseen=unseen, ran=ran)


def _test_users(answer: Objects | Unanswered, pool: str) -> tuple[str, ...] | None:
    """Those of the pool; None where the configurations were not shown."""
    if isinstance(answer, Unanswered) or (answer.errors and not answer.objects):
        return None
    own = (one for one in answer.objects if pool.lower() in _pools(one))
    names = (text(one, f"{which}TestUserSipUri") for one in own for which in ("First", "Second"))
    return tuple(filter(None, names))


def _pools(configuration: Properties) -> set[str]:
    return {text(configuration, name).lower() for name in ("Identity", "TargetFqdn")}


def judge(facts: Facts) -> Finding:
    if not facts.receiver:
        return OUTCOMES.finding(
            "no-receiver",
            "No user of the partner was named, so no test message was sent.",
            "Name one with --sip once more, or in the form: the first is the Lync user, the second the partner's.",
            "The partner's domain has to be an allowed partner (see “Allowed partner”).",
        )
    ran = facts.ran
    if ran is None:
        return _not_run(facts)
    seen = ran.outcome
    if seen is not None and seen.passed:
        return _passed(facts, seen)
    if seen is not None and seen.bad_parameter:
        return not_begun(facts, ran)
    if seen is not None and seen.no_test_users:
        return _no_test_users(facts)
    if ran.password_wanted and ran.unseen:
        return OUTCOMES.finding("no-password", ran.unseen.detail, reason=ran.unseen.reason, command=ran.unseen.command)
    if facts.product is not None and not release(facts.product).has_xmpp:
        return _not_on_this_version(facts.product)
    if ran.unseen is not None:
        return not_seen(OUTCOMES, ran.unseen, f"{CMDLET} could not be run")
    if seen is None or (seen.passed is None and not seen.no_such_pool):
        return OUTCOMES.finding(
            "not-seen",
            f"What {CMDLET} brought shows no result that can be read.",
            *(seen.lines() if seen else ()),
            reason=Reason.MISSING_INPUT,
        )
    return failed(facts, seen)


def _not_run(facts: Facts) -> Finding:
    sender = facts.sender
    if sender is not None and sender.signs_in_as_another:
        return OUTCOMES.finding(
            "other-account",
            f"{sender.user} is not the account of {sender.sip}, so nobody was signed in and nothing was sent.",
            f"Get-CsUser shows {sender.account_name or '?'} and {sender.principal_name or '?'} for that address.",
            "UserSipAddress and UserCredential have to be of the same account.",
            remedies=(remedies.take_the_own_account(sender),),
        )
    if sender is not None and sender.is_unknown:
        unnamed = nobody_named(sender.sip, "sender")
        return OUTCOMES.finding("not-seen", unnamed.detail, reason=unnamed.reason)
    if facts.unseen is not None:
        return not_seen(OUTCOMES, facts.unseen, "Whether the pool has test users to send from could not be seen")
    if not facts.pool:
        return OUTCOMES.finding(
            "not-seen",
            "The user's pool is not known, so there was nothing to test.",
            reason=Reason.MISSING_INPUT,
            command="Get-CsPool",
        )
    if facts.users == ():
        return _no_test_users(facts)
    return OUTCOMES.finding(
        "not-seen", f"{CMDLET} was not run.", reason=Reason.MISSING_INPUT, command=f"{CMDLET} -TargetFqdn {facts.pool}"
    )


def _no_test_users(facts: Facts) -> Finding:
    return OUTCOMES.finding(
        "no-test-users",
        f"{facts.pool or 'The pool'} has no test users of its own, and no Lync user was named.",
        "That is no fault: name a Lync user with --sip, and the test signs in as that one.",
        "For the daily test without a password, New-CsHealthMonitoringConfiguration gives the pool two test users.",
        remedies=(remedies.define_test_users(facts.pool),),
        reason=Reason.MISSING_INPUT,
        command=_TEST_USERS,
    )


def _not_on_this_version(product: Product) -> Finding:
    return OUTCOMES.finding(
        "not-on-this-version",
        f"{product.full_name} has no XMPP federation, so {CMDLET} tells nothing there.",
        "The cmdlet may still be there in later versions.",
    )


def _passed(facts: Facts, seen: Outcome) -> Finding:
    receiver, sender = facts.receiver, facts.writer
    return OUTCOMES.finding(
        "passed",
        f"A message from {sender} to {receiver} went out through {facts.pool}.",
        f"Success tells of this one way alone: ask {receiver} whether it came, and have it answered.",
        *(
            ("The test did not find the pool in the topology and took the usual port of the registrar.",)
            if seen.no_such_pool
            else ()
        ),
        *_ONE_WAY,
    )


_ONE_WAY = (
    "If no answers come, the partner does not reach you: see “XMPP DNS”, “XMPP ports” and “Stream to the Edge” from outside.",
    "If messages pass and presence does not, see the partner's type in “Allowed partner”.",
)
"""What may still fail one way once the test passed."""


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    sip = next(iter(deployment.users), "sip:<user>@<domain>")
    target = f"{CMDLET} -TargetFqdn {deployment.pool or '<pool>'}"
    receiver = quote(deployment.receiver) if deployment.receiver else f"<user>@{deployment.partner or '<partner>'}"
    return (
        f"$credential = Get-Credential {quote(deployment.account_of('sender') or '<account>')}",
        f"{target} -Receiver {receiver} -UserSipAddress {quote(sip)} -UserCredential $credential -OutLoggerVariable log",
        "# Result has to be Success. $log.ToHTML() tells every stage. The documents recommend to run it daily.",
        "# UserSipAddress and UserCredential are the same person's. The receiver is named without “sip:”, and the domain "
        "is that of an allowed partner.",
        "# Without user and credential the pool needs test users of its own:",
        _TEST_USERS,
        f"{target} -Receiver {receiver}",
        "# If it fails with optional parameters, run it again without them.",
        "# 10060 or 10061 with port 5061 is the registrar, and not XMPP; “No matching cluster found in topology” is the "
        "name of the pool. Any other Failure is the XMPP gateway: “Services”, “XMPP route”, “Gateway settings”.",
        "# Then try the other way: have the partner's user write to the Lync user.",
        *(f"# {line}" for line in _ONE_WAY),
        "# Answers come, and messages do not go out: see “Access policy”, “Partner DNS” and “Partner ports”.",
    )


def _says(deployment: Deployment) -> str:
    sender = deployment.account_of("sender") or "a test user of the pool"
    return (
        f"The server signs in as {sender} in {deployment.pool or 'their pool'} and sends one short test message to "
        f"{deployment.receiver or 'a user of the partner'}, who sees it."
    )


def _can_send(deployment: Deployment) -> bool:
    """Without a receiver nothing is sent, and only a Lync shell sends."""
    return bool(deployment.receiver) and deployment.vantage not in {Vantage.EDGE, Vantage.OUTSIDE}


STEP = Step(
    id="xmpp.test-message",
    title="Test message",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why=f"{CMDLET} signs in as a Lync user on the server itself and writes to a user of the partner. If it passes, the way out "
    "is well. It comes last, as it names no cause: most of what it prints tells of the pool, before XMPP was tried.",
    good="Result is Success, and the partner's user sees the message and can answer it.",
    by_hand=by_hand,
    limit=90.0,
    acts=True,
    consent=Consent(deed="message", accounts=("sender",), says=_says, wanted=_can_send),
)
