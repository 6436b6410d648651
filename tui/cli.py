"""The command line. Imports Textual only when a screen is wanted, and a probe only when a question is asked."""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from checks.refusal import Refused
from tui.encoding import take_every_character
from tui.exit_codes import ExitCode
from tui.passwords import take_passwords

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from checks.journal import Journal
    from checks.model import Runbook
    from checks.secret import Secret

    Passwords = dict[str, Secret]


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command and gives its exit code. A usage error leaves through SystemExit with code 2, as argparse does."""
    if not sys.warnoptions:
        # A library's warning of its own troubles helps no user, and would write over a screen or a report.
        warnings.simplefilter("ignore")
    passwords = take_passwords()
    take_every_character()
    try:
        return _obey(sys.argv[1:] if arguments is None else arguments, passwords)
    except Refused as error:
        return _refuse(str(error))
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            # Whoever read the pipe has gone; nothing is wrong, and Python must not complain at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return ExitCode.FINE
        return _refuse(f"{error.filename or 'a file'}: {(error.strerror or 'cannot be used').lower()}.")
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except Exception as error:  # The last net: a sentence instead of a traceback, which could show a secret.
        sys.stderr.write(
            f"lyncdoctor: an internal error ({type(error).__name__}). This is a bug; nothing was changed.\n"
        )
        return ExitCode.INTERNAL


def _obey(arguments: Sequence[str], passwords: Passwords) -> int:
    if not arguments:
        from tui.wizard import open_wizard

        # The first screen waits for no parser.
        return open_wizard(secrets=passwords)
    from tui.parser import parsed

    chosen = parsed(arguments)
    take_every_character(getattr(chosen, "format", ""))
    return _COMMANDS[chosen.command](chosen, passwords)


def _wizard(chosen: argparse.Namespace, passwords: Passwords) -> int:
    from tui.wizard import open_wizard

    return open_wizard(plain=chosen.plain, ascii_only=chosen.ascii, secrets=passwords)


def _lab(chosen: argparse.Namespace, passwords: Passwords) -> int:
    from lab import scenarios

    listing = scenarios.listing()
    if chosen.list:
        return _list_scenarios(listing, chosen.format)
    if chosen.scenario and chosen.scenario not in {one["name"] for one in listing}:
        from tui.unfit import no_scenario

        return _refuse(no_scenario(chosen.scenario))
    if chosen.scenario and chosen.surprise is not None:
        return _refuse(f"--surprise picks the scenario: leave {chosen.scenario} out.")
    if chosen.seed is not None and chosen.surprise is None:
        return _refuse("--seed goes with --surprise.")
    from tui import cases
    from tui.parser import ANY
    from tui.session import Opening, PracticeWalk
    from tui.wizard import open_wizard

    start: Opening | PracticeWalk = Opening.PRACTICE
    if chosen.surprise is not None:
        start = cases.request_for(cases.surprise(listing, chosen.surprise.replace(ANY, ""), chosen.seed))
    elif chosen.scenario:
        named = next(one for one in listing if one["name"] == chosen.scenario)
        start = PracticeWalk(runbook=str(named["runbook"]), scenario=chosen.scenario)
    return open_wizard(plain=chosen.plain, ascii_only=chosen.ascii, secrets=passwords, start=start)


def _list_scenarios(listing: list[dict[str, str | None]], form: str) -> int:
    if form == "json":
        import json

        print_out(json.dumps(listing, indent=2) + "\n")
        return ExitCode.FINE
    width = max(len(str(one["name"])) for one in listing)
    print_out("".join(f"{one['name']:<{width}}  {one['runbook']:<8}  {one['title']}\n" for one in listing))
    return ExitCode.FINE


def _run(chosen: argparse.Namespace, passwords: Passwords) -> int:
    from checks.deployment import Vantage
    from checks.runbooks import RUNBOOKS
    from tui import headless
    from tui.options import deployment_from, files_read, sources_from
    from tui.outputs import require_output, require_record
    from tui.passwords import ask_passwords
    from tui.unfit import unfit_deployment, unfit_names

    runbook = RUNBOOKS[chosen.runbook]
    if unfit := unfit_names(chosen, runbook):
        return _refuse(unfit)
    if chosen.record:
        require_record(chosen.record)
    require_output(chosen.output, files_read(chosen), chosen.record)
    deployment, sources = deployment_from(chosen), sources_from(chosen)
    if unfit := unfit_deployment(chosen, runbook, deployment):
        return _refuse(unfit)
    secrets = {
        **passwords,
        **(ask_passwords(deployment, sources, sign_in=chosen.sign_in) if chosen.ask_passwords else {}),
    }
    return headless.run(
        headless.Order(
            runbook=runbook,
            deployment=deployment,
            sources=sources,
            secrets=secrets,
            sign_in=chosen.sign_in,
            scenario=chosen.lab or "",
            seat=Vantage(chosen.vantage) if chosen.vantage else None,
            record=Path(chosen.record) if chosen.record else None,
            redact=chosen.redact,
            form=chosen.format,
            output=chosen.output,
            start=chosen.only or chosen.start,
            only=bool(chosen.only),
            symptom=chosen.symptom or "",
            told=tuple(dict.fromkeys(chosen.told)),
            stop_at_first=chosen.stop_at_first,
        )
    )


def _explain(chosen: argparse.Namespace, passwords: Passwords) -> int:
    from checks.deployment import Deployment
    from checks.runbooks import RUNBOOKS, find_step
    from tui.explaining import explanation

    step = find_step(chosen.step)
    if step is None:
        from tui.unfit import nearest

        known = [step_id for runbook in RUNBOOKS.values() for step_id in runbook.step_ids]
        listed_by = "lyncdoctor tree mobility, lyncdoctor tree xmpp"
        return _refuse(f"there is no step {chosen.step!r}. {nearest(chosen.step, known, listed_by)}")
    print_out(explanation(step, Deployment(), _width()))
    return ExitCode.FINE


def _tree(chosen: argparse.Namespace, passwords: Passwords) -> int:
    from checks.runbooks import RUNBOOKS
    from tui.explaining import tree_as_mermaid, tree_as_text

    runbook = RUNBOOKS[chosen.runbook]
    print_out(tree_as_mermaid(runbook) if chosen.format == "mermaid" else tree_as_text(runbook, _width()))
    return ExitCode.FINE


def _report(chosen: argparse.Namespace, passwords: Passwords) -> int:
    from checks.report import report_of, unfinished
    from tui import places
    from tui.headless import code_of, write_report
    from tui.outputs import require_output

    require_output(chosen.output)
    read, runbook = _walked(chosen.journal)
    if chosen.redact:
        from checks.redaction import redacted

        read = redacted(read)
    reported = report_of(read, runbook)
    if not places.is_finished(read):
        reported = unfinished(reported)
    write_report(reported, chosen.format, chosen.output)
    return code_of(reported, chosen.format)


def _request(chosen: argparse.Namespace, passwords: Passwords) -> int:
    from checks.report.request import request

    read, runbook = _walked(chosen.journal)
    if chosen.redact:
        from checks.redaction import redacted

        read = redacted(read)
    mails = request(read, runbook)
    if not mails:
        sys.stderr.write("lyncdoctor: this walk found no fault that somebody could be asked to mend.\n")
    print_out(mails)
    return ExitCode.FINE


def _walked(path: str | None) -> tuple[Journal, Runbook]:
    """The journal in a file, or that of the newest walk, with its runbook. Refused where it is of no walk."""
    from checks import journal
    from checks.journal import UnreadableJournal
    from checks.runbooks import RUNBOOKS
    from tui import places

    file = Path(path) if path else places.newest()
    if file is None:
        raise UnreadableJournal("There is no walk yet to report.")
    read = journal.read(file)
    if not read.began.runbook:
        raise UnreadableJournal(f"{file.name} was collected and not walked: lyncdoctor run mobility --evidence {file}")
    runbook = RUNBOOKS.get(read.began.runbook)
    if runbook is None:
        raise UnreadableJournal(f"{file.name} is of a runbook that is not known here.")
    return read, runbook


def _diff(chosen: argparse.Namespace, passwords: Passwords) -> int:
    from checks import journal
    from checks.journal import UnreadableJournal
    from checks.report.difference import difference_of, write
    from checks.runbooks import RUNBOOKS

    before, after = (journal.read(Path(path)) for path in (chosen.before, chosen.after))
    runbook = RUNBOOKS.get(before.began.runbook)
    if runbook is None or after.began.runbook != before.began.runbook:
        raise UnreadableJournal("Two walks of one runbook can be compared: record them with --record.")
    difference = difference_of(before, after, runbook)
    print_out(write(difference, chosen.format, _width()))
    return ExitCode.FINE if difference.is_none else ExitCode.FAULT


def _diagnose(chosen: argparse.Namespace, passwords: Passwords) -> int:
    from checks.knowledge.diagnosis import diagnose
    from tui.diagnosing import diagnosis_as_json, diagnosis_as_text

    diagnosis = diagnose(_pasted(chosen.file))
    print_out(diagnosis_as_json(diagnosis) if chosen.format == "json" else diagnosis_as_text(diagnosis, _width()))
    return ExitCode.FINE if diagnosis.likely else ExitCode.UNKNOWN


def _pasted(file: str) -> str:
    """The text to diagnose; more than a megabyte of it is not looked at."""
    most = 1024 * 1024
    if file == "-":
        if sys.stdin.isatty():
            sys.stderr.write("Paste the text, then end it with ctrl+d (on Windows ctrl+z and enter) on a line alone.\n")
        data = sys.stdin.buffer.read(most)
    else:
        with Path(file).open("rb") as text:
            data = text.read(most)
    # A redirection in Windows PowerShell writes UTF-16.
    wide = data[:2] in {b"\xff\xfe", b"\xfe\xff"}
    return data.decode("utf-16" if wide else "utf-8-sig", errors="replace")


def _collect(chosen: argparse.Namespace, passwords: Passwords) -> int:
    from checks.collecting import script
    from tui.headless import write
    from tui.options import deployment_from
    from tui.outputs import require_script

    require_script(chosen.output)
    name = Path(chosen.output).name if chosen.output != "-" else "collect.ps1"
    write(script(deployment_from(chosen), name), chosen.output)
    if chosen.output != "-":
        sys.stderr.write(
            f"Copy {chosen.output} to the server and run it there as its first lines say; it only reads.\n"
            f"Bring the file that it writes back: lyncdoctor run {_walked_from(chosen.vantage)} --evidence FILE\n"
        )
    return ExitCode.FINE


def _resume(chosen: argparse.Namespace, passwords: Passwords) -> int:
    from checks import journal
    from tui import places
    from tui.session import ResumedWalk
    from tui.wizard import open_wizard

    if chosen.journal:
        path = Path(chosen.journal)
        journal.read(path)
    elif found := places.unfinished():
        path, _ = found
    else:
        return _refuse(
            "the wizard has no unfinished walk on this computer. What --record or another computer wrote is named: "
            "lyncdoctor resume FILE"
        )
    return open_wizard(
        plain=chosen.plain,
        ascii_only=chosen.ascii,
        secrets=passwords,
        start=ResumedWalk(journal=path),
    )


def _walked_from(vantage: str) -> str:
    return "xmpp" if vantage == "edge" else "mobility"


def _width() -> int:
    """The columns that what is printed may have: no more than the terminal it is read on, nor than a report."""
    from checks.report.text import WIDTH
    from tui.prompts import NARROWEST, columns_read_on

    return max(NARROWEST, min(columns_read_on() or WIDTH, WIDTH))


def print_out(text: str) -> None:
    """Writes data to stdout."""
    sys.stdout.write(text)
    sys.stdout.flush()


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"lyncdoctor: {sentence}\n")
    return ExitCode.USAGE


_COMMANDS = {
    None: _wizard,
    "run": _run,
    "lab": _lab,
    "explain": _explain,
    "tree": _tree,
    "report": _report,
    "request": _request,
    "diff": _diff,
    "diagnose": _diagnose,
    "collect": _collect,
    "resume": _resume,
}

if __name__ == "__main__":
    sys.exit(main())
