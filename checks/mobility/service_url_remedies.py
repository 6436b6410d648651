"""What mends a service address that does not answer as Lync does."""

from checks.model import Remedy

_WEB_ADMINISTRATOR = "local Administrator on the Front End"
_PROXY_ADMINISTRATOR = "administrator of the reverse proxy"
_RERUN = "check again (r)"


def right_publication(host: str) -> Remedy:
    return Remedy(
        action=f"Find out which machine answers for {host}, and make its rule forward 443 to the pool's port 4443 with the "
        "original host header.",
        who=_PROXY_ADMINISTRATOR,
        risk="changes what this address publishes",
        verify=_RERUN,
    )


def no_preauthentication(host: str) -> Remedy:
    return Remedy(
        action=f"On the rule for {host}, switch off pre-authentication and redirects: no delegation, clients authenticate "
        "directly. If this is a guest network, leave its portal first.",
        who=_PROXY_ADMINISTRATOR,
        risk="the pool, not the proxy, then asks for the password",
        verify=_RERUN,
    )


def allow_path(host: str, lync_says_so: bool) -> Remedy:
    if lync_says_so:
        return Remedy(
            action="In IIS Manager, under both Lync web sites, open Mcx: anonymous access on, and no IP, URL or "
            "request-filtering rule that forbids it.",
            who=_WEB_ADMINISTRATOR,
            risk="IIS recycles the application",
            verify=_RERUN,
        )
    return Remedy(
        action=f"On the reverse proxy, publish the path /* of {host}, so that /mcx/* is not refused on the way.",
        who=_PROXY_ADMINISTRATOR,
        risk="publishes the Lync web paths",
        verify=_RERUN,
    )


def install_mcx(lync_says_so: bool, host: str) -> Remedy:
    if lync_says_so:
        return Remedy(
            action="On each Front End run the Deployment Wizard: Install or Update, step 2, Setup or Remove Components, "
            "Run Again. It creates the Mcx web application.",
            who="member of RTCUniversalServerAdmins and local Administrators",
            risk="web services restart",
            verify=_RERUN,
        )
    return Remedy(
        action=f"Ask a Front End by its own name first. If it has the page, add /mcx/* to the publishing rule of {host}; if "
        "not, run Setup or Remove Components on it again.",
        who=_PROXY_ADMINISTRATOR,
        risk="publishes one more path",
        verify=_RERUN,
    )


def wake_pool(external: bool) -> Remedy:
    """For an application pool that stands still: one that is stopped cannot be restarted."""
    return Remedy(
        cmdlet="Start-WebAppPool",
        parameters={"Name": "CSExtMcxAppPool" if external else "CSIntMcxAppPool"},
        who=_WEB_ADMINISTRATOR,
        risk="none if it is stopped",
        verify=f"{_RERUN}; if it stops again, read the System and Application logs",
    )


def restart_pool(external: bool) -> Remedy:
    application_pool = "CSExtMcxAppPool" if external else "CSIntMcxAppPool"
    return Remedy(
        cmdlet="Restart-WebAppPool",
        parameters={"Name": application_pool},
        who=_WEB_ADMINISTRATOR,
        risk="phones on this Front End reconnect; one that is stopped wants Start-WebAppPool instead",
        verify=f"{_RERUN}; if it comes back, read the System and Application logs",
    )


def compare_inside(host: str, known_hosts: tuple[str, ...]) -> Remedy:
    other = next((name for name in known_hosts if name != host), "a Front End's own name")
    return Remedy(
        action=f"Open the same path at {other} and compare: if it names a Lync server there and not at {host}, something on "
        f"the way answers for {host}.",
        who="anyone",
        risk="none",
        verify=_RERUN,
    )
