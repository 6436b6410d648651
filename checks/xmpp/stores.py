"""Settings of the deployment, from the Central Management store or from the Edge's own copy of it."""

from typing import Literal

from checks.context import Context
from checks.deployment import Vantage
from checks.knowledge.shell_answers import Unseen
from checks.model import Frozen
from checks.probes import Objects, Unanswered
from checks.xmpp.seats import of_deployment, of_edge

Store = Literal["deployment", "edge"]


class Stored(Frozen, frozen=True):
    """What one of the two told."""

    answer: Objects | Unanswered
    by: Store = "deployment"
    unseen: Unseen | None = None
    """Why it cannot be judged."""

    @property
    def objects(self) -> Objects:
        """None of them where it cannot be judged."""
        return self.answer if isinstance(self.answer, Objects) and self.unseen is None else Objects()


async def settings(context: Context, cmdlet: str) -> Stored:
    """What a cmdlet that knows -LocalStore tells of the whole deployment.

    An Edge does not reach the Central Management store, so its own copy tells where no evidence from inside does.
    """
    deployment = context.deployment
    if deployment.vantage is not Vantage.EDGE:
        answer = await context.invoke(cmdlet)
        return Stored(answer=answer, unseen=of_deployment(answer, deployment))
    stored, copied = await context.together(context.invoke(cmdlet), context.invoke(cmdlet, on="edge", LocalStore=True))
    if of_deployment(stored, deployment) is None:
        return Stored(answer=stored)
    return Stored(answer=copied, by="edge", unseen=of_edge(copied, deployment))
