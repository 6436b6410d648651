"""Errors, warnings and the results of tests, as consoles and the documents print them, in the languages they have."""

import re

import pytest

from checks.knowledge import lync_objects
from checks.knowledge.pasted import NotUnderstood, understand
from checks.probes import Cmdlet, CmdletError, Objects
from tests.unit.knowledge.documented import XMPP_FAILURE

KEN = "sip:kenmyer@litwareinc.com"
USER = Cmdlet(name="Get-CsUser", parameters=(("Identity", KEN),))
POLICIES = Cmdlet(name="Get-CsMobilityPolicy")
MCX = Cmdlet(name="Test-CsMcxP2PIM")
XMPP = Cmdlet(name="Test-CsXmppIM")
UCWA = Cmdlet(name="Test-CsUcwaConference")


def read(question: Cmdlet, text: str) -> Objects:
    answer = understand(question, text)
    assert isinstance(answer, Objects), answer
    return answer


def error_of(question: Cmdlet, text: str) -> CmdletError:
    [error] = read(question, text).errors
    return error


NOT_FOUND = f'Management object not found for identity "{KEN}".'
_FIELDS = """    + CategoryInfo          : ObjectNotFound: (sip:kenmyer:String) [Get-CsUser], ManagementException
    + FullyQualifiedErrorId : ManagementObjectNotFound,Microsoft.Rtc.Management.AD.Cmdlets.GetOcsUserCmdlet
"""
_WHERE = "+ Get-CsUser -Identity sip:kenmyer@litwareinc.com\n+ ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\n"
NOT_FOUND_TEXTS = {
    "English": f"Get-CsUser : {NOT_FOUND}\nAt line:1 char:1\n{_WHERE}{_FIELDS}",
    "French": f"Get-CsUser : {NOT_FOUND}\nAu caractère Ligne:1 : 1\n{_WHERE}{_FIELDS}",
    "German": f"Get-CsUser : {NOT_FOUND}\nIn Zeile:1 Zeichen:1\n{_WHERE}{_FIELDS}",
    "Korean": f"Get-CsUser : {NOT_FOUND}\n위치 줄:1 문자:1\n{_WHERE}{_FIELDS}",
    "another language": f"Get-CsUser : {NOT_FOUND}\nEn línea: 1 Carácter: 1\n{_WHERE}{_FIELDS}",
    "in a script": f"Get-CsUser : {NOT_FOUND}\nAt C:\\Users\\kenmyer\\check.ps1:3 char:5\n{_WHERE}{_FIELDS}",
    "PowerShell 2": f"Get-CsUser : {NOT_FOUND}\nAt line:1 char:11\n+ Get-CsUser <<<<  -Identity x\n{_FIELDS}",
    "wrapped": f"Get-CsUser : Management object not found for identity\n\"{KEN}\".\nAt line:1 char:1\n{_WHERE}"
    "    + CategoryInfo          : ObjectNotFound: (sip:kenmyer@litwareinc.com:String) [Ge\n   t-CsUser], ManagementException\n"
    "    + FullyQualifiedErrorId : ManagementObjectNotFound,Microsoft.Rtc.Management.AD.C\n   mdlets.GetOcsUserCmdlet\n \n",
    "with prompts": f"PS C:\\> Get-CsUser {KEN}\nGet-CsUser : {NOT_FOUND}\nAt line:1 char:1\n{_WHERE}{_FIELDS}\nPS C:\\>",
}  # fmt: skip


@pytest.mark.parametrize("language", NOT_FOUND_TEXTS)
def test_a_missing_object_is_told_in_any_language(language: str) -> None:
    assert error_of(USER, NOT_FOUND_TEXTS[language]) == CmdletError(
        message=NOT_FOUND,
        id="ManagementObjectNotFound,Microsoft.Rtc.Management.AD.Cmdlets.GetOcsUserCmdlet",
        category="ObjectNotFound",
    )


def test_the_first_line_of_an_error_is_enough() -> None:
    error = error_of(USER, f"Get-CsUser : {NOT_FOUND}")
    assert lync_objects.not_found(error)


_UNKNOWN_FIELDS = (
    "+ Get-CsUser\n+ ~~~~~~~~~~\n    + CategoryInfo          : ObjectNotFound: (Get-CsUser:String) [], "
    "CommandNotFoundException\n    + FullyQualifiedErrorId : CommandNotFoundException\n"
)
UNKNOWN = {
    "English": "Get-CsUser : The term 'Get-CsUser' is not recognized as the name of a cmdlet, function, script file,\nor operable program.",
    "French": "Get-CsUser : Le terme «Get-CsUser» n'est pas reconnu comme nom d'applet de commande, fonction, fichier de script",
    "French, other marks": "Le terme « Get-CsUser » n’est pas reconnu comme nom d’applet de commande",
    "German": "Get-CsUser : Die Benennung \"Get-CsUser\" wurde nicht als Name eines Cmdlet, einer Funktion, einer\nSkriptdatei oder eines ausführbaren Programms erkannt.",
    "Korean": "Get-CsUser : 'Get-CsUser' 용어가 cmdlet, 함수, 스크립트 파일 또는 실행할 수 있는 프로그램 이름으로 인식되지 않습니다.",
    "without prefix": "The term 'Get-CsUser' is not recognized as the name of a cmdlet, function, script file, or operable program.",
}  # fmt: skip


@pytest.mark.parametrize("language", UNKNOWN)
@pytest.mark.parametrize("fields", ["", f"\nAt line:1 char:1\n{_UNKNOWN_FIELDS}"], ids=["alone", "whole"])
def test_a_missing_cmdlet_is_no_missing_object(language: str, fields: str) -> None:
    error = error_of(USER, UNKNOWN[language] + fields)
    assert "CommandNotFoundException" in error.id
    assert not lync_objects.not_found(error)
    assert "Get-CsUser" in error.message


def test_a_slip_of_the_keyboard_is_no_missing_cmdlet() -> None:
    answer = understand(USER, UNKNOWN["English"].replace("Get-CsUser", "Get-CsUsr"))
    assert isinstance(answer, NotUnderstood)
    assert "did not know the command Get-CsUsr" in answer.sentence


def test_an_error_whose_message_has_blank_lines() -> None:
    text = (
        'Get-CsUser : Active Directory operation failed on "DC1.contoso.com". You cannot retry this operation:\n'
        '"Insufficient access rights to perform the operation"\n\n00002098: SecErr: DSID-03150E8A, problem 4003 '
        "(INSUFF_ACCESS_RIGHTS)\n\nAt line:1 char:1\n+ Get-CsUser\n    + CategoryInfo          : NotSpecified: (:) [x], y\n"
    )
    error = error_of(USER, text)
    assert error.message.startswith("Active Directory operation failed")
    assert error.message.endswith("(INSUFF_ACCESS_RIGHTS)")
    assert error.category == "NotSpecified"


def test_errors_beside_output() -> None:
    error = f"Get-CsUser : {NOT_FOUND}\nAt line:1 char:1\n{_WHERE}{_FIELDS}"
    shown = "\n\nSipAddress : sip:kenmyer@litwareinc.com\nEnabled    : True\n\n\n"
    for text in (error + error + shown, shown + error + error):
        answer = read(USER, text)
        assert [one["Enabled"] for one in answer.objects] == [True]
        assert len(answer.errors) == 2


@pytest.mark.parametrize("prefix", ["WARNING: ", "AVERTISSEMENT : ", "WARNUNG: ", "경고: ", "AVERTISSEMENT\xa0: "])
def test_warnings_in_the_languages(prefix: str) -> None:
    text = f'{prefix}Object with identity\n"CN=Ken Myer" was not changed.\n\nIdentity       : Global\nEnableMobility : True\n'
    assert read(POLICIES, text) == Objects(
        objects=({"Identity": "Global", "EnableMobility": True},),
        warnings=('Object with identity "CN=Ken Myer" was not changed.',),
    )


def test_verbose_lines_are_no_output() -> None:
    text = "VERBOSE: 'Register' activity started.\nAUSFÜHRLICH: x\n\nIdentity : Global\nEnableMobility : True\n"
    assert read(POLICIES, text).warnings == ()


CONSOLE_SUCCESS = """
PS C:\\> Test-CsMcxP2PIM -TargetFqdn atl-cs-001.litwareinc.com

Target Fqdn   : atl-cs-001.litwareinc.com
Target Uri    : http://atl-cs-001.litwareinc.com:443/mcx
Result        : Success
Latency       : 00:00:06.1616913
Error Message :
Diagnosis     :


PS C:\\>
"""
ENGLISH_DOCUMENT = """
Target Fqdn : atl-cs-001.litwareinc.com

Target Uri : https://atl-cs-001.litwareinc.com:443/mcx

Result : Failure

Latency : 00:00:00

Error Message : No response received for Web-Ticket service.

Inner Exception:The HHTP request is unauthorized with

client negotiation scheme 'Ntlm'. The authentication

header received from the server was 'Negotiate,NTLM'.

Inner Exception:The remote server returned an error:

(401) Unauthorized.

Diagnosis :

Inner Diagnosis:X-MS-server-Fqdb : atl-cs-

001.litwareinc.com

Cache-Control : private

Content-Type : text/html; charset=utf-8.

WWW-Authenticate : Negotiate,NTLM

Date : Wed, 28 May 2014 19:16:05 GMT
"""
FRENCH_DOCUMENT = """
Nom de domaine complet (FQDN) cible : atl-cs-001.litwareinc.com

URI de destination :https://atl-cs-001.litwareinc.com:443/mcx

Résultat : échec

Latence : 00:00:00

Message d’erreur : aucune réponse n’est reçue pour le service de ticket Web.

Exception interne : le serveur distant a renvoyé une erreur :

(401) non autorisé.

Diagnostic

Diagnostic interne : X-MS-Server-Fqdb : ATL-CS-

001.litwareinc.com

WWW-authentifier : Negotiate, NTLM
"""
KOREAN_DOCUMENT = """
대상 Fqdn: atl-cs-001.litwareinc.com

대상 Uri: https://atl-cs-001.litwareinc.com:443/mcx

결과: 실패

대기 시간: 00:00:00

오류 메시지: Web-Ticket 서비스에 대 한 응답이 수신 되지 않았습니다.

내부 예외: 원격 서버에서 오류를 반환 했습니다.

(401) 인증 되지 않음

진단을

내부 진단: X-Fqdb: atl-cs-

001.litwareinc.com

WWW-Authenticate: 협상, NTLM
"""
KOREAN_XMPP_DOCUMENT = """
경고: 정규화 된 정식 #b0에 대 한 등록자 포트 번호를 읽지 못했습니다.

도메인 이름 (FQDN).

InvalidOperationException: 토폴로지에서 일치 하는 클러스터를 찾을 수 없습니다.

대상 Fqdn: atl-cs-001.litwareinc.com

결과: 실패

대기 시간: 00:00:00

오류 메시지: 10060, 연결 된 파티 때문에 연결 시도가 실패 했습니다.

10.188.116.96에 응답 하지 못했습니다: 5061

있게
"""
PHONE_TRANSCRIPT = """
Target Fqdn   : lyncserver.contoso.com
Target Uri    : https://lyncserver.contoso.com:443/CertProv/CertProvisioningService.svc
Result        : Failure
Latency       : 00:00:00
Error Message : No response received for Web-Ticket service.
                 Inner Exception:The HTTP request is unauthorized with client authentication scheme 'Basic'. The
                authentication header received from the server was 'Basic realm ="LYNC"'.
                 Inner Exception:The remote server returned an error: (401) Unauthorized.
Diagnosis     :
                 Inner Diagnosis:Warning : 120 LYNCSERVER.contoso.com "InvalidPin"
                 X-Ms-diagnostics : 28003;source="LYNCSERVER.contoso.com";reason="The pin is invalid."
                 X-MS-Server-Fqdn : LYNCSERVER.contoso.com

"""


def test_a_test_that_succeeded() -> None:
    assert read(MCX, CONSOLE_SUCCESS).objects == (
        {
            "TargetFqdn": "atl-cs-001.litwareinc.com",
            "TargetUri": "http://atl-cs-001.litwareinc.com:443/mcx",
            "Result": "Success",
            "Latency": "00:00:06.1616913",
            "Error": None,
            "Diagnosis": None,
        },
    )


@pytest.mark.parametrize("text", [ENGLISH_DOCUMENT, FRENCH_DOCUMENT, KOREAN_DOCUMENT], ids=["en", "fr", "ko"])
def test_a_failure_as_the_documents_print_it(text: str) -> None:
    [one] = read(MCX, text).objects
    assert list(one) == ["TargetFqdn", "TargetUri", "Result", "Latency", "Error", "Diagnosis"]
    assert one["TargetFqdn"] == "atl-cs-001.litwareinc.com"
    assert one["TargetUri"] == "https://atl-cs-001.litwareinc.com:443/mcx"
    assert (one["Result"], one["Latency"]) == ("Failure", "00:00:00")
    assert "(401)" in one["Error"]
    assert "NTLM" in one["Diagnosis"]
    assert re.search("atl-cs-001.litwareinc.com", one["Diagnosis"], re.IGNORECASE)


def test_the_words_of_an_error_are_put_together() -> None:
    [one] = read(MCX, ENGLISH_DOCUMENT).objects
    assert one["Error"] == (
        "No response received for Web-Ticket service. Inner Exception:The HHTP request is unauthorized with client "
        "negotiation scheme 'Ntlm'. The authentication header received from the server was 'Negotiate,NTLM'. "
        "Inner Exception:The remote server returned an error: (401) Unauthorized."
    )


def test_a_failure_on_a_console() -> None:
    [one] = read(MCX, PHONE_TRANSCRIPT).objects
    assert one["Error"].startswith("No response received for Web-Ticket service. Inner Exception:The HTTP request")
    assert "scheme 'Basic'. The authentication header" in one["Error"]
    assert "X-Ms-diagnostics : 28003;" in one["Diagnosis"]
    assert one["Diagnosis"].endswith("X-MS-Server-Fqdn : LYNCSERVER.contoso.com")


def test_a_failure_of_xmpp_with_its_warning() -> None:
    answer = read(XMPP, XMPP_FAILURE)
    [one] = answer.objects
    assert (one["Result"], one["Diagnosis"]) == ("Failure", None)
    assert "has failed to respond 10.188.116.96:5061 Inner Exception" in one["Error"]
    [warning] = answer.warnings
    assert "No matching cluster found in topology." in warning
    assert warning.endswith("SipSyntheticTransaction.TryRetrieveRegistrarPortFromTopology(Int32& registrarPortNumber)")


def test_the_same_in_korean() -> None:
    answer = read(XMPP, KOREAN_XMPP_DOCUMENT)
    [one] = answer.objects
    assert (one["Result"], one["Diagnosis"]) == ("Failure", None)
    assert one["Error"].endswith("10.188.116.96에 응답 하지 못했습니다: 5061")
    assert "클러스터를 찾을 수 없습니다." in answer.warnings[0]


COMPACT = [
    ("TargetFqdn : p.contoso.com\nResult : Success\nLatency : 00:00:06.8630376\nError :\nDiagnosis :", "Success", None),
    (
        "TargetFqdn : p.contoso.com\nResult : Failure\nLatency : 00:00:00\nError : 404, Not Found\n"
        "Diagnosis : ErrorCode=1003,source=p.contoso.com,Reason=User does\nnot exist\nMicrosoft.Rtc.Signaling.DiagnosticHeader",
        "Failure",
        "ErrorCode=1003,source=p.contoso.com,Reason=User does not exist",
    ),
    ("TargetFqdn    Result  Latency  Error Diagnosis\n----------    ------  -------  ----- ---------\np.contoso.com Success 00:00:01", "Success", None),
    ('{"TargetFqdn": "p.contoso.com", "Result": {"value": 0, "Value": "Success"}, "Error": null}', "Success", None),
    ('{"Target Fqdn": "p.contoso.com", "Result": "Failure", "Diagnosis": "x"}', "Failure", "x"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "result", "diagnosis"), COMPACT)
def test_the_compact_labels_and_other_forms(text: str, result: str, diagnosis: str | None) -> None:
    [one] = read(MCX, text).objects
    assert (one["TargetFqdn"], one["Result"], one.get("Diagnosis")) == ("p.contoso.com", result, diagnosis)


def test_a_uri_that_the_document_broke() -> None:
    text = (
        "Target Fqdn : p.contoso.com\nTarget Uri : https:// LyncTest-SE.LyncTest.SelfHost.Corp.\n"
        "Microsoft.com:443/CertProv/CertProvisiongService.svc\nResult : Success\nLatency : 00:00:14.9862716\n"
    )
    [one] = read(UCWA, text).objects
    assert (
        one["TargetUri"]
        == "https://LyncTest-SE.LyncTest.SelfHost.Corp.Microsoft.com:443/CertProv/CertProvisiongService.svc"
    )


def test_two_results_are_two_objects() -> None:
    both = read(MCX, ENGLISH_DOCUMENT + CONSOLE_SUCCESS.partition("\n\n")[2].partition("PS ")[0])
    assert [one["Result"] for one in both.objects] == ["Failure", "Success"]


def test_no_test_users() -> None:
    text = """Test-CsUcwaConference : There is no test user assigned for
[LyncTest.SelfHost.Corp.Microsoft.com]. Verify test user configuration.
At line:1 char:1
+ Test-CsUcwaConference -TargetFqdn "LyncTest.SelfHost.Corp.Microsoft.com"
+ ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
+ CategoryInfo : ResourceUnavailable: (:) [Test-CsUcwaConference]
, InvalidOperationException
+ FullyQualifiedErrorId : NotFoundTestUsers,Microsoft.Rtc.Management.Synth
eticTransactions.TestUcwaConferenceCmdlet
"""
    assert error_of(UCWA, text) == CmdletError(
        message="There is no test user assigned for [LyncTest.SelfHost.Corp.Microsoft.com]. Verify test user configuration.",
        id="NotFoundTestUsers,Microsoft.Rtc.Management.SyntheticTransactions.TestUcwaConferenceCmdlet",
        category="ResourceUnavailable",
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Target Fqdn : x\nResult : Success\nand then\nLatency : 00:00:00", 3),
        ("the test was a success", 1),
        ("TargetFqdn : x\nLatency : 00:00:00", 0),
    ],
)
def test_what_is_no_result_is_said(text: str, line: int) -> None:
    answer = understand(MCX, text)
    assert isinstance(answer, NotUnderstood)
    assert answer.line == line


def test_members_that_remoting_adds_are_no_diagnosis() -> None:
    text = """
Target Fqdn        : p.contoso.com
Result             : Failure
Latency            : 00:00:00
Error Message      : 404, Not Found
Diagnosis          : ErrorCode=1003,source=p.contoso.com,Reason=User does not exist
                     Microsoft.Rtc.Signaling.DiagnosticHeader
PSComputerName     : p.contoso.com
RunspaceId         : 37c5e56e-87df-5a85-a38b-50f5f321c412
PSShowComputerName : True
"""
    [one] = read(MCX, text).objects
    assert list(one) == ["TargetFqdn", "Result", "Latency", "Error", "Diagnosis"]
    assert one["Diagnosis"] == "ErrorCode=1003,source=p.contoso.com,Reason=User does not exist"
