"""The steps that a diagnosis may send to. A step that a runbook gains is added here, and to the tables where it fits."""

SERVICE_URL = "mobility.service-url"
USER_ENABLED = "mobility.user-enabled"
POLICY = "mobility.policy"
WINDOWS_AUTH = "mobility.windows-auth"
XMPP_LISTENING = "xmpp.listening"
