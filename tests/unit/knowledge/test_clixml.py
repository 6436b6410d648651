"""CLIXML becomes plain values, as pypsrp brings it: each document goes through pypsrp's own deserialiser first."""

import queue
import uuid
import xml.etree.ElementTree as ET
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypsrp.serializer import Serializer

from checks.knowledge import clixml
from checks.knowledge.clixml import Reader, objects, plain

MODE = "Microsoft.Rtc.Management.WritableConfig.Settings.Web.UseWindowsAuth"
ENUMERATION = (
    f'<Obj RefId="1"{{name}}><TN RefId="1"><T>{MODE}</T><T>System.Enum</T><T>System.ValueType</T><T>System.Object</T>'
    "</TN><ToString>Negotiate</ToString><I32>1</I32></Obj>"
)


def brought(xml: str) -> Any:
    return Serializer().deserialize(xml)


def an_object(
    properties: str, *, more: str = "", types: str = "<T>Microsoft.Rtc.Settings</T><T>System.Object</T>"
) -> str:
    return f'<Obj RefId="0"><TN RefId="0">{types}</TN>{more}<Props>{properties}</Props></Obj>'


def properties_of(xml: str) -> dict[str, Any]:
    [found] = objects([brought(xml)])
    return found


@pytest.mark.parametrize(
    ("xml", "value"),
    [
        ("<S N='P'>litwareinc.com</S>", "litwareinc.com"),
        ("<S N='P'>two_x000A_lines</S>", "two lines"),
        ("<S N='P'>_xD83D__xDE00_ _x005F_x0041_</S>", "\N{GRINNING FACE} _x0041_"),
        ("<S N='P'>_x001B_[31mred</S>", "\N{REPLACEMENT CHARACTER}[31mred"),
        ("<B N='P'>true</B>", True),
        ("<B N='P'>false</B>", False),
        ("<I32 N='P'>259200</I32>", 259200),
        ("<U64 N='P'>18446744073709551615</U64>", "18446744073709551615"),
        ("<Db N='P'>0.5</Db>", 0.5),
        ("<D N='P'>12.50</D>", "12.50"),
        ("<C N='P'>65</C>", "A"),
        ("<DT N='P'>2014-05-28T19:16:05.4930000-07:00</DT>", "2014-05-28T19:16:05.4930000-07:00"),
        ("<TS N='P'>PT14.9862716S</TS>", "PT14.9862716S"),
        ("<G N='P'>00000000-0000-0000-0000-000000000000</G>", "00000000-0000-0000-0000-000000000000"),
        ("<Version N='P'>5.0.8308.0</Version>", "5.0.8308.0"),
        ("<Nil N='P' />", None),
        ("<SS N='P'>cGFzc3dvcmQ=</SS>", "***"),
        (ENUMERATION.format(name=" N='P'"), "Negotiate"),
    ],
)
def test_a_property_becomes_what_a_person_reads(xml: str, value: Any) -> None:
    assert properties_of(an_object(xml)) == {"P": value}


@pytest.mark.parametrize(
    "inner",
    [
        "<ToString>RedmondMobilityPolicy</ToString><Props><S N='FriendlyName'>other</S></Props>",
        "<Props><S N='FriendlyName'>RedmondMobilityPolicy</S><S N='Name'>Tag:RedmondMobilityPolicy</S></Props>",
        "<ToString>Microsoft.Rtc.PolicyReference</ToString><Props><S N='Name'>RedmondMobilityPolicy</S></Props>",
        "<MS><S N='FriendlyName'>RedmondMobilityPolicy</S></MS>",
    ],
)
def test_a_policy_reference_becomes_its_name(inner: str) -> None:
    reference = f'<Obj N="P" RefId="7"><TN RefId="7"><T>Microsoft.Rtc.PolicyReference</T></TN>{inner}</Obj>'
    assert properties_of(an_object(reference)) == {"P": "RedmondMobilityPolicy"}


def test_an_object_that_has_no_name_keeps_its_properties() -> None:
    inner = '<Obj N="P" RefId="7"><ToString>@{Port=443}</ToString><Props><I32 N="Port">443</I32></Props></Obj>'
    assert properties_of(an_object(inner)) == {"P": {"Port": 443}}


def test_collections_become_lists_whether_or_not_their_type_is_known() -> None:
    known = '<Obj N="A" RefId="3"><TN RefId="3"><T>System.Collections.ArrayList</T></TN><LST><S>x</S><I32>2</I32></LST></Obj>'
    unknown = (
        '<Obj N="B" RefId="4"><TN RefId="4"><T>Microsoft.Rtc.Xds.Collection`1[[Some.Type]]</T><T>System.Object</T></TN>'
        f"<ToString>two of them</ToString><IE>{ENUMERATION.format(name='')}<Nil /></IE></Obj>"
    )
    empty = '<Obj N="C" RefId="5"><TNRef RefId="4" /><LST /></Obj>'
    assert properties_of(an_object(known + unknown + empty)) == {"A": ["x", 2], "B": ["Negotiate", None], "C": []}


def test_a_dictionary_keeps_its_keys() -> None:
    entry = "<En><S N='Key'>Key</S><I32 N='Value'>1</I32></En>"
    inner = f'<Obj N="P" RefId="7"><TN RefId="7"><T>Some.Dictionary</T></TN><DCT>{entry}</DCT></Obj>'
    assert properties_of(an_object(inner)) == {"P": {"Key": 1}}


def test_internal_members_are_dropped_and_the_order_is_kept() -> None:
    inside = "".join(f"<S N='{name}'>x</S>" for name in sorted(clixml.INTERNAL))
    read = properties_of(an_object(f"<S N='Identity'>Global</S>{inside}<B N='EnableMobility'>true</B>"))
    assert list(read.items()) == [("Identity", "Global"), ("EnableMobility", True)]


def test_a_reference_gives_what_it_refers_to() -> None:
    first = '<Obj N="A" RefId="9"><ToString>Redmond</ToString><Props><I32 N="SiteId">1</I32></Props></Obj>'
    assert properties_of(an_object(first + '<Ref N="B" RefId="9" />')) == {"A": "Redmond", "B": "Redmond"}


def test_credentials_are_concealed() -> None:
    inner = (
        '<Obj N="P" RefId="7"><TN RefId="7"><T>System.Management.Automation.PSCredential</T></TN>'
        "<Props><S N='UserName'>litwareinc\\admin</S><SS N='Password'>Y2FuYXJ5</SS></Props></Obj>"
    )
    assert properties_of(an_object(inner)) == {"P": "***"}


def test_a_bare_string_becomes_a_value() -> None:
    assert objects(["Microsoft Lync Server 2013 (5.0.8308.0)"]) == (
        {"Value": "Microsoft Lync Server 2013 (5.0.8308.0)"},
    )


def test_a_string_that_remoting_has_marked_is_still_a_string() -> None:
    marked = (
        '<Obj RefId="0"><TN RefId="0"><T>System.String</T><T>System.Object</T></TN><ToString>5.0</ToString>'
        "<S>5.0</S><MS><S N='PSComputerName'>atl-cs-001</S></MS></Obj>"
    )
    assert objects([brought(marked)]) == ({"Value": "5.0"},)


def test_an_enumeration_that_stands_alone_gives_its_name() -> None:
    assert objects([brought(ENUMERATION.format(name=""))]) == ({"Value": "Negotiate"},)


def test_a_list_that_came_whole_is_unrolled_and_null_is_no_object() -> None:
    both = [brought(an_object("<S N='Identity'>Global</S>")), None, "text"]
    assert objects([both]) == ({"Identity": "Global"}, {"Value": "text"})


def test_values_of_python_itself() -> None:
    waiting: queue.Queue[str] = queue.Queue()
    waiting.put("x")
    number = uuid.UUID(int=1)
    assert plain({"a": (1, b"\x01", number, waiting)}) == {"a": [1, "01", str(number), ["x"]]}


def test_depth_is_bounded() -> None:
    xml = "<S N='P'>deepest</S>"
    for number in range(40):
        xml = f'<Obj N="P" RefId="{number}"><Props>{xml}</Props></Obj>'
    reader = Reader()
    read = str(reader.objects([brought(xml)]))
    assert reader.cut
    assert "deepest" not in read
    assert read.count("'P'") == clixml.MOST_DEPTH + 1


def test_the_number_of_objects_is_bounded() -> None:
    item = "<Obj><Props><I32 N='P'>1</I32></Props></Obj>"
    reader = Reader()
    read = reader.value(ET.fromstring(f"<LST>{item * (clixml.MOST_OBJECTS + 10)}</LST>"))
    assert reader.cut
    assert read[0] == {"P": 1}
    assert read[-1] == clixml.CUT


def test_the_number_of_values_is_bounded_over_the_whole_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clixml, "MOST_VALUES", 20)
    reader = Reader()
    read = reader.objects([brought(an_object("".join(f"<I32 N='P{n}'>{n}</I32>" for n in range(15))))] * 3)
    assert reader.cut
    assert sum(map(len, read)) < 20


def test_long_text_is_cut() -> None:
    assert len(plain("x" * 50_000)) == clixml.MOST_CHARACTERS


def test_a_small_answer_is_not_called_cut() -> None:
    reader = Reader()
    reader.objects([brought(an_object("<S N='Identity'>Global</S>"))])
    assert not reader.cut


_TAGS = ("S", "B", "I32", "U64", "Db", "C", "DT", "SS", "Nil", "Ref", "ToString", "LST", "IE", "DCT", "En", "Obj", "TN", "T",
         "TNRef", "Props", "MS", "BA", "unheard-of")  # fmt: skip
_texts = st.text(st.characters(blacklist_categories=["Cs"], min_codepoint=32), max_size=12) | st.sampled_from(
    ["_xD83D_", "_x001B_", "System.Enum", "-1", "1e999", "9" * 60]
)


def _element(tag: str, name: str, reference: str, content: str, children: list[ET.Element]) -> ET.Element:
    element = ET.Element(tag, {"N": name, "RefId": reference})
    element.text = content
    element.extend(children)
    return element


_elements: st.SearchStrategy[ET.Element] = st.deferred(
    lambda: st.builds(
        _element, st.sampled_from(_TAGS), st.sampled_from(["Key", "Value", "P", ""]), st.sampled_from("0123"), _texts,
        st.lists(_elements, max_size=2),
    )
)  # fmt: skip
_natives: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.uuids() | _elements,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner),
    max_leaves=20,
)


@given(_natives)
def test_whatever_comes_becomes_a_plain_harmless_value(value: Any) -> None:
    encoded = msgspec.json.encode(plain(value))
    assert isinstance(msgspec.json.decode(encoded), object)
    assert not any(character < " " or "\x7f" <= character < "\xa0" for character in encoded.decode())


@given(_elements)
def test_whatever_pypsrp_makes_of_it_becomes_a_plain_value(element: ET.Element) -> None:
    try:
        value = Serializer().deserialize(ET.tostring(element, encoding="unicode"))
    except Exception:  # pypsrp may give up; the lane tells that.
        return
    assert all(isinstance(one, dict) for one in objects([value]))
    msgspec.json.encode(plain(value))


def test_xml_with_entities_is_not_expanded() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]><Obj><ToString>&a;</ToString></Obj>'
    assert plain(bomb) == bomb
