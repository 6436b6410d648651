"""Writes the report of a walk into the folder one stands in: a new file each time, for its owner alone."""

import os
import re
from collections.abc import Sequence
from datetime import datetime
from itertools import count
from pathlib import Path

from checks import report
from checks.journal import Journal
from checks.model import Runbook
from checks.report.request import request
from checks.threads import in_thread
from checks.walk import Walk

REQUEST = "request"
ENDINGS = {
    "text": "txt",
    REQUEST: "mail.txt",
    "markdown": "md",
    "html": "html",
    "json": "json",
    "nagios": "nagios.txt",
}
"""By form, in the order in which they are offered."""
TITLES = {
    "text": "Plain text, the whole walk",
    REQUEST: "A mail to whoever must act, about the fault alone",
    "markdown": "Markdown, for a ticket",
    "html": "HTML, for a browser or a printer",
    "json": "JSON, with the facts and all evidence",
    "nagios": "As a Nagios plugin prints it",
}
_UNSAFE = re.compile(r"[^a-z0-9.-]+")


def forms(walk: Walk) -> Sequence[str]:
    """The forms that a walk can be written in: a mail only where there is somebody to ask."""
    return [form for form in ENDINGS if form != REQUEST or walk.verdict().remedies]


async def export(journal: Journal, runbook: Runbook, form: str, *, redact: bool, folder: Path | None = None) -> Path:
    """Writes the report in one of the formats into a file of mode 0600 that was not there before, and gives its path.

    `redact`: without the names and addresses of the deployment. OSError where it cannot be written.
    """
    # The walk may go on meanwhile.
    known = journal.copy()
    return await in_thread(lambda: _write(known, runbook, form, redact, folder or Path.cwd()))


def _write(journal: Journal, runbook: Runbook, form: str, redact: bool, folder: Path) -> Path:
    if redact:
        from checks.redaction import redacted

        journal = redacted(journal)
    text = request(journal, runbook) if form == REQUEST else report.write(report.report_of(journal, runbook), form)
    stem = _stem(journal, runbook)
    for number in count(1):
        path = folder / f"{stem}{f'-{number}' if number > 1 else ''}.{ENDINGS[form]}"
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            continue
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        return path
    raise AssertionError


def _stem(journal: Journal, runbook: Runbook) -> str:
    """The name without its ending; with that of the deployment where it is not left out."""
    deployment = _UNSAFE.sub("-", journal.began.deployment.name.casefold()).strip("-.")[:60]
    stamp = datetime.now().astimezone().strftime("%Y%m%d-%H%M")
    return "-".join(filter(None, ("lyncdoctor", runbook.name, deployment, stamp)))
