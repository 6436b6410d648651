"""What PowerShell and the Lync cmdlets say when they do not come as far as the question."""

from checks.knowledge.diagnosis import sides, starts
from checks.knowledge.diagnosis.model import Clarity, Layer, Likely
from checks.knowledge.diagnosis.wording import Wording

_SHELL = "an error of PowerShell"
_CMDLET = "an error of a Lync cmdlet"

MISSING_COMMAND = (
    "commandnotfoundexception",
    "is not recognized as the name of a cmdlet",
    "n'est pas reconnu comme nom d'applet de commande",
    "wurde nicht als name eines cmdlet",
    "cmdlet, 함수, 스크립트 파일",
)

WORDINGS = (
    Wording(
        kind=_SHELL,
        marks=MISSING_COMMAND,
        also=("mcx",),
        layer=Layer.SHELL,
        explains=("command-missing",),
        likely=(
            Likely(
                cause="This shell does not have the Mcx cmdlet: the product is 2019 or later, which has no Mcx, or your "
                "role does not offer it.",
                reason="Mcx was removed with Skype for Business Server 2019.",
                step=starts.PERMISSIONS,
                command="Get-CsServerVersion",
                who=sides.YOU,
            ),
        ),
        not_meant=("It says nothing of mobility itself: later clients use UCWA.",),
    ),
    Wording(
        kind=_SHELL,
        marks=MISSING_COMMAND,
        layer=Layer.SHELL,
        clarity=Clarity.STATUS,
        topic="command-missing",
        likely=(
            Likely(
                cause="The Lync module is not loaded in this PowerShell.",
                reason="So says PowerShell of a command that it does not know.",
                command="Import-Module Lync   # SkypeForBusiness on 2015 and later",
                who=sides.YOU,
            ),
            Likely(
                cause="In a remote session: your role does not offer this cmdlet.",
                reason="A remote session only has the cmdlets of your roles.",
                step=starts.PERMISSIONS,
                command="Get-CsAdminRole | Where-Object {$_.Cmdlets -match '<cmdlet>\\b'}",
                who=sides.LYNC_ADMINISTRATOR,
            ),
        ),
        not_meant=("It does not mean that a user or a policy is missing: nothing was looked for.",),
    ),
    Wording(
        kind=_CMDLET,
        marks=("management object not found for identity", "management object not found"),
        layer=Layer.USER,
        clarity=Clarity.DECISIVE,
        likely=(
            Likely(
                cause="There is no such Lync object: «user» is misspelt, or was never enabled for Lync.",
                reason="Active Directory was read, and does not have it.",
                step=starts.USER_ENABLED,
                command="Get-CsUser -Identity «user»",
                who=sides.USER_ADMINISTRATOR,
            ),
        ),
        not_meant=("It does not mean missing rights: those have another message.",),
    ),
    Wording(
        kind=_CMDLET,
        marks=(
            "no matching cluster found in topology",
            "토폴로지에서 일치 하는 클러스터를 찾을 수 없습니다",
            "토폴로지에서 일치하는 클러스터를 찾을 수 없습니다",
        ),
        layer=Layer.POOL,
        clarity=Clarity.DECISIVE,
        explains=("test-failed",),
        likely=(
            Likely(
                cause="«pool» is not a pool of this topology: it is misspelt, or the name of a single server.",
                reason="The cmdlet then assumes the default port 5061.",
                step=starts.SERVICES,
                command="Get-CsPool | Select-Object Identity,Services",
                who=sides.YOU,
            ),
        ),
        not_meant=("“No matching cluster” does not mean certificates, nor XMPP: it is a wrong pool name.",),
    ),
    Wording(
        kind=_CMDLET,
        marks=("failed to read registrar port number",),
        unless=("no matching cluster found", "클러스터를 찾을 수 없습니다"),
        layer=Layer.POOL,
        likely=(
            Likely(
                cause="The cmdlet did not find «pool» in the topology, so it guessed the port 5061.",
                reason="A right pool name has its port in the topology.",
                step=starts.SERVICES,
                command="Get-CsPool | Select-Object Identity,Services",
                who=sides.YOU,
            ),
        ),
        not_meant=("It does not mean that the Registrar is down.",),
    ),
    Wording(
        kind=_CMDLET,
        marks=("insufficient access rights to perform the operation", "insuff_access_rights"),
        layer=Layer.PERMISSION,
        clarity=Clarity.DECISIVE,
        likely=(
            Likely(
                cause="Your account may not change this object in Active Directory.",
                reason="Active Directory refused the write. Members of protected groups are refused so to Lync roles.",
                who=sides.ACTIVE_DIRECTORY_ADMINISTRATOR,
            ),
        ),
        not_meant=("It does not mean a fault of the deployment.",),
    ),
    Wording(
        kind=_CMDLET,
        marks=('cannot open database "xds"', "cannot open database 'xds'", "login failed for user"),
        layer=Layer.PERMISSION,
        likely=(
            Likely(
                cause="Your account may not read the Central Management store.",
                reason="SQL Server refused the login to it.",
                step=starts.PERMISSIONS,
                command="whoami /groups | findstr RTCUniversal",
                who=sides.LYNC_ADMINISTRATOR,
            ),
        ),
        not_meant=("It does not mean that the store is down: it answered and refused.",),
    ),
    Wording(
        kind=_CMDLET,
        marks=("requested registry access is not allowed",),
        layer=Layer.PERMISSION,
        clarity=Clarity.DECISIVE,
        likely=(
            Likely(
                cause="The shell was not opened as administrator.",
                reason="The local registry may be read by administrators only.",
                who=sides.YOU,
            ),
        ),
    ),
    Wording(
        kind=_CMDLET,
        marks=("role-based access control (rbac) authorization failure",),
        layer=Layer.PERMISSION,
        clarity=Clarity.DECISIVE,
        likely=(
            Likely(
                cause="Your account has no Lync role that allows this.",
                reason="Role-based access control refused it.",
                step=starts.PERMISSIONS,
                command="Get-CsAdminRoleAssignment -Identity <your logon name>",
                who=sides.LYNC_ADMINISTRATOR,
            ),
        ),
    ),
    Wording(
        kind=_SHELL,
        marks=("the ssl connection cannot be established", "-2144108102"),
        layer=Layer.SHELL,
        clarity=Clarity.DECISIVE,
        explains=("tls", "remote-refused"),
        likely=(
            Likely(
                cause="Remote PowerShell of the pool fails over SSL: Skype for Business Server 2015 needs .NET Framework "
                "4.5.2 from cumulative update 4 on.",
                reason="This number is the documented one for it. Windows Management Framework 5.0 is known to break it "
                "too.",
                command="(Get-ItemProperty 'HKLM:\\SOFTWARE\\Microsoft\\NET Framework Setup\\NDP\\v4\\Full').Release",
                who=sides.FRONT_END_ADMINISTRATOR,
            ),
        ),
        not_meant=("It does not mean the certificate that phones see.",),
    ),
    Wording(
        kind=_SHELL,
        marks=("accessdenied,pssessionopenfailed", "connecting to remote server … access is denied"),
        layer=Layer.PERMISSION,
        topic="remote-refused",
        explains=("denied",),
        likely=(
            Likely(
                cause="The account may not open remote PowerShell there: wrong password, or no Lync role.",
                reason="The remote end refused the session.",
                step=starts.PERMISSIONS,
                command="Get-CsAdminRoleAssignment -Identity <logon name>",
                who=sides.LYNC_ADMINISTRATOR,
            ),
        ),
        not_meant=("It says nothing of the users who cannot sign in.",),
    ),
    Wording(
        kind=_SHELL,
        marks=("access is denied.", "access denied", "unauthorizedaccess", "accès refusé", "zugriff verweigert"),
        unless=("401 - unauthorized", "invalid credentials", "http/1", "rbac"),
        layer=Layer.PERMISSION,
        clarity=Clarity.STATUS,
        topic="denied",
        likely=(
            Likely(
                cause="You lack a right: the shell is not opened as administrator, or the account is not in "
                "RTCUniversalServerAdmins.",
                reason="The server was reached and refused.",
                step=starts.PERMISSIONS,
                command="whoami /groups | findstr RTCUniversal",
                who=sides.YOU,
            ),
        ),
        not_meant=("It does not mean that the service asked about is down.",),
    ),
    Wording(
        kind=_CMDLET,
        marks=("you can assign only a user policy", "is not a user policy"),
        layer=Layer.POLICY,
        clarity=Clarity.DECISIVE,
        likely=(
            Likely(
                cause="Global and site policies apply by themselves and cannot be granted.",
                reason="To fall back to them, grant $Null.",
                command="Grant-CsMobilityPolicy -Identity «user» -PolicyName $Null",
                who=sides.LYNC_ADMINISTRATOR,
            ),
        ),
    ),
    Wording(
        kind=_SHELL,
        marks=(
            "nomatchingeventsfound",
            "no events were found that match",
            "es wurden keine ereignisse gefunden",
            "일치하는 이벤트를 찾을 수 없습니다",
        ),
        layer=Layer.SERVICE,
        clarity=Clarity.HINT,
        in_order=("No event matches the question: the log has nothing to say of it.",),
        not_meant=("It does not mean that the log cannot be read.",),
    ),
)
