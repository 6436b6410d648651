"""What mends Autodiscover where it is not answered, or answers something else than phones expect."""

from checks.knowledge.autodiscover import ROOT_PATH
from checks.model import Remedy

PROXY_ADMINISTRATOR = "administrator of the reverse proxy"
WEB_ADMINISTRATOR = "local Administrator on the Front End"
RERUN = "check again (r)"


def bridge_to_external_site(host: str) -> Remedy:
    return Remedy(
        action=f"On the rule for {host}, forward port 443 to port 4443 of the pool, and 80 to 8080. Now it forwards to the "
        "ports of the internal web site.",
        who=PROXY_ADMINISTRATOR,
        risk="phones outside reconnect; the firewall between proxy and pool must let 4443 and 8080 pass",
        verify=f"{RERUN}: AccessLocation must be External",
    )


def no_sign_in_on_the_way(host: str) -> Remedy:
    return Remedy(
        action=f"On the rule for {host}, switch off pre-authentication: no delegation, clients authenticate directly, all "
        "users. If this is a guest network, leave its portal first.",
        who=PROXY_ADMINISTRATOR,
        risk="the pool, not the proxy, then asks for the password",
        verify=RERUN,
    )


def allow(site: str, server: str, status: int) -> Remedy:
    """For the Internal or the External web site, on the Lync server that refused."""
    first = (
        "Authentication: Anonymous Authentication must be enabled"
        if status == 401
        else "IP Address and Domain Restrictions: no rule may deny. Then SSL Settings (client certificates: Ignore) and "
        "Request Filtering"
    )
    return Remedy(
        action=f"In IIS Manager on {server}, under the {site} Web Site (Lync or Skype for Business Server), select Autodiscover. "
        f"Look first at {first}.",
        who=WEB_ADMINISTRATOR,
        risk="IIS recycles the application",
        verify=RERUN,
    )


def let_pass(host: str, path: str) -> Remedy:
    return Remedy(
        action=f"On the machine that answers for {host}, let {path} pass without a condition: publish the path /* of "
        "that name.",
        who=PROXY_ADMINISTRATOR,
        risk="publishes the Lync web paths",
        verify=RERUN,
    )


def publish_name(host: str, path: str, by_lync: bool) -> Remedy:
    if by_lync:
        return Remedy(
            action="On each Front End run the Deployment Wizard: Install or Update, step 2, Setup or Remove Components, "
            "Run Again. It creates the Autodiscover web application.",
            who="member of RTCUniversalServerAdmins and local Administrators",
            risk="web services restart",
            verify=RERUN,
        )
    return Remedy(
        action=f"Publish {path} of {host} to the pool: the rule must list that name and the path /*, pass the original "
        "host header on, and come before any rule that answers for the same name.",
        who=PROXY_ADMINISTRATOR,
        risk="publishes the Lync web paths",
        verify=RERUN,
    )


def lead_to_lync(host: str) -> Remedy:
    return Remedy(
        action=f"Find out which machine answers for {host}: DNS may lead to the wrong one, or another site on it takes the "
        "name. Lead it to the pool, from outside through the reverse proxy.",
        who=f"DNS administrator, {PROXY_ADMINISTRATOR}",
        risk="changes what this address publishes",
        verify=RERUN,
    )


def no_http_redirect(host: str) -> Remedy:
    return Remedy(
        action=f"Take the HTTP redirect off the rule for {host}, and forward the request to the pool instead. Lync leads "
        "clients on by itself, in the body of its answer.",
        who=PROXY_ADMINISTRATOR,
        risk="none for Lync; other services of the same name may rely on the redirect",
        verify=RERUN,
    )


def reach_the_pool(host: str, pool: str) -> Remedy:
    return Remedy(
        action=f"From the machine that answers for {host}, connect to the pool: Test-NetConnection {pool or '<pool>'} -Port "
        "4443. Refused: start the web services there. No answer: open the firewall in between. Connected: see the certificate "
        "that the proxy trusts.",
        who=f"{PROXY_ADMINISTRATOR}, firewall administrator",
        risk="none by looking",
        verify=RERUN,
    )


def find_who_fails(host: str, pool: str) -> Remedy:
    return Remedy(
        action=f"Ask the pool past whatever answers for {host}: curl.exe -ik https://{pool or '<pool>'}:4443{ROOT_PATH}. If that "
        "is right, the reverse proxy fails: see its log, and whether it trusts the pool's certificate.",
        who=f"anyone on the reverse proxy or a Front End; then {PROXY_ADMINISTRATOR}",
        risk="none by looking",
        verify=RERUN,
    )


def restart_web_service(who: str = "") -> Remedy:
    return Remedy(
        cmdlet="Restart-Service",
        parameters={"Name": "W3SVC"},
        who=f"local Administrator on {who or 'the Front End'}",
        risk="all web clients of this Front End reconnect; meetings in the browser drop",
        verify=f"{RERUN}; if it fails again, read the System and Application logs",
    )


def publish_topology(hosts: tuple[str, ...]) -> Remedy:
    return Remedy(
        action=f"Compare {', '.join(hosts[:3])} with External web services of the pool in Topology Builder. If the topology "
        "is right, publish it again and run Enable-CsComputer on each Front End; if not, correct the name there.",
        who="member of Domain Admins and RTCUniversalServerAdmins",
        risk="changes the names that phones are led to",
        verify=f"Get-CsService -WebServer, then {RERUN}",
    )


def repair_application() -> Remedy:
    return Remedy(
        action="On the Front End, open the same address by the server's own name. If the document lacks the link there too, "
        "run Setup or Remove Components of the Deployment Wizard again.",
        who="member of RTCUniversalServerAdmins and local Administrators",
        risk="web services restart",
        verify=RERUN,
    )


def find_the_document(host: str, server: str) -> Remedy:
    """For a Lync server that answers with a page where its document belongs."""
    return Remedy(
        action=f"On {server}, open https://{server}{ROOT_PATH} in a browser. If no document comes there either, the Autodiscover "
        "application is damaged: run Setup or Remove Components of the Deployment Wizard again. If it comes there, the rule "
        f"for {host} on the reverse proxy leads to another path: correct it.",
        who=f"local Administrator on {server} and member of RTCUniversalServerAdmins",
        risk="Setup restarts the web services; to look changes nothing",
        verify=RERUN,
    )


def pass_accept_header(host: str) -> Remedy:
    return Remedy(
        action=f"See that whatever answers for {host} passes the header Accept on unchanged and keeps no copy of answers: "
        "the same address has three forms, and the header chooses.",
        who=PROXY_ADMINISTRATOR,
        risk="none",
        verify=RERUN,
    )


def lead_home(host: str) -> Remedy:
    return Remedy(
        action=f"While users are homed here, lead {host} to this deployment's reverse proxy (or pool, inside): it sends "
        "users of Microsoft 365 on by itself. The step “Hybrid” looks at the rest.",
        who="DNS administrator",
        risk="phones of online users take one step more",
        verify=RERUN,
    )


def compare_redirect(target: str) -> Remedy:
    return Remedy(
        action=f"Ask who runs {target}. If it is a pool of this deployment, its name must be among those of "
        "Get-CsService -WebServer; if not, something answers in Lync's place.",
        who="anyone",
        risk="none",
        verify=RERUN,
    )
