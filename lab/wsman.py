"""WS-Management as far as a PowerShell session needs it: envelopes taken apart and put together."""

import re
import uuid
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

SHELL = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"
TRANSFER = "http://schemas.xmlsoap.org/ws/2004/09/transfer"
_ADDRESSING = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
_SOAP = "http://www.w3.org/2003/05/soap-envelope"
_WSMAN = "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"
_FAULT = "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault"
_NAMES = {"s": _SOAP, "a": _ADDRESSING, "w": _WSMAN, "rsp": SHELL}

ACCESS_DENIED = 5
OPERATION_TIMEOUT = 2150858793
SHELL_NOT_FOUND = 2150858843
NOT_SUPPORTED = 2150858817
TOO_MANY_SHELLS = 2150859173


class WSManFault(Exception):
    """A request that ends in a fault: its number, and a sentence."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class NotWSMan(ValueError):
    """What came is no WS-Management envelope."""


@dataclass(frozen=True)
class Envelope:
    """A request."""

    action: str
    message_id: str
    resource: str
    shell_id: str
    timeout: float
    """Seconds that a Receive may wait."""
    body: ElementTree.Element

    def find(self, path: str) -> ElementTree.Element | None:
        """An element of the body; `rsp:` is the namespace of shells."""
        return self.body.find(path, _NAMES)

    def text(self, path: str) -> str:
        element = self.find(path)
        return (element.text or "").strip() if element is not None else ""


def parse(content: bytes) -> Envelope:
    """The envelope of a request; NotWSMan where it is none."""
    try:
        # Whoever gets here has signed in to a lab on loopback, and expat bounds the growth of entities.
        root = ElementTree.fromstring(content)  # noqa: S314
    except (ElementTree.ParseError, ValueError):
        raise NotWSMan from None
    body = root.find("s:Body", _NAMES)
    if body is None:
        raise NotWSMan

    def header(path: str) -> str:
        return (root.findtext(f"s:Header/{path}", "", _NAMES) or "").strip()

    return Envelope(
        action=header("a:Action"),
        message_id=header("a:MessageID"),
        resource=header("w:ResourceURI"),
        shell_id=header("w:SelectorSet/w:Selector[@Name='ShellId']"),
        timeout=_seconds(header("w:OperationTimeout")),
        body=body,
    )


def _seconds(duration: str) -> float:
    found = re.fullmatch(r"PT(\d+(?:\.\d+)?)S", duration)
    return min(float(found[1]), 60.0) if found else 20.0


def reply(request: Envelope, action: str, body: str) -> str:
    """The envelope that answers a request."""
    return (
        f'<s:Envelope xmlns:s="{_SOAP}" xmlns:a="{_ADDRESSING}" xmlns:w="{_WSMAN}" xmlns:rsp="{SHELL}">'
        f"<s:Header><a:Action>{action}</a:Action><a:MessageID>uuid:{str(uuid.uuid4()).upper()}</a:MessageID>"
        f"<a:To>{_ADDRESSING}/role/anonymous</a:To><a:RelatesTo>{escape(request.message_id)}</a:RelatesTo>"
        f"</s:Header><s:Body>{body}</s:Body></s:Envelope>"
    )


def fault(request: Envelope, problem: WSManFault, machine: str) -> str:
    """The envelope that tells of a fault."""
    subcode = "w:AccessDenied" if problem.code == ACCESS_DENIED else "w:InternalError"
    subcode = "w:TimedOut" if problem.code == OPERATION_TIMEOUT else subcode
    reason = escape(problem.reason)
    return reply(
        request,
        f"{_WSMAN.rsplit('/', 1)[0]}/fault",
        "<s:Fault><s:Code><s:Value>s:Receiver</s:Value>"
        f"<s:Subcode><s:Value>{subcode}</s:Value></s:Subcode></s:Code>"
        f'<s:Reason><s:Text xml:lang="en-US">{reason}</s:Text></s:Reason>'
        f'<s:Detail><f:WSManFault xmlns:f="{_FAULT}" Code="{problem.code}" Machine={quoteattr(machine)}>'
        f"<f:Message>{reason}</f:Message></f:WSManFault></s:Detail></s:Fault>",
    )


def created(request: Envelope, shell_id: str, account: str) -> str:
    """The body that tells of a new shell."""
    resource = escape(request.resource)
    return (
        f'<x:ResourceCreated xmlns:x="{TRANSFER}"><a:Address>{_ADDRESSING}/role/anonymous</a:Address>'
        f"<a:ReferenceParameters><w:ResourceURI>{resource}</w:ResourceURI><w:SelectorSet>"
        f'<w:Selector Name="ShellId">{escape(shell_id)}</w:Selector></w:SelectorSet></a:ReferenceParameters>'
        f"</x:ResourceCreated>{shell(shell_id, resource, account)}"
    )


def shell(shell_id: str, resource: str, account: str) -> str:
    """The state of a shell."""
    return (
        f"<rsp:Shell><rsp:ShellId>{escape(shell_id)}</rsp:ShellId><rsp:ResourceUri>{resource}</rsp:ResourceUri>"
        f"<rsp:Owner>{escape(account)}</rsp:Owner><rsp:State>Connected</rsp:State>"
        "<rsp:IdleTimeOut>PT7200.000S</rsp:IdleTimeOut><rsp:InputStreams>stdin pr</rsp:InputStreams>"
        "<rsp:OutputStreams>stdout</rsp:OutputStreams></rsp:Shell>"
    )


def received(stream: str, command_id: str, *, done: bool) -> str:
    """The body that brings a piece of output, in Base64."""
    command = f" CommandId={quoteattr(command_id)}" if command_id else ""
    state = (
        f'<rsp:CommandState{command} State="{SHELL}/CommandState/{"Done" if done else "Running"}"/>' if command else ""
    )
    return f'<rsp:ReceiveResponse><rsp:Stream Name="stdout"{command}>{stream}</rsp:Stream>{state}</rsp:ReceiveResponse>'
