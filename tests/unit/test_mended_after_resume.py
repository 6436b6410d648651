"""A fault is mended after the walk was resumed: what it had hidden is not judged by a sign-in from before."""

from pathlib import Path
from typing import Any

import msgspec

from checks import journal as journals
from checks.asking import Asking
from checks.deployment import Sources
from checks.model import Status
from checks.probes.journal import Evidence, Offline
from checks.runbooks import RUNBOOKS
from checks.walk import Walk
from tests.unit.canned import World

FOLDER = Path(__file__).parents[1] / "journals"


class Mended(World):
    """Probes of a world in which nothing is wrong any more."""

    def __init__(self) -> None:
        super().__init__()
        self._answers = Evidence([journals.read(FOLDER / "mobility-healthy.jsonl")])

    async def ask(self, question: Any) -> Any:
        asked = self._answers.find(question)
        return asked.answer if asked else await Offline().ask(question)


async def test_what_was_hidden_waits_for_a_sign_in_of_its_own() -> None:
    journal = journals.read(FOLDER / "mobility-policy-disabled-for-user.jsonl")
    journal.began = msgspec.structs.replace(journal.began, sources=Sources(shell="local"))  # noqa: S604
    asking = Asking(Mended(), journal)
    walk = Walk(RUNBOOKS["mobility"], journal.began.deployment, asking, journal)
    assert walk.verdict().cause == "mobility.policy/disabled-for-user"
    mended = await walk.rerun("mobility.policy")
    await asking.close()
    assert mended.finding.status is Status.OK
    assert {
        step: journal.concluded[step].finding.answer for step in ("mobility.ucwa", "mobility.test-transaction")
    } == {
        "mobility.ucwa": "not-agreed",
        "mobility.test-transaction": "not-agreed",
    }
    assert walk.verdict().status is Status.OK
