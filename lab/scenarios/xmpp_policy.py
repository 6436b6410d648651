"""What forbids XMPP partners to a user, or to everybody: the switch of the Edge, and the external access policies."""

from lab.calling import ExternalAccessPolicy
from lab.model import SITE, Model
from lab.scenarios import Enter, scenario

_NOBODY = "Nobody sees presence of contacts at fabrikam.com."
_ONE_USER = "Ken Myer sees no presence of contacts at fabrikam.com. Everybody else does."


def _fault(name: str, title: str, symptom: str, cause: str, seat: str = "front-end") -> Enter:
    return scenario(name, "xmpp", title, symptom, f"xmpp.{cause}", seat)


def _own_policy(model: Model, policy: ExternalAccessPolicy) -> None:
    """Gives Ken Myer a policy of his own."""
    model.calling.external_access_policies.append(policy)
    model.user("kenmyer").external_access_policy = policy.identity.removeprefix("Tag:")


@_fault("xmpp-federation-off", "The Access Edge allows no federated users", _NOBODY, "federation/off")
def xmpp_federation_off(model: Model) -> None:
    model.federation.access_edge.allow_federated_users = False


@_fault(
    "xmpp-federation-off-on-the-edge",
    "The Access Edge allows no federated users, seen from the Edge itself",
    _NOBODY,
    "federation/off",
    "edge",
)
def xmpp_federation_off_on_the_edge(model: Model) -> None:
    model.federation.access_edge.allow_federated_users = False


@_fault("xmpp-nobody-allowed", "No policy allows XMPP, as after an installation", _NOBODY, "policy/nobody-allowed")
def xmpp_nobody_allowed(model: Model) -> None:
    model.calling.external_access_policies[0].enable_xmpp_access = False


@_fault(
    "xmpp-policy-not-granted",
    "A policy for XMPP was made, and nobody has it",
    "The policy for XMPP was made yesterday, and nothing has changed.",
    "policy/not-granted",
)
def xmpp_policy_not_granted(model: Model) -> None:
    model.calling.external_access_policies[0].enable_xmpp_access = False
    model.calling.external_access_policies.append(ExternalAccessPolicy("Tag:FedPic"))


@_fault(
    "xmpp-off-for-user", "The user's own policy is as the published commands leave it", _ONE_USER, "policy/xmpp-off"
)
def xmpp_off_for_user(model: Model) -> None:
    policy = ExternalAccessPolicy("Tag:FedPic", enable_xmpp_access=False, enable_public_cloud_access=True)
    _own_policy(model, policy)


@_fault(
    "xmpp-federation-off-for-user",
    "The user's own policy forbids federation as a whole",
    _ONE_USER,
    "policy/federation-off",
)
def xmpp_federation_off_for_user(model: Model) -> None:
    _own_policy(model, ExternalAccessPolicy("Tag:InsideOnly", enable_federation_access=False))


@_fault(
    "xmpp-off-for-site",
    "The policy of the site forbids XMPP",
    "Nobody in Redmond sees presence of contacts at fabrikam.com.",
    "policy/xmpp-off",
)
def xmpp_off_for_site(model: Model) -> None:
    model.calling.external_access_policies.append(ExternalAccessPolicy(f"Site:{SITE}", enable_xmpp_access=False))


@_fault(
    "xmpp-no-such-user",
    "The user who complains does not exist",
    "Colleagues at fabrikam.com do not find Ken Myer any more.",
    "policy/no-such-user",
)
def xmpp_no_such_user(model: Model) -> None:
    model.users.remove(model.user("kenmyer"))


@_fault(
    "xmpp-user-not-enabled",
    "The user is disabled for Lync",
    "Ken Myer is offline to everybody, at fabrikam.com too.",
    "policy/not-enabled",
)
def xmpp_user_not_enabled(model: Model) -> None:
    model.user("kenmyer").enabled = False


@scenario(
    "healthy-xmpp-policy-granted",
    "xmpp",
    "XMPP is for those alone who were granted a policy, and the user is one of them",
    "Nobody complains.",
    None,
    "front-end",
)
def xmpp_policy_granted(model: Model) -> None:
    model.calling.external_access_policies[0].enable_xmpp_access = False
    _own_policy(model, ExternalAccessPolicy("Tag:FedPic", enable_outside_access=True))
