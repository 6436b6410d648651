"""What mends a user whom the server does not know, or no longer lets in: the same in every runbook."""

from checks.model import Remedy


def check_spelling(sip: str, wanted: str) -> Remedy:
    """What comes before anybody is given an account: most often the address is mistyped. `wanted` is the good answer."""
    return Remedy(
        action=f"Check the spelling of {sip}, and walk again with the right address. "
        "Get-CsUser lists the addresses that there are.",
        who="you",
        risk="none",
        verify=f"that walk says {wanted}",
    )


def switch_on(sip: str) -> Remedy:
    """For a user whose Enabled is False."""
    return Remedy(
        cmdlet="Set-CsUser",
        parameters={"Identity": sip, "Enabled": True},
        who="member of RTCUniversalUserAdmins, or CsUserAdministrator",
        risk="this user can sign in again; ask first whether it was switched off on purpose",
        verify="check again (r)",
    )
