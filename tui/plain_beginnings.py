"""Where a walk in plain mode begins: with names that are typed, with a pasted text, or with a file."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from checks import journal as journals
from checks.deployment import (
    Deployment,
    InvalidName,
    Sources,
    Vantage,
    parse_edge_shell,
    parse_fqdn,
    parse_shell,
    parse_sip_address,
    parse_xmpp_address,
)
from checks.journal import UnreadableJournal
from checks.naming import TITLES, Found, completed
from checks.probes.threads import in_thread
from checks.runbooks import RUNBOOKS
from checks.text import clean
from tui import evidence, symptoms
from tui.prompts import END, ask, ask_name, ask_password, ask_paste, choose, say, show, width
from tui.session import LiveWalk, WalkRequest

ACCOUNT = "Account, empty for who you are now: "


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
    if chosen == len(known):
        return await live_walk(symptoms.WHOLE)
    told = known[chosen]
    say("\n".join(f"{label}: {sentence}" for label, sentence in symptoms.leads_to(told)))
    return await live_walk(told.runbook.name, symptom=told.symptom.name)


async def evidence_walk() -> WalkRequest:
    """What is to be made of a file, once one can be read."""
    while True:
        path = Path((await ask("Path of the file: ")).strip("\"'")).expanduser()
        try:
            read = await in_thread(partial(journals.read, path))
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


async def live_walk(runbook: str, start: str = "", symptom: str = "") -> WalkRequest:
    """The deployment, name by name. Enter leaves a name out."""
    say("Enter leaves a name out. Name servers and a CA file are options of: lyncdoctor run")
    sip = await ask_name("SIP address of a user: ", parse_sip_address)
    mobility = runbook == "mobility"
    second = await ask_name("A second user: ", parse_sip_address) if sip and mobility else ""
    partner = "" if mobility else await ask_name("XMPP partner's domain: ", parse_fqdn)
    receiver = (
        "" if mobility or not sip else await ask_name("The partner's user, for a test message: ", parse_xmpp_address)
    )
    web = await ask_name("Web FQDN: ", parse_fqdn) if mobility else ""
    pool = await ask_name("Pool: ", parse_fqdn) if mobility else ""
    edge = "" if mobility else await ask_name("Edge server: ", parse_fqdn)
    say("Where do you stand?")
    seats = list(Vantage)
    vantage = seats[await choose([seat.value for seat in seats])]
    shell = await ask_name("Lync shell: local, paste, the pool's name, or none: ", parse_shell) or "none"
    account = await ask(ACCOUNT) if "://" in shell else ""
    edge_shell = "" if mobility else await ask_name("The Edge's own shell: its name, or none: ", parse_edge_shell)
    edge_account = await ask(ACCOUNT) if edge_shell else ""
    accounts = {"shell": account, "edge": edge_account}
    users = tuple(dict.fromkeys(one for one in (sip, second) if one))
    return LiveWalk(
        runbook=runbook,
        deployment=Deployment(
            vantage=vantage,
            users=users,
            domains=tuple(dict.fromkeys(one.partition("@")[2] for one in users)),
            web=web,
            pool=pool,
            edge=edge,
            partners=tuple(filter(None, [partner or receiver.partition("@")[2]])),
            receiver=receiver,
        ),
        sources=Sources(
            shell=shell,
            shell_user=account,
            edge_shell=edge_shell,
            edge_user=edge_account,
            offline=shell == "paste",
        ),
        secrets={whose: await ask_password(name) for whose, name in accounts.items() if name},
        start=start,
        symptom=symptom,
        looks=True,
    )
