"""XML of a stream, however it is cut, and whatever it is."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.probes.xmpp_markup import (
    MOST_BYTES,
    MOST_DEPTH,
    MOST_ELEMENTS,
    MOST_TAG,
    BadMarkup,
    Element,
    End,
    Event,
    Reader,
    Root,
)
from tests.unit.probes.xmpp_peers import DIALBACK, EXTERNAL, HEADER, INVALID, STARTTLS, stream_error

FEATURES = f"<stream:features>{STARTTLS.format('<required/>')}{EXTERNAL}{DIALBACK}</stream:features>"
STREAMS = [
    HEADER + FEATURES + INVALID + "</stream:stream>",
    HEADER + FEATURES + stream_error("host-unknown", "This host does not serve конtoso &amp; ſons"),
    "HTTP/1.1 400 Bad Request\r\nServer: Microsoft-IIS/8.5\r\n\r\n",
    HEADER + "<stream:features><a b='c'></stream:features>",
    "<!DOCTYPE lolz [<!ENTITY lol 'lol'>]>" + HEADER,
    HEADER + "<stream:features>&lol;</stream:features>",
    "<html><body>Not found</body></html>",
    HEADER + "<a>" * (MOST_DEPTH + 2),
    HEADER + "<a b='x > y' c='<'/>",
    HEADER + "<a b='x > y'> 1 > 0 <!-- <b> --><![CDATA[<c>]]></a>",
]


def read(pieces: list[bytes]) -> tuple[list[Event], str]:
    reader, fault = Reader(), ""
    events: list[Event] = []
    for piece in pieces:
        try:
            reader.feed(piece)
        except BadMarkup as error:
            fault = str(error)
        events += reader.events()
        if fault:
            break
    return events, fault


def cut(data: bytes, places: set[int]) -> list[bytes]:
    edges = [0, *sorted(place for place in places if 0 < place < len(data)), len(data)]
    return [data[start:end] for start, end in pairwise(edges)]


@pytest.mark.parametrize("number", range(len(STREAMS)))
def test_cut_at_each_byte_it_says_the_same(number: int) -> None:
    data = STREAMS[number].encode()
    whole = read([data])
    assert read([data[place : place + 1] for place in range(len(data))]) == whole
    for place in range(1, len(data)):
        assert read(cut(data, {place})) == whole


@given(st.sampled_from(STREAMS), st.sets(st.integers(0, 900), max_size=12))
def test_cut_anywhere_it_says_the_same(text: str, places: set[int]) -> None:
    data = text.encode()
    assert read(cut(data, places)) == read([data])


def test_a_stream_is_read_in_its_events() -> None:
    (root, features, verify, end), fault = read([STREAMS[0].encode()])
    assert fault == ""
    assert isinstance(root, Root)
    assert (root.name, root.attributes["id"], root.declared[""]) == ("stream", "417GAF25", "jabber:server")
    assert root.declared["db"] == "jabber:server:dialback"
    assert isinstance(features, Element)
    assert [child.name for child in features.children] == ["starttls", "mechanisms", "dialback"]
    assert features.children[1].children[0].text == "EXTERNAL"
    assert isinstance(verify, Element)
    assert (verify.namespace, verify.attributes["type"]) == ("jabber:server:dialback", "invalid")
    assert isinstance(end, End)


@pytest.mark.parametrize("number", [2, 3, 4, 5])
def test_what_is_no_stream_is_refused(number: int) -> None:
    assert read([STREAMS[number].encode()])[1]


def test_what_was_whole_before_the_fault_is_kept() -> None:
    (root, element), fault = read([(HEADER + DIALBACK + "<</>").encode()])
    assert isinstance(root, Root)
    assert isinstance(element, Element)
    assert fault


def test_no_declaration_chooses_another_encoding() -> None:
    events, fault = read([(HEADER.replace("?>", " encoding='iso-8859-1'?>") + "<a>ü</a>").encode()])
    assert fault == ""
    assert isinstance(events[1], Element)
    assert events[1].text == "ü"


@pytest.mark.parametrize("filler", [b" ", b"<a/>", b"<a>x</a>", b"<a>", b"x"])
def test_what_never_ends_is_cut(filler: bytes) -> None:
    events, fault = read([HEADER.encode(), *[filler * 1000] * (MOST_BYTES // 1000 + 1)])
    assert len(events) <= MOST_ELEMENTS
    assert fault.startswith("more ")


def test_a_tag_that_never_ends_is_cut() -> None:
    events, fault = read([HEADER.encode() + b"<a b='", *[b"x" * 1000] * (MOST_TAG // 1000 + 1)])
    assert len(events) == 1
    assert fault.startswith("more ")


@given(st.binary(max_size=2000), st.booleans())
def test_any_bytes_are_read_or_refused(data: bytes, after_a_header: bool) -> None:
    events, _ = read([(HEADER.encode() if after_a_header else b"") + data])
    assert len(events) <= 1_002
