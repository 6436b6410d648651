"""A text with several commands and their output: copied from a PowerShell window, or written by Start-Transcript."""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import get_args

from checks.deployment import InvalidName, parse_sip_address
from checks.probes import (
    Answer,
    Cmdlet,
    Elsewhere,
    Handshake,
    Lookup,
    Objects,
    Parameter,
    Port,
    Question,
    RecordKind,
    Request,
    Server,
    Sockets,
    View,
)

ON_THE_EDGE = "# on the Edge"
"""What tells, behind a command, that it was run on the Edge: PowerShell takes it for a comment and echoes it."""
PLACES: dict[View, str] = {"inside": "# inside", "outside": "# outside"}
"""The same for what the network answers: from where it was asked."""
_OF_THE_NETWORK = frozenset({"test-netconnection"})
"""Cmdlets that ask the network, and no server."""
_OF_USERS = frozenset({"get-csuser", "get-cseffectivepolicy"})

_PROMPT = re.compile(
    r"(?:\[[^\]\r\n]{1,100}\]:? ?)?(?:PS(?: [^>\r\n]{1,260})?|[A-Za-z]:\\[^>\r\n]{0,260})>+ ?(?P<command>.*)\Z"
)
_WORD = re.compile(r""" *("(?:[^"]|"")*"|'(?:[^']|'')*'|[^\s'"]+)""")
_CMDLET = re.compile(r"(?:Get|Test)-[A-Za-z][A-Za-z0-9]{1,60}\Z", re.IGNORECASE)
_PRINTS_ALL = re.compile(
    r"\s*(?:format-(?:list|table|custom)|f[lt]|out-(?:string|host|default)|oh|more|sort-object|sort"
    r"|convertto-(?:json|clixml|xml)|select(?:-object)?(?!.{0,300}\s-(?:f|la|sk|u|in|exp)))(?:\s[^<>]{0,2000})?\Z",
    re.IGNORECASE,
)
"""What may stand behind a pipe: it prints every object, and leaves at most properties out."""
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
    """Each command with the lines that follow it, up to the next prompt.

    The last one is left out where nothing follows it: it may have been copied while it still ran.
    """
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
    if command and any(map(str.strip, lines)):
        yield command, "\n".join(lines)


def question_of(command: str) -> Question | None:
    """The question that a typed command asks; None for one that no step asks, or that may print some objects alone."""
    server: Server = "edge" if ON_THE_EDGE.casefold() in command.casefold() else "front-end"
    typed = command.partition("#")[0]
    if typed.split(";")[0].split() in (["netstat", "-ano"], ["netstat", "-anob"]):
        # Whose sockets they are cannot be told from a table; unless it is said, nothing follows.
        return Sockets(on="edge") if server == "edge" else None
    asked, *behind = typed.split("|")
    words = [word for word, _ in zip(_words(asked), range(40), strict=False)]
    if not words or not all(map(_PRINTS_ALL.match, behind)):
        return None
    if not _CMDLET.match(words[0][0]) or words[0][0].lower() in _OF_THE_NETWORK:
        return _of_network([word for word, _ in words], command)
    parameters = _parameters(words[1:])
    return None if parameters is None else _cmdlet(words[0][0], dict(parameters), server)


def said_behind(question: Question) -> str:
    """The comment that has to stand behind a question's command, so that its place is told; empty for a Lync shell."""
    match question:
        case Cmdlet(on="edge") | Sockets():
            return ON_THE_EDGE
        case Request() | Lookup() | Handshake() | Port() | Elsewhere():
            return PLACES[question.view]
    return ""


def prints_all(command: str) -> bool:
    """False where what stands behind a pipe of the command may keep objects back."""
    return all(map(_PRINTS_ALL.match, command.partition("#")[0].split("|")[1:]))


def _cmdlet(name: str, parameters: dict[str, Parameter], server: Server) -> Cmdlet:
    for parameter, value in parameters.items():
        if name.lower() in _OF_USERS and parameter.lower() == "identity" and "@" in str(value):
            with suppress(InvalidName):
                parameters[parameter] = parse_sip_address(str(value))
    return Cmdlet(name=name, parameters=tuple(parameters.items()), on=server)


def _of_network(words: list[str], command: str) -> Question | None:
    """What a program asks of the network; None where it is not said from where."""
    said = command.casefold().rpartition("#")[2].strip()
    view = next((view for view in PLACES if view == said), None)
    program, arguments = words[0].lower().removesuffix(".exe"), words[1:]
    if view is None:
        return None
    if program == "curl":
        url = next((word for word in arguments if word.lower().startswith("http")), "")
        post = "post" in (word.lower() for word in arguments)
        asked = Request(
            method="POST" if post else "GET",
            url=url,
            view=view,
            trusting="-k" in arguments,
            way="direct" if "--noproxy" in arguments else "configured",
        )
        return asked if url else None
    if program == "resolve-dnsname" and arguments:
        kind = dict(zip(map(str.lower, arguments[1:]), arguments[2:], strict=False)).get("-type", "ADDRESS").upper()
        kinds = (one for one in get_args(RecordKind) if one == kind)
        return next((Lookup(name=arguments[0], kind=one, view=view) for one in kinds), None)
    if program == "test-netconnection" and arguments:
        return _port(arguments, view)
    if program == "openssl" and "-connect" in arguments[:-1]:
        host, _, port = arguments[arguments.index("-connect") + 1].rpartition(":")
        return (
            Handshake(host=host, port=int(port[:6]), view=view) if host and port.isascii() and port.isdigit() else None
        )
    return None


def _port(arguments: list[str], view: View) -> Port | None:
    """The question of `Test-NetConnection HOST -Port NUMBER`, the host with or without its -ComputerName."""
    named = dict(zip(map(str.lower, arguments), arguments[1:], strict=False))
    host = named.get("-computername") or ("" if arguments[0].startswith("-") else arguments[0])
    port = named.get("-port", "")
    known = host and port.isascii() and port.isdigit() and len(port) <= 5
    return Port(host=host.lower(), port=int(port), view=view) if known else None


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
