"""A phone's sign-in, as the steps that judge it share it: one sign-in of the first user serves them all."""

from checks.accounts import account_of, nobody_named, of_another_forest
from checks.context import Context
from checks.deployment import Deployment
from checks.model import Consent, Frozen, Reason
from checks.probes import Exchange, PhoneSession, Unanswered, Unreached


class Attempt(Frozen, frozen=True):
    """Who signed in where, and how far it came."""

    sip: str
    user: str
    """What was typed as user name."""
    host: str
    """Whose Autodiscover was asked first."""
    reply: PhoneSession | Unreached | Unanswered

    @property
    def session(self) -> PhoneSession | None:
        """None where nothing came of it: why is said by `reply`."""
        return self.reply if isinstance(self.reply, PhoneSession) else None


async def attempt(context: Context) -> Attempt:
    """The sign-in of the first user, as the account that was named, or that Get-CsUser tells."""
    deployment = context.deployment
    sip, host = next(iter(deployment.users), ""), web_host(deployment)
    if not sip or not host:
        missing = "No user was named." if not sip else "Neither the web FQDN nor the pool was named."
        return Attempt(sip=sip, user="", host=host, reply=Unanswered(reason=Reason.MISSING_INPUT, detail=missing))
    user = await account_of(context, "sender")
    if not deployment.sender_user and of_another_forest(await context.invoke("Get-CsUser", Identity=sip), sip):
        return Attempt(sip=sip, user=user, host=host, reply=nobody_named(sip, "sender"))
    return Attempt(sip=sip, user=user, host=host, reply=await context.phone("sender", sip, host, user))


def web_host(deployment: Deployment) -> str:
    """Where a phone's sign-in begins: the external web FQDN, as for phones inside too."""
    return deployment.web or (f"lyncdiscover.{deployment.domain}" if deployment.domain else deployment.pool)


def answered_by(exchange: Exchange) -> str:
    """Which machine an answer comes from, as a sentence."""
    if exchange.server:
        return f"The answer comes from {exchange.server}."
    software = f" ({exchange.software})" if exchange.software else ""
    return f"The answer does not name a Lync server{software}; a proxy may have sent it."


def outcome(exchange: Exchange) -> str:
    """What an exchange ended with, for the end of a sentence."""
    told = ", ".join(filter(None, (exchange.error, str(exchange.code or ""))))
    return f"HTTP {exchange.status}{f' ({told})' if told else ''}" if exchange.status else "no answer"


def _says(deployment: Deployment) -> str:
    user, host = deployment.account_of("sender") or "the first user", web_host(deployment) or "the web services"
    return (
        f"Signs in at {host} as {user} like a phone, reads that user's own settings, and creates an application of UCWA "
        "that is deleted at once. Presence stays as it is, and nothing is sent to anybody."
    )


CONSENT = Consent(deed="phone", accounts=("sender",), says=_says)
