"""A screen as text: its lines, and below them where which style begins and ends. A change of either is read in a diff."""

from collections.abc import Iterator

from rich.style import Style
from textual.strip import Strip

from tui.app import WizardApp

_OURS = ("key", "good", "warn", "bad", "unsure", "quiet", "command", "rule")
_SURFACES = ("background", "surface", "panel")
_ATTRIBUTES = ("bold", "dim", "italic", "underline", "reverse", "strike")


def captured(app: WizardApp, heading: str) -> str:
    """The screen as it is now under a heading, with a final line break.

    A run of cells is told as `column-column style`; columns and rows count from 1, and what has no style is left out.
    """
    strips = rendered(app)
    names = _names_of_colours(app)
    lines = [strip.text.rstrip() for strip in strips]
    styles = [f"{row:>3}  {runs}" for row, strip in enumerate(strips, 1) if (runs := ", ".join(_runs(strip, names)))]
    return "\n".join([heading, "", *lines, "", "Styles", *styles, ""])


def rendered(app: WizardApp) -> list[Strip]:
    """The rows of the screen, with the styles that reach the terminal."""
    # Textual has no public way to the rows that are not yet escape sequences.
    return app.screen._compositor.render_strips()


def _runs(strip: Strip, names: dict[str, str]) -> Iterator[str]:
    """The cells that have one style, as long as they follow each other. Blanks without a background have none."""
    begin, column, current = 1, 1, ""
    for segment in strip:
        style = _told(segment.style, names) if segment.style else ""
        if (
            not segment.text.strip()
            and " on " not in f" {style}"
            and "reverse" not in style
            and "underline" not in style
        ):
            style = ""
        if style != current:
            if current:
                yield f"{begin}-{column - 1} {current}"
            begin, current = column, style
        column += segment.cell_length
    if current:
        yield f"{begin}-{column - 1} {current}"


def _told(style: Style, names: dict[str, str]) -> str:
    """The attributes and colours of a style by their names."""
    words = [name for name in _ATTRIBUTES if getattr(style, name)]
    colour = style.color.get_truecolor().hex.lower() if style.color and not style.color.is_default else ""
    if style.color and style.color.triplet is None and not style.color.is_default:
        colour = style.color.name
    words.append(names.get(colour, colour))
    ground = ""
    if style.bgcolor and not style.bgcolor.is_default:
        ground = style.bgcolor.triplet.hex.lower() if style.bgcolor.triplet else style.bgcolor.name
    if ground and names.get(f"on {ground}") != "":
        words.append(f"on {names.get(f'on {ground}', ground)}")
    return " ".join(word for word in words if word)


def _names_of_colours(app: WizardApp) -> dict[str, str]:
    """Names of the theme's colours by their code; empty for those that text has anyway."""
    variables = app.get_css_variables()
    names: dict[str, str] = {}
    for name in _OURS:
        names.setdefault(variables[name].lower(), name)
    names[variables["foreground"].lower()] = ""
    for name in _SURFACES:
        names.setdefault(f"on {variables[name].lower()}", name)
    names[f"on {variables['background'].lower()}"] = ""
    return names
