"""What the Test-Cs cmdlets say when the sign-in, or what comes behind it, is refused."""

from checks.knowledge.diagnosis import sides, starts
from checks.knowledge.diagnosis.model import Clarity, Layer, Likely
from checks.knowledge.diagnosis.wording import Wording

_TEST = "the output of a Test-Cs cmdlet, failed"

_NO_TICKET = (
    "no response received for web-ticket service",
    "no response received for web ticket service",
    "aucune réponse … service de ticket web",
    "aucune réponse … web-ticket",
    "aucune réponse n'est reçue pour le service de ticket web",
    "web-ticket 서비스에 대 … 수신 되지 않았습니다",
)
_REFUSED = ("(401)", "request is unauthorized", "www-authenticate", "n'est pas autorisée")

_WRONG_CREDENTIALS = Likely(
    cause="The user name or the password of a test account is wrong, or does not belong to its SIP address«(user)».",
    reason="An error with authentication headers usually means that no valid account was given.",
    step=starts.USER_ENABLED,
    command="Get-CsUser -Identity «user» | Select-Object SipAddress,Enabled,RegistrarPool,UserPrincipalName",
    who=sides.YOU,
)
_WINDOWS_SIGN_IN_OFF = Likely(
    cause="Windows sign-in is switched off or limited for «pool»: see UseWindowsAuth.",
    reason="Where the account is surely right, the configuration comes next.",
    step=starts.WINDOWS_AUTH,
    command="Get-CsWebServiceConfiguration | Select-Object Identity,UseWindowsAuth",
    who=sides.LYNC_ADMINISTRATOR,
)
_NO_MOBILITY = Likely(
    cause="The mobility policy of «user» has EnableMobility False.",
    reason="It is the third thing that the document asks to look at.",
    step=starts.POLICY,
    command="Get-CsMobilityPolicy | Select-Object Identity,EnableMobility",
    who=sides.LYNC_ADMINISTRATOR,
)

WORDINGS = (
    Wording(
        kind=_TEST,
        marks=("received from the server was 'negotiate'", "received from the server was: 'negotiate'"),
        layer=Layer.SIGN_IN,
        topic="fewer-schemes",
        likely=(
            Likely(
                cause="The web ticket service of «pool» offers Negotiate but not NTLM.",
                reason="Phones and tests outside the domain need NTLM.",
                step=starts.WINDOWS_AUTH,
                command="curl.exe -i https://«pool»/WebTicket/WebTicketService.svc",
                who=sides.FRONT_END_ADMINISTRATOR,
            ),
        ),
    ),
    Wording(
        kind=_TEST,
        marks=("authentication header received from the server was ''",),
        layer=Layer.SIGN_IN,
        clarity=Clarity.DECISIVE,
        likely=(
            Likely(
                cause="The web ticket service of «pool» refuses everyone, for it offers no sign-in.",
                reason="A 401 must name the ways to sign in; this one names none.",
                step=starts.WINDOWS_AUTH,
                who=sides.FRONT_END_ADMINISTRATOR,
            ),
        ),
        not_meant=("It does not mean a wrong password: none could be sent.",),
    ),
    Wording(
        kind=_TEST,
        marks=_NO_TICKET,
        also=_REFUSED,
        unless=("pin is invalid", "received from the server was ''"),
        layer=Layer.SIGN_IN,
        topic="no-ticket",
        explains=("http-401", "test-failed"),
        likely=(_WRONG_CREDENTIALS, _WINDOWS_SIGN_IN_OFF, _NO_MOBILITY),
        not_meant=(
            "It does not mean that the web ticket service is down: it answered, and refused (401).",
            "It does not mean DNS, firewall or certificate: the answer came through all of them.",
        ),
    ),
    Wording(
        kind=_TEST,
        marks=_NO_TICKET,
        unless=_REFUSED,
        layer=Layer.SERVICE,
        topic="no-ticket",
        explains=("test-failed",),
        likely=(
            Likely(
                cause="The web ticket service of «pool» does not answer.",
                reason="There is no 401 and no header beside it, so nothing answered. A case is known that a restart of "
                "the internal web site in IIS cured.",
                step=starts.WINDOWS_AUTH,
                command="curl.exe -i https://«pool»/WebTicket/WebTicketService.svc",
                who=sides.FRONT_END_ADMINISTRATOR,
            ),
            Likely(
                cause="The SIP address or the credential that was given is not usable.",
                reason="The documents name it as the other reason.",
                step=starts.USER_ENABLED,
                command="Get-CsUser -Identity «user»",
                who=sides.YOU,
            ),
        ),
    ),
    Wording(
        kind=_TEST,
        marks=("the log on was denied", "-2146893044", "- 2146893044", "negotiatesecurityassociation failed"),
        layer=Layer.SIGN_IN,
        explains=("test-failed", "http-401"),
        likely=(
            Likely(
                cause="The password of «user» is wrong, or the account is locked, disabled or expired.",
                reason="Windows itself denied the sign-in.",
                step=starts.REGISTRAR,
                who=sides.USER,
            ),
        ),
        not_meant=("It does not mean that the Registrar is unreachable: it asked and was answered.",),
    ),
    Wording(
        kind=_TEST,
        marks=("could not download a cs certificate",),
        layer=Layer.SIGN_IN,
        explains=("test-failed",),
        likely=(
            Likely(
                cause="The certificate provisioning service gave «user» no certificate: wrong address or credentials.",
                reason="The text asks to check exactly these.",
                step=starts.SIGN_IN,
                command="Get-CsClientCertificate -Identity «user»",
                who=sides.YOU,
            ),
            Likely(
                cause="The web ticket service in front of it refuses the sign-in.",
                reason="A certificate is only given against a web ticket.",
                step=starts.WINDOWS_AUTH,
                who=sides.FRONT_END_ADMINISTRATOR,
            ),
        ),
        not_meant=("It does not mean the server's own TLS certificate: a certificate for the user is meant.",),
    ),
    Wording(
        kind=_TEST,
        marks=("the endpoint was unable to register", "the endpoint is unable to register"),
        layer=Layer.USER,
        clarity=Clarity.STATUS,
        topic="unregistered",
        explains=("test-failed",),
        likely=(
            Likely(
                cause="«user» does not exist or is not enabled for Lync in «pool».",
                reason="The ErrorCode beside it tells which.",
                step=starts.USER_ENABLED,
                command="Get-CsUser -Identity «user»",
                who=sides.USER_ADMINISTRATOR,
            ),
        ),
    ),
    Wording(
        kind=_TEST,
        marks=("there is no test user assigned", "notfoundtestusers"),
        layer=Layer.SHELL,
        clarity=Clarity.DECISIVE,
        topic="no-test-users",
        explains=("test-failed",),
        likely=(
            Likely(
                cause="No test users are set up for the pool, so the test did not know whom to sign in.",
                reason="Give the test accounts of its own, or set up test users for the pool.",
                step=starts.TEST_TRANSACTION,
                command="Get-CsHealthMonitoringConfiguration",
                who=sides.YOU,
            ),
        ),
        not_meant=("It does not mean a fault of the deployment: nothing was tested yet.",),
    ),
    Wording(
        kind=_TEST,
        marks=("push notification request was rejected",),
        layer=Layer.PUSH,
        clarity=Clarity.DECISIVE,
        explains=("test-failed",),
        likely=(
            Likely(
                cause="The instant message filter blocks addresses that begin with http: or https:, and with them push.",
                reason="This is the documented reason.",
                step=starts.PUSH,
                command="(Get-CsImFilterConfiguration -Identity Global).Prefixes",
                who=sides.LYNC_ADMINISTRATOR,
            ),
        ),
        not_meant=("It does not mean network or federation: the request arrived and was rejected.",),
    ),
    Wording(
        kind=_TEST,
        marks=("504 (server time-out) response was received",),
        also=("push",),
        layer=Layer.PUSH,
        topic="push-504",
        explains=("http-504", "test-failed", "sip-504"),
        likely=(
            Likely(
                cause="The Edge does not get through to push.lync.com: usually missing DNS records or federation.",
                reason="That is what a 504 of this test usually means.",
                step=starts.PUSH,
                command="Test-CsFederatedPartner -TargetFqdn <internal Edge FQDN> -Domain push.lync.com",
                who=sides.EDGE_ADMINISTRATOR,
            ),
        ),
        not_meant=("It does not mean the phone's sign-in: push goes another way.",),
    ),
)
