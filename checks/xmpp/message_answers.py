"""What the test message may conclude, and what it rests on."""

from checks.accounts import Person
from checks.deployment import Product
from checks.knowledge import links
from checks.knowledge.shell_answers import Unseen
from checks.model import Answer, Frozen, Outcomes, Status
from checks.server_tests import Ran

CMDLET = "Test-CsXmppIM"
OUTCOMES = Outcomes(
    links.TEST_XMPP_IM,
    Answer(name="passed", status=Status.OK, meaning="the user signed in, and the message went out to the partner"),
    Answer(
        name="not-delivered",
        status=Status.FAILED,
        meaning="the pool answered, and the message did not go out: the XMPP gateway is misconfigured, or not deployed",
    ),
    Answer(
        name="registrar-unreachable",
        status=Status.FAILED,
        meaning="no connection to the pool's registrar, which comes before XMPP and says nothing of it",
    ),
    Answer(name="wrong-target", status=Status.WARNING, meaning="the test did not find the pool in the topology"),
    Answer(name="name-missing", status=Status.WARNING, meaning="where the test ran, the pool's name has no address"),
    Answer(name="bad-parameter", status=Status.WARNING, meaning="the test did not begin: it did not take a parameter"),
    Answer(name="credentials", status=Status.WARNING, meaning="the test user's name or password was refused"),
    Answer(
        name="other-account",
        status=Status.WARNING,
        meaning="the account that was named belongs to another SIP address, so nothing was sent",
    ),
    Answer(name="no-test-users", status=Status.UNKNOWN, meaning="no user was named, and the pool has no test users"),
    Answer(name="no-password", status=Status.UNKNOWN, meaning="no password was given, or it was refused before"),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="the test could not be run, or shows no result"),
    Answer(name="no-receiver", status=Status.NOT_APPLICABLE, meaning="no user of the partner was named to write to"),
    Answer(name="not-on-this-version", status=Status.NOT_APPLICABLE, meaning="this version has no XMPP federation"),
    Answer(name="not-for-this-seat", status=Status.NOT_APPLICABLE, meaning="no Lync shell here, and none is expected"),
)


class Facts(Frozen, frozen=True):
    """Who was to write to whom, and what came of it."""

    receiver: str = ""
    """Empty: nobody was named, and nothing was asked."""
    product: Product | None = None
    sender: Person | None = None
    """None: nobody was named, so the test signs in as a test user of the pool."""
    pool: str = ""
    users: tuple[str, ...] | None = None
    """The test users of the pool, where they were asked for and shown."""
    unseen: Unseen | None = None
    """Why neither the user nor the pool's own test users were shown."""
    ran: Ran | None = None

    @property
    def writer(self) -> str:
        """Who writes, for a sentence."""
        return self.sender.sip if self.sender else f"a test user of {self.pool}"
