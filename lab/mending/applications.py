"""What restarts in Internet Information Services: application pools, web sites, or all of it."""

from dataclasses import dataclass
from typing import Any

from lab.cmdlets.binding import Arguments, Cmdlet
from lab.computers import Computer
from lab.listening import MCX_EXTERNAL, MCX_INTERNAL, UCWA_EXTERNAL, UCWA_INTERNAL
from lab.mending.values import refused, require
from lab.model import SKYPE_2015, Directory, Model, Side, WebServer, web_directories

_HTTP_SYS = "Microsoft-HTTPAPI"
_BOTH: tuple[Side, Side] = ("internal", "external")


@dataclass(frozen=True)
class _Pool:
    """An application pool: what it runs, on which sites, and the ports of SIP that it listens on itself."""

    path: str
    sides: tuple[Side, ...]
    ports: tuple[int, ...] = ()


_POOLS = {
    "CSExtMcxAppPool": _Pool("/mcx", ("external",), (MCX_EXTERNAL,)),
    "CSIntMcxAppPool": _Pool("/mcx", ("internal",), (MCX_INTERNAL,)),
    "LyncUcwa": _Pool("/ucwa", _BOTH, (UCWA_EXTERNAL, UCWA_INTERNAL)),
}


def hosts_of(model: Model, computer: Computer) -> set[str]:
    """The keys of `Model.addresses` that a computer answers at."""
    return {site.host for site in model.web_servers if site.fqdn == computer.fqdn}


def restart_all(model: Model, computer: Computer) -> None:
    """Ends and starts every application of a computer, and its service for web tickets, which all servers share."""
    for site in (each for each in model.web_servers if each.fqdn == computer.fqdn):
        _begin_anew(site, "/")
    if model.phones.web_tickets.trouble in {"stopped", "error"}:
        model.phones.web_tickets.trouble = ""
    if model.phones.ucwa.refuses >= 500:
        model.phones.ucwa.refuses, model.phones.ucwa.subcode = 0, ""


def _begin_anew(site: WebServer, path: str) -> None:
    """Lets what is stuck, stopped or failing below a path answer as it was installed. What is configured stays."""
    installed = web_directories()
    for each in [one for one in site.directories if one.startswith(path)]:
        site.directories[each].hangs = False
        if each in installed and _fails(site.directories[each]):
            site.directories[each] = installed[each]


def _is_stopped(directory: Directory) -> bool:
    """The kernel answers for an application pool that is stopped."""
    headers = dict(directory.page.headers)
    return not directory.serves and directory.page.status == 503 and headers.get("Server", "").startswith(_HTTP_SYS)


def _fails(directory: Directory) -> bool:
    """True for what a new process does anew. A web.config that cannot be read (500.19) is no process's fault."""
    page = directory.page
    return not directory.serves and page.status in {500, 503} and "500.19" not in page.body


def _set_up(model: Model, arguments: Arguments) -> list[Any]:
    """Enable-CsComputer: sets up what the topology and the product want of a Front End, as it is installed."""
    product, documents, ucwa = model.product, model.phones.user_documents, model.phones.ucwa
    wanted = [prefix for prefix, has in (("/mcx", product.has_mcx), ("/ucwa", product.has_ucwa)) if has]
    for computer in [each for each in model.computers if each.pool in model.pools]:
        for site in (each for each in model.web_servers if each.fqdn == computer.fqdn):
            for path, installed in web_directories().items():
                if path.startswith("/autodiscover") or any(path.startswith(prefix) for prefix in wanted):
                    site.directories[path] = installed
    documents.without = {each for each in documents.without if each.rpartition("/")[2] not in {"Mcx", "Ucwa"}}
    ucwa.refuses = 0 if ucwa.refuses == 404 else ucwa.refuses
    return ["The web applications are as they are installed."]


def _pool(cmdlet: str, model: Model, arguments: Arguments) -> tuple[str, _Pool, list[WebServer]]:
    """The application pool that is named, and the sites that it serves. CmdletError where there is none."""
    require(cmdlet, arguments, "Name")
    wanted = str(arguments["name"])
    name = next((each for each in _POOLS if each.lower() == wanted.lower()), None)
    sites = [site for site in model.web_servers if name and site.side in _POOLS[name].sides]
    served = [site for site in sites if name and any(path.startswith(_POOLS[name].path) for path in site.directories)]
    if name is None or not served:
        raise refused(cmdlet, f"Cannot find path 'IIS:\\AppPools\\{wanted}' because it does not exist.")
    return name, _POOLS[name], served


def _start_pool(model: Model, arguments: Arguments) -> list[Any]:
    name, pool, sites = _pool("Start-WebAppPool", model, arguments)
    stopped = [site for site in sites if _has_stopped(site, pool)]
    for site in stopped:
        _begin_anew(site, pool.path)
    return [f"{name} runs now." if stopped else f"{name} runs already."]


def _has_stopped(site: WebServer, pool: _Pool) -> bool:
    return any(_is_stopped(one) for path, one in site.directories.items() if path.startswith(pool.path))


def _restart_pool(model: Model, arguments: Arguments) -> list[Any]:
    name, pool, sites = _pool("Restart-WebAppPool", model, arguments)
    if any(_has_stopped(site, pool) for site in sites):
        raise refused("Restart-WebAppPool", "You have to start stopped object before restarting it.")
    for site in sites:
        _begin_anew(site, pool.path)
        for port in pool.ports:
            if model.listening.get(site.host, {}).get(port) == "closed":
                del model.listening[site.host][port]
    return [f"{name} was restarted."]


def _reset(model: Model, arguments: Arguments) -> list[Any]:
    """iisreset of a computer, or of all: the service is started too."""
    wanted = str(arguments.get("computername", "")).lower()
    fqdns = {site.fqdn for site in model.web_servers}
    computers = [each for each in model.computers if each.fqdn in fqdns and wanted in {"", each.fqdn.lower()}]
    if not computers:
        raise refused("iisreset", "Could not find a computer by that name.")
    for computer in computers:
        computer.standing_still.pop("W3SVC", None)
        restart_all(model, computer)
    return ["Internet services successfully restarted."]


def _start_site(model: Model, arguments: Arguments) -> list[Any]:
    """Start-Website: the site's own bindings come back. What a firewall drops does not."""
    require("Start-Website", arguments, "Name")
    brand = "Skype for Business Server" if model.product.year >= SKYPE_2015.year else "Lync Server"
    titles: dict[str, Side] = {f"{brand} Internal Web Site": "internal", f"{brand} External Web Site": "external"}
    side = titles.get(str(arguments["name"]))
    if side is None:
        raise refused(
            "Start-Website", f"Cannot find path 'IIS:\\Sites\\{arguments['name']}' because it does not exist."
        )
    stopped = [site for site in model.web_servers if site.side == side and site.https == "closed"]
    for site in stopped:
        site.https = "tls"
        site.http = "plain" if site.http == "closed" else site.http
    return [f"{arguments['name']} {'runs now' if stopped else 'runs already'}."]


CMDLETS = (
    Cmdlet("Start-WebAppPool", ("Name",), _start_pool),
    Cmdlet("Restart-WebAppPool", ("Name",), _restart_pool),
    Cmdlet("Enable-CsComputer", (), _set_up),
    Cmdlet("iisreset", ("ComputerName",), _reset),
    Cmdlet("Start-Website", ("Name",), _start_site),
)
