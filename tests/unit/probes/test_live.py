"""The live probes together: made when asked for, closed when they were."""

import subprocess
import sys

from checks.deployment import Deployment, Sources, Vantage
from checks.model import Reason
from checks.probes import Cmdlet, Lookup, Probes, Records, Unanswered
from checks.probes.live import LiveProbes


async def test_all_probes_are_there() -> None:
    probes: Probes = LiveProbes(Deployment(), Sources())
    assert probes.dns is probes.dns
    assert probes.http is probes.http
    assert probes.tls is probes.tls
    assert probes.host is probes.host
    await probes.close()
    await probes.close()


async def test_without_a_shell_its_questions_stay_open() -> None:
    probes = LiveProbes(Deployment(), Sources())
    found = await probes.shell.ask(Cmdlet(name="Get-CsPool"))
    assert isinstance(found, Unanswered)
    assert found.reason == Reason.MISSING_INPUT
    await probes.close()


async def test_an_edge_sees_the_outside_view() -> None:
    for vantage, own, other in ((Vantage.EDGE, "outside", "inside"), (Vantage.FRONT_END, "inside", "outside")):
        probes = LiveProbes(Deployment(vantage=vantage), Sources())
        answers = [await probes.dns.ask(Lookup(name="localhost", kind="ADDRESS", view=view)) for view in (own, other)]  # type: ignore[arg-type]
        assert isinstance(answers[0], Records)
        assert isinstance(answers[1], Unanswered)


def test_a_start_imports_no_library_of_a_probe() -> None:
    code = (
        "import sys; from checks.probes.live import LiveProbes; from checks.deployment import *; "
        "LiveProbes(Deployment(), Sources()); "
        "print(sorted({'httpx', 'httpcore', 'dns.message', 'psutil', 'pypsrp', 'cryptography'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
