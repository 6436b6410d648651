"""The wizard on canned walks, and what its screen shows as text."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
from textual.events import Paste
from textual.pilot import Pilot

from checks.deployment import Sources
from tests.pilot.canned_walk import DEPLOYMENT, Beginning, World
from tui.app import WizardApp
from tui.screens.step import StepScreen
from tui.session import LiveWalk
from tui.widgets.menu import Menu

STRAIGHT = LiveWalk(runbook="mobility", deployment=DEPLOYMENT, sources=Sources())
"""Opens the wizard on its walk, past the welcome screen and the form."""


class Wizard:
    """The running wizard, and what a person would see and press."""

    def __init__(self, pilot: Pilot[int]) -> None:
        self.pilot = pilot
        assert isinstance(pilot.app, WizardApp)
        self.app: WizardApp = pilot.app

    async def press(self, *keys: str) -> None:
        """Presses the keys and waits until everything they started has ended."""
        await self.pilot.press(*keys)
        await self.settle()

    async def type(self, text: str) -> None:
        await self.pilot.press(*("space" if character == " " else character for character in text))
        await self.pilot.pause()

    async def paste(self, text: str) -> None:
        """Pastes as a terminal does: the whole text at once, to whatever has the focus."""
        self.app.post_message(Paste(text))
        await self.settle()

    async def choose(self, title: str) -> None:
        """Opens the line of the screen's menu that begins so."""
        titles = [item.title for item in self.app.screen.query_one(Menu).items if item.key]
        place = next(number for number, one in enumerate(titles) if one.startswith(title))
        await self.press("home", *["down"] * place, "enter")

    async def walk_to(self, step_id: str = "") -> None:
        """Presses enter until the step is shown; without a step until the walk has ended."""
        while isinstance(self.app.screen, StepScreen) and self.app.screen.step_id != step_id:
            await self.press("enter")
        assert isinstance(self.app.screen, StepScreen) == bool(step_id), f"{step_id} never came:\n{self.text}"

    async def settle(self) -> None:
        """Waits until nothing is under way: what ends may have started something else, as a walk starts its step."""
        await self.pilot.pause()
        while any(not worker.is_finished for worker in self.app.workers):
            await self.app.workers.wait_for_complete()
            await self.pilot.pause()

    async def until(self, words: str) -> None:
        """Waits until the screen shows the words, while something is held."""
        for _ in range(500):
            await self.pilot.pause(0.01)
            if words in self.text:
                return
        raise AssertionError(f"{words!r} never came:\n{self.text}")

    @property
    def lines(self) -> list[str]:
        return [strip.text.rstrip() for strip in self.app.screen._compositor.render_strips()]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def keys(self) -> str:
        return self.lines[-1]


Open = Callable[..., AbstractAsyncContextManager[Wizard]]


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def beginning(world: World) -> Beginning:
    return Beginning(world)


@pytest.fixture(autouse=True)
def colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.fixture
def open_wizard(beginning: Beginning) -> Open:
    """Opens the wizard; on its walk unless told otherwise."""

    @asynccontextmanager
    async def opened(start: Any = STRAIGHT, size: tuple[int, int] = (80, 24), **options: Any) -> AsyncIterator[Wizard]:
        app = WizardApp(start=start, begin=beginning, **options)
        async with app.run_test(size=size) as pilot:
            wizard = Wizard(pilot)
            await pilot.pause()
            if not beginning.world.held and beginning.held is None:
                await wizard.settle()
            yield wizard

    return opened
