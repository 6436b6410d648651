"""The judgement of `xmpp.partner-dns`: by which records the Edge finds a partner."""

from typing import Any

import msgspec
import pytest

from checks.knowledge.dns_views import Sight
from checks.probes.xmpp_facts import Attempt, Way
from checks.xmpp.connections import reached
from checks.xmpp.partner_dns import STEP, Facts, judge
from checks.xmpp.service_records import ServiceRecords
from checks.xmpp.streams import Seen
from tests.unit.judgement import assert_asks, assert_whole
from tests.unit.xmpp.names import (
    CIRCLE,
    FAILURE,
    NO_DATA,
    NO_NAME,
    NO_VIEW,
    SILENCE,
    attempt,
    records,
    sight,
    srv,
    streams,
)

PARTNER, SERVER, ADDRESS = "fabrikam.com", "xmpp.fabrikam.com", "131.107.3.5"
PROXY = "proxy.fabrikam.com"
RIGHT = records(PARTNER, srv((SERVER, 5269)), sight(SERVER, ADDRESS))
DANGLING = records(PARTNER, srv((SERVER, 5269)), sight(SERVER))
BY_ADDRESS = records(PARTNER, NO_NAME, sight(PARTNER, ADDRESS))
LOST = records(PARTNER, NO_NAME, sight(PARTNER))


def facts(known: ServiceRecords | None = None, *addresses: str, proxy: str = "") -> Facts:
    return Facts(records=known, proxy=proxy, proxy_sight=sight(proxy, *addresses) if proxy else None)


def website(*attempts: Attempt, way: Way = "no-record") -> Facts:
    seen = [Seen(domain=PARTNER, facts=streams(*attempts, way=way), seat="edge")]
    return Facts(records=BY_ADDRESS, reached=reached(seen)[0])


SILENT = msgspec.structs.replace(attempt(PARTNER, ADDRESS), plain=None)
"""It takes the connection, and opens no stream."""


def unseen_proxy(known: ServiceRecords) -> Facts:
    return Facts(records=known, proxy=PROXY, proxy_sight=Sight(name=PROXY, view="outside", answer=SILENCE))


TABLE: list[tuple[str, Facts]] = [
    ("resolves", facts(RIGHT)),
    ("resolves", facts(records(PARTNER, srv((SERVER, 5270)), sight(SERVER, ADDRESS)))),
    ("resolves", facts(records(PARTNER, srv((SERVER, 5269)), sight(SERVER, "10.9.9.9")))),
    ("resolves", facts(RIGHT, ADDRESS, proxy=PROXY)),
    ("resolves", unseen_proxy(RIGHT)),
    ("not-found", facts(LOST)),
    ("not-found", facts(records(PARTNER, NO_DATA, sight(PARTNER)))),
    ("not-found", facts(records(PARTNER, CIRCLE, sight(PARTNER)))),
    ("not-found", website(attempt(PARTNER, ADDRESS, "refused"))),
    ("not-found", website(attempt(PARTNER, ADDRESS, "timeout"))),
    ("not-found", website(SILENT)),
    ("disabled", facts(records(PARTNER, srv((".", 0))))),
    ("dangling", facts(DANGLING)),
    ("no-record", facts(BY_ADDRESS)),
    ("no-record", website(attempt(PARTNER, ADDRESS))),
    ("no-record", website(attempt(PARTNER, ADDRESS, "no-route"))),
    ("no-record", website()),
    ("no-record", website(attempt(PARTNER, ADDRESS, "refused"), way="no-answer")),
    ("no-record", facts(records(PARTNER, NO_NAME, Sight(name=PARTNER, view="outside", answer=SILENCE)))),
    ("direct-only", facts(records(PARTNER, NO_NAME, sight(PARTNER), direct=srv((SERVER, 5270))))),
    ("direct-only", facts(records(PARTNER, srv((".", 0)), direct=srv((SERVER, 5270))))),
    (
        "some-dangling",
        facts(records(PARTNER, srv((SERVER, 5269), ("a.b", 5269)), sight(SERVER, ADDRESS), sight("a.b"))),
    ),
    ("alias", facts(records(PARTNER, srv((SERVER, 5269)), sight(SERVER, ADDRESS, alias="x.example.net")))),
    ("address-target", facts(records(PARTNER, srv((ADDRESS, 5269))))),
    ("by-proxy", facts(DANGLING, ADDRESS, proxy=PROXY)),
    ("by-proxy", facts(LOST, ADDRESS, proxy=PROXY)),
    ("by-proxy", facts(BY_ADDRESS, ADDRESS, proxy=PROXY)),
    ("by-proxy", unseen_proxy(DANGLING)),
    ("proxy-missing", facts(RIGHT, proxy=PROXY)),
    ("dangling", facts(DANGLING, proxy=PROXY)),
    ("no-partner", facts()),
    ("seen-from-edge", facts(records(PARTNER, NO_VIEW, inside=True))),
    ("not-seen", facts(records(PARTNER, NO_VIEW))),
    ("not-seen", facts(records(PARTNER, SILENCE))),
    ("not-seen", facts(records(PARTNER, FAILURE))),
    ("not-seen", facts(records(PARTNER, srv((SERVER, 5269)), Sight(name=SERVER, view="outside", answer=FAILURE)))),
]


@pytest.mark.parametrize(("answer", "known"), TABLE)
def test_judgement(answer: str, known: Facts) -> None:
    finding = judge(known)
    assert_whole(finding, answer)
    assert_asks(finding)


def test_every_answer_is_in_the_table() -> None:
    assert {answer.name for answer in STEP.answers} == {row[0] for row in TABLE}


@pytest.mark.parametrize(
    ("known", "told"),
    [
        (facts(BY_ADDRESS), "RFC 6120"),
        (facts(BY_ADDRESS), "not documented"),
        (facts(records(PARTNER, srv((SERVER, 5270)), sight(SERVER, ADDRESS))), "5270"),
        (facts(RIGHT, ADDRESS, proxy=PROXY), PROXY),
        (facts(DANGLING, ADDRESS, proxy=PROXY), SERVER),
    ],
)
def test_what_is_told_beside(known: Facts, told: str) -> None:
    assert any(told in line for line in judge(known).detail)


def test_the_lines_to_send_name_what_the_partner_has() -> None:
    said: Any = judge(facts(DANGLING)).remedies[0].action
    assert SERVER in said
    assert "_xmpp-server._tcp.fabrikam.com" in said


def test_a_proxy_that_leads_nowhere_is_cleared_by_one_command() -> None:
    assert judge(facts(RIGHT, proxy=PROXY)).remedies[0].command() == (
        "Set-CsXmppAllowedPartner -Identity fabrikam.com -ProxyFqdn $Null"
    )
