"""Partners from the command line: one, several, a list; without any Lync at all."""

import json
from contextlib import nullcontext
from pathlib import Path

import pytest

from tui import cli
from tui.exit_codes import ExitCode

pytestmark = pytest.mark.lab
OUTSIDE = ["run", "xmpp", "--lab", "healthy", "--vantage", "outside"]


def test_partners_from_options_and_a_list_are_one_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed = tmp_path / "partners.csv"
    listed.write_text("Domain,Owner\nnobody.example,us\nfabrikam.com,us\n")
    code = cli.main([*OUTSIDE, "--partner", "fabrikam.com", "--partners", str(listed), "--format", "json"])
    told = json.loads(capsys.readouterr().out)
    assert code == ExitCode.UNKNOWN
    assert told["counts"] == {"ok": 1, "unknown": 1}
    partners = {one["deployment"]["partners"][0]: one for one in told["partners"]}
    assert list(partners) == ["fabrikam.com", "nobody.example"], "each once, in the order they were named"
    answers = {step["id"]: step["answer"] for step in partners["fabrikam.com"]["steps"]}
    assert answers["xmpp.partner-stream"] == "opens"
    assert answers["xmpp.partner-certificate"] == "accepted"
    assert partners["nobody.example"]["verdict"]["cause"] is None, (
        "a name server that fails says nothing of the partner"
    )


def test_a_fault_of_one_partner_is_told_of_that_one(capsys: pytest.CaptureFixture[str]) -> None:
    # The lab's own domain has an Edge that answers, seen as anybody's XMPP server.
    lab = [*OUTSIDE[:3], "xmpp-partner-silent", *OUTSIDE[4:]]
    code = cli.main([*lab, "--partner", "fabrikam.com", "--partner", "litwareinc.com", "--format", "nagios"])
    first, second, *_ = capsys.readouterr().out.splitlines()
    assert code == 2
    assert first.startswith("XMPP CRITICAL - 1 of 2 partners are not fine: fabrikam.com | partners=2 troubled=1")
    assert second.startswith("fabrikam.com CRITICAL: ")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--partner", "not a name"], "“not a name”: That is not a domain"),
        (["--partner", "contoso"], "“contoso”: The full name is needed, such as contoso.com."),
        (["--partner", "a.example", "--partner", "b.example", "--record", "walk.jsonl"], "name one partner."),
        (["--partners", "/nowhere/list.txt"], "no file that can be read"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    options: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) if "--record" not in options else nullcontext():
        assert cli.main(["run", "xmpp", "--vantage", "outside", *options]) == ExitCode.USAGE
    assert sentence in capsys.readouterr().err
