"""Names in views of DNS, and the names that the topology tells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.knowledge.dns_views import is_private, within
from checks.knowledge.web_services import WebNames, sip_domains, web_names, web_names_of
from checks.probes import Objects

ADDRESSES = [
    ("10.0.0.1", True),
    ("172.16.0.1", True),
    ("172.32.0.1", False),
    ("192.168.255.255", True),
    ("127.20.30.40", False),
    ("131.107.155.10", False),
    ("fd12::1", True),
    ("2001:db8::1", False),
    ("", False),
    ("10.0.0", False),
]


@pytest.mark.parametrize(("address", "private"), ADDRESSES)
def test_private_addresses(address: str, private: bool) -> None:
    assert is_private(address) is private


def test_a_domain_holds_itself_and_what_ends_in_it_by_whole_labels() -> None:
    assert within("litwareinc.com", "litwareinc.com")
    assert within("a.b.litwareinc.com", "litwareinc.com")
    assert not within("notlitwareinc.com", "litwareinc.com")
    assert not within("com", "litwareinc.com")


ONE = WebNames(pool="pool01.contoso.com", external="web.contoso.com", internal="int.contoso.com")
TWO = WebNames(pool="pool02.contoso.com", external="web2.contoso.com")
CHOICES = [
    ((ONE, TWO), "pool02.contoso.com", "web.contoso.com", TWO),
    ((ONE, TWO), "pool03.contoso.com", "web.contoso.com", None),
    ((ONE, TWO), "", "web2.contoso.com", TWO),
    ((ONE, TWO), "", "", None),
    ((ONE,), "", "", ONE),
    ((ONE,), "", "other.contoso.com", None),
    ((), "", "", None),
]


@pytest.mark.parametrize(("known", "pool", "web", "expected"), CHOICES)
def test_which_web_services_are_meant(
    known: tuple[WebNames, ...], pool: str, web: str, expected: WebNames | None
) -> None:
    assert web_names_of(known, pool, web) == expected


def test_names_of_the_topology_are_read_in_any_case() -> None:
    answer = Objects(
        objects=(
            {"poolfqdn": "Pool01.Contoso.com", "ExternalFqdn": "web.contoso.com", "InternalFqdn": "INT.contoso.com"},
        )
    )
    assert web_names(answer) == (ONE,)


@given(
    st.dictionaries(
        st.sampled_from(["PoolFqdn", "ExternalFqdn", "InternalFqdn", "Name"]), st.text() | st.none() | st.integers()
    )
)
def test_whatever_a_shell_says_only_host_names_come_of_it(properties: dict[str, str | int | None]) -> None:
    answer = Objects(objects=(properties,))
    names = {name for one in web_names(answer) for name in (one.pool, one.external, one.internal)}
    for name in (names - {""}) | set(sip_domains(answer)):
        assert name.isascii()
        assert name == name.lower()
        assert "." in name
        assert name.isprintable()
