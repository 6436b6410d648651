"""The phone's sign-in at servers that are hostile, broken or half there. The lab's real ones are in tests/servers."""

import asyncio
import base64
import contextlib
import json
import logging
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import h11
import msgspec
import pytest
import spnego

from checks.model import Reason
from checks.probes import Exchange, Login, PhoneSession, PhoneSignIn, Unanswered, Unreached
from checks.probes.accounts import Accounts
from checks.probes.addresses import Network
from checks.probes.phone import PhoneProbe
from checks.probes.phone_trust import Trust
from checks.probes.wire import Deadlines
from checks.secret import Secret
from tests.unit.probes.conftest import WEB, Authority, Serve

PASSWORD = "Kanarie %&+ 7€vögel"
SIP = "sip:kenmyer@litwareinc.com"
ROOT = "/Autodiscover/AutodiscoverService.svc/root"
SERVICE = "/WebTicket/WebTicketService.svc"
TOKENS = "/WebTicket/oauthtoken"
UCWA = "/ucwa/oauth/v1/applications"
PIECE = 64 * 1024
ELSEWHERE = "https://web.fabrikam.com"

Headers = list[tuple[str, str]]
Respond = Callable[["Asked"], "tuple[int, Headers, bytes] | None"]


class Asked:
    """A request that came in, and the connection it came on."""

    def __init__(self, request: h11.Request, body: bytes, connection: int) -> None:
        target, _, self.query = request.target.decode().partition("?")
        self.line = f"{request.method.decode()} {target}"
        self.headers = {name.decode(): value.decode("latin-1") for name, value in request.headers}
        self.body = body
        self.connection = connection

    @property
    def token(self) -> bytes:
        """The token of a Windows sign-in."""
        return base64.b64decode(self.headers.get("authorization", "").partition(" ")[2])


SILENCE: tuple[int, "Headers", bytes] = (0, [], b"")
"""No answer, until the client goes."""


class Server:
    """Answers by `METHOD path`, over TLS. A missing line is 404, None closes the connection."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.asked: list[Asked] = []
        self.connections = 0
        self.sent = 0

    def lines(self) -> list[str]:
        return [asked.line for asked in self.asked]

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        await self._serve(reader, writer, self.connections)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> None:
        http = h11.Connection(h11.SERVER)
        body, request = b"", None
        while True:
            event: Any = http.next_event()
            if event is h11.NEED_DATA:
                data = await reader.read(65536)
                http.receive_data(data)
                if not data:
                    return
            elif isinstance(event, h11.Request):
                request = event
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage) and request is not None:
                answer = self._answer(Asked(request, body, number))
                if answer is None:
                    return
                if answer == SILENCE:
                    await reader.read()
                    return
                status, headers, content = answer
                if ("Version", "1.0") in headers:
                    lines = [f"HTTP/1.0 {status} x", *(f"{name}: {value}" for name, value in headers), "", ""]
                    writer.write("\r\n".join(lines).encode())
                    return
                length = [("Content-Length", str(len(content)))]
                with contextlib.suppress(ConnectionError):
                    writer.write(http.send(h11.Response(status_code=status, headers=[*headers, *length])))
                    for start in range(0, len(content), PIECE):
                        writer.write(http.send(h11.Data(data=content[start : start + PIECE])) or b"")
                        await writer.drain()
                        self.sent += PIECE
                    writer.write(http.send(h11.EndOfMessage()) or b"")
                    await writer.drain()
                if http.our_state is not h11.DONE:
                    return
                http.start_next_cycle()
                body, request = b"", None

    def _answer(self, asked: Asked) -> tuple[int, Headers, bytes] | None:
        self.asked.append(asked)
        answer = self.answers.get(asked.line, (404, [], b""))
        found: tuple[int, Headers, bytes] | None = answer(asked) if callable(answer) else answer
        return found


def https(path: str, host: str = WEB) -> str:
    return f"https://{host}{path}"


def document(kind: str = "Root", **links: str) -> tuple[int, Headers, bytes]:
    inner = "".join(f'<Link token="{token}" href="{href}"/>' for token, href in links.items())
    body = f'<AutodiscoverResponse AccessLocation="External"><{kind}>{inner}</{kind}></AutodiscoverResponse>'
    return 200, [("Content-Type", "application/vnd.microsoft.rtc.autodiscover+xml")], body.encode()


def metadata(location: str = https(SERVICE)) -> tuple[int, Headers, bytes]:
    port = f'<port name="WebTicketServiceWinNegotiate"><address location="{location}"/></port>'
    return 200, [], f"<service>{port}</service>".encode()


def offer(url: str = https(TOKENS), grants: str = "password") -> tuple[int, Headers, bytes]:
    return 401, [("WWW-Authenticate", f'MsRtcOAuth href="{url}",grant_type="{grants}"')], b""


def as_json(status: int, **value: Any) -> tuple[int, Headers, bytes]:
    return status, [("Content-Type", "application/json")], json.dumps(value).encode()


def challenged() -> tuple[int, Headers, bytes]:
    return 401, [("WWW-Authenticate", "NTLM")], b""


def deployment(**changes: Any) -> dict[str, Any]:
    """A server that knows OAuth, one user, and UCWA."""
    hal = {"applications": {"href": https(UCWA)}}
    by_token = {
        "GET": lambda asked: as_json(200, _links=hal) if "authorization" in asked.headers else offer(),
    }
    return {
        f"GET {ROOT}": document(User=https(f"{ROOT}/user"), OAuth=https(f"{ROOT}/oauth/user")),
        f"GET {ROOT}/user": (401, [("X-MS-WebTicketURL", https(SERVICE))], b""),
        f"GET {ROOT}/oauth/user": by_token["GET"],
        f"GET {SERVICE}/mex": (200, [], b"<service><port name='WebTicketServiceCert'/></service>"),
        f"POST {TOKENS}": as_json(200, access_token="cwt=Kanarienvogel"),
        f"POST {UCWA}": as_json(201, _links={"self": {"href": f"{UCWA}/1"}}),
        f"DELETE {UCWA}/1": (204, [], b""),
    } | {name.replace("_", " ", 1): value for name, value in changes.items()}


Ask = Callable[..., Awaitable[Any]]


@pytest.fixture
def ask(
    serve: Serve, network: Callable[[int], Network], authority: Authority, short: Deadlines
) -> Callable[..., Awaitable[PhoneSession]]:
    """Signs in at a server with these answers; `probe` and `question` may be others."""

    async def asking(
        server: Server, *, seconds: float = 6.0, context: ssl.SSLContext | None = None, **options: Any
    ) -> Any:
        port = await serve(server, context or authority.server(WEB, "web.fabrikam.com"))
        accounts = Accounts({"sender": Secret(PASSWORD)})
        settings: dict[str, Any] = {
            "deadlines": Deadlines(connect=1.0, connecting=1.0, whole=3.0),
            "accounts": accounts,
        } | options
        probe = PhoneProbe(network(port), ca_file=authority.ca_file, seconds=seconds, **settings)
        login = Login(account="sender", user="litwareinc\\kenmyer")
        return await probe.ask(PhoneSignIn(login=login, sip=SIP, web=WEB, view="inside"))

    return asking


def text_of(session: Any) -> str:
    return msgspec.json.encode(session).decode() + repr(session) + "\n".join(session.lines())


async def test_by_oauth_alone(ask: Ask) -> None:
    server = Server(deployment())
    session = await ask(server)
    assert (session.ticket, session.has_token) == (None, True)
    assert session.application.status == 201
    assert session.deleted.status == 204
    form = next(asked for asked in server.asked if asked.line == f"POST {TOKENS}").body.decode()
    assert form == ("grant_type=password&username=litwareinc%5Ckenmyer&password=Kanarie+%25%26%2B+7%E2%82%ACv%C3%B6gel")
    created = next(asked for asked in server.asked if asked.line == f"POST {UCWA}")
    assert created.headers["authorization"] == "Bearer cwt=Kanarienvogel"
    assert json.loads(created.body).keys() == {"UserAgent", "EndpointId", "Culture"}
    assert all(asked.query == f"sipuri={SIP}" for asked in server.asked if asked.line.startswith(f"GET {ROOT}"))


def echoing(asked: Asked) -> tuple[int, Headers, bytes]:
    """An error that repeats what it was sent."""
    token = asked.headers.get("authorization", "")
    said = f"{PASSWORD} {asked.body.decode()} {token}"
    headers = [("X-Ms-diagnostics", f'28020;source="a";reason="{token}"'), ("Server", token or "none")]
    return 500, headers, json.dumps({"error": said, "message": said, "code": said}).encode()


async def test_a_server_that_repeats_secrets_is_not_believed(
    ask: Ask, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    for line in (f"POST_{TOKENS}", f"POST_{UCWA}", f"DELETE_{UCWA}/1"):
        server = Server(deployment(**{line: echoing}))
        session = await ask(server)
        text = text_of(session) + caplog.text
        for canary in (PASSWORD, "Kanarie", "vogel", "%C3%B6gel"):
            assert canary not in text, (line, canary)


LONG = "cwt=" + "Kanarienvogel" * 60


async def test_a_secret_is_known_by_its_beginning(ask: Ask) -> None:
    """The message is cut off in the middle of the token."""
    said = as_json(500, message=f"no: {LONG}")
    server = Server(deployment(**{f"POST_{TOKENS}": as_json(200, access_token=LONG), f"POST_{UCWA}": said}))
    session = await ask(server)
    assert session.application.message == "no: ***"


@pytest.mark.parametrize("token", ["cwt=a\r\nX-Evil: b", "a b", "Kanarienvogel\n", 7])
async def test_a_token_that_fits_into_no_header_is_not_used(ask: Ask, token: Any) -> None:
    server = Server(deployment(**{f"POST_{TOKENS}": as_json(200, access_token=token)}))
    session = await ask(server)
    assert not session.has_token
    assert session.token.failure == "It brought no token."
    assert "Kanarie" not in text_of(session)
    assert session.application is None


async def test_a_redirect_of_http_is_never_followed(ask: Ask) -> None:
    sent_away = (302, [("Location", f"{ELSEWHERE}/take")], b"")
    for line in (f"POST_{TOKENS}", f"POST_{UCWA}", f"GET_{ROOT}/oauth/user"):
        server = Server(deployment(**{line: sent_away}))
        await ask(server)
        assert not [asked for asked in server.asked if asked.line.endswith("/take")], line
        assert {asked.headers["host"] for asked in server.asked} == {WEB}


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({f"GET_{SERVICE}/mex": metadata(f"{ELSEWHERE}/steal")}, "ticket"),
        ({f"GET_{SERVICE}/mex": metadata("http://lyncweb.litwareinc.com/steal")}, "ticket"),
        ({f"GET_{SERVICE}/mex": metadata("")}, ""),
        ({f"GET_{ROOT}/oauth/user": offer(f"{ELSEWHERE}/steal")}, "token"),
        ({f"GET_{ROOT}/oauth/user": offer("http://lyncweb.litwareinc.com/steal")}, "token"),
        ({f"GET_{ROOT}/oauth/user": offer("https://lyncweb.litwareinc.com:99999/steal")}, "token"),
        ({f"GET_{ROOT}/oauth/user": offer("https://a@web.fabrikam.com/steal")}, "token"),
        ({f"GET_{ROOT}": document(Redirect=f"{ELSEWHERE}/steal")}, "root"),
        ({f"GET_{ROOT}": document(Redirect="file:///steal")}, "root"),
    ],
)
async def test_a_password_goes_to_the_deployment_alone(ask: Ask, change: dict[str, Any], part: str) -> None:
    server = Server(deployment(**change))
    session = await ask(server)
    assert not [asked for asked in server.asked if "steal" in asked.line]
    stolen = [asked for asked in server.asked if asked.headers["host"] != WEB]
    assert not [asked for asked in stolen if asked.line.startswith("POST") or "authorization" in asked.headers]
    if part:
        exchange: Exchange = getattr(session, part)
        assert exchange.status == 0
        assert exchange.failure
        assert not exchange.credentials


async def test_a_document_elsewhere_gets_no_token(ask: Ask) -> None:
    root = document(User=https(f"{ROOT}/user"), OAuth=f"{ELSEWHERE}{ROOT}/oauth/user")
    server = Server(deployment(**{f"GET_{ROOT}": root, f"GET_{ROOT}/user": offer()}))
    session = await ask(server)
    assert session.has_token
    assert "lies outside of" in session.document.failure
    assert not [asked for asked in server.asked if asked.headers["host"] != WEB and "authorization" in asked.headers]


@pytest.mark.parametrize("own", ["https://web.fabrikam.com/ucwa/1", "", "//web.fabrikam.com/1", "https://[", "\\\\x"])
async def test_what_was_created_is_deleted_where_it_was_created(ask: Ask, own: str) -> None:
    server = Server(deployment(**{f"POST_{UCWA}": as_json(201, _links={"self": {"href": own}})}))
    session = await ask(server)
    assert session.application.status == 201
    assert session.deleted.status in {0, 404}
    assert {asked.headers["host"] for asked in server.asked} == {WEB}


async def test_the_password_is_proved_once_however_often_it_is_asked_for(ask: Ask) -> None:
    """A server that answers each proof with another challenge would have a client send it for ever."""

    def never_enough(asked: Asked) -> tuple[int, Headers, bytes]:
        if not asked.token:
            return challenged()
        return 401, [("WWW-Authenticate", challenge_to(FIRST))], b""

    server = Server(deployment(**{f"GET_{SERVICE}/mex": metadata(), f"POST_{SERVICE}": never_enough}))
    session = await ask(server)
    proofs = [asked for asked in server.asked if b"NTLMSSP\0\3\0\0\0" in asked.token]
    assert len(proofs) == 1
    assert session.refused
    assert session.ticket.credentials
    assert session.token is None


@pytest.fixture(autouse=True)
def accounts_of_the_acceptor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """pyspnego's acceptor wants to know somebody before it challenges anybody."""
    file = tmp_path / "accounts"
    file.write_text("litwareinc:pilar:another\n")
    monkeypatch.setenv("NTLM_USER_FILE", str(file))


FIRST = spnego.client("a", "b", protocol="ntlm", options=spnego.NegotiateOptions.use_ntlm).step() or b""
"""How anybody begins."""


def challenge_to(token: bytes) -> str:
    """What a server says to the first token of NTLM."""
    acceptor = spnego.server(protocol="ntlm", options=spnego.NegotiateOptions.use_ntlm)
    return f"NTLM {base64.b64encode(acceptor.step(token) or b'').decode()}"


@pytest.mark.parametrize("ending", [[("Connection", "close")], [("Version", "1.0")], []])
async def test_a_connection_that_is_not_kept_refuses_nobody(ask: Ask, ending: Headers) -> None:
    """Windows signs in on a connection. What ends it in the middle has not judged the password."""

    def cutting(asked: Asked) -> tuple[int, Headers, bytes] | None:
        if not asked.token:
            return challenged()
        if b"NTLMSSP\0\3\0\0\0" in asked.token:
            return challenged() if ending else None
        return 401, [("WWW-Authenticate", challenge_to(asked.token)), *ending], b""

    server = Server(deployment(**{f"GET_{SERVICE}/mex": metadata(), f"POST_{SERVICE}": cutting}))
    session = await ask(server)
    assert session.ticket.failure
    assert not session.refused
    assert session.has_token, "so another way is tried"


async def test_a_password_that_was_sent_and_waited_for_in_vain_is_not_sent_once_more(ask: Ask) -> None:
    """Nobody knows whether it will be refused: two refusals might lock the account."""

    def thinking(asked: Asked) -> tuple[int, Headers, bytes]:
        if not asked.token:
            return challenged()
        if b"NTLMSSP\0\3\0\0\0" in asked.token:
            return SILENCE
        return 401, [("WWW-Authenticate", challenge_to(asked.token))], b""

    server = Server(deployment(**{f"GET_{SERVICE}/mex": metadata(), f"POST_{SERVICE}": thinking}))
    deadlines = Deadlines(connect=1.0, connecting=1.0, whole=1.5)
    session = await ask(server, deadlines=deadlines)
    assert session.ticket.credentials
    assert not session.ticket.status
    assert f"POST {TOKENS}" not in server.lines()


@pytest.mark.parametrize("answer", ["NTLM", "NTLM bm90IGEgdG9rZW4=", "NTLM ====", "Negotiate", "Negotiate bm8="])
async def test_a_sign_in_that_ends_early_refuses_nobody(ask: Ask, answer: str) -> None:
    server = Server(
        deployment(**{f"GET_{SERVICE}/mex": metadata(), f"POST_{SERVICE}": (401, [("WWW-Authenticate", answer)], b"")})
    )
    session = await ask(server)
    assert session.ticket.status == 401
    assert session.ticket.failure
    assert not session.ticket.credentials
    assert not session.refused
    assert session.has_token


async def test_a_refusal_is_remembered_whoever_asks(ask: Ask) -> None:
    accounts = Accounts({"sender": Secret(PASSWORD)})
    refusing = as_json(400, error="invalid_grant")
    session = await ask(Server(deployment(**{f"POST_{TOKENS}": refusing})), accounts=accounts)
    assert session.refused
    server = Server(deployment())
    again = await ask(server, accounts=accounts)
    assert isinstance(again, Unanswered)
    assert (again.reason, again.account) == (Reason.DENIED, "sender")
    assert server.asked == []


async def test_what_another_probe_had_refused_meanwhile_is_not_sent(ask: Ask) -> None:
    accounts = Accounts({"sender": Secret(PASSWORD)})

    def refused_meanwhile(asked: Asked) -> tuple[int, Headers, bytes]:
        accounts.refuse("sender")
        return metadata()

    server = Server(deployment(**{f"GET_{SERVICE}/mex": refused_meanwhile}))
    assert isinstance(await ask(server, accounts=accounts), Unanswered)
    assert not [line for line in server.lines() if line.startswith("POST")]


async def test_an_answer_without_end_is_cut_off(ask: Ask) -> None:
    """What was sent beyond the limit was on its way when the probe closed the connection."""
    whole = 60_000_000
    server = Server(deployment(**{f"GET_{SERVICE}/mex": (200, [], b"<service>" + b"x" * whole)}))
    session = await ask(server)
    assert (session.metadata.status, session.metadata_ports) == (200, ())
    assert server.sent < whole / 2


async def test_a_server_that_falls_silent_costs_its_deadline_and_no_password(ask: Ask) -> None:
    def silent(asked: Asked) -> None:
        return None

    server = Server(deployment(**{f"GET_{SERVICE}/mex": silent}))
    session = await ask(server)
    assert (session.metadata.status, session.metadata.kind) == (0, "reset")
    assert (session.ticket, session.token) == (None, None), "a service that is down gets no password"


async def test_without_time_nothing_is_sent(ask: Ask) -> None:
    server = Server(deployment())
    session = await ask(server, seconds=0.0)
    assert isinstance(session, Unreached | Unanswered)
    assert server.asked == []


async def test_cancelling_closes_the_connection(ask: Ask) -> None:
    reached, ended = asyncio.Event(), asyncio.Event()

    class Waiting(Server):
        async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(10)
            reached.set()
            while await reader.read(65536):
                pass
            ended.set()

    waiting = Waiting({})
    task = asyncio.ensure_future(ask(waiting, seconds=60.0, deadlines=Deadlines(whole=60.0)))
    await asyncio.wait_for(reached.wait(), 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.wait_for(ended.wait(), 10)


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://lyncweb.litwareinc.com/x", True),
        ("https://pool2.litwareinc.com/x?y=z", True),
        ("https://sip.fabrikam.com/x", True),
        ("https://fe01.ad.litwareinc.local/x", True),
        ("https://litwareinc.com.evil.com/x", False),
        ("https://notlitwareinc.com/x", False),
        ("https://webdir.online.lync.com/x", False),
        ("http://lyncweb.litwareinc.com/x", False),
        ("https://lyncweb.litwareinc.com@evil.com/x", False),
        ("https://lyncweb.litwareinc.com\\@evil.com/x", False),
        ("https://lyncweb.litwareinc.com:0/x", False),
        ("https://lyncweb.litwareinc.com/a b", False),
        ("https://lyncweb.litwareinc.com\n/x", False),
        ("lyncweb.litwareinc.com/x", False),
        ("", False),
    ],
)
def test_where_a_secret_may_go(url: str, may: bool) -> None:
    trust = Trust("lyncweb.litwareinc.com", "sip:anna@fabrikam.com", ("pool.ad.litwareinc.local", ""))
    assert (trust.why_not(url) == "") is may


def test_a_host_at_the_top_opens_no_country() -> None:
    assert Trust("lync.com", "sip:a@b.net").why_not("https://evil.com/") != ""
