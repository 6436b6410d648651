"""The project's own PowerShell, read as a tree: what it may call, what it can never do, and that names stay data."""

import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from checks import collecting, powershell
from checks.deployment import Deployment, InvalidName, Vantage
from checks.knowledge.powershell import literal
from checks.probes import Cmdlet
from tests.unit.shell.powershell_tree import QUOTES, assigned, nodes, parse, said, string

LITWARE = Deployment(
    vantage=Vantage.FRONT_END,
    domains=("litwareinc.com",),
    users=("sip:kenmyer@litwareinc.com", "sip:pilar@litwareinc.com"),
    pool="atl-cs-001.litwareinc.com",
    web="lyncweb.litwareinc.com",
    edge="atl-edge-001.litwareinc.com",
)
EDGE = Deployment(vantage=Vantage.EDGE, domains=("litwareinc.com",), edge="atl-edge-001.litwareinc.com")

TEXTS = {f"{name}.ps1": powershell.part(name) for name in powershell.PARTS} | {
    "loop": powershell.loop(),
    "collector at a Front End": collecting.script(LITWARE),
    "collector at the Edge": collecting.script(EDGE),
    "collector of nothing": collecting.script(Deployment()),
}
OWN = {
    "Invoke-Question", "Import-ProductModule", "Test-Elevation", "Write-Answer", "Get-Moment", "ConvertTo-Base64",
    "Get-SocketText", "Get-Answer", "Get-ThisComputer",
}  # fmt: skip
WINDOWS = {
    "ConvertFrom-Json", "ConvertTo-Json", "ForEach-Object", "Get-Command", "Get-Process", "Import-Module", "Join-Path",
    "New-Object", "Out-Null", "Select-Object", "Set-StrictMode", "Test-Path", "Write-Host", "Write-Progress",
}  # fmt: skip
TYPES = {
    "[Console]", "[Convert]", "[DateTime]", "[Diagnostics.Stopwatch]", "[Globalization.CultureInfo]",
    "[IO.FileMode]", "[IO.Path]", "[Net.NetworkInformation.IPGlobalProperties]", "[Security.Principal.WindowsBuiltInRole]", "[Security.Principal.WindowsIdentity]",
    "[System.Management.Automation.ErrorRecord]", "[System.Management.Automation.PSSerializer]",
    "[System.Management.Automation.RuntimeException]", "[Text.Encoding]", "[hashtable]", "[string]", "[switch]",
}  # fmt: skip
MADE = {
    "IO.FileStream", "IO.StreamWriter", "Management.Automation.PSCredential", "PSObject",
    "Security.Principal.WindowsPrincipal", "Security.SecureString", "Text.UTF8Encoding",
}  # fmt: skip
PROGRAMS = {"$command", "$netstat"}
READS = re.compile(r"Get-(Cs[A-Za-z0-9]+|NetTCPConnection|Process|Service|WinEvent)")
NEWER = {"class_statement", "enum_statement", "using_statement", "parallel_statement", "sequence_statement"}

every_text = pytest.mark.parametrize("name", TEXTS)


@every_text
def test_it_parses_and_is_ascii(name: str) -> None:
    assert TEXTS[name].isascii()
    parse(TEXTS[name])


@every_text
def test_it_calls_what_is_listed_and_nothing_else(name: str) -> None:
    for command in nodes(parse(TEXTS[name]), "command"):
        [called] = [said(child) for child in command.children if child.type in {"command_name", "command_name_expr"}]
        operators = [said(node) for node in command.children if node.type == "command_invokation_operator"]
        if operators:
            assert (operators, called in PROGRAMS) == (["&"], True), said(command)
        else:
            assert called in OWN | WINDOWS, said(command)


@every_text
def test_it_makes_and_names_only_the_types_that_are_listed(name: str) -> None:
    root = parse(TEXTS[name])
    assert {said(node) for node in nodes(root, "type_literal")} <= TYPES
    made = set(re.findall(r"-TypeName (\S+)", TEXTS[name]))
    assert made <= MADE
    assert len(re.findall("New-Object", TEXTS[name])) == len(re.findall("-TypeName", TEXTS[name]))


@every_text
def test_it_has_nothing_newer_than_powershell_3_and_nothing_that_runs_text(name: str) -> None:
    root = parse(TEXTS[name])
    assert not [said(node) for node in nodes(root, *NEWER)]
    assert not [node for node in nodes(root) if node.type in {"&&", "||", "??", "??=", "?.", "?[", "clean"}]
    code = "\n".join(line for line in TEXTS[name].splitlines() if not line.lstrip().startswith("#"))
    for word in ("Invoke-Expression", "iex ", "Add-Type", "ScriptBlock", "Invoke-Command", "Start-", "Stop-", "Remove-",
                 "Enable-", "Disable-", "Grant-", "New-Cs", "Set-Cs", "DownloadString", "Net.WebClient", "-Parallel"):  # fmt: skip
        assert word.lower() not in code.lower().replace("startnew", ""), word


@every_text
def test_an_expandable_string_holds_no_name_of_a_deployment(name: str) -> None:
    for node in nodes(parse(TEXTS[name]), "expandable_string_literal", "expandable_here_string_literal"):
        assert "litware" not in said(node)


def test_the_loop_leaves_its_input_to_itself() -> None:
    """PowerShell reads the standard input of a script that mentions the variable, and the questions would be lost."""
    assert not re.search(r"\$(\w+:)?input\b", powershell.loop(), re.IGNORECASE)


@pytest.mark.parametrize("name", ["loop", "collector at a Front End"])
def test_the_cmdlets_that_may_be_asked_are_those_that_read(name: str) -> None:
    patterns = [string(said(node)) for node in nodes(parse(TEXTS[name]), "string_literal") if r"\A" in said(node)]
    reads, tests = (re.compile(pattern.replace(r"\z", r"\Z")) for pattern in patterns)
    for allowed in ("Get-CsUser", "Get-CsService", "Get-Service", "Get-NetTCPConnection", "Get-WinEvent"):
        assert reads.match(allowed)
        assert not tests.match(allowed)
    for refused in ("Set-CsUser", "Get-Content", "Get-ChildItem", "Get-CsUser; Stop-Computer", "Get-CsUser\n", "get-cs*",
                    "Microsoft.PowerShell.Management\\Get-Process", "x Get-CsUser", "Get-Cs", "Export-CsConfiguration"):  # fmt: skip
        assert not reads.match(refused)
        assert not tests.match(refused)
    assert tests.match("Test-CsMcxP2PIM")
    assert not tests.match("Test-Connection")


@pytest.mark.parametrize("deployment", [LITWARE, EDGE, Deployment()])
def test_the_collectors_questions_are_cmdlets_that_read(deployment: Deployment) -> None:
    for question in assigned(parse(collecting.script(deployment)), "$questions"):
        assert READS.fullmatch(question["Name"]) or question["Name"] == collecting.NETSTAT
        assert set(question["Parameters"]) <= {
            "Identity", "EdgeServer", "WebServer", "LocalStore", "ComputerName", "ExcludeActivityLevel",
            "DisplayName", "LogName", "FilterXPath", "MaxEvents",
        }  # fmt: skip


hostile = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0") | st.sampled_from(f'{QUOTES}`$(){{}}@#;\n"')
)


@given(hostile)
@example("'; Remove-Item C:\\ -Recurse; '")
@example("\u2019; Remove-Item C:\\ -Recurse; \u2019")
@example("$(Stop-Computer)`'")
def test_text_stays_text(text: str) -> None:
    root = parse(f"$x = {literal(text)}\n")
    [only] = nodes(root, "string_literal")
    assert string(said(only)) == text
    assert not list(nodes(root, "command"))
    assert [said(node) for node in nodes(root, "variable")] == ["$x"]


@given(
    st.dictionaries(
        hostile.filter(bool), hostile | st.booleans() | st.none() | st.lists(hostile, min_size=1).map(tuple), max_size=4
    )
)
def test_the_data_of_a_question_is_what_was_asked(parameters: dict[str, Any]) -> None:
    question = Cmdlet(name="Get-CsUser", parameters=tuple(parameters.items()))
    told = assigned(parse(f"$x = {literal(collecting._question(question, Vantage.FRONT_END))}\n"), "$x")
    assert told["Name"] == "Get-CsUser"
    assert told["Parameters"] == {
        name: list(value) if isinstance(value, tuple) else value for name, value in parameters.items()
    }
    assert told["Line"].isascii()


@pytest.mark.parametrize(
    "changed",
    [
        {"pool": "x'; Remove-Item C:\\"},
        {"users": ("sip:ken'myer@litwareinc.com",)},
        {"domains": ("litwareinc.com\nStop-Computer",)},
        {"edge": "$(Stop-Computer).litwareinc.com"},
        {"web": "`n.litwareinc.com"},
    ],
)
def test_a_name_that_no_parser_has_passed_gets_into_no_script(changed: dict[str, Any]) -> None:
    with pytest.raises(InvalidName):
        collecting.script(Deployment(**changed))


def test_blanks_around_a_name_cannot_end_the_comment_that_it_stands_in() -> None:
    script = collecting.script(Deployment(domains=("\nlitwareinc.com\r\n",)))
    assert script.startswith("# Collects what lyncdoctor asks of a server, for: litwareinc.com\n")
    assert "-File evil.ps1\n" in collecting.script(LITWARE, "evil.ps1")
    assert "Stop-Computer" not in collecting.script(LITWARE, "x.ps1\nStop-Computer")
