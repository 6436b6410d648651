"""Two faults at once: both are named where neither hides the other, and the one that is hidden names what hides it."""

import dataclasses
import itertools
import random
from collections.abc import Iterator
from typing import Any

import pytest

from checks.journal import Journal
from checks.model import Runbook, Status
from checks.runbooks import RUNBOOKS
from checks.walk import verdict_of
from lab import scenarios
from lab.model import Model
from tests.end_to_end.walking import all_walked

pytestmark = [pytest.mark.lab, pytest.mark.xdist_group("pairs")]

PAIRS = 50
SEED = 20131128
"""Any will do; one that stays makes a failure come again."""
CAUSES = {one["name"]: one["cause"] for one in scenarios.listing() if one["cause"]}
LIMIT_SIGHT = {"mobility": frozenset[str](), "xmpp": frozenset({"xmpp.permissions"})}
"""Steps whose faults keep others from being seen: what an account may not ask stays unknown, and is not skipped."""
OUT_OF_SIGHT = {
    "mobility.windows-auth/service-error": ("mobility.web-applications/server-error",),
    "xmpp.dns/missing": ("xmpp.ports/",),
    "xmpp.dns/disabled": ("xmpp.ports/",),
    "xmpp.dns/dangling": ("xmpp.ports/",),
    "xmpp.stream/only-old": ("xmpp.certificate/untrusted", "xmpp.certificate/incomplete-chain"),
    "xmpp.partner-stream/only-old": ("xmpp.partner-certificate/untrusted", "xmpp.partner-certificate/incomplete-chain"),
    "xmpp.negotiation/tls-missing": ("xmpp.certificate/expired", "xmpp.partner-certificate/"),
    "xmpp.route/site-without-route": ("xmpp.test-message/registrar-unreachable", "xmpp.test-message/name-missing"),
}
"""How the causes begin that another one may hide though their steps are walked. Without a record there is no address whose
port could be tried; over TLS 1.0 no chain is verified; without TLS there is no certificate, and no clock for an assigned one;
a user of another site is tested in the pool there. One step names one fault: what else it saw stands in its details, as an
application that fails does beside a pool that stands still."""
_FURTHER = {
    "edge-external-": ("xmpp", "edge"),
    "partner-": ("xmpp", "partner"),
    "atl-edge-002.": ("computers", "atl-edge-001.litwareinc.com "),
}
"""By how the name of a further address, server or Edge begins, the one that is there already. Beside a second one, what
that one does is no longer the whole of it: “refuses” becomes “some refuse”."""
_INSTEAD: dict[tuple[str, ...], tuple[str, ...]] = {
    ("names", "outside", "litwareinc.com"): ("xmpp", "edge"),
    ("names", "outside", "fabrikam.com"): ("xmpp", "partner"),
}
"""Addresses of the domains themselves. What answers there decides what the want of a record comes to."""
_SEEN_BY_ALL = frozenset({"where", "established"})
"""What a listener of the Edge shows to every other lab of the machine: 127.0.0.1 is one for all."""


def changed(name: str) -> frozenset[tuple[str, ...]]:
    """The parts of the model that a scenario changes, each by the way to it."""
    before, after = Model(), Model()
    scenarios.get(name).change(after)
    ways = frozenset(_differences(_plain(before), _plain(after), ()))
    further = {side for way in ways for host, side in _FURTHER.items() if any(part.startswith(host) for part in way)}
    return ways | further | {_INSTEAD[way] for way in ways & _INSTEAD.keys()}


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return {_key(number, item): _plain(item) for number, item in enumerate(value)}
    return value


def _key(number: int, item: Any) -> str:
    """A member of a list by what names it, so that a new one in front does not change all others."""
    names = (getattr(item, name, None) for name in ("identity", "sam", "fqdn", "host", "domain"))
    side = getattr(item, "side", "")
    return next((f"{name} {side}" for name in names if name), str(item) if isinstance(item, str) else str(number))


def _differences(before: Any, after: Any, way: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in before.keys() | after.keys():
            if key not in before or key not in after:
                yield (*way, key)
            else:
                yield from _differences(before[key], after[key], (*way, key))
    elif before != after:
        yield way


def apart(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> bool:
    """True where no part that one changes holds, or lies in, a part that the other changes."""
    return not any(a[: len(b)] == b or b[: len(a)] == a for a, b in itertools.product(one, other))


def seeded_pairs(runbook: Runbook) -> list[tuple[str, str]]:
    """Pairs of scenarios that are seen from one seat and change different parts, the earlier cause first."""
    listed = [one for one in scenarios.listing() if one["runbook"] == runbook.name and one["cause"]]
    of = {one["name"]: one for one in listed}
    changes = {name: changed(name) for name in of}
    order = {step: number for number, step in enumerate(runbook.step_ids)}

    def place(name: str) -> int:
        return order[of[name]["cause"].partition("/")[0]]

    hiding = {name for name in of if of[name]["cause"].partition("/")[0] in LIMIT_SIGHT[runbook.name]}
    alone = [name for name in sorted(of) if not any(way[-1] in _SEEN_BY_ALL for way in changes[name])]
    fitting = [
        (one, other)
        for one, other in itertools.permutations(alone, 2)
        if one not in hiding
        and place(one) < place(other)
        and of[one]["seat"] == of[other]["seat"]
        and apart(changes[one], changes[other])
    ]
    return random.Random(SEED).sample(fitting, PAIRS)


def hidden_by(runbook: Runbook, step: str, cause: str) -> bool:
    """True where the step stands on what the cause makes pointless, be it by way of a step between."""
    stage = runbook.stage(step)
    cause_step, _, answer = cause.partition("/")
    if cause_step in stage.stands_on:
        return answer in stage.stands_on[cause_step]
    return any(hidden_by(runbook, between, cause) for between in stage.stands_on)


# Pairs of xmpp read the sockets of this machine, so nothing that shows its own there may be walked at the same time.
EACH_RUNBOOK = pytest.mark.parametrize(
    "runbook",
    [
        pytest.param(RUNBOOKS["mobility"], id="mobility"),
        pytest.param(RUNBOOKS["xmpp"], id="xmpp", marks=pytest.mark.xdist_group("edge")),
    ],
)


@EACH_RUNBOOK
async def test_two_faults_are_both_named_or_the_one_names_the_other(runbook: Runbook) -> None:
    pairs = seeded_pairs(runbook)
    walks = await all_walked(runbook.name, pairs)
    wrong = [
        f"{first} + {second}: {told}"
        for first, second in pairs
        for told in _complaints(runbook, CAUSES[first], CAUSES[second], walks[first, second])
    ]
    assert not wrong, "\n".join(wrong)


def _complaints(runbook: Runbook, first: str, second: str, journal: Journal) -> Iterator[str]:
    verdict = verdict_of(runbook, journal)
    later = second.partition("/")[0]
    concluded = journal.concluded[later].finding
    if hidden_by(runbook, later, first):
        if (concluded.status, concluded.because) != (Status.SKIPPED, first):
            yield f"{later} is {concluded.status} ({concluded.answer}), not skipped because of {first}"
        if verdict.cause != first:
            yield f"the verdict is {verdict.cause}, not {first}"
        return
    named = {verdict.cause, *verdict.also}
    pairs = ((first, second), (second, first))
    seen = [cause for cause, other in pairs if cause in named or not _is_out_of_sight(cause, other)]
    expected = next((cause for cause in seen if _status(runbook, cause) is Status.FAILED), seen[0])
    if verdict.cause != expected:
        yield f"the verdict is {verdict.cause}, not {expected}"
    missing = {*seen} - named
    if missing:
        yield f"{', '.join(sorted(missing))} is not named; {later} says {concluded.answer}: {concluded.headline}"


def _is_out_of_sight(cause: str, other: str) -> bool:
    return cause.startswith(OUT_OF_SIGHT.get(other, ()))


def _status(runbook: Runbook, cause: str) -> Status:
    step, _, name = cause.partition("/")
    return next(answer.status for answer in runbook.stage(step).step.answers if answer.name == name)


@EACH_RUNBOOK
def test_the_pairs_are_of_both_kinds(runbook: Runbook) -> None:
    pairs = seeded_pairs(runbook)
    kinds = {hidden_by(runbook, CAUSES[second].partition("/")[0], CAUSES[first]) for first, second in pairs}
    assert kinds == {True, False}
    assert len(set(pairs)) == PAIRS
