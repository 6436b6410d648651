"""Whether an account may run the cmdlets of a walk: they are tried, and judged alike in every runbook."""

from collections.abc import Awaitable, Mapping

from checks.context import Context
from checks.deployment import Deployment
from checks.knowledge import roles
from checks.knowledge.lync_objects import text
from checks.knowledge.shell_answers import Unseen, not_seen, unseen
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Remedy, Status
from checks.probes import Objects, Unanswered

ACCOUNT = "<account>"
ANSWERS = (
    Answer(name="offered", status=Status.OK, meaning="every cmdlet that was tried is there and may be run"),
    Answer(name="not-offered", status=Status.WARNING, meaning="no role of the account holds a cmdlet of this walk"),
    Answer(name="no-rights", status=Status.WARNING, meaning="a cmdlet is there, and refuses the account"),
    Answer(name="not-for-this-seat", status=Status.NOT_APPLICABLE, meaning="no Lync shell here, and none is expected"),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="the shell could not be asked"),
)


class Tried(Frozen, frozen=True):
    """A cmdlet of the walk and what became of it."""

    cmdlet: str
    offered: bool = True
    refusal: str = ""
    """What it said where the account may not run it."""
    unseen: Unseen | None = None
    """Set where it could not be asked; a refusal is none."""


class Role(Frozen, frozen=True):
    """A role of the deployment."""

    name: str
    holds: tuple[str, ...]
    """Those of the tried cmdlets that it holds."""


async def try_all(context: Context, asked: Mapping[str, Awaitable[Objects | Unanswered]]) -> tuple[Tried, ...]:
    """What became of each question, by its cmdlet; they are asked side by side."""
    answers = await context.together(*asked.values())
    return tuple(tried(name, answer, context.deployment) for name, answer in zip(asked, answers, strict=True))


def tried(cmdlet: str, answer: Objects | Unanswered, deployment: Deployment) -> Tried:
    """What an answer tells of the account."""
    failure = unseen(answer, deployment)
    if failure is None:
        return Tried(cmdlet=cmdlet)
    if isinstance(answer, Objects) and any("commandnotfound" in error.id.lower() for error in answer.errors):
        return Tried(cmdlet=cmdlet, offered=False)
    if isinstance(answer, Objects) and failure.reason is Reason.DENIED:
        return Tried(cmdlet=cmdlet, refusal=failure.detail)
    return Tried(cmdlet=cmdlet, unseen=failure)


def roles_holding(answer: Objects | Unanswered, cmdlets: tuple[str, ...]) -> tuple[Role, ...]:
    """The roles in an answer of Get-CsAdminRole that hold any of the cmdlets."""
    found = []
    for one in answer.objects if isinstance(answer, Objects) else ():
        held = roles.held_by(one) or frozenset()
        holds = tuple(name for name in cmdlets if name.lower() in held)
        if holds and text(one, "Identity"):
            found.append(Role(name=text(one, "Identity"), holds=holds))
    return tuple(found)


def judge_tried(outcomes: Outcomes, tried: tuple[Tried, ...], known: tuple[Role, ...]) -> Finding:
    """What follows from all that was tried. The step declares ANSWERS."""
    missing = [one.cmdlet for one in tried if not one.offered]
    refused = [one for one in tried if one.refusal]
    failure = next((one.unseen for one in tried if one.unseen is not None), None)
    if missing:
        return _not_offered(outcomes, missing, known)
    if refused:
        return _no_rights(outcomes, refused)
    if failure is not None:
        return not_seen(outcomes, failure, "Whether this account may run every cmdlet of the walk could not be seen")
    return outcomes.finding(
        "offered",
        "This account may run the cmdlets that the walk needs.",
        f"Tried: {', '.join(one.cmdlet for one in tried)}.",
    )


def _not_offered(outcomes: Outcomes, missing: list[str], known: tuple[Role, ...]) -> Finding:
    holding = [role.name for role in known if set(role.holds) >= set(missing)]
    return outcomes.finding(
        "not-offered",
        f"This shell does not offer {_listed(missing)}.",
        "In a remote shell it offers the cmdlets of the account's roles. In a plain PowerShell window on a server it may "
        "lack the Lync module; the Lync Server Management Shell has it.",
        _who_holds(missing, holding),
        "What these cmdlets tell stays unknown until then.",
        remedies=(join(_least(holding) if holding else roles.ALL_TASKS), _go_local()),
    )


def _who_holds(missing: list[str], holding: list[str]) -> str:
    """As Get-CsAdminRole shows it, else as far as the descriptions of the predefined roles tell."""
    if holding:
        return f"Roles here that hold what is missing: {', '.join(holding[:5])}."
    _, *perhaps = roles.roles_offering(missing[0])
    common = [role for role in perhaps if all(role in roles.roles_offering(name) for name in missing)]
    others = f"; {' and '.join(common)} may" if common else ""
    return f"{roles.ALL_TASKS} holds what is missing{others}."


def _least(names: list[str]) -> str:
    """The role to ask for: one that looks and changes nothing, before one that may do more."""
    return next((role for role in (roles.VIEWING, *roles.SEES_SERVERS) if role in names), names[0])


def _no_rights(outcomes: Outcomes, refused: list[Tried]) -> Finding:
    names = [one.cmdlet for one in refused]
    return outcomes.finding(
        "no-rights",
        f"This account may not run {_listed(names)}.",
        *dict.fromkeys(one.refusal for one in refused[:3]),
        f"On the server itself the group {roles.LOCAL_GROUP} decides, and Windows hides it from a shell that was not "
        "opened as administrator.",
        remedies=(elevate(), join(roles.LOCAL_GROUP)),
    )


def _listed(names: list[str]) -> str:
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")


def join(group: str) -> Remedy:
    """Makes the account a member of a group, which each role is too."""
    return Remedy(
        cmdlet="Add-ADGroupMember",
        parameters={"Identity": group, "Members": ACCOUNT},
        who="administrator of Active Directory",
        risk=f"the account may then do whatever {group} may",
        verify="sign out and in again, open the shell anew, and check again (r)",
    )


def _go_local() -> Remedy:
    return Remedy(
        instead=True,
        action="Walk again in the Lync Server Management Shell on a Front End, with an account in "
        f"{roles.LOCAL_GROUP}: roles are not looked at there.",
        who=f"member of {roles.LOCAL_GROUP}",
        risk="none",
        verify="that walk says offered",
    )


def elevate() -> Remedy:
    """For a shell from which Windows hides what the account is a member of."""
    return Remedy(
        action="Close this shell, open the Lync Server Management Shell with “Run as administrator”, and walk again.",
        who=f"member of {roles.LOCAL_GROUP}",
        risk="none",
        verify="that walk says offered",
    )


def seeing_roles(testing: str) -> tuple[str, ...]:
    """The documented commands about roles and groups, by the cmdlet that a walk ends in; prose begins with `# `."""
    return (
        roles.seeing_roles(testing),
        f"Get-CsAdminRoleAssignment -Identity {ACCOUNT}",
        "# The account is given by its short name, such as kenmyer, and not by its SIP address.",
        "# On the server itself roles are not looked at: there the account has to be a member of "
        f"{roles.LOCAL_GROUP}, and the shell has to be opened as administrator.",
    )
