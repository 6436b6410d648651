"""The two users whom the server's own tests sign in, and what came of such a test: shared by the steps that run them."""

from checks.context import Context
from checks.deployment import Deployment, Product
from checks.knowledge import lync_objects, synthetic_output
from checks.knowledge.lync_objects import is_cut, text
from checks.knowledge.products import product_in
from checks.knowledge.shell_answers import Unseen, unseen
from checks.knowledge.synthetic_output import Outcome
from checks.mobility import phone
from checks.model import Answer, Frozen, Status
from checks.probes import Account, Login, Objects, Parameter, Unanswered

NOT_RUN = (
    Answer(name="not-for-this-seat", status=Status.NOT_APPLICABLE, meaning="no Lync shell here, and none is expected"),
    Answer(name="no-users", status=Status.UNKNOWN, meaning="the test takes two users, and two were not named"),
    Answer(name="no-password", status=Status.UNKNOWN, meaning="no password was given, or it was refused before"),
    Answer(
        name="no-test-users", status=Status.UNKNOWN, meaning="the pool has no test users of its own; that is no fault"
    ),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="the test could not be run, or shows no result"),
)
"""What each step that runs such a test may say where it did not come about."""
ACCOUNTS: tuple[Account, Account] = ("sender", "receiver")


class Person(Frozen, frozen=True):
    """One of the two, and whose account he signs in with."""

    sip: str
    user: str
    """What is typed as user name."""
    account_name: str = ""
    """SamAccountName as Get-CsUser shows it."""
    principal_name: str = ""
    pool: str = ""
    """The home pool; empty where it was not shown."""
    of_another_forest: bool = False
    """True where Get-CsUser shows that the account is of another forest, whose names it does not tell."""
    named: bool = True
    """False where nobody named the account."""

    @property
    def is_unknown(self) -> bool:
        """True where nobody told whose account is to be signed in."""
        return self.of_another_forest and not self.named

    @property
    def signs_in_as_another(self) -> bool:
        """True where the account that is typed is certainly not that of the SIP address."""
        if self.of_another_forest:
            return False
        typed, own = self.user.lower(), self.account_name.lower()
        domain, _, short = typed.rpartition("\\")
        if not own or is_cut(own, short):
            return False
        if domain or "@" not in typed:
            return short != own
        principal = self.principal_name.lower()
        # The account's short name before the @ is always taken too, whatever the principal name is.
        return (
            bool(principal) and not is_cut(principal, typed) and principal != typed and typed.partition("@")[0] != own
        )


class Pair(Frozen, frozen=True):
    """The two users, where they are served, and by what."""

    people: tuple[Person, ...] = ()
    """Empty where the deployment does not name two."""
    pool: str = ""
    """The home pool of the first, which serves his phone; the pool that was named where that was not shown."""
    product: Product | None = None
    unseen: Unseen | None = None
    """Set without people, where this seat could not have run a test with them either."""

    @property
    def can_sign_in(self) -> bool:
        """False where a test of them would sign in nobody, or somebody else."""
        wrong = any(person.signs_in_as_another or person.is_unknown for person in self.people)
        return bool(self.people and self.pool) and not wrong

    @property
    def unnamed(self) -> Unanswered | None:
        """Why nobody was signed in, where the account of one of them was not named."""
        several = zip(ACCOUNTS, self.people, strict=False)
        return next((phone.nobody_named(one.sip, account) for account, one in several if one.is_unknown), None)


class Ran(Frozen, frozen=True):
    """A test that was asked for: its outcome, or why there is none."""

    cmdlet: str
    outcome: Outcome | None = None
    unseen: Unseen | None = None
    password_wanted: bool = False

    @property
    def failed(self) -> Outcome | None:
        """The outcome of a test that failed."""
        return self.outcome if self.outcome and self.outcome.passed is False else None

    @property
    def passed(self) -> bool:
        return self.outcome is not None and self.outcome.passed is True


async def pair(context: Context) -> Pair:
    """The two users that the deployment names, as far as a shell tells of them."""
    deployment = context.deployment
    version = await context.invoke("Get-CsServerVersion")
    product = deployment.product or product_in(version)
    if len(deployment.users) < 2:
        return Pair(pool=deployment.pool, product=product, unseen=unseen(version, deployment))
    people = [await person(context, account, sip) for account, sip in zip(ACCOUNTS, deployment.users, strict=False)]
    return Pair(people=tuple(people), pool=people[0].pool or deployment.pool, product=product)


async def person(context: Context, account: Account, sip: str) -> Person:
    """Who signs in for a SIP address, as far as a shell tells of him."""
    answer = await context.invoke("Get-CsUser", Identity=sip)
    user = lync_objects.user(answer, sip) if isinstance(answer, Objects) else None
    return Person(
        sip=sip,
        user=await phone.account_of(context, account),
        account_name=_account_name(answer, sip) if user else "",
        principal_name=user.principal_name if user else "",
        pool=user.pool if user else "",
        of_another_forest=phone.of_another_forest(answer, sip),
        named=bool(context.deployment.sender_user if account == "sender" else context.deployment.receiver_user),
    )


def _account_name(answer: Objects | Unanswered, sip: str) -> str:
    """SamAccountName of that user alone: a paste may show somebody else, or two of them."""
    objects = answer.objects if isinstance(answer, Objects) else ()
    names = {text(one, "SamAccountName") for one in objects if text(one, "SipAddress").lower() == sip.lower()}
    return names.pop() if len(names) == 1 else ""


async def run(context: Context, cmdlet: str, **parameters: Parameter) -> Ran:
    """Runs a test, or takes what came of it before."""
    answer = await context.invoke(cmdlet, on="front-end", **parameters)
    if isinstance(answer, Unanswered):
        return Ran(cmdlet=cmdlet, unseen=unseen(answer, context.deployment), password_wanted=answer.password_wanted)
    outcome = synthetic_output.outcome(answer)
    told = outcome.passed is not None or outcome.no_test_users or outcome.no_such_pool
    return Ran(cmdlet=cmdlet, outcome=outcome, unseen=None if told else unseen(answer, context.deployment))


async def transaction(context: Context, users: Pair) -> Ran:
    """The product's own test of mobility: of the Mobility service up to 2015, of UCWA since."""
    sender, receiver = users.people
    first, second = logins(users)
    if users.product is not None and not users.product.has_mcx_and_xmpp:
        return await run(
            context,
            "Test-CsUcwaConference",
            TargetFqdn=users.pool,
            OrganizerSipAddress=sender.sip,
            OrganizerCredential=first,
            ParticipantSipAddress=receiver.sip,
            ParticipantCredential=second,
        )
    # Lync Server 2010 has no such parameter; what came after it demands it.
    way: dict[str, Parameter] = {} if users.product is Product.LYNC_2010 else {"Authentication": "Negotiate"}
    return await run(
        context,
        "Test-CsMcxP2PIM",
        TargetFqdn=users.pool,
        **way,
        SenderSipAddress=sender.sip,
        SenderCredential=first,
        ReceiverSipAddress=receiver.sip,
        ReceiverCredential=second,
    )


def logins(users: Pair) -> tuple[Login, ...]:
    """The credentials of the two, as a cmdlet is given them."""
    return tuple(
        Login(account=account, user=person.user) for account, person in zip(ACCOUNTS, users.people, strict=True)
    )


def named(deployment: Deployment) -> tuple[str, str]:
    """What the two sign in as, for a sentence."""
    sender, receiver = (deployment.account_of(account) for account in ACCOUNTS)
    return sender or "the first user", receiver or "the second user"
