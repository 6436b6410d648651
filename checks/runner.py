"""Runs one step: gathers within its limit, then judges. Never raises, whatever the step or the world does."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import msgspec

from checks.context import Asking, Context
from checks.deployment import Deployment
from checks.journal import Concluded, now
from checks.model import Finding, Reason, Status, Step
from checks.probes import Question


async def run(
    step: Step[Any],
    deployment: Deployment,
    asking: Asking,
    noticed: Callable[[Question], None] | None = None,
    *,
    may_act: bool = False,
    withheld: Callable[[list[Question]], None] | None = None,
) -> Concluded:
    """The conclusion of a step. Only the cancellation of the caller itself passes through.

    Unless it `may_act`, nothing signs in as a user; `withheld` is told what stayed unanswered for that.
    """
    context = Context(deployment, asking, noticed, may_act=may_act)
    started = time.monotonic()
    facts: msgspec.Struct | None = None
    try:
        async with asyncio.timeout(step.limit):
            facts = await step.gather(context)
        finding = step.judge(facts)
    except TimeoutError:
        finding = Finding(
            answer="timeout",
            status=Status.UNKNOWN,
            reason=Reason.TIMEOUT,
            link=step.link,
            headline=f"Looking took longer than {step.limit:.0f} seconds and was stopped.",
        )
    except Exception as error:  # The one place that may: a crash is a finding and the walk goes on.
        finding = crashed(step, error)
    if withheld is not None:
        withheld(context.withheld)
    if context.withheld and finding.status in {Status.UNKNOWN, Status.NOT_APPLICABLE}:
        return not_agreed(step)
    return Concluded(
        step=step.id,
        finding=finding,
        at=now(),
        took_ms=round((time.monotonic() - started) * 1000),
        facts=msgspec.json.decode(msgspec.json.encode(facts)) if facts is not None else None,
        evidence=tuple(context.questions),
    )


def judge_again(step: Step[Any], facts: dict[str, Any]) -> Finding:
    """The finding made anew from recorded facts; `unknown/bug` where they do not fit the step."""
    try:
        return step.judge(msgspec.convert(facts, step.facts))
    except Exception as error:
        return crashed(step, error)


def not_agreed(step: Step[Any]) -> Concluded:
    """What stands in the journal for a step that signs in as a user, where nobody agreed to that."""
    finding = Finding(
        answer="not-agreed",
        status=Status.SKIPPED,
        link=step.link,
        headline="Not run: it signs in as a user, and nobody agreed to that.",
    )
    return Concluded(step=step.id, finding=finding, at=now())


def cancelled(step: Step[Any]) -> Concluded:
    """What stands in the journal for a step that the user cancelled."""
    finding = Finding(
        answer="cancelled",
        status=Status.UNKNOWN,
        reason=Reason.CANCELLED,
        link=step.link,
        headline="You cancelled this check; nothing follows from it.",
    )
    return Concluded(step=step.id, finding=finding, at=now())


def crashed(step: Step[Any], error: Exception) -> Finding:
    """A crash as a finding. The error's own text may hold anything, so only its place and kind are told."""
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    place = f"{frame.tb_frame.f_code.co_name}, line {frame.tb_lineno}" if frame else "unknown place"
    return Finding(
        answer="bug",
        status=Status.UNKNOWN,
        reason=Reason.BUG,
        link=step.link,
        headline="This check has a bug and could not finish. That says nothing about the server.",
        detail=(f"{type(error).__name__} in {place}",),
    )
