"""Keys in no order, as a cat or a tired hand presses them: nothing crashes, and ASCII stays ASCII."""

from pathlib import Path
from random import Random

import pytest
from textual.events import Paste

from screenshots.beginnings import ACTING, UNSEEN, WAITING, Beginning, Key
from screenshots.capture import rendered
from screenshots.screens import POLICY, SHOWN, SILENT
from screenshots.staging import JOURNALS, opened

BEGINNINGS: tuple[Beginning, ...] = ("welcome", "practice", UNSEEN, POLICY, SILENT, WAITING, ACTING)
KEYS = (
    *"abcefghjkmnoprstvwxyN", *["enter"] * 4, *["escape"] * 2, "tab", "shift+tab", "up", "down", "left", "right",
    "pagedown", "pageup", "home", "end", "space", "backspace", "slash", "question_mark", "f1", "f2", "f3", "f4", "f8",
    "ctrl+p", "ctrl+l",
)  # fmt: skip
PASTES = (SHOWN, "kenmyer@litwareinc.com", "x\x1b[31m\n" * 30, str(JOURNALS / "mobility-healthy.jsonl"))
SIZES = ((80, 24), (120, 40), (40, 10))
PRESSED = 40


def pressed(random: Random) -> Key:
    return Paste(random.choice(PASTES)) if random.random() < 0.05 else random.choice(KEYS)


@pytest.mark.parametrize("seed", range(len(BEGINNINGS)))
async def test_any_keys_in_any_order(seed: int, tmp_path: Path) -> None:
    random = Random(seed)
    async with opened(BEGINNINGS[seed], random.choice(SIZES), ascii_only=True, folder=tmp_path) as wizard:
        for _ in range(PRESSED):
            await wizard.take(pressed(random))
            text = "".join(strip.text for strip in rendered(wizard.app))
            assert text.strip()
            assert text.isascii(), {one for one in text if not one.isascii()}
