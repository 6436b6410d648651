"""A test message that was tried and did not go out: what of, by numbers and names, and never by the server's language."""

from checks.knowledge.synthetic_output import Outcome, is_refusal
from checks.model import Finding
from checks.server_test_remedies import name_the_pool, replicate
from checks.server_tests import Ran
from checks.xmpp import message_remedies as remedies
from checks.xmpp.message_answers import CMDLET, OUTCOMES, Facts

_NO_NAME = frozenset({11001, 11004})
_CUT_OFF = 10054
_REGISTRAR = 5061


def not_begun(facts: Facts, ran: Ran) -> Finding:
    """The finding of a test that a parameter kept from beginning."""
    said = ran.unseen.detail if ran.unseen else ""
    return OUTCOMES.finding(
        "bad-parameter",
        f"{CMDLET} did not begin: it did not take one of the parameters that it was given.",
        *((f"Error: {said}",) if said else ran.outcome.lines() if ran.outcome else ()),
        "A wrong optional parameter fails the test, whatever XMPP does: the documents say to run it again without them.",
        remedies=(remedies.without_options(facts.pool, facts.receiver),),
    )


def failed(facts: Facts, seen: Outcome) -> Finding:
    """The finding of a test that ended in a failure, from what comes first on the way to what comes last."""
    pool = facts.pool
    if seen.no_such_pool:
        return OUTCOMES.finding(
            "wrong-target",
            f"{CMDLET} did not find {pool} among the pools of the topology, so it says nothing of XMPP.",
            "TargetFqdn is a pool, and not one of its computers.",
            *(
                (f"That it then found nobody at {seen.address or pool} ({seen.winsock}) follows from that.",)
                if seen.winsock
                else ()
            ),
            remedies=(name_the_pool(), replicate()),
        )
    if seen.winsock in _NO_NAME:
        return OUTCOMES.finding(
            "name-missing",
            f"Where {CMDLET} ran, {pool} has no address ({seen.winsock}), so it says nothing of XMPP.",
            *seen.lines(),
            remedies=(remedies.resolve(pool),),
        )
    if seen.winsock:
        return _unreachable(pool, seen)
    if is_refusal(seen):
        return OUTCOMES.finding(
            "credentials",
            f"{pool} refused the sign-in of {facts.writer}, so nothing was sent.",
            *((f"The user name was {facts.sender.user}.",) if facts.sender else ()),
            "It says nothing of XMPP: the message was not even tried. Where users sign in with certificates or through AD FS "
            "alone, no test with a password can pass.",
            *seen.lines(),
            remedies=(remedies.correct_the_account(facts.sender, pool),),
        )
    return _not_delivered(facts, seen)


def _unreachable(pool: str, seen: Outcome) -> Finding:
    where = f" at {seen.address}" if seen.address else ""
    target = "the registrar" if seen.port in {0, _REGISTRAR} else f"port {seen.port}"
    cut = seen.winsock == _CUT_OFF
    return OUTCOMES.finding(
        "registrar-unreachable",
        f"{CMDLET} {'was cut off by' if cut else 'could not reach'} {target} of {pool}{where} ({seen.winsock}).",
        "That comes before XMPP: neither the gateway nor the partner was tried.",
        *(("Between servers that do not trust each other's certificate, TLS ends like this.",) if cut else ()),
        *seen.lines(),
        remedies=(remedies.reach_the_registrar(pool, seen.address),),
    )


def _not_delivered(facts: Facts, seen: Outcome) -> Finding:
    numbers = ", ".join(str(number) for number in (seen.status, seen.code) if number)
    return OUTCOMES.finding(
        "not-delivered",
        f"The message of {facts.writer} to {facts.receiver} did not go out{f' ({numbers})' if numbers else ''}.",
        *seen.lines(),
        "Where the registrar answers, the documents give two reasons: the XMPP gateway is misconfigured or not deployed, "
        "or an optional parameter of the test is wrong.",
        *_hint(seen),
        remedies=(
            remedies.look_at_the_way(facts.receiver),
            remedies.without_options(facts.pool, facts.receiver),
        ),
    )


_BEARS_ON_IT = {
    403: "403: who decides that is “Federation switch” and “Access policy”.",
    404: "404: no such user was found. See that the partner's user is typed right, and “Allowed partner”.",
    504: "504: one server waited for another. See “Services”, “XMPP ports”, “Partner DNS” and “Partner ports”.",
}


def _hint(seen: Outcome) -> tuple[str, ...]:
    """Which other steps bear on a status of SIP."""
    hint = _BEARS_ON_IT.get(seen.status)
    return (hint,) if hint else ()
