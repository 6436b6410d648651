"""The command line. Imports Textual only when a screen is wanted, and a probe only when a question is asked."""

import argparse
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from checks.secret import Secret
from tui.exit_codes import ExitCode

DESCRIPTION = """\
Finds out why Lync Server 2013 and Skype for Business Server users cannot use mobility (phones) or XMPP federation
(partners on other chat systems). Without a command it opens the wizard. It only reads; remedies are shown, never run."""
NEXT = "New here: lyncdoctor lab. All about one command: lyncdoctor COMMAND --help"
EXIT_CODES = """\
Exit codes: 0 no fault and nothing unknown, 1 a fault, 2 wrong usage, 3 no fault found but something unknown,
4 an internal error, 130 interrupted. With --format nagios they are those of Nagios, 0 to 3."""

RUNBOOKS = ("mobility", "xmpp")
ANY = "any"
REPORT_FORMATS = ("text", "json", "markdown", "html", "nagios")

Passwords = dict[str, Secret]


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command and gives its exit code. A usage error leaves through SystemExit with code 2, as argparse does."""
    from checks.deployment import InvalidName
    from checks.journal import UnreadableJournal
    from tui.options import take_passwords

    if not sys.warnoptions:
        # A library's warning of its own troubles helps no user, and would write over a screen or a report.
        warnings.simplefilter("ignore")
    passwords = take_passwords()
    parser = _parser()
    chosen, unknown = parser.parse_known_args(arguments)
    if unknown:
        # Left to itself argparse would name the options of no command.
        _usage(f"there is no option {unknown[0]!r} here", " ".join(filter(None, ("lyncdoctor", chosen.command))))
    command: Callable[[argparse.Namespace, Passwords], int] = chosen.act
    try:
        return command(chosen, passwords)
    except (InvalidName, UnreadableJournal) as error:
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


def _wizard(chosen: argparse.Namespace, passwords: Passwords) -> int:
    from tui.wizard import open_wizard

    return open_wizard(
        plain=chosen.plain,
        ascii_only=chosen.ascii,
        secrets=passwords,
    )


def _lab(chosen: argparse.Namespace, passwords: Passwords) -> int:
    from lab import scenarios

    listing = scenarios.listing()
    if chosen.list:
        return _list_scenarios(listing, chosen.format)
    if chosen.scenario and chosen.scenario not in {one["name"] for one in listing}:
        return _refuse(_no_scenario(chosen.scenario))
    if chosen.scenario and chosen.surprise is not None:
        return _refuse(f"--surprise picks the scenario: leave {chosen.scenario} out.")
    if chosen.seed is not None and chosen.surprise is None:
        return _refuse("--seed goes with --surprise.")
    from tui import cases
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
    from checks.runbooks import RUNBOOKS as RUNBOOK_BY_NAME
    from tui import headless
    from tui.options import ask_passwords, deployment_from, sources_from, unfit_beside_the_lab

    runbook = RUNBOOK_BY_NAME[chosen.runbook]
    start, tree = chosen.only or chosen.start, f"lyncdoctor tree {runbook.name}"
    if start and start not in runbook.step_ids:
        return _refuse(f"{runbook.name} has no step {start!r}. {_nearest(start, runbook.step_ids, tree)}")
    if chosen.lab:
        refusal = _unknown_scenario(chosen.lab, runbook.name)
        if refusal:
            return _refuse(refusal)
    deployment, sources = deployment_from(chosen), sources_from(chosen)
    if chosen.symptom and runbook.symptom(chosen.symptom) is None:
        known = [symptom.name for symptom in runbook.symptoms]
        return _refuse(f"{runbook.name} knows no symptom {chosen.symptom!r}. {_nearest(chosen.symptom, known, tree)}")
    if chosen.lab and (unfit := unfit_beside_the_lab(chosen)):
        return _refuse(
            f"{unfit} cannot stand beside --lab, which brings its own names and sources. "
            "Beside it go --vantage, --users, --partner and --partners."
        )
    if len(deployment.partners) > 1 and runbook.name != "xmpp":
        return _refuse(f"partners are for xmpp: walk {runbook.name} without --partner and --partners.")
    if len(deployment.partners) > 1 and chosen.record:
        return _refuse(
            "--record writes the journal of one walk, and each partner is a walk of its own. "
            "Leave --record out, or name one partner."
        )
    if not chosen.lab and deployment.name == "this deployment" and deployment.vantage != "edge":
        wanted = {"mobility": "a user (--sip), the web FQDN (--web) or the pool (--pool)"}
        return _refuse(
            f"name at least {wanted.get(runbook.name, 'the Edge (--edge), a SIP domain (--domain) or a partner (--partner)')}."
        )
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
            start=start,
            only=bool(chosen.only),
            symptom=chosen.symptom or "",
            stop_at_first=chosen.stop_at_first,
        )
    )


def _unknown_scenario(name: str, runbook: str) -> str:
    from lab import scenarios

    runbooks = [one["runbook"] for one in scenarios.listing() if one["name"] == name]
    if not runbooks:
        return _no_scenario(name)
    return "" if runbook in runbooks else f"the scenario {name} belongs to the runbook {runbooks[0]}."


def _no_scenario(name: str) -> str:
    from lab import scenarios

    known = [str(one["name"]) for one in scenarios.listing()]
    return f"there is no scenario {name!r}. {_nearest(name, known, 'lyncdoctor lab --list')}"


def _nearest(name: str, known: Sequence[str], listed_by: str) -> str:
    """Which of the known names may be meant, and the command that lists all of them."""
    from difflib import get_close_matches

    # `policy` means `mobility.policy`, which is too long to be near.
    holding = [one for one in known if name.lower() in one]
    near = list(dict.fromkeys([*holding, *get_close_matches(name.lower(), known)]))[:3]
    return f"{f'Perhaps {_or(near)}? ' if near else ''}All of them: {listed_by}"


def _or(names: Sequence[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _explain(chosen: argparse.Namespace, passwords: Passwords) -> int:
    from checks.deployment import Deployment
    from checks.runbooks import RUNBOOKS as RUNBOOK_BY_NAME
    from checks.runbooks import find_step
    from tui.explaining import explanation

    step = find_step(chosen.step)
    if step is None:
        known = [step_id for runbook in RUNBOOK_BY_NAME.values() for step_id in runbook.step_ids]
        listed_by = "lyncdoctor tree mobility, lyncdoctor tree xmpp"
        return _refuse(f"there is no step {chosen.step!r}. {_nearest(chosen.step, known, listed_by)}")
    print_out(explanation(step, Deployment(), _width()))
    return ExitCode.FINE


def _tree(chosen: argparse.Namespace, passwords: Passwords) -> int:
    from checks.runbooks import RUNBOOKS as RUNBOOK_BY_NAME
    from tui.explaining import tree_as_mermaid, tree_as_text

    runbook = RUNBOOK_BY_NAME[chosen.runbook]
    print_out(tree_as_mermaid(runbook) if chosen.format == "mermaid" else tree_as_text(runbook, _width()))
    return ExitCode.FINE


def _report(chosen: argparse.Namespace, passwords: Passwords) -> int:
    from checks import journal
    from checks.journal import UnreadableJournal
    from checks.runbooks import RUNBOOKS as RUNBOOK_BY_NAME
    from tui import places
    from tui.headless import code_of, write_report

    path = Path(chosen.journal) if chosen.journal else places.newest()
    if path is None:
        return _refuse("there is no walk yet to report.")
    read = journal.read(path)
    if not read.began.runbook:
        raise UnreadableJournal(f"{path.name} was collected and not walked: lyncdoctor run mobility --evidence {path}")
    runbook = RUNBOOK_BY_NAME.get(read.began.runbook)
    if runbook is None:
        raise UnreadableJournal(f"{path.name} is of a runbook that is not known here.")
    if chosen.redact:
        from checks.redaction import redacted

        read = redacted(read)
    write_report(read, runbook, chosen.format, chosen.output)
    return code_of(read, runbook, chosen.format)


def _diff(chosen: argparse.Namespace, passwords: Passwords) -> int:
    from checks import journal
    from checks.journal import UnreadableJournal
    from checks.report.difference import difference_of, write
    from checks.runbooks import RUNBOOKS as RUNBOOK_BY_NAME

    before, after = (journal.read(Path(path)) for path in (chosen.before, chosen.after))
    runbook = RUNBOOK_BY_NAME.get(before.began.runbook)
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
        return _refuse("there is no unfinished walk to resume.")
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


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("lyncdoctor")
    except PackageNotFoundError:
        return "not installed"


class _Parser(argparse.ArgumentParser):
    """Tells what is wrong in one line; all options before it would only hide it."""

    def error(self, message: str) -> NoReturn:
        _usage(message, self.prog)


def _usage(message: str, command: str) -> NoReturn:
    sys.stderr.write(f"lyncdoctor: {message.rstrip('.')}.\nAll options: {command} --help\n")
    raise SystemExit(ExitCode.USAGE)


class _ShowVersion(argparse.Action):
    """Looks the version up only when it is asked for: that reads the installed package."""

    def __call__(self, parser: argparse.ArgumentParser, *ignored: object) -> None:
        print_out(f"lyncdoctor {_version()}\n")
        parser.exit()


def _parser() -> argparse.ArgumentParser:
    from tui.options import add_collecting_options

    parser = _Parser(prog="lyncdoctor", description=DESCRIPTION, epilog=NEXT, allow_abbrev=False)
    parser.add_argument("--version", action=_ShowVersion, nargs=0, help="show the version")
    parser.set_defaults(act=_wizard, ascii=False, plain=False)
    _add_screen_options(parser)
    commands = parser.add_subparsers(metavar="COMMAND", title="commands", dest="command")
    _add_run(commands)

    lab = _command(commands, "lab", "learn: the wizard on a practice deployment with a fault in it")
    lab.add_argument("scenario", nargs="?", metavar="SCENARIO", help="the name of one, as --list tells; none: choose")
    lab.add_argument("--surprise", nargs="?", const=ANY, choices=(*RUNBOOKS, ANY), metavar="RUNBOOK",
                     help="a fault that you have not seen: of mobility, of xmpp, or of any")  # fmt: skip
    lab.add_argument("--seed", type=int, metavar="N", help="the same number picks the same fault")
    lab.add_argument("--list", action="store_true", help="list the scenarios")
    lab.add_argument("--format", choices=("text", "json"), default="text", help="of the list; text by default")
    _add_screen_options(lab)
    lab.set_defaults(act=_lab)

    explain = _command(commands, "explain", "all about one step: why, what good looks like, how by hand")
    explain.add_argument("step", metavar="STEP", help="such as mobility.policy")
    explain.set_defaults(act=_explain)

    tree = _command(commands, "tree", "the steps of a runbook, and the symptoms to begin from")
    tree.add_argument("runbook", metavar="RUNBOOK", choices=RUNBOOKS, help="mobility or xmpp")
    tree.add_argument("--format", choices=("text", "mermaid"), default="text")
    tree.set_defaults(act=_tree)

    report = _command(commands, "report", "print the report of a walk that was recorded")
    report.add_argument(
        "journal",
        nargs="?",
        metavar="JOURNAL",
        help="the file that --record or the wizard wrote; none: the last walk of the wizard",
    )
    report.add_argument(
        "--redact", action="store_true", help="without the names of the deployment, its users, addresses"
    )
    _add_report_options(report)
    report.set_defaults(act=_report)

    diff = _command(commands, "diff", "what differs between two walks of one runbook")
    diff.add_argument("before", metavar="A", help="what --record or the wizard wrote of a walk")
    diff.add_argument("after", metavar="B", help="another one: later, from another seat, of another server")
    diff.add_argument("--format", choices=("text", "json"), default="text")
    diff.set_defaults(act=_diff)

    diagnose = _command(commands, "diagnose", "the likely causes of a pasted error or output, without a connection")
    diagnose.add_argument(
        "file", nargs="?", default="-", metavar="FILE", help="a text; none: it is pasted, or piped in"
    )
    diagnose.add_argument("--format", choices=("text", "json"), default="text")
    diagnose.set_defaults(act=_diagnose)

    collect = _command(commands, "collect", "write a PowerShell script that collects evidence on a server")
    add_collecting_options(collect)
    collect.set_defaults(act=_collect)

    resume = _command(commands, "resume", "go on with a walk that was interrupted")
    resume.add_argument(
        "journal", nargs="?", metavar="JOURNAL", help="the file of the walk; none: the last one of the wizard"
    )
    _add_screen_options(resume)
    resume.set_defaults(act=_resume)
    return parser


def _command(commands: "argparse._SubParsersAction[_Parser]", name: str, says: str) -> _Parser:
    """A command. What the list of all commands says of it heads its own help too."""
    return commands.add_parser(name, help=says, description=f"{says[0].upper()}{says[1:]}.", allow_abbrev=False)


def _add_run(commands: "argparse._SubParsersAction[_Parser]") -> None:
    from tui.options import add_deployment_options

    run = _command(commands, "run", "walk the runbook mobility or xmpp without a screen, and print a report")
    run.usage, run.epilog = "lyncdoctor run RUNBOOK [options]", EXIT_CODES
    run.add_argument("runbook", metavar="RUNBOOK", choices=RUNBOOKS, help="mobility or xmpp")
    run.add_argument(
        "--lab",
        metavar="SCENARIO",
        help="walk the practice deployment with this fault; lyncdoctor lab --list names them",
    )
    run.add_argument(
        "--symptom", metavar="NAME", help="walk only what can explain it; lyncdoctor tree RUNBOOK lists the names"
    )
    run.add_argument("--start", metavar="STEP", help="begin at this step")
    run.add_argument("--only", metavar="STEP", help="this step alone")
    run.add_argument("--stop-at-first", action="store_true", help="stop at the first failed step")
    run.add_argument(
        "--record", metavar="FILE", help="write down all that was asked and found: for report, diff, --evidence"
    )
    run.add_argument("--redact", action="store_true",
                     help="no names of the deployment, its users or addresses in journal and report")  # fmt: skip
    _add_report_options(run)
    add_deployment_options(run)
    run.set_defaults(act=_run)


def _add_report_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=REPORT_FORMATS, default="text", help="of the report; text by default")
    parser.add_argument("-o", "--output", metavar="FILE", default="-", help="where the report goes; stdout by default")


def _add_screen_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--plain", action="store_true", default=argparse.SUPPRESS, help="numbered prompts, no screens")
    parser.add_argument("--ascii", action="store_true", default=argparse.SUPPRESS, help="signs and lines in ASCII only")


if __name__ == "__main__":
    sys.exit(main())
