"""A diagnosis told in text, as `lyncdoctor diagnose` prints it, and as JSON."""

import re
import textwrap
from collections.abc import Iterator
from typing import Any

import msgspec

from checks.knowledge.diagnosis import Diagnosis, Likely, Named, starts
from checks.model import Remedy, Step
from checks.runbooks import find_step
from checks.text import clean

_NARROWEST = 40
_OF_A_USER = {starts.XMPP_POLICY, starts.XMPP_TEST_MESSAGE}
_OF_A_PARTNER = {
    starts.XMPP_PARTNER,
    starts.XMPP_PARTNER_DNS,
    starts.XMPP_PARTNER_PORTS,
    starts.XMPP_PARTNER_STREAM,
    starts.XMPP_PARTNER_CERTIFICATE,
    starts.XMPP_NEGOTIATION,
}
_LABEL = 9
_COMMAND_AT_END = re.compile(r"(.{1,600}?): ((?:Get-|Test-|Resolve-|curl|netstat|lyncdoctor|openssl)[^\n]*)\Z")


def diagnosis_as_text(diagnosis: Diagnosis, width: int = 100) -> str:
    """The likeliest cause first, why, what it does not mean and where to start; then the others, numbered."""
    return "\n".join(_lines(diagnosis, max(width, _NARROWEST))) + "\n"


def diagnosis_as_json(diagnosis: Diagnosis) -> str:
    """The diagnosis with all its fields; each likely cause also has `start`, the command line that begins at its step."""
    told = msgspec.to_builtins(diagnosis)
    for likely, one in zip(told["likely"], diagnosis.likely, strict=True):
        likely["start"] = start(diagnosis, one)
        likely["remedy_command"] = one.remedy.command() if one.remedy else ""
    return msgspec.json.format(msgspec.json.encode(told), indent=2).decode() + "\n"


def start(diagnosis: Diagnosis, likely: Likely) -> str:
    """The command that walks from the step which looks at this cause; empty where no step does."""
    step = find_step(likely.step) if likely.step else None
    if step is None:
        return ""
    runbook, names = step.id.partition(".")[0], diagnosis.names
    options = _names(names, step) if runbook == "mobility" else _names_of_federation(names, step)
    return " ".join([f"lyncdoctor run {runbook} --start {step.id}", *options])


def _names_of_federation(names: Named, step: Step[Any]) -> Iterator[str]:
    """The options of XMPP, which takes a domain at least: that of a user, or the partner's, or one of its own."""
    if names.sip or step.id in _OF_A_USER:
        yield f"--sip {names.sip or 'ADDRESS'}"
    elif step.id not in _OF_A_PARTNER:
        yield "--domain DOMAIN"
    if step.acts:
        yield "--sip ADDRESS-AT-PARTNER --sign-in --ask-passwords"
    elif step.id in _OF_A_PARTNER:
        yield "--partner DOMAIN"


def _names(names: Named, step: Step[Any]) -> Iterator[str]:
    """The options that the step takes; one that signs in is not run without them."""
    yield f"--sip {names.sip or 'ADDRESS'}"
    if step.consent is not None and "receiver" in step.consent.accounts:
        yield "--sip OTHER-ADDRESS"
    for option, name in (("--pool", names.pool), ("--web", names.web)):
        if name:
            yield f"{option} {name}"
    if step.acts:
        yield "--sign-in --ask-passwords"


def _lines(diagnosis: Diagnosis, width: int) -> Iterator[str]:
    if diagnosis.recognised:
        yield from _wrapped(f"Read as {'; '.join(diagnosis.recognised)}.", "", width)
        yield ""
    if diagnosis.likely:
        yield from _first(diagnosis, diagnosis.likely[0], width)
    elif not diagnosis.recognised:
        yield "Nothing in this text is known."
    elif not diagnosis.in_order:
        yield from _wrapped("No cause can be told from this text alone.", "", width)
    yield from _listed("As it should be", diagnosis.in_order, width, apart=bool(diagnosis.likely))
    yield from _listed("What it does not mean", diagnosis.not_meant, width)
    if len(diagnosis.likely) > 1:
        yield ""
        yield "Other possibilities"
        for number, likely in enumerate(diagnosis.likely[1:], 2):
            yield from _other(diagnosis, likely, number, width)
    if diagnosis.question:
        yield ""
        yield "What would help most" if diagnosis.likely else "One question"
        yield from _question(diagnosis.question, width)


def _question(question: str, width: int) -> Iterator[str]:
    """The command that answers it stands on a line of its own, to be copied."""
    asked = _COMMAND_AT_END.match(question)
    yield from _wrapped(f"{asked[1]}:" if asked else question, "  ", width)
    if asked:
        yield f"  {clean(asked[2], 2000)}"


def _first(diagnosis: Diagnosis, likely: Likely, width: int) -> Iterator[str]:
    yield "Most likely"
    yield from _wrapped(likely.cause, "  ", width)
    yield ""
    yield from _labelled("Why", likely.reason, width)
    yield from _labelled("Who", likely.who, width)
    yield from _typed("Start", start(diagnosis, likely))
    yield from _typed("By hand", likely.command)
    if likely.remedy is not None:
        yield from _remedy(likely.remedy, width)


def _other(diagnosis: Diagnosis, likely: Likely, number: int, width: int) -> Iterator[str]:
    yield from _wrapped(likely.cause, "     ", width, first=f"  {number}. ")
    yield from _wrapped(likely.reason, "     ", width)
    command = start(diagnosis, likely) or likely.command
    if command:
        yield f"     {clean(command, 2000)}"


def _remedy(remedy: Remedy, width: int) -> Iterator[str]:
    command = remedy.command()
    yield from _typed("Fix", command) if command else _labelled("Fix", remedy.action, width)
    yield from _labelled("Risk", remedy.risk, width)


def _listed(title: str, lines: tuple[str, ...], width: int, *, apart: bool = True) -> Iterator[str]:
    if not lines:
        return
    if apart:
        yield ""
    yield title
    for line in lines:
        yield from _wrapped(line, "  ", width)


def _labelled(label: str, value: str, width: int) -> Iterator[str]:
    if value:
        yield from _wrapped(value, " " * (_LABEL + 2), width, first=f"  {label:<{_LABEL}}")


def _typed(label: str, command: str) -> Iterator[str]:
    """One line, however long: it is there to be pasted."""
    if command:
        yield f"  {label:<{_LABEL}}{clean(command, 2000)}"


def _wrapped(line: str, indent: str, width: int, first: str | None = None) -> list[str]:
    return textwrap.wrap(
        clean(line, 2000), width, initial_indent=indent if first is None else first, subsequent_indent=indent,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
