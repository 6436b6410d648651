"""What mends times that the servers keep."""

from checks.model import Remedy

_WHO = "member of RTCUniversalServerAdmins, or CsAdministrator"
_RERUN = "check again (r)"


def set_wait(identity: str, minutes: int) -> Remedy:
    return Remedy(
        cmdlet="Set-CsWebServiceConfiguration",
        parameters={"Identity": identity, "PendingGetWaitTimeOutInMinutes": minutes},
        who=_WHO,
        risk="holds for all web services of that scope",
        verify=_RERUN,
    )


def set_sessions(identity: str) -> Remedy:
    return Remedy(
        cmdlet="Set-CsMcxConfiguration",
        parameters={
            "Identity": identity,
            "SessionExpirationInterval": 259200,
            "SessionShortExpirationInterval": 3600,
        },
        who=_WHO,
        risk="none, these are the values as installed",
        verify=_RERUN,
    )
