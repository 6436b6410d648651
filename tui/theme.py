"""The colours: a dark and a light theme of our own, and what our names of colours are in every other theme."""

import os

from rich.console import Console
from textual.theme import Theme

DARK = Theme(
    name="lyncdoctor-dark", dark=True,
    primary="#6cb6ff", secondary="#8ab4d8", accent="#b8a1e8", foreground="#d7dde4", background="#11151a",
    surface="#1b2129", panel="#1b2129", success="#7fcf94", warning="#e8b864", error="#f4797f",
    variables={
        "good": "#7fcf94", "warn": "#e8b864", "bad": "#f4797f", "unsure": "#b8a1e8", "quiet": "#8e9aa7",
        "key": "#6cb6ff", "command": "#e9eef3", "rule": "#343d48",
    },
)  # fmt: skip
LIGHT = Theme(
    name="lyncdoctor-light", dark=False,
    primary="#0a5aa8", secondary="#3a6d9c", accent="#6a3fb5", foreground="#22282e", background="#fbfaf6",
    surface="#efede6", panel="#efede6", success="#1a7a36", warning="#865700", error="#bd1f2b",
    variables={
        "good": "#1a7a36", "warn": "#865700", "bad": "#bd1f2b", "unsure": "#6a3fb5", "quiet": "#5a646e",
        "key": "#0a5aa8", "command": "#0c1116", "rule": "#cfccc2",
    },
)  # fmt: skip

OURS = {theme.name: theme for theme in (DARK, LIGHT)}

_PLAIN_QUIET = "ansi_default"


def first_theme() -> str:
    """The theme that the program starts with.

    Where there are no colours, or sixteen, the terminal's own are used: a theme with exact colours would come out
    as greys, or as black on black. Textual takes that decision while it starts, so the theme is chosen before.
    """
    if chosen := os.environ.get("TEXTUAL_THEME"):
        return chosen
    return "ansi-dark" if "NO_COLOR" in os.environ or not _has_many_colours() else DARK.name


def our_colours(theme: Theme) -> dict[str, str]:
    """Our names of colours in a theme that does not know them."""
    colours = theme.to_color_system().generate()
    return {
        "good": colours["text-success"], "warn": colours["text-warning"], "bad": colours["text-error"],
        "unsure": colours["text-accent"] if not theme.ansi else "ansi_magenta",
        "quiet": _PLAIN_QUIET if theme.ansi else colours["text-muted"],
        "key": "ansi_cyan" if theme.ansi else colours["text-primary"],
        "command": _PLAIN_QUIET if theme.ansi else colours["foreground"],
        "rule": _PLAIN_QUIET if theme.ansi else colours["foreground-disabled"],
    }  # fmt: skip


def _has_many_colours() -> bool:
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    console = Console(force_terminal=True, legacy_windows=False, _environ=environment)
    return console.color_system not in {None, "standard"}
