"""Themes and their colours: chosen by keys in the middle of a walk, readable in each, and without any colour."""

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from tests.pilot.canned_walk import World
from tests.pilot.conftest import Open, Wizard
from tui.session import Opening
from tui.theme import DARK, LIGHT, our_colours

READ = 4.5
"""The contrast that text needs to be read with ease, as WCAG 2 has it for small text."""
SEEN = 3.0
"""The least that is made out: what Textual's own themes are held to, whose colours are not ours."""
TEXT = ("good", "warn", "bad", "unsure", "quiet", "key", "command")
WITH_COLOURS = [theme for theme in BUILTIN_THEMES.values() if not theme.ansi]


def contrast(one: Color, other: Color) -> float:
    """From 1 to 21, as WCAG 2 defines it."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Color) -> float:
    parts = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized)
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def colours(theme: Theme) -> dict[str, Color]:
    """What our names of colours come to on the background of a theme."""
    below = ground(theme)
    named = our_colours(theme) | theme.variables
    found = {}
    for name in TEXT:
        if named[name].startswith("auto"):
            percent = named[name].removeprefix("auto").strip().removesuffix("%")
            found[name] = below.blend(below.get_contrast_text(1.0), float(percent) / 100, 1.0)
        else:
            colour = Color.parse(named[name])
            found[name] = below.blend(colour, colour.a, 1.0)
    return found


def ground(theme: Theme) -> Color:
    return Color.parse(theme.to_color_system().generate()["background"])


@pytest.mark.parametrize("theme", [DARK, LIGHT, *WITH_COLOURS], ids=lambda theme: theme.name)
def test_every_word_can_be_read_in_every_theme(theme: Theme) -> None:
    least = READ if theme.name in {DARK.name, LIGHT.name} else SEEN
    pale = {name: contrast(colour, ground(theme)) for name, colour in colours(theme).items()}
    assert {name: ratio for name, ratio in pale.items() if ratio < least} == {}


def test_what_is_too_pale_is_noticed() -> None:
    assert contrast(Color.parse("#999999"), Color.parse("#ffffff")) < SEEN
    assert round(contrast(Color.parse("#000000"), Color.parse("#ffffff"))) == 21


def background(wizard: Wizard) -> str:
    """Of the first cell of the screen."""
    strip = wizard.app.screen._compositor.render_strips()[0]
    style = next(segment.style for segment in strip if segment.style)
    assert style is not None
    assert style.bgcolor is not None
    return style.bgcolor.get_truecolor().hex


async def test_the_light_theme_is_chosen_in_the_middle_of_a_walk(open_wizard: Open, world: World) -> None:
    async with open_wizard() as wizard:
        await wizard.press("enter")
        before, asked = wizard.text, list(world.asked)
        assert background(wizard) == Color.parse(DARK.background or "").hex.lower()
        await wizard.press("ctrl+p")
        await wizard.type("Colours")
        await wizard.until("Choose a theme, dark or light")
        await wizard.press("down", "enter")
        await wizard.until("Search for themes")
        await wizard.type("doctor-light")
        await wizard.until("lyncdoctor-light")
        await wizard.press("down", "enter")
        await wizard.until("FAILED")
        assert background(wizard) == Color.parse(LIGHT.background or "").hex.lower()
        assert wizard.text == before, "the same step, with the same words"
        assert world.asked == asked


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light", "ansi-dark", "ansi-light"])
async def test_textuals_own_themes_show_the_same_words(
    theme: str, open_wizard: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_wizard() as wizard:
        await wizard.press("enter")
        before = wizard.text
        wizard.app.theme = theme
        await wizard.settle()
        assert wizard.text == before


@pytest.mark.parametrize("why", ["NO_COLOR", "sixteen colours"])
async def test_a_field_and_its_cursor_are_seen_without_a_ground(
    why: str, open_wizard: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    if why == "NO_COLOR":
        monkeypatch.setenv("NO_COLOR", "1")
    else:
        monkeypatch.delenv("COLORTERM", raising=False)
        monkeypatch.setenv("TERM", "xterm")
    async with open_wizard(Opening.WELCOME) as wizard:
        await wizard.choose("Mobility, from the top")
        await wizard.type("ken")
        row = next(number for number, line in enumerate(wizard.lines) if "SIP address" in line)
        strip = wizard.app.screen._compositor.render_strips()[row]
        lined = "".join(one.text for one in strip if one.style and one.style.underline)
        cursor = "".join(one.text for one in strip if one.style and one.style.reverse)
        assert lined.startswith("ken ")
        assert cursor == " ", "one cell, behind what was typed"
