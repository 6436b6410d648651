"""The trees: every answer leads somewhere, every step is reached, no way goes in a circle, no prose is missing."""

import ast
import inspect
import re
from pathlib import Path

import pytest

import checks
from checks.deployment import Deployment
from checks.model import COMMON_ANSWERS, Runbook, Stage, Status
from checks.runbooks import RUNBOOKS
from tui.explaining import tree_as_text

STAGES = [(runbook, stage) for runbook in RUNBOOKS.values() for stage in runbook.stages]
EVERY_STAGE = pytest.mark.parametrize(
    ("runbook", "stage"), STAGES, ids=lambda value: getattr(getattr(value, "step", None), "id", "")
)


@EVERY_STAGE
def test_every_answer_has_exactly_one_next(runbook: Runbook, stage: Stage) -> None:
    names = [answer.name for answer in (*stage.step.answers, *COMMON_ANSWERS)]
    assert len(names) == len(set(names)), "an answer is declared once"
    assert set(stage.next) <= set(names), "only answers of the step branch"
    for name in names:
        following = stage.after(name)
        assert following is None or following in runbook.step_ids


@EVERY_STAGE
def test_a_step_stands_on_earlier_steps_and_on_answers_they_have(runbook: Runbook, stage: Stage) -> None:
    here = runbook.step_ids.index(stage.step.id)
    for step_id, answers in stage.stands_on.items():
        assert runbook.step_ids.index(step_id) < here
        assert answers <= {answer.name for answer in runbook.stage(step_id).step.answers}


@EVERY_STAGE
def test_only_a_later_step_explains_what_shows_here_and_only_by_a_fault(runbook: Runbook, stage: Stage) -> None:
    here = runbook.step_ids.index(stage.step.id)
    for step_id, answers in stage.explained_by.items():
        assert runbook.step_ids.index(step_id) > here
        told = {Status.FAILED, Status.WARNING}
        assert answers <= {answer.name for answer in runbook.stage(step_id).step.answers if answer.status in told}


@EVERY_STAGE
def test_what_a_later_step_explains_are_faults_of_this_one(runbook: Runbook, stage: Stage) -> None:
    told = {Status.FAILED, Status.WARNING}
    assert stage.explained <= {answer.name for answer in stage.step.answers if answer.status in told}
    assert stage.explained_by or not stage.explained


@pytest.mark.parametrize("runbook", RUNBOOKS.values(), ids=RUNBOOKS)
def test_every_step_is_reached_and_no_way_is_a_circle(runbook: Runbook) -> None:
    reached: set[str] = set()

    def follow(step_id: str, way: tuple[str, ...]) -> None:
        assert step_id not in way, f"a circle: {way}"
        reached.add(step_id)
        stage = runbook.stage(step_id)
        for following in {stage.otherwise, *stage.next.values()} - {None}:
            assert following is not None
            follow(following, (*way, step_id))

    follow(runbook.stages[0].step.id, ())
    assert reached == set(runbook.step_ids)


@EVERY_STAGE
def test_a_step_teaches(runbook: Runbook, stage: Stage) -> None:
    step = stage.step
    assert step.question.strip().endswith("?")
    assert step.link.startswith("https://learn.microsoft.com/")
    assert len(step.why) > 60
    assert len(step.good) > 40
    assert len(step.title) <= 18, "it has to fit the rail"
    assert all(answer.meaning for answer in step.answers)
    named = step.by_hand(Deployment(users=("sip:kenmyer@litwareinc.com",), web="lyncweb.litwareinc.com"))
    assert named
    assert step.by_hand(Deployment()), "also without names"


@EVERY_STAGE
def test_a_step_is_one_file_that_opens_with_its_question(runbook: Runbook, stage: Stage) -> None:
    module = inspect.getmodule(stage.step.judge)
    assert module is not None
    assert module.__doc__ == stage.step.question
    assert inspect.getmodule(stage.step.gather) is module


def test_judging_is_pure() -> None:
    """No step reads a clock, the environment, chance or a file while it judges: none of that is even imported."""
    forbidden = {"time", "datetime", "random", "os", "pathlib", "asyncio", "secrets"}
    for path in sorted(Path(checks.__file__).parent.glob("*/*.py")):
        if path.parent.name not in {"mobility", "xmpp", "knowledge"}:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imported = {
            name.name.partition(".")[0]
            for node in ast.walk(tree)
            if isinstance(node, ast.Import)
            for name in node.names
        }
        imported |= {
            (node.module or "").partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
        }
        assert not (imported & forbidden) or path.name == "certificates.py", (
            f"{path.name} imports {imported & forbidden}"
        )


@pytest.mark.parametrize("name", RUNBOOKS)
def test_the_tree_names_no_step_that_hides_nothing(name: str) -> None:
    tree = tree_as_text(RUNBOOKS[name])
    assert "skipped after" in tree
    assert not re.search(r"skipped after [^:\n]+:\s*$", tree, re.MULTILINE)
