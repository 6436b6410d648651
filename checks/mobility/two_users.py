"""The two users whom the tests of mobility sign in: shared by the steps that run them."""

from checks.accounts import Person, nobody_named, person
from checks.context import Context
from checks.deployment import Deployment, Product
from checks.knowledge.products import product_in
from checks.knowledge.shell_answers import Unseen, unseen
from checks.model import Answer, Frozen, Status
from checks.probes import Account, Login, Parameter, Unanswered
from checks.server_tests import Ran, run

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
        wrong = any(one.signs_in_as_another or one.is_unknown for one in self.people)
        return bool(self.people and self.pool) and not wrong

    @property
    def unnamed(self) -> Unanswered | None:
        """Why nobody was signed in, where the account of one of them was not named."""
        several = zip(ACCOUNTS, self.people, strict=False)
        return next((nobody_named(one.sip, account) for account, one in several if one.is_unknown), None)


async def pair(context: Context) -> Pair:
    """The two users that the deployment names, as far as a shell tells of them."""
    deployment = context.deployment
    version = await context.invoke("Get-CsServerVersion")
    product = deployment.product or product_in(version)
    if len(deployment.users) < 2:
        return Pair(pool=deployment.pool, product=product, unseen=unseen(version, deployment))
    people = [await person(context, account, sip) for account, sip in zip(ACCOUNTS, deployment.users, strict=False)]
    return Pair(people=tuple(people), pool=people[0].pool or deployment.pool, product=product)


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
    return tuple(Login(account=account, user=one.user) for account, one in zip(ACCOUNTS, users.people, strict=True))


def named(deployment: Deployment) -> tuple[str, str]:
    """What the two sign in as, for a sentence."""
    sender, receiver = (deployment.account_of(account) for account in ACCOUNTS)
    return sender or "the first user", receiver or "the second user"
