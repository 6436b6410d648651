"""What an answer of the shell tells: an object that does not exist is not a cmdlet that the session does not have."""

import pytest

from checks.deployment import Deployment, Vantage
from checks.knowledge.shell_answers import unseen
from checks.model import Reason
from checks.probes import CmdletError, Objects, Unanswered

NO_USER = CmdletError(
    message='Management object not found for identity "sip:x@litwareinc.com".', id="x", category="ObjectNotFound"
)
NO_CMDLET = CmdletError(
    message="The term 'Get-CsUser' is not recognized as the name of a cmdlet.",
    id="CommandNotFoundException",
    category="ObjectNotFound",
)
NO_RIGHT = CmdletError(message="Insufficient access rights to perform the operation", category="NotSpecified")
INSIDE = Deployment()


def test_that_an_object_does_not_exist_can_be_judged() -> None:
    assert unseen(Objects(errors=(NO_USER,)), INSIDE) is None
    assert unseen(Objects(), INSIDE) is None


@pytest.mark.parametrize(("error", "reason"), [(NO_CMDLET, Reason.DENIED), (NO_RIGHT, Reason.DENIED)])
def test_what_could_not_be_asked_is_never_judged(error: CmdletError, reason: Reason) -> None:
    seen = unseen(Objects(errors=(error,)), INSIDE)
    assert seen is not None
    assert seen.reason is reason


def test_only_a_seat_without_a_shell_makes_it_not_applicable() -> None:
    missing = Unanswered(reason=Reason.MISSING_INPUT, detail="No Lync shell was given.")
    refused = Unanswered(reason=Reason.DENIED, detail="Refused.")
    for seat in Vantage:
        seen = unseen(missing, Deployment(vantage=seat))
        assert seen is not None
        assert seen.seat_has_no_shell == (seat in {"outside", "edge"})
        seen = unseen(refused, Deployment(vantage=seat))
        assert seen is not None
        assert not seen.seat_has_no_shell
