"""A fault as a mail to whoever must act: he is often somebody else, and has neither Lync nor this program."""

from collections.abc import Iterator, Sequence

from checks.brought import minute, oldest
from checks.journal import Asked, Journal
from checks.model import Runbook, Verdict
from checks.probes import Cmdlet, Sockets
from checks.report import Action, actions_of
from checks.report.text import wrapped
from checks.text import clean
from checks.walk import verdict_of

WIDTH = 76
"""Columns of a mail."""
_MOST_QUESTIONS = 4
_MOST_LINES = 12
"""Of one answer."""
_BETWEEN = "\n" + "-" * WIDTH + "\n\n"


def request(journal: Journal, runbook: Runbook) -> str:
    """What was seen, what is asked, what it touches and how both see that it helped: a mail for each who must act.

    It is about the cause that the verdict names. Empty where there is none, or nothing can be done about it.
    """
    verdict = verdict_of(runbook, journal)
    if verdict.cause is None:
        return ""
    step = verdict.cause.partition("/")[0]
    wanted: dict[str, list[Action]] = {}
    # Who is asked has no walk to go on with, and often no lyncdoctor.
    for action in actions_of(verdict.remedies, "let us check again"):
        wanted.setdefault(action.who, []).append(action)
    mails = (_lines(journal, runbook, verdict, step, who, his) for who, his in wanted.items())
    return _BETWEEN.join("\n".join(lines) + "\n" for lines in mails)


def _lines(
    journal: Journal, runbook: Runbook, verdict: Verdict, step_id: str, who: str, actions: Sequence[Action]
) -> Iterator[str]:
    yield from wrapped(verdict.headline, "         ", WIDTH, first="Subject: ")
    yield from wrapped(who, "         ", WIDTH, first="For:     ")
    yield ""
    yield "What is wrong"
    for line in (verdict.headline, *verdict.detail):
        yield from wrapped(line, "  ", WIDTH)
    yield ""
    yield "Why it matters"
    yield from wrapped(runbook.stage(step_id).step.why, "  ", WIDTH)
    for number, action in enumerate(actions):
        yield ""
        yield _asked(action, is_first=not number)
        yield from [f"  {clean(action.command, 2000)}"] if action.command else wrapped(action.action, "  ", WIDTH)
        yield from wrapped(action.risk, "    ", WIDTH, first="  It touches: ")
        yield from wrapped(action.verify, "    ", WIDTH, first="  To verify: ")
    yield ""
    yield from _seen(journal, runbook, step_id)


def _asked(action: Action, *, is_first: bool) -> str:
    """What stands above a remedy. Another way may be for somebody else than those before it: then one of them is enough."""
    if action.instead:
        return "What is asked, where no other way is taken" if is_first else "Or, in its place"
    return "What is asked" if is_first else "Then"


def _seen(journal: Journal, runbook: Runbook, step_id: str) -> Iterator[str]:
    """When and from where it was looked at, and what anybody can ask of the network himself.

    The output of the servers' own commands stays here: the mail may leave the house.
    """
    began = journal.began
    practice = ", in the practice deployment" if began.scenario else ""
    old = f", by evidence of {minute(made)}" if (made := oldest(journal)) else ""
    at = f"{clean(began.at, 40)[:16].replace('T', ' ')} UTC{old}, from {began.deployment.vantage}{practice}"
    yield from wrapped(f"Looked at {at}: {runbook.stage(step_id).step.title} ({runbook.title})", "  ", WIDTH, first="")
    seen = [asked for asked in journal.evidence(step_id) if not isinstance(asked.question, Cmdlet | Sockets)]
    for asked in seen[:_MOST_QUESTIONS]:
        yield ""
        yield from _answered(asked)
    if len(seen) > _MOST_QUESTIONS:
        yield ""
        yield f"  {len(seen) - _MOST_QUESTIONS} more of the kind are in the report."


def _answered(asked: Asked) -> Iterator[str]:
    yield f"  > {clean(asked.question.typed(), 300)}"
    lines = list(asked.answer.lines())
    for line in lines[:_MOST_LINES]:
        yield f"    {clean(line, 200)}"
    if len(lines) > _MOST_LINES:
        yield "    …"
