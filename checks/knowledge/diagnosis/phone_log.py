"""Log lines of the mobile client that name an error of their own: `resulted in E_SslError (E2-2-2)`."""

import re
from collections.abc import Iterator

from checks.knowledge.diagnosis.model import Clarity, Layer, Sign
from checks.knowledge.diagnosis.paste import Paste
from checks.knowledge.diagnosis.wording import in_command

_ERROR = re.compile(r"\b(E_[A-Za-z]{3,40})(?: ?\((E\d{1,3}(?:-\d{1,4}){1,3})\))?")


def signs(paste: Paste) -> Iterator[Sign]:
    """A question for an error that no document explains; the known ones are wordings, which silence it."""
    match = _ERROR.search(paste.flat)
    if match is None or not (match[2] or paste.has("lync", "ucwa", "transport")):
        return
    yield Sign(
        kind="a log of the mobile client",
        clarity=Clarity.HINT,
        layer=Layer.APPLICATION,
        topic="phone-log",
        question=in_command(
            paste,
            f"No document that is known here explains {match[0]}. What does the phone show on its screen? "
            "And does the service answer? Run: curl.exe -i https://lyncdiscover.«domain»/",
        ),
    )
