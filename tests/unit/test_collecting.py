"""The collector asks what the steps ask, and what it writes is read as what a live shell answers."""

import asyncio
import base64
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import lab.client
from checks import collecting, journal
from checks.collecting import questions, script
from checks.deployment import Deployment, Vantage
from checks.journal import Asked, Began, Journal, now
from checks.knowledge.shell_envelope import collected, read_envelope
from checks.model import Reason
from checks.opening import asking_for
from checks.probes import Cmdlet, Objects, Sockets, SocketTable, Unanswered
from checks.probes.journal import Evidence
from checks.runbooks import RUNBOOKS
from checks.walk import Walk
from checks.xmpp.events import READING
from lab import scenarios
from lab.model import POOL
from lab.powershell_host import answer, envelope, model_of
from tests.collected import AT, JOURNALS, SAMPLES, deployment, netstat, played, played_on_each, sample
from tui import practice

POOLS = Cmdlet(name="Get-CsPool")
FRONT_END, EDGE = deployment(Vantage.FRONT_END), deployment(Vantage.EDGE)


def read(text: str, folder: Path) -> Journal:
    path = folder / "collected.jsonl"
    path.write_text(text, encoding="utf-8", newline="\n")
    return journal.read(path)


def of_servers(asked: Journal) -> list[Asked]:
    """What was asked of the shell and of sockets, which is what a collector can bring."""
    return [one for one in asked.asked.values() if isinstance(one.question, Cmdlet | Sockets)]


async def walked(running: lab.client.Running, runbook: str, scenario: str, vantage: Vantage) -> Journal:
    """A live walk through a scenario of the lab."""
    await running.control("change", scenarios=[scenario])
    place = practice.deployment_of(running.connection, runbook, vantage)
    sources = practice.sources_of(running.connection, vantage)
    record = Journal(Began(version=journal.VERSION, runbook=runbook, deployment=place, at=now()))
    asking = asking_for(record, sources, practice.secrets_of(running.connection))
    try:
        await Walk(RUNBOOKS[runbook], place, asking, record).run_all()
    finally:
        await asking.close()
    return record


@pytest.mark.lab
@pytest.mark.parametrize(
    ("runbook", "vantage"),
    [
        pytest.param("mobility", Vantage.FRONT_END, marks=pytest.mark.xdist_group("collecting")),
        # One listener on 127.0.0.1 is seen by every Edge of this machine, so what looks there never runs side by side.
        pytest.param("xmpp", Vantage.EDGE, marks=pytest.mark.xdist_group("edge")),
    ],
)
async def test_it_asks_what_the_steps_ask_and_brings_what_they_were_answered(
    runbook: str, vantage: Vantage, tmp_path: Path
) -> None:
    # Two for each step; what servers tell in all others, test_sources.py judges.
    listed = [one for one in scenarios.listing() if one["runbook"] == runbook]
    steps = [(one["cause"] or one["name"]).partition("/")[0] for one in listed]
    chosen = dict(zip(steps, listed, strict=True)) | {f"first {step}": listed[steps.index(step)] for step in steps}
    names = list({one["name"] for one in chosen.values()})
    seat = deployment(vantage)
    asked: set[Cmdlet | Sockets] = set()
    tried: set[tuple[str, ...]] = set()

    async def compare(worker: int) -> None:
        folder = tmp_path / str(worker)
        folder.mkdir()
        async with lab.client.start() as running:
            while names:
                name = names.pop()
                written = await asyncio.to_thread(played_on_each, script(seat), model_of([name]))
                if tuple(written) in tried:
                    # The fault lies in the network: what the servers tell is what they told before.
                    continue
                tried.add(tuple(written))
                evidence = Evidence([read(each, folder) for each in written])
                for one in of_servers(await walked(running, runbook, name, vantage)):
                    if vantage is Vantage.EDGE and getattr(one.question, "on", "edge") == "front-end":
                        # Of the deployment, which an Edge cannot see.
                        continue
                    told = evidence.find(one.question)
                    assert told is not None, (name, one.question.typed())
                    assert isinstance(told.answer, Objects | SocketTable)
                    if isinstance(one.answer, Objects):
                        assert told.answer == one.answer, (name, one.question.typed())
                    assert isinstance(one.question, Cmdlet | Sockets)
                    asked.add(Sockets(on=one.question.on) if isinstance(one.question, Sockets) else one.question)

    async with asyncio.TaskGroup() as workers:
        for worker in range(4):
            workers.create_task(compare(worker))
    # The XMPP runbook is walked from a Front End too.
    elsewhere = {
        Cmdlet(name="Get-CsService", parameters=(("EdgeServer", True),)),
        Cmdlet(name="Get-CsSite"),
        Cmdlet(name="Get-CsXmppAllowedPartner"),
        Cmdlet(name="Get-CsXmppGatewayConfiguration"),
        Cmdlet(name="Get-WinEvent", parameters=tuple(READING.items())),
    }
    assert set(questions(seat, POOL)) - asked <= (elsewhere if vantage is Vantage.FRONT_END else set()), (
        "asked for nothing"
    )


def test_users_are_asked_for_by_name_and_nobody_else() -> None:
    named = [one for one in questions(FRONT_END) if isinstance(one, Cmdlet) and one.parameters]
    identities = [value for one in named for name, value in one.parameters if name == "Identity"]
    assert sorted(map(str, identities)) == sorted([*FRONT_END.users, *FRONT_END.users])
    assert not [one for one in questions(Deployment()) if isinstance(one, Cmdlet) and one.name == "Get-CsUser"]


@pytest.mark.parametrize("vantage", [Vantage.INSIDE, Vantage.OUTSIDE, Vantage.FRONT_END])
def test_everywhere_but_on_the_edge_it_is_a_front_ends(vantage: Vantage, tmp_path: Path) -> None:
    text = script(deployment(vantage))
    assert text == script(FRONT_END)
    brought = read(played(text, model_of([])), tmp_path)
    assert brought.began.deployment == FRONT_END
    assert {one.seat for one in brought.asked.values()} == {"front-end"}


def test_the_script_knows_the_deployment_and_no_source() -> None:
    for secret in ("shell_user", "proxy", "ca_file", "password"):
        assert f'"{secret}"' not in script(FRONT_END)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_committed_sample_is_what_the_script_writes_today(name: str, tmp_path: Path) -> None:
    assert (JOURNALS / name).read_text(encoding="utf-8") == sample(SAMPLES[name]), "python -m tests.collected"
    brought = journal.read(JOURNALS / name)
    assert set(brought.asked) == set(questions(deployment(SAMPLES[name]), POOL))
    assert not [one for one in brought.asked.values() if isinstance(one.answer, Unanswered)]
    assert {(one.at, one.took_ms) for one in brought.asked.values()} == {(AT, 7)}


def test_the_sample_of_the_edge_answers_for_the_ports_of_xmpp() -> None:
    evidence = Evidence([journal.read(JOURNALS / "collected-edge-2013.jsonl")])
    told = evidence.find(Sockets(ports=(5269, 23456), on="edge"))
    assert told is not None
    assert isinstance(told.answer, SocketTable)
    assert [(one.port, one.state, one.process) for one in told.answer.sockets] == [
        (5269, "LISTEN", "XmppProxy"),
        (23456, "LISTEN", "XmppProxy"),
        (23456, "ESTABLISHED", "XmppProxy"),
    ]


def test_without_the_module_it_says_so_and_brings_the_sockets(tmp_path: Path) -> None:
    brought = read(played(script(EDGE), model_of([]), module=False), tmp_path)
    unanswered = [one.answer for one in brought.asked.values() if isinstance(one.answer, Unanswered)]
    assert {one.reason for one in unanswered} == {Reason.MISSING_DEPENDENCY}
    assert len(unanswered) == len(brought.asked) - 1


def test_a_product_without_a_cmdlet_is_told_as_the_cmdlets_error(tmp_path: Path) -> None:
    brought = read(played(script(FRONT_END), model_of(["shell-not-in-role"])), tmp_path)
    policies = brought.asked[Cmdlet(name="Get-CsMobilityPolicy")].answer
    assert isinstance(policies, Objects)
    assert [error.id for error in policies.errors] == ["CommandNotFoundException"], "once, though it was told twice"


def encoded(text: str) -> str:
    return base64.b64encode(text.encode("utf-8", "surrogatepass")).decode()


GOOD = answer(model_of([]), "Get-CsUser", {"Identity": FRONT_END.users[0]})


def test_references_across_the_objects_of_an_answer_are_followed() -> None:
    shared = answer(model_of([]), "Get-CsService", {})
    assert "<TNRef" in shared
    read_back = read_envelope(shared)
    assert read_back is not None
    assert [one["Role"] for one in read_back.objects] == [
        "Registrar",
        "Registrar",
        "WebServer",
        "WebServer",
        "EdgeServer",
    ]


def test_an_object_that_was_sent_once_and_referred_to_is_told_twice() -> None:
    text = (
        '<Objs xmlns="x"><Obj RefId="0"><MS><Obj N="Output" RefId="1"><LST>'
        '<Obj RefId="2"><Props><Obj N="Own" RefId="3"><ToString>Tag:Red</ToString></Obj></Props></Obj>'
        '<Obj RefId="4"><Props><Ref N="Same" RefId="3" /><Ref N="Itself" RefId="4" /></Props></Obj>'
        '</LST></Obj><Nil N="Errors" /><S N="Warnings">one</S></MS></Obj></Objs>'
    )
    told = read_envelope(text)
    assert told == Objects(objects=({"Own": "Tag:Red"}, {"Same": "Tag:Red", "Itself": None}), warnings=("one",))


def test_what_reaches_the_screen_is_harmless() -> None:
    told = read_envelope(envelope(["a\u202eb"], [], ["\u009b2J"]))
    assert told == Objects(
        objects=({"Value": "a\N{REPLACEMENT CHARACTER}b"},), warnings=("\N{REPLACEMENT CHARACTER}2J",)
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<Objs/>",
        "<Objs><Obj/></Objs>",
        GOOD[:-9],
        GOOD.replace('N="Errors"', 'N="Mistakes"'),
        '<!DOCTYPE x [<!ENTITY a "b">]>' + GOOD,
        "<Objs>" + "<Obj RefId='1'>" * 5000 + "</Obj>" * 5000 + "</Objs>",
        "x" * (17 * 1024 * 1024),
    ],
    ids=range(8),
)
def test_what_is_no_envelope_is_none(text: str) -> None:
    assert read_envelope(text) is None


def test_a_deep_envelope_gives_less_and_no_error() -> None:
    deep = "<Obj><LST>" * 2000 + "</LST></Obj>" * 2000
    text = (
        f'<Objs><Obj><MS><Obj N="Output"><LST>{deep}</LST></Obj><Nil N="Errors"/><Nil N="Warnings"/></MS></Obj></Objs>'
    )
    told = read_envelope(text)
    assert told is None or told.warnings


@given(st.text())
@example("<Objs><Obj><MS><B N='Output'>true</B><I32 N='Errors'>7</I32><Nil N='Warnings'/></MS></Obj></Objs>")
def test_no_text_is_too_strange_for_an_envelope(text: str) -> None:
    assert isinstance(read_envelope(text), Objects | None)


@given(st.data())
def test_a_damaged_envelope_is_read_or_refused(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(GOOD)))
    until = data.draw(st.integers(at, min(len(GOOD), at + 200)))
    piece = data.draw(
        st.text(max_size=20) | st.sampled_from(['<Ref RefId="0"/>', "<Obj>", "</LST>", "<LST>", "&amp;", '"'])
    )
    assert isinstance(read_envelope(GOOD[:at] + piece + GOOD[until:]), Objects | None)


@pytest.mark.parametrize(
    ("form", "data", "question"),
    [
        ("clixml", "no base64!", POOLS),
        ("clixml", encoded("hello"), POOLS),
        ("clixml", base64.b64encode(b"\xff\xfe").decode(), POOLS),
        ("clixml", encoded(GOOD), Sockets()),
        ("netstat", encoded(netstat(())), POOLS),
        ("netstat", encoded("hello"), Sockets()),
        ("gopher", encoded(GOOD), POOLS),
        ("clixml", "A" * (17 * 1024 * 1024), POOLS),
    ],
    ids=range(8),
)
def test_what_was_collected_badly_is_unanswered_with_the_command(
    form: str, data: str, question: Cmdlet | Sockets
) -> None:
    told = collected(form, data, question)
    assert isinstance(told, Unanswered)
    assert (told.reason, told.command) == (Reason.UNREACHABLE, question.typed())
    assert "cannot be read" in told.detail


@given(
    st.sampled_from(["clixml", "netstat"]) | st.text(),
    st.text().map(encoded) | st.text(),
    st.sampled_from([POOLS, Sockets()]),
)
def test_no_text_is_too_strange_to_have_been_collected(form: str, data: str, question: Cmdlet | Sockets) -> None:
    assert isinstance(collected(form, data, question), Objects | SocketTable | Unanswered)


def test_netstat_without_a_socket_of_those_ports_is_an_answer() -> None:
    assert collected("netstat", encoded(netstat(())), Sockets(ports=(5269, 23456))) == SocketTable()


def test_a_question_of_the_collector_is_quoted_once_for_the_shell_and_once_for_the_script() -> None:
    shown = collecting._question(Cmdlet(name="Get-CsUser", parameters=(("Identity", "Ken O'Myer"),)), Vantage.FRONT_END)
    assert shown["Shown"] == "Get-CsUser -Identity 'Ken O''Myer'"
    assert shown["Parameters"] == {"Identity": "Ken O'Myer"}
