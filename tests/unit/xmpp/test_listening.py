"""The judgement of `xmpp.listening`: which sockets are the Edge's, and whether they are right."""

from typing import Any

import msgspec
import pytest

from checks.deployment import Product, Vantage
from checks.model import Reason, Status
from checks.probes import Socket, SocketTable, Unanswered
from checks.xmpp.listening import STEP, Facts, judge

OUTSIDE, INSIDE, ELSEWHERE = "127.20.1.1", "127.20.1.2", "127.99.9.9"
PROXY = "XmppProxy.exe"


def listener(address: str, port: int, process: str = PROXY, pid: int | None = 7) -> Socket:
    return Socket(address=address, port=port, state="LISTEN", process=process, pid=pid)


def facts(*sockets: Socket, **more: Any) -> Facts:
    known = {"vantage": Vantage.EDGE, "external_addresses": (OUTSIDE,), "internal_addresses": (INSIDE,)}
    return Facts(**{**known, "table": SocketTable(sockets=sockets), **more})


EXTERNAL, INTERNAL = listener(OUTSIDE, 5269), listener(INSIDE, 23456)
SESSION = Socket(
    address=OUTSIDE, port=5269, remote_address="192.0.2.9", remote_port=40000, state="ESTABLISHED", process=PROXY
)
OUTWARD = Socket(
    address=OUTSIDE, port=51544, remote_address="192.0.2.9", remote_port=5269, state="ESTABLISHED", process=PROXY
)
FROM_FRONT_END = Socket(
    address=INSIDE, port=23456, remote_address="10.1.0.9", remote_port=51545, state="ESTABLISHED", process=PROXY
)
STRANGER = listener(OUTSIDE, 5269, "openfire-service.exe", 99)

CALL = Socket(
    address="10.1.0.9",
    port=51544,
    remote_address="10.1.0.5",
    remote_port=23456,
    state="ESTABLISHED",
    process="XmppTGW.exe",
)
"""What only a Front End shows."""

NO_INPUT = Unanswered(reason=Reason.MISSING_INPUT, detail="Nothing here reaches the Edge.")

TABLE: list[tuple[str, Facts]] = [
    ("listening", facts(EXTERNAL, INTERNAL)),
    ("listening", facts(listener(OUTSIDE, 5269, "", None), listener(INSIDE, 23456, "", None))),
    ("listening", facts(listener("10.0.0.5", 5269), listener("10.1.0.5", 23456), external_addresses=("131.107.1.1",))),
    ("listening", facts(listener("10.0.0.5", 5269), listener("10.1.0.5", 23456), external_addresses=(), internal_addresses=())),
    ("listening", facts(EXTERNAL, INTERNAL, listener("127.0.0.1", 5269))),
    ("listening", facts(EXTERNAL, INTERNAL, listener(ELSEWHERE, 5269, "openfire-service.exe"))),
    ("listening", facts(EXTERNAL, INTERNAL, msgspec.structs.replace(SESSION, address=ELSEWHERE))),
    ("front-end-away", facts(EXTERNAL, INTERNAL, SESSION)),
    ("listening", facts(listener(OUTSIDE, 5269, "xmppproxy"), INTERNAL)),
    ("listening", facts(listener(OUTSIDE, 5270), listener(INSIDE, 5098), external_port=5270, internal_port=5098)),
    ("none", facts()),
    ("none", facts(listener(OUTSIDE, 52690), listener(INSIDE, 15269))),
    ("none", facts(listener(ELSEWHERE, 5269), listener(ELSEWHERE, 23456))),
    ("none", facts(SESSION)),
    (
        "none",
        facts(Socket(address=INSIDE, port=50000, remote_address=ELSEWHERE, remote_port=23456, state="ESTABLISHED")),
    ),
    ("only-external", facts(EXTERNAL)),
    ("only-external", facts(EXTERNAL, listener(ELSEWHERE, 23456))),
    ("only-internal", facts(INTERNAL)),
    ("other-process", facts(STRANGER, INTERNAL)),
    ("other-process", facts(EXTERNAL, listener("0.0.0.0", 23456, "java.exe"))),
    ("loopback-only", facts(listener("127.0.0.1", 5269), INTERNAL)),
    ("loopback-only", facts(listener("::1", 5269), listener("127.0.0.1", 23456))),
    ("all-addresses", facts(listener("0.0.0.0", 5269), INTERNAL)),
    ("all-addresses", facts(EXTERNAL, listener("::", 23456))),
    ("listening", facts(EXTERNAL, INTERNAL, vantage=Vantage.INSIDE)),
    ("none", facts(vantage=Vantage.FRONT_END)),
    ("seen-from-edge", facts(vantage=Vantage.INSIDE, table=NO_INPUT)),
    ("not-seen", facts(vantage=Vantage.EDGE, table=NO_INPUT)),
    ("not-seen", facts(vantage=Vantage.INSIDE, table=Unanswered(reason=Reason.TIMEOUT, detail="The shell is silent."))),
    ("not-on-this-version", facts(product=Product.SKYPE_2019)),
    ("listening", facts(EXTERNAL, INTERNAL, product=Product.SKYPE_2019)),
    ("not-on-this-version", facts(STRANGER, product=Product.SKYPE_2019)),
    ("listening", facts(EXTERNAL, INTERNAL, listener("127.0.0.1", 23456, "java.exe"))),
    ("listening", facts(listener("10.0.0.5", 5269), listener("10.1.0.5", 23456), listener("10.9.0.5", 5269, "java.exe"))),
    ("other-process", facts(listener("127.0.0.1", 23456, "java.exe"), EXTERNAL)),
    ("loopback-only", facts(listener("127.0.0.1", 5269), listener("10.9.0.5", 5269, "java.exe"), INTERNAL)),
    ("not-seen", facts(CALL)),
    ("not-seen", facts(CALL, vantage=Vantage.INSIDE)),
    ("not-seen", facts(msgspec.structs.replace(CALL, state="SYN_SENT", process=""))),
    ("none", facts(msgspec.structs.replace(CALL, port=443, process="RtcSrv.exe"))),
    ("only-external", facts(EXTERNAL, CALL)),
    ("not-seen", facts(table=Unanswered(reason=Reason.DENIED, detail="administrator rights are needed"))),
    ("front-end-away", facts(EXTERNAL, INTERNAL, SESSION)),
    ("front-end-away", facts(EXTERNAL, INTERNAL, OUTWARD)),
    ("listening", facts(EXTERNAL, INTERNAL, SESSION, FROM_FRONT_END)),
    ("listening", facts(EXTERNAL, INTERNAL, FROM_FRONT_END)),
    # Whose session it is cannot be seen: it may be this very walk's.
    ("listening", facts(EXTERNAL, INTERNAL, msgspec.structs.replace(OUTWARD, process=""))),
    ("listening", facts(EXTERNAL, INTERNAL, msgspec.structs.replace(OUTWARD, process="python.exe"))),
    ("listening", facts(EXTERNAL, INTERNAL, SESSION, msgspec.structs.replace(FROM_FRONT_END, process=""))),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "seen"), TABLE)
def test_judgement(answer: str, seen: Facts) -> None:
    finding = judge(seen)
    assert finding.answer == answer
    if finding.status in {Status.FAILED, Status.WARNING}:
        assert finding.remedies


def test_every_answer_is_in_the_table() -> None:
    assert {answer.name for answer in STEP.answers} == {row[0] for row in TABLE}


@pytest.mark.parametrize(
    ("status", "told", "fixes"),
    [("Running", "runs, and has opened no port", 1), ("Stopped", "is Stopped", 1), ("", "was not shown", 2)],
)
def test_where_nothing_listens_the_service_decides_what_is_told(status: str, told: str, fixes: int) -> None:
    finding = judge(facts(proxy_status=status, shell_answers=True))
    assert told in finding.detail[0]
    assert len(finding.remedies) == fixes
    assert ("drop" in finding.remedies[0].risk) is (status == "Running")
    assert not any("not the Edge" in line for line in finding.detail)


def test_at_another_seat_the_list_may_be_of_another_computer() -> None:
    assert any("not the Edge" in line for line in judge(facts(vantage=Vantage.INSIDE)).detail)


def test_a_seat_that_nothing_shows_to_be_the_edge_is_not_called_one() -> None:
    claimed, shown = judge(facts()), judge(facts(shell_answers=True))
    assert ["on this Edge" in one.headline for one in (claimed, shown)] == [False, True]
    assert any("If this is not the Edge" in line for line in claimed.detail)


@pytest.mark.parametrize(
    "sockets", [(), (listener("0.0.0.0", 5269, "prosody"),), (listener("0.0.0.0", 5269, "", None),)]
)
def test_a_computer_without_windows_is_no_edge_unless_lync_shows_itself(sockets: tuple[Socket, ...]) -> None:
    table = SocketTable(sockets=sockets, on_windows=False)
    elsewhere = judge(facts(table=table))
    assert (elsewhere.answer, elsewhere.reason, elsewhere.remedies) == ("not-seen", Reason.MISSING_INPUT, ())
    assert "netstat" in elsewhere.command
    assert judge(facts(table=table, shell_answers=True)).status is Status.FAILED
    assert judge(facts(table=SocketTable(sockets=sockets))).status is Status.FAILED
    proxy = SocketTable(sockets=(EXTERNAL, INTERNAL), on_windows=False)
    assert judge(facts(table=proxy)).answer == "listening"


def test_no_session_is_said_to_be_idle_and_is_no_fault() -> None:
    assert any("idle" in line for line in judge(facts(EXTERNAL, INTERNAL)).detail)
    assert any("1 with partners" in line for line in judge(facts(EXTERNAL, INTERNAL, SESSION)).detail)


def test_an_owner_that_cannot_be_seen_is_said_so() -> None:
    finding = judge(facts(listener(OUTSIDE, 5269, "", None), INTERNAL))
    assert finding.status is Status.OK
    assert any("administrator rights" in line for line in finding.detail)


def test_a_connection_that_waits_is_told() -> None:
    waiting = Socket(address=OUTSIDE, port=50000, remote_address="192.0.2.9", remote_port=5269, state="SYN_SENT")
    assert any("192.0.2.9:5269" in line for line in judge(facts(EXTERNAL, INTERNAL, waiting)).detail)
