"""nginx publishes the pool by the model's rules: each publishing fault is found as with the lab's own reverse proxy."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from checks.runbooks import RUNBOOKS
from checks.walk import verdict_of
from lab import scenarios
from lab.addresses import FullBacklog
from lab.client import Connection, Running
from lab.model import DOMAIN, POOL, Publication, ReverseProxy
from lab.powershell_host import model_of
from tests import in_process
from tests.end_to_end.walking import walked_as_it_is

pytestmark = pytest.mark.lab

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
BY_RULES = [one["name"] for one in scenarios.listing() if one["name"].startswith("publishing-")]
CASES = [
    "healthy",
    "healthy-autodiscover-by-https-alone",
    *BY_RULES,
    *("autodiscover-internal-site", "autodiscover-internal-site-one-name", "autodiscover-login-form"),
    *("autodiscover-pool-unreached", "autodiscover-not-found", "tls-incomplete-chain"),
]
FORM = '<form method="post" action="/logon"><input name="user"><input type="password" name="password"></form>'
NOBODY = "partner"
"""A host where nothing listens for web requests."""


@pytest.fixture
def nginx() -> str:
    """The nginx server."""
    if NGINX is None:
        if os.environ.get("CI"):
            pytest.fail("nginx has to be there: install the package nginx-light.")
        pytest.skip("nginx is not installed (Debian's package nginx-light).")
    return NGINX


def configuration(proxy: ReverseProxy, where: Connection, folder: Path) -> str:
    """What nginx has to do to be the reverse proxy of the model. Each rule that fits first is a location."""
    address = where.addresses[proxy.host]
    names = list(dict.fromkeys(name for rule in proxy.publications for name in rule.names))
    servers = [_server(proxy, where, address, name) for name in (*names, "")]
    temporary = "\n".join(
        f"    {kind}_temp_path {folder / kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    ways = {(rule.to, rule.way, port) for rule in proxy.publications for port in (rule.https_to, rule.http_to) if port}
    upstreams = "\n".join(_upstream(where, *way) for way in sorted(ways))
    return f"""
daemon off; master_process off; pid {folder / "pid"}; error_log stderr notice;
events {{ }}
http {{
    access_log off; server_names_hash_bucket_size 128; proxy_connect_timeout 3s; proxy_redirect off;
    proxy_http_version 1.1; default_type text/html;
    ssl_certificate {folder / "chain.pem"}; ssl_certificate_key {folder / "key.pem"};
{temporary}
{upstreams}
{"".join(servers)}
}}
"""


def _upstream(where: Connection, to: str, way: str, port: int) -> str:
    host = to if way == "open" else NOBODY
    return (
        f"    upstream {_upstream_name(to, way, port)} {{ server {where.addresses[host]}:{where.ports[str(port)]}; }}"
    )


def _upstream_name(to: str, way: str, port: int) -> str:
    """What the site is asked by where nginx does not keep the host header; for the pool's external site its own name."""
    return POOL if (to, way, port) == ("pool", "open", 4443) else f"{to}-{port}-{way}.{DOMAIN}"


def _server(proxy: ReverseProxy, where: Connection, address: str, name: str) -> str:
    """Both ports of one name; without a name those of all others."""
    rules = [rule for rule in proxy.publications if not rule.names or name in rule.names]
    default = "" if name else " default_server"
    heads = [(f"listen {address}:{where.ports['443']} ssl{default};", True)]
    if any(rule.http_to for rule in proxy.publications):
        heads.append((f"listen {address}:{where.ports['80']}{default};", False))
    return "".join(
        f"    server {{ {head} server_name {name or '_'};\n{_locations(rules, proxy.unpublished, secure=secure)}    }}\n"
        for head, secure in heads
    )


def _locations(rules: list[Publication], unpublished: int, *, secure: bool) -> str:
    """Paths are compared whatever their case, as IIS does, and the first that fits is taken."""
    places: list[str] = []
    for path, rule in ((path, each) for each in rules for path in each.paths):
        where = "/" if path == "/" else f"~* ^{path}(/|$)"
        places.append(f"        location {where} {{ {_does(rule, secure=secure)} }}\n")
        if path == "/":
            break
    else:
        places.append(f"        location / {{ return {unpublished}; }}\n")
    return "".join(places)


def _does(rule: Publication, *, secure: bool) -> str:
    port = rule.https_to if secure else rule.http_to
    if port is None:
        return "return 404;"
    if rule.sends_to:
        return f"return 302 {rule.sends_to};"
    if rule.pre_authentication == "form":
        return f"return 200 '{FORM}';"
    if rule.pre_authentication == "challenge":
        return 'auth_basic "proxy"; auth_basic_user_file accounts; try_files /nothing =404;'
    host = "$http_host" if rule.keeps_host else "$proxy_host"
    posts = "limit_except GET { deny all; } " if rule.refuses_post else ""
    scheme = "https" if secure else "http"
    return f"{posts}proxy_set_header Host {host}; proxy_pass {scheme}://{_upstream_name(rule.to, rule.way, port)};"


@asynccontextmanager
async def publishing(nginx: str, running: Running, proxy: ReverseProxy, folder: Path) -> AsyncIterator[None]:
    """nginx at the address of the reverse proxy, with a certificate of the lab's authority."""
    issued = await running.control("certificate", host=proxy.host)
    for name, content in {"chain.pem": issued["chain"], "key.pem": issued["key"], "accounts": ""}.items():
        (folder / name).write_text(content)
    (folder / "nginx.conf").write_text(configuration(proxy, running.connection, folder))
    process = await asyncio.create_subprocess_exec(
        nginx, "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf"),
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    told: list[str] = []
    try:
        async with asyncio.timeout(30):
            # It says this once it listens.
            while not told or "getrlimit(" not in told[-1]:
                line = await process.stderr.readline()
                if not line:
                    pytest.fail("nginx did not start:\n" + "\n".join(told))
                told.append(line.decode(errors="replace").rstrip())
        # What it goes on to tell must not fill the pipe.
        reading = asyncio.create_task(process.stderr.read())
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
    await reading


@asynccontextmanager
async def swallowing(where: Connection, proxy: ReverseProxy) -> AsyncIterator[None]:
    """What a silent way leads to: a port that takes no connection and refuses none."""
    silent = {port for rule in proxy.publications if rule.way == "silent" for port in (rule.https_to, rule.http_to)}
    held = [FullBacklog(where.addresses[NOBODY], where.ports[str(port)]) for port in silent if port]
    try:
        yield
    finally:
        for each in held:
            each.close()


@pytest.mark.parametrize("name", CASES)
async def test_nginx_leads_to_the_same_cause(name: str, nginx: str, tmp_path: Path) -> None:
    scenario = next(one for one in scenarios.listing() if one["name"] == name)
    proxy = model_of([name]).reverse_proxy
    async with in_process.start(name, without=[proxy.host]) as running, swallowing(running.connection, proxy):
        async with publishing(nginx, running, proxy, tmp_path):
            journal = await walked_as_it_is(running, "mobility", (name,), agreed=False)
            asked = await running.control("requests")
    verdict = verdict_of(RUNBOOKS["mobility"], journal)
    assert verdict.cause == scenario["cause"], verdict.headline
    assert asked["reverse-proxy"] == {}
    if scenario["cause"] is None:
        findings = [concluded.finding for concluded in journal.concluded.values()]
        assert not {"failed", "warning", "unknown"} & {finding.status for finding in findings}, findings
        assert asked["pool-external"]


def test_the_faults_of_publishing_are_among_the_cases() -> None:
    assert len(BY_RULES) > 5
