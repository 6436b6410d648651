"""What mends the web applications of a Front End as a whole, by one command."""

from checks.model import Remedy


def reset_web_services(server: str) -> Remedy:
    """For applications that hang or fail. `server` is the Front End that answered; empty where it is not known."""
    return Remedy(
        cmdlet="iisreset",
        who=f"local Administrator on {server or 'the Front End that answers'}, at an elevated command prompt",
        risk="all web clients of this Front End reconnect; meetings in the browser drop",
        verify="check again (r)",
    )


def set_up_web_applications() -> Remedy:
    """For applications that are not there, or not as they were installed."""
    return Remedy(
        cmdlet="Enable-CsComputer",
        who="local Administrator on each Front End, member of RTCUniversalServerAdmins",
        risk="the web applications are set up anew; one Front End at a time",
        verify="check again (r)",
    )
