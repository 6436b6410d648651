"""A fault that the learner has not seen, in plain mode and from the command line."""

from pathlib import Path

import pytest

from checks import journal as journals
from checks.runbooks import RUNBOOKS
from lab import scenarios
from tests.end_to_end.test_plain import dialogue
from tui import cases

pytestmark = pytest.mark.lab
SEED = next(
    seed for seed in range(10_000)
    if cases.surprise(scenarios.listing(), "mobility", seed).scenario == "policy-disabled-for-user"
)  # fmt: skip
CASE = cases.case_named("policy-disabled-for-user", "mobility")
STEPS = RUNBOOKS["mobility"].step_ids
CHOICES = CASE.choices()
WRONG = next(number for number, fault in enumerate(CHOICES, 1) if fault.step != CASE.step.id)
RIGHT = next(number for number, fault in enumerate(CHOICES, 1) if CASE.is_cause(fault))
HINT, TELL, PASS = len(CHOICES) + 1, len(CHOICES) + 2, len(CHOICES) + 3
SURPRISE = ("lab", "--plain", "--surprise", "mobility", "--seed", str(SEED))


async def test_the_learner_is_called_walks_and_names_the_cause(tmp_path: Path) -> None:
    to_the_policy = "\n" * STEPS.index(CASE.step.id)
    keys = f"3\n1\n{to_the_policy}g\n{HINT}\n{HINT}\n{WRONG}\n{PASS}\nv\n{RIGHT}\ng\nq\n"
    _, said = await dialogue(tmp_path, keys, *SURPRISE)
    before, _, after = said.partition("Right: ")
    for told in (
        "The call: “Ken Myer cannot sign in on his phone. Everybody else can.”",
        "Hint 1/3: Look at “", "Hint 2/3: “Mobility policy” asks: Does the mobility policy", "Good is: EnableMobility is True",
        "Not that: It would show at",
        "Before the verdict: which fault is it?", "Not now", "I pass: show the verdict",
    ):  # fmt: skip
        assert told in before, told
    assert CASE.title not in before
    assert CASE.scenario not in said[: said.index("This walk is in")].partition("practice scenario")[0]
    assert after.startswith(CASE.title)
    assert "Seen at: “Mobility policy”. FAILED: Mobility is switched off" in " ".join(after.split())
    assert "practice scenario policy-disabled-for-user" in " ".join(after.split()), "named in the report from then on"
    assert "'g' is none of these" in after


async def test_who_passes_and_leaves_goes_on_unseen(tmp_path: Path) -> None:
    _, said = await dialogue(tmp_path, f"1\n\nv\n{PASS}\nv\nq\n", *SURPRISE)
    assert said.count("which fault is it?") == 1, "who passed is not asked again"
    assert said.count("practice scenario unseen") == 2
    assert CASE.scenario not in said
    (written,) = (tmp_path / "lyncdoctor").rglob("*.jsonl")
    assert journals.read(written).began.unseen
    _, said = await dialogue(tmp_path, f"g\n{TELL}\nq\n", "resume", "--plain")
    assert "The call: “Ken Myer cannot sign in" in said
    assert f"It is: {CASE.title}." in said
    assert not journals.read(written).began.unseen


async def test_another_fault_can_be_had_before_the_walk(tmp_path: Path) -> None:
    _, said = await dialogue(tmp_path, "2\n4\n5\n\n1\n1\nq\n", "lab", "--plain")
    assert said.count("The call: ") == 2
    assert "mobility: Permissions" in said, "the topics"
    assert "Step 1 of" in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--seed", "3"), "--seed goes with --surprise"),
        (("healthy", "--surprise"), "leave healthy out"),
        (("--surprise", "nonsense"), "choose from 'mobility', 'xmpp', 'any'"),
    ],
)
async def test_what_does_not_go_together_is_refused(arguments: tuple[str, ...], sentence: str, tmp_path: Path) -> None:
    _, said = await dialogue(tmp_path, "", "lab", "--plain", *arguments)
    assert sentence in said
