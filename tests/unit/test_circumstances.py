"""What is told beside a symptom: it changes where a walk begins, and never takes away the step that finds the cause."""

import itertools
import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.circumstances import (
    MOST_NAME,
    MOST_TOLD,
    Circumstance,
    Detail,
    asked_beside,
    course_of,
    details_told,
    seat_of,
    steps_for,
    told_line,
)
from checks.deployment import Deployment, Vantage
from checks.journal import VERSION, Began, Journal, now
from checks.model import Runbook
from checks.redaction import redacted
from checks.runbooks import RUNBOOKS
from lab import scenarios
from tests.unit.test_symptoms import TOLD as MOBILITY_TOLD
from tests.unit.xmpp.test_symptoms import TOLD as XMPP_TOLD

CANNOT_BE = {
    ("outside", "mobility.hairpin"): "it works inside, where alone that way is taken",
    ("lync-2010", "mobility.ucwa"): "Lync 2010 Mobile came before UCWA, and talks to Mcx",
    ("newer-app", "mobility.service-url"): "the step asks Mcx, which only Lync 2010 Mobile talks to",
    ("from-them", "xmpp.test-message"): "the step sends a message out, and those arrive",
}
"""All that may be taken away, with the reason. A new entry wants to be thought over: a cause must never be missed."""

WORDS = {
    "inside": r"mobile data and fails on|on the office Wi-Fi the|^On the office Wi-Fi|on the office Wi-Fi\.$|guest Wi-Fi",
    "outside": r"Wi-Fi and fails on mobile data|^On mobile data|[Pp]hones outside cannot|^Calls from outside|fails on 3G",
    "one-user": r"^(Ken Myer|Pilar Ackerman) (cannot|signs in only)|Ken Myer sees no|Ken Myer has lost",
    "many-users": r"^(No phone|Nobody in|Hardly anybody|Nobody signs in|Colleagues|Users who)|no phone signs in|nobody reaches",
    "iphone": r"iPhones fail|on the iPhone cannot",
    "android": r"^Android phones cannot",
    "lync-2010": r"^Lync 2010 (Mobile (fails|cannot|asks|signs in and out)|on)|^Phones of Lync 2010",
    "newer-app": r"the newer app (says|asks)",
    "to-them": r"written to (people at )?fabrikam\.com (arrives|never)|^Messages to people at",
    "from-them": r"people at fabrikam\.com write|from fabrikam\.com never arrive|^What fabrikam\.com writes",
    "one-partner": r"^With one strict partner",
    "all-partners": r"^Nothing works with partners|nothing works with partners",
}
"""What the words of the lab's users tell, as a reader would answer it."""

FAULTY = [one for one in scenarios.listing() if one["cause"]]
DETAILS = [
    (book, circumstance, detail)
    for book in RUNBOOKS.values()
    for circumstance in book.circumstances
    for detail in circumstance.details
]
BESIDE = [(book, symptom) for book in RUNBOOKS.values() for symptom in ("", *(one.name for one in book.symptoms))]


def beginnings(scenario: dict[str, str]) -> set[str]:
    """The symptoms that a walk of the scenario may begin from: the one its words tell, or none."""
    return {"", {**MOBILITY_TOLD, **XMPP_TOLD}.get(scenario["symptom"], "")}


def words_of(scenario: dict[str, str]) -> list[str]:
    return [name for name, words in WORDS.items() if re.search(words, scenario["symptom"])]


def answers(book: Runbook) -> Iterator[tuple[str, ...]]:
    """Every way to answer all that is asked, from not knowing anything on."""
    options = [["", *(detail.name for detail in circumstance.details)] for circumstance in book.circumstances]
    return (tuple(filter(None, one)) for one in itertools.product(*options))


@pytest.mark.parametrize("scenario", FAULTY, ids=lambda one: one["name"])
def test_the_cause_of_every_scenario_is_walked_to_whatever_its_words_tell(scenario: dict[str, str]) -> None:
    book, step = RUNBOOKS[scenario["runbook"]], scenario["cause"].partition("/")[0]
    told = words_of(scenario)
    for symptom, chosen in itertools.product(beginnings(scenario), [*([one] for one in told), told]):
        assert step in steps_for(book, symptom, chosen), (symptom, chosen)


def test_the_words_of_the_lab_tell_something_of_every_kind() -> None:
    said = {name for one in FAULTY for name in words_of(one)}
    assert said == set(WORDS)


@pytest.mark.parametrize("book", RUNBOOKS.values(), ids=lambda book: book.name)
def test_the_cause_of_every_scenario_is_walked_to_after_every_answer_that_can_be_true(book: Runbook) -> None:
    causes = {
        (symptom, one["cause"].partition("/")[0])
        for one in FAULTY
        if one["runbook"] == book.name
        for symptom in beginnings(one)
    }
    assert len(causes) > 30
    for told, (symptom, step) in itertools.product(answers(book), causes):
        if not any((name, step) in CANNOT_BE for name in told):
            assert step in steps_for(book, symptom, told), (symptom, told, step)


def test_nothing_is_taken_away_without_a_reason_that_was_thought_over() -> None:
    assert {(detail.name, step) for _, _, detail in DETAILS for step in detail.without} == CANNOT_BE.keys()


@pytest.mark.parametrize(("book", "circumstance", "detail"), DETAILS, ids=lambda one: getattr(one, "name", ""))
def test_a_detail_is_of_its_runbook(book: Runbook, circumstance: Circumstance, detail: Detail) -> None:
    symptoms = {symptom.name for symptom in book.symptoms}
    assert {*detail.first, *detail.without, *itertools.chain(*detail.adds.values())} <= set(book.step_ids)
    assert {*detail.adds, *circumstance.told_by} <= symptoms
    assert set(circumstance.told_by.values()) <= {"", *(one.name for one in circumstance.details)}
    assert bool(detail.because) == bool(detail.first)
    assert not detail.because or detail.because.endswith(".")
    assert detail.seat in {"", *Vantage}
    assert not set(detail.first) & set(detail.without)
    for symptom in detail.adds:
        known = book.symptom(symptom)
        assert known is not None
        assert any(circumstance is one for one in asked_beside(book, symptom)), "it could never be added"


@pytest.mark.parametrize("book", RUNBOOKS.values(), ids=lambda book: book.name)
def test_the_names_of_details_are_their_own(book: Runbook) -> None:
    names = [detail.name for _, _, detail in DETAILS if detail in [d for c in book.circumstances for d in c.details]]
    assert len(names) == len(set(names))
    assert len(book.circumstances) <= MOST_TOLD
    assert max(map(len, names)) <= MOST_NAME


@pytest.mark.parametrize(("book", "symptom"), BESIDE, ids=lambda one: getattr(one, "name", one))
def test_after_every_answer_something_is_walked_once_and_what_is_put_first_comes_first(
    book: Runbook, symptom: str
) -> None:
    alone = steps_for(book, symptom)
    for told in answers(book):
        course = course_of(book, symptom, told)
        assert course.steps
        assert len(set(course.steps)) == len(course.steps)
        assert set(alone) - set(course.left_out) <= set(course.steps), "added to, and taken from for a reason alone"
        assert course.steps[: len(course.put_first)] == course.put_first
        rest = [book.step_ids.index(step) for step in course.steps if step not in course.put_first]
        assert rest == sorted(rest), "the others in causal order"


@pytest.mark.parametrize(
    ("symptom", "told", "begins"),
    [
        ("", (), "mobility.permissions"),
        ("unavailable", (), "mobility.services"),
        ("unavailable", ("one-user",), "mobility.user-enabled"),
        ("unavailable", ("one-phone",), "mobility.client"),
        ("unavailable", ("many-users",), "mobility.services"),
        ("account", ("many-users",), "mobility.services"),
        ("unavailable", ("outside",), "mobility.dns"),
        ("account", ("outside",), "mobility.reverse-proxy"),
        ("account", ("inside",), "mobility.dns"),
        ("unavailable", ("iphone",), "mobility.certificates"),
        ("unavailable", ("lync-2010",), "mobility.reverse-proxy"),
        ("no-push", ("outside", "lync-2010"), "mobility.push"),
        ("unavailable", ("one-user", "outside"), "mobility.user-enabled"),
        ("wi-fi", ("outside",), "mobility.dns"),
    ],
)
def test_where_a_walk_of_phones_begins(symptom: str, told: tuple[str, ...], begins: str) -> None:
    assert steps_for(RUNBOOKS["mobility"], symptom, told)[0] == begins


@pytest.mark.parametrize(
    ("symptom", "told", "begins"),
    [
        ("nobody", (), "xmpp.product"),
        ("nobody", ("one-partner",), "xmpp.partner"),
        ("nobody", ("all-partners",), "xmpp.services"),
        ("one-way", ("one-user",), "xmpp.product"),
        ("one-way", ("to-them",), "xmpp.policy"),
        ("one-way", ("from-them",), "xmpp.dns"),
        ("never-arrives", ("all-partners",), "xmpp.services"),
        ("they-cannot-connect", ("to-them",), "xmpp.services"),
    ],
)
def test_where_a_walk_of_partners_begins(symptom: str, told: tuple[str, ...], begins: str) -> None:
    assert steps_for(RUNBOOKS["xmpp"], symptom, told)[0] == begins


def test_one_user_is_looked_at_before_what_all_share() -> None:
    steps = steps_for(RUNBOOKS["mobility"], "unavailable", ("one-user",))
    assert steps[:4] == ("mobility.user-enabled", "mobility.policy", "mobility.sign-in", "mobility.services")


def test_many_users_may_be_kept_out_by_a_policy_of_all() -> None:
    for symptom in ("", "account", "ucwa"):
        assert "mobility.policy" in steps_for(RUNBOOKS["mobility"], symptom, ("many-users",))


def test_what_a_symptom_tells_itself_is_not_asked_beside_it() -> None:
    book = RUNBOOKS["mobility"]
    assert [one.label for one in asked_beside(book, "wi-fi")] == ["Who", "Phones"]
    assert details_told(book, "wi-fi", ("outside",)) == ()
    assert "mobility.hairpin" in steps_for(book, "wi-fi", ("outside",)), (
        "one of the two is wrong: nothing is taken away"
    )


def test_of_two_answers_to_one_question_the_first_in_the_list_counts() -> None:
    book = RUNBOOKS["mobility"]
    assert steps_for(book, "unavailable", ("inside", "outside")) == steps_for(book, "unavailable", ("inside",))


@given(st.lists(st.text(max_size=30) | st.sampled_from(["one-user", "outside", "newer-app", "from-them"]), max_size=8))
def test_whatever_is_told_there_is_a_course(told: list[str]) -> None:
    for book in RUNBOOKS.values():
        steps = steps_for(book, "", told)
        assert set(steps) <= set(book.step_ids)
        assert len(steps) >= len(book.step_ids) - 2


def test_what_was_told_is_one_line() -> None:
    book = RUNBOOKS["mobility"]
    assert told_line(book, "", ()) == ""
    assert told_line(book, "unavailable", ("outside", "one-user", "no such")) == (
        "“Cannot connect to the server. It might be unavailable…”; one user alone; "
        "it fails outside alone, on mobile data"
    )


@pytest.mark.parametrize(
    ("name", "symptom", "told", "seat"),
    [
        ("mobility", "", ("outside",), "outside"),
        ("mobility", "mobile-data", (), "outside"),
        ("mobility", "wi-fi", ("outside",), "inside"),
        ("mobility", "unavailable", ("everywhere",), ""),
        ("xmpp", "they-cannot-connect", (), "outside"),
        ("xmpp", "never-arrives", (), ""),
    ],
)
def test_the_seat_that_sees_it_best(name: str, symptom: str, told: tuple[str, ...], seat: str) -> None:
    assert seat_of(RUNBOOKS[name], symptom, told)[0] == seat


def test_redacting_leaves_what_was_told() -> None:
    for book, _, detail in DETAILS:
        began = Began(version=VERSION, runbook=book.name, deployment=Deployment(), at=now(), told=(detail.name,))
        assert redacted(Journal(began)).began.told == (detail.name,)
