"""Cmdlets that sign in as test users, through both shells: the password goes as data, and no account is refused twice."""

import json
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from checks.model import Reason
from checks.probes import Account, Cmdlet, Login, Objects, Unanswered
from checks.probes.accounts import Accounts
from checks.probes.shell.local import LocalShell
from checks.secret import Secret
from tests.servers.opened_shell import Opened, brought, opened, unanswered

pytestmark = pytest.mark.lab

POOL = "atl-cs-001.litwareinc.com"
KEN = Login(account="sender", user=r"litwareinc\kenmyer")
PILAR = Login(account="receiver", user="pilar@litwareinc.com")
MESSAGE = Cmdlet(
    name="Test-CsMcxP2PIM",
    parameters=(
        ("TargetFqdn", POOL),
        ("Authentication", "Negotiate"),
        ("SenderSipAddress", "sip:kenmyer@litwareinc.com"),
        ("SenderCredential", KEN),
        ("ReceiverSipAddress", "sip:pilar@litwareinc.com"),
        ("ReceiverCredential", PILAR),
    ),
)
REGISTER = Cmdlet(
    name="Test-CsRegistration",
    parameters=(("TargetFqdn", POOL), ("UserSipAddress", "sip:kenmyer@litwareinc.com"), ("UserCredential", KEN)),
)
TO_PARTNER = Cmdlet(
    name="Test-CsXmppIM",
    parameters=(
        ("TargetFqdn", POOL),
        ("Receiver", "adelany@fabrikam.com"),
        ("UserSipAddress", "sip:kenmyer@litwareinc.com"),
        ("UserCredential", KEN),
    ),
)
CANARY = "Kanarie%Vögel 'x' \"y\" $z €5"


def right(shell: Opened, *accounts: Account) -> dict[str, Secret]:
    """The passwords of the lab's users."""
    sips = dict(zip(("sender", "receiver"), shell.running.connection.users, strict=True))
    return {account: Secret(shell.running.connection.passwords[sips[account]]) for account in accounts}


def result(answer: Objects | Unanswered) -> str:
    return str(brought(answer).objects[0]["Result"])


async def refusals(shell: Opened) -> dict[str, int]:
    counted: dict[str, int] = (await shell.running.control("sign-ins"))["refused"]
    return counted


@asynccontextmanager
async def remote(*scenarios: str, accounts: Accounts | None = None) -> AsyncIterator[Opened]:
    """A remote shell that knows both passwords, unless it is told otherwise."""
    async with opened(*scenarios) as shell:
        shell._lanes.accounts = accounts or Accounts(right(shell, "sender", "receiver"))
        yield shell


async def test_two_users_sign_in_over_the_remote_shell() -> None:
    async with remote() as shell:
        assert result(await shell.ask(MESSAGE)) == "Success"
        assert result(await shell.ask(REGISTER)) == "Success"
        accepted = (await shell.running.control("sign-ins"))["accepted"]
    assert accepted[r"litwareinc\kenmyer"] == 2
    assert accepted[r"litwareinc\pilar"] == 1


async def test_nothing_is_sent_without_a_password() -> None:
    async with opened() as shell:
        shell._lanes.accounts = Accounts(right(shell, "sender"))
        answer = unanswered(await shell.ask(MESSAGE))
        assert (answer.reason, answer.password_wanted, answer.account) == (Reason.MISSING_INPUT, True, "receiver")
        assert PILAR.user in answer.detail
        assert answer.command == MESSAGE.typed()
        assert await shell.requests() == 0


async def test_a_refused_account_is_closed_until_its_password_is_typed_anew() -> None:
    wrong = Accounts({"sender": Secret("wrong")})
    async with remote(accounts=wrong) as shell:
        assert result(await shell.ask(REGISTER)) == "Failure"
        asked = (await shell.pipelines())["asked"]
        for question in (REGISTER, MESSAGE):
            answer = unanswered(await shell.ask(question))
            assert (answer.reason, answer.password_wanted, answer.account) == (Reason.DENIED, True, "sender")
        assert (await shell.pipelines())["asked"] == asked, "nothing was run"
        assert await refusals(shell) == {r"litwareinc\kenmyer": 1}
        wrong.reset("sender", right(shell, "sender")["sender"])
        assert result(await shell.ask(REGISTER)) == "Success"
        assert await refusals(shell) == {r"litwareinc\kenmyer": 1}


async def test_a_refused_message_to_a_partner_closes_the_account_of_who_writes() -> None:
    wrong = Accounts({"sender": Secret("wrong")})
    async with remote(accounts=wrong) as shell:
        assert result(await shell.ask(TO_PARTNER)) == "Failure"
        assert unanswered(await shell.ask(TO_PARTNER)).reason is Reason.DENIED
        assert await refusals(shell) == {r"litwareinc\kenmyer": 1}
        wrong.reset("sender", right(shell, "sender")["sender"])
        assert result(await shell.ask(TO_PARTNER)) == "Success"


async def test_a_refused_test_of_two_closes_both() -> None:
    async with opened() as shell:
        accounts = shell._lanes.accounts = Accounts(right(shell, "sender") | {"receiver": Secret("wrong")})
        assert result(await shell.ask(MESSAGE)) == "Failure"
        assert isinstance(accounts.password(KEN), Unanswered)
        assert isinstance(accounts.password(PILAR), Unanswered)


async def test_a_failure_of_the_server_closes_nobody() -> None:
    async with remote("mcx-not-installed") as shell:
        assert result(await shell.ask(MESSAGE)) == "Failure"
        assert isinstance(shell._lanes.accounts.password(KEN), Secret)


async def test_no_password_is_in_what_travels_or_is_told() -> None:
    accounts = Accounts({"sender": Secret(CANARY)})
    async with remote(accounts=accounts) as shell:
        answer = await shell.ask(REGISTER)
        assert result(answer) == "Failure"
        assert "Kanarie" not in repr(answer) + REGISTER.typed() + repr(shell._lanes.accounts) + repr(REGISTER)
    assert REGISTER.typed().endswith(r"-UserCredential (Get-Credential 'litwareinc\kenmyer')")


@pytest.fixture
def stand_in(tmp_path: Path) -> tuple[str, ...]:
    """The stand-in of powershell.exe, which knows the accounts."""
    path = tmp_path / "accounts.json"
    passwords = {r"litwareinc\kenmyer": CANARY, r"litwareinc\pilar": "another"}
    path.write_text(json.dumps(passwords), encoding="utf-8")
    return (sys.executable, "-m", "lab.powershell_host", "--accounts", str(path))


async def test_two_users_sign_in_over_the_local_shell(stand_in: tuple[str, ...]) -> None:
    accounts = Accounts({"sender": Secret(CANARY), "receiver": Secret("another")})
    shell = LocalShell(stand_in, accounts=accounts)
    try:
        assert result(await shell.ask(MESSAGE)) == "Success"
        assert result(await shell.ask(REGISTER)) == "Success"
        seen = [
            str(told)
            for child in psutil.Process().children(recursive=True)
            if child.status() != psutil.STATUS_ZOMBIE
            for told in (child.cmdline(), child.environ())
        ]
        assert seen
        assert not re.search("Kanarie|another", " ".join(seen))
    finally:
        await shell.close()


async def test_a_refusal_over_the_local_shell_closes_the_account(stand_in: tuple[str, ...]) -> None:
    shell = LocalShell(stand_in, accounts=Accounts({"sender": Secret("wrong")}))
    try:
        assert result(await shell.ask(REGISTER)) == "Failure"
        assert unanswered(await shell.ask(REGISTER)).reason is Reason.DENIED
    finally:
        await shell.close()


async def test_the_local_shell_starts_nothing_without_a_password() -> None:
    shell = LocalShell(("/nowhere/powershell.exe",))
    answer = unanswered(await shell.ask(REGISTER))
    assert (answer.reason, answer.password_wanted) == (Reason.MISSING_INPUT, True)
    await shell.close()
