"""Subjects and issuers as openssl prints them (1.0.2, 1.1 to 3.1, and since 3.2), in the order of RFC 4514."""

import re

from checks.text import clean

_SLASHES = re.compile(r"/(?=[A-Za-z0-9.]{1,40}=)")
_PARTS = re.compile(r'((?:"(?:\\.|[^"\\])*"|\\.|[^,\\"])+)(?:, ?|\Z)')


def distinguished_name(shown: str) -> str:
    """`CN=x,O=Litware\\, Inc.,C=US` from `C = US, O = "Litware, Inc.", CN = x`; what does not parse stays as it is."""
    shown = shown.strip()[:2000]
    slashed = shown.startswith("/")
    parts = _SLASHES.split(shown)[1:] if slashed else [match.group(1) for match in _PARTS.finditer(shown)]
    turned = []
    for part in reversed(parts):
        kind, equals, value = part.partition("=")
        if not equals:
            return clean(shown)
        turned.append(f"{kind.strip()}={_escaped(value.strip(), quoted=not slashed)}")
    return clean(",".join(turned) or shown)


def _escaped(value: str, *, quoted: bool) -> str:
    if quoted and len(value) > 1 and value.startswith('"') and value.endswith('"'):
        value = re.sub(r"\\(.)", r"\1", value[1:-1])
    elif quoted:
        return value
    return re.sub(r'([,+"\\<>;])', r"\\\1", value)
