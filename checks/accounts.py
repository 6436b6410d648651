"""Whose account a user signs in with: what is typed as user name, and whether it is his own."""

from collections.abc import Callable

import msgspec

from checks.context import Context
from checks.deployment import Deployment
from checks.knowledge import lync_objects
from checks.knowledge.lync_objects import is_cut, text
from checks.model import Frozen, Reason
from checks.probes import Account, Answer, Cmdlet, Objects, Question, Unanswered


class Person(Frozen, frozen=True):
    """A user who is signed in, and whose account he signs in with."""

    sip: str
    user: str
    """What is typed as user name."""
    account_name: str = ""
    """SamAccountName as Get-CsUser shows it."""
    principal_name: str = ""
    pool: str = ""
    """The home pool; empty where it was not shown."""
    of_another_forest: bool = False
    """True where Get-CsUser shows that the account is of another forest, whose names it does not tell."""
    named: bool = True
    """False where nobody named the account."""

    @property
    def is_unknown(self) -> bool:
        """True where nobody told whose account is to be signed in."""
        return self.of_another_forest and not self.named

    @property
    def signs_in_as_another(self) -> bool:
        """True where the account that is typed is certainly not that of the SIP address."""
        if self.of_another_forest:
            return False
        typed, own = self.user.lower(), self.account_name.lower()
        domain, _, short = typed.rpartition("\\")
        if not own or is_cut(own, short):
            return False
        if domain or "@" not in typed:
            return short != own
        principal = self.principal_name.lower()
        # The account's short name before the @ is always taken too, whatever the principal name is.
        return (
            bool(principal) and not is_cut(principal, typed) and principal != typed and typed.partition("@")[0] != own
        )


async def person(context: Context, account: Account, sip: str) -> Person:
    """Who signs in for a SIP address, as far as a shell tells of him."""
    answer = await context.invoke("Get-CsUser", Identity=sip)
    user = lync_objects.user(answer, sip) if isinstance(answer, Objects) else None
    return Person(
        sip=sip,
        user=await account_of(context, account),
        account_name=_account_name(answer, sip) if user else "",
        principal_name=user.principal_name if user else "",
        pool=user.pool if user else "",
        of_another_forest=of_another_forest(answer, sip),
        named=bool(_named(context.deployment, account)),
    )


def _account_name(answer: Objects | Unanswered, sip: str) -> str:
    """SamAccountName of that user alone: a paste may show somebody else, or two of them."""
    objects = answer.objects if isinstance(answer, Objects) else ()
    names = {text(one, "SamAccountName") for one in objects if text(one, "SipAddress").lower() == sip.lower()}
    return names.pop() if len(names) == 1 else ""


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
