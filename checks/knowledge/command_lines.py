"""A PowerShell command on several lines, so that it survives being copied from a terminal."""

from collections.abc import Callable, Iterator

CONTINUED = " `"
INDENT = "  "
Measure = Callable[[str], int]
_OPENERS = {"'": "'", "‘": "’", '"': '"', "@{": "}"}


def wrap_command(command: str, width: int, measure: Measure = len) -> list[str]:
    """The command at most `width` wide, as `measure` has it, where its words allow; each line but the last ends with a backtick.

    It is broken only between words, never inside quotes, a hash table or a <placeholder>, so PowerShell reads what it would have
    read from the one line. A word that is wider than the line stays whole.
    """
    room = max(width - len(CONTINUED), 1)
    lines: list[str] = []
    line = ""
    for words in _fitting(command, room, measure):
        joined = f"{line} {words}" if line else words
        if not line or measure(joined) <= room:
            line = joined
        else:
            lines.append(line)
            line = INDENT + words
    if lines and measure(f"{lines[-1]} {line.removeprefix(INDENT)}") <= width:
        line = f"{lines.pop()} {line.removeprefix(INDENT)}"
    return [*(one + CONTINUED for one in lines), line]


def _fitting(command: str, room: int, measure: Measure) -> Iterator[str]:
    """The words, a parameter together with its value where a line has room for both."""
    for words in _kept_together(command):
        if measure(INDENT + words) <= room:
            yield words
        else:
            yield from _words(words)


def _kept_together(command: str) -> Iterator[str]:
    """The words, a parameter together with its value."""
    pending = ""
    for word in _words(command):
        if pending and word.startswith("-"):
            yield pending
            pending = word
        elif pending:
            yield f"{pending} {word}"
            pending = ""
        elif word.startswith("-"):
            pending = word
        else:
            yield word
    if pending:
        yield pending


def _words(command: str) -> Iterator[str]:
    """Splits at blanks that stand outside quotes, hash tables and placeholders."""
    word, closer = "", ""
    last_placeholder = command.rfind(">")
    for place, character in enumerate(command):
        if character == " " and not closer:
            if word:
                yield word
            word = ""
            continue
        word += character
        if closer:
            closer = "" if character == closer else closer
        elif word.endswith("@{"):
            closer = "}"
        elif character == "<" and place < last_placeholder:
            closer = ">"
        elif character in _OPENERS:
            closer = _OPENERS[character]
    if word:
        yield word
