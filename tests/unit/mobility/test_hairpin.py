"""The judgement of the way from inside to the reverse proxy, alone and with what was seen outside."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.context import Asking, Context
from checks.deployment import Deployment, Vantage
from checks.journal import VERSION, Asked, Began, Journal, now
from checks.mobility import hairpin
from checks.mobility.hairpin import Facts
from checks.mobility.two_seats import Reply, Seen, Told
from checks.model import Finding, Reason, Status
from checks.probes import (
    Certificate,
    Elsewhere,
    Handshake,
    Hop,
    Lookup,
    NoTls,
    Objects,
    Presented,
    Question,
    Record,
    Records,
    Request,
    Response,
    Unanswered,
    Unreached,
)
from checks.probes.journal import Evidence

WEB, POOL = "lyncweb.litwareinc.com", "atl-cs-001.litwareinc.com"
ROOT = f"https://{WEB}/Autodiscover/AutodiscoverService.svc/root"
AT, THERE = "192.168.21.10", "131.107.155.10"


def document(location: str) -> str:
    link = f'{{"href":"https:\\/\\/{WEB}\\/Autodiscover\\/AutodiscoverService.svc\\/root\\/user","token":"User"}}'
    return f'{{"AccessLocation":"{location}","Root":{{"Links":[{link}]}}}}'


def answered(status: int = 200, body: str = "", address: str = AT, lync: bool = True) -> Response:
    headers = (("X-MS-Server-Fqdn", POOL),) if lync else ()
    return Response(hops=(Hop(url=ROOT, address=address, status=status, headers=headers, body=body),))


def unreached(kind: Any, phase: Any = "connect") -> Unreached:
    return Unreached(phase=phase, kind=kind, detail="It is as it is.", address=AT)


def at(*addresses: str) -> Records:
    return Records(outcome="found", records=tuple(Record(name=WEB, kind="A", value=one) for one in addresses))


def presented(issuer: str, serial: str = "a") -> Presented:
    leaf = Certificate(subject=WEB, issuer=issuer, names=(WEB, serial), not_after="2030-01-01T00:00:00+00:00")
    return Presented(
        address=AT, protocol="TLSv1.2", chain=(leaf,), seen_at="2026-05-04T10:00:00+00:00", verified=True
    )  # fmt: skip


EXTERNAL, INTERNAL = document("External"), document("Internal")
NO_PROXY = Unanswered(reason=Reason.NOT_POSSIBLE_HERE, detail="This computer's settings name no HTTP proxy.")
LOGIN = Unanswered(reason=Reason.DENIED, detail="The proxy http://proxy:8080 did not connect: 407.")
DENIES = Unanswered(reason=Reason.UNREACHABLE, detail="The proxy http://proxy:8080 did not connect: 403 Forbidden.")
NOBODY = Unanswered(reason=Reason.MISSING_INPUT, detail="It was not seen from outside.", command="curl there")
HEALTHY = Facts(
    web=WEB,
    vantage=Vantage.INSIDE,
    inside=Seen(reply=answered(body=EXTERNAL), addresses=at(AT), certificate=presented("CN=Public")),
    by_proxy=NO_PROXY,
    outside=Seen(reply=NOBODY, addresses=at(THERE), certificate=NOBODY),
)


def facts(inside: Reply | None = None, by_proxy: Reply = NO_PROXY, outside: Reply = NOBODY, **changes: Any) -> Facts:
    """The healthy facts, but for these answers."""
    made = msgspec.structs.replace(
        HEALTHY,
        inside=msgspec.structs.replace(HEALTHY.inside, reply=inside or HEALTHY.inside.reply),
        by_proxy=by_proxy,
        outside=msgspec.structs.replace(HEALTHY.outside, reply=outside),
    )
    return msgspec.structs.replace(made, **changes)


def certificates(here: Any, there: Any, **changes: Any) -> Facts:
    made = facts(**changes)
    return msgspec.structs.replace(
        made,
        inside=msgspec.structs.replace(made.inside, certificate=here),
        outside=msgspec.structs.replace(made.outside, certificate=there),
    )


WORKS_OUTSIDE = answered(body=EXTERNAL, address=THERE)
TABLE: list[tuple[str, Facts]] = [
    ("reachable", HEALTHY),
    ("reachable", facts(answered(404))),
    # Who answers is judged by the reverse proxy's step; the way is open.
    ("reachable", facts(answered(403, lync=False))),
    ("reachable", facts(by_proxy=answered(body=EXTERNAL))),
    ("reachable", facts(by_proxy=NOBODY)),
    ("reachable", facts(by_proxy=Unanswered(reason=Reason.TIMEOUT, detail="Nobody told."))),
    ("reachable", facts(outside=WORKS_OUTSIDE)),
    ("reachable", facts(outside=unreached("timeout"))),
    ("reachable", facts(answered(body=INTERNAL))),
    ("reachable", certificates(presented("CN=Public"), presented("CN=Public", "b"), outside=WORKS_OUTSIDE)),
    ("reachable", certificates(presented("CN=Public"), NoTls(kind="reset", detail="x"), outside=WORKS_OUTSIDE)),
    ("reachable", certificates(presented(""), presented("CN=Public"), outside=WORKS_OUTSIDE)),
    ("outside-internal-site", facts(outside=answered(body=INTERNAL))),
    ("outside-internal-site", facts(unreached("timeout"), outside=answered(body=INTERNAL))),
    ("outside-internal-site", facts(discovery=(Told(host="lyncdiscover.litwareinc.com", reply=answered(body=INTERNAL)),))),
    ("dropped", facts(unreached("timeout"))),
    ("dropped", facts(unreached("no-route"))),
    ("dropped", facts(unreached("timeout"), outside=WORKS_OUTSIDE)),
    ("dropped", facts(unreached("timeout"), by_proxy=LOGIN)),
    ("dropped", facts(unreached("timeout"), by_proxy=answered(407, lync=False))),
    ("refused", facts(unreached("refused"))),
    ("refused", facts(unreached("reset", "reply"))),
    ("only-by-proxy", facts(unreached("timeout"), by_proxy=answered(body=EXTERNAL))),
    ("proxy-login", facts(by_proxy=LOGIN)),
    ("proxy-login", facts(by_proxy=answered(407, lync=False))),
    ("proxy-blocks", facts(by_proxy=DENIES)),
    ("proxy-blocks", facts(by_proxy=unreached("certificate", "tls"))),
    ("other-certificate", certificates(presented("CN=Inspection"), presented("CN=Public"), outside=WORKS_OUTSIDE)),
    ("not-for-this-seat", facts(vantage=Vantage.OUTSIDE)),
    ("not-for-this-seat", facts(vantage=Vantage.EDGE)),
    # A server's own network may well have no way out.
    ("not-for-this-seat", facts(unreached("timeout"), vantage=Vantage.FRONT_END)),
    ("reachable", facts(vantage=Vantage.FRONT_END, by_proxy=NO_PROXY)),
    ("not-seen", facts(web="")),
    ("not-seen", facts(NOBODY)),
    ("not-seen", facts(unreached("no-such-name", "name"))),
    ("not-seen", facts(unreached("certificate", "tls"))),
    ("not-seen", facts(unreached("silence", "tls"))),
    ("not-seen", facts(answered(511, lync=False))),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "seen"), TABLE)
def test_judgement(answer: str, seen: Facts) -> None:
    found = hairpin.judge(seen)
    assert found.answer == answer
    assert found == hairpin.judge(msgspec.convert(msgspec.to_builtins(seen), Facts)), "as it comes from a journal"
    if found.status in {Status.FAILED, Status.WARNING}:
        assert found.remedies
        assert "litwareinc.com" in found.headline
    if found.status is Status.UNKNOWN:
        assert found.reason
        assert found.command


def test_every_answer_is_in_the_table() -> None:
    assert {answer for answer, _ in TABLE} == {answer.name for answer in hairpin.OUTCOMES.answers}


def told(seen: Facts) -> str:
    found: Finding = hairpin.judge(seen)
    return " ".join((found.headline, *found.detail, *(remedy.action for remedy in found.remedies)))


def test_it_is_certain_only_where_the_outside_was_seen() -> None:
    blocked = unreached("timeout")
    assert "If it answers outside" in told(facts(blocked))
    assert "the hairpin is blocked" in told(facts(blocked, outside=WORKS_OUTSIDE))
    # A certificate that is refused there was at least reached.
    assert "answers outside and not inside" in told(facts(blocked, outside=unreached("certificate", "tls")))
    down = told(facts(blocked, outside=unreached("refused")))
    assert "answers neither outside nor inside" in down
    assert "spoofed" not in down, "no exception in the firewall helps where the proxy is down"


def test_the_same_address_on_both_sides_is_named() -> None:
    seen = facts(unreached("timeout"))
    assert f"Inside it leads to {AT}, outside to {THERE}." in told(seen)
    same = msgspec.structs.replace(seen, outside=Seen(reply=NOBODY, addresses=at(AT)))
    assert "must turn round at the firewall" in told(same)


def test_a_certificate_of_another_authority_names_both() -> None:
    found = hairpin.judge(certificates(presented("CN=Inspection"), presented("CN=Public"), outside=WORKS_OUTSIDE))
    assert any("CN=Inspection" in line and "2026-05-04" in line for line in found.detail)
    assert any("CN=Public" in line for line in found.detail)


REPLIES = st.sampled_from(
    [answered(), answered(407), answered(body=INTERNAL), NOBODY, NO_PROXY, LOGIN, DENIES]
    + [unreached(kind, phase) for kind in ("timeout", "reset", "refused", "silence", "drip", "handshake", "not-http")
       for phase in ("name", "connect", "tls", "reply")]
)  # fmt: skip


@given(inside=REPLIES, by_proxy=st.none() | REPLIES, outside=REPLIES, vantage=st.sampled_from(list(Vantage)))
def test_judging_is_total(inside: Reply, by_proxy: Reply, outside: Reply, vantage: Vantage) -> None:
    found = hairpin.judge(facts(inside, by_proxy, outside, vantage=vantage))
    assert found.answer in {answer.name for answer in hairpin.OUTCOMES.answers}
    if vantage is Vantage.FRONT_END and found.status is Status.FAILED:
        assert found.answer == "outside-internal-site", "a Front End that does not get through proves nothing"


class World:
    """Implements `Probes`: the network answers, the shell tells the topology."""

    def __init__(self) -> None:
        self.asked: list[Question] = []

    async def ask(self, question: Any) -> Any:
        self.asked.append(question)
        match question:
            case Request(way="system"):
                return NO_PROXY
            case Request():
                return answered()
            case Handshake():
                return presented("CN=Public")
            case Lookup():
                return at(AT)
        return Objects(objects=({"PoolFqdn": POOL, "ExternalFqdn": WEB, "InternalFqdn": POOL},))

    dns: Any = property(lambda self: self)
    http = tls = host = shell = ports = series = phone = xmpp = dns

    def forget(self) -> None: ...

    def reset(self, whose: Any, password: Any) -> None: ...

    async def close(self) -> None: ...


async def gathered(place: Deployment, evidence: Evidence | None = None) -> tuple[Facts, World, Context]:
    world = World()
    record = Journal(Began(version=VERSION, runbook="mobility", deployment=place, at=now()))
    context = Context(place, Asking(world, record, evidence))
    return await hairpin.gather(context), world, context


async def test_inside_both_ways_are_asked_and_the_other_seat_only_from_evidence() -> None:
    seen, world, context = await gathered(Deployment(vantage=Vantage.INSIDE, web=WEB))
    ways = [one.way for one in world.asked if isinstance(one, Request)]
    assert sorted(ways) == ["direct", "system"]
    assert {one.view for one in world.asked if isinstance(one, Request | Handshake)} == {"inside"}
    assert not any(isinstance(one, Elsewhere) for one in (*world.asked, *context.questions))
    assert isinstance(seen.outside.reply, Unanswered)


async def test_what_was_recorded_outside_is_taken() -> None:
    place = Deployment(vantage=Vantage.OUTSIDE, web=WEB)
    _, world, outside = await gathered(place)
    record = Journal(Began(version=VERSION, runbook="mobility", deployment=place, at="2026-01-01T10:00"))
    for question in outside.questions:
        record.add(Asked(question, await world.ask(question), "outside", "2026-01-01T10:00", 7))
    inside = Deployment(vantage=Vantage.INSIDE, web=WEB)
    seen, _, context = await gathered(inside, Evidence([record], inside))
    assert seen.outside.reply == answered()
    assert seen.outside.certificate == presented("CN=Public")
    assert len([one for one in context.questions if isinstance(one, Elsewhere)]) == 2


async def test_a_front_ends_own_proxy_is_not_looked_at() -> None:
    _, world, _ = await gathered(Deployment(vantage=Vantage.FRONT_END, web=WEB))
    assert [one.way for one in world.asked if isinstance(one, Request)] == ["direct"]


async def test_the_topology_tells_the_name_that_nobody_gave() -> None:
    seen, _, _ = await gathered(Deployment(vantage=Vantage.INSIDE, pool=POOL))
    assert seen.web == WEB
