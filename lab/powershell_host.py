"""The stand-in for Windows PowerShell on a server of the lab: `python -m lab.powershell_host`.

It reads no PowerShell. It speaks on stdin and stdout as the project's own script does there: first the line
`lyncdoctor hello DATA`, DATA being the Base64 of a JSON object with `module`, `problem`, `version` and `elevated`. Then
for each line of input, the Base64 of a JSON object with `id`, `name`, `parameters`, `logins` and `acts`, and behind it
the Base64 of a password for each of `logins`, the line `lyncdoctor ID DATA`, DATA being the Base64 of CLIXML: an object
with the lists `Output`, `Errors` and `Warnings`. It ends with its stdin.
"""

import argparse
import asyncio
import base64
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from psrpcore.types import PSCryptoProvider, PSNoteProperty, PSObject, serialize

from lab import scenarios
from lab.addresses import pick
from lab.cmdlets import CmdletError, Command, Server, run
from lab.cmdlets.binding import Credential
from lab.model import HOSTS, EdgeSocket, Model, Trouble
from lab.signin import Refused

_SCHEMA = "http://schemas.microsoft.com/powershell/2004/04"
_OBJECT = "System.Management.Automation.PSCustomObject"
_LARGE = 5 * 1024 * 1024
_ENDLESS = 40 * 1024 * 1024


def model_of(names: list[str], sockets: list[EdgeSocket] | None = None) -> Model:
    """The model with these scenarios, and what the Edge's processes would have open unless it is told."""
    model = Model(addresses=pick(HOSTS))
    for name in names:
        scenarios.get(name).change(model)
    model.edge_sockets = _would_be_open(model) if sockets is None else sockets
    return model


def answer(model: Model, name: str, parameters: Mapping[str, Any], on: Server = "front-end") -> str:
    """The CLIXML of what a cmdlet brings on a server. Cmdlets of Windows itself are those of the Edge, but for event logs."""
    server: Server = on if "-Cs" in name else "edge"
    if name == "Get-WinEvent" and on == "front-end":
        server = "console"
    behaviour = model.edge_shell if server == "edge" else model.shell
    trouble = behaviour.trouble.get(name.lower(), Trouble())
    try:
        output = asyncio.run(run(model, [Command(name, tuple(parameters.items()))], server))
    except CmdletError as error:
        record = _record(error.message, error.id, error.category)
        # What ends a cmdlet is caught, and collected too.
        return envelope([], [record, record] if error.terminates else [record], [])
    padding = ["x" * trouble.padding] if trouble.padding else []
    errors = [_record(trouble.error, "OperationFailed", "InvalidResult")] if trouble.error else []
    return envelope([*output, *padding], errors, list(trouble.warnings))


def envelope(output: list[Any], errors: list[Any], warnings: list[str]) -> str:
    """The three lists as one document of CLIXML."""
    root = ElementTree.Element("Objs", {"Version": "1.1.0.1", "xmlns": _SCHEMA})
    root.append(serialize(_object({"Output": output, "Errors": errors, "Warnings": warnings}), _NoSecrets()))
    return ElementTree.tostring(root, encoding="unicode")


class _NoSecrets(PSCryptoProvider):
    """There are no secure strings to write."""

    @property
    def fips_compliant(self) -> bool:
        return False

    def decrypt(self, value: str) -> str:
        raise NotImplementedError

    def encrypt(self, value: str) -> str:
        raise NotImplementedError

    def register_key(self, key: bytes) -> None:
        raise NotImplementedError


def _record(message: str, identifier: str, category: str) -> Any:
    return _object({"Message": message, "Id": identifier, "Category": category})


def _object(properties: Mapping[str, Any]) -> Any:
    built = PSObject()
    built.PSObject.type_names = [_OBJECT, "System.Object"]
    built.PSObject.extended_properties = [PSNoteProperty(name, value=value) for name, value in properties.items()]
    return built


def _would_be_open(model: Model) -> list[EdgeSocket]:
    """As the processes of the Edge would have it, with numbers of processes made up."""
    places = model.addresses | {"loopback": "127.0.0.1"}
    numbers = {name: 2000 + place for place, name in enumerate({each.process: 0 for each in model.edge_listeners})}
    found = []
    for each in model.edge_listeners:
        own = (places[each.where], each.port, numbers[each.process], each.process)
        found.append(EdgeSocket(*own))
        if each.established:
            found.append(EdgeSocket(*own, places["partner"], 49152 + each.port % 1000))
    return found


def _say(identifier: str, data: str) -> None:
    sys.stdout.write(f"lyncdoctor {identifier} {base64.b64encode(data.encode()).decode()}\n")
    sys.stdout.flush()


def _die(identifier: str) -> None:
    sys.stdout.write(f"lyncdoctor {identifier} PE9ia")
    sys.stdout.flush()
    sys.stderr.write("The pipeline has been stopped.\n")
    sys.exit(1)


def _hang(_: str) -> None:
    """Waits for a child that never ends, as a cmdlet waits for a program."""
    subprocess.run([sys.executable, "-c", "import time; time.sleep(600)"], check=False)


def _write_rubbish(identifier: str) -> None:
    _say(identifier, "<Objs><Obj")
    time.sleep(600)


def _write_endlessly(_: str) -> None:
    for _number in range(_ENDLESS // 65536):
        sys.stdout.write("x" * 65535 + "\n")


def _write_noise(identifier: str) -> None:
    sys.stdout.write("WARNING: \x1b[31mfar too\n\nlyncdoctor\nlyncdoctor hello e30=\nlyncdoctor 0 AAAA\n")
    sys.stdout.write(f" lyncdoctor {identifier} AAAA\n")
    sys.stderr.write("x" * 200_000)


def _write_large(identifier: str) -> None:
    _say(identifier, envelope(["x" * 1000] * (_LARGE // 1000), [], []))


def _refuse(identifier: str) -> None:
    words = 'Active Directory operation failed on "dc1.litwareinc.com". You cannot retry this operation: "Insufficient access rights to perform the operation".'
    _say(identifier, envelope([], [_record(words, "ADOperationError", "NotSpecified")], []))


FAULTS: dict[str, Callable[[str], None]] = {
    "die": _die,
    "hang": _hang,
    "rubbish": _write_rubbish,
    "endless": _write_endlessly,
    "noise": _write_noise,
    "large": _write_large,
    "refuse": _refuse,
}
"""What becomes of a question. Where a fault has not answered, the question is answered after it."""
_ANSWERED = frozenset({"rubbish", "large", "refuse"})


def main() -> None:
    """Serves until stdin ends."""
    options = _options()
    model = model_of(options.scenario, options.sockets)
    if options.accounts:
        model.transactions.sign_in = _sign_in(json.loads(options.accounts.read_text("utf-8")))
    if options.fault == "dies-at-once":
        sys.stderr.write("Windows PowerShell cannot load its \x1b[31mconsole.\n")
        sys.exit(1)
    if options.fault == "slow-start":
        time.sleep(600)
    hello = {"module": "" if options.no_module else "Lync", "problem": options.problem, "version": "3.0"}
    _say("hello", json.dumps(hello | {"elevated": not options.not_elevated}))
    for line in sys.stdin:
        question = _question(line)
        if _strikes(options, question["name"]):
            FAULTS[options.fault](question["id"])
            if options.fault in _ANSWERED:
                continue
        _say(question["id"], answer(model, question["name"], question["parameters"], options.on))


def _question(line: str) -> dict[str, Any]:
    """A question, with its credentials among the parameters."""
    first, *passwords = (base64.b64decode(part).decode() for part in line.split(" "))
    question: dict[str, Any] = json.loads(first)
    if question["logins"] and not question["acts"]:
        raise ValueError("A cmdlet that may not act was given a password.")
    for login, password in zip(question["logins"], passwords, strict=True):
        question["parameters"][login["parameter"]] = Credential(login["user"], password)
    return question


def _sign_in(passwords: Mapping[str, str]) -> Callable[[str, str], str]:
    """Takes the accounts of a file, as the domain would."""

    def sign_in(user: str, password: str) -> str:
        if not password or passwords.get(user) != password:
            raise Refused
        return user

    return sign_in


def _strikes(options: argparse.Namespace, name: str) -> bool:
    """Whether the fault meets this cmdlet. With `--once FILE` only one process, the first to make the file, has it."""
    if options.fault not in FAULTS or options.at.lower() not in {"", name.lower()}:
        return False
    if not options.once:
        return True
    try:
        Path(options.once).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m lab.powershell_host")
    parser.add_argument("--scenario", action="append", default=[])
    parser.add_argument("--on", choices=("front-end", "edge"), default="front-end")
    parser.add_argument("--sockets", type=lambda text: [EdgeSocket(*each) for each in json.loads(text)])
    parser.add_argument("--accounts", type=Path, help="a file: passwords by account, as JSON")
    parser.add_argument("--fault", choices=(*FAULTS, "dies-at-once", "slow-start"))
    parser.add_argument("--at", default="", metavar="CMDLET", help="the fault meets this cmdlet alone")
    parser.add_argument("--once", default="", metavar="FILE", help="the fault comes once, and makes the file")
    parser.add_argument("--not-elevated", action="store_true")
    parser.add_argument("--no-module", action="store_true")
    parser.add_argument("--problem", default="", help="why the module does not load")
    return parser.parse_args()


if __name__ == "__main__":
    main()
    # Nothing is left to be tidied up, and a thread that waits would hold up the end.
    os._exit(0)
