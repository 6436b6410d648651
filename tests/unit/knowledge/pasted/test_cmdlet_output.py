"""What a console prints, JSON and CLIXML become what a shell would have answered; anything else is said with its line."""

from typing import Any

import pytest

from checks.knowledge import lync_objects
from checks.knowledge.pasted import NotUnderstood, cmdlet_output, understand
from checks.probes import Cmdlet, Objects

KEN, PILAR = "sip:kenmyer@litwareinc.com", "sip:pilar@litwareinc.com"
USER = Cmdlet(name="Get-CsUser", parameters=(("Identity", KEN),))
POLICIES = Cmdlet(name="Get-CsMobilityPolicy")
POOLS = Cmdlet(name="Get-CsPool")
SERVICES = Cmdlet(name="Get-CsWindowsService")
SITE = Cmdlet(name="Get-CsSite")


def read(question: Cmdlet, text: str) -> Objects:
    answer = understand(question, text)
    assert isinstance(answer, Objects), answer
    return answer


def refused(question: Cmdlet, text: str) -> NotUnderstood:
    answer = understand(question, text)
    assert isinstance(answer, NotUnderstood), answer
    assert f"Paste the whole output of: {question.name}" in answer.sentence
    return answer


ONE_POLICY = {"Identity": "Global", "Description": None, "EnableMobility": True}
LISTS = {
    "console": "\n\nIdentity       : Global\nDescription    :\nEnableMobility : True\n\n\n",
    "no blank before the colon": "Identity: Global\nDescription:\nEnableMobility: True",
    "single blanks": "Identity : Global\nDescription :\nEnableMobility : True",
    "two blanks": "Identity  : Global\nDescription  :\nEnableMobility  : True",
    "blank lines between": "Identity : Global\n\nDescription :\n\nEnableMobility : True\n",
    "no-break spaces": "Identity\xa0: Global\nDescription\xa0:\nEnableMobility\xa0:\xa0True",
    "indented": "    Identity       : Global\n    Description    :\n    EnableMobility : True",
    "Windows line ends": "Identity       : Global\r\nDescription    :\r\nEnableMobility : True\r\n",
    "code fence": "```powershell\nIdentity       : Global\nDescription    :\nEnableMobility : True\n```",
    "prompts": "PS C:\\Users\\kenmyer> Get-CsMobilityPolicy | fl\n\n\nIdentity       : Global\nDescription    :\n"
    "EnableMobility : True\n\n\n\nPS C:\\Users\\kenmyer> ",
    "management shell": "[PS] C:\\Windows\\system32>Get-CsMobilityPolicy\n\nIdentity : Global\nDescription :\nEnableMobility : True",
    "remote session": "[atl-cs-001.litwareinc.com]: PS C:\\>Get-CsMobilityPolicy\n\nIdentity : Global\nDescription :\nEnableMobility : True",
    "typed over lines": "PS C:\\> Get-CsMobilityPolicy |\n>> Format-List\n>>\n\nIdentity : Global\nDescription :\nEnableMobility : True",
    "command alone": "Get-CsMobilityPolicy | Format-List *\n\nIdentity : Global\nDescription :\nEnableMobility : True",
    "internal members": "Identity       : Global\nDescription    :\nEnableMobility : True\nXsAnyElements  : {}\n"
    "Element        : <Mobility />\nAnchor         : Microsoft.Rtc.Management.ScopeFramework.GlobalScopeAnchor",
    "byte order mark": "\ufeffIdentity : Global\nDescription :\nEnableMobility : True",
}  # fmt: skip


@pytest.mark.parametrize("form", LISTS)
def test_a_list_is_read_however_it_was_copied(form: str) -> None:
    assert read(POLICIES, LISTS[form]) == Objects(objects=(ONE_POLICY,))


SITE_ON_A_NARROW_CONSOLE = """
Identity                  : Site:LyncLab
SiteId                    : 1
Services                  : {UserServer:lync.server.telligent.com,
                            Registrar:lync.server.telligent.com,
                            UserDatabase:lync.server.telligent.com,
                            FileStore:lync.server.telligent.com...}
Pools                     : {lync.server.telligent.com}
FederationRoute           :
Description               : Lync Site
"""


def test_a_collection_that_was_cut_is_left_out_and_said() -> None:
    answer = read(SITE, SITE_ON_A_NARROW_CONSOLE)
    [site] = answer.objects
    assert "Services" not in site
    assert site["Pools"] == ["lync.server.telligent.com"]
    assert site["FederationRoute"] is None
    assert answer.warnings == (
        "Services was cut off and is left out. To see it whole: Get-CsSite | Select-Object -ExpandProperty Services",
    )


VALUES: list[tuple[str, Any]] = [
    ("True", True),
    ("False", False),
    ("", None),
    ("{}", []),
    ("{atl-cs-001.litwareinc.com}", ["atl-cs-001.litwareinc.com"]),
    ("{a, b, c, d}", ["a", "b", "c", "d"]),
    ("5061", "5061"),
    ("Site:Redmond", "Site:Redmond"),
    ("https://internalweb.contoso.net/abs/handler", "https://internalweb.contoso.net/abs/handler"),
    ("see the wiki...", "see the wiki..."),
    ("red \x1b[31m", "red \N{REPLACEMENT CHARACTER}[31m"),
]


@pytest.mark.parametrize(("printed", "value"), VALUES)
def test_values(printed: str, value: Any) -> None:
    assert read(SITE, f"Identity : x\nThing    : {printed}").objects == ({"Identity": "x", "Thing": value},)


WRAPPED = [
    # At a blank, whose place is lost; behind a hyphen; inside a word that fills a line of 79 or 80 columns.
    ("Name : one two\n       three", "one two three"),
    ("Name : atl-cs-\n       001.litwareinc.com", "atl-cs-001.litwareinc.com"),
    (f"Name : {'x' * 72}\n       {'y' * 5}", "x" * 72 + "y" * 5),
    (f"Name : {'x' * 73}\n       {'y' * 73}\n       z", "x" * 73 + "y" * 73 + "z"),
    (f"Name : {'w ' * 36}\n       next", "w " * 36 + "next"),
    ("Name : {sip.fabrikam.com, LYNC-SE.fabrikam.com,\n       meet.fabrikam.com}", ["sip.fabrikam.com", "LYNC-SE.fabrikam.com", "meet.fabrikam.com"]),
    # An Asian console breaks wherever it is full.
    (f"Name : 가 {'x ' * 34}wo\n       rd", f"가 {'x ' * 34}word"),
    ("Name : one\n\n        two", "one two"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), WRAPPED)
def test_a_broken_value_is_put_together(text: str, value: Any) -> None:
    assert read(SITE, text).objects == ({"Name": value},)


def test_objects_end_where_a_property_comes_again() -> None:
    spaced = "Identity : Global\n\nEnableMobility : True\n\nIdentity : Tag:A\n\nEnableMobility : False"
    console = "Identity       : Global\nEnableMobility : True\n\nIdentity       : Tag:A\nEnableMobility : False\n"
    unspaced = console.replace("\n\n", "\n")
    for text in (spaced, console, unspaced):
        assert [one["EnableMobility"] for one in read(POLICIES, text).objects] == [True, False], text


def test_a_blank_line_too_many_does_not_tear_an_object_apart() -> None:
    text = f"DisplayName   : Ken Myer\nSipAddress    : {KEN}\n\nEnabled       : True\nRegistrarPool : p.contoso.com\n"
    user = lync_objects.user(read(USER, text), KEN)
    assert user is not None
    assert (user.enabled, user.pool) == (True, "p.contoso.com")


def test_a_property_that_is_said_twice() -> None:
    doubled = "Identity : contoso.com\nComment :\nMarkForMonitoring : False\nComment :"
    assert len(read(Cmdlet(name="Get-CsAllowedDomain"), doubled).objects) == 1
    assert refused(Cmdlet(name="Get-CsAllowedDomain"), doubled + " other").line == 4


TABLE = """
Identity                                         EnableMobility
--------                                         --------------
Global                                                     True
Tag:RedmondMobilityPolicy                                 False

"""
SERVICE_TABLE = """
Status   Name               DisplayName
------   ----               -----------
Running  RTCSRV             Skype for Business Server Front-End
Stopped  W3SVC              World Wide Web Publishing Service
Running  MpsSvc             Windows Firewall/Internet Connectio...
"""
CERTIFICATES = """Use SerialNumber NotAfter
--- ------------ --------
Default 611BB01200000000000C 12/28/2015 3:35:41 PM
WebServicesInteral 32980AA20BBB20000191 02/15/2016 2:16:12 PM
"""


def test_a_table() -> None:
    assert read(POLICIES, TABLE).objects == (
        {"Identity": "Global", "EnableMobility": True},
        {"Identity": "Tag:RedmondMobilityPolicy", "EnableMobility": False},
    )


def test_a_cell_that_was_cut_is_left_out_and_said() -> None:
    answer = read(SERVICES, SERVICE_TABLE)
    assert answer.objects == (
        {"Status": "Running", "Name": "RTCSRV", "DisplayName": "Skype for Business Server Front-End"},
        {"Status": "Stopped", "Name": "W3SVC", "DisplayName": "World Wide Web Publishing Service"},
        {"Status": "Running", "Name": "MpsSvc"},
    )
    assert [warning.partition(" ")[0] for warning in answer.warnings] == ["DisplayName"]


def test_a_cell_that_was_cut_is_not_null() -> None:
    text = "Enabled RegistrarPool\n------- -------------\nTrue    atl-cs-001...\n"
    user = lync_objects.user(read(USER, text), KEN)
    assert user is not None
    assert "RegistrarPool" in user.unseen


def test_a_table_that_lost_its_blanks_in_a_document() -> None:
    rows = read(Cmdlet(name="Get-CsCertificate"), CERTIFICATES).objects
    assert [row["NotAfter"] for row in rows] == ["12/28/2015 3:35:41 PM", "02/15/2016 2:16:12 PM"]
    names = "Identity MobilityPolicy\n-------- --------------\nCN=Ken Myer,OU=Redmond RedmondMobilityPolicy\n"
    assert refused(Cmdlet(name="Get-CsEffectivePolicy"), names).line == 3


@pytest.mark.parametrize(
    ("name", "gap"), [("홍길동", 12), ("홍길동", 15), ("Müller", 12)], ids=["two columns each", "one each", "narrow"]
)
def test_a_table_with_wide_characters(name: str, gap: int) -> None:
    text = f"DisplayName       Enabled\n-----------       -------\n{name}{' ' * gap}True\n"
    assert read(USER, text).objects == ({"DisplayName": name, "Enabled": True},)


def test_empty_cells_are_null() -> None:
    text = f"SipAddress                   MobilityPolicy Enabled\n----------                   -------------- -------\n{PILAR:<28}                   True\n"
    assert read(Cmdlet(name="Get-CsUser"), text).objects == (
        {"SipAddress": PILAR, "MobilityPolicy": None, "Enabled": True},
    )


def test_rows_that_wrap() -> None:
    text = (
        "Name   Path                 Note\n----   ----                 ----\n"
        "First  Service:WebServer:at this is a\n       l-cs-001.litwareinc. note\n       com\nSecond x                    y\n"
    )
    assert read(SITE, text).objects == (
        {"Name": "First", "Path": "Service:WebServer:atl-cs-001.litwareinc.com", "Note": "this is a note"},
        {"Name": "Second", "Path": "x", "Note": "y"},
    )


def test_a_row_that_could_be_the_rest_of_another_is_not_guessed() -> None:
    text = (
        "Identity             Site\n--------             ----\nService:WebServer:at x\nl-cs-001.litwareinc.\n"
    )  # fmt: skip
    assert refused(SITE, text).line == 4
    own = "SipAddress                 MobilityPolicy\n----------                 --------------\n" + "\n".join(
        [KEN, PILAR]
    )
    assert len(read(Cmdlet(name="Get-CsUser"), own).objects) == 2


def test_text_of_another_kind_says_which_line_it_is() -> None:
    answer = refused(POLICIES, "Identity : Global\nEnableMobility : True\nand that is all of it")
    assert (answer.line, answer.text) == (3, "and that is all of it")
    assert answer.sentence.startswith("Line 3 is neither “Name : value” nor a table. ")


def test_the_line_that_is_told_is_harmless() -> None:
    assert refused(POLICIES, "a\x1b[31mb").text == "a\N{REPLACEMENT CHARACTER}[31mb"


@pytest.mark.parametrize(
    "text",
    [
        "PS C:\\> Get-CsMobilityPolicy\n\nIdentity : Global\nEnableMobility : True\n",
        "Get-CsMobilityPolicy\n\nIdentity : Global\nEnableMobility : True\n",
    ],
)
def test_the_output_of_another_cmdlet_is_refused_by_name(text: str) -> None:
    answer = refused(USER, text)
    assert "Get-CsMobilityPolicy" in answer.sentence
    assert "Get-CsUser" in answer.sentence


def test_the_output_of_another_cmdlet_is_known_by_its_properties_too() -> None:
    assert "does not show EnableMobility" in refused(POLICIES, f"SipAddress : {KEN}\nEnabled : True").sentence


def test_another_user_is_refused_by_name() -> None:
    shown = refused(USER, f"SipAddress    : {PILAR}\nEnabled       : True\nRegistrarPool : p.contoso.com")
    assert PILAR in shown.sentence
    assert KEN in shown.sentence
    effective = Cmdlet(name="Get-CsEffectivePolicy", parameters=(("Identity", KEN),))
    typed = refused(effective, f'PS C:\\> Get-CsEffectivePolicy -Identity "{PILAR}"\n\nMobilityPolicy : Global')
    assert PILAR in typed.sentence


def test_among_all_users_the_one_is_found() -> None:
    text = f"SipAddress    : {PILAR}\nEnabled       : False\n\nSipAddress    : SIP:KenMyer@litwareinc.com\nEnabled       : True"
    assert [one["Enabled"] for one in read(USER, text).objects] == [True]


def test_of_several_commands_the_one_that_was_asked_for_is_read() -> None:
    text = (
        f"PS C:\\> Get-CsPool\n\nIdentity : p\nSite : Site:Redmond\n\nPS C:\\> Get-CsUser {PILAR}\n\nEnabled : True\n"
        f"PS C:\\> Get-CsUser {KEN}\n\nEnabled : False\nPS C:\\> Get-CsUser {PILAR}\n\nEnabled : True\n"
    )
    assert [one["Enabled"] for one in read(USER, text).objects] == [False]
    assert read(POOLS, text).objects == ({"Identity": "p", "Site": "Site:Redmond"},)


def test_a_long_command_that_the_console_broke_is_no_output() -> None:
    command = f'PS C:\\Users\\kenmyer> Get-CsUser -Identity "{KEN}" | Select-Object DisplayName,SipAddress,Enabled'
    text = f"{command[:80]}\n{command[80:]}\n\nSipAddress : {KEN}\nEnabled : True\n"
    assert [one["Enabled"] for one in read(USER, text).objects] == [True]


@pytest.mark.parametrize(
    "text",
    ["PS C:\\> Get-CsMobilityPolicy\nPS C:\\> ", "PS C:\\> ", "Get-CsMobilityPolicy\n", "PS C:\\>Get-CsMobilityPolicy |\n>> fl\n\n"],
)  # fmt: skip
def test_no_output_is_an_answer(text: str) -> None:
    assert understand(POLICIES, text) == Objects()


def test_nothing_at_all_is_none() -> None:
    assert isinstance(cmdlet_output.read(POLICIES, "\n \n"), NotUnderstood)


def test_too_much_is_refused() -> None:
    refused(POLICIES, "Identity : x\nEnableMobility : True\n\n" * 6_000)
    refused(POLICIES, "x\n" * 300_000)


PIPELINES = [
    ("Get-CsUser sip:kenmyer@litwareinc.com | Get-CsEffectivePolicy | fl", False),
    ("Get-CsUser sip:kenmyer@litwareinc.com | Where-Object {$_.Enabled} | fl *", False),
    ("$user = Get-CsUser sip:kenmyer@litwareinc.com; $user", True),
    ("Lync\\Get-CsUser kenmyer", True),
    ("get-csuser kenmyer", True),
    ("Get-Content user.txt", True),
    ("(Get-CsPool).Count", False),
]


@pytest.mark.parametrize(("command", "is_its_output"), PIPELINES)
def test_whose_output_a_pipeline_prints(command: str, is_its_output: bool) -> None:
    answer = understand(USER, f"PS C:\\> {command}\n\nEnabled : True\nRegistrarPool : p.contoso.com\n")
    assert isinstance(answer, Objects) == is_its_output


def test_a_command_that_was_typed_again_hides_no_output() -> None:
    text = f"PS C:\\> Get-CsUser {KEN}\n\nEnabled : True\nRegistrarPool : p.contoso.com\n\nPS C:\\> Get-CsUser {KEN}"
    assert len(read(USER, text).objects) == 1
