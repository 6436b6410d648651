"""Each question has one line to run by hand, and a place to run it."""

import pytest

from checks.knowledge.pasted import NotUnderstood, understand
from checks.knowledge.pasted.commands import command_for, place_for
from checks.probes import Cmdlet, Handshake, Lookup, Port, Question, Request, Response, Sockets

URL = "https://lyncweb.litwareinc.com/Autodiscover/AutodiscoverService.svc"


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
