"""A paste in plain mode: which output it is, and what of it was not understood."""

from checks.knowledge.command_lines import wrap_command
from checks.knowledge.pasted import NotUnderstood
from checks.knowledge.pasted.commands import command_for, place_for, tools_note, view_of
from checks.probes import Answer, Question
from checks.text import clean
from checks.walk import Walk
from tui import wanted
from tui.prompts import END, ask_paste, choose, say, show, width


async def ask_output(walk: Walk, step_id: str) -> tuple[Question, Answer] | None:
    """The output of one command, as the answer to its question; None where there is none.

    What was not understood is told with its line, and can be pasted again.
    """
    asked = walk.journal.evidence(step_id)
    if not asked:
        say("This step has asked nothing, so there is nothing to paste.")
        return None
    question = await _which(walk, step_id, [one.question for one in asked])
    say(f"Run {place_for(question)}:")
    command = clean(command_for(question), 2000)
    show("\n".join(f"  {line}" for line in wrap_command(command, width() - 2)))
    if tools := tools_note([command]):
        say(tools)
    say(f"Paste what it prints, then a line with a single {END}")
    understood = await wanted.read_paste(question, await ask_paste())
    if not isinstance(understood, NotUnderstood):
        return question, understood
    say(f"Not taken. {understood.sentence}")
    if understood.line:
        say(f"Line {understood.line}: {clean(understood.text, 200)}")
    return None


async def _which(walk: Walk, step_id: str, questions: list[Question]) -> Question:
    """The question that is answered: of several the user chooses, and the one that helps most is proposed."""
    if len(questions) == 1:
        return questions[0]
    missing = wanted.unanswered(walk, step_id)
    first = wanted.wanted_first(walk, step_id) or questions[0]
    return questions[await choose([_offered(one, one in missing) for one in questions], questions.index(first))]


def _offered(question: Question, is_missing: bool) -> str:
    """An output that can be pasted. The same command may be asked inside and outside."""
    view = view_of(question)
    notes = [note for note in (f"run {view}" if view else "", "" if is_missing else "answered") if note]
    return clean(command_for(question) + (f"  ({', '.join(notes)})" if notes else ""), 2000)
