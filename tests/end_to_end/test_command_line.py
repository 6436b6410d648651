"""The command line as a contract: what is refused and how, where data goes, what each command gives."""

import json
import re
import socket
import stat
from pathlib import Path

import pytest

from checks.deployment import Deployment
from checks.runbooks import RUNBOOKS
from lab import client
from tests.end_to_end.command import lyncdoctor, options_for
from tui.explaining import explanation

REFUSED = [
    (["run", "mobility", "--web", "https://lyncweb.litwareinc.com/"], "Leave out the https://"),
    (["run", "mobility", "--web", "lyncweb"], "full name"),
    (["run", "mobility", "--web", "10.0.0.1"], "IP address"),
    (["run", "mobility", "--sip", "kenmyer"], "looks like kenmyer@litwareinc.com"),
    (["run", "mobility", "--sip", "a@b.example", "--sip", "c@b.example", "--sip", "d@b.example"], "At most two"),
    (["run", "mobility"], "--sip"),
    (["run", "nonsense"], "invalid choice"),
    (["run", "mobility", "--web", "a.example", "--start", "mobility.nonsense"], "no step"),
    (["run", "mobility", "--lab", "nonsense"], "no scenario"),
    (["run", "mobility", "--web", "a.example", "--symptom", "certificat"], "Perhaps certificate?"),
    (["run", "xmpp", "--edge", "a.example", "--symptom", "certificate"], "xmpp knows no symptom"),
    (["run", "mobility", "--web", "a.example", "--told", "outsid"], "Perhaps outside?"),
    (["run", "xmpp", "--edge", "a.example", "--told", "outside"], "xmpp does not ask 'outside'"),
    (["run", "mobility", "--web", "a.example", "--told", "inside", "--told", "outside"], "cannot both be so"),
    (["run", "mobility", "--web", "a.example", "--symptom", "wi-fi", "--told", "outside"], "says that already"),
    (["run", "xmpp", "--lab", "refused"], "belongs to the runbook mobility"),
    (["run", "mobility", "--web", "a.example", "--ca-file", "missing.pem"], "no file that can be read"),
    (["run", "mobility", "--web", "a.example", "--connect-to", "x"], "Four parts"),
    (["run", "mobility", "--lab", "healthy", "--sip", "a@b.example"], "--sip cannot stand beside --lab"),
    (["run", "mobility", "--lab", "healthy", "--dns-inside", "127.0.0.1:9"], "--dns-inside cannot stand"),
    (["run", "xmpp", "--lab", "healthy", "--from", "b.example"], "--from cannot stand beside --lab"),
    (["run", "mobility", "--partner", "a.example", "--partner", "b.example"], "partners are for xmpp"),
    (["run", "mobility", "--web", "a.example", "--shell", "b.example", "--ask-passwords"], "no terminal"),
    (["run", "mobility", "--web", "10.0.0.300"], "end in a number"),
    (["lab", "nonsense"], "no scenario"),
    (["explain", "nonsense"], "no step"),
    (["explain", "policy"], "Perhaps mobility.policy or xmpp.policy? All of them: lyncdoctor tree mobility"),
    (["explain", "mobilty.dns"], "Perhaps mobility.dns"),
    (["lab", "helthy"], "Perhaps healthy"),
    (["run", "mobility", "--nonsense"], "All options: lyncdoctor run --help"),
    (["report", "missing.jsonl"], "missing.jsonl"),
    (["resume", "missing.jsonl"], "missing.jsonl"),
    (["nonsense"], "invalid choice"),
    (["run", "xmpp", "--lab", "healthy", "--record", "README.md"], "such a file already"),
    (["run", "xmpp", "--lab", "healthy", "-o", "missing/report.txt"], "missing/report.txt"),
]


@pytest.mark.parametrize(
    ("arguments", "sentence"), REFUSED, ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
async def test_bad_input_is_refused_with_a_sentence(arguments: list[str], sentence: str) -> None:
    ended = await lyncdoctor(*arguments)
    assert ended.code == 2
    assert sentence in ended.stderr
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.splitlines()) <= 2, "what is wrong is not hidden below all the options"


@pytest.mark.parametrize("content", [b"", b"nonsense\n", b'{"kind":"began"', b"\x00" * 100])
async def test_an_unreadable_journal_is_refused_with_a_sentence(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "walk.jsonl"
    path.write_bytes(content)
    for command in ("report", "resume"):
        ended = await lyncdoctor(command, str(path))
        assert ended.code == 2
        assert "no journal" in ended.stderr
        assert "walk.jsonl" in ended.stderr
        assert "Traceback" not in ended.stderr


def test_the_command_line_offers_every_format() -> None:
    from checks.report import FORMATS
    from tui.parser import REPORT_FORMATS

    assert REPORT_FORMATS == FORMATS


async def test_every_command_has_help() -> None:
    for command in ([], ["run"], ["lab"], ["explain"], ["tree"], ["report"], ["resume"]):
        ended = await lyncdoctor(*command, "--help")
        assert (ended.code, ended.stderr) == (0, "")
        assert ended.stdout.startswith("usage: lyncdoctor")


async def test_explain_and_tree_tell_of_every_step() -> None:
    for name, runbook in RUNBOOKS.items():
        text = (await lyncdoctor("tree", name)).stdout
        mermaid = (await lyncdoctor("tree", name, "--format", "mermaid")).stdout
        assert mermaid.startswith("flowchart")
        for stage in runbook.stages:
            explained = explanation(stage.step, Deployment())
            assert stage.step.title in text
            assert stage.step.title in mermaid
            assert stage.step.why[:40] in " ".join(explained.split())
            assert all(answer.name in explained for answer in stage.step.answers)
        first = runbook.stages[0].step
        assert (await lyncdoctor("explain", first.id)).stdout == explanation(first, Deployment())


async def test_the_list_of_scenarios_is_data() -> None:
    listed = json.loads((await lyncdoctor("lab", "--list", "--format", "json")).stdout)
    assert all(set(one) == {"name", "runbook", "title", "symptom", "cause", "seat"} for one in listed)
    assert [one["cause"] for one in listed if one["name"] == "healthy"] == [None, None]


@pytest.mark.lab
async def test_a_recorded_walk_gives_the_same_report_again(tmp_path: Path) -> None:
    journal, first, again = tmp_path / "walk.jsonl", tmp_path / "first.json", tmp_path / "again.json"
    ended = await lyncdoctor(
        "run",
        "mobility",
        "--lab",
        "policy-disabled-for-user",
        "--record",
        str(journal),
        "--format",
        "json",
        "-o",
        str(first),
    )
    assert (ended.code, ended.stdout) == (1, "")
    assert stat.S_IMODE(journal.stat().st_mode) == stat.S_IMODE(first.stat().st_mode) == 0o600
    ended = await lyncdoctor("report", str(journal), "--format", "json", "-o", str(again))
    assert ended.code == 1
    assert json.loads(first.read_text()) == json.loads(again.read_text())
    began = json.loads(journal.read_text().splitlines()[0])
    assert began["scenario"] == "policy-disabled-for-user"
    assert "127." not in json.dumps(began), "neither addresses nor ports of that lab"


@pytest.mark.lab
async def test_only_one_step_and_stop_at_the_first_fault() -> None:
    ended = await lyncdoctor("run", "mobility", "--lab", "refused", "--stop-at-first", "--format", "json")
    walked = [step["id"] for step in json.loads(ended.stdout)["steps"]]
    assert walked == list(RUNBOOKS["mobility"].step_ids[:6])
    assert walked[-1] == "mobility.ports"
    ended = await lyncdoctor("run", "mobility", "--lab", "tls-expired", "--only", "mobility.policy", "--format", "json")
    assert [step["status"] for step in json.loads(ended.stdout)["steps"]] == ["ok"]
    assert ended.code == 0


@pytest.mark.lab
async def test_from_a_symptom_only_what_can_explain_it_is_walked(tmp_path: Path) -> None:
    journal = tmp_path / "walk.jsonl"
    told = ("--symptom", "certificate", "--record", str(journal))
    ended = await lyncdoctor("run", "mobility", "--lab", "tls-wrong-name", *told, "--format", "json")
    report = json.loads(ended.stdout)
    assert report["verdict"]["cause"] == "mobility.certificates/wrong-name"
    symptom = RUNBOOKS["mobility"].symptom("certificate")
    assert symptom is not None
    assert [step["id"] for step in report["steps"]] == list(symptom.explained_by)
    again = await lyncdoctor("report", str(journal), "--format", "json")
    assert json.loads(again.stdout) == report


@pytest.mark.lab
@pytest.mark.parametrize("form", ["text", "json", "markdown", "html", "nagios"])
async def test_what_was_told_decides_where_it_begins_and_stands_in_every_report(form: str, tmp_path: Path) -> None:
    journal = tmp_path / "walk.jsonl"
    told = ("--symptom", "unavailable", "--told", "outside", "--told", "one-user", "--told", "outside")
    ended = await lyncdoctor("run", "mobility", "--lab", "healthy", *told, "--record", str(journal), "--format", form)
    lines = journal.read_text().splitlines()
    concluded = [line["step"] for line in map(json.loads, lines) if line["kind"] == "concluded"]
    assert concluded[:4] == ["mobility.user-enabled", "mobility.policy", "mobility.sign-in", "mobility.dns"]
    assert "mobility.hairpin" not in concluded
    said = " ".join(ended.stdout.replace("\\", "").split())
    assert re.search('[Tt]old"?: "?“Cannot connect to the server.*; one user alone; it fails outside alone', said)
    again = await lyncdoctor("report", str(journal), "--format", form)
    assert again.stdout == ended.stdout


@pytest.mark.lab
async def test_each_seat_sees_what_it_can_and_never_cries_wolf() -> None:
    async with client.start("healthy") as lab:
        options = options_for(lab.connection)
        without_shell = options[: options.index("--shell")]
        password = {"LYNCDOCTOR_SHELL_PASSWORD": lab.connection.shell_password}
        for seat in ("inside", "front-end", "outside"):
            ended = await lyncdoctor(
                "run", "mobility", *options, "--vantage", seat, "--format", "json", environment=password
            )
            # From outside the pool's own name is not in DNS, so its shell cannot be reached: that stays unknown.
            assert ended.code == (3 if seat == "outside" else 0), ended.stdout
        ended = await lyncdoctor("run", "mobility", *without_shell, "--vantage", "outside", "--format", "json")
        assert ended.code == 0, ended.stdout
        assert {step["status"] for step in json.loads(ended.stdout)["steps"]} == {"ok", "not-applicable", "skipped"}
        ended = await lyncdoctor("run", "mobility", *without_shell, "--vantage", "inside", "--format", "json")
        assert ended.code == 3
        wanted = {step["command"].partition(" ")[0] for step in json.loads(ended.stdout)["steps"] if step["reason"]}
        assert {"Get-CsUser", "Get-CsMobilityPolicy", "Get-CsWebServiceConfiguration"} <= wanted
        # Of the Edge's own sockets another seat says that they are not to be seen there, and not that nobody looked.
        for seat, code, statuses in (
            ("inside", 3, {"ok", "not-applicable", "unknown", "skipped"}),
            ("outside", 0, {"ok", "not-applicable"}),
        ):
            ended = await lyncdoctor("run", "xmpp", *without_shell, "--vantage", seat, "--format", "json")
            seen = {step["id"]: step["status"] for step in json.loads(ended.stdout)["steps"]}
            assert (ended.code, set(seen.values())) == (code, statuses), ended.stdout
            assert seen["xmpp.listening"] == "not-applicable"


@pytest.mark.lab
async def test_with_every_address_black_holed_it_still_ends() -> None:
    async with client.start("unreachable", "pool-unreachable") as lab:
        password = {"LYNCDOCTOR_SHELL_PASSWORD": lab.connection.shell_password}
        ended = await lyncdoctor(
            "run", "mobility", *options_for(lab.connection), "--format", "json", environment=password, seconds=30
        )
        steps = {step["id"]: step["answer"] for step in json.loads(ended.stdout)["steps"]}
    assert steps["mobility.ports"] == "internal-unreachable"
    assert steps["mobility.user-enabled"] == "not-seen"


async def test_with_a_name_server_that_never_answers_it_still_ends() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        server = f"127.0.0.1:{silent.getsockname()[1]}"
        ended = await lyncdoctor(
            "run", "mobility", "--web", "lyncweb.litwareinc.com", "--sip", "kenmyer@litwareinc.com",
            "--shell", "atl-cs-001.litwareinc.com", "--dns-inside", server, "--format", "json", seconds=30,
        )  # fmt: skip
    assert ended.code == 3
    report = json.loads(ended.stdout)
    assert {step["status"] for step in report["steps"] if step["answer"] != "not-agreed"} == {"unknown"}
    assert report["verdict"]["cause"] is None, "a silent name server is no fault of Lync's"


WINDOW = """\
PS C:\\> netstat -ano; tasklist # on the Edge

Connexions actives

  Proto  Adresse locale         Adresse distante       État            PID
  TCP    0.0.0.0:135            0.0.0.0:0              LISTENING       876
  TCP    10.0.0.5:23456         0.0.0.0:0              LISTENING       2044
  UDP    0.0.0.0:500            *:*                                    744

Nom de l'image                 PID Nom de la session Numéro de s Utilisation
========================= ======== ================ =========== ============
XmppProxy.exe                 2044 Services                   0     10 000 Ko
PS C:\\>
"""


async def test_who_pastes_is_told_what_is_wanted_and_walks_from_a_copy_of_the_window(tmp_path: Path) -> None:
    names = ("run", "xmpp", "--edge", "atl-edge-001.litwareinc.com", "--domain", "litwareinc.com")
    asked = await lyncdoctor(*names, "--shell", "paste")
    assert asked.code == 3
    assert "  netstat -ano; tasklist # on the Edge\n" in asked.stderr
    window = tmp_path / "window.txt"
    window.write_text(WINDOW, encoding="utf-8")
    found = await lyncdoctor(*names, "--evidence", str(window), "--format", "json")
    assert found.code == 1
    assert json.loads(found.stdout)["verdict"]["cause"] == "xmpp.listening/only-internal"


async def test_evidence_about_another_deployment_is_refused() -> None:
    file = Path(__file__).parents[1] / "journals" / "collected-front-end-2013.jsonl"
    refused = await lyncdoctor("run", "mobility", "--sip", "kenmyer@contoso.com", "--evidence", str(file))
    assert refused.code == 2
    assert "is about litwareinc.com, not about contoso.com" in refused.stderr


async def test_diagnose_reads_what_it_is_piped(tmp_path: Path) -> None:
    error = tmp_path / "error.txt"
    error.write_text('ms-diagnostics: 28032;reason="The web ticket is invalid."', encoding="utf-16")
    told = await lyncdoctor("diagnose", str(error), "--format", "json")
    assert told.code == 0
    assert json.loads(told.stdout)["likely"][0]["step"] == "mobility.user-enabled"
    error.write_text("Nothing that anybody knows.")
    assert (await lyncdoctor("diagnose", str(error))).code == 3


async def test_collect_writes_a_script_for_its_server(tmp_path: Path) -> None:
    script = tmp_path / "edge.ps1"
    told = await lyncdoctor("collect", "--domain", "litwareinc.com", "--vantage", "edge", "-o", str(script))
    assert told.code == 0
    assert "lyncdoctor run xmpp --evidence" in told.stderr
    assert "-File edge.ps1" in script.read_text("ascii")


async def test_a_redacted_record_and_its_report_have_no_name(tmp_path: Path) -> None:
    file = Path(__file__).parents[1] / "journals" / "mobility-policy-disabled-for-user.jsonl"
    record = tmp_path / "redacted.jsonl"
    told = await lyncdoctor("run", "mobility", "--evidence", str(file), "--redact", "--record", str(record))
    assert told.code == 1
    assert "mobility.policy/disabled-for-user" in told.stdout
    again = await lyncdoctor("report", str(file), "--redact", "--format", "markdown")
    for text in (told.stdout, record.read_text(), again.stdout):
        assert not re.search("litware|kenmyer|pilar|Redmond", text, re.IGNORECASE)
    assert (await lyncdoctor("run", "mobility", "--evidence", str(record))).code == 1
    assert (await lyncdoctor("run", "mobility", "--lab", "healthy", "--redact", "--record", str(record))).code == 2
