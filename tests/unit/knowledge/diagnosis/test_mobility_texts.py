"""Texts of phones, their users, and the services that they sign in to."""

import pytest

from checks.knowledge.diagnosis import starts
from tests.unit.knowledge.diagnosis.expected import Row, check, name_of

REFUSED_TICKET = """\
Target Fqdn : atl-cs-001.litwareinc.com
Target Uri : https://atl-cs-001.litwareinc.com:443/mcx
Result : Failure
Latency : 00:00:00
Error Message : No response received for Web-Ticket service.
Inner Exception:The HHTP request is unauthorized with
client negotiation scheme 'Ntlm'. The authentication
header received from the server was {offer}.
Inner Exception:The remote server returned an error:
(401) Unauthorized.
Diagnosis :
Inner Diagnosis:X-MS-server-Fqdb : atl-cs-
001.litwareinc.com
Cache-Control : private
WWW-Authenticate : Negotiate,NTLM
"""

PHONES = [
    Row(
        "Can't verify the certificate from the server", "refuses the certificate", starts.CERTIFICATES, "wrong password"
    ),
    Row(
        "“Can’t verify the certificate from the server.”", "refuses the certificate", starts.CERTIFICATES, "missing DNS"
    ),
    Row(
        "Lync[247] CHttpRequestProcessor.cpp/201:Request UcwaAutoDiscoveryRequest resulted in E_SslError (E2-2-2). "
        "The retry counter is: 0",
        "refuses the certificate",
        starts.CERTIFICATES,
        "wrong password",
    ),
    Row(
        "Received response of request(UcwaAutoDiscoveryRequest) with status = 0x22020002",
        "certificate",
        starts.CERTIFICATES,
    ),
    Row(
        "Cannot connect to the server. It might be unavailable. Also please check your network connection, sign-in address "
        "and server addresses.",
        "no way to the lync web services",
        starts.DNS,
        "wrong password",
    ),
    Row(
        "Can't sign in. Please check your account information and try again.",
        "not enabled for lync",
        starts.USER_ENABLED,
        "DNS, firewall or certificate",
    ),
    Row("Request resulted in E_UcwaUnavailable (E2-3-48)", "UCWA", starts.WEB_APPLICATIONS, "Mcx"),
    Row("CTransportTransaction: E_RemoteHostNotReachable", "may not reach", starts.DNS),
    Row(
        "Failed to get http proxy setting using http://wpad/wpad.dat for UcwaAutoDiscoveryRequest for kenmyer@litwareinc.com",
        "automatic proxy",
        "",
        "Lync is down",
    ),
    Row("It works on 3G, fails on Wi-Fi", "hairpin", starts.HAIRPIN, "account"),
    Row("works on mobile data but not on wifi since Monday", "hairpin", starts.HAIRPIN),
    Row("It works on Wi-Fi, fails on 3G", "reverse proxy does not publish", starts.AUTODISCOVER, "account"),
    Row("Android signs in, iPhone does not", "missing intermediate", starts.CERTIFICATES, "DNS or firewall"),
    Row(
        "It is only one user, sip:kenmyer@litwareinc.com, who can't sign in",
        "sip:kenmyer@litwareinc.com",
        starts.USER_ENABLED,
        "shared",
    ),
    Row("The phone says Reconnecting every few minutes", "load balancer", starts.AFFINITY, "wrong password"),
    Row("Users sign in but push notifications do not arrive", "switched off", starts.PUSH, "needs no push"),
    Row("We get a 504 when we write to a mobile user", "push.lync.com", starts.PUSH),
    Row("Call via Work does not work for sales", "EnableOutsideVoice", starts.MEDIA, "Enterprise Voice"),
]
TICKETS = [
    Row(
        REFUSED_TICKET.format(offer="'Negotiate,NTLM'"),
        "user name or the password",
        starts.USER_ENABLED,
        "service is down",
    ),
    Row(REFUSED_TICKET.format(offer="''"), "offers no sign-in", starts.WINDOWS_AUTH, "wrong password"),
    Row(
        "Error Message : No response received for Web-Ticket service.\nDiagnosis :",
        "does not answer",
        starts.WINDOWS_AUTH,
    ),
    Row(
        "Message d’erreur : aucune réponse n’est reçue pour le service de ticket Web.\nException interne : le serveur distant "
        "a renvoyé une erreur :\n(401) non autorisé.",
        "user name or the password",
        starts.USER_ENABLED,
        "service is down",
    ),
    Row(
        "오류 메시지: Web-Ticket 서비스에 대 한 응답이 수신 되지 않았습니다.\n내부 예외: 원격 서버에서 오류를 반환 했습니다.\n(401) 인증 되지 않음",
        "user name or the password",
        starts.USER_ENABLED,
        "DNS, firewall or certificate",
    ),
    Row("received from the server was 'Negotiate'.", "not NTLM", starts.WINDOWS_AUTH),
    Row(
        "The log on was denied. Check that the proper credentials are being used and the account is active.",
        "password",
        starts.REGISTRAR,
        "unreachable",
    ),
    Row("NegotiateSecurityAssociation failed, error: - 2146893044", "password", starts.REGISTRAR),
    Row(
        "Could not download a CS Certificate for the given user. Check if provided uri and credentials are correct.",
        "no certificate",
        starts.SIGN_IN,
        "TLS certificate",
    ),
    Row(
        "The endpoint was unable to register. See the ErrorCode for specific reason.",
        "does not exist",
        starts.USER_ENABLED,
    ),
    Row(
        "The SIP URI in the claim type requirements of the web ticket request does not match the SIP URI associated with the "
        "presented credentials.",
        "not that of the SIP address",
        starts.SIGN_IN,
        "wrong password",
    ),
    Row('{"error":"invalid_grant"}', "user name or password was refused", starts.SIGN_IN, "service is down"),
    Row('{"error":"unsupported_grant_type"}', "switched off", starts.WINDOWS_AUTH, "wrong password"),
    Row(
        '{"ms_rtc_passiveauthuri":"https://lyncweb.contoso.com/PassiveAuth"}',
        "AD FS",
        starts.WINDOWS_AUTH,
        "wrong password",
    ),
    Row(
        '{"code":"Forbidden","subcode":"MobileApplicationNoLongerAllowed"}',
        "mobile clients",
        starts.POLICY,
        "reverse proxy",
    ),
    Row('{"code":"NotFound","subcode":"ApplicationNotFound"}', "session is gone", starts.AFFINITY, "not installed"),
    Row('{"code":"Conflict","subcode":"PGetReplaced"}', "pending requests"),
    Row("Service does not allow a cross domain request from this origin.", "list of domains", "", "phones"),
    Row(
        "Test-CsUcwaConference : There is no test user assigned for [atl-cs-001.litwareinc.com]. Verify test user "
        "configuration.",
        "no test users",
        starts.TEST_TRANSACTION,
        "nothing was tested",
    ),
    Row("Test-CsMcxPushNotification : Push Notification request was rejected.", "filter", starts.PUSH, "network"),
    Row(
        "Test-CsMcxPushNotification : A 504 (Server time-out) response was received from the network and the operation failed.",
        "push.lync.com",
        starts.PUSH,
        "sign-in",
    ),
    Row(
        "Target Uri : https://atl-cs-001.litwareinc.com:443/mcx\nResult : Failure",
        "may not be running",
        starts.SERVICE_URL,
    ),
]
HTTP = [
    Row(
        "HTTP Error 404 for https://lyncweb.litwareinc.com/mcx/mcxservice.svc",
        "no Mcx",
        starts.SERVICE_URL,
        "404 is right here",
    ),
    Row(
        "https://lyncweb.litwareinc.com/ucwa/v1/applications -> 404 Not Found",
        "February 2013",
        starts.WEB_APPLICATIONS,
        "firewall",
    ),
    Row(
        "GET https://lyncweb.litwareinc.com/Autodiscover/AutodiscoverService.svc/root/user\n404 - Not Found",
        "does not know the user's home",
        starts.USER_ENABLED,
    ),
    Row(
        "https://lyncdiscover.litwareinc.com/ 404 - File or directory not found.",
        "publish",
        starts.AUTODISCOVER,
        "DNS or firewall",
    ),
    Row(
        "https://lyncweb.litwareinc.com/mcx/ 403 - Forbidden",
        "reverse proxy or a web filter",
        starts.REVERSE_PROXY,
        "wrong password",
    ),
    Row(
        "HTTP/1.1 403 Forbidden\nServer: Microsoft-IIS/8.5\nX-MS-Server-Fqdn: fe01.litwareinc.com\n",
        "Lync itself",
        starts.WEB_APPLICATIONS,
    ),
    Row("https://lyncweb.litwareinc.com/ says 502 Bad Gateway", "port 4443", starts.AUTODISCOVER, "password"),
    Row("HTTP status code 504 at https://lyncweb.litwareinc.com/", "port 4443", starts.AUTODISCOVER),
    Row(
        "503 Service Unavailable from https://lyncweb.litwareinc.com/ucwa/v1/applications",
        "stopped or overloaded",
        starts.WEB_APPLICATIONS,
    ),
    Row("HTTP Error 500.19 - Internal Server Error 0x80070021", "locked", starts.WEB_APPLICATIONS),
    Row(
        "500 - Internal server error. https://lyncweb.litwareinc.com/mcx/mcxservice.svc",
        "fails",
        starts.WEB_APPLICATIONS,
        "DNS",
    ),
    Row(
        "The remote server returned an error: (401) Unauthorized.",
        "refused, if one was sent",
        starts.USER_ENABLED,
        "healthy",
    ),
    Row(
        "HTTP/1.1 401 Unauthorized\nServer: Microsoft-IIS/8.5\nX-MS-Server-Fqdn: fe01.litwareinc.com\nContent-Length: 0\n",
        "no way to sign in",
        starts.WINDOWS_AUTH,
        "wrong password",
    ),
    Row(
        "C:\\> curl -i https://lyncweb.litwareinc.com/WebTicket/WebTicketService.svc\nHTTP/1.1 401 Unauthorized\n"
        "WWW-Authenticate: Negotiate\nX-MS-Server-Fqdn: fe01.litwareinc.com\n\n",
        "does not offer NTLM",
        starts.WINDOWS_AUTH,
    ),
    Row(
        'HTTP/1.1 200 OK\nContent-Type: application/json\n\n{"AccessLocation":"Internal","Root":{"Links":[]}}',
        "internal site",
        starts.AUTODISCOVER,
        "from inside",
    ),
    Row(
        "C:\\> curl -i https://lyncdiscover.litwareinc.com/\nHTTP/1.1 302 Found\nLocation: https://portal.fabrikam.com/login\n",
        "sends clients away",
        starts.AUTODISCOVER,
    ),
    Row(
        "HTTP/1.1 200 OK\nContent-Type: text/html\n\n<html><form><input type='password'></form></html>",
        "login page",
        starts.AUTODISCOVER,
        "status is 200",
    ),
]


@pytest.mark.parametrize("row", [*PHONES, *TICKETS, *HTTP], ids=name_of)
def test_first_cause_step_and_what_it_does_not_mean(row: Row) -> None:
    check(row)


def test_names_of_the_text_are_used() -> None:
    found = check(TICKETS[0])
    assert found.names.pool == "atl-cs-001.litwareinc.com"
    assert "atl-cs-001.litwareinc.com" in found.likely[1].cause
    assert [one.step for one in found.likely] == [starts.USER_ENABLED, starts.WINDOWS_AUTH, starts.POLICY]


def test_a_refused_ticket_is_not_told_twice() -> None:
    found = check(TICKETS[0])
    assert len(found.likely) == 3, "the 401 within it is explained already"
    assert not found.question, "enough is known"
