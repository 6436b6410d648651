"""What a walk could not see from its seat, and where it says that this is seen."""

import pytest

from checks.asking import Asking
from checks.deployment import Deployment, Vantage
from checks.journal import VERSION, Began, Concluded, Journal, now
from checks.model import Finding, Status
from checks.probes.journal import Evidence
from checks.runbooks import RUNBOOKS
from checks.walk import Walk
from tests.pilot.canned_walk import World
from tui.seats import unseen_from_here

BOOK = RUNBOOKS["xmpp"]
STEPS = BOOK.step_ids


def walked(vantage: Vantage, *findings: tuple[str, str]) -> Walk:
    deployment = Deployment(vantage=vantage)
    journal = Journal(Began(version=VERSION, runbook="xmpp", deployment=deployment, at=now()))
    for step, (answer, headline) in zip(STEPS, findings, strict=False):
        finding = Finding(answer=answer, status=Status.NOT_APPLICABLE, headline=headline)
        journal.add(Concluded(step=step, finding=finding, at=now()))
    return Walk(BOOK, deployment, Asking(World(), journal, Evidence()), journal)


@pytest.mark.parametrize(
    ("vantage", "answer", "headline", "where"),
    [
        ("outside", "not-for-this-seat", "This is seen at the Front End or with a Lync shell, not from here.", "walk at the Front End"),
        ("outside", "not-for-this-seat", "The services are seen on the Edge and on the Front Ends.", "walk at the Edge"),
        ("front-end", "seen-from-edge", "The Edge calls the servers of a.com. Walk there, or from outside.", "walk at the Edge"),
        ("front-end", "not-from-here", "Streams to a.com are opened from outside, not from here.", "walk outside"),
        ("front-end", "not-from-here", "The certificate of outside.com is seen from the Edge.", "walk at the Edge"),
        ("edge", "seen-from-outside", "Whether partners reach the Edge for a.com is seen from outside.", "walk outside"),
        ("front-end", "not-for-this-seat", "This Front End does not reach it, and need not: clients inside must.", "walk inside"),
        ("outside", "not-for-this-seat", "The hairpin concerns clients inside; this computer stands outside.", "walk inside"),
        ("outside", "not-for-this-seat", "Nobody says where.", ""),
    ],
)  # fmt: skip
def test_the_seat_that_can_see_it_is_named(vantage: str, answer: str, headline: str, where: str) -> None:
    title = BOOK.stage(STEPS[0]).step.title
    assert unseen_from_here(walked(Vantage(vantage), (answer, headline))) == {where: (title,)}


def test_what_no_seat_sees_is_no_matter_of_the_seat() -> None:
    walk = walked(Vantage.OUTSIDE, ("no-partner", "No partner was named."), ("not-from-here", "Seen from the Edge."))
    assert unseen_from_here(walk) == {"walk at the Edge": (BOOK.stage(STEPS[1]).step.title,)}
