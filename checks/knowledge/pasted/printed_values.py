"""What Format-List and Format-Table print of a value, as the value."""

from typing import Any, Final

from checks.knowledge.clixml import MOST_CHARACTERS
from checks.text import clean

MOST_ITEMS = 5_000
_ELLIPSES = ("...", "…")


class Cut:
    """Stands for a value that the console did not show whole."""


CUT: Final = Cut()


def value_of(printed: str, *, in_table: bool = False) -> Any:
    """None, a truth value, a list or text; CUT where the rest of it is missing.

    A table cuts every value that is too long. A list cuts collections alone: behind the fourth item.
    """
    if not printed:
        return None
    if printed in {"True", "False"}:
        return printed == "True"
    if printed.startswith("{") and (printed.endswith("}") or printed.endswith(_ELLIPSES)):
        return _collection(printed)
    if in_table and (printed.endswith(_ELLIPSES) or printed.startswith(_ELLIPSES)):
        return CUT
    return clean(printed, MOST_CHARACTERS)


def _collection(printed: str) -> Any:
    held = printed[1:].removesuffix("}").strip()
    if held.endswith(_ELLIPSES) or not printed.endswith("}"):
        return CUT
    return [clean(item, MOST_CHARACTERS) for item in held.split(", ", MOST_ITEMS)[:MOST_ITEMS]] if held else []
