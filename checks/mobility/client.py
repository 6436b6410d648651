"""Does a client version rule keep the phones out, and what is left to look at on the phone itself?"""

from checks.context import Context
from checks.deployment import Deployment
from checks.knowledge import links, lync_objects
from checks.knowledge.lync_objects import Properties, flag, text
from checks.knowledge.shell_answers import Unseen, not_seen, unseen
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Remedy, Status, Step
from checks.probes import Objects, Unanswered
from checks.text import clean

OUTCOMES = Outcomes(
    links.cmdlet("Get-CsClientVersionPolicyRule"),
    Answer(name="not-blocked", status=Status.OK, meaning="no rule blocks a phone"),
    Answer(
        name="rule-blocks-phones",
        status=Status.WARNING,
        meaning="a rule that is in force blocks a kind of phone client",
    ),
    Answer(
        name="default-blocks",
        status=Status.WARNING,
        meaning="clients that no rule names are blocked, and no document says what new phones call themselves",
    ),
    Answer(name="not-for-this-seat", status=Status.NOT_APPLICABLE, meaning="no Lync shell here, and none is expected"),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="the rules could not be asked for, or were not shown"),
)
_RULES = "Get-CsClientVersionPolicyRule"
_CONFIGURATION = "Get-CsClientVersionConfiguration"

PHONES = {
    "iphonelync": "Lync 2010 for iPhone",
    "ipadlync": "Lync 2010 for iPad",
    "wplync": "Lync 2010 for Windows Phone",
    "nokialync": "Lync 2010 for Nokia",
    "androidlync": "Lync 2010 for Android",
    "mcxservice": "the Mobility service itself",
}
"""The user agents of phones that the documentation lists, in lower case."""


class Rule(Frozen, frozen=True):
    """A client version rule. Empty text and None stand for what was not shown."""

    identity: str
    agent: str
    action: str
    enabled: bool | None
    version: str
    """Which versions it is about, in words: `4 and older`."""


class Configuration(Frozen, frozen=True):
    """What happens to clients at a scope before and after the rules."""

    identity: str
    enabled: bool | None
    """Whether versions are looked at there at all."""
    default_action: str


class Facts(Frozen, frozen=True):
    """All rules, and the configurations that put them in force."""

    rules: tuple[Rule, ...] = ()
    configurations: tuple[Configuration, ...] = ()
    unseen: Unseen | None = None


async def gather(context: Context) -> Facts:
    rules, configurations = await context.together(context.invoke(_RULES), context.invoke(_CONFIGURATION))
    deployment = context.deployment
    return Facts(
        rules=tuple(map(_rule, _objects(rules))),
        configurations=tuple(map(_configuration, _objects(configurations))),
        unseen=unseen(rules, deployment) or unseen(configurations, deployment) or _partial(rules),
    )


def _objects(answer: Objects | Unanswered) -> tuple[Properties, ...]:
    return answer.objects if isinstance(answer, Objects) else ()


def _partial(answer: Objects | Unanswered) -> Unseen | None:
    if not isinstance(answer, Objects) or not lync_objects.is_partial(answer):
        return None
    return Unseen(reason=Reason.MISSING_INPUT, detail="a part of the rules is missing.", command=_RULES)


def _rule(properties: Properties) -> Rule:
    parts = [text(properties, name) for name in ("MajorVersion", "MinorVersion", "BuildNumber", "QfeNumber")]
    return Rule(
        identity=text(properties, "Identity"),
        agent=text(properties, "UserAgent"),
        action=text(properties, "Action"),
        enabled=flag(properties, "Enabled"),
        version=_versions(text(properties, "CompareOp"), ".".join(part for part in parts if part)),
    )


def _versions(comparison: str, version: str) -> str:
    """The versions that a rule is about, in words."""
    words = {
        "EQL": "{} alone",
        "NEQ": "all but {}",
        "GTR": "newer than {}",
        "GEQ": "{} and newer",
        "LSS": "older than {}",
        "LEQ": "{} and older",
    }
    return words.get(comparison.upper(), "{}").format(version or "any version")


def _configuration(properties: Properties) -> Configuration:
    return Configuration(
        identity=text(properties, "Identity"),
        enabled=flag(properties, "Enabled"),
        default_action=text(properties, "DefaultAction"),
    )


def judge(facts: Facts) -> Finding:
    if facts.unseen is not None:
        return not_seen(OUTCOMES, facts.unseen, "Whether a rule keeps phones out could not be seen")
    if facts.configurations and all(one.enabled is False for one in facts.configurations):
        return OUTCOMES.finding(
            "not-blocked", "Client versions are not looked at, so no phone is kept out.", _ON_THE_PHONE
        )
    blocking = [rule for rule in facts.rules if _blocks_phones(rule)]
    if blocking:
        return _blocked(blocking)
    hidden = next((rule for rule in facts.rules if not rule.agent or not rule.action or rule.enabled is None), None)
    if hidden is not None:
        return OUTCOMES.finding(
            "not-seen",
            "A client version rule was not shown with its client, its action and whether it is in force.",
            reason=Reason.MISSING_INPUT,
            command=_RULES,
        )
    default = next((one for one in facts.configurations if _blocks(one.default_action) and one.enabled), None)
    if default is not None:
        return OUTCOMES.finding(
            "default-blocks",
            f"Clients that no rule names are blocked: DefaultAction of {default.identity} is {default.default_action}.",
            "Whether that meets Lync 2013 Mobile and later is not documented: no page says what they call themselves.",
            remedies=(_allow_by_default(default),),
        )
    return OUTCOMES.finding("not-blocked", "No client version rule keeps phones out.", _ON_THE_PHONE)


_ON_THE_PHONE = (
    "If every step before is right too, what is left is the phone itself: “by hand” tells what to try there."
)


def _blocks(action: str) -> bool:
    return action.lower().startswith("block")


def _blocks_phones(rule: Rule) -> bool:
    return rule.enabled is True and _blocks(rule.action) and rule.agent.lower() in PHONES


def _blocked(rules: list[Rule]) -> Finding:
    first = rules[0]
    return OUTCOMES.finding(
        "rule-blocks-phones",
        f"A client version rule blocks {PHONES[first.agent.lower()]}, version {first.version}.",
        *(f"Another one blocks {PHONES[rule.agent.lower()]}, version {rule.version}." for rule in rules[1:4]),
        f"It is the rule {clean(first.identity)} for {clean(first.agent)}. A phone of that kind and version is refused at sign-in.",
        remedies=(
            Remedy(
                cmdlet="Set-CsClientVersionPolicyRule",
                parameters={"Identity": first.identity, "Enabled": False},
                who="member of RTCUniversalServerAdmins, or CsAdministrator",
                risk="lets that version sign in again; ask first why it was blocked",
                verify="check again (r)",
            ),
        ),
    )


def _allow_by_default(configuration: Configuration) -> Remedy:
    return Remedy(
        cmdlet="Set-CsClientVersionConfiguration",
        parameters={"Identity": configuration.identity, "DefaultAction": "Allow"},
        who="member of RTCUniversalServerAdmins, or CsAdministrator",
        risk="lets every client that no rule names sign in",
        verify="check again (r); the user then signs in again on the phone",
    )


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    return (
        f"{_CONFIGURATION} | Select-Object Identity,Enabled,DefaultAction",
        f"{_RULES} | Select-Object Identity,UserAgent,CompareOp,MajorVersion,Action,Enabled",
        "# On the phone: update the app, sign out, sign in again; last, remove the app and install it anew.",
        "# Type the discovery addresses on the phone by hand: if it signs in then, DNS records, Certificates or Autodiscover are why.",
        "# Switch the app's logging on (settings, options), sign in, mail the log, and paste it into lyncdoctor diagnose.",
    )


STEP = Step(
    id="mobility.client",
    title="The phone itself",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why="An administrator can keep clients out by their kind and version, and the phone only says that it cannot sign in. "
    "When everything on the server is right, the app on the phone is what is left.",
    good="No rule that is in force has an action Block for a phone's user agent, and DefaultAction is Allow.",
    by_hand=by_hand,
)
