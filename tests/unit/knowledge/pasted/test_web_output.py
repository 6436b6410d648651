"""curl and Invoke-WebRequest as people paste them, judged like what the probe sees."""

import asyncio
import shutil
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lab.client
from checks.deployment import ConnectTo, Sources, Vantage
from checks.knowledge.pasted import NotUnderstood, understand
from checks.knowledge.pasted.web_output import read, recognise
from checks.mobility.service_url import Facts, judge
from checks.probes import Hop, Request, Response, Unreached
from checks.probes.addresses import Network
from checks.probes.dns import DnsProbe
from checks.probes.http import HttpProbe
from checks.text import clean, clean_lines

HOST = "lyncweb.litwareinc.com"
URL = f"https://{HOST}/mcx/mcxservice.svc"
TICKET = f"https://{HOST}/WebTicket/WebTicketService.svc"
MCX = Request(method="GET", url=URL, view="outside")
SIGN_IN = Request(method="GET", url=TICKET, view="outside")
LYNC = ("X-MS-Server-Fqdn", "atl-cs-001.litwareinc.com")

ALONE = """HTTP/1.1 401 Unauthorized
Content-Length: 6
Content-Type: text/html
Server: Microsoft-IIS/8.5
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM
X-MS-Server-Fqdn: atl-cs-001.litwareinc.com
Set-Cookie: MS-WSMAN=secret; path=/

denied"""
VERBOSE = """*   Trying 203.0.113.10:443...
* Connected to lyncweb.litwareinc.com (203.0.113.10) port 443
* schannel: disabled automatic use of client certificate
* ALPN: curl offers http/1.1
> GET /mcx/mcxservice.svc HTTP/1.1
> Host: lyncweb.litwareinc.com
> User-Agent: curl/8.4.0
> Accept: */*
>
< HTTP/1.1 401 Unauthorized
< Content-Length: 6
< Content-Type: text/html
< Server: Microsoft-IIS/8.5
< WWW-Authenticate: Negotiate
< WWW-Authenticate: NTLM
< X-MS-Server-Fqdn: atl-cs-001.litwareinc.com
< Set-Cookie: MS-WSMAN=secret; path=/
<
denied* Connection #0 to host lyncweb.litwareinc.com left intact
"""
HEADERS = (
    ("Content-Length", "6"),
    ("Content-Type", "text/html"),
    ("Server", "Microsoft-IIS/8.5"),
    ("WWW-Authenticate", "Negotiate"),
    ("WWW-Authenticate", "NTLM"),
    LYNC,
    ("Set-Cookie", "MS-WSMAN=…"),
)
METER = """  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current
                                 Dload  Upload   Total   Spent    Left  Speed

  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0*   Trying 203.0.113.10:443...
"""
ANSWERED = {
    "-i": (ALONE, ""),
    "-i, echoed": (f"PS C:\\> curl.exe -i {URL}\n{ALONE}\nPS C:\\>", ""),
    "-i, windows line ends": (ALONE.replace("\n", "\r\n"), ""),
    "-i through a proxy": (f"HTTP/1.1 200 Connection established\n\n{ALONE}", ""),
    "-i, with an interim answer": (f"HTTP/1.1 100 Continue\n\n{ALONE}", ""),
    "-v": (VERBOSE, "203.0.113.10"),
    "-v, HTTP/2": (VERBOSE.replace("HTTP/1.1", "HTTP/2"), "203.0.113.10"),
    "-v, redirected to a file": (VERBOSE.replace("*   Trying 203.0.113.10:443...\n", METER), "203.0.113.10"),
    "-v, curl 8.16": (
        VERBOSE.replace("* Connected to lyncweb.litwareinc.com (203.0.113.10) port 443",
                        "* Established connection to lyncweb.litwareinc.com (203.0.113.10 port 443) from 10.0.0.5 port 50000 "),
        "203.0.113.10",
    ),
    "-v and -i": (VERBOSE.replace("denied*", f"{ALONE}*"), "203.0.113.10"),
    "-v, signed in afterwards": (VERBOSE + VERBOSE.replace("401 Unauthorized", "200 OK"), "203.0.113.10"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "address"), ANSWERED.values(), ids=ANSWERED.keys())
def test_an_answer_is_kept_as_the_probe_keeps_it(text: str, address: str) -> None:
    hop = Hop(url=URL, address=address, status=401, headers=HEADERS, body="denied")
    assert read(MCX, text) == Response(hops=(hop,))
    assert "secret" not in str(read(MCX, text))


def test_a_header_that_the_console_broke() -> None:
    name = "X-MS-WebTicketURL: https://lyncweb.litwareinc.com/WebTicket/WebTicketService.svc?and=more"
    text = ALONE.replace("Server:", f"{name[:80]}\n{name[80:]}\nServer:")
    answer = read(MCX, text)
    assert isinstance(answer, Response)
    assert answer.last.header("X-MS-WebTicketURL") == name.partition(": ")[2]


@pytest.mark.parametrize("text", [
    ALONE.replace("\n\ndenied", ""),
    VERBOSE.replace("> GET", "> HEAD").replace("denied* ", "* "),
])  # fmt: skip
def test_the_head_alone_is_enough_where_lync_answers(text: str) -> None:
    assert isinstance(read(MCX, text), Response)
    assert isinstance(read(SIGN_IN, text.replace("/mcx/mcxservice.svc", "/WebTicket/WebTicketService.svc")), Response)
    bare = "".join(line for line in text.splitlines(True) if "X-MS" not in line and "WWW-" not in line)
    answer = read(MCX, bare)
    assert isinstance(answer, NotUnderstood)
    assert "the page itself is not" in answer.sentence


def redirect(to: str, *more: str) -> str:
    return "".join(f"{line}\n" for line in ("HTTP/1.1 302 Found", f"Location: {to}", *more, ""))


REDIRECTS: list[tuple[str, Any, str, int]] = [
    (redirect("https://portal.contoso.com/login"), "stranger", "https://portal.contoso.com/login", 1),
    (redirect("//portal.contoso.com/") + ALONE, "stranger", "//portal.contoso.com/", 1),
    (redirect("/mcx/mcxservice.svc"), "loop", "/mcx/mcxservice.svc", 1),
    (redirect("/a") + redirect("/b") + redirect("/a"), "loop", "/a", 3),
    ("".join(redirect(f"/{number}") for number in range(8)), "too-many", "/5", 6),
    (redirect("ftp://lyncweb.litwareinc.com/"), "bad-location", "ftp://lyncweb.litwareinc.com/", 1),
    (redirect("https://[::"), "bad-location", "https://[::", 1),
    (redirect("/a#part") + ALONE, "", "", 2),
    (redirect("/mcx/mcxservice.svc", "Set-Cookie: a=b") + ALONE, "", "", 2),
]


@pytest.mark.parametrize(("text", "stopped", "location", "hops"), REDIRECTS, ids=range(len(REDIRECTS)))
def test_redirects(text: str, stopped: Any, location: str, hops: int) -> None:
    answer = read(MCX, text)
    assert isinstance(answer, Response)
    assert (answer.stopped, len(answer.hops)) == (stopped, hops)
    assert answer.location == location
    assert answer.hops[0].url == URL


@pytest.mark.parametrize(
    ("message", "phase", "kind"),
    [
        (f"curl: (6) Could not resolve host: {HOST}", "name", "no-such-name"),
        (f"curl: (7) Failed to connect to {HOST} port 443: Connection refused", "connect", "refused"),
        (f"curl: (7) Failed to connect to {HOST} port 443: Timed out", "connect", "timeout"),
        (f"curl: (7) Failed to connect to {HOST} port 443 after 21045 ms: Could not connect to server", "connect", "timeout"),
        (f"curl: (7) Failed to connect to {HOST} port 443: No route to host", "connect", "no-route"),
        (f"* connect to 203.0.113.10 port 443 failed: Connection refused\ncurl: (7) Failed to connect to {HOST} port 443 "
         "after 2034 ms: Couldn't connect to server", "connect", "refused"),
        (f"curl: (28) Failed to connect to {HOST} port 443 after 21045 ms: Timed out", "connect", "timeout"),
        ("curl: (28) Connection timed out after 5001 milliseconds", "connect", "timeout"),
        ("curl: (28) SSL connection timeout", "tls", "silence"),
        ("curl: (28) Operation timed out after 5001 milliseconds with 0 bytes received", "reply", "silence"),
        ("curl: (28) Operation timed out after 5001 milliseconds with 7 out of 90 bytes received", "reply", "drip"),
        ("curl: (35) OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to lyncweb.litwareinc.com:443", "tls", "handshake"),
        ("curl: (35) schannel: next InitializeSecurityContext failed: SEC_E_ILLEGAL_MESSAGE (0x80090326)", "tls", "handshake"),
        ("curl: (35) schannel: next InitializeSecurityContext failed: SEC_E_UNTRUSTED_ROOT (0x80090325) - The certificate "
         "chain was issued by an authority that is not trusted.", "tls", "certificate"),
        ("curl: (60) SSL certificate problem: certificate has expired\nMore details here: "
         "https://curl.se/docs/sslcerts.html\n\ncurl failed to verify the legitimacy of the server", "tls", "certificate"),
        ("curl: (60) schannel: SNI or certificate check failed: SEC_E_WRONG_PRINCIPAL (0x80090322)", "tls", "certificate"),
        ("curl: (51) SSL: no alternative certificate subject name matches target host name", "tls", "certificate"),
        ("curl: (52) Empty reply from server", "reply", "reset"),
        ("curl: (56) Recv failure: Connection was reset", "reply", "reset"),
        ("curl: (1) Received HTTP/0.9 when not allowed", "reply", "not-http"),
        ("curl: (8) Weird server reply", "reply", "not-http"),
        (f"Invoke-WebRequest : The remote name could not be resolved: '{HOST}'", "name", "no-such-name"),
        (f"Invoke-WebRequest : Le nom distant n’a pas pu être résolu: '{HOST}'", "name", "no-such-name"),
        (f"Invoke-WebRequest : Der Remotename konnte nicht aufgelöst werden: '{HOST}'", "name", "no-such-name"),
        (f"Invoke-WebRequest : 원격 이름을 확인할 수 없습니다.: '{HOST}'", "name", "no-such-name"),
        ("No connection could be made because the target machine actively refused it 203.0.113.10:443", "connect", "refused"),
        ("Invoke-WebRequest : The underlying connection was closed: Could not establish trust relationship for the SSL/TLS s\n"
         "ecure channel.", "tls", "certificate"),
        ("Invoke-WebRequest : La connexion sous-jacente a été fermée : Impossible d'établir une relation de confiance pour le "
         "canal sécurisé SSL/TLS.", "tls", "certificate"),
        ("Die zugrunde liegende Verbindung wurde geschlossen: Für den geschützten SSL/TLS-Kanal konnte keine "
         "Vertrauensstellung hergestellt werden..", "tls", "certificate"),
        ("기본 연결이 닫혔습니다. SSL/TLS 보안 채널에 대한 트러스트 관계를 설정할 수 없습니다.", "tls", "certificate"),
        ("The underlying connection was closed: The connection was closed unexpectedly.", "reply", "reset"),
    ],
)  # fmt: skip
def test_no_answer(message: str, phase: str, kind: str) -> None:
    for text in (message, f"C:\\>curl.exe -i {URL}\n{message}\n\nC:\\>"):
        answer = read(MCX, text)
        assert isinstance(answer, Unreached)
        assert (answer.phase, answer.kind) == (phase, kind)
        assert answer.detail.isprintable()
        assert recognise(text) == answer


def test_an_address_that_was_tried_is_kept() -> None:
    text = f"*   Trying 203.0.113.10:443...\n* connect to 203.0.113.10 port 443 failed: Connection refused\ncurl: (7) Failed to connect to {HOST} port 443"
    answer = read(MCX, text)
    assert isinstance(answer, Unreached)
    assert answer.address == "203.0.113.10"
    after = read(MCX, redirect("/a") + "curl: (52) Empty reply from server")
    assert isinstance(after, Unreached)
    assert after.detail.startswith("After a redirect: ")


NOTHING_FOLLOWS: list[tuple[str, str]] = [
    (f"curl: (7) Failed to connect to {HOST} port 443 after 2034 ms: Could not connect to server", "refused or not answered"),
    ("curl: (28) Resolving timed out after 5000 milliseconds", "name server"),
    (f"curl: (6) Could not resolve host: {HOST} (Timeout while contacting DNS servers)", "name server"),
    ("curl: (5) Could not resolve proxy: proxy.litwareinc.com", "--noproxy"),
    ("curl: (35) schannel: next InitializeSecurityContext failed: Unknown error (0x80092012) - The revocation function was "
     "unable to check revocation for the certificate.", "--ssl-no-revoke"),
    ("curl: (77) error setting certificate verify locations", "trusted certificates"),
    ("> CONNECT lyncweb.litwareinc.com:443 HTTP/1.1\n>\n< HTTP/1.1 407 Proxy Authentication Required\n<\n"
     "curl: (56) CONNECT tunnel failed, response 407", "--noproxy"),
    ("Invoke-WebRequest : Unable to connect to the remote server", "how far"),
    ("Invoke-WebRequest : Impossible de se connecter au serveur distant", "how far"),
    ("Invoke-WebRequest : Die Verbindung mit dem Remoteserver kann nicht hergestellt werden.", "how far"),
    ("Invoke-WebRequest : 원격 서버에 연결할 수 없습니다.", "how far"),
    ("Invoke-WebRequest : The operation has timed out.", "how far"),
    ("Invoke-WebRequest : The request was aborted: Could not create SSL/TLS secure channel.", "too old"),
    ("Invoke-WebRequest : Parameter cannot be processed because the parameter name 'i' is ambiguous.\n"
     "    + FullyQualifiedErrorId : AmbiguousParameter,Microsoft.PowerShell.Commands.InvokeWebRequestCommand", "curl.exe"),
    ("curl: (22) The requested URL returned error: 401", "error 22"),
]  # fmt: skip
STATUS_ALONE = [
    "Invoke-WebRequest : The remote server returned an error: (401) Unauthorized.",
    "Invoke-WebRequest : Le serveur distant a retourné une erreur : (401) Non autorisé.",
    "Invoke-WebRequest : Der Remoteserver hat einen Fehler zurückgegeben: (401) Nicht autorisiert.",
    "Invoke-WebRequest : 원격 서버에서 (401) 권한 없음 오류를 반환했습니다.",
    "Invoke-WebRequest: Response status code does not indicate success: 401 (Unauthorized).",
    "Invoke-WebRequest : リモート サーバーがエラーを返しました: (401) 許可されていません\n"
    "    + FullyQualifiedErrorId : WebCmdletWebResponseException,Microsoft.PowerShell.Commands.InvokeWebRequestCommand",
]


@pytest.mark.parametrize(("text", "sentence"), NOTHING_FOLLOWS)
def test_what_tells_nothing_of_the_server_is_no_answer(text: str, sentence: str) -> None:
    answer = read(MCX, text)
    assert isinstance(answer, NotUnderstood)
    assert sentence in answer.sentence
    assert recognise(text) is None


@pytest.mark.parametrize("text", STATUS_ALONE)
def test_headers_that_were_not_shown_are_not_missing(text: str) -> None:
    answer = read(MCX, text)
    assert isinstance(answer, NotUnderstood)
    assert "status 401" in answer.sentence
    assert "curl.exe -v" in answer.sentence
    seen = recognise(text)
    assert isinstance(seen, Response)
    assert seen.last.status == 401
    with_headers = f"{text}\nWWW-Authenticate: Negotiate,NTLM\nX-MS-Server-Fqdn: {LYNC[1]}\nContent-Length: 0\n"
    whole = read(MCX, with_headers)
    assert isinstance(whole, Response)
    assert whole.last.header(LYNC[0]) == LYNC[1]
    assert [value for name, value in whole.last.headers if name == "WWW-Authenticate"] == ["Negotiate", "NTLM"]


LISTED = f"""
StatusCode        : 200
StatusDescription : OK
Content           : <html><head><title>McxService Service</title></head></html>
RawContent        : HTTP/1.1 200 OK
                    X-MS-Server-Fqdn: atl-cs-001.litwareinc.com
                    Content-Length: 58
                    Content-Type: text/html

                    <html><head><title>McxService Service</title></head></html>
Forms             : {{}}
Headers           : {{[X-MS-Server-Fqdn, {LYNC[1]}], [Content-Length, 58], [Content-Type, text/html]}}
RawContentLength  : 58
"""


def test_invoke_webrequest_as_a_list() -> None:
    answer = read(MCX, LISTED)
    assert isinstance(answer, Response)
    assert answer.last.status == 200
    assert answer.last.headers == (LYNC, ("Content-Length", "58"), ("Content-Type", "text/html"))
    assert answer.last.body.startswith("<html>")


CUT = """
StatusCode        : 200
StatusDescription : OK
Content           : <html>
                    <head>...
RawContent        : HTTP/1.1 200 OK
                    Pragma: no-cache
                    Vary: *
                    X-Content-Type-Options: nosniff...
Headers           : {[Pragma, no-cache], [Vary, *], [X-Content-Type-Options, nosniff], [Date, today]...}
"""


def test_a_list_that_was_cut_off_proves_nothing_missing() -> None:
    answer = read(MCX, CUT)
    assert isinstance(answer, NotUnderstood)
    assert "not all of them" in answer.sentence
    shown = read(MCX, CUT.replace("Vary: *", f"{LYNC[0]}: {LYNC[1]}"))
    assert isinstance(shown, Response)
    assert shown.last.header(LYNC[0]) == LYNC[1]


@pytest.mark.parametrize(
    ("question", "text", "sentence"),
    [
        (MCX, VERBOSE.replace("lyncweb", "meet"), "This is of https://meet.litwareinc.com/mcx/mcxservice.svc"),
        (SIGN_IN, VERBOSE, f"asked was {TICKET}"),
        (MCX, f"C:\\>curl.exe -i {TICKET}\n{ALONE}", f"asked was {URL}"),
        (MCX, f"C:\\>curl.exe -i http://{HOST}/mcx/mcxservice.svc\n{ALONE}", f"asked was {URL}"),
        (MCX, "curl: (6) Could not resolve host: meet.litwareinc.com", "This is of meet.litwareinc.com"),
        (MCX, "Invoke-WebRequest : The remote name could not be resolved: 'meet.litwareinc.com'", "meet.litwareinc.com"),
        (MCX, VERBOSE.replace("> GET", "> POST"), "a GET is wanted"),
        (Request(method="POST", url=URL, view="outside"), VERBOSE, "a POST is wanted"),
        (MCX, f"$ curl -k -i {URL}\n{ALONE}", "because of -k"),
        (MCX, VERBOSE.replace("> GET", "*  SSL certificate verify result: unable to get local issuer certificate (20), "
                              "continuing anyway.\n> GET"), "because of -k"),
        (Request(method="GET", url=URL, view="outside", trusting=True), "curl: (60) SSL certificate problem: expired",
         "curl.exe -v -k"),
        (MCX, redirect("/start"), "-L"),
        (MCX, redirect("/mcx/mcxservice.svc", "Set-Cookie: a=b") * 8, "-b ''"),
        (MCX, redirect("/a", "Set-Cookie: a=b") + "curl: (47) Maximum (50) redirects followed", "-b ''"),
        (MCX, "It does not work.", "neither curl's output nor"),
    ],
)  # fmt: skip
def test_what_is_of_something_else_is_said(question: Request, text: str, sentence: str) -> None:
    answer = read(question, text)
    assert isinstance(answer, NotUnderstood)
    assert sentence in answer.sentence


def test_looking_past_a_certificate_is_right_where_it_was_asked_for() -> None:
    question = Request(method="GET", url=URL, view="outside", trusting=True)
    assert isinstance(read(question, f"$ curl -k -i {URL}\n{ALONE}"), Response)
    assert isinstance(understand(MCX, VERBOSE), Response)


def judged(reply: Any) -> str:
    facts = Facts(
        host=HOST,
        url=URL,
        vantage=Vantage.INSIDE,
        known_hosts=(HOST,),
        external=True,
        reply=reply,
    )
    return judge(facts).answer


@pytest.mark.lab
@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
async def test_real_curl_leads_to_the_same_finding_as_the_probe() -> None:
    scenarios = ["healthy", "refused", "forbidden", "captive-portal", "redirect-loop", "tls-expired", "tls-plain-http",
                 "application-pool-crashes", "no-lync-header", "not-http", "hostile-answer"]  # fmt: skip
    async with lab.client.start() as running:
        where = running.connection
        question = Request(method="GET", url=f"https://{where.web}/mcx/mcxservice.svc", view="inside")
        rule = ConnectTo(host="", port=443, to_host="", to_port=where.https_port)
        sources = Sources(
            dns_inside=where.dns_inside, dns_outside=where.dns_outside, connect_to=(rule,), ca_file=where.ca_file
        )
        probe = HttpProbe(Network(sources, DnsProbe(sources, "inside")), ca_file=where.ca_file)
        for scenario in scenarios:
            await running.control("change", scenarios=[scenario])
            live = await probe.ask(question)
            run = await asyncio.create_subprocess_exec(
                "curl", "-vL", "--max-time", "10", "--cacert", where.ca_file, "--noproxy", "*",
                "--connect-to", f":443:{where.addresses['reverse-proxy']}:{where.https_port}", question.url,
                stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
            )  # fmt: skip
            printed, _ = await asyncio.wait_for(run.communicate(), 20)
            pasted = read(question, printed.decode(errors="replace"))
            assert isinstance(pasted, Response | Unreached), scenario
            assert judged(pasted) == judged(live), scenario
            assert type(pasted) is type(live), scenario
            if isinstance(pasted, Response) and isinstance(live, Response):
                assert [hop.status for hop in pasted.hops] == [hop.status for hop in live.hops]
                assert pasted.last.body == live.last.body
                assert pasted.last.header(LYNC[0]) == live.last.header(LYNC[0])


def check(text: str) -> None:
    for question in (MCX, Request(method="POST", url=TICKET, view="inside", trusting=True)):
        for answer in (read(question, text), recognise(text)):
            if isinstance(answer, Response):
                assert answer.hops
                for hop in answer.hops:
                    shown = [hop.url, hop.address, *(f"{name}{value}" for name, value in hop.headers)]
                    assert shown == [clean(one) for one in shown]
                    assert hop.body == clean_lines(hop.body, 4200, 210)
            elif isinstance(answer, Unreached):
                assert answer.detail == clean(answer.detail)


@given(st.text(max_size=300))
def test_never_raises_on_any_text(text: str) -> None:
    check(text)


SAMPLES = [
    *(text for text, _ in ANSWERED.values()),
    *(text for text, *_ in REDIRECTS),
    *(text for text, _ in NOTHING_FOLLOWS),
    *STATUS_ALONE,
    LISTED,
    CUT,
]


@settings(deadline=None)
@given(st.sampled_from(SAMPLES), st.data())
def test_never_raises_on_a_mutated_sample(sample: str, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(sample)))
        cut = data.draw(st.integers(0, 40))
        sample = sample[:at] + data.draw(st.text(max_size=5)) + sample[at + cut :]
    check(sample)


PIECES = [" ", "a", "HTTP/1.1 302 Found\nLocation: /a\n\n", "< HTTP/1.1 200 OK\n< a: b\n", "curl: (7) x\n", "* Trying 1.1.1.1...\n",
          "0 0 --:--:-- 0", "RawContent : HTTP/1.1 200 OK\n", "Headers : {[a, b], \n", "StatusCode : 200\nContent : x\n"]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES, ids=range(len(PIECES)))
def test_four_megabytes_are_read_in_bounds(piece: str) -> None:
    answer = read(MCX, piece * (4_000_000 // len(piece)))
    assert isinstance(answer, NotUnderstood | Response | Unreached)
    assert not isinstance(answer, Response) or len(answer.hops) <= 6
