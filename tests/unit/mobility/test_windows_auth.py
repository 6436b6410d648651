"""The judgement of `mobility.windows-auth`: the setting in force against what is really offered."""

from typing import Any

import msgspec
import pytest

from checks.knowledge.shell_answers import Unseen
from checks.mobility.windows_auth import STEP, Facts, in_force, judge
from checks.mobility.windows_auth_settings import Configuration
from checks.model import Reason, Status
from checks.probes import Hop, Response, Unanswered, Unreached

POOL, HOST = "atl-cs-001.litwareinc.com", "lyncweb.litwareinc.com"


def offering(*challenges: str, status: int = 401) -> Response:
    headers = tuple(("WWW-Authenticate", challenge) for challenge in challenges)
    return Response(hops=(Hop(url=f"https://{HOST}/", address="192.0.2.1", status=status, headers=headers),))


def setting(windows: Any, *others: str, identity: str = "Global") -> Configuration:
    return Configuration(identity=identity, windows=windows, others=others)


NEGOTIATE = (setting("Negotiate", "certificates"),)
AWAY = Unseen(reason=Reason.MISSING_INPUT, detail="no shell", seat_has_no_shell=True)
NO_SHELL = Unseen(reason=Reason.MISSING_INPUT, detail="no shell")

TABLE: list[tuple[str, Any, tuple[Configuration, ...], Unseen | None]] = [
    ("as-configured", offering("Negotiate", "NTLM"), NEGOTIATE, None),
    ("as-configured", offering("NTLM"), (setting("NTLM"),), None),
    ("as-configured", offering("Negotiate", "NTLM"), (setting("NTLM"),), None),
    ("as-configured", offering("Bearer", "Negotiate", "NTLM"), NEGOTIATE, None),
    ("windows-auth-off", offering("Bearer"), (setting("None", "certificates"),), None),
    ("windows-auth-off", offering(), (setting("None", "OAuth"),), None),
    ("nothing-enabled", offering("Negotiate", "NTLM"), (setting("None"),), None),
    ("nothing-enabled", Unreached(phase="reply", kind="silence", detail="nothing"), (setting("None"),), None),
    ("no-challenge", offering(), NEGOTIATE, None),
    ("no-challenge", offering(), (), AWAY),
    ("negotiate-missing", offering("NTLM"), NEGOTIATE, None),
    ("ntlm-missing", offering("Negotiate"), NEGOTIATE, None),
    ("ntlm-missing", offering("Negotiate"), (setting("NTLM"),), None),
    ("not-asked", offering(status=200), NEGOTIATE, None),
    ("service-silent", Unreached(phase="reply", kind="silence", detail="nothing"), NEGOTIATE, None),
    ("not-seen", Unreached(phase="connect", kind="refused", detail="refused"), NEGOTIATE, None),
    ("not-seen", Unreached(phase="name", kind="no-such-name", detail="no name"), NEGOTIATE, None),
    ("not-seen", offering(status=407), NEGOTIATE, None),
    ("not-seen", offering(status=511), NEGOTIATE, None),
    ("service-error", offering(status=503), NEGOTIATE, None),
    ("service-error", offering(status=404), NEGOTIATE, None),
    ("offered", offering("Negotiate", "NTLM"), (), AWAY),
    ("offered", offering("NTLM"), (), AWAY),
    ("offered", offering("Bearer"), (), AWAY),
    ("not-seen", offering("Bearer"), (), NO_SHELL),
    ("ntlm-missing", offering("Negotiate"), (), AWAY),
    ("negotiate-missing", offering("Bearer"), NEGOTIATE, None),
    ("not-seen", offering("Bearer"), (Configuration(identity="Global", windows="None", unseen=("PIN",)),), None),
    ("not-seen", offering("Negotiate", "NTLM"), (), NO_SHELL),
    ("not-seen", Unanswered(reason=Reason.TIMEOUT, detail="no name server"), NEGOTIATE, None),
]  # fmt: skip


def facts(reply: Any, configurations: tuple[Configuration, ...], unseen: Unseen | None = None) -> Facts:
    return Facts(host=HOST, pool=POOL, site="Redmond", reply=reply, configurations=configurations, unseen=unseen)


@pytest.mark.parametrize(("answer", "reply", "configurations", "unseen"), TABLE)
def test_judgement(answer: str, reply: Any, configurations: tuple[Configuration, ...], unseen: Unseen | None) -> None:
    finding = judge(facts(reply, configurations, unseen))
    assert finding.answer == answer
    if finding.status in {Status.FAILED, Status.WARNING}:
        assert finding.remedies


def test_every_answer_is_in_the_table() -> None:
    assert {answer.name for answer in STEP.answers} == {row[0] for row in TABLE}


def test_the_nearest_configuration_is_in_force() -> None:
    everywhere, site = setting("Negotiate"), setting("NTLM", identity="Site:Redmond")
    pool = setting("None", identity="Service:WebServer:ATL-CS-001.litwareinc.com")
    other = setting("NTLM", identity="Service:WebServer:atl-cs-002.litwareinc.com")
    reply = offering()
    assert in_force(facts(reply, (everywhere, site, pool, other))) == pool
    assert in_force(facts(reply, (everywhere, site, other))) == site
    assert in_force(facts(reply, (everywhere, other))) == everywhere
    assert in_force(facts(reply, (other,))) is None
    unknown_site = msgspec.structs.replace(facts(reply, (everywhere, site)), site="")
    assert in_force(unknown_site) is None, "whose site it is must not be guessed"
    assert judge(msgspec.structs.replace(unknown_site, reply=offering("Negotiate", "NTLM"))).answer == "not-seen"
