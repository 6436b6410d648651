"""The report as one HTML file that prints well: no script, nothing loaded from elsewhere, text from the network escaped."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from checks.model import Status
from checks.report import Action, Evidence, Report, ReportedStep, ReportedUser
from checks.report.text import SIGNS, began_at, beside_the_cause, labelled, not_run
from checks.text import clean

_MOST_EVIDENCE_LINES = 200
_STYLE = """
:root { color-scheme: light dark; --quiet: #667; --line: #ccd; --ok: #176b2c; --bad: #a61b1b; --warn: #8a5a00; }
@media screen and (prefers-color-scheme: dark) {
  :root { --quiet: #99a; --line: #445; --ok: #6fcf87; --bad: #ff8a80; --warn: #ffc164; }
}
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin-bottom: 0; }
h2 { font-size: 1.15rem; margin: 2rem 0 .25rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 .25rem; }
.quiet { color: var(--quiet); }
.verdict { border-left: .3rem solid var(--line); margin: 1.5rem 0; padding: .25rem 1rem; }
.verdict strong { font-size: 1.15rem; }
.failed { color: var(--bad); } .warning { color: var(--warn); } .ok { color: var(--ok); }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .6rem .3rem 0; text-align: left; vertical-align: top; }
td.time { text-align: right; white-space: nowrap; }
td.status { white-space: nowrap; }
pre { border: 1px solid var(--line); overflow-wrap: anywhere; padding: .6rem; white-space: pre-wrap; }
dl { display: grid; gap: 0 1rem; grid-template-columns: max-content 1fr; margin: .5rem 0; }
dt { color: var(--quiet); } dd { margin: 0; }
@media print {
  :root { color-scheme: light; }
  body { font-size: 11pt; margin: 0; max-width: none; }
  h2, h3, tr, pre { break-inside: avoid; }
  details::details-content { content-visibility: visible; display: block; }
}
"""


def html(report: Report) -> str:
    """The report as a page for a browser or a printer."""
    title = f"{report.title} of {report.deployment.name}"
    return _page(title, [*_head(title, report), *_body(report, 2)])


def html_of_partners(title: str, counts: str, summary: Iterable[str], reports: Sequence[Report]) -> str:
    """The reports about many partners as one page, after how they ended and the lines of a summary."""
    body = [*_head(title, reports[0]), f"<p><strong>{_text(counts)}</strong></p>", *_list(list(map(_text, summary)))]
    for report in reports:
        body += [f"<h2>{_text(report.deployment.partner)}</h2>", *_body(report, 3)]
    return _page(f"{title}, {counts}", body)


def _page(title: str, body: Iterable[str]) -> str:
    return "\n".join(_lines(title, body)) + "\n"


def _lines(title: str, body: Iterable[str]) -> Iterator[str]:
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    # Whatever came from the network into this page: a browser runs none of it and fetches none of it.
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    yield f"<title>{_text(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>"
    yield from body
    yield "</body>\n</html>"


def _head(title: str, report: Report) -> Iterator[str]:
    practice = f", practice scenario {_text(report.scenario)}" if report.scenario else ""
    yield f"<h1>{_text(title)}</h1>"
    yield f'<p class="quiet">Seen from {_text(report.deployment.vantage)}, {_text(began_at(report))}{practice}</p>'
    if report.told:
        yield f'<p class="quiet">Told: {_text(report.told)}</p>'


def _body(report: Report, level: int) -> Iterator[str]:
    """The verdict, the steps and the users under headings of this level."""
    yield from _verdict(report)
    yield f"<h{level}>Steps</h{level}>\n<table>\n<thead><tr><th>Status</th><th>Step</th><th>Finding</th><th>Time</th></tr></thead>\n<tbody>"
    for step in report.steps:
        yield (
            f'<tr><td class="status">{_status(step.status)}</td><td>{_text(step.title)}</td>'
            f'<td>{_text(step.headline)}</td><td class="time">{step.took_ms} ms</td></tr>'
        )
    yield "</tbody>\n</table>"
    if report.users:
        yield from _users(report.users, level)
    for step in report.steps:
        yield from _step(step, level)


def _verdict(report: Report) -> Iterator[str]:
    verdict = report.verdict
    yield f'<section class="verdict">\n<p>{_status(verdict.status)} <strong>{_text(verdict.headline)}</strong></p>'
    lines = [
        *map(_text, verdict.detail),
        *(f"{label}: {_text(line)}" for label, told in beside_the_cause(report) for line in told),
        *([f"Not run: {_text(not_run(report))}"] if verdict.not_agreed else []),
        *([f"Note: {_text(verdict.note)}"] if verdict.note else []),
        *([f"Cause: <code>{_text(verdict.cause)}</code>"] if verdict.cause else []),
    ]
    yield from _list(lines)
    for label, action in labelled(verdict.remedies):
        yield from _action(label, action)
    yield "</section>"


def _users(users: tuple[ReportedUser, ...], level: int) -> Iterator[str]:
    troubled = [user for user in users if user.status is not Status.OK]
    yield f"<h{level}>Users</h{level}>\n<p>{len(users)} users, {len(users) - len(troubled)} of them fine.</p>"
    if troubled:
        yield "<table>\n<thead><tr><th>Status</th><th>User</th><th>Finding</th></tr></thead>\n<tbody>"
        for user in troubled:
            cells = f"<td>{_text(user.sip)}</td><td>{_text(user.headline)}</td>"
            yield f'<tr><td class="status">{_status(user.status)}</td>{cells}</tr>'
        yield "</tbody>\n</table>"


def _step(step: ReportedStep, level: int) -> Iterator[str]:
    yield f"<h{level}>{_text(step.title)}</h{level}>\n<p>{_status(step.status)} {_text(step.headline)}</p>"
    yield from _list([*map(_text, step.detail), *([f"Note: {_text(step.note)}"] if step.note else [])])
    if step.command:
        yield f"<pre>{_text(step.command)}</pre>"
    if step.link:
        yield f'<p class="quiet">Documented: {_text(step.link)}</p>'
    if step.evidence:
        yield "<details>\n<summary>Evidence</summary>"
        for evidence in step.evidence:
            yield from _evidence(evidence)
        yield "</details>"


def _evidence(evidence: Evidence) -> Iterator[str]:
    came = f", {_text(evidence.source)}" if evidence.source else ""
    yield f'<p class="quiet">From {_text(evidence.seat)}, {evidence.took_ms} ms{came}:</p>'
    shown = [f"> {clean(evidence.question)}", *(clean(line, 300) for line in evidence.answer[:_MOST_EVIDENCE_LINES])]
    if left := len(evidence.answer) - _MOST_EVIDENCE_LINES:
        shown += [f"({left} more lines are in the JSON report)"] if left > 0 else []
    yield f"<pre>{escape(chr(10).join(shown))}</pre>"


def _action(label: str, action: Action) -> Iterator[str]:
    yield f'<p class="quiet">{label}</p>'
    if action.command:
        yield f"<pre>{_text(action.command, 2000)}</pre>"
    else:
        yield f"<p>{_text(action.action)}</p>"
    yield "<dl>"
    for name, value in (("Who", action.who), ("Risk", action.risk), ("Verify", action.verify)):
        yield f"<dt>{name}</dt><dd>{_text(value)}</dd>"
    yield "</dl>"


def _list(lines: list[str]) -> Iterator[str]:
    if lines:
        yield "<ul>"
        yield from (f"<li>{line}</li>" for line in lines)
        yield "</ul>"


def _status(status: Status) -> str:
    return f'<span class="{status}">{escape(SIGNS[status])} {status}</span>'


def _text(text: str, most: int = 2000) -> str:
    return escape(clean(text, most))
