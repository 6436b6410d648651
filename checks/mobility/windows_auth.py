"""Which sign-in does the web ticket service offer, and is it the one that is configured?"""

from checks.context import Context
from checks.deployment import Deployment
from checks.knowledge import links, lync_objects
from checks.knowledge.challenges import schemes
from checks.knowledge.lync_objects import is_cut
from checks.knowledge.shell_answers import Unseen, unseen
from checks.mobility import windows_auth_remedies as remedies
from checks.mobility.strangers import leads_away, stopped_on_the_way
from checks.mobility.windows_auth_settings import Configuration, configuration_of
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Status, Step
from checks.probes import Hop, Objects, Response, Unanswered, Unreached

PATH = "/WebTicket/WebTicketService.svc"

OUTCOMES = Outcomes(
    links.TEST_MOBILE_IM,
    Answer(name="as-configured", status=Status.OK, meaning="the sign-in in force is the one that is offered"),
    Answer(name="windows-auth-off", status=Status.OK, meaning="UseWindowsAuth is None, and another sign-in is enabled"),
    Answer(name="offered", status=Status.OK, meaning="a sign-in is offered; the setting is seen from elsewhere"),
    Answer(
        name="nothing-enabled", status=Status.FAILED, meaning="UseWindowsAuth is None, and no other sign-in is enabled"
    ),
    Answer(name="service-silent", status=Status.FAILED, meaning="the web ticket service does not answer"),
    Answer(name="service-error", status=Status.FAILED, meaning="the web ticket service answers with an error"),
    Answer(name="no-challenge", status=Status.FAILED, meaning="401 without any sign-in offered"),
    Answer(name="negotiate-missing", status=Status.WARNING, meaning="Negotiate is configured and not offered"),
    Answer(name="ntlm-missing", status=Status.WARNING, meaning="NTLM is not offered"),
    Answer(name="not-asked", status=Status.WARNING, meaning="the service does not ask for a sign-in"),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="the service or the setting could not be asked for"),
)


class Facts(Frozen, frozen=True):
    """The configurations that may apply, and what the service offers."""

    host: str
    pool: str
    site: str
    reply: Response | Unreached | Unanswered
    page: bool = False
    """True where the service answered GET with a page, so that `reply` is what POST was answered."""
    configurations: tuple[Configuration, ...] = ()
    partial: bool = False
    """True where configurations may be missing from those."""
    unseen: Unseen | None = None


async def gather(context: Context) -> Facts:
    deployment = context.deployment
    pool = await _pool(context)
    answer = await context.invoke("Get-CsWebServiceConfiguration")
    pools = await context.invoke("Get-CsPool")
    host = deployment.web or deployment.pool
    site = lync_objects.site_of(pools.objects, pool) if isinstance(pools, Objects) else ""
    objects = answer.objects if isinstance(answer, Objects) else ()
    reply, page = await _offer(context, host)
    return Facts(
        host=host,
        pool=pool,
        site=site,
        reply=reply,
        page=page,
        configurations=tuple(configuration_of(one) for one in objects),
        partial=isinstance(answer, Objects) and lync_objects.is_partial(answer),
        unseen=unseen(answer, deployment),
    )


async def _pool(context: Context) -> str:
    """The pool of the first user, because phones sign in at their own pool; else the one that was named."""
    for sip in context.deployment.users[:1]:
        answer = await context.invoke("Get-CsUser", Identity=sip)
        user = lync_objects.user(answer, sip) if isinstance(answer, Objects) else None
        if user is not None and user.pool:
            return user.pool
    return context.deployment.pool


async def _offer(context: Context, host: str) -> tuple[Response | Unreached | Unanswered, bool]:
    """What an unauthenticated client is told. A page that answers GET is asked again as a client would, with POST: True."""
    if not host:
        detail = "Neither the web FQDN nor the pool was named."
        return Unanswered(reason=Reason.MISSING_INPUT, detail=detail, command="Get-CsService -WebServer"), False
    url = f"https://{host}{PATH}"
    reply = await context.get(url)
    trusting = isinstance(reply, Unreached) and reply.kind == "certificate"
    if trusting:
        # “Certificates” judges the certificate. Nothing secret is sent here, so the offer is read all the same.
        reply = await context.get(url, trusting=True)
    if isinstance(reply, Response) and reply.last.status < 400 and not leads_away(reply):
        return await context.post(url, trusting=trusting), True
    return reply, False


_CONFIGURATIONS = "Get-CsWebServiceConfiguration"
_OWN_ERROR = 500


def judge(facts: Facts) -> Finding:
    reply, setting = facts.reply, in_force(facts)
    if setting is not None and setting.windows == "None" and not setting.others and setting.unseen:
        return OUTCOMES.finding(
            "not-seen",
            f"Windows sign-in is off in {setting.identity}; whether another is on was not shown.",
            f"Not shown: {', '.join(setting.unseen)}.",
            reason=Reason.MISSING_INPUT,
            command=_CONFIGURATIONS,
        )
    if setting is not None and setting.windows == "None" and not setting.others:
        return OUTCOMES.finding(
            "nothing-enabled",
            f"No phone can sign in: every sign-in is switched off in {setting.identity}.",
            "UseWindowsAuth is None, and certificates, PIN, passive sign-in and OAuth are off.",
            remedies=(remedies.enable_windows_sign_in(setting.identity),),
        )
    match reply:
        case Unanswered():
            return OUTCOMES.finding(
                "not-seen",
                f"What {facts.host or 'the web ticket service'} offers could not be seen: {reply.detail}",
                *_setting_line(setting),
                reason=reply.reason,
                command=reply.command,
            )
        case Unreached(phase="reply"):
            return OUTCOMES.finding(
                "service-silent",
                f"The web ticket service at {facts.host} does not answer.",
                reply.detail,
                remedies=(remedies.restart_web_service(),),
            )
        case Unreached():
            return _not_reached(facts, reply.detail, *_setting_line(setting))
    last = reply.last
    if stopped := stopped_on_the_way(last):
        return _not_reached(facts, f"{stopped}.", *_setting_line(setting))
    if leads_away(reply):
        said = f"It leads to {reply.location}." if reply.location else "A sign-in page answers that is not Lync's."
        return _not_reached(facts, said, *_setting_line(setting))
    # Where passwords are switched off, and the service shows its page, nobody need be there to take one.
    not_meant = setting is not None and setting.windows == "None" and facts.page
    if last.status > _OWN_ERROR or (last.status in {403, 404, _OWN_ERROR} and not not_meant):
        return OUTCOMES.finding(
            "service-error",
            f"The web ticket service at {facts.host} fails with HTTP {last.status}.",
            *_answered_by(last),
            remedies=(remedies.restart_web_service(),),
        )
    return _judge_offer(facts, setting, last)


def _not_reached(facts: Facts, *detail: str) -> Finding:
    """Nothing came from the service. Why is the matter of the steps before, which ask the same host."""
    return OUTCOMES.finding(
        "not-seen",
        f"The web ticket service at {facts.host} was not reached, so nothing follows for it.",
        *detail,
        "“Ports”, “Certificates” and “Reverse proxy” ask the same host and tell what is in the way.",
        reason=Reason.UNREACHABLE,
        command=f"curl.exe -i https://{facts.host}{PATH}",
    )


def _judge_offer(facts: Facts, setting: Configuration | None, last: Hop) -> Finding:
    offered = schemes(last.headers)
    words = f"The service offers {' and '.join(_proper(scheme) for scheme in offered) or 'no sign-in at all'}."
    if setting is not None and setting.windows == "None":
        return OUTCOMES.finding(
            "windows-auth-off",
            f"Windows sign-in is switched off in {setting.identity}, by UseWindowsAuth None.",
            f"Enabled instead: {', '.join(setting.others)}. Tests with a password do not apply here.",
            words,
        )
    if last.status != 401:
        return OUTCOMES.finding(
            "not-asked",
            f"The web ticket service at {facts.host} does not ask for a sign-in (HTTP {last.status}).",
            *_setting_line(setting),
            remedies=(remedies.restore_providers(),),
        )
    if not offered:
        return OUTCOMES.finding(
            "no-challenge",
            f"The web ticket service at {facts.host} refuses everyone: it offers no sign-in.",
            "It answers 401 without the header WWW-Authenticate. iPhones fail first.",
            *_setting_line(setting),
            remedies=(remedies.restore_providers(),),
        )
    wanted = setting.windows if setting else ""
    if wanted == "Negotiate" and "negotiate" not in offered:
        return OUTCOMES.finding(
            "negotiate-missing",
            f"{facts.host} does not offer Negotiate.",
            words,
            *_setting_line(setting),
            "Where users outside sign in by modern authentication alone, on purpose, that is right.",
            remedies=(remedies.restore_providers(),),
        )
    if "ntlm" not in offered and (wanted or "negotiate" in offered):
        return OUTCOMES.finding(
            "ntlm-missing",
            f"{facts.host} does not offer NTLM, which phones outside the domain need.",
            words,
            *_setting_line(setting),
            remedies=(remedies.restore_providers(),),
        )
    return _judge_match(facts, setting, words)


def _judge_match(facts: Facts, setting: Configuration | None, words: str) -> Finding:
    if setting is not None and setting.windows:
        return OUTCOMES.finding(
            "as-configured", f"Windows sign-in is offered as set in {setting.identity}: {setting.windows}.", words
        )
    if facts.unseen is None:
        return _setting_not_shown(facts, setting, words)
    if facts.unseen.seat_has_no_shell:
        return OUTCOMES.finding(
            "offered",
            f"The web ticket service at {facts.host} answers and asks for a sign-in.",
            words,
            "UseWindowsAuth, which says what should be offered, is seen at the Front End, not from here.",
        )
    return OUTCOMES.finding(
        "not-seen",
        f"UseWindowsAuth could not be read: {facts.unseen.detail}",
        words,
        reason=facts.unseen.reason,
        command=facts.unseen.command,
    )


def _setting_not_shown(facts: Facts, setting: Configuration | None, *detail: str) -> Finding:
    said, command = "Get-CsWebServiceConfiguration brought no configuration, or not all of them.", _CONFIGURATIONS
    if setting is not None:
        said = f"UseWindowsAuth was not shown in {setting.identity}, or only as a number."
    elif facts.configurations and not facts.pool:
        said, command = "Which configuration applies depends on the pool, and no pool was named.", "Get-CsPool"
    elif _is_complete(facts) and not facts.site:
        said, command = (
            f"The site of {facts.pool} is not known, and a site has a configuration of its own.",
            "Get-CsPool",
        )
    return OUTCOMES.finding("not-seen", said, *detail, reason=Reason.MISSING_INPUT, command=command)


def in_force(facts: Facts) -> Configuration | None:
    """The nearest configuration: the pool's own, then its site's, then Global. None where it cannot be told."""
    identities = [one.identity.lower() for one in facts.configurations]
    by_identity = dict(zip(identities, facts.configurations, strict=True))
    if any(by_identity[identity] != one for identity, one in zip(identities, facts.configurations, strict=True)):
        # One of them was shown twice and differently: before and after a change.
        return None
    if own := facts.pool and by_identity.get(f"service:webserver:{facts.pool}".lower()):
        return own
    unplaced = {"site": not facts.site, "service": not facts.pool}
    if not _is_complete(facts) or any(unplaced.get(identity.partition(":")[0]) for identity in identities):
        # A nearer one may be among those that were not shown, or that are of an unknown pool or site.
        return None
    return by_identity.get(f"site:{facts.site}".lower()) or by_identity.get("global")


def _is_complete(facts: Facts) -> bool:
    """False where configurations are missing, or their names: Global is always there."""
    identities = {one.identity.lower() for one in facts.configurations}
    nearer = (f"service:webserver:{facts.pool}", f"site:{facts.site}")
    cut = any(is_cut(identity, name) for identity in identities for name in nearer)
    return not facts.partial and not cut and "" not in identities and "global" in identities


def _setting_line(setting: Configuration | None) -> tuple[str, ...]:
    return (f"UseWindowsAuth is {setting.windows or 'not shown'} in {setting.identity}.",) if setting else ()


def _answered_by(last: Hop) -> tuple[str, ...]:
    lync = last.header("X-MS-Server-Fqdn")
    return (
        (f"The answer comes from {lync}.",)
        if lync
        else ("The answer does not name a Lync server; a proxy may have sent it.",)
    )


def _proper(scheme: str) -> str:
    return {"ntlm": "NTLM", "msrtcoauth": "MsRtcOAuth"}.get(scheme, scheme.capitalize())


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    host = deployment.web or deployment.pool or "<web FQDN>"
    return (
        "Get-CsWebServiceConfiguration | Select-Object Identity,UseWindowsAuth,UseCertificateAuth,UsePinAuth,"
        "UseWsFedPassiveAuth,AllowExternalAuthentication",
        f"curl.exe -i https://{host}{PATH}",
        "# The header WWW-Authenticate of the answer names the sign-ins: Negotiate and NTLM are right.",
    )


STEP = Step(
    id="mobility.windows-auth",
    title="Windows sign-in",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why="Before a phone gets anything it fetches a ticket from the web ticket service, with the user's name and password. "
    "UseWindowsAuth decides whether that is possible; IIS decides what is really offered.",
    good="UseWindowsAuth is Negotiate, and the service answers 401 offering Negotiate and NTLM. Where it is None on "
    "purpose, users sign in with certificates or through AD FS.",
    by_hand=by_hand,
)
