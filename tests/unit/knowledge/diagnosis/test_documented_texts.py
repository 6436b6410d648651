"""Texts as Microsoft's documents and public captures have them, whole: the first cause, its step, and what is in order."""

import pytest

from checks.knowledge.diagnosis import diagnose, starts
from tests.unit.knowledge.diagnosis.expected import NOW, Row, check, name_of

TESTS = [
    Row(
        "Target Fqdn   : atl-cs-001.litwareinc.com\n"
        "Target Uri    : https://atl-cs-001.litwareinc.com:443/mcx\n"
        "Result        : Failure\n"
        "Error Message : No response received for Web-Ticket service.\n"
        "                Inner Exception:The HTTP request is unauthorized with client authentication scheme 'Ntlm'. The "
        "authentication header received from the server was 'Negotiate'.\n"
        "                Inner Exception:The remote server returned an error: (401) Unauthorized.\n"
        "Diagnosis     : Inner Diagnosis:X-MS-Server-Fqdn : atl-cs-001.litwareinc.com\n"
        "                WWW-Authenticate : Negotiate\n",
        "offers Negotiate but not NTLM",
        starts.WINDOWS_AUTH,
        "service is down",
    ),
    Row(
        "VERBOSE: Trying to get web ticket.\n"
        "Web Service url : https://atl-cs-001.litwareinc.com:443/WebTicket/WebTicketService.svc\n"
        "Using NTLM/Kerb auth.\nVERBOSE: GetWebTicketActivity completed.\n"
        "Target Fqdn   : atl-cs-001.litwareinc.com\nResult        : Failure\n"
        "Error Message : No response received for Web-Ticket service.\n",
        "atl-cs-001.litwareinc.com does not answer",
        starts.WINDOWS_AUTH,
    ),
    Row(
        "Target Fqdn   : atl-cs-001.litwareinc.com\nTarget Uri    : https://atl-cs-001.litwareinc.com:443/mcx\n"
        "Result        : Failure\nError Message : 404, Not Found\n"
        "Diagnosis     : ErrorCode=4005,Source=atl-cs-001.litwareinc.com,Reason=Destination URI either not enabled\n"
        "for SIP or does not exist.\nMicrosoft.Rtc.Signaling.DiagnosticHeader\n",
        "does not exist or is not enabled",
        starts.USER_ENABLED,
        "service is missing",
    ),
    Row(
        "TargetFqdn : atl-cs-001.litwareinc.com\nResult     : Failure\n"
        "Error      : 11004, The requested name is valid but no data of the requested type was found\n",
        "atl-cs-001.litwareinc.com has no address",
        starts.TEST_TRANSACTION,
        "firewall",
    ),
    Row(
        "TargetFqdn : atl-cs-001.litwareinc.com\nResult     : Failure\n"
        "Error      : The log on was denied. Check that the proper credentials are being used and the account is active.\n"
        "             Inner Exception:NegotiateSecurityAssociation failed, error: - 2146893044\n",
        "password of the user is wrong",
        starts.REGISTRAR,
        "unreachable",
    ),
    Row(
        "VERBOSE: 'Register' activity started.\nSending Registration request:\nTarget Fqdn = atl-cs-001.litwareinc.com\n"
        "User Sip Address = sip:kenmyer@litwareinc.com\nRegistrar Port = 5061.\nAuth Type 'Trusted' is selected.\n"
        "An exception 'The endpoint is unable to register. See the ErrorCode for specific reason' occurred during Workflow "
        "Microsoft.Rtc.SyntheticTransactions.Workflow.STRegistrerWorkflow execution.\n",
        "sip:kenmyer@litwareinc.com does not exist or is not enabled",
        starts.USER_ENABLED,
    ),
    Row(
        "PS C:\\> Test-CsRegistration -TargetFqdn atl-cs-001.litwareinc.com\nTargetFqdn : atl-cs-001.litwareinc.com\n"
        "Result     : Failure\nError      :\n",
        "Registrar of the pool",
        starts.REGISTRAR,
    ),
    Row(
        "PS C:\\> Test-CsUcwaConference -TargetFqdn lync.litwareinc.com\nTarget Fqdn   : lync.litwareinc.com\n"
        "Target Uri    : https://lync.litwareinc.com:443/CertProv/CertProvisiongService.svc\nResult        : Failure\n"
        "Latency       : 00:00:14.9862716\n",
        "UCWA",
        starts.UCWA,
    ),
    Row(
        "Test-CsMcxPushNotification : A 504 (Server time-out) response was received from the network and the operation "
        "failed. See the exception details for more information.\nAt line:1 char:27\n"
        "+ Test-CsMcxPushNotification <<<< -AccessEdgeFqdn lyncedge.litwareinc.com\n"
        "+ FullyQualifiedErrorId : WorkflowNotCompleted,Microsoft.Rtc.Management.SyntheticTransactions."
        "TestMcxPushNotificationCmdlet\n",
        "push.lync.com",
        starts.PUSH,
        "sign-in",
    ),
]
WEB = [
    Row(
        'C:\\> curl -i -H "Accept: application/vnd.microsoft.rtc.autodiscover+xml;v=1" https://lyncdiscover.litwareinc.com/\n'
        "HTTP/1.1 200 OK\nX-MS-Server-Fqdn: atl-cs-001.litwareinc.com\nContent-Type: application/xml\n\n"
        '<?xml version="1.0" encoding="utf-8"?><AutodiscoverResponse xmlns="" AccessLocation="Internal"><Root>'
        '<Link token="Domain" href="https://lyncweb.litwareinc.com/x"/></Root></AutodiscoverResponse>\n',
        "forwards lyncdiscover.litwareinc.com to the pool's internal site",
        starts.AUTODISCOVER,
        "from inside",
    ),
    Row(
        '{"AccessLocation":"External","User":{"SipServerInternalAccess":{"fqdn":"atl-cs-001.litwareinc.com","port":"5061"},'
        '"Links":[{"token":"External/Mcx","href":"https:\\/\\/lyncweb.litwareinc.com\\/Mcx\\/McxService.svc"},'
        '{"token":"Self","href":"https:\\/\\/lyncweb.litwareinc.com\\/Autodiscover\\/AutodiscoverService.svc\\/root\\/user"}]}}',
        "no link to UCWA",
        starts.USER_DOCUMENT,
        "On Lync Server 2010 it is right",
    ),
    Row(
        "C:\\> curl -i https://lyncdiscover.litwareinc.com/\nHTTP/1.1 401 Unauthorized\nServer: nginx\n"
        'WWW-Authenticate: Basic realm="mail.litwareinc.com"\nContent-Length: 0\n\n',
        "authenticates first",
        starts.AUTODISCOVER,
        "wrong password",
    ),
    Row(
        "C:\\> curl -i https://lyncweb.litwareinc.com/webticket/webticketservice.svc\nHTTP/1.1 401 Unauthorized\n"
        'WWW-Authenticate: Basic realm="Sign in"\nContent-Length: 0\n\n',
        "authenticates first",
        starts.REVERSE_PROXY,
        "wrong password",
    ),
    Row(
        "C:\\> curl -i https://lyncdiscover.litwareinc.com/\nHTTP/1.1 401 Unauthorized\nServer: Microsoft-IIS/8.5\n"
        "WWW-Authenticate: Negotiate\nWWW-Authenticate: NTLM\nX-MS-Server-Fqdn: atl-cs-001.litwareinc.com\n\n",
        "has to be open",
        starts.AUTODISCOVER,
        "wrong password",
    ),
    Row(
        "https://lyncweb.litwareinc.com/Autodiscover/AutodiscoverService.svc/root says 401 Unauthorized",
        "Something before Lync",
        starts.AUTODISCOVER,
    ),
    Row(
        "C:\\> curl.exe -i https://fe01.litwareinc.com/ucwa/v1/applications\nHTTP/1.1 503 Service Unavailable\n"
        "Content-Type: text/html; charset=us-ascii\nServer: Microsoft-HTTPAPI/2.0\nContent-Length: 20\n\n"
        "<HTML>HTTP Error 503.",
        "application pool behind /ucwa/v1/applications on fe01.litwareinc.com",
        starts.WEB_APPLICATIONS,
        "DNS",
    ),
    Row(
        "curl: (56) Received HTTP code 407 from proxy after CONNECT",
        "HTTP proxy between",
        starts.HAIRPIN,
        "Lync account",
    ),
    Row(
        "GET https://lyncweb.litwareinc.com/ucwa/v1/applications\nHTTP/1.1 502 Bad Gateway\nServer: Microsoft-IIS/8.5\n\n",
        "gets no answer from the pool",
        starts.REVERSE_PROXY,
        "password",
    ),
    Row(
        "https://lyncweb.litwareinc.com/WebTicket/WebTicketService.svc: 503 Service Unavailable",
        "stopped or overloaded",
        starts.WINDOWS_AUTH,
    ),
    Row(
        "HTTP/1.1 500 Internal Server Error\n"
        'X-Ms-diagnostics: 28032;source="POOL2.contoso.com";reason="The web ticket is invalid."\n'
        "X-MS-Server-Fqdn: POOL2.contoso.com\n",
        "another pool",
        starts.USER_ENABLED,
        "wrong password",
    ),
    Row(
        'ms-diagnostics: 28072;reason="The ticket presented could not be verified, a new ticket is required."',
        "could not be verified",
        starts.USER_DOCUMENT,
    ),
]
NETWORK = [
    Row(
        "ComputerName           : lyncweb.litwareinc.com\nRemoteAddress          : 203.0.113.5\n"
        "RemotePort             : 443\nPingSucceeded          : False\nTcpTestSucceeded       : False\n",
        "No connection to lyncweb.litwareinc.com:443",
        starts.PORTS,
        "wrong password",
    ),
    Row(
        "WARNING: TCP connect to atl-cs-001.litwareinc.com:5061 failed\n\nComputerName     : atl-cs-001.litwareinc.com\n"
        "RemotePort       : 5061\nTcpTestSucceeded : False\n",
        "Registrar",
        starts.PORTS,
        "not XMPP",
    ),
    Row(
        "10061 actively refused it 10.0.0.5:5086",
        "the Mobility Service does not listen",
        starts.SERVICES,
    ),
    Row(
        "*** dns01.litwareinc.com can't find _sipfederationtls._tcp.litwareinc.com: Non-existent domain",
        "push notifications",
        starts.PUSH,
        "firewall",
    ),
    Row(
        "Name                           Type   TTL   Section    NameHost\n"
        "----                           ----   ---   -------    --------\n"
        "lyncdiscover.litwareinc.com    CNAME  3600  Answer     webdir.online.lync.com\n",
        "lyncdiscover.litwareinc.com leads to webdir.online.lync.com",
        starts.DNS,
        "record is missing",
    ),
    Row(
        "Invoke-WebRequest : The operation has timed out\n"
        "+ Invoke-WebRequest https://lyncweb.litwareinc.com/Autodiscover/AutodiscoverService.svc/root",
        "Nothing answers at lyncweb.litwareinc.com:443",
        starts.PORTS,
    ),
    Row(
        "Invoke-WebRequest : Unable to connect to the remote server\n+ Invoke-WebRequest https://lyncweb.litwareinc.com/",
        "No connection to lyncweb.litwareinc.com:443",
        starts.PORTS,
    ),
    Row(
        "Invoke-WebRequest : The underlying connection was closed: An unexpected error occurred on a send.\n"
        "+ Invoke-WebRequest https://lyncdiscover.litwareinc.com/",
        "handshake with lyncdiscover.litwareinc.com breaks off",
        starts.CERTIFICATES,
    ),
    Row(
        "C:\\> curl.exe -si https://lyncweb.litwareinc.com/ucwa/v1/applications | findstr /i X-MS-Server-Fqdn\n"
        "X-MS-Server-Fqdn: fe01.litwareinc.com\n"
        "C:\\> curl.exe -si https://lyncweb.litwareinc.com/ucwa/v1/applications | findstr /i X-MS-Server-Fqdn\n"
        "X-MS-Server-Fqdn: fe02.litwareinc.com\n",
        "fe01.litwareinc.com, fe02.litwareinc.com",
        starts.AFFINITY,
        "no fault at all",
    ),
    Row(
        'APPPOOL "LyncUcwa" (MgdVersion:v4.0,MgdMode:Integrated,state:Stopped)\n'
        'APPPOOL "CSExtMcxAppPool" (MgdVersion:v4.0,MgdMode:Integrated,state:Started)\n',
        "phones need: LyncUcwa.",
        starts.WEB_APPLICATIONS,
        "DNS",
    ),
]
SETTINGS = [
    Row(
        "Identity                  : LyncOnline\nProxyFqdn                 : sipfed.online.lync.com\nEnabled : True\n"
        "EnabledSharedAddressSpace : True\n"
        "AutodiscoverUrl           : https://webdir.online.lync.com/autodiscover/autodisccoverservice.svc/root\n",
        "AutodiscoverUrl of LyncOnline is misspelt",
        starts.HYBRID,
    ),
    Row(
        "Identity                  : LyncOnline\nProxyFqdn                 : sipfed.online.lync.com\nEnabled : True\n"
        "EnabledSharedAddressSpace : True\nAutodiscoverUrl           :\n",
        "may be not sent on",
        starts.HYBRID,
    ),
    Row(
        "Identity     : Global/3f1b\nUserAgent    : iPhoneLync\nMajorVersion : 4\nCompareOp    : LEQ\nAction       : Block\n"
        "Enabled      : True\n",
        "keep clients out: iPhoneLync",
        starts.CLIENT,
    ),
    Row(
        "Identity : Global\nEnableMobility : True\nEnableOutsideVoice : True\nEnableIPAudioVideo : False\n",
        "no calls over the network",
        starts.MEDIA,
    ),
    Row(
        "Identity : Global\nEnableMobility : True\nEnableOutsideVoice : False\n",
        "no Call via Work",
        starts.MEDIA,
        "not sign-in or messages",
    ),
    Row(
        "Identity : Global\nAllowFederatedUsers : True\nAllowOutsideUsers : False\n",
        "no users from outside",
        starts.MEDIA,
    ),
    Row("Identity : Global\nEnableXmppAccess : True\nEnableOutsideAccess : False\n", "from outside", starts.MEDIA),
    Row(
        "Identity : Global\nUseWindowsAuth : Negotiate\nPendingGetWaitTimeOutInMinutes : 30\n",
        "PendingGetWaitTimeOutInMinutes is 30 in Global",
        starts.TIMEOUTS,
    ),
    Row(
        "Identity : Global\nEnabled : True\nAction : Block\nPrefixes : {href, http:, https:}\n",
        "push notifications",
        starts.PUSH,
    ),
    Row(
        'SIP/2.0 403 Forbidden\nms-diagnostics: 17001;reason="Client version not allowed";source="fe01.contoso.com"\n',
        "client version filter",
        starts.CLIENT,
    ),
    Row(
        'SIP/2.0 403 Forbidden\nms-diagnostics: 4003;reason="From URI not enabled for remote access"',
        "EnableOutsideAccess",
        starts.MEDIA,
        "wrong password",
    ),
]
TOLD = [
    Row("It works with manual server addresses but not with auto-detect", "Autodiscover", starts.DNS, "account"),
    Row("Messages work on the phone; calls do not.", "keeps the phones", starts.MEDIA, "sign-in"),
    Row("Phones ask for the password again and again.", "no sign-in that the phone can use", starts.WINDOWS_AUTH),
    Row(
        "Users who were moved to Microsoft 365 cannot sign in; all others can.", "homed in Microsoft 365", starts.HYBRID
    ),
    Row("A 504 on a message to a Windows Phone", "push", starts.PUSH),
]
ROWS = [*TESTS, *WEB, *NETWORK, *SETTINGS, *TOLD]


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_first_cause_step_and_what_it_does_not_mean(row: Row) -> None:
    check(row)


USER_LINK = "C:\\> curl -i https://lyncweb.contoso.com/Autodiscover/AutodiscoverService.svc/root/user\n"


@pytest.mark.parametrize(
    ("text", "in_order"),
    [
        # A stranger is told where to get a ticket or a token, and that is all that Lync asks for.
        (
            f"{USER_LINK}HTTP/1.1 401 Unauthorized\n"
            "X-MS-WebTicketURL: https://lyncweb.contoso.com/WebTicket/WebTicketService.svc\n"
            "X-MS-Server-Fqdn: W15-LYNC-SE1.contoso.com\n\n401 - Unauthorized: Access is denied due to invalid credentials.\n",
            "what a healthy service answers",
        ),
        (
            "HTTP/1.1 401 Unauthorized\n"
            'WWW-Authenticate: Bearer trusted_issuers="00000002-0000-0ff1-ce00-000000000000@contoso.com", '
            'client_id="00000004-0000-0ff1-ce00-000000000000"\n'
            'WWW-Authenticate: MsRtcOAuth href="https://lyncweb.contoso.com/WebTicket/oauthtoken",'
            'grant_type="urn:microsoft.rtc:windows,urn:microsoft.rtc:anonmeeting,password"\n'
            "X-MS-Server-Fqdn: W15-LYNC-SE1.contoso.com\n\n",
            "what a healthy service answers",
        ),
        (
            'C:\\> curl https://lyncdiscover.contoso.com/\n{"AccessLocation":"External","Root":{"Links":[{"href":'
            '"https:\\/\\/extweb.contoso.com\\/Autodiscover\\/AutodiscoverService.svc\\/root\\/domain","token":"Domain"},'
            '{"href":"https:\\/\\/extweb.contoso.com\\/Autodiscover\\/AutodiscoverService.svc\\/root\\/user","token":"User"}]}}\n'
            "C:\\>",
            "Its links lead to extweb.contoso.com.",
        ),
        (
            "ComputerName     : lyncweb.litwareinc.com\nRemotePort       : 443\nTcpTestSucceeded : True\n",
            "lyncweb.litwareinc.com takes connections on port 443",
        ),
    ],
)
def test_what_is_healthy_is_no_cause(text: str, in_order: str) -> None:
    found = diagnose(text, NOW)
    assert not found.likely, found.likely
    assert any(in_order in line for line in found.in_order), found.in_order
    assert found.question


@pytest.mark.parametrize(
    "text",
    [
        # Homed here alone, or not shown: no hybrid deployment to judge.
        "Identity : Fabrikam\nProxyFqdn : sip.fabrikam.com\nEnabledSharedAddressSpace : False\nAutodiscoverUrl :\n",
        "Identity : LyncOnline\nProxyFqdn : sipfed.online.lync.com\nEnabledSharedAddressSpace : False\nAutodiscoverUrl :\n",
        "Identity : Global/1\nUserAgent : iPhoneLync\nCompareOp : LEQ\nAction : Block\nEnabled : False\n",
        "Identity : Global\nEnabled : True\nAction : Allow\nPrefixes : {href, http:, https:}\n",
        "Identity : Global\nEnabled : True\nPrefixes : {href, http:, https:}\n",
        "Identity : Global\nUseWindowsAuth : Negotiate\nPendingGetWaitTimeOutInMinutes : 15\n",
        "X-MS-Server-Fqdn: fe01.litwareinc.com\nX-MS-Server-Fqdn: fe01.litwareinc.com\n",
        'APPPOOL "LyncUcwa" (MgdVersion:v4.0,MgdMode:Integrated,state:Started)\n',
        'APPPOOL "DefaultAppPool" (MgdVersion:v4.0,MgdMode:Integrated,state:Stopped)\n',
    ],
)
def test_a_setting_that_keeps_nobody_out_is_no_cause(text: str) -> None:
    assert not diagnose(text, NOW).likely


def test_what_no_document_lists_is_told_with_doubt() -> None:
    url = diagnose(SETTINGS[1].text, NOW).likely[0]
    assert "may be" in url.cause
    rule = diagnose(SETTINGS[2].text, NOW)
    assert "where the phone is such a client" in rule.likely[0].reason
