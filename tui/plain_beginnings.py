"""Where a walk in plain mode begins: with names that are typed, with a pasted text, or with a file."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from checks.circumstances import asked_beside
from checks.deployment import (
    Deployment,
    InvalidName,
    Product,
    Sources,
    Vantage,
    parse_edge_shell,
    parse_fqdn,
    parse_shell,
    parse_sip_address,
    parse_xmpp_address,
)
from checks.journal import UnreadableJournal
from checks.model import Runbook
from checks.naming import TITLES, Found, completed
from checks.runbooks import RUNBOOKS
from checks.text import clean
from checks.threads import in_thread
from tui import evidence, symptoms
from tui.plain_names import Names, names_used_before
from tui.prompts import END, ask, ask_password, ask_paste, choose, say, show, width
from tui.session import LiveWalk, WalkRequest


async def diagnosed_walk() -> WalkRequest:
    """The walk that begins where a pasted text points to. Texts are taken until one does."""
    from checks.knowledge.diagnosis import diagnose
    from tui.diagnosing import diagnosis_as_text

    while True:
        say(f"Paste it, then a line with a single {END} Nothing is asked of any server.")
        pasted = await ask_paste()
        diagnosis = await in_thread(partial(diagnose, pasted))
        show(diagnosis_as_text(diagnosis, width()))
        begins = {
            one.step: name for one in diagnosis.likely for name in RUNBOOKS if one.step in RUNBOOKS[name].step_ids
        }
        titles = [f"Walk {RUNBOOKS[name].title} from “{_title(name, step)}”" for step, name in begins.items()]
        chosen = await choose([*titles, "Paste something else"])
        if chosen < len(begins):
            step = list(begins)[chosen]
            return await live_walk(begins[step], step)


async def symptom_walk() -> WalkRequest:
    """The walk that keeps to what can explain a symptom."""
    say("What do you see?")
    known = symptoms.known()
    chosen = await choose([*(told.symptom.says for told in known), symptoms.UNSURE, symptoms.ELSE])
    if chosen > len(known):
        return await diagnosed_walk()
    whole = RUNBOOKS[symptoms.WHOLE]
    runbook, symptom = known[chosen] if chosen < len(known) else (whole, None)
    name = symptom.name if symptom else ""
    told = tuple([detail async for detail in _details(runbook, name)])
    say("\n".join(f"{label}: {sentence}" for label, sentence in symptoms.leads_to(runbook, name, told)))
    return await live_walk(runbook.name, symptom=name, told=told)


async def _details(runbook: Runbook, symptom: str) -> AsyncIterator[str]:
    """The names of what is known beside a symptom. Enter says that it is not."""
    for circumstance in asked_beside(runbook, symptom):
        say(circumstance.asks)
        titles = [*(detail.says for detail in circumstance.details), symptoms.UNSURE]
        chosen = await choose(titles, proposed=len(titles) - 1)
        if chosen < len(circumstance.details):
            yield circumstance.details[chosen].name


async def evidence_walk() -> WalkRequest:
    """What is to be made of a file, once one can be read."""
    while True:
        path = Path((await ask("Path of the file: ")).strip("\"'")).expanduser()
        try:
            read = await in_thread(partial(evidence.read, path))
        except UnreadableJournal as error:
            say(str(error))
            continue
        except OSError as error:
            say(f"That file cannot be read: {error.strerror or 'no reason given'}.")
            continue
        say("\n".join(f"{label}: {clean(sentence)}" for label, sentence in evidence.description(read)))
        offers = evidence.offers(read)
        chosen = await choose([f"{offer.title}: {offer.note}" for offer in offers])
        try:
            return evidence.request_for(offers[chosen].choice, path, read)
        except InvalidName as error:
            say(str(error))


def _title(runbook: str, step_id: str) -> str:
    return RUNBOOKS[runbook].stage(step_id).step.title


async def with_names(request: LiveWalk, found: Sequence[Found]) -> LiveWalk:
    """The walk with the names that were found, if the user wants them."""
    say("Found:")
    say("\n".join(f"{TITLES[one.name]}: {one.shown}, from {clean(one.source)}" for one in found))
    taken = await choose(["Begin with them", "Begin without them"]) == 0
    deployment = completed(request.deployment, found) if taken else request.deployment
    return replace(request, deployment=deployment, looks=False)


async def live_walk(runbook: str, start: str = "", symptom: str = "", told: tuple[str, ...] = ()) -> WalkRequest:
    """The deployment, name by name, or as it was used before. Enter leaves a name out."""
    names = await names_used_before(runbook)
    if not names.as_they_were:
        say("Enter leaves a name out. Name servers and a CA file are options of: lyncdoctor run")
    deployment = await _deployment(names, mobility=runbook == "mobility")
    sources = await _sources(names, mobility=runbook == "mobility")
    accounts = {"shell": sources.shell_user, "edge": sources.edge_user}
    return LiveWalk(
        runbook=runbook,
        deployment=completed(deployment, names.found),
        sources=sources,
        secrets={whose: await ask_password(name) for whose, name in accounts.items() if name},
        start=start,
        symptom=symptom,
        told=told,
        looks=True,
    )


async def _deployment(names: Names, *, mobility: bool) -> Deployment:
    sip = await names.ask("user", parse_sip_address)
    second = await names.ask("second", parse_sip_address) if sip and mobility else ""
    domain = "" if mobility or not names.former.get("domain") else await names.ask("domain", parse_fqdn)
    partner = "" if mobility else await names.ask("partner", parse_fqdn)
    receiver = "" if mobility or not sip else await names.ask("receiver", parse_xmpp_address)
    web = await names.ask("web", parse_fqdn) if mobility else ""
    pool = await names.ask("pool", parse_fqdn) if mobility else ""
    edge = "" if mobility else await names.ask("edge", parse_fqdn)
    users = tuple(dict.fromkeys(one for one in (sip, second) if one))
    domains = filter(None, [domain, *(one.partition("@")[2] for one in users)])
    product = names.former.get("product")
    return Deployment(
        vantage=await _vantage(names),
        users=users,
        domains=tuple(dict.fromkeys(domains)),
        web=web,
        pool=pool,
        edge=edge,
        partners=tuple(filter(None, [partner or receiver.partition("@")[2]])),
        receiver=receiver,
        product=Product(product) if product else None,
        sender_user=names.former.get("sender-user", "") if sip else "",
        receiver_user=names.former.get("receiver-user", "") if second else "",
    )


async def _vantage(names: Names) -> Vantage:
    if names.as_they_were:
        return Vantage(names.former["vantage"])
    say("Where do you stand?")
    seats = list(Vantage)
    former = names.former.get("vantage")
    proposed = seats.index(Vantage(former)) if former else None
    return seats[await choose([seat.value for seat in seats], proposed)]


async def _sources(names: Names, *, mobility: bool) -> Sources:
    shell = await names.ask("shell", parse_shell) or "none"
    account = await names.ask("account") if "://" in shell else ""
    edge_shell = "" if mobility else await names.ask("edge-address", parse_edge_shell)
    return Sources(
        shell=shell,
        shell_user=account,
        edge_shell=edge_shell,
        edge_user=await names.ask("edge-account") if edge_shell else "",
        dns_inside=names.former.get("dns-inside", ""),
        dns_outside=names.former.get("dns-outside", ""),
        ca_file=names.former.get("ca-file", ""),
        offline=shell == "paste",
    )
