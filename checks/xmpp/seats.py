"""Why a server told nothing, from the seat of a walk: whether it could have been asked from there at all."""

import msgspec

from checks.deployment import Deployment, Vantage
from checks.knowledge.shell_answers import Unseen, unseen
from checks.model import Reason
from checks.probes import Objects, Unanswered


def of_deployment(answer: Objects | Unanswered, deployment: Deployment) -> Unseen | None:
    """Why an answer about the deployment tells nothing; None where it can be judged.

    An Edge does not reach the Central Management store: what fails there for whatever reason is not for that seat.
    """
    failure = unseen(answer, deployment)
    if failure is None or deployment.vantage is not Vantage.EDGE:
        return failure
    return msgspec.structs.replace(failure, seat_has_no_shell=True)


def of_edge(answer: Objects | Unanswered, deployment: Deployment) -> Unseen | None:
    """The same of a question to the Edge itself: where nothing reaches it from another seat, it is not for that seat."""
    failure = unseen(answer, deployment)
    if failure is None:
        return None
    nobody = isinstance(answer, Unanswered) and answer.reason is Reason.MISSING_INPUT
    away = nobody and deployment.vantage is not Vantage.EDGE
    return msgspec.structs.replace(failure, seat_has_no_shell=away, seen_from=Vantage.EDGE)
