"""Commands that look and change nothing: they are carried out by reading what they show."""

from typing import Any

from lab.cmdlets.binding import Arguments, Cmdlet
from lab.model import Model

_LOOKS = {
    "Resolve-DnsName": ("Name", "Type", "Server"),
    "Get-CimInstance": ("ClassName", "Filter"),
    "Get-Service": ("Name", "DisplayName"),
    "Get-WinEvent": ("LogName", "MaxEvents", "FilterXPath", "ProviderName"),
    "Test-NetConnection": ("ComputerName", "Port"),
    "Test-CsXmppIM": (
        "TargetFqdn",
        "Receiver",
        "UserSipAddress",
        "SenderSipAddress",
        "UserCredential",
        "SenderCredential",
        "Verbose",
    ),
}


def _look(name: str, parameters: tuple[str, ...]) -> Cmdlet:
    def run(model: Model, arguments: Arguments) -> list[Any]:
        return [f"{name} only looks: nothing has changed."]

    return Cmdlet(name, parameters, run)


CMDLETS = tuple(_look(name, parameters) for name, parameters in _LOOKS.items())
