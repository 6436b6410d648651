"""stdout and stderr take every character: what their encoding lacks comes out in plain letters, never as a crash."""

import codecs
import io
import sys

DATA = frozenset({"json", "html"})
"""The formats that are UTF-8 wherever they are read."""
_IN_PLAIN_LETTERS = "in plain letters"
# A double quotation mark would end a string of JSON, or an attribute.
_QUOTES = str.maketrans('"', "'")


def take_every_character(form: str = "") -> None:
    """Call it before anything is written; data in `form` leaves as UTF-8, but for a terminal."""
    codecs.register_error(_IN_PLAIN_LETTERS, _in_plain_letters)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_IN_PLAIN_LETTERS)
    if form in DATA and isinstance(sys.stdout, io.TextIOWrapper) and not sys.stdout.isatty():
        sys.stdout.reconfigure(encoding="utf-8")


def _in_plain_letters(error: UnicodeError) -> tuple[str, int]:
    """What stands for the characters that cannot be written."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    from tui.glyphs import ASCII, plain

    told = plain(error.object[error.start : error.end], ASCII).translate(_QUOTES)
    return "".join(one if one.isascii() else "?" for one in told), error.end
