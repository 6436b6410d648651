"""A walk as a report: one value made from a journal, written in several formats with the same findings in each."""

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from checks.brought import oldest
from checks.circumstances import told_line
from checks.deployment import Deployment
from checks.journal import Concluded, Journal
from checks.listed_users import ListedUser, judged, with_users
from checks.model import Frozen, Reason, Remedy, Runbook, Status, Vantage, Verdict
from checks.walk import steps_for, verdict_of

# JSON escapes the controls below 0x20 alone; a terminal would take some of these for commands too.
_JSON_LEAVES_BARE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
FORMATS = ("text", "json", "markdown", "html", "nagios")


class Action(Frozen, frozen=True):
    """A remedy, as data and as the line to paste."""

    who: str
    risk: str
    verify: str
    cmdlet: str = ""
    parameters: dict[str, Any] = {}
    command: str = ""
    action: str = ""
    instead: bool = False
    """True: another way than those before it, of which one is enough."""


class Evidence(Frozen, frozen=True):
    """One question of the world: as an administrator would type it, and what came back."""

    question: str
    seat: str
    at: str
    took_ms: int
    answer: tuple[str, ...]
    source: str = ""
    """Empty where it was asked live; `pasted`, or the name of the file that told it."""


class ReportedStep(Frozen, frozen=True):
    """One step as it was concluded."""

    id: str
    title: str
    status: Status
    answer: str
    headline: str
    detail: tuple[str, ...]
    remedies: tuple[Action, ...]
    took_ms: int
    link: str
    reason: Reason | None = None
    command: str = ""
    because: str = ""
    seen_from: tuple[Vantage, ...] = ()
    """The seats that see it, where only the seat of the walk stood in the way."""
    source: str = ""
    """`stated` where a person said what it is, and nothing here saw it."""
    note: str = ""
    """What a person wrote down about it."""
    facts: dict[str, Any] | None = None
    evidence: tuple[Evidence, ...] = ()


class ReportedUser(Frozen, frozen=True):
    """One user of a list: the gravest of the answers about him, and all of them by step."""

    sip: str
    status: Status
    headline: str
    answers: dict[str, str]
    remedies: tuple[Action, ...] = ()


class ReportedVerdict(Frozen, frozen=True):
    """The end of the walk. `cause` is `step-id/answer`, or null where no fault was found."""

    status: Status
    cause: str | None
    headline: str
    detail: tuple[str, ...]
    remedies: tuple[Action, ...]
    consequences: tuple[str, ...]
    also: tuple[str, ...]
    unknown: tuple[str, ...]
    not_agreed: tuple[str, ...] = ()
    """The steps that were not run because they sign in as a user."""
    not_from_here: dict[Vantage, tuple[str, ...]] = {}
    """The steps that the seat of the walk cannot see, by the seat to walk at for them."""
    mended: dict[str, str] = {}
    """The faults that were found in this walk and are there no more: the headline of each by its step."""
    note: str = ""
    """What a person wrote down about the whole walk."""


class Report(Frozen, frozen=True):
    """The whole walk. `schema` rises when a field changes its meaning or goes."""

    schema: int
    runbook: str
    title: str
    began: str
    steps_to_walk: int
    """How many steps it takes to the verdict; `steps` has fewer where the walk was cut short."""
    scenario: str
    """Of the practice deployment; `unseen` while the learner has not been told it; empty in a real one."""
    deployment: Deployment
    verdict: ReportedVerdict
    steps: tuple[ReportedStep, ...]
    users: tuple[ReportedUser, ...] = ()
    """The users that a file listed, in its order."""
    told: str = ""
    """What the walk began from: a symptom and what was told beside it, in one line; empty where nothing was."""
    evidence_at: str = ""
    """When the oldest of the evidence was made, where that is more than a day before the walk began; else empty."""


SCHEMA = 1


def report_of(journal: Journal, runbook: Runbook) -> Report:
    """The report of what a journal knows; a walk that was cut short is reported as far as it went."""
    began = journal.began
    users = judged(journal)
    return Report(
        schema=SCHEMA,
        runbook=runbook.name,
        title=runbook.title,
        began=began.at,
        steps_to_walk=len({*steps_for(runbook, began.symptom, began.told), *journal.concluded} & {*runbook.step_ids}),
        scenario="unseen" if began.unseen else began.scenario,
        deployment=began.deployment,
        verdict=_verdict(with_users(verdict_of(runbook, journal), users), journal),
        steps=tuple(
            _step(journal, runbook, journal.concluded[step_id])
            for step_id in runbook.step_ids
            if step_id in journal.concluded
        ),
        users=tuple(map(_user, users)),
        told=told_line(runbook, began.symptom, began.told),
        evidence_at=oldest(journal),
    )


def unfinished(report: Report) -> Report:
    """The report of a walk that was cut short: where it found no fault so far, whether there is one is not known."""
    says_why = {step.headline for step in report.steps if step.status is Status.NOT_APPLICABLE}
    # That this version has none of it is known as soon as one step has seen it.
    if report.verdict.status not in {Status.OK, Status.NOT_APPLICABLE} or report.verdict.headline in says_why:
        return report
    verdict = msgspec.structs.replace(report.verdict, status=Status.UNKNOWN)
    return msgspec.structs.replace(report, verdict=verdict)


def write(report: Report, form: str, width: int = 0) -> str:
    """The report as text in one of FORMATS, with a final line break. `width`: columns of plain text; 0 as in a mail."""
    match form:
        case "json":
            return as_json(report)
        case "markdown":
            from checks.report.markdown import markdown

            return markdown(report)
        case "html":
            from checks.report.html import html

            return html(report)
        case "nagios":
            from checks.report.nagios import nagios

            return nagios(report)
    from checks.report.text import text

    return text(report, width)


def as_json(report: msgspec.Struct) -> str:
    """A report as JSON that a terminal may show, with a final line break."""
    text = msgspec.json.format(msgspec.json.encode(report), indent=2).decode()
    return _JSON_LEAVES_BARE.sub(lambda bare: f"\\u{ord(bare[0]):04x}", text) + "\n"


def _verdict(verdict: Verdict, journal: Journal) -> ReportedVerdict:
    return ReportedVerdict(
        status=verdict.status,
        cause=verdict.cause,
        headline=verdict.headline,
        detail=verdict.detail,
        remedies=actions_of(verdict.remedies),
        consequences=verdict.consequences,
        also=verdict.also,
        unknown=verdict.unknown,
        not_agreed=verdict.not_agreed,
        not_from_here=verdict.not_from_here,
        mended={one.step: one.finding.headline for one in journal.mended()},
        note=journal.notes.get("", ""),
    )


def _step(journal: Journal, runbook: Runbook, concluded: Concluded) -> ReportedStep:
    finding = concluded.finding
    return ReportedStep(
        id=concluded.step,
        title=runbook.stage(concluded.step).step.title,
        status=finding.status,
        answer=finding.answer,
        headline=finding.headline,
        detail=finding.detail,
        remedies=actions_of(finding.remedies),
        took_ms=concluded.took_ms,
        link=finding.link,
        reason=finding.reason,
        command=finding.command,
        because=finding.because,
        seen_from=finding.seen_from,
        source=concluded.source,
        note=journal.notes.get(concluded.step, ""),
        facts=concluded.facts,
        evidence=tuple(
            Evidence(
                question=asked.question.typed(),
                seat=asked.seat,
                at=asked.at,
                took_ms=asked.took_ms,
                answer=tuple(asked.answer.lines()),
                source=asked.source,
            )
            for asked in journal.evidence(concluded.step)
        ),
    )


def _user(user: ListedUser) -> ReportedUser:
    gravest = next(finding for finding in user.findings.values() if finding.status is user.status)
    return ReportedUser(
        sip=user.sip,
        status=gravest.status,
        headline=gravest.headline,
        answers={step: finding.answer for step, finding in user.findings.items()},
        remedies=actions_of(gravest.remedies),
    )


def actions_of(remedies: Iterable[Remedy], check_again: str = "walk again") -> tuple[Action, ...]:
    """Remedies as a report has them; `check_again`: how it is seen that one helped. A report has no key to press."""
    return tuple(_action(remedy, check_again) for remedy in remedies)


def _action(remedy: Remedy, check_again: str) -> Action:
    return Action(
        who=remedy.who,
        risk=remedy.risk,
        verify=remedy.verify.replace("check again (r)", check_again),
        cmdlet=remedy.cmdlet,
        parameters=remedy.parameters,
        command=remedy.command(),
        action=remedy.action,
        instead=remedy.instead,
    )
