"""Each question has one line to run by hand, a place to run it, and a word on where its program is found."""

import pytest

from checks.deployment import Deployment
from checks.knowledge.pasted import NotUnderstood, understand
from checks.knowledge.pasted.commands import by_hand, command_for, place_for, tools_note, view_of
from checks.probes import Cmdlet, Elsewhere, Handshake, Lookup, Port, Question, Request, Response, Sockets
from checks.runbooks import RUNBOOKS

URL = "https://lyncweb.litwareinc.com/Autodiscover/AutodiscoverService.svc"
OLDER = "; on an older server use another computer in the same network."


@pytest.mark.parametrize(
    ("question", "command", "place"),
    [
        (
            Cmdlet(name="Get-CsUser", parameters=(("Identity", "sip:kenmyer@litwareinc.com"),)),
            "Get-CsUser -Identity sip:kenmyer@litwareinc.com | Format-List *",
            "Front End",
        ),
        (Cmdlet(name="Get-CsWindowsService", on="edge"), "Get-CsWindowsService | Format-List *", "on the Edge"),
        (Sockets(ports=(5269,)), "netstat -ano; tasklist", "on the Edge"),
        (Sockets(on="front-end"), "netstat -ano; tasklist", "on a Front End"),
        (Request(method="GET", url=URL, view="outside"), f"curl.exe -v -L {URL}", "outside"),
        (Request(method="GET", url=URL, view="inside", trusting=True), f"curl.exe -v -L -k {URL}", "inside"),
        (
            Request(method="POST", url=URL, view="inside"),
            f'curl.exe -v -L -X POST -H "Content-Length: 0" {URL}',
            "inside",
        ),
        (
            Lookup(name="x.contoso.com", kind="SRV", view="outside"),
            "Resolve-DnsName x.contoso.com -Type SRV",
            "outside",
        ),
        (Port(host="x.contoso.com", port=443, view="outside"), "Test-NetConnection x.contoso.com -Port 443", "outside"),
        (
            Handshake(host="x.contoso.com", port=443, view="inside"),
            "openssl s_client -connect x.contoso.com:443 -servername x.contoso.com -showcerts",
            "inside",
        ),
    ],
)
def test_what_to_run_and_where(question: Question, command: str, place: str) -> None:
    assert command_for(question) == command
    assert place in place_for(question)


def test_a_name_that_is_no_name_stays_one_argument() -> None:
    command = command_for(Cmdlet(name="Get-CsUser", parameters=(("Identity", "x'; Remove-Item *"),)))
    assert command == "Get-CsUser -Identity 'x''; Remove-Item *' | Format-List *"


def test_the_post_that_is_run_by_hand_is_read_as_one() -> None:
    question = Request(method="POST", url=URL, view="inside")
    pasted = f"""PS C:\\> {command_for(question)}
*   Trying 192.0.2.10:443...
* Connected to lyncweb.litwareinc.com (192.0.2.10) port 443 (#0)
> POST /Autodiscover/AutodiscoverService.svc HTTP/1.1
> Host: lyncweb.litwareinc.com
> User-Agent: curl/8.4.0
> Accept: */*
> Content-Length: 0
>
< HTTP/1.1 401 Unauthorized
< Server: Microsoft-IIS/8.5
< WWW-Authenticate: Negotiate
< X-MS-Server-Fqdn: atl-cs-001.litwareinc.com
< Content-Length: 0
<
* Connection #0 to host lyncweb.litwareinc.com left intact
"""
    understood = understand(question, pasted)
    assert not isinstance(understood, NotUnderstood), understood.sentence
    assert isinstance(understood, Response)
    assert understood.last.status == 401


@pytest.mark.parametrize(
    ("commands", "note"),
    [
        (["Get-CsUser", "netsh winhttp show proxy", ""], ""),
        (["# curl.exe is named in a comment alone"], ""),
        (["curl.exe -i https://a", "curl.exe -i https://b"], f"curl.exe comes with Windows 10 and Server 2019{OLDER}"),
        (
            ["openssl s_client -connect a:443", "curl.exe -v https://a"],
            f"curl.exe comes with Windows 10 and Server 2019, openssl with Git for Windows{OLDER}",
        ),
    ],
)
def test_a_program_that_not_every_server_has_is_named_once(commands: list[str], note: str) -> None:
    assert tools_note(commands) == note


def test_a_sentence_that_a_line_break_cut_is_whole_and_a_heading_stays() -> None:
    lines = ("# From outside:", "# Each must", "# answer.", "# And soon.", "Get-CsUser")
    assert by_hand(lines) == ("# From outside:", "# Each must answer.", "# And soon.", "Get-CsUser")


def test_beside_a_command_its_program_is_not_told_of_again() -> None:
    lines = ("openssl s_client -connect a:443", "curl.exe -v https://a")
    assert by_hand(lines, "openssl s_client -connect b:443") == (
        *lines,
        f"# curl.exe comes with Windows 10 and Server 2019{OLDER}",
    )
    assert by_hand(lines[:1], "openssl s_client -connect b:443") == lines[:1]


def test_every_step_that_names_such_a_program_says_where_it_is_found() -> None:
    steps = [stage.step for runbook in RUNBOOKS.values() for stage in runbook.stages]
    told = {step.id: by_hand(step.by_hand(Deployment())) for step in steps}
    assert told["mobility.certificates"][-1].startswith("# openssl comes with Git for Windows")
    assert told["mobility.policy"] == tuple(steps[3].by_hand(Deployment()))


def test_only_what_the_network_is_asked_has_a_view() -> None:
    port = Port(host="lyncweb.litwareinc.com", port=443, view="outside")
    assert view_of(port) == view_of(Elsewhere(seat="outside", question=port)) == "outside"
    assert view_of(Cmdlet(name="Get-CsUser")) == view_of(Sockets()) == ""
