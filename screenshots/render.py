"""Draws the pictures of the README from journals committed in tests/journals; with `--check` it says which are stale.

Each journal is a walk in the lab: `lyncdoctor run mobility --lab NAME --record FILE`. The screens show it as the wizard
shows a walk that ended. Beside these is one walk that waits for pastes. Nothing is asked of the world, so a picture
changes only when a screen changes.
"""

import asyncio
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import msgspec
from textual.events import Paste
from textual.pilot import Pilot

from checks import journal as journals
from checks.context import Asking
from checks.deployment import Deployment, Sources
from checks.journal import VERSION, Began, Journal, now
from checks.probes.journal import Evidence
from checks.probes.live import LiveProbes
from checks.runbooks import RUNBOOKS
from checks.walk import Walk
from lab import scenarios
from tui.app import WizardApp
from tui.cases import Case, case_named, request_for
from tui.session import CannotBegin, LiveWalk, Opening, PracticeWalk, ResumedWalk, Session, Start, WalkRequest

FOLDER = Path(__file__).parent
JOURNALS = FOLDER.parent / "tests" / "journals"


class Picture(NamedTuple):
    """One picture: the walk or screen it begins with, what is pressed and pasted on it, the terminal's size."""

    name: str
    start: str | LiveWalk | PracticeWalk
    """The name of a journal, or of an opening screen; a walk of which nothing is known, or whose fault is not told."""
    keys: Sequence[str | Paste] = ()
    size: tuple[int, int] = (80, 24)


WIDE = (120, 40)
WAITING = LiveWalk(
    runbook="mobility",
    deployment=Deployment(
        domains=("litwareinc.com",),
        users=("sip:kenmyer@litwareinc.com", "sip:pilar@litwareinc.com"),
        pool="atl-cs-001.litwareinc.com",
    ),
    sources=Sources(shell="paste", offline=True),  # noqa: S604 - no subprocess
    start="mobility.user-enabled",
)
UNSEEN = request_for(case_named("policy-disabled-for-user", "mobility"))
SHOWN = """Identity          : CN=Ken Myer,OU=Users,DC=litwareinc,DC=com
Enabled           : True
SipAddress        : sip:kenmyer@litwareinc.com
RegistrarPool     : atl-cs-001.litwareinc.com
UserPrincipalName : kenmyer@litwareinc.com
"""
PICTURES = (
    Picture("welcome-80x24", "welcome"),
    Picture("form-80x24", "welcome", ["down", "enter"]),
    Picture("practice-80x24", "practice"),
    Picture("call-80x24", UNSEEN, ["h"]),
    Picture("cause-80x24", UNSEEN, ["enter", "down", "enter"]),
    Picture("step-failed-80x24", "mobility-policy-disabled-for-user", ["enter"]),
    Picture("step-failed-120x40", "mobility-policy-disabled-for-user", ["enter", "h"], WIDE),
    Picture("certificate-80x24", "mobility-tls-expired", ["enter"]),
    Picture("edge-80x24", "xmpp-edge-other-process", ["enter"]),
    Picture("negotiation-120x40", "xmpp-xmpp-tls-missing", ["enter"], WIDE),
    Picture("paste-80x24", WAITING, ["p", Paste(SHOWN)]),
    Picture("answer-80x24", WAITING, ["a"]),
    Picture(
        "diagnose-80x24",
        "welcome",
        ["down", "down", "down", "enter", Paste("Can't verify the certificate from the server"), "f2"],
    ),
    Picture("verdict-80x24", "mobility-refused"),
    Picture("verdict-healthy-80x24", "mobility-healthy"),
    Picture("help-120x40", "mobility-policy-disabled-for-user", ["enter", "question_mark"], WIDE),
)


async def drawn(picture: Picture) -> str:
    """The picture as SVG."""
    start: Start
    if isinstance(picture.start, LiveWalk):
        start = picture.start
    elif isinstance(picture.start, PracticeWalk):
        # The hints that one picture asks for are not another one's.
        start = request_for(case_named(picture.start.scenario, picture.start.runbook))
    elif picture.start in list(Opening):
        start = Opening(picture.start)
    else:
        start = ResumedWalk(journal=JOURNALS / f"{picture.start}.jsonl")
    app = WizardApp(start=start, begin=_begin, scenarios=scenarios.listing())
    async with app.run_test(size=picture.size) as pilot:
        await _settled(app, pilot)
        for key in picture.keys:
            if isinstance(key, Paste):
                app.post_message(Paste(key.text))
            else:
                await pilot.press(key)
            await _settled(app, pilot)
        return app.export_screenshot(title="lyncdoctor")


async def _settled(app: WizardApp, pilot: Pilot[int]) -> None:
    """Waits until nothing is under way: what ends may have started something else, as a walk starts its step."""
    await pilot.pause()
    while any(not worker.is_finished for worker in app.workers):
        await app.workers.wait_for_complete()
        await pilot.pause()


async def _begin(request: WalkRequest) -> Session:
    match request:
        case ResumedWalk():
            journal = journals.read(request.journal)
            return _session(journal, Sources(offline=True), practice=True)
        case LiveWalk():
            began = Began(
                version=VERSION, runbook=request.runbook, deployment=request.deployment, at=now(), sources=request.sources
            )  # fmt: skip
            return _session(Journal(began), request.sources, start=request.start)
        case PracticeWalk(case=Case() as case):
            journal = journals.read(JOURNALS / f"{request.runbook}-{request.scenario}.jsonl")
            journal.began = msgspec.structs.replace(journal.began, unseen=True)
            return replace(_session(journal, Sources(offline=True), practice=True), case=case)
    raise CannotBegin("A picture shows a walk that was recorded, or one that waits for pastes.")


def _session(journal: Journal, sources: Sources, *, practice: bool = False, start: str = "") -> Session:
    asking = Asking(LiveProbes(journal.began.deployment, sources), journal, Evidence([journal]))
    walk = Walk(RUNBOOKS[journal.began.runbook], journal.began.deployment, asking, journal)

    async def close() -> None:
        journal.close()

    return Session(walk=walk, close=close, practice=practice, start=start)


def steady_terminal() -> None:
    """The same colours, clock and signs wherever the pictures are drawn."""
    os.environ.update(COLORTERM="truecolor", TERM="xterm-256color", TZ="UTC")
    os.environ.pop("NO_COLOR", None)
    if hasattr(time, "tzset"):
        time.tzset()


def path_of(picture: Picture) -> Path:
    """Where the picture is committed."""
    return FOLDER / f"{picture.name}.svg"


def main() -> int:
    """Draws all pictures, or with `--check` compares them; 1 where one is stale."""
    steady_terminal()
    stale = []
    for picture in PICTURES:
        svg, path = asyncio.run(drawn(picture)), path_of(picture)
        if "--check" not in sys.argv:
            path.write_text(svg, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != svg:
            stale.append(picture.name)
    sys.stdout.write("".join(f"stale: {name}\n" for name in stale))
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
