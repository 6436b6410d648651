"""Whatever is pasted, reading it ends, raises nothing, and lets nothing harmful through."""

import random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.knowledge.pasted import MOST_CHARACTERS, NotUnderstood, cmdlet_output
from checks.probes import Cmdlet, Objects
from tests.unit.knowledge.pasted import test_cmdlet_output as samples
from tests.unit.knowledge.pasted import test_cmdlet_output_documents as documents
from tests.unit.knowledge.pasted import test_cmdlet_output_told as told

QUESTIONS = [samples.USER, samples.POLICIES, documents.VERSION, samples.SITE, told.MCX, Cmdlet(name="x")]
TEXTS = [
    *samples.LISTS.values(),
    samples.SITE_ON_A_NARROW_CONSOLE,
    samples.TABLE,
    samples.SERVICE_TABLE,
    samples.CERTIFICATES,
    documents.CLIXML,
    *(text for text, _ in documents.MODES),
    *documents.VERSIONS,
    *told.NOT_FOUND_TEXTS.values(),
    *told.UNKNOWN.values(),
    told.CONSOLE_SUCCESS,
    told.ENGLISH_DOCUMENT,
    told.KOREAN_XMPP_DOCUMENT,
    told.PHONE_TRANSCRIPT,
]


def held(question: Cmdlet, text: str) -> Objects | NotUnderstood:
    """The answer, after what must hold for each one."""
    answer = cmdlet_output.read(question, text)
    written = msgspec.json.encode(answer).decode()
    assert not any(character < " " or "\x7f" <= character < "\xa0" for character in written)
    if isinstance(answer, NotUnderstood):
        assert answer.sentence
        assert answer.line <= text.count("\n") + text.count("\r") + 10
    return answer


@given(st.sampled_from(QUESTIONS), st.text())
def test_any_text(question: Cmdlet, text: str) -> None:
    held(question, text)


_pieces = st.sampled_from(
    ["Identity", " : ", ":", "\n", "\n\n", "    ", "---- ---", "{", "}", "...", "…", "[", '"', "<Objs>", "</Objs>", "#< CLIXML", "PS C:\\> ",
     ">> ", "Get-CsUser", "Get-CsUser : ", "WARNING: ", "At line:1 char:1", "+ ", "    + CategoryInfo : ", "True", "sip:x@y", "가", "\t", "\x1b[31m",
     "Target Fqdn : ", "Result : ", "Diagnosis :", "\\", "\ud800", ", ", "null", "1"]
)  # fmt: skip


@given(st.sampled_from(QUESTIONS), st.lists(_pieces, max_size=40).map("".join))
def test_any_mixture_of_what_the_forms_are_made_of(question: Cmdlet, text: str) -> None:
    held(question, text)


@given(st.sampled_from(QUESTIONS), st.sampled_from(TEXTS), st.randoms(use_true_random=False), st.integers(1, 6))
def test_damaged_samples(question: Cmdlet, text: str, chance: random.Random, blows: int) -> None:
    for _ in range(blows):
        text = _damaged(text, chance)
    held(question, text)


def _damaged(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text) + 1)
    lines = text.split("\n")
    line = chance.randrange(len(lines))
    match chance.randrange(6):
        case 0:
            return text[:at]
        case 1:
            return text[at:]
        case 2:
            lines.insert(line, lines[line])
        case 3:
            del lines[line]
        case 4:
            return text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]
        case 5:
            lines.insert(line, chance.choice(TEXTS))
    return "\n".join(lines)


SIZE = 200_000
SLOW: dict[str, str] = {
    "blanks": "a" + " " * SIZE + ":",
    "colons": " :" * SIZE,
    "words": "a " * SIZE,
    "dashes": "a b\n" + "- " * SIZE,
    "long table": "a b\n- -\n" + "x y\n" * (SIZE // 4),
    "crossed table": "aaaa bbbb\n---- ----\n" + "xxxxxxx y\n" * (SIZE // 10),
    "quotes": "[" + '"\\' * SIZE,
    "brackets": "[" * SIZE,
    "braces": '{"a":' * SIZE,
    "number": "[" + "9" * SIZE,
    "documents": "<Objs " * SIZE,
    "deep elements": "<Objs>" + "<Obj>" * 20_000 + "</Obj>" * 20_000 + "</Objs>",
    "deep lists": "<Objs>" + "<Obj><LST>" * 20_000 + "</LST></Obj>" * 20_000 + "</Objs>",
    "errors": "Get-CsUser : x\n" * (SIZE // 15),
    "origins": "+ x\n" * (SIZE // 4),
    "fields": "    + CategoryInfo : x\n" * (SIZE // 20),
    "positions": "At " + "x" * SIZE + "\n" + "At x\n" * (SIZE // 5),
    "warnings": "WARNING: x\n" * (SIZE // 11),
    "one warning": "WARNING: x\n" + "y\n" * (SIZE // 2),
    "prompts": "PS C:\\> Get-CsUser\n" * (SIZE // 20),
    "commands": "Get-CsUser\n" * (SIZE // 10),
    "open prompt": "PS C:\\" + "x" * SIZE,
    "one object": "".join(f"Name{n} : x\n" for n in range(SIZE // 12)),
    "objects": "A : x\nB : y\n\n" * (SIZE // 14),
    "continued": "Name : x\n" + "       y\n" * (SIZE // 8),
    "items": "Name : {" + "a, " * SIZE + "}",
    "labels": "Target Fqdn : x\n" * (SIZE // 16),
    "diagnosis": "Target Fqdn : x\nDiagnosis : y\n" + "z\n" * (SIZE // 2),
    "lines": "\n" * (SIZE // 2),
    "lines behind a prompt": "PS C:\\>" + "\n" * (SIZE // 2),
    "a command without end": "PS C:\\> " + ("x" * 79 + "\n") * (SIZE // 80),
    "a command over lines": "PS C:\\> x\n" + ">> x\n" * (SIZE // 5),
    "tabs": "\t" * SIZE,
}


@pytest.mark.parametrize("question", [samples.USER, told.MCX], ids=["user", "test"])
@pytest.mark.parametrize("kind", SLOW)
def test_texts_that_careless_reading_never_ends_with(kind: str, question: Cmdlet) -> None:
    held(question, SLOW[kind])


def test_what_is_too_long_is_not_looked_at() -> None:
    assert isinstance(cmdlet_output.read(samples.USER, "x" * (MOST_CHARACTERS + 1)), NotUnderstood)
