"""What Invoke-WebRequest prints: an answer as a list of properties, or an error in one of four languages."""

import re
from collections.abc import Iterable

from checks.knowledge.pasted.screen import CONSOLE, Line, commands_in, squeezed, urls_in
from checks.knowledge.pasted.web_exchange import Answered, Exchange, Failed, Phase
from checks.probes import UnreachedKind
from checks.text import clean

_MOST_TEXT = 40_000
_LABEL = re.compile(
    r"(StatusCode|StatusDescription|Content|RawContent|Forms|Headers|Images|InputFields|Links|ParsedHtml"
    r"|RawContentLength|BaseResponse|Encoding|RelationLink)\s{0,40}:(?: (.*))?\Z"
)
_HEADER = re.compile(r"([A-Za-z0-9-]{2,100}): (.*)\Z")
_PAIR = re.compile(r"\[([A-Za-z0-9-]{1,100}), ([^\[\]]{0,2000})\]")
_STATUS = re.compile(r"HTTP/\d(?:\.\d)? (\d{3})")
_REFUSED_STATUS = re.compile(
    r"(?:returnedanerror|retournéuneerreur|renvoyéuneerreur|fehlerzurückgegeben|서버에서|indicatesuccess):?\(?(\d{3})[)(]"
)
_ANY_STATUS = re.compile(r"\(([1-5]\d\d)\)")
_NAME = re.compile(r"'([^'\s]{1,260})'")
_POSTS = re.compile(r"-Method\s+['\"]?Post", re.IGNORECASE)
_BY_HAND = (
    "Run curl.exe -v with the same address and paste all it prints. Where there is no curl.exe, "
    "paste the error and below it what $Error[0].Exception.Response.Headers.ToString() prints."
)
_OTHER_CURL = (
    "In Windows PowerShell `curl` is Invoke-WebRequest. Type curl.exe, with its ending, and paste all it prints."
)
_UNCLEAR = f"PowerShell does not say how far the connection came. {_BY_HAND.partition('. ')[0]}."
_TOO_OLD = (
    "Windows PowerShell may be too old for this server's TLS, so nothing follows. "
    "Run curl.exe -v with the same address and paste all it prints."
)


class _Words:
    """Phrases of .NET in English, French, German and Korean, and what they mean."""

    def __init__(self, phase: Phase, kind: UnreachedKind, *phrases: str) -> None:
        self.phase = phase
        self.kind = kind
        self.phrases = tuple(squeezed(phrase) for phrase in phrases)


_FAILURES = (
    _Words(
        "name",
        "no-such-name",
        "The remote name could not be resolved",
        "Le nom distant n'a pas pu être résolu",
        "Impossible de résoudre le nom distant",
        "Der Remotename konnte nicht aufgelöst werden",
        "원격 이름을 확인할 수 없습니다",
        "No such host is known",
        "Hôte inconnu",
        "Der angegebene Host ist unbekannt",
        "Es ist kein solcher Host bekannt",
        "알려진 호스트가 없습니다",
    ),
    _Words(
        "connect",
        "refused",
        "actively refused it",
        "l'ordinateur cible l'a expressément refusée",
        "Zielcomputer die Verbindung verweigerte",
        "대상 컴퓨터에서 연결을 거부했으므로",
    ),
    _Words(
        "connect",
        "timeout",
        "did not properly respond after a period of time",
        "n'a pas répondu convenablement au-delà d'une certaine durée",
        "nach einer bestimmten Zeitspanne nicht richtig reagiert",
        "연결된 구성원으로부터 응답이 없어",
    ),
    _Words(
        "tls",
        "certificate",
        "Could not establish trust relationship for the SSL/TLS secure channel",
        "Impossible d'établir une relation de confiance pour le canal sécurisé SSL/TLS",
        "Für den geschützten SSL/TLS-Kanal konnte keine Vertrauensstellung hergestellt werden",
        "SSL/TLS 보안 채널에 대한 트러스트 관계를 설정할 수 없습니다",
        "The remote certificate is invalid",
    ),
    _Words(
        "reply",
        "reset",
        "The connection was closed unexpectedly",
        "La connexion a été interrompue de manière inattendue",
        "Die Verbindung wurde unerwartet getrennt",
        "연결이 예기치 않게 닫혔습니다",
    ),
)
_NOTHING_FOLLOWS = {
    _UNCLEAR: (
        "Unable to connect to the remote server",
        "Impossible de se connecter au serveur distant",
        "Die Verbindung mit dem Remoteserver kann nicht hergestellt werden",
        "원격 서버에 연결할 수 없습니다",
        "The operation has timed out",
        "Le délai d'attente de l'opération a expiré",
        "Le délai d'attente de l'opération est dépassé",
        "Timeout für Vorgang überschritten",
        "Das Zeitlimit für den Vorgang wurde überschritten",
        "작업 시간이 초과되었습니다",
        "작업 제한 시간을 초과했습니다",
    ),
    _TOO_OLD: (
        "Could not create SSL/TLS secure channel",
        "Impossible de créer un canal sécurisé SSL/TLS",
        "Es konnte kein geschützter SSL/TLS-Kanal erstellt werden",
        "SSL/TLS 보안 채널을 만들 수 없습니다",
        "An unexpected error occurred on a send",
        "An unexpected error occurred on a receive",
    ),
    _OTHER_CURL: ("AmbiguousParameter,Microsoft.PowerShell.Commands.InvokeWebRequestCommand",),
}


def exchange(lines: Iterable[Line]) -> Exchange | None:
    """What the text shows of one Invoke-WebRequest; None where it is not its output."""
    lines = list(lines)
    commands = commands_in(lines)
    url = next((url for command in commands for url in urls_in(command)), "")
    method = "" if not commands else "POST" if any(_POSTS.search(command) for command in commands) else "GET"
    if answered := _listed(lines):
        return Exchange(answers=(answered,), url=url, method=method)
    text = "\n".join(line.text for line in lines)[:_MOST_TEXT]
    squeezed_text = squeezed(text)
    if status := _status_of_error(text, squeezed_text):
        headers = _headers_below(lines)
        answered = Answered(status=status, headers=headers, all_headers=bool(headers), whole_body=False)
        return Exchange(answers=(answered,), url=url, method=method)
    for words in _FAILURES:
        if any(phrase in squeezed_text for phrase in words.phrases):
            return Exchange(failed=_failed(words, text), url=url, method=method)
    for sentence, phrases in _NOTHING_FOLLOWS.items():
        if any(squeezed(phrase) in squeezed_text for phrase in phrases):
            return Exchange(unclear=sentence, url=url, method=method)
    return None


def _failed(words: _Words, text: str) -> Failed:
    line = next((line for line in text.split("\n") if any(word in squeezed(line) for word in words.phrases)), text)
    name = _NAME.search(text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")) if words.phase == "name" else None
    detail = clean(line.partition("Invoke-WebRequest :")[2].strip() or line.strip(), 300)
    host = name.group(1) if name and "." in name.group(1) else ""
    return Failed(phase=words.phase, kind=words.kind, detail=detail, host=host)


def _status_of_error(text: str, squeezed_text: str) -> int:
    """The status that an error names; 0 where it names none."""
    status = _REFUSED_STATUS.search(squeezed_text)
    if status is None and "WebCmdletWebResponseException" in text:
        status = _ANY_STATUS.search(text)
    return int(status.group(1)) if status and 100 <= int(status.group(1)) < 600 else 0


def _headers_below(lines: list[Line]) -> tuple[tuple[str, str], ...]:
    """Headers pasted below an error, as WebHeaderCollection prints them; none where fewer than two are there."""
    found = [header.groups() for line in lines if (header := _HEADER.match(line.text))]
    headers = tuple((name, value) for name, value in found[:100] if not name.lower().startswith("invoke-"))
    return headers if len(headers) > 1 else ()


def _listed(lines: list[Line]) -> Answered | None:
    """The answer printed as a list; what its columns cut off is told as incomplete."""
    values = _values(lines)
    status = values.get("StatusCode", [""])[0].strip()
    if len(status) != 3 or not status.isdecimal() or not values.keys() & {"RawContent", "Content", "StatusDescription"}:
        return None
    head, body, whole = _raw(values.get("RawContent", []))
    listed = " ".join(values.get("Headers", []))
    pairs = tuple((name, value) for name, value in _PAIR.findall(listed[:_MOST_TEXT]))
    all_listed = bool(pairs) and "..." not in listed and "…" not in listed
    if not whole:
        head = pairs if all_listed else tuple(dict.fromkeys((*head, *pairs)))
    content = "\n".join(values.get("Content", []))
    body = max(body, content, key=len)
    cut = body.rstrip().endswith(("...", "…"))
    return Answered(
        status=int(status),
        headers=head,
        body=body,
        all_headers=whole or all_listed,
        whole_body=bool(body.strip()) and not cut,
    )


def _values(lines: list[Line]) -> dict[str, list[str]]:
    """The lines of each property; those below the first without the indentation of the list."""
    values: dict[str, list[str]] = {}
    current: list[str] | None = None
    indent = 0
    for line in lines:
        label = _LABEL.match(line.text)
        if label and label.group(1) not in values:
            current = values[label.group(1)] = [label.group(2) or ""]
            indent = line.text.index(":") + 2
        elif current is not None and line.text[:indent].strip():
            current = None
        elif current is not None:
            rest = line.text[indent:]
            full = CONSOLE <= line.width == len(line.text)
            current.append(rest + ("\0" if full else ""))
    return {name: "\n".join(parts).replace("\0\n", "").replace("\0", "").split("\n") for name, parts in values.items()}


def _raw(lines: list[str]) -> tuple[tuple[tuple[str, str], ...], str, bool]:
    """Headers and body of RawContent, and whether the head was printed to its end."""
    if not lines or not _STATUS.match(lines[0]):
        return (), "", False
    headers: list[tuple[str, str]] = []
    for number, line in enumerate(lines[1:], 1):
        if not line.strip():
            return tuple(headers), "\n".join(lines[number + 1 :]).strip("\n"), True
        if header := _HEADER.match(line.strip()):
            headers.append((header.group(1), header.group(2)))
    return tuple(headers), "", False
