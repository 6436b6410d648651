"""What the lab's cmdlets bring back, printed in every form and read again, tells the steps what the wire tells them."""

import asyncio
import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.deployment import Deployment
from checks.knowledge import lync_objects
from checks.knowledge.clixml import INTERNAL, MOST_OBJECTS
from checks.knowledge.pasted import NotUnderstood, understand
from checks.knowledge.products import product_in
from checks.knowledge.shell_answers import unseen
from checks.mobility import policy, windows_auth_settings
from checks.probes import Cmdlet, Objects
from lab import printing
from lab.clixml import lync_object
from lab.cmdlets import CmdletError, Command, run
from lab.model import (
    LYNC_2010,
    LYNC_2013,
    SKYPE_2015,
    SKYPE_2019,
    EdgeSocket,
    MobilityPolicy,
    Model,
    Product,
    WebServiceConfiguration,
)

KEN, PILAR = "sip:kenmyer@litwareinc.com", "sip:pilar@litwareinc.com"
COLUMNS = {
    "Get-CsUser": ("DisplayName", "SipAddress", "Enabled", "RegistrarPool", "HostingProvider", "UserPrincipalName", "MobilityPolicy", "VoicePolicy", "ExternalAccessPolicy"),
    "Get-CsEffectivePolicy": ("Identity", "MobilityPolicy"),
    "Get-CsMobilityPolicy": ("Identity", "EnableMobility"),
    "Get-CsPool": ("Identity", "Site"),
    "Get-CsWebServiceConfiguration": ("Identity", "UseWindowsAuth", "UseCertificateAuth", "UsePinAuth", "UseWsFedPassiveAuth", "AllowExternalAuthentication"),
    "Get-CsService": ("Identity", "XmppListeningPort", "XmppInternalPort", "AccessEdgeExternalFqdn", "PoolFqdn", "Role"),
    "Get-CsSite": ("Identity", "XmppFederationRoute"),
    "Get-CsSipDomain": ("Identity", "Name", "IsDefault"),
    "Get-Service": ("Name", "DisplayName"),
    "Get-NetTCPConnection": ("LocalAddress", "LocalPort", "OwningProcess"),
    "Get-Process": ("Id", "ProcessName"),
}  # fmt: skip
QUESTIONS: list[Cmdlet] = [
    Cmdlet(name=name, parameters=parameters)
    for name, parameters in (
        ("Get-CsUser", (("Identity", KEN),)),
        ("Get-CsUser", (("Identity", PILAR),)),
        ("Get-CsEffectivePolicy", (("Identity", KEN),)),
        ("Get-CsMobilityPolicy", ()),
        ("Get-CsPool", ()),
        ("Get-CsWebServiceConfiguration", ()),
        ("Get-CsService", (("EdgeServer", True),)),
        ("Get-CsSite", ()),
        ("Get-CsSipDomain", ()),
        ("Get-CsServerVersion", ()),
    )
] + [Cmdlet(name=name, on="edge") for name in ("Get-Service", "Get-NetTCPConnection", "Get-Process")]
FORMS = ("list-80", "list-120", "json", "names", "clixml", "table")


def brought(question: Cmdlet, model: Model) -> list[Any]:
    return asyncio.run(run(model, [Command(question.name, question.parameters)], question.on))


def printed(question: Cmdlet, form: str, objects: list[Any]) -> str:
    match form:
        case "json":
            return printing.to_json(objects)
        case "names":
            return printing.to_json(objects, names=True)
        case "clixml":
            return printing.to_clixml(objects)
        case "table" if question.name in COLUMNS:
            columns = COLUMNS[question.name]
            return printing.format_table(objects, columns, 60 * len(columns))
    return printing.format_list(objects, 80 if form == "list-80" else 120)


def read(question: Cmdlet, text: str) -> Objects:
    answer = understand(question, text)
    assert isinstance(answer, Objects), (answer, text)
    return answer


def told(question: Cmdlet, answer: Objects) -> Any:
    """What the steps make of an answer."""
    match question.name:
        case "Get-CsUser":
            return lync_objects.user(answer, str(dict(question.parameters)["Identity"]))
        case "Get-CsEffectivePolicy":
            return policy._effective(answer)
        case "Get-CsMobilityPolicy":
            return [
                (lync_objects.text(one, "Identity"), lync_objects.flag(one, "EnableMobility")) for one in answer.objects
            ]
        case "Get-CsPool":
            return [lync_objects.site_of(answer.objects, pool) for pool in Model().pools]
        case "Get-CsWebServiceConfiguration":
            return [windows_auth_settings.configuration_of(one) for one in answer.objects]
        case "Get-CsServerVersion":
            return product_in(answer)
    return [[lync_objects.text(one, name) for name in COLUMNS[question.name]] for one in answer.objects]


def healthy(product: Product = LYNC_2013) -> Model:
    """The model, with what its Edge has open once it runs."""
    sockets = [
        EdgeSocket("131.107.1.5", 5269, 2716, "XmppProxy.exe"),
        EdgeSocket("131.107.1.5", 5269, 2716, "XmppProxy.exe", "131.107.9.9", 50123),
    ]
    return Model(product=product, edge_sockets=sockets)


def models() -> dict[str, Model]:
    scoped = Model(
        edge_sockets=healthy().edge_sockets,
        mobility_policies=[
            MobilityPolicy("Global", enable_mobility=False), MobilityPolicy("Site:Redmond"), MobilityPolicy("Tag:RedmondMobilityPolicy"),
        ],
        web_service_configurations=[
            WebServiceConfiguration("Global", "None", use_pin_auth=False),
            WebServiceConfiguration("Service:WebServer:atl-cs-001.litwareinc.com", "NTLM"),
        ],
    )  # fmt: skip
    homeless = healthy()
    homeless.users[0].pool = None
    homeless.users[0].hosting_provider = "sipfed.online.lync.com"
    homeless.users[0].mobility_policy = None
    homeless.users[0].enabled = False
    versions = {str(product.year): healthy(product) for product in (LYNC_2013, SKYPE_2015, SKYPE_2019)}
    return {"scoped": scoped, "homeless": homeless, **versions}


@pytest.mark.parametrize("which", models())
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.typed())
def test_every_form_tells_the_same(question: Cmdlet, form: str, which: str) -> None:
    objects = brought(question, models()[which])
    expected = told(question, read(question, printing.to_clixml(objects)))
    answer = read(question, printed(question, form, objects))
    if form == "json" and question.name == "Get-CsWebServiceConfiguration":
        # The number of an enumeration is no name, and is not taken for one.
        assert [one.windows for one in told(question, answer)] == [""] * len(expected)
        assert [(one.identity, one.others) for one in told(question, answer)] == [
            (one.identity, one.others) for one in expected
        ]
    else:
        assert told(question, answer) == expected
    assert expected, "the wire tells something"


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.typed())
@pytest.mark.parametrize("width", [80, 120])
def test_a_list_holds_every_property_that_was_not_cut(question: Cmdlet, width: int) -> None:
    objects = brought(question, healthy())
    wire = read(question, printing.to_clixml(objects))
    console = read(question, f"PS C:\\> {question.typed()}\n{printing.format_list(objects, width)}PS C:\\> ")
    cut = {warning.partition(" ")[0] for warning in console.warnings}
    assert [[*one] for one in console.objects] == [[name for name in one if name not in cut] for one in wire.objects]
    for shown, sent in zip(console.objects, wire.objects, strict=True):
        for name, value in shown.items():
            assert "When" in name or str(value) == str(sent[name]), name


def failed(question: Cmdlet, model: Model) -> CmdletError:
    with pytest.raises(CmdletError) as caught:
        brought(question, model)
    return caught.value


@pytest.mark.parametrize("width", [80, 120, 60])
def test_errors_of_the_lab(width: int) -> None:
    missing = Cmdlet(name="Get-CsUser", parameters=(("Identity", "sip:nobody@litwareinc.com"),))
    error = failed(missing, Model())
    answer = read(missing, printing.error_text(error, missing.typed(), width))
    [one] = answer.errors
    assert (one.message, one.id, one.category) == (error.message, error.id, error.category)
    assert unseen(answer, Deployment()) is None, "that there is no such user can be judged"
    effective = Cmdlet(name="Get-CsEffectivePolicy", parameters=(("Identity", KEN),))
    error = failed(effective, Model(product=LYNC_2010))
    [one] = read(effective, printing.error_text(error, effective.typed(), width)).errors
    assert (one.message, one.id, one.category) == (error.message, error.id, error.category)


def test_a_narrow_table_cuts_and_says_so() -> None:
    question = QUESTIONS[0]
    answer = read(question, printing.format_table(brought(question, Model()), COLUMNS["Get-CsUser"], 120))
    user = lync_objects.user(answer, KEN)
    assert user is not None
    assert user.unseen
    assert len(answer.warnings) >= len(user.unseen)


def test_more_objects_than_are_read() -> None:
    question = Cmdlet(name="Get-CsSite")
    text = printing.format_list([lync_object("X", {"Identity": str(n)}) for n in range(MOST_OBJECTS + 1)])
    assert isinstance(understand(question, text), NotUnderstood)


_words = st.text(string.ascii_letters + string.digits + "éü가나.,:/=_-@()[]", min_size=1, max_size=60)
_texts = st.lists(_words, min_size=1, max_size=8).map(" ".join).filter(
    lambda text: text not in {"True", "False"} and not text.endswith(("...", "…")) and "Date(" not in text
)  # fmt: skip
_values = st.none() | st.booleans() | _texts
_plain = st.dictionaries(
    st.text(string.ascii_letters, min_size=1, max_size=20).filter(
        lambda name: name.lower() not in {"value", "count"} and name not in INTERNAL
    ),
    _values | st.lists(st.text(string.ascii_letters, min_size=1, max_size=30), max_size=4),
    min_size=2,
    max_size=8,
).filter(lambda one: len({name.lower() for name in one}) == len(one))
ANY = Cmdlet(name="Get-CsSite")


def squeezed(value: Any) -> Any:
    """Where a console broke a value, the blanks may differ: two words that fill a line each look like one."""
    return "".join(value.split()) if isinstance(value, str) else value


@given(_plain, st.sampled_from([80, 120]))
def test_lists_are_read_as_they_were_printed(values: dict[str, Any], width: int) -> None:
    text = printing.format_list([lync_object("X", values), lync_object("X", values)], width)
    answer = read(ANY, text)
    assert len(answer.objects) == 2
    for shown in answer.objects:
        assert {name: squeezed(value) for name, value in shown.items()} == {
            name: squeezed(value) for name, value in values.items()
        }


@given(_plain)
def test_values_that_fit_are_read_exactly(values: dict[str, Any]) -> None:
    assert read(ANY, printing.format_list([lync_object("X", values)], 1000)).objects == (values,)


@given(_plain)
def test_json_and_clixml_are_read_as_they_were_written(values: dict[str, Any]) -> None:
    for text in (printing.to_json([lync_object("X", values)]), printing.to_clixml([lync_object("X", values)])):
        assert read(ANY, text).objects == (values,)


@given(_plain)
def test_tables_are_read_as_they_were_printed(values: dict[str, Any]) -> None:
    values = {name: value for name, value in values.items() if value is not None}
    if len(values) < 2:
        return
    text = printing.format_table([lync_object("X", values)] * 2, list(values), 800 * len(values))
    assert read(ANY, text).objects == (values, values)
