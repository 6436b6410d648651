"""What is said of a pasted text, and the signs that it is concluded from."""

from enum import IntEnum

from checks.model import Frozen, Remedy


class Likely(Frozen, frozen=True):
    """One possible cause."""

    cause: str
    """One sentence, with the text's own names where it has them."""
    reason: str = ""
    """Why the text points to it; quotes the sign that was recognised."""
    step: str = ""
    """The step that looks at it; empty where none does."""
    remedy: Remedy | None = None
    command: str = ""
    """What to run by hand to see whether it is so."""
    who: str = ""
    """Which side must act."""


class Named(Frozen, frozen=True):
    """The names that the text mentions and a walk could begin with; empty where it has none."""

    sip: str = ""
    pool: str = ""
    web: str = ""


class Diagnosis(Frozen, frozen=True):
    """What a pasted text says. With nothing likely, `question` is what would help most."""

    recognised: tuple[str, ...] = ()
    """The kinds of text that were seen in it."""
    likely: tuple[Likely, ...] = ()
    """In order of likelihood."""
    in_order: tuple[str, ...] = ()
    """What the text shows to be as it should be."""
    not_meant: tuple[str, ...] = ()
    """What the text does not mean, though it is often read so."""
    question: str = ""
    """Where nothing, or too little, is known: the one question, with the command that answers it."""
    names: Named = Named()


class Layer(IntEnum):
    """Causal order: a fault of an earlier layer explains those of the later ones, never the other way round."""

    SHELL = 0
    PERMISSION = 1
    POOL = 2
    SERVICE = 3
    LISTENER = 4
    TOPOLOGY = 5
    REPLICATION = 6
    USER = 7
    POLICY = 8
    PARTNER = 9
    NAME = 10
    REACH = 11
    CERTIFICATE = 12
    PUBLISHING = 13
    HAIRPIN = 14
    STREAM = 15
    SIGN_IN = 16
    APPLICATION = 17
    AFFINITY = 18
    PUSH = 19


class Clarity(IntEnum):
    """How much a sign says. The clearest sign of a text decides."""

    HINT = 0
    """Something that fits many causes."""
    SYMPTOM = 1
    """What a person sees: it narrows the search, no more."""
    STATUS = 2
    """A bare status: what failed, without why."""
    NAMED = 3
    """An error with a name or number of its own."""
    DECISIVE = 4
    """The fault itself, as a value or in words that mean nothing else."""


class Sign(Frozen, frozen=True):
    """One thing recognised in a text."""

    kind: str
    """What kind of text it is, for the reader."""
    clarity: Clarity = Clarity.NAMED
    layer: Layer = Layer.APPLICATION
    likely: tuple[Likely, ...] = ()
    """The causes that it has, the likeliest first."""
    in_order: tuple[str, ...] = ()
    not_meant: tuple[str, ...] = ()
    question: str = ""
    topic: str = ""
    """What it is a sign of, so that a sign that explains it can silence it."""
    explains: frozenset[str] = frozenset()
    """Topics of the signs that say the same with less."""
