"""Prosody, as other people built it: the probe reports what the server was configured to do."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from checks.deployment import Sources
from checks.knowledge.xmpp.negotiation import Offer
from checks.knowledge.xmpp.stream_errors import meaning
from checks.probes import Presented
from checks.probes.addresses import Network
from checks.probes.dns import DnsProbe
from checks.probes.xmpp import XmppProbe
from checks.probes.xmpp_facts import Attempt, Stream, StreamFacts
from lab.addresses import free_port
from lab.certificates import Authorities, Issued
from lab.web_servers import Certificate
from tests.unit.probes.conftest import NameServer
from tests.unit.probes.xmpp_peers import answering, client_certificate

PROSODY = shutil.which("prosody", path=f"{os.environ.get('PATH', '')}:/usr/bin:/usr/local/bin")
ADDRESS = "127.0.0.1"
DOMAIN, OURS, HOST = "contoso.com", "litwareinc.com", "xmpp.contoso.com"


@pytest.fixture(scope="module")
def prosody() -> str:
    """Prosody's server."""
    if PROSODY is None:
        if os.environ.get("CI"):
            pytest.fail("Prosody has to be there: install the package prosody.")
        pytest.skip("Prosody is not installed (Debian's package prosody).")
    return PROSODY


@pytest.fixture(scope="module")
def authorities() -> Authorities:
    return Authorities()


@dataclass
class Settings:
    """How one Prosody is configured."""

    certificate: Issued
    modules: list[str] = field(default_factory=lambda: ["tls", "dialback", "saslauth"])
    require_encryption: bool = True
    secure_auth: bool = False
    direct: bool = False


@dataclass
class Place:
    """Where it listens, and what it trusts."""

    folder: Path
    port: int
    direct_port: int
    ca_file: Path


def configuration(settings: Settings, place: Place) -> str:
    """A server of one domain for other servers alone. It looks nothing up unless a dialback begins."""
    loaded = ", ".join(f'"{module}"' for module in settings.modules)
    direct = f"s2s_direct_tls_ports = {{ {place.direct_port} }}" if settings.direct else ""
    return f"""
run_as_root = true
daemonize = false
data_path = "{place.folder}"
pidfile = "{place.folder}/prosody.pid"
log = {{ {{ levels = {{ min = "info" }}, to = "console" }} }}
interfaces = {{ "{ADDRESS}" }}
c2s_ports = {{ }}
s2s_ports = {{ {place.port} }}
{direct}
modules_enabled = {{ "s2s", "s2s_auth_certs", {loaded} }}
modules_disabled = {{ "c2s", "offline" }}
s2s_require_encryption = {str(settings.require_encryption).lower()}
s2s_secure_auth = {str(settings.secure_auth).lower()}
ssl = {{
    certificate = "{place.folder}/server.pem"; key = "{place.folder}/server.key"; cafile = "{place.ca_file}";
    verify = {{ "peer", "client_once" }};
}}
VirtualHost "{DOMAIN}"
"""


@asynccontextmanager
async def running(prosody: str, settings: Settings, place: Place) -> AsyncIterator[None]:
    """Prosody, from the moment that it takes streams."""
    place.folder.joinpath("server.pem").write_bytes(b"".join(settings.certificate.sent))
    place.folder.joinpath("server.key").write_bytes(settings.certificate.key_pem)
    file = place.folder / "prosody.cfg.lua"
    file.write_text(configuration(settings, place))
    process = await asyncio.create_subprocess_exec(
        prosody, "-F", "--config", str(file),
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    assert process.stdout is not None
    wanted = {"'s2s'", "'s2s_direct_tls'"} if settings.direct else {"'s2s'"}
    told: list[str] = []
    reading: asyncio.Task[bytes] | None = None
    try:
        async with asyncio.timeout(30):
            while wanted:
                line = (await process.stdout.readline()).decode(errors="replace")
                if not line:
                    pytest.fail("Prosody did not start:\n" + "".join(told))
                told.append(line)
                wanted -= {service for service in wanted if f"Activated service {service} on [{ADDRESS}]" in line}
        # What it goes on to tell must not fill the pipe.
        reading = asyncio.create_task(process.stdout.read())
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        if reading:
            await reading


async def seen(
    prosody: str, authorities: Authorities, folder: Path, settings: Settings, *, domain: str = DOMAIN, client: str = ""
) -> StreamFacts:
    """What the probe tells of that server."""
    ca_file = folder / "root.pem"
    ca_file.write_bytes(authorities.trusted_pem)
    port = free_port([ADDRESS])
    while (direct_port := free_port([ADDRESS])) == port:
        pass
    place = Place(folder, port, direct_port, ca_file)
    zone = {(f"_xmpp-server._tcp.{domain}", "SRV"): [f"10 0 {place.port} {HOST}."], (HOST, "A"): [ADDRESS]}
    if settings.direct:
        zone[f"_xmpps-server._tcp.{domain}", "SRV"] = [f"20 0 {place.direct_port} {HOST}."]
    async with AsyncExitStack() as stack:
        server = NameServer(answering(zone))
        name_port = free_port([ADDRESS])
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: server, local_addr=(ADDRESS, name_port)
        )
        stack.callback(transport.close)
        await stack.enter_async_context(running(prosody, settings, place))
        sources = Sources(dns_outside=f"{ADDRESS}:{name_port}")
        resolver = DnsProbe(sources, "outside")
        network = Network(sources, resolver, "outside")
        probe = XmppProbe(resolver, network, ca_file=str(ca_file), client_certificate=client)
        facts = await probe.ask(Stream(domain=domain, from_domain=OURS, view="outside"))
    assert isinstance(facts, StreamFacts)
    return facts


Asked = Callable[..., Awaitable[StreamFacts]]


@pytest.fixture
def asked(prosody: str, authorities: Authorities, tmp_path: Path) -> Asked:
    """What the probe tells of a Prosody with these settings."""

    async def ask(
        certificate: Certificate | None = None, *, domain: str = DOMAIN, client: str = "", **options: Any
    ) -> StreamFacts:
        settings = Settings(authorities.issue(certificate or Certificate(names=[DOMAIN, HOST])), **options)
        return await seen(prosody, authorities, tmp_path, settings, domain=domain, client=client)

    return ask


def only(facts: StreamFacts) -> Attempt:
    (attempt,) = facts.attempts
    assert attempt.port != 0
    assert facts.way == "records"
    return attempt


@pytest.fixture
def client(authorities: Authorities, tmp_path: Path) -> str:
    """A client's certificate of an authority that Prosody trusts."""
    issuer = authorities.issue(Certificate(names=[OURS])).leaf.issuer
    assert issuer is not None
    return client_certificate(OURS, issuer.certificate, issuer.key, tmp_path)


@pytest.mark.parametrize(("required", "tls"), [(True, "required"), (False, "offered")])
async def test_tls_that_is_required_or_offered_and_dialback(asked: Asked, required: bool, tls: str) -> None:
    attempt = only(await asked(require_encryption=required))
    assert attempt.last_word is None
    assert attempt.offer == Offer(tls=tls, external="unknown", dialback="offered")  # type: ignore[arg-type]
    assert attempt.plain is not None
    assert attempt.plain.features is not None
    assert attempt.plain.features.starttls == tls
    assert attempt.secured is not None
    assert isinstance(attempt.secured.tls, Presented)
    assert (attempt.secured.tls.verified, attempt.secured.speaks_for(DOMAIN)) == (True, True)
    assert attempt.verified is not None
    assert (attempt.verified.outcome, attempt.verified.over_tls) == ("invalid", True)


async def test_tls_that_is_off(asked: Asked) -> None:
    attempt = only(await asked(modules=["dialback", "saslauth"], require_encryption=False))
    assert (attempt.last_word, attempt.secured) == (None, None)
    assert attempt.offer == Offer(tls="absent", external="unknown", dialback="offered")
    assert attempt.verified is not None
    assert (attempt.verified.outcome, attempt.verified.over_tls) == ("invalid", False)


async def test_dialback_that_is_off_leaves_nothing_to_offer(asked: Asked) -> None:
    attempt = only(await asked(modules=["tls", "saslauth"]))
    assert attempt.plain is not None
    assert attempt.plain.features is not None
    assert (attempt.plain.features.starttls, attempt.plain.features.dialback) == ("required", False)
    assert attempt.last_word is not None
    assert (attempt.last_word.stage, attempt.last_word.kind) == ("secured features", "stream-error")
    assert attempt.error is not None
    assert "does no dialback" in meaning(attempt.error.condition, attempt.error.text).sentence
    assert attempt.verified is None
    assert attempt.offer == Offer(tls="required", external="unknown", dialback="unknown")


async def test_external_is_offered_to_our_certificate_and_not_without(asked: Asked, client: str) -> None:
    attempt = only(await asked(client=client))
    assert attempt.secured is not None
    assert attempt.secured.opening is not None
    assert attempt.secured.opening.features is not None
    assert attempt.secured.opening.features.mechanisms == ()
    assert attempt.certified_features is not None
    assert attempt.certified_features.mechanisms == ("EXTERNAL",)
    assert attempt.offer == Offer(tls="required", external="offered", dialback="offered")


async def test_a_server_that_wants_certificates_says_what_is_wrong_with_ours(asked: Asked, client: str) -> None:
    attempt = only(await asked(modules=["tls", "saslauth"], secure_auth=True, client=client))
    assert attempt.error is not None
    assert attempt.error.condition == "not-authorized"
    assert meaning(attempt.error.condition, attempt.error.text).act == "certificate"
    assert attempt.certified_features is not None
    assert attempt.offer.external == "offered"


@pytest.mark.parametrize(
    ("certificate", "verified", "code", "speaks"),
    [
        (Certificate(names=[DOMAIN], begins=-60, ends=-2), False, 10, True),
        (Certificate(names=[DOMAIN], issuer="self"), False, 18, True),
        (Certificate(names=[DOMAIN], issuer="stranger"), False, 20, True),
        (Certificate(names=[DOMAIN], sends="leaf"), False, 20, True),
        (Certificate(names=[HOST, f"*.{DOMAIN}"]), True, 0, False),
    ],
    ids=["expired", "self-signed", "stranger", "no-intermediate", "wrong-name"],
)
async def test_certificates(asked: Asked, certificate: Certificate, verified: bool, code: int, speaks: bool) -> None:
    attempt = only(await asked(certificate))
    assert attempt.secured is not None
    shown = attempt.secured.tls
    assert isinstance(shown, Presented)
    assert (shown.verified, attempt.secured.speaks_for(DOMAIN)) == (verified, speaks)
    assert shown.rule.endswith(f"(code {code})") or (not code and not shown.rule)
    assert shown.chain[0].names == tuple(certificate.names)
    assert attempt.verified is not None
    assert attempt.verified.answers


async def test_a_domain_that_it_does_not_serve(asked: Asked) -> None:
    attempt = only(await asked(domain="fabrikam.com"))
    assert attempt.error is not None
    assert attempt.error.condition == "host-unknown"
    assert "does not serve" in meaning(attempt.error.condition, attempt.error.text).sentence


async def test_direct_tls_beside_starttls(asked: Asked) -> None:
    facts = await asked(direct=True)
    assert [attempt.target.direct for attempt in facts.attempts] == [False, True]
    for attempt in facts.attempts:
        assert attempt.last_word is None
        assert attempt.secured is not None
        assert isinstance(attempt.secured.tls, Presented)
        assert attempt.secured.tls.verified
        assert attempt.verified is not None
        assert attempt.verified.outcome == "invalid"
