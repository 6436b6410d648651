"""Which command a person runs to answer a question with a paste, and where."""

from collections.abc import Iterable, Sequence

from checks.knowledge.powershell import command_line, web_address
from checks.probes import (
    Cmdlet,
    Elsewhere,
    Handshake,
    Lookup,
    PhoneSignIn,
    Port,
    Question,
    Request,
    Series,
    Server,
    Sockets,
    Stream,
)

_BARE = frozenset({"Get-CsServerVersion"})
_AS_JSON = {"Get-WinEvent": "TimeCreated,ProviderName,Id,Level,Message"}
"""What prints texts of several lines, and half the system beside: as JSON no line of a text passes for a property."""
_TOOLS = {
    "curl.exe": "curl.exe with Windows 10 and Server 2019",
    "openssl": "openssl with Git for Windows",
    "Resolve-DnsName": "Resolve-DnsName with Windows 8 and Server 2012",
    "Test-NetConnection": "Test-NetConnection with Windows 8.1 and Server 2012 R2",
}
"""Which Windows has a program that not every Lync server has, or where else it is found."""
_CALLED: dict[Server, str] = {"front-end": "a Front End", "edge": "the Edge"}


def command_for(question: Question) -> str:
    """The one line whose output answers the question, whole: no column that a table would cut off is missing."""
    match question:
        case Cmdlet():
            command = command_line(question.name, dict(question.parameters))
            if question.name in _AS_JSON:
                return f"{command} | Select-Object {_AS_JSON[question.name]} | ConvertTo-Json"
            # A bare text would be shown by its length.
            return command if question.name in _BARE else f"{command} | Format-List *"
        case Elsewhere():
            return command_for(question.question)
        case Sockets():
            return "netstat -ano; tasklist"
        case Request():
            # Windows PowerShell has an alias `curl` for another program, and drops an empty argument such as -d "".
            passed_over = " -k" if question.trusting else ""
            past_proxy = ' --noproxy "*"' if question.way == "direct" else ""
            empty_post = ' -X POST -H "Content-Length: 0"' if question.method == "POST" else ""
            return f"curl.exe -v -L{passed_over}{past_proxy}{empty_post} {web_address(question.url)}"
        case Handshake() | Lookup() | Port() | Series() | PhoneSignIn() | Stream():
            return question.typed()


def place_for(question: Question) -> str:
    """Where it is run, as the end of a sentence that begins with `Run`."""
    match question:
        case Cmdlet(on="edge"):
            return "in the Lync Server Management Shell on the Edge"
        case Cmdlet():
            return "in the Lync Server Management Shell, for instance on a Front End"
        case Sockets():
            return f"in PowerShell on {_CALLED[question.on]}, opened as administrator"
        case Request() | Handshake() | Lookup() | Port() | Series() | PhoneSignIn() | Stream() | Elsewhere():
            where = "inside the company's network" if question.view == "inside" else "outside, on the internet"
            return f"on any computer {where}"


def view_of(question: Question) -> str:
    """Where a question about the network is asked: `inside` or `outside`; empty for one that asks a server's shell."""
    return "" if isinstance(question, Cmdlet | Sockets) else question.view


def tools_note(commands: Iterable[str]) -> str:
    """Where the programs of these commands are found, in a sentence; empty where every Lync server has them."""
    first_words = {command.split(maxsplit=1)[0] for command in commands if command.strip()}
    known = [where for program, where in _TOOLS.items() if program in first_words]
    if not known:
        return ""
    told = ", ".join(known).replace(" with ", " comes with ", 1)
    return f"{told}; on an older server use another computer in the same network."


def by_hand(lines: Sequence[str], beside: str = "") -> tuple[str, ...]:
    """The lines of a step's `by_hand` as they are shown: a sentence of comment in one line, and where programs are found.

    Of the program of the command `beside` that is told there already.
    """
    shown: list[str] = []
    for line in lines:
        before = shown[-1] if shown else ""
        if line.startswith("# ") and before.startswith("# ") and not before.endswith((".", ":", "?")):
            shown[-1] = f"{before} {line[2:]}"
        else:
            shown.append(line)
    told = beside.split(maxsplit=1)[:1]
    note = tools_note(line for line in lines if line.split(maxsplit=1)[:1] != told)
    return (*shown, f"# {note}") if note else tuple(shown)
