"""`--sign-in` without a screen: who signs in, with whose password, and how often."""

from pathlib import Path

import pytest

from checks import journal as journals
from checks.runbooks import RUNBOOKS
from lab import client
from tests.end_to_end.command import Ended, lyncdoctor, options_for

pytestmark = pytest.mark.lab
WRONG = "Canary-wrong-2"
ONLY = ("--only", "mobility.sign-in")


async def walked(lab: client.Running, home: Path, *options: str, **passwords: str) -> Ended:
    """A walk from outside, where no shell is, with these passwords of the users in the environment."""
    names = options_for(lab.connection)
    names = names[: names.index("--shell")]
    environment = {f"LYNCDOCTOR_{whose.upper()}_PASSWORD": password for whose, password in passwords.items()}
    record = ("--record", str(home / "walk.jsonl"))
    return await lyncdoctor(
        "run", "mobility", *names, "--vantage", "outside", *record, *options, environment=environment
    )


async def sign_ins(lab: client.Running) -> tuple[int, int]:
    counts = await lab.control("sign-ins")
    return sum(counts["accepted"].values()), sum(counts["refused"].values())


async def test_without_it_nobody_signs_in_although_a_password_is_there(tmp_path: Path) -> None:
    async with client.start("healthy") as lab:
        ended = await walked(lab, tmp_path, sender=lab.connection.passwords[lab.connection.users[0]])
        assert await sign_ins(lab) == (0, 0)
    assert ended.code == 0, ended.stdout
    assert "Not run: Phone sign-in" in ended.stdout
    assert "--sign-in" in ended.stdout


async def test_the_account_that_is_named_signs_in(tmp_path: Path) -> None:
    async with client.start("healthy") as lab:
        right = lab.connection.passwords[lab.connection.users[0]]
        options = (*ONLY, "--sign-in", "--sender-user", "LITWAREINC\\kenmyer")
        ended = await walked(lab, tmp_path, *options, sender=right)
        accepted, refused = await sign_ins(lab)
    assert ended.code == 0, ended.stdout
    assert "LITWAREINC\\kenmyer signs in for sip:kenmyer@litwareinc.com" in ended.stdout
    assert accepted
    assert not refused
    assert right not in ended.stdout + ended.stderr + (tmp_path / "walk.jsonl").read_text()


async def test_a_wrong_password_is_refused_once_however_many_steps_would_sign_in(tmp_path: Path) -> None:
    async with client.start("healthy") as lab:
        ended = await walked(lab, tmp_path, "--sign-in", sender=WRONG, receiver=WRONG)
        assert await sign_ins(lab) == (0, 1)
    assert ended.code == 1, ended.stdout
    assert "Cause: mobility.sign-in/refused" in ended.stdout
    assert WRONG not in ended.stdout + ended.stderr + (tmp_path / "walk.jsonl").read_text()


async def test_without_a_password_it_stays_unknown_and_nothing_is_sent(tmp_path: Path) -> None:
    async with client.start("healthy") as lab:
        ended = await walked(lab, tmp_path, *ONLY, "--sign-in")
        assert await sign_ins(lab) == (0, 0)
    assert ended.code == 3, ended.stdout
    assert "The password of kenmyer@litwareinc.com was not given" in ended.stdout


async def with_all(lab: client.Running, *options: str) -> Ended:
    """A walk at the deployment as a user would make it, with each password in the environment."""
    connection = lab.connection
    sender, receiver = (connection.passwords[sip] for sip in connection.users)
    passwords = {"SHELL": connection.shell_password, "SENDER": sender, "RECEIVER": receiver}
    environment = {f"LYNCDOCTOR_{whose}_PASSWORD": password for whose, password in passwords.items()}
    return await lyncdoctor("run", "mobility", *options_for(connection), *options, environment=environment)


def findings(record: Path) -> dict[str, tuple[str, str]]:
    """What each step found, in words, by its name."""
    concluded = journals.read(record).concluded
    return {step: (one.finding.answer, one.finding.headline) for step, one in concluded.items()}


async def test_a_record_of_sign_ins_tells_them_again_without_one(tmp_path: Path) -> None:
    record, offline, live = (tmp_path / f"{name}.jsonl" for name in ("record", "offline", "live"))
    async with client.start("healthy") as lab:
        made = await with_all(lab, "--sign-in", "--record", str(record))
        assert made.code == 0, made.stdout
        assert "Not run" not in made.stdout
        signed_in = await sign_ins(lab)
        assert signed_in[0]
        told = ("--evidence", str(record))
        from_file = await lyncdoctor("run", "mobility", *told, "--record", str(offline))
        beside = await with_all(lab, *told, "--vantage", "inside", "--record", str(live))
        assert await sign_ins(lab) == signed_in
    for ended, again in ((from_file, offline), (beside, live)):
        assert ended.code == 0, ended.stdout
        assert findings(again) == findings(record)


async def test_a_record_without_sign_ins_has_none_to_tell(tmp_path: Path) -> None:
    record, again = tmp_path / "record.jsonl", tmp_path / "again.jsonl"
    async with client.start("healthy") as lab:
        assert (await with_all(lab, "--record", str(record))).code == 0
        accounts = " ".join((await lab.control("sign-ins"))["accepted"])
        assert lab.connection.shell_user.rpartition("\\")[2].lower() in accounts.lower()
        assert not any(sip.removeprefix("sip:").partition("@")[0] in accounts for sip in lab.connection.users)
    ended = await lyncdoctor("run", "mobility", "--evidence", str(record), "--record", str(again))
    assert ended.code == 0, ended.stdout
    assert findings(again) == findings(record)
    acting = {stage.step.id for stage in RUNBOOKS["mobility"].stages if stage.step.acts}
    assert {step for step, (answer, _) in findings(again).items() if answer == "not-agreed"} == acting


@pytest.mark.parametrize("sign_in", [True, False], ids=["agreed", "not agreed"])
async def test_what_signs_in_is_wanted_of_nobody_who_did_not_agree(sign_in: bool) -> None:
    names = ("--sip", "kenmyer@litwareinc.com", "--sip", "pilar@litwareinc.com", "--pool", "pool01.litwareinc.com")
    agreed = ("--sign-in",) if sign_in else ()
    ended = await lyncdoctor("run", "mobility", *names, "--shell", "paste", *agreed)
    assert ended.code == 3
    assert "Get-CsMobilityPolicy" in ended.stderr
    assert ("Test-CsRegistration" in ended.stderr) is sign_in


@pytest.mark.parametrize("user", ["two\nlines", "escape\x1b[2J"])
async def test_an_account_is_one_line(user: str) -> None:
    ended = await lyncdoctor("run", "mobility", "--web", "lyncweb.litwareinc.com", "--sender-user", user)
    assert ended.code == 2
    assert "An account is one line of text" in ended.stderr


async def test_it_asks_on_a_terminal_alone() -> None:
    names = ("--sip", "kenmyer@litwareinc.com", "--web", "lyncweb.litwareinc.com")
    ended = await lyncdoctor("run", "mobility", *names, "--sign-in", "--ask-passwords")
    assert ended.code == 2
    assert "LYNCDOCTOR_SENDER_PASSWORD" in ended.stderr
