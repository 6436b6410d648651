"""The lab's remote PowerShell endpoint, used by pypsrp as it would use a Front End."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pypsrp.exceptions import AuthenticationError, WinRMTransportError, WSManFaultError
from pypsrp.powershell import PowerShell, RunspacePool
from pypsrp.wsman import WSMan

from lab.client import Connection
from tests import in_process

pytestmark = [pytest.mark.lab, pytest.mark.filterwarnings("ignore::Warning")]


@contextmanager
def session(where: Connection, password: str | None = None, user: str | None = None) -> Iterator[RunspacePool]:
    wsman = WSMan(
        where.addresses["pool"], port=where.https_port, ssl=True, path="OcsPowershell", auth="negotiate",
        username=user or where.shell_user, password=password or where.shell_password, cert_validation=False,
        negotiate_service="http", no_proxy=True, operation_timeout=5, connection_timeout=5, read_timeout=10,
        reconnection_retries=0,
    )  # fmt: skip
    with wsman, RunspacePool(wsman) as pool:
        yield pool


def call(pool: RunspacePool, cmdlet: str, **parameters: Any) -> PowerShell:
    shell = PowerShell(pool).add_cmdlet(cmdlet)
    for name, value in parameters.items():
        shell.add_parameter(name, value)
    shell.invoke()
    return shell


def properties(shell: PowerShell) -> list[dict[str, Any]]:
    assert not shell.streams.error, [str(error) for error in shell.streams.error]
    return [dict(each.adapted_properties) for each in shell.output]


async def test_cmdlets_bring_objects_back() -> None:
    def use(where: Connection) -> None:
        with session(where) as pool:
            ken, pilar = properties(call(pool, "Get-CsUser"))
            assert (ken["SipAddress"], ken["Enabled"]) == ("sip:kenmyer@litwareinc.com", True)
            assert ken["RegistrarPool"].adapted_properties == {"FriendlyName": where.pool}
            assert str(ken["MobilityPolicy"]) == "RedmondMobilityPolicy"
            assert str(ken["Identity"]).startswith("CN=Ken Myer,")
            assert pilar["MobilityPolicy"] is None
            for identity in ("sip:pilar@litwareinc.com", "pilar@litwareinc.com", "litwareinc\\pilar"):
                (found,) = properties(call(pool, "Get-CsUser", Identity=identity))
                assert found["DisplayName"] == "Pilar Ackerman"
            (effective,) = properties(call(pool, "Get-CsEffectivePolicy", Identity=ken["SipAddress"]))
            assert effective["MobilityPolicy"] == "RedmondMobilityPolicy"
            policies = properties(call(pool, "Get-CsMobilityPolicy"))
            assert [str(each["Identity"]) for each in policies] == ["Global", "Tag:RedmondMobilityPolicy"]
            assert len(properties(call(pool, "Get-CsMobilityPolicy", Identity="RedmondMobilityPolicy"))) == 1
            assert len(properties(call(pool, "Get-CsMobilityPolicy", Filter="tag:*"))) == 1
            (configuration,) = properties(call(pool, "Get-CsWebServiceConfiguration"))
            assert str(configuration["UseWindowsAuth"]) == "Negotiate"
            assert configuration["UseWindowsAuth"].types[1] == "System.Enum"
            assert call(pool, "Get-CsServerVersion").output == [
                "Microsoft Lync Server 2013 (5.0.8308.0): Volume license key installed."
            ]

    async with in_process.start() as running:
        await asyncio.to_thread(use, running.connection)
        assert await running.control("sign-ins") == {"accepted": {"litwareinc\\admin": 1}, "refused": {}}


async def test_the_topology_is_there() -> None:
    def use(where: Connection) -> None:
        with session(where) as pool:
            assert where.pool in {each["Fqdn"] for each in properties(call(pool, "Get-CsPool"))}
            (web,) = properties(call(pool, "Get-CsService", WebServer=True, PoolFqdn=where.pool))
            assert (web["ExternalFqdn"], web["InternalFqdn"]) == (where.web, where.web_internal)
            (edge,) = properties(call(pool, "Get-CsService", EdgeServer=True))
            assert (edge["XmppListeningPort"], edge["XmppInternalPort"]) == (5269, 23456)
            assert len(properties(call(pool, "Get-CsService", Registrar=True))) == 2
            (site,) = properties(call(pool, "Get-CsSite", Identity="Redmond"))
            assert str(site["SiteType"]) == "CentralSite"
            (domain,) = properties(call(pool, "Get-CsSipDomain"))
            assert (domain["Name"], domain["IsDefault"]) == (where.domain, True)
            for replica in properties(call(pool, "Get-CsManagementStoreReplicationStatus")):
                age = datetime.now(UTC) - datetime.fromisoformat(replica["LastStatusReport"])
                assert replica["UpToDate"], replica
                assert timedelta() < age < timedelta(days=2), "a healthy replica reported lately"

    async with in_process.start() as running:
        await asyncio.to_thread(use, running.connection)


async def test_what_is_wrong_comes_as_an_error_record() -> None:
    def use(where: Connection) -> None:
        with session(where) as pool:
            unknown = call(pool, "Get-CsUser", Identity="sip:nobody@litwareinc.com")
            (error,) = unknown.streams.error
            assert str(error) == 'Management object not found for identity "sip:nobody@litwareinc.com".'
            assert str(error.fq_error).startswith("ManagementObjectNotFound,")
            assert not unknown.had_errors
            missing = call(pool, "Get-ChildItem")
            assert missing.had_errors
            assert missing.streams.error[0].fq_error == "CommandNotFoundException"
            parameter = call(pool, "Get-CsUser", Nonsense="1")
            assert str(parameter.streams.error[0].fq_error).startswith("NamedParameterNotFound,")
            script = PowerShell(pool).add_script("1 + 1")
            script.invoke()
            assert script.streams.error[0].fq_error == "ScriptsNotAllowed"
            # None of this has hurt the session.
            assert len(properties(call(pool, "Get-CsUser"))) == 2

    async with in_process.start("policy-missing") as running:
        await asyncio.to_thread(use, running.connection)


async def test_a_wrong_password_is_refused_and_counted() -> None:
    def use(where: Connection) -> None:
        with pytest.raises(AuthenticationError), session(where, password="wrong"):
            pass
        with pytest.raises(AuthenticationError), session(where, user="litwareinc\\nobody"):
            pass

    async with in_process.start() as running:
        await asyncio.to_thread(use, running.connection)
        assert await running.control("sign-ins") == {
            "accepted": {},
            "refused": {"litwareinc\\admin": 1, "litwareinc\\nobody": 1},
        }


async def test_a_cmdlet_that_hangs_can_be_stopped() -> None:
    def use(where: Connection) -> None:
        with session(where) as pool:
            shell = PowerShell(pool).add_cmdlet("Get-CsUser")
            shell.begin_invoke()
            shell.poll_invoke(timeout=1)
            shell.stop()
            assert call(pool, "Get-CsSipDomain").output

    async with in_process.start("shell-hangs") as running:
        await asyncio.to_thread(use, running.connection)


async def test_sessions_run_side_by_side() -> None:
    def use(where: Connection) -> None:
        with session(where) as pool:
            for _ in range(3):
                assert len(properties(call(pool, "Get-CsUser"))) == 2

    async with in_process.start(delay_ms=50) as running:
        await asyncio.gather(*(asyncio.to_thread(use, running.connection) for _ in range(3)))
        assert (await running.control("sign-ins"))["accepted"] == {"litwareinc\\admin": 3}


async def test_every_cmdlet_takes_as_long_as_was_asked() -> None:
    def use(where: Connection) -> float:
        with session(where) as pool:
            begun = time.monotonic()
            call(pool, "Get-CsSipDomain")
            return time.monotonic() - begun

    async with in_process.start(delay_ms=300) as running:
        assert await asyncio.to_thread(use, running.connection) >= 0.3


async def test_the_endpoint_can_refuse_be_absent_or_lack_cmdlets() -> None:
    def denied(where: Connection) -> None:
        with pytest.raises(WSManFaultError) as refused, session(where):
            pass
        assert refused.value.code == 5

    def absent(where: Connection) -> None:
        # The page of IIS is well-formed, so pypsrp takes it for a fault that tells nothing.
        with pytest.raises(WSManFaultError) as missing, session(where):
            pass
        assert isinstance(missing.value.__context__, WinRMTransportError)
        assert missing.value.__context__.code == 404

    def lacking(where: Connection) -> None:
        with session(where) as pool:
            assert len(properties(call(pool, "Get-CsUser"))) == 2
            shell = call(pool, "Get-CsMobilityPolicy")
            assert shell.streams.error[0].fq_error == "CommandNotFoundException"

    async with in_process.start("shell-access-denied") as running:
        await asyncio.to_thread(denied, running.connection)
        await running.control("change", scenarios=["shell-not-installed"])
        await asyncio.to_thread(absent, running.connection)
        await running.control("change", scenarios=["shell-not-in-role"])
        await asyncio.to_thread(lacking, running.connection)


@contextmanager
def edge_session(where: Connection, *, secret: bool = False, encryption: str = "auto") -> Iterator[RunspacePool]:
    wsman = WSMan(
        where.addresses["edge-internal"], port=where.https_port if secret else where.http_port, ssl=secret,
        path="wsman", auth="negotiate", username=where.edge_shell_user, password=where.edge_shell_password,
        cert_validation=False, encryption=encryption, negotiate_service="http", no_proxy=True, operation_timeout=5,
        connection_timeout=5, read_timeout=10, reconnection_retries=0,
    )  # fmt: skip
    with wsman, RunspacePool(wsman) as pool:
        yield pool


@pytest.mark.parametrize("secret", [False, True], ids=["http", "https"])
async def test_the_edge_speaks_winrm(secret: bool) -> None:
    def use(where: Connection) -> None:
        with edge_session(where, secret=secret) as pool:
            inside, outside = sorted(properties(call(pool, "Get-NetTCPConnection")), key=lambda one: -one["LocalPort"])
            assert (inside["LocalAddress"], inside["LocalPort"]) == (where.addresses["edge-internal"], 23456)
            assert (outside["LocalAddress"], outside["LocalPort"]) == (where.addresses["edge-external"], 5269)
            assert str(inside["State"]) == "Listen"
            (process,) = properties(call(pool, "Get-Process", Id=inside["OwningProcess"]))
            assert process["ProcessName"] == "XmppProxy"
            (one,) = properties(call(pool, "Get-NetTCPConnection", LocalPort=5269, State="Listen"))
            assert one["OwningProcess"] == process["Id"]
            (service,) = properties(call(pool, "Get-Service", DisplayName="*XMPP Translating Gateway Proxy*"))
            assert str(service["Status"]) == "Running"
            assert call(pool, "Get-CsServerVersion").output
            (edge,) = properties(call(pool, "Get-CsService", EdgeServer=True))
            assert edge["XmppListeningPort"] == 5269
            assert call(pool, "Get-CsUser").streams.error[0].fq_error == "CommandNotFoundException"

    async with in_process.start() as running:
        await asyncio.to_thread(use, running.connection)
        told = (await running.control("pipelines"))["edge-internal"]
        assert (told["running"], told["most"], told["sessions"]) == (0, 1, 0)
        assert "password" not in repr(running.connection)


async def test_the_edge_takes_no_message_that_is_not_encrypted() -> None:
    def use(where: Connection) -> None:
        with pytest.raises(WinRMTransportError) as refused, edge_session(where, encryption="never"):
            pass
        assert refused.value.code == 500

    async with in_process.start() as running:
        await asyncio.to_thread(use, running.connection)
        assert (await running.control("pipelines"))["edge-internal"]["sessions"] == 0


async def test_a_gateway_that_does_not_run_has_a_stopped_service_and_no_socket() -> None:
    def use(where: Connection) -> None:
        with edge_session(where) as pool:
            assert str(properties(call(pool, "Get-Service"))[0]["Status"]) == "Stopped"
            (error,) = call(pool, "Get-NetTCPConnection").streams.error
            assert str(error.fq_error) == "CmdletizationQuery_NotFound,Get-NetTCPConnection"
            (error,) = call(pool, "Get-Process", Id=[4]).streams.error
            assert str(error.fq_error).startswith("NoProcessFoundForGivenId,")

    async with in_process.start("xmpp-proxy-stopped") as running:
        await asyncio.to_thread(use, running.connection)


async def test_the_pipelines_that_run_are_counted() -> None:
    both_seen = threading.Event()

    def use(where: Connection) -> None:
        with session(where) as pool:
            shell = PowerShell(pool).add_cmdlet("Get-CsUser")
            shell.begin_invoke()
            both_seen.wait(10)
            shell.stop()

    async with in_process.start("shell-hangs") as running:
        using = [asyncio.create_task(asyncio.to_thread(use, running.connection)) for _ in range(2)]
        async with asyncio.timeout(10):
            while (await running.control("pipelines"))["pool"]["running"] < 2:
                pass
        both_seen.set()
        await asyncio.gather(*using)
        told = (await running.control("pipelines"))["pool"]
        assert (told["running"], told["most"], told["asked"]) == (0, 2, {"Get-CsUser": 2})
