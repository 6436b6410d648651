"""What a learner has found so far: which unseen faults he named at once. The journals that are kept are all that is known."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from checks.journal import MOST_BYTES, Revealed, UnreadableJournal, read_beginning
from tui.cases import Scenario

_REVEALED = b'{"kind":"revealed"'
_decoder = msgspec.json.Decoder(Revealed)
_MOST_TITLES = 3


class Named(NamedTuple):
    """An unseen fault whose cause is known to the learner."""

    runbook: str
    scenario: str
    at_once: bool


def named_in(folder: Path) -> list[Named]:
    """Those of the journals in a folder, the oldest first. What cannot be read counts for nothing."""
    found = (_named(path) for path in sorted(folder.glob("*.jsonl")))
    return [one for one in found if one is not None]


def so_far(named: Sequence[Named], listed: Sequence[tuple[str, str, Scenario]], runbook: str) -> str:
    """One line about a runbook: how many were named, and which topics not at once; empty where there is none yet.

    `listed` tells the topics, as `cases.topics` does.
    """
    mine = [one for one in named if one.runbook == runbook]
    if not mine:
        return ""
    topics = {str(scenario["name"]): topic for of, topic, scenario in listed if of == runbook}
    missed = list(dict.fromkeys(topics[one.scenario] for one in mine if not one.at_once and one.scenario in topics))
    at_once = sum(one.at_once for one in mine)
    again = f" Worth another look: {', '.join(missed[-_MOST_TITLES:])}." if missed else ""
    return f"{at_once} of {len(mine)} named at once.{again}"


def _named(path: Path) -> Named | None:
    try:
        began = read_beginning(path)
        if not began.unseen or path.stat().st_size > MOST_BYTES:
            return None
        with path.open("rb") as file:
            line = next((line for line in file if line.startswith(_REVEALED)), b"")
        revealed = _decoder.decode(line) if line else None
    except (OSError, UnreadableJournal, msgspec.DecodeError):
        return None
    return Named(began.runbook, began.scenario, revealed.at_once) if revealed else None
