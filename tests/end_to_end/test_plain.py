"""Plain mode as a scripted dialogue: the same walk, in lines that a screen reader can read."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from checks.runbooks import RUNBOOKS
from tui.symptoms import known

pytestmark = pytest.mark.lab
STEPS = RUNBOOKS["mobility"].step_ids
DEEDS = len({stage.step.consent.deed for stage in RUNBOOKS["mobility"].stages if stage.step.consent})
"""How often consent is asked for; enter goes on without."""
POLICY = STEPS.index("mobility.policy")


async def dialogue(tmp_path: Path, typed: str, *arguments: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tui", *arguments, env={**os.environ, "XDG_STATE_HOME": str(tmp_path)},
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await asyncio.wait_for(process.communicate(typed.encode()), 60)
    assert process.returncode is not None
    return process.returncode, said.decode()


async def test_a_walk_to_the_verdict(tmp_path: Path) -> None:
    keys = "\n" * POLICY + "w\nh\ne\nnonsense\nr\nb\n" + "\n" * (len(STEPS) - POLICY + 1 + DEEDS)
    code, said = await dialogue(tmp_path, keys, "lab", "--plain", "policy-disabled-for-user")
    assert code == 1
    for told in (
        f"Step 1 of {len(STEPS)}.", f"Step {len(STEPS)} of {len(STEPS)}.", "[XX] Mobility policy", "Set-CsMobilityPolicy -Identity RedmondMobilityPolicy",
        "Good is:", "EnableMobility        : False", "is none of these", "Cause: mobility.policy/disabled-for-user",
    ):  # fmt: skip
        assert told in said, told
    assert said.count(f"Step {POLICY} of {len(STEPS)}.") == 2, "back shows the step before again"
    assert said.count(f"Step {POLICY + 1} of {len(STEPS)}.") == 2, "and from there it goes on as before"
    assert "\x1b" not in said


async def test_the_verdict_so_far_is_shown_and_the_walk_goes_on(tmp_path: Path) -> None:
    code, said = await dialogue(tmp_path, "v\n?\n\nq\n", "lab", "--plain", "healthy")
    assert code == 0
    assert f"The verdict so far: 1 of {len(STEPS)} steps were walked." in said
    assert "r      run the step again" in said
    assert said.index("The verdict so far") < said.index("Step 2 of"), "it is shown, and the walk goes on"
    written = next((tmp_path / "lyncdoctor").rglob("*.jsonl"))
    assert f"This walk is in {written}" in said


async def test_prose_and_commands_fit_the_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    _, said = await dialogue(tmp_path, "\n" * POLICY + "w\nh\nq\n", "lab", "--plain", "policy-disabled-for-user")
    long = {line for line in said.splitlines() if len(line) > 60 and " " in line.strip()}
    assert all(line.removeprefix("> ").startswith("This walk is in") for line in long), long
    command = 'Get-CsUser -Identity "sip:kenmyer@litwareinc.com" | Select-Object SipAddress,MobilityPolicy'
    assert command in said.replace(" `\n  ", " "), "and PowerShell reads it as one line"
    folded = ["Set-CsMobilityPolicy `", "  -Identity RedmondMobilityPolicy `", "  -EnableMobility $True"]
    assert "  Fix 1   " + "\n          ".join(folded) + "\n" in said


async def test_the_same_command_inside_and_outside_can_be_told_apart(tmp_path: Path) -> None:
    keys = "\n" * STEPS.index("mobility.dns") + "e\np\nq\n"
    _, said = await dialogue(tmp_path, keys, "lab", "--plain", "healthy")
    for view in ("inside", "outside"):
        assert f"Resolve-DnsName lyncdiscoverinternal.litwareinc.com  (run {view}, answered)" in said
    assert "(by public DNS, from inside" in said


async def test_a_scenario_is_found_by_a_part_of_its_name(tmp_path: Path) -> None:
    _, said = await dialogue(tmp_path, "3\nno such thing\npolicy-disabled\n1\nq\n", "lab", "--plain")
    assert "None has that." in said
    assert " 1  mobility, Mobility policy: A user's own policy forbids mobility" in said
    assert "Step 1 of" in said


async def test_names_are_checked_as_they_are_typed(tmp_path: Path) -> None:
    keys = "2\nnonsense\nkenmyer@litwareinc.com\n\nhttps://x\n\nlyncweb\n\n9\n4\n\n"
    code, said = await dialogue(tmp_path, keys, "--plain")
    assert code == 0
    assert "The @ and the domain are missing" in said
    assert "Leave out the https://" in said
    assert "The full name is needed" in said
    assert "A number from 1 to 4" in said


async def test_a_symptom_says_where_it_leads_and_the_walk_keeps_to_it(tmp_path: Path) -> None:
    keys = "1\n1\n\n\n\nkenmyer@litwareinc.com\n\n\n\n1\npaste\n" + "\n" * 3
    code, said = await dialogue(tmp_path, keys, "--plain")
    assert code == 3, said
    for told in (
        "1  “Can't verify the certificate from the server”",
        "Starts at: DNS records, the first of 3 steps that can explain it",
        "Because: A phone that refuses a certificate has found a server",
        "Step 1 of 3.",
        "Step 3 of 3.",
    ):
        assert told in said, told
    assert "Step 4" not in said


async def test_what_else_is_known_is_asked_beside_a_symptom_and_enter_does_not_know(tmp_path: Path) -> None:
    keys = "1\n2\n2\n2\n\nkenmyer@litwareinc.com\n\n\n\n1\npaste\n\nv\nq\n"
    _, said = await dialogue(tmp_path, keys, "--plain")
    asked = ("Who is concerned?", " 2  one user alone", "Where does it fail?", "On which phones?")
    places = [said.index(one) for one in asked]
    assert places == sorted(places)
    for told in (
        " 4  I don't know",
        "1 to 4, enter for 4, q quits:",
        "Starts at: Users enabled, the first of 14 steps that can explain it",
        "Because: Others are well, so his account, his policy and his own sign-in",
        "Left out: Hairpin: only phones inside take that way.",
        "Step 1 of 14. Do the users have Lync accounts",
        "Step 2 of 14. Does the mobility policy",
    ):
        assert told in said, told


async def test_of_partners_it_is_asked_which_and_which_way(tmp_path: Path) -> None:
    says = [told.symptom.says for told in known()]
    place = next(number for number, one in enumerate(says, 1) if one.startswith("XMPP: presence"))
    _, said = await dialogue(tmp_path, f"1\n{place}\n\n1\n2\nq\n", "--plain")
    for told in (
        "With which partners?",
        "Which way does it fail?",
        "Starts at: Allowed partner",
        "Left out: Test message",
    ):
        assert told in said, told


async def test_who_does_not_know_or_has_a_text_goes_on_from_the_symptoms(tmp_path: Path) -> None:
    several = len(known())
    _, said = await dialogue(tmp_path, f"1\n{several + 1}\n\n\n\nq\n", "--plain")
    assert "steps of Mobility are walked, from the top" in said
    assert "SIP address of a user" in said
    _, said = await dialogue(tmp_path, f"1\n{several + 2}\nhello\n.\nq\n", "--plain")
    assert "Paste something else" in said


@pytest.mark.parametrize("typed", ["", "q\n", "1\nq\n", "4\nq\n"])
async def test_leaving_at_any_prompt(typed: str, tmp_path: Path) -> None:
    code, said = await dialogue(tmp_path, typed, "--plain")
    assert code == 0
    assert "Traceback" not in said
