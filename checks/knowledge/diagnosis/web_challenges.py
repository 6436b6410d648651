"""What a web server's 401, or a proxy's 407, tells: who asks for a sign-in, and whether phones can give it."""

from checks.knowledge.diagnosis import sides, starts
from checks.knowledge.diagnosis.model import Clarity, Layer, Likely, Sign
from checks.knowledge.diagnosis.web_answer import WebAnswer, on_the_way, sign, where

_GUARDED = ("/ucwa", "/mcx", "/webticket", "/reach", "/abs", "/groupexpansion", "/certprov", "/autodiscover")


def _asks_for_ticket(answer: WebAnswer) -> bool:
    """True where Lync itself names the service that gives tickets or tokens, as it does to every stranger."""
    return answer.ticket_service or "msrtcoauth" in answer.schemes


def proxy_login(answer: WebAnswer) -> Sign:
    """The sign of a 407."""
    return sign(
        answer,
        Clarity.NAMED,
        Layer.HAIRPIN,
        Likely(
            cause="An HTTP proxy between the caller and the server asks for a sign-in of its own, which Lync clients cannot give.",
            reason=f"{answer.quote} Only a proxy on the caller's side says so.",
            step=starts.HAIRPIN,
            command="netsh winhttp show proxy",
            who=sides.NETWORK_ADMINISTRATOR,
        ),
        not_meant=("It does not mean the user's Lync account, nor the reverse proxy.",),
    )


def asks_for_sign_in(answer: WebAnswer) -> Sign:
    """The sign of a 401: Lync's own, as it should be; one that lacks something; one of somebody before Lync."""
    offered = answer.schemes
    named = bool(answer.server) or _asks_for_ticket(answer)
    if _is_root(answer) and (offered or not answer.headers_shown):
        return _open_to_all(answer, by_lync=named)
    if offered == ("basic",) and not named:
        return _before_lync(answer)
    if answer.headers_shown and not offered and not _asks_for_ticket(answer):
        return _offers_nothing(answer)
    if answer.path.startswith("/webticket/webticketservice") and offered and "ntlm" not in offered:
        return _without_ntlm(answer)
    if answer.path.startswith(_GUARDED) or _asks_for_ticket(answer):
        return _guarded(answer)
    return _refused(answer)


def _is_root(answer: WebAnswer) -> bool:
    """True for the root of Autodiscover, which is open to everybody."""
    return answer.path.rstrip("/").endswith("/root") or (answer.host.startswith("lyncdiscover") and not answer.path)


def _open_to_all(answer: WebAnswer, *, by_lync: bool) -> Sign:
    if not by_lync:
        return _before_lync(answer)
    return sign(
        answer,
        Clarity.NAMED,
        Layer.PUBLISHING,
        Likely(
            cause=f"{where(answer)} asks for a sign-in at the root of Autodiscover, which has to be open: in IIS its "
            "authentication was changed.",
            reason=f"{answer.quote} A Lync server is named in the answer.",
            step=starts.AUTODISCOVER,
            who=sides.FRONT_END_ADMINISTRATOR,
        ),
        not_meant=("It does not mean a wrong password: a phone sends none there.",),
    )


def _before_lync(answer: WebAnswer) -> Sign:
    offered = f"It offers {', '.join(answer.schemes)}, and no" if answer.schemes else "No"
    return sign(
        answer,
        Clarity.NAMED if answer.headers_shown else Clarity.STATUS,
        Layer.PUBLISHING,
        Likely(
            cause=f"Something before Lync asks for a sign-in at {where(answer)}: a reverse proxy that authenticates first, "
            "which phones cannot do.",
            reason=f"{answer.quote} {offered} Lync server is named in the answer.",
            step=on_the_way(answer),
            who=sides.PROXY_ADMINISTRATOR,
        ),
        not_meant=("It does not mean a wrong password: Lync was not asked yet.",),
    )


def _offers_nothing(answer: WebAnswer) -> Sign:
    return sign(
        answer,
        Clarity.DECISIVE,
        Layer.SIGN_IN,
        Likely(
            cause=f"{where(answer)} refuses everyone, for it offers no way to sign in.",
            reason=f"{answer.quote} The header WWW-Authenticate is missing.",
            step=starts.WINDOWS_AUTH,
            who=sides.FRONT_END_ADMINISTRATOR,
        ),
        not_meant=("It does not mean a wrong password: none could be sent.",),
    )


def _without_ntlm(answer: WebAnswer) -> Sign:
    return sign(
        answer,
        Clarity.NAMED,
        Layer.SIGN_IN,
        Likely(
            cause=f"The web ticket service at {where(answer)} does not offer NTLM, which phones outside the domain need.",
            reason=f"{answer.quote} It offers {', '.join(answer.schemes)}.",
            step=starts.WINDOWS_AUTH,
            who=sides.FRONT_END_ADMINISTRATOR,
        ),
    )


def _refused(answer: WebAnswer) -> Sign:
    offers = "ntlm" in answer.schemes or "negotiate" in answer.schemes
    not_offered = Likely(
        cause="Windows sign-in is not offered or switched off.",
        reason="Then every user is refused.",
        step=starts.WINDOWS_AUTH,
        who=sides.LYNC_ADMINISTRATOR,
    )
    return sign(
        answer,
        Clarity.STATUS,
        Layer.SIGN_IN,
        Likely(
            cause="The user name or password was refused, if one was sent.",
            reason=f"{answer.quote} The server was reached and asks for a sign-in.",
            step=starts.USER_ENABLED,
            command="Get-CsUser -Identity sip:<user>@<domain> | Select-Object Enabled,UserPrincipalName",
            who=sides.USER,
        ),
        *(() if offers else (not_offered,)),
        in_order=(f"Windows sign-in is offered ({', '.join(answer.schemes)}).",) if offers else (),
        not_meant=("Without credentials, 401 is what a healthy Lync web service answers.",),
        question="Were credentials sent with it? Run without: curl.exe -i https://<web FQDN>/WebTicket/WebTicketService.svc",
    )


def _guarded(answer: WebAnswer) -> Sign:
    healthy = f"401 is what a healthy service answers to {answer.path or 'a client'} without credentials."
    if answer.headers_shown and not (answer.server or _asks_for_ticket(answer)):
        return sign(
            answer,
            Clarity.STATUS,
            Layer.PUBLISHING,
            Likely(
                cause=f"What answers at {answer.host or 'this address'} may not be Lync, but something on the way.",
                reason=f"{answer.quote} The header X-MS-Server-Fqdn is missing.",
                step=on_the_way(answer),
                who=sides.PROXY_ADMINISTRATOR,
            ),
            not_meant=(healthy,),
        )
    return sign(answer, Clarity.HINT, Layer.SIGN_IN, in_order=(healthy,))
