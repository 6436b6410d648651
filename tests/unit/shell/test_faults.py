"""What stopped a sign-in or a session, in a sentence with what mends it, for the cases that no server here can make."""

import pytest
from pypsrp.exceptions import AuthenticationError, InvalidPSRPOperation, WSManFaultError
from spnego.exceptions import BadNameError, InvalidCredentialError, NoCredentialError

from checks.model import Reason
from checks.probes.shell.failure import Failure
from checks.probes.shell.faults import failure
from checks.probes.shell.line import Line
from checks.probes.shell.target import Account, Target, parse_target
from checks.secret import Secret

POOL = parse_target("https://pool01.litwareinc.com/OcsPowershell", "")
EDGE = parse_target("http://atl-edge-001.litwareinc.com:5985/wsman", "none")
KEN = Account(r"litwareinc\kenmyer", Secret("canary-2a"))
NOBODY = Account("", None)


def fault(code: int) -> WSManFaultError:
    return WSManFaultError(code, "pool01", None, None, None, None)


def meant(error: Exception, target: Target, account: Account, *, offered: str = "", status: int = 401) -> Failure:
    line = Line([], connect=1, connecting=1)
    line.status = status
    line.offered = tuple(offered.split())
    return failure(error, line, target, account)


@pytest.mark.parametrize(
    ("error", "account", "offered", "reason", "words", "refused"),
    [
        (NoCredentialError(), NOBODY, "kerberos", Reason.MISSING_INPUT, "fetch a ticket with kinit", False),
        (BadNameError(), KEN, "kerberos", Reason.MISSING_INPUT, "no ticket here", True),
        (InvalidCredentialError(), KEN, "kerberos", Reason.DENIED, "not tried again", True),
        (InvalidCredentialError(), KEN, "negotiate", Reason.DENIED, "not tried again", True),
        (NoCredentialError(), NOBODY, "negotiate", Reason.MISSING_INPUT, "--shell-user", False),
        (AuthenticationError(), KEN, "digest bearer", Reason.UNREACHABLE, "it offers digest, bearer", False),
        (AuthenticationError(), KEN, "", Reason.UNREACHABLE, "it offers no way at all", False),
        (AuthenticationError(), NOBODY, "basic", Reason.MISSING_INPUT, "Basic alone", False),
    ],
)
def test_what_stopped_a_sign_in(
    error: Exception, account: Account, offered: str, reason: Reason, words: str, refused: bool
) -> None:
    found = meant(error, POOL, account, offered=offered)
    assert found.answer.reason is reason
    assert words in found.answer.detail
    assert found.refused is refused
    assert "canary" not in repr(found)


@pytest.mark.parametrize(
    ("error", "target", "words"),
    [
        (fault(5), POOL, "Add-ADGroupMember -Identity CsViewOnlyAdministrator -Members kenmyer"),
        (fault(5), EDGE, "Remote Management Users"),
        (fault(2150858811), POOL, "https://<pool>/OcsPowershell"),
        (fault(2150858811), EDGE, "Enable-PSRemoting -Force"),
        (fault(-2144108102), POOL, "is 379893 or more"),
        (InvalidPSRPOperation(), POOL, "KB 3169706"),
        (RecursionError(), POOL, "is not PowerShell remoting (RecursionError)"),
        (MemoryError(), EDGE, "http://atl-edge-001.litwareinc.com:5985/wsman"),
    ],
)
def test_what_stopped_a_session(error: Exception, target: Target, words: str) -> None:
    found = meant(error, target, KEN, status=500)
    assert words in found.answer.detail
    assert not found.refused
