"""Questions as an administrator types them: what DNS or a server sent as a name cannot run in anybody's PowerShell."""

import pytest

from checks.knowledge.pasted.commands import command_for
from checks.probes import Handshake, Lookup, Port, Question, Request, Series, Stream


def questions(host: str) -> tuple[Question, ...]:
    return (
        Lookup(name=host, kind="SRV", view="outside"),
        Port(host=host, port=5269, view="outside"),
        Handshake(host=host, port=443, view="outside"),
    )


@pytest.mark.parametrize(
    "host", ["xmpp.fabrikam.com", "3com.com", "192.0.2.1", "2001:db8::1", "_xmpp._tcp.<SIP domain>"]
)
def test_a_host_is_bare(host: str) -> None:
    for question in questions(host):
        assert "'" not in question.typed()
        assert host in question.typed()


@pytest.mark.parametrize(
    "host", ["x;calc", "$(calc).x.com", "x`n.com", "x|y.com", "x y.com", "x'y.com", "<$(calc)>", "a&b"]
)
def test_what_is_no_host_is_quoted(host: str) -> None:
    quoted = host.replace("'", "''")
    for question in questions(host):
        assert f"'{quoted}" in question.typed()
    at = Stream(domain="fabrikam.com", from_domain="litwareinc.com", view="outside").typed_at(host, 5269)
    assert f"-connect '{quoted}:5269' " in at


HOSTILE_URLS = [
    "https://x.com/;calc",
    "https://x.com/$(calc)",
    "https://x.com/a&b",
    "https://x.com/'|calc",
    "https://x.com/`calc",
]


@pytest.mark.parametrize("url", HOSTILE_URLS)
def test_an_address_that_a_server_sent_runs_nothing_where_it_is_pasted(url: str) -> None:
    quoted = "'" + url.replace("'", "''") + "'"
    for question in (Request(method="GET", url=url, view="outside"), Series(url=url, view="outside", times=1)):
        assert question.typed().endswith(quoted)
        if isinstance(question, Request):
            assert command_for(question).endswith(quoted)


def test_an_ordinary_address_stays_bare() -> None:
    url = "https://lyncdiscover.litwareinc.com/?sipuri=sip:kenmyer@litwareinc.com"
    assert Request(method="GET", url=url, view="outside").typed() == f"curl.exe -i {url}"
