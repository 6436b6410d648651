"""One run through a runbook: next step, back, re-run, look-ahead. The only place that branches."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import msgspec

from checks import runner
from checks.circumstances import course_of, steps_for
from checks.context import Asking
from checks.deployment import Deployment
from checks.journal import MOST_NOTE, Concluded, Journal, Noted, now
from checks.model import Runbook, Status, Verdict
from checks.probes import Account, Answer, Question, Server
from checks.secret import Secret
from checks.sign_ins import acts, can_act, can_be_asked
from checks.skipping import pointless_because, skipped
from checks.stated import is_stated, stated
from checks.text import clean
from checks.verdict import verdict_of

__all__ = ["LOOK_AHEAD", "Walk", "steps_for", "verdict_of"]

LOOK_AHEAD = 3
"""How many of the steps that come next are gathered while the user reads."""
_SEEN = frozenset({Status.OK, Status.WARNING, Status.FAILED})


class Walk:
    """A walk and its state. All of it can be rebuilt from the journal."""

    def __init__(self, runbook: Runbook, deployment: Deployment, asking: Asking, journal: Journal) -> None:
        self.runbook = runbook
        self.deployment = deployment
        self.journal = journal
        self.asking = asking
        course = course_of(runbook, journal.began.symptom, journal.began.told)
        self.steps = course.steps
        """What is walked: the whole runbook, or what can explain the symptom. In causal order but for what was put first."""
        self._below = dict(pairwise(course.steps)) if course.put_first else None
        self.path: list[str] = [step for step in journal.concluded if step in self.steps]
        """The steps in the order they were concluded, skipped ones among them."""
        self.agreed: set[str] = set()
        """The steps that may act, because the user agreed to them."""
        self.declined: set[str] = set()
        """The steps that act and that the user does not want: he is not asked again for each of them."""
        self.watch: dict[str, list[Question]] = {}
        """What each running step has asked so far."""
        self.alone: set[str] = {step for step in self.path if journal.concluded[step].alone}
        """The steps that the user went to out of their turn."""
        self._ahead: dict[str, asyncio.Task[Concluded]] = {}
        self._withheld: dict[str, list[Question]] = {}
        """What a step was not answered because nobody had agreed to it."""

    def conclusion(self, step_id: str) -> Concluded | None:
        """What a visited step concluded."""
        return self.journal.concluded.get(step_id)

    def must_agree(self, step_id: str, *, again: bool = False) -> bool:
        """True for a step that is to sign in as a user and waits until somebody agrees.

        Nobody is asked where nothing is there that could sign in. Where evidence tells of sign-ins, it is looked at
        first, and what it does not tell waits. `again`: the step is to be asked anew, so what this walk itself asked
        before it was resumed tells nothing.
        """
        if not self._acts_unagreed(step_id):
            return False
        sources = self.journal.began.sources
        if any(can_be_asked(question, sources) for question in self._withheld.get(step_id, ())):
            return True
        return can_act(sources) and not self.asking.tells_deeds(again=again)

    def agree(self, *step_ids: str) -> None:
        """The user agrees that these steps act, and all that share their sign-in; without a name, all of the runbook."""
        named = step_ids or self.runbook.step_ids
        agreed = {*named, *(sharing for step_id in named for sharing in self._sharing(step_id))}
        self.agreed |= agreed
        self.declined -= agreed

    def decline(self, step_id: str) -> None:
        """The user does not agree that this step acts, nor any that shares its sign-in."""
        self.declined.update(self._sharing(step_id))

    async def conclude(self, step_id: str, ahead: int = 0, *, again: bool = False) -> Concluded:
        """Runs a step, or takes what look-ahead has gathered of it, and writes it down.

        Meanwhile the `ahead` steps that come next are gathered too: a slow step is no reason to let them wait. A step
        that acts and that nobody agreed to is judged from what is known, and signs in nowhere; with `again` what this walk
        did before it was resumed is not known.
        """
        if self._acts_unagreed(step_id) and not self.asking.tells_deeds(again=again):
            concluded = runner.not_agreed(self.runbook.stage(step_id).step)
            self._note(concluded)
            return concluded
        task = self._ahead.pop(step_id, None) or self._start(step_id)
        if ahead:
            self.look_ahead(step_id, ahead)
        try:
            concluded = await asyncio.shield(task)
        except asyncio.CancelledError:
            task.cancel()
            raise
        self._note(concluded)
        return concluded

    def look_ahead(self, step_id: str, steps: int = LOOK_AHEAD) -> None:
        """Starts gathering the read-only steps that come next; drops what was started and is no longer ahead."""
        ahead = self._likely_after(step_id, steps)
        for dropped in self._ahead.keys() - set(ahead):
            self._ahead.pop(dropped).cancel()
        for likely in ahead:
            if likely not in self._ahead:
                self._ahead[likely] = self._start(likely)

    def is_ahead(self, step_id: str) -> bool:
        """True where look-ahead has begun this step and it was not shown yet."""
        return step_id in self._ahead

    def first(self) -> str:
        """The step that a new walk begins with."""
        return self.steps[0]

    def next(self, step_id: str) -> str | None:
        """The step shown after this one; None for the verdict.

        Steps that a fault has made pointless are noted as skipped on the way. After a step that was walked alone comes
        what follows the one before it.
        """
        return self._next(step_id, self.journal, self._note)

    def coming(self, step_id: str) -> str | None:
        """The step that `next` would give now. Nothing is noted."""
        trial = self.journal.copy()
        return self._next(step_id, trial, trial.add)

    def skip(self, step_id: str) -> Concluded:
        """The user does not want this step: one that acts, because he does not agree to it."""
        task = self._ahead.pop(step_id, None)
        if task is not None:
            task.cancel()
        concluded = skipped(self.runbook, self.journal, step_id, "")
        if self.must_agree(step_id):
            self.decline(step_id)
            concluded = runner.not_agreed(self.runbook.stage(step_id).step)
        self._note(concluded)
        return concluded

    def cancel(self, step_id: str) -> Concluded:
        """What is noted for a step whose `conclude` was cancelled."""
        concluded = runner.cancelled(self.runbook.stage(step_id).step)
        self._note(concluded)
        return concluded

    def go_to(self, step_id: str) -> None:
        """The user wants this step next: where it is not its turn, it is walked alone."""
        if step_id not in self.path and step_id != (self._wanted_after(self.path[-1]) if self.path else self.first()):
            self.alone.add(step_id)

    async def rerun(self, *step_ids: str) -> Concluded:
        """Asks everything of these steps anew, a question that they share once; judges again what shared a question with

        them, runs what they had skipped. Gives the conclusion of the first.
        """
        forgotten = {question for step_id in step_ids for question in self._to_forget(step_id)}
        self.drop_look_ahead()
        for question in forgotten:
            self.asking.forget(question)
        return await self._conclude_again(step_ids, forgotten)

    async def state(self, step_id: str, answer: str, remark: str = "") -> Concluded:
        """A person looked, and says which of its answers the step has; runs what it had skipped.

        ValueError where that answer cannot be stated.
        """
        concluded = stated(self.runbook.stage(step_id).step, answer, remark, self.conclusion(step_id))
        self.drop_look_ahead()
        self._note(concluded)
        await self._follow((step_id,), set())
        return concluded

    def take_note(self, step_id: str, note: str) -> None:
        """Keeps what a person wrote about a step, or about the verdict under an empty name; an empty note removes it."""
        self.journal.add(Noted(note=clean(note.strip(), MOST_NOTE), at=now(), step=step_id))

    async def take(self, step_id: str, question: Question, answer: Answer) -> Concluded:
        """A person brought the answer to a question of this step: judges again whatever rests on that question."""
        self.drop_look_ahead()
        self.asking.take(question, answer)
        return await self._conclude_again((step_id,), {question})

    async def sign_in_again(self, step_id: str, whose: Server | Account, password: Secret) -> Concluded:
        """A password was typed anew: asks again what rests on it, also for the steps before."""
        self.drop_look_ahead()
        return await self._conclude_again((step_id,), self.asking.sign_in_again(whose, password))

    def drop_look_ahead(self) -> None:
        """Stops everything that was started ahead."""
        for task in self._ahead.values():
            task.cancel()
        self._ahead.clear()

    async def run_all(
        self,
        start: str | None = None,
        *,
        only: bool = False,
        stop_at_first: bool = False,
        concluded: Callable[[Concluded], None] | None = None,
    ) -> Verdict:
        """Walks to the verdict without a user, gathering ahead as far as the runbook goes."""
        step_id: str | None = start or self.first()
        while step_id is not None:
            seen = len(self.path)
            here = await self.conclude(step_id, ahead=0 if only else len(self.steps))
            stopped = only or (stop_at_first and here.finding.status is Status.FAILED)
            step_id = None if stopped else self.next(step_id)
            for newly in self.path[seen:]:
                if concluded:
                    concluded(self.journal.concluded[newly])
        self.drop_look_ahead()
        return self.verdict()

    def verdict(self) -> Verdict:
        """The first fault in causal order, what follows from it, and what else was found."""
        return verdict_of(self.runbook, self.journal)

    async def _conclude_again(self, step_ids: Sequence[str], changed: set[Question]) -> Concluded:
        """Concludes steps, and then those that rest on the same questions or were skipped because of them."""
        first, *_ = [await self.conclude(step_id) for step_id in step_ids]
        await self._follow(step_ids, changed)
        return first

    async def _follow(self, step_ids: Sequence[str], changed: set[Question]) -> None:
        for other in self.path[:]:
            if other not in step_ids and self._must_follow(other, step_ids, changed):
                before = self.journal.concluded[other]
                # What was hidden is looked at for the first time now: a sign-in of before tells nothing of it.
                concluded = await self.conclude(other, again=before.finding.status is Status.SKIPPED)
                if is_stated(before) and concluded.finding.status not in _SEEN:
                    # What a person said counts until something is seen.
                    self._note(before)

    def _to_forget(self, step_id: str) -> Iterator[Question]:
        """What a step asked, without the deeds that may not be done again."""
        before = self.conclusion(step_id)
        keeps_deeds = self._acts_unagreed(step_id)
        return (question for question in (before.evidence if before else ()) if not (keeps_deeds and acts(question)))

    def _next(self, step_id: str, journal: Journal, note: Callable[[Concluded], None]) -> str | None:
        for candidate in (self._wanted_after(step_id), *self.steps):
            if candidate is None or candidate in journal.concluded or candidate not in self.steps:
                continue
            cause = pointless_because(self.runbook.stage(candidate), journal)
            if cause is None:
                return candidate
            note(skipped(self.runbook, journal, candidate, cause))
        return None

    def _wanted_after(self, step_id: str) -> str | None:
        """Where the runbook leads after a step, or after the last one before it that was not walked alone."""
        until = self.path.index(step_id) if step_id in self.path else len(self.path)
        turn = next((step for step in (step_id, *reversed(self.path[:until])) if step not in self.alone), None)
        if turn is None:
            return self.first()
        concluded = self.conclusion(turn)
        return self._after(turn, concluded.finding.answer if concluded else "skipped")

    def _after(self, step_id: str, answer: str = "") -> str | None:
        """Where the runbook branches to; else the step below, in the order of this walk."""
        stage = self.runbook.stage(step_id)
        if self._below is None or answer in stage.next:
            return stage.after(answer)
        return self._below.get(step_id)

    def _start(self, step_id: str) -> asyncio.Task[Concluded]:
        step = self.runbook.stage(step_id).step
        asked = self.watch[step_id] = []
        withheld = self._withheld[step_id] = []
        return asyncio.create_task(
            runner.run(
                step,
                self.deployment,
                self.asking,
                asked.append,
                may_act=step_id in self.agreed,
                withheld=withheld.extend,
            )
        )

    def _acts_unagreed(self, step_id: str) -> bool:
        step = self.runbook.stage(step_id).step
        wanted = step.consent is None or step.consent.wanted(self.deployment)
        return step.acts and wanted and step_id not in self.agreed

    def _note(self, concluded: Concluded) -> None:
        if concluded.step not in self.path:
            self.path.append(concluded.step)
        alone = concluded.step in self.alone
        self.journal.add(msgspec.structs.replace(concluded, alone=alone) if alone else concluded)

    def _sharing(self, step_id: str) -> tuple[str, ...]:
        """The step, and all that one consent covers with it."""
        consent = self.runbook.stage(step_id).step.consent
        steps = (stage.step for stage in self.runbook.stages)
        shared = (step.id for step in steps if consent and step.consent and step.consent.deed == consent.deed)
        return (step_id, *shared)

    def _must_follow(self, other: str, rerun: Sequence[str], changed: set[Question]) -> bool:
        concluded = self.journal.concluded[other]
        if concluded.finding.status is Status.SKIPPED:
            was_because = concluded.finding.because.partition("/")[0] in rerun
            return was_because and pointless_because(self.runbook.stage(other), self.journal) is None
        return bool(changed & set(concluded.evidence))

    def _likely_after(self, step_id: str, steps: int) -> list[str]:
        """The steps that would follow if all went well, without those that act and those already seen."""
        likely: list[str] = []
        following = self._wanted_after(step_id)
        while following is not None and len(likely) < steps:
            stage = self.runbook.stage(following)
            seen = following in self.path or following in likely
            wanted = following in self.steps and not stage.step.acts
            if not seen and wanted and pointless_because(stage, self.journal) is None:
                likely.append(following)
            following = self._after(following)
        return likely
