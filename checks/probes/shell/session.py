"""A PowerShell session at a remote endpoint, spoken by pypsrp over a line of ours. Everything here blocks.

Only a lane's thread imports this module: pypsrp takes a sixth of a second to load.
"""

import logging
import ssl
import threading
import warnings
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

from pypsrp.complex_objects import PSCredential, PSInvocationState
from pypsrp.exceptions import AuthenticationError, WinRMTransportError
from pypsrp.powershell import PowerShell, RunspacePool
from pypsrp.shell import SignalCode
from pypsrp.wsman import WSMan

from checks.knowledge.clixml import Reader
from checks.probes import Cmdlet, CmdletError, Login, Objects, Parameter, Unanswered
from checks.probes.accounts import Accounts
from checks.probes.shell.line import Line
from checks.probes.shell.sign_in import SignIn, SignInLost
from checks.probes.shell.target import Account, Target
from checks.probes.shell.transport import http_session
from checks.text import clean

_POLL_SECONDS = 1
"""How long an endpoint may keep a request for output: the time after which a stop is noticed."""
_OPERATION_SECONDS = 15
_MOST_ENVELOPE = 512 * 1024
"""Bytes. pypsrp asks for 150 KiB; what it does with fragments takes time by the square of an envelope's size."""
_MOST_RECORDS = 200
_MOST_LEFT = 20
"""Pipelines that ended and still have their place at the server, which gives a session a thousand."""
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


class NotWSMan(Exception):
    """What came as an envelope is larger than was asked for, or holds a document type, as none of WS-Management does."""


class NoPassword(Exception):
    """A test user was to sign in whose password is not known, or was refused."""


class Session:
    """A runspace pool of one, over one connection."""

    def __init__(
        self, target: Target, account: Account, line: Line, context: ssl.SSLContext, accounts: Accounts
    ) -> None:
        self._target = target
        self._accounts = accounts
        self._line = line
        self._sign_in = SignIn(account, line, sealing=not target.tls)
        # The transport is given its HTTP session, and so never builds one that trusts and resolves on its own.
        self._wsman = WSMan(
            target.host, port=target.port, path=target.path, ssl=target.tls, operation_timeout=_OPERATION_SECONDS
        )
        self._http = http_session(target, self._sign_in, line, context)
        self._wsman.transport.session = self._http
        send: Any = partial(_without_entities, self._wsman.transport.send)
        self._wsman.transport.send = send  # type: ignore[method-assign]
        self._pool = RunspacePool(self._wsman, configuration_name="Microsoft.PowerShell")
        self._done: deque[str] = deque()
        self.begun = False
        """True once the endpoint has taken the last command."""

    def open(self) -> None:
        """Signs in and opens the runspace pool. Raises what pypsrp, requests and spnego raise."""
        self._line.begin()
        if not self._target.tls:
            self._seal()
        self._pool.open()
        self._sign_in.finish()

    def invoke(self, question: Cmdlet, stopping: threading.Event) -> Objects | None:
        """What the cmdlet brought back; None where it was stopped because `stopping` was set."""
        while len(self._done) >= _MOST_LEFT:
            self._tidy_one()
        self._line.begin()
        self.begun = False
        powershell = PowerShell(self._pool).add_cmdlet(question.name)
        for name, value in question.parameters:
            powershell.add_parameter(name, self._argument(value))
        powershell.begin_invoke(remote_stream_options=0)
        self.begun = True
        while powershell.state == PSInvocationState.RUNNING:
            if stopping.is_set():
                powershell.stop()
                return None
            powershell.poll_invoke(timeout=_POLL_SECONDS)
        self._pool.pipelines.pop(powershell.id, None)
        self._done.append(powershell.id)
        if powershell.state not in {PSInvocationState.COMPLETED, PSInvocationState.FAILED}:
            raise Ended
        return _objects(powershell)

    def _argument(self, value: Parameter) -> Any:
        """A parameter as pypsrp sends it: a password is encrypted with a key that the endpoint gives to this session."""
        match value:
            case tuple():
                return list(value)
            case Login():
                password = self._accounts.password(value)
                if isinstance(password, Unanswered):
                    raise NoPassword
                self._pool.exchange_keys()
                return PSCredential(  # type: ignore[no-untyped-call]
                    username=value.user, password=password.reveal()
                )
        return value

    def tidy(self, wanted: threading.Event) -> None:
        """Frees at the server what pipelines have left there, until the session is `wanted` for something else."""
        while self._done and not wanted.is_set():
            self._tidy_one()

    def close(self) -> None:
        """Gives the runspace pool back; a server allows only a few to each account."""
        self._line.begin()
        try:
            self._give_back()
        finally:
            self._wsman.close()

    def _tidy_one(self) -> None:
        self._line.begin()
        self._pool.shell.signal(SignalCode.TERMINATE, command_id=self._done.popleft())

    def _give_back(self) -> None:
        try:
            self._pool.close()
        except SignInLost:
            self._sign_in.renew()
            if not self._target.tls:
                self._seal()
            self._pool.close()

    def _seal(self) -> None:
        """Signs in with an empty message; the keys of that sign-in encrypt all that follow."""
        response = self._http.post(self._wsman.transport.endpoint)
        if response.status_code == 401:
            raise AuthenticationError
        if response.status_code != 200:
            raise WinRMTransportError("http", response.status_code, "")
        self._wsman.transport.encryption = self._sign_in.encryption()


def _without_entities(send: Callable[..., bytes], *arguments: Any, **options: Any) -> bytes:
    """An envelope that may be parsed. The page of a web server, which has a document type too, becomes an empty one."""
    try:
        envelope = send(*arguments, **options)
    except WinRMTransportError as error:
        if "<!" in error.response_text:
            raise WinRMTransportError(error.protocol, error.code, "") from None
        raise
    if len(envelope) > _MOST_ENVELOPE or b"<!" in envelope or b"\x00" in envelope[:64]:
        raise NotWSMan
    return envelope


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
