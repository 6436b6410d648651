"""Stream errors of XMPP in words: the conditions of RFC 6120, and the texts by which servers say more.

Read as the domain that asked: “you” is whoever opened the stream, “the partner” is whose server answered.
"""

from typing import Literal

from checks.model import Frozen

Side = Literal["you", "partner", "both", "dns", "certificate", "network", "nobody"]
"""Who can act: `dns` is the partner's record, `certificate` what you presented, `nobody` where waiting is enough."""


class Meaning(Frozen, frozen=True):
    """What an error tells, in one sentence, and who can act on it."""

    sentence: str
    act: Side


CONDITIONS: dict[str, Meaning] = {
    "bad-format": Meaning("The XML that arrived there could not be processed.", "network"),
    "bad-namespace-prefix": Meaning("A prefix of the stream was not the one that the server expects.", "you"),
    "conflict": Meaning("Another stream between the same two servers replaces this one.", "nobody"),
    "connection-timeout": Meaning("The server waited in vain for something to arrive on this stream.", "network"),
    "host-gone": Meaning("The domain was served there once and no longer is.", "partner"),
    "host-unknown": Meaning(
        "The server does not serve that domain: a record points to the wrong server, or the server serves it to nobody.",
        "dns",
    ),
    "improper-addressing": Meaning("The names of the two domains were missing or not accepted.", "you"),
    "internal-server-error": Meaning("The server failed on its own; its log has the reason.", "partner"),
    "invalid-from": Meaning("The server does not accept that this stream speaks for your domain.", "you"),
    "invalid-id": Meaning("The id of a stream or of a dialback was not a valid one.", "you"),
    "invalid-namespace": Meaning(
        "The server does not take a stream between servers here: this may be its port for clients.", "dns"
    ),
    "invalid-xml": Meaning("The server checks XML against a schema, and what arrived does not fit.", "you"),
    "not-authorized": Meaning("The server did not accept your proof: certificate or dialback was refused.", "both"),
    "not-well-formed": Meaning(
        "What arrived there was not XML: a device on the way changes the stream, or another protocol was expected.",
        "network",
    ),
    "policy-violation": Meaning(
        "A rule of that server forbids it: encryption is required, or you are blocked.", "both"
    ),
    "remote-connection-failed": Meaning(
        "The server could not connect back to your domain: your SRV record or your inbound port 5269 fails.", "you"
    ),
    "reset": Meaning("The server wants the stream to be opened anew.", "nobody"),
    "resource-constraint": Meaning("The server is too busy, or has too many streams from you.", "partner"),
    "restricted-xml": Meaning("A form of XML arrived there that XMPP does not allow.", "network"),
    "see-other-host": Meaning("The server sends streams for that domain to another host.", "partner"),
    "system-shutdown": Meaning("The server is being shut down; it should come back by itself.", "nobody"),
    "undefined-condition": Meaning("The server refused for a reason of its own.", "partner"),
    "unsupported-encoding": Meaning("The server does not take UTF-8 on this stream.", "partner"),
    "unsupported-feature": Meaning("The two servers share no way that both support.", "both"),
    "unsupported-stanza-type": Meaning("The server does not know what was sent: dialback, perhaps.", "partner"),
    "unsupported-version": Meaning("The two servers share no version or no way of authentication.", "both"),
    "xml-not-well-formed": Meaning("What arrived there was not XML.", "network"),
}
"""RFC 6120, section 4.9.3; the last one is the old name of RFC 3920, still in use."""

_TEXTS: tuple[tuple[tuple[str, ...], Meaning], ...] = (
    (("certificate", "expired"), Meaning("Your certificate, or one of its chain, has expired.", "certificate")),
    (
        ("signed certificate in certificate chain",),
        Meaning("The server does not trust the authority at the end of your certificate's chain.", "certificate"),
    ),
    (("certificate", "self-signed"), Meaning("Your certificate is self-signed.", "certificate")),
    (("certificate", "self signed"), Meaning("Your certificate is self-signed.", "certificate")),
    (
        ("certificate", "not valid for this name"),
        Meaning("Your certificate does not have your bare domain among its names.", "certificate"),
    ),
    (
        ("certificate", "name mismatch"),
        Meaning("Your certificate does not have your bare domain among its names.", "certificate"),
    ),
    (
        ("certificate", "not trusted"),
        Meaning("The server does not trust the issuer of your certificate.", "certificate"),
    ),
    (
        ("certificate", "could not be validated"),
        Meaning("Your certificate could not be validated, or you presented none.", "certificate"),
    ),
    (
        ("unable to get", "issuer certificate"),
        Meaning(
            "The server cannot find who issued your certificate: it does not trust that authority, or you do not send the "
            "certificates between.",
            "certificate",
        ),
    ),
    (
        ("unsupported certificate purpose",),
        Meaning("Your certificate is not for clients, and a server that calls another is one.", "certificate"),
    ),
    (("failed to get peer certificate",), Meaning("You presented no certificate.", "certificate")),
    (
        ("encrypt", "required"),
        Meaning("The server requires TLS between servers, and this stream had none.", "you"),
    ),
    (("starttls", "required"), Meaning("The server requires TLS between servers, and this stream had none.", "you")),
    (
        ("does not serve",),
        Meaning("The server does not serve that domain: a record points to the wrong server.", "dns"),
    ),
    (
        ("communication is disabled",),
        Meaning("The server talks to no other server on behalf of that domain.", "partner"),
    ),
    (
        ("no viable authentication method",),
        Meaning("The two servers share no authentication: one wants a certificate, the other only dialback.", "both"),
    ),
    (("no sasl mechanisms",), Meaning("The two servers share no authentication: SASL was not offered.", "both")),
    (
        ("no stream features to offer",),
        Meaning(
            "The server has no way of authentication for you: it does no dialback, and saw no good certificate.", "both"
        ),
    ),
    (("access denied by service policy",), Meaning("The server's access rules shut your domain out.", "partner")),
    (("stanza is too big",), Meaning("What arrived there in one piece was larger than the server takes.", "you")),
    (("missing stream id",), Meaning("A stream was opened without an id.", "both")),
)
"""What the text beside a condition decides: all words of an entry, in lower case. The first that fits counts.

Some servers pass on what OpenSSL says of a certificate, and ejabberd as a refusal of SASL EXTERNAL.
"""


def meaning(condition: str, text: str = "") -> Meaning:
    """What a stream error tells; the text beside it goes before the condition. One that nobody defined says so."""
    low = text[:500].lower()
    for words, told in _TEXTS:
        if all(word in low for word in words):
            return told
    return CONDITIONS.get(
        condition, Meaning("The server ended the stream with an error that no standard defines.", "partner")
    )
