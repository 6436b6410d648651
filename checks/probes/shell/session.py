"""A PowerShell session at a remote endpoint, spoken by pypsrp over a line of ours. Everything here blocks.

Only a lane's thread imports this module: pypsrp takes a sixth of a second to load.
"""

import base64
import logging
import ssl
import threading
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import requests
import urllib3
from pypsrp.complex_objects import PSInvocationState
from pypsrp.exceptions import AuthenticationError
from pypsrp.negotiate import HTTPNegotiateAuth
from pypsrp.powershell import PowerShell, RunspacePool
from pypsrp.shell import SignalCode
from pypsrp.wsman import WSMan
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection

from checks.probes import Cmdlet, CmdletError, Objects
from checks.knowledge.clixml import Reader
from checks.probes.shell.line import LONGEST_READ, Line
from checks.probes.shell.target import Account, Target
from checks.text import clean

_POLL_SECONDS = 1
"""How long an endpoint may keep a request for output: the time after which a stop is noticed."""
_OPERATION_SECONDS = 15
_MOST_RECORDS = 200
_MOST_TOKENS = 6
_NTLM_PROOF = b"NTLMSSP\x00\x03\x00\x00\x00"
"""How NTLM's AUTHENTICATE message begins, also inside of SPNEGO."""
_CATEGORIES = (
    "NotSpecified", "OpenError", "CloseError", "DeviceError", "DeadlockDetected", "InvalidArgument", "InvalidData",
    "InvalidOperation", "InvalidResult", "InvalidType", "MetadataError", "NotImplemented", "NotInstalled",
    "ObjectNotFound", "OperationStopped", "OperationTimeout", "SyntaxError", "ParserError", "PermissionDenied",
    "ResourceBusy", "ResourceExists", "ResourceUnavailable", "ReadError", "WriteError", "FromStdErr", "SecurityError",
    "ProtocolError", "ConnectionError", "AuthenticationError", "LimitsExceeded", "QuotaExceeded", "NotEnabled",
)  # fmt: skip

# They log whole messages, some of them as warnings, and a server's text would reach the screen through them.
for _library in ("pypsrp", "spnego", "urllib3"):
    logging.getLogger(_library).setLevel(logging.CRITICAL)
for _module in (r"pypsrp\.", r"urllib3\."):
    warnings.filterwarnings("ignore", module=_module)


class Ended(Exception):
    """The server ended a pipeline that nobody had stopped."""


class Session:
    """A runspace pool of one, over one connection."""

    def __init__(self, target: Target, account: Account, line: Line, context: ssl.SSLContext) -> None:
        self._line = line
        # The transport is given its HTTP session, and so never builds one that trusts and resolves on its own.
        self._wsman = WSMan(target.host, port=target.port, path=target.path, operation_timeout=_OPERATION_SECONDS)
        self._wsman.transport.session = _http(target, account, line, context)
        self._pool = RunspacePool(self._wsman, configuration_name="Microsoft.PowerShell")
        self._done: PowerShell | None = None

    def open(self) -> None:
        """Signs in and opens the runspace pool. Raises what pypsrp, requests and spnego raise."""
        self._line.begin()
        self._pool.open()

    def invoke(self, question: Cmdlet, stopping: threading.Event) -> Objects | None:
        """What the cmdlet brought back; None where it was stopped because `stopping` was set."""
        self._line.begin()
        powershell = PowerShell(self._pool).add_cmdlet(question.name)
        for name, value in question.parameters:
            powershell.add_parameter(name, list(value) if isinstance(value, tuple) else value)
        powershell.begin_invoke(remote_stream_options=0)
        while powershell.state == PSInvocationState.RUNNING:
            if stopping.is_set():
                powershell.stop()
                return None
            powershell.poll_invoke(timeout=_POLL_SECONDS)
        self._done = powershell
        if powershell.state not in {PSInvocationState.COMPLETED, PSInvocationState.FAILED}:
            raise Ended
        return _objects(powershell)

    def tidy(self) -> None:
        """Frees at the server what the last pipeline left there."""
        powershell, self._done = self._done, None
        if powershell is not None:
            self._pool.pipelines.pop(powershell.id, None)
            self._line.begin()
            self._pool.shell.signal(SignalCode.TERMINATE, command_id=powershell.id)

    def close(self) -> None:
        """Gives the runspace pool back; a server allows only a few to each account."""
        self._line.begin()
        try:
            self._pool.close()
        finally:
            self._wsman.close()


class _SignIn(HTTPNegotiateAuth):
    """Takes the password out of its secret for the library's call alone."""

    def __init__(self, account: Account) -> None:
        self._account = account
        super().__init__(username=account.user or None, auth_provider="negotiate", service="http")

    @property
    def password(self) -> str | None:
        return self._account.password.reveal() if self._account.password is not None else None

    @password.setter
    def password(self, _: str | None) -> None:
        """The base class sets what it was given: nothing."""


class _Connection(HTTPSConnection):
    """Connects by the line, and so to the address that our own resolver gave; TLS still asks for the real name."""

    def __init__(self, *arguments: Any, line: Line, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._line = line

    def _new_conn(self) -> Any:
        return self._line.connect()

    def connect(self) -> None:
        try:
            super().connect()
        except OSError as error:
            self._line.fault = error
            raise


class _Adapter(HTTPAdapter):
    """Sends every request of a session through one pool of connections, whatever requests would choose."""

    def __init__(self, pool: urllib3.HTTPConnectionPool, line: Line) -> None:
        super().__init__()
        self._pool = pool
        self._line = line

    def get_connection_with_tls_context(self, *_: Any, **__: Any) -> Any:
        return self._pool

    def get_connection(self, *_: Any, **__: Any) -> Any:
        """Asked by requests before 2.32."""
        return self._pool

    def cert_verify(self, *_: Any, **__: Any) -> None:
        """The pool's own context verifies; requests would add the authorities that certifi brings."""

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        token = _token(request)
        self._guard_sign_in(token)
        response = super().send(request, timeout=LONGEST_READ)
        if token:
            self._line.signing.append(self._line.connections)
        self._line.status = response.status_code
        response.raw.stream = partial(_counted, response.raw.stream, self._line)  # type: ignore[method-assign]
        return response

    def close(self) -> None:
        self._pool.close()
        super().close()

    def _guard_sign_in(self, token: bytes) -> None:
        """Lets one proof of the password out for each sign-in. A server that answers it with 401 and yet another token
        would have pypsrp send it for ever, and the account be locked out."""
        if not token:
            self._line.signing.clear()
        elif self._line.proved or len(self._line.signing) >= _MOST_TOKENS:
            raise AuthenticationError
        self._line.proved = _NTLM_PROOF in token


def _token(request: requests.PreparedRequest) -> bytes:
    """The token of a sign-in that a request carries; empty where it carries none."""
    header: str | bytes = request.headers.get("Authorization") or ""
    _, _, encoded = (header if isinstance(header, bytes) else header.encode()).partition(b" ")
    return base64.b64decode(encoded)


def _counted(stream: Callable[..., Iterator[bytes]], line: Line, *arguments: Any, **options: Any) -> Iterator[bytes]:
    for chunk in stream(*arguments, **options):
        line.count(len(chunk))
        yield chunk


def _http(target: Target, account: Account, line: Line, context: ssl.SSLContext) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    # A redirect would carry the sign-in to whoever is named in it.
    session.max_redirects = 0
    session.headers.update({"User-Agent": "lyncdoctor", "Accept-Encoding": "identity"})
    session.auth = _SignIn(account)
    session.adapters.clear()
    session.mount("https://", _Adapter(_connections(target, line, context), line))
    return session


def _connections(target: Target, line: Line, context: ssl.SSLContext) -> urllib3.HTTPConnectionPool:
    pool: urllib3.HTTPConnectionPool
    if target.proxy:
        manager = urllib3.ProxyManager(target.proxy, num_pools=1, maxsize=1, ssl_context=context)
        pool = manager.connection_from_host(target.host, target.port, "https")
    else:
        pool = urllib3.HTTPSConnectionPool(target.host, target.port, maxsize=1, ssl_context=context)
    pool.ConnectionCls = partial(_Connection, line=line)  # type: ignore[assignment]
    return pool


def _objects(powershell: PowerShell) -> Objects:
    reader = Reader()
    objects = reader.objects(powershell.output)
    warned = [clean(str(getattr(warning, "message", ""))) for warning in powershell.streams.warning[:_MOST_RECORDS]]
    if reader.cut:
        warned.append("lyncdoctor left out a part of this answer: it was too large.")
    errors = tuple(_error(record) for record in powershell.streams.error[:_MOST_RECORDS])
    return Objects(objects=objects, errors=errors, warnings=tuple(warned))


def _error(record: Any) -> CmdletError:
    category = dict(enumerate(_CATEGORIES)).get(getattr(record, "category", None) or 0, "")
    said = getattr(record, "details_message", None) or getattr(record, "_to_string", None) or str(record)
    return CmdletError(
        message=clean(str(said), 2000),
        id=clean(str(getattr(record, "fq_error", None) or "")),
        category=category,
    )
