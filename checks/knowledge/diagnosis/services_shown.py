"""Lists of Windows services, Get-CsWindowsService's or Get-Service's: which of Lync's does not run."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from checks.knowledge.diagnosis import sides, starts
from checks.knowledge.diagnosis.model import Clarity, Layer, Likely, Sign
from checks.knowledge.diagnosis.paste import Paste
from checks.model import Remedy
from checks.text import clean

_ROW = re.compile(
    r"^\s{0,8}(running|stopped|stoppending|startpending|paused)\s{1,20}([A-Za-z][\w$]{1,40})(?:\s{1,40}(.{0,120}))?$",
    re.IGNORECASE,
)
_POOL = re.compile(
    r"^\s{0,8}(?:APPPOOL \"?)?(LyncUcwa|CS(?:Int|Ext)\w{2,30}AppPool)\b.{0,120}?\b(Started|Stopped)\b", re.IGNORECASE
)
_FIELD = re.compile(r"^\s{0,8}(status|name|displayname)\s{0,40}:\s?(.{0,120})$", re.IGNORECASE)


class Service(NamedTuple):
    """What stands still with a service."""

    cause: str
    layer: Layer
    who: str
    step: str = ""


_SERVICES = {
    "rtcsrv": Service("The front end service, which is the Registrar, does not run: nobody can sign in.", Layer.SERVICE, sides.FRONT_END_ADMINISTRATOR, starts.SERVICES),
    "w3svc": Service("IIS does not run, and with it all web services: phones cannot sign in.", Layer.SERVICE, sides.FRONT_END_ADMINISTRATOR, starts.SERVICES),
    "replica": Service("The replica agent does not run: changed policies and certificates do not arrive.", Layer.REPLICATION, sides.FRONT_END_ADMINISTRATOR, starts.SERVICES),
    "rtcxmpptgw": Service("The XMPP gateway on the Front End does not run: messages to XMPP partners go nowhere.", Layer.SERVICE, sides.FRONT_END_ADMINISTRATOR, starts.XMPP_SERVICES),
    "fabrichostsvc": Service("Windows Fabric does not run: the Front End cannot join its pool.", Layer.SERVICE, sides.FRONT_END_ADMINISTRATOR, starts.SERVICES),
}  # fmt: skip
_XMPP_PROXY = Service(
    "The XMPP proxy on the Edge does not run: nothing listens for partners.",
    Layer.SERVICE,
    sides.EDGE_ADMINISTRATOR,
    starts.XMPP_SERVICES,
)


class Row(NamedTuple):
    """One service of the list."""

    status: str
    name: str
    display_name: str


def signs(paste: Paste) -> Iterator[Sign]:
    """One sign for each service of Lync that does not run; one for a list where all do."""
    stopped_pools = [
        match[1] for line in paste.lines[:2000] if (match := _POOL.match(line)) and match[2].lower() == "stopped"
    ]
    if stopped_pools:
        yield _application_pools(stopped_pools)
    rows = _rows(paste)
    known = [(row, service) for row in rows if (service := _service(row))]
    stopped = [(row, service) for row, service in known if row.status != "running"]
    for row, service in stopped[:6]:
        yield _sign(row, service)
    if known and not stopped:
        names = ", ".join(row.name for row, _ in known[:6])
        yield Sign(kind=_KIND, clarity=Clarity.HINT, in_order=(f"These services run: {clean(names, 200)}.",))


_KIND = "a list of Windows services"


def _application_pools(names: list[str]) -> Sign:
    pools = clean(", ".join(dict.fromkeys(names)), 200)
    return Sign(
        kind="a list of application pools of IIS",
        clarity=Clarity.DECISIVE,
        layer=Layer.APPLICATION,
        likely=(
            Likely(
                cause=f"In IIS the application pool is stopped that phones need: {pools}. The web application behind it says 503.",
                reason="It says Stopped.",
                step=starts.WEB_APPLICATIONS,
                who=sides.FRONT_END_ADMINISTRATOR,
            ),
        ),
        not_meant=("It does not mean DNS, firewall or certificate.",),
    )


def _service(row: Row) -> Service | None:
    if "xmpp translating gateway proxy" in row.display_name.lower():
        return _XMPP_PROXY
    return _SERVICES.get(row.name.lower())


def _rows(paste: Paste) -> list[Row]:
    rows: list[Row] = []
    fields: dict[str, str] = {}
    for line in paste.lines[:5000]:
        if row := _ROW.match(line):
            rows.append(Row(row[1].lower(), row[2], row[3] or ""))
        elif field := _FIELD.match(line):
            if field[1].lower() in fields:
                fields = {}
            fields[field[1].lower()] = field[2].strip()
            if fields.keys() >= {"status", "name", "displayname"}:
                rows.append(Row(fields["status"].lower(), fields["name"], fields["displayname"]))
    return rows


def _sign(row: Row, service: Service) -> Sign:
    name = clean(row.name, 60)
    return Sign(
        kind=_KIND,
        clarity=Clarity.DECISIVE,
        layer=service.layer,
        likely=(
            Likely(
                cause=service.cause,
                reason=f"{name} is {clean(row.status, 20).capitalize()}.",
                step=service.step,
                remedy=Remedy(
                    cmdlet="Start-Service",
                    parameters={"Name": name},
                    who=service.who,
                    risk="none if it was not stopped on purpose",
                    verify=f"Get-Service {name}",
                ),
                command=f"Get-WinEvent -LogName 'Lync Server' -MaxEvents 30   # why {name} stopped",
                who=service.who,
            ),
        ),
    )
