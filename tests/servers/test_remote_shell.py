"""The remote shell against the lab's endpoint: real name servers, TLS, Windows sign-in, WSMan and PSRP."""

import asyncio
import logging
import sys
import threading
from typing import Any

import psutil
import pytest
from pypsrp.powershell import PowerShell
from pypsrp.shell import WinRS

from checks.deployment import parse_connect_to
from checks.model import Reason
from checks.probes import Cmdlet
from checks.probes.shell.remote import Deadlines
from checks.secret import Secret
from tests.servers.opened_shell import (
    ADMIN,
    KEN,
    POOLS,
    Opened,
    brought,
    has_a_free_lane,
    opened,
    unanswered,
    until,
)

pytestmark = pytest.mark.lab

WRONG = "canary-5f2d9c"


async def test_a_user_comes_back_as_plain_values() -> None:
    async with opened() as shell:
        answer = brought(await shell.ask(KEN))
    [user] = answer.objects
    assert not answer.errors
    assert user["SipAddress"] == "sip:kenmyer@litwareinc.com"
    assert user["Enabled"] is True
    assert user["MobilityPolicy"] == "RedmondMobilityPolicy"
    assert user["RegistrarPool"] == "atl-cs-001.litwareinc.com"
    assert user["ConferencingPolicy"] is None
    assert user["AcpInfo"] == []
    assert user["WhenCreated"].startswith("20")
    assert not {"RunspaceId", "PSComputerName", "XsAnyElements"} & set(user)


async def test_collections_enumerations_switches_and_bare_strings() -> None:
    async with opened() as shell:
        [settings] = brought(await shell.ask(Cmdlet(name="Get-CsWebServiceConfiguration"))).objects
        services = brought(await shell.ask(Cmdlet(name="Get-CsService", parameters=(("WebServer", True),)))).objects
        [version] = brought(await shell.ask(Cmdlet(name="Get-CsServerVersion"))).objects
    assert (settings["Identity"], settings["UseWindowsAuth"]) == ("Global", "Negotiate")
    assert {service["Role"] for service in services} == {"WebServer"}
    assert version["Value"].startswith("Microsoft Lync Server 2013")


async def test_an_unknown_user_is_an_error_record() -> None:
    async with opened() as shell:
        answer = brought(
            await shell.ask(Cmdlet(name="Get-CsUser", parameters=(("Identity", "sip:no@litwareinc.com"),)))
        )
    [error] = answer.errors
    assert not answer.objects
    assert 'Management object not found for identity "sip:no@litwareinc.com"' in error.message
    assert "ManagementObjectNotFound" in error.id
    assert error.category == "ObjectNotFound"


async def test_a_cmdlet_that_the_role_does_not_offer_is_an_error_record() -> None:
    async with opened("shell-not-in-role") as shell:
        answer = brought(await shell.ask(POOLS))
        assert brought(await shell.ask(KEN)).objects
    assert [error.id for error in answer.errors] == ["CommandNotFoundException"]


async def test_what_is_typed_is_data_and_never_a_script() -> None:
    async with opened() as shell:
        as_name = brought(await shell.ask(Cmdlet(name="Get-CsPool; Get-CsSite")))
        typed = "x'; Get-CsPool; '$(Get-CsPool)"
        as_value = brought(await shell.ask(Cmdlet(name="Get-CsUser", parameters=(("Identity", typed),))))
    assert [error.id for error in as_name.errors] == ["CommandNotFoundException"]
    assert not as_value.objects
    assert f'"{typed}"' in as_value.errors[0].message


async def test_a_wrong_password_is_refused_once_although_ten_questions_wait(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with opened(password=WRONG) as shell:
        answers = await asyncio.gather(*(shell.ask(KEN) for _ in range(10)))
        assert {unanswered(answer).reason for answer in answers} == {Reason.DENIED}
        assert await shell.sign_ins() == (0, 1)
        sent = await shell.requests()
        shell.forget()
        assert unanswered(await shell.ask(POOLS)).reason is Reason.DENIED
        assert await shell.requests() == sent
    assert ADMIN in unanswered(answers[0]).detail
    assert unanswered(answers[0]).command == "Get-CsUser -Identity sip:kenmyer@litwareinc.com"
    assert WRONG not in repr(answers)
    assert WRONG not in caplog.text


async def test_a_password_typed_anew_is_tried() -> None:
    async with opened(password=WRONG) as shell:
        assert unanswered(await shell.ask(KEN)).reason is Reason.DENIED
        shell.reset(Secret(shell.running.connection.shell_password))
        assert brought(await shell.ask(KEN)).objects
        assert await shell.sign_ins() == (1, 1)


async def test_a_user_without_a_password_costs_no_packet() -> None:
    async with opened(password=None) as shell:
        answer = unanswered(await shell.ask(KEN))
        assert await shell.requests() == 0
    assert answer.reason is Reason.MISSING_INPUT
    assert ADMIN in answer.detail


@pytest.mark.skipif(sys.platform == "win32", reason="there the current Windows user signs in")
async def test_nobody_is_signed_in_where_there_is_no_windows_user() -> None:
    async with opened(password=None, shell_user="", apart=True) as shell:
        answer = unanswered(await shell.ask(KEN))
        assert await shell.sign_ins() == (0, 0)
    assert answer.reason is Reason.MISSING_INPUT
    assert "--shell-user" in answer.detail


async def test_at_most_three_lanes_answer_many_questions() -> None:
    async with opened(delay_ms=100) as shell:
        answers = await asyncio.gather(*(shell.ask(POOLS) for _ in range(12)))
        assert all(brought(answer).objects for answer in answers)
        assert await shell.sign_ins() == (3, 0)


async def test_pipelines_are_cleared_up_when_nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    cleared = asyncio.Event()
    loop = asyncio.get_running_loop()
    invoke, signal = PowerShell.begin_invoke, WinRS.signal

    def invoking(pipeline: PowerShell, *arguments: Any, **options: Any) -> None:
        done.append("asked")
        invoke(pipeline, *arguments, **options)

    def signalling(session: WinRS, *arguments: Any, **options: Any) -> Any:
        answer = signal(session, *arguments, **options)
        done.append("cleared")
        if done.count("cleared") == 6:
            loop.call_soon_threadsafe(cleared.set)
        return answer

    monkeypatch.setattr(PowerShell, "begin_invoke", invoking)
    monkeypatch.setattr(WinRS, "signal", signalling)
    async with opened("shell-one-session", delay_ms=20) as shell:
        await asyncio.gather(*(shell.ask(POOLS) for _ in range(6)))
        async with asyncio.timeout(10):
            await cleared.wait()
        assert done == ["asked"] * 6 + ["cleared"] * 6
        assert brought(await shell.ask(KEN)).objects


async def test_questions_one_after_another_need_one_lane() -> None:
    async with opened() as shell:
        for _ in range(4):
            brought(await shell.ask(POOLS))
        assert await shell.sign_ins() == (1, 0)


async def test_a_cancelled_question_is_stopped_at_the_server_too() -> None:
    async with opened("shell-hangs") as shell:
        brought(await shell.ask(POOLS))
        sent = await shell.requests()
        hanging = asyncio.create_task(shell.ask(KEN))

        async def runs() -> bool:
            return await shell.requests() >= sent + 2

        await until(runs)
        hanging.cancel()
        with pytest.raises(asyncio.CancelledError):
            await hanging
        await until(lambda: has_a_free_lane(shell))
        assert brought(await shell.ask(POOLS)).objects
        assert await shell.sign_ins() == (1, 0)


async def test_the_deadline_stops_a_command_and_leaves_its_lane_usable() -> None:
    async with opened("shell-hangs", deadlines=Deadlines(call=1.5, stopping=5)) as shell:
        brought(await shell.ask(POOLS))
        answer = unanswered(await shell.ask(KEN))
        assert answer.reason is Reason.TIMEOUT
        assert "Get-CsUser took longer than 1.5 seconds and was stopped" in answer.detail
        await until(lambda: has_a_free_lane(shell))
        assert brought(await shell.ask(POOLS)).objects
        assert await shell.sign_ins() == (1, 0)


async def test_a_black_hole_is_met_once() -> None:
    async with opened("pool-unreachable", deadlines=Deadlines(connect=0.3)) as shell:
        answers = await asyncio.gather(*(shell.ask(KEN) for _ in range(10)))
        answers += [await shell.ask(POOLS)]
        assert {unanswered(answer).reason for answer in answers} == {Reason.TIMEOUT}
        assert shell.network.attempts == 1
        shell.forget()
        assert unanswered(await shell.ask(KEN)).reason is Reason.TIMEOUT
        assert shell.network.attempts == 2


@pytest.mark.parametrize(
    ("scenario", "reason", "words"),
    [
        ("pool-refuses", Reason.UNREACHABLE, "refuses the connection"),
        ("pool-untrusted", Reason.UNREACHABLE, "certificate of atl-cs-001.litwareinc.com does not verify"),
        ("shell-not-installed", Reason.UNREACHABLE, "no PowerShell endpoint at https://atl-cs-001.litwareinc.com"),
        ("shell-access-denied", Reason.DENIED, "may not use PowerShell"),
    ],
)
async def test_why_no_session_opens(scenario: str, reason: Reason, words: str) -> None:
    async with opened(scenario) as shell:
        answer = unanswered(await shell.ask(KEN))
    assert answer.reason is reason
    assert words in answer.detail


async def test_a_name_that_does_not_exist() -> None:
    async with opened(shell="https://nowhere.litwareinc.com/OcsPowershell") as shell:  # noqa: S604 - an address
        answer = unanswered(await shell.ask(KEN))
    assert answer.reason is Reason.UNREACHABLE
    assert "nowhere.litwareinc.com does not exist in the inside view" in answer.detail


async def test_certificates_are_verified_by_the_name_that_was_asked_for() -> None:
    async with opened(shell="https://lyncweb.litwareinc.com/OcsPowershell") as shell:  # noqa: S604 - an address
        pool = shell.running.connection.addresses["pool"]
        elsewhere = parse_connect_to(f"lyncweb.litwareinc.com:443:{pool}:{shell.running.connection.https_port}")
        other = Opened(shell.running, "x", Deadlines(), connect_to=(elsewhere,), shell=shell._target.url)
        answer = unanswered(await other.ask(KEN))
        await other.close()
    assert "does not verify" in answer.detail


async def test_the_certificate_authority_of_the_lab_is_not_trusted_unasked() -> None:
    async with opened(ca_file="") as shell:
        assert "does not verify" in unanswered(await shell.ask(KEN)).detail


async def test_a_session_that_the_server_has_lost_is_opened_again_once() -> None:
    async with opened() as shell:
        brought(await shell.ask(POOLS))
        await shell.running.control("change", scenarios=["healthy"])
        assert brought(await shell.ask(KEN)).objects


async def test_nothing_is_left_behind() -> None:
    before = set(threading.enumerate())
    async with opened("shell-hangs", deadlines=Deadlines(stopping=1)) as shell:
        port = shell.running.connection.https_port
        brought(await shell.ask(POOLS))
        sent = await shell.requests()
        hanging = asyncio.create_task(shell.ask(KEN))

        async def runs() -> bool:
            return await shell.requests() >= sent + 2

        await until(runs)
        await shell.close()
        assert unanswered(await hanging).reason is Reason.CANCELLED
        assert unanswered(await shell.ask(POOLS)).reason is Reason.CANCELLED
        assert not [thread for thread in set(threading.enumerate()) - before if thread.name.startswith("remote-shell")]
        assert not [one for one in psutil.Process().net_connections("tcp") if one.raddr and one.raddr.port == port]


async def test_closing_does_not_wait_for_a_black_hole() -> None:
    async with opened("pool-unreachable", deadlines=Deadlines(connect=60, connecting=60, opening=60)) as shell:
        asking = asyncio.create_task(shell.ask(KEN))
        async with asyncio.timeout(10):
            await shell.network.resolved.wait()
            await shell.close()
            assert unanswered(await asking).reason is Reason.CANCELLED
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("remote-shell")]


async def test_without_pypsrp_the_shell_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("session", "sign_in", "transport"):
        monkeypatch.delitem(sys.modules, f"checks.probes.shell.{module}", raising=False)
    monkeypatch.setitem(sys.modules, "pypsrp.negotiate", None)
    async with opened() as shell:
        answer = unanswered(await shell.ask(KEN))
    assert answer.reason is Reason.MISSING_DEPENDENCY
    assert "pypsrp" in answer.detail
