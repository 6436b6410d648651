"""What `lyncdoctor diagnose` prints."""

import argparse
import json

import pytest

from checks.knowledge.diagnosis import Diagnosis, Likely, Named, diagnose, starts
from checks.model import Remedy
from checks.runbooks import find_step
from tests.unit.knowledge.diagnosis.test_hostile import ROWS
from tests.unit.knowledge.documented import XMPP_FAILURE
from tui.diagnosing import diagnosis_as_json, diagnosis_as_text, start
from tui.options import add_deployment_options, deployment_from


def test_the_likeliest_cause_comes_first_and_the_others_are_numbered() -> None:
    told = diagnosis_as_text(diagnose(XMPP_FAILURE))
    assert told.index("is not a pool") < told.index("What it does not mean") < told.index("  2. Nothing answers")
    assert "Get-CsPool" in told


def test_the_walk_starts_with_the_names_of_the_text() -> None:
    found = diagnose(
        "sip:kenmyer@litwareinc.com gets E_SslError (E2-2-2) from https://lyncweb.litwareinc.com/mcx/mcxservice.svc"
    )
    assert start(found, found.likely[0]) == (
        "lyncdoctor run mobility --start mobility.certificates --sip sip:kenmyer@litwareinc.com --web lyncweb.litwareinc.com"
    )


def test_a_step_of_the_other_runbook_is_walked_there() -> None:
    found = diagnose("10060 to 192.0.2.10:5269")
    assert start(found, found.likely[0]) == "lyncdoctor run xmpp --start xmpp.ports --domain DOMAIN"


@pytest.mark.parametrize(
    ("step", "options"),
    [
        (starts.SIGN_IN, "--sip ADDRESS --sign-in --ask-passwords"),
        (starts.REGISTRAR, "--sip ADDRESS --sip OTHER-ADDRESS --sign-in --ask-passwords"),
        (starts.POLICY, "--sip ADDRESS"),
        (starts.XMPP_LISTENING, "--domain DOMAIN"),
        (starts.XMPP_POLICY, "--sip ADDRESS"),
        (starts.XMPP_PARTNER_STREAM, "--partner DOMAIN"),
        (starts.XMPP_TEST_MESSAGE, "--sip ADDRESS --sip ADDRESS-AT-PARTNER --sign-in --ask-passwords"),
    ],
)
def test_a_step_is_told_with_the_options_without_which_it_is_not_run(step: str, options: str) -> None:
    runbook = step.partition(".")[0]
    assert start(Diagnosis(), Likely(cause="x", step=step)) == f"lyncdoctor run {runbook} --start {step} {options}"


def test_a_cause_that_no_step_looks_at_starts_nothing() -> None:
    assert start(Diagnosis(names=Named(pool="pool01.contoso.com")), Likely(cause="x")) == ""


def test_nothing_known_is_said_with_the_question() -> None:
    told = diagnosis_as_text(diagnose("Lync is broken"))
    assert told.startswith("Nothing in this text is known.\n")
    assert told.rstrip().endswith("lyncdoctor run mobility --sip <address>")


def test_what_is_in_order_is_told_without_a_cause() -> None:
    told = diagnosis_as_text(diagnose("Identity : Global\nEnableMobility : True\n"))
    assert "Most likely" not in told
    assert "Global allows mobility." in told


def test_a_remedy_is_one_line_to_paste() -> None:
    remedy = Remedy(
        who="x", risk="a risk", verify="y", cmdlet="Set-CsUser", parameters={"Identity": "sip:" + "k" * 200}
    )
    told = diagnosis_as_text(Diagnosis(likely=(Likely(cause="c", remedy=remedy),)), width=60)
    assert f"  Fix      {remedy.command()}\n" in told
    assert "Risk     a risk" in told


@pytest.mark.parametrize("width", [10, 60, 80, 120])
def test_prose_keeps_to_the_width_and_commands_are_not_broken(width: int) -> None:
    for row in ROWS:
        found = diagnose(row.text)
        commands = [one.command for one in found.likely] + [start(found, one) for one in found.likely]
        commands += [one.remedy.command() for one in found.likely if one.remedy]
        for line in diagnosis_as_text(found, width).splitlines():
            whole = any(command and command in line for command in commands) or line.strip() in found.question
            assert len(line) <= max(width, 40) or whole or " " not in line.strip(), line


def test_json_has_every_field_and_the_command_to_start() -> None:
    found = diagnose("Identity       : Tag:Sales\nEnableMobility : False\n")
    told = json.loads(diagnosis_as_json(found))
    assert told["likely"][0]["cause"] == found.likely[0].cause
    assert told["likely"][0]["start"] == "lyncdoctor run mobility --start mobility.policy --sip ADDRESS"
    assert told["likely"][0]["remedy_command"].startswith("Set-CsMobilityPolicy")
    assert told["not_meant"] == list(found.not_meant)


@pytest.mark.parametrize("step", [value for name, value in vars(starts).items() if name.isupper()])
def test_the_command_to_start_with_is_one_that_walks(step: str) -> None:
    """Once its placeholders are filled in, it names a deployment that has what the step asks about."""
    filled = start(Diagnosis(), Likely(cause="x", step=step))
    for placeholder, name in (
        ("OTHER-ADDRESS", "pilar@litwareinc.com"),
        ("ADDRESS-AT-PARTNER", "adelany@contoso.com"),
        ("ADDRESS", "kenmyer@litwareinc.com"),
        ("DOMAIN", "contoso.com"),
    ):
        filled = filled.replace(placeholder, name)
    words = filled.split()
    parser = argparse.ArgumentParser()
    parser.add_argument("runbook")
    parser.add_argument("--start")
    add_deployment_options(parser)
    deployment = deployment_from(parser.parse_args(words[2:]))
    assert words[:2] == ["lyncdoctor", "run"]
    assert deployment.name != "this deployment", "the command line would refuse it"
    found = find_step(step)
    assert found is not None
    if found.consent is not None and "receiver" in found.consent.accounts:
        assert len(deployment.users) == 2
    if found.consent is not None and found.consent.deed == "message":
        assert deployment.receiver
