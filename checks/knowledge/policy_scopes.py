"""Which of several policies of one kind applies to a user: his own, then his site's, then Global. What is not shown is not guessed."""

from collections.abc import Sequence
from typing import Literal

from checks.knowledge.lync_objects import is_cut, without_tag
from checks.model import Frozen

Scope = Literal["user", "site", "global"]


class Kind(Frozen, frozen=True):
    """A kind of policy."""

    name: str
    """As a sentence has it, in the singular."""
    plural: str
    property: str
    """The property of a user that assigns one, and of the effective policies that names the one that applies."""
    cmdlet: str
    """What lists all of them."""


MOBILITY = Kind(
    name="mobility policy", plural="mobility policies", property="MobilityPolicy", cmdlet="Get-CsMobilityPolicy"
)
VOICE = Kind(name="voice policy", plural="voice policies", property="VoicePolicy", cmdlet="Get-CsVoicePolicy")
EXTERNAL_ACCESS = Kind(
    name="external access policy",
    plural="external access policies",
    property="ExternalAccessPolicy",
    cmdlet="Get-CsExternalAccessPolicy",
)


class Assignment(Frozen, frozen=True):
    """What decides which policy applies to a user."""

    sip: str
    assigned: str = ""
    """The one that is assigned to the user himself, without `Tag:`; empty: site or Global applies."""
    shown: bool = True
    """False where it was not seen whether one is assigned."""
    effective: str = ""
    """As Get-CsEffectivePolicy names it; empty where the cmdlet does not exist or was not answered."""
    site: str = ""


class Unclear(Frozen, frozen=True):
    """Why it cannot be told which policy applies, and the cmdlet that would tell."""

    sentence: str
    cmdlet: str
    of_user: bool = False
    """True where that cmdlet is asked for the user."""
    detail: tuple[str, ...] = ()


def applying(kind: Kind, assignment: Assignment, identities: Sequence[str], *, partial: bool) -> str | Unclear:
    """The identity of the policy that applies. `partial`: there may be more policies than `identities`.

    Null means that none is assigned, never that none applies.
    """
    if assignment.effective:
        return _effective(kind, assignment, identities)
    return _nearest(kind, assignment, identities, partial=partial)


def scope(identity: str) -> Scope:
    """Whom a policy is for, by its identity."""
    kind = identity.lower().partition(":")[0]
    return "site" if kind == "site" else "global" if kind == "global" else "user"


def called(identity: str) -> str:
    """A policy as a sentence names it."""
    match scope(identity):
        case "site":
            return f"the policy of the site {identity[5:]}"
        case "global":
            return "the global policy"
    return without_tag(identity)


def _effective(kind: Kind, user: Assignment, identities: Sequence[str]) -> str | Unclear:
    """The policy that Get-CsEffectivePolicy names, where nothing speaks against it."""
    own = _named(identities, f"Tag:{user.effective}")
    wider = _named(identities, user.effective) or _named(identities, f"Site:{user.effective}")
    elsewhere = user.assigned.lower() != user.effective.lower()
    if user.shown and elsewhere and (_named(identities, f"Tag:{user.assigned}") or (own and not wider)):
        return Unclear(
            f"Two cmdlets contradict each other about the {kind.name} of {user.sip}.",
            "Get-CsEffectivePolicy",
            of_user=True,
            detail=(
                f"Get-CsUser says {user.assigned or 'that none is assigned'}, Get-CsEffectivePolicy says {user.effective}.",
                "They were not asked at the same time, or not for the same user: run both again.",
            ),
        )
    if not user.shown and own and wider:
        return Unclear(f"Which {kind.name} {user.sip} is assigned was not shown.", "Get-CsUser", of_user=True)
    found = (wider or own) if user.shown and elsewhere else (own or wider)
    missing = f"{user.sip} is under the policy {user.effective}, which is not among those listed."
    return found or Unclear(missing, kind.cmdlet)


def _nearest(kind: Kind, user: Assignment, identities: Sequence[str], *, partial: bool) -> str | Unclear:
    """The policy that follows from the assignment and the site."""
    if not user.shown:
        sentence = f"Which {kind.name} applies to {user.sip} was not shown."
        return Unclear(sentence, "Get-CsEffectivePolicy", of_user=True)
    if user.assigned:
        # Whether it is gone or only not among the lines that were copied, Get-CsEffectivePolicy knows.
        missing = f"{user.sip} is assigned the policy {user.assigned}, which is not among those listed."
        return _named(identities, f"Tag:{user.assigned}") or Unclear(missing, "Get-CsEffectivePolicy", of_user=True)
    if partial or any(not identity or is_cut(identity, f"Site:{user.site}") for identity in identities):
        return Unclear(f"Not all {kind.plural} were shown, or not with their whole names.", kind.cmdlet)
    if not user.site and any(scope(identity) == "site" for identity in identities):
        return Unclear(f"The site of {user.sip} is not known, and a site may have its own {kind.name}.", "Get-CsPool")
    found = _named(identities, f"Site:{user.site}") or _named(identities, "Global")
    return found or Unclear(f"The global {kind.name} is not among those listed.", kind.cmdlet)


def _named(identities: Sequence[str], identity: str) -> str:
    """The policy of that name as it is written; empty where there is none."""
    return next((one for one in identities if one.lower() == identity.lower()), "")
