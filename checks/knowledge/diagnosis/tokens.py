"""What the token service and UCWA answer in the body of an HTTP error."""

from checks.knowledge.diagnosis import sides, starts
from checks.knowledge.diagnosis.model import Clarity, Layer, Likely
from checks.knowledge.diagnosis.wording import Wording

_TOKEN = "an answer of the web ticket service"  # noqa: S105
_UCWA = "an answer of UCWA"

WORDINGS = (
    Wording(
        kind=_TOKEN,
        marks=("does not match the sip uri associated with the presented credentials",),
        layer=Layer.USER,
        clarity=Clarity.DECISIVE,
        explains=("desktop-sign-in", "http-401"),
        likely=(
            Likely(
                cause="The account that signed in is not that of the SIP address«(user)».",
                reason="The sign-in address and the user name belong to different people.",
                step=starts.SIGN_IN,
                command="Get-CsUser -Identity «user» | Select-Object SipAddress,UserPrincipalName",
                who=sides.USER,
            ),
        ),
        not_meant=("It does not mean a wrong password: the credentials were accepted, for somebody else.",),
    ),
    Wording(
        kind=_TOKEN,
        marks=("invalid_grant",),
        layer=Layer.SIGN_IN,
        explains=("http-400",),
        likely=(
            Likely(
                cause="The user name or password was refused: wrong, locked or expired, or the SIP address was given "
                "where the user name is another.",
                reason="The token service says so when credentials cannot be verified.",
                step=starts.SIGN_IN,
                command="Get-CsUser -Identity «user» | Select-Object SipAddress,Enabled,UserPrincipalName",
                who=sides.USER,
            ),
            Likely(
                cause="On the phone, «user» has to give a user name that is unlike the SIP address.",
                reason="Where the user principal name differs, the SIP address is no user name.",
                step=starts.USER_ENABLED,
                who=sides.USER,
            ),
        ),
        not_meant=("It does not mean that the service is down: it read the request and decided.",),
    ),
    Wording(
        kind=_TOKEN,
        marks=("unsupported_grant_type",),
        layer=Layer.SIGN_IN,
        explains=("http-400",),
        likely=(
            Likely(
                cause="This way of signing in is switched off on «pool».",
                reason="The token service does not take this kind of credential.",
                step=starts.WINDOWS_AUTH,
                command="Get-CsWebServiceConfiguration | Select-Object Identity,UseWindowsAuth,UseWsFedPassiveAuth",
                who=sides.LYNC_ADMINISTRATOR,
            ),
        ),
        not_meant=("It does not mean a wrong password.",),
    ),
    Wording(
        kind=_TOKEN,
        marks=("ms_rtc_passiveauthuri",),
        layer=Layer.SIGN_IN,
        likely=(
            Likely(
                cause="Passive sign-in (AD FS) is switched on, so a password alone is not taken.",
                reason="The answer sends the client to another place to sign in.",
                step=starts.WINDOWS_AUTH,
                command="Get-CsWebServiceConfiguration | Select-Object Identity,UseWsFedPassiveAuth",
                who=sides.LYNC_ADMINISTRATOR,
            ),
        ),
        not_meant=("It does not mean a wrong password: tests with a password do not apply here.",),
    ),
    Wording(
        kind=_UCWA,
        marks=("mobileapplicationnolongerallowed", "no longer authorized for mobile applications"),
        layer=Layer.POLICY,
        clarity=Clarity.DECISIVE,
        explains=("http-403",),
        likely=(
            Likely(
                cause="«user» may no longer use mobile clients: EnableMobility is probably False in the policy that "
                "applies.",
                reason="UCWA knows the user, and refuses the mobile application.",
                step=starts.POLICY,
                command="Get-CsMobilityPolicy | Select-Object Identity,EnableMobility",
                who=sides.LYNC_ADMINISTRATOR,
            ),
            Likely(
                cause="The policy was changed, and the server that answered does not know it yet.",
                reason="UCWA itself tells, if it is asked as this user.",
                step=starts.UCWA,
                command="Get-CsManagementStoreReplicationStatus",
                who=sides.LYNC_ADMINISTRATOR,
            ),
        ),
        not_meant=("It does not mean the reverse proxy: Lync itself answered.",),
    ),
    Wording(
        kind=_UCWA,
        marks=("applicationnotfound",),
        layer=Layer.AFFINITY,
        explains=("http-404",),
        likely=(
            Likely(
                cause="The phone's session is gone on the Front End that answered: the load balancer changed servers, "
                "or the application pool was recycled.",
                reason="A UCWA session lives on one Front End.",
                step=starts.AFFINITY,
                command="curl.exe -si https://«web»/ucwa/v1/applications | findstr /i X-MS-Server-Fqdn",
                who="load balancer administrator",
            ),
        ),
        not_meant=("It does not mean that UCWA is not installed, though the status is 404.",),
    ),
    Wording(
        kind=_UCWA,
        marks=("pgetreplaced",),
        layer=Layer.AFFINITY,
        explains=("http-409",),
        likely=(
            Likely(
                cause="Two pending requests ran for one session: something on the way repeats requests, or the client "
                "opened a second one.",
                reason="UCWA ends the older one with 409.",
                who=sides.PROXY_ADMINISTRATOR,
            ),
        ),
    ),
    Wording(
        kind=_UCWA,
        marks=("does not allow a cross domain request",),
        layer=Layer.APPLICATION,
        clarity=Clarity.DECISIVE,
        explains=("http-403",),
        likely=(
            Likely(
                cause="The web page that calls UCWA is not in the list of domains that may.",
                reason="Browsers are refused so.",
                command="Get-CsWebServiceConfiguration | Select-Object Identity,CrossDomainAuthorizationList",
                who=sides.LYNC_ADMINISTRATOR,
            ),
        ),
        not_meant=("It does not concern phones: they send no origin.",),
    ),
)
