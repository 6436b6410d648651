"""What mends a registration that was refused, or never arrived."""

from checks.accounts import Person
from checks.model import Remedy

_FRONT_END = "local Administrator on the Front End"


def see_the_account(person: Person, pool: str) -> Remedy:
    return Remedy(
        action=f"Sign in with {person.user} to a Lync client on a computer. If that works, see whether the registrar takes "
        f"NTLM at all: UseNtlmForClientToProxyAuth in Get-CsProxyConfiguration, the one of {pool} or Global. Where users come "
        "with certificates alone it is False on purpose, and this test cannot pass. If it does not work, see the account in Active Directory, and the user with Get-CsUser.",
        who="the user; for the settings a member of RTCUniversalServerAdmins",
        risk="each wrong password counts towards locking the account",
        verify="check again (r)",
    )


def reach_the_registrar(pool: str, address: str) -> Remedy:
    return Remedy(
        action=f"See what Test-NetConnection {pool} -Port {address.rpartition(':')[2] or '5061'} says where the shell runs, "
        "and Get-CsWindowsService -Name RTCSRV on each Front End. Windows Firewall has to run before the services start: "
        "only then they open their ports.",
        who=_FRONT_END,
        risk="none, as long as nothing is restarted",
        verify="check again (r)",
    )


def see_the_servers(pool: str) -> Remedy:
    return Remedy(
        action=f"On each Front End of {pool}, read the Lync Server event log from the time of this test on, and see that all "
        "its services run (“Services”). A 504 means that one server waited for another: see the network between the Front "
        "Ends, and to the databases.",
        who="member of RTCUniversalServerAdmins",
        risk="none",
        verify="check again (r)",
    )
