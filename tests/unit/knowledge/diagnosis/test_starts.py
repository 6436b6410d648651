"""Where a diagnosis sends: to steps that exist, to each step that the field's texts point to, in the order of the symptom router."""

import pytest

from checks.knowledge.diagnosis import diagnose, starts
from checks.model import Runbook, Symptom
from checks.runbooks import RUNBOOKS, find_step
from tests.unit.knowledge.diagnosis import test_hostile
from tests.unit.knowledge.diagnosis.expected import NOW

STARTS = {name: value for name, value in vars(starts).items() if name.isupper()}
SYMPTOMS = [symptom for runbook in RUNBOOKS.values() for symptom in runbook.symptoms]
ROUTER = {
    "Can't verify the certificate from the server": (starts.CERTIFICATES,),
    "UcwaAutoDiscoveryRequest resulted in E_SslError (E2-2-2)": (starts.CERTIFICATES,),
    "request(UcwaAutoDiscoveryRequest) with status = 0x22020002": (starts.CERTIFICATES,),
    "Cannot connect to the server. It might be unavailable.": (starts.DNS, starts.AUTODISCOVER),
    "Can't sign in. Please check your account information and try again.": (
        starts.USER_ENABLED,
        starts.SIGN_IN,
        starts.WINDOWS_AUTH,
    ),
    "Request resulted in E_UcwaUnavailable (E2-3-48)": (starts.WEB_APPLICATIONS,),
    "Works on 3G, fails on Wi-Fi": (starts.HAIRPIN, starts.CERTIFICATES),
    "Works on Wi-Fi, fails on 3G": (starts.AUTODISCOVER, starts.REVERSE_PROXY),
    "Android signs in, iPhone does not": (starts.CERTIFICATES,),
    "Only one user cannot sign in": (starts.USER_ENABLED, starts.POLICY, starts.SIGN_IN),
    "It is intermittent": (starts.AFFINITY, starts.TIMEOUTS),
    "The phone drops after ten minutes": (starts.AFFINITY, starts.TIMEOUTS),
    "Users sign in, but push notifications do not arrive": (starts.PUSH,),
    "Presence of our XMPP contacts is unknown": (starts.XMPP_POLICY, starts.XMPP_LISTENING, starts.XMPP_PARTNER),
    "The partner says they cannot connect": (starts.XMPP_LISTENING, starts.XMPP_DNS, starts.XMPP_PORTS),
    "Nothing listens on 5269": (starts.XMPP_SERVICES, starts.XMPP_ROUTE, starts.XMPP_REPLICATION),
    "Messages to XMPP contacts never arrive": (
        starts.XMPP_PARTNER,
        starts.XMPP_PARTNER_DNS,
        starts.XMPP_PARTNER_PORTS,
        starts.XMPP_NEGOTIATION,
    ),
    "Test-CsXmppIM fails": (starts.XMPP_TEST_MESSAGE,),
    "We get a 504 when we write to a mobile user": (starts.PUSH,),
}
"""What is told, and the steps that may explain it: with the first the diagnosis begins, the others follow in this order."""


@pytest.mark.parametrize("step", STARTS.values())
def test_every_start_is_a_step_of_a_runbook(step: str) -> None:
    assert find_step(step) is not None


@pytest.fixture(scope="module")
def sent_to() -> set[str]:
    told = [row.text for row in test_hostile.ROWS] + [one.says for one in SYMPTOMS]
    return {one.step for text in told for one in diagnose(text, NOW).likely}


@pytest.mark.parametrize("runbook", RUNBOOKS.values(), ids=lambda runbook: runbook.name)
def test_every_step_is_the_start_of_a_diagnosis(runbook: Runbook, sent_to: set[str]) -> None:
    assert set(runbook.step_ids) - sent_to == set()


def test_a_diagnosis_sends_to_the_listed_steps_alone(sent_to: set[str]) -> None:
    assert sent_to - {""} <= set(STARTS.values()), "a step beside the list"


@pytest.mark.parametrize("told", ROUTER)
def test_a_symptom_begins_where_the_router_has_it(told: str) -> None:
    steps = [one.step for one in diagnose(told).likely]
    first = list(dict.fromkeys(step for step in steps if step in ROUTER[told]))
    assert steps[0] == ROUTER[told][0]
    assert tuple(first) == ROUTER[told]


@pytest.mark.parametrize("symptom", SYMPTOMS, ids=lambda symptom: symptom.name)
def test_a_symptom_of_the_runbook_is_known_in_its_own_words(symptom: Symptom) -> None:
    likely = diagnose(symptom.says).likely
    assert likely, "a diagnosis knows nothing of it"
    assert likely[0].step in symptom.explained_by
