"""A copy of a PowerShell window as evidence: which command asked what, and whose output belongs to it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.deployment import Vantage
from checks.journal import UnreadableJournal
from checks.knowledge import lync_objects
from checks.knowledge.pasted import transcript
from checks.knowledge.pasted.commands import command_for
from checks.knowledge.powershell import command_line
from checks.opening import read_evidence
from checks.probes import (
    Cmdlet,
    Handshake,
    Lookup,
    Objects,
    Question,
    Records,
    Request,
    Sockets,
    SocketTable,
)

KEN = "sip:kenmyer@litwareinc.com"

WINDOW = f"""\
**********************
Windows PowerShell transcript start
Start time: 20140502101500
**********************
PS C:\\Users\\admin> Get-CsUser -Identity "{KEN}" | Select-Object Enabled

Enabled
-------
   True


PS C:\\Users\\admin> Get-CsUser -Identity {KEN} | Format-List *

SamAccountName    : kenmyer
UserPrincipalName : kenmyer@litwareinc.com
Enabled           : True
MobilityPolicy    : RedmondMobilityPolicy
RegistrarPool     : atl-cs-001.litwareinc.com
HostingProvider   : SRV:

PS C:\\Users\\admin> dir
PS C:\\Users\\admin> Get-CsUser -Identity sip:nobody@litwareinc.com
Get-CsUser : Management object not found for identity "sip:nobody@litwareinc.com".
At line:1 char:1
+ Get-CsUser -Identity sip:nobody@litwareinc.com
+ ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
    + CategoryInfo          : NotSpecified: (:) [Get-CsUser], ManagementException
    + FullyQualifiedErrorId : ManagementObjectNotFound,Microsoft.Rtc.Management.AD.Cmdlets.GetOcsUserCmdlet

PS C:\\Users\\admin> netstat -ano; tasklist # on the Edge

Active Connections

  Proto  Local Address          Foreign Address        State           PID
  TCP    10.0.0.5:5269          0.0.0.0:0              LISTENING       1840
  UDP    0.0.0.0:123            *:*                                    512
"""


def asked(text: str) -> dict[Question, object]:
    return dict(transcript.read(text))


def test_each_output_answers_the_command_before_it() -> None:
    answers = asked(WINDOW)
    ken = answers[Cmdlet(name="Get-CsUser", parameters=(("Identity", KEN),))]
    assert isinstance(ken, Objects)
    user = lync_objects.user(ken, KEN)
    assert user is not None
    assert (user.enabled, user.policy, user.pool) == (True, "RedmondMobilityPolicy", "atl-cs-001.litwareinc.com")
    nobody = answers[Cmdlet(name="Get-CsUser", parameters=(("Identity", "sip:nobody@litwareinc.com"),))]
    assert isinstance(nobody, Objects)
    assert lync_objects.not_found(nobody.errors[0])
    table = answers[Sockets(on="edge")]
    assert isinstance(table, SocketTable)
    assert [one.port for one in table.sockets] == [5269]
    assert len(answers) == 3


def test_whose_sockets_they_are_is_never_guessed() -> None:
    assert asked(WINDOW.replace("# on the Edge", ""))[Cmdlet(name="Get-CsUser", parameters=(("Identity", KEN),))]
    assert Sockets(on="edge") not in asked(WINDOW.replace("# on the Edge", ""))


@pytest.mark.parametrize(
    ("command", "question"),
    [
        ("Get-CsPool", Cmdlet(name="Get-CsPool")),
        ("Get-CsPool | fl *", Cmdlet(name="Get-CsPool")),
        ("Get-CsService -EdgeServer", Cmdlet(name="Get-CsService", parameters=(("EdgeServer", True),))),
        (f"Get-CsUser {KEN}", Cmdlet(name="Get-CsUser", parameters=(("Identity", KEN),))),
        ("Get-CsUser 'Ken Myer'", Cmdlet(name="Get-CsUser", parameters=(("Identity", "Ken Myer"),))),
        ("Get-CsUser -Identity 'O''Neill'", Cmdlet(name="Get-CsUser", parameters=(("Identity", "O'Neill"),))),
        ("Get-CsX -A $False -B 5 -C $Null", Cmdlet(name="Get-CsX", parameters=(("A", False), ("B", 5), ("C", None)))),
        ("Get-CsPool # on the Edge", Cmdlet(name="Get-CsPool", on="edge")),
        ("netstat -ano # on the Edge", Sockets(on="edge")),
        ("Get-CsPool | Select-Object Identity,Site | Sort-Object Site | ft -AutoSize", Cmdlet(name="Get-CsPool")),
        ("Get-CsPool | ConvertTo-Json", Cmdlet(name="Get-CsPool")),
        ("Get-CsPool | Where-Object {$_.Site -eq 'Site:Redmond'}", None),
        ("Get-CsPool | ? Site -like *Redmond | fl", None),
        ("Get-CsPool | Select-Object -First 1", None),
        ("Get-CsPool | select Identity -Last 1", None),
        ("Get-CsPool | Select-Object -ExpandProperty Identity", None),
        ("Get-CsPool | findstr Redmond", None),
        ("Get-CsPool | Out-File pools.txt", None),
        ("Get-CsPool | fl > pools.txt", None),
        ("Get-CsPool | Measure-Object", None),
        ("netstat -ano", None),
        ("netstat -ano | findstr 5269 # on the Edge", None),
        ("Set-CsMobilityPolicy -Identity Global", None),
        ("Get-CsUser -Identity KenMyer@litwareinc.com", Cmdlet(name="Get-CsUser", parameters=(("Identity", KEN),))),
        ("Get-CsMobilityPolicy | Where-Object {$_.EnableMobility}", None),
        ("curl.exe -v -L https://a.example/x # outside", Request(method="GET", url="https://a.example/x", view="outside")),
        (
            'curl.exe -v -L -k -X POST -H "Content-Length: 0" https://a.example/x # inside',
            Request(method="POST", url="https://a.example/x", view="inside", trusting=True),
        ),
        ("curl.exe -v https://a.example/x", None),
        ("Resolve-DnsName a.example # inside", Lookup(name="a.example", kind="ADDRESS", view="inside")),
        ("Resolve-DnsName a.example -Type SRV # outside", Lookup(name="a.example", kind="SRV", view="outside")),
        ("Resolve-DnsName a.example -Type MX # outside", None),
        ("Resolve-DnsName a.example", None),
        (
            "openssl s_client -connect a.example:443 -servername a.example -showcerts # outside",
            Handshake(host="a.example", port=443, view="outside"),
        ),
        ("Get-CsUser a b", None),
        ("ipconfig", None),
        ("", None),
    ],
)  # fmt: skip
def test_what_a_typed_command_asks(command: str, question: Question | None) -> None:
    assert transcript.question_of(command) == question


def test_a_command_that_still_ran_has_no_answer() -> None:
    typed = f"PS C:\\> Get-CsUser -Identity {KEN}\n"
    assert asked(typed) == {}
    assert asked(f"{typed}\n\n") == {}
    # Behind the next prompt it has ended, and nothing is what it brought.
    assert list(asked(f"{typed}PS C:\\> ").values()) == [Objects()]


VALUES = st.one_of(
    st.booleans(),
    st.none(),
    st.integers(0, 99999),
    st.text(max_size=20).filter(lambda t: "#" not in t and "|" not in t),
)


@given(st.dictionaries(st.sampled_from(["Identity", "Filter", "Name"]), VALUES))
def test_what_we_write_is_read_back(parameters: dict[str, object]) -> None:
    parameters = {
        name: value for name, value in parameters.items() if not isinstance(value, str) or value.isprintable()
    }
    question = transcript.question_of(command_line("Get-CsUser", parameters))
    assert isinstance(question, Cmdlet)
    assert dict(question.parameters) == parameters


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    transcript.read(text)
    transcript.question_of(text)
    list(transcript.outputs(f"PS C:\\> Get-CsUser {text}\n{text}"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_transcript_is_evidence(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "window.txt"
    file.write_text(WINDOW, encoding=encoding)
    (journal,) = read_evidence([str(file)])
    assert journal.began.deployment.users == (KEN, "sip:nobody@litwareinc.com")
    assert journal.began.deployment.vantage is Vantage.FRONT_END
    assert {one.seat for one in journal.asked.values()} == {"front-end", "edge"}
    assert {one.source for one in journal.asked.values()} == {""}


QUESTIONS: list[Question] = [
    Cmdlet(name="Get-CsPool"),
    Cmdlet(name="Get-CsService", parameters=(("EdgeServer", True), ("LocalStore", True)), on="edge"),
    Sockets(on="edge"),
    Request(method="GET", url="https://a.example/mcx/mcxservice.svc", view="outside"),
    Request(method="POST", url="https://a.example/webticket/webticketservice.svc", view="inside", trusting=True),
    Handshake(host="a.example", port=443, view="inside"),
    Lookup(name="a.example", kind="ADDRESS", view="outside"),
    Lookup(name="_xmpp-server._tcp.a.example", kind="SRV", view="inside"),
]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.typed())
def test_what_is_wanted_is_what_is_understood(question: Question) -> None:
    assert transcript.question_of(f"{command_for(question)} {transcript.said_behind(question)}") == question


def test_the_network_seen_from_outside_is_evidence_too(tmp_path: Path) -> None:
    file = tmp_path / "window.txt"
    file.write_text(
        "PS C:\\> Resolve-DnsName lyncdiscover.litwareinc.com # outside\n"
        "Resolve-DnsName : lyncdiscover.litwareinc.com : DNS name does not exist\nAt line:1 char:1\n"
        "+ Resolve-DnsName lyncdiscover.litwareinc.com # outside\n"
    )
    (journal,) = read_evidence([str(file)])
    (asked,) = journal.asked.values()
    assert isinstance(asked.answer, Records)
    assert (asked.answer.outcome, asked.seat) == ("no-such-name", "outside")


def test_a_text_that_tells_nothing_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear Sirs,\nour phones do not work.\n")
    with pytest.raises(UnreadableJournal, match=r"letter\.txt is neither a journal nor a copy"):
        read_evidence([str(file)])
