"""What an HTTP answer tells of the Lync web services, as far as status, headers and the first words of the page go."""

from collections.abc import Iterator
from typing import NamedTuple

from checks.knowledge.diagnosis import sides, starts
from checks.knowledge.diagnosis.model import Clarity, Layer, Likely, Sign

_GUARDED = ("/ucwa", "/mcx", "/webticket", "/reach", "/abs", "/groupexpansion", "/certprov", "/autodiscover")
_RECYCLE = "Get-WebAppPoolState   # in the IIS module, on each Front End"


class WebAnswer(NamedTuple):
    """An answer of a web server, as far as the text shows it."""

    status: int
    quote: str
    host: str = ""
    path: str = ""
    """In lower case; empty where the text does not show it."""
    server: str = ""
    """X-MS-Server-Fqdn: the Lync server that answered."""
    headers_shown: bool = False
    """True where the text shows the headers, so that a missing one is missing."""
    schemes: tuple[str, ...] = ()
    """What WWW-Authenticate offers, in lower case."""
    body: str = ""
    """The first of it, in lower case."""
    location: str = ""


def signs_of(answer: WebAnswer) -> Iterator[Sign]:
    """The signs of one answer; none where a status tells nothing of Lync."""
    status = answer.status
    if status == 200:
        yield from _found(answer)
    elif status in {301, 302, 303, 307, 308}:
        yield from _redirected(answer)
    elif status == 401:
        yield _asks_for_sign_in(answer)
    elif status == 403:
        yield _forbidden(answer)
    elif status == 404:
        yield _missing(answer)
    elif status in {502, 504}:
        yield _gateway(answer)
    elif status in {500, 503}:
        yield _failing(answer)
    elif status in {400, 405, 409}:
        yield _odd(answer)


def _where(answer: WebAnswer) -> str:
    return answer.server or answer.host or "the web service"


def _sign(
    answer: WebAnswer,
    clarity: Clarity,
    layer: Layer,
    *likely: Likely,
    not_meant: tuple[str, ...] = (),
    in_order: tuple[str, ...] = (),
    question: str = "",
) -> Sign:
    return Sign(
        kind=f"HTTP status {answer.status}",
        clarity=clarity,
        layer=layer,
        likely=likely,
        in_order=in_order,
        not_meant=not_meant,
        question=question,
        topic=f"http-{answer.status}",
    )


def _found(answer: WebAnswer) -> Iterator[Sign]:
    squeezed = answer.body.replace(" ", "")
    if '"accesslocation":"internal"' in squeezed or 'accesslocation="internal"' in squeezed:
        yield _sign(
            answer,
            Clarity.STATUS,
            Layer.PUBLISHING,
            Likely(
                cause=f"If this was asked from outside: the reverse proxy forwards {answer.host or 'it'} to the pool's "
                "internal site (443) instead of the external one (4443).",
                reason=f"{answer.quote} Autodiscover says that the caller is inside (AccessLocation Internal).",
                step=starts.SERVICE_URL,
                who=sides.PROXY_ADMINISTRATOR,
            ),
            not_meant=("Asked from inside, AccessLocation Internal is right.",),
            question="From where was it asked? From outside, AccessLocation must be External: "
            "curl.exe -i https://lyncdiscover.<domain>/",
        )
    elif "accesslocation" in squeezed:
        yield _sign(
            answer,
            Clarity.HINT,
            Layer.PUBLISHING,
            in_order=("Autodiscover answers, and takes the caller for an outside one.",),
        )
    elif "<form" in answer.body and "password" in answer.body:
        yield _sign(
            answer,
            Clarity.NAMED,
            Layer.PUBLISHING,
            Likely(
                cause=f"A login page answers at {_where(answer)}, not Lync: the reverse proxy asks for a sign-in of its own, "
                "or it is a guest network's portal.",
                reason=f"{answer.quote} The page has a password field.",
                step=starts.SERVICE_URL,
                who=sides.PROXY_ADMINISTRATOR,
            ),
            not_meant=("It does not mean that Lync is well because the status is 200.",),
        )
    elif answer.server:
        yield _sign(answer, Clarity.HINT, Layer.APPLICATION, in_order=(f"Lync itself answers, from {answer.server}.",))


def _redirected(answer: WebAnswer) -> Iterator[Sign]:
    if answer.location and answer.host and answer.host not in answer.location:
        yield _sign(
            answer,
            Clarity.NAMED,
            Layer.PUBLISHING,
            Likely(
                cause=f"{answer.host} sends clients away to another address; phones take that for a failure.",
                reason=f"{answer.quote} Lync redirects in the body of a 200, never by 302 to another domain.",
                step=starts.SERVICE_URL,
                who=sides.PROXY_ADMINISTRATOR,
            ),
        )


def _asks_for_sign_in(answer: WebAnswer) -> Sign:
    if answer.headers_shown and not answer.schemes:
        return _sign(
            answer,
            Clarity.DECISIVE,
            Layer.SIGN_IN,
            Likely(
                cause=f"{_where(answer)} refuses everyone, for it offers no way to sign in.",
                reason=f"{answer.quote} The header WWW-Authenticate is missing.",
                step=starts.WINDOWS_AUTH,
                who=sides.FRONT_END_ADMINISTRATOR,
            ),
            not_meant=("It does not mean a wrong password: none could be sent.",),
        )
    if answer.path.startswith("/webticket") and answer.schemes and "ntlm" not in answer.schemes:
        return _sign(
            answer,
            Clarity.NAMED,
            Layer.SIGN_IN,
            Likely(
                cause=f"The web ticket service at {_where(answer)} does not offer NTLM, which phones outside the domain need.",
                reason=f"{answer.quote} It offers {', '.join(answer.schemes)}.",
                step=starts.WINDOWS_AUTH,
                who=sides.FRONT_END_ADMINISTRATOR,
            ),
        )
    if answer.path.startswith(_GUARDED):
        return _guarded(answer)
    offers = "ntlm" in answer.schemes or "negotiate" in answer.schemes
    not_offered = Likely(
        cause="Windows sign-in is not offered or switched off.",
        reason="Then every user is refused.",
        step=starts.WINDOWS_AUTH,
        who=sides.LYNC_ADMINISTRATOR,
    )
    return _sign(
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
    healthy = f"401 is what a healthy service answers to {answer.path} without credentials."
    if answer.headers_shown and not answer.server:
        return _sign(
            answer,
            Clarity.STATUS,
            Layer.PUBLISHING,
            Likely(
                cause=f"What answers at {answer.host or 'this address'} may not be Lync, but something on the way.",
                reason=f"{answer.quote} The header X-MS-Server-Fqdn is missing.",
                step=starts.SERVICE_URL,
                who=sides.PROXY_ADMINISTRATOR,
            ),
            not_meant=(healthy,),
        )
    return _sign(answer, Clarity.HINT, Layer.SIGN_IN, in_order=(healthy,))


def _forbidden(answer: WebAnswer) -> Sign:
    proxy = Likely(
        cause=f"A rule of the reverse proxy or a web filter forbids {answer.path or 'the address'} of "
        f"{answer.host or 'the web service'}.",
        reason=f"{answer.quote} "
        + ("No Lync server is named in the answer." if answer.headers_shown else "Lync seldom answers so itself."),
        step=starts.SERVICE_URL,
        who=sides.PROXY_ADMINISTRATOR,
    )
    lync = Likely(
        cause=f"Lync itself forbids it{f' ({answer.server})' if answer.server else ''}: the token was refused, or IIS has a "
        "rule for this path.",
        reason=f"{answer.quote} X-Ms-diagnostics beside it would say why.",
        step=starts.SERVICE_URL,
        who=sides.FRONT_END_ADMINISTRATOR,
    )
    likely = (lync,) if answer.server else (proxy,) if answer.headers_shown else (proxy, lync)
    return _sign(
        answer,
        Clarity.NAMED if answer.headers_shown else Clarity.STATUS,
        Layer.PUBLISHING,
        *likely,
        not_meant=("It does not mean a wrong password: that is 401.",),
    )


def _missing(answer: WebAnswer) -> Sign:
    path, quote = answer.path, answer.quote
    not_meant: tuple[str, ...] = ("It does not mean DNS or firewall: a web server answered.",)
    if path.startswith("/mcx"):
        likely = Likely(
            cause=f"{_where(answer)} has no Mcx: the product is 2019 or later, Mcx is not installed, or the reverse proxy "
            "leaves the path out.",
            reason=f"{quote} Mcx was removed with Skype for Business Server 2019.",
            step=starts.SERVICE_URL,
            command="Get-CsServerVersion",
            who=sides.FRONT_END_ADMINISTRATOR,
        )
        not_meant = (*not_meant, "On 2019 and later, 404 is right here: phones use UCWA.")
    elif path.startswith("/ucwa"):
        likely = Likely(
            cause=f"{_where(answer)} has no UCWA: on Lync Server 2013 it comes with the cumulative update of February 2013.",
            reason=quote,
            command="Get-CsServerVersion",
            who=sides.FRONT_END_ADMINISTRATOR,
        )
    elif "/user" in path:
        likely = Likely(
            cause="Autodiscover does not know the user's home: not enabled, not homed, or not yet replicated.",
            reason=f"{quote} So it answers when the ticket is good and the home server is unknown.",
            step=starts.USER_ENABLED,
            command="Get-CsUser -Identity sip:<user>@<domain> | Select-Object Enabled,RegistrarPool",
            who=sides.USER_ADMINISTRATOR,
        )
    else:
        likely = Likely(
            cause=f"{_where(answer)} does not publish {path or 'this path'}: a rule of the reverse proxy is missing or does "
            "not pass the host name on.",
            reason=quote,
            step=starts.SERVICE_URL,
            who=sides.PROXY_ADMINISTRATOR,
        )
    return _sign(answer, Clarity.NAMED if path else Clarity.STATUS, Layer.PUBLISHING, likely, not_meant=not_meant)


def _gateway(answer: WebAnswer) -> Sign:
    return _sign(
        answer,
        Clarity.NAMED,
        Layer.PUBLISHING,
        Likely(
            cause=f"The reverse proxy in front of {answer.host or 'the pool'} gets no answer from the pool on port 4443.",
            reason=f"{answer.quote} Lync does not answer so itself; a proxy does.",
            step=starts.SERVICE_URL,
            command="Test-NetConnection <pool FQDN> -Port 4443   # from the reverse proxy",
            who=f"{sides.PROXY_ADMINISTRATOR}, then {sides.NETWORK_ADMINISTRATOR}",
        ),
        not_meant=("It does not mean the user, the password or a policy.",),
    )


def _failing(answer: WebAnswer) -> Sign:
    if "500.19" in answer.body or "0x80070021" in answer.body:
        cause = "A section of the IIS configuration is locked, as seen after a cumulative update (500.19)."
    elif answer.status == 503:
        cause = (
            f"The application pool behind {answer.path or 'the service'} on {_where(answer)} is stopped or overloaded."
        )
    else:
        cause = f"The web application behind {answer.path or 'the service'} on {_where(answer)} fails."
    return _sign(
        answer,
        Clarity.NAMED,
        Layer.APPLICATION,
        Likely(
            cause=cause,
            reason=f"{answer.quote} The request came as far as a web server.",
            step="" if answer.path.startswith("/ucwa") else starts.SERVICE_URL,
            command=_RECYCLE,
            who=sides.FRONT_END_ADMINISTRATOR,
        ),
        not_meant=("It does not mean DNS, firewall or certificate.",),
    )


def _odd(answer: WebAnswer) -> Sign:
    return _sign(
        answer,
        Clarity.HINT,
        Layer.SIGN_IN,
        not_meant=("UCWA answers GET, not HEAD or OPTIONS: a probe with those fails on a healthy server.",)
        if answer.status == 405
        else (),
        question=f"What does the body of the answer ({answer.status}) say? Run: curl.exe -i <the same address>",
    )
