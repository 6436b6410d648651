"""What mends a user document that is missing, or that leads phones to the wrong place."""

from checks.model import Remedy

_LYNC_ADMINISTRATOR = "member of RTCUniversalServerAdmins, or CsServerAdministrator"


def expose_external(identity: str) -> Remedy:
    verify, risk = "check again (r) after replication", "phones of this scope use the external web FQDN, inside too"
    if not identity:
        return Remedy(
            action="See Get-CsMcxConfiguration | Select-Object Identity,ExposedWebURL. Where the nearest of global, site "
            "and service says Internal, set it to External with Set-CsMcxConfiguration.",
            who=_LYNC_ADMINISTRATOR,
            risk=risk,
            verify=verify,
        )
    return Remedy(
        cmdlet="Set-CsMcxConfiguration",
        parameters={"Identity": identity, "ExposedWebURL": "External"},
        who=_LYNC_ADMINISTRATOR,
        risk=risk,
        verify=verify,
    )


def correct_the_topology(expected: str) -> Remedy:
    return Remedy(
        action=f"In Topology Builder, open the properties of the user's pool: the external web services FQDN has to be "
        f"{expected}. Publish the topology, then run the deployment wizard's step 2 (Bootstrapper.exe) on its Front Ends.",
        who="member of Domain Admins and RTCUniversalServerAdmins",
        risk="changes the address that all clients outside use",
        verify="check again (r)",
    )


def compare_the_names(host: str) -> Remedy:
    return Remedy(
        action=f"Compare {host} with ExternalFqdn of the user's pool in Get-CsService -WebServer. If it is that, walk again "
        "with it as the web FQDN; if not, the topology names another than you do.",
        who="Lync administrator",
        risk="none: it only reads",
        verify="the walk with the right web FQDN",
    )


def find_the_user(sip: str) -> Remedy:
    return Remedy(
        action=f"See Get-CsUser -Identity {sip}: Enabled True and a RegistrarPool. If both are right, the pool has not "
        "heard of it yet: see Get-CsManagementStoreReplicationStatus, and for a new user wait for Update-CsUserDatabase.",
        who="member of RTCUniversalUserAdmins, or CsUserAdministrator",
        risk="none: it only reads",
        verify="check again (r)",
    )


def home_in_one_pool(sip: str) -> Remedy:
    return Remedy(
        action=f"See RegistrarPool in Get-CsUser -Identity {sip}, and Get-CsManagementStoreReplicationStatus: two pools that "
        "send the user to each other do not agree on where he is homed. Move-CsUser to the right pool settles it.",
        who="CsUserAdministrator",
        risk="Move-CsUser moves the user's data",
        verify="check again (r)",
    )


def accept_the_ticket(server: str) -> Remedy:
    where = f"on {server}" if server else "on the Front Ends of the pool"
    return Remedy(
        action=f"See the time {where} (w32tm /query /status), that all requests of one client reach one pool, and run "
        "Get-CsCertificate -Type OAuthTokenIssuer: every pool has to hold the same one.",
        who="local Administrator on the Front End",
        risk="none: it only reads",
        verify="check again (r)",
    )


def repair_autodiscover(server: str) -> Remedy:
    where = f"On {server}" if server else "On the Front End that answers"
    return Remedy(
        action=f"{where}, see the Autodiscover application of both Lync web sites in IIS Manager, read the Lync Server and "
        "Application logs, and run iisreset at the command prompt.",
        who="local Administrator on the Front End",
        risk="iisreset disconnects the web clients of this Front End",
        verify="check again (r)",
    )


def install_ucwa() -> Remedy:
    return Remedy(
        action="Install the newest cumulative update on every Front End with SkypeServerUpdateInstaller or "
        "LyncServerUpdateInstaller: UCWA came with February 2013. Then run Enable-CsComputer, which sets up the web "
        "applications.",
        who="local Administrator on the Front End, member of RTCUniversalServerAdmins",
        risk="services of the Front End restart; one Front End at a time",
        verify="check again (r)",
    )


def enable_mcx() -> Remedy:
    return Remedy(
        action="If Lync 2010 Mobile is still in use: see that the virtual directory Mcx exists under both Lync web sites, "
        "and run Enable-CsComputer on each Front End, which sets it up. Newer clients do not need it.",
        who="local Administrator on the Front End, member of RTCUniversalServerAdmins",
        risk="the web applications are set up anew",
        verify="check again (r)",
    )


def publish_external_site(host: str) -> Remedy:
    return Remedy(
        action=f"On the reverse proxy, forward {host} from 443 to 4443 of the pool, and from 80 to 8080: those are the "
        "external web site. 443 of the pool is the internal one.",
        who="administrator of the reverse proxy",
        risk="changes the publishing rule for all clients",
        verify="check again (r) from outside",
    )


def ask_for_sign_in() -> Remedy:
    return Remedy(
        action="On the Front End, run Enable-CsComputer, which sets the Autodiscover application up again as installed. "
        "Behind a reverse proxy, see that it does not cache or answer this path itself.",
        who="local Administrator on the Front End",
        risk="the web applications are set up anew",
        verify="check again (r)",
    )


def name_the_access_edge(edge: str) -> Remedy:
    return Remedy(
        action=f"In Topology Builder, see that the user's pool is associated with the Edge pool {edge}, and that its "
        "Access Edge has a name of its own. Publish the topology.",
        who="member of RTCUniversalServerAdmins",
        risk="changes the topology",
        verify="check again (r)",
    )
