"""The judgement of the step about the event log, and what is read of it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.deployment import Vantage
from checks.knowledge.pasted import understand
from checks.knowledge.pasted.commands import command_for
from checks.knowledge.shell_answers import Unseen
from checks.model import Reason, Status
from checks.probes import Cmdlet, CmdletError, Objects, Unanswered
from checks.runbooks import RUNBOOKS
from checks.xmpp import events
from checks.xmpp.events import MOST, READING, Entry, Facts, Log
from tests.unit.mobility.told import deployment, gathered

PROXY = "LS XMPP Translating Gateway Proxy"
AWAY = Unseen(reason=Reason.MISSING_INPUT, detail="no shell", seat_has_no_shell=True)
SLOW = Unseen(reason=Reason.TIMEOUT, detail="It took too long.")


def entry(message: str = "It failed.", level: int = 2, **more: Any) -> Entry:
    return Entry(provider=PROXY, level=level, number="64001", at="2014-05-28T18:46:05Z", message=message, **more)


def facts(*entries: Entry, **more: Any) -> Facts:
    front_end = Log(server="front-end", unseen=more.pop("elsewhere", AWAY))
    return Facts(logs=(Log(server="edge", entries=entries, **more), front_end))


JUDGED: list[tuple[str, Facts]] = [
    ("quiet", facts()),
    ("quiet", facts(others=120)),
    ("quiet", facts(entry(level=3))),
    ("quiet", facts(entry("The certificate expires soon.", level=3))),
    ("quiet", facts(elsewhere=None)),
    ("errors-with-a-hint", facts(entry("The certificate was not accepted."))),
    ("errors-with-a-hint", facts(entry("No SRV record was found."), entry("It failed."))),
    ("errors-with-a-hint", facts(entry("Connect to 10.0.0.5:23456 failed."))),
    ("errors-with-a-hint", facts(entry("Dialback: type=invalid"), elsewhere=SLOW)),
    ("errors-with-a-hint", facts(entry("Schannel: a fatal alert.", level=1))),
    ("errors-to-read", facts(entry())),
    ("errors-to-read", facts(entry(level=0))),
    ("errors-to-read", facts(entry("Process 234567 has ended. The titles are wrong."))),
    ("errors-to-read", facts(entry("증명할 수 없습니다."))),
    ("not-seen", facts(unseen=SLOW)),
    ("not-seen", facts(entry(level=3), elsewhere=SLOW)),
    ("not-for-this-seat", facts(unseen=AWAY)),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "seen"), JUDGED)
def test_events(answer: str, seen: Facts) -> None:
    finding = events.judge(seen)
    assert finding.answer == answer
    assert bool(finding.remedies) is (finding.status is Status.WARNING)
    assert (finding.reason is not None) is (finding.status is Status.UNKNOWN)


def test_every_answer_is_in_the_table() -> None:
    assert {answer.name for answer in events.STEP.answers} == {row[0] for row in JUDGED}


@pytest.mark.parametrize(
    ("message", "step"),
    [
        ("The certificate is not valid.", "Edge certificate"),
        ("DNS: no such name.", "Partner DNS"),
        ("Dialback was refused.", "Negotiation"),
        ("A TLS handshake failed.", "Stream to partner"),
        ("Cannot connect to port 23456.", "Edge listens"),
    ],
)
def test_a_word_leads_to_the_step_that_looks_at_it(message: str, step: str) -> None:
    finding = events.judge(facts(entry(message)))
    assert step in finding.headline
    assert step in {stage.step.title for stage in RUNBOOKS["xmpp"].stages}
    assert any(message in line for line in finding.detail), "the event is shown as it stands"


def test_errors_of_both_servers_are_shown() -> None:
    front_end = Log(server="front-end", entries=(entry("The gateway failed."),))
    finding = events.judge(Facts(logs=(Log(server="edge", entries=(entry(times=3),)), front_end)))
    assert "4 errors" in finding.headline
    assert sum("The gateway failed." in line or "3 times" in line for line in finding.detail) == 2


def test_what_was_cut_is_said() -> None:
    assert any(str(MOST) in line for line in events.judge(facts(cut=True)).detail)


@given(st.lists(st.builds(entry, st.text(), st.integers(0, 9)), max_size=30), st.none() | st.sampled_from([AWAY, SLOW]))
def test_no_event_is_too_strange(entries: list[Entry], unseen: Unseen | None) -> None:
    finding = events.judge(facts(*entries, unseen=unseen))
    assert finding.answer in {one.name for one in events.STEP.answers}
    assert len(finding.detail) < 20


# What is read.


def written(message: str = "It failed.", provider: str = PROXY, level: Any = 2, **more: Any) -> dict[str, Any]:
    told = {"TimeCreated": "2014-05-28T18:46:05Z", "ProviderName": provider, "Id": 64001, "Level": level}
    return told | {"LevelDisplayName": "오류", "Message": message} | more


def error(identifier: str, message: str = "Не найдено.", category: str = "ObjectNotFound") -> Objects:
    full = f"{identifier},Microsoft.PowerShell.Commands.GetWinEventCommand"
    return Objects(errors=(CmdletError(message=message, id=full, category=category),))


NONE = error("NoMatchingEventsFound")
READ: list[tuple[str, Objects | Unanswered, Vantage]] = [
    ("quiet", NONE, Vantage.EDGE),
    ("quiet", Objects(objects=(written(provider="LS Protocol Stack"),)), Vantage.EDGE),
    ("quiet", Objects(objects=(written(level=3),)), Vantage.EDGE),
    ("errors-to-read", Objects(objects=(written(),)), Vantage.EDGE),
    ("errors-to-read", Objects(objects=(written(level="2"),)), Vantage.EDGE),
    ("errors-to-read", Objects(objects=({"ProviderName": PROXY, "Message": "x"},)), Vantage.EDGE),
    # The default table has no column for who wrote it.
    ("not-seen", Objects(objects=({"TimeCreated": "today", "Id": 1, "Message": "x"},)), Vantage.EDGE),
    ("not-seen", error("NoMatchingLogsFound"), Vantage.EDGE),
    ("not-seen", error("System.UnauthorizedAccessException", category="NotSpecified"), Vantage.EDGE),
    ("not-seen", Unanswered(reason=Reason.MISSING_INPUT, detail="No shell."), Vantage.EDGE),
    ("not-for-this-seat", Unanswered(reason=Reason.MISSING_INPUT, detail="No shell."), Vantage.OUTSIDE),
    # A remote shell of Lync has the cmdlets of Lync alone.
    ("not-for-this-seat", error("CommandNotFoundException"), Vantage.FRONT_END),
]


@pytest.mark.parametrize(("answer", "told", "vantage"), READ)
async def test_read(answer: str, told: Objects | Unanswered, vantage: Vantage) -> None:
    found, _ = await gathered(events.STEP, {"Get-WinEvent": told}, deployment(vantage))
    assert events.judge(found).answer == answer


async def test_it_is_told_why_the_log_of_the_own_server_was_not_read() -> None:
    found, _ = await gathered(
        events.STEP, {"Get-WinEvent": error("CommandNotFoundException")}, deployment(Vantage.FRONT_END)
    )
    assert all(log.lync_alone for log in found.logs)
    seen = Facts(logs=(Log(server="edge"), found.logs[1]))
    assert "has no cmdlet for it" in events.judge(seen).detail[0]
    assert "nothing here reaches it" in events.judge(facts()).detail[0]


async def test_denied_is_a_reason_in_any_language() -> None:
    told = error("System.UnauthorizedAccessException", "Доступ закрыт.", "NotSpecified")
    found, _ = await gathered(events.STEP, {"Get-WinEvent": told}, deployment(Vantage.EDGE))
    assert events.judge(found).reason is Reason.DENIED


async def test_the_same_words_stand_once_and_all_of_it_is_bounded_and_harmless() -> None:
    many = Objects(
        objects=(
            *(written("The link\n  failed.\x1b[2J") for _ in range(90)),
            *(written(f"{number} {'x' * 5000}") for number in range(110)),
        )
    )
    found, _ = await gathered(events.STEP, {"Get-WinEvent": many}, deployment(Vantage.EDGE))
    log = found.logs[0]
    assert log.cut
    assert log.entries[0].times == 90
    assert "\x1b" not in log.entries[0].message
    assert len(log.entries) <= 20
    assert all(len(one.message) <= 400 for one in log.entries)


PASTED = r"""{
    "TimeCreated":  "\/Date(1401304565000)\/",
    "ProviderName":  "LS XMPP Translating Gateway Proxy",
    "Id":  64001,
    "Level":  2,
    "Message":  "The certificate was not accepted.\r\n\r\nCause : unknown"
}"""


async def test_a_message_of_several_lines_can_be_pasted() -> None:
    question = Cmdlet(name="Get-WinEvent", parameters=tuple(READING.items()), on="edge")
    told = understand(question, f"PS C:\\> {command_for(question)}\n{PASTED}\nPS C:\\>")
    assert isinstance(told, Objects)
    found, _ = await gathered(events.STEP, {"Get-WinEvent": told}, deployment(Vantage.EDGE))
    assert events.judge(found).answer == "errors-with-a-hint"
