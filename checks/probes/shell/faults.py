"""Why a remote shell could not answer: what the libraries raise, in sentences of ours, with what mends it.

None of their own texts is passed on, for they may quote anything; only a verifier's words and a server's reason are,
cleaned. Only a lane's thread imports this module, as it imports pypsrp.
"""

import ssl

import requests
from pypsrp.exceptions import AuthenticationError, InvalidPSRPOperation, WinRMTransportError, WSManFaultError
from spnego.exceptions import InvalidCredentialError, SpnegoError

from checks.model import Reason
from checks.probes.shell import remedies
from checks.probes.shell.failure import Failure, failed
from checks.probes.shell.line import MOST_BYTES, Line, TooMuch
from checks.probes.shell.session import Ended
from checks.probes.shell.sign_in import SignInLost, Unsealed
from checks.probes.shell.target import Account, Target
from checks.text import clean

_ACCESS_DENIED = 5
_TIMED_OUT = 2150858793
_NO_SUCH_RESOURCE = 2150858811
_NO_SUCH_SHELL = 2150858843
_TOO_MANY_SHELLS = 2150859173
_TOO_MANY_OPERATIONS = 2150859174
_NO_SSL_SESSION = 2150859194
"""In PowerShell's own sign: -2144108102."""


def failure(error: Exception, line: Line, target: Target, account: Account) -> Failure:
    """What an exception on the way to, or from, the endpoint means."""
    match error:
        case SignInLost():
            return failed(Reason.UNREACHABLE, f"The connection to {target.host} was lost.", dropped=True, unheard=True)
        case Unsealed():
            return failed(
                Reason.UNREACHABLE,
                f"{target.url} does not encrypt its messages, so nothing is asked there. "
                f"Name its https address instead, such as {remedies.https_address(target)}.",
            )
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
            return failed(
                Reason.UNREACHABLE,
                f"{target.host} could not start a PowerShell session: it broke at once. {remedies.OLD_FRAMEWORK}",
            )
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
    # Once the proof of the password has been sent, it counts as refused, whatever came back. A ticket's own server
    # refuses before anything was sent to the endpoint.
    if (
        line.proved
        or isinstance(error, InvalidCredentialError)
        or (line.signing and isinstance(error, AuthenticationError))
    ):
        return failed(
            Reason.DENIED,
            f"The endpoint refused the sign-in of {account.name}. It is not tried again with this password, so "
            f"that the account is not locked out: {remedies.PASSWORD_ANEW}",
            refused=True,
        )
    if not line.signing:
        return _never_began(error, line, target, account)
    return _broke_off(error, target, account)


def _never_began(error: Exception, line: Line, target: Target, account: Account) -> Failure:
    """Nothing of a sign-in was sent: the endpoint offers no way that is open here."""
    offered = [scheme for scheme in line.offered if scheme in {"negotiate", "kerberos", "ntlm", "basic"}]
    if offered == ["kerberos"] and isinstance(error, ImportError):
        return failed(
            Reason.MISSING_DEPENDENCY,
            f"{target.host} takes Kerberos alone, and for that this system needs the Python packages gssapi and krb5: "
            "pip install pyspnego[kerberos].",
        )
    if offered == ["kerberos"]:
        # With a password the ticket's own server may have been asked, and have refused it.
        return failed(
            Reason.MISSING_INPUT,
            f"{target.host} takes Kerberos alone, and there is no ticket here for {account.name}. Sign in to a "
            "computer of its domain as that user, or fetch a ticket with kinit; klist shows the tickets.",
            refused=account.password is not None,
        )
    if offered == ["basic"] and not target.tls:
        return failed(
            Reason.UNREACHABLE,
            f"{target.url} takes Basic alone, which would show the password to everybody on the way, so nothing was "
            f"sent. Name its https address instead, such as {remedies.https_address(target)}.",
        )
    if offered == ["basic"]:
        return failed(
            Reason.MISSING_INPUT, f"{target.host} takes Basic alone, which needs an account. {remedies.NAME_ACCOUNT}"
        )
    if isinstance(error, AuthenticationError):
        ways = clean(", ".join(line.offered), 200) or "no way at all"
        return failed(
            Reason.UNREACHABLE,
            f"{target.url} offers neither Negotiate nor NTLM nor Kerberos, so nobody can sign in there: "
            f"it offers {ways}.",
        )
    return _broke_off(error, target, account)


def _broke_off(error: Exception, target: Target, account: Account) -> Failure:
    if isinstance(error, SpnegoError) and not account.user:
        return failed(
            Reason.MISSING_INPUT,
            f"This session has no Windows sign-in that {target.host} could take. {remedies.NAME_ACCOUNT}",
        )
    return failed(
        Reason.UNREACHABLE,
        f"The sign-in of {account.name} at {target.host} broke off before it was decided ({type(error).__name__}).",
    )


def _fault(code: int, reason: str | None, target: Target, account: Account) -> Failure:
    if code == _ACCESS_DENIED:
        return failed(Reason.DENIED, remedies.access_denied(target, account))
    if code == _TIMED_OUT:
        return failed(Reason.TIMEOUT, f"{target.host} took the request and did not answer it in time.")
    if code == _NO_SUCH_RESOURCE:
        return failed(Reason.UNREACHABLE, remedies.no_endpoint(target))
    if code == _NO_SUCH_SHELL:
        return failed(
            Reason.UNREACHABLE, f"{target.host} has ended the PowerShell session.", dropped=True, unheard=True
        )
    if code in {_TOO_MANY_SHELLS, _TOO_MANY_OPERATIONS}:
        return failed(Reason.DENIED, remedies.no_session_left(target, account))
    if code == _NO_SSL_SESSION:
        return failed(
            Reason.UNREACHABLE,
            f"{target.host} could not set up remote PowerShell over SSL (-2144108102). {remedies.OLD_FRAMEWORK}",
        )
    words = f": “{clean(reason, 300)}”" if reason else ""
    return failed(Reason.UNREACHABLE, f"{target.host} refused to run a PowerShell session (fault {code}){words}.")


def _status(status: int, target: Target, account: Account) -> Failure:
    if status == 404:
        return failed(Reason.UNREACHABLE, remedies.no_endpoint(target))
    if status == 403:
        return failed(Reason.DENIED, remedies.access_denied(target, account))
    if status >= 500 and target.of_lync:
        return failed(
            Reason.UNREACHABLE,
            f"{target.url} answers HTTP {status}: its application pool in IIS may be stopped or failing.",
        )
    if status >= 500:
        return failed(
            Reason.UNREACHABLE, f"{target.url} answers HTTP {status}: Restart-Service WinRM on that computer may help."
        )
    return failed(Reason.UNREACHABLE, f"{target.url} answers HTTP {status}, which no PowerShell endpoint does.")


def _unreached(line: Line, target: Target) -> Failure:
    match line.fault:
        case ssl.SSLCertVerificationError() as fault:
            words = clean(fault.verify_message or "verification failed", 200)
            return failed(
                Reason.UNREACHABLE,
                f"The certificate of {target.host} does not verify: {words}. An authority of your own is named with "
                "--ca-file; the address has to have a name that the certificate has.",
            )
        case ssl.SSLError() as fault:
            words = clean(fault.reason or "no reason given", 200)
            known = f" {remedies.OLD_FRAMEWORK}" if target.of_lync else ""
            return failed(Reason.UNREACHABLE, f"No TLS connection with {target.host} ({line.address}): {words}.{known}")
        case TimeoutError():
            return failed(Reason.TIMEOUT, f"{target.host} ({line.address}) does not answer: the connection timed out.")
        case ConnectionRefusedError():
            return failed(
                Reason.UNREACHABLE,
                f"{target.host} ({line.address}) refuses the connection. {remedies.not_listening(target)}",
            )
        case OSError() as fault:
            # What is no error of this system is a proxy's refusal to connect onwards.
            words = clean(fault.strerror or str(fault) or type(fault).__name__, 200)
            return failed(Reason.UNREACHABLE, f"{target.host} ({line.address}) cannot be reached: {words}.")
    return failed(Reason.UNREACHABLE, f"The connection to {target.host} ({line.address}) was lost.", dropped=True)
