"""Stream errors in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.knowledge.diagnosis.streams import CONDITIONS as IN_PASTES
from checks.knowledge.xmpp.stream_errors import CONDITIONS, meaning

RFC_6120 = {
    "bad-format",
    "bad-namespace-prefix",
    "conflict",
    "connection-timeout",
    "host-gone",
    "host-unknown",
    "improper-addressing",
    "internal-server-error",
    "invalid-from",
    "invalid-namespace",
    "invalid-xml",
    "not-authorized",
    "not-well-formed",
    "policy-violation",
    "remote-connection-failed",
    "reset",
    "resource-constraint",
    "restricted-xml",
    "see-other-host",
    "system-shutdown",
    "undefined-condition",
    "unsupported-encoding",
    "unsupported-feature",
    "unsupported-stanza-type",
    "unsupported-version",
}


def test_each_condition_of_the_standard_is_told() -> None:
    assert set(CONDITIONS) >= RFC_6120
    assert set(CONDITIONS) >= set(IN_PASTES)
    assert all(told.sentence.endswith(".") for told in CONDITIONS.values())


@pytest.mark.parametrize(
    ("condition", "text", "words", "act"),
    [
        ("host-unknown", "", "does not serve that domain", "dns"),
        ("host-unknown", "This host does not serve contoso.com", "does not serve that domain", "dns"),
        ("host-unknown", "Server-to-server communication is disabled for this host", "talks to no other", "partner"),
        ("policy-violation", "", "rule of that server", "both"),
        (
            "policy-violation",
            "Encrypted server-to-server communication is required but was not offered",
            "requires TLS",
            "you",
        ),
        ("policy-violation", "Use of STARTTLS required", "requires TLS", "you"),
        ("not-authorized", "Your server's certificate has expired", "expired", "certificate"),
        ("not-authorized", "Your server's certificate is self-signed", "self-signed", "certificate"),
        ("policy-violation", "Your server's certificate is not trusted", "issuer", "certificate"),
        ("policy-violation", "Your server's certificate is not valid for this name", "bare domain", "certificate"),
        ("unsupported-feature", "No viable authentication method offered", "share no authentication", "both"),
        ("undefined-condition", "No stream features to offer", "does no dialback", "both"),
        ("not-authorized", "Your server's certificate could not be validated", "presented none", "certificate"),
        ("not-authorized", "self-signed certificate", "certificate is self-signed", "certificate"),
        ("not-authorized", "self-signed certificate in certificate chain", "does not trust", "certificate"),
        ("not-authorized", "unable to get local issuer certificate", "certificates between", "certificate"),
        ("not-authorized", "unsupported certificate purpose", "not for clients", "certificate"),
        ("not-authorized", "Certificate host name mismatch", "bare domain", "certificate"),
        ("not-authorized", "Failed to get peer certificate", "presented no certificate", "certificate"),
        ("forbidden", "Access denied by service policy", "shut your domain out", "partner"),
        ("policy-violation", "XML stanza is too big", "larger than the server takes", "you"),
        ("remote-connection-failed", "", "connect back", "you"),
        ("it-is-tuesday", "", "no standard defines", "partner"),
    ],
)
def test_the_text_beside_it_goes_before_the_condition(condition: str, text: str, words: str, act: str) -> None:
    told = meaning(condition, text)
    assert words in told.sentence
    assert told.act == act


@given(st.text(max_size=80), st.text(max_size=2000))
def test_anything_has_a_meaning(condition: str, text: str) -> None:
    assert meaning(condition, text).sentence
