"""The remote shell when the endpoint misbehaves: what the server saw is counted at the server."""

import asyncio
import importlib.util
import sys
import threading

import pytest

from checks.deployment import Deployment
from checks.knowledge.shell_answers import unseen
from checks.model import Reason
from checks.probes import Cmdlet
from checks.probes.shell.remote import Deadlines
from checks.secret import Secret
from tests.servers.opened_shell import (
    KEN,
    POOLS,
    brought,
    has_a_free_lane,
    nothing_runs,
    opened,
    unanswered,
    until,
)

pytestmark = pytest.mark.lab

MESSAGE = Cmdlet(name="Test-CsMcxP2PIM", parameters=(("TargetFqdn", "atl-cs-001.litwareinc.com"),))
WRONG = "canary-81aa07"


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("remote-shell")]


async def test_fifty_questions_at_once_are_three_pipelines_at_most_and_three_sign_ins() -> None:
    async with opened(delay_ms=50) as shell:
        answers = await asyncio.gather(*(shell.ask(POOLS) for _ in range(50)))
        assert all(brought(answer).objects for answer in answers)
        ran = await shell.pipelines()
        assert (ran["most"], ran["running"], ran["asked"]) == (3, 0, {"Get-CsPool": 50})
        assert await shell.sign_ins() == (3, 0)
        assert len(threads()) == 3
    assert not threads()


async def test_a_drop_in_mid_pipeline_is_repeated_once_in_a_new_session() -> None:
    async with opened("shell-drops") as shell:
        [user] = brought(await shell.ask(KEN)).objects
        assert user["SipAddress"] == "sip:kenmyer@litwareinc.com"
        assert (await shell.pipelines())["asked"] == {"Get-CsUser": 2}
        await until(lambda: nothing_runs(shell))
        assert (await shell.sign_ins())[1] == 0
        await shell.close()
        assert (await shell.pipelines())["sessions"] == 0


@pytest.mark.parametrize("edge", [False, True], ids=["pool", "edge"])
async def test_a_password_that_expires_while_three_sessions_are_open_is_refused_once(edge: bool) -> None:
    question = Cmdlet(name="Get-CsPool")
    async with opened(edge=edge, delay_ms=150) as shell:
        await asyncio.gather(*(shell.ask(question) for _ in range(3)))
        assert await shell.sign_ins() == (3, 0)
        await shell.running.control("change", scenarios=["shell-refuses"])
        answers = await asyncio.gather(*(shell.ask(question) for _ in range(9)))
        assert {unanswered(answer).reason for answer in answers} == {Reason.DENIED}
        await shell.close()
        assert (await shell.sign_ins())[1] == 1


async def test_what_acts_is_asked_again_where_the_endpoint_had_not_begun_it() -> None:
    async with opened() as shell:
        brought(await shell.ask(POOLS))
        await shell.running.control("change", scenarios=["healthy"])
        brought(await shell.ask(MESSAGE))
        assert (await shell.pipelines())["asked"] == {"Test-CsMcxP2PIM": 1}


async def test_a_drop_among_many_questions_never_makes_a_fourth_pipeline() -> None:
    async with opened("shell-drops", delay_ms=150) as shell:
        await asyncio.gather(*(shell.ask(POOLS) for _ in range(3)))
        answers = await asyncio.gather(*(shell.ask(KEN) for _ in range(12)))
        assert all(brought(answer).objects for answer in answers)
        ran = await shell.pipelines()
        assert ran["most"] == 3
        assert ran["asked"] == {"Get-CsPool": 3, "Get-CsUser": 13}


async def test_a_connection_that_keeps_breaking_is_given_up() -> None:
    async with opened("shell-keeps-dropping") as shell:
        answer = unanswered(await shell.ask(KEN))
        assert answer.reason is Reason.UNREACHABLE
        assert "was lost" in answer.detail
        assert (await shell.pipelines())["asked"] == {"Get-CsUser": 2}
        assert brought(await shell.ask(POOLS)).objects


async def test_what_acts_is_never_run_a_second_time() -> None:
    async with opened("shell-drops-test") as shell:
        answer = unanswered(await shell.ask(MESSAGE))
        assert answer.reason is Reason.UNREACHABLE
        assert "Test-CsMcxP2PIM acts, so it was not run a second time" in answer.detail
        assert answer.command == MESSAGE.typed()
        assert (await shell.pipelines())["asked"] == {"Test-CsMcxP2PIM": 1}


@pytest.mark.parametrize(
    ("scenario", "words", "times"),
    [("shell-faults", "(fault 1726)", 1), ("shell-ends", "has ended the PowerShell session", 2)],
)
async def test_a_fault_envelope_in_mid_pipeline(scenario: str, words: str, times: int) -> None:
    async with opened(scenario) as shell:
        answer = unanswered(await shell.ask(KEN))
        assert answer.reason is Reason.UNREACHABLE
        assert words in answer.detail
        assert (await shell.pipelines())["asked"] == {"Get-CsUser": times}
        assert brought(await shell.ask(POOLS)).objects


async def test_401_for_everybody_costs_one_sign_in() -> None:
    async with opened("shell-refuses") as shell:
        answers = await asyncio.gather(*(shell.ask(KEN) for _ in range(10)))
        assert {unanswered(answer).reason for answer in answers} == {Reason.DENIED}
        assert "not tried again" in unanswered(answers[0]).detail
        assert unanswered(answers[0]).password_wanted
        assert await shell.sign_ins() == (0, 1)


async def test_five_megabytes_arrive_and_are_cut_to_what_can_be_read() -> None:
    async with opened("shell-large") as shell:
        user, large = brought(await shell.ask(KEN)).objects
        assert user["SipAddress"] == "sip:kenmyer@litwareinc.com"
        assert 1000 < len(large["Value"]) < 100_000
        assert brought(await shell.ask(POOLS)).objects
        assert await shell.sign_ins() == (1, 0)


async def test_a_cmdlet_that_never_ends_leaves_nothing_at_the_server() -> None:
    async with opened("shell-hangs", deadlines=Deadlines(call=1.5, stopping=5)) as shell:
        answers = await asyncio.gather(*(shell.ask(KEN) for _ in range(3)))
        assert {unanswered(answer).reason for answer in answers} == {Reason.TIMEOUT}
        await until(lambda: nothing_runs(shell))
        await until(lambda: has_a_free_lane(shell))
        assert brought(await shell.ask(POOLS)).objects
        assert await shell.sign_ins() == (3, 0)


async def test_cancelling_leaves_no_pipeline_no_session_and_no_thread() -> None:
    async with opened("shell-hangs") as shell:
        hanging = [asyncio.create_task(shell.ask(KEN)) for _ in range(3)]

        async def all_run() -> bool:
            return bool((await shell.pipelines())["running"] == 3)

        await until(all_run)
        for task in hanging:
            task.cancel()
        ended = await asyncio.gather(*hanging, return_exceptions=True)
        assert all(isinstance(one, asyncio.CancelledError) for one in ended)
        await until(lambda: nothing_runs(shell))
        await shell.close()
        assert (await shell.pipelines())["sessions"] == 0
        assert not threads()


async def test_warnings_and_errors_are_kept_beside_the_objects() -> None:
    async with opened("shell-warns") as shell:
        answer = brought(await shell.ask(KEN))
    assert [user["SipAddress"] for user in answer.objects] == ["sip:kenmyer@litwareinc.com"]
    assert answer.warnings == (
        "The topology has changed.",
        "The global catalog \N{REPLACEMENT CHARACTER}[31manswers slowly.",
    )
    [error] = answer.errors
    assert (error.message, error.category) == ("A domain controller could not be asked.", "InvalidResult")
    assert error.id.startswith("OperationFailed")
    assert unseen(answer, Deployment()) is None


@pytest.mark.parametrize("scenario", ["shell-ntlm", "shell-basic"])
async def test_other_ways_to_sign_in(scenario: str) -> None:
    async with opened(scenario) as shell:
        answers = await asyncio.gather(*(shell.ask(KEN) for _ in range(6)))
        assert all(brought(answer).objects for answer in answers)
        accepted, refused = await shell.sign_ins()
        assert accepted > 0
        assert refused == 0


@pytest.mark.parametrize("scenario", ["shell-ntlm", "shell-basic"])
async def test_a_wrong_password_is_refused_once_in_every_way(scenario: str) -> None:
    async with opened(scenario, password=WRONG) as shell:
        answers = await asyncio.gather(*(shell.ask(KEN) for _ in range(5)))
        shell.forget()
        answers.append(await shell.ask(KEN))
        assert {unanswered(answer).reason for answer in answers} == {Reason.DENIED}
        assert await shell.sign_ins() == (0, 1)
        assert WRONG not in repr(answers)
        shell.reset(Secret(shell.running.connection.shell_password))
        assert brought(await shell.ask(KEN)).objects


async def test_basic_alone_needs_an_account() -> None:
    async with opened("shell-basic", password=None, shell_user="") as shell:
        answer = unanswered(await shell.ask(KEN))
    assert answer.reason is Reason.MISSING_INPUT
    assert "Basic alone" in answer.detail


@pytest.mark.skipif(importlib.util.find_spec("gssapi") is not None, reason="here Kerberos would be tried")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has Kerberos of its own")
async def test_kerberos_alone_names_what_is_missing_here() -> None:
    async with opened("shell-kerberos") as shell:
        answer = unanswered(await shell.ask(KEN))
        assert await shell.sign_ins() == (0, 0)
    assert answer.reason is Reason.MISSING_DEPENDENCY
    assert "takes Kerberos alone" in answer.detail
    assert "pyspnego[kerberos]" in answer.detail


async def test_a_full_quota_is_told_with_what_frees_it() -> None:
    async with opened("shell-quota") as shell:
        answer = unanswered(await shell.ask(KEN))
    assert answer.reason is Reason.DENIED
    assert "as many PowerShell sessions open" in answer.detail
    assert "Remove-PSSession" in answer.detail


async def test_a_quota_of_one_session_answers_one_after_another() -> None:
    async with opened("shell-one-session", delay_ms=20) as shell:
        answers = await asyncio.gather(*(shell.ask(POOLS) for _ in range(9)))
        assert all(brought(answer).objects for answer in answers)
        assert (await shell.pipelines())["most"] == 1


async def test_who_is_denied_is_told_the_role_and_its_command() -> None:
    async with opened("shell-access-denied") as shell:
        answer = unanswered(await shell.ask(KEN))
    assert "Add-ADGroupMember -Identity CsViewOnlyAdministrator -Members admin" in answer.detail


async def test_a_cmdlet_outside_the_role_names_the_roles_that_offer_it() -> None:
    async with opened("shell-not-in-role") as shell:
        seen = unseen(await shell.ask(POOLS), Deployment())
    assert seen is not None
    assert seen.reason is Reason.DENIED
    assert "does not offer Get-CsPool" in seen.detail
    assert "CsAdministrator offers it, and CsViewOnlyAdministrator" in seen.detail
    assert r"Get-CsAdminRole | Where-Object {$_.Cmdlets -match 'Get-CsPool\b'}" in seen.detail


async def test_only_cmdlets_are_ever_sent() -> None:
    async with opened() as shell:
        await shell.ask(Cmdlet(name="Get-CsPool | Remove-Item; 'x'"))
        await shell.ask(KEN)
        assert (await shell.pipelines())["scripts"] == 0
