"""Figures and what they are allowed to be, as rows of a table."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

_HEAD = ("", "measured", "spread", "budget", "")


@dataclass(frozen=True)
class Figure:
    """What was measured in some rounds. It holds where its median, to the digits that are shown, is within the budget."""

    name: str
    values: Sequence[float]
    unit: str = ""
    most: float | None = None
    """The budget, in the same unit; None where there is none."""
    digits: int = 0
    why: str = ""
    """What the budget comes from, where that was measured too."""

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def is_over(self) -> bool:
        return self.most is not None and round(self.median, self.digits) > round(self.most, self.digits)

    def cells(self) -> tuple[str, ...]:
        """Name, median, least and most, budget, and whether it holds."""
        low, high = min(self.values), max(self.values)
        spread = "" if low == high else f"{self._number(low)} to {self._number(high)}"
        budget = "" if self.most is None else " ".join(filter(None, (self._shown(self.most), self.why)))
        holds = "" if self.most is None else "over" if self.is_over else "ok"
        return self.name, self._shown(self.median), spread, budget, holds

    def _shown(self, value: float) -> str:
        return f"{self._number(value)} {self.unit}".rstrip()

    def _number(self, value: float) -> str:
        return f"{value:.{self.digits}f}"


def table(figures: Sequence[Figure]) -> str:
    """A table in Markdown that reads well as text too."""
    rows = [_HEAD, *(figure.cells() for figure in figures)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["| " + " | ".join(map(str.ljust, row, widths)) + " |" for row in rows]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines) + "\n"
