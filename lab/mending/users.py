"""Accounts and what is granted to them: Enable-, Set- and Move-CsUser, Grant-Cs…Policy."""

from collections.abc import Callable
from typing import Any

from lab.cmdlets.binding import Arguments, Cmdlet
from lab.mending.values import refused, require
from lab.model import Model, User, default_users


def _named(cmdlet: str, users: list[User], identity: Any) -> User:
    """The user of that SIP address, user principal name, alias or display name. CmdletError where there is none."""
    wanted = str(identity).lower()
    for user in users:
        names = (user.sip, user.sip.removeprefix("sip:"), user.upn, user.sam, user.display_name)
        if wanted in {name.lower() for name in names}:
            return user
    raise refused(cmdlet, f'Management object not found for identity "{identity}".')


def _require_pool(cmdlet: str, model: Model, pool: Any) -> str:
    homes = {each.lower(): each for each in (*model.pools, *model.branch_appliances)}
    if str(pool).lower() not in homes:
        raise refused(cmdlet, f'Cannot find "{pool}" in the topology as a Registrar pool.')
    return homes[str(pool).lower()]


def _enable(model: Model, arguments: Arguments) -> list[Any]:
    """Enable-CsUser: an account of Active Directory becomes one of Lync."""
    require("Enable-CsUser", arguments, "Identity", "RegistrarPool", "SipAddress")
    pool = _require_pool("Enable-CsUser", model, arguments["registrarpool"])
    user = _named("Enable-CsUser", [*model.users, *default_users()], arguments["identity"])
    if user in model.users:
        raise refused("Enable-CsUser", f'"{user.display_name}" is already enabled for Lync Server.')
    user.pool, user.sip = pool, str(arguments["sipaddress"])
    model.users.append(user)
    return [f"{user.display_name} is enabled on {pool} as {user.sip}."]


def _set(model: Model, arguments: Arguments) -> list[Any]:
    require("Set-CsUser", arguments, "Identity", "Enabled")
    user = _named("Set-CsUser", model.users, arguments["identity"])
    user.enabled = bool(arguments["enabled"])
    return [f"{user.display_name} is {'enabled' if user.enabled else 'disabled'} now."]


def _move(model: Model, arguments: Arguments) -> list[Any]:
    require("Move-CsUser", arguments, "Identity", "Target")
    pool = _require_pool("Move-CsUser", model, arguments["target"])
    user = _named("Move-CsUser", model.users, arguments["identity"])
    user.pool, user.hosting_provider = pool, "SRV:"
    return [f"{user.display_name} is homed on {pool} now."]


def _grant(name: str, attribute: str, policies: Callable[[Model], list[str]]) -> Cmdlet:
    """Gives a user a policy of his own, or with $Null the one of the site or Global."""

    def run(model: Model, arguments: Arguments) -> list[Any]:
        require(name, arguments, "Identity", "PolicyName")
        user = _named(name, model.users, arguments["identity"])
        policy = arguments["policyname"]
        if policy is not None and f"Tag:{policy}" not in policies(model):
            raise refused(name, f'Policy "{policy}" is not a user policy. You can assign only a user policy to a user.')
        setattr(user, attribute, policy)
        return [f"{user.display_name} has {policy or 'no policy of his own'} now."]

    return Cmdlet(name, ("Identity", "PolicyName"), run)


def _replicate_all(model: Model, arguments: Arguments) -> list[Any]:
    """Set-CsUserReplicatorConfiguration: without a list of domains the users of all of them come over."""
    require("Set-CsUserReplicatorConfiguration", arguments, "Identity", "ADDomainNamingContextList")
    if arguments["addomainnamingcontextlist"] in (None, []):
        model.transactions.not_replicated.clear()
    return ["The user replicator takes the users of the domains that it is told of."]


def _define_test_users(model: Model, arguments: Arguments) -> list[Any]:
    """New-CsHealthMonitoringConfiguration: who the pool's own tests sign in as, where nobody is named."""
    cmdlet, given = "New-CsHealthMonitoringConfiguration", ("FirstTestUserSipUri", "SecondTestUserSipUri")
    require(cmdlet, arguments, "Identity", *given)
    pool = _require_pool(cmdlet, model, arguments["identity"])
    # What is to be filled in becomes the two users that the practice deployment has.
    named = [str(arguments[each.lower()]) for each in given]
    first, second = (user.sip if "<" in name else name for user, name in zip(default_users(), named, strict=True))
    model.transactions.test_users[pool.lower()] = (first, second)
    return [f"{pool} tests as {first} and {second} now."]


CMDLETS = (
    Cmdlet("Enable-CsUser", ("Identity", "RegistrarPool", "SipAddress"), _enable),
    Cmdlet("Set-CsUser", ("Identity", "Enabled"), _set),
    Cmdlet("Move-CsUser", ("Identity", "Target"), _move),
    _grant(
        "Grant-CsMobilityPolicy", "mobility_policy", lambda model: [each.identity for each in model.mobility_policies]
    ),
    _grant(
        "Grant-CsExternalAccessPolicy",
        "external_access_policy",
        lambda model: [each.identity for each in model.calling.external_access_policies],
    ),
    Cmdlet(
        "New-CsHealthMonitoringConfiguration",
        ("Identity", "FirstTestUserSipUri", "SecondTestUserSipUri"),
        _define_test_users,
    ),
    Cmdlet("Set-CsUserReplicatorConfiguration", ("Identity", "ADDomainNamingContextList"), _replicate_all),
)
