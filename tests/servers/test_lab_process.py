"""The lab as a process: it comes up, several side by side, and nothing of it outlives its parent."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import psutil
import pytest

import lab.client
from lab import scenarios
from lab.serve import Lab

pytestmark = pytest.mark.lab

ROOT = Path(lab.client.__file__).parent.parent


async def gone(pids: set[int]) -> bool:
    """Waits for processes that are not our children; False when one is still there after ten seconds."""
    for _ in range(500):
        if not any(lives(pid) for pid in pids):
            return True
        await asyncio.sleep(0.02)
    return False


def lives(pid: int) -> bool:
    """Whether the process is there and no zombie."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.parametrize("name", scenarios.names(unlisted=True))
async def test_every_scenario_opens_and_leaves_nothing(name: str, tmp_path: Path) -> None:
    """In this process, for most of what a lab takes to start is the interpreter and its imports."""
    this = psutil.Process()
    children, tasks = set(this.children()), asyncio.all_tasks()
    practice = Lab({}, tmp_path)
    try:
        connection = await practice.open([name])
        addresses = set(connection["addresses"].values())
        assert addresses & listening(this)
        assert await practice.control({"command": "sign-ins"}) == {"accepted": {}, "refused": {}}
    finally:
        await practice.close()
    assert not addresses & listening(this)
    assert set(this.children()) == children
    assert asyncio.all_tasks() == tasks


def listening(process: psutil.Process) -> set[str]:
    """The addresses at which a process has a socket of its own that is nobody's connection."""
    return {one.laddr.ip for one in process.net_connections("inet4") if one.laddr and not one.raddr}


# Healthy, with every server silent that may be, with cmdlets that hang, with the Edge's process and without.
AS_PROCESSES = ["healthy", "silent", "unreachable", "shell-hangs", "edge-loopback-only", "edge-not-listening"]


@pytest.mark.parametrize("name", AS_PROCESSES)
async def test_a_scenario_starts_and_ends_as_a_process(name: str) -> None:
    async with lab.client.start(name) as running:
        assert await running.control("sign-ins") == {"accepted": {}, "refused": {}}
        pids = {running.pid, *(child.pid for child in psutil.Process(running.pid).children(recursive=True))}
        folder = Path(running.connection.ca_file).parent
    assert not folder.exists()
    assert await gone(pids)


async def test_several_run_side_by_side() -> None:
    async with lab.client.start() as first, lab.client.start() as second, lab.client.start("edge-loopback-only"):
        addresses = [set(each.connection.addresses.values()) for each in (first, second)]
        assert not addresses[0] & addresses[1]
        assert all(not address.startswith("127.0.") for address in addresses[0] | addresses[1])


async def test_two_scenarios_put_two_faults_in() -> None:
    async with lab.client.start("edge-not-listening", "policy-missing") as running:
        assert not psutil.Process(running.pid).children()


async def test_an_unknown_scenario_is_a_sentence() -> None:
    with pytest.raises(lab.client.LabFailed, match=r"^There is no scenario called nonsense\.$"):
        async with lab.client.start("nonsense"):
            pass


async def test_a_child_that_dies_while_it_starts_is_a_sentence() -> None:
    with pytest.raises(lab.client.LabFailed, match="ended while it started"):
        async with lab.client.start("healthy", delay_ms="much"):  # type: ignore[arg-type]
            pass


async def test_a_lab_that_was_killed_answers_no_more_and_leaves_nothing() -> None:
    async with lab.client.start() as running:
        edge = {child.pid for child in psutil.Process(running.pid).children()}
        os.kill(running.pid, signal.SIGKILL)
        with pytest.raises(lab.client.LabFailed):
            await running.control("sign-ins")
        assert edge
        assert await gone(edge)
        folder = Path(running.connection.ca_file).parent
    assert not folder.exists()


async def test_it_becomes_another_deployment_in_the_same_place() -> None:
    async with lab.client.start() as running:
        before = running.connection
        await running.control("change", scenarios=["edge-not-listening"])
        assert not psutil.Process(running.pid).children()
        await running.control("change", scenarios=["healthy"])
        assert len(psutil.Process(running.pid).children()) == 1
        with pytest.raises(lab.client.LabFailed, match="no scenario"):
            await running.control("change", scenarios=["nonsense"])
        _, writer = await asyncio.open_connection(before.addresses["pool"], before.https_port)
        writer.close()


async def test_it_refuses_commands_that_it_does_not_know() -> None:
    async with lab.client.start() as running:
        with pytest.raises(lab.client.LabFailed, match="does not know"):
            await running.control("explode")
        assert (await running.control("sign-ins"))["refused"] == {}


PARENT = """
import asyncio, lab.client
async def main():
    async with lab.client.start("healthy") as running:
        print(running.pid, running.connection.ca_file, flush=True)
        await asyncio.Event().wait()
asyncio.run(main())
"""


@pytest.mark.parametrize("death", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
async def test_nothing_outlives_a_parent_that_dies(death: signal.Signals) -> None:
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, cwd=ROOT, stdout=asyncio.subprocess.PIPE, start_new_session=True
    )
    assert parent.stdout
    pid, ca_file = (await parent.stdout.readline()).decode().split()
    child = psutil.Process(int(pid))
    pids = {child.pid, *(each.pid for each in child.children(recursive=True))}
    assert len(pids) == 2
    parent.send_signal(death)
    await parent.wait()
    assert await gone(pids)
    assert not Path(ca_file).parent.exists()


async def test_secrets_are_on_no_command_line_in_no_environment_and_no_repr(monkeypatch: pytest.MonkeyPatch) -> None:
    canary = "canary-4711-Pass"
    monkeypatch.setenv("LYNCDOCTOR_SHELL_PASSWORD", canary)
    async with lab.client.start(shell_password=canary) as running:
        assert running.connection.shell_password == canary
        assert canary not in repr(running.connection)
        assert not set(running.connection.passwords.values()) & set(repr(running.connection).split("'"))
        child = psutil.Process(running.pid)
        for process in (child, *child.children()):
            assert canary not in " ".join(process.cmdline())
            assert canary not in " ".join(process.environ().values())
        folder = Path(running.connection.ca_file).parent
        assert folder.stat().st_mode & 0o777 == 0o700
        assert all(canary.encode() not in file.read_bytes() for file in folder.iterdir() if not file.is_symlink())
        assert all(b"PRIVATE KEY" not in file.read_bytes() for file in folder.iterdir() if not file.is_symlink())


async def test_a_password_that_the_sign_in_cannot_hold_is_refused() -> None:
    with pytest.raises(lab.client.LabFailed, match="colons"):
        async with lab.client.start(shell_password="a:b"):
            pass


def test_the_listing_is_complete() -> None:
    listing = scenarios.listing()
    assert {entry["runbook"] for entry in listing if entry["name"] == "healthy"} == {"mobility", "xmpp"}
    assert all(entry.keys() == {"name", "runbook", "title", "symptom", "cause", "seat"} for entry in listing)
    assert all(entry["title"] and entry["symptom"] for entry in listing)
    assert all((entry["cause"] is None) == entry["name"].startswith("healthy") for entry in listing)
    assert not any(name.startswith(("shell-", "pool-")) for name in scenarios.names())
