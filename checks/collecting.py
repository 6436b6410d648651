"""The collector: a read-only script for a server where nothing may be installed, and what it asks there.

The script is constant but for the questions, which stand in it as quoted data. It writes a journal, which the reader
takes as evidence.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from checks import powershell
from checks.deployment import Deployment, Sources, Vantage, require_valid
from checks.journal import VERSION, Asked, Began, Line
from checks.knowledge.powershell import literal
from checks.model import Reason
from checks.probes import Cmdlet, Parameter, Sockets, Unanswered
from checks.xmpp.events import READING
from checks.xmpp.proxy_services import DISPLAY_NAMES

_PLAIN_NAME = re.compile(r"[A-Za-z0-9_.-]+\Z")
NETSTAT = "netstat"
"""Stands for the program in the script's questions, where a cmdlet's name would stand."""
THIS_COMPUTER = "{{computer}}"
"""Stands for the full name of the computer that the script runs on, which alone knows it."""


def questions(deployment: Deployment, computer: str = THIS_COMPUTER) -> tuple[Cmdlet | Sockets, ...]:
    """All that the runbooks ask of the server at this vantage, the Edge or else a Front End; users by name alone.

    `computer` is the server's own full name.
    """
    return tuple(_of_edge() if deployment.vantage is Vantage.EDGE else _of_front_end(deployment, computer))


def script(deployment: Deployment, name: str = "collect.ps1") -> str:
    """The script as pure ASCII, for Windows PowerShell 3.0 and later; `name` is what its file will be called.

    InvalidName where a name of the deployment has not passed its parser.
    """
    seat = Vantage.EDGE if deployment.vantage is Vantage.EDGE else Vantage.FRONT_END
    deployment = msgspec.structs.replace(deployment, vantage=seat)
    require_valid(deployment, Sources())
    parts = {
        "deployment": " ".join(deployment.name.split()),
        "name": name if _PLAIN_NAME.match(name) else "collect.ps1",
        "functions": "\n".join(map(powershell.part, ("invoke", "module"))),
        "questions": "\n".join(_data(deployment)),
        "runbook": "xmpp" if seat is Vantage.EDGE else "mobility",
    }
    text = powershell.part("collect")
    for place, part in parts.items():
        text = text.replace(f"#{{{{{place}}}}}", part).replace(f"{{{{{place}}}}}", part)
    return text


def _of_front_end(deployment: Deployment, computer: str) -> Iterator[Cmdlet | Sockets]:
    yield Cmdlet(name="Get-CsServerVersion")
    yield Cmdlet(name="Get-CsAdminRole")
    yield Cmdlet(name="Get-CsPool")
    yield Cmdlet(name="Get-CsWindowsService", parameters=(("ComputerName", computer), ("ExcludeActivityLevel", True)))
    yield Cmdlet(name="Get-CsManagementStoreReplicationStatus")
    yield Cmdlet(name="Get-CsService", parameters=(("EdgeServer", True),))
    yield Cmdlet(name="Get-CsService", parameters=(("WebServer", True),))
    yield Cmdlet(name="Get-WinEvent", parameters=tuple(READING.items()))
    yield Cmdlet(name="Get-CsSipDomain")
    yield Cmdlet(name="Get-CsSite")
    yield Cmdlet(name="Get-CsXmppAllowedPartner")
    yield Cmdlet(name="Get-CsXmppGatewayConfiguration")
    yield Cmdlet(name="Get-CsCertificate")
    yield Cmdlet(name="Get-CsMobilityPolicy")
    yield Cmdlet(name="Get-CsWebServiceConfiguration")
    yield Cmdlet(name="Get-CsPushNotificationConfiguration")
    yield Cmdlet(name="Get-CsMcxConfiguration")
    yield Cmdlet(name="Get-CsAccessEdgeConfiguration")
    yield Cmdlet(name="Get-CsHostingProvider")
    yield Cmdlet(name="Get-CsAllowedDomain")
    yield Cmdlet(name="Get-CsImFilterConfiguration")
    yield Cmdlet(name="Get-CsVoicePolicy")
    yield Cmdlet(name="Get-CsExternalAccessPolicy")
    yield Cmdlet(name="Get-CsClientVersionPolicyRule")
    yield Cmdlet(name="Get-CsClientVersionConfiguration")
    if not deployment.users:
        yield Cmdlet(name="Get-CsHealthMonitoringConfiguration")
    for sip in deployment.users:
        yield Cmdlet(name="Get-CsUser", parameters=(("Identity", sip),))
        yield Cmdlet(name="Get-CsEffectivePolicy", parameters=(("Identity", sip),))


def _of_edge() -> Iterator[Cmdlet | Sockets]:
    yield Sockets(on="edge")
    yield Cmdlet(name="Get-CsServerVersion", on="edge")
    # An Edge does not reach the Central Management store; its own replica tells the same.
    yield Cmdlet(name="Get-CsService", parameters=(("EdgeServer", True), ("LocalStore", True)), on="edge")
    yield Cmdlet(name="Get-CsAccessEdgeConfiguration", parameters=(("LocalStore", True),), on="edge")
    yield Cmdlet(name="Get-CsXmppAllowedPartner", parameters=(("LocalStore", True),), on="edge")
    yield Cmdlet(name="Get-CsXmppGatewayConfiguration", parameters=(("LocalStore", True),), on="edge")
    yield Cmdlet(name="Get-CsCertificate", on="edge")
    yield Cmdlet(name="Get-Service", parameters=(("DisplayName", DISPLAY_NAMES),), on="edge")
    yield Cmdlet(name="Get-WinEvent", parameters=tuple(READING.items()), on="edge")


def _data(deployment: Deployment) -> Iterator[str]:
    """The lines of the script that say what is asked, and what the lines of the journal are made of."""
    seat = deployment.vantage
    began = Began(version=VERSION, runbook="", deployment=deployment, at="")
    yield f"$seat = {literal(str(seat))}"
    yield f"$began = {literal(_beginning(began, 'kind', 'version', 'runbook', 'deployment'))}"
    yield f"$noModule = {literal(_json(_NO_MODULE))}"
    yield f"$tooLarge = {literal(_json(_TOO_LARGE))}"
    yield f"$notRun = {literal(_json(_NOT_RUN))}"
    yield "$questions = @("
    yield ",\n".join(f"    {literal(_question(one, seat))}" for one in questions(deployment))
    yield ")"


def _question(question: Cmdlet | Sockets, seat: Vantage) -> dict[str, Any]:
    asked = Asked(question=question, answer=_NOT_RUN, seat=seat, at="", took_ms=0)
    name, parameters, shown = NETSTAT, dict[str, Parameter](), question.typed()
    if isinstance(question, Cmdlet):
        name, parameters = question.name, dict(question.parameters)
    line = _beginning(asked, "kind", "question", "seat")
    return {"Name": name, "Parameters": parameters, "Shown": shown, "Line": line}


def _beginning(line: Line, *members: str) -> str:
    """The JSON object of a line with these members and without its end: the script goes on with the others."""
    known = msgspec.to_builtins(line)
    return json.dumps({name: known[name] for name in members}, separators=(",", ":")).removesuffix("}")


def _json(answer: Unanswered) -> str:
    return json.dumps(msgspec.to_builtins(answer), separators=(",", ":"))


_NO_MODULE = Unanswered(
    reason=Reason.MISSING_DEPENDENCY,
    detail="Neither the Lync nor the SkypeForBusiness module could be loaded where this was collected.",
)
_TOO_LARGE = Unanswered(reason=Reason.UNREACHABLE, detail="The answer was too large to be collected.")
_NOT_RUN = Unanswered(reason=Reason.UNREACHABLE, detail="The command could not be run where this was collected.")
