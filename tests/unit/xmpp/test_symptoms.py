"""What the lab's users tell of XMPP partners is explained by the steps of the symptom that a reader would choose."""

import pytest

from checks.runbooks import RUNBOOKS
from checks.walk import steps_for
from lab import scenarios

BOOK = RUNBOOKS["xmpp"]
TOLD = {
    "Contacts at fabrikam.com show no presence, and messages to them fail.": "nobody",
    "Since the old Edge was taken out nobody reaches fabrikam.com.": "nobody",
    "Nobody sees presence of contacts at fabrikam.com.": "nobody",
    "Ken Myer sees no presence of contacts at fabrikam.com. Everybody else does.": "one-user",
    "Since his account was moved, Ken Myer has lost his contacts at fabrikam.com. Everybody else has them.": "one-user",
    "Contacts at chat.fabrikam.com show no presence. Those at fabrikam.com do.": "one-way",
    "Messages from fabrikam.com never arrive.": "they-cannot-connect",
    "Nothing that people at fabrikam.com write arrives.": "they-cannot-connect",
    "Nothing that is written to people at fabrikam.com arrives there.": "never-arrives",
    "Nothing that is written to people at fabrikam.com arrives.": "never-arrives",
    "What is written to fabrikam.com never arrives. Everything here looks right.": "never-arrives",
    "XMPP was set up by the book, and nothing listens on the Edge.": "nothing-listens",
    "The new settings for fabrikam.com were made an hour ago, and nothing has changed.": "no-effect",
    "The policy for XMPP was made yesterday, and nothing has changed.": "no-effect",
    "Messages to fabrikam.com fail now and then. Nobody knows since when.": "now-and-then",
    "Messages to and from fabrikam.com arrive late, and sometimes not at all.": "now-and-then",
    "Presence of contacts at fabrikam.com comes and goes.": "now-and-then",
    "Monitoring reports that Test-CsXmppIM fails. Users do not complain.": "test-fails",
}


@pytest.mark.parametrize("told", TOLD)
def test_what_the_users_of_the_lab_tell_is_explained(told: str) -> None:
    causes = {one["cause"] for one in scenarios.listing() if one["symptom"] == told and one["cause"]}
    assert causes, "nobody tells this any more"
    assert BOOK.symptom(TOLD[told]) is not None
    assert {cause.partition("/")[0] for cause in causes} <= set(steps_for(BOOK, TOLD[told]))


def test_each_symptom_is_told_by_somebody() -> None:
    assert {symptom.name for symptom in BOOK.symptoms} == set(TOLD.values())
