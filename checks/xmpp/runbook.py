"""How the steps of the runbook `xmpp` follow each other, in causal order."""

from checks.model import Runbook

XMPP = Runbook(name="xmpp", title="XMPP federation", purpose="partners on other chat systems", stages=())
