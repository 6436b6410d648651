"""What Lync cmdlets print of users, policies and configurations: the values that are faults by themselves."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from checks.knowledge.diagnosis import accounts_shown, federation_shown, settings_shown
from checks.knowledge.diagnosis.model import Sign
from checks.knowledge.diagnosis.paste import Paste
from checks.knowledge.pasted import cmdlet_output
from checks.probes import Cmdlet, Objects

Judge = Callable[[Sequence[dict[str, Any]]], Iterator[Sign]]
_LARGEST = 200_000
_MOST_OBJECTS = 200
# A property that this cmdlet alone prints, and who judges its objects.
_CMDLETS: tuple[tuple[str, str, Judge], ...] = (
    ("enablemobility", "Get-CsMobilityPolicy", settings_shown.mobility_policies),
    ("usewindowsauth", "Get-CsWebServiceConfiguration", settings_shown.web_services),
    ("exposedweburl", "Get-CsMcxConfiguration", settings_shown.mcx),
    ("enableapplepushnotificationservice", "Get-CsPushNotificationConfiguration", settings_shown.push),
    ("enablemicrosoftpushnotificationservice", "Get-CsPushNotificationConfiguration", settings_shown.push),
    ("prefixes", "Get-CsImFilterConfiguration", settings_shown.im_filters),
    ("allowoutsideusers", "Get-CsAccessEdgeConfiguration", federation_shown.access_edge),
    ("enableoutsideaccess", "Get-CsExternalAccessPolicy", federation_shown.external_access_policies),
    ("autodiscoverurl", "Get-CsHostingProvider", settings_shown.hosting_providers),
    ("compareop", "Get-CsClientVersionPolicyRule", settings_shown.client_rules),
    ("uptodate", "Get-CsManagementStoreReplicationStatus", settings_shown.replication),
    ("registrarpool", "Get-CsUser", accounts_shown.users),
    ("enterprisevoiceenabled", "Get-CsUser", accounts_shown.users),
    ("enablexmppaccess", "Get-CsExternalAccessPolicy", federation_shown.external_access_policies),
    ("allowfederatedusers", "Get-CsAccessEdgeConfiguration", federation_shown.access_edge),
    ("xmppfederationroute", "Get-CsSite", federation_shown.sites),
    ("tlsnegotiation", "Get-CsXmppAllowedPartner", federation_shown.partners),
)
_FIELD = re.compile(r"^[ \t>]{0,20}([A-Za-z][A-Za-z]{2,40})[ \t]{0,40}:(?:[ \t]+(.{0,300}))?$")


def signs(paste: Paste) -> Iterator[Sign]:
    """The signs of each kind of object that the text holds."""
    judged = set[str]()
    for marker, cmdlet, judge in _CMDLETS:
        if cmdlet in judged or not _printed(paste, marker):
            continue
        judged.add(cmdlet)
        objects = _objects(paste, cmdlet, marker)
        if objects:
            yield from judge(objects[:_MOST_OBJECTS])


def _printed(paste: Paste, marker: str) -> bool:
    """True where the property stands in the text otherwise than as a parameter of a command."""
    at = paste.low.find(marker)
    while at >= 0:
        if at == 0 or paste.low[at - 1] in ' \t"{@;>':
            return True
        at = paste.low.find(marker, at + 1)
    return False


def _objects(paste: Paste, cmdlet: str, marker: str) -> Sequence[dict[str, Any]]:
    """The objects as the paste screen reads them; where other text stands around them, the lines `Name : value`."""
    if len(paste.text) <= _LARGEST:
        answer = cmdlet_output.read(Cmdlet(name=cmdlet), paste.text)
        if isinstance(answer, Objects) and _has(answer.objects, marker):
            return answer.objects
    loose = _loose(paste)
    return loose if _has(loose, marker) else ()


def _has(objects: Sequence[dict[str, Any]], marker: str) -> bool:
    return any(name.lower() == marker for one in objects for name in one)


def _loose(paste: Paste) -> list[dict[str, Any]]:
    objects: list[dict[str, Any]] = [{}]
    for line in paste.lines[:5000]:
        field = _FIELD.match(line)
        if field is None:
            continue
        if field[1] in objects[-1]:
            objects.append({})
        objects[-1][field[1]] = (field[2] or "").strip() or None
        if len(objects) > _MOST_OBJECTS:
            break
    return [one for one in objects if one]
