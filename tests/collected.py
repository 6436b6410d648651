"""What a collector's script writes, played on the lab: no Windows is at hand, so none of it was made on Windows.

The script's own data are taken out of its text, and the stand-in of PowerShell answers them. `python -m tests.collected`
writes the samples in tests/journals.
"""

import base64
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from checks import collecting
from checks.deployment import Deployment, Vantage
from lab.model import DOMAIN, EDGE, POOL, WEB, WEB_INTERNAL, EdgeSocket, Model, default_users
from lab.powershell_host import answer, model_of
from tests.unit.shell.powershell_tree import assigned, parse

AT = "2026-01-01T10:00:00.000+00:00"
DAY = date(2014, 5, 29)
"""The day of the lab: another one would be another sample."""
SAMPLES = {"collected-front-end-2013.jsonl": Vantage.FRONT_END, "collected-edge-2013.jsonl": Vantage.EDGE}
JOURNALS = Path(__file__).parent / "journals"
SOCKETS = (
    EdgeSocket("192.0.2.10", 5269, 2044, "XmppProxy.exe"),
    EdgeSocket("10.0.0.5", 23456, 2044, "XmppProxy.exe"),
    EdgeSocket("192.0.2.10", 443, 1788, "RTCSrv.exe"),
    EdgeSocket("10.0.0.5", 23456, 2044, "XmppProxy.exe", "10.0.0.21", 51544),
)


def deployment(vantage: Vantage) -> Deployment:
    """The practice deployment, as an administrator would name it to `lyncdoctor collect`."""
    return Deployment(
        vantage=vantage,
        domains=(DOMAIN,),
        users=tuple(user.sip for user in default_users()),
        pool=POOL,
        web=WEB,
        web_internal=WEB_INTERNAL,
        edge=EDGE,
    )


def played(script: str, model: Model, *, module: bool = True, at: str = AT, computer: str = POOL) -> str:
    """The file that the script would write on a server of this model, the Front End of that name unless it is the Edge."""
    data = _data(script)
    edge = data["$seat"] == "edge"
    lines = [f'{data["$began"]},"at":"{at}"}}']
    for question in data["$questions"]:
        told = data["$noModule"]
        if question["Name"] == collecting.NETSTAT:
            told = _answered("netstat", netstat(model.edge_sockets))
        elif module:
            parameters = {
                name: computer if value == collecting.THIS_COMPUTER else value
                for name, value in question["Parameters"].items()
            }
            clixml = answer(model, question["Name"], parameters, "edge" if edge else "front-end")
            told = _answered("clixml", clixml)
        line = question["Line"].replace(collecting.THIS_COMPUTER, computer)
        lines.append(f'{line},"answer":{told},"at":"{at}","took_ms":7}}')
    return "\n".join(lines) + "\n"


@cache
def _data(script: str) -> dict[str, Any]:
    """What a script has of its own; reading its tree takes longer than answering it."""
    root = parse(script)
    return {name: assigned(root, name) for name in ("$seat", "$began", "$questions", "$noModule")}


def played_on_each(script: str, model: Model, at: str = AT) -> list[str]:
    """The files of a pool's computers, as an administrator goes from one to the next."""
    front_ends = model.computers_of(model.pools[0])
    return [played(script, model, at=at, computer=each.fqdn) for each in front_ends]


def netstat(sockets: Sequence[EdgeSocket]) -> str:
    """What `netstat -ano` prints of these sockets, and the list of processes that the script adds."""
    lines = ["", "Active Connections", "", "  Proto  Local Address          Foreign Address        State           PID"]
    lines.append("  TCP    0.0.0.0:135            0.0.0.0:0              LISTENING       744")
    for one in sockets:
        remote = f"{one.remote_address}:{one.remote_port}" if one.remote_address else "0.0.0.0:0"
        state = "ESTABLISHED" if one.remote_address else "LISTENING"
        lines.append(f"  TCP    {one.address}:{one.port:<12} {remote:<22} {state:<15} {one.pid}")
    lines += ["  UDP    0.0.0.0:500            *:*                                    744", ""]
    lines += [f"{'Id':>8} ProcessName", f"{'--':>8} -----------", f"{0:>8} Idle"]
    names = {one.pid: one.process.removesuffix(".exe") for one in sockets}
    return "\n".join([*lines, *(f"{pid:>8} {name}" for pid, name in sorted(names.items()))])


def sample(vantage: Vantage) -> str:
    """The sample for a seat."""
    model = model_of([], list(SOCKETS))
    model.day = DAY
    return played(collecting.script(deployment(vantage)), model)


def _answered(form: str, text: str) -> Any:
    return f'{{"type":"{form}","data":"{base64.b64encode(text.encode()).decode()}"}}'


if __name__ == "__main__":
    for name, seat in SAMPLES.items():
        (JOURNALS / name).write_text(sample(seat), encoding="utf-8", newline="\n")
