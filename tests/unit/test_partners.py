"""Many partners in one report: a walk about each, with what they share asked once."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import html5lib
import jsonschema
import msgspec
import pytest

from checks.context import Context
from checks.deployment import Deployment, InvalidName, Vantage, parse_listed_domains
from checks.journal import VERSION, Began, Journal, now
from checks.model import Finding, Runbook, Stage, Step
from checks.partners import AT_ONCE, each_alone, walk_each
from checks.probes.journal import Evidence
from checks.report import FORMATS
from checks.report.partners import partners_report, write
from checks.walk import Walk
from tests.unit.canned import OUTCOMES, Facts, World, step

SCHEMA = Path(__file__).parents[2] / "docs" / "partners.schema.json"


def about_partner(judged: Callable[[str], str]) -> Step[Facts]:
    """A step that asks once for all, and then for its own partner."""

    async def gather(context: Context) -> Facts:
        await context.invoke("Get-Shared")
        await context.invoke("Get-Partner", Identity=context.deployment.partner)
        return Facts(said=(context.deployment.partner,))

    def judge(facts: Facts) -> Finding:
        answer = judged(facts.said[0])
        return OUTCOMES.finding(answer, f"{facts.said[0]} is {answer}.")

    return msgspec.structs.replace(step("partner", "Get-Partner"), gather=gather, judge=judge)


def book(judged: Callable[[str], str] = lambda partner: "good") -> Runbook:
    return Runbook(
        name="canned",
        title="Canned",
        purpose="tests",
        stages=(
            Stage(step=step("first", "Get-Shared"), otherwise="canned.partner"),
            Stage(step=about_partner(judged), otherwise=None),
        ),
    )


async def walked(
    partners: tuple[str, ...],
    judged: Callable[[str], str] = lambda partner: "good",
    world: World | None = None,
    walk_as: Callable[[Walk], Awaitable[object]] | None = None,
    domains: tuple[str, ...] = ("litwareinc.com",),
) -> tuple[Journal, ...]:
    ours = Deployment(vantage=Vantage.EDGE, domains=domains, partners=partners)
    began = Began(version=VERSION, runbook="canned", deployment=ours, at=now(), scenario="partner-silent")

    async def walking(walk: Walk) -> None:
        await (walk_as(walk) if walk_as else walk.run_all())

    return await walk_each(book(judged), began, world or World(), Evidence(), walking)


async def test_what_the_walks_share_is_asked_once() -> None:
    world = World()
    journals = await walked(("contoso.com", "fabrikam.com", "litwareinc.com"), world=world)
    assert sorted(world.asked) == ["Get-Partner"] * 3 + ["Get-Shared"]
    assert [journal.began.deployment.partner for journal in journals] == [
        "contoso.com",
        "fabrikam.com",
        "litwareinc.com",
    ]
    assert all(len(journal.asked) == 2 for journal in journals), "each has its own evidence"


async def test_only_so_many_walk_at_a_time() -> None:
    walking, most, go = 0, 0, asyncio.Event()

    async def walk_as(walk: Walk) -> None:
        nonlocal walking, most
        walking += 1
        most = max(most, walking)
        if walking == AT_ONCE:
            go.set()
        await go.wait()
        walking -= 1

    await walked(tuple(f"p{number}.example" for number in range(AT_ONCE * 3)), walk_as=walk_as)
    assert most == AT_ONCE


async def test_a_walk_that_gives_up_does_not_take_the_answer_from_the_others() -> None:
    world = World()
    world.held["Get-Shared"] = asyncio.Event()
    given_up = asyncio.Event()

    async def walk_as(walk: Walk) -> None:
        if walk.deployment.partner == "contoso.com":
            first = asyncio.ensure_future(walk.run_all())
            await world.arrived.wait()
            first.cancel()
            await asyncio.gather(first, return_exceptions=True)
            given_up.set()
        else:
            await given_up.wait()
            world.held["Get-Shared"].set()
            await walk.run_all()

    journals = await walked(("contoso.com", "fabrikam.com"), world=world, walk_as=walk_as)
    assert not journals[0].concluded
    assert journals[1].concluded["canned.first"].finding.answer == "good"
    assert world.asked.count("Get-Shared") == 1


def test_a_test_message_goes_to_the_receivers_own_partner() -> None:
    alone = each_alone(Deployment(partners=("contoso.com", "fabrikam.com"), receiver="adelany@contoso.com"))
    assert [(one.partners, one.receiver) for one in alone] == [
        (("contoso.com",), "adelany@contoso.com"),
        (("fabrikam.com",), ""),
    ]


@pytest.mark.parametrize("form", FORMATS)
async def test_every_format_tells_of_every_partner(form: str) -> None:
    journals = await walked(
        ("contoso.com", "fabrikam.com"), lambda partner: "bad" if partner == "fabrikam.com" else "good"
    )
    text = write(partners_report(journals, book()), form)
    assert "fabrikam.com is bad." in text
    assert "contoso.com" in text or form == "nagios"
    if form in {"text", "markdown", "html"}:
        assert text.index("2 partners: 1 ok, 1 failed") < text.index("fabrikam.com is bad.")
        assert "een from edge" in text
        assert re.search(r"practice scenario partner\\?-silent", text)
    if form == "json":
        told = json.loads(text)
        jsonschema.validate(told, json.loads(SCHEMA.read_text(encoding="utf-8")))
        assert told["counts"] == {"ok": 1, "failed": 1}
        assert [one["deployment"]["partners"] for one in told["partners"]] == [["contoso.com"], ["fabrikam.com"]]
    if form == "html":
        html5lib.HTMLParser(strict=True).parse(text)
        assert re.findall(r"<(h[12])>(.*?)<", text) == [
            ("h1", "Canned of litwareinc.com"),
            ("h2", "contoso.com"),
            ("h2", "fabrikam.com"),
        ]
    if form == "markdown":
        headings = re.findall(r"^##? .*", text, re.MULTILINE)
        assert headings == ["# Canned of litwareinc.com", "## contoso.com", "## fabrikam.com"]
    if form == "nagios":
        assert text.startswith("CANNED CRITICAL - 1 of 2 partners are not fine: fabrikam.com | partners=2 troubled=1\n")


async def test_no_partner_stands_for_our_own_side() -> None:
    journals = await walked(("contoso.com", "fabrikam.com"), domains=())
    first, second, *_ = write(partners_report(journals, book()), "text").splitlines()
    at = journals[0].began.at[:16].replace("T", " ")
    assert first == f"Canned, seen from edge, practice scenario partner-silent, {at} UTC"
    assert second == "2 partners: 2 ok"


async def test_what_is_the_same_for_all_is_told_once() -> None:
    journals = await walked(("contoso.com", "fabrikam.com"), world=World(**{"Get-Shared": "poor"}))
    text = write(partners_report(journals, book()), "text")
    assert text.count("First, warning: It is poor.") == 1


@pytest.mark.parametrize(
    ("text", "domains"),
    [
        ("contoso.com\nfabrikam.com\n", ("contoso.com", "fabrikam.com")),
        ("Domain,Owner\ncontoso.com,us\n\n# none\nCONTOSO.com\n", ("contoso.com",)),
    ],
)
def test_a_list_of_domains(text: str, domains: tuple[str, ...]) -> None:
    assert parse_listed_domains(text) == domains


@pytest.mark.parametrize("text", ["", "# nobody\n", "contoso.com\nuser@contoso.com\n", "contoso.com\nnot a name\n"])
def test_what_is_no_list_of_domains(text: str) -> None:
    with pytest.raises(InvalidName):
        parse_listed_domains(text)


def test_a_line_that_is_no_domain_is_shown_as_harmless_text() -> None:
    with pytest.raises(InvalidName, match=r"^Line 3, “foo \N{REPLACEMENT CHARACTER}\[31mbar”: That is not a domain\."):
        parse_listed_domains("contoso.com\n\nfoo \x1b[31mbar,us\n")
