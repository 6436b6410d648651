"""What helps where a version has no XMPP federation."""

from collections.abc import Sequence

from checks.model import Remedy

_RERUN = "check again (r)"


def move(sip: str, pools: Sequence[str]) -> Remedy:
    """Homes the user in a pool that has XMPP, where there is one."""
    who = "member of RTCUniversalUserAdmins, or CsUserAdministrator"
    if not pools:
        return Remedy(
            action=f"Home {sip} in a pool of Lync Server 2013 or Skype for Business Server 2015, if there is one. Otherwise "
            "tell the user that XMPP contacts cannot be reached any more.",
            who=who,
            risk="moves the user's data",
            verify=_RERUN,
        )
    return Remedy(
        cmdlet="Move-CsUser",
        parameters={"Identity": sip, "Target": pools[0]},
        who=who,
        risk="homes this user in that pool: ask first why he was moved to the other",
        verify=_RERUN,
    )


def keep_edge() -> tuple[Remedy, ...]:
    """The pools need an Edge of their own age beside the newer one."""
    return (
        Remedy(
            action="Keep or bring back an Edge of Lync Server 2013 or Skype for Business Server 2015 beside the newer one, "
            "and choose it as the site's XMPP federation route. Where that is not wanted, XMPP federation ends.",
            who="member of Domain Admins and of RTCUniversalServerAdmins",
            risk="changes the topology",
            verify=_RERUN,
        ),
    )
