"""The judgement of `xmpp.replication`: which computers are behind, and when two lists of partners really differ."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from checks.context import Asking, Context
from checks.deployment import Deployment, Vantage
from checks.journal import VERSION, Asked, Began, Journal, now
from checks.knowledge.pasted import understand
from checks.knowledge.shell_answers import Unseen
from checks.model import Reason, Status
from checks.probes import Cmdlet, CmdletError, Objects, Unanswered
from checks.xmpp.replication import STEP, Facts, Partner, Replica, judge
from tests.unit.judgement import assert_whole
from tests.unit.mobility.told import Told, deployment, gathered

EDGE, NODE, POOL = "atl-edge-001.litwareinc.com", "node1.litwareinc.com", "atl-cs-001.litwareinc.com"
OTHER = "atl-edge-002.litwareinc.com"
GOOD, LATE = Replica(fqdn=EDGE, up_to_date=True, reported=True), Replica(fqdn=EDGE, up_to_date=False, reported=True)
NEVER = Replica(fqdn=EDGE, up_to_date=False, reported=False)
FRONT_END = Replica(fqdn=POOL, up_to_date=True, reported=True)
DENIED = Unseen(reason=Reason.DENIED, detail="refused", command="Get-CsManagementStoreReplicationStatus")
FABRIKAM = Partner(domain="fabrikam.com", additional=(), settings={"TlsNegotiation": "optional"})
STRICTER = replace(FABRIKAM, settings={"TlsNegotiation": "required"})
SHORT = Partner(domain="fabrikam.com")


def facts(*replicas: Replica, **more: Any) -> Facts:
    return Facts(**{"replicas": replicas, "edges": (EDGE,), "front_ends": (POOL,), **more})


def partners(stored: Partner, *taken_over: Partner) -> dict[str, Any]:
    return {"stored": (stored,), "taken_over": taken_over}


TABLE: list[tuple[str, Facts]] = [
    ("up-to-date", facts(GOOD, FRONT_END)),
    ("up-to-date", facts(GOOD)),
    ("up-to-date", facts(GOOD, front_ends=())),
    ("up-to-date", facts(GOOD, replace(LATE, fqdn="elsewhere.litwareinc.com"))),
    ("up-to-date", facts(replace(GOOD, fqdn="atl-edge-00"), FRONT_END)),
    ("up-to-date", facts(GOOD, FRONT_END, **partners(FABRIKAM, FABRIKAM))),
    ("up-to-date", facts(GOOD, FRONT_END, **partners(FABRIKAM, SHORT))),
    ("up-to-date", facts(GOOD, FRONT_END, stored=(), taken_over=())),
    ("up-to-date", facts(GOOD, FRONT_END, stored=(FABRIKAM,))),
    ("up-to-date", facts(replace(GOOD, reported=False), FRONT_END)),
    ("partners-differ", facts(LATE, **partners(FABRIKAM, STRICTER))),
    ("partners-differ", facts(LATE, **partners(FABRIKAM))),
    ("partners-differ", facts(LATE, stored=(), taken_over=(FABRIKAM,))),
    ("partners-differ", facts(LATE, **partners(FABRIKAM, replace(FABRIKAM, additional=("na.fabrikam.com",))))),
    ("edge-never", facts(NEVER, FRONT_END)),
    ("partners-differ", facts(NEVER, **partners(FABRIKAM))),
    ("edge-never", facts(GOOD, replace(NEVER, fqdn=OTHER), edges=(EDGE, OTHER))),
    ("edge-late", facts(LATE, FRONT_END)),
    ("edge-late", facts(replace(LATE, reported=None))),
    ("edge-late", facts(LATE, **partners(FABRIKAM, FABRIKAM))),
    ("edge-late", facts(LATE, replace(FRONT_END, up_to_date=False))),
    ("front-end-late", facts(GOOD, replace(FRONT_END, up_to_date=False))),
    ("front-end-late", facts(replace(FRONT_END, up_to_date=False))),
    ("not-for-this-seat", facts(unseen=replace(DENIED, seat_has_no_shell=True))),
    ("not-seen", facts(unseen=DENIED)),
    ("not-seen", facts(FRONT_END)),
    ("not-seen", facts(FRONT_END, edges=())),
    ("not-seen", facts(replace(GOOD, up_to_date=None), FRONT_END)),
    ("not-seen", facts(replace(LATE, fqdn="atl-edge-00"), edges=(EDGE, OTHER))),
    ("not-seen", facts(GOOD, **partners(FABRIKAM, STRICTER))),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "seen"), TABLE)
def test_judgement(answer: str, seen: Facts) -> None:
    assert_whole(judge(seen), answer)


def test_every_answer_is_in_the_table() -> None:
    assert {answer.name for answer in STEP.answers} == {row[0] for row in TABLE}


def test_each_difference_is_told() -> None:
    contoso = Partner(domain="contoso.com")
    lines = judge(facts(LATE, stored=(FABRIKAM,), taken_over=(STRICTER, contoso))).detail
    assert "fabrikam.com: TlsNegotiation is optional, and on the Edge still required." in lines
    assert "contoso.com is no longer allowed, and the Edge still knows it." in lines


def test_a_difference_that_replication_does_not_explain_is_asked_for_anew() -> None:
    finding = judge(facts(GOOD, FRONT_END, **partners(FABRIKAM, STRICTER)))
    assert "wait for replication, then check again" in finding.headline
    assert not finding.command


def test_after_a_change_the_copy_of_before_is_not_held_against_the_edge() -> None:
    finding = judge(facts(GOOD, FRONT_END, copied_before=True, **partners(FABRIKAM, STRICTER)))
    assert finding.answer == "up-to-date"
    assert any("wait for replication" in line for line in finding.detail)
    late = judge(facts(LATE, copied_before=True, **partners(FABRIKAM, STRICTER)))
    assert late.answer == "partners-differ"


def test_an_edge_and_a_front_end_that_are_behind_are_both_named() -> None:
    finding = judge(facts(LATE, replace(FRONT_END, up_to_date=False)))
    assert EDGE in finding.headline
    assert any(POOL in line for line in finding.detail)


PRINTED = f"""
UpToDate           : True
ReplicaFqdn        : {POOL}
LastStatusReport   : 5/28/2014 7:16:05 PM
LastUpdateCreation : 5/28/2014 7:16:03 PM
ProductVersion     : 5.0.8308.0

UpToDate           : False
ReplicaFqdn        : {NODE}
LastStatusReport   :
LastUpdateCreation : 5/28/2014 7:16:03 PM
ProductVersion     :
"""
POOLS = Objects(
    objects=(
        {"Identity": POOL, "Computers": [POOL], "Site": "Site:Redmond"},
        {"Identity": EDGE, "Computers": [NODE], "Site": "Site:Redmond"},
    )
)
EDGES = Objects(objects=({"Identity": f"EdgeServer:{EDGE}", "PoolFqdn": EDGE},))


def status(text: str = PRINTED) -> Objects:
    answer = understand(Cmdlet(name="Get-CsManagementStoreReplicationStatus"), text)
    assert isinstance(answer, Objects), answer
    return answer


async def test_the_replica_of_an_edge_pool_is_that_of_its_computer() -> None:
    says = {"Get-CsManagementStoreReplicationStatus": status(), "Get-CsPool": POOLS, "Get-CsService": EDGES}
    seen, _ = await gathered(STEP, says, deployment(pool=POOL, edge=EDGE))
    assert (seen.edges, seen.front_ends) == ((NODE,), (POOL,))
    assert judge(seen).answer == "edge-never"


@pytest.mark.parametrize(("seconds", "before"), [(0, False), (5, False), (600, True), (-600, False)])
async def test_what_was_read_before_a_change_is_told_from_what_is_asked_together(seconds: int, before: bool) -> None:
    place, at = deployment(pool=POOL, edge=EDGE), datetime.fromisoformat("2014-05-28T18:46:05+00:00")
    record = Journal(Began(version=VERSION, runbook="xmpp", deployment=place, at=at.isoformat()))
    asking = Asking(Told({}), record)
    stored = Cmdlet(name="Get-CsXmppAllowedPartner")
    copied = Cmdlet(name="Get-CsXmppAllowedPartner", parameters=(("LocalStore", True),), on="edge")
    for question, later in ((copied, 0), (stored, seconds)):
        answered = (at + timedelta(seconds=later)).isoformat()
        record.add(Asked(question=question, answer=Objects(), at=answered, took_ms=1, seat=place.vantage))
        assert asking.tell(question) == Objects()
    seen = await STEP.gather(Context(place, asking))
    assert seen.copied_before is before


async def test_a_status_without_its_dates_is_late_and_not_more() -> None:
    lines = "\n".join(line for line in PRINTED.splitlines() if "LastStatus" not in line)
    says = {"Get-CsManagementStoreReplicationStatus": status(lines), "Get-CsPool": POOLS, "Get-CsService": EDGES}
    seen, _ = await gathered(STEP, says, deployment(pool=POOL, edge=EDGE))
    assert judge(seen).answer == "edge-late"


class Both(Told):
    """The deployment's own answers, and what the Edge says of the partners."""

    def __init__(self, says: dict[str, Objects], copied: Objects | Unanswered) -> None:
        super().__init__(says)
        self._copied = copied

    async def ask(self, question: Any) -> Any:
        return self._copied if question.on == "edge" else await super().ask(question)


def partner(domain: str, **more: Any) -> dict[str, Any]:
    return {"Identity": domain, "AdditionalDomains": [], "TlsNegotiation": "Optional", **more}


async def compared(copied: Objects | Unanswered, place: Deployment) -> Facts:
    says = {
        "Get-CsManagementStoreReplicationStatus": status(
            PRINTED.replace("Report   :\n", "Report   : 5/21/2014 6:02:11 AM\n")
        ),
        "Get-CsPool": POOLS,
        "Get-CsService": EDGES,
        "Get-CsXmppAllowedPartner": Objects(objects=(partner("fabrikam.com"),)),
    }
    asking = Asking(Both(says, copied), Journal(Began(version=VERSION, runbook="xmpp", deployment=place, at=now())))
    return await STEP.gather(Context(place, asking))


NOBODY = Unanswered(reason=Reason.MISSING_INPUT, detail="Nothing reaches the Edge.")
BROKEN = Objects(objects=(), errors=(CmdletError(message="The local store could not be read."),))


@pytest.mark.parametrize(
    ("copied", "answer"),
    [
        (Objects(objects=(partner("fabrikam.com"),)), "edge-late"),
        (Objects(objects=(partner("FABRIKAM.com", TlsNegotiation="optional"),)), "edge-late"),
        (Objects(objects=({"Domain": "fabrikam.com", "AdditionalDomains": "{}"},)), "edge-late"),
        (Objects(objects=({"Domain": "fabrikam.com", "AdditionalDomains": "{a.com, b.com...}"},)), "edge-late"),
        (Objects(objects=({"PartnerType": "Federated"},)), "edge-late"),
        (NOBODY, "edge-late"),
        (BROKEN, "edge-late"),
        (Objects(), "partners-differ"),
        (Objects(objects=(partner("fabrikam.com", AdditionalDomains="{na.fabrikam.com}"),)), "partners-differ"),
        (Objects(objects=(partner("fabrikam.com", TlsNegotiation="Required"),)), "partners-differ"),
    ],
)
async def test_the_two_copies_are_compared_as_far_as_both_were_shown(copied: Objects | Unanswered, answer: str) -> None:
    seen = await compared(copied, deployment(pool=POOL, edge=EDGE))
    assert judge(seen).answer == answer


@pytest.mark.parametrize(
    ("vantage", "expected"), [(Vantage.FRONT_END, Status.UNKNOWN), (Vantage.EDGE, Status.NOT_APPLICABLE)]
)
async def test_without_a_shell_nothing_is_claimed(vantage: Vantage, expected: Status) -> None:
    seen, _ = await gathered(STEP, {}, deployment(vantage, edge=EDGE))
    assert judge(seen).status is expected


hostile = st.sampled_from(["fabrikam.com", "\x1b[2J", "", "x" * 300])
some_partners = st.none() | st.lists(
    st.builds(
        Partner,
        domain=hostile,
        additional=st.none() | st.just(()) | st.just(("na.fabrikam.com",)),
        settings=st.dictionaries(st.sampled_from(["TlsNegotiation", "ProxyFqdn"]), hostile, max_size=2),
    ),
    max_size=3,
).map(tuple)


@given(
    st.lists(
        st.builds(Replica, fqdn=hostile, up_to_date=st.none() | st.booleans(), reported=st.none() | st.booleans())
    ),
    st.lists(hostile, max_size=2).map(tuple),
    some_partners,
    some_partners,
)
def test_whatever_was_shown_is_judged_and_no_escape_reaches_a_screen(
    replicas: list[Replica],
    edges: tuple[str, ...],
    stored: tuple[Partner, ...] | None,
    taken_over: tuple[Partner, ...] | None,
) -> None:
    finding = judge(Facts(replicas=tuple(replicas), edges=edges, stored=stored, taken_over=taken_over))
    assert not any("\x1b" in line for line in (finding.headline, *finding.detail))
    assert bool(finding.remedies) == (finding.status in {Status.FAILED, Status.WARNING})
