"""What people report of phones that do not sign in, in their own words."""

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
            "fails on the office wi",
            "fails on the company wi",
            "not on wifi",
        ),
        unless=("works on wi-fi … fails on 3g", "works on wi-fi, fails on mobile"),
        layer=Layer.HAIRPIN,
        clarity=Clarity.SYMPTOM,
        likely=(
            Likely(
                cause="From the Wi-Fi, phones cannot come back in to the reverse proxy: the hairpin is blocked.",
                reason="Phones use the external web address inside too.",
                step=starts.HAIRPIN,
                command="curl.exe -i https://«web»/Autodiscover/AutodiscoverService.svc/root   # from the Wi-Fi",
                who=sides.NETWORK_ADMINISTRATOR,
            ),
            Likely(
                cause="Inside DNS sends the external web name elsewhere than to the reverse proxy, or does not have it.",
                reason="Inside, other name servers answer.",
                step=starts.DNS,
                command="Resolve-DnsName «web»",
                who=sides.DNS_ADMINISTRATOR,
            ),
            Likely(
                cause="A proxy on the Wi-Fi asks phones to sign in, which Lync cannot do.",
                reason="Mobile data has no such proxy.",
                step=starts.HAIRPIN,
                who=sides.NETWORK_ADMINISTRATOR,
            ),
            Likely(
                cause="The certificate that is presented inside is from a CA that phones do not know, or lacks "
                "lyncdiscoverinternal.«domain».",
                reason="Inside, phones ask lyncdiscoverinternal first.",
                step=starts.CERTIFICATES,
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
                step=starts.AUTODISCOVER,
                command="curl.exe -i https://lyncdiscover.«domain»/",
                who=sides.PROXY_ADMINISTRATOR,
            ),
            Likely(
                cause="Public DNS has no lyncdiscover.«domain».",
                reason="Inside, phones find their way by lyncdiscoverinternal.",
                step=starts.DNS,
                command="Resolve-DnsName lyncdiscover.«domain» -Server <public resolver>",
                who=sides.DNS_ADMINISTRATOR,
            ),
            Likely(
                cause="From outside, a path that phones need is not published, such as /webticket or /ucwa.",
                reason="Then Autodiscover answers and the sign-in fails all the same.",
                step=starts.REVERSE_PROXY,
                who=sides.PROXY_ADMINISTRATOR,
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
                step=starts.CERTIFICATES,
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
        marks=(
            "works with manual server",
            "works with the manual",
            "works with manual discovery",
            "works when the server addresses are typed",
            "works with auto-detect server off",
            "works with auto-detect off",
        ),
        layer=Layer.NAME,
        clarity=Clarity.SYMPTOM,
        likely=(
            Likely(
                cause="Autodiscover does not lead phones to the server: its name in DNS, or what answers there.",
                reason="With the addresses typed in, the phone does without it.",
                step=starts.DNS,
                command="Resolve-DnsName lyncdiscover.«domain»",
                who=f"{sides.DNS_ADMINISTRATOR}, or {sides.PROXY_ADMINISTRATOR}",
            ),
        ),
        not_meant=("It does not mean the account or the web services: with the addresses typed in they work.",),
    ),
    Wording(
        kind=_REPORT,
        marks=(
            "only one user",
            "one user only",
            "one user alone",
            "everybody else can",
            "everyone else can",
            "all others can",
            "a single user",
            "one user can't",
            "one user cannot",
        ),
        layer=Layer.USER,
        clarity=Clarity.SYMPTOM,
        topic="one-user",
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
            Likely(
                cause="The password of «user» is wrong, or the account is locked or expired.",
                reason="The server's own answer to one sign-in tells.",
                step=starts.SIGN_IN,
                who=sides.USER,
            ),
        ),
        not_meant=("It does not mean DNS, certificates or the reverse proxy: those are shared by everyone.",),
    ),
    Wording(
        kind=_REPORT,
        marks=(
            "moved to microsoft 365",
            "moved to office 365",
            "moved to the cloud",
            "homed online",
            "online users cannot",
        ),
        layer=Layer.PUBLISHING,
        clarity=Clarity.SYMPTOM,
        explains=("one-user",),
        likely=(
            Likely(
                cause="This deployment does not send the phones of users who are homed in Microsoft 365 on to it.",
                reason="Their phones begin here too, where lyncdiscover leads here.",
                step=starts.HYBRID,
                command="Get-CsHostingProvider | Format-List Identity,ProxyFqdn,EnabledSharedAddressSpace,AutodiscoverUrl",
                who=sides.LYNC_ADMINISTRATOR,
            ),
        ),
        not_meant=("It does not mean this pool: it does not serve those users.",),
    ),
    Wording(
        kind=_REPORT,
        marks=(
            "password again and again",
            "keeps asking for the password",
            "keeps asking for a password",
            "password prompt again",
        ),
        unless=("partner",),
        layer=Layer.SIGN_IN,
        clarity=Clarity.SYMPTOM,
        likely=(
            Likely(
                cause="The web ticket service offers no sign-in that the phone can use.",
                reason="Then the phone is refused whatever password it sends.",
                step=starts.WINDOWS_AUTH,
                command="curl.exe -i https://«web»/WebTicket/WebTicketService.svc",
                who=sides.FRONT_END_ADMINISTRATOR,
            ),
            Likely(
                cause="The reverse proxy asks for a sign-in of its own.",
                reason="The phone cannot tell whose question it is.",
                step=starts.REVERSE_PROXY,
                who=sides.PROXY_ADMINISTRATOR,
            ),
            Likely(
                cause="The password is wrong, or «user» has to give a user name that is unlike the SIP address.",
                reason="For one user alone it is the likelier cause.",
                step=starts.SIGN_IN,
                who=sides.USER,
            ),
        ),
    ),
)
