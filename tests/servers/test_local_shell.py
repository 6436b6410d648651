"""The local shell against a stand-in of powershell.exe: a real process that speaks the same lines over real pipes."""

import asyncio
import json
import os
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

import lab.client
from checks.deployment import Sources, parse_connect_to
from checks.model import Reason
from checks.probes import Cmdlet, Objects, Sockets, SocketTable, Unanswered
from checks.probes.addresses import Network
from checks.probes.dns import DnsProbe
from checks.probes.shell.local import Deadlines, LocalShell, own_command
from checks.probes.shell.remote import RemoteShell
from checks.probes.shell.sockets import sockets_by
from checks.secret import Secret
from lab.cmdlets import offered
from lab.model import Model

pytestmark = pytest.mark.lab

KEN = Cmdlet(name="Get-CsUser", parameters=(("Identity", "sip:kenmyer@litwareinc.com"),))
POOLS = Cmdlet(name="Get-CsPool")
PROCESSES = Cmdlet(name="Get-Process")
XMPP = Sockets(ports=(5269, 23456))


def stand_in(*options: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "lab.powershell_host", *options)


class Watch:
    """The processes that were started since the test began, with those that they started."""

    def __init__(self) -> None:
        self._before = set(self._all())

    def __call__(self) -> set[psutil.Process]:
        """Those that run; a dead one that nobody has asked about yet does not."""
        return {one for one in self._all() if one not in self._before and self._lives(one)}

    @staticmethod
    def _lives(process: psutil.Process) -> bool:
        try:
            return bool(process.status() != psutil.STATUS_ZOMBIE)
        except psutil.NoSuchProcess:  # It ended while it was looked at.
            return False

    @staticmethod
    def _all() -> list[psutil.Process]:
        return [one for one in psutil.Process().children(recursive=True) if one.is_running()]


@pytest.fixture
def children() -> Watch:
    return Watch()


@asynccontextmanager
async def opened(*options: str, call: float = 20, starting: float = 20) -> AsyncIterator[LocalShell]:
    """A shell with the stand-in, which leaves nothing behind."""
    children, tasks, threads = Watch(), asyncio.all_tasks(), set(threading.enumerate())
    shell = LocalShell(stand_in(*options), Deadlines(call=call, starting=starting))
    try:
        yield shell
    finally:
        await shell.close()
    assert not children()
    assert asyncio.all_tasks() <= tasks
    # asyncio's own, which waits for a child, takes a moment to end.
    await until(lambda: set(threading.enumerate()) <= threads)


@asynccontextmanager
async def waiting_less(shell: LocalShell, call: float) -> AsyncIterator[None]:
    """A process that runs is asked with another deadline than one that has to be started first."""
    usual, shell._deadlines = shell._deadlines, Deadlines(call=call)
    yield
    shell._deadlines = usual


async def until(condition: Callable[[], object]) -> None:
    """Asks again and again what only the system knows."""
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - the system has no event for it
            await asyncio.sleep(0.01)


def brought(answer: Objects | Unanswered) -> Objects:
    assert isinstance(answer, Objects), answer
    return answer


def unanswered(answer: Objects | Unanswered) -> Unanswered:
    assert isinstance(answer, Unanswered), "\n".join(answer.lines())
    return answer


QUESTIONS = [
    *(Cmdlet(name=cmdlet.name) for cmdlet in offered(Model()).values()),
    KEN,
    Cmdlet(name="Get-CsUser", parameters=(("Identity", "sip:no'body@litwareinc.com"),)),
    Cmdlet(name="Get-CsEffectivePolicy", parameters=(("Identity", "sip:pilar@litwareinc.com"),)),
    Cmdlet(name="Get-CsService", parameters=(("EdgeServer", True),)),
    Cmdlet(name="Get-CsService", parameters=(("PoolFqdn", "nowhere.litwareinc.com"),)),
    Cmdlet(name="Get-CsUser", parameters=(("Colour", "red"),)),
    Cmdlet(name="Get-CsMoonPhase"),
]


@pytest.mark.parametrize(
    "scenario", ["healthy", "healthy-2019", "user-homed-online", "shell-not-in-role", "shell-warns"]
)
async def test_it_brings_what_the_remote_shell_brings(scenario: str) -> None:
    async with lab.client.start(scenario) as running, opened("--scenario", scenario) as local:
        connection = running.connection
        sources = Sources(
            dns_inside=connection.dns_inside, connect_to=tuple(map(parse_connect_to, connection.connect_to))
        )
        remote = RemoteShell(
            connection.shell_url,
            connection.shell_user,
            Secret(connection.shell_password),
            Network(sources, DnsProbe(sources, "inside")),
            "inside",
            connection.ca_file,
        )
        try:
            for question in QUESTIONS:
                assert brought(await local.ask(question)) == brought(await remote.ask(question)), question.typed()
        finally:
            await remote.close()


async def test_many_questions_are_answered_one_after_another(children: Watch) -> None:
    async with opened() as shell:
        answers = await asyncio.gather(*(shell.ask(KEN if number % 2 else POOLS) for number in range(50)))
        assert [len(brought(answer).objects) for answer in answers] == [3, 1] * 25
        assert len(children()) == 1


async def test_a_question_that_has_to_wait_too_long_says_so() -> None:
    async with opened("--fault", "hang", "--at", "Get-CsUser") as shell:
        brought(await shell.ask(POOLS))
        async with waiting_less(shell, 1):
            hanging, waiting = await asyncio.gather(shell.ask(KEN), shell.ask(POOLS))
        assert unanswered(hanging).detail == "Get-CsUser was ended, because it took longer than 1 seconds."
        assert unanswered(hanging).command == KEN.typed()
        assert unanswered(waiting).reason is Reason.TIMEOUT
        assert "busy with other commands" in unanswered(waiting).detail
        assert brought(await shell.ask(POOLS)).objects


async def test_a_cmdlet_that_hangs_is_ended_with_what_it_started(children: Watch) -> None:
    async with opened("--fault", "hang", "--at", "Get-CsUser") as shell:
        brought(await shell.ask(POOLS))
        async with waiting_less(shell, 3):
            asking = asyncio.create_task(shell.ask(KEN))
            await until(lambda: len(children()) == 2)
            started = children()
            assert unanswered(await asking).reason is Reason.TIMEOUT
        await until(lambda: not started & children())
        assert brought(await shell.ask(POOLS)).objects


async def test_a_cancelled_question_ends_its_cmdlet_and_harms_no_other(children: Watch) -> None:
    async with opened("--fault", "hang", "--at", "Get-CsUser") as shell:
        brought(await shell.ask(POOLS))
        asking, waiting = asyncio.create_task(shell.ask(KEN)), asyncio.create_task(shell.ask(POOLS))
        await until(lambda: len(children()) == 2)
        started = children()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert brought(await waiting).objects
        await until(lambda: not started & children())


async def test_closing_ends_a_cmdlet_that_hangs_and_answers_those_who_wait(children: Watch) -> None:
    async with opened("--fault", "hang", "--at", "Get-CsUser") as shell:
        asking, waiting = asyncio.create_task(shell.ask(KEN)), asyncio.create_task(shell.ask(POOLS))
        await until(lambda: len(children()) == 2)
        await shell.close()
        assert unanswered(await asking).reason is Reason.CANCELLED
        assert unanswered(await waiting).reason is Reason.CANCELLED
        assert unanswered(await shell.ask(POOLS)).reason is Reason.CANCELLED


async def test_closing_while_it_starts_leaves_nothing(children: Watch) -> None:
    async with opened("--fault", "slow-start") as shell:
        asking = asyncio.create_task(shell.ask(POOLS))
        await until(children)
        await shell.close()
        assert unanswered(await asking).reason is Reason.CANCELLED


async def test_who_stops_waiting_does_not_stop_the_start(children: Watch) -> None:
    async with opened("--fault", "slow-start", call=1) as shell:
        asking = asyncio.create_task(shell.ask(POOLS))
        await until(children)
        [started] = children()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        answer = unanswered(await shell.ask(POOLS))
        assert (answer.reason, "has been loading" in answer.detail) == (Reason.TIMEOUT, True)
        assert children() == {started}


async def test_a_start_that_takes_for_ever_is_given_up_once(children: Watch) -> None:
    async with opened("--fault", "slow-start", starting=0.5) as shell:
        first = unanswered(await shell.ask(POOLS))
        assert first.detail == "This computer's PowerShell was not ready within 0.5 seconds."
        assert unanswered(await shell.ask(POOLS)) == first
        await until(lambda: not children())


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("die", "it ended by itself, saying “The pipeline has been stopped.”"),
        ("rubbish", "it printed something that is no answer"),
        ("endless", "it printed without end"),
    ],
)
async def test_what_breaks_is_started_anew_once(fault: str, words: str, tmp_path: Path) -> None:
    mark = str(tmp_path / "struck")
    async with opened("--fault", fault, "--once", mark) as shell:
        assert brought(await shell.ask(KEN)).objects
        assert Path(mark).exists()
    async with opened("--fault", fault, "--at", "Get-CsUser") as shell:
        answer = unanswered(await shell.ask(KEN))
        assert answer.reason is Reason.UNREACHABLE
        assert words in answer.detail
        assert brought(await shell.ask(POOLS)).objects


async def test_a_test_is_never_run_a_second_time(tmp_path: Path) -> None:
    mark = tmp_path / "struck"
    async with opened("--fault", "die", "--once", str(mark)) as shell:
        answer = unanswered(await shell.ask(Cmdlet(name="Test-CsMcxP2PIM")))
    assert (answer.reason, mark.exists()) == (Reason.UNREACHABLE, True)


async def test_one_that_dies_at_once_is_not_tried_for_each_question() -> None:
    async with opened("--fault", "dies-at-once") as shell:
        answers = await asyncio.gather(*(shell.ask(KEN) for _ in range(5)))
    [answer] = set(map(unanswered, answers))
    assert answer.reason is Reason.UNREACHABLE
    assert "cannot load its \N{REPLACEMENT CHARACTER}[31mconsole" in answer.detail


async def test_what_else_is_printed_is_passed_over() -> None:
    async with opened("--fault", "noise") as shell:
        assert brought(await shell.ask(KEN)).objects[0]["Enabled"] is True


async def test_an_answer_of_5_megabytes_is_read_within_bounds() -> None:
    async with opened("--fault", "large") as shell:
        answer = brought(await shell.ask(KEN))
    assert len(answer.objects) == 5 * 1024 * 1024 // 1000
    assert {one["Value"] for one in answer.objects} == {"x" * 1000}


async def test_without_a_module_windows_own_cmdlets_still_answer() -> None:
    async with opened("--no-module") as shell:
        answer = unanswered(await shell.ask(KEN))
        assert brought(await shell.ask(PROCESSES)).objects
    assert answer.reason is Reason.MISSING_DEPENDENCY
    assert "either the Lync nor the SkypeForBusiness module is on this computer" in answer.detail
    assert answer.command == KEN.typed()


async def test_a_module_that_does_not_load_says_why() -> None:
    async with opened("--no-module", "--problem", "Lync: it needs \x1b[5m.NET 4.5") as shell:
        answer = unanswered(await shell.ask(KEN))
    assert "could not be loaded: Lync: it needs \N{REPLACEMENT CHARACTER}[5m.NET 4.5" in answer.detail


async def test_a_refusal_without_elevation_is_told_with_what_to_do() -> None:
    async with opened("--fault", "refuse", "--not-elevated") as shell:
        answer = unanswered(await shell.ask(KEN))
        assert answer.reason is Reason.DENIED
        assert "Open the shell as administrator" in answer.detail
        assert "Insufficient access rights" in answer.detail
        assert brought(await shell.ask(PROCESSES)).errors, "that is no cmdlet of Lync"


async def test_a_refusal_of_an_administrator_is_the_cmdlets_own() -> None:
    async with opened("--fault", "refuse") as shell:
        assert "Insufficient access rights" in brought(await shell.ask(KEN)).errors[0].message


async def test_without_elevation_it_is_asked_all_the_same() -> None:
    async with opened("--not-elevated") as shell:
        assert brought(await shell.ask(KEN)).objects
        nobody = Cmdlet(name="Get-CsUser", parameters=(("Identity", "sip:no@litwareinc.com"),))
        assert brought(await shell.ask(nobody)).errors[0].category == "ObjectNotFound"


async def test_a_program_that_cannot_be_started(tmp_path: Path) -> None:
    (tmp_path / "powershell.exe").write_bytes(b"MZ")
    shell = LocalShell([str(tmp_path / "powershell.exe")])
    answer = unanswered(await shell.ask(KEN))
    await shell.close()
    assert answer.reason is Reason.NOT_POSSIBLE_HERE
    assert "cannot be started" in answer.detail


async def test_without_powershell_it_says_what_would_work(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SystemRoot", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "powershell.exe").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "powershell.exe").chmod(0o755)
    shell = LocalShell()
    answer = unanswered(await shell.ask(KEN))
    await shell.close()
    assert answer.reason is Reason.NOT_POSSIBLE_HERE
    assert all(words in answer.detail for words in ("--shell", "paste", "lyncdoctor collect"))


def test_powershell_is_found_where_windows_keeps_it(tmp_path: Path) -> None:
    program = tmp_path / "System32" / "WindowsPowerShell" / "v1.0" / "powershell.exe"
    program.parent.mkdir(parents=True)
    assert own_command({"SystemRoot": str(tmp_path)}) is None
    program.touch()
    command = own_command({"SystemRoot": str(tmp_path), "PATH": "/nowhere"})
    assert command is not None
    assert command[:4] == (str(program), "-NoLogo", "-NoProfile", "-NonInteractive")
    assert own_command({"PATH": str(program.parent)}) is None
    # Windows takes no longer command line.
    assert len(" ".join(command)) < 32_000


@pytest.mark.skipif(sys.platform == "win32", reason="a script stands in for powershell.exe")
async def test_it_is_given_no_secret_of_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LYNCDOCTOR_SHELL_PASSWORD", "canary-5f2d9c")
    script = tmp_path / "shows"
    script.write_text(f"#!/bin/sh\nenv > {tmp_path}/seen; tr '\\0' ' ' < /proc/$$/cmdline >> {tmp_path}/seen\n")
    script.chmod(0o755)
    shell = LocalShell([str(script)])
    unanswered(await shell.ask(KEN))
    await shell.close()
    seen = (tmp_path / "seen").read_text()
    assert "canary-5f2d9c" not in seen
    assert f"PATH={os.environ['PATH']}" in seen


async def test_sockets_are_joined_with_the_names_of_their_processes() -> None:
    sockets = [
        ["192.0.2.10", 5269, 2044, "XmppProxy.exe", "", 0],
        ["192.0.2.10", 5269, 2044, "XmppProxy.exe", "198.51.100.7", 49152],
        ["::", 443, 812, "RTCSrv.exe", "", 0],
        ["10.0.0.5", 52690, 5269, "other.exe", "", 0],
    ]
    async with opened("--sockets", json.dumps(sockets)) as shell:
        table = await sockets_by(shell, XMPP)
        everything = await sockets_by(shell, Sockets())
    assert isinstance(table, SocketTable)
    assert isinstance(everything, SocketTable)
    assert [(one.address, one.port, one.state, one.pid, one.process) for one in table.sockets] == [
        ("192.0.2.10", 5269, "LISTEN", 2044, "XmppProxy"),
        ("192.0.2.10", 5269, "ESTABLISHED", 2044, "XmppProxy"),
    ]
    listener, session = table.sockets
    assert (listener.remote_address, listener.remote_port) == ("", 0)
    assert (session.remote_address, session.remote_port) == ("198.51.100.7", 49152)
    assert {one.port for one in everything.sockets} == {5269, 443, 52690}


async def test_no_socket_is_an_answer() -> None:
    async with opened("--sockets", "[]") as shell:
        assert await sockets_by(shell, XMPP) == SocketTable()


async def test_a_shell_that_cannot_list_sockets_names_the_command_that_does() -> None:
    async with opened("--fault", "refuse") as shell:
        answer = await sockets_by(shell, XMPP)
    assert isinstance(answer, Unanswered)
    assert answer.command == "netstat -ano"
