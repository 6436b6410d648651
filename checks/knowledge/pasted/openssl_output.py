"""Pasted output of `openssl s_client`, of OpenSSL 1.0.2 to 3.x, as the certificates that a server presents."""

import base64
import binascii
import re
from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from checks.knowledge.certificate_rules import covers
from checks.knowledge.certificates import decode
from checks.knowledge.pasted import NotUnderstood
from checks.knowledge.pasted.openssl_failures import failure_of
from checks.knowledge.pasted.openssl_names import distinguished_name
from checks.knowledge.pasted.screen import Line, lines_of, typed_at
from checks.model import Frozen
from checks.probes import Certificate, Handshake, NoTls, Presented
from checks.text import clean

MOST_CERTIFICATES = 10
_LONGEST_PEM = 400
"""Lines."""
_SIGNS = (
    "CONNECTED(",
    "Certificate chain",
    "Verify return code:",
    "connect:errno=",
    "no peer certificate available",
    "SSL handshake has read",
    "BIO_connect",
    "BIO_lookup_ex",
)
_SUBJECT = re.compile(r"\s{0,4}(\d{1,2}) s:(.{0,2000})\Z")
_ISSUER = re.compile(r"\s{0,6}i:(.{0,2000})\Z")
_DATES = re.compile(r"\s{0,6}v:NotBefore: (.{8,40}); NotAfter: (.{8,40})\Z")
_CODE = re.compile(r"\s{0,8}Verify return code: (\d{1,4}) \((.{0,200})\)")
_PROTOCOL = re.compile(r"\s{0,8}(?:Protocol\s{0,8}:|New, )\s?((?:TLS|SSL|DTLS)v\d(?:\.\d)?)(?!/)")
_START = re.compile(r"\s{0,8}Start Time: (\d{9,11})\Z")
_ADDRESS = re.compile(r"Connecting to ([0-9A-Fa-f:.]{2,60})\Z")
_CONNECT = re.compile(r"-connect\s+['\"]?(\S{1,260}?)['\"]?(?:\s|\Z)")
_SERVER_NAME = re.compile(r"-servername\s+['\"]?(\S{1,260}?)['\"]?(?:\s|\Z)")
_OLD_ONLY = re.compile(r"-(?:tls1|tls1_1|ssl3|no_tls1_2)(?:\s|\Z)")
_OLD = {"SSLv2", "SSLv3", "TLSv1", "TLSv1.0", "TLSv1.1"}
_BEGIN, _END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
_UNNAMED = "The certificate itself is not in the text, so its names were not seen."


def read(question: Handshake, text: str, now: str = "") -> Presented | NoTls | NotUnderstood:
    """The chain as printed, and whether it verified.

    `now` (ISO 8601, UTC) dates the text where it does not date itself; empty: this moment. NotUnderstood where it is
    of another server, was pasted in part, or lacks the server's own certificate, whose names have to be seen.
    """
    attempts = _attempts(text)
    if not attempts:
        return NotUnderstood(sentence=f"This is not the output of openssl s_client. Run {question.typed()}")
    for attempt in attempts:
        if other := _other_server(question, attempt.typed):
            return NotUnderstood(sentence=f"This is of {clean(other, 200)}; asked was {question.host}:{question.port}.")
        if attempt.damaged is not None:
            line = attempt.damaged
            sentence = f"A certificate is damaged or pasted in part. Run {question.typed()} and paste all it prints."
            return NotUnderstood(sentence=sentence, line=line.number, text=clean(line.text))
    answer = _joined(attempts, now)
    if isinstance(answer, str):
        return NotUnderstood(sentence=answer)
    if isinstance(answer, Presented) and answer.chain[0].problem == _UNNAMED:
        return NotUnderstood(sentence=f"{_UNNAMED} Run {question.typed()} and paste all it prints.")
    if isinstance(answer, Presented) and not covers(answer.chain[0], question.host) and _names_nobody(attempts):
        sentence = "The server was not told which name is meant, so it may have shown another site's certificate."
        return NotUnderstood(sentence=f"{sentence} Run {question.typed()} and paste all it prints.")
    return answer


def _names_nobody(attempts: "list[_Attempt]") -> bool:
    """True where a typed command did not send the name: before OpenSSL 1.1.1 none is sent unless it is asked for."""
    return any(attempt.typed and not _SERVER_NAME.search(attempt.typed) for attempt in attempts)


def recognise(text: str, now: str = "") -> Presented | NoTls | None:
    """What the text says of whichever server; None where it is no such text, or nothing follows from it.

    A certificate that was not printed whole has `problem` set where it is the server's own.
    """
    attempts = _attempts(text)
    if not attempts or any(attempt.damaged for attempt in attempts):
        return None
    answer = _joined(attempts, now)
    return None if isinstance(answer, str) else answer


def _joined(attempts: "list[_Attempt]", now: str) -> Presented | NoTls | str:
    """One answer of all attempts: a server that refused today's protocols and took an old one speaks only that."""
    answers = [(attempt, attempt.answer(now)) for attempt in attempts]
    refused = next((one for _, one in answers if isinstance(one, NoTls) and one.kind in {"alert", "reset"}), None)
    today = [one for attempt, one in answers if isinstance(one, Presented) and not attempt.old_only]
    old = [one for attempt, one in answers if isinstance(one, Presented) and attempt.old_only]
    if today:
        return today[0]
    if old and refused is not None:
        return msgspec.structs.replace(old[0], only_old=True, verified=False, rule=old[0].rule or refused.detail)
    if old:
        return old[0]
    tried_all = {attempt.old_only for attempt in attempts} == {True, False}
    first = answers[0][1]
    return msgspec.structs.replace(first, old_protocols_tried=True) if tried_all and isinstance(first, NoTls) else first


def _attempts(text: str) -> "list[_Attempt]":
    """The runs of s_client in the text, by the commands that were typed, or the whole as one."""
    groups: list[tuple[str, list[Line]]] = [("", [])]
    for line in lines_of(text):
        typed = typed_at(line)
        if typed is None:
            groups[-1][1].append(line)
        elif typed and len(groups) < 10:
            groups.append((typed, []))
    return [_Attempt(typed, lines) for typed, lines in groups if _is_s_client(typed, lines)]


def _is_s_client(typed: str, lines: Iterable[Line]) -> bool:
    if "s_client" in typed:
        return any(not line.blank for line in lines)
    return any(sign in line.text[:200] for line in lines for sign in _SIGNS)


class _Shown(Frozen, frozen=True):
    """One entry of the chain, as far as it was printed."""

    subject: str = ""
    issuer: str = ""
    not_before: str = ""
    not_after: str = ""
    certificate: Certificate | None = None


class _Attempt:
    """One run of s_client."""

    def __init__(self, typed: str, lines: list[Line]) -> None:
        self.typed = typed
        self.old_only = bool(_OLD_ONLY.search(typed))
        self.damaged: Line | None = None
        """The line of a certificate that was not pasted whole."""
        self._text = "\n".join(line.text for line in lines)
        self._chain: list[_Shown] = []
        self._loose: list[Certificate] = []
        """Certificates printed outside the chain: the server's own."""
        self._protocol = self._address = self._started = ""
        self._code: tuple[int, str] | None = None
        self._in_chain = False
        self._read(lines)

    def answer(self, now: str) -> Presented | NoTls | str:
        """What this run showed; a sentence where nothing follows."""
        chain = self._certificates()
        if not chain:
            return failure_of(self._text, self._address, old_protocols_tried=False)
        if self._code is None:
            return "The line Verify return code is missing. Paste all that openssl s_client printed."
        number, words = self._code
        return Presented(
            address=clean(self._address, 60),
            protocol=self._protocol or "TLS",
            chain=chain,
            seen_at=self._started or now or datetime.now(UTC).isoformat(timespec="seconds"),
            verified=number == 0,
            rule=f"{clean(words)} (code {number})" if number else "",
            only_old=self._protocol in _OLD and not self.old_only,
        )

    def _read(self, lines: list[Line]) -> None:
        at = 0
        while at < len(lines):
            line = lines[at]
            at += 1
            if line.text.strip() == _BEGIN:
                at = self._take_pem(lines, at)
            else:
                self._take(line.text)

    def _take(self, text: str) -> None:
        if text.startswith("Certificate chain"):
            self._in_chain = True
        elif text.startswith(("---", "Server certificate")):
            self._in_chain = False
        elif self._in_chain:
            self._take_chain(text)
        elif code := _CODE.match(text):
            self._code = self._code or (int(code.group(1)), code.group(2))
        elif protocol := _PROTOCOL.match(text):
            self._protocol = protocol.group(1)
        elif start := _START.match(text):
            self._started = self._started or _iso(int(start.group(1)))
        elif address := _ADDRESS.match(text):
            self._address = address.group(1)

    def _take_chain(self, text: str) -> None:
        if subject := _SUBJECT.match(text):
            if len(self._chain) < MOST_CERTIFICATES:
                self._chain.append(_Shown(subject=subject.group(2).strip()))
        elif self._chain and (issuer := _ISSUER.match(text)):
            self._chain[-1] = msgspec.structs.replace(self._chain[-1], issuer=issuer.group(1).strip())
        elif self._chain and (dates := _DATES.match(text)):
            first, last = (_date(part) for part in dates.groups())
            self._chain[-1] = msgspec.structs.replace(self._chain[-1], not_before=first, not_after=last)

    def _take_pem(self, lines: list[Line], at: int) -> int:
        """Reads the certificate that begins at `at`, and tells where it ends."""
        last = min(len(lines), at + _LONGEST_PEM)
        end = next((number for number in range(at, last) if lines[number].text.strip() == _END), None)
        der = _der("".join(line.text.strip() for line in lines[at:end])) if end is not None else b""
        if end is None or not der:
            self.damaged = self.damaged or lines[at - 1]
            return len(lines) if end is None else end + 1
        if self._in_chain and self._chain and self._chain[-1].certificate is None:
            self._chain[-1] = msgspec.structs.replace(self._chain[-1], certificate=decode(der))
        elif len(self._loose) < MOST_CERTIFICATES:
            self._loose.append(decode(der))
        return end + 1

    def _certificates(self) -> tuple[Certificate, ...]:
        chain = list(self._chain)
        if not chain:
            return tuple(self._loose)
        if chain[0].certificate is None and self._loose:
            chain[0] = msgspec.structs.replace(chain[0], certificate=self._loose[0])
        # Names that are the same in the text have to be the same here, or a gap would show where none is.
        names: dict[str, str] = {}
        for shown in chain:
            if shown.certificate is not None:
                names |= {shown.subject: shown.certificate.subject, shown.issuer: shown.certificate.issuer}
        return tuple(shown.certificate or _by_name(shown, names, number) for number, shown in enumerate(chain))


def _by_name(shown: _Shown, names: dict[str, str], number: int) -> Certificate:
    return Certificate(
        subject=names.get(shown.subject) or distinguished_name(shown.subject),
        issuer=names.get(shown.issuer) or distinguished_name(shown.issuer),
        not_before=shown.not_before,
        not_after=shown.not_after,
        self_signed=shown.subject == shown.issuer,
        problem="" if number else _UNNAMED,
    )


def _der(encoded: str) -> bytes:
    """The certificate's bytes; none where they are not whole."""
    try:
        der = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return b""
    if len(der) < 4 or der[0] != 0x30:
        return b""
    size = der[1] & 0x7F
    if der[1] < 0x80:
        return der if len(der) == 2 + der[1] else b""
    announced = int.from_bytes(der[2 : 2 + size], "big") if 1 <= size <= 4 else -1
    return der if len(der) == 2 + size + announced else b""


def _other_server(question: Handshake, typed: str) -> str:
    """The server that the typed command names, where it is not the question's."""
    connect, named = _CONNECT.search(typed), _SERVER_NAME.search(typed)
    if connect is None:
        return ""
    host, colon, port = connect.group(1).rpartition(":")
    host = host if colon else connect.group(1)
    names = {name.strip("[]").rstrip(".").lower() for name in (host, named.group(1) if named else host)}
    right_port = not colon or port == str(question.port)
    return "" if question.host.rstrip(".").lower() in names and right_port else connect.group(1)


def _date(shown: str) -> str:
    """`Nov 21 07:10:23 2026 GMT` in ISO 8601; empty where it is no date."""
    try:
        moment = datetime.strptime(" ".join(shown.split()).removesuffix(" GMT"), "%b %d %H:%M:%S %Y")
    except ValueError:
        return ""
    return moment.replace(tzinfo=UTC).isoformat(timespec="seconds")


def _iso(epoch: int) -> str:
    try:
        return datetime.fromtimestamp(epoch, UTC).isoformat(timespec="seconds")
    except (OverflowError, OSError, ValueError):
        return ""
