"""What decides who may call and with which client: policies and rules as they are after an installation that allows it."""

from dataclasses import dataclass, field
from typing import Literal

ClientAction = Literal["Allow", "AllowAndUpgrade", "AllowWithUrl", "Block", "BlockAndUpgrade", "BlockWithUrl"]


@dataclass
class VoicePolicy:
    """`identity` is `Global`, `Site:<site>` or `Tag:<name>`."""

    identity: str
    allow_simultaneous_ring: bool = True


@dataclass
class ExternalAccessPolicy:
    """`identity` is `Global`, `Site:<site>` or `Tag:<name>`. All of it is off until an administrator switches it on."""

    identity: str
    enable_outside_access: bool = True
    enable_federation_access: bool = True
    enable_xmpp_access: bool = True
    enable_public_cloud_access: bool = False


@dataclass
class ClientVersionRule:
    """What happens to a client of that kind and version. `identity` is the scope and a number of its own."""

    identity: str
    user_agent: str
    major_version: int
    comparison: Literal["EQL", "NEQ", "GTR", "GEQ", "LSS", "LEQ"]
    action: ClientAction
    enabled: bool = True


@dataclass
class Calling:
    """The policies and rules of the deployment."""

    voice_policies: list[VoicePolicy] = field(default_factory=lambda: [VoicePolicy("Global")])
    external_access_policies: list[ExternalAccessPolicy] = field(
        default_factory=lambda: [ExternalAccessPolicy("Global")]
    )
    client_version_rules: list[ClientVersionRule] = field(
        default_factory=lambda: [
            ClientVersionRule("Global/65f55f8a-8a0f-4b0b-8d3b-6ad4dd2b9a11", "OC", 2, "LEQ", "Block"),
            ClientVersionRule("Global/1987d3c2-4544-489d-bbe3-59f79f530a83", "iPhoneLync", 4, "GEQ", "Allow"),
        ]
    )
    default_client_action: Literal["Allow", "Block"] = "Allow"
