"""What an HTTP answer tells of the Lync web services, as far as status, headers and the first words of the page go."""

from collections.abc import Iterator

from checks.knowledge.diagnosis import sides, starts
from checks.knowledge.diagnosis.model import Clarity, Layer, Likely, Sign
from checks.knowledge.diagnosis.web_answer import WebAnswer, at_the_front_end, on_the_way, sign, where
from checks.knowledge.diagnosis.web_challenges import asks_for_sign_in, proxy_login

_RECYCLE = "Get-WebAppPoolState   # in the IIS module, on each Front End"


def signs_of(answer: WebAnswer) -> Iterator[Sign]:
    """The signs of one answer; none where a status tells nothing of Lync."""
    status = answer.status
    if status == 200:
        yield from _found(answer)
    elif status in {301, 302, 303, 307, 308}:
        yield from _redirected(answer)
    elif status == 401:
        yield asks_for_sign_in(answer)
    elif status == 403:
        yield _forbidden(answer)
    elif status == 404:
        yield _missing(answer)
    elif status == 407:
        yield proxy_login(answer)
    elif status in {502, 504}:
        yield _gateway(answer)
    elif status in {500, 503}:
        yield _failing(answer)
    elif status in {400, 405, 409}:
        yield _odd(answer)


def _found(answer: WebAnswer) -> Iterator[Sign]:
    if "<form" in answer.body and "password" in answer.body:
        yield sign(
            answer,
            Clarity.NAMED,
            Layer.PUBLISHING,
            Likely(
                cause=f"A login page answers at {where(answer)}, not Lync: the reverse proxy asks for a sign-in of its own, "
                "or it is a guest network's portal.",
                reason=f"{answer.quote} The page has a password field.",
                step=on_the_way(answer),
                who=sides.PROXY_ADMINISTRATOR,
            ),
            not_meant=("It does not mean that Lync is well because the status is 200.",),
        )
    elif answer.server:
        yield sign(answer, Clarity.HINT, Layer.APPLICATION, in_order=(f"Lync itself answers, from {answer.server}.",))


def _redirected(answer: WebAnswer) -> Iterator[Sign]:
    if answer.location and answer.host and answer.host not in answer.location:
        yield sign(
            answer,
            Clarity.NAMED,
            Layer.PUBLISHING,
            Likely(
                cause=f"{answer.host} sends clients away to another address; phones take that for a failure.",
                reason=f"{answer.quote} Lync redirects in the body of a 200, never by 302 to another domain.",
                step=on_the_way(answer),
                who=sides.PROXY_ADMINISTRATOR,
            ),
        )


def _forbidden(answer: WebAnswer) -> Sign:
    proxy = Likely(
        cause=f"A rule of the reverse proxy or a web filter forbids {answer.path or 'the address'} of "
        f"{answer.host or 'the web service'}.",
        reason=f"{answer.quote} "
        + ("No Lync server is named in the answer." if answer.headers_shown else "Lync seldom answers so itself."),
        step=on_the_way(answer),
        who=sides.PROXY_ADMINISTRATOR,
    )
    lync = Likely(
        cause=f"Lync itself forbids it{f' ({answer.server})' if answer.server else ''}: the token was refused, or IIS has a "
        "rule for this path.",
        reason=f"{answer.quote} X-Ms-diagnostics beside it would say why.",
        step=starts.AUTODISCOVER if answer.path.startswith("/autodiscover") else at_the_front_end(answer),
        who=sides.FRONT_END_ADMINISTRATOR,
    )
    likely = (lync,) if answer.server else (proxy,) if answer.headers_shown else (proxy, lync)
    return sign(
        answer,
        Clarity.NAMED if answer.headers_shown else Clarity.STATUS,
        Layer.PUBLISHING,
        *likely,
        not_meant=("It does not mean a wrong password: that is 401.",),
    )


def _missing(answer: WebAnswer) -> Sign:
    path, quote = answer.path, answer.quote
    more: tuple[Likely, ...] = ()
    not_meant: tuple[str, ...] = ("It does not mean DNS or firewall: a web server answered.",)
    if path.startswith("/mcx"):
        likely = Likely(
            cause=f"{where(answer)} has no Mcx: the product is 2019 or later, Mcx is not installed, or the reverse proxy "
            "leaves the path out.",
            reason=f"{quote} Mcx was removed with Skype for Business Server 2019.",
            step=starts.SERVICE_URL,
            command="Get-CsServerVersion",
            who=sides.FRONT_END_ADMINISTRATOR,
        )
        not_meant = (*not_meant, "On 2019 and later, 404 is right here: phones use UCWA.")
    elif path.startswith("/ucwa"):
        likely = Likely(
            cause=f"{where(answer)} has no UCWA: on Lync Server 2013 it comes with the cumulative update of February 2013.",
            reason=quote,
            step=starts.WEB_APPLICATIONS,
            command="Get-CsServerVersion",
            who=sides.FRONT_END_ADMINISTRATOR,
        )
        more = (
            Likely(
                cause=f"The reverse proxy in front of {answer.host or 'the pool'} leaves /ucwa out.",
                reason="Then the Front End itself answers 401.",
                step=starts.REVERSE_PROXY,
                who=sides.PROXY_ADMINISTRATOR,
            ),
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
            cause=f"{where(answer)} does not publish {path or 'this path'}: a rule of the reverse proxy is missing or does "
            "not pass the host name on.",
            reason=quote,
            step=on_the_way(answer),
            who=sides.PROXY_ADMINISTRATOR,
        )
    return sign(answer, Clarity.NAMED if path else Clarity.STATUS, Layer.PUBLISHING, likely, *more, not_meant=not_meant)


def _gateway(answer: WebAnswer) -> Sign:
    return sign(
        answer,
        Clarity.NAMED,
        Layer.PUBLISHING,
        Likely(
            cause=f"The reverse proxy in front of {answer.host or 'the pool'} gets no answer from the pool on port 4443.",
            reason=f"{answer.quote} Lync does not answer so itself; a proxy does.",
            step=on_the_way(answer),
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
            f"The application pool behind {answer.path or 'the service'} on {where(answer)} is stopped or overloaded."
        )
    else:
        cause = f"The web application behind {answer.path or 'the service'} on {where(answer)} fails."
    return sign(
        answer,
        Clarity.NAMED,
        Layer.APPLICATION,
        Likely(
            cause=cause,
            reason=f"{answer.quote} The request came as far as a web server.",
            step=at_the_front_end(answer),
            command=_RECYCLE,
            who=sides.FRONT_END_ADMINISTRATOR,
        ),
        not_meant=("It does not mean DNS, firewall or certificate.",),
    )


def _odd(answer: WebAnswer) -> Sign:
    return sign(
        answer,
        Clarity.HINT,
        Layer.SIGN_IN,
        not_meant=("UCWA answers GET, not HEAD or OPTIONS: a probe with those fails on a healthy server.",)
        if answer.status == 405
        else (),
        question=f"What does the body of the answer ({answer.status}) say? Run: curl.exe -i <the same address>",
    )
