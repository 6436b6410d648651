"""Where a service is looked for: the fallback rules of RFC 6120 and XEP-0368, order and bounds."""

import pytest

from checks.deployment import ConnectTo, Sources
from checks.model import Reason
from checks.probes import Lookup, Record, Records, Unanswered
from checks.probes.addresses import Network
from checks.probes.xmpp_discovery import MOST_PLACES, MOST_TARGETS, Discovery, discover, places
from checks.probes.xmpp_facts import Stream, Target

DOMAIN = "contoso.com"
QUESTION = Stream(domain=DOMAIN, from_domain="litwareinc.com", view="outside")
Answers = dict[tuple[str, str], Records | Unanswered]

ABSENT, EMPTY = Records(outcome="no-such-name"), Records(outcome="no-such-record")
FAILED, SILENT = Records(outcome="server-failure"), Unanswered(reason=Reason.TIMEOUT, detail="It kept silent.")
NO_SERVER = Unanswered(reason=Reason.MISSING_INPUT, detail="There is no name server for the outside.")


class Resolver:
    """Answers from a table; a name that is not in it does not exist."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.asked: list[str] = []

    async def ask(self, question: Lookup) -> Records | Unanswered:
        assert question.view == "outside"
        self.asked.append(question.name)
        return self.answers.get((question.name, question.kind), ABSENT)


def services(*records: tuple[int, int, int, str], name: str = "_xmpp-server") -> Records:
    return Records(
        outcome="found",
        records=tuple(
            Record(name=f"{name}._tcp.{DOMAIN}", kind="SRV", value=host, priority=priority, weight=weight, port=port)
            for priority, weight, port, host in records
        ),
    )


def addresses(*values: str) -> Records:
    records = tuple(Record(name="x", kind="AAAA" if ":" in value else "A", value=value) for value in values)
    return Records(outcome="found", records=records)


def network(answers: Answers, *rules: ConnectTo) -> Network:
    return Network(Sources(connect_to=rules), Resolver(answers), "outside")


async def discovered(
    plain: Records | Unanswered, direct: Records | Unanswered, hosts: dict[str, Records | Unanswered]
) -> Discovery | Unanswered:
    answers: Answers = {
        (f"_xmpp-server._tcp.{DOMAIN}", "SRV"): plain,
        (f"_xmpps-server._tcp.{DOMAIN}", "SRV"): direct,
        **{(host, "ADDRESS"): records for host, records in hosts.items()},
    }
    return await discover(Resolver(answers), network(answers), QUESTION)


ONE = services((5, 0, 5269, "xmpp.contoso.com"))
DIRECT = services((5, 0, 5270, "xmpp.contoso.com"), name="_xmpps-server")
NOWHERE = services((0, 0, 0, ""))
ROOT = services((0, 0, 0, "."))


@pytest.mark.parametrize(
    ("plain", "direct", "way", "targets"),
    [
        (ONE, ABSENT, "records", [("xmpp.contoso.com", 5269, False)]),
        (ONE, SILENT, "records", [("xmpp.contoso.com", 5269, False)]),
        (ABSENT, DIRECT, "records", [("xmpp.contoso.com", 5270, True)]),
        (SILENT, DIRECT, "records", [("xmpp.contoso.com", 5270, True)]),
        (NOWHERE, DIRECT, "records", [("xmpp.contoso.com", 5270, True)]),
        (ONE, NOWHERE, "records", [("xmpp.contoso.com", 5269, False)]),
        (ABSENT, ABSENT, "no-record", [(DOMAIN, 5269, False)]),
        (EMPTY, SILENT, "no-record", [(DOMAIN, 5269, False)]),
        (FAILED, ABSENT, "no-answer", [(DOMAIN, 5269, False)]),
        (SILENT, ABSENT, "no-answer", [(DOMAIN, 5269, False)]),
        (NOWHERE, ABSENT, "disabled", []),
        (ROOT, ABSENT, "disabled", []),
        (ABSENT, NOWHERE, "disabled", []),
    ],
)
async def test_how_the_servers_are_found(
    plain: Records | Unanswered, direct: Records | Unanswered, way: str, targets: list[tuple[str, int, bool]]
) -> None:
    found = await discovered(plain, direct, {DOMAIN: addresses("127.0.0.1")})
    assert isinstance(found, Discovery)
    assert (found.services, found.direct_services) == (plain, direct)
    assert (found.way, [(one.host, one.port, one.direct) for one in found.targets]) == (way, targets)


@pytest.mark.parametrize(
    ("plain", "host", "reason"),
    [(SILENT, SILENT, Reason.TIMEOUT), (NO_SERVER, ABSENT, Reason.MISSING_INPUT)],
)
async def test_a_resolver_that_tells_nothing_answers_nothing(
    plain: Unanswered, host: Records | Unanswered, reason: Reason
) -> None:
    found = await discovered(plain, plain, {DOMAIN: host})
    assert isinstance(found, Unanswered)
    assert found.reason is reason


async def test_both_records_are_one_list_by_priority_then_weight() -> None:
    plain = services((20, 0, 5269, "d"), (10, 1, 5269, "c"), (10, 9, 5269, "b"))
    direct = services((5, 0, 443, "a"), (20, 5, 443, "e"), name="_xmpps-server")
    found = await discovered(plain, direct, {})
    assert isinstance(found, Discovery)
    order = [(target.host, target.direct) for target in found.targets]
    assert order == [("a", True), ("b", False), ("c", False), ("e", True), ("d", False)]


async def test_too_many_targets_are_told_and_not_looked_up() -> None:
    answers: Answers = {
        (f"_xmpp-server._tcp.{DOMAIN}", "SRV"): services(*((number, 0, 5269, f"n{number}") for number in range(40)))
    }
    resolver = Resolver(answers)
    reached = Network(Sources(), resolver, "outside")
    found = await discover(resolver, reached, QUESTION)
    assert isinstance(found, Discovery)
    assert len(resolver.asked) == 2 + MOST_TARGETS
    assert [target.records is None for target in found.targets] == [False] * MOST_TARGETS + [True] * (40 - MOST_TARGETS)
    assert places(reached, found.targets) == ((), 40 - MOST_TARGETS)


def target(host: str, *values: str, port: int = 5269, direct: bool = False) -> Target:
    return Target(host=host, port=port, direct=direct, records=addresses(*values))


def test_both_families_of_a_target_are_tried_and_each_place_once() -> None:
    both = target("a", "192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1")
    again, direct = target("b", "192.0.2.1"), target("c", "192.0.2.1", direct=True)
    found, left_out = places(network({}), [both, again, direct])
    assert [(place.target.host, place.address) for place in found] == [
        ("a", "2001:db8::1"),
        ("a", "192.0.2.1"),
        ("a", "192.0.2.2"),
        ("c", "192.0.2.1"),
    ]
    assert left_out == 1


def test_the_places_are_bounded() -> None:
    targets = [target(f"n{number}", f"192.0.2.{number}", f"2001:db8::{number}") for number in range(6)]
    found, left_out = places(network({}), targets)
    assert (len(found), left_out) == (MOST_PLACES, 12 - MOST_PLACES)


def test_connect_to_sends_a_port_elsewhere() -> None:
    rules = ConnectTo(port=5269, to_port=15269)
    found, _ = places(network({}, rules), [target("a", "127.0.0.1"), target("a", "127.0.0.1", port=5270)])
    assert [place.port for place in found] == [15269, 5270]


def test_an_alias_is_noticed() -> None:
    alias = Records(
        outcome="found", records=(Record(name="x", kind="CNAME", value="y"), *addresses("192.0.2.1").records)
    )
    assert Target(host="x", port=5269, records=alias).is_alias
    assert not target("x", "192.0.2.1").is_alias
