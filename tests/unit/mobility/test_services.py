"""The judgement of the step about a pool's services and its configuration, and what is gathered for it."""

from typing import Any

import pytest

from checks.knowledge.shell_answers import Unseen
from checks.knowledge.topology_objects import Replica, Service
from checks.mobility import services
from checks.mobility.services import Facts
from checks.model import Reason, Status
from checks.pool_services import Computer
from checks.probes import Cmdlet, CmdletError, Objects
from tests.unit.mobility.told import deployment, gathered

POOL, OTHER = "atl-cs-001.litwareinc.com", "atl-cs-002.litwareinc.com"
FIRST, SECOND, EDGE = "atl-fe-001.litwareinc.com", "atl-fe-002.litwareinc.com", "atl-edge-001.litwareinc.com"
RUNNING = {"RTCSRV": "Running", "W3SVC": "Running", "REPLICA": "Running", "FabricHostSvc": "Running"}
NOT_TOLD = Unseen(
    reason=Reason.MISSING_INPUT, detail="No file tells it.", command="Get-CsManagementStoreReplicationStatus",
    seat_has_no_shell=True,
)  # fmt: skip
UNREACHED = Unseen(reason=Reason.UNREACHABLE, detail="The computer does not answer.")


def computer(fqdn: str = POOL, **changed: str) -> Computer:
    shown = {**RUNNING, **changed}
    return Computer(fqdn=fqdn, services=tuple(Service(name=name, status=status) for name, status in shown.items()))


def facts(*computers: Computer, **more: Any) -> Facts:
    known = {"named": POOL, "pool": POOL, "pools": (POOL, OTHER), "replicas": (Replica(fqdn=POOL, up_to_date=True),)}
    return Facts(computers=computers or (computer(),), **{**known, **more})


RESTING = {"RTCSRV": "Stopped", "W3SVC": "Stopped", "REPLICA": "Stopped", "FabricHostSvc": "Stopped"}
LATE = Replica(fqdn=EDGE, up_to_date=False)
JUDGED: list[tuple[str, Facts]] = [
    ("running", facts()),
    ("running", facts(computer(FIRST), computer(SECOND))),
    ("running", facts(computer(RTCCAA="Stopped"))),
    ("no-web-server", facts(computer(W3SVC="Stopped"))),
    ("no-web-server", facts(computer(W3SVC="Stopped", RTCSRV="Stopped", REPLICA="Stopped"))),
    ("no-web-server", facts(computer(FIRST, W3SVC="Stopped"), computer(SECOND, W3SVC="StopPending"))),
    ("web-server-stopped", facts(computer(FIRST, W3SVC="Stopped"), computer(SECOND))),
    ("web-server-stopped", facts(computer(FIRST, W3SVC="Stopped"), Computer(fqdn=SECOND, unseen=UNREACHED))),
    ("web-server-stopped", facts(computer(FIRST, W3SVC="Stopped"), computer(SECOND, W3SVC=""))),
    ("front-end-stopped", facts(computer(RTCSRV="Stopped"))),
    ("front-end-stopped", facts(computer(FIRST, RTCSRV="StartPending"), computer(SECOND, RTCSRV="Paused"))),
    ("front-end-stopped", facts(computer(FIRST, RTCSRV="Stopped"), computer(SECOND, W3SVC="Stopped"))),
    ("front-end-starting", facts(computer(FIRST, RTCSRV="StartPending"), computer(SECOND))),
    ("replica-stopped", facts(computer(REPLICA="Stopped"), replicas=(Replica(fqdn=POOL, up_to_date=False),))),
    ("no-such-pool", facts(named=FIRST, pool=POOL)),
    ("no-such-pool", Facts(named="pool9.litwareinc.com", pools=(POOL,), replicas=(LATE,))),
    ("no-such-pool", Facts(named=POOL, replicas=(Replica(fqdn=POOL, up_to_date=True),))),
    ("front-end-stopped", facts(computer(FIRST, RTCSRV="Stopped"), named=FIRST, pool=POOL)),
    ("out-of-service", facts(computer(FIRST), computer(SECOND, **RESTING))),
    ("out-of-service", facts(computer(FIRST), computer(SECOND, **RESTING), replicas=(Replica(SECOND, False),))),
    ("no-web-server", facts(computer(FIRST, **RESTING), computer(SECOND, **RESTING))),
    ("web-server-stopped", facts(computer(FIRST), computer(SECOND, **RESTING | {"RTCSRV": "Running"}))),
    ("front-end-stopped", facts(computer(FIRST), computer(SECOND, **RESTING | {"W3SVC": "Running"}))),
    ("other-stopped", facts(computer(RTCIMMCU="Stopped"))),
    ("other-stopped", facts(computer(FabricHostSvc="Stopped"), replicas=(LATE,))),
    ("replication-late", facts(replicas=(Replica(fqdn=POOL, up_to_date=True), LATE))),
    ("replication-late", facts(Computer(fqdn=POOL, unseen=UNREACHED), replicas=(LATE,))),
    ("not-seen", facts(Computer(fqdn=POOL, unseen=UNREACHED))),
    ("not-seen", facts(computer(FIRST), Computer(fqdn=SECOND, unseen=UNREACHED))),
    ("not-seen", facts(computer(W3SVC=""))),
    ("not-seen", facts(Computer(fqdn=POOL))),
    ("not-seen", facts(Computer(fqdn=POOL, services=(Service(name="RTCSRV", status="Running"),)))),
    ("not-seen", Facts(named=POOL, pool=POOL, pools=(POOL,), replicas=(Replica(fqdn=POOL, up_to_date=True),))),
    ("not-seen", facts(replicas=())),
    ("not-seen", facts(replicas=(Replica(fqdn=POOL, up_to_date=None),))),
    ("not-seen", facts(replicas=(), replication_unseen=UNREACHED)),
    ("not-seen", facts(replicas=(), replication_unseen=NOT_TOLD)),
    ("not-seen", Facts(named="", pools=(POOL, OTHER), replicas=(Replica(fqdn=POOL, up_to_date=True),))),
    ("not-seen", Facts(named=POOL, unseen=UNREACHED)),
    (
        "not-for-this-seat",
        Facts(named=POOL, unseen=Unseen(reason=Reason.MISSING_INPUT, detail="no shell", seat_has_no_shell=True)),
    ),
]


@pytest.mark.parametrize(("answer", "known"), JUDGED)
def test_services(answer: str, known: Facts) -> None:
    finding = services.judge(known)
    assert finding.answer == answer
    if finding.status in {Status.FAILED, Status.WARNING}:
        assert finding.remedies
    if finding.reason is Reason.MISSING_INPUT:
        assert finding.command, "what is missing is asked for by its command"


def test_every_answer_is_in_the_table() -> None:
    assert {answer.name for answer in services.STEP.answers} == {row[0] for row in JUDGED}


def test_each_service_and_computer_is_named_and_has_its_command() -> None:
    finding = services.judge(
        facts(computer(FIRST, RTCSRV="Stopped"), computer(SECOND, W3SVC="Stopped"), replicas=(LATE,))
    )
    assert FIRST in finding.headline
    assert any(SECOND in line and "W3SVC" in line for line in finding.detail), "the other fault is told too"
    assert [remedy.command() for remedy in finding.remedies] == [
        f"Start-CsWindowsService -Name RTCSRV -ComputerName {FIRST}",
        f"Start-CsWindowsService -Name W3SVC -ComputerName {SECOND}",
        f"Invoke-CsManagementStoreReplication -ReplicaFqdn {EDGE}",
    ]


def test_a_stopped_replicator_explains_why_its_replica_is_late() -> None:
    behind = Replica(fqdn=POOL, up_to_date=False)
    finding = services.judge(facts(computer(REPLICA="Stopped"), replicas=(behind,)))
    assert "Invoke-CsManagementStoreReplication" not in str(finding.remedies)


# What is gathered.

POOLS = {"Identity": POOL, "Fqdn": POOL, "Computers": [FIRST, SECOND], "Site": "Site:Redmond"}
WEB = {"Identity": f"WebServer:{POOL}", "PoolFqdn": POOL}
SERVICES = tuple({"Name": name, "Status": status} for name, status in RUNNING.items())
UP_TO_DATE = {"ReplicaFqdn": FIRST, "UpToDate": True}


def says(**changed: Objects) -> dict[str, Objects]:
    """What each cmdlet of a healthy pool answers, but for some."""
    told = {
        "Get-CsPool": Objects(objects=(POOLS,)),
        "Get-CsService": Objects(objects=(WEB,)),
        "Get-CsManagementStoreReplicationStatus": Objects(objects=(UP_TO_DATE,)),
        "Get-CsWindowsService": Objects(objects=SERVICES),
    }
    return told | {name.replace("_", "-"): answer for name, answer in changed.items()}


async def test_each_computer_of_the_pool_is_asked_by_name() -> None:
    found, asked = await gathered(services.STEP, says(), deployment(pool=POOL))
    assert [one.parameters for one in asked if isinstance(one, Cmdlet) and one.name == "Get-CsWindowsService"] == [
        (("ComputerName", FIRST), ("ExcludeActivityLevel", True)),
        (("ComputerName", SECOND), ("ExcludeActivityLevel", True)),
    ]
    assert services.judge(found).answer == "running"


async def test_computers_that_a_console_cut_off_are_asked_for_elsewhere() -> None:
    shown = {name: value for name, value in POOLS.items() if name != "Computers"}
    computers = Objects(objects=tuple({"Fqdn": fqdn, "Pool": pool} for fqdn, pool in ((FIRST, POOL), (OTHER, OTHER))))
    told = says(Get_CsPool=Objects(objects=(shown,)), Get_CsComputer=computers)
    found, _ = await gathered(services.STEP, told, deployment(pool=POOL))
    assert [one.fqdn for one in found.computers] == [FIRST]


async def test_the_only_pool_needs_no_naming() -> None:
    found, _ = await gathered(services.STEP, says(), deployment(pool=""))
    assert services.judge(found).answer == "running"


@pytest.mark.parametrize(("named", "answer"), [(FIRST, "no-such-pool"), ("pool9.litwareinc.com", "no-such-pool")])
async def test_a_name_that_no_pool_has(named: str, answer: str) -> None:
    found, _ = await gathered(services.STEP, says(), deployment(pool=named))
    finding = services.judge(found)
    assert finding.answer == answer
    assert POOL in finding.remedies[0].action


async def test_a_pool_without_web_services_is_none_that_phones_use() -> None:
    found, _ = await gathered(services.STEP, says(Get_CsService=Objects()), deployment(pool=POOL))
    assert services.judge(found).answer == "no-such-pool"


async def test_a_list_of_pools_that_is_not_whole_denies_no_pool() -> None:
    cut = Objects(objects=(POOLS,), errors=(CmdletError(message="The operation timed out."),))
    found, _ = await gathered(services.STEP, says(Get_CsPool=cut), deployment(pool="pool9.litwareinc.com"))
    assert services.judge(found).answer == "not-seen"


async def test_services_that_one_computer_does_not_tell_are_unknown() -> None:
    failed = Objects(errors=(CmdletError(message="Cannot open Service Control Manager on computer."),))
    found, _ = await gathered(services.STEP, says(Get_CsWindowsService=failed), deployment(pool=POOL))
    finding = services.judge(found)
    assert (finding.answer, finding.reason) == ("not-seen", Reason.UNREACHABLE)


async def test_without_a_shell_nothing_is_asked_twice() -> None:
    found, asked = await gathered(services.STEP, {}, deployment(pool=POOL))
    assert isinstance(found.unseen, Unseen)
    assert len(asked) == 3
    assert services.judge(found).status is Status.UNKNOWN
