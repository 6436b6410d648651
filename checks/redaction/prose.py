"""Names in text that anybody may have written: found by their form, or because they were seen where names stand."""

import re
from collections.abc import Callable, Mapping

from checks.redaction.addresses import Addresses
from checks.redaction.names import Names, is_ordinary

# Every alternative begins where no other could have begun, so that reading stays linear. Only characters are possessive:
# before 3.11.5 Python misses names where a whole group is.
_FORMS = re.compile(
    r"""
    (?P<cut> (?<![\w.@:+'-]) [\w@+'-]++ (?:[.:][\w@+'-]++)* (?=…|\.{3}) )
  | (?P<guid> (?<![\w-]) [0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12} (?![\w-]) )
  | (?P<sid> (?<![\w-]) S-1-5-21(?:-\d{1,10}){3,4} (?![\w-]) )
  | (?P<components> (?<!\w) DC\s?=\s?[\w-]++ (?:,\s*+DC\s?=\s?[\w-]++)* )
  | (?P<rdn> (?<![\w.]) (?:CN|OU|O|L|ST|S|STREET|SN|GN|G|T|E|UID|SERIALNUMBER|POSTALCODE|EMAILADDRESS)\s?=\s? )
    (?P<value> "[^"\n]{1,400}+" | (?:\\.|[^\\,;+"“”‘’<>|…\r\n]){1,400} )
  | (?P<realm> \brealm\s?=\s?" ) (?P<of> [^"\n]{1,200}+ )
  | (?P<profile> (?:(?<=\\users\\)|(?<=/users/)|(?<=/home/)|(?<=\\documents\ and\ settings\\)) [^\\/:*?"'<>|\s]++ )
  | (?P<unc> (?<![\w\\])\\\\ ) (?P<share> [\w.-]++ )
  | (?P<url> (?<=://) [\w*][\w*.-]*+ )
  | (?P<local> (?<![\w.!#$%&'*+=?^~-]) [\w.!#$%&'*+=?^~-]++ ) @ (?P<at> [\w-]++(?:\.[\w-]++)* )
  | (?P<netbios> (?<![\w.:\\/-]) [a-z0-9][\w.-]{0,62}+ ) \\ (?P<account> [\w.$-]++ ) (?!\\)
  | (?P<serial> (?<![\w-]) (?: [0-9a-f]{16,}+ | (?:[0-9a-f]{2}[:-]){5,}[0-9a-f]{2} ) (?![\w-]) )
  | (?P<six> (?<![\w:.]) (?=[0-9a-f]*+:[0-9a-f]*+:) [0-9a-f:]{2,}+ (?:\.\d{1,3}){0,3} (?:%\w{1,20}+)? )
  | (?P<four> (?<![\w.]) (?:\d{1,3}\.){3}\d{1,3} (?!\w|\.\w) )
  | (?P<phone> (?:(?<![\w+])\+|(?<=tel:)\+?) \d(?:[ ().-]{0,2}\d){6,17} )
  | (?<![\w.*-])-*+ (?P<dotted> [\w*][\w*-]*+(?:\.[\w-]++)+ )
    """,
    re.IGNORECASE | re.VERBOSE,
)
# Where a relative distinguished name ends in the middle of a sentence, or before the next one of OpenSSL's old form.
_VALUE_ENDS = re.compile(r"\s*(?:\.\s|/\s?[A-Za-z]{1,20}=|\.?\Z)")
_BEFORE_LOCAL = re.compile(r"[\w.!#$%&'*+=?^~-]*[='&?]")
_QUOTED = re.compile(r"""(?<!\w)(["'“])([^"'“”\n]{3,64})["'”](?!\w)""")
_CMDLET = re.compile(r"[A-Z][a-z]+-[A-Z][A-Za-z0-9]+\Z")
_PATTERN = re.compile(r"(?:Get|Test)-Cs[A-Za-z0-9]+\\b\Z")
"""A cmdlet and the end of a word, as the search for the roles that hold it has them; no domain and its user."""
_NAMESPACE = re.compile(r"(?:Microsoft|System)\.[A-Z]")
_NO_HOST = frozenset({"asp.net", "vb.net", "ado.net", "microsoft.net", "node.js"})
_PUSH = "push@push.lync.com"
_NOBODYS = ("00000000-0000-0000-0000-000000000000", "-0000-0ff1-ce00-000000000000")
"""What is no tenant's, and the numbers of Microsoft's own applications."""


class Prose:
    """Replaces names in text. As Names does, it only takes notice until all names are known."""

    def __init__(self, names: Names, addresses: Addresses) -> None:
        self.names = names
        self.addresses = addresses
        self.settled = False
        self._done: dict[str, tuple[tuple[bool, int], str]] = {}
        """Much of a journal stands in it many times: what became of each text, and what was known then."""
        self._numbers: dict[tuple[str, str], int] = {}
        self._counts: dict[str, int] = {}
        self._by_form: Mapping[str, Callable[[re.Match[str]], str | None]] = {
            "cut": self._cut,
            "guid": lambda match: self.guid(match["guid"]),
            "sid": lambda match: f"S-1-5-21-1-1-1-{self.number(match['sid'], 'sid')}",
            "components": self._components,
            "value": self._relative_name,
            "of": lambda match: match["realm"] + self._whole(match["of"]),
            "profile": lambda match: self.names.word(match["profile"], "user"),
            "share": lambda match: match["unc"] + self.host(match["share"]),
            "url": lambda match: self.host(match["url"]),
            "at": self._mail,
            "account": self._account,
            "six": self._six,
            "four": lambda match: self.address(match["four"]),
            "phone": lambda match: self.phone(match["phone"]),
            "serial": lambda match: self.serial(match["serial"]),
            "dotted": self._dotted,
        }

    def replaced(self, text: str) -> str:
        """The text without names, addresses and numbers of the deployment."""
        known = (self.settled, self.names.endings)
        done = self._done.get(text)
        if done is None or done[0] != known:
            done = self._done[text] = (known, self._replaced(text))
        return done[1]

    def _replaced(self, text: str) -> str:
        done: list[str] = []
        end = 0
        for match in _FORMS.finditer(text):
            form = match.lastgroup or ""
            other = self._by_form[form](match)
            if other is not None:
                begin = match.start("dotted") if form == "dotted" else match.start()
                done += (self._ordinary(text[end:begin]), other)
                end = match.end()
        return "".join((*done, self._ordinary(text[end:])))

    def message(self, text: str) -> str:
        """The same for what a server complains of: what it quotes is a name too."""
        for _, quoted in _QUOTED.findall(text):
            known = is_ordinary(quoted) or _CMDLET.match(quoted) or self.has_form(quoted)
            if not known and len(quoted.split()) <= 4:
                self.names.word(quoted, "name")
        return self.replaced(text)

    def has_form(self, text: str) -> bool:
        """True where something in the text is a name by its form, whatever the words are."""
        return any(
            self.names.is_host(match["dotted"]) if match.lastgroup == "dotted" else match.lastgroup != "cut"
            for match in _FORMS.finditer(text)
        )

    def address(self, text: str) -> str | None:
        """Another IP address of the same class; None where the text is none."""
        try:
            if self.settled:
                return self.addresses.replaced(text)
            self.addresses.note(text)
        except ValueError:
            return None
        return text

    def host(self, text: str) -> str:
        """What stands for a host, by its name or its IPv4 address. A name without dots is a machine's own."""
        host = text.rstrip(".-")
        if is_address(host):
            return (self.address(host) or host) + text[len(host) :]
        other = self.names.host(host) if "." in host else self.names.word(host, "host")
        return other + text[len(host) :]

    def mail(self, local: str, host: str) -> str:
        """What stands for an address of a user."""
        if f"{local}@{host}".lower() == _PUSH:
            return f"{local}@{host}"
        return f"{self.names.word(local, 'user')}@{self.host(host)}"

    def guid(self, text: str) -> str:
        if text.lower().endswith(_NOBODYS):
            return text
        return f"00000000-0000-4000-8000-{self.number(text, 'guid'):012d}"

    def phone(self, text: str) -> str:
        """A number that nobody has; `tel:` in front of it stays."""
        scheme = "tel:" if text.lower().startswith("tel:") else ""
        digits = "".join(character for character in text.partition(";")[0] if character.isdecimal())
        return f"{scheme}+1555010{self.number(digits, 'phone'):04d}"

    def serial(self, text: str) -> str:
        return f"{self.number(text, 'serial'):016X}"

    def number(self, text: str, of: str) -> int:
        """The same number for the same text, counted from 1."""
        key = (of, text.casefold())
        if key not in self._numbers:
            self._counts[of] = self._numbers[key] = self._counts.get(of, 0) + 1
        return self._numbers[key]

    def _ordinary(self, text: str) -> str:
        return self.names.in_prose(text) if text and self.settled else text

    def _whole(self, text: str) -> str:
        """A text that is a name as a whole, unless it holds something with a form of its own."""
        if is_ordinary(text):
            return text
        return self.replaced(text) if self.has_form(text) else self.names.word(text, "organisation")

    def _cut(self, match: re.Match[str]) -> str | None:
        """The last word before an ellipsis may be the beginning of a name."""
        text = match["cut"]
        if "@" in text or is_address(text) or self.names.is_host(text):
            return self.replaced(text)
        if not self.settled:
            return None
        last = max(text.rfind(mark) for mark in ".:") + 1
        return self._ordinary(text[:last]) + (self.names.begun(text[last:]) or self._ordinary(text[last:]))

    def _components(self, match: re.Match[str]) -> str:
        labels = [part.partition("=")[2].strip() for part in match["components"].split(",")]
        return ",".join(f"DC={label}" for label in self.names.host(".".join(labels)).split("."))

    def _relative_name(self, match: re.Match[str]) -> str:
        value = match["value"]
        if value.startswith('"'):
            return f'{match["rdn"]}"{self._whole(value[1:-1])}"'
        end = _VALUE_ENDS.search(value)
        cut = end.start() if end else len(value)
        return match["rdn"] + self._whole(value[:cut]) + (self.replaced(value[cut:]) if value[cut:] else "")

    def _mail(self, match: re.Match[str]) -> str:
        local, before = match["local"], ""
        begins = _BEFORE_LOCAL.match(local)
        if begins and begins.end() < len(local):
            before, local = local[: begins.end()], local[begins.end() :]
        return self._ordinary(before) + self.mail(local, match["at"])

    def _account(self, match: re.Match[str]) -> str | None:
        if _PATTERN.match(match[0]) or (is_ordinary(match["netbios"]) and is_ordinary(match["account"])):
            return None
        return f"{self.names.word(match['netbios'], 'domain')}\\{self.names.word(match['account'], 'user')}"

    def _six(self, match: re.Match[str]) -> str | None:
        text = match["six"]
        bare = text.removesuffix(":") if not text.endswith("::") else text
        other = self.address(bare)
        return other + text[len(bare) :] if other else None

    def _dotted(self, match: re.Match[str]) -> str | None:
        text = match["dotted"]
        if _NAMESPACE.match(text) or text.casefold() in _NO_HOST or not self.names.is_host(text):
            return None
        return self.names.host(text)


def is_address(text: str) -> bool:
    """True for four numbers with dots between them."""
    match = _FORMS.fullmatch(text)
    return match is not None and match.lastgroup == "four"
