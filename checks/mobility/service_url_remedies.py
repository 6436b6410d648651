"""What mends a service address that does not answer as Lync does."""

from checks.deployment import Vantage
from checks.knowledge.certificate_rules import Rule
from checks.model import Remedy

_WEB_ADMINISTRATOR = "local Administrator on the Front End"
_PROXY_ADMINISTRATOR = "administrator of the reverse proxy"
_RERUN = "check again (r)"


def create_record(host: str, view: str) -> Remedy:
    target = "the reverse proxy" if view == "outside" else "the reverse proxy (or the pool, for an internal name)"
    return Remedy(
        action=f"In the DNS zone that {'the Internet' if view == 'outside' else 'inside clients'} asks, create an A record "
        f"{host} with the address of {target}.",
        who="DNS administrator",
        risk="none for names that do not exist yet",
        verify=f"Resolve-DnsName {host}, then {_RERUN}",
    )


def start_web_service(host: str, address: str) -> Remedy:
    return Remedy(
        cmdlet="Start-Service",
        parameters={"Name": "W3SVC"},
        who=f"{_WEB_ADMINISTRATOR} that has {address or host}; on a reverse proxy, start its listener instead",
        risk="none if it is stopped",
        verify=f"Test-NetConnection {host} -Port 443, then {_RERUN}",
    )


def open_path(host: str, where: str, vantage: Vantage) -> Remedy:
    hairpin = (
        " From inside, the way out to the reverse proxy and back in (the hairpin) must be allowed too."
        if vantage is Vantage.INSIDE
        else ""
    )
    return Remedy(
        action=f"Let TCP 443 from {vantage} reach {where}: check that the machine is up, then its firewall and those on "
        f"the way.{hairpin}",
        who="firewall administrator",
        risk="opens one port to one address",
        verify=f"Test-NetConnection {host} -Port 443",
    )


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


def restart_pool(external: bool) -> Remedy:
    application_pool = "CSExtMcxAppPool" if external else "CSIntMcxAppPool"
    return Remedy(
        cmdlet="Restart-WebAppPool",
        parameters={"Name": application_pool},
        who=_WEB_ADMINISTRATOR,
        risk="phones on this Front End reconnect",
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


def for_certificate(rule: Rule, host: str, domain: str, names: tuple[str, ...] = ()) -> Remedy:
    """What mends a certificate. `names` are those of the one that is there: a new one must not lose any of ours."""
    match rule:
        case "expired" | "not-yet-valid" | "wrong-name" | "weak":
            # One text with commas: that is how Request-CsCertificate takes several names.
            parent = domain or host.partition(".")[2]
            ours = [name for name in names if name == parent or name.endswith(f".{parent}")]
            wanted = ",".join(dict.fromkeys([host, *([f"lyncdiscover.{domain}"] if domain else []), *ours]))
            return Remedy(
                cmdlet="Request-CsCertificate",
                parameters={
                    "New": True,
                    "Type": "WebServicesExternal",
                    "DomainName": wanted,
                    "KeySize": 2048,
                    "PrivateKeyExportable": True,
                    "Output": f"C:\\{host}.req",
                },
                who="member of RTCUniversalServerAdmins and local Administrators",
                risk="writes a request; have a CA sign it, then bind it where the connection ends (proxy or Front End)",
                verify=_RERUN,
            )
        case "incomplete-chain":
            return Remedy(
                action=f"On the machine that answers for {host}, import the issuer's certificate into Intermediate "
                "Certification Authorities of the computer, and bind the certificate again.",
                who=f"local Administrator there, or {_PROXY_ADMINISTRATOR}",
                risk="none",
                verify=_RERUN,
            )
        case "old-protocol":
            return Remedy(
                action=f"Enable TLS 1.2 on the machine that answers for {host} (Schannel registry keys, or the proxy's own "
                "setting) and restart it.",
                who=f"local Administrator there, or {_PROXY_ADMINISTRATOR}",
                risk="needs a restart; keep TLS 1.0 until every old caller is gone",
                verify=_RERUN,
            )
    return Remedy(
        action=f"Give {host} a certificate of a public CA, or install its root on every phone. If the phones have it, name "
        "the root here as the CA file (under More in the form, or --ca-file).",
        who="certificate administrator",
        risk="none",
        verify=_RERUN,
    )
