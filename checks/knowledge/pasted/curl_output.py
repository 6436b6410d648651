"""What curl prints: the answer alone (-i, -I), or with -v all that went to and fro."""

import re
from collections.abc import Iterable

import msgspec

from checks.knowledge.pasted.curl_failures import failure_of
from checks.knowledge.pasted.screen import CONSOLE, Line, typed_at, urls_in
from checks.knowledge.pasted.web_exchange import Answered, Exchange, Failed

MOST_ANSWERS = 60
_MOST_HEADERS = 200
_MOST_BODY = 64 * 1024
_MOST_NOTES = 200
_STATUS = re.compile(r"HTTP/\d(?:\.\d)? (\d{3})(?: (.{0,200}))?\Z")
_HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}):(?:[ \t](.*))?\Z")
_REQUEST = re.compile(r"> ([A-Z]{3,10}) (\S{1,2000}) HTTP/\d")
_ERROR = re.compile(r"curl: \((\d{1,3})\) ?(.*)")
_METER = re.compile(r"\s*\d[\d. kMGTP]{0,80}(?:[-\d]{1,2}:[-\d]{2}:[-\d]{2} {1,9}){3}[\d.]{1,8}[kMG]?")
_METER_TITLE = re.compile(r"\s*(?:% Total\s+% Received|Dload\s+Upload)")
_VERBOSE = re.compile(
    r"(?:< HTTP/\d|> [A-Z]{3,10} \S+ HTTP/\d|\* {1,3}(?:Trying|Connected to|connect to|Host|Could not resolve) )"
)
_CONNECTED = re.compile(r"\* (?:Connected|Established connection) to (\S{1,260}) \((\S{1,60}?)(?: port \d+)?\) ")
_TRYING = re.compile(r"\* {1,3}Trying \[?([0-9A-Fa-f:.%]{2,60}?)\]?(?::\d{1,5})?\.\.\.")
_CONNECTED_PORT = re.compile(r"\* (?:Connected|Established connection) to .{1,330} port (\d{1,5})")
_FAREWELL = re.compile(r"\* (?:Connection #\d{1,6} to host \S{1,260} left intact|Closing connection.{0,20})\Z")
_POSTS = re.compile(r"\s(?:-X\s?|--request[ =])\"?POST\b|\s(?:-d|--data\S{0,12})\s")
_LOOKS_AT_HEAD = re.compile(r"\s(?:-[a-zA-Z]{0,12}I[a-zA-Z]{0,12}|--head)(?:\s|\Z)")
_LOOKS_AWAY = re.compile(r"\s(?:-[a-zA-Z]{0,12}k[a-zA-Z]{0,12}|--insecure)(?:\s|\Z)")
_BEYOND_MAXIMUM = 47


def exchange(lines: Iterable[Line]) -> Exchange | None:
    """What the first curl of the text shows; None where there is no curl in it."""
    kept = (_without_meter(line) for line in lines)
    return _Reading([line for line in kept if line is not None]).shown()


def _without_meter(line: Line) -> Line | None:
    """The line without the meter that curl shows beside redirected output; None where there was nothing else."""
    if _METER_TITLE.match(line.text):
        return None
    meter = _METER.match(line.text)
    if meter is None:
        return line
    rest = line.text[meter.end() :]
    return Line(line.number, rest, len(rest)) if rest.strip() else None


class _Reading:
    """The text line by line: notes (`* `), requests (`> `), heads (`< ` or bare) and bodies."""

    def __init__(self, lines: list[Line]) -> None:
        self._verbose = any(_VERBOSE.match(line.text) for line in lines)
        self._answers: list[_Answer] = []
        self._notes: list[str] = []
        self._method = self._path = self._host = self._url = self._typed = ""
        self._address = self._port = ""
        self._encrypted = False
        self._tunnelling = False
        self._error: tuple[int, str] | None = None
        for line in lines:
            if (typed := typed_at(line)) is not None:
                if self._answers or self._error or self._notes:
                    break
                self._take_typed(typed)
            elif not self._take(line):
                break

    def shown(self) -> Exchange | None:
        answers = tuple(answer.shown() for answer in self._answers if not answer.interim)
        failure = self._failure(bool(answers))
        if not answers and failure is None:
            return None
        unclear = failure if isinstance(failure, str) else ""
        notes = "\n".join(self._notes)
        return Exchange(
            answers=answers,
            failed=failure if isinstance(failure, Failed) else None,
            url=self._url or self._called(),
            method=self._method or self._typed_method(),
            unverified=bool(_LOOKS_AWAY.search(self._typed)) or "continuing anyway" in notes,
            endless=self._error is not None and self._error[0] == _BEYOND_MAXIMUM,
            unclear=unclear,
        )

    def _failure(self, answered: bool) -> Failed | str | None:
        if self._error is None:
            return None
        failure = failure_of(*self._error, "\n".join(self._notes), self._address)
        if failure is None and not answered:
            return f"curl ended with error {self._error[0]}, which tells nothing of the server. Paste what curl.exe -v prints."
        return failure

    def _called(self) -> str:
        """The address by the first request's own lines."""
        if not self._host:
            return ""
        scheme = "https" if self._encrypted or self._port == "443" else "http"
        return f"{scheme}://{self._host}{self._path or '/'}"

    def _typed_method(self) -> str:
        if not self._typed:
            return ""
        if _LOOKS_AT_HEAD.search(self._typed):
            return "HEAD"
        return "POST" if _POSTS.search(self._typed) else "GET"

    def _take_typed(self, typed: str) -> None:
        if typed.lower().split(" ")[0].removesuffix(".exe").endswith("curl"):
            self._typed = typed
            self._url = next(iter(urls_in(typed)), "")

    def _take(self, line: Line) -> bool:
        """False where the text of this curl ends."""
        text = line.text
        if self._error is not None:
            if text.startswith(" ") or not text:
                return False
            self._error = (self._error[0], f"{self._error[1]} {text}"[:2000])
        elif error := _ERROR.match(text):
            self._error = (int(error.group(1)), error.group(2))
        elif self._verbose and text.startswith(("* ", "*\t")):
            self._take_note(text)
        elif self._verbose and (text == ">" or text.startswith("> ")):
            self._take_request(text)
        elif self._verbose and (text == "<" or text.startswith("< ")):
            self._take_head(line, text[2:])
        elif not (self._verbose and text.startswith(("{ [", "} ["))):
            self._take_bare(line)
        return True

    def _take_note(self, text: str) -> None:
        if len(self._notes) < _MOST_NOTES:
            self._notes.append(text[:500])
        lowered = text.lower()
        if connected := _CONNECTED.match(text):
            self._address = connected.group(2)
            port = _CONNECTED_PORT.match(text)
            self._port = port.group(1) if port else ""
        elif trying := _TRYING.match(text):
            self._address = trying.group(1)
        elif any(word in lowered for word in ("tls", "ssl", "alpn", "schannel")):
            self._encrypted = True

    def _take_request(self, text: str) -> None:
        if request := _REQUEST.match(text):
            self._tunnelling = request.group(1) == "CONNECT"
            if not self._method and not self._tunnelling:
                self._method, self._path = request.group(1), request.group(2)
        elif text.lower().startswith("> host:") and not self._host and not self._tunnelling:
            self._host = text[7:].strip()

    def _take_head(self, line: Line, text: str) -> None:
        if (status := _STATUS.match(text)) and len(self._answers) < MOST_ANSWERS:
            self._answers.append(_Answer(status, self._address, tunnel=self._tunnelling))
        elif self._answers:
            self._answers[-1].take_head(text, line)

    def _take_bare(self, line: Line) -> None:
        last = self._answers[-1] if self._answers else None
        if self._verbose:
            if last is not None and last.in_head:
                last.go_on(line)
            elif last is not None:
                last.take_body(line.text)
        elif (status := _STATUS.match(line.text)) and (last is None or last.may_be_followed):
            if len(self._answers) < MOST_ANSWERS:
                self._answers.append(_Answer(status, "", tunnel=False))
        elif last is not None and last.in_head:
            last.take_head(line.text, line)
        elif last is not None:
            last.take_body(line.text)


class _Answer:
    """One answer while it is read."""

    def __init__(self, status: re.Match[str], address: str, *, tunnel: bool) -> None:
        self.in_head = True
        self._status = int(status.group(1))
        self._address = address
        self._headers: list[tuple[str, str]] = []
        self._body: list[str] = []
        self._size = 0
        self._full = False
        established = (status.group(2) or "").strip().lower().endswith("connection established")
        self.interim = self._status < 200 or tunnel or (self._status == 200 and established)
        """True for what comes before the server's own answer: 100, or what a proxy said."""

    @property
    def may_be_followed(self) -> bool:
        """True where no body was begun: the next head may come."""
        return not any(line.strip() for line in self._body)

    def take_head(self, text: str, line: Line) -> None:
        if not text.strip():
            self.in_head = False
        elif (header := _HEADER.match(text)) and len(self._headers) < _MOST_HEADERS:
            self._headers.append((header.group(1), (header.group(2) or "").strip()))
            self._full = CONSOLE <= line.width == len(line.text)
        elif text.startswith("<") and not self._full:
            self.in_head = False
            self.take_body(text)
        else:
            self.go_on(line)

    def go_on(self, line: Line) -> None:
        """A header's line that the console broke; a full one goes on inside a word."""
        if self._headers and self._full and line.text:
            name, value = self._headers[-1]
            self._headers[-1] = (name, value + line.text)
            self._full = CONSOLE <= line.width == len(line.text)

    def take_body(self, text: str) -> None:
        if self._size < _MOST_BODY:
            self._body.append(_FAREWELL.sub("", text))
            self._size += len(text) + 1

    def shown(self) -> Answered:
        body = _without_head("\n".join(self._body).strip("\n"))
        answered = Answered(status=self._status, headers=tuple(self._headers), body=body, address=self._address)
        length = answered.header("Content-Length").strip()
        announced = (length.isdigit() and length.strip("0") != "") or bool(answered.header("Transfer-Encoding"))
        return msgspec.structs.replace(answered, whole_body=bool(body.strip()) or not announced)


def _without_head(body: str) -> str:
    """With -v and -i together the head is printed twice, the second time where the body begins."""
    first, _, rest = body.partition("\n")
    if not _STATUS.match(first.rstrip()):
        return body
    _, _, after = rest.partition("\n\n")
    return after
