"""Plain mode: the keys that help are shown, nothing is passed over in silence, and every walk names its own file."""

from pathlib import Path

import pytest

from checks.runbooks import RUNBOOKS
from tests.end_to_end.test_plain import DEEDS, dialogue
from tui import places, prompts

pytestmark = pytest.mark.lab
JOURNALS = Path(__file__).parents[1] / "journals"
STEPS = RUNBOOKS["mobility"].step_ids
POLICY = STEPS.index("mobility.policy")
NEXT = "enter next, w why, h by hand, e evidence, b back, v verdict, q quit, ? more"


async def test_at_the_verdict_so_far_it_is_mended_and_checked_again(tmp_path: Path) -> None:
    keys = "\n" * POLICY + "v\nf\nm\n1\nq\n"
    _, said = await dialogue(tmp_path, keys, "lab", "--plain", "policy-disabled-for-user")
    before, so_far, after = said.partition("The verdict so far")
    assert so_far
    assert "f fixed it" not in before
    assert "m mend it here" not in before
    assert "f fixed it: check again, m mend it here," in after
    assert "Verify  check again (r)" in before, "by the key of the step"
    assert "Verify  check again (f)" in after, "and by that of the verdict"
    assert "Mobility policy: was failed, now failed: " in after
    assert "Mobility policy: was failed, now ok: " in after
    assert after.index("now failed") < after.index("now ok")


async def test_a_step_that_is_well_shows_one_line_of_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    _, said = await dialogue(tmp_path, "?\nq\n", "lab", "--plain", "healthy")
    assert f"\n{NEXT}\n> " in said
    for told in ("m      in the practice lab", "f      fixed it", "p      paste the output", "y      agree"):
        assert told in said


async def test_what_is_passed_over_before_the_verdict_is_told(tmp_path: Path) -> None:
    walk = tmp_path / "walk.jsonl"
    walk.write_bytes((JOURNALS / "xmpp-edge-other-process.jsonl").read_bytes())
    _, said = await dialogue(tmp_path, "\n", "--plain", "resume", str(walk))
    last = RUNBOOKS["xmpp"].stages[-1].step.title
    told = next(line for line in said.splitlines() if line.startswith("Passed over"))
    assert told.endswith(last)
    assert said.index("Passed over") < said.index("FAILED")


async def test_a_walk_in_a_file_of_ones_own_says_so_and_names_its_report(tmp_path: Path) -> None:
    await dialogue(tmp_path, "\nq\n", "lab", "--plain", "healthy")
    (own,) = (tmp_path / "lyncdoctor" / "walks").glob("*.jsonl")
    mine = tmp_path / "my walk.jsonl"
    mine.write_bytes(own.read_bytes())
    _, said = await dialogue(tmp_path, "q\n", "--plain", "resume", str(mine))
    assert f"This walk goes on in {mine.name}: what is asked from here on is added there." in " ".join(said.split())
    assert f"Its report: lyncdoctor report '{mine}'" in said
    _, said = await dialogue(tmp_path, "q\n", "--plain", "resume", str(own))
    assert "goes on in" not in said
    assert said.endswith("Its report: lyncdoctor report\n")


async def test_whoever_opens_anothers_walk_is_told_what_was_walked_before(tmp_path: Path) -> None:
    keys = "\n" * POLICY + "n\nphones fail since Monday\nq\n"
    await dialogue(tmp_path, keys, "lab", "--plain", "policy-disabled-for-user")
    (juniors,) = (tmp_path / "lyncdoctor" / "walks").glob("*.jsonl")
    seniors = tmp_path / "senior"
    _, said = await dialogue(seniors, "v\nb\ne\nq\n", "--plain", "resume", str(juniors))
    assert f"{POLICY + 1} of {len(STEPS)} steps were walked before: v shows what was found" in " ".join(said.split())
    assert "Note  phones fail since Monday" in said
    assert "EnableMobility        : False" in said, "the evidence of the step before, too"
    assert "[XX] Mobility policy" in said


async def test_any_step_is_reached_from_the_list_of_all(tmp_path: Path) -> None:
    certificates, here = STEPS.index("mobility.certificates") + 1, POLICY + 1
    keys = "\n" * POLICY + f"j\n\nj\n{certificates}\n\nq\n"
    _, said = await dialogue(tmp_path, keys, "lab", "--plain", "policy-disabled-for-user")
    assert f"\n{here:>2}  Mobility policy: failed, and you are here\n" in said
    assert f"\n{certificates:>2}  Certificates: not walked yet\n" in said
    assert " 1  Permissions: ok\n" in said
    walked = [line for line in said.splitlines() if line.startswith("Step ") or " Step " in line]
    numbers = [int(line.split("Step ")[1].split()[0]) for line in walked]
    assert numbers == [*range(1, here + 1), certificates, here + 1], "from there it goes on where the walk was left"
    assert said.count("Out of its turn: enter goes on where you left the walk.") == 1


async def test_after_the_verdict_of_a_fault_another_is_walked(tmp_path: Path) -> None:
    walk = "healthy\n1\n" + "\n" * (len(STEPS) + DEEDS)
    code, said = await dialogue(tmp_path, f"3\n{walk}N\n3\npolicy-disabled-for-user\n1\nq\n", "lab", "--plain")
    assert code == 0
    assert "N another fault" in said
    assert said.count("Which trouble shall the practice deployment on this machine have?") == 2
    assert said.count(f"Step 1 of {len(STEPS)}.") == 2
    assert said.count("This walk is in") == 2


async def test_a_walk_that_can_be_written_nowhere_is_walked_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "lyncdoctor").write_text("a file, where the folder should be")
    code, said = await dialogue(tmp_path, "\nq\n", "lab", "--plain", "healthy")
    assert code == 0
    assert said.count("This walk is in no file: Not a directory. It cannot be resumed.") == 2, "at once, and at the end"
    assert "Step 2 of" in said
    assert "lyncdoctor report" not in said


@pytest.mark.parametrize("columns", [40, 57, 80])
def test_a_key_is_never_torn_from_what_it_does(
    columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    keys = ["f fixed it: check again", "m mend it here", "y agree and run it", "enter next", "? more"]
    prompts.say_keys(keys)
    lines = capsys.readouterr().out.splitlines()
    assert [key for line in lines for key in line.rstrip(",").split(", ")] == keys
    assert max(map(len, lines)) <= columns


def test_the_report_of_an_older_walk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert places.farewell(Path("b2.jsonl")) == "This walk is in b2.jsonl\nIts report: lyncdoctor report b2.jsonl"
