"""The numbered sign-in tree that desktop clients write: 1.3.1 GetAndPublishCert: FAIL (hr = 0x1)."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from checks.knowledge.diagnosis import sides, starts
from checks.knowledge.diagnosis.model import Clarity, Layer, Likely, Sign
from checks.knowledge.diagnosis.paste import Paste
from checks.knowledge.diagnosis.wording import in_command, in_prose
from checks.text import clean

_NODE = re.compile(
    r"^[ \t>|]{0,20}(\d{1,2}(?:\.\d{1,2}){0,11})\.?[ \t]{1,8}([A-Za-z][\w .-]{1,60}?)[ \t]?: ?(PASS|FAIL)\b(.{0,200})",
    re.IGNORECASE,
)
_STATUS = re.compile(r"0x80ef0([0-9a-f]{3})\b")
_LEAST_STATUS, _MOST_STATUS = 300, 699


class Node(NamedTuple):
    """One line of the tree."""

    number: tuple[int, ...]
    name: str
    passed: bool
    line: str


class Branch(NamedTuple):
    """What a failed node tells, by a part of its name."""

    name: str
    cause: str
    reason: str
    layer: Layer
    who: str
    step: str = ""
    command: str = ""


_BRANCHES = (
    Branch(
        "autodiscovery",
        "Autodiscover brought the client nothing usable: lyncdiscover.«domain» does not resolve, does not answer, or answers "
        "without the addresses of the web services.",
        "A desktop client can go on with DNS records; a phone cannot.",
        Layer.NAME,
        f"{sides.DNS_ADMINISTRATOR}, or {sides.PROXY_ADMINISTRATOR}",
        starts.AUTODISCOVER,
        "curl.exe -i https://lyncdiscover.«domain»/",
    ),
    Branch(
        "dnsautodiscovery",
        "The desktop client found no server by DNS: the SRV records of the SIP domain are missing.",
        "Phones do not use these records.",
        Layer.NAME,
        sides.DNS_ADMINISTRATOR,
        command="Resolve-DnsName -Type SRV _sipinternaltls._tcp.«domain»",
    ),
    Branch(
        "getandpublishcert",
        "The client gets no certificate for «user»: the sign-in to the web ticket service or to certificate provisioning "
        "is refused.",
        "It needs a web ticket first.",
        Layer.SIGN_IN,
        f"{sides.USER}, or {sides.LYNC_ADMINISTRATOR}",
        starts.WINDOWS_AUTH,
        "curl.exe -i https://«web»/WebTicket/WebTicketService.svc",
    ),
    Branch(
        "executewithwindowsornoauth",
        "The web service refuses the Windows sign-in of «user»: wrong credentials, or Windows sign-in is not offered.",
        "It is the step that signs in with Windows credentials.",
        Layer.SIGN_IN,
        f"{sides.USER}, or {sides.LYNC_ADMINISTRATOR}",
        starts.WINDOWS_AUTH,
        "curl.exe -i https://«web»/WebTicket/WebTicketService.svc",
    ),
    Branch(
        "executewithtokenauth",
        "A token of the online identity was refused for «user».",
        "It is the step that signs in with such a token, so the user is treated as homed online.",
        Layer.USER,
        sides.USER_ADMINISTRATOR,
        starts.USER_ENABLED,
        "Get-CsUser -Identity «user» | Select-Object HostingProvider,RegistrarPool",
    ),
    Branch(
        "liveidtoken",
        "The online identity gave «user» no token.",
        "It is the step that asks for one.",
        Layer.USER,
        "Microsoft 365 administrator",
        starts.USER_ENABLED,
        "Get-CsUser -Identity «user» | Select-Object HostingProvider,RegistrarPool",
    ),
)


def signs(paste: Paste) -> Iterator[Sign]:
    """The sign of the branch that stopped the sign-in, and of Autodiscover where that failed too."""
    nodes = [node for line in paste.lines[:5000] if (node := _node(line))]
    failed = [node for node in nodes if not node.passed]
    if not nodes or (len(nodes) == 1 and nodes[0].name.lower() != "login"):
        return
    if not failed:
        yield Sign(kind=_KIND, clarity=Clarity.HINT, in_order=("The desktop client's sign-in passed.",))
        return
    told = [(node, branch) for node in failed if (branch := _branch(node))]
    if not told:
        yield _untold(paste, failed[-1])
    # The last and deepest failure stopped the sign-in; what failed before it was got over.
    decisive = max(told, key=lambda one: (one[0].number[:2], len(one[0].number)), default=None)
    for node, branch in told:
        deciding = decisive is not None and node is decisive[0]
        if deciding or branch.name == "autodiscovery":
            yield _sign(paste, node, branch, nodes, deciding)


_KIND = "a sign-in log of the desktop client"


def _node(line: str) -> Node | None:
    match = _NODE.match(line)
    if match is None:
        return None
    number = tuple(int(part) for part in match[1].split("."))
    return Node(number, match[2], match[3].upper() == "PASS", clean(line.strip(), 120))


def _branch(node: Node) -> Branch | None:
    name = node.name.lower().replace("-", "").replace(" ", "")
    if "dnsautodiscovery" in name:
        return _BRANCHES[1]
    return next((branch for branch in _BRANCHES if branch.name in name), None)


def _sign(paste: Paste, node: Node, branch: Branch, nodes: list[Node], deciding: bool) -> Sign:
    by_dns = any(one.passed and "dnsautodiscovery" in one.name.lower() for one in nodes)
    return Sign(
        kind=_KIND,
        clarity=Clarity.NAMED if deciding else Clarity.STATUS,
        layer=branch.layer,
        topic="desktop-sign-in" if branch.layer is Layer.SIGN_IN else "desktop",
        likely=(
            Likely(
                cause=in_prose(paste, branch.cause),
                reason=f"It says “{node.line}”. {branch.reason}{_status(paste) if deciding else ''}",
                step=branch.step,
                command=in_command(paste, branch.command),
                who=branch.who,
            ),
        ),
        not_meant=("DNSAutoDiscovery: PASS is no comfort for phones: they use Autodiscover alone.",)
        if by_dns and branch.name == "autodiscovery"
        else (),
    )


def _untold(paste: Paste, node: Node) -> Sign:
    return Sign(
        kind=_KIND,
        clarity=Clarity.HINT,
        likely=(
            Likely(
                cause=f"The desktop client's sign-in stopped at {clean(node.name, 60)}.",
                reason=f"It says “{node.line}”. No document that is known here explains this node.{_status(paste)}",
                who=sides.LYNC_ADMINISTRATOR,
            ),
        ),
        question="Which lines stand under it? Paste the tree from “Login: FAIL” down to the last line.",
    )


def _status(paste: Paste) -> str:
    """The SIP status that 0x80EF0xxx may carry: concluded from one sample, so it may be, not is."""
    match = _STATUS.search(paste.low)
    status = int(match[1], 16) if match else 0
    if not _LEAST_STATUS <= status <= _MOST_STATUS:
        return ""
    return f" The status {match[0] if match else ''} may stand for SIP {status}."
