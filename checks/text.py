"""What comes from a network, a file or a paste becomes harmless text here, and only here."""

import unicodedata

_LINE_BREAKS = {"\r\n": "\n", "\r": "\n", "\u2028": "\n", "\u2029": "\n", "\x85": "\n"}
# Characters that reorder what is read: a header could otherwise print as another host's name.
_REORDERING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean(text: str, limit: int = 500) -> str:
    """One line of harmless text, at most `limit` characters; a cut is shown by an ellipsis.

    Control characters (terminal escapes among them), reordering marks and surrogates become `\N{REPLACEMENT CHARACTER}`.
    """
    head = text[: limit + 1]
    # What prints has none of them, and nearly every text prints.
    harmless = head if head.isprintable() else "".join(map(_harmless, head))
    return harmless if len(harmless) <= limit else harmless[: limit - 1] + "…"


def clean_lines(text: str, limit: int = 4000, lines: int = 60) -> str:
    """Like clean, but line breaks are kept: at most `lines` lines and `limit` characters."""
    head = text[: limit + 1]
    for raw, plain in _LINE_BREAKS.items():
        head = head.replace(raw, plain)
    kept = [clean(line, limit) for line in head[:limit].split("\n")[:lines]]
    cut = len(text) > limit or head.count("\n") >= lines
    return "\n".join(kept) + ("…" if cut else "")


def _harmless(character: str) -> str:
    if character in "\t\n\r":
        return " "
    if character in _REORDERING or unicodedata.category(character) in {"Cc", "Cs"}:
        return "\N{REPLACEMENT CHARACTER}"
    return character
