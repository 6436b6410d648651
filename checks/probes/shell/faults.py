"""Why a remote shell could not answer: what the libraries raise, in sentences of ours.

None of their own texts is passed on, for they may quote anything; only a verifier's words and a server's reason are,
cleaned. Only a lane's thread imports this module, as it imports pypsrp.
"""

import ssl

import requests
from pypsrp.exceptions import AuthenticationError, InvalidPSRPOperation, WinRMTransportError, WSManFaultError
from spnego.exceptions import InvalidCredentialError, SpnegoError

from checks.model import Reason
from checks.probes.shell.failure import Failure, failed
from checks.probes.shell.line import MOST_BYTES, Line, TooMuch
from checks.probes.shell.session import Ended
from checks.probes.shell.target import Account, Target
from checks.text import clean

_ACCESS_DENIED = 5
_TIMED_OUT = 2150858793
_NO_SUCH_RESOURCE = 2150858811
_NO_SUCH_SHELL = 2150858843
_NO_SSL_SESSION = 2150859194
"""In PowerShell's own sign: -2144108102."""


def failure(error: Exception, line: Line, target: Target, account: Account) -> Failure:
    """What an exception on the way to, or from, the endpoint means."""
    if line.status == 401 and not isinstance(error, requests.RequestException):
        return _sign_in_failed(error, line, target, account)
    match error:
        case WSManFaultError() if isinstance(error.code, int):
            return _fault(error.code & 0xFFFFFFFF, error.reason, target, account)
        case WSManFaultError() | WinRMTransportError():
            return _status(line.status, target, account)
        case TooMuch():
            megabytes = MOST_BYTES // 1024 // 1024
            return failed(Reason.UNREACHABLE, f"{target.host} sent more than {megabytes} MB for one command.")
        case Ended():
            return failed(Reason.UNREACHABLE, f"{target.host} ended the command before it was done.")
        case requests.TooManyRedirects():
            return failed(
                Reason.UNREACHABLE,
                f"{target.url} redirects elsewhere. A sign-in is not carried along: name the address it leads to.",
            )
        case InvalidPSRPOperation():
            return failed(Reason.UNREACHABLE, f"{target.host} could not start a PowerShell session: it broke at once.")
        case requests.RequestException() | OSError():
            return _unreached(line, target)
    return failed(Reason.UNREACHABLE, f"What {target.url} answers is not PowerShell remoting ({type(error).__name__}).")


def _sign_in_failed(error: Exception, line: Line, target: Target, account: Account) -> Failure:
    if len(set(line.signing)) > 1:
        return failed(
            Reason.UNREACHABLE,
            f"Something on the way to {line.address} closes the connection during the sign-in; Windows sign-in "
            "needs one connection from beginning to end.",
        )
    match error:
        case AuthenticationError() if not line.signing:
            return failed(
                Reason.UNREACHABLE, f"{target.url} offers neither Negotiate nor NTLM, so nobody can sign in there."
            )
        # Once the proof of the password has been sent, it counts as refused, whatever came back.
        case _ if line.proved or isinstance(error, AuthenticationError | InvalidCredentialError):
            return failed(
                Reason.DENIED,
                f"The endpoint refused the sign-in of {account.name}. It is not tried again with this password, so "
                "that the account is not locked out.",
                refused=True,
            )
        case SpnegoError() if not account.user:
            return failed(
                Reason.MISSING_INPUT,
                f"This session has no Windows sign-in that {target.host} could take. "
                "Name an account with --shell-user and give its password.",
            )
    return failed(
        Reason.UNREACHABLE,
        f"The sign-in of {account.name} at {target.host} broke off before it was decided ({type(error).__name__}).",
    )


def _fault(code: int, reason: str | None, target: Target, account: Account) -> Failure:
    if code == _ACCESS_DENIED:
        return _access_denied(target, account)
    if code == _TIMED_OUT:
        return failed(Reason.TIMEOUT, f"{target.host} took the request and did not answer it in time.")
    if code == _NO_SUCH_RESOURCE:
        return _no_endpoint(target)
    if code == _NO_SUCH_SHELL:
        return failed(Reason.UNREACHABLE, f"{target.host} has ended the PowerShell session.", dropped=True)
    if code == _NO_SSL_SESSION:
        return failed(
            Reason.UNREACHABLE,
            f"{target.host} could not set up remote PowerShell over SSL (-2144108102). Skype for Business Server 2015 "
            "needs .NET Framework 4.5.2 or later for it from cumulative update 4 on, and Windows Management Framework "
            "5.0 breaks it.",
        )
    words = f": “{clean(reason, 300)}”" if reason else ""
    return failed(Reason.UNREACHABLE, f"{target.host} refused to run a PowerShell session (fault {code}){words}.")


def _status(status: int, target: Target, account: Account) -> Failure:
    if status == 404:
        return _no_endpoint(target)
    if status == 403:
        return _access_denied(target, account)
    if status >= 500:
        return failed(
            Reason.UNREACHABLE,
            f"{target.url} answers HTTP {status}: its application pool in IIS may be stopped or failing.",
        )
    return failed(Reason.UNREACHABLE, f"{target.url} answers HTTP {status}, which no PowerShell endpoint does.")


def _no_endpoint(target: Target) -> Failure:
    return failed(
        Reason.UNREACHABLE,
        f"There is no PowerShell endpoint at {target.url}. On a Front End pool it is https://<pool>/OcsPowershell.",
    )


def _access_denied(target: Target, account: Account) -> Failure:
    return failed(
        Reason.DENIED,
        f"{account.name} signed in at {target.host}, but may not use PowerShell there. The account needs a Lync role, "
        "such as CsViewOnlyAdministrator.",
    )


def _unreached(line: Line, target: Target) -> Failure:
    match line.fault:
        case ssl.SSLCertVerificationError() as fault:
            words = clean(fault.verify_message or "verification failed", 200)
            return failed(Reason.UNREACHABLE, f"The certificate of {target.host} does not verify: {words}.")
        case ssl.SSLError() as fault:
            words = clean(fault.reason or "no reason given", 200)
            return failed(Reason.UNREACHABLE, f"No TLS connection with {target.host} ({line.address}): {words}.")
        case TimeoutError():
            return failed(Reason.TIMEOUT, f"{target.host} ({line.address}) does not answer: the connection timed out.")
        case ConnectionRefusedError():
            return failed(Reason.UNREACHABLE, f"{target.host} ({line.address}) refuses the connection.")
        case OSError() as fault:
            # What is no error of this system is a proxy's refusal to connect onwards.
            words = clean(fault.strerror or str(fault) or type(fault).__name__, 200)
            return failed(Reason.UNREACHABLE, f"{target.host} ({line.address}) cannot be reached: {words}.")
    return failed(Reason.UNREACHABLE, f"The connection to {target.host} ({line.address}) was lost.", dropped=True)
