"""The pages in docs/runbooks, made from the runbooks: `python -m tui.documents docs` writes them anew."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from checks.deployment import Deployment
from checks.knowledge.pasted.commands import by_hand
from checks.model import Runbook, Stage
from checks.runbooks import RUNBOOKS
from lab import scenarios
from tui.explaining import hidden_by, tree_as_mermaid

EXAMPLE = Deployment(
    domains=("litwareinc.com",),
    users=("sip:kenmyer@litwareinc.com", "sip:pilar@litwareinc.com"),
    pool="atl-cs-001.litwareinc.com",
    web="lyncweb.litwareinc.com",
    web_internal="lyncweb-int.litwareinc.com",
    edge="atl-edge-001.litwareinc.com",
)
"""The deployment whose names stand in the pages: the one of Microsoft's documents, and of the lab."""


def pages() -> dict[str, str]:
    """Every page by its path below docs/."""
    made: dict[str, str] = {}
    for runbook in RUNBOOKS.values():
        made[f"runbooks/{runbook.name}.md"] = _text(_overview(runbook))
        for number, stage in enumerate(runbook.stages, 1):
            made[f"runbooks/{_file(runbook, stage)}"] = _text(_page(runbook, stage, number))
    return made


def _text(lines: Iterator[str]) -> str:
    return "\n".join(lines) + "\n"


def _file(runbook: Runbook, stage: Stage) -> str:
    return f"{runbook.name}/{stage.step.id.partition('.')[2]}.md"


def _overview(runbook: Runbook) -> Iterator[str]:
    yield f"# {runbook.title}: {runbook.purpose}"
    yield ""
    yield "Made from the code by `python -m tui.documents docs`. The steps are in causal order: of several faults, the"
    yield "first one that failed is the cause."
    yield ""
    yield "| | Step | Question |"
    yield "|---|---|---|"
    for number, stage in enumerate(runbook.stages, 1):
        acts = " (signs in, asks first)" if stage.step.acts else ""
        yield f"| {number} | [{stage.step.title}]({_file(runbook, stage)}){acts} | {_cell(stage.step.question)} |"
    if runbook.symptoms:
        yield from _symptoms(runbook)
    yield ""
    yield "## The tree"
    yield ""
    yield "An arrow leads to the step that is shown next. A dotted line leads to a step that can tell nothing new after"
    yield "some answers of the one that it comes from; it is skipped then, and names its cause."
    yield ""
    yield "```mermaid"
    yield tree_as_mermaid(runbook).rstrip()
    yield "```"


def _symptoms(runbook: Runbook) -> Iterator[str]:
    yield ""
    yield "## From a symptom"
    yield ""
    yield f"`lyncdoctor run {runbook.name} --symptom NAME` walks only what can explain it."
    yield ""
    yield "| What users tell | NAME | Steps | Because |"
    yield "|---|---|---|---|"
    titles = {stage.step.id: stage.step.title for stage in runbook.stages}
    for symptom in runbook.symptoms:
        steps = ", ".join(titles[step] for step in runbook.step_ids if step in symptom.explained_by)
        yield f"| {_cell(symptom.says)} | `{symptom.name}` | {steps} | {_cell(symptom.because)} |"
    if runbook.circumstances:
        yield from _circumstances(runbook, titles)


def _circumstances(runbook: Runbook, titles: Mapping[str, str]) -> Iterator[str]:
    yield ""
    yield "What else is known changes where the walk begins: `--told NAME`, as often as wanted. Steps that can explain the"
    yield "symptom too are added, and one that cannot be the cause is left out. Not to know it is a good answer."
    yield ""
    yield "| Asked | Known | NAME | First | Left out |"
    yield "|---|---|---|---|---|"
    for circumstance in runbook.circumstances:
        for detail in circumstance.details:
            first = ", ".join(titles[step] for step in detail.first)
            left_out = " ".join(f"{titles[step]}: {why}" for step, why in detail.without.items())
            yield f"| {circumstance.asks} | {_cell(detail.says)} | `{detail.name}` | {first} | {_cell(left_out)} |"


def _page(runbook: Runbook, stage: Stage, number: int) -> Iterator[str]:
    step = stage.step
    yield f"# {step.title}"
    yield ""
    yield f"Step {number} of {len(runbook.stages)} of [{runbook.title}](../{runbook.name}.md): `{step.id}`"
    yield ""
    yield f"**{step.question.strip()}**"
    yield ""
    yield step.why
    yield ""
    yield f"Good: {step.good}"
    if step.consent is not None:
        yield ""
        yield f"It asks first: {step.consent.says(EXAMPLE)}"
    yield ""
    yield "## By hand"
    yield ""
    yield "```powershell"
    yield from by_hand(step.by_hand(EXAMPLE))
    yield "```"
    yield ""
    yield from _answers(runbook, stage)
    yield ""
    yield f"Documented at <{step.link}>."


def _answers(runbook: Runbook, stage: Stage) -> Iterator[str]:
    practice = _practice(runbook)
    yield "## What it may say"
    yield ""
    yield "| Status | Answer | Means | Practise with |"
    yield "|---|---|---|---|"
    for answer in stage.step.answers:
        named = ", ".join(f"`lyncdoctor lab {name}`" for name in practice.get(f"{stage.step.id}/{answer.name}", ()))
        yield f"| {answer.status} | `{answer.name}` | {_cell(answer.meaning)} | {named} |"
    yield ""
    for answer_name, target in stage.next.items():
        yield f"After `{answer_name}` comes {_link(runbook, target)}."
    yield f"{'Otherwise' if stage.next else 'Then'} comes {_link(runbook, stage.otherwise)}."
    for step_id, answers in hidden_by(stage).items():
        told = ", ".join(f"`{answer}`" for answer in sorted(answers))
        yield f"It is skipped after {_link(runbook, step_id)} said {told}."


def _practice(runbook: Runbook) -> dict[str, list[str]]:
    """The scenarios of the lab by their causes."""
    found: dict[str, list[str]] = {}
    for one in scenarios.listing():
        if one["cause"] and one["runbook"] == runbook.name:
            found.setdefault(one["cause"], []).append(one["name"])
    return found


def _link(runbook: Runbook, step_id: str | None) -> str:
    if step_id is None:
        return "the verdict"
    stage: Stage = runbook.stage(step_id)
    return f"[{stage.step.title}]({step_id.partition('.')[2]}.md)"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def write(folder: Path) -> None:
    """Writes every page, and removes those of steps that are gone."""
    made: dict[str, Any] = pages()
    for stale in set(folder.glob("runbooks/**/*.md")) - {folder / name for name in made}:
        stale.unlink()
    for name, text in made.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
