"""What a status of a Front End means, and who said it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.deployment import Product
from checks.knowledge import iis
from checks.probes import Hop

FQDN = "atl-fe-001.litwareinc.com"


def hop(status: int, *, server: str = "Microsoft-IIS/8.5", lync: bool = True, body: str = "") -> Hop:
    headers = [("Server", server)] if server else []
    headers += [("X-MS-Server-Fqdn", FQDN)] if lync else []
    return Hop(url=f"https://{FQDN}/x", address="10.0.0.1", status=status, headers=tuple(headers), body=body)


@pytest.mark.parametrize(
    ("said", "who", "reading"),
    [
        (hop(401), "lync", "answers"),
        (hop(200, lync=False), "iis", "answers"),
        (hop(405), "lync", "answers"),
        (hop(404), "lync", "missing"),
        (hop(404, server="Microsoft-HTTPAPI/2.0", lync=False), "http.sys", "missing"),
        (hop(403), "lync", "forbidden"),
        (hop(503, server="Microsoft-HTTPAPI/2.0", lync=False), "http.sys", "stopped"),
        (hop(503), "lync", "busy"),
        (hop(503, lync=False), "iis", "busy"),
        (hop(503, server="nginx", lync=False), "other", "on-the-way"),
        (hop(502, lync=False), "iis", "on-the-way"),
        (hop(504, server="", lync=False), "other", "on-the-way"),
        (hop(407, server="squid", lync=False), "other", "on-the-way"),
        (hop(500), "lync", "server-error"),
        (hop(500, body="<h2>HTTP Error 500.19 - Internal Server Error</h2>"), "lync", "web-config"),
        (hop(500, body="Error Code 0x80070021"), "lync", "web-config"),
        (hop(500, body="500 - Internal server error. It happened at 19:50"), "lync", "server-error"),
        (hop(502), "lync", "server-error"),
        (hop(400), "lync", "unexplained"),
        (hop(302), "lync", "unexplained"),
    ],
)
def test_reading(said: Hop, who: str, reading: str) -> None:
    assert (iis.speaker(said), iis.reading(said)) == (who, reading)


@pytest.mark.parametrize(
    ("server", "version"),
    [
        ("Microsoft-IIS/8.5", "8.5"),
        ("microsoft-iis/10.0", "10.0"),
        ("Microsoft-HTTPAPI/2.0", ""),
        ("", ""),
        ("nginx/1.22 Microsoft-IIS/8.5", ""),
        ("Microsoft-IIS/999999999999.9", ""),
    ],
)
def test_the_version_is_told_by_iis_alone(server: str, version: str) -> None:
    assert iis.iis_version(hop(200, server=server)) == version


@given(st.integers(-1, 1000), st.text(max_size=40), st.booleans(), st.text(max_size=200))
def test_any_answer_has_a_reading(status: int, server: str, lync: bool, body: str) -> None:
    assert iis.reading(hop(status, server=server, lync=lync, body=body))


def test_which_product_has_which_application() -> None:
    has = {
        product: {one.name for one in iis.APPLICATIONS if one.is_in(product)}
        for product in (Product.LYNC_2010, Product.LYNC_2013, Product.SKYPE_2015, Product.SUBSCRIPTION_EDITION)
    }
    assert has == {
        Product.LYNC_2010: {"WebTicket", "Autodiscover", "Mcx"},
        Product.LYNC_2013: {"WebTicket", "Autodiscover", "Ucwa", "Mcx", "Reach"},
        Product.SKYPE_2015: {"WebTicket", "Autodiscover", "Ucwa", "Mcx", "Reach"},
        Product.SUBSCRIPTION_EDITION: {"WebTicket", "Autodiscover", "Ucwa", "Reach"},
    }
    assert iis.UCWA.is_in(None) is None
    assert iis.WEB_TICKET.is_in(None) is True


def test_every_product_since_2013_has_its_versions_of_iis() -> None:
    assert set(iis.SUPPORTED_IIS) == set(Product) - {Product.LYNC_2010}


def test_application_pools() -> None:
    assert iis.application_pool("Mcx", external=True) == "CSExtMcxAppPool"
    assert iis.application_pool("Mcx", external=False) == "CSIntMcxAppPool"
    assert iis.application_pool("Ucwa", external=True) == iis.application_pool("Ucwa", external=False) == "LyncUcwa"
    assert iis.application_pool("WebTicket", external=True) == ""
