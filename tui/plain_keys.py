"""The keys of plain mode: those that help here in one line, all of them on ?."""

from checks.model import Status
from checks.stated import can_be_stated
from tui import cases, consent, wanted
from tui.again import to_check
from tui.session import Session

HELP = """\
enter  go on to the next step
r      run the step again: everything is asked anew
p      paste the output of a command that you ran by hand
a      answer by hand: you looked where this program could not, and say what it is
y      agree to a sign-in that you had passed by, and run the step
t      type a refused password anew, where one was refused; each is tried once
w      why it matters, and what good looks like
h      how to do it by hand
e      the evidence: what was asked, and what was answered; "e word" shows only the lines with the word
n      a note about the step; it is kept in the journal and stands in every report
o      write the report into a file in this folder
b      back to the step before
j      all steps: how each ended, what lies ahead, and a jump to any of them
v      the verdict so far
f      fixed it: check again what failed, then the verdict
m      in the practice lab: carry out a fix of the verdict, and check again
g      in a practice walk with a fault that was not told: say which one it is
N      in the practice lab, at the verdict: another fault
q      quit; the walk can be resumed
ctrl+c cancels what runs. lyncdoctor only reads: it never runs a command that changes anything."""


def can_mend(session: Session) -> bool:
    """True in the lab, where a command of the verdict mends something."""
    return session.mend is not None and any(remedy.cmdlet for remedy in session.walk.verdict().remedies)


def at_step(session: Session, step_id: str, *, saw_verdict: bool) -> list[str]:
    """The keys of a step: first what would help it on. `saw_verdict`: the verdict so far was shown just now."""
    walk = session.walk
    concluded = walk.conclusion(step_id)
    is_fine = concluded is not None and concluded.finding.status is Status.OK
    offered = {
        "f fixed it: check again": saw_verdict and bool(to_check(walk)),
        "m mend it here": saw_verdict and can_mend(session),
        "y agree and run it": consent.was_declined(walk, step_id),
        "t type the password anew": wanted.refused_at(walk, step_id, session.accounts) is not None,
        "p paste": wanted.is_wanting(walk, step_id),
        "a answer by hand": can_be_stated(concluded),
        "g name the cause": cases.is_unseen(session),
        "enter next": True,
        "r again": not is_fine,
        "w why": True,
        "h by hand": True,
        "e evidence": True,
        "b back": True,
        "v verdict": True,
        "q quit": True,
        "? more": True,
    }
    return [key for key, is_offered in offered.items() if is_offered]


def at_verdict(session: Session) -> list[str]:
    """The keys of the verdict at the end."""
    offered = {
        "enter ends": True,
        "f fixed it: check again": bool(to_check(session.walk)),
        "m mend it here": can_mend(session),
        "g name the cause": cases.is_unseen(session),
        "N another fault": session.practice,
        "o export": True,
        "n note": True,
        "b back": True,
        "q quit": True,
    }
    return [key for key, is_offered in offered.items() if is_offered]
