"""Where users are homed in Microsoft 365 too, are their phones sent on to it?"""

from collections.abc import Iterator

from checks.context import Context
from checks.deployment import Deployment, Product
from checks.knowledge import links, lync_objects
from checks.knowledge.hosting import ONLINE, ONLINE_URL, Provider
from checks.knowledge.products import product_in
from checks.knowledge.shell_answers import Unseen, not_seen, unseen
from checks.model import Answer, Finding, Frozen, Outcomes, Reason, Remedy, Status, Step, gravest
from checks.probes import Objects

OUTCOMES = Outcomes(
    links.HYBRID,
    Answer(
        name="not-hybrid",
        status=Status.OK,
        meaning="no hosting provider of Microsoft 365 worldwide shares the SIP domains",
    ),
    Answer(name="hybrid", status=Status.OK, meaning="one does, and its AutodiscoverUrl is the documented one"),
    Answer(
        name="url-misspelt",
        status=Status.FAILED,
        meaning="its AutodiscoverUrl has autodisccoverservice.svc, as a page of the documentation misprints it",
    ),
    Answer(name="url-empty", status=Status.WARNING, meaning="it has no AutodiscoverUrl"),
    Answer(name="url-odd", status=Status.WARNING, meaning="its AutodiscoverUrl is another one than the documented"),
    Answer(name="not-on-this-version", status=Status.NOT_APPLICABLE, meaning="Lync Server 2010 has no AutodiscoverUrl"),
    Answer(name="not-for-this-seat", status=Status.NOT_APPLICABLE, meaning="no Lync shell at this seat"),
    Answer(name="not-seen", status=Status.UNKNOWN, meaning="the hosting providers were not shown, or not to the end"),
)
_GRAVITY = ("url-misspelt", "url-empty", "url-odd", "not-seen", "hybrid", "not-hybrid")

_PROVIDERS = "Get-CsHostingProvider"
_IN_FULL = f"{_PROVIDERS} | Format-List Identity,ProxyFqdn,Enabled,EnabledSharedAddressSpace,AutodiscoverUrl"


class Facts(Frozen, frozen=True):
    """The hosting providers, and which of the users are homed at one."""

    domains: tuple[str, ...] = ()
    product: Product | None = None
    """Asked for only where an AutodiscoverUrl was not shown."""
    providers: tuple[Provider, ...] = ()
    online: tuple[str, ...] = ()
    """The users of this walk who are homed online."""
    unseen: Unseen | None = None


async def gather(context: Context) -> Facts:
    deployment, context = context.deployment, context.bounded()
    answer = await context.invoke(_PROVIDERS)
    if failure := unseen(answer, deployment):
        return Facts(domains=deployment.domains, unseen=failure)
    objects = answer.objects if isinstance(answer, Objects) else ()
    providers = tuple(map(Provider.of, objects))
    if isinstance(answer, Objects) and lync_objects.is_partial(answer):
        failure = Unseen(reason=Reason.MISSING_INPUT, detail="a part of the answer is missing.", command=_PROVIDERS)
    product = deployment.product
    if product is None and any(one.url_state == "not-shown" for one in providers):
        product = product_in(await context.invoke("Get-CsServerVersion"))
    return Facts(
        domains=deployment.domains,
        product=product,
        providers=providers,
        online=await _homed_online(context),
        unseen=failure,
    )


async def _homed_online(context: Context) -> tuple[str, ...]:
    users = context.deployment.users
    answers = await context.together(*(context.invoke("Get-CsUser", Identity=sip) for sip in users))
    found = {
        sip: lync_objects.user(answer, sip)
        for sip, answer in zip(users, answers, strict=True)
        if isinstance(answer, Objects)
    }
    return tuple(sip for sip, user in found.items() if user is not None and user.homed_online)


def judge(facts: Facts) -> Finding:
    if facts.unseen is not None and not facts.providers:
        return not_seen(OUTCOMES, facts.unseen, "Whether this is a hybrid deployment could not be seen")
    if facts.product is Product.LYNC_2010:
        return OUTCOMES.finding(
            "not-on-this-version",
            f"{facts.product.full_name} has no AutodiscoverUrl: it sends no phone to Microsoft 365.",
        )
    found = [finding for one in facts.providers for finding in _judge_provider(one)]
    if facts.unseen is not None:
        found.append(not_seen(OUTCOMES, facts.unseen, "Not every hosting provider was shown"))
    if found:
        return gravest(found, _GRAVITY, *_of_users(facts, shared=True))
    if others := [one for one in facts.providers if one.shared and one.enabled and one.is_online is False][:4]:
        names = " and ".join(one.identity or "another" for one in others)
        return OUTCOMES.finding(
            "not-hybrid",
            f"No hosting provider of Microsoft 365 shares the SIP domains; {names} does, and is not judged here.",
            *(f"{one.identity or 'Another'} shares them and leads to {one.proxy}: {_url_of(one)}." for one in others),
            "If that is one of Microsoft's other clouds, compare its AutodiscoverUrl with what that cloud documents.",
            *_of_users(facts, shared=True),
        )
    return OUTCOMES.finding(
        "not-hybrid",
        "No hosting provider of Microsoft 365 shares the SIP domains: everybody is served here.",
        *_of_users(facts, shared=False),
    )


def _url_of(provider: Provider) -> str:
    if provider.url is None:
        return "its AutodiscoverUrl was not shown"
    return f"AutodiscoverUrl {provider.url}" if provider.url else "it has no AutodiscoverUrl"


def _judge_provider(provider: Provider) -> Iterator[Finding]:
    """Nothing of a provider that is not Microsoft 365, is off, or has domains of its own."""
    name, found = provider.identity or "A hosting provider", provider.url or ""
    if provider.is_online is False or provider.enabled is False or provider.shared is False:
        return
    if provider.is_online is None or provider.shared is None or provider.enabled is None:
        yield _not_shown(f"Whether {name} shares the SIP domains with Microsoft 365 was not shown.")
        return
    match provider.url_state:
        case "right":
            yield OUTCOMES.finding("hybrid", f"{name} sends phones of users who are homed online to Microsoft 365.")
        case "misspelt":
            yield OUTCOMES.finding(
                "url-misspelt",
                f"The AutodiscoverUrl of {name} is misspelt: autodisccoverservice, with one c too many.",
                f"It is {found}.",
                "A page of the documentation prints it so. Phones of users who are homed online are sent to nowhere.",
                remedies=(_set_url(provider),),
            )
        case "empty":
            yield OUTCOMES.finding(
                "url-empty",
                f"{name} shares the SIP domains with Microsoft 365 and has no AutodiscoverUrl.",
                "Phones of users who are homed online are then not sent on to it.",
                remedies=(_set_url(provider),),
            )
        case "odd":
            yield OUTCOMES.finding(
                "url-odd",
                f"The AutodiscoverUrl of {name} is not the documented one.",
                f"It is {found}.",
                f"Documented is {ONLINE_URL}. One of Microsoft's other clouds has another, which is right there.",
                remedies=(_set_url(provider),),
            )
        case _:
            yield _not_shown(f"The AutodiscoverUrl of {name} was not shown.")


def _not_shown(sentence: str) -> Finding:
    return OUTCOMES.finding("not-seen", sentence, reason=Reason.MISSING_INPUT, command=_IN_FULL)


def _of_users(facts: Facts, *, shared: bool) -> Iterator[str]:
    """What the step Users enabled tells is not told again: only what follows from it here."""
    names = [f"lyncdiscover.{domain}" for domain in facts.domains] or ["lyncdiscover"]
    if shared:
        yield f"As long as users are homed here, {' and '.join(names[:3])} must lead here: see DNS records and Autodiscover."
    for sip in facts.online:
        sent = "must be sent on from here" if shared else "is sent nowhere: no provider shares its domain"
        yield f"{sip} is homed online; that user's phone {sent}."


def _set_url(provider: Provider) -> Remedy:
    return Remedy(
        cmdlet="Set-CsHostingProvider",
        parameters={"Identity": provider.identity or "LyncOnline", "AutodiscoverUrl": ONLINE_URL},
        who="member of RTCUniversalServerAdmins, or CsAdministrator",
        risk="only phones of users who are homed online are sent there; ask first whether another cloud is meant",
        verify="check again (r); then sign in on the phone as a user who is homed online",
    )


def by_hand(deployment: Deployment) -> tuple[str, ...]:
    users = deployment.users or ("sip:<user>@<domain>",)
    return (
        _IN_FULL,
        f"# ProxyFqdn {ONLINE} with EnabledSharedAddressSpace True is a hybrid deployment. Its AutodiscoverUrl must be",
        f"# {ONLINE_URL}",
        *(f"Get-CsUser -Identity {sip} | Select-Object SipAddress,RegistrarPool,HostingProvider" for sip in users),
        "# RegistrarPool empty and a HostingProvider other than SRV: is a user who is homed online.",
    )


STEP = Step(
    id="mobility.hybrid",
    title="Hybrid",
    question=__doc__,
    facts=Facts,
    gather=gather,
    judge=judge,
    outcomes=OUTCOMES,
    why="In a hybrid deployment every phone begins here, and this deployment sends those of users who are homed in "
    "Microsoft 365 on, to the AutodiscoverUrl of the hosting provider. One page of the documentation misprints that "
    "address, and where it is wrong those users alone cannot sign in.",
    good=f"Without a hybrid deployment, no provider that leads to {ONLINE} has EnabledSharedAddressSpace True. With one, "
    f"its AutodiscoverUrl is {ONLINE_URL}.",
    by_hand=by_hand,
)
