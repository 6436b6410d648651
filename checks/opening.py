"""Opens what a walk asks: the evidence that was brought first, then the live probes."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from checks import journal as journals
from checks.context import Asking
from checks.deployment import Deployment, Sources
from checks.journal import Journal
from checks.probes.journal import Evidence
from checks.probes.live import LiveProbes
from checks.secret import Secret


def asking_for(journal: Journal, sources: Sources, secrets: Mapping[str, Secret] = {}) -> Asking:
    """What the steps of the walk in `journal` ask. Raises UnreadableJournal and OSError for a file of the evidence."""
    evidence = Evidence(read_evidence(sources.evidence))
    return Asking(LiveProbes(journal.began.deployment, sources, secrets), journal, evidence)


def read_evidence(files: Sequence[str]) -> tuple[Journal, ...]:
    """The journals in these files. Raises UnreadableJournal with a sentence, and OSError."""
    return tuple(journals.read(Path(file)) for file in files)


def seen_from(deployment: Deployment, evidence: Sequence[Journal], *, keep_seat: bool) -> Deployment:
    """The deployment with what the evidence names, at the seat that the first file was made at unless it is kept.

    Raises InvalidName where a file is about another deployment.
    """
    seen = deployment
    for journal in evidence:
        seen = seen.completed(journal.began.deployment)
    if keep_seat or not evidence:
        return seen
    return msgspec.structs.replace(seen, vantage=evidence[0].began.deployment.vantage)
