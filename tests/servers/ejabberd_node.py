"""A node of ejabberd: one process without Erlang's own network, with as many domains as there are configurations."""

import asyncio
import json
import os
import re
import shutil
import ssl
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from checks.probes.xmpp_facts import Attempt
from lab.addresses import free_ports
from lab.certificates import Authorities
from lab.web_servers import Certificate
from tests.servers.xmpp_servers import ADDRESS, DOMAIN, OURS, Ports, installed, only, running, seen

ERLANG = shutil.which("erl", path=f"{os.environ.get('PATH', '')}:/usr/bin:/usr/local/bin")
MODULES = next(Path("/usr/lib").glob("*/ejabberd-*/ebin/ejabberd.beam"), None)
RUN = 'io:get_line(""), erlang:halt(0).'
"""It ends with its standard input, however the tests end."""
NO_LOOK_UPS = '{lookup, ["file"]}.\n{resolv_conf, "/nonexistent"}.\n{nameserver, {127, 0, 0, 1}}.\n'
PREFIXES = "xmlns:stream='http://etherx.jabber.org/streams' xmlns:db='jabber:server:dialback'"


def of(name: str) -> str:
    """The domain of one configuration."""
    return f"{name}.{DOMAIN}"


@dataclass(frozen=True)
class Node:
    """A running ejabberd. `older` has a port for direct TLS that takes no TLS 1.3."""

    ports: Ports
    older: Ports
    ca_file: Path

    async def attempts(self, name: str, client: str = "") -> tuple[Attempt, ...]:
        """What the probe tells of one of its domains, on both ways to TLS."""
        return (await seen(of(name), self.ports, self.ca_file, client=client)).attempts

    async def attempt(self, name: str, client: str = "") -> Attempt:
        """The same by STARTTLS alone."""
        return only(await seen(of(name), replace(self.ports, direct=0), self.ca_file, client=client))

    async def refusal(self, name: str, request: str, client: str = "") -> tuple[str, str]:
        """The condition and the text by which one of its domains refuses what a server asks for over direct TLS."""
        context = ssl.create_default_context(cafile=str(self.ca_file))
        if client:
            context.load_cert_chain(client)
        opening = f"<stream:stream xmlns='jabber:server' {PREFIXES} from='{OURS}' to='{of(name)}' version='1.0'>"
        async with asyncio.timeout(20):
            reader, writer = await asyncio.open_connection(
                ADDRESS, self.ports.direct, ssl=context, server_hostname=of(name)
            )
            writer.write(f"{opening}{request}".encode())
            answer = (await reader.readuntil(b"</text>")).decode()
        writer.close()
        found = re.search(r"<([a-z-]+)( xmlns='[^']*')?/><text[^>]*>([^<]*)</text>$", answer)
        assert found is not None, answer
        return found[1], found[3]


def started(folder: Path, configuration: dict[str, Any]) -> AbstractContextManager[None]:
    """ejabberd with this configuration, from the moment that it takes streams; without Erlang's own network."""
    erlang = installed(ERLANG if MODULES else None, "ejabberd", "ejabberd")
    assert MODULES is not None
    folder.joinpath("inetrc").write_text(NO_LOOK_UPS)
    # Whatever is JSON is YAML too.
    folder.joinpath("ejabberd.yml").write_text(json.dumps(configuration))
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "ERL_LIBS": str(MODULES.parents[2]),
        "ERL_INETRC": str(folder / "inetrc"),
        "ERL_CRASH_DUMP_SECONDS": "0",
        "EJABBERD_CONFIG_PATH": str(folder / "ejabberd.yml"),
        "EJABBERD_LOG_PATH": str(folder / "log" / "ejabberd.log"),
    }
    command = [erlang, "-noshell", "-mnesia", "dir", f'"{folder}/spool"', "-s", "ejabberd", "-eval", RUN]
    ports = [listener["port"] for listener in configuration["listen"]]
    return running(command, [f"connections at {ADDRESS}:{port} for ejabberd_s2s_in" for port in ports], environment)


@contextmanager
def node(folder: Path, authorities: Authorities, hosts: dict[str, Certificate], **options: Any) -> Iterator[Node]:
    """A running ejabberd that serves each of these domains with its certificate."""
    folder.joinpath("certificates").mkdir()
    for name, certificate in hosts.items():
        issued = authorities.issue(certificate)
        folder.joinpath("certificates", f"{name}.pem").write_bytes(issued.key_pem + b"".join(issued.sent))
    ca_file = folder / "root.pem"
    ca_file.write_bytes(authorities.trusted_pem)
    starttls, direct, older = free_ports([1, 2, 3], [ADDRESS]).values()
    common = {"ip": ADDRESS, "module": "ejabberd_s2s_in"}
    configuration: dict[str, Any] = {
        "hosts": [of(name) for name in hosts],
        "loglevel": "info",
        "acme": {"auto": False},
        "ca_file": str(ca_file),
        "certfiles": [str(folder / "certificates" / "*.pem")],
        "modules": {"mod_s2s_dialback": {}},
        "listen": [
            {**common, "port": starttls},
            {**common, "port": direct, "tls": True},
            {**common, "port": older, "tls": True, "protocol_options": ["no_tlsv1_3"]},
        ],
        **options,
    }
    with started(folder, configuration):
        yield Node(Ports(starttls, direct), Ports(starttls, older), ca_file)
