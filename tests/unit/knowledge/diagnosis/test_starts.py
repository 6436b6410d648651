"""Where a diagnosis sends: to steps that exist, to each step that the field's texts point to, in the order of the symptom router."""

import pytest

from checks.knowledge.diagnosis import diagnose, starts
from checks.model import Symptom
from checks.runbooks import RUNBOOKS, find_step
from tests.unit.knowledge.diagnosis import test_hostile
from tests.unit.knowledge.diagnosis.expected import NOW

STARTS = {name: value for name, value in vars(starts).items() if name.isupper()}
MOBILITY = RUNBOOKS["mobility"]
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
    "We get a 504 when we write to a mobile user": (starts.PUSH,),
}
"""What is told, and the steps that may explain it: with the first the diagnosis begins, the others follow in this order."""


@pytest.mark.parametrize("step", STARTS.values())
def test_every_start_is_a_step_of_a_runbook(step: str) -> None:
    assert find_step(step) is not None


def test_every_step_of_mobility_is_the_start_of_a_diagnosis() -> None:
    sent_to = {one.step for row in test_hostile.ROWS for one in diagnose(row.text, NOW).likely}
    assert set(MOBILITY.step_ids) <= sent_to
    assert sent_to - {""} <= set(STARTS.values()), "a step beside the list"


@pytest.mark.parametrize("told", ROUTER)
def test_a_symptom_begins_where_the_router_has_it(told: str) -> None:
    steps = [one.step for one in diagnose(told).likely]
    first = list(dict.fromkeys(step for step in steps if step in ROUTER[told]))
    assert steps[0] == ROUTER[told][0]
    assert tuple(first) == ROUTER[told]


@pytest.mark.parametrize("symptom", MOBILITY.symptoms, ids=lambda symptom: symptom.name)
def test_a_symptom_of_the_runbook_is_known_in_its_own_words(symptom: Symptom) -> None:
    likely = diagnose(symptom.says).likely
    assert likely, "a diagnosis knows nothing of it"
    assert likely[0].step in symptom.explained_by
