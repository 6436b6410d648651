"""The judgement of `mobility.service-url`, as a table: what was seen, and what it means."""

from typing import Any

import msgspec
import pytest

from checks.context import Asking, Context
from checks.deployment import Product, Vantage
from checks.journal import VERSION, Began, Journal, now
from checks.mobility.service_url import STEP, Facts, judge
from checks.model import Reason, Status
from checks.probes import Hop, Response, Unanswered, Unreached
from tests.unit.mobility.told import Told, deployment

HOST = "lyncweb.litwareinc.com"
URL = f"https://{HOST}/mcx/mcxservice.svc"
LYNC = ("X-MS-Server-Fqdn", "atl-cs-001.litwareinc.com")
LOGIN = '<html><title>Guest Wi-Fi</title><form action="/login"><input TYPE="password" name="p"></form>'


def facts(reply: Any, **more: Any) -> Facts:
    known = {"host": HOST, "url": URL, "vantage": Vantage.INSIDE, "external": True}
    return Facts(**{**known, "known_hosts": (HOST, "atl-cs-001.litwareinc.com"), "reply": reply, **more})


def answered(status: int, *headers: tuple[str, str], body: str = "", **more: Any) -> Response:
    return Response(hops=(Hop(url=URL, address="192.0.2.1", status=status, headers=headers, body=body),), **more)


def unreached(phase: Any, kind: Any) -> Unreached:
    return Unreached(phase=phase, kind=kind, detail="as it was seen.", address="192.0.2.1")


TABLE: list[tuple[str, Any, dict[str, Any]]] = [
    ("lync-answers", answered(401, LYNC), {}),
    ("lync-answers", answered(200, LYNC), {}),
    ("lync-answers", answered(200, ("x-ms-server-fqdn", "fe")), {}),
    ("no-lync-header", answered(200), {}),
    ("no-lync-header", answered(401, ("WWW-Authenticate", "NTLM")), {}),
    ("not-lync", answered(200, body=LOGIN), {}),
    ("lync-answers", answered(200, LYNC, body=LOGIN), {}),
    ("not-lync", answered(302, stopped="stranger", location="https://portal.example/login"), {}),
    ("unexpected-status", answered(302, stopped="stranger", location="https://atl-cs-001.litwareinc.com/x"), {}),
    ("unexpected-status", answered(302, stopped="bad-location", location="::"), {}),
    ("redirect-loop", answered(302, stopped="loop", location=URL), {}),
    ("redirect-loop", answered(302, stopped="too-many", location=URL), {}),
    ("forbidden", answered(403, LYNC), {}),
    ("forbidden", answered(403), {}),
    ("not-installed", answered(404, LYNC), {"product": Product.LYNC_2013}),
    ("not-installed", answered(404), {"product": Product.SKYPE_2015}),
    ("not-on-this-version", answered(404), {"product": Product.SKYPE_2019}),
    ("not-on-this-version", answered(404, LYNC), {"product": Product.SUBSCRIPTION_EDITION}),
    ("version-needed", answered(404), {}),
    ("server-error", answered(500, LYNC), {}),
    ("server-error", answered(503), {}),
    ("unexpected-status", answered(418), {}),
    ("silent", unreached("reply", "silence"), {}),
    ("silent", unreached("reply", "drip"), {}),
    ("silent", unreached("reply", "reset"), {}),
    ("silent", unreached("reply", "not-http"), {}),
    ("not-seen", Unanswered(reason=Reason.TIMEOUT, detail="the name server does not answer."), {}),
    ("not-seen", answered(511, body=LOGIN), {}),
    ("not-seen", answered(407), {}),
    ("not-seen", unreached("name", "no-such-name"), {}),
    ("not-seen", unreached("name", "no-address"), {}),
    ("not-seen", unreached("connect", "timeout"), {}),
    ("not-seen", unreached("connect", "no-route"), {}),
    ("not-seen", unreached("connect", "refused"), {}),
    ("not-seen", unreached("tls", "handshake"), {}),
    ("not-seen", unreached("tls", "certificate"), {}),
    ("not-seen", unreached("tls", "silence"), {}),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "reply", "more"), TABLE, ids=[f"{n}-{row[0]}" for n, row in enumerate(TABLE)])
def test_judgement(answer: str, reply: Any, more: dict[str, Any]) -> None:
    finding = judge(facts(reply, **more))
    assert finding.answer == answer
    assert finding.headline.endswith(".")
    assert finding.link.startswith("https://")
    if finding.status in {Status.FAILED, Status.WARNING}:
        assert finding.remedies, "a fault comes with what to do"
    assert (finding.status is Status.UNKNOWN) == (finding.reason is not None)


def test_every_answer_of_the_step_is_in_the_table() -> None:
    assert {answer.name for answer in STEP.answers} == {row[0] for row in TABLE}


@pytest.mark.parametrize(
    ("phase", "step", "command"),
    [
        ("name", "DNS records", "Resolve-DnsName"),
        ("connect", "Ports", "Test-NetConnection"),
        ("tls", "Certificates", "openssl"),
    ],
)
def test_where_it_was_not_reached_the_step_is_named_that_looks_at_it(phase: Any, step: str, command: str) -> None:
    finding = judge(facts(unreached(phase, "timeout")))
    assert any(f"“{step}”" in line for line in finding.detail)
    assert finding.command.startswith(command)


class Web:
    """Implements a probe: a certificate that is refused, and what is behind it."""

    def __init__(self, behind: Any) -> None:
        self.asked: list[Any] = []
        self._behind = behind

    async def ask(self, question: Any) -> Any:
        self.asked.append(question)
        return self._behind if question.trusting else unreached("tls", "certificate")


class World(Told):
    def __init__(self, web: Web) -> None:
        super().__init__({})
        self._web = web

    http: Any = property(lambda self: self._web)


@pytest.mark.parametrize(
    ("behind", "answer"),
    [
        (answered(401, LYNC), "lync-answers"),
        (answered(503, ("Server", "Microsoft-HTTPAPI/2.0")), "server-error"),
        (Unanswered(reason=Reason.MISSING_INPUT, detail="Nobody looked past it."), "not-seen"),
    ],
)
async def test_a_certificate_that_is_refused_does_not_hide_the_service(behind: Any, answer: str) -> None:
    web, place = Web(behind), deployment(Vantage.OUTSIDE, web=HOST)
    record = Journal(Began(version=VERSION, runbook="mobility", deployment=place, at=now()))
    seen = await STEP.gather(Context(place, Asking(World(web), record)))
    assert judge(seen).answer == answer
    assert [question.trusting for question in web.asked] == [False, True]


def test_facts_survive_the_journal() -> None:
    before = facts(answered(404, LYNC), product=Product.LYNC_2013)
    after = msgspec.convert(msgspec.json.decode(msgspec.json.encode(before)), Facts)
    assert after == before
