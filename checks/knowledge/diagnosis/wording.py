"""Wordings that are known: tables of what a text may say, and what it points to.

In sentences and commands `«pool»`, `«user»`, `«web»`, `«domain»` and `«server»` stand for the text's own names;
`«(user)»` is the user in brackets, or nothing.
"""

from collections.abc import Iterable, Iterator

import msgspec

from checks.knowledge.diagnosis.model import Clarity, Layer, Likely, Sign
from checks.knowledge.diagnosis.paste import Found, Paste
from checks.model import Frozen

_IN_PROSE = {
    "pool": "the pool",
    "user": "the user",
    "web": "the web address",
    "domain": "the SIP domain",
    "server": "the server",
}
_IN_COMMANDS = {
    "pool": "<pool FQDN>",
    "user": "sip:<user>@<domain>",
    "web": "<web FQDN>",
    "domain": "<domain>",
    "server": "<Front End FQDN>",
}


class Wording(Frozen, frozen=True):
    """One thing that texts say in some ways, in lower case; ` … ` stands for what may be between."""

    kind: str
    marks: tuple[str, ...]
    layer: Layer
    likely: tuple[Likely, ...] = ()
    """`reason` says what the quoted words tell, or is empty where the cause says it all."""
    clarity: Clarity = Clarity.NAMED
    unless: tuple[str, ...] = ()
    """Wordings that make it mean something else."""
    also: tuple[str, ...] = ()
    """Wordings of which one must be there too, anywhere."""
    in_order: tuple[str, ...] = ()
    not_meant: tuple[str, ...] = ()
    question: str = ""
    topic: str = ""
    explains: tuple[str, ...] = ()


def signs_of(paste: Paste, wordings: Iterable[Wording]) -> Iterator[Sign]:
    """The signs of those wordings that stand in the text."""
    for wording in wordings:
        found = next(filter(None, map(paste.find, wording.marks)), None)
        if found is None or paste.has(*wording.unless) or (wording.also and not paste.has(*wording.also)):
            continue
        yield sign_of(paste, wording, found)


def sign_of(paste: Paste, wording: Wording, found: Found) -> Sign:
    """The sign of a wording that was found there."""
    quote = f"It says “{paste.quote(found)}”."
    return Sign(
        kind=wording.kind,
        clarity=wording.clarity,
        layer=wording.layer,
        likely=tuple(filled(paste, one, quote) for one in wording.likely),
        in_order=tuple(in_prose(paste, line) for line in wording.in_order),
        not_meant=tuple(in_prose(paste, line) for line in wording.not_meant),
        question=in_command(paste, wording.question),
        topic=wording.topic,
        explains=frozenset(wording.explains),
    )


def filled(paste: Paste, likely: Likely, quote: str) -> Likely:
    """The cause with the text's names in it, and the quotation before its reason."""
    return msgspec.structs.replace(
        likely,
        cause=in_prose(paste, likely.cause),
        reason=f"{quote} {in_prose(paste, likely.reason)}".strip(),
        command=in_command(paste, likely.command),
    )


def in_prose(paste: Paste, sentence: str) -> str:
    """The sentence with the names that the text has; where it has none, a plain word for it."""
    said = _named(paste, sentence, _IN_PROSE)
    return said[:1].upper() + said[1:] if sentence.startswith("«") and said.startswith("the ") else said


def in_command(paste: Paste, command: str) -> str:
    """The command with the names that the text has; where it has none, a placeholder."""
    return _named(paste, command, _IN_COMMANDS)


def _named(paste: Paste, template: str, otherwise: dict[str, str]) -> str:
    if "«" not in template:
        return template
    template = template.replace("«(user)»", f" ({paste.user})" if paste.user else "")
    if not paste.domain and otherwise is _IN_PROSE:
        template = template.replace(".«domain»", "")
    for name, plain in otherwise.items():
        template = template.replace(f"«{name}»", getattr(paste, name) or plain)
    return template
