"""WWW-Authenticate in the many ways in which servers write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.knowledge.challenges import MOST_CHALLENGES, challenges, schemes

BEARER = 'Bearer trusted_issuers="00000001@litwareinc.com,x", client_id="00000004-0000-0ff1-ce00-000000000000"'
GRANTS = "urn:microsoft.rtc:windows,urn:microsoft.rtc:anonmeeting,password"
MSRTC = f'MsRtcOAuth href="https://lyncweb.litwareinc.com/WebTicket/oauthtoken", grant_type="{GRANTS}"'


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["Negotiate", "NTLM"], ("Negotiate", "NTLM")),
        (["Negotiate,NTLM"], ("Negotiate", "NTLM")),
        (["Negotiate YIIabc==, NTLM TlRMTVNTUAAC="], ("Negotiate", "NTLM")),
        (['Negotiate, Basic realm="a, b", NTLM'], ("Negotiate", 'Basic realm="a, b"', "NTLM")),
        (["Basic realm=plain"], ('Basic realm="plain"',)),
        (['Basic realm="say \\"x\\""'], ('Basic realm="say \\"x\\""',)),
        (['Basic Realm = "x" , charset="UTF-8"'], ('Basic Realm="x"',)),
        (['Digest realm="x", nonce="abc", qop="auth", NTLM'], ("Digest", "NTLM")),
        ([BEARER], (BEARER,)),
        ([MSRTC], (MSRTC,)),
        ([f"{BEARER}, {MSRTC}, Negotiate"], (BEARER, MSRTC, "Negotiate")),
        (
            [f"MsRtcOAuth href=https://lyncweb.litwareinc.com/WebTicket/oauthtoken,grant_type={GRANTS}, NTLM"],
            (MSRTC, "NTLM"),
        ),
        (["", " , ,", '"', "=x", "a=b"], ()),
        (['Basic realm="never closed'], ('Basic realm="never closed"',)),
        (['Basic realm="\x1b[31mred\u202e"'], ('Basic realm="\ufffd[31mred\ufffd"',)),
    ],
)
def test_challenges_are_read_however_they_are_written(values: list[str], expected: tuple[str, ...]) -> None:
    assert challenges(values) == expected


def test_schemes_are_lower_case_and_each_once() -> None:
    headers = [
        ("Www-Authenticate", "Negotiate, NTLM"),
        ("WWW-Authenticate", "NEGOTIATE abc="),
        ("Server", "Basic"),
        ("www-authenticate", MSRTC),
    ]
    assert schemes(headers) == ("negotiate", "ntlm", "msrtcoauth")


TEXT = st.text(st.sampled_from(list('aN,="\\ ;:/\x1b\r\n\u202eé')) | st.characters(), max_size=200)


@given(st.lists(TEXT, max_size=20))
def test_never_raises_and_is_bounded(values: list[str]) -> None:
    found = challenges(values)
    assert len(found) <= MOST_CHALLENGES
    assert all(challenge.isprintable() or not set(challenge) & set("\x1b\r\n") for challenge in found)
    assert all(len(challenge) < 8000 for challenge in found)


@given(st.lists(TEXT, max_size=5))
def test_reading_what_was_written_changes_nothing(values: list[str]) -> None:
    found = challenges(values)
    assert challenges(found) == found


@given(st.text(st.sampled_from('ab,"\\ '), max_size=40))
def test_a_realm_survives_quoting(realm: str) -> None:
    quoted = realm.replace("\\", "\\\\").replace('"', '\\"')
    assert challenges([f'Negotiate, Basic realm="{quoted}", NTLM'])[0::2] == ("Negotiate", "NTLM")


@pytest.mark.parametrize(
    "flood", ['"\\' * 50_000, '"' * 99_999 + "\\", "a, " * 50_000, "Basic " + 'realm="x", ' * 9000]
)
def test_a_flood_is_read_in_no_time(flood: str) -> None:
    """Were it quadratic, this test would take minutes."""
    for _ in range(50):
        challenges([flood])
