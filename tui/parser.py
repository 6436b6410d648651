"""The commands and their options, as argparse has them."""

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn

from tui import __version__
from tui.exit_codes import ExitCode
from tui.options import add_collecting_options, add_deployment_options

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


def usage_error(message: str, command: str) -> NoReturn:
    """Says in a line what is wrong, and leaves with the code of wrong usage."""
    sys.stderr.write(f"lyncdoctor: {message.rstrip('.')}.\nAll options: {command} --help\n")
    raise SystemExit(ExitCode.USAGE)


class _Parser(argparse.ArgumentParser):
    """Tells what is wrong in one line; all options before it would only hide it."""

    def error(self, message: str) -> NoReturn:
        usage_error(message, self.prog)


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What was given, with the name of its `command`; None: the wizard. SystemExit with code 2 where it is wrong."""
    chosen, unknown = _parser().parse_known_args(arguments)
    if unknown:
        # Left to itself argparse would name the options of no command.
        usage_error(f"there is no option {unknown[0]!r} here", " ".join(filter(None, ("lyncdoctor", chosen.command))))
    return chosen


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="lyncdoctor", description=DESCRIPTION, epilog=NEXT, allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"lyncdoctor {__version__}", help="show the version")
    parser.set_defaults(ascii=False, plain=False)
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

    explain = _command(commands, "explain", "all about one step: why, what good looks like, how by hand")
    explain.add_argument("step", metavar="STEP", help="such as mobility.policy")

    tree = _command(commands, "tree", "the steps of a runbook, and the symptoms to begin from")
    tree.add_argument("runbook", metavar="RUNBOOK", choices=RUNBOOKS, help="mobility or xmpp")
    tree.add_argument("--format", choices=("text", "mermaid"), default="text")

    report = _command(commands, "report", "print the report of a walk that was recorded")
    _add_journal(report)
    _add_redact(report)
    _add_report_options(report)

    request = _command(commands, "request", "write the fault of a walk as a mail to whoever must act")
    _add_journal(request)
    _add_redact(request)

    diff = _command(commands, "diff", "what differs between two walks of one runbook")
    diff.add_argument("before", metavar="A", help="what --record or the wizard wrote of a walk")
    diff.add_argument("after", metavar="B", help="another one: later, from another seat, of another server")
    diff.add_argument("--format", choices=("text", "json"), default="text")

    diagnose = _command(commands, "diagnose", "the likely causes of a pasted error or output, without a connection")
    diagnose.add_argument(
        "file", nargs="?", default="-", metavar="FILE", help="a text; none: it is pasted, or piped in"
    )
    diagnose.add_argument("--format", choices=("text", "json"), default="text")

    collect = _command(commands, "collect", "write a PowerShell script that collects evidence on a server")
    add_collecting_options(collect)

    resume = _command(commands, "resume", "go on with a walk that was interrupted")
    resume.add_argument(
        "journal", nargs="?", metavar="JOURNAL", help="the file of the walk; none: the last one of the wizard"
    )
    _add_screen_options(resume)
    return parser


def _command(commands: "argparse._SubParsersAction[_Parser]", name: str, says: str) -> _Parser:
    """A command. What the list of all commands says of it heads its own help too."""
    return commands.add_parser(name, help=says, description=f"{says[0].upper()}{says[1:]}.", allow_abbrev=False)


def _add_run(commands: "argparse._SubParsersAction[_Parser]") -> None:
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
    run.add_argument("--told", metavar="NAME", action="append", default=[],
                     help="what else is known: one-user, outside, iphone, to-them and the like; repeat. The same list "
                          "has the names")  # fmt: skip
    run.add_argument(
        "--start", metavar="STEP", help="walk this step first; those after it follow, then those before it"
    )
    run.add_argument("--only", metavar="STEP", help="this step alone")
    run.add_argument("--stop-at-first", action="store_true", help="stop at the first failed step")
    run.add_argument(
        "--record", metavar="FILE", help="write down all that was asked and found: for report, diff, --evidence"
    )
    run.add_argument("--redact", action="store_true",
                     help="no names of the deployment, its users or addresses in journal and report")  # fmt: skip
    _add_report_options(run)
    add_deployment_options(run)


def _add_journal(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "journal",
        nargs="?",
        metavar="JOURNAL",
        help="the file that --record or the wizard wrote; none: the last walk of the wizard",
    )


def _add_redact(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--redact", action="store_true", help="without the names of the deployment, its users, addresses"
    )


def _add_report_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=REPORT_FORMATS, default="text", help="of the report; text by default")
    parser.add_argument("-o", "--output", metavar="FILE", default="-",
                        help="where the report goes, in place of an older one; stdout by default")  # fmt: skip


def _add_screen_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--plain", action="store_true", default=argparse.SUPPRESS, help="numbered prompts, no screens")
    parser.add_argument("--ascii", action="store_true", default=argparse.SUPPRESS, help="signs and lines in ASCII only")
