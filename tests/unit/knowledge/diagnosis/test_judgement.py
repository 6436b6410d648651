"""Several signs in one text, texts that say nothing, and whole samples of the documents in their languages."""

import pytest

from checks.knowledge.diagnosis import diagnose
from tests.unit.knowledge.documented import XMPP_FAILURE

KOREAN_XMPP_SAMPLE = """\
경고: 정규화 된 정식 #b0에 대 한 등록자 포트 번호를 읽지 못했습니다.
InvalidOperationException: 토폴로지에서 일치 하는 클러스터를 찾을 수 없습니다.
대상 Fqdn: atl-cs-001.litwareinc.com
결과: 실패
오류 메시지: 10060, 연결 된 파티 때문에 연결 시도가 실패 했습니다.
10.188.116.96에 응답 하지 못했습니다: 5061
"""
FRENCH_MCX_SAMPLE = """\
Nom de domaine complet (FQDN) cible : atl-cs-001.litwareinc.com

URI de destination :https://atl-cs-001.litwareinc.com:443/mcx

Résultat : échec

Message d’erreur : aucune réponse n’est reçue pour le service de ticket Web.

Exception interne : la requête HHTP n’est pas autorisée avec

le schéma de négociation du client « NTLM ». L’authentification

Exception interne : le serveur distant a renvoyé une erreur :

(401) non autorisé.
"""


@pytest.mark.parametrize("text", [XMPP_FAILURE, KOREAN_XMPP_SAMPLE], ids=["English", "Korean"])
def test_the_documented_xmpp_failure_is_a_wrong_pool_name_before_it_is_the_registrar(text: str) -> None:
    found = diagnose(text)
    assert found.likely[0].cause.startswith("atl-cs-001.litwareinc.com is not a pool")
    assert "Registrar" in found.likely[1].cause
    assert len(found.likely) == 2, "that the test failed is explained by both"
    assert any("not XMPP" in line for line in found.not_meant)
    assert any("certificates" in line for line in found.not_meant)
    assert not any("gateway" in one.cause for one in found.likely)


def test_the_documented_mobility_failure_in_french() -> None:
    found = diagnose(FRENCH_MCX_SAMPLE)
    assert [one.step for one in found.likely] == ["mobility.user-enabled", "mobility.windows-auth", "mobility.policy"]
    assert found.names.pool == "atl-cs-001.litwareinc.com"


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        # The clearer sign decides, wherever it stands.
        (
            'Can\'t sign in. Please check your account information and try again.\nms-diagnostics: 28032;reason="x"',
            "another pool",
            "not enabled for Lync",
        ),
        (
            "Cannot connect to the server. It might be unavailable.\nIdentity : Global\nEnableMobility : False\n",
            "Users under Global",
            "no way to the Lync web services",
        ),
        # Of equally clear ones, the earlier in causal order.
        (
            "Identity : Global\nEnableMobility : False\n\nSipAddress : sip:ken@litwareinc.com\nRegistrarPool : a.litwareinc.com\n"
            "Enabled : False\n",
            "switched off for Lync",
            "Users under Global",
        ),
        (
            "https://lyncweb.litwareinc.com/mcx/ 503 Service Unavailable\nno alternative certificate subject name matches",
            "other names",
            "stopped or overloaded",
        ),
        (
            "<stream:error><not-authorized/></stream:error> and Stopped\nStopped  RTCXMPPTGW\n",
            "XMPP gateway on the Front End",
            "did not accept your proof",
        ),
        (
            "10060 connecting to 10.0.0.10:23456\nIdentity : Site:A\nXmppFederationRoute :\n",
            "No site has",
            "inner XMPP port",
        ),
    ],
)
def test_two_signs(text: str, first: str, second: str) -> None:
    found = diagnose(text)
    assert first in found.likely[0].cause, [one.cause for one in found.likely]
    assert second in found.likely[1].cause, [one.cause for one in found.likely]


def test_a_certificate_log_beside_the_message_is_one_cause() -> None:
    found = diagnose("Can't verify the certificate from the server. Log: resulted in E_SslError (E2-2-2)")
    assert found.recognised == ("a log of the mobile client",)


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("", "Paste it word for word"),
        ("   \n\n", "Paste it word for word"),
        ("Lync is broken", "phone that cannot sign in, or a partner's messages"),
        ("my phone has a problem", "Test-CsMcxP2PIM"),
        ("sip:kenmyer@litwareinc.com has trouble on his iPad", "-SenderSipAddress sip:kenmyer@litwareinc.com"),
        ("XMPP does not work", "netstat -ano | findstr 5269"),
        ("the jabber partner complains and the phone too", "phone that cannot sign in, or a partner's messages"),
        ("Lorem ipsum dolor sit amet 404 apples and 5061 pears", "phone that cannot sign in"),
    ],
)
def test_where_nothing_is_known_one_question_is_asked(text: str, asks: str) -> None:
    found = diagnose(text)
    assert not found.recognised
    assert not found.likely
    assert asks in found.question


@pytest.mark.parametrize(
    "text",
    [
        "The price was 10060 and the area 10061.5 square metres; see 192.168.10.54",
        "He paid 403 dollars for 500 tickets",
        "Conference: reset the conflict policy",
        "The certificate of excellence has no name",
    ],
)
def test_ordinary_words_and_numbers_are_no_sign_of_a_named_error(text: str) -> None:
    found = diagnose(text)
    assert all("HTTP" not in kind and "stream" not in kind and "TLS" not in kind for kind in found.recognised)


def test_a_symptom_alone_leaves_a_question() -> None:
    assert diagnose("Cannot connect to the server. It might be unavailable.").question
