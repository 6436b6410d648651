"""Do the users have Lync accounts that are switched on, in this pool?"""

from checks.context import Context
from checks.deployment import Deployment
from checks.knowledge import links, lync_objects, topology_objects
from checks.knowledge.lync_objects import User, is_cut
from checks.knowledge.shell_answers import Unseen, not_seen, unseen
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Remedy, Status, Step, gravest
from checks.probes import Cmdlet, Objects, Unanswered
from checks.user_remedies import check_spelling, switch_on

OUTCOMES = Outcomes(
    links.TEST_MOBILE_IM,
    Answer(name="enabled", status=Status.OK, meaning="every user has an account that is switched on, in this pool"),
    Answer(name="no-such-user", status=Status.FAILED, meaning="Get-CsUser does not find the address"),
    Answer(name="not-enabled", status=Status.FAILED, meaning="Enabled is False"),
    Answer(name="no-registrar-pool", status=Status.FAILED, meaning="enabled, but homed in no pool"),
    Answer(
        name="homed-online", status=Status.WARNING, meaning="homed in Microsoft 365, so this pool does not serve him"
    ),
    Answer(name="other-pool", status=Status.WARNING, meaning="homed in another pool; the walk goes on with that one"),
    Answer(name="upn-differs", status=Status.WARNING, meaning="the sign-in name is unlike the SIP address"),
    Answer(name="not-for-this-seat", status=Status.NOT_APPLICABLE, meaning="no Lync shell here, and none is expected"),
    Answer(name="no-users", status=Status.UNKNOWN, meaning="no user was named"),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="the shell could not be asked"),
)


class Account(Frozen, frozen=True):
    """What Get-CsUser said of one address."""

    sip: str
    user: User | None = None
    """None: no such user."""


class Facts(Frozen, frozen=True):
    """The accounts of the users, and the pool that they are expected in."""

    pool: str
    accounts: tuple[Account, ...] = ()
    unseen: Unseen | None = None


async def gather(context: Context) -> Facts:
    deployment = context.deployment
    pools = await context.invoke("Get-CsPool")
    if not deployment.users:
        # Whether this seat could see users at all is told by a question that needs none.
        return Facts(pool=deployment.pool, unseen=unseen(pools, deployment))
    answers = {sip: await context.invoke("Get-CsUser", Identity=sip) for sip in deployment.users}
    failures = [unseen(answer, deployment) for answer in answers.values()]
    return Facts(
        pool=pool_of(deployment.pool, pools),
        accounts=tuple(
            Account(sip=sip, user=lync_objects.user(answer, sip))
            for sip, answer in answers.items()
            if isinstance(answer, Objects)
        ),
        unseen=next((failure for failure in failures if failure is not None), None),
    )


def pool_of(name: str, pools: Objects | Unanswered) -> str:
    """The pool of that name, or of the computer with that name: “Services” tells that a computer was named."""
    known = topology_objects.pools(pools.objects) if isinstance(pools, Objects) else ()
    found = topology_objects.find_pool(known, name) if name else None
    return found.fqdn if found else name


def judge(facts: Facts) -> Finding:
    if facts.unseen is not None:
        return not_seen(OUTCOMES, facts.unseen, "Whether the users are enabled could not be seen")
    if not facts.accounts:
        return OUTCOMES.finding(
            "no-users",
            "No user was named, so no account was looked at.",
            command="Get-CsUser -Identity sip:<user>@<domain>",
            reason=Reason.MISSING_INPUT,
        )
    findings = [judge_account(account, facts.pool) for account in facts.accounts]
    return gravest(findings, _GRAVITY)


_GRAVITY = (
    "no-such-user",
    "not-enabled",
    "no-registrar-pool",
    "homed-online",
    "other-pool",
    "upn-differs",
    "not-seen",
    "enabled",
)


def judge_account(account: Account, pool: str) -> Finding:
    """What follows for one user. `pool` is the one that he is expected in."""
    sip, user = account.sip, account.user
    if user is None:
        return OUTCOMES.finding(
            "no-such-user",
            f"There is no Lync user {sip}.",
            "Get-CsUser does not find it: it is mistyped, or the account was never enabled.",
            remedies=(check_spelling(sip, "enabled"), _enable(sip, pool)),
        )
    if user.enabled is None:
        return _not_shown(sip, "Enabled")
    if not user.enabled:
        return OUTCOMES.finding(
            "not-enabled",
            f"{sip} is not enabled for Lync.",
            "Get-CsUser shows Enabled : False",
            remedies=(switch_on(sip),),
        )
    if "RegistrarPool" in user.unseen or is_cut(user.pool, pool):
        return _not_shown(sip, "RegistrarPool")
    if not user.pool and "HostingProvider" in user.unseen:
        return _not_shown(sip, "HostingProvider", "RegistrarPool is empty, as it is for users who are homed online.")
    if user.homed_online:
        return OUTCOMES.finding(
            "homed-online",
            f"{sip} is homed online, so this deployment does not serve that user's phone.",
            f"RegistrarPool is empty and HostingProvider is {user.hosting_provider}.",
            remedies=(_name_another_user(),),
        )
    if not user.pool:
        return OUTCOMES.finding(
            "no-registrar-pool",
            f"{sip} is enabled, but homed in no pool.",
            "RegistrarPool is empty.",
            remedies=(_move(sip, pool),),
        )
    if pool and user.pool != pool:
        return OUTCOMES.finding(
            "other-pool",
            f"{sip} is homed in {user.pool}, not in {pool}.",
            "Phones are served by the user's own pool, so the sign-in settings are looked at in that one.",
            remedies=(_use_pool(user.pool),),
        )
    address, principal_name = sip.removeprefix("sip:").lower(), user.principal_name.lower()
    if principal_name and principal_name != address and not is_cut(principal_name, address):
        return OUTCOMES.finding(
            "upn-differs",
            f"{sip} signs in to Windows as {user.principal_name}.",
            "The phone asks for both. With only the SIP address it fails as if the password were wrong.",
            remedies=(_fill_user_name(user.principal_name),),
        )
    return OUTCOMES.finding("enabled", f"{sip} is enabled, in {user.pool}.")


def _not_shown(sip: str, name: str, *detail: str) -> Finding:
    return OUTCOMES.finding(
        "not-seen",
        f"What Get-CsUser brought does not show {name} of {sip}, or not to its end.",
        *detail,
        "Nothing follows from that for the account. The whole output is needed, of this user alone.",
        reason=Reason.MISSING_INPUT,
        command=Cmdlet(name="Get-CsUser", parameters=(("Identity", sip),)).typed(),
    )


def _enable(sip: str, pool: str) -> Remedy:
    who = "member of RTCUniversalUserAdmins, or CsUserAdministrator"
    risk = "gives this person access to Lync: ask first whether that is wanted; the AD account has to exist"
    verify = f"Get-CsUser -Identity {sip}, then check again (r)"
    if not pool:
        return Remedy(
            action=f"If the address is right and the AD account exists, enable it with Enable-CsUser -SipAddress {sip}.",
            who=who,
            risk=risk,
            verify=verify,
        )
    return Remedy(
        cmdlet="Enable-CsUser",
        parameters={"Identity": sip.removeprefix("sip:"), "RegistrarPool": pool, "SipAddress": sip},
        who=who,
        risk=risk,
        verify=verify,
    )


def _move(sip: str, pool: str) -> Remedy:
    if not pool:
        return Remedy(
            action=f"Home {sip} in a pool with Move-CsUser -Target <pool>.",
            who="CsUserAdministrator",
            risk="moves the user's data",
            verify="check again (r)",
        )
    return Remedy(
        cmdlet="Move-CsUser",
        parameters={"Identity": sip, "Target": pool},
        who="CsUserAdministrator",
        risk="homes this user in that pool",
        verify="check again (r)",
    )


def _use_pool(pool: str) -> Remedy:
    return Remedy(
        action=f"Walk again with {pool} as the pool, or with a user who is homed in the pool that you mean.",
        who="you",
        risk="none",
        verify="that walk says enabled",
    )


def _name_another_user() -> Remedy:
    return Remedy(
        action="Walk again with a user who is homed in this pool; for this one, troubleshoot in Microsoft 365.",
        who="you",
        risk="none",
        verify="that walk says enabled",
    )


def _fill_user_name(principal_name: str) -> Remedy:
    return Remedy(
        action=f"On the phone, open the advanced options and type {principal_name} as the user name.",
        who="the user",
        risk="none",
        verify="sign in on the phone",
    )


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    shown = "DisplayName,SipAddress,Enabled,RegistrarPool,HostingProvider,UserPrincipalName"
    return tuple(
        f'Get-CsUser -Identity "{sip}" | Select-Object {shown}' for sip in deployment.users or ("sip:<user>@<domain>",)
    )


STEP = Step(
    id="mobility.user-enabled",
    title="Users enabled",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why="A phone signs in as a Lync user. A user whom Get-CsUser does not find, or shows with Enabled False, is refused, "
    "and the phone only says that it cannot sign in.",
    good="Get-CsUser finds the user, Enabled is True, and RegistrarPool is the pool that you are looking at.",
    by_hand=by_hand,
)
