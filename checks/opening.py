"""Opens what a walk asks: the evidence that was brought first, then the live probes."""

import codecs
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from checks import journal as journals
from checks.context import Asking
from checks.deployment import Deployment, InvalidName, Sources, Vantage, parse_sip_address
from checks.journal import Asked, Began, Journal, UnreadableJournal
from checks.knowledge import synthetic_output
from checks.model import Reason
from checks.naming import Found, completed, find_names, is_worth_looking
from checks.probes import Account, Answer, Cmdlet, Objects, PhoneSession, Question, Sockets, Unanswered
from checks.probes.journal import Evidence
from checks.probes.live import LiveProbes
from checks.probes.servers import SEAT
from checks.secret import Secret
from checks.sign_ins import logins
from checks.text import clean


class Named(NamedTuple):
    """A deployment whose missing names were looked for, and what was asked for that: the walk asks it no more."""

    deployment: Deployment
    found: tuple[Found, ...]
    journal: Journal
    probes: LiveProbes


async def look_for_names(
    runbook: str, deployment: Deployment, sources: Sources, secrets: Mapping[str, Secret] = {}
) -> Named | None:
    """Finds what names it can; None where none is missing. Raises UnreadableJournal and OSError."""
    if not is_worth_looking(deployment, sources, runbook):
        return None
    began = Began(version=journals.VERSION, runbook=runbook, deployment=deployment, at=journals.now(), sources=sources)
    journal = Journal(began)
    probes = probes_for(journal, sources, secrets)
    asking = Asking(probes, journal, evidence_for(journal, sources))
    try:
        found = await find_names(asking, deployment, sources, runbook)
    except BaseException:
        await probes.close()
        raise
    return Named(completed(deployment, found), found, journal, probes)


def asking_for(
    journal: Journal, sources: Sources, secrets: Mapping[str, Secret] = {}, named: Named | None = None
) -> Asking:
    """What the steps of the walk in `journal` ask. Raises UnreadableJournal and OSError for a file of the evidence."""
    if named is None:
        return Asking(probes_for(journal, sources, secrets), journal, evidence_for(journal, sources))
    named.probes.know(journal.began.deployment)
    return Asking(named.probes, journal, evidence_for(journal, sources, named.journal))


def evidence_for(journal: Journal, sources: Sources, *more: Journal) -> Evidence:
    """What the files of the sources, and other journals, tell a walk. Raises UnreadableJournal and OSError."""
    return Evidence((*read_evidence(sources.evidence), *more), journal.began.deployment)


def probes_for(journal: Journal, sources: Sources, secrets: Mapping[str, Secret] = {}) -> LiveProbes:
    """What asks the world for the walk in `journal`."""
    probes = LiveProbes(journal.began.deployment, sources, secrets)
    for account in refused_accounts(journal):
        # A walk that is resumed is the same walk: what was refused in it stays closed until it is typed anew.
        probes.refuse(account)
    return probes


def refused_accounts(journal: Journal) -> frozenset[Account]:
    """The test users whose passwords were refused when the walk in `journal` itself last signed them in."""
    return frozenset(account for asked in journal.asked.values() if not asked.source for account in _refused(asked))


def _refused(asked: Asked) -> Iterator[Account]:
    match asked.answer:
        case PhoneSession(refused=True):
            yield from (login.account for login in logins(asked.question))
        case Objects() if synthetic_output.refused(asked.answer):
            yield from (login.account for login in logins(asked.question))
        case Unanswered(reason=Reason.DENIED, password_wanted=True, account=account) if account:
            # Asked again, and not tried again.
            yield account


def read_evidence(files: Sequence[str]) -> tuple[Journal, ...]:
    """What these files tell: journals, or texts copied from a PowerShell window.

    Raises UnreadableJournal with a sentence, and OSError.
    """
    return tuple(_read(Path(file)) for file in files)


def _read(path: Path) -> Journal:
    with path.open("rb") as file:
        head = file.read(4)
    if head.removeprefix(codecs.BOM_UTF8)[:1] in {b"{", b""}:
        return journals.read(path)
    from checks.knowledge.pasted import MOST_CHARACTERS, transcript

    with path.open(
        encoding="utf-16" if head[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig", errors="replace"
    ) as text:
        told = transcript.read(text.read(MOST_CHARACTERS))
    if not told:
        raise UnreadableJournal(
            f"{path.name} is neither a journal nor a copy of a PowerShell window with a command that is known here."
        )
    return _journal_of(told, path)


def _journal_of(told: Sequence[tuple[Question, Answer]], path: Path) -> Journal:
    """A transcript as a journal. It names the users that it asked for, and no other part of the deployment."""
    at = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")
    seats = {question: _seat_of(question) for question, _ in told}
    users = tuple(dict.fromkeys(sip for question, _ in told for sip in _user(question)))[:2]
    deployment = Deployment(
        vantage=next(iter(seats.values())),
        users=users,
        domains=tuple(dict.fromkeys(sip.partition("@")[2] for sip in users)),
    )
    journal = Journal(Began(version=journals.VERSION, runbook="", deployment=deployment, at=at))
    journal.source = clean(path.name, 100)
    for question, answer in told:
        journal.add(Asked(question=question, answer=answer, seat=seats[question], at=at, took_ms=0))
    return journal


def _seat_of(question: Question) -> Vantage:
    match question:
        case Cmdlet() | Sockets():
            return SEAT[question.on]
    return Vantage.OUTSIDE if question.view == "outside" else Vantage.INSIDE


def _user(question: Question) -> Iterator[str]:
    """The SIP address that Get-CsUser was asked for."""
    if isinstance(question, Cmdlet) and question.name.lower() == "get-csuser":
        with suppress(InvalidName):
            yield parse_sip_address(str(dict(question.parameters).get("Identity", "")))


def seen_from(deployment: Deployment, evidence: Sequence[Journal], *, keep_seat: bool) -> Deployment:
    """The deployment with what the evidence names, at the seat that the first file was made at unless it is kept.

    Raises InvalidName where a file is about another deployment.
    """
    seen = deployment
    for journal in evidence:
        _require_one_deployment(seen, journal)
        seen = seen.completed(journal.began.deployment)
    if keep_seat or not evidence:
        return seen
    return msgspec.structs.replace(seen, vantage=evidence[0].began.deployment.vantage)


def _require_one_deployment(deployment: Deployment, journal: Journal) -> None:
    """InvalidName where no SIP domain tells whether a file is about the same deployment, and its servers say no.

    Pools of one deployment have different names, but a parent domain in common.
    """
    other = journal.began.deployment
    if deployment.domains and other.domains:
        return
    pairs = [(getattr(deployment, name), getattr(other, name)) for name in ("pool", "web", "edge")]
    named = [(ours, theirs) for ours, theirs in pairs if ours and theirs]
    if named and not any(_parent(ours) == _parent(theirs) for ours, theirs in named):
        ours, theirs = named[0]
        raise InvalidName(f"The evidence in {journal.source or 'the file'} is about {theirs}, not about {ours}.")


def _parent(name: str) -> str:
    return ".".join(name.lower().split(".")[-2:])
