"""The signs on the screen, each as a Unicode and an ASCII form. A status is always a sign and a word."""

from dataclasses import dataclass

from checks.status import Status

WORDS: dict[Status, str] = {
    Status.OK: "OK",
    Status.WARNING: "WARNING",
    Status.FAILED: "FAILED",
    Status.UNKNOWN: "UNKNOWN",
    Status.NOT_APPLICABLE: "NOT APPLICABLE",
    Status.SKIPPED: "SKIPPED",
}

MEANINGS: dict[Status, str] = {
    Status.OK: "it was seen, and it is as it should be",
    Status.WARNING: "it works, or may work, but something is not as it should be",
    Status.FAILED: "it was seen, and it is bad",
    Status.UNKNOWN: "it should have been seen and was not; the reason is told",
    Status.NOT_APPLICABLE: "this version, or this place, can never see it",
    Status.SKIPPED: "not looked at: it could tell nothing new, or you skipped it",
}


@dataclass(frozen=True, kw_only=True)
class Glyphs:
    """One family of signs. Every sign of a family has the same width in cells."""

    status: dict[Status, str]
    unseen: str
    ahead: str
    running: str
    right: str
    wrong: str
    cursor: str
    here: str
    folded: str
    unfolded: str
    chosen: str
    free: str
    line: str
    wall: str
    separator: str
    up_down: str
    left_right: str
    ellipsis: str


UNICODE = Glyphs(
    status={
        Status.OK: "✓",
        Status.WARNING: "!",
        Status.FAILED: "✗",
        Status.UNKNOWN: "?",
        Status.NOT_APPLICABLE: "–",
        Status.SKIPPED: "»",
    },
    unseen="·",
    ahead="…",
    running="…",
    right="✓",
    wrong="✗",
    cursor="❯",
    here="❯",
    folded="▸",
    unfolded="▾",
    chosen="(•)",
    free="( )",
    line="─",
    wall="│",
    separator="·",
    up_down="↑↓",
    left_right="←→",
    ellipsis="…",
)

ASCII = Glyphs(
    status={
        Status.OK: "OK",
        Status.WARNING: "!!",
        Status.FAILED: "XX",
        Status.UNKNOWN: "??",
        Status.NOT_APPLICABLE: "--",
        Status.SKIPPED: ">>",
    },
    unseen=". ",
    ahead="..",
    running="..",
    right="OK",
    wrong="XX",
    cursor=">",
    here=">",
    folded="+",
    unfolded="-",
    chosen="(*)",
    free="( )",
    line="-",
    wall="|",
    separator="-",
    up_down="up/down",
    left_right="left/right",
    ellipsis="...",
)


def status_sign(status: Status, glyphs: Glyphs) -> str:
    """Sign and word of a status; once where the sign is the word."""
    sign, word = glyphs.status[status], WORDS[status]
    return word if sign == word else f"{sign} {word}"


def plain(text: str, glyphs: Glyphs) -> str:
    """The text in the characters that the family may use: in ASCII, typography becomes its plain form."""
    return text.translate(_PLAIN) if glyphs is ASCII else text


_PLAIN = str.maketrans(
    {
        "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "−": "-", "…": "...",
        "·": "-", "•": "*", "→": "->", "←": "<-", "≥": ">=", "≤": "<=", "\N{NO-BREAK SPACE}": " ",
        "\N{REPLACEMENT CHARACTER}": "?",
    }
)  # fmt: skip
