"""What resolvers print, in the languages of Windows and on Unix, as the records of exactly one name."""

import asyncio
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lab.client
from checks.deployment import Sources
from checks.knowledge.pasted import NotUnderstood, understand
from checks.knowledge.pasted.resolver_output import Resolved, read, recognise
from checks.probes import Lookup, Record, Records
from checks.probes.dns import DnsProbe
from checks.text import clean

WEB = "lyncweb.litwareinc.com"
DISCOVER = "lyncdiscover.litwareinc.com"
XMPP = "_xmpp-server._tcp.contoso.com"
ADDRESS = Lookup(name=WEB, kind="ADDRESS", view="outside")
ALIAS = Lookup(name=DISCOVER, kind="ADDRESS", view="outside")
SERVICE = Lookup(name=XMPP, kind="SRV", view="outside")

ENGLISH = """
Server:  dc01.litwareinc.com
Address:  192.168.10.1

Non-authoritative answer:
Name:    lyncweb.litwareinc.com
Address:  203.0.113.10
"""
FRENCH = """
Serveur :   dc01.litwareinc.com
Address:  192.168.10.1

Réponse ne faisant pas autorité :
Nom :    lyncweb.litwareinc.com
Address:  203.0.113.10
"""
GERMAN = """
DNS request timed out.
    timeout was 2 seconds.
Server:  UnKnown
Address:  192.168.10.1

Nicht autorisierende Antwort:
Name:    lyncweb.litwareinc.com
Address:  203.0.113.10
"""
KOREAN = """
서버:    dc01.litwareinc.com
Address:  192.168.10.1

권한 없는 응답:
이름:    lyncweb.litwareinc.com
Address:  203.0.113.10
"""
POLISH = """
Serwer:  dc01.litwareinc.com
Address:  192.168.10.1

Nieautorytatywna odpowiedź:
Nazwa:   lyncweb.litwareinc.com
Address:  203.0.113.10
"""
UNIX = """
Server:\t\t192.168.10.1
Address:\t192.168.10.1#53

Non-authoritative answer:
Name:\tlyncweb.litwareinc.com
Address: 203.0.113.10
"""
INTERACTIVE = """C:\\>nslookup
Default Server:  dc01.litwareinc.com
Address:  192.168.10.1

> set type=srv
> _sip._tls.litwareinc.com
Server:  dc01.litwareinc.com
Address:  192.168.10.1

*** dc01.litwareinc.com can't find _sip._tls.litwareinc.com: Non-existent domain
> set q=a
> LYNCWEB.litwareinc.com.
Server:  dc01.litwareinc.com
Address:  192.168.10.1

Name:    lyncweb.litwareinc.com
Address:  203.0.113.10
> exit
"""
DIG = """
; <<>> DiG 9.18.1 <<>> lyncweb.litwareinc.com @192.168.10.1
;; Got answer:
;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 48306
;; QUESTION SECTION:
;lyncweb.litwareinc.com.\t\tIN\tA

;; ANSWER SECTION:
lyncweb.litwareinc.com.\t60\tIN\tA\t203.0.113.10

;; ADDITIONAL SECTION:
ns.litwareinc.com.\t60\tIN\tA\t192.168.10.1

;; SERVER: 192.168.10.1#53(192.168.10.1) (UDP)
"""
TABLE = """
Name                                           Type   TTL   Section    IPAddress
----                                           ----   ---   -------    ---------
lyncweb.litwareinc.com                         A      60    Answer     203.0.113.10
ns.litwareinc.com                              A      60    Additional 192.168.10.1
"""
LIST = """
Name       : lyncweb.litwareinc.com
QueryType  : A
TTL        : 60
Section    : Answer
IP4Address : 203.0.113.10


Name       : ns.litwareinc.com
QueryType  : A
TTL        : 60
Section    : Additional
IP4Address : 192.168.10.1
"""
FOUND = {
    "english": ENGLISH,
    "french": FRENCH,
    "german, after a timeout": GERMAN,
    "korean": KOREAN,
    "a language not known": POLISH,
    "unix": UNIX,
    "interactive": INTERACTIVE,
    "echoed": f"C:\\Users\\kenmyer>nslookup lyncweb.litwareinc.com{ENGLISH}",
    "windows line ends": ENGLISH.replace("\n", "\r\n"),
    "dig": DIG,
    "dig +noall +answer": "lyncweb.litwareinc.com. 60 IN A 203.0.113.10",
    "dig +short": "203.0.113.10\n",
    "host": "lyncweb.litwareinc.com has address 203.0.113.10",
    "host, named server": "Using domain server:\nName: 192.168.10.1\nAddress: 192.168.10.1#53\nAliases: \n\n"
    "lyncweb.litwareinc.com has address 203.0.113.10",
    "table": TABLE,
    "list": LIST,
    "echoed list": f"PS C:\\> Resolve-DnsName {WEB} -Type A | fl{LIST}",
}


@pytest.mark.parametrize("text", FOUND.values(), ids=FOUND.keys())
def test_the_address_is_the_names_and_not_the_servers(text: str) -> None:
    answer = read(ADDRESS, text)
    assert isinstance(answer, Records)
    assert (answer.outcome, answer.addresses) == ("found", ("203.0.113.10",))
    assert answer.records[0].name == WEB


def test_what_is_shown_beside_it_is_kept() -> None:
    answer = read(ADDRESS, DIG)
    assert answer == Records(
        outcome="found", records=(Record(name=WEB, kind="A", value="203.0.113.10", ttl=60),), server="192.168.10.1"
    )
    assert read(ADDRESS, LIST) == Records(outcome="found", records=answer.records)
    shown = read(ADDRESS, ENGLISH)
    assert isinstance(shown, Records)
    assert shown.server == "192.168.10.1"


ALIASES = {
    "windows": """
Server:  UnKnown
Address:  192.168.10.1

Name:    lyncweb.litwareinc.com
Addresses:  2001:db8::10
          203.0.113.10
Aliases:  lyncdiscover.litwareinc.com
""",
    "unix": """
Server:\t\t192.168.10.1
Address:\t192.168.10.1#53

lyncdiscover.litwareinc.com\tcanonical name = lyncweb.litwareinc.com.
Name:\tlyncweb.litwareinc.com
Address: 2001:db8::10
Name:\tlyncweb.litwareinc.com
Address: 203.0.113.10
""",
    "dig": """
;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1
;; QUESTION SECTION:
;lyncdiscover.litwareinc.com. IN A

;; ANSWER SECTION:
lyncdiscover.litwareinc.com. 60 IN CNAME lyncweb.litwareinc.com.
lyncweb.litwareinc.com. 60 IN AAAA 2001:db8::10
lyncweb.litwareinc.com. 60 IN A 203.0.113.10
""",
    "dig +short": "lyncweb.litwareinc.com.\n2001:db8::10\n203.0.113.10\n",
    "host": """lyncdiscover.litwareinc.com is an alias for lyncweb.litwareinc.com.
lyncweb.litwareinc.com has IPv6 address 2001:db8::10
lyncweb.litwareinc.com has address 203.0.113.10
""",
    "table": """
Name                           Type   TTL   Section    NameHost
----                           ----   ---   -------    --------
lyncdiscover.litwareinc.com    CNAME  60    Answer     lyncweb.litwareinc.com

Name       : lyncweb.litwareinc.com
QueryType  : AAAA
TTL        : 60
Section    : Answer
IP6Address : 2001:db8::10

Name       : lyncweb.litwareinc.com
QueryType  : A
TTL        : 60
Section    : Answer
IP4Address : 203.0.113.10
""",
}


@pytest.mark.parametrize("text", ALIASES.values(), ids=ALIASES.keys())
def test_aliases(text: str) -> None:
    answer = read(ALIAS, text)
    assert isinstance(answer, Records)
    assert [(one.name, one.kind, one.value) for one in answer.records] == [
        (DISCOVER, "CNAME", WEB),
        (WEB, "AAAA", "2001:db8::10"),
        (WEB, "A", "203.0.113.10"),
    ]


SERVICES = {
    "windows": """
Server:  dc01.litwareinc.com
Address:  192.168.10.1

Non-authoritative answer:
_xmpp-server._tcp.contoso.com   SRV service location:
          priority       = 5
          weight         = 10
          port           = 5269
          svr hostname   = xmpp.contoso.com
_xmpp-server._tcp.contoso.com   SRV service location:
          priority       = 20
          weight         = 0
          port           = 5270
          svr hostname   = xmpp2.contoso.com

xmpp.contoso.com        internet address = 203.0.113.20
""",
    "unix": """
Server:\t\t192.168.10.1
Address:\t192.168.10.1#53

_xmpp-server._tcp.contoso.com\tservice = 5 10 5269 xmpp.contoso.com.
_xmpp-server._tcp.contoso.com\tservice = 20 0 5270 xmpp2.contoso.com.
""",
    "dig": """
;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1
;; QUESTION SECTION:
;_xmpp-server._tcp.contoso.com. IN SRV

;; ANSWER SECTION:
_xmpp-server._tcp.contoso.com. 300 IN SRV 5 10 5269 xmpp.contoso.com.
_xmpp-server._tcp.contoso.com. 300 IN SRV 20 0 5270 xmpp2.contoso.com.
""",
    "dig +short": "PS C:\\> dig +short _xmpp-server._tcp.contoso.com SRV\n5 10 5269 xmpp.contoso.com.\n20 0 5270 xmpp2.contoso.com.\n",
    "host": """_xmpp-server._tcp.contoso.com has SRV record 5 10 5269 xmpp.contoso.com.
_xmpp-server._tcp.contoso.com has SRV record 20 0 5270 xmpp2.contoso.com.""",
    "table": """
Name                                     Type   TTL   Section    NameTarget                     Priority Weight Port
----                                     ----   ---   -------    ----------                     -------- ------ ----
_xmpp-server._tcp.contoso.com            SRV    300   Answer     xmpp.contoso.com               5        10     5269
_xmpp-server._tcp.contoso.com            SRV    300   Answer     xmpp2.contoso.com              20       0      5270

Name       : xmpp.contoso.com
QueryType  : A
TTL        : 300
Section    : Additional
IP4Address : 203.0.113.20
""",
    "list": """
Name       : _xmpp-server._tcp.contoso.com
QueryType  : SRV
TTL        : 300
Section    : Answer
NameTarget : xmpp.contoso.com
Priority   : 5
Weight     : 10
Port       : 5269

Name       : _xmpp-server._tcp.contoso.com
QueryType  : SRV
TTL        : 300
Section    : Answer
NameTarget : xmpp2.contoso.com
Priority   : 20
Weight     : 0
Port       : 5270
""",
}


@pytest.mark.parametrize("text", SERVICES.values(), ids=SERVICES.keys())
def test_services(text: str) -> None:
    answer = read(SERVICE, text)
    assert isinstance(answer, Records)
    assert [(one.name, one.kind, one.priority, one.weight, one.port, one.value) for one in answer.records] == [
        (XMPP, "SRV", 5, 10, 5269, "xmpp.contoso.com"),
        (XMPP, "SRV", 20, 0, 5270, "xmpp2.contoso.com"),
    ]


HEAD = "Server:  dc01.litwareinc.com\nAddress:  192.168.10.1\n\n"
ERROR = """Resolve-DnsName : lyncweb.litwareinc.com : {words}
At line:1 char:1
+ Resolve-DnsName lyncweb.litwareinc.com
+ ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
    + CategoryInfo          : ResourceUnavailable: (lyncweb.litwareinc.com:String) [Resolve-DnsName], Win32Exception
    + FullyQualifiedErrorId : {id},Microsoft.DnsClient.Commands.ResolveDnsName
"""
NOT_FOUND = {
    "english": (f"{HEAD}*** dc01.litwareinc.com can't find {WEB}: Non-existent domain", "no-such-name"),
    "french": (f"{HEAD}*** dc01.litwareinc.com ne parvient pas à trouver {WEB} : Non-existent domain", "no-such-name"),
    "german": (f"{HEAD}*** {WEB} wurde von dc01.litwareinc.com nicht gefunden: Non-existent domain.", "no-such-name"),
    "korean": (
        f"{HEAD}*** dc01.litwareinc.com이(가) {WEB}을(를) 찾을 수 없습니다. Non-existent domain",
        "no-such-name",
    ),
    "unix": (f"Server:\t\t10.0.0.1\nAddress:\t10.0.0.1#53\n\n** server can't find {WEB}: NXDOMAIN", "no-such-name"),
    "unix, failing": (f"** server can't find {WEB}: SERVFAIL", "server-failure"),
    "unix, no record": (f"*** Can't find {WEB}: No answer", "no-such-record"),
    "windows, failing": (f"{HEAD}*** dc01.litwareinc.com can't find {WEB}: Server failed", "server-failure"),
    "windows, refusing": (f"{HEAD}*** dc01.litwareinc.com can't find {WEB}: Query refused", "server-failure"),
    "windows, no record": (
        f"{HEAD}*** No internal type for both IPv4 and IPv6 Addresses (A+AAAA) records available for {WEB}",
        "no-such-record",
    ),
    "windows, name alone": (f"{HEAD}Name:    {WEB}\n", "no-such-record"),
    "zone alone": (
        f"{HEAD}litwareinc.com\n        primary name server = dc01.litwareinc.com\n        serial  = 1\n",
        "no-such-record",
    ),
    "dig": (DIG.replace("NOERROR", "NXDOMAIN").replace("203.0.113.10", ""), "no-such-name"),
    "dig, failing": (DIG.replace("NOERROR", "SERVFAIL").replace("203.0.113.10", ""), "server-failure"),
    "dig, no record": (DIG.replace("203.0.113.10", ""), "no-such-record"),
    "host": (f"Host {WEB} not found: 3(NXDOMAIN)", "no-such-name"),
    "host, failing": (f"Host {WEB} not found: 2(SERVFAIL)", "server-failure"),
    "host, no record": (f"{WEB} has no A record", "no-such-record"),
    "cmdlet": (ERROR.format(words="DNS name does not exist", id="DNS_ERROR_RCODE_NAME_ERROR"), "no-such-name"),
    "cmdlet, french": (f"Resolve-DnsName : {WEB} : Le nom DNS n’existe pas\nAu caractère Ligne:1 : 1", "no-such-name"),
    "cmdlet, by its id": (ERROR.format(words="DNS 名が存在しません", id="DNS_ERROR_RCODE_NAME_ERROR"), "no-such-name"),
    "cmdlet, failing": (
        ERROR.format(words="DNS server failure", id="DNS_ERROR_RCODE_SERVER_FAILURE"),
        "server-failure",
    ),
    "cmdlet, zone alone": (
        f"PS C:\\> Resolve-DnsName {WEB} -Type A\n\n"
        "Name                        Type TTL   Section    PrimaryServer               NameAdministrator\n"
        "----                        ---- ---   -------    -------------               -----------------\n"
        "litwareinc.com              SOA  60    Authority  ns.litwareinc.com           hostmaster.litwareinc.com\n",
        "no-such-record",
    ),
    "aliases in a circle": (f"{WEB}. 60 IN CNAME x.litwareinc.com.\nx.litwareinc.com. 60 IN CNAME {WEB}.", "loop"),
}


@pytest.mark.parametrize(("text", "outcome"), NOT_FOUND.values(), ids=NOT_FOUND.keys())
def test_what_is_not_there(text: str, outcome: str) -> None:
    answer = read(ADDRESS, text)
    assert isinstance(answer, Records)
    assert answer.outcome == outcome
    assert not answer.addresses


@pytest.mark.parametrize(
    ("question", "text", "sentence"),
    [
        (ADDRESS, ENGLISH.replace("Name:    lyncweb", "Name:    meet"), "asked was lyncweb.litwareinc.com"),
        (ADDRESS, "Name:    lyncweb.litwareinc.com.contoso.com\nAddress:  203.0.113.10", "asked was"),
        (ADDRESS, DIG.replace("lyncweb", "meet"), "This is of meet.litwareinc.com"),
        (ADDRESS, f"Host meet.{WEB} not found: 3(NXDOMAIN)", "asked was"),
        (ADDRESS, "PS C:\\> dig +short meet.litwareinc.com\n203.0.113.10", "This is of meet.litwareinc.com"),
        (SERVICE, f"{HEAD}litwareinc.com\n        primary name server = dc01.litwareinc.com\n", "This is of litwareinc.com"),
        (SERVICE, f"{XMPP} has no A record", "This asks for A records"),
        (ADDRESS, f"{WEB} has no AAAA record", "This asks for AAAA records"),
        (ADDRESS, "PS C:\\> dig +short lyncweb.litwareinc.com\n\n", "without +short"),
        (ADDRESS, ";; connection timed out; no servers could be reached", "No name server answered"),
        (ADDRESS, f"C:\\>nslookup {WEB}\nDNS request timed out.\n    timeout was 2 seconds.\n"
         "Server:  UnKnown\nAddress:  192.168.10.1\n\nDNS request timed out.\n    timeout was 2 seconds.\n"
         "*** Request to UnKnown timed-out\n", "No name server answered"),
        (ADDRESS, f"{HEAD}*** dc01.litwareinc.com can't find {WEB}: No response from server", "No name server answered"),
        (ADDRESS, ERROR.format(words="This operation returned because the timeout period expired", id="ERROR_TIMEOUT"),
         "No name server answered"),
        (ADDRESS, TABLE.replace("203.0.113.10", "203.0.113..."), "Format-List"),
        (ADDRESS, HEAD, "no answer"),
        (ADDRESS, "It does not work.", "nslookup, dig or Resolve-DnsName"),
        (ADDRESS, "Name : lyncweb.litwareinc.com\nStatus : Running", "nslookup, dig or Resolve-DnsName"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_said(question: Lookup, text: str, sentence: str) -> None:
    answer = read(question, text)
    assert isinstance(answer, NotUnderstood)
    assert sentence in answer.sentence


def test_a_server_without_a_name_is_not_the_name_asked() -> None:
    text = "*** Can't find server name for address 192.168.10.1: Non-existent domain\n" + ENGLISH
    answer = read(ADDRESS, text)
    assert isinstance(answer, Records)
    assert answer.outcome == "found"
    alone = read(ADDRESS, text.partition("Non-authoritative")[0])
    assert isinstance(alone, NotUnderstood)


def test_several_answers_are_joined() -> None:
    six = DIG.replace("IN\tA\t203.0.113.10", "IN\tAAAA\t2001:db8::10").replace("IN\tA\n", "IN\tAAAA\n")
    answer = read(ADDRESS, f"$ dig {WEB} AAAA\n{six}\n$ dig {WEB} A\n{DIG}")
    assert isinstance(answer, Records)
    assert answer.addresses == ("2001:db8::10", "203.0.113.10")


def test_texts_are_recognised_without_a_question() -> None:
    assert recognise(ERROR.format(words="x", id="DNS_ERROR_RCODE_NAME_ERROR")) == Resolved(
        name=WEB, kind="", records=Records(outcome="no-such-name")
    )
    found = recognise(SERVICES["windows"])
    assert found is not None
    assert (found.name, found.kind, found.records.outcome) == (XMPP, "SRV", "found")
    assert recognise("203.0.113.10") is None
    assert recognise(";; connection timed out; no servers could be reached") is None
    assert recognise("Name : lyncweb.litwareinc.com\nAddress : Redmond\n") is None


def test_a_paste_goes_this_way() -> None:
    assert isinstance(understand(ADDRESS, ENGLISH), Records)


@pytest.mark.lab
@pytest.mark.skipif(shutil.which("dig") is None, reason="dig, nslookup and host are not installed (bind9-dnsutils)")
@pytest.mark.parametrize("tool", ["dig", "nslookup", "host"])
async def test_real_tools_say_what_the_probe_says(tool: str) -> None:
    async with lab.client.start() as running:
        where = running.connection
        probe = DnsProbe(Sources(dns_inside=where.dns_inside, dns_outside=where.dns_outside), "inside")
        server, _, port = where.dns_outside.rpartition(":")
        questions = [
            Lookup(name=where.web, kind="A", view="outside"),
            Lookup(name=f"_xmpp-server._tcp.{where.domain}", kind="SRV", view="outside"),
            Lookup(name=where.web, kind="SRV", view="outside"),
            Lookup(name=f"nothing.{where.domain}", kind="A", view="outside"),
        ]
        for question in questions:
            options = {
                "dig": [f"@{server}", "-p", port, question.name, question.kind],
                "nslookup": [f"-port={port}", f"-type={question.kind}", question.name, server],
                "host": ["-p", port, "-t", question.kind, question.name, server],
            }
            run = await asyncio.create_subprocess_exec(tool, *options[tool], stdout=asyncio.subprocess.PIPE)
            printed, _ = await asyncio.wait_for(run.communicate(), 20)
            pasted, live = read(question, printed.decode()), await probe.ask(question)
            assert isinstance(pasted, Records)
            assert isinstance(live, Records)
            assert pasted.outcome == live.outcome
            assert [(one.value, one.port) for one in pasted.records] == [(one.value, one.port) for one in live.records]


def check(text: str) -> None:
    for question in (ADDRESS, SERVICE, Lookup(name=WEB, kind="CNAME", view="inside")):
        answer = read(question, text)
        if isinstance(answer, Records):
            shown = [f"{one.name}{one.value}" for one in answer.records]
            assert shown == [clean(one, 600) for one in shown]
            assert all(0 <= one.port < 65536 for one in answer.records)
            assert answer.outcome != "found" or answer.records
    recognise(text)


@given(st.text(max_size=300))
def test_never_raises_on_any_text(text: str) -> None:
    check(text)


SAMPLES = [*FOUND.values(), *ALIASES.values(), *SERVICES.values(), *(text for text, _ in NOT_FOUND.values())]


@settings(deadline=None)
@given(st.sampled_from(SAMPLES), st.data())
def test_never_raises_on_a_mutated_sample(sample: str, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(sample)))
        cut = data.draw(st.integers(0, 40))
        sample = sample[:at] + data.draw(st.text(max_size=5)) + sample[at + cut :]
    check(sample)


PIECES = [" ", "Name: a.b\nAddress: 1.1.1.1\n", "a. 1 IN A 1.1.1.1\n", "> a.b\n", "x" + " " * 3000, "*** a.b: nxdomain\n",
          "Aliases: a.b\n", "Name Type TTL Section\n", "a.b SRV service location:\n"]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES, ids=range(len(PIECES)))
def test_four_megabytes_are_read_in_bounds(piece: str) -> None:
    answer = read(SERVICE, piece * (4_000_000 // len(piece)))
    assert isinstance(answer, NotUnderstood)
