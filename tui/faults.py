"""Which faults are offered as the cause of a case: one of each of some neighbouring steps, worded as causes."""

from collections.abc import Collection
from random import Random
from typing import Any, NamedTuple

from checks.model import Answer, Runbook, Stage, Status, Step

_NEAR = 6
"""How many neighbouring steps the possible causes are of."""
_FAULTS = {Status.FAILED, Status.WARNING}
AS_CAUSES = {
    "mobility.autodiscover/forbidden": "Lync refuses the request: 403, or a 401 of its own",
    "mobility.autodiscover/incomplete": "the document lacks links that it must have",
    "mobility.autodiscover/loop": "it redirects in a circle, or without end",
    "mobility.autodiscover/not-found": "Lync says 404, on which clients give up",
    "mobility.autodiscover/not-understood": "Lync answers 200, and with something else than the document",
    "mobility.autodiscover/pool-unreached": "a proxy does not reach the pool: 502, 503 or 504",
    "mobility.autodiscover/server-error": "the Lync server fails with 500 and the like",
    "mobility.autodiscover/shape-refused": "one of the forms that clients ask for is refused",
    "mobility.autodiscover/unexpected-status": "Autodiscover answers with a status that it never gives",
    "mobility.registrar/failed-otherwise": "the registrar answers everybody with an error",
    "mobility.reverse-proxy/not-published": "the proxy does not publish a path of mobility: 403 or 404",
    "mobility.reverse-proxy/pool-unreached": "the proxy does not reach the pool: 502, 503, 504 or silence",
    "mobility.service-url/forbidden": "Mcx is forbidden: 403",
    "mobility.service-url/not-installed": "Mcx is not installed, where the version has it: 404",
    "mobility.service-url/redirect-loop": "Mcx redirects in a circle",
    "mobility.service-url/server-error": "Mcx fails with 500, or what is before it with 502 or 503",
    "mobility.service-url/unexpected-status": "Mcx answers with a status that it never gives",
    "mobility.test-transaction/failed-otherwise": "users and names are well, and the test stops at an error of the server",
    "mobility.ucwa/mobility-not-allowed": "the user may not use mobile applications any more: 403",
    "mobility.ucwa/not-installed": "there is no UCWA where the document leads: 404",
    "mobility.ucwa/unexpected": "UCWA refuses to create the application, for no reason that is documented",
    "mobility.user-document/document-error": "the server fails to give the document",
    "mobility.user-document/unknown-host": "a mobility link leads to a name that the topology cannot confirm",
    "mobility.user-document/user-unknown": "the server does not know where the user is homed: 404",
    "mobility.web-applications/application-missing": "an application that is needed is missing: 404",
    "mobility.web-applications/application-pool-stopped": "the application pool of a web site is stopped: 503",
    "mobility.web-applications/forbidden": "the Front End itself refuses: 403",
    "mobility.web-applications/overloaded": "the application is stuck, or has too many requests: 503 or silence",
    "mobility.web-applications/server-error": "the application crashes or cannot start: 500",
    "mobility.web-applications/ucwa-missing": "UCWA is missing on a version that has it: 404",
    "mobility.web-applications/web-config": "IIS cannot read the configuration: 500.19",
    "mobility.windows-auth/no-challenge": "it refuses, and offers no sign-in: 401",
    "xmpp.events/errors-to-read": "the event log has fresh errors that suggest no step",
    "xmpp.events/errors-with-a-hint": "the event log has fresh errors whose words suggest a step",
}
"""Answers whose meaning tells what is seen, and not what is wrong."""

_SAME_THING = {
    "mobility.autodiscover": frozenset({"mobility.reverse-proxy"}),
    "mobility.windows-auth": frozenset({"mobility.web-applications"}),
    "mobility.sign-in": frozenset({"mobility.web-applications"}),
    "mobility.service-url": frozenset({"mobility.web-applications"}),
    "mobility.ucwa": frozenset({"mobility.web-applications"}),
}
"""The steps that may tell the fault of a step in other words: an application that crashes is a web application too."""


class Fault(NamedTuple):
    """What the cause may be: an answer of a step."""

    step: str
    answer: str
    title: str
    """That of the step."""
    meaning: str

    @property
    def name(self) -> str:
        """`step-id/answer`."""
        return f"{self.step}/{self.answer}"


def faults_of(step: Step[Any], seen: Collection[str]) -> list[Fault]:
    """The faults that a step may find, of those that can be seen; worded as causes."""
    faults = [_fault(step, answer) for answer in step.answers if answer.status in _FAULTS]
    return [fault for fault in faults if fault.name in seen]


def offered(runbook: Runbook, cause: str, seed: str, seen: Collection[str]) -> tuple[Fault, ...]:
    """The cause among faults of neighbouring steps, in the runbook's order; the same for the same seed.

    Each step comes once, or its company would tell the cause. Nothing is among them that the cause explains, or that
    its own step would find beside it: that may be true, and no cause. Nor is what may name the same fault otherwise, and
    what is not `seen`, as `step-id/answer`, from the learner's seat: nothing could speak for it or against it.
    """
    dice = Random(seed)  # noqa: S311 - no secret
    own = cause.partition("/")[0]
    hidden = _SAME_THING.get(own, frozenset())
    of_steps = (_faults(stage, cause, seen) for stage in runbook.stages if stage.step.id not in hidden)
    faults = [of_step for of_step in of_steps if of_step]
    place = next(place for place, of_step in enumerate(faults) if of_step[0].step == own)
    # The cause is at any place of the neighbourhood, or its place would tell it.
    first = dice.randint(max(0, min(place - _NEAR + 1, len(faults) - _NEAR)), max(0, min(place, len(faults) - _NEAR)))
    return tuple(dice.choice(of_step) for of_step in faults[first : first + _NEAR])


def _faults(stage: Stage, cause: str, seen: Collection[str]) -> list[Fault]:
    """Those of a step that may be offered beside the cause; of its own step the cause alone, for others may hold too."""
    if stage.step.id == cause.partition("/")[0]:
        return [
            _fault(stage.step, answer) for answer in stage.step.answers if f"{stage.step.id}/{answer.name}" == cause
        ]
    return [fault for fault in faults_of(stage.step, seen) if not _explains(stage, cause, fault.answer)]


def _fault(step: Step[Any], answer: Answer) -> Fault:
    return Fault(step.id, answer.name, step.title, AS_CAUSES.get(f"{step.id}/{answer.name}", answer.meaning))


def _explains(stage: Stage, cause: str, answer: str) -> bool:
    """True where the cause is the reason for that answer of an earlier step."""
    step, _, name = cause.partition("/")
    return name in stage.explained_by.get(step, ()) and (not stage.explained or answer in stage.explained)
