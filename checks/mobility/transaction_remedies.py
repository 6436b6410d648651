"""What mends a failed test of mobility, by what it failed of."""

from checks.accounts import Person
from checks.model import Remedy

_FRONT_END = "local Administrator on the Front End"


def take_the_own_account(person: Person) -> Remedy:
    own = " or ".join(filter(None, (person.principal_name, person.account_name)))
    return Remedy(
        action=f"Sign in with the account that {person.sip} belongs to, {own}. Name it under More in the form, or with "
        "--sender-user for the first user and --receiver-user for the second.",
        who="you",
        risk="none",
        verify="the new walk runs the test",
    )


def correct_the_accounts(people: tuple[Person, ...]) -> Remedy:
    pairs = " and ".join(f"{person.user} for {person.sip}" for person in people)
    return Remedy(
        action=f"The accounts were {pairs}. The test does not say which of them was refused: sign in at a computer with "
        "each, and see in Active Directory whether it is locked, disabled or its password has expired. Then type the "
        "passwords anew (t).",
        who="the users; for the accounts an account operator",
        risk="each wrong password counts towards locking the account",
        verify="type the passwords anew (t): the test passes",
    )


def offer_ntlm(server: str) -> Remedy:
    return Remedy(
        action=f"On {server}, in IIS Manager under the internal web site, see that WebTicket offers the providers "
        "Negotiate and NTLM, in this order.",
        who=_FRONT_END,
        risk="IIS recycles the application",
        verify="check again (r)",
    )


def restart_internal_web_site(pool: str) -> Remedy:
    return Remedy(
        action=f"On each Front End of {pool}, restart the internal web site in IIS Manager (Lync Server Internal Web Site, "
        "or Skype for Business Server Internal Web Site). If its application pools do not stay up, run iisreset at the "
        "command prompt.",
        who=_FRONT_END,
        risk="clients of this Front End lose their web connections for a moment",
        verify="check again (r)",
    )


def replicate_users() -> Remedy:
    return Remedy(
        cmdlet="Set-CsUserReplicatorConfiguration",
        parameters={"Identity": "global", "ADDomainNamingContextList": None},
        who="member of RTCUniversalServerAdmins",
        risk="users of all domains are replicated again; it mends users of a second domain whom event 30061 names",
        verify="wait for one replication, then check again (r)",
    )


def compare_name_servers(pool: str) -> Remedy:
    return Remedy(
        action=f"On the machine that runs the shell, ask nslookup {pool}, and compare the DNS servers and suffixes of "
        "ipconfig /all with those of a computer that finds the name. After a change there: ipconfig /flushdns.",
        who="local Administrator on that machine",
        risk="none, as long as nothing is changed",
        verify=f"nslookup {pool} on that machine, then check again (r)",
    )


def add_address(pool: str) -> Remedy:
    return Remedy(
        action=f"If no DNS server inside has {pool}, create its A record in the internal DNS zone.",
        who="DNS administrator",
        risk="none where the name has no record yet",
        verify=f"nslookup {pool} on that machine, then check again (r)",
    )


def open_registrar(pool: str, address: str) -> Remedy:
    return Remedy(
        action=f"Where the shell runs, see what Test-NetConnection {pool} -Port {address.rpartition(':')[2] or '5061'} says. "
        "See that RTCSRV runs on each Front End, and that Windows Firewall ran when the services were started: only then "
        "they open their ports. If Get-CsService -Registrar shows another SipPort, run the test by hand with -RegistrarPort.",
        who=_FRONT_END,
        risk="none, as long as nothing is restarted",
        verify="check again (r)",
    )


def run_verbosely(cmdlet: str, pool: str) -> Remedy:
    return Remedy(
        action=f"Run {cmdlet} by hand with -Verbose (the commands are under “by hand”): it tells at which stage it stops. "
        f"Then read the Lync Server event log on the Front Ends of {pool}.",
        who="member of RTCUniversalServerAdmins",
        risk="signs in as both users once more",
        verify="check again (r)",
    )
