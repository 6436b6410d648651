"""Signing in over HTTP: Negotiate, Kerberos or NTLM by pyspnego; Basic where an endpoint takes nothing else.

Only a lane's thread imports this module, as it imports pypsrp.
"""

import base64
from typing import Any

import requests
from pypsrp.encryption import WinRMEncryption
from pypsrp.exceptions import AuthenticationError
from pypsrp.negotiate import HTTPNegotiateAuth
from spnego import ContextProxy, ContextReq

from checks.knowledge.challenges import schemes
from checks.probes.shell.line import Line
from checks.probes.shell.target import Account

_BY_PREFERENCE = ("Negotiate", "Kerberos", "NTLM")
_SEALS = ContextReq.confidentiality | ContextReq.integrity


class Unsealed(Exception):
    """Something would have been, or was, said over plain HTTP without encryption."""


class SignInLost(Exception):
    """A message met a connection on which nobody has signed in: the one with the session's sign-in is gone, or this one
    was cut before it was its turn to sign in."""


class SignIn(HTTPNegotiateAuth):
    """Answers a 401 in the best way that the endpoint offers. Takes the password out of its secret for that alone."""

    def __init__(self, account: Account, line: Line, *, sealing: bool) -> None:
        """`sealing`: the connection is not encrypted, so the sign-in's keys have to encrypt every message."""
        self._account = account
        self._line = line
        self._sealing = sealing
        self._basic = False
        self._done = False
        super().__init__(
            username=account.user or None, auth_provider="negotiate", service="http", wrap_required=sealing
        )

    @property
    def password(self) -> str | None:
        return self._account.password.reveal() if self._account.password is not None else None

    @password.setter
    def password(self, _: str | None) -> None:
        """The base class sets what it was given: nothing."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._basic:
            self._add_basic(request)
        signed: requests.PreparedRequest = super().__call__(request)  # type: ignore[no-untyped-call]
        return signed

    def finish(self) -> None:
        """The session is open: from here on nobody signs in for it unasked, since several sessions could at once be
        refused."""
        self._done = True

    def renew(self) -> None:
        """Lets the session sign in once more, over a new connection."""
        self._done = False

    def response_hook(self, response: requests.Response, **options: Any) -> requests.Response:
        """The response after signing in, where it was a 401. AuthenticationError where no way in is offered.

        Raises SignInLost where the session had signed in before.
        """
        if response.status_code != 401 or self._basic:
            return response
        # What an earlier sign-in encrypted cannot be read by the keys of a new one.
        if self._done or (self._sealing and response.request.body):
            raise SignInLost
        if not self._line.take_turn():
            raise SignInLost
        self._line.offered = offered = schemes(response.headers.items())
        for provider in _BY_PREFERENCE:
            if provider.lower() in offered:
                return self._by_windows(provider, response, **options)
        if "basic" in offered and not self._sealing and self._account.user:
            return self._by_basic(response, **options)
        raise AuthenticationError

    def encryption(self) -> WinRMEncryption:
        """What encrypts and decrypts the messages of this connection. Raises Unsealed where the sign-in gave no keys."""
        context = next(iter(self.contexts.values()), None)
        if not isinstance(context, ContextProxy) or not context.complete or context.context_attr & _SEALS != _SEALS:
            raise Unsealed
        by_kerberos = getattr(context, "response_auth_header", "") == "kerberos"
        return WinRMEncryption(context, WinRMEncryption.KERBEROS if by_kerberos else WinRMEncryption.SPNEGO)

    def _by_windows(self, provider: str, response: requests.Response, **options: Any) -> requests.Response:
        options["_pypsrp_auth_provider"] = provider
        answered: requests.Response = super().handle_401(response, **options)  # type: ignore[no-untyped-call]
        return answered

    def _by_basic(self, response: requests.Response, **options: Any) -> requests.Response:
        response.content  # noqa: B018 - read to the end, so that the connection can be used again
        response.raw.release_conn()
        self._basic = True
        request = response.request.copy()
        self._add_basic(request)
        again: requests.Response = response.connection.send(request, **options)
        return again

    def _add_basic(self, request: requests.PreparedRequest) -> None:
        credentials = f"{self._account.user}:{self.password or ''}".encode()
        request.headers["Authorization"] = f"Basic {base64.b64encode(credentials).decode()}"
