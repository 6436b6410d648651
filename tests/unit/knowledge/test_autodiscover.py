"""Autodiscover documents in three shapes, as documented, and whatever else may stand in a body."""

import json
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.knowledge.autodiscover import MOST_CHARACTERS, MOST_LINKS, Document, document, host_of
from checks.probes import DocumentLink
from checks.text import clean

WEB = "https://extweb.contoso.com/Autodiscover/AutodiscoverService.svc/root"
JSON = (
    '{"AccessLocation":"External","Root":{"Links":['
    '{"href":"https:\\/\\/extweb.contoso.com\\/Autodiscover\\/AutodiscoverService.svc\\/root\\/domain","token":"Domain"},\n'
    '{"href":"https:\\/\\/extweb.contoso.com\\/Autodiscover\\/AutodiscoverService.svc\\/root\\/user","token":"User"}]}}'
)
HAL = f'{{"_links":{{"self":{{"href":"{WEB}?originalDomain=contoso.com"}},"user":{{"href":"{WEB}/oauth/user"}}}}}}'
XML = (
    '<?xml version="1.0" encoding="utf-8"?><AutodiscoverResponse xmlns:xsd="http://www.w3.org/2001/XMLSchema" '
    f'AccessLocation="External"><Root><Link token="Domain" href="{WEB}/domain"/>'
    f'<Link token ="User" href=" {WEB}/user "/></Root></AutodiscoverResponse>'
)
USER_XML = (
    '<AutodiscoverResponse xmlns="urn:some" AccessLocation="Internal"><User>'
    '<SipClientInternalAccess fqdn=" pool01.contoso.com" port="443"/>'
    f'<Link token="Ucwa" href="{WEB}"/></User></AutodiscoverResponse>'
)
USER_JSON = json.dumps(
    {
        "accesslocation": "External",
        "User": {
            "SipClientExternalAccess": {"fqdn": "Sip.contoso.com", "port": 443},
            "Links": [{"token": "Ucwa", "href": WEB}],
        },
    }
)


def told(body: str) -> Document:
    found = document(body)
    assert found is not None
    return found


@pytest.mark.parametrize("body", [JSON, XML, f"\ufeff{JSON}", f"\n {XML}\n"])
def test_a_root_document(body: str) -> None:
    found = told(body)
    assert (found.kind, found.access_location, found.redirect) == ("root", "External", "")
    assert found.link("user") == f"{WEB}/user"
    assert found.link("DOMAIN") == f"{WEB}/domain"
    assert found.hosts == ("extweb.contoso.com",)


def test_the_json_of_ucwa() -> None:
    found = told(HAL)
    assert (found.shape, found.kind, found.access_location) == ("hal", "", "")
    assert found.link("User") == f"{WEB}/oauth/user"


@pytest.mark.parametrize(
    ("body", "access"),
    [(USER_XML, ("SipClientInternalAccess", "pool01.contoso.com:443")),
     (USER_JSON, ("SipClientExternalAccess", "sip.contoso.com:443"))],
)  # fmt: skip
def test_a_user_document(body: str, access: tuple[str, str]) -> None:
    found = told(body)
    assert found.kind == "user"
    assert found.sip_access == (DocumentLink(token=access[0], href=access[1]),)
    assert found.link("ucwa") == WEB


@pytest.mark.parametrize(
    "body",
    [
        '{"_links":{"redirect":{"href":"https://contoso.com/root"}}}',
        '{"Root":{"Links":[{"token":"Redirect","href":"https://contoso.com/root"}]}}',
        '<AutodiscoverResponse><Root><Link token="Redirect" href="https://contoso.com/root"/></Root></AutodiscoverResponse>',
    ],
)
def test_a_redirect(body: str) -> None:
    assert told(body).redirect == "https://contoso.com/root"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "hello",
        "<html><head><title>IIS Windows Server</title></head></html>",
        "<!DOCTYPE html><html></html>",
        "[]",
        "{}",
        '{"Root":[]}',
        '{"error":"no"}',
        JSON[:-1],
        JSON[:60] + "…",
        "<AutodiscoverResponse/>",
        "<AutodiscoverResponse><Root>",
        '{"Root":' * 5000,
        '{"_links":' + "[" * 30000,
        "{" + "9" * 6000 + "}",
        '{"Root":' + "9" * 6000 + "}",
    ],
)
def test_what_is_no_document(body: str) -> None:
    assert document(body) is None


def test_no_entity_is_ever_declared() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    assert (
        document(f'{bomb}<AutodiscoverResponse><Root><Link token="User" href="&b;"/></Root></AutodiscoverResponse>')
        is None
    )
    assert document('<AutodiscoverResponse><Root><Link token="User" href="&a;"/></Root></AutodiscoverResponse>') is None


def test_what_is_too_large_is_no_document() -> None:
    assert document(JSON + " " * 100) is not None
    assert document(JSON[:-2] + " " * MOST_CHARACTERS + "}}") is None


def test_links_are_bounded_and_clean() -> None:
    many = [{"token": f"t{n}\x1b[2J", "href": f"https://a.b/\x07{n}"} for n in range(300)]
    found = told(json.dumps({"Root": {"Links": [*many, 7, None, {"token": 1}]}}))
    assert len(found.links) == MOST_LINKS
    assert all(clean(text) == text for link in found.links for text in (link.token, link.href))


words = st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=30)
hosts = st.from_regex(r"[a-z]{1,10}\.[a-z]{2,5}", fullmatch=True)


@given(
    st.lists(st.tuples(st.from_regex(r"[A-Za-z]{1,12}", fullmatch=True), hosts), max_size=8),
    st.sampled_from(["Internal", "External"]),
)
def test_every_shape_tells_the_same(links: list[tuple[str, str]], location: str) -> None:
    held = [(token, f"https://{host}/x") for token, host in links]
    as_json = told(
        json.dumps({"AccessLocation": location, "Root": {"Links": [{"token": t, "href": h} for t, h in held]}})
    )
    inner = "".join(f"<Link token={quoteattr(token)} href={quoteattr(href)}/>" for token, href in held)
    as_xml = told(
        f"<AutodiscoverResponse AccessLocation={quoteattr(location)}><Root>{inner}</Root></AutodiscoverResponse>"
    )
    assert as_json.links == as_xml.links == tuple(DocumentLink(token=t, href=h) for t, h in held)
    assert as_json.access_location == as_xml.access_location == location
    assert as_json.hosts == tuple(dict.fromkeys(host for _, host in links))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(["Root", "User", "Links", "_links", "href", "token", "AccessLocation", "fqdn", "port",
                         "SipClientInternalAccess", "redirect"]), inner, max_size=5),
    max_leaves=12,
)  # fmt: skip


@given(json_values.map(json.dumps) | st.text(max_size=300) | st.text(max_size=100).map(lambda text: f"{{{text}}}"))
def test_whatever_is_sent_it_is_read_or_left(body: str) -> None:
    found = document(body)
    if found is not None:
        assert len(found.links) <= MOST_LINKS
        assert all(link.token and link.href for link in found.links)
        told_words = [found.access_location, *(text for link in found.links for text in (link.token, link.href))]
        assert all(clean(text) == text for text in told_words)


@given(st.sampled_from([JSON, HAL, XML, USER_XML, USER_JSON]), st.integers(0, 600), st.text(max_size=5))
def test_a_damaged_document_is_no_error(body: str, at: int, put: str) -> None:
    found = document(body[:at] + put + body[at + len(put) :])
    assert found is None or isinstance(found, Document)


@given(st.text(max_size=80) | words.map(lambda word: f"https://{word}/"))
def test_a_host_is_in_lower_case_or_none(address: str) -> None:
    host = host_of(address)
    assert host == host.lower()


@pytest.mark.parametrize(
    ("address", "host"),
    [("https://Web.contoso.com/x", "web.contoso.com"), ("http://web.contoso.com.:80/", "web.contoso.com"),
     ("ftp://web.contoso.com/", ""), ("//web.contoso.com/", ""), ("https://[::1", ""), ("javascript:alert(1)", ""),
     ("https://a@b.contoso.com/", "b.contoso.com")],
)  # fmt: skip
def test_the_host_of_an_address(address: str, host: str) -> None:
    assert host_of(address) == host
