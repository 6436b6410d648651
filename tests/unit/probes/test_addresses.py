"""Where connections go: `--connect-to` as curl has it, and addresses that are names of themselves."""

import pytest

from checks.deployment import Sources, parse_connect_to
from checks.model import Frozen, Reason
from checks.probes import Lookup, Record, Records, Unanswered
from checks.probes.addresses import Network
from checks.probes.wire import ConnectFailed, Deadlines, Endpoint, connect


class Zone(Frozen, frozen=True):
    """Answers lookups from a table."""

    addresses: dict[str, tuple[str, ...]]

    async def ask(self, question: Lookup) -> Records | Unanswered:
        if question.view == "outside":
            return Unanswered(reason=Reason.MISSING_INPUT, detail="no outside view")
        values = self.addresses.get(question.name)
        if values is None:
            return Records(outcome="no-such-name")
        return Records(outcome="found", records=tuple(Record(name=question.name, kind="A", value=v) for v in values))


def network(*rules: str) -> Network:
    zone = Zone(addresses={"web.litwareinc.com": ("10.0.0.1", "10.0.0.2"), "lab": ("10.0.0.9",), "empty": ()})
    return Network(Sources(connect_to=tuple(parse_connect_to(rule) for rule in rules)), zone)


@pytest.mark.parametrize(
    ("rules", "endpoints"),
    [
        ((), [("10.0.0.1", 443), ("10.0.0.2", 443)]),
        ((":443::8443",), [("10.0.0.1", 8443), ("10.0.0.2", 8443)]),
        ((":80::8080", ":443:lab:"), [("10.0.0.9", 443)]),
        (("WEB.litwareinc.com:443:127.0.0.1:9",), [("127.0.0.1", 9)]),
        (("other.litwareinc.com:443:127.0.0.1:9",), [("10.0.0.1", 443), ("10.0.0.2", 443)]),
        (("web.litwareinc.com::[::1]:9", "::127.0.0.1:1"), [("::1", 9)]),
        (("::127.0.0.1:1",), [("127.0.0.1", 1)]),
    ],
)
async def test_the_first_rule_that_fits_counts(rules: tuple[str, ...], endpoints: list[tuple[str, int]]) -> None:
    assert await network(*rules).endpoints("web.litwareinc.com", 443, "inside") == tuple(
        Endpoint(*endpoint) for endpoint in endpoints
    )


@pytest.mark.parametrize(
    ("host", "kind", "address"), [("127.0.0.1", "A", "127.0.0.1"), ("::1", "AAAA", "::1"), ("[::1]", "AAAA", "::1")]
)
async def test_an_address_is_its_own_in_any_view(host: str, kind: str, address: str) -> None:
    found = await network().resolve(host, "outside")
    assert isinstance(found, Records)
    assert found.values(kind) == (address,)


async def test_what_has_no_address_gives_the_answer_instead() -> None:
    gone = await network().endpoints("gone", 443, "inside")
    assert isinstance(gone, Records)
    assert gone.outcome == "no-such-name"
    assert isinstance(await network().endpoints("empty", 443, "inside"), Records)
    assert isinstance(await network().endpoints("web.litwareinc.com", 443, "outside"), Unanswered)


async def test_a_missing_route_does_not_hide_what_was_tried_in_earnest(
    refusing: int, black_hole: int, short: Deadlines
) -> None:
    no_route = Endpoint("127.255.255.255", 443)  # the broadcast address of loopback takes no TCP
    for port, kind in ((refusing, "refused"), (black_hole, "timeout")):
        with pytest.raises(ConnectFailed) as failed:
            await connect([no_route, Endpoint("127.0.0.1", port)], short)
        assert failed.value.kind == kind
        assert failed.value.address == "127.0.0.1"


async def test_two_addresses_at_most_are_tried(black_hole: int, refusing: int, short: Deadlines) -> None:
    with pytest.raises(ConnectFailed) as failed:
        await connect([Endpoint("127.0.0.1", black_hole)] * 2 + [Endpoint("127.0.0.1", refusing)], short)
    assert failed.value.detail.count("does not answer") == 2
    assert "refuses" not in failed.value.detail


async def test_nothing_to_connect_to(short: Deadlines) -> None:
    with pytest.raises(ConnectFailed) as failed:
        await connect([], short)
    assert failed.value.kind == "no-route"
