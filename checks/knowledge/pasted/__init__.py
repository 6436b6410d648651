"""What a person pastes becomes the answer to exactly one question, or a sentence that says which line is not understood."""

from checks.model import Frozen
from checks.probes import (
    Answer,
    Cmdlet,
    Elsewhere,
    Handshake,
    Lookup,
    PhoneSignIn,
    Port,
    Question,
    Request,
    Series,
    Sockets,
    Stream,
)

MOST_CHARACTERS = 4 * 1024 * 1024
"""A longer paste is no output of one command."""


class NotUnderstood(Frozen, frozen=True):
    """A paste that is not the output of the command that was asked for."""

    sentence: str
    """What is wrong, and what would be right."""
    line: int = 0
    """The number of the line that was not understood, from 1; 0 where it is the whole."""
    text: str = ""
    """That line, cleaned."""


def understand(question: Question, text: str) -> Answer | NotUnderstood:
    """What the pasted output of `question`'s command says. Never raises, whatever the text is."""
    if len(text) > MOST_CHARACTERS:
        return NotUnderstood(sentence="That is more than one command prints. Paste the output of this command alone.")
    if not text.strip():
        return NotUnderstood(sentence="Nothing was pasted.")
    match question:
        case Elsewhere():
            return understand(question.question, text)
        case Cmdlet():
            from checks.knowledge.pasted import cmdlet_output

            return cmdlet_output.read(question, text)
        case Sockets():
            from checks.knowledge.pasted import netstat

            return netstat.read(question, text)
        case Request():
            from checks.knowledge.pasted import web_output

            return web_output.read(question, text)
        case Handshake():
            from checks.knowledge.pasted import openssl_output

            return openssl_output.read(question, text)
        case Lookup():
            from checks.knowledge.pasted import resolver_output

            return resolver_output.read(question, text)
        case Port():
            from checks.knowledge.pasted import port_output

            return port_output.read(question, text)
        case Series() | PhoneSignIn() | Stream():
            return NotUnderstood(sentence="What answers this question can be looked at here, but not pasted.")
