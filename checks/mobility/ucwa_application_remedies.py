"""What mends a UCWA that refuses an application, or fails."""

from checks.model import Remedy

_FRONT_END_ADMINISTRATOR = "local Administrator on the Front End"


def restart_ucwa(server: str) -> Remedy:
    where = f"On {server}" if server else "On the Front End that answers"
    return Remedy(
        action=f"{where}, see the application pool LyncUcwa in IIS Manager and the events LS UCWA 20002, 20003 and 20012, "
        "then run iisreset at the command prompt: restarting the site in IIS Manager is not enough.",
        who=_FRONT_END_ADMINISTRATOR,
        risk="all web clients of this Front End reconnect; meetings in the browser drop",
        verify="check again (r)",
    )


def allow_mobility(sip: str) -> Remedy:
    return Remedy(
        action=f"See MobilityPolicy in Get-CsEffectivePolicy -Identity {sip}, and EnableMobility of that policy in "
        "Get-CsMobilityPolicy. Set it to True with Set-CsMobilityPolicy, or give the user another policy with "
        "Grant-CsMobilityPolicy.",
        who="member of RTCUniversalServerAdmins, or CsServerAdministrator",
        risk="lets phones of everyone under that policy sign in",
        verify="check again (r); the user signs in again on the phone",
    )


def find_why_refused(server: str) -> Remedy:
    where = f"on {server}" if server else "on the Front End that answers"
    return Remedy(
        action=f"Read the LS UCWA events {where} at this time, see its clock (w32tm /query /status), and that requests with "
        "a token reach the pool that gave it.",
        who=_FRONT_END_ADMINISTRATOR,
        risk="none: it only reads",
        verify="check again (r)",
    )


def set_up_ucwa(server: str) -> Remedy:
    where = f"On {server}" if server else "On every Front End of the pool"
    return Remedy(
        action=f"{where}, see that the virtual directory Ucwa exists under both Lync web sites. If not, install the newest "
        "cumulative update (UCWA came with February 2013) and run Enable-CsComputer. Where another machine answers, its "
        "rule for /ucwa is missing.",
        who=f"{_FRONT_END_ADMINISTRATOR}, member of RTCUniversalServerAdmins",
        risk="the web applications are set up anew; one Front End at a time",
        verify="check again (r)",
    )


def read_the_log(server: str) -> Remedy:
    where = f"On {server}" if server else "On the Front End that answers"
    return Remedy(
        action=f"{where}, read the LS UCWA events at this time; 409, 410 and 429 say that the user has too many "
        "applications, or is being moved.",
        who=_FRONT_END_ADMINISTRATOR,
        risk="none: it only reads",
        verify="check again (r)",
    )


def pass_delete_through(host: str) -> Remedy:
    return Remedy(
        action=f"See on the reverse proxy in front of {host} that it lets GET, POST, PUT and DELETE through to /ucwa. Where "
        "a Lync server itself answered, read the LS UCWA events there.",
        who="administrator of the reverse proxy",
        risk="changes the publishing rule for all clients",
        verify="check again (r)",
    )
