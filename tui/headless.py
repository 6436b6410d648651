"""A walk without a screen: stdout is data, stderr is narration."""

import asyncio
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from checks import report
from checks.deployment import Deployment, Sources, Vantage
from checks.journal import VERSION, Began, Concluded, Journal, now, require_new, write_journal
from checks.listed_users import look_at
from checks.model import Reason, Runbook, Verdict
from checks.naming import TITLES, Found
from checks.opening import asking_for, evidence_for, look_for_names, probes_for
from checks.probes import Unanswered
from checks.report import Report, report_of
from checks.report.nagios import CODES, gravest, state
from checks.secret import Secret
from checks.text import clean
from checks.walk import Walk, steps_for
from tui.exit_codes import ExitCode, code_for


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What to walk, and what to make of it."""

    runbook: Runbook
    deployment: Deployment = Deployment()
    sources: Sources = Sources()
    secrets: Mapping[str, Secret] = {}
    """The passwords of the `shell`, the `edge`, the `sender` and the `receiver`."""
    sign_in: bool = False
    """True: the user agrees to all that signs in as the users; else those steps are not run."""
    scenario: str = ""
    seat: Vantage | None = None
    """Where to stand in the practice deployment; None: where the runbook is walked from."""
    record: Path | None = None
    redact: bool = False
    """True: neither the record nor the report has a name of the deployment, of its users, or an address."""
    form: str = "text"
    output: str = "-"
    start: str | None = None
    only: bool = False
    symptom: str = ""
    """The name of the symptom that the walk is to explain; empty: all of the runbook is walked."""
    told: tuple[str, ...] = ()
    """What was told beside it: names of details of the runbook's circumstances."""
    stop_at_first: bool = False


def run(order: Order) -> int:
    """Walks, writes the report, and says by the exit code how it ended: one of ExitCode, or Nagios's for that format.

    OSError before the walk begins where the report or the journal cannot be written.
    """
    if order.output != "-":
        Path(order.output).touch(mode=0o600)
    return asyncio.run(_run_in_lab(order) if order.scenario else _run(order))


async def _run_in_lab(order: Order) -> int:
    from lab import client
    from tui import practice

    try:
        async with client.start(order.scenario) as running:
            deployment = practice.deployment_of(running.connection, order.runbook.name, order.seat)
            named = order.deployment
            partners = named.partners or deployment.partners
            deployment = msgspec.structs.replace(deployment, listed=named.listed, partners=partners)
            sources = practice.sources_of(running.connection, deployment.vantage)
            secrets = practice.secrets_of(running.connection)
            return await _run(msgspec.structs.replace(order, deployment=deployment, sources=sources, secrets=secrets))
    except client.LabFailed as failure:
        sys.stderr.write(f"lyncdoctor: {failure}\n")
        return ExitCode.INTERNAL


async def _run(order: Order) -> int:
    if len(order.deployment.partners) > 1:
        return await _run_partners(order)
    if order.redact and order.record is not None:
        require_new(order.record)
    # What is to be handed on without its names must not lie on the disk with them meanwhile.
    journal = Journal(_began(order), None if order.redact else order.record)
    try:
        with _if_interrupted(lambda: _how_far(journal, order)):
            verdict = await _walk_recorded(order, journal)
    finally:
        journal.close()
    if journal.trouble is not None:
        # The report is worth having all the same.
        told = journal.trouble.strerror or "no reason given"
        sys.stderr.write(f"lyncdoctor: {clean(str(order.record), 260)} is not complete: {told}.\n")
    shown = journal
    if order.redact:
        from checks.redaction import redacted

        shown = redacted(journal)
        if order.record is not None:
            write_journal(shown, order.record)
    reported = report_of(shown, order.runbook)
    write_report(reported, order.form, order.output)
    wants = order.sources.shell == "paste" and _ask_for_output(journal)
    if wants and verdict.cause is None:
        return ExitCode.UNKNOWN
    return code_of(reported, order.form)


async def _walk_recorded(order: Order, journal: Journal) -> Verdict:
    """Looks for the names that are missing, and walks."""
    named = await look_for_names(order.runbook.name, order.deployment, order.sources, order.secrets)
    if named is not None:
        order = msgspec.structs.replace(order, deployment=named.deployment)
        journal.begin_with(named.deployment)
        _tell_found(named.found)
    asking = asking_for(journal, order.sources, order.secrets, named)
    _announce(order)
    walk = Walk(order.runbook, order.deployment, asking, journal)
    try:
        verdict = await _walk(order, walk, lambda step: _narrate(order.runbook, step))
        await look_at(asking, order.deployment)
    finally:
        await asking.close()
    return verdict


async def _run_partners(order: Order) -> int:
    """A walk about each partner, and one report of all."""
    from checks.partners import walk_each
    from checks.report import partners

    began = _began(order)
    journal = Journal(began)
    probes, evidence = probes_for(journal, order.sources, order.secrets), evidence_for(journal, order.sources)
    _announce(order)
    try:
        with _if_interrupted(lambda: "before every partner was looked at."):
            journals = await walk_each(order.runbook, began, probes, evidence, lambda walk: _walk(order, walk))
    finally:
        await probes.close()
    if order.redact:
        from checks.redaction import redacted

        journals = tuple(map(redacted, journals))
    write(
        partners.write(partners.partners_report(journals, order.runbook), order.form, _width(order.output)),
        order.output,
    )
    if order.form == "nagios":
        return CODES[gravest(state(report_of(one, order.runbook)) for one in journals)]
    codes = {code_of(report_of(one, order.runbook)) for one in journals}
    return next(code for code in (ExitCode.FAULT, ExitCode.UNKNOWN, ExitCode.FINE) if code in codes)


async def _walk(order: Order, walk: Walk, concluded: Callable[[Concluded], None] | None = None) -> Verdict:
    """Walks as far as was ordered."""
    if order.sign_in:
        walk.agree()
    return await walk.run_all(order.start, only=order.only, stop_at_first=order.stop_at_first, concluded=concluded)


@contextmanager
def _if_interrupted(how_far: Callable[[], str]) -> Iterator[None]:
    """Says how far it came where ctrl+c ends it."""
    try:
        yield
    except asyncio.CancelledError:
        sys.stderr.write(f"lyncdoctor: interrupted {how_far()}\n")
        raise


def _how_far(journal: Journal, order: Order) -> str:
    """After how many steps, and, where a record has what is known, how it is gone on with."""
    steps = 1 if order.only else len(steps_for(order.runbook, order.symptom, order.told))
    told = f"after {len(journal.concluded)} of {steps} step{'s' if steps > 1 else ''}."
    if journal.path is None:
        return told
    record = clean(str(journal.path), 260)
    return f"{told}\n  Go on:         lyncdoctor resume {record}\n  What is known: lyncdoctor report {record}"


def _began(order: Order) -> Began:
    return Began(
        version=VERSION,
        runbook=order.runbook.name,
        deployment=order.deployment,
        at=now(),
        scenario=order.scenario,
        sources=Sources() if order.scenario else order.sources,
        symptom=order.symptom,
        told=order.told,
    )


def _ask_for_output(journal: Journal) -> bool:
    """Names the commands whose output would settle what stayed unknown; False where nothing did."""
    wanted = list(wanted_commands(journal))
    if wanted:
        sys.stderr.write(
            "Wanted is the output of these. Run them as they stand in a PowerShell window, with what stands behind the #, "
            "save all that it shows in a file, and walk again with --evidence FILE.\n"
            + "".join(f"  {command}\n" for command in wanted)
        )
    return bool(wanted)


def wanted_commands(journal: Journal) -> Iterator[str]:
    """The commands that answer, by hand, what nobody could be asked for."""
    from checks.knowledge.pasted.commands import command_for
    from checks.knowledge.pasted.transcript import said_behind

    for asked in journal.asked.values():
        if isinstance(asked.answer, Unanswered) and asked.answer.reason is Reason.MISSING_INPUT:
            place = said_behind(asked.question)
            yield f"{command_for(asked.question)}{f' {place}' if place else ''}"


def write_report(reported: Report, form: str, output: str) -> None:
    """Writes a report to a file, or to stdout for `-`."""
    write(report.write(reported, form, _width(output)), output)


def _width(output: str) -> int:
    """The columns of the terminal that a report is read on; 0 where it goes elsewhere."""
    from tui.prompts import NARROWEST, columns_read_on

    columns = columns_read_on() if output == "-" else None
    return max(NARROWEST, columns) if columns else 0


def write(text: str, output: str) -> None:
    """Writes a report to a file of mode 0600, or to stdout for `-`."""
    if output == "-":
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    path = Path(output)
    path.touch(mode=0o600)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        # A disk that is full is told of without the file that did not fit.
        raise OSError(error.errno, error.strerror, output) from None


def code_of(reported: Report, form: str = "text") -> int:
    """How a report in this format ends the program: by our own exit codes, or by Nagios's."""
    if form == "nagios":
        return CODES[state(reported)]
    return code_for({reported.verdict.status, *(user.status for user in reported.users)})


def _tell_found(found: Sequence[Found]) -> None:
    for one in found:
        sys.stderr.write(f"{TITLES[one.name]}: {clean(one.shown, 260)}, from {clean(one.source, 260)}\n")


def _announce(order: Order) -> None:
    """Says at once what is under way; a silent server may take a while to be told from a slow one."""
    if sys.stderr.isatty():
        where = f"{order.deployment.name} from {order.deployment.vantage}"
        sys.stderr.write(f"Looking at {order.runbook.title} of {where}, up to half a minute.\n")


def _narrate(runbook: Runbook, concluded: Concluded) -> None:
    title = runbook.stage(concluded.step).step.title
    if sys.stderr.isatty() and not sys.stdout.isatty():
        sys.stderr.write(f"{title}: {concluded.finding.status}, {clean(concluded.finding.headline, 160)}\n")
