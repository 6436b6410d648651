"""`--sign-in` without a screen: who signs in, with whose password, and how often."""

from pathlib import Path

import pytest

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
