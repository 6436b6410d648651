"""Draws the pictures of the README, and every screen as text for the tests; with `--check` it says which are stale."""

import asyncio
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from textual.events import Paste

from screenshots import screens
from screenshots.beginnings import UNSEEN, WAITING, Beginning, Key
from screenshots.staging import opened, steady_terminal

FOLDER = Path(__file__).parent
WIDE = (120, 40)


class Picture(NamedTuple):
    """One picture: the walk or screen it begins with, what is pressed and pasted on it, the terminal's size."""

    name: str
    beginning: Beginning
    keys: Sequence[Key] = ()
    size: tuple[int, int] = (80, 24)


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
    Picture("paste-80x24", WAITING, ["p", Paste(screens.SHOWN)]),
    Picture("answer-80x24", WAITING, ["a"]),
    Picture("diagnose-80x24", "welcome", ["down", "down", "down", "enter", Paste(screens.ERROR), "f2"]),
    Picture("verdict-80x24", "mobility-refused"),
    Picture("verdict-healthy-80x24", "mobility-healthy"),
    Picture("help-120x40", "mobility-policy-disabled-for-user", ["enter", "question_mark"], WIDE),
)


async def drawn(picture: Picture) -> str:
    """The picture as SVG."""
    async with opened(picture.beginning, picture.size) as wizard:
        for key in picture.keys:
            await wizard.take(key)
        return wizard.app.export_screenshot(title="lyncdoctor")


def path_of(picture: Picture) -> Path:
    """Where the picture is committed."""
    return FOLDER / f"{picture.name}.svg"


def all_drawn() -> Iterator[tuple[Path, str]]:
    """Everything that is drawn: where it is committed, and what it is now."""
    for picture in PICTURES:
        yield path_of(picture), asyncio.run(drawn(picture))
    for scene in screens.SCENES:
        for size in screens.SIZES:
            for name, text in asyncio.run(screens.taken(scene, size)).items():
                yield screens.path_of(name), text


def main() -> int:
    """Draws all pictures, or with `--check` compares them; 1 where one is stale."""
    steady_terminal()
    stale = []
    for path, content in all_drawn():
        if "--check" not in sys.argv:
            path.parent.mkdir(exist_ok=True)
            path.write_text(content, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != content:
            stale.append(path.name)
    sys.stdout.write("".join(f"stale: {name}\n" for name in stale))
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
