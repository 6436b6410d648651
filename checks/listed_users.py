"""Many users at once: each one's account and mobility policy, from few questions and the same judgement as a walk's."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from checks.context import Asking
from checks.deployment import Deployment
from checks.journal import Journal
from checks.knowledge import lync_objects
from checks.knowledge.filters import any_of
from checks.knowledge.shell_answers import Unseen, not_seen, unseen
from checks.mobility import policy, user_enabled
from checks.model import Finding, Frozen, Reason, Status, Verdict
from checks.probes import Cmdlet, Objects, Unanswered
from checks.user_remedies import check_spelling

BATCH = 50
"""Users in one call: a filter of this size stays far below what a command line of Windows may have."""
_COLLECTIONS = (Cmdlet(name="Get-CsMobilityPolicy"), Cmdlet(name="Get-CsPool"))
_GET_USER = "get-csuser"


class ListedUser(Frozen, frozen=True):
    """What follows for one user: his finding in each step that is about users, by the step's id."""

    sip: str
    findings: Mapping[str, Finding]

    @property
    def status(self) -> Status:
        """The gravest of his findings."""
        return min((finding.status for finding in self.findings.values()), key=_GRAVITY.index)


_GRAVITY = (
    Status.FAILED,
    Status.WARNING,
    Status.UNKNOWN,
    Status.OK,
    Status.NOT_APPLICABLE,
    Status.SKIPPED,
)
_TROUBLES = frozenset({Status.FAILED, Status.WARNING, Status.UNKNOWN})
_NAMED = 3
"""How many users a headline names."""


async def look_at(asking: Asking, deployment: Deployment) -> None:
    """Asks what decides about the listed users, if any. All of it is in the journal afterwards.

    What the evidence tells of a user is not asked again; the rest is asked in batches, so that the number of calls
    grows with the users by one in fifty.
    """
    if not deployment.listed:
        return
    told = [question for question in asking.told("Get-CsUser") if isinstance(question, Cmdlet)]
    await asyncio.gather(*(asking.ask(question) for question in (*_COLLECTIONS, *told)))
    known = _Known(asking.journal)
    missing = [sip for sip in deployment.listed if not known.tells_of(sip)]
    await asyncio.gather(*(asking.ask(question) for question in batches(missing)))


def batches(users: Sequence[str]) -> Iterator[Cmdlet]:
    """The questions that bring these users, many in one."""
    for start in range(0, len(users), BATCH):
        yield Cmdlet(name="Get-CsUser", parameters=(("Filter", any_of("SipAddress", users[start : start + BATCH])),))


def judged(journal: Journal) -> tuple[ListedUser, ...]:
    """What follows for each listed user from what a journal knows, in their order."""
    deployment = journal.began.deployment
    if not deployment.listed:
        return ()
    known = _Known(journal)
    policies, pools = (_answer(journal, question) for question in _COLLECTIONS)
    facts, sites = policy.facts_of(policies, deployment), _sites(pools)
    return tuple(_judged(sip, known, facts, sites, deployment) for sip in deployment.listed)


def with_users(verdict: Verdict, users: Sequence[ListedUser]) -> Verdict:
    """The verdict with what follows for the listed users, where one of them is worse off than all that was walked.

    It keeps its cause: a user's own trouble is none of the deployment's.
    """
    gravest = min((user.status for user in users), key=_GRAVITY.index, default=Status.SKIPPED)
    if gravest not in _TROUBLES or _GRAVITY.index(verdict.status) <= _GRAVITY.index(gravest):
        return verdict
    troubled = [user.sip for user in users if user.status in _TROUBLES]
    named = ", ".join([*troubled[:_NAMED], *([f"{len(troubled) - _NAMED} more"] if troubled[_NAMED:] else [])])
    told = "could not be seen" if gravest is Status.UNKNOWN else "is not fine" if len(troubled) == 1 else "are not fine"
    headline = f"{verdict.headline.rstrip('.')}; {len(troubled)} of {len(users)} users {told}: {named}"
    return msgspec.structs.replace(verdict, status=gravest, headline=headline)


def _answer(journal: Journal, question: Cmdlet) -> Objects | Unanswered:
    asked = journal.asked.get(question)
    return asked.answer if asked and isinstance(asked.answer, Objects | Unanswered) else _NOT_ASKED


def _judged(
    sip: str, known: "_Known", facts: policy.Facts, sites: Mapping[str, str], deployment: Deployment
) -> ListedUser:
    account = known.of(sip, deployment)
    if isinstance(account, Unseen):
        enabled = not_seen(user_enabled.OUTCOMES, account, f"Whether {sip} is enabled could not be seen")
        governed = not_seen(policy.OUTCOMES, account, f"Which mobility policy applies to {sip} could not be seen")
    else:
        enabled = _enabled(account, _expected_pool(account, sites, deployment))
        governed = _governed(account, facts, sites)
    return ListedUser(sip=sip, findings={user_enabled.STEP.id: enabled, policy.STEP.id: governed})


def _enabled(account: user_enabled.Account, pool: str) -> Finding:
    """As in a walk, but no command creates an account for a line of a list that may only be mistyped."""
    found = user_enabled.judge_account(account, pool)
    if account.user is not None:
        return found
    return msgspec.structs.replace(
        found,
        headline=f"There is no Lync user {account.sip}: check the spelling. Enable-CsUser gives an existing AD account Lync.",
        remedies=(check_spelling(account.sip, "enabled"),),
    )


def _expected_pool(account: user_enabled.Account, sites: Mapping[str, str], deployment: Deployment) -> str:
    """The pool that was named, or the user's own where the topology has it: one list may hold users of every pool."""
    own = account.user.pool if account.user else ""
    return own if own in sites else deployment.pool


def _governed(account: user_enabled.Account, facts: policy.Facts, sites: Mapping[str, str]) -> Finding:
    if facts.unseen is not None or account.user is None:
        absent = () if account.user else (account.sip,)
        return policy.judge(policy.Facts(unseen=facts.unseen, absent=absent))
    return policy.judge_user(policy.Governed(user=account.user, site=sites.get(account.user.pool, "")), facts)


def _sites(pools: Objects | Unanswered) -> Mapping[str, str]:
    """The site of each pool."""
    objects = pools.objects if isinstance(pools, Objects) else ()
    names = {lync_objects.text(one, "Identity").lower() for one in objects}
    return {name: lync_objects.site_of(objects, name) for name in names}


class _Known:
    """What the answers of Get-CsUser in a journal tell, found by address in one reading."""

    def __init__(self, journal: Journal) -> None:
        self._objects: dict[str, dict[str, Any]] = {}
        self._alone: dict[str, Objects] = {}
        """Answers to a question for one user by name; his object need not have the address in it."""
        self._absent: set[str] = set()
        self._failures: dict[str, Unanswered | Objects] = {}
        self._whole = False
        """True where all users there are were brought, so that who is not among them does not exist."""
        self._terms = {any_of("SipAddress", [sip]): sip for sip in journal.began.deployment.listed}
        for question, asked in journal.asked.items():
            if isinstance(question, Cmdlet) and question.name.lower() == _GET_USER and question.on == "front-end":
                self._read(question, asked.answer)

    def tells_of(self, sip: str) -> bool:
        return self._whole or sip in self._objects or sip in self._alone or sip in self._absent

    def of(self, sip: str, deployment: Deployment) -> user_enabled.Account | Unseen:
        """The account as it was brought; why it is not known otherwise."""
        if sip in self._objects:
            return user_enabled.Account(sip=sip, user=lync_objects.user(Objects(objects=(self._objects[sip],)), sip))
        if sip in self._alone:
            return user_enabled.Account(sip=sip, user=lync_objects.user(self._alone[sip], sip))
        if sip in self._absent or self._whole:
            return user_enabled.Account(sip=sip)
        return unseen(self._failures.get(sip, _NOT_ASKED), deployment) or _PARTLY

    def _read(self, question: Cmdlet, answer: object) -> None:
        parameters = {name.lower(): value for name, value in question.parameters}
        named = str(parameters.get("identity", "")).lower()
        asked_for = [named] if named else self._filtered(str(parameters.get("filter", "")))
        if not isinstance(answer, Objects) or unseen(answer, Deployment()) is not None:
            if isinstance(answer, Unanswered | Objects):
                self._failures.update(dict.fromkeys(asked_for, answer))
            return
        for one in answer.objects:
            if address := lync_objects.text(one, "SipAddress").lower():
                self._objects.setdefault(address, one)
        if named:
            self._alone[named] = answer
        elif not lync_objects.is_partial(answer):
            self._absent.update(asked_for)
            self._whole = self._whole or not parameters

    def _filtered(self, wanted: str) -> list[str]:
        """Whom one of our own batches asked for."""
        return [self._terms[term] for term in wanted.split(" -or ") if term in self._terms]


_NOT_ASKED = Unanswered(
    reason=Reason.MISSING_INPUT, detail="nobody could be asked for it.", command="Get-CsUser | Format-List *"
)
_PARTLY = Unseen(
    reason=Reason.MISSING_INPUT, detail="not all users were brought.", command="Get-CsUser | Format-List *"
)
