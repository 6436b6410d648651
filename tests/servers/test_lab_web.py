"""The lab's web servers, used by the standard library's sockets, h11 and a client of pyspnego."""

import asyncio
import base64
import re
import ssl
import warnings

import h11
import pytest
import spnego
from cryptography import x509
from spnego.exceptions import NegotiateOptions

from lab.client import Running
from tests import in_process
from tests.servers.browsing import Browser, Reply, trusting

pytestmark = pytest.mark.lab

MCX = "/mcx/McxService.svc"
WEB_TICKET = "/WebTicket/WebTicketService.svc"
WANTED = (
    b'<wst:RequestSecurityToken xmlns:wst="http://docs.oasis-open.org/ws-sx/ws-trust/200512">'
    b"<wst:Value>sip:kenmyer@litwareinc.com</wst:Value></wst:RequestSecurityToken>"
)
"""What the lab reads of a request for a ticket."""


async def get(running: Running, path: str = MCX, method: str = "GET", limit: int = 100_000) -> Reply:
    browser = await Browser.open(running.connection, running.connection.web)
    try:
        return await browser.ask(method, path, limit=limit)
    finally:
        await browser.close()


async def sign_in(browser: Browser, scheme: str, user: str, password: str) -> Reply:
    """A whole handshake with POST; the last answer."""
    client = spnego.client(
        user, password, hostname=browser.host, service="http", protocol=scheme.lower(),
        options=NegotiateOptions.use_negotiate if scheme == "Negotiate" else NegotiateOptions.use_ntlm,
    )  # fmt: skip
    token = client.step()
    while True:
        headers = [("Authorization", f"{scheme} {base64.b64encode(token or b'').decode()}")]
        reply = await browser.ask("POST", WEB_TICKET, headers, WANTED)
        challenge = next((each for each in reply.all("www-authenticate") if each.startswith(f"{scheme} ")), "")
        token = client.step(base64.b64decode(challenge.split()[1])) if challenge else None
        if token is None:
            return reply


async def test_mcx_answers_and_tells_which_server_it_is() -> None:
    async with in_process.start() as running:
        reply = await get(running)
        assert reply.status == 200
        assert reply.all("x-ms-server-fqdn") == ["atl-cs-001.litwareinc.com"]
        assert reply.all("server") == ["Microsoft-IIS/8.5"]
        assert (await get(running, MCX.upper())).status == 200
        assert (await get(running, "/nothing")).status == 404
        assert (await get(running, method="HEAD")).body == b""
        for host in (running.connection.pool, running.connection.web_internal):
            browser = await Browser.open(running.connection, host, "pool")
            assert (await browser.ask("GET", MCX)).status == 200
            await browser.close()
        requests = await running.control("requests")
        assert requests["pool"] == {MCX.lower(): 2}
        # What came through the proxy was answered by the other site.
        assert requests["pool-external"] == {MCX.lower(): 3, "/nothing": 1}
        assert requests["reverse-proxy"] == requests["pool-external"]


async def test_the_web_ticket_service_offers_both_schemes_and_takes_each() -> None:
    async with in_process.start() as running:
        users = running.connection.passwords
        for method in ("GET", "POST"):
            reply = await get(running, WEB_TICKET, method)
            assert reply.status == 401
            assert reply.all("www-authenticate") == ["Negotiate", "NTLM"]
            assert reply.all("x-ms-server-fqdn")
        for scheme in ("Negotiate", "NTLM"):
            browser = await Browser.open(running.connection, running.connection.web)
            for user in ("litwareinc\\kenmyer", "kenmyer@litwareinc.com"):
                reply = await sign_in(browser, scheme, user, users["sip:kenmyer@litwareinc.com"])
                assert reply.status == 200
                assert b"RequestSecurityTokenResponseCollection" in reply.body
            # The connection stays signed in.
            assert (await browser.ask("GET", WEB_TICKET)).status == 200
            await browser.close()
        assert await running.control("sign-ins") == {"accepted": {"litwareinc\\kenmyer": 4}, "refused": {}}


async def test_a_wrong_password_is_refused_and_counted() -> None:
    async with in_process.start() as running:
        browser = await Browser.open(running.connection, running.connection.web)
        for scheme in ("Negotiate", "NTLM"):
            reply = await sign_in(browser, scheme, "litwareinc\\pilar", "wrong")
            assert reply.status == 401
            assert reply.all("www-authenticate") == ["Negotiate", "NTLM"]
        assert (await browser.ask("GET", WEB_TICKET)).status == 401
        reply = await browser.ask("GET", WEB_TICKET, [("Authorization", "NTLM bm90IGEgdG9rZW4=")])
        assert reply.status == 401
        await browser.close()
        assert await running.control("sign-ins") == {"accepted": {}, "refused": {"litwareinc\\pilar": 2}}


@pytest.mark.parametrize(
    ("scenario", "status", "lync"),
    [
        ("healthy-401", 401, True),
        ("healthy-2019", 404, False),
        ("forbidden", 403, False),
        ("mcx-not-installed", 404, False),
        ("application-pool-stopped", 503, False),
        ("application-pool-crashes", 500, False),
        ("captive-portal", 200, False),
        ("redirect-to-stranger", 302, False),
        ("no-lync-header", 200, False),
        ("unexpected-status", 400, False),
    ],
)
async def test_scenarios_change_what_mcx_answers(scenario: str, status: int, lync: bool) -> None:
    async with in_process.start(scenario) as running:
        reply = await get(running)
        assert (reply.status, bool(reply.all("x-ms-server-fqdn"))) == (status, lync)


async def test_a_portal_shows_a_form_for_every_path() -> None:
    async with in_process.start("captive-portal") as running:
        for path in (MCX, WEB_TICKET, "/"):
            assert b'type="password"' in (await get(running, path)).body


async def test_redirects_lead_to_a_stranger_or_in_a_circle() -> None:
    async with in_process.start("redirect-to-stranger") as running:
        assert (await get(running)).all("location")[0].startswith("https://login.contoso.com/")
        await running.control("change", scenarios=["redirect-loop"])
        path, seen = MCX.lower(), []
        for _ in range(4):
            (location,) = (await get(running, path)).all("location")
            path = location.removeprefix(f"https://{running.connection.web}")
            seen.append(path)
        assert seen[:2] == seen[2:]


@pytest.mark.parametrize(
    ("scenario", "status", "challenges"),
    [
        ("ntlm-missing", 401, ["Negotiate"]),
        ("negotiate-missing", 401, ["NTLM"]),
        ("no-challenge", 401, []),
        ("sign-in-nothing-enabled", 401, []),
        ("sign-in-not-asked", 200, []),
        ("web-ticket-stopped", 503, []),
        ("healthy-service-scope", 401, ["Negotiate", "NTLM"]),
    ],
)
async def test_scenarios_change_what_the_web_ticket_service_offers(
    scenario: str, status: int, challenges: list[str]
) -> None:
    async with in_process.start(scenario) as running:
        for method in ("GET", "POST"):
            reply = await get(running, WEB_TICKET, method)
            assert (reply.status, reply.all("www-authenticate")) == (status, challenges)
        assert (await get(running)).status == 200


async def test_without_windows_authentication_only_bearer_is_offered() -> None:
    async with in_process.start("healthy-windows-auth-off") as running:
        (challenge,) = (await get(running, WEB_TICKET)).all("www-authenticate")
        assert challenge.startswith("Bearer ")


@pytest.mark.parametrize(("scenario", "path"), [("silent", MCX), ("web-ticket-silent", WEB_TICKET)])
async def test_a_silent_service_takes_the_request_and_says_nothing(scenario: str, path: str) -> None:
    async with in_process.start(scenario) as running:
        browser = await Browser.open(running.connection, running.connection.web)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(browser.ask("GET", path), 0.3)
        await browser.close()
        if scenario == "web-ticket-silent":
            assert (await get(running)).status == 200


async def test_a_dripping_service_sends_a_byte_at_a_time() -> None:
    async with in_process.start("drip") as running:
        browser = await Browser.open(running.connection, running.connection.web)
        browser.writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert [await browser.reader.read(10), await browser.reader.read(10)] == [b"H", b"T"]
        await browser.close()


async def test_an_endless_body_follows_a_sound_head() -> None:
    async with in_process.start("healthy-endless-body") as running:
        reply = await get(running, limit=300_000)
        assert int(reply.all("content-length")[0]) > 100_000_000
        assert reply.all("x-ms-server-fqdn")
        assert len(reply.body) > 300_000


async def test_a_hostile_answer_carries_escapes_and_markup() -> None:
    async with in_process.start("hostile-answer") as running:
        reply = await get(running)
        assert reply.status == 403
        assert "\x1b[2J" in reply.all("server")[0]
        assert b"\x1b[8m" in reply.body
        assert "[bold red]" in reply.body.decode()


@pytest.mark.parametrize(
    ("scenario", "code"),
    [
        ("tls-wrong-name", 62),
        ("tls-self-signed", 18),
        ("tls-unknown-authority", 19),
        ("tls-incomplete-chain", 20),
        ("tls-expired", 10),
        ("tls-not-yet-valid", 9),
        ("tls-weak-key", 66),
    ],
)
async def test_bad_certificates_are_refused_for_their_own_reason(scenario: str, code: int) -> None:
    async with in_process.start(scenario) as running:
        with pytest.raises(ssl.SSLCertVerificationError) as refused:
            await Browser.open(running.connection, running.connection.web)
        assert refused.value.verify_code == code
        # Whoever does not verify is served.
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        browser = await Browser.open(running.connection, running.connection.web, context=context)
        assert (await browser.ask("GET", MCX)).status == 200
        await browser.close()


async def test_the_healthy_certificate_is_strictly_valid() -> None:
    async with in_process.start() as running:
        context = trusting(running.connection)
        context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_STRICT
        browser = await Browser.open(running.connection, running.connection.web, context=context)
        der = browser.writer.get_extra_info("ssl_object").getpeercert(True)
        names = x509.load_der_x509_certificate(der).extensions.get_extension_for_class(x509.SubjectAlternativeName)
        assert running.connection.web in names.value.get_values_for_type(x509.DNSName)
        await browser.close()


async def test_an_old_server_speaks_tls_1_0_alone() -> None:
    async with in_process.start("tls-old-protocol") as running:
        with pytest.raises(ssl.SSLError, match="PROTOCOL_VERSION"):
            await Browser.open(running.connection, running.connection.web)
        context = trusting(running.connection)
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
        browser = await Browser.open(running.connection, running.connection.web, context=context)
        assert browser.writer.get_extra_info("ssl_object").version() == "TLSv1"
        assert (await browser.ask("GET", MCX)).status == 200
        await browser.close()


@pytest.mark.parametrize("scenario", ["tls-plain-http", "tls-noise"])
async def test_what_speaks_no_tls_fails_the_handshake(scenario: str) -> None:
    async with in_process.start(scenario) as running:
        with pytest.raises(ssl.SSLError):
            await Browser.open(running.connection, running.connection.web)


async def test_what_speaks_no_http_answers_with_something_else() -> None:
    async with in_process.start("not-http") as running:
        with pytest.raises(h11.RemoteProtocolError):
            await get(running)


async def test_a_closed_port_refuses_and_a_full_backlog_drops() -> None:
    async with in_process.start("refused") as running:
        where = running.connection
        for port in (where.https_port, where.http_port):
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection(where.addresses["reverse-proxy"], port)
        await running.control("change", scenarios=["unreachable"])
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.open_connection(where.addresses["reverse-proxy"], where.https_port), 0.5)
        # The pool is another machine.
        _, writer = await asyncio.open_connection(where.addresses["pool"], where.https_port)
        writer.close()


async def test_port_80_speaks_http_and_answers_nonsense() -> None:
    async with in_process.start() as running:
        where = running.connection
        for sent, answered in ((b"GET /x HTTP/1.1\r\nHost: x\r\n\r\n", 404), (b"\x16\x03\x01nonsense\r\n\r\n", 400)):
            reader, writer = await asyncio.open_connection(where.addresses["reverse-proxy"], where.http_port)
            writer.write(sent)
            line = await asyncio.wait_for(reader.readline(), 5)
            assert re.match(rb"HTTP/1.1 (\d+) ", line)
            assert int(line.split()[1]) == answered
            writer.close()
