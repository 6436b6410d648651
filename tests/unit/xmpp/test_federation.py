"""The judgement of `xmpp.federation`: one switch, from the deployment's store or from the Edge's own copy."""

from typing import Any

import pytest
from msgspec.structs import replace

from checks.context import Asking, Context
from checks.deployment import Vantage
from checks.journal import VERSION, Began, Journal, now
from checks.knowledge.pasted import understand
from checks.knowledge.push_objects import Federating
from checks.knowledge.shell_answers import Unseen
from checks.model import Reason, Status
from checks.probes import Cmdlet, CmdletError, Objects, Question, Unanswered
from checks.xmpp.federation import STEP, Facts, judge
from tests.unit.mobility.told import Told, deployment, gathered

CMDLET = "Get-CsAccessEdgeConfiguration"
DENIED = Unseen(reason=Reason.DENIED, detail="refused", command=CMDLET)
ON, OFF = Federating(allowed=True, discovery=False), Federating(allowed=False, discovery=True)

TABLE: list[tuple[str, Facts]] = [
    ("allowed", Facts(federating=ON)),
    ("allowed", Facts(federating=replace(ON, discovery=None))),
    ("allowed", Facts(federating=ON, told_by="edge")),
    ("off", Facts(federating=OFF)),
    ("off", Facts(federating=OFF, told_by="edge")),
    ("not-for-this-seat", Facts(unseen=replace(DENIED, seat_has_no_shell=True))),
    ("not-seen", Facts(unseen=DENIED)),
    ("not-seen", Facts()),
    ("not-seen", Facts(federating=Federating(allowed=None, discovery=True))),
]


@pytest.mark.parametrize(("answer", "seen"), TABLE)
def test_judgement(answer: str, seen: Facts) -> None:
    finding = judge(seen)
    assert finding.answer == answer
    if finding.status is Status.FAILED:
        assert "Set-CsAccessEdgeConfiguration -AllowFederatedUsers $True" in [one.command() for one in finding.remedies]


def test_every_answer_is_in_the_table() -> None:
    assert {answer.name for answer in STEP.answers} == {row[0] for row in TABLE}


def test_by_an_old_copy_nothing_is_switched_before_the_store_was_looked_at() -> None:
    assert judge(Facts(federating=OFF, told_by="edge")).remedies[0].cmdlet == ""


PRINTED = """
Identity                               : Global
AllowAnonymousUsers                    : False
AllowFederatedUsers                    : False
AllowOutsideUsers                      : True
BeClearingHouse                        : False
EnablePartnerDiscovery                 : False
RoutingMethod                          : UseDnsSrvRouting
"""


def shown(text: str) -> Objects:
    answer = understand(Cmdlet(name=CMDLET), text)
    assert isinstance(answer, Objects), answer
    return answer


class Stores(Told):
    """The store of the deployment and the Edge's own copy."""

    def __init__(self, stored: Objects | Unanswered, copied: Objects | Unanswered) -> None:
        super().__init__({CMDLET: stored})
        self._copied = copied

    async def ask(self, question: Any) -> Any:
        return self._copied if question.on == "edge" else await super().ask(question)


async def judged(vantage: Vantage, stored: Objects | Unanswered, copied: Objects | Unanswered) -> tuple[Status, str]:
    place = deployment(vantage)
    record = Journal(Began(version=VERSION, runbook="xmpp", deployment=place, at=now()))
    seen = await STEP.gather(Context(place, Asking(Stores(stored, copied), record)))
    return judge(seen).status, seen.told_by


NOBODY = Unanswered(reason=Reason.MISSING_INPUT, detail="There is no shell.", command=CMDLET)
STORE_AWAY = Objects(objects=(), errors=(CmdletError(message='Cannot open database "xds".'),))
FALSE, TRUE = (
    shown(PRINTED),
    shown(PRINTED.replace("Users                    : False", "Users                    : True")),
)
BOTH = Objects(objects=(*FALSE.objects, *TRUE.objects))


@pytest.mark.parametrize(
    ("vantage", "stored", "copied", "status", "told_by"),
    [
        (Vantage.FRONT_END, FALSE, NOBODY, Status.FAILED, "deployment"),
        (Vantage.FRONT_END, TRUE, FALSE, Status.OK, "deployment"),
        (Vantage.FRONT_END, NOBODY, TRUE, Status.UNKNOWN, "deployment"),
        (Vantage.FRONT_END, STORE_AWAY, TRUE, Status.UNKNOWN, "deployment"),
        (Vantage.FRONT_END, BOTH, TRUE, Status.UNKNOWN, "deployment"),
        (Vantage.EDGE, NOBODY, FALSE, Status.FAILED, "edge"),
        (Vantage.EDGE, STORE_AWAY, TRUE, Status.OK, "edge"),
        (Vantage.EDGE, TRUE, FALSE, Status.OK, "deployment"),
        (Vantage.EDGE, NOBODY, NOBODY, Status.UNKNOWN, "edge"),
        (Vantage.OUTSIDE, NOBODY, NOBODY, Status.NOT_APPLICABLE, "deployment"),
        (Vantage.INSIDE, NOBODY, NOBODY, Status.UNKNOWN, "deployment"),
    ],
)
async def test_each_seat_asks_what_it_can_see(
    vantage: Vantage, stored: Objects, copied: Objects, status: Status, told_by: str
) -> None:
    assert await judged(vantage, stored, copied) == (status, told_by)


async def test_from_a_front_end_the_edge_is_not_asked() -> None:
    _, questions = await gathered(STEP, {CMDLET: TRUE}, deployment(Vantage.FRONT_END))
    expected: list[Question] = [Cmdlet(name=CMDLET)]
    assert questions == expected
