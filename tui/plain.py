"""The same walk as numbered prompts: for old consoles, dumb terminals and screen readers. Only lines, no colour."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from checks import report
from checks.deployment import Deployment, InvalidName, Sources, Vantage, parse_fqdn, parse_shell, parse_sip_address
from checks.probes.threads import in_thread
from checks.report.text import action_lines, step_lines, text
from checks.secret import Secret
from checks.text import clean
from checks.walk import LOOK_AHEAD, Walk
from tui.exit_codes import ExitCode
from tui.headless import exit_code
from tui.session import (
    BeginWalk,
    CannotBegin,
    FindResumable,
    LiveWalk,
    Opening,
    PasswordNeeded,
    PracticeWalk,
    ResumedWalk,
    Start,
    WalkRequest,
)

T = TypeVar("T")
KEYS = "enter next, r again, w why, h by hand, e evidence, b back, v verdict, q quit"


class Left(Exception):
    """The user wants to leave, or nobody is there to answer."""


class PlainWizard:
    """A dialogue on stdin and stdout."""

    def __init__(self, begin: BeginWalk, resumable: FindResumable, scenarios: Sequence[Mapping[str, Any]]) -> None:
        self._begin = begin
        self._resumable = resumable
        self._scenarios = scenarios

    async def run(self, start: Start) -> ExitCode:
        """The dialogue to its end; the exit code is that of the verdict, where there was one."""
        try:
            request = await self._request(start)
            session = await self._begun(request)
        except CannotBegin as refusal:
            _say(str(refusal))
            return ExitCode.USAGE
        except Left:
            return ExitCode.FINE
        try:
            await _Dialogue(session.walk).run()
            return exit_code(session.walk.verdict()) if session.walk.path else ExitCode.FINE
        except Left:
            return ExitCode.FINE
        finally:
            session.walk.drop_look_ahead()
            await session.walk.asking.close()
            await session.close()

    async def _begun(self, request: WalkRequest) -> Any:
        try:
            return await self._begin(request)
        except PasswordNeeded as needed:
            if not isinstance(request, ResumedWalk):
                raise
            password = await _ask_password(needed.account)
            return await self._begun(replace(request, secrets={**request.secrets, needed.whose: password}))

    async def _request(self, start: Start) -> WalkRequest:
        if not isinstance(start, Opening):
            return start
        if start is Opening.PRACTICE:
            return await self._practice()
        unfinished = [(f"Resume {one.runbook} of {one.deployment}, step {one.step} of {one.steps}", one)
                      for one in self._resumable()]  # fmt: skip
        _say("lyncdoctor. Why can't they sign in, or see their partners? It only reads.")
        offers: list[tuple[str, Callable[[], Awaitable[WalkRequest]]]] = [
            ("Mobility, from the top: phones", lambda: _live("mobility")),
            ("XMPP federation, from the top: partners on other chat systems", lambda: _live("xmpp")),
            ("Practice in the lab: a live deployment on this machine", self._practice),
        ]
        chosen = await _choose([title for title, _ in [*offers, *unfinished]])
        if chosen < len(offers):
            return await offers[chosen][1]()
        return ResumedWalk(journal=unfinished[chosen - len(offers)][1].journal)

    async def _practice(self) -> WalkRequest:
        _say("Which trouble shall the practice deployment have?")
        chosen = self._scenarios[await _choose([f"{one['runbook']}: {one['title']}" for one in self._scenarios])]
        return PracticeWalk(runbook=chosen["runbook"], scenario=chosen["name"])


class _Dialogue:
    """One walk, step by step."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk

    async def run(self) -> None:
        walk = self._walk
        step_id = walk.next(walk.path[-1]) if walk.path else walk.first()
        while step_id is not None:
            step_id = await self._step(step_id)
        sys.stdout.write("\n" + text(report.report_of(walk.journal, walk.runbook)))

    async def _step(self, step_id: str) -> str | None:
        """Shows one step; gives the step to show next, or None for the verdict."""
        walk = self._walk
        step = walk.runbook.stage(step_id).step
        number = walk.runbook.step_ids.index(step_id) + 1
        _say(f"\nStep {number} of {len(walk.runbook.stages)}. {step.question.strip()}")
        if walk.conclusion(step_id) is None:
            _say("Looking. Ctrl+c cancels.")
            await self._look(step_id, partial(walk.conclude, ahead=LOOK_AHEAD))
        walk.look_ahead(step_id)
        self._show(step_id)
        while True:
            match (await _ask(f"{KEYS}: ")).lower():
                case "":
                    return walk.next(step_id)
                case "v":
                    return None
                case "b":
                    place = walk.path.index(step_id)
                    return walk.path[place - 1] if place else step_id
                case "r":
                    _say("Looking again. Ctrl+c cancels.")
                    await self._look(step_id, walk.rerun)
                    self._show(step_id)
                case "w":
                    _say(f"{step.why}\nGood is: {step.good}\nRead: {step.link}")
                case "h":
                    _say("\n".join(clean(line, 2000) for line in step.by_hand(walk.deployment)))
                case "e":
                    _say("\n".join(self._evidence(step_id)))
                case other:
                    _say(f"{clean(other, 20)!r} is none of these.")

    async def _look(self, step_id: str, look: Callable[[str], Awaitable[object]]) -> None:
        try:
            await look(step_id)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None:
                task.uncancel()
            self._walk.cancel(step_id)

    def _show(self, step_id: str) -> None:
        reported = report.report_of(self._walk.journal, self._walk.runbook)
        step = next(one for one in reported.steps if one.id == step_id)
        _say("\n".join(step_lines(step)))
        for action in step.remedies:
            _say("\n".join(action_lines(action)))

    def _evidence(self, step_id: str) -> Iterator[str]:
        asked = self._walk.journal.evidence(step_id)
        for one in asked:
            yield f"{clean(one.question.typed(), 2000)} (from {one.seat}, {one.took_ms} ms)"
            yield from (f"  {clean(line, 1000)}" for line in one.answer.lines())
        if not asked:
            yield "Nothing was asked."


async def _live(runbook: str) -> WalkRequest:
    """The deployment, name by name. Enter leaves a name out."""
    _say("Enter leaves a name out. Name servers and a CA file are options of: lyncdoctor run")
    sip = await _ask_name("SIP address of a user: ", parse_sip_address)
    second = await _ask_name("A second user: ", parse_sip_address) if sip else ""
    mobility = runbook == "mobility"
    web = await _ask_name("Web FQDN: ", parse_fqdn) if mobility else ""
    pool = await _ask_name("Pool: ", parse_fqdn) if mobility else ""
    edge = "" if mobility else await _ask_name("Edge server: ", parse_fqdn)
    _say("Where do you stand?")
    seats = list(Vantage)
    vantage = seats[await _choose([seat.value for seat in seats])]
    shell = await _ask_name("Lync shell: local, paste, the pool's name, or none: ", parse_shell) or "none"
    account = await _ask("Account, empty for who you are now: ") if "://" in shell else ""
    users = tuple(dict.fromkeys(one for one in (sip, second) if one))
    return LiveWalk(
        runbook=runbook,
        deployment=Deployment(
            vantage=vantage,
            users=users,
            domains=tuple(dict.fromkeys(one.partition("@")[2] for one in users)),
            web=web,
            pool=pool,
            edge=edge,
        ),
        sources=Sources(shell=shell, shell_user=account),
        secrets={"shell": await _ask_password(account)} if account else {},
    )


async def _choose(titles: Sequence[str]) -> int:
    """The number of the chosen title, from 0."""
    for number, title in enumerate(titles, 1):
        _say(f"{number:>2}  {title}")
    while True:
        typed = await _ask(f"1 to {len(titles)}, q quits: ")
        if typed.isascii() and typed.isdigit() and 1 <= int(typed[:6]) <= len(titles):
            return int(typed) - 1
        _say(f"A number from 1 to {len(titles)}.")


async def _ask_name(prompt: str, parse: Callable[[str], str]) -> str:
    while True:
        typed = await _ask(prompt)
        try:
            return parse(typed) if typed else ""
        except InvalidName as error:
            _say(str(error))


async def _ask(prompt: str) -> str:
    """A line of input without blanks around it. Raises Left for q, and at the end of the input."""
    try:
        typed = (await in_thread(lambda: input(prompt))).strip()
    except (EOFError, asyncio.CancelledError):
        raise Left from None
    if typed.lower() == "q":
        raise Left
    return typed


async def _ask_password(account: str) -> Secret:
    from tui.options import ask_password

    return await in_thread(lambda: ask_password(account))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
