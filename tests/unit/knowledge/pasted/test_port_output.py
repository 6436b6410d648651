"""What Test-NetConnection prints, in each form and language, is the answer to its own question and to no other."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.knowledge.pasted import NotUnderstood, transcript, understand
from checks.knowledge.pasted.commands import command_for
from checks.probes import Open, Port, Unreached

HOST, ADDRESS = "lyncweb.litwareinc.com", "131.107.155.10"
ASKED = Port(host=HOST, port=443, view="outside")


def shown(succeeded: str = "True", host: str = HOST, port: str = "443", address: str = ADDRESS, **more: str) -> str:
    """As the console lists it."""
    named = {
        "ComputerName": host, "RemoteAddress": address, "RemotePort": port, "InterfaceAlias": "Ethernet",
        "SourceAddress": "192.168.21.120", **more, "TcpTestSucceeded": succeeded,
    }  # fmt: skip
    width = max(map(len, named))
    return "\n\n" + "\n".join(f"{name:<{width}} : {value}" for name, value in named.items()) + "\n\n\n"


PINGED = {"PingSucceeded": "True", "PingReplyDetails (RTT)": "3 ms"}
TABLE = f"""
ComputerName           RemotePort RemoteAddress  PingSucceeded PingReplyDetails (RTT) TcpTestSucceeded
------------           ---------- -------------  ------------- ---------------------- ----------------
{HOST} 443        {ADDRESS}                                      True
{HOST} 80         {ADDRESS} True          3 ms                   False
"""
FAILED_2016 = f"WARNING: TCP connect to ({ADDRESS} : 443) failed"
FAILED_2012 = f"WARNING: TCP connect to {ADDRESS}:443 failed"
FAILED_GERMAN = f"WARNUNG: TCP connect to ({ADDRESS} : 443) failed"


@pytest.mark.parametrize(
    "text",
    [
        shown(),
        shown(host=HOST.upper()),
        f"PS C:\\> Test-NetConnection {HOST} -Port 443\n{shown()}PS C:\\> ",
        f"PS C:\\> tnc {HOST} -Port 443\n{shown()}",
        TABLE,
        json.dumps({"ComputerName": HOST, "RemoteAddress": ADDRESS, "RemotePort": 443, "TcpTestSucceeded": True}),
        shown(port="80", succeeded="False") + shown(),
    ],
)
def test_open(text: str) -> None:
    answer = understand(ASKED, text)
    assert isinstance(answer, Open), answer
    assert answer.address in {ADDRESS, ""}


@pytest.mark.parametrize("warning", ["", FAILED_2016, FAILED_2012, FAILED_GERMAN])
def test_closed_without_saying_more_than_the_cmdlet_does(warning: str) -> None:
    answer = understand(ASKED, warning + shown("False", **PINGED))
    assert isinstance(answer, Unreached), answer
    assert (answer.phase, answer.kind, answer.address) == ("connect", "timeout", ADDRESS)
    assert "does not tell" in answer.detail


def test_of_several_ports_the_one_that_was_asked_for_counts() -> None:
    assert isinstance(understand(Port(host=HOST, port=80, view="outside"), TABLE), Unreached)


def test_a_name_that_was_not_resolved_is_no_closed_port() -> None:
    text = (
        f"WARNING: Name resolution of {HOST} failed\n\n\nComputerName   : {HOST}\nRemoteAddress  : \n"
        "InterfaceAlias : \nSourceAddress  : \nPingSucceeded  : False\n\n"
    )
    answer = understand(ASKED, text)
    assert isinstance(answer, Unreached)
    assert answer.phase == "name"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (shown(port="80"), "asked was"),
        (shown(host="mail.litwareinc.com"), "mail.litwareinc.com:443"),
        (shown("Maybe"), "TcpTestSucceeded"),
        (shown().replace("RemotePort", "Port"), "RemotePort"),
        (shown().replace("ComputerName", "Computer"), "ComputerName"),
        ("True\n", ""),
        (f"PS C:\\> Test-NetConnection {HOST} -Port 443\n", "no result"),
        ("Connection to lyncweb.litwareinc.com 443 port [tcp/https] succeeded!\n", ""),
        (f"PS C:\\> Get-CsPool\n{shown()}", "Get-CsPool"),
    ],
)
def test_what_is_not_its_answer_is_said(text: str, said: str) -> None:
    answer = understand(ASKED, text)
    assert isinstance(answer, NotUnderstood), answer
    assert said in answer.sentence


def test_a_window_with_the_command_tells_its_question_by_the_place_behind_it() -> None:
    said = f"PS C:\\> {command_for(ASKED)} {transcript.said_behind(ASKED)}\n{shown()}PS C:\\> "
    assert transcript.read(said) == ((ASKED, Open(address=ADDRESS)),)
    assert transcript.read(said.replace(" # outside", "")) == ()
    named = said.replace(f"{HOST} -Port 443 ", f"-ComputerName {HOST} -Port 443 ", 1)
    assert [question for question, _ in transcript.read(named)] == [ASKED]


@given(st.text(max_size=400), st.sampled_from(["", shown(), shown("False"), TABLE]))
def test_any_text_gives_an_answer_or_a_sentence(text: str, around: str) -> None:
    for paste in (text, text + around, around + text):
        answer = understand(ASKED, paste)
        assert isinstance(answer, Open | Unreached | NotUnderstood)
        if isinstance(answer, NotUnderstood):
            assert answer.sentence


@given(st.sampled_from(["True", "False"]), st.integers(1, 65535), st.ip_addresses())
def test_what_is_printed_is_what_is_read(succeeded: str, port: int, address: object) -> None:
    answer = understand(
        Port(host=HOST, port=port, view="inside"), shown(succeeded, port=str(port), address=str(address))
    )
    assert isinstance(answer, Open if succeeded == "True" else Unreached)
    assert answer.address == str(address)


@given(st.integers(1, 65535), st.integers(1, 65535))
def test_another_port_is_never_the_answer(asked: int, printed: int) -> None:
    answer = understand(Port(host=HOST, port=asked, view="inside"), shown(port=str(printed)))
    assert isinstance(answer, Open) == (asked == printed)
