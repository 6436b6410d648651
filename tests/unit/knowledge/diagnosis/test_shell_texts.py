"""Errors of PowerShell and of the Lync cmdlets, and what cmdlets print of faults."""

import pytest

from checks.knowledge.diagnosis import diagnose, starts
from tests.unit.knowledge.diagnosis.expected import NOW, Row, check, name_of

ERRORS = [
    Row(
        "Test-CsMcxP2PIM : The term 'Test-CsMcxP2PIM' is not recognized as the name of a cmdlet, function, script file",
        "does not have the Mcx cmdlet",
        starts.PERMISSIONS,
        "UCWA",
    ),
    Row(
        "The term 'Get-CsUser' is not recognized as the name of a cmdlet",
        "module is not loaded",
        "",
        "user or a policy",
    ),
    Row("Le terme «Get-CsUser» n'est pas reconnu comme nom d'applet de commande", "module is not loaded"),
    Row('Die Benennung "Get-CsUser" wurde nicht als Name eines Cmdlet, einer Funktion erkannt', "module is not loaded"),
    Row(
        "'Get-CsUser' 용어가 cmdlet, 함수, 스크립트 파일 또는 실행할 수 있는 프로그램 이름으로", "module is not loaded"
    ),
    Row(
        'Get-CsUser : Management object not found for identity "sip:ken@litwareinc.com".',
        "sip:ken@litwareinc.com is misspelt",
        starts.USER_ENABLED,
        "missing rights",
    ),
    Row(
        "System.InvalidOperationException: No matching cluster found in topology.",
        "not a pool",
        starts.SERVICES,
        "wrong pool name",
    ),
    Row("토폴로지에서 일치 하는 클러스터를 찾을 수 없습니다.", "not a pool", starts.SERVICES, "certificates"),
    Row(
        "WARNING: Failed to read Registrar port number for the given fully qualified\ndomain name (FQDN).",
        "guessed the port",
        starts.SERVICES,
        "Registrar is down",
    ),
    Row('You cannot retry this operation: "Insufficient access rights to perform the operation"', "may not change"),
    Row("00002098: SecErr: DSID-03150E8A, problem 4003 (INSUFF_ACCESS_RIGHTS)", "may not change"),
    Row(
        'Cannot open database "xds" requested by the login. The login failed.',
        "Central Management",
        starts.PERMISSIONS,
        "store is down",
    ),
    Row("Test-CsReplica : Command execution failed: Requested registry access is not allowed.", "as administrator"),
    Row(
        "Unauthorized: Access is denied due to a role-based access control (RBAC) authorization failure.",
        "no Lync role",
        starts.PERMISSIONS,
    ),
    Row(
        "The SSL connection cannot be established. -2144108102,PSSessionOpenFailed", ".NET Framework", "", "phones see"
    ),
    Row(
        "[atl-cs-001.litwareinc.com] Connecting to remote server failed with the following error message : Access is denied.",
        "remote PowerShell",
        starts.PERMISSIONS,
        "users who cannot sign in",
    ),
    Row("Get-CsWindowsService : Access is denied.", "lack a right", starts.PERMISSIONS, "service asked about is down"),
    Row(
        'Policy "Global" is not a user policy. You can assign only a user policy to a specific user.',
        "cannot be granted",
    ),
    Row(
        "Set-CsExternalAccessPolicy : A positional parameter cannot be found that accepts argument 'EnableXmppAccess'.",
        "lacks the dash",
        starts.XMPP_POLICY,
    ),
    Row(
        "The term 'Test-CsXmppIM' is not recognized as the name of a cmdlet",
        "does not have the XMPP cmdlet",
        starts.XMPP_PERMISSIONS,
        "no server was asked",
    ),
    Row(
        "Test-CsXmppIM : There is no test user assigned for pool01.contoso.com.",
        "whom to sign in",
        starts.XMPP_TEST_MESSAGE,
        "nothing was sent",
    ),
    Row(
        "Test-CsXmppIM : Cannot bind parameter 'RegistrarPort'. Cannot convert value \"five\" to type Int32.",
        "did not begin",
        starts.XMPP_TEST_MESSAGE,
        "nothing was sent",
    ),
    Row(
        "Get-Service : Cannot find any service with display name '*XMPP*'.",
        "not installed",
        starts.XMPP_SERVICES,
        "stopped",
    ),
]
OBJECTS = [
    Row(
        "SipAddress : sip:kenmyer@litwareinc.com\nEnabled : False\nRegistrarPool : atl-cs-001.litwareinc.com\n",
        "switched off",
        starts.USER_ENABLED,
    ),
    Row(
        "SipAddress    : sip:kenmyer@litwareinc.com\nEnabled       : True\nRegistrarPool :\nHostingProvider : sipfed.online.lync.com\n",
        "homed online",
        starts.HYBRID,
    ),
    Row(
        "SipAddress    : sip:kenmyer@litwareinc.com\nEnabled       : True\nRegistrarPool :\n",
        "homed in no pool",
        starts.USER_ENABLED,
    ),
    Row(
        "SipAddress        : sip:kenmyer@litwareinc.com\nEnabled           : True\nRegistrarPool     : atl-cs-001.litwareinc.com\n"
        "UserPrincipalName : ken@corp.litwareinc.com\n",
        "as the user name",
        starts.USER_ENABLED,
    ),
    Row(
        "Identity       : Tag:RedmondMobilityPolicy\nEnableMobility : False\n",
        "Users under RedmondMobilityPolicy",
        starts.POLICY,
        "nearest policy wins",
    ),
    Row(
        "Identity                  EnableMobility\n--------                  --------------\nGlobal                    True\n"
        "Tag:RedmondMobilityPolicy False\n",
        "Users under RedmondMobilityPolicy",
        starts.POLICY,
    ),
    Row('{"Identity":"Global","EnableMobility":false}', "Users under Global", starts.POLICY),
    Row("he wrote:\n> Identity : Global\n> EnableMobility : False\nwhat now?", "Users under Global", starts.POLICY),
    Row(
        "Identity       : Global\nUseWindowsAuth : None\n",
        "switched off in Global",
        starts.WINDOWS_AUTH,
        "wrong password",
    ),
    Row(
        "Identity : Global\nUseWindowsAuth : Negotiate\nUseWsFedPassiveAuth : True\n",
        "Passive sign-in",
        starts.WINDOWS_AUTH,
    ),
    Row("Identity : Global\nExposedWebURL : Internal\n", "internal web address", starts.USER_DOCUMENT),
    Row(
        "Identity : Global\nExposedWebURL : External\nPushNotificationProxyUri : sip:push@push.contoso.com\n",
        "go to sip:push",
        starts.PUSH,
    ),
    Row(
        "EnableApplePushNotificationService     : False\nEnableMicrosoftPushNotificationService : False\n",
        "switched off",
        starts.PUSH,
    ),
    Row(
        "UpToDate : False\nReplicaFqdn : edge01.litwareinc.com\n",
        "not arrived on edge01.litwareinc.com",
        starts.SERVICES,
    ),
    Row(
        "Identity : Global\nEnableFederationAccess : True\nEnableXmppAccess : False\n",
        "may not talk with XMPP partners",
        starts.XMPP_POLICY,
        "sign-in of phones",
    ),
    Row("Identity : Global\nAllowFederatedUsers : False\n", "no federation at all", starts.XMPP_FEDERATION),
    Row("Identity            : Site:LyncLab\nXmppFederationRoute :\n", "No site has", starts.XMPP_ROUTE, "firewall"),
    Row(
        "Identity : contoso.com\nTlsNegotiation : NotSupported\nSaslNegotiation : Required\nSupportDialbackNegotiation : False\n",
        "no way to authenticate",
        starts.XMPP_PARTNER,
    ),
    Row(
        "Identity : contoso.com\nTlsNegotiation : Optional\nSaslNegotiation : Required\nSupportDialbackNegotiation : True\n",
        "SASL needs TLS",
        starts.XMPP_PARTNER,
    ),
    Row(
        "Identity : contoso.com\nTlsNegotiation : Required\nSaslNegotiation : Required\nSupportDialbackNegotiation : True\n",
        "dialback is never used",
        starts.XMPP_NEGOTIATION,
    ),
    Row(
        "Identity : gmail.com\nTlsNegotiation : NotSupported\nSaslNegotiation : NotSupported\n",
        "no longer federates",
        starts.XMPP_PARTNER,
    ),
    Row(
        "Status   Name\n------   ----\nRunning  REPLICA\nStopped  RTCXMPPTGW\n",
        "XMPP gateway on the Front End",
        starts.XMPP_SERVICES,
    ),
    Row("Stopped  RTCSRV  Lync Server Front-End", "nobody can sign in", starts.SERVICES),
    Row("Stopped W3SVC World Wide Web Publishing Service", "all web services", starts.SERVICES),
    Row(
        "Status      : Stopped\nName        : XYZ\nDisplayName : Lync Server XMPP Translating Gateway Proxy\n",
        "XMPP proxy on the Edge",
        starts.XMPP_SERVICES,
    ),
]


@pytest.mark.parametrize("row", [*ERRORS, *OBJECTS], ids=name_of)
def test_first_cause_step_and_what_it_does_not_mean(row: Row) -> None:
    check(row)


@pytest.mark.parametrize(
    ("text", "in_order"),
    [
        ("Identity       : Global\nEnableMobility : True\n", "Global allows mobility"),
        (
            "SipAddress : sip:kenmyer@litwareinc.com\nEnabled : True\nRegistrarPool : pool01.litwareinc.com\n",
            "is enabled",
        ),
        ("Identity : Global\nUseWindowsAuth : Negotiate\n", "Negotiate"),
        ("Identity : Site:LyncLab\nXmppFederationRoute : EdgeServer:edge01.litwareinc.com\n", "route is set"),
        ("Identity : Global\nEnableFederationAccess : True\nEnableXmppAccess : True\n", "allows XMPP"),
        ("UpToDate : True\nReplicaFqdn : edge01.litwareinc.com\n", "has the configuration"),
        ("Status   Name\n------   ----\nRunning  REPLICA\nRunning  RTCXMPPTGW\n", "services run"),
        ("Target Uri : http://atl-cs-001.litwareinc.com:443/mcx\nResult : Success\n", "test passed"),
        ("결과: 성공\n대상 Uri: http://atl-cs-001.litwareinc.com:443/mcx", "test passed"),
        ("Résultat : réussite", "test passed"),
    ],
)
def test_what_is_in_order_is_no_cause_and_leads_to_a_question(text: str, in_order: str) -> None:
    found = diagnose(text, NOW)
    assert not found.likely
    assert any(in_order in line for line in found.in_order), found.in_order
    assert found.question


def test_a_parameter_of_a_command_is_no_output() -> None:
    found = diagnose("Set-CsMobilityPolicy -Identity Global -EnableMobility $False")
    assert not found.recognised


def test_a_fault_that_a_cmdlet_mends_brings_it_along() -> None:
    found = diagnose("Identity       : Tag:RedmondMobilityPolicy\nEnableMobility : False\n")
    remedy = found.likely[0].remedy
    assert remedy is not None
    assert remedy.command() == "Set-CsMobilityPolicy -Identity RedmondMobilityPolicy -EnableMobility $True"
