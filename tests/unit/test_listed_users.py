"""Many users at once: judged as a walk judges one, with few questions, whoever tells of them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.context import Asking
from checks.deployment import MOST_LISTED, Deployment, InvalidName, Vantage, parse_listed
from checks.journal import VERSION, Asked, Began, Concluded, Journal, now
from checks.knowledge.filters import any_of
from checks.listed_users import BATCH, ListedUser, judged, look_at, with_users
from checks.mobility import policy, user_enabled
from checks.mobility.runbook import MOBILITY
from checks.model import Finding, Reason, Status, Verdict
from checks.probes import Answer, Cmdlet, CmdletError, Objects, Question, Unanswered
from checks.probes.journal import Evidence
from checks.report import FORMATS, report_of, write
from checks.report.text import text
from tests.unit.canned import World
from tui.exit_codes import ExitCode
from tui.headless import code_of

POOL = "pool01.contoso.com"
POLICIES = Objects(
    objects=(
        {"Identity": "Global", "EnableMobility": True},
        {"Identity": "Tag:NoPhones", "EnableMobility": False},
        {"Identity": "Site:Paris", "EnableMobility": False},
    )
)
POOLS = Objects(objects=({"Identity": POOL, "Site": "Site:Redmond"}, {"Identity": "pool02", "Site": "Site:Paris"}))
NOBODY = Objects(errors=(CmdletError("Management object not found", "ManagementObjectNotFound,x", "ObjectNotFound"),))


def address(number: int) -> str:
    return f"sip:user{number}@contoso.com"


def account(sip: str, **changed: Any) -> dict[str, Any]:
    known = {
        "SipAddress": sip,
        "Enabled": True,
        "RegistrarPool": POOL,
        "HostingProvider": "SRV:",
        "MobilityPolicy": None,
    }
    return known | changed


class Directory(World):
    """A shell that knows users, and takes filters of addresses as Lync does."""

    def __init__(self, *accounts: dict[str, Any]) -> None:
        super().__init__()
        self.accounts = {one["SipAddress"]: one for one in accounts}
        self.questions: list[Cmdlet] = []

    async def ask(self, question: Any) -> Any:
        self.questions.append(question)
        match question.name:
            case "Get-CsMobilityPolicy":
                return POLICIES
            case "Get-CsPool":
                return POOLS
        wanted = dict(question.parameters)["Filter"]
        return Objects(objects=tuple(one for sip, one in self.accounts.items() if f"'{sip}'" in wanted))


def journal_of(users: tuple[str, ...], *asked: tuple[Question, Answer]) -> Journal:
    deployment = Deployment(vantage=Vantage.FRONT_END, pool=POOL, listed=users)
    journal = Journal(Began(version=VERSION, runbook="mobility", deployment=deployment, at=now()))
    for question, answer in asked:
        journal.add(Asked(question=question, answer=answer, seat="front-end", at=now(), took_ms=1))
    return journal


async def looked_at(world: World, users: tuple[str, ...], *evidence: Journal) -> dict[str, tuple[str, str]]:
    """The answers about each user, by address: of the account, and of the policy."""
    journal = journal_of(users)
    asking = Asking(world.probes, journal, Evidence(evidence))
    await look_at(asking, journal.began.deployment)
    return answers(journal)


def answers(journal: Journal) -> dict[str, tuple[str, str]]:
    steps = (user_enabled.STEP.id, policy.STEP.id)
    return {one.sip: (one.findings[steps[0]].answer, one.findings[steps[1]].answer) for one in judged(journal)}


CASES: dict[str, tuple[dict[str, Any], tuple[str, str]]] = {
    "fine": ({}, ("enabled", "allowed")),
    "switched-off": ({"Enabled": False}, ("not-enabled", "allowed")),
    "under-an-own-policy": ({"MobilityPolicy": "Tag:NoPhones"}, ("enabled", "disabled-for-user")),
    "in-a-site-without-phones": ({"RegistrarPool": "pool02"}, ("enabled", "disabled-for-site")),
    "in-a-pool-that-is-not-in-the-topology": ({"RegistrarPool": "pool09"}, ("other-pool", "not-seen")),
    "under-a-policy-that-is-gone": ({"MobilityPolicy": "Gone"}, ("enabled", "not-seen")),
    "online": (
        {"RegistrarPool": None, "HostingProvider": "sipfed.online.lync.com"},
        ("homed-online", "not-seen"),
    ),
}


@pytest.mark.parametrize("case", CASES)
async def test_each_user_is_judged_as_in_a_walk(case: str) -> None:
    changed, expected = CASES[case]
    sip = address(1)
    assert await looked_at(Directory(account(sip, **changed)), (sip,)) == {sip: expected}


async def test_who_is_not_among_the_users_brought_does_not_exist() -> None:
    world = Directory(account(address(1)))
    assert (await looked_at(world, (address(1), address(2))))[address(2)] == ("no-such-user", "no-users")


async def test_no_command_is_offered_for_an_address_that_may_be_mistyped() -> None:
    journal = journal_of((address(1),))
    await look_at(Asking(Directory().probes, journal, Evidence(())), journal.began.deployment)
    finding = judged(journal)[0].findings[user_enabled.STEP.id]
    assert "check the spelling" in finding.headline
    assert not any(remedy.command() for remedy in finding.remedies)


async def test_two_hundred_users_take_at_most_ten_calls_more_than_two() -> None:
    few, many = Directory(*map(account, map(address, range(2)))), Directory(*map(account, map(address, range(200))))
    await looked_at(few, tuple(map(address, range(2))))
    found = await looked_at(many, tuple(map(address, range(200))))
    assert set(found.values()) == {("enabled", "allowed")}
    assert len(many.questions) - len(few.questions) <= 10
    assert len(many.questions) == 2 + 200 // BATCH


async def test_a_call_that_fails_leaves_its_users_unknown_and_no_others() -> None:
    class Flaky(Directory):
        async def ask(self, question: Any) -> Any:
            if f"'{address(0)}'" in str(dict(question.parameters).get("Filter", "")):
                return Unanswered(reason=Reason.TIMEOUT, detail="Nobody answered.")
            return await super().ask(question)

    users = tuple(map(address, range(BATCH + 1)))
    journal = journal_of(users)
    await look_at(Asking(Flaky(*map(account, users)).probes, journal), journal.began.deployment)
    statuses = [user.status for user in judged(journal)]
    assert statuses == [Status.UNKNOWN] * BATCH + [Status.OK]
    reasons = {finding.reason for finding in judged(journal)[0].findings.values()}
    assert reasons == {Reason.TIMEOUT}


async def test_users_of_a_partial_answer_who_are_not_in_it_are_unknown() -> None:
    cut = Objects(objects=(account(address(1)),), errors=(CmdletError("The connection was lost.", "x"),))
    users = (address(1), address(2))
    question = Cmdlet(name="Get-CsUser", parameters=(("Filter", any_of("SipAddress", users)),))
    collections = ((Cmdlet(name="Get-CsMobilityPolicy"), POLICIES), (Cmdlet(name="Get-CsPool"), POOLS))
    found = answers(journal_of(users, (question, cut), *collections))
    assert found[address(1)] == ("enabled", "allowed")
    assert found[address(2)] == ("not-seen", "not-seen")


@pytest.mark.parametrize("form", ["one-by-one", "all-at-once"])
async def test_what_the_evidence_tells_is_not_asked(form: str) -> None:
    users = tuple(map(address, range(40)))
    told = [account(sip) for sip in users[:-1]]
    collections = [(Cmdlet(name="Get-CsMobilityPolicy"), POLICIES), (Cmdlet(name="Get-CsPool"), POOLS)]
    if form == "all-at-once":
        asked: list[tuple[Question, Answer]] = [(Cmdlet(name="Get-CsUser"), Objects(objects=tuple(told)))]
    else:
        named = [Cmdlet(name="Get-CsUser", parameters=(("Identity", sip),)) for sip in users]
        asked = list(zip(named, [*(Objects(objects=(one,)) for one in told), NOBODY], strict=True))
    world = World()
    found = await looked_at(world, users, journal_of((), *asked, *collections))
    assert world.asked == []
    assert found.pop(users[-1]) == ("no-such-user", "no-users")
    assert set(found.values()) == {("enabled", "allowed")}


async def test_twenty_thousand_users_are_read_once_each() -> None:
    """The work grows with the users, not with their square: each object of the evidence is looked at a few times."""
    looks = 0

    class Counted(dict[str, Any]):
        def items(self) -> Any:
            nonlocal looks
            looks += 1
            return super().items()

        def keys(self) -> Any:
            nonlocal looks
            looks += 1
            return super().keys()

    users = tuple(map(address, range(20_000)))
    everyone = Objects(objects=tuple(Counted(account(sip)) for sip in users))
    journal = journal_of(
        users,
        (Cmdlet(name="Get-CsUser"), everyone),
        (Cmdlet(name="Get-CsMobilityPolicy"), POLICIES),
        (Cmdlet(name="Get-CsPool"), POOLS),
    )
    assert set(answers(journal).values()) == {("enabled", "allowed")}
    assert looks <= 20 * len(users)


QUOTES = "'\u2018\u2019\u201a\u201b"


@given(
    st.lists(
        st.text(alphabet=st.characters(exclude_categories=("C", "Z")) | st.sampled_from(QUOTES + " "), min_size=1),
        min_size=1,
    )
)
def test_a_filter_is_read_back_as_the_values_it_was_made_of(values: list[str]) -> None:
    assert read_back(any_of("SipAddress", values)) == values


def read_back(text: str) -> list[str]:
    """As PowerShell reads it: any of its quotes begins and ends a value, a doubled one inside stands for itself."""
    values: list[str] = []
    while text:
        opening = "SipAddress -eq '"
        assert text.startswith(opening)
        position, value = len(opening), ""
        while not (text[position] in QUOTES and text[position + 1 : position + 2] != text[position]):
            value += text[position]
            position += 2 if text[position] in QUOTES else 1
        values.append(value)
        text = text[position + 1 :]
        assert not text or text.startswith(" -or ")
        text = text.removeprefix(" -or ")
    return values


@pytest.mark.parametrize("values", [[], ["two\nlines"], ["\x1b[2J"]])
def test_no_filter_is_made_of_nothing_or_of_what_is_no_line(values: list[str]) -> None:
    with pytest.raises(ValueError, match="filter"):
        any_of("SipAddress", values)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sip:a@contoso.com\nb@contoso.com\n", ("sip:a@contoso.com", "sip:b@contoso.com")),
        ("\ufeffSipAddress,Enabled\r\nsip:a@contoso.com,True\r\n", ("sip:a@contoso.com",)),
        ("# heads\n\na@contoso.com  # the chief\na@contoso.com\n", ("sip:a@contoso.com",)),
        ('"sip:a@contoso.com";"x"\n', ("sip:a@contoso.com",)),
    ],
)
def test_a_list_of_users_is_read(text: str, expected: tuple[str, ...]) -> None:
    assert parse_listed(text) == expected


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "no SIP address"),
        ("a@contoso.com\nnobody\n", "Line 2, “nobody”: "),
        ("a@contoso.com\nb'or'1@contoso.com\n", "Line 2, “b'or'1@contoso.com”: "),
        ("\n".join(f"u{number}@contoso.com" for number in range(MOST_LISTED + 1)), "too many"),
    ],
)
def test_a_list_that_is_none_gets_a_sentence(text: str, wrong: str) -> None:
    with pytest.raises(InvalidName, match=wrong):
        parse_listed(text)


async def test_each_command_of_the_list_stands_with_its_risk() -> None:
    journal = journal_of((address(1),))
    world = Directory(account(address(1), MobilityPolicy="Tag:NoPhones"))
    await look_at(Asking(world.probes, journal, Evidence(())), journal.began.deployment)
    lines = text(report_of(journal, MOBILITY)).splitlines()
    places = [number for number, line in enumerate(lines) if line.startswith("     Fix   ")]
    assert [lines[place].split()[1] for place in places] == ["Set-CsMobilityPolicy", "Grant-CsMobilityPolicy"]
    assert all(lines[place + 1].startswith("     Risk  ") for place in places)


TROUBLED = ListedUser(sip=address(1), findings={"a": Finding(answer="x", status=Status.FAILED, headline="He is off.")})
UNSEEN = ListedUser(sip=address(2), findings={"a": Finding(answer="x", status=Status.UNKNOWN, headline="Not seen.")})
FINE = ListedUser(sip=address(3), findings={"a": Finding(answer="x", status=Status.OK, headline="He is on.")})
FAULTLESS = Verdict(status=Status.OK, cause=None, headline="No fault found in Mobility.")
FAULTY = Verdict(status=Status.FAILED, cause="a.step/bad", headline="It is bad.")


@pytest.mark.parametrize(
    ("verdict", "users", "status", "headline"),
    [
        (FAULTLESS, (), Status.OK, "No fault found in Mobility."),
        (FAULTLESS, (FINE,), Status.OK, "No fault found in Mobility."),
        (
            FAULTLESS,
            (TROUBLED, FINE),
            Status.FAILED,
            "No fault found in Mobility; 1 of 2 users is not fine: sip:user1@contoso.com",
        ),
        (
            FAULTLESS,
            (TROUBLED, UNSEEN, FINE),
            Status.FAILED,
            "No fault found in Mobility; 2 of 3 users are not fine: sip:user1@contoso.com, sip:user2@contoso.com",
        ),
        (
            FAULTLESS,
            (UNSEEN, FINE),
            Status.UNKNOWN,
            "No fault found in Mobility; 1 of 2 users could not be seen: sip:user2@contoso.com",
        ),
        (FAULTY, (TROUBLED,), Status.FAILED, "It is bad."),
    ],
)
def test_the_verdict_tells_of_users_who_are_worse_off(
    verdict: Verdict, users: tuple[ListedUser, ...], status: Status, headline: str
) -> None:
    told = with_users(verdict, users)
    assert (told.status, told.headline, told.cause) == (status, headline, verdict.cause)


def test_of_many_users_the_headline_names_a_few() -> None:
    assert with_users(FAULTLESS, (TROUBLED,) * 200).headline.endswith("user1@contoso.com, 197 more")


@pytest.mark.parametrize("form", FORMATS)
async def test_every_format_and_the_exit_code_tell_of_the_user_who_is_not_fine(form: str) -> None:
    journal = journal_of((address(1), address(2)))
    journal.add(
        Concluded(step=MOBILITY.step_ids[0], finding=Finding(answer="x", status=Status.OK, headline="Fine."), at=now())
    )
    await look_at(Asking(Directory(account(address(2))).probes, journal), journal.began.deployment)
    reported = report_of(journal, MOBILITY)
    assert "1 of 2 users is not fine" in write(reported, form).replace("\\", "")
    assert reported.verdict.status is Status.FAILED
    assert code_of(reported) == ExitCode.FAULT
