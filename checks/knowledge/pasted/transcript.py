"""A text with several commands and their output: copied from a PowerShell window, or written by Start-Transcript."""

import re
from collections.abc import Iterator

from checks.probes import Answer, Cmdlet, Objects, Parameter, Question, Server, Sockets

ON_THE_EDGE = "# on the Edge"
"""What tells, behind a command, that it was run on the Edge: PowerShell takes it for a comment and echoes it."""

_PROMPT = re.compile(
    r"(?:\[[^\]\r\n]{1,100}\]:? ?)?(?:PS(?: [^>\r\n]{1,260})?|[A-Za-z]:\\[^>\r\n]{0,260})>+ ?(?P<command>.*)\Z"
)
_WORD = re.compile(r""" *("(?:[^"]|"")*"|'(?:[^']|'')*'|[^\s'"]+)""")
_CMDLET = re.compile(r"(?:Get|Test)-[A-Za-z][A-Za-z0-9]{1,60}\Z", re.IGNORECASE)
_FRAME = re.compile(r"\*{10,}\s*\Z")
MOST_COMMANDS = 500


def read(text: str) -> tuple[tuple[Question, Answer], ...]:
    """The questions whose commands are in the text, each with what its output says; what is not understood is left out."""
    from checks.knowledge.pasted import NotUnderstood, understand

    found: dict[Question, Answer] = {}
    for command, output in outputs(text):
        question = question_of(command)
        answer = understand(question, output or f"PS C:\\> {command}\n") if question else None
        if question is None or answer is None or isinstance(answer, NotUnderstood):
            continue
        if question not in found or _extent(answer) >= _extent(found[question]):
            found[question] = answer
    return tuple(found.items())


def _extent(answer: Answer) -> int:
    """How much was shown: a command that selected a few properties must not hide one that showed all."""
    return sum(len(one) for one in answer.objects) if isinstance(answer, Objects) else 0


def outputs(text: str) -> Iterator[tuple[str, str]]:
    """Each command with the lines that follow it, up to the next prompt."""
    command, lines, seen = "", list[str](), 0
    for line in text.splitlines():
        prompt = _PROMPT.match(line)
        if prompt is None:
            if not _FRAME.match(line):
                lines.append(line)
            continue
        if command:
            yield command, "\n".join(lines)
            seen += 1
        if seen == MOST_COMMANDS:
            return
        command, lines = prompt["command"].strip(), []
    if command:
        yield command, "\n".join(lines)


def question_of(command: str) -> Question | None:
    """The question that a typed command asks; None for one that no step asks. What stands behind a pipe only prints."""
    server: Server = "edge" if ON_THE_EDGE.casefold() in command.casefold() else "front-end"
    typed = command.partition("#")[0]
    if typed.split(";")[0].split() in (["netstat", "-ano"], ["netstat", "-anob"]):
        # Whose sockets they are cannot be told from a table; unless it is said, nothing follows.
        return Sockets(on="edge") if server == "edge" else None
    words = [word for word, _ in zip(_words(typed.partition("|")[0]), range(40), strict=False)]
    if not words or not _CMDLET.match(words[0][0]):
        return None
    parameters = _parameters(words[1:])
    return None if parameters is None else Cmdlet(name=words[0][0], parameters=parameters, on=server)


def _words(typed: str) -> Iterator[tuple[str, bool]]:
    """The words of a command, each with whether it stood in quotes."""
    for found in _WORD.finditer(typed):
        word = found[1]
        quote = word[0] if word[0] in "'\"" else ""
        yield (word[1:-1].replace(quote * 2, quote), True) if quote else (word, False)


def _parameters(words: list[tuple[str, bool]]) -> tuple[tuple[str, Parameter], ...] | None:
    """Names and values; the first value without a name is the identity. None where a value has no place."""
    found: list[tuple[str, Parameter]] = []
    waiting = "" if not words or (words[0][0].startswith("-") and not words[0][1]) else "Identity"
    for word, quoted in words:
        if word.startswith("-") and not quoted:
            if waiting:
                found.append((waiting, True))
            waiting = word[1:]
        elif waiting:
            found.append((waiting, _value(word, quoted)))
            waiting = ""
        else:
            return None
    return tuple([*found, (waiting, True)] if waiting else found)


def _value(word: str, quoted: bool) -> Parameter:
    if quoted:
        return word
    named = {"$true": True, "$false": False, "$null": None}
    if word.lower() in named:
        return named[word.lower()]
    return int(word) if word.isascii() and word.isdigit() and len(word) < 10 else word
