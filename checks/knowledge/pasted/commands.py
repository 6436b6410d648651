"""Which command a person runs to answer a question with a paste, and where."""

from checks.knowledge.powershell import command_line
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
)

_BARE = frozenset({"Get-CsServerVersion"})
_CALLED: dict[Server, str] = {"front-end": "a Front End", "edge": "the Edge"}


def command_for(question: Question) -> str:
    """The one line whose output answers the question, whole: no column that a table would cut off is missing."""
    match question:
        case Cmdlet():
            command = command_line(question.name, dict(question.parameters))
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
            return f"curl.exe -v -L{passed_over}{past_proxy}{empty_post} {question.url}"
        case Handshake() | Lookup() | Port() | Series() | PhoneSignIn():
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
        case Request() | Handshake() | Lookup() | Port() | Series() | PhoneSignIn() | Elsewhere():
            where = "inside the company's network" if question.view == "inside" else "outside, on the internet"
            return f"on any computer {where}"
