"""A step, or a whole runbook, told in text: what `explain` and `tree` print, and the pages in docs/ are made of."""

import textwrap
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from checks.deployment import Deployment
from checks.knowledge.pasted.commands import by_hand
from checks.model import Runbook, Stage, Step

WIDTH = 96
"""Columns of what goes to no terminal."""

_ORDER = (
    "The steps are walked from the top, in causal order: of several faults the first is the cause. A step is skipped "
    "where an earlier step gave an answer after which it could tell nothing new; those answers are named below it."
)


def explanation(step: Step[Any], deployment: Deployment, width: int = WIDTH) -> str:
    """Why the step is checked, what good looks like, how to do it by hand, and what it may conclude."""
    return "\n".join(_explanation(step, deployment, width)) + "\n"


def _explanation(step: Step[Any], deployment: Deployment, width: int) -> Iterator[str]:
    yield f"{step.title} ({step.id})"
    yield from _wrapped(step.question, "", width)
    for label, prose in (("Why", step.why), ("Good", step.good)):
        yield ""
        yield label
        yield from _wrapped(prose, "  ", width)
    yield ""
    yield "By hand"
    for line in by_hand(step.by_hand(deployment)):
        if line.startswith("# "):
            yield from _beside("  # ", line[2:], width)
        else:
            # A command stays in one line, to be pasted.
            yield f"  {line}"
    yield ""
    yield "What it may say"
    longest = max(len(answer.name) for answer in step.answers)
    for answer in step.answers:
        yield from _beside(f"  {answer.status:<14} {answer.name:<{longest}}  ", answer.meaning, width)
    yield ""
    yield f"Documented at {step.link}"


def tree_as_text(runbook: Runbook, width: int = WIDTH) -> str:
    """The runbook as lines: each step, where it branches, and what makes it pointless."""
    lines = [*_wrapped(f"{runbook.title}: {runbook.purpose}", "", width), ""]
    lines += [*_wrapped(_ORDER, "", width), ""]
    for number, stage in enumerate(runbook.stages, 1):
        lines.append(f"{number:>2}  {stage.step.title}  ({stage.step.id})")
        lines += _wrapped(stage.step.question, "    ", width)
        for branch in _branches(runbook, stage):
            lines += _beside("      ", branch, width, further="    ")
    if runbook.symptoms:
        longest = max(len(symptom.name) for symptom in runbook.symptoms)
        lines += ["", f"From a symptom (lyncdoctor run {runbook.name} --symptom NAME):"]
        for symptom in runbook.symptoms:
            lines += _beside(f"  {symptom.name:<{longest}}  ", symptom.says, width)
        lines += _circumstances(runbook, width)
    lines += ["", *_wrapped("All about one step: lyncdoctor explain, with the name in brackets above.", "", width)]
    return "\n".join(lines) + "\n"


def _circumstances(runbook: Runbook, width: int) -> Iterator[str]:
    """What may be told beside a symptom."""
    details = [detail for circumstance in runbook.circumstances for detail in circumstance.details]
    longest = max((len(detail.name) for detail in details), default=0)
    if details:
        yield ""
        yield "What else is known (--told NAME, as often as wanted):"
    for circumstance in runbook.circumstances:
        yield f"  {circumstance.asks}"
        for detail in circumstance.details:
            yield from _beside(f"    {detail.name:<{longest}}  ", detail.says, width)


def _branches(runbook: Runbook, stage: Stage) -> Iterator[str]:
    """Where the step leads, unless that is simply the step below; then after which answers it is skipped."""
    below = dict(pairwise(runbook.step_ids)).get(stage.step.id)
    for answer, target in stage.next.items():
        yield f"{answer} -> {_title(runbook, target)}"
    if stage.next or stage.otherwise != below:
        yield f"{'otherwise' if stage.next else 'then'} -> {_title(runbook, stage.otherwise)}"
    for step_id, answers in sorted(hidden_by(stage).items(), key=lambda one: runbook.step_ids.index(one[0])):
        yield f"skipped after {_title(runbook, step_id)}: {', '.join(sorted(answers))}"


def hidden_by(stage: Stage) -> Mapping[str, frozenset[str]]:
    """By step the answers after which this one is skipped: without the steps that are named because they hide nothing."""
    return {step_id: answers for step_id, answers in stage.stands_on.items() if answers}


def tree_as_mermaid(runbook: Runbook) -> str:
    """The runbook as a Mermaid flowchart."""
    lines = ["flowchart TD"]
    for stage in runbook.stages:
        here = _node(stage.step.id)
        lines.append(f'    {here}["{stage.step.title}"]')
        for answer, target in stage.next.items():
            lines.append(f"    {here} -->|{answer}| {_node(target)}")
        lines.append(f"    {here} --> {_node(stage.otherwise)}")
        lines += [f"    {_node(step_id)} -.-> {here}" for step_id in hidden_by(stage)]
    lines.append('    verdict(["Verdict"])')
    return "\n".join(lines) + "\n"


def _node(step_id: str | None) -> str:
    return "verdict" if step_id is None else step_id.replace(".", "_").replace("-", "_")


def _title(runbook: Runbook, step_id: str | None) -> str:
    return "Verdict" if step_id is None else runbook.stage(step_id).step.title


def _wrapped(prose: str, indent: str, width: int) -> list[str]:
    return _beside(indent, prose, width, margin=indent)


def _beside(first: str, prose: str, width: int, *, further: str = "", margin: str | None = None) -> list[str]:
    """Prose beside what its first line begins with; its other lines are indented as far, and `further`."""
    margin = " " * min(len(first), width // 2) + further if margin is None else margin
    return textwrap.wrap(
        prose.strip(), width, initial_indent=first, subsequent_indent=margin, break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip
