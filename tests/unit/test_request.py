"""A fault as a mail: for whoever must act, with what he can see himself, and nothing of what our servers told."""

import re
from pathlib import Path

import msgspec
import pytest

from checks import journal as journals
from checks.journal import Journal
from checks.report.request import request
from checks.runbooks import RUNBOOKS
from checks.verdict import verdict_of
from tui import cli
from tui.exit_codes import ExitCode

JOURNALS = Path(__file__).parent.parent / "journals"
FAULTY = ("mobility-policy-disabled-for-user", "mobility-tls-expired", "xmpp-xmpp-tls-missing")


def recorded(name: str) -> Journal:
    return journals.read(JOURNALS / f"{name}.jsonl")


def mails_about(journal: Journal) -> list[str]:
    written = request(journal, RUNBOOKS[journal.began.runbook])
    return re.split(r"\n-{76}\n\n", written) if written else []


@pytest.mark.parametrize("name", FAULTY)
def test_each_who_must_act_gets_one_mail_with_all_that_is_his(name: str) -> None:
    journal = recorded(name)
    verdict = verdict_of(RUNBOOKS[journal.began.runbook], journal)
    mails = mails_about(journal)
    assert len(mails) == len(dict.fromkeys(remedy.who for remedy in verdict.remedies))
    for remedy in verdict.remedies:
        his = [mail for mail in mails if flowing(f"For: {remedy.who}") in flowing(mail)]
        assert len(his) == 1
        assert flowing(remedy.command() or remedy.action) in flowing(his[0])
        assert flowing(verdict.headline) in flowing(his[0])


def test_one_person_gets_one_mail_wherever_his_remedies_stand() -> None:
    journal = recorded("mobility-policy-disabled-for-user")
    step = "mobility.policy"
    finding = journal.concluded[step].finding
    his = finding.remedies[0]
    remedies = (his, msgspec.structs.replace(his, who="the DNS team"), msgspec.structs.replace(his, risk="none"))
    changed = msgspec.structs.replace(finding, remedies=remedies)
    journal.concluded[step] = msgspec.structs.replace(journal.concluded[step], finding=changed)
    mails = mails_about(journal)
    assert ["\nThen\n" in mail for mail in mails] == [True, False]


@pytest.mark.parametrize("name", FAULTY)
def test_who_is_asked_is_sent_to_no_key_and_no_walk_of_ours(name: str) -> None:
    mails = mails_about(recorded(name))
    assert mails
    for mail in mails:
        assert "let us check again" in flowing(mail)
        assert "check again (" not in mail
        assert "walk again" not in mail


@pytest.mark.parametrize("name", FAULTY)
def test_what_our_servers_told_does_not_leave_the_house(name: str) -> None:
    mails = "".join(mails_about(recorded(name)))
    asked = re.findall(r"^  > (.*)", mails, flags=re.MULTILINE)
    assert not [question for question in asked if re.match(r"(Get|Test)-Cs|netstat", question)]
    assert "S-1-5-21" not in mails


def test_who_was_asked_can_ask_the_network_himself() -> None:
    mails = mails_about(recorded("xmpp-xmpp-tls-missing"))
    assert all("  > $srv = (Resolve-DnsName _xmpp-server._tcp.fabrikam.com" in mail for mail in mails)


def test_without_a_fault_there_is_nobody_to_ask(capsys: pytest.CaptureFixture[str]) -> None:
    assert mails_about(recorded("mobility-healthy")) == []
    assert cli.main(["request", str(JOURNALS / "mobility-healthy.jsonl")]) == ExitCode.FINE
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "no fault" in printed.err


def test_nothing_in_a_journal_reaches_the_terminal_as_a_command() -> None:
    journal = recorded("mobility-tls-expired")
    step, concluded = next((step, one) for step, one in journal.concluded.items() if one.finding.remedies)
    hostile = msgspec.structs.replace(concluded.finding, headline="\x1b[2Jgone", detail=("\x9b31m\u202eback",))
    journal.concluded[step] = msgspec.structs.replace(concluded, finding=hostile)
    journal.began = msgspec.structs.replace(journal.began, at="\x1b]0;title\x07")
    assert re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", request(journal, RUNBOOKS["mobility"])) == []


def flowing(text: str) -> str:
    """Without line breaks and indents, which differ by the width."""
    return " ".join(text.split())
