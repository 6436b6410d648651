"""Plain mode takes pastes, files and passwords as the screens do."""

from pathlib import Path

from checks.deployment import Deployment, Sources
from checks.journal import VERSION, Began, Journal, now
from checks.runbooks import RUNBOOKS
from tests.end_to_end.test_plain import dialogue

JOURNALS = Path(__file__).parents[1] / "journals"
BEFORE = "\n" * RUNBOOKS["xmpp"].step_ids.index("xmpp.listening")
"""Enter at every step before the one that reads netstat."""
NETSTAT = """
  Proto  Local Address          Foreign Address        State           PID
  TCP    192.0.2.25:5269        0.0.0.0:0              LISTENING       4312
  TCP    10.0.0.25:23456        0.0.0.0:0              LISTENING       4312
"""


def begun(path: Path) -> Path:
    """A walk through XMPP that begins, where nothing is asked live and the shell is a paste."""
    deployment = Deployment(domains=("litwareinc.com",), edge="edge01.litwareinc.com")
    sources = Sources(shell="paste", offline=True)  # noqa: S604 - no subprocess
    began = Began(version=VERSION, runbook="xmpp", deployment=deployment, at=now(), sources=sources)
    Journal(began, path).close()
    return path


async def test_a_paste_is_taken_up_to_a_line_with_a_dot(tmp_path: Path) -> None:
    walk = begun(tmp_path / "walk.jsonl")
    typed = f"{BEFORE}p\n\nwhat is\x1b[31m this\n.\np\n\n{NETSTAT}.\ne\nq\n"
    code, said = await dialogue(tmp_path, typed, "--plain", "resume", str(walk))
    assert code == 0, said
    for told in (
        "3  netstat -ano; tasklist",
        "enter for 3",
        "in PowerShell on the Edge, opened as administrator",
        "then a line with a single .",
        "Not taken. No line of it is a socket",
        "Line 1: what is",
        "Taken from your paste.",
        "(pasted, ",
        "[ok]",
    ):
        assert told in said, told
    assert "\x1b" not in said


async def test_a_paste_that_ends_with_the_input_is_read_and_the_walk_left(tmp_path: Path) -> None:
    walk = begun(tmp_path / "walk.jsonl")
    code, said = await dialogue(tmp_path, f"{BEFORE}p\n\nhalf\n", "--plain", "resume", str(walk))
    assert code == 0
    assert "then a line with a single ." in said
    assert "Not taken." in said
    assert "Traceback" not in said


async def test_a_file_is_walked(tmp_path: Path) -> None:
    file = JOURNALS / "mobility-policy-disabled-for-user.jsonl"
    typed = f"5\n{tmp_path / 'none'}\n{file}\n2\n" + "\n" * len(RUNBOOKS["mobility"].stages)
    code, said = await dialogue(tmp_path, typed, "--plain")
    assert code == 1, said
    assert "That file cannot be read: No such file or directory." in said
    assert f"File: {file.name}: a walk of Mobility" in said
    assert "Cause: mobility.policy/disabled-for-user" in said


async def test_an_error_leads_to_its_step(tmp_path: Path) -> None:
    typed = '4\nhello\n.\n1\nms-diagnostics: 28032;reason="x"\n.\n1\nq\n'
    code, said = await dialogue(tmp_path, typed, "--plain")
    assert code == 0, said
    assert "Walk Mobility from “Users enabled”" in said
    assert "SIP address of a user" in said


async def test_the_shell_may_be_a_paste(tmp_path: Path) -> None:
    """Nothing is named, so nothing is looked up."""
    code, said = await dialogue(tmp_path, "3\n\n\n\n1\npaste\n\np\n\n.\nv\n", "--plain")
    assert code in {0, 3}, said
    assert "The Edge's own shell" in said
    assert "p takes what you paste" in said
    assert "Not taken. Nothing was pasted." in said
