"""How the steps of the runbook `xmpp` follow each other, in causal order."""

from checks.model import Runbook, Stage
from checks.xmpp import listening

XMPP = Runbook(
    name="xmpp",
    title="XMPP federation",
    purpose="partners on other chat systems",
    stages=(Stage(step=listening.STEP, otherwise=None),),
)
