"""Partners by the dozen: one real Prosody serves their domains, one real BIND their names."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from lab.certificates import Authorities
from lab.model import Certificate
from tests.bench.own_network import NAME_SERVER
from tests.servers.xmpp_servers import running

ZONE = "contoso.com"
PORT = 5269


def domains(count: int) -> list[str]:
    """So many domains, at most 250."""
    return [f"partner{number:03}.{ZONE}" for number in range(1, count + 1)]


def host_of(domain: str) -> str:
    """The server of a domain; each has an address of its own."""
    return f"xmpp.{domain}"


@contextmanager
def serving(names: Sequence[str], named: str, prosody: str, folder: Path) -> Iterator[Path]:
    """Serves the domains on the standard ports; gives the file of the authority that issued their certificates."""
    authorities = Authorities()
    trusted = folder / "root.pem"
    trusted.write_bytes(authorities.trusted_pem)
    certificates = folder / "certificates"
    certificates.mkdir()
    for name in names:
        issued = authorities.issue(Certificate(names=[name]))
        (certificates / f"{name}.crt").write_bytes(b"".join(issued.sent))
        (certificates / f"{name}.key").write_bytes(issued.key_pem)
    (folder / "zone").write_text(_zone(names))
    (folder / "named.conf").write_text(_named_configuration(folder))
    (folder / "prosody.cfg.lua").write_text(_prosody_configuration(names, folder))
    with (
        running([named, "-4", "-g", "-n", "1", "-c", str(folder / "named.conf")], [" running"]),
        running([prosody, "-F", "--config", str(folder / "prosody.cfg.lua")], ["Activated service 's2s' on"]),
    ):
        yield trusted


def _zone(names: Sequence[str]) -> str:
    lines = ["$TTL 60", f"{ZONE}. IN SOA localhost. hostmaster.{ZONE}. 1 60 60 60 60", f"{ZONE}. IN NS localhost."]
    for number, name in enumerate(names, 1):
        lines.append(f"_xmpp-server._tcp.{name}. IN SRV 10 0 {PORT} {host_of(name)}.")
        lines.append(f"{host_of(name)}. IN A 127.0.1.{number}")
    return "\n".join(lines) + "\n"


def _named_configuration(folder: Path) -> str:
    return f"""
options {{
    directory "{folder}"; pid-file none; lock-file none; session-keyfile none;
    listen-on {{ {NAME_SERVER}; }}; listen-on-v6 {{ none; }};
    recursion no; notify no; dnssec-validation no; empty-zones-enable no; trust-anchor-telemetry no;
}};
controls {{ }};
zone "{ZONE}" {{ type primary; file "zone"; }};
"""


def _prosody_configuration(names: Sequence[str], folder: Path) -> str:
    """TLS is required, dialback and SASL are there, as Prosody's own default has it."""
    hosts = "\n".join(f'VirtualHost "{name}"' for name in names)
    return f"""
run_as_root = true
daemonize = false
data_path = "{folder}"
pidfile = "{folder}/prosody.pid"
certificates = "{folder}/certificates"
log = {{ {{ levels = {{ min = "info" }}, to = "console" }} }}
interfaces = {{ "0.0.0.0" }}
c2s_ports = {{ }}
s2s_ports = {{ {PORT} }}
modules_enabled = {{ "s2s", "s2s_auth_certs", "tls", "dialback", "saslauth" }}
modules_disabled = {{ "c2s", "offline" }}
s2s_require_encryption = true
s2s_secure_auth = false
ssl = {{ cafile = "{folder}/root.pem"; verify = {{ "peer", "client_once" }} }}
{hosts}
"""
