"""Deployments that were walked before: told by how the wizard's own journals begin, which hold no password."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from checks import journal
from checks.deployment import Deployment, InvalidName, Product, Sources, parse_edge_shell, parse_shell
from checks.naming import Found, Named
from checks.text import clean
from tui import places
from tui.age import age

MOST = 3
"""How many are offered."""
NAMES: Mapping[str, Sequence[str]] = {
    "mobility": ("user", "second", "web", "pool"),
    "xmpp": ("edge", "domain", "partner", "user"),
}
"""The names that each runbook's form asks for, in its order."""
SOURCE = "used before"
"""What told the names, where a walk before did."""
_LONGEST = 400
"""Characters; longer is no name, account or path that was typed."""


class Used(NamedTuple):
    """A deployment that was walked, and where its answers came from."""

    runbook: str
    deployment: Deployment
    sources: Sources
    at: datetime
    """When its walk was last written; with a time zone."""

    @property
    def title(self) -> str:
        """What it is offered by; what has the same title is one deployment to its user."""
        deployment = self.deployment
        user = next((sip.removeprefix("sip:").partition("@")[0] for sip in deployment.users), "")
        partner = deployment.partner if self.runbook == "xmpp" else ""
        about = partner or user or deployment.pool or deployment.web or deployment.edge
        parts = [deployment.name, about] if about != deployment.name else [about]
        return clean(" · ".join(parts), 2 * _LONGEST)

    @property
    def age(self) -> str:
        """How long ago that was, in words."""
        return age(self.at, datetime.now(UTC))

    def texts(self, runbook: str) -> dict[str, str]:
        """What was typed, by the names of the form's fields. Of another runbook's walk only what it names.

        No password is among them.
        """
        texts = {name: text for name, text in _texts(self.deployment, self.sources).items() if len(text) <= _LONGEST}
        return texts if runbook == self.runbook else {name: text for name, text in texts.items() if text}

    def unasked(self, runbook: str) -> Sequence[Found]:
        """The names that were found for that walk, and that a runbook's form has no field for."""
        deployment, product = self.deployment, self.deployment.product or ""
        told: dict[Named, str] = {
            # Where a user is named, it is the domain of his address.
            "domain": "" if deployment.users else deployment.domain,
            "pool": deployment.pool,
            "web": deployment.web,
            "web_internal": deployment.web_internal,
            "edge": deployment.edge,
            "product": "" if _texts(deployment, self.sources)["product"] else product,
        }
        return [Found(name=name, value=value, source=SOURCE)
                for name, value in told.items() if value and name not in NAMES[runbook]]  # fmt: skip


def used_before(runbook: str) -> Sequence[Used]:
    """The deployments that were used last, each once, for the form of a runbook: its own walks come first.

    A walk of the other runbook serves where it names what this one asks for, and no own walk is of that deployment.
    Only the beginnings of journals are read.
    """
    own: dict[str, Used] = {}
    others: dict[str, Used] = {}
    for _, used in _walked():
        # What somebody else's file told was never used here.
        if used.sources.evidence or not any(used.texts(runbook).get(name) for name in NAMES[runbook]):
            continue
        (own if used.runbook == runbook else others).setdefault(used.title, used)
    known = {used.deployment.name for used in own.values()}
    more = [used for used in others.values() if used.deployment.name not in known]
    return [*own.values(), *more][:MOST]


def walks_of(title: str) -> Sequence[Path]:
    """The journals of a deployment, by the title that it is offered by; those too that were walked from a file."""
    return [path for path, used in _walked() if used.title == title]


def forget(walks: Sequence[Path]) -> Sequence[Path]:
    """Removes journals; gives those that could not be removed."""
    for path in walks:
        with suppress(OSError):
            path.unlink(missing_ok=True)
    return [path for path in walks if path.exists()]


def _walked() -> Iterator[tuple[Path, Used]]:
    """The walks on real deployments, newest first."""
    for path in sorted(places.walks().glob("*.jsonl"), reverse=True):
        used = _used_in(path)
        if used is not None:
            yield path, used


def _used_in(path: Path) -> Used | None:
    """The deployment of a journal; None where it is of no real one, or cannot be read."""
    try:
        # Opening what is no file could wait for ever.
        if not path.is_file():
            return None
        began, written = journal.read_beginning(path), datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OSError, OverflowError, ValueError):
        return None
    is_real = began.runbook in NAMES and not began.scenario
    return Used(began.runbook, began.deployment, began.sources, written) if is_real else None


def _texts(deployment: Deployment, sources: Sources) -> dict[str, str]:
    user, second = (*deployment.users, "", "")[:2]
    shell = parse_shell(sources.shell)
    remote = "://" in shell
    # Where a shell told the version nobody chose it: it is not to look as if somebody had.
    product = "" if remote or shell == "local" else deployment.product or ""
    return {
        "user": user.removeprefix("sip:"),
        "second": second.removeprefix("sip:"),
        "web": deployment.web,
        "pool": deployment.pool,
        "edge": deployment.edge,
        "domain": deployment.domain,
        "partner": deployment.partner,
        "receiver": deployment.receiver,
        "vantage": deployment.vantage.value,
        "shell": "remote" if remote else shell,
        "address": _as_typed(shell, parse_shell) if remote else "",
        "account": sources.shell_user if remote else "",
        "edge-address": _as_typed(sources.edge_shell, parse_edge_shell),
        "edge-account": sources.edge_user if sources.edge_shell else "",
        "product": "" if product == Product.LYNC_2010 else product,
        "dns-inside": sources.dns_inside,
        "dns-outside": sources.dns_outside,
        "ca-file": sources.ca_file,
        "sender-user": deployment.sender_user,
        "receiver-user": deployment.receiver_user,
    }


def _as_typed(address: str, parse: Callable[[str], str]) -> str:
    """The name of a host where that is all that had to be typed for an address; else the address."""
    with suppress(InvalidName, ValueError):
        host = urlsplit(address).hostname or ""
        return host if parse(host) == address else address
    return address
