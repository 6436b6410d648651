"""The HTTP session under a remote shell: connected by a line of ours, trusting and resolving nothing on its own.

Only a lane's thread imports this module, as it imports requests.
"""

import base64
import ssl
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import requests
import urllib3
from pypsrp.exceptions import AuthenticationError
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection

from checks.probes.shell.line import LONGEST_READ, Line
from checks.probes.shell.sign_in import SignIn, Unsealed
from checks.probes.shell.target import Target

_MOST_TOKENS = 6
_NTLM_PROOF = b"NTLMSSP\x00\x03\x00\x00\x00"
"""How NTLM's AUTHENTICATE message begins, also inside of SPNEGO."""


def http_session(target: Target, sign_in: SignIn, line: Line, context: ssl.SSLContext) -> requests.Session:
    """A session that reaches the target alone, signs in by `sign_in`, and counts on the line what comes in."""
    session = requests.Session()
    session.trust_env = False
    # A redirect would carry the sign-in to whoever is named in it.
    session.max_redirects = 0
    session.headers.update({"User-Agent": "lyncdoctor", "Accept-Encoding": "identity"})
    session.auth = sign_in
    session.adapters.clear()
    session.mount(f"{target.scheme}://", _Adapter(_connections(target, line, context), line, sealed=not target.tls))
    return session


class _SecretConnection(HTTPSConnection):
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
        self._line.reached()


class _PlainConnection(HTTPConnection):
    """The same without TLS. A proxy is asked for a tunnel: Windows sign-in needs one connection to the endpoint."""

    def __init__(self, *arguments: Any, line: Line, by_proxy: bool, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._line = line
        self._by_proxy = by_proxy

    def _new_conn(self) -> Any:
        return self._line.connect()

    def connect(self) -> None:
        try:
            if self._by_proxy:
                self.set_tunnel(self.host, self.port)
            super().connect()
        except OSError as error:
            self._line.fault = error
            raise
        self._line.reached()


class _Adapter(HTTPAdapter):
    """Sends every request of a session through one pool of connections, whatever requests would choose."""

    def __init__(self, pool: urllib3.HTTPConnectionPool, line: Line, *, sealed: bool) -> None:
        super().__init__()
        self._pool = pool
        self._line = line
        self._sealed = sealed

    def get_connection_with_tls_context(self, *_: Any, **__: Any) -> Any:
        return self._pool

    def get_connection(self, *_: Any, **__: Any) -> Any:
        """Asked by requests before 2.32."""
        return self._pool

    def cert_verify(self, *_: Any, **__: Any) -> None:
        """The pool's own context verifies; requests would add the authorities that certifi brings."""

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        if self._sealed and request.body and not _is_sealed(request.headers):
            raise Unsealed
        scheme, token = _authorization(request)
        self._guard_sign_in(scheme, token)
        response = super().send(request, timeout=LONGEST_READ)
        if token:
            self._line.signing.append(self._line.connections)
            if response.status_code == 200:
                # Any other answer may be the end of all signing in, which is decided elsewhere.
                self._line.leave_turn()
        self._line.status = response.status_code
        if self._sealed and request.body and _should_be_sealed(response) and not _is_sealed(response.headers):
            raise Unsealed
        response.raw.stream = partial(_counted, response.raw.stream, self._line)  # type: ignore[method-assign]
        return response

    def close(self) -> None:
        self._pool.close()
        super().close()

    def _guard_sign_in(self, scheme: str, token: bytes) -> None:
        """Lets one proof of the password out for each sign-in. A server that answers it with 401 and yet another token
        would have pypsrp send it for ever, and the account be locked out. Basic has no sign-in of its own: after a
        first 401 to it no request follows."""
        if not token or scheme == "basic":
            self._line.signing.clear()
        elif self._line.proved or len(self._line.signing) >= _MOST_TOKENS:
            raise AuthenticationError
        self._line.proved = scheme == "basic" or _NTLM_PROOF in token


def _authorization(request: requests.PreparedRequest) -> tuple[str, bytes]:
    """The scheme, in lower case, and the token that a request signs in with; empty where it does not."""
    header: str | bytes = request.headers.get("Authorization") or ""
    scheme, _, encoded = (header if isinstance(header, bytes) else header.encode()).partition(b" ")
    return scheme.decode().lower(), base64.b64decode(encoded)


def _is_sealed(headers: Any) -> bool:
    return str(headers.get("Content-Type", "")).lower().startswith(("multipart/encrypted", "multipart/x-multi-enc"))


def _should_be_sealed(response: requests.Response) -> bool:
    """True for what pypsrp would read as an answer; an error page of the web server itself is never encrypted."""
    return response.status_code == 200 or "soap" in response.headers.get("Content-Type", "").lower()


def _counted(stream: Callable[..., Iterator[bytes]], line: Line, *arguments: Any, **options: Any) -> Iterator[bytes]:
    for chunk in stream(*arguments, **options):
        line.count(len(chunk))
        yield chunk


def _connections(target: Target, line: Line, context: ssl.SSLContext) -> urllib3.HTTPConnectionPool:
    pool: urllib3.HTTPConnectionPool
    if not target.tls:
        pool = urllib3.HTTPConnectionPool(target.host, target.port, maxsize=1)
        pool.ConnectionCls = partial(  # type: ignore[assignment]
            _PlainConnection, line=line, by_proxy=bool(target.proxy)
        )
        return pool
    if target.proxy:
        proxy = urllib3.ProxyManager(target.proxy, num_pools=1, maxsize=1, ssl_context=context)
        pool = proxy.connection_from_host(target.host, target.port, "https")
    else:
        pool = urllib3.HTTPSConnectionPool(target.host, target.port, maxsize=1, ssl_context=context)
    pool.ConnectionCls = partial(_SecretConnection, line=line)  # type: ignore[assignment]
    return pool
