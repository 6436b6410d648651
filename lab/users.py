"""The users and what governs them: accounts, mobility policies, the ways of signing in."""

from dataclasses import dataclass, field
from typing import Literal

from lab.names import POOL


@dataclass
class User:
    """An account of Active Directory as Get-CsUser shows it. The policies are names without `Tag:`."""

    sam: str
    first_name: str
    last_name: str
    sip: str
    upn: str
    enabled: bool = True
    pool: str | None = POOL
    hosting_provider: str = "SRV:"
    mobility_policy: str | None = None
    external_access_policy: str | None = None

    @property
    def display_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def distinguished_name(self) -> str:
        return f"CN={self.display_name},OU=Redmond,DC=litwareinc,DC=com"


@dataclass
class Account:
    """What may sign in. `name` is `domain\\user` in lower case."""

    name: str
    password: str = field(repr=False)
    upn: str = ""


@dataclass
class MobilityPolicy:
    """`identity` is `Global`, `Site:<site>` or `Tag:<name>`."""

    identity: str
    enable_mobility: bool = True
    enable_outside_voice: bool = True
    enable_ip_audio_video: bool = True
    require_wifi: bool = False
    """For audio and for video alike."""


@dataclass
class WebServiceConfiguration:
    """`identity` is `Global`, `Site:<site>` or `Service:WebServer:<pool>`."""

    identity: str
    use_windows_auth: Literal["None", "Negotiate", "NTLM"] = "Negotiate"
    use_certificate_auth: bool = True
    use_pin_auth: bool = True
    use_ws_fed_passive_auth: bool = False
    allow_external_authentication: bool = True
    pending_get_minutes: int = 15
    """PendingGetWaitTimeOutInMinutes, which is there from 2015 on."""


def default_users() -> list[User]:
    """The two test users: one with a per-user mobility policy, one whom the global policy governs."""
    return [
        User(
            "kenmyer",
            "Ken",
            "Myer",
            "sip:kenmyer@litwareinc.com",
            "kenmyer@litwareinc.com",
            mobility_policy="RedmondMobilityPolicy",
        ),
        User("pilar", "Pilar", "Ackerman", "sip:pilar@litwareinc.com", "pilar@litwareinc.com"),
    ]
