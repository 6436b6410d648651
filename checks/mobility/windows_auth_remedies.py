"""What mends a web ticket service that offers the wrong sign-in, or none."""

from checks.model import Remedy


def enable_windows_sign_in(identity: str) -> Remedy:
    return Remedy(
        cmdlet="Set-CsWebServiceConfiguration",
        parameters={"Identity": identity, "UseWindowsAuth": "Negotiate"},
        who="member of RTCUniversalServerAdmins, or CsServerAdministrator",
        risk="every user of this scope can sign in with a password again",
        verify="check again (r) after replication",
    )


def restart_web_service() -> Remedy:
    return Remedy(
        cmdlet="Restart-Service",
        parameters={"Name": "W3SVC"},
        who="local Administrator on the Front End",
        risk="all web clients of this Front End reconnect; meetings in the browser drop",
        verify="check again (r); if it fails again, read the System and Application logs",
    )


def restore_providers() -> Remedy:
    return Remedy(
        action="On the Front End, in IIS Manager under both Lync web sites, open WebTicket, Authentication: Windows "
        "Authentication enabled, with the providers Negotiate and NTLM. Behind a reverse proxy, see that it passes "
        "WWW-Authenticate through.",
        who="local Administrator on the Front End",
        risk="IIS recycles the application",
        verify="check again (r)",
    )
