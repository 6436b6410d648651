"""What TLS libraries say when they refuse: OpenSSL, Schannel and .NET, curl, browsers."""

from collections.abc import Iterator
from typing import NamedTuple

from checks.knowledge.diagnosis import sides, starts
from checks.knowledge.diagnosis.model import Clarity, Layer, Likely, Sign
from checks.knowledge.diagnosis.paste import Paste
from checks.knowledge.diagnosis.wording import in_prose

_AT_THE_END = f"{sides.CERTIFICATE_ADMINISTRATOR}, where the connection ends: reverse proxy or Front End"


class Refusal(NamedTuple):
    """Why a client refused, and the words for it."""

    marks: tuple[str, ...]
    cause: str
    reason: str = ""
    who: str = _AT_THE_END
    clarity: Clarity = Clarity.DECISIVE


_REFUSALS = (
    Refusal(
        (
            "certificate has expired", "certificate is expired", "cert_e_expired", "sec_e_cert_expired", "0x800b0101",
            "verify return code: 10 ", "err_cert_date_invalid", "ssl_error_expired_cert", "certificate expired",
        ),
        "The certificate of «web» has ended.",
    ),
    Refusal(
        ("certificate is not yet valid", "verify return code: 9 "),
        "The certificate of «web» has not begun, or a clock is wrong.",
    ),
    Refusal(
        (
            "no alternative certificate subject name", "hostname mismatch", "host name mismatch",
            "doesn't match host", "does not match target host name", "cert_e_cn_no_match", "0x800b010f",
            "remotecertificatenamemismatch", "err_cert_common_name_invalid", "target principal name is incorrect",
            "ssl_error_bad_cert_domain", "certificate name validation failed", "certificate name mismatch", "verify return code: 62 ",
        ),
        "The certificate of «web» is for other names.",
    ),
    Refusal(
        ("unable to verify the first certificate", "verify return code: 21 "),
        "«web» does not send the certificate of the CA that issued its own.",
    ),
    Refusal(
        (
            "unable to get local issuer certificate", "self signed certificate", "self-signed certificate",
            "cert_e_untrustedroot", "0x800b0109", "remotecertificatechainerrors", "err_cert_authority_invalid",
            "root certificate which is not trusted",
            "authority that is not trusted", "sec_e_untrusted_root", "verify return code: 18 ",
            "verify return code: 19 ", "verify return code: 20 ", "unknown ca", "alert number 48",
        ),
        "The certificate of «web» is not trusted: self-signed, of a CA that this client does not know, or sent without its "
        "intermediates.",
    ),
    Refusal(
        (
            "unsupported protocol", "alert protocol version", "alert number 70", "no protocols available",
            "version_or_cipher_mismatch", "tlsv1 alert", "dh key too small", "inappropriate fallback",
        ),
        "«web» and this client have no TLS version or cipher in common.",
        "iOS needs TLS 1.2; a server of that age may speak TLS 1.0 only.",
        sides.PROXY_ADMINISTRATOR,
        Clarity.NAMED,
    ),
    Refusal(
        ("wrong version number", "packet length too long", "unknown protocol", "record layer failure"),
        "What listens there does not speak TLS: the wrong port, or a plain web server.",
        who=sides.PROXY_ADMINISTRATOR,
        clarity=Clarity.NAMED,
    ),
    Refusal(
        (
            "could not establish trust relationship", "remote certificate is invalid according to the validation",
            "certificate verify failed", "certificate_verify_failed", "ssl certificate problem",
        ),
        "This client refuses the certificate of «web»: name, dates, or trust.",
        "The words do not tell which of them.",
        clarity=Clarity.STATUS,
    ),
    Refusal(
        (
            "could not create ssl/tls secure channel", "handshake failure", "alert number 40", "handshake_failure",
            "ssl_error_syscall", "unexpected error occurred on a send", "unexpected error occurred on a receive", "sec_e_illegal_message", "unexpected eof while reading",
        ),
        "The TLS handshake with «web» breaks off: usually no version or cipher in common.",
        "iOS needs TLS 1.2.",
        sides.PROXY_ADMINISTRATOR,
        Clarity.STATUS,
    ),
)  # fmt: skip


def signs(paste: Paste) -> Iterator[Sign]:
    """The sign of the clearest refusal; of vaguer words beside it nothing is said."""
    for refusal in _REFUSALS:
        found = next(filter(None, map(paste.find, refusal.marks)), None)
        if found is not None:
            yield _sign(paste, refusal, f"It says “{paste.quote(found)}”.")
            return


def _sign(paste: Paste, refusal: Refusal, quote: str) -> Sign:
    xmpp = paste.has(":5269", "xmpp-server", "starttls xmpp", "jabber")
    host = paste.web or paste.pool
    cause = refusal.cause.replace("«web»", "the XMPP server") if xmpp and not host else refusal.cause
    where = f"{host or '<web FQDN>'}:443 -servername {host or '<web FQDN>'}"
    return Sign(
        kind="a TLS error",
        clarity=refusal.clarity,
        layer=Layer.CERTIFICATE,
        topic="tls",
        explains=frozenset(
            {"connection", "certificate-message"} if refusal.clarity >= Clarity.NAMED else {"connection"}
        ),
        likely=(
            Likely(
                cause=in_prose(paste, cause),
                reason=f"{quote} {refusal.reason}".strip(),
                step=starts.XMPP_CERTIFICATE if xmpp else starts.CERTIFICATES,
                command="openssl s_client -connect <Access Edge>:5269 -starttls xmpp-server -showcerts"
                if xmpp
                else f"openssl s_client -connect {where} -showcerts",
                who=sides.CERTIFICATE_ADMINISTRATOR + ", on the Edge or at the partner" if xmpp else refusal.who,
            ),
        ),
        not_meant=("It does not mean a wrong password: no sign-in was reached.",),
    )
