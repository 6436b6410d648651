"""What people report of XMPP partners, on both sides."""

from checks.knowledge.diagnosis import sides, starts
from checks.knowledge.diagnosis.model import Clarity, Layer, Likely
from checks.knowledge.diagnosis.wording import Wording

_REPORT = "a symptom of XMPP federation"
_PARTNERS = "Get-CsXmppAllowedPartner | Format-List *"
_ABOUT_XMPP = ("xmpp", "jabber", "google talk", "5269")
"""Words of which one has to be there where a report could be of phones too."""

_UNVERIFIED = Likely(
    cause="The partner is PublicUnverified, so our user has to add the contact first.",
    reason="This is by design for that type, which is the default.",
    step=starts.XMPP_PARTNER,
    command=_PARTNERS,
    who=f"{sides.USER}, or {sides.LYNC_ADMINISTRATOR}",
)
_NO_ROUTE = Likely(
    cause="No XMPP federation route leads to this Edge, or setup was not run again after it was published.",
    reason="Without a route nothing of XMPP is set up.",
    step=starts.XMPP_ROUTE,
    command="Get-CsSite | Select-Object Identity,XmppFederationRoute",
    who=sides.LYNC_ADMINISTRATOR,
)
_NOT_ARRIVED = Likely(
    cause="The change has not arrived on the Edge.",
    reason="It works by its own copy of the configuration.",
    step=starts.XMPP_REPLICATION,
    command="Get-CsManagementStoreReplicationStatus",
    who=sides.LYNC_ADMINISTRATOR,
)
WORDINGS = (
    Wording(
        kind=_REPORT,
        marks=(
            "presence unknown",
            "presence is unknown",
            "presence of … is unknown",
            "status unknown",
            "unknown presence",
        ),
        layer=Layer.POLICY,
        clarity=Clarity.SYMPTOM,
        likely=(
            Likely(
                cause="The external access policy of «user» lacks EnableXmppAccess, which is off by default.",
                reason="Presence and messages of XMPP partners need it.",
                step=starts.XMPP_POLICY,
                command="Get-CsExternalAccessPolicy | Select-Object Identity,EnableFederationAccess,EnableXmppAccess",
                who=sides.LYNC_ADMINISTRATOR,
            ),
            Likely(
                cause="The Edge does not listen for XMPP, or has no way to the partner.",
                reason="Presence comes by the same way as messages.",
                step=starts.XMPP_LISTENING,
                command="netstat -ano | findstr 5269",
                who=sides.EDGE_ADMINISTRATOR,
            ),
            _UNVERIFIED,
        ),
        question="Do messages arrive in both directions? Run on the Edge: netstat -ano | findstr 5269",
    ),
    Wording(
        kind=_REPORT,
        marks=(
            "partner cannot reach us",
            "partner can't reach us",
            "partner cannot connect",
            "partner can't connect",
            "partner says they cannot connect",
            "partners cannot connect",
            "says that they cannot connect",
        ),
        layer=Layer.LISTENER,
        clarity=Clarity.SYMPTOM,
        likely=(
            Likely(
                cause="The Edge does not listen on 5269.",
                reason="It is the quickest thing to see.",
                step=starts.XMPP_LISTENING,
                command="netstat -ano | findstr 5269",
                who=sides.EDGE_ADMINISTRATOR,
            ),
            Likely(
                cause="The SRV record of our SIP domain is missing or points elsewhere.",
                reason="Partners find us by it alone.",
                step=starts.XMPP_DNS,
                command="Resolve-DnsName -Type SRV _xmpp-server._tcp.«domain»",
                who=sides.DNS_ADMINISTRATOR,
            ),
            Likely(
                cause="The firewall does not let 5269 in to the Access Edge.",
                reason="Both directions are needed.",
                step=starts.XMPP_PORTS,
                command="Test-NetConnection <Access Edge FQDN> -Port 5269   # from outside",
                who=sides.NETWORK_ADMINISTRATOR,
            ),
        ),
    ),
    Wording(
        kind=_REPORT,
        marks=("they cannot see us", "they can't see us", "cannot invite our users", "can't message us first"),
        layer=Layer.PARTNER,
        clarity=Clarity.SYMPTOM,
        likely=(_UNVERIFIED,),
        not_meant=("It does not mean the firewall where messages pass in the other direction.",),
    ),
    Wording(
        kind=_REPORT,
        marks=("drops every 5 minutes", "every five minutes", "stream drops", "every 300 s"),
        also=("xmpp", "partner", "5269", "stream"),
        layer=Layer.STREAM,
        clarity=Clarity.SYMPTOM,
        likely=(
            Likely(
                cause="The partner does not answer our keep-alives, so we end the stream every 300 s.",
                reason="This is the default interval.",
                step=starts.XMPP_PARTNER,
                command="Get-CsXmppAllowedPartner | Select-Object Identity,EnableKeepAlive",
                who=sides.LYNC_ADMINISTRATOR,
            ),
        ),
    ),
    Wording(
        kind=_REPORT,
        marks=("one user alone", "only one user", "one user only", "a single user", "everybody else can"),
        also=_ABOUT_XMPP,
        layer=Layer.POLICY,
        clarity=Clarity.SYMPTOM,
        explains=("one-user",),
        likely=(
            Likely(
                cause="The external access policy of «user» lacks EnableXmppAccess, or EnableFederationAccess.",
                reason="What all users share would fail for all.",
                step=starts.XMPP_POLICY,
                command="Get-CsExternalAccessPolicy | Select-Object Identity,EnableFederationAccess,EnableXmppAccess",
                who=sides.LYNC_ADMINISTRATOR,
            ),
            Likely(
                cause="«user» is homed in a pool without XMPP: of 2019 or later, a branch appliance, or a site without a route.",
                reason="XMPP depends on where the user is homed.",
                step=starts.XMPP_PRODUCT,
                command="Get-CsUser -Identity «user» | Select-Object RegistrarPool",
                who=sides.USER_ADMINISTRATOR,
            ),
        ),
        not_meant=("It does not mean DNS, certificates or the Edge: those are shared by everyone.",),
    ),
    Wording(
        kind=_REPORT,
        marks=("nobody sees", "nobody can", "no user sees", "no presence", "never worked"),
        also=_ABOUT_XMPP,
        unless=("one user alone", "only one user", "one user only", "a single user"),
        layer=Layer.SERVICE,
        clarity=Clarity.SYMPTOM,
        likely=(
            Likely(
                cause="The version has no XMPP: it was removed with Skype for Business Server 2019.",
                reason="It is quick to see, and decides everything else.",
                step=starts.XMPP_PRODUCT,
                command="Get-CsServerVersion",
                who=sides.LYNC_ADMINISTRATOR,
            ),
            Likely(
                cause="A service of XMPP stands still: the proxy on the Edge or the gateway on the Front End.",
                reason="All partners share the two.",
                step=starts.XMPP_SERVICES,
                command="Get-CsWindowsService | Where-Object {$_.DisplayName -like '*XMPP*'}",
                who=sides.EDGE_ADMINISTRATOR,
            ),
            _NO_ROUTE,
            Likely(
                cause="The Edge allows no federation at all: AllowFederatedUsers is False.",
                reason="The published instructions for XMPP leave this setting out.",
                step=starts.XMPP_FEDERATION,
                command="Get-CsAccessEdgeConfiguration | Select-Object AllowFederatedUsers",
                who=sides.LYNC_ADMINISTRATOR,
            ),
        ),
        not_meant=("It does not mean the policy of one user.",),
    ),
    Wording(
        kind=_REPORT,
        marks=("never arrives", "never arrive", "do not arrive at the partner", "do not reach the partner"),
        also=(*_ABOUT_XMPP, "partner"),
        layer=Layer.PARTNER,
        clarity=Clarity.SYMPTOM,
        likely=(
            Likely(
                cause="The partner is not among the allowed ones, or its settings leave no way to authenticate.",
                reason="What is not allowed never leaves the Edge.",
                step=starts.XMPP_PARTNER,
                command=_PARTNERS,
                who=sides.LYNC_ADMINISTRATOR,
            ),
            Likely(
                cause="The Edge does not find the partner's server in DNS.",
                reason="It asks its own external resolver.",
                step=starts.XMPP_PARTNER_DNS,
                command="Resolve-DnsName -Type SRV _xmpp-server._tcp.<partner>   # on the Edge",
                who=sides.DNS_ADMINISTRATOR,
            ),
            Likely(
                cause="The Edge may not connect to 5269 of the partner's server.",
                reason="The way out has to be open, too.",
                step=starts.XMPP_PARTNER_PORTS,
                command="Test-NetConnection <partner's server> -Port 5269   # on the Edge",
                who=sides.NETWORK_ADMINISTRATOR,
            ),
            Likely(
                cause="The two servers share no way to prove who they are.",
                reason="Then the stream ends before any message.",
                step=starts.XMPP_NEGOTIATION,
                command=_PARTNERS,
                who=f"{sides.LYNC_ADMINISTRATOR}, and {sides.PARTNER}",
            ),
        ),
    ),
    Wording(
        kind=_REPORT,
        marks=("nothing listens on", "does not listen on", "netstat shows nothing", "netstat is empty"),
        also=("5269", "23456", "xmpp"),
        layer=Layer.LISTENER,
        clarity=Clarity.SYMPTOM,
        likely=(
            Likely(
                cause="The XMPP proxy on the Edge does not run.",
                reason="It alone listens on the two ports.",
                step=starts.XMPP_SERVICES,
                command="Get-Service -DisplayName '*XMPP Translating Gateway Proxy*'",
                who=sides.EDGE_ADMINISTRATOR,
            ),
            _NO_ROUTE,
            _NOT_ARRIVED,
        ),
        not_meant=("It does not mean the firewall or the partner.",),
    ),
    Wording(
        kind=_REPORT,
        marks=("nothing has changed", "has no effect", "had no effect", "does not take effect", "did not take effect"),
        also=_ABOUT_XMPP,
        layer=Layer.REPLICATION,
        clarity=Clarity.SYMPTOM,
        likely=(
            _NOT_ARRIVED,
            Likely(
                cause="A policy was changed that does not apply to «user»: it was never granted.",
                reason="The nearest policy wins: own, site, then Global.",
                step=starts.XMPP_POLICY,
                command="Get-CsUser -Identity «user» | Select-Object ExternalAccessPolicy",
                who=sides.LYNC_ADMINISTRATOR,
            ),
            Likely(
                cause="A certificate was assigned, and the services of the Edge were not restarted.",
                reason="Until then they present the old one.",
                step=starts.XMPP_CERTIFICATE,
                command="Stop-CsWindowsService; Start-CsWindowsService",
                who=sides.EDGE_ADMINISTRATOR,
            ),
        ),
    ),
    Wording(
        kind=_REPORT,
        marks=("come late", "arrive late", "comes and goes", "come and go", "now and then", "intermittent"),
        also=_ABOUT_XMPP,
        layer=Layer.STREAM,
        clarity=Clarity.SYMPTOM,
        explains=("intermittent",),
        likely=(
            Likely(
                cause="One of several servers or records is bad: of an Edge pool, or of the partner.",
                reason="Which one is used is left to chance.",
                step=starts.XMPP_DNS,
                command="Resolve-DnsName -Type SRV _xmpp-server._tcp.«domain»",
                who=sides.EDGE_ADMINISTRATOR,
            ),
            Likely(
                cause="A limit or a time-out ends streams: those of the partner's row, or of the gateway.",
                reason="The limits are 1000 connections in all and 20 for a partner, unless they were changed.",
                step=starts.XMPP_GATEWAY,
                command="Get-CsXmppGatewayConfiguration",
                who=sides.LYNC_ADMINISTRATOR,
            ),
        ),
        not_meant=("It does not mean a switch or a policy: those would let nothing through.",),
    ),
    Wording(
        kind=_REPORT,
        marks=("partner's certificate", "their certificate", "certificate of the partner"),
        also=(*_ABOUT_XMPP, "federation"),
        layer=Layer.CERTIFICATE,
        clarity=Clarity.SYMPTOM,
        likely=(
            Likely(
                cause="The partner's server may present a certificate that our Edge does not accept.",
                reason="It has to hold the partner's bare domain, and the Edge has to trust its CA.",
                step=starts.XMPP_PARTNER_CERTIFICATE,
                command="openssl s_client -connect <partner's server>:5269 -starttls xmpp-server -xmpphost <partner> -showcerts",
                who=sides.PARTNER,
            ),
        ),
    ),
    Wording(
        kind=_REPORT,
        marks=("test-csxmppim fail", "test-csxmppim does not", "test-csxmppim doesn't"),
        layer=Layer.LISTENER,
        clarity=Clarity.SYMPTOM,
        likely=(
            Likely(
                cause="What the test needs is not there: the right pool, test users or a user with a password, rights.",
                reason="Most of what it says tells of the pool and not of XMPP.",
                step=starts.XMPP_TEST_MESSAGE,
                command="Test-CsXmppIM -TargetFqdn «pool» -Receiver <user>@<partner>",
                who=sides.YOU,
            ),
        ),
        not_meant=("It does not mean that XMPP is at fault, before the Registrar on 5061 was reached.",),
        question="What does it print? Run it again and paste all of it: "
        "Test-CsXmppIM -TargetFqdn «pool» -Receiver <user>@<partner> -Verbose",
    ),
)
