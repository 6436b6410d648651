"""What people report of phones that sign in and then fail them, in their own words."""

from checks.knowledge.diagnosis import sides, starts
from checks.knowledge.diagnosis.model import Clarity, Layer, Likely
from checks.knowledge.diagnosis.wording import Wording

_REPORT = "a symptom in a user's words"

WORDINGS = (
    Wording(
        kind=_REPORT,
        marks=(
            "messages work … calls do not",
            "messages work … calls don't",
            "calls do not work",
            "calls don't work",
            "cannot call",
            "can't call",
            "no audio",
            "no sound in calls",
        ),
        unless=("call via work", "partner"),
        layer=Layer.POLICY,
        clarity=Clarity.SYMPTOM,
        likely=(
            Likely(
                cause="A policy keeps the phones of «user» from calling, or the Edge lets no users from outside in.",
                reason="Calls depend on EnableIPAudioVideo, on Wi-Fi where the policy requires it, and on the Edge.",
                step=starts.MEDIA,
                command="Get-CsMobilityPolicy | Format-List Identity,EnableIPAudioVideo,RequireWIFI*",
                who=sides.LYNC_ADMINISTRATOR,
            ),
        ),
        not_meant=("It does not mean Autodiscover or the sign-in: messages come by them too.",),
    ),
    Wording(
        kind=_REPORT,
        marks=(
            "reconnecting",
            "intermittent",
            "now and then",
            "comes and goes",
            "second or third attempt",
            "second attempt",
            "drops after",
            "signed out after",
            "disconnects after",
            "every few minutes",
        ),
        unless=("partner",),
        layer=Layer.AFFINITY,
        clarity=Clarity.SYMPTOM,
        topic="intermittent",
        likely=(
            Likely(
                cause="The load balancer sends requests of one phone to different Front Ends.",
                reason="A UCWA session lives on one Front End.",
                step=starts.AFFINITY,
                who="load balancer administrator",
                command="curl.exe -si https://«web»/ucwa/v1/applications | findstr /i X-MS-Server-Fqdn",
            ),
            Likely(
                cause="Something on the way ends idle connections after some minutes.",
                reason="Phones hold a request open for up to 15 minutes; every hop must allow 960 s.",
                step=starts.TIMEOUTS,
                who=f"{sides.PROXY_ADMINISTRATOR}, and load balancer administrator",
            ),
            Likely(
                cause="One of several Front Ends is sick, and only phones that meet it fail.",
                reason="Which one a phone meets is left to the load balancer.",
                step=starts.WEB_APPLICATIONS,
                command="curl.exe -i https://<each Front End>/ucwa/v1/applications",
                who=sides.FRONT_END_ADMINISTRATOR,
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
                step=starts.PUSH,
                command="Get-CsPushNotificationConfiguration",
                who=sides.LYNC_ADMINISTRATOR,
            ),
            Likely(
                cause="The Edge cannot federate with push.lync.com: DNS SRV, allowed domain, or hosting provider.",
                reason="Push leaves through the Edge.",
                step=starts.PUSH,
                command="Test-CsFederatedPartner -TargetFqdn <internal Edge FQDN> -Domain push.lync.com",
                who=sides.EDGE_ADMINISTRATOR,
            ),
        ),
        not_meant=("Lync 2013 on iPhones needs no push: there it means the app, not the server.",),
    ),
    Wording(
        kind=_REPORT,
        marks=("504 … mobile user", "504 when sending", "504 … to a mobile", "504 on a message", "windows phone … 504"),
        layer=Layer.PUSH,
        clarity=Clarity.SYMPTOM,
        topic="mobile-504",
        explains=("http-504", "sip-504"),
        likely=(
            Likely(
                cause="The message to the phone has to wake it by push, and the Edge does not get through to "
                "push.lync.com.",
                reason="A 504 here comes from the network behind the Edge.",
                step=starts.PUSH,
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
                step=starts.MEDIA,
                command="Get-CsMobilityPolicy | Select-Object Identity,EnableOutsideVoice",
                who=sides.LYNC_ADMINISTRATOR,
            ),
        ),
        not_meant=("Sign-in and messages do not depend on Enterprise Voice.",),
    ),
)
