"""What people report of phones, in their own words."""

from checks.knowledge.diagnosis import sides, starts
from checks.knowledge.diagnosis.model import Clarity, Layer, Likely
from checks.knowledge.diagnosis.wording import Wording

_REPORT = "a symptom in a user's words"

WORDINGS = (
    Wording(
        kind=_REPORT,
        marks=(
            "3g … not … wi-fi",
            "works on 3g, fails on wi-fi",
            "works on mobile data … fails on wi",
            "works on mobile data … not on wi",
            "works on 4g … not … wi",
            "not on wi-fi",
            "fails on wi-fi",
            "fails on wifi",
            "not on wifi",
        ),
        unless=("works on wi-fi … fails on 3g",),
        layer=Layer.HAIRPIN,
        clarity=Clarity.SYMPTOM,
        likely=(
            Likely(
                cause="From the Wi-Fi, phones cannot come back in to the reverse proxy: the hairpin is blocked, or "
                "inside DNS sends the external name elsewhere.",
                reason="Phones use the external web address inside too.",
                step=starts.SERVICE_URL,
                command="Resolve-DnsName «web»",
                who=f"{sides.NETWORK_ADMINISTRATOR}, or {sides.DNS_ADMINISTRATOR}",
            ),
            Likely(
                cause="A proxy on the Wi-Fi asks phones to sign in, which Lync cannot do.",
                reason="Mobile data has no such proxy.",
                who=sides.NETWORK_ADMINISTRATOR,
            ),
            Likely(
                cause="The certificate that is presented inside is from a CA that phones do not know, or lacks "
                "lyncdiscoverinternal.«domain».",
                reason="Inside, phones ask lyncdiscoverinternal first.",
                step=starts.SERVICE_URL,
                who=sides.CERTIFICATE_ADMINISTRATOR,
            ),
        ),
        not_meant=("It does not mean the user's account: that is the same on both networks.",),
    ),
    Wording(
        kind=_REPORT,
        marks=("works on wi-fi … 3g", "not on 3g", "fails on 3g", "not on mobile data", "fails on mobile data"),
        unless=("works on 3g",),
        layer=Layer.PUBLISHING,
        clarity=Clarity.SYMPTOM,
        likely=(
            Likely(
                cause="From outside, the reverse proxy does not publish the Lync web services as it should.",
                reason="Inside the same phone and account work.",
                step=starts.SERVICE_URL,
                command="curl.exe -i https://lyncdiscover.«domain»/",
                who=sides.PROXY_ADMINISTRATOR,
            ),
            Likely(
                cause="Public DNS has no lyncdiscover.«domain».",
                reason="Inside, phones find their way by lyncdiscoverinternal.",
                step=starts.SERVICE_URL,
                command="Resolve-DnsName lyncdiscover.«domain» -Server <public resolver>",
                who=sides.DNS_ADMINISTRATOR,
            ),
        ),
        not_meant=("It does not mean the user's account: that is the same on both networks.",),
    ),
    Wording(
        kind=_REPORT,
        marks=(
            "android … iphone does not",
            "android … iphone doesn't",
            "android … iphone … fail",
            "android … ios fail",
            "android … ios … not",
            "iphone … fail … android",
            "only iphones",
            "iphones cannot",
            "iphones can't",
        ),
        layer=Layer.CERTIFICATE,
        clarity=Clarity.SYMPTOM,
        likely=(
            Likely(
                cause="iPhones refuse the TLS connection: a missing intermediate certificate, or no TLS 1.2.",
                reason="iOS is stricter than Android in both.",
                step=starts.SERVICE_URL,
                command="openssl s_client -connect «web»:443 -servername «web» -showcerts",
                who=sides.PROXY_ADMINISTRATOR,
            ),
            Likely(
                cause="The external web site answers 401 without offering Windows sign-in.",
                reason="A case is known in which iPhones failed on it and Android did not.",
                step=starts.WINDOWS_AUTH,
                who=sides.FRONT_END_ADMINISTRATOR,
            ),
        ),
        not_meant=("It does not mean DNS or firewall: other phones come through.",),
    ),
    Wording(
        kind=_REPORT,
        marks=("only one user", "one user only", "a single user", "one user can't", "one user cannot"),
        layer=Layer.USER,
        clarity=Clarity.SYMPTOM,
        likely=(
            Likely(
                cause="The account of «user» differs from the others: not enabled, homed elsewhere, or a sign-in name "
                "unlike the SIP address.",
                reason="What all users share would fail for all.",
                step=starts.USER_ENABLED,
                command="Get-CsUser -Identity «user»",
                who=sides.USER_ADMINISTRATOR,
            ),
            Likely(
                cause="A mobility policy assigned to «user» has EnableMobility False.",
                reason="A policy of the user's own wins over the others.",
                step=starts.POLICY,
                command="Get-CsEffectivePolicy -Identity «user» | Select-Object Identity,MobilityPolicy",
                who=sides.LYNC_ADMINISTRATOR,
            ),
        ),
        not_meant=("It does not mean DNS, certificates or the reverse proxy: those are shared by everyone.",),
    ),
    Wording(
        kind=_REPORT,
        marks=(
            "reconnecting",
            "intermittent",
            "drops after",
            "signed out after",
            "disconnects after",
            "every few minutes",
        ),
        unless=("partner",),
        layer=Layer.AFFINITY,
        clarity=Clarity.SYMPTOM,
        likely=(
            Likely(
                cause="The load balancer sends requests of one phone to different Front Ends.",
                reason="A UCWA session lives on one Front End.",
                who="load balancer administrator",
                command="curl.exe -si https://«web»/ucwa/v1/applications | findstr /i X-MS-Server-Fqdn",
            ),
            Likely(
                cause="Something on the way ends idle connections after some minutes.",
                reason="Phones hold a request open for up to 15 minutes; every hop must allow 960 s.",
                who=f"{sides.PROXY_ADMINISTRATOR}, and load balancer administrator",
            ),
        ),
        not_meant=("It does not mean a wrong password or policy: those would never let the phone in.",),
        question="Is the Front End the same each time? Run twice: "
        "curl.exe -si https://«web»/ucwa/v1/applications | findstr /i X-MS-Server-Fqdn",
    ),
    Wording(
        kind=_REPORT,
        marks=(
            "push notifications do not",
            "push notifications don't",
            "no push",
            "push do not arrive",
            "push does not arrive",
            "notifications do not arrive",
            "push notification not",
        ),
        layer=Layer.PUSH,
        clarity=Clarity.SYMPTOM,
        likely=(
            Likely(
                cause="Push notifications are switched off, as they are by default.",
                reason="Sign-in works, so the web services do.",
                command="Get-CsPushNotificationConfiguration",
                who=sides.LYNC_ADMINISTRATOR,
            ),
            Likely(
                cause="The Edge cannot federate with push.lync.com: DNS SRV, allowed domain, or hosting provider.",
                reason="Push leaves through the Edge.",
                command="Test-CsFederatedPartner -TargetFqdn <internal Edge FQDN> -Domain push.lync.com",
                who=sides.EDGE_ADMINISTRATOR,
            ),
        ),
        not_meant=("Lync 2013 on iPhones needs no push: there it means the app, not the server.",),
    ),
    Wording(
        kind=_REPORT,
        marks=("504 … mobile user", "504 when sending", "504 … to a mobile"),
        layer=Layer.PUSH,
        clarity=Clarity.SYMPTOM,
        topic="mobile-504",
        explains=("http-504",),
        likely=(
            Likely(
                cause="The message to the phone has to wake it by push, and the Edge does not get through to "
                "push.lync.com.",
                reason="A 504 here comes from the network behind the Edge.",
                command="Test-CsMcxPushNotification -AccessEdgeFqdn <internal Edge FQDN>",
                who=sides.EDGE_ADMINISTRATOR,
            ),
        ),
    ),
    Wording(
        kind=_REPORT,
        marks=(
            "call via work does not",
            "call via work doesn't",
            "call via work is missing",
            "call via work fail",
            "call via work can",
            "call via work is grey",
        ),
        layer=Layer.POLICY,
        clarity=Clarity.SYMPTOM,
        likely=(
            Likely(
                cause="EnableOutsideVoice is False in the mobility policy, or the voice policy lacks simultaneous ring.",
                reason="Call via Work needs both.",
                command="Get-CsMobilityPolicy | Select-Object Identity,EnableOutsideVoice",
                who=sides.LYNC_ADMINISTRATOR,
            ),
        ),
        not_meant=("Sign-in and messages do not depend on Enterprise Voice.",),
    ),
)
