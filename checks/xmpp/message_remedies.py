"""What mends a failed test message, by what it failed of."""

from checks.accounts import Person
from checks.model import Remedy

_FRONT_END = "local Administrator on the Front End"
_ADMINISTRATOR = "member of RTCUniversalServerAdmins"


def take_the_own_account(person: Person) -> Remedy:
    own = " or ".join(filter(None, (person.principal_name, person.account_name)))
    return Remedy(
        action=f"Sign in with the account that {person.sip} belongs to, {own}. Name it under More in the form, or with "
        "--sender-user.",
        who="you",
        risk="none",
        verify="the new walk sends the message",
    )


def correct_the_account(person: Person | None, pool: str) -> Remedy:
    if person is None:
        return define_test_users(pool)
    return Remedy(
        action=f"Sign in to a Lync client on a computer as {person.user}. If that fails, see in Active Directory whether the "
        "account is locked, disabled or its password has expired. Then type the password anew (t).",
        who=f"{person.sip}; for the account an account operator",
        risk="each wrong password counts towards locking the account",
        verify="type the password anew (t): the message goes out",
    )


def define_test_users(pool: str) -> Remedy:
    return Remedy(
        cmdlet="New-CsHealthMonitoringConfiguration",
        parameters={
            "Identity": pool or "<pool>",
            "FirstTestUserSipUri": "sip:<test user>@<domain>",
            "SecondTestUserSipUri": "sip:<other test user>@<domain>",
        },
        who=_ADMINISTRATOR,
        risk="whoever runs a test on the server can then send messages as these two; take accounts that nobody uses",
        verify="Get-CsHealthMonitoringConfiguration shows them, then check again (r)",
    )


def without_options(pool: str, receiver: str) -> Remedy:
    """The test as its document shows it first: the pool's own test users sign in."""
    return Remedy(
        cmdlet="Test-CsXmppIM",
        parameters={"TargetFqdn": pool or "<pool>", "Receiver": receiver},
        who=_ADMINISTRATOR,
        risk=f"{receiver} gets one more test message; it takes test users of the pool's own",
        verify="Result is Success: then one of the optional parameters was wrong",
    )


def resolve(pool: str) -> Remedy:
    return Remedy(
        action=f"On the machine that runs the shell, ask nslookup {pool}, and compare the DNS servers and suffixes of "
        "ipconfig /all with those of a computer that finds the name. If none finds it, create its A record inside.",
        who="local Administrator on that machine; for the record the DNS administrator",
        risk="none, as long as nothing is changed",
        verify=f"nslookup {pool} on that machine, then check again (r)",
    )


def reach_the_registrar(pool: str, address: str) -> Remedy:
    return Remedy(
        action=f"Where the shell runs, see what Test-NetConnection {pool} -Port {address.rpartition(':')[2] or '5061'} says. "
        "On each Front End see Get-CsWindowsService -Name RTCSRV, and Start-CsWindowsService -Name RTCSRV where it is "
        "stopped; then the firewalls between.",
        who=_FRONT_END,
        risk="none, as long as nothing is restarted",
        verify="check again (r)",
    )


def look_at_the_way(receiver: str) -> Remedy:
    return Remedy(
        action=f"Walk once more on the Edge and from outside, with {receiver.rpartition('@')[2]} as the partner: what this seat "
        "does not see of “Services”, “XMPP route”, “Gateway settings” and the partner's server is seen there. Then read the "
        "event log on both servers (“Event log”).",
        who=f"{_ADMINISTRATOR}; on the Edge a local Administrator",
        risk="none",
        verify="check again (r)",
    )
