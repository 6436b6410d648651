"""What was told beside a symptom changes the order of a walk. Whatever the order, the cause is the same."""

import json

import pytest

from lab import scenarios
from tests.end_to_end.command import lyncdoctor


@pytest.mark.lab
@pytest.mark.parametrize(
    ("scenario", "told"),
    [
        # Each puts steps before the one that finds the cause, and some of them rest on it.
        ("hairpin-dropped", ("one-user", "iphone")),
        ("tls-domain-missing", ("one-user", "iphone")),
        ("dns-external-leads-inside", ("one-user", "lync-2010")),
        ("policy-disabled-globally", ("many-users", "outside", "newer-app")),
        ("xmpp-proxy-absent", ("one-user", "one-partner")),
        ("xmpp-partner-dns-disabled", ("all-partners", "from-them")),
    ],
)
async def test_the_cause_is_found_in_whatever_order(scenario: str, told: tuple[str, ...]) -> None:
    entry = next(one for one in scenarios.listing() if one["name"] == scenario)
    seat = ("--vantage", entry["seat"]) if entry["seat"] else ()
    named = [word for name in told for word in ("--told", name)]
    ended = await lyncdoctor("run", entry["runbook"], "--lab", scenario, "--sign-in", *seat, *named, "--format", "json")
    report = json.loads(ended.stdout)
    verdict = report["verdict"]
    assert (verdict["cause"], verdict["also"]) == (entry["cause"], []), report["told"]
