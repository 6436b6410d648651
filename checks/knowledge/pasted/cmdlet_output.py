"""The pasted output of a cmdlet becomes what a shell would have answered.

It may be what the console shows (a list, a table, errors and warnings among it), JSON or CLIXML: which one is found
out. What cannot be read is said with its line; nothing is dropped or guessed.
"""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from checks.knowledge.clixml import INTERNAL, MOST_OBJECTS
from checks.knowledge.lync_objects import has
from checks.knowledge.lync_objects import text as text_of
from checks.knowledge.pasted import (
    MOST_CHARACTERS,
    NotUnderstood,
    clixml_output,
    error_records,
    format_list,
    format_table,
    json_output,
    synthetic_transactions,
    transcript,
)
from checks.knowledge.pasted.commands import command_for
from checks.knowledge.pasted.console import Line, Segment, Unreadable, closed_up, lines_of, segments
from checks.knowledge.pasted.format_list import Shown
from checks.probes import Cmdlet, CmdletError, Objects
from checks.text import clean

_TELLING = {
    "get-csuser": ("SipAddress", "Enabled", "RegistrarPool", "MobilityPolicy", "DisplayName", "UserPrincipalName"),
    "get-cseffectivepolicy": ("MobilityPolicy",),
    "get-csmobilitypolicy": ("EnableMobility",),
    "get-cswebserviceconfiguration": ("UseWindowsAuth",),
    "get-cspushnotificationconfiguration": (
        "EnableApplePushNotificationService",
        "EnableMicrosoftPushNotificationService",
    ),
    "get-csmcxconfiguration": ("PushNotificationProxyUri", "ExposedWebURL", "SessionExpirationInterval"),
    "get-csaccessedgeconfiguration": ("AllowFederatedUsers", "EnablePartnerDiscovery"),
    "get-cshostingprovider": ("ProxyFqdn",),
    "get-csalloweddomain": ("Domain", "MarkForMonitoring"),
    "get-csimfilterconfiguration": ("Prefixes", "BlockFileExtension", "Action"),
    "get-cspool": ("Site", "Services", "Computers"),
    "get-csserverversion": ("Value",),
}
"""Properties by which the output of a cmdlet is told from that of another: one of them must be there."""
_VERSION = "get-csserverversion"
_BARE_WORDS = frozenset({_VERSION, "get-csadminroleassignment"})
"""Cmdlets that print plain text."""
_NUMBERED = (
    "UseWindowsAuth",
    "ExposedWebURL",
    "Action",
    "TlsNegotiation",
    "SaslNegotiation",
    "PartnerType",
    "VerificationLevel",
)
_ASKING = re.compile(r"(?:\w{1,40}\\)?(?P<name>(?:Get|Test)-[A-Za-z][A-Za-z0-9]{1,60})", re.IGNORECASE)
_ASSIGNED = re.compile(r"^\s*\$\w{1,40}\s?=\s?")
_NO_ASKING = frozenset({"get-content", "get-credential", "get-member", "get-clipboard", "get-date"})
_SIGN_IN_NAME = re.compile(r"(?<![\w.:-])[\w.+-]{1,64}@[\w.-]{1,255}")
_NARROWING = ("identity", "filter", "computername", "poolfqdn")
"""Parameters that leave objects out."""
_SIP = re.compile(r"sip:[^\s'\",;|)]{1,300}", re.IGNORECASE)
_LIST_BEGINS = re.compile(r"[^\W\d]\w{0,100} +:(?: |\Z)")


class _Read(NamedTuple):
    """What was made of the lines, before it is held against the question."""

    objects: list[dict[str, Any]]
    errors: tuple[CmdletError, ...] = ()
    warnings: tuple[str, ...] = ()
    cut: tuple[str, ...] = ()


def read(question: Cmdlet, text: str) -> Objects | NotUnderstood:
    """What the text says as the answer to the question. Never raises, whatever the text is.

    No output behind a prompt or a command is an answer: nothing was found. A property that the console did not show
    whole is left out, and a warning says so.
    """
    if len(text) > MOST_CHARACTERS:
        return NotUnderstood(sentence="That is more than one command prints. Paste the output of this command alone.")
    try:
        segment = _chosen(question, segments(lines_of(text)))
        found = _with_one_user(question, _read(question, segment))
        _check(question, found)
    except Unreadable as problem:
        line = problem.line
        return NotUnderstood(
            sentence=f"{problem.sentence} Paste the whole output of: {_command(question)}",
            line=line.number if line else 0,
            text=clean(line.text.strip()) if line else "",
        )
    return Objects(
        objects=tuple(found.objects), errors=found.errors, warnings=(*found.warnings, *_left_out(question, found))
    )


def _command(question: Cmdlet) -> str:
    return question.typed() if question.name.lower() in _BARE_WORDS else command_for(question)


def _chosen(question: Cmdlet, found: list[Segment]) -> Segment:
    """The part of the paste that answers the question. Raises Unreadable where another command was run."""
    shown = [segment for segment in found if not segment.empty]
    asked = [segment for segment in found if question.name.lower() in map(str.lower, _asking(segment.command))]
    if asked:
        chosen = _about_the_same(question, asked)
        _require_whole(question, chosen)
        return chosen
    for segment in shown:
        if others := _asking(segment.command):
            raise Unreadable(
                f"This is the output of {clean(others[0], 80)}, and {question.name} was asked for.",
                Line(segment.number, segment.command),
            )
    if shown:
        return shown[-1]
    if any(segment.prompted for segment in found):
        return found[-1]
    raise Unreadable("Nothing was pasted.")


def _asking(command: str) -> list[str]:
    """The cmdlets whose output a command prints: of each pipeline the last that asks for something."""
    found: list[str] = []
    for statement in command.split(";"):
        first_words = [_ASKING.match(part.lstrip(" (&")) for part in _ASSIGNED.sub("", statement).split("|")]
        names = [word["name"] for word in first_words if word and word["name"].lower() not in _NO_ASKING]
        found += names[-1:]
    return found


def _about_the_same(question: Cmdlet, asked: list[Segment]) -> Segment:
    """The last of these that is about the user of the question; one that shows something before one that does not."""
    wanted = _sip(question)
    others = ""
    for segment in sorted(asked, key=lambda segment: (segment.empty, -segment.number)):
        named = _users_named(segment.command)
        if not wanted or not named or wanted in named:
            return segment
        others = next(iter(named))
    raise Unreadable(f"This was asked for {clean(others, 200)}, and not for {wanted}.")


def _users_named(command: str) -> set[str]:
    """The SIP addresses in a command. A sign-in name in its place mostly is the address, and is taken for it."""
    addresses = {name.lower() for name in _SIP.findall(command)}
    return addresses or {f"sip:{name.lower()}" for name in _SIGN_IN_NAME.findall(command)}


def _require_whole(question: Cmdlet, segment: Segment) -> None:
    """Raises Unreadable where the echoed command may have printed some of the objects alone."""
    if not transcript.prints_all(segment.command):
        raise Unreadable(
            "What stands behind the | may have kept some of it back.", Line(segment.number, segment.command)
        )
    asked = {name.lower() for name, _ in question.parameters}
    for name in _NARROWING:
        if name not in asked and re.search(rf"\s-{name}\b", segment.command, re.IGNORECASE):
            raise Unreadable(f"This command asked with -{name.capitalize()}.", Line(segment.number, segment.command))


def _sip(question: Cmdlet) -> str:
    identity = str(dict(question.parameters).get("Identity") or "").lower()
    return identity if identity.startswith("sip:") else ""


def _read(question: Cmdlet, segment: Segment) -> _Read:
    lines = segment.lines
    if clixml_output.begins(lines):
        return _clixml(lines)
    told = error_records.told(closed_up(lines), _begins_output)
    _check_known(question, told.errors)
    output = _trimmed(told.output)
    if not output:
        return _Read([], told.errors, told.warnings)
    objects, cut = _objects(question, output)
    return _Read(objects, told.errors, told.warnings, tuple(cut))


def _objects(question: Cmdlet, lines: list[Line]) -> tuple[list[dict[str, Any]], list[str]]:
    if json_output.begins(lines):
        shown = Shown(json_output.read(lines), [])
    elif question.name.lower() in _BARE_WORDS:
        shown = Shown(_bare_words(question.name.lower(), lines), [])
    elif format_table.holds_table(lines):
        shown = format_table.read(lines)
    elif _is_test(question) and synthetic_transactions.is_label(lines[0].text.lstrip()):
        shown = format_list.read_from_console(lines) or Shown(synthetic_transactions.read(lines), [])
    else:
        shown = format_list.read(lines)
    objects = _without_internals(shown.objects)
    cut = [name for name in shown.cut if name not in INTERNAL]
    return synthetic_transactions.named_alike(objects) if _is_test(question) else objects, cut


def _is_test(question: Cmdlet) -> bool:
    return question.name.lower().startswith("test-cs")


def _clixml(lines: list[Line]) -> _Read:
    streams, around = clixml_output.read(lines)
    beside = error_records.told(around, _begins_output)
    stray = next((line for line in beside.output if line.text), None)
    if stray is not None:
        raise Unreadable(f"Line {stray.number} stands beside the CLIXML and is no part of it.", stray)
    inside = error_records.told(streams.errors, _begins_output)
    warnings = (*beside.warnings, *streams.warnings, *inside.warnings)
    if streams.cut:
        warnings = (*warnings, "A part of the CLIXML was left out, because there was too much.")
    return _Read(streams.objects, (*beside.errors, *inside.errors), warnings)


def _begins_output(text: str) -> bool:
    return bool(
        synthetic_transactions.is_label(text) or _LIST_BEGINS.match(text) or text.startswith(("{", "[{", "<Objs"))
    )


def _trimmed(lines: list[Line]) -> list[Line]:
    filled = [position for position, line in enumerate(lines) if line.text]
    return lines[filled[0] : filled[-1] + 1] if filled else []


def _bare_words(name: str, lines: list[Line]) -> list[dict[str, Any]]:
    """Text that stands for itself. That of the version is one sentence, whatever the console broke it into."""
    words = [clean(line.text.strip()) for line in lines if line.text]
    for line in lines:
        if _LIST_BEGINS.match(line.text) or format_table.is_ruler(line.text):
            raise Unreadable(f"Line {line.number} is a property of the text, not the text itself.", line)
    return [{"Value": " ".join(words)}] if name == _VERSION else [{"Value": word} for word in words]


def _without_internals(objects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in one.items() if name not in INTERNAL} for one in objects]


def _with_one_user(question: Cmdlet, found: _Read) -> _Read:
    """Only the user who was asked for, where the paste holds several. Raises Unreadable where it holds others alone."""
    wanted = _sip(question)
    if question.name.lower() != "get-csuser" or not wanted:
        return found
    named = [one for one in found.objects if has(one, "SipAddress") and text_of(one, "SipAddress")]
    if not named:
        return found
    # A console may break an address, and nobody knows whether a blank stood there; an address has none.
    same = [one for one in named if "".join(text_of(one, "SipAddress").split()).lower() == wanted]
    if not same:
        raise Unreadable(f"This shows {clean(text_of(named[0], 'SipAddress'), 200)}, and not {wanted}.")
    return found._replace(objects=same)


def _check_known(question: Cmdlet, errors: Iterable[CmdletError]) -> None:
    """Raises Unreadable where another command than the one asked for was not known: a slip of the keyboard."""
    for error in errors:
        term = error_records.unknown_command(error)
        if term and term.rpartition("\\")[2].lower() != question.name.lower():
            raise Unreadable(f"PowerShell did not know the command {clean(term, 80)}.")


def _check(question: Cmdlet, found: _Read) -> None:
    """Raises Unreadable where the objects are not of that cmdlet, or are too many to be."""
    if len(found.objects) > MOST_OBJECTS:
        raise Unreadable(f"That is more than {MOST_OBJECTS} objects.")
    telling = ("Result",) if _is_test(question) else _TELLING.get(question.name.lower(), ())
    shown = {name.lower() for one in found.objects for name in one} | {name.lower() for name in found.cut}
    if found.objects and telling and shown.isdisjoint(name.lower() for name in telling):
        raise Unreadable(f"This does not show {telling[0]}, as the output of {question.name} does.")


def _left_out(question: Cmdlet, found: _Read) -> list[str]:
    """What the paste did not show, and how to see it."""
    said = [
        f"{clean(name, 80)} was cut off and is left out. To see it whole: "
        f"{question.typed()} | Select-Object -ExpandProperty {clean(name, 80)}"
        for name in found.cut[:20]
    ]
    bare = [
        name
        for name in _NUMBERED
        if any(isinstance(one.get(name), int) and not isinstance(one.get(name), bool) for one in found.objects)
    ]
    said += [
        f"{name} is a bare number, which JSON made of its name. To see the name: {question.typed()} | Format-List {name}"
        for name in bare
    ]
    return said
