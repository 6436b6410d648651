"""Where too little is known: the one question that would help most, and the command that answers it."""

from checks.knowledge.diagnosis.paste import Paste

_PHONE = (
    "phone",
    "mobile",
    "android",
    "ios",
    "ipad",
    "mcx",
    "ucwa",
    "lyncdiscover",
    "autodiscover",
    "wi-fi",
    "téléphone",
    "휴대",
)
_XMPP = ("xmpp", "jabber", "5269", "23456", "federation", "partner", "presence", "google talk", "gtalk")


def question_about(paste: Paste) -> str:
    """What is missing decides: first which of the two it is about, then the exact words of the error."""
    if paste.flat.count("\N{REPLACEMENT CHARACTER}") * 8 > len(paste.flat):
        return "This is no text. Which words does the error have? Paste them, or what a command printed."
    if not paste.flat:
        return "What does the error say? Paste it word for word, or start without it: lyncdoctor run mobility --sip <address>"
    phone, xmpp = paste.has(*_PHONE), paste.has(*_XMPP)
    if phone and not xmpp:
        return (
            "What is the exact error? Run the test of the Mobility Service and paste all that it prints: "
            f"Test-CsMcxP2PIM -TargetFqdn {paste.pool or '<pool FQDN>'} -Authentication Negotiate "
            f"-SenderSipAddress {paste.user or 'sip:<user>@<domain>'} -SenderCredential (Get-Credential) "
            "-ReceiverSipAddress sip:<second user>@<domain> -ReceiverCredential (Get-Credential) -Verbose"
        )
    if xmpp and not phone:
        return "Does the Edge listen for XMPP? Run there and paste what it prints: netstat -ano | findstr 5269"
    return (
        "Is it a phone that cannot sign in, or a partner's messages that do not arrive? Paste the exact words of the phone, "
        "or of the partner's server. Or walk from the top: lyncdoctor run mobility --sip <address>"
    )
