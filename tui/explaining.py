"""A step, or a whole runbook, told in text: what `explain` and `tree` print, and the pages in docs/ are made of."""

import textwrap
from collections.abc import Iterator
from typing import Any

from checks.deployment import Deployment
from checks.model import Runbook, Stage, Step

_WIDTH = 96


def explanation(step: Step[Any], deployment: Deployment) -> str:
    """Why the step is checked, what good looks like, how to do it by hand, and what it may conclude."""
    return "\n".join(_explanation(step, deployment)) + "\n"


def _explanation(step: Step[Any], deployment: Deployment) -> Iterator[str]:
    yield f"{step.title} ({step.id})"
    yield step.question.strip()
    for label, prose in (("Why", step.why), ("Good", step.good)):
        yield ""
        yield label
        yield from _indented(prose)
    yield ""
    yield "By hand"
    yield from (f"  {line}" for line in step.by_hand(deployment))
    yield ""
    yield "What it may say"
    width = max(len(answer.name) for answer in step.answers)
    for answer in step.answers:
        yield f"  {answer.status:<14} {answer.name:<{width}}  {answer.meaning}"
    yield ""
    yield f"Documented at {step.link}"


def tree_as_text(runbook: Runbook) -> str:
    """The runbook as lines: each step, where it leads, and what makes it pointless."""
    lines = [f"{runbook.title}: {runbook.purpose}", ""]
    for number, stage in enumerate(runbook.stages, 1):
        lines.append(f"{number:>2}  {stage.step.title}  ({stage.step.id})")
        lines.append(f"    {stage.step.question.strip()}")
        lines += [f"      {line}" for line in _branches(runbook, stage)]
    if runbook.symptoms:
        width = max(len(symptom.name) for symptom in runbook.symptoms)
        lines += ["", f"From a symptom (lyncdoctor run {runbook.name} --symptom NAME):"]
        lines += [f"  {symptom.name:<{width}}  {symptom.says}" for symptom in runbook.symptoms]
    return "\n".join(lines) + "\n"


def _branches(runbook: Runbook, stage: Stage) -> Iterator[str]:
    for answer, target in stage.next.items():
        yield f"{answer} -> {_title(runbook, target)}"
    yield f"{'otherwise' if stage.next else 'then'} -> {_title(runbook, stage.otherwise)}"
    for step_id, answers in stage.stands_on.items():
        yield f"skipped after {_title(runbook, step_id)}: {', '.join(sorted(answers))}"


def tree_as_mermaid(runbook: Runbook) -> str:
    """The runbook as a Mermaid flowchart."""
    lines = ["flowchart TD"]
    for stage in runbook.stages:
        here = _node(stage.step.id)
        lines.append(f'    {here}["{stage.step.title}"]')
        for answer, target in stage.next.items():
            lines.append(f"    {here} -->|{answer}| {_node(target)}")
        lines.append(f"    {here} --> {_node(stage.otherwise)}")
        lines += [f"    {_node(step_id)} -.-> {here}" for step_id in stage.stands_on]
    lines.append('    verdict(["Verdict"])')
    return "\n".join(lines) + "\n"


def _node(step_id: str | None) -> str:
    return "verdict" if step_id is None else step_id.replace(".", "_").replace("-", "_")


def _title(runbook: Runbook, step_id: str | None) -> str:
    return "Verdict" if step_id is None else runbook.stage(step_id).step.title


def _indented(prose: str) -> list[str]:
    return textwrap.wrap(prose, _WIDTH, initial_indent="  ", subsequent_indent="  ")
