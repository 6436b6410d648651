"""SIP responses, with or without ms-diagnostics beside them."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from checks.knowledge.diagnosis import sides, starts
from checks.knowledge.diagnosis.model import Clarity, Layer, Likely, Sign
from checks.knowledge.diagnosis.paste import Found, Paste
from checks.knowledge.diagnosis.wording import in_command, in_prose

_MOST = 6
_RESPONSE = re.compile(
    r"sip/2\.0 ([1-6]\d\d)\b|(?<![\d.])([1-6]\d\d), ?(?:not found|server time-out|forbidden|unauthorized|temporarily unavailable)"
    r"|(?<![\d.])([45]\d\d) \((?:server time-out|not found|forbidden|temporarily unavailable)\)"
)


class Response(NamedTuple):
    """What a SIP response means on its own."""

    cause: str
    reason: str
    layer: Layer
    who: str
    step: str = ""
    command: str = ""
    not_meant: str = ""


_RESPONSES = {
    403: Response(
        "The server knows «user» and does not allow the request: by policy, or for want of remote access.",
        "403 is a decision, not a failure.",
        Layer.POLICY,
        sides.LYNC_ADMINISTRATOR,
        command="Get-CsExternalAccessPolicy",
        not_meant="It does not mean a wrong password: that is 401.",
    ),
    404: Response(
        "«user», or the user written to, does not exist or is not enabled for Lync.",
        "404 in SIP is about a user, not about a web page.",
        Layer.USER,
        sides.USER_ADMINISTRATOR,
        starts.USER_ENABLED,
        "Get-CsUser -Identity «user»",
        "It does not mean a missing web service.",
    ),
    480: Response(
        "The user written to is known and is signed in nowhere.",
        "480 says temporarily unavailable.",
        Layer.PUSH,
        sides.USER,
        not_meant="It does not mean a fault of the server: nobody was there to receive it.",
    ),
    504: Response(
        "A server on the way to the other side did not answer: the Edge, or the network behind it.",
        "504 is told by the server before the gap.",
        Layer.REACH,
        sides.EDGE_ADMINISTRATOR,
        command="Test-CsFederatedPartner -TargetFqdn <internal Edge FQDN> -Domain <other domain>",
        not_meant="It does not mean the phone's sign-in: the message was accepted and went on.",
    ),
    408: Response(
        "The other end did not answer in time.",
        "408 is a time-out of the request.",
        Layer.REACH,
        sides.NETWORK_ADMINISTRATOR,
    ),
}


def signs(paste: Paste) -> Iterator[Sign]:
    """One sign for each status."""
    seen = set[int]()
    for match in _RESPONSE.finditer(paste.low):
        status = int(match[1] or match[2] or match[3])
        if status in seen:
            continue
        seen.add(status)
        place = Found(*match.span())
        if status in {401, 407}:
            yield _challenge(paste, status, place)
        elif status in _RESPONSES:
            yield _sign(paste, status, place)
        if len(seen) == _MOST:
            return


def _sign(paste: Paste, status: int, place: Found) -> Sign:
    response = _RESPONSES[status]
    return Sign(
        kind=f"SIP response {status}",
        clarity=Clarity.STATUS,
        layer=response.layer,
        topic=f"sip-{status}" if status == 504 else "sip",
        explains=frozenset({"test-failed"}),
        likely=(
            Likely(
                cause=in_prose(paste, response.cause),
                reason=f"It says “{paste.quote(place)}”. {response.reason}",
                step=response.step,
                command=in_command(paste, response.command),
                who=response.who,
            ),
        ),
        not_meant=(response.not_meant,) if response.not_meant else (),
    )


def _challenge(paste: Paste, status: int, place: Found) -> Sign:
    return Sign(
        kind=f"SIP response {status}",
        clarity=Clarity.HINT,
        layer=Layer.SIGN_IN,
        topic="sip",
        not_meant=(f"The first SIP {status} of a sign-in is no fault: it asks for the credentials.",),
        question="What comes after the 401? Paste the response to the second REGISTER, or run: "
        f"Test-CsRegistration -TargetFqdn {paste.pool or '<pool FQDN>'} -UserSipAddress {paste.user or 'sip:<user>@<domain>'} "
        "-UserCredential (Get-Credential) -Verbose",
    )
