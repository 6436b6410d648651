"""Where the questions are documented. The pages of the Lync Server 2013 library moved; these are their present homes."""

_LYNC_2013 = "https://learn.microsoft.com/previous-versions/office/lync-server-2013/lync-server-2013-"
_CMDLETS = "https://learn.microsoft.com/powershell/module/skypeforbusiness/"

TEST_MOBILE_IM = _LYNC_2013 + "test-mobile-users-ability-to-exchange-instant-messages"
AUTODISCOVER = _LYNC_2013 + "understanding-autodiscover"
REVERSE_PROXY = _LYNC_2013 + "configuring-the-reverse-proxy-for-mobility"
MOBILITY_REQUIREMENTS = _LYNC_2013 + "technical-requirements-for-mobility"
MOBILITY_POLICY = _LYNC_2013 + "configuring-mobility-policy"
MOBILITY_PERFORMANCE = _LYNC_2013 + "monitoring-mobility-for-performance"
LOAD_BALANCERS = _LYNC_2013 + "hardware-load-balancer-requirements"
UCWA_APPLICATION = "https://learn.microsoft.com/skype-sdk/ucwa/createanapplication"
PUSH_NOTIFICATIONS = _LYNC_2013 + "configuring-for-push-notifications"
HYBRID = _LYNC_2013 + "configuring-autodiscover-for-hybrid-deployments"
TEST_XMPP_IM = _LYNC_2013 + "testing-messaging-using-xmpp"
XMPP_SETUP = _LYNC_2013 + "setting-up-xmpp-federation"
XMPP_DNS = _LYNC_2013 + "dns-summary-extensible-messaging-and-presence-protocol-xmpp-federation"
XMPP_PORTS = _LYNC_2013 + "port-summary-extensible-messaging-and-presence-protocol-xmpp-federation"
XMPP_NEGOTIATION = _LYNC_2013 + "negotiation-settings-for-xmpp-federated-partners"
XMPP_POLICIES = _LYNC_2013 + "configure-policies-to-control-xmpp-federated-user-access"
XMPP_MIGRATION = "https://learn.microsoft.com/skypeforbusiness/migration/migrating-xmpp-federation"


def cmdlet(name: str) -> str:
    """The help page of a Lync cmdlet."""
    return _CMDLETS + name.lower()
