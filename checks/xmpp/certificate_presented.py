"""What the servers of one domain present, judged for that domain."""

from collections.abc import Iterator

from checks.knowledge.certificates import days_left
from checks.model import Finding, Reason, Remedy
from checks.probes import Certificate, Presented, StreamFacts
from checks.probes.xmpp_facts import Attempt, Secured
from checks.xmpp import certificate_remedies as remedies
from checks.xmpp.certificate_answers import GRAVITY, OUTCOMES, Facts
from checks.xmpp.certificate_problems import Problem, of_partner, problem_of, same_certificate, shown_by, unexplained
from checks.xmpp.stream_problems import is_from_before_1_0
from checks.xmpp.streams import Seen, Side, opened_by_hand


class Domain:
    """What the servers of one domain present, judged for it."""

    def __init__(self, facts: Facts, one: Seen) -> None:
        attempts = one.facts.attempts if isinstance(one.facts, StreamFacts) else ()
        found = [(attempt, shown_by(attempt)) for attempt in attempts]
        self.domain = one.domain
        self.facts = one.facts
        self.shown = [(attempt, secured) for attempt, secured in found if secured is not None]
        self._all = facts
        self._outcomes = OUTCOMES[facts.side]

    def finding(self) -> Finding:
        judged = [
            (attempt, secured, problem_of(secured, self.domain, attempt.target.host, self._all.side))
            for attempt, secured in self.shown
        ]
        bad = [(attempt, secured, problem) for attempt, secured, problem in judged if problem is not None]
        if not bad:
            return self._differs() or self._accepted()
        attempt, secured, problem = min(bad, key=lambda one: GRAVITY.index(one[2].answer))
        if problem.answer in _NO_PROOF and (way := self._by_dialback([one for one, _, _ in bad])):
            return self._instead(way, attempt, secured, problem)
        if len(bad) < len(judged):
            return self._not_everywhere(attempt, problem, len(judged))
        return self._outcomes.finding(
            problem.answer,
            self._headline(problem),
            *problem.detail,
            *_means(self._all.side, self.domain, problem),
            *_at(attempt, secured),
            remedies=self._remedies(attempt, secured, problem),
        )

    def _by_dialback(self, bad: list[Attempt]) -> str:
        """The answer where our settings leave dialback and each of these servers has it; empty where they do not."""
        row = self._all.settings
        if self._all.side == "ours" or row is None or any(one.offer.dialback != "offered" for one in bad):
            return ""
        by_dialback = [method for method in row.methods if method.endswith("dialback")]
        if not by_dialback:
            return ""
        return "dialback-alone" if len(by_dialback) == len(row.methods) else "dialback-instead"

    def _instead(self, answer: str, attempt: Attempt, secured: Secured, problem: Problem) -> Finding:
        alone = answer == "dialback-alone"
        said = "our settings go by dialback" if alone else "dialback may do in its place"
        return self._outcomes.finding(
            answer,
            f"The certificate of {self.domain} proves nothing, and {said}: {problem.sentence}.",
            *problem.detail,
            "Whether Lync ends TLS with such a certificate before it comes to dialback is not documented.",
            *_at(attempt, secured),
            remedies=() if alone else self._remedies(attempt, secured, problem),
        )

    def _headline(self, problem: Problem) -> str:
        if self._all.side == "partner":
            what = {"weak": "is weak", "common-name": "not everybody accepts"}.get(problem.answer, "cannot be accepted")
            return f"{self.domain} presents a certificate that {what}: {problem.sentence}."
        if problem.answer == "no-client-purpose":
            return f"Strict partners refuse the Edge when it calls for {self.domain}: {problem.sentence}."
        cannot = {
            "untrusted": "cannot verify",
            "incomplete-chain": "cannot verify",
            "weak": "may refuse",
            "common-name": "may refuse",
        }
        verb = cannot.get(problem.answer, "refuse")
        return f"Partners {verb} the Edge's certificate for {self.domain}: {problem.sentence}."

    def _remedies(self, attempt: Attempt, secured: Secured, problem: Problem) -> tuple[Remedy, ...]:
        if self._all.side == "partner":
            return remedies.of_partner(self.domain, attempt.target.host, problem)
        return remedies.of_edge(problem, tuple(one.domain for one in self._all.seen), secured.names.hosts)

    def _not_everywhere(self, attempt: Attempt, problem: Problem, tried: int) -> Finding:
        server = f"{attempt.target.host} ({attempt.address})"
        ours = self._all.side == "ours"
        return self._outcomes.finding(
            "not-everywhere",
            f"Of {tried} servers of {self.domain}, {server} presents a bad certificate: {problem.sentence}.",
            *problem.detail,
            "The others present a good one, so it fails now and then.",
            remedies=remedies.same_everywhere(attempt.target.host)
            if ours
            else remedies.of_partner(self.domain, server, problem),
        )

    def _differs(self) -> Finding | None:
        """Computers of one Edge pool have one name, and should have one certificate. Edge pools have each their own."""
        first: dict[str, tuple[Attempt, Secured]] = {}
        for attempt, secured in self.shown:
            known, other = first.setdefault(attempt.target.host.lower(), (attempt, secured))
            if self._all.side == "ours" and not same_certificate(other, secured):
                return self._outcomes.finding(
                    "differs",
                    f"Behind {attempt.target.host} two different certificates are presented, each right for {self.domain}.",
                    *_at(known, other),
                    *_at(attempt, secured),
                    "Edges of one pool are meant to have the same; one may not have been restarted after a renewal.",
                    remedies=remedies.same_everywhere(attempt.target.host),
                )
        return None

    def _accepted(self) -> Finding:
        attempt, secured = self.shown[0]
        if old := [one.tls.protocol for _, one in self.shown if isinstance(one.tls, Presented) and one.tls.only_old]:
            return self._outcomes.finding(
                "not-seen",
                f"The certificate of {self.domain} is in its time and holds the domain; whether its authority is trusted was not "
                "seen.",
                f"It was shown over {old[0]}, which is spoken here for diagnosis alone: nothing verifies a chain there.",
                *_at(attempt, secured),
                reason=Reason.NOT_POSSIBLE_HERE,
                command=opened_by_hand(self.domain, self.facts),
            )
        if rule := unexplained(secured, attempt.target.host):
            return self._outcomes.finding(
                "not-seen",
                f"The certificate for {self.domain} is refused here, and nothing in it explains why: {rule}.",
                "The clock of this computer, or a certificate of an authority in its own store, may be wrong.",
                reason=Reason.UNREACHABLE,
                command=opened_by_hand(self.domain, self.facts),
            )
        whose = (
            f"The Edge presents a certificate that is right for {self.domain}"
            if self._all.side == "ours"
            else f"{self.domain} presents a certificate that is right for it"
        )
        notes = tuple(of_partner(leaf_of(secured))) if self._all.side == "partner" else ()
        held = (*secured.names.xmpp, *secured.names.services, *secured.names.hosts)
        return self._outcomes.finding(
            "accepted", f"{whose}.", f"It holds {', '.join(held[:8])}.", *_at(attempt, secured), *notes
        )

    @property
    def without_tls(self) -> bool:
        """True where a stream opens and no TLS is offered on it."""
        attempts = self.facts.attempts if isinstance(self.facts, StreamFacts) else ()
        return any(
            is_from_before_1_0(one)
            or (one.plain and one.plain.features is not None and one.plain.features.starttls == "absent")
            for one in attempts
        )


def leaf_of(secured: Secured) -> Certificate:
    """The server's own certificate of a TLS that showed one."""
    return secured.tls.chain[0] if isinstance(secured.tls, Presented) else Certificate()


def _at(attempt: Attempt, secured: Secured) -> Iterator[str]:
    leaf = leaf_of(secured)
    days = days_left(leaf.not_after, secured.tls.seen_at) if isinstance(secured.tls, Presented) else ""
    until = f"{leaf.not_after[:10]} ({days})" if days else leaf.not_after[:10]
    yield f"Presented at {attempt.target.host} ({attempt.address}): {leaf.subject}, until {until}, {leaf.key}."


_DIALBACK = "Where both sides allow dialback, a stream may stand without it; where one wants SASL, none does."
_NO_PROOF = frozenset(
    {"expired", "not-yet-valid", "incomplete-chain", "untrusted", "wrong-name", "common-name", "no-client-purpose"}
)
_MEANS = {
    "incomplete-chain": "Windows fetches what is missing by itself, so a test on a PC proves nothing; many XMPP servers do not.",
    "expired": "If it was renewed: the services present the old one until they are restarted.",
    "weak": "Servers of today refuse such a key, or will.",
}  # fmt: skip


def _means(side: Side, domain: str, problem: Problem) -> Iterator[str]:
    if text := _MEANS.get(problem.answer):
        yield text
    if problem.answer == "wrong-name" and side == "ours":
        yield (
            f"The documents differ: that of Lync 2013 wants {domain} itself, that of Skype for Business 2015 names "
            f"xmpp.{domain} and *.{domain}. XMPP servers look for {domain} itself, which neither of those two is."
        )
    if problem.answer in _NO_PROOF:
        yield _DIALBACK
