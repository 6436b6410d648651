"""What another seat saw: answered from its evidence alone, with its seat and time, and only to who asks for that seat."""

from typing import Any

import msgspec
import pytest

from checks import journal as journals
from checks.context import Asking, Context
from checks.deployment import Deployment, Sources, Vantage
from checks.journal import VERSION, Asked, Began, Journal, now
from checks.model import Reason
from checks.probes import (
    Answer,
    Elsewhere,
    Handshake,
    Hop,
    Login,
    Lookup,
    NoTls,
    Open,
    PhoneSession,
    PhoneSignIn,
    Port,
    Question,
    Record,
    Records,
    Request,
    Response,
    Sample,
    Samples,
    Series,
    Unanswered,
    View,
)
from checks.probes.journal import Evidence
from checks.probes.live import LiveProbes

WEB, URL = "lyncweb.litwareinc.com", "https://lyncweb.litwareinc.com/"
AT = "2026-01-01T10:00:00+00:00"
INSIDE, OUTSIDE = Deployment(vantage=Vantage.INSIDE), Deployment(vantage=Vantage.OUTSIDE)
LOGIN = Login(account="sender", user="litwareinc\\kenmyer")


def answered(status: int = 200) -> Response:
    return Response(hops=(Hop(url=URL, address="131.107.155.10", status=status),))


def got(view: View = "outside") -> Request:
    return Request(method="GET", url=URL, view=view)


def recorded(place: Deployment, *asked: tuple[Question, Answer], at: str = AT) -> Journal:
    made = Journal(Began(version=VERSION, runbook="mobility", deployment=place, at=at))
    made.source = f"{place.vantage}.jsonl"
    for question, answer in asked:
        made.add(Asked(question=question, answer=answer, seat=place.vantage, at=at, took_ms=7))
    return made


def context_at(place: Deployment, *evidence: Journal, record: Journal | None = None) -> tuple[Context, Journal]:
    record = record or Journal(Began(version=VERSION, runbook="mobility", deployment=place, at=now()))
    return Context(place, Asking(LiveProbes(place, Sources(offline=True)), record, Evidence(evidence, place))), record


async def test_it_is_told_with_its_seat_time_and_file() -> None:
    context, record = context_at(INSIDE, recorded(OUTSIDE, (got(), answered())))
    assert await context.from_seat("outside").get(URL) == answered()
    (question,) = context.questions
    assert question == Elsewhere(seat="outside", question=got())
    kept = record.asked[question]
    assert (kept.seat, kept.at, kept.took_ms, kept.source) == ("outside", AT, 7, "outside.jsonl")


async def test_this_seat_is_never_told_by_another() -> None:
    context, record = context_at(INSIDE, recorded(OUTSIDE, (got(), answered()), (got("inside"), answered())))
    assert isinstance(await context.get(URL), Unanswered)
    assert isinstance(await context.get(URL, view="outside"), Unanswered)
    assert isinstance(await context.from_seat("edge").get(URL), Unanswered)
    assert not any(isinstance(one.answer, Response) for one in record.asked.values())


async def test_what_nobody_saw_there_is_neither_noted_nor_kept() -> None:
    context, record = context_at(INSIDE)
    there = context.from_seat("outside")
    for answer in (await there.get(URL), await there.handshake(WEB), await there.port(WEB, 443)):
        assert isinstance(answer, Unanswered)
        assert answer.reason is Reason.MISSING_INPUT
        assert WEB in answer.command
    assert context.questions == []
    assert record.asked == {}


async def test_a_reason_of_then_is_not_kept_either() -> None:
    timed_out = Unanswered(reason=Reason.TIMEOUT, detail="Nobody answered.")
    context, record = context_at(INSIDE, recorded(OUTSIDE, (got(), timed_out)))
    assert await context.from_seat("outside").get(URL) == timed_out
    assert record.asked == {}


async def test_certificates_and_ports_are_told_too() -> None:
    refused, opened = NoTls(kind="refused", detail="Nothing listens."), Open(address="131.107.155.10")
    evidence = recorded(
        OUTSIDE,
        (Handshake(host=WEB, port=443, view="outside"), refused),
        (Port(host=WEB, port=443, view="outside"), opened),
    )
    there = context_at(INSIDE, evidence)[0].from_seat("outside")
    assert await there.handshake(WEB) == refused
    assert await there.port(WEB, 443) == opened


async def test_the_newer_of_two_records_wins() -> None:
    old, new = recorded(OUTSIDE, (got(), answered(503))), recorded(OUTSIDE, (got(), answered()), at="2026-01-02T10:00")
    for order in ([old, new], [new, old]):
        assert await context_at(INSIDE, *order)[0].from_seat("outside").get(URL) == answered()


async def test_the_record_of_the_walk_tells_it_again(tmp_path: Any) -> None:
    path = tmp_path / "inside.jsonl"
    began = Began(version=VERSION, runbook="mobility", deployment=INSIDE, at=now())
    context, record = context_at(INSIDE, recorded(OUTSIDE, (got(), answered())), record=Journal(began, path))
    await context.from_seat("outside").get(URL)
    record.close()
    again, _ = context_at(INSIDE, journals.read(path))
    assert await again.from_seat("outside").get(URL) == answered()
    # A walk that is resumed without the file of the other seat.
    resumed, _ = context_at(INSIDE, record=journals.read(path))
    assert await resumed.from_seat("outside").get(URL) == answered()


async def test_a_second_look_cannot_ask_it_anew_and_keeps_it() -> None:
    context, record = context_at(INSIDE, recorded(OUTSIDE, (got(), answered())))
    await context.from_seat("outside").get(URL)
    (question,) = context.questions
    context._asking.forget(question)
    assert question in record.asked


SEEN_FROM_ONE_SEAT: list[tuple[Question, Answer]] = [
    (got("inside"), answered()),
    (Handshake(host=WEB, port=443, view="inside"), NoTls(kind="refused", detail="Nothing listens.")),
    (Port(host=WEB, port=443, view="inside"), Open(address="192.168.21.10")),
    (
        Series(url=URL, view="inside", times=3),
        Samples(samples=(Sample(status=200, server="", address="192.168.21.10"),)),
    ),
    (PhoneSignIn(login=LOGIN, sip="sip:kenmyer@litwareinc.com", web=WEB, view="inside"), PhoneSession(has_ticket=True)),
]


@pytest.mark.parametrize(("question", "answer"), SEEN_FROM_ONE_SEAT)
def test_what_the_network_answers_holds_for_its_seat(question: Question, answer: Answer) -> None:
    """Also between two seats with the same view of DNS."""
    evidence = recorded(Deployment(vantage=Vantage.FRONT_END), (question, answer))
    assert Evidence([evidence], INSIDE).find(question) is None
    assert Evidence([evidence], Deployment(vantage=Vantage.FRONT_END)).find(question) is not None


def test_dns_holds_for_its_view_whoever_asked() -> None:
    lookup = Lookup(name=WEB, kind="ADDRESS", view="outside")
    found = Records(outcome="found", records=(Record(name=WEB, kind="A", value="131.107.155.10"),))
    assert Evidence([recorded(OUTSIDE, (lookup, found))], INSIDE).find(lookup) is not None


def test_a_question_to_another_seat_survives_the_journal() -> None:
    question = Elsewhere(seat="outside", question=Handshake(host=WEB, port=443, view="outside"))
    asked = Asked(question=question, answer=NoTls(kind="reset", detail="x"), seat="outside", at=AT, took_ms=1)
    assert msgspec.json.decode(msgspec.json.encode(asked), type=Asked) == asked
    assert question.typed() == question.question.typed()
