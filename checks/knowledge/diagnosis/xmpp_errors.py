"""What PowerShell and the Lync cmdlets say of XMPP, before any of it was tried."""

from checks.knowledge.diagnosis import sides, starts
from checks.knowledge.diagnosis.model import Clarity, Layer, Likely
from checks.knowledge.diagnosis.powershell_errors import MISSING_COMMAND
from checks.knowledge.diagnosis.wording import Wording

_SHELL = "an error of PowerShell"
_CMDLET = "an error of a Lync cmdlet"
_TEST = ("test-csxmppim", "testxmppim", "xmppim")

WORDINGS = (
    Wording(
        kind=_SHELL,
        marks=MISSING_COMMAND,
        also=("xmpp",),
        layer=Layer.SHELL,
        explains=("command-missing",),
        likely=(
            Likely(
                cause="This shell does not have the XMPP cmdlet: the Lync module is not loaded, your role does not offer it, "
                "or the product has no XMPP.",
                reason="XMPP came with Lync Server 2013 and was removed with Skype for Business Server 2019.",
                step=starts.XMPP_PERMISSIONS,
                command="Import-Module Lync; Get-CsServerVersion   # SkypeForBusiness on 2015 and later",
                who=sides.YOU,
            ),
        ),
        not_meant=("It says nothing of the XMPP services: no server was asked.",),
    ),
    Wording(
        kind=_CMDLET,
        marks=(
            "a positional parameter cannot be found that accepts argument 'enablexmppaccess'",
            "argument 'enablexmppaccess'",
        ),
        layer=Layer.POLICY,
        clarity=Clarity.DECISIVE,
        likely=(
            Likely(
                cause="The command lacks the dash before EnableXmppAccess, as the published instructions do.",
                reason="PowerShell took the name for a value.",
                step=starts.XMPP_POLICY,
                command="Set-CsExternalAccessPolicy -Identity <policy> -EnableXmppAccess $True",
                who=sides.YOU,
            ),
        ),
    ),
    Wording(
        kind=_SHELL,
        marks=("noservicefoundforgivenname", "cannot find any service with"),
        also=("xmpp",),
        layer=Layer.SERVICE,
        clarity=Clarity.DECISIVE,
        likely=(
            Likely(
                cause="The XMPP service is not installed on this server: no XMPP federation route was published for its "
                "site, or setup was not run again.",
                reason="Windows has no service of that name here.",
                step=starts.XMPP_SERVICES,
                command="Get-Service -DisplayName '*XMPP*'",
                who=sides.LYNC_ADMINISTRATOR,
            ),
        ),
        not_meant=("It does not mean that the service is stopped: then it would be found.",),
    ),
    Wording(
        kind=_CMDLET,
        marks=("there is no test user assigned", "notfoundtestusers"),
        also=_TEST,
        layer=Layer.POOL,
        clarity=Clarity.DECISIVE,
        explains=("no-test-users", "test-failed"),
        likely=(
            Likely(
                cause="No test users are set up for the pool, so Test-CsXmppIM did not know whom to sign in.",
                reason="Name a user with his password, or set up test users for the pool.",
                step=starts.XMPP_TEST_MESSAGE,
                command="Get-CsHealthMonitoringConfiguration",
                who=sides.YOU,
            ),
        ),
        not_meant=("It does not mean that XMPP is at fault: nobody was signed in, and nothing was sent.",),
    ),
    Wording(
        kind=_CMDLET,
        marks=(
            "cannot bind parameter",
            "cannot bind argument",
            "cannot validate argument on parameter",
            "parameterbinding",
            "cannotconvertargument",
            "namedparameternotfound",
        ),
        also=_TEST,
        layer=Layer.SHELL,
        clarity=Clarity.DECISIVE,
        explains=("test-failed",),
        likely=(
            Likely(
                cause="Test-CsXmppIM did not begin: it does not take one of the parameters as it was given.",
                reason="The documents say to run it again without the optional parameters.",
                step=starts.XMPP_TEST_MESSAGE,
                command="Test-CsXmppIM -TargetFqdn «pool» -Receiver <user>@<partner>",
                who=sides.YOU,
            ),
        ),
        not_meant=("It does not mean that XMPP is at fault: nothing was sent.",),
    ),
    Wording(
        kind="the output of a Test-Cs cmdlet, failed",
        marks=("504, server time-out", "error message : 504", "error : 504"),
        also=_TEST,
        layer=Layer.SERVICE,
        explains=("sip-504", "test-failed"),
        likely=(
            Likely(
                cause="One server on the way waited for another in vain: the XMPP gateway, the proxy on the Edge, or the "
                "partner's server.",
                reason="The services are the nearest of these.",
                step=starts.XMPP_SERVICES,
                command="Get-CsWindowsService | Where-Object {$_.DisplayName -like '*XMPP*'}",
                who=sides.LYNC_ADMINISTRATOR,
            ),
        ),
        not_meant=("It does not mean the Registrar: that one answered.",),
    ),
)
