"""A deployment that was walked is offered by the next start, in plain mode and on the screen; its password is not."""

import os
from pathlib import Path

import msgspec
import pytest

from checks import journal as journals
from checks.deployment import Deployment, Sources, Vantage
from checks.journal import VERSION, Began, Journal, now
from tests.end_to_end.terminal import Terminal
from tests.end_to_end.test_plain import dialogue

pytestmark = pytest.mark.lab
CANARY = "Canary-5d1c-Passw0rd"
NOWHERE = "127.0.0.1:9"
"""A name server that does not listen: nothing leaves this computer."""
LITWARE = Deployment(
    vantage=Vantage.OUTSIDE,
    users=("sip:kenmyer@litwareinc.com",),
    domains=("litwareinc.com",),
    web="lyncweb.litwareinc.com",
)
PASTED = Sources(shell="paste", offline=True, dns_outside=NOWHERE)  # noqa: S604 - no subprocess


def walked(
    home: Path, deployment: Deployment = LITWARE, runbook: str = "mobility", number: int = 1, sources: Sources = PASTED
) -> Path:
    path = home / "lyncdoctor" / "walks" / f"2026010{number}-000000-000000-{runbook}.jsonl"
    began = Began(version=VERSION, runbook=runbook, deployment=deployment, at=now(), sources=sources)
    Journal(began, path).close()
    return path


def newest(home: Path) -> Began:
    return journals.read(max((home / "lyncdoctor" / "walks").glob("*.jsonl"))).began


async def test_plain_mode_begins_with_what_was_used_before(tmp_path: Path) -> None:
    found = msgspec.structs.replace(LITWARE, web_internal="web.litwareinc.com", pool="atl-cs-001.litwareinc.com")
    walked(tmp_path, found)
    _, said = await dialogue(tmp_path, "2\n1\n1\nq\n", "--plain")
    for told in (
        "Used before:",
        " 1  litwareinc.com · kenmyer, just now",
        " 2  Another deployment",
        "SIP address of a user: kenmyer@litwareinc.com",
        "Web FQDN: lyncweb.litwareinc.com",
        "Web FQDN inside: web.litwareinc.com",
        "Where you stand: outside",
        "Lync shell: paste",
        f"DNS outside: {NOWHERE}",
        "Step 1 of",
    ):
        assert told in said, f"{told}\n{said}"
    began = newest(tmp_path)
    assert (began.deployment, began.sources) == (found, PASTED)


async def test_plain_mode_leaves_out_a_file_that_is_gone(tmp_path: Path) -> None:
    gone = str(tmp_path / "gone.pem")
    walked(tmp_path, sources=msgspec.structs.replace(PASTED, ca_file=gone))
    _, said = await dialogue(tmp_path, "2\n1\n1\nq\n", "--plain")
    assert "gone.pem is not there any more" in " ".join(said.split())
    assert newest(tmp_path).sources == PASTED


async def test_plain_mode_corrects_it_name_by_name(tmp_path: Path) -> None:
    walked(tmp_path)
    correct = "\nnonsense\npilar@litwareinc.com\n-\n\n3\n\n\n"
    _, said = await dialogue(tmp_path, f"2\n1\n2\n{correct}q\n", "--plain")
    assert "SIP address of a user, enter for kenmyer@litwareinc.com, - for none:" in said
    assert "The @ and the domain are missing" in said
    began = newest(tmp_path)
    assert began.deployment == Deployment(
        vantage=Vantage.INSIDE,
        users=("sip:kenmyer@litwareinc.com", "sip:pilar@litwareinc.com"),
        domains=("litwareinc.com",),
    )
    assert began.sources == PASTED


async def test_plain_mode_serves_the_other_runbook(tmp_path: Path) -> None:
    walked(tmp_path)
    _, said = await dialogue(tmp_path, "3\n1\n2\n\n\nfabrikam.com\n\n\n\n\n\nq\n", "--plain")
    assert "Step 1 of" in said, said
    began = newest(tmp_path)
    assert (began.runbook, began.deployment.domains) == ("xmpp", ("litwareinc.com",))
    assert (began.deployment.partner, began.deployment.vantage) == ("fabrikam.com", Vantage.OUTSIDE)


async def test_plain_mode_types_another_one(tmp_path: Path) -> None:
    walked(tmp_path)
    _, said = await dialogue(tmp_path, "2\n2\npilar@contoso.com\n\n\n\n1\npaste\nq\n", "--plain")
    assert "SIP address of a user: " in said
    assert newest(tmp_path).deployment.users == ("sip:pilar@contoso.com",)


async def test_plain_mode_forgets(tmp_path: Path) -> None:
    contoso = Deployment(domains=("contoso.com",), web="lyncweb.contoso.com")
    kept = walked(tmp_path, contoso, number=3)
    gone = [walked(tmp_path), walked(tmp_path, number=2)]
    _, said = await dialogue(tmp_path, "2\n4\n2\n1\n4\n2\n2\nq\n", "--plain")
    assert "Forget litwareinc.com · kenmyer?" in said
    assert "Forget it: removes 2 of the walks on this computer" in said
    assert "2 removed." in said
    assert [path.exists() for path in gone] == [False, False]
    assert kept.exists()
    last = said.rpartition("Used before:")[2]
    assert "contoso.com" in last
    assert "litwareinc.com" not in last


@pytest.mark.skipif(os.name == "nt", reason="pseudo-terminals are of POSIX")
def test_the_password_of_the_walk_before_is_typed_anew(tmp_path: Path) -> None:
    places = {"HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / "state"), "TERM": "xterm-256color"}
    environment = {**os.environ, **places}
    walks = tmp_path / "state" / "lyncdoctor" / "walks"

    def journals_written() -> int:
        return sum(path.read_text().count('"kind":"concluded"') > 0 for path in walks.glob("*.jsonl"))

    first = Terminal(environment=environment)
    try:
        first.wait_for(lambda: b"Mobility" in first.seen, "the welcome screen")
        first.type("\x1b[B\r")  # the arrow down: from the symptoms to Mobility
        first.wait_for(lambda: b"SIP address" in first.seen, "the form")
        first.type("kenmyer@litwareinc.com\t\tlyncweb.litwareinc.com\tatl-cs-001.litwareinc.com\t\t")
        first.type("\x1b[C\x1b[C")  # the arrow to the right, twice: a remote shell
        first.wait_for(lambda: b"Password" in first.seen, "the field for the password")
        first.type(f"\tatl-cs-001.litwareinc.com\tlitwareinc\\admin\t{CANARY}\t ")
        first.wait_for(lambda: b"DNS inside" in first.seen, "what More holds")
        first.type(f"\t\t{NOWHERE}\r")
        first.wait_for(lambda: journals_written() == 1, "the first finding")
        first.type("q")
        first.wait_for_end()
    finally:
        first.close()
    second = Terminal(environment=environment)
    try:
        second.wait_for(lambda: b"Mobility" in second.seen, "the welcome screen")
        second.type("\x1b[B\r")
        second.wait_for(lambda: b"kenmyer" in second.seen and b"Used before" in second.seen, "the offer")
        second.type("\x1b[A\r")  # the arrow up: from the first field to the offer
        second.wait_for(lambda: b"none is kept" in second.seen, "the password that is asked for")
        second.type("\r")
        second.wait_for(lambda: b"Type the password" in second.seen, "that nothing begins without it")
        second.type(f"{CANARY}\r")
        second.wait_for(lambda: journals_written() == 2, "the first finding of the second walk")
        second.type("q")
        second.wait_for_end()
    finally:
        second.close()
    began = [journals.read(path).began for path in sorted(walks.glob("*.jsonl"))]
    assert began[0].deployment == began[1].deployment
    assert began[0].sources == began[1].sources
    files = "\n".join(path.read_text(errors="replace") for path in tmp_path.rglob("*") if path.is_file())
    assert "litwareinc\\\\admin" in files, "the account was typed, and so was its password"
    assert CANARY not in files
    assert CANARY.encode() not in first.seen + second.seen
