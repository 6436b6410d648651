"""What Get-CsWebServiceConfiguration says of signing in."""

from typing import Literal

from checks.knowledge.lync_objects import Properties, flag, text
from checks.model import Frozen

PASSIVE = "passive sign-in (AD FS)"
_OTHER_SIGN_INS = {
    "UseCertificateAuth": "certificates",
    "UsePinAuth": "PIN",
    "UseWsFedPassiveAuth": PASSIVE,
    "AllowExternalAuthentication": "OAuth",
}

Setting = Literal["Negotiate", "NTLM", "None", ""]


class Configuration(Frozen, frozen=True):
    """A web service configuration, as far as it decides about signing in."""

    identity: str
    """`Global`, `Site:Redmond` or `Service:WebServer:<pool>`."""
    windows: Setting
    others: tuple[str, ...] = ()
    """The other kinds of sign-in that are enabled."""
    unseen: tuple[str, ...] = ()
    """The other kinds that the answer does not tell of."""


def configuration_of(properties: Properties) -> Configuration:
    """One of the configurations, whatever of it was shown."""
    windows = text(properties, "UseWindowsAuth")
    return Configuration(
        identity=text(properties, "Identity"),
        windows=next((name for name in ("Negotiate", "NTLM", "None") if name.lower() == windows.lower()), ""),
        others=tuple(word for name, word in _OTHER_SIGN_INS.items() if flag(properties, name)),
        unseen=tuple(word for name, word in _OTHER_SIGN_INS.items() if flag(properties, name) is None),
    )
