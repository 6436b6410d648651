"""What servers of a partner offer, in words."""

from collections.abc import Iterator

from checks.knowledge.xmpp.negotiation import Method, Offer, Row
from checks.knowledge.xmpp.partner_settings import advised
from checks.probes.xmpp_facts import Attempt


def offered(offer: Offer) -> str:
    """The offer as the end of a sentence: what there is, then what is missing. SASL EXTERNAL that was not tried is left out."""
    tls = {"required": "TLS (required)", "offered": "TLS", "broken": "TLS that fails", "unknown": "perhaps TLS"}
    external = {"offered": "SASL EXTERNAL"}
    dialback = {"offered": "dialback", "unknown": "perhaps dialback"}
    has = [tls.get(offer.tls), external.get(offer.external), dialback.get(offer.dialback)]
    lacks = (("TLS", offer.tls), ("SASL EXTERNAL", offer.external), ("dialback", offer.dialback))
    there = " and ".join(filter(None, has))
    missing = " and ".join(f"no {name}" for name, seen in lacks if seen == "absent")
    return f"{there}, but {missing}" if there and missing else there or missing


def fitting(offer: Offer) -> Iterator[str]:
    """The settings of Lync that fit an offer."""
    found = advised(offer)
    if found is None:
        yield "None of the settings that can be advised fits that."
        return
    row, method = found
    yield f"In Lync these settings fit: {shown(row)}. They can end in {method}."


def shown(row: Row) -> str:
    """Settings of ours as a list of words."""
    return f"TLS {row.tls}, SASL {row.sasl}, dialback {row.dialback}"


def one_of(methods: tuple[Method, ...]) -> str:
    """The methods with “or” between them."""
    return f"{', '.join(methods[:-1])} or {methods[-1]}" if len(methods) > 1 else "".join(methods)


def by_server(attempts: list[Attempt]) -> Iterator[str]:
    """What each server offers, where not all offer the same."""
    if len({attempt.offer for attempt in attempts}) == 1:
        return
    for attempt in attempts[:6]:
        yield f"{server_of(attempt)} offers {offered(attempt.offer)}."


def liveness(attempts: list[Attempt]) -> Iterator[str]:
    """How the servers answered a question about a key that nobody gave out."""
    for attempt in attempts[:4]:
        verified = attempt.verified
        if verified is not None and verified.answers:
            yield f"{server_of(attempt)} answers questions about dialback keys, as a living server does."
        elif verified is not None and verified.outcome in {"silence", "closed"} and attempt.offer.dialback == "offered":
            yield (
                f"{server_of(attempt)} announces dialback and did not answer a question about a key. Some servers answer only "
                "those that they know."
            )


def server_of(attempt: Attempt) -> str:
    """A server's name with the address that was tried."""
    return f"{attempt.target.host} ({attempt.address})" if attempt.address else attempt.target.host
