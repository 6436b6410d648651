"""Filters of Lync cmdlets, built as data: an address becomes a quoted value and never a part of the expression."""

from collections.abc import Iterable

# PowerShell reads typographic quotes as quotes too.
_QUOTES = "'\u2018\u2019\u201a\u201b"


def any_of(name: str, values: Iterable[str]) -> str:
    """The filter that is true where the property `name` equals one of the values.

    Each value stands in single quotes, where nothing expands, with every quote in it doubled. ValueError where there is
    no value, or one that is not a single line: no address has a line break, and none is worth finding out what a server
    makes of it.
    """
    terms = [f"{name} -eq {_quoted(value)}" for value in values]
    if not terms:
        raise ValueError("A filter needs a value.")
    return " -or ".join(terms)


def _quoted(value: str) -> str:
    if not value.isprintable():
        raise ValueError("A value in a filter is one line of text.")
    return "'" + "".join(letter * 2 if letter in _QUOTES else letter for letter in value) + "'"
