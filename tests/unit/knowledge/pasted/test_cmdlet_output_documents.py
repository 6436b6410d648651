"""Objects that came as JSON or CLIXML, and text that stands for itself."""

from typing import Any

import pytest

from checks.deployment import Product
from checks.knowledge import lync_objects
from checks.knowledge.products import product_in
from checks.mobility.windows_auth_settings import configuration_of
from checks.probes import Cmdlet
from tests.unit.knowledge.pasted.test_cmdlet_output import SITE, USER, read, refused

WEB = Cmdlet(name="Get-CsWebServiceConfiguration")
VERSION = Cmdlet(name="Get-CsServerVersion")

MODES = [
    ('{"Identity":  "Global", "UseWindowsAuth":  "Negotiate"}', "Negotiate"),
    ('{"Identity":"Global","UseWindowsAuth":{"value":1,"Value":"Negotiate"}}', "Negotiate"),
    ('[{"Identity":  {"Scope": "Global", "Name":  "Global"},\n "UseWindowsAuth":  "NTLM"}]', "NTLM"),
    ('PS C:\\> Get-CsWebServiceConfiguration | ConvertTo-Json\n{\n    "Identity":  "Global",\n    "UseWindowsAuth":  "None"\n}\nPS C:\\> ', "None"),
    ('WARNING: Resulting JSON is truncated as serialization has exceeded the set depth of 2.\n{"Identity": "Global", "UseWindowsAuth": "NTLM"}', "NTLM"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "mode"), MODES)
def test_json(text: str, mode: str) -> None:
    [one] = read(WEB, text).objects
    configuration = configuration_of(one)
    assert (configuration.identity, configuration.windows) == ("Global", mode)


@pytest.mark.parametrize("tag", [
    '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04" />',
    '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04"></Objs>',
])  # fmt: skip
def test_clixml_without_an_object_is_an_answer(tag: str) -> None:
    assert read(WEB, f"PS C:\\> Get-CsWebServiceConfiguration\n{tag}\nPS C:\\>").objects == ()


def test_a_bare_number_is_no_name_of_a_mode() -> None:
    answer = read(WEB, '{"Identity":  "Global", "UseWindowsAuth":  1}')
    assert configuration_of(answer.objects[0]).windows == ""
    assert answer.warnings[0].startswith("UseWindowsAuth is a bare number")


JSON_VALUES: list[tuple[str, Any]] = [
    (r'"\/Date(1326441600000)\/"', "2012-01-13T08:00:00Z"),
    (r'"\/Date(99999999999999999)\/"', "/Date(99999999999999999)/"),
    ('{"Scope": "Tag", "Name": "A"}', "Tag:A"),
    ('{"Scope": "Site", "Name": "Redmond"}', "Site:Redmond"),
    ('{"FriendlyName": "RedmondMobilityPolicy"}', "RedmondMobilityPolicy"),
    ('{"Name": "Ken Myer", "DistinguishedName": "CN=Ken Myer,DC=litwareinc,DC=com"}', "CN=Ken Myer,DC=litwareinc,DC=com"),
    ('{"Ticks": 149862716, "Days": 0, "TotalDays": 0.0001}', "00:00:14.9862716"),
    ('{"Major": 5, "Minor": 0, "Build": 8308, "Revision": -1}', "5.0.8308"),
    ('{"value": "text", "PSPath": "x"}', "text"),
    ('{"Port": 443}', {"Port": 443}),
    (r'"\u0027a\u003cb"', "'a<b"),
    ("18446744073709551615", "18446744073709551615"),
    ("[1, null, true]", [1, None, True]),
    ('"broken by\n the console"', "broken by the console"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "value"), JSON_VALUES)
def test_values_of_json(written: str, value: Any) -> None:
    assert read(SITE, f'{{"Name": "x", "P": {written}}}').objects == ({"Name": "x", "P": value},)


CLIXML = (
    '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">'
    '<Obj RefId="0"><TN RefId="0"><T>A.B</T><T>System.Object</T></TN><Props><S N="Identity">Global</S>'
    '<Obj N="Site" RefId="1"><ToString>Redmond</ToString><Props><I32 N="SiteId">1</I32></Props></Obj></Props></Obj>'
    '<Obj RefId="2"><TNRef RefId="0" /><Props><S N="Identity">Other</S><Ref N="Site" RefId="1" /></Props></Obj></Objs>'
)


@pytest.mark.parametrize(
    "text",
    [CLIXML, f"#< CLIXML\n{CLIXML}", CLIXML.replace("><", ">\n  <"), f"PS C:\\> type a.xml\n{CLIXML}\nPS C:\\> "],
    ids=["bare", "marked", "indented", "prompts"],
)
def test_clixml_whose_objects_refer_to_each_other(text: str) -> None:
    assert read(SITE, text).objects == (
        {"Identity": "Global", "Site": "Redmond"},
        {"Identity": "Other", "Site": "Redmond"},
    )


def test_a_console_that_broke_clixml_is_put_together() -> None:
    text = "\n".join(CLIXML[at : at + 79] for at in range(0, len(CLIXML), 79))
    assert read(SITE, text).objects == read(SITE, CLIXML).objects


def test_errors_and_warnings_within_clixml() -> None:
    text = (
        '#< CLIXML\n<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">'
        '<S S="warning">careful</S><S S="verbose">x</S>'
        '<S S="Error">Get-CsUser : Management object not found for identity "x"._x000D__x000A_</S>'
        '<S S="Error">At line:1 char:1_x000D__x000A_</S><S S="Error">+ Get-CsUser x_x000D__x000A_</S>'
        '<S S="Error">    + CategoryInfo          : ObjectNotFound: (x:String) [Get-CsUser], E_x000D__x000A_</S></Objs>'
    )
    answer = read(USER, text)
    assert answer.warnings == ("careful",)
    assert [lync_objects.not_found(error) for error in answer.errors] == [True]


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaa">]><Objs><S>&a;</S></Objs>',
        "<Objs><!-- --><S>x</S></Objs>",
        "<Objs><S>x</Objs>",
        "<Objs><S>x</S>",
        "#< CLIXML",
        f"{CLIXML}\nsomething else",
    ],
)
def test_xml_that_is_no_whole_clixml_is_refused(text: str) -> None:
    refused(SITE, text)


STANDARD_VERSION = "Skype for Business Server 2019 (7.0.2046.0): Volume license key installed."
VERSIONS = [
    STANDARD_VERSION,
    f"PS C:\\> Get-CsServerVersion\n{STANDARD_VERSION}\nPS C:\\>",
    "Skype for Business Server 2019 (7.0.2046.0): Volume license key\ninstalled.",
    f'"{STANDARD_VERSION}"',
    f'{{"value": "{STANDARD_VERSION}", "PSComputerName": "x"}}',
    f"<Objs><S>{STANDARD_VERSION}</S></Objs>",
]


@pytest.mark.parametrize("text", VERSIONS)
def test_the_version_is_a_bare_sentence(text: str) -> None:
    answer = read(VERSION, text)
    assert answer.objects == ({"Value": STANDARD_VERSION},)
    assert product_in(answer) is Product.SKYPE_2019


def test_the_length_of_the_version_is_not_the_version() -> None:
    assert refused(VERSION, "\nLength : 75\n\n").line == 2
