"""How the steps of the runbook `mobility` follow each other, in causal order."""

from checks.mobility import service_url
from checks.model import Runbook, Stage

MOBILITY = Runbook(
    name="mobility",
    title="Mobility",
    purpose="phones: sign-in, IM, push",
    stages=(Stage(step=service_url.STEP, otherwise=None),),
)
