"""Names at the door: what is taken, and the sentence for what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.deployment import (
    ConnectTo,
    InvalidName,
    parse_connect_to,
    parse_domain,
    parse_fqdn,
    parse_proxy,
    parse_server,
    parse_shell,
    parse_sip_address,
)

TAKEN = [
    (parse_fqdn, "lyncweb.litwareinc.com", "lyncweb.litwareinc.com"),
    (parse_fqdn, " LyncWeb.Litwareinc.COM. ", "lyncweb.litwareinc.com"),
    (parse_fqdn, "bücher.example", "xn--bcher-kva.example"),
    (parse_domain, " Contoso.com.", "contoso.com"),
    (parse_sip_address, "sip:KenMyer@LitwareInc.com", "sip:kenmyer@litwareinc.com"),
    (parse_sip_address, "kenmyer@litwareinc.com", "sip:kenmyer@litwareinc.com"),
    (parse_server, "10.0.0.53", "10.0.0.53"),
    (parse_server, "127.20.0.1:5353", "127.20.0.1:5353"),
    (parse_server, "[::1]:53", "[::1]:53"),
    (parse_server, "fe80::1", "fe80::1"),
    (parse_shell, "none", "none"),
    (parse_shell, "atl-cs-001.litwareinc.com", "https://atl-cs-001.litwareinc.com/OcsPowershell"),
    (parse_shell, "https://atl-cs-001.litwareinc.com/OcsPowershell", "https://atl-cs-001.litwareinc.com/OcsPowershell"),
    (parse_shell, "https://atl-cs-001.litwareinc.com:4443", "https://atl-cs-001.litwareinc.com:4443/OcsPowershell"),
    (parse_proxy, "proxy.litwareinc.com:8080", "http://proxy.litwareinc.com:8080"),
    (parse_connect_to, ":443::8443", ConnectTo(port=443, to_port=8443)),
    (parse_connect_to, "a.example:443:127.0.0.1:8443", ConnectTo(host="a.example", port=443, to_host="127.0.0.1", to_port=8443)),
    (parse_connect_to, "::[::1]:", ConnectTo(to_host="::1")),
]  # fmt: skip


@pytest.mark.parametrize(("parse", "text", "parsed"), TAKEN)
def test_taken(parse: object, text: str, parsed: object) -> None:
    assert callable(parse)
    assert parse(text) == parsed


REFUSED = [
    (parse_fqdn, "", "full name"),
    (parse_fqdn, "pool01", "full name"),
    (parse_fqdn, "https://lyncweb.litwareinc.com/x", "Leave out"),
    (parse_fqdn, "kenmyer@litwareinc.com", "user"),
    (parse_fqdn, "10.0.0.1", "IP address"),
    (parse_fqdn, "a b.example", "not a host name"),
    (parse_fqdn, "foo bar", "not a host name"),
    (parse_domain, "contoso", "full name is needed, such as contoso.com"),
    (parse_domain, "foo bar", "not a domain"),
    (parse_domain, "10.0.0.1", "Type the domain, such as contoso.com"),
    (parse_fqdn, "-a.example", "not a host name"),
    (parse_fqdn, "a..example", "not a host name"),
    (parse_fqdn, "a" * 64 + ".example", "not a host name"),
    (parse_fqdn, "\x1b[31m.example", "not a host name"),
    (parse_fqdn, ".".join(["abcdefgh"] * 40), "not a host name"),
    (parse_sip_address, "kenmyer", "@"),
    (parse_sip_address, "tel:+15551234", "not SIP"),
    (parse_sip_address, "sip:ken myer@litwareinc.com", "before the @"),
    (parse_sip_address, "sip:x'; Remove-CsUser@litwareinc.com", "before the @"),
    (parse_sip_address, "sip:@litwareinc.com", "One name, one @"),
    (parse_sip_address, "ken@myer@litwareinc.com", "One name, one @"),
    (parse_fqdn, "10.0.0.300", "end in a number"),
    (parse_sip_address, "sip:ken@pool01", "full name"),
    (parse_server, "dns.litwareinc.com", "IP address"),
    (parse_server, "10.0.0.53:99999", "65535"),
    (parse_shell, "http://atl-cs-001.litwareinc.com/OcsPowershell", "https"),
    (parse_shell, "https://u:p@atl-cs-001.litwareinc.com/", "password"),
    (parse_shell, "https://atl-cs-001.litwareinc.com:99999/", "65535"),
    (parse_proxy, "http://u:p@proxy.litwareinc.com", "password"),
    (parse_connect_to, "a:b", "Four parts"),
    (parse_connect_to, ":x::8443", "65535"),
]


@pytest.mark.parametrize(("parse", "text", "sentence"), REFUSED)
def test_refused_with_a_sentence(parse: object, text: str, sentence: str) -> None:
    assert callable(parse)
    with pytest.raises(InvalidName, match=sentence) as refusal:
        parse(text)
    assert str(refusal.value).endswith(".")
    assert "\x1b" not in str(refusal.value)


PARSERS = [parse_fqdn, parse_domain, parse_sip_address, parse_server, parse_shell, parse_proxy, parse_connect_to]


@pytest.mark.parametrize("parse", PARSERS)
@given(text=st.text(max_size=80))
def test_any_text_is_parsed_or_refused(parse: object, text: str) -> None:
    assert callable(parse)
    try:
        parsed = parse(text)
    except InvalidName:
        return
    if isinstance(parsed, str):
        assert parse(parsed) == parsed, "what was taken once is taken again, unchanged"
