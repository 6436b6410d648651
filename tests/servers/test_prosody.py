"""Prosody, as other people built it: the probe reports what the server was configured to do."""

import os
import shutil
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from checks.knowledge.xmpp.negotiation import Offer
from checks.knowledge.xmpp.stream_errors import meaning
from checks.probes import Presented
from checks.probes.xmpp_facts import StreamFacts
from lab.addresses import free_ports
from lab.certificates import Authorities, Issued
from lab.web_servers import Certificate
from tests.servers.xmpp_servers import ADDRESS, DOMAIN, HOST, OURS, Ports, installed, only, running, seen
from tests.unit.probes.xmpp_peers import client_certificate

PROSODY = shutil.which("prosody", path=f"{os.environ.get('PATH', '')}:/usr/bin:/usr/local/bin")


@pytest.fixture(scope="module")
def prosody() -> str:
    """Prosody's server."""
    return installed(PROSODY, "Prosody", "prosody")


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


def configuration(settings: Settings, folder: Path, ports: Ports) -> str:
    """A server of one domain for other servers alone. It looks nothing up unless a dialback begins."""
    loaded = ", ".join(f'"{module}"' for module in settings.modules)
    direct = f"s2s_direct_tls_ports = {{ {ports.direct} }}" if ports.direct else ""
    return f"""
run_as_root = true
daemonize = false
data_path = "{folder}"
pidfile = "{folder}/prosody.pid"
log = {{ {{ levels = {{ min = "info" }}, to = "console" }} }}
interfaces = {{ "{ADDRESS}" }}
c2s_ports = {{ }}
s2s_ports = {{ {ports.starttls} }}
{direct}
modules_enabled = {{ "s2s", "s2s_auth_certs", {loaded} }}
modules_disabled = {{ "c2s", "offline" }}
s2s_require_encryption = {str(settings.require_encryption).lower()}
s2s_secure_auth = {str(settings.secure_auth).lower()}
ssl = {{
    certificate = "{folder}/server.pem"; key = "{folder}/server.key"; cafile = "{folder}/root.pem";
    verify = {{ "peer", "client_once" }};
}}
VirtualHost "{DOMAIN}"
"""


def started(prosody: str, settings: Settings, folder: Path, ports: Ports) -> AbstractContextManager[None]:
    """Prosody, from the moment that it takes streams."""
    folder.joinpath("server.pem").write_bytes(b"".join(settings.certificate.sent))
    folder.joinpath("server.key").write_bytes(settings.certificate.key_pem)
    file = folder / "prosody.cfg.lua"
    file.write_text(configuration(settings, folder, ports))
    services = ["s2s", "s2s_direct_tls"] if ports.direct else ["s2s"]
    awaited = [f"Activated service '{service}' on [{ADDRESS}]" for service in services]
    return running([prosody, "-F", "--config", str(file)], awaited)


Asked = Callable[..., Awaitable[StreamFacts]]


@pytest.fixture
def asked(prosody: str, authorities: Authorities, tmp_path: Path) -> Asked:
    """What the probe tells of a Prosody with these settings."""

    async def ask(
        certificate: Certificate | None = None,
        *,
        domain: str = DOMAIN,
        client: str = "",
        direct: bool = False,
        **options: Any,
    ) -> StreamFacts:
        settings = Settings(authorities.issue(certificate or Certificate(names=[DOMAIN, HOST])), **options)
        free = free_ports([5269, 5270], [ADDRESS])
        ports = Ports(free[5269], free[5270] if direct else 0)
        ca_file = tmp_path / "root.pem"
        ca_file.write_bytes(authorities.trusted_pem)
        with started(prosody, settings, tmp_path, ports):
            return await seen(domain, ports, ca_file, client=client)

    return ask


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
