"""What mends a sign-in that was refused, or that the web ticket service could not serve."""

from checks.model import Remedy

_LYNC_ADMINISTRATOR = "member of RTCUniversalServerAdmins, or CsServerAdministrator"


def correct_the_account(sip: str, user: str) -> Remedy:
    return Remedy(
        action=f"See first that {user} is the user principal name, or domain\\user, of {sip}: a SIP address that is "
        "another name is refused like a wrong password. Then type the password anew (t). If that is refused too, see in "
        "Active Directory whether the account is locked, disabled or expired.",
        who="the user; for the account itself an account operator",
        risk="each wrong password counts towards locking the account",
        verify="type the password anew (t)",
    )


def take_the_own_account(sip: str) -> Remedy:
    return Remedy(
        action=f"Sign in with the account that {sip} belongs to: Get-CsUser -Identity {sip} shows it as SamAccountName and "
        "UserPrincipalName. Name it under More in the form, or with --sender-user.",
        who="you",
        risk="none",
        verify="the new walk signs in",
    )


def offer_ntlm(host: str) -> Remedy:
    return Remedy(
        action=f"On the Front End behind {host}, in IIS Manager under both Lync web sites, see that WebTicket offers the "
        "providers Negotiate and NTLM. With Negotiate alone a phone outside the domain needs Kerberos, which it has not.",
        who="local Administrator on the Front End",
        risk="IIS recycles the application",
        verify="check again (r)",
    )


def allow_passwords() -> Remedy:
    return Remedy(
        action="See which configuration applies: Get-CsWebServiceConfiguration | Select-Object Identity,UseWindowsAuth,"
        "UseWsFedPassiveAuth. If passwords are meant to be taken, set UseWindowsAuth to Negotiate there with "
        "Set-CsWebServiceConfiguration.",
        who=_LYNC_ADMINISTRATOR,
        risk="every user of that scope can sign in with a password again",
        verify="check again (r) after replication",
    )


def start_ticket_service(server: str) -> Remedy:
    where = f"On {server}" if server else "On the Front End that answers"
    return Remedy(
        action=f"{where}, see in IIS Manager that the application pools of both Lync web sites are started, then run "
        "iisreset at the command prompt. If it stays down, see MobilePreferredAuthType in Get-CsWebServiceConfiguration: "
        "a value that is not supported keeps the web ticket service from starting.",
        who="local Administrator on the Front End",
        risk="all web clients of this Front End reconnect; meetings in the browser drop",
        verify="check again (r)",
    )


def read_the_log(server: str) -> Remedy:
    where = f"On {server}" if server else "On the Front End that answers"
    return Remedy(
        action=f"{where}, read the Lync Server and Application logs at this time for errors of LS Web Ticket and ASP.NET, "
        "and run iisreset at the command prompt where they name none.",
        who="local Administrator on the Front End",
        risk="iisreset disconnects the web clients of this Front End",
        verify="check again (r)",
    )


def pass_headers_through(host: str) -> Remedy:
    return Remedy(
        action=f"See on the reverse proxy in front of {host} that WWW-Authenticate and X-MS-WebTicketURL pass through "
        "unchanged, and that it asks for no sign-in of its own; on the Front End, that the Autodiscover application of the "
        "external web site is as installed.",
        who="administrator of the reverse proxy",
        risk="changes the publishing rule for all clients",
        verify="check again (r)",
    )
