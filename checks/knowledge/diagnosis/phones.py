"""What phones show on their screens, and what they write into their logs."""

from checks.knowledge.diagnosis import sides, starts
from checks.knowledge.diagnosis.model import Clarity, Layer, Likely
from checks.knowledge.diagnosis.wording import Wording

_MESSAGE = "a message of the mobile client"
_LOG = "a log of the mobile client"

_REFUSED_CERTIFICATE = (
    Likely(
        cause="The phone refuses the certificate of «web»: it lacks the name, comes from a CA that the phone does not "
        "know, or is sent without its intermediates.",
        reason="A client that refuses a certificate has already found the server.",
        step=starts.CERTIFICATES,
        command="openssl s_client -connect «web»:443 -servername «web» -showcerts",
        who=f"{sides.PROXY_ADMINISTRATOR}, or {sides.CERTIFICATE_ADMINISTRATOR}",
    ),
    Likely(
        cause="The reverse proxy speaks only TLS versions that the phone no longer accepts; iOS needs TLS 1.2.",
        reason="Some phones report a failed handshake in the same words.",
        step=starts.CERTIFICATES,
        who=sides.PROXY_ADMINISTRATOR,
    ),
    Likely(
        cause="lyncdiscover.«domain» leads to another server than the reverse proxy, and it is that one's certificate.",
        reason="A server was found, though perhaps not the right one.",
        step=starts.DNS,
        command="Resolve-DnsName lyncdiscover.«domain»",
        who=sides.DNS_ADMINISTRATOR,
    ),
)
_NOT_THE_PASSWORD = "It does not mean a wrong password: the phone has not sent one yet."  # noqa: S105

WORDINGS = (
    Wording(
        kind=_MESSAGE,
        marks=(
            "can't verify the certificate from the server",
            "cannot verify the certificate from the server",
            "couldn't verify the certificate",
            "cannot verify the certificate",
            "can't verify the certificate",
            "certificate cannot be verified",
        ),
        layer=Layer.CERTIFICATE,
        topic="certificate-message",
        likely=_REFUSED_CERTIFICATE,
        not_meant=(_NOT_THE_PASSWORD, "It does not mean missing DNS records: a server was found and answered."),
    ),
    Wording(
        kind=_LOG,
        marks=("e_sslerror", "e2-2-2", "0x22020002"),
        layer=Layer.CERTIFICATE,
        topic="certificate-log",
        explains=("certificate-message", "phone-log"),
        likely=_REFUSED_CERTIFICATE,
        not_meant=(_NOT_THE_PASSWORD,),
    ),
    Wording(
        kind=_MESSAGE,
        marks=(
            "connect to the server. it might be unavailable",
            "connect to the server. it may be unavailable",
            "server might be unavailable",
            "server may be unavailable",
            "can't connect to the server",
            "cannot connect to the server",
        ),
        layer=Layer.REACH,
        clarity=Clarity.SYMPTOM,
        topic="unavailable-message",
        likely=(
            Likely(
                cause="The phone finds no way to the Lync web services: lyncdiscover.«domain» has no address, or not "
                "that of the reverse proxy.",
                reason="The client says so when nothing usable answered, and it begins with that name.",
                step=starts.DNS,
                command="Resolve-DnsName lyncdiscover.«domain»",
                who=sides.DNS_ADMINISTRATOR,
            ),
            Likely(
                cause="Port 443 of the reverse proxy takes no connection where the phone is.",
                reason="A firewall looks the same to the phone.",
                step=starts.PORTS,
                command="Test-NetConnection lyncdiscover.«domain» -Port 443",
                who=sides.NETWORK_ADMINISTRATOR,
            ),
            Likely(
                cause="The reverse proxy answers, but does not pass Autodiscover on to the pool.",
                reason="A wrong rule looks the same to the phone.",
                step=starts.AUTODISCOVER,
                command="curl.exe -i https://lyncdiscover.«domain»/",
                who=sides.PROXY_ADMINISTRATOR,
            ),
        ),
        not_meant=(_NOT_THE_PASSWORD,),
        question="What does https://lyncdiscover.«domain»/ show in the phone's browser, on mobile data? "
        "Or run: curl.exe -i https://lyncdiscover.«domain»/",
    ),
    Wording(
        kind=_MESSAGE,
        marks=(
            "can't sign in. please check your account information",
            "cannot sign in. please check your account information",
            "please check your account info",
            "check your account information",
            "check your sign-in information",
            "check your sign-in info",
        ),
        layer=Layer.USER,
        clarity=Clarity.SYMPTOM,
        topic="account-message",
        likely=(
            Likely(
                cause="«user» is not enabled for Lync, or signs in with a user name unlike the SIP address.",
                reason="The server was reached and refused the sign-in.",
                step=starts.USER_ENABLED,
                command="Get-CsUser -Identity «user» | Select-Object SipAddress,Enabled,RegistrarPool,UserPrincipalName",
                who=f"{sides.USER_ADMINISTRATOR}, and {sides.USER}",
            ),
            Likely(
                cause="The password is wrong, or the account is locked or expired.",
                reason="The phone says the same of it.",
                step=starts.SIGN_IN,
                who=sides.USER,
            ),
            Likely(
                cause="The mobility policy of «user» has EnableMobility False.",
                reason="A user whose policy forbids mobility cannot sign in on a phone.",
                step=starts.POLICY,
                who=sides.LYNC_ADMINISTRATOR,
            ),
            Likely(
                cause="The web ticket service offers no sign-in that the phone can use.",
                reason="Then every user is refused, not one alone.",
                step=starts.WINDOWS_AUTH,
                who=sides.LYNC_ADMINISTRATOR,
            ),
        ),
        not_meant=("It does not mean DNS, firewall or certificate: the server was reached before the sign-in.",),
        question="Is it one user or all? For one, run: Get-CsUser -Identity «user»",
    ),
    Wording(
        kind=_LOG,
        marks=("e_ucwaunavailable", "e2-3-48"),
        layer=Layer.APPLICATION,
        explains=("phone-log",),
        likely=(
            Likely(
                cause="UCWA, the web service that phones use, is not answering on a Front End of «pool».",
                reason="The client names UCWA as unavailable.",
                step=starts.WEB_APPLICATIONS,
                command="curl.exe -i https://«web»/ucwa/v1/applications",
                who=sides.FRONT_END_ADMINISTRATOR,
            ),
            Likely(
                cause="The reverse proxy does not pass /ucwa on.",
                reason="Then the other services answer and this one does not.",
                step=starts.REVERSE_PROXY,
                command="curl.exe -i https://«web»/ucwa/v1/applications",
                who=sides.PROXY_ADMINISTRATOR,
            ),
        ),
        not_meant=("It does not mean Mcx: Lync 2013 and later clients do not use it.",),
    ),
    Wording(
        kind=_LOG,
        marks=("e_remotehostnotreachable",),
        layer=Layer.REACH,
        explains=("phone-log",),
        likely=(
            Likely(
                cause="The phone may not reach «web»: DNS, firewall, or the way back in from the Wi-Fi.",
                reason="By its name; no document explains this error.",
                step=starts.DNS,
                who=sides.NETWORK_ADMINISTRATOR,
            ),
        ),
        not_meant=(_NOT_THE_PASSWORD,),
    ),
    Wording(
        kind=_LOG,
        marks=("failed to get http proxy setting", "wpad.dat"),
        layer=Layer.HAIRPIN,
        likely=(
            Likely(
                cause="The phone's Wi-Fi settings ask for an automatic proxy, and none can be read.",
                reason="A case is known where switching HTTP Proxy from Auto to Off on the phone was the cure.",
                who=sides.USER,
            ),
            Likely(
                cause="The Wi-Fi lets nobody out but through an HTTP proxy.",
                reason="A network hands out such a setting where it has a proxy.",
                step=starts.HAIRPIN,
                command="netsh winhttp show proxy   # on a computer in the same network",
                who=sides.NETWORK_ADMINISTRATOR,
            ),
        ),
        not_meant=("It does not mean that Lync is down: on another network the same phone may sign in.",),
    ),
)
