"""A phone's sign-in, as the steps that judge it share it: one sign-in of the first user serves them all."""

from collections.abc import Callable

import msgspec

from checks.context import Context
from checks.deployment import Deployment
from checks.knowledge import lync_objects
from checks.knowledge.lync_objects import text
from checks.model import Consent, Frozen, Reason
from checks.probes import Account, Answer, Cmdlet, Exchange, Objects, PhoneSession, Question, Unanswered, Unreached


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


def of_another_forest(answer: object, sip: str) -> bool:
    """True where Get-CsUser shows the user with OriginatorSid: what signs in then is an account of another forest.

    The account that Get-CsUser names beside it is a disabled one that stands for the other.
    """
    objects = answer.objects if isinstance(answer, Objects) else ()
    own = [one for one in objects if text(one, "SipAddress").lower() in {"", sip.lower()}]
    return len(own) == 1 and bool(text(own[0], "OriginatorSid").strip())


def nobody_named(sip: str, account: Account) -> Unanswered:
    """Why nobody was signed in for a user whose account is of another forest."""
    return Unanswered(
        reason=Reason.MISSING_INPUT,
        detail=f"{sip} has an account in another forest (OriginatorSid), and Get-CsUser does not show its name. Name it "
        f"under More in the form, or with --{account}-user.",
    )


async def account_of(context: Context, account: Account) -> str:
    """What a test user types as user name.

    Where nobody named the account it is the user principal name as Get-CsUser shows it, else the SIP address: typed for
    the name of an account that has another, it would be refused as a wrong password is.
    """
    deployment = context.deployment
    sip = _sip_of(deployment, account)
    if not sip or _named(deployment, account):
        return deployment.account_of(account)
    answer = await context.invoke("Get-CsUser", Identity=sip)
    return _principal_name(answer, sip) or deployment.account_of(account)


def with_accounts(deployment: Deployment, told: Callable[[Question], Answer | None]) -> Deployment:
    """The deployment with the accounts that `account_of` will take, as far as earlier answers tell them."""

    def known(account: Account) -> str:
        sip = _sip_of(deployment, account)
        if not sip or _named(deployment, account):
            return _named(deployment, account)
        return _principal_name(told(Cmdlet(name="Get-CsUser", parameters=(("Identity", sip),))), sip)

    return msgspec.structs.replace(deployment, sender_user=known("sender"), receiver_user=known("receiver"))


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


def _sip_of(deployment: Deployment, account: Account) -> str:
    number = 0 if account == "sender" else 1
    return next(iter(deployment.users[number : number + 1]), "")


def _named(deployment: Deployment, account: Account) -> str:
    return deployment.sender_user if account == "sender" else deployment.receiver_user


def _principal_name(answer: object, sip: str) -> str:
    """Empty where it is not shown, is not the user's own, or is no name that can be typed in one line."""
    if of_another_forest(answer, sip):
        return ""
    user = lync_objects.user(answer, sip) if isinstance(answer, Objects) else None
    name = user.principal_name if user else ""
    return name if name.isprintable() and len(name) <= 400 else ""
