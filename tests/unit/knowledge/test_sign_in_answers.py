"""What web services say about a sign-in: challenges for OAuth, tokens, errors, X-Ms-diagnostics."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.knowledge import sign_in_answers
from checks.knowledge.sign_in_answers import OAuth, Said

HREF = "https://lyncweb.contoso.com/WebTicket/oauthtoken"
GRANTS = ("urn:microsoft.rtc:windows", "urn:microsoft.rtc:anonmeeting", "password")
BEARER = 'Bearer trusted_issuers="00000002-0000-0ff1-ce00-000000000000@contoso.com", client_id="00000004-0000-0ff1-ce00-000000000000"'
OFFER = f'MsRtcOAuth href="{HREF}",grant_type="{",".join(GRANTS)}"'


@pytest.mark.parametrize(
    "values",
    [
        [BEARER, OFFER],
        [f"{BEARER}, {OFFER}"],
        [f"{OFFER}, {BEARER}"],
        [f"MsRtcOAuth href={HREF},grant_type={','.join(GRANTS)}"],
        ["Negotiate", "NTLM", OFFER],
    ],
)
def test_the_challenge_of_oauth_however_it_is_written(values: list[str]) -> None:
    headers = [("X-MS-Server-Fqdn", "a.contoso.com"), *(("www-authenticate", value) for value in values)]
    assert sign_in_answers.oauth(headers) == OAuth(url=HREF, grants=GRANTS)


@pytest.mark.parametrize("value", [BEARER, "Negotiate", "MsRtcOAuth", 'MsRtcOAuth grant_type=""', ""])
def test_no_challenge_offers_nothing(value: str) -> None:
    assert sign_in_answers.oauth([("WWW-Authenticate", value)]) == OAuth()


PIN = '28003;source="LYNCSERVER.DOMAIN";reason="The pin is invalid.";faultcode="wsse:FailedAuthentication"'


@pytest.mark.parametrize(
    ("header", "body", "expected"),
    [
        (PIN, "", Said("wsse:FailedAuthentication", 28003, "The pin is invalid.")),
        ('28020;source="fe";reason="No valid security token."', '{"error":"invalid_grant"}',
         Said("invalid_grant", 28020, "No valid security token.")),
        ("28032", "", Said("", 28032, "")),
        ("", '{"error":"unsupported_grant_type","ms_rtc_passiveauthuri":"https://x"}', Said("unsupported_grant_type")),
        ("", '{"code":"Forbidden","subcode":"MobileApplicationNoLongerAllowed","message":"User is no longer authorized."}',
         Said("MobileApplicationNoLongerAllowed", 0, "User is no longer authorized.")),
        ("", '{"code":"NotFound"}', Said("NotFound")),
        ("", '{"error":5,"message":[],"subcode":null}', Said()),
        ("", "<html><body>503</body></html>", Said()),
        ("", "{" * 5000, Said()),
        ("reason=28020", "", Said()),
        ("1234567;reason=x", "", Said()),
        ("", '{"error":"a\\u001b[31m"}', Said("a\ufffd[31m")),
    ],
)  # fmt: skip
def test_what_is_said(header: str, body: str, expected: Said) -> None:
    assert sign_in_answers.said([("X-Ms-Diagnostics", header)] if header else [], body) == expected


@pytest.mark.parametrize("token", ["cwt=AAEB", "x" * 16384])
def test_a_token_is_a_secret(token: str) -> None:
    found = sign_in_answers.access_token(json.dumps({"access_token": token}))
    assert found is not None
    assert (found.reveal(), str(found)) == (token, "***")


@pytest.mark.parametrize("token", ["a\nb", "a b", "a\r\nX: y", "ü", "", None, 5, "x" * 16385, "a\n"])
def test_what_fits_into_no_header_is_no_token(token: object) -> None:
    assert sign_in_answers.access_token(json.dumps({"access_token": token})) is None


@pytest.mark.parametrize(
    ("body", "url"),
    [
        ('{"_links":{"self":{"href":"/ucwa/oauth/v1/applications/1"}}}', "/ucwa/oauth/v1/applications/1"),
        ('{"_links":{"self":[]}}', ""),
        ('{"_links":5}', ""),
        ("[]", ""),
        ("", ""),
    ],
)
def test_what_was_created_says_where_it_is(body: str, url: str) -> None:
    assert sign_in_answers.application_url(body) == url


@given(st.text(), st.text())
def test_any_answer_can_be_read(header: str, body: str) -> None:
    said = sign_in_answers.said([("x-ms-diagnostics", header)], body)
    assert "\x1b" not in said.message + said.error
    sign_in_answers.oauth([("www-authenticate", header)])
    sign_in_answers.access_token(body)
    sign_in_answers.passive_url(body)
