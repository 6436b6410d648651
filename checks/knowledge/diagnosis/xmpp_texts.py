"""What XMPP servers and their logs say."""

from checks.knowledge.diagnosis import sides, starts
from checks.knowledge.diagnosis.model import Clarity, Layer, Likely
from checks.knowledge.diagnosis.wording import Wording

_SERVER = "a message of an XMPP server"
_BOUNCE = "an XMPP message that came back"
_PARTNERS = "Get-CsXmppAllowedPartner | Format-List *"
_OUR_CERTIFICATE = "openssl s_client -connect <Access Edge>:5269 -starttls xmpp-server -xmpphost «domain» -showcerts"

WORDINGS = (
    Wording(
        kind=_SERVER,
        marks=("this host does not serve",),
        layer=Layer.NAME,
        explains=("stream-error",),
        likely=(
            Likely(
                cause="The connection reached an XMPP server that does not serve the domain asked for: a wrong or "
                "missing SRV record.",
                reason="Without an SRV record, partners connect to the domain's own address.",
                step=starts.XMPP_PARTNER_STREAM,
                command="Resolve-DnsName -Type SRV _xmpp-server._tcp.«domain»",
                who=sides.DNS_ADMINISTRATOR,
            ),
        ),
    ),
    Wording(
        kind=_SERVER,
        marks=("server-to-server communication is disabled",),
        layer=Layer.PARTNER,
        clarity=Clarity.DECISIVE,
        explains=("stream-error",),
        likely=(
            Likely(
                cause="The partner's server does not federate this domain at all.",
                reason="It says so itself.",
                step=starts.XMPP_PARTNER_STREAM,
                who=sides.PARTNER,
            ),
        ),
    ),
    Wording(
        kind=_SERVER,
        marks=("server's certificate has expired", "has an expired certificate chain"),
        layer=Layer.CERTIFICATE,
        clarity=Clarity.DECISIVE,
        explains=("stream-error", "tls"),
        likely=(
            Likely(
                cause="The certificate that our Edge presents to partners has ended, or the Edge was not restarted "
                "after its renewal.",
                reason="The partner's server looked at it and refused.",
                step=starts.XMPP_CERTIFICATE,
                command=_OUR_CERTIFICATE,
                who=sides.EDGE_ADMINISTRATOR,
            ),
        ),
    ),
    Wording(
        kind=_SERVER,
        marks=("server's certificate is not valid for this name", "certificate is not valid for this name"),
        layer=Layer.CERTIFICATE,
        clarity=Clarity.DECISIVE,
        explains=("stream-error", "tls"),
        likely=(
            Likely(
                cause="The Edge certificate lacks the bare SIP domain, which XMPP partners look for.",
                reason="sip.<domain> and *.<domain> do not stand for it.",
                step=starts.XMPP_CERTIFICATE,
                command=_OUR_CERTIFICATE,
                who=sides.CERTIFICATE_ADMINISTRATOR,
            ),
        ),
    ),
    Wording(
        kind=_SERVER,
        marks=(
            "server's certificate is self-signed",
            "server's certificate is not trusted",
            "server's certificate could not be validated",
            "certificate is invalid, expired, or not trusted",
        ),
        layer=Layer.CERTIFICATE,
        explains=("stream-error", "tls"),
        likely=(
            Likely(
                cause="The partner's server does not trust the Edge certificate: self-signed, of a private CA, or sent "
                "without its intermediates.",
                reason="The partner's server looked at it and refused.",
                step=starts.XMPP_CERTIFICATE,
                command=_OUR_CERTIFICATE,
                who=sides.CERTIFICATE_ADMINISTRATOR,
            ),
        ),
    ),
    Wording(
        kind=_SERVER,
        marks=("unsupported certificate purpose",),
        layer=Layer.CERTIFICATE,
        clarity=Clarity.DECISIVE,
        explains=("tls",),
        likely=(
            Likely(
                cause="The certificate may only be used by servers, and strict partners want clientAuth for SASL.",
                reason="Dialback over TLS does without.",
                step=starts.XMPP_CERTIFICATE,
                command=_PARTNERS,
                who=f"{sides.CERTIFICATE_ADMINISTRATOR}, or {sides.PARTNER}",
            ),
        ),
    ),
    Wording(
        kind=_SERVER,
        marks=("encrypted server-to-server communication is required",),
        layer=Layer.PARTNER,
        clarity=Clarity.DECISIVE,
        explains=("stream-error",),
        likely=(
            Likely(
                cause="The partner requires TLS, and our settings for this partner do not offer it.",
                reason="The partner's server says so itself.",
                step=starts.XMPP_NEGOTIATION,
                command=_PARTNERS,
                who=sides.LYNC_ADMINISTRATOR,
            ),
        ),
        not_meant=("It does not mean a bad certificate: none was presented.",),
    ),
    Wording(
        kind=_SERVER,
        marks=("no viable authentication method offered", "peer provided no sasl mechanisms"),
        layer=Layer.PARTNER,
        explains=("stream-error",),
        likely=(
            Likely(
                cause="The two sides have no authentication in common: one wants SASL, the other only dialback.",
                reason="With TLS and SASL both Required, our side uses no dialback.",
                step=starts.XMPP_NEGOTIATION,
                command=_PARTNERS,
                who=f"{sides.LYNC_ADMINISTRATOR}, and {sides.PARTNER}",
            ),
        ),
        not_meant=("It does not mean DNS or firewall: the two servers talked.",),
    ),
    Wording(
        kind=_SERVER,
        marks=("dialback",),
        also=("type='invalid'", 'type="invalid"', "dialback invalid", "dialback key"),
        layer=Layer.STREAM,
        explains=("stream-error",),
        likely=(
            Likely(
                cause="The dialback key did not match: Edge servers of one pool may have different dialback pass "
                "phrases, or NAT leads to another Edge.",
                reason="The key was checked and found invalid.",
                step=starts.XMPP_GATEWAY,
                command="Get-CsXmppGatewayConfiguration",
                who=sides.LYNC_ADMINISTRATOR,
            ),
        ),
    ),
    Wording(
        kind=_SERVER,
        marks=("dialback failed", "dialback failure", "dialback timeout", "dialback timed out"),
        unless=("type='invalid'", 'type="invalid"', "dialback key"),
        layer=Layer.LISTENER,
        explains=("stream-error",),
        likely=(
            Likely(
                cause="Dialback failed: the other side may not reach our 5269, or not find our SRV record.",
                reason="Dialback needs a second connection, inward.",
                step=starts.XMPP_DNS,
                command="Resolve-DnsName -Type SRV _xmpp-server._tcp.«domain»",
                who=f"{sides.EDGE_ADMINISTRATOR}, then {sides.DNS_ADMINISTRATOR}",
            ),
        ),
        not_meant=("It does not mean that our outbound 5269 is closed: dialback begins after that.",),
    ),
    Wording(
        kind=_BOUNCE,
        marks=("remote-server-not-found",),
        layer=Layer.NAME,
        likely=(
            Likely(
                cause="The server of the other side was never reached: its SRV record is missing or wrong, or outbound "
                "5269 is blocked.",
                reason="So comes back what never had a stream.",
                step=starts.XMPP_PARTNER_DNS,
                command="Resolve-DnsName -Type SRV _xmpp-server._tcp.<other domain>",
                who=f"{sides.DNS_ADMINISTRATOR}, then {sides.NETWORK_ADMINISTRATOR}",
            ),
        ),
    ),
    Wording(
        kind=_BOUNCE,
        marks=("remote-server-timeout",),
        layer=Layer.STREAM,
        likely=(
            Likely(
                cause="The other server was reached, and the negotiation did not end in time.",
                reason="So comes back what had a stream once.",
                step=starts.XMPP_PARTNER_STREAM,
                command=_PARTNERS,
                who=f"{sides.LYNC_ADMINISTRATOR}, and {sides.PARTNER}",
            ),
        ),
    ),
)
