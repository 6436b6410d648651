"""Where the questions are documented. The pages of the Lync Server 2013 library moved; these are their present homes."""

_LYNC_2013 = "https://learn.microsoft.com/previous-versions/office/lync-server-2013/lync-server-2013-"
_CMDLETS = "https://learn.microsoft.com/powershell/module/skypeforbusiness/"

TEST_MOBILE_IM = _LYNC_2013 + "test-mobile-users-ability-to-exchange-instant-messages"
MOBILITY_REQUIREMENTS = _LYNC_2013 + "technical-requirements-for-mobility"
PUSH_NOTIFICATIONS = _LYNC_2013 + "configuring-for-push-notifications"
XMPP_SETUP = _LYNC_2013 + "setting-up-xmpp-federation"


def cmdlet(name: str) -> str:
    """The help page of a Lync cmdlet."""
    return _CMDLETS + name.lower()
