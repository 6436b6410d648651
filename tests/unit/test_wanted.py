"""Which of a step's outputs is worth pasting first."""

from typing import Any

import pytest

from checks.context import Asking
from checks.deployment import Deployment, Vantage
from checks.journal import VERSION, Began, Journal, now
from checks.model import Reason
from checks.probes import Lookup, Records, Unanswered
from checks.runbooks import RUNBOOKS
from checks.walk import Walk
from tests.unit.mobility.told import Told
from tui import wanted

STEP = "xmpp.partner-dns"
RECORD = Lookup(name="_xmpp-server._tcp.fabrikam.com", kind="SRV", view="outside")


class NameServer(Told):
    """Answers every look-up alike; whatever else is asked has no answer."""

    def __init__(self, says: Records | Unanswered) -> None:
        super().__init__({})
        self._of_dns = says

    async def ask(self, question: Any) -> Any:
        if isinstance(question, Lookup):
            return self._of_dns
        return Unanswered(reason=Reason.MISSING_INPUT, detail="Nobody can be asked.", command=question.typed())


async def walked(says: Records | Unanswered) -> Walk:
    place = Deployment(vantage=Vantage.EDGE, domains=("litwareinc.com",), partners=("fabrikam.com",))
    record = Journal(Began(version=VERSION, runbook="xmpp", deployment=place, at=now()))
    walk = Walk(RUNBOOKS["xmpp"], place, Asking(NameServer(says), record), record)
    concluded = await walk.conclude(STEP)
    assert concluded.finding.answer == "not-seen"
    assert concluded.finding.command == RECORD.typed()
    return walk


@pytest.mark.parametrize(
    "says",
    [
        Records(outcome="server-failure", server="192.0.2.53"),
        Unanswered(reason=Reason.TIMEOUT, detail="It did not answer.", command=RECORD.typed()),
    ],
)
async def test_first_is_what_the_finding_tells_to_run_also_where_a_server_failed_to_tell_it(
    says: Records | Unanswered,
) -> None:
    walk = await walked(says)
    assert wanted.is_wanting(walk, STEP)
    assert wanted.wanted_first(walk, STEP) == RECORD
