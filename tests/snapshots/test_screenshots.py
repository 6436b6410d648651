"""The committed pictures show the wizard as it is now. `python screenshots/render.py` draws them anew."""

import re

import pytest

from screenshots import render, screens, staging

DRAW_ANEW = "draw it anew: python screenshots/render.py"
A_COLOUR = re.compile(r"#[0-9a-f]{6}|color|\b(key|good|warn|bad|unsure|on|ansi\w*)\b")
"""What stands among the styles of a kept screen where something has a colour."""


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COLORTERM", "TERM", "TZ", "NO_COLOR"):
        monkeypatch.setenv(name, "")  # so that what follows is undone afterwards
    staging.steady_terminal()


@pytest.mark.parametrize("picture", render.PICTURES, ids=lambda picture: picture.name)
async def test_a_picture_is_not_stale(picture: render.Picture) -> None:
    is_stale = render.path_of(picture).read_text(encoding="utf-8") != await render.drawn(picture)
    assert not is_stale, DRAW_ANEW


@pytest.mark.parametrize("size", screens.SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("scene", screens.SCENES, ids=lambda scene: scene.shots[0])
async def test_a_screen_is_as_it_was_kept(scene: screens.Scene, size: tuple[int, int]) -> None:
    taken = await screens.taken(scene, size)
    for text in taken.values():
        lines, _, styles = text.partition("\nStyles\n")
        assert not scene.ascii_only or lines.isascii()
        assert not scene.no_color or not A_COLOUR.search(styles), "bold, reverse and underline are no colours"
    kept = {name: screens.path_of(name).read_text(encoding="utf-8") for name in taken if screens.path_of(name).exists()}
    assert taken == kept, DRAW_ANEW


def test_a_colour_is_noticed() -> None:
    """The screens with colours have what those without must not have."""
    kept = screens.path_of("step-failed-80x24").read_text(encoding="utf-8")
    assert A_COLOUR.search(kept.partition("\nStyles\n")[2])


def test_no_other_picture_lies_about() -> None:
    assert set(render.FOLDER.glob("*.svg")) == {render.path_of(picture) for picture in render.PICTURES}
    names = [name for scene in screens.SCENES for name in screens.names_of(scene)]
    assert len(names) == len(set(names)), "each has a name of its own"
    assert set(screens.FOLDER.iterdir()) == set(map(screens.path_of, names))
