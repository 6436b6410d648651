"""A runbook of three steps as the screens meet it: prose, remedies, evidence, and questions that can be held."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from checks.context import Asking, Context
from checks.deployment import Deployment
from checks.journal import VERSION, Began, Journal, now
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Remedy, Runbook, Stage, Status, Step, Vantage
from checks.naming import Found
from checks.probes import Account, Cmdlet, CmdletError, Objects, Server, Unanswered
from checks.probes.journal import Evidence
from checks.secret import Secret
from checks.walk import Walk
from tui.session import CannotBegin, LiveWalk, NamesFound, Session, WalkRequest

DEPLOYMENT = Deployment(
    domains=("litwareinc.com",), users=("sip:kenmyer@litwareinc.com", "sip:pilar@litwareinc.com"),
    pool="atl-cs-001.litwareinc.com", web="lyncweb.litwareinc.com",
)  # fmt: skip
LINK = "https://learn.microsoft.com/previous-versions/office/lync-server-2013/"


class World:
    """What each cmdlet says; a held cmdlet answers once it is let go."""

    def __init__(self) -> None:
        self.says: dict[str, dict[str, Any]] = {
            "Get-CsUser": {"Identity": "kenmyer", "Enabled": True},
            "Get-CsMobilityPolicy": {"Identity": "Tag:RedmondMobilityPolicy", "EnableMobility": False},
            "Get-CsWebServiceConfiguration": {"Identity": "Global", "UseWindowsAuth": "Negotiate"},
        }
        self.silent: dict[str, Unanswered] = {}
        """The cmdlets that nobody answers, and why."""
        self.held: dict[str, asyncio.Event] = {}
        self.asked: list[str] = []
        self.closed = 0

    def hold(self, cmdlet: str) -> asyncio.Event:
        event = self.held[cmdlet] = asyncio.Event()
        return event

    async def ask(self, question: Any) -> Any:
        assert isinstance(question, Cmdlet)
        self.asked.append(question.name)
        if question.name in self.held:
            await self.held[question.name].wait()
        if question.name in self.silent:
            return msgspec.structs.replace(self.silent[question.name], command=question.typed())
        said = self.says[question.name]
        errors = (CmdletError(message=said["error"], id="Canned"),) if "error" in said else ()
        return Objects(objects=(said,), errors=errors)

    dns = http = tls = host = shell = ports = series = phone = xmpp = property(lambda self: self)

    def forget(self) -> None:
        return None

    def reset(self, whose: Server | Account, password: Secret) -> None:
        return None

    async def close(self) -> None:
        self.closed += 1


class Facts(Frozen, frozen=True):
    """The first object that the cmdlet brought back, or why there is none."""

    properties: dict[str, Any] = {}
    unseen: Unanswered | None = None


OUTCOMES = Outcomes(
    LINK,
    Answer(name="allowed", status=Status.OK, meaning="as it should be"),
    Answer(name="disabled", status=Status.FAILED, meaning="switched off"),
    Answer(name="odd", status=Status.WARNING, meaning="it works, but not as it should"),
    Answer(name="no-input", status=Status.UNKNOWN, meaning="not seen"),
    Answer(name="not-from-here", status=Status.NOT_APPLICABLE, meaning="another seat sees it"),
    Answer(name="hostile", status=Status.FAILED, meaning="a server that sends what would harm a screen"),
)
REMEDY = Remedy(
    cmdlet="Set-CsMobilityPolicy", parameters={"Identity": "RedmondMobilityPolicy", "EnableMobility": True},
    who="Lync administrator (CsServerAdministrator)", risk="changes every user who has this policy",
    verify="check again (r); the user signs in again on the phone",
)  # fmt: skip


def judge(facts: Facts) -> Finding:
    properties = facts.properties
    if facts.unseen is not None:
        unseen = facts.unseen
        return OUTCOMES.finding("no-input", unseen.detail, reason=unseen.reason, command=unseen.command)
    if "hostile" in properties:
        text = str(properties["hostile"])
        remedy = Remedy(cmdlet="Set-CsThing", parameters={"Identity": text}, who=text, risk=text, verify=text)
        return OUTCOMES.finding("hostile", text, text, remedies=(remedy,))
    if "elsewhere" in properties:
        return OUTCOMES.finding("not-from-here", "This is seen at the Front End", seen_from=(Vantage.FRONT_END,))
    if "broken cable" in properties:
        action = Remedy(action="Replace the cable.", who="whoever has the key", risk="none", verify="check again (r)")
        return OUTCOMES.finding("disabled", "The cable is broken", remedies=(action,))
    if properties.get("EnableMobility") is False:
        return OUTCOMES.finding(
            "disabled", "EnableMobility is False in RedmondMobilityPolicy",
            "applies to sip:kenmyer@litwareinc.com (assigned to the user)",
            "sip:pilar@litwareinc.com is under Global, which allows it", remedies=(REMEDY,),
        )  # fmt: skip
    if properties.get("UseWindowsAuth") == "None":
        return OUTCOMES.finding("odd", "Windows authentication is off at the scope Global")
    if properties.get("Enabled") is None and "Enabled" in properties:
        return OUTCOMES.finding(
            "no-input", "No user was given", reason=Reason.MISSING_INPUT, command="Get-CsUser -Identity <user>"
        )
    return OUTCOMES.finding("allowed", "As it should be", "seen in the answer of the cmdlet")


def step(name: str, cmdlet: str, title: str, question: str, acts: bool = False) -> Step[Facts]:
    """A step that asks one cmdlet."""

    async def gather(context: Context) -> Facts:
        answer = await context.invoke(cmdlet)
        if isinstance(answer, Unanswered):
            return Facts(unseen=answer)
        return Facts(properties=answer.objects[0])

    return Step(
        id=f"canned.{name}", title=title, question=question, facts=Facts, gather=gather, judge=judge,
        outcomes=OUTCOMES, acts=acts, good="EnableMobility is True in the policy that applies to each user.",
        why="A policy decides whether a user may use mobility at all. Where it is False the phone finds the server, "
            "accepts the certificate, and is refused at sign-in.",
        by_hand=lambda deployment: (
            "# in the Lync Server Management Shell", f"{cmdlet} -Identity {(deployment.users or ('<user>',))[0]}",
        ),
    )  # fmt: skip


def runbook(acts: bool = False) -> Runbook:
    """User, policy, Windows authentication; the third tells nothing where there is no user."""
    return Runbook(
        name="mobility", title="Mobility", purpose="tests",
        stages=(
            Stage(
                step=step("user", "Get-CsUser", "Users enabled", "Are both users enabled for Lync?", acts),
                otherwise="canned.policy",
            ),
            Stage(
                step=step(
                    "policy", "Get-CsMobilityPolicy", "Mobility policy",
                    "Does the mobility policy that applies to each user allow mobility?",
                ),
                otherwise="canned.auth", stands_on={"canned.user": frozenset({"disabled"})},
            ),
            Stage(
                step=step(
                    "auth", "Get-CsWebServiceConfiguration", "Windows sign-in",
                    "Do the web services offer Windows authentication as it is configured?",
                ),
                otherwise=None, stands_on={"canned.user": frozenset({"hostile"})},
            ),
        ),
    )  # fmt: skip


class Beginning:
    """Begins canned walks; remembers what was asked for and what was closed."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.book = runbook()
        self.requests: list[WalkRequest] = []
        self.refusal: CannotBegin | None = None
        self.held: asyncio.Event | None = None
        self.journal: Journal | None = None
        self.evidence = Evidence()
        self.closed = 0
        self.mend: Callable[[Remedy], Awaitable[str]] | None = None
        self.found: tuple[Found, ...] = ()
        """What is found once, where a walk looks for names."""

    async def __call__(self, request: WalkRequest) -> Session | NamesFound:
        self.requests.append(request)
        if self.found and isinstance(request, LiveWalk) and request.looks:
            found, self.found = self.found, ()
            return NamesFound(found)
        if self.held is not None:
            await self.held.wait()
        if self.refusal is not None:
            refusal, self.refusal = self.refusal, None
            raise refusal
        began = Began(version=VERSION, runbook="mobility", deployment=DEPLOYMENT, at=now())
        journal = self.journal or Journal(began)
        walk = Walk(self.book, DEPLOYMENT, Asking(self.world, journal, self.evidence), journal)
        start = request.start if isinstance(request, LiveWalk) else ""
        return Session(walk=walk, close=self._close, start=start, mend=self.mend)

    async def _close(self) -> None:
        self.closed += 1
