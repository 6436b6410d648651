"""Sentences of the checks as a screen says them: the form and its keys in the place of options."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import checks
from tui.wording import on_screen, with_key

WITHOUT_A_FIELD = {"--client-certificate", "--noproxy", "--ssl-no-revoke", "--proxy", "--product"}
"""Options of other programs, and those that no field of the form stands for where they are named."""


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("No Edge is named. Name it with --edge.", "No Edge is named. Name it in the form, as “Edge server”."),
        ("Name one with --partner DOMAIN.", "Name one in the form, as “Partner”."),
        ("Name one, or start with --partner DOMAIN.", "Name one in the form, as “Partner”."),
        ("Name one in the form, or with --sip.", "Name one in the form."),
        ("Name one under More in the form, or with --dns-outside ADDRESS.", "Name one under More in the form."),
        ("A public one tells (DNS outside, or --dns-outside).", "A public one tells (DNS outside)."),
        ("Name it as the CA file (--ca-file).", "Name it as the CA file (in the form, under More)."),
        ("Or walk again with --edge a.b.c, and look.", "Or walk again with a.b.c as “Edge server” in the form, and look."),
        ("Walk there with --record FILE, and bring the file here with --evidence FILE.", "Walk there too: it is seen there."),
        ("Walk: lyncdoctor run mobility --sip <address>", "Walk (“Mobility, from the top” on the first screen)"),
        ("Name another way out with --proxy.", "Name another way out with --proxy."),
        ("The header was a--b.", "The header was a--b."),
    ],
)  # fmt: skip
def test_an_option_becomes_the_field_that_stands_for_it(said: str, meant: str) -> None:
    assert on_screen(said) == meant


def test_no_sentence_of_a_step_names_an_option_that_has_a_field() -> None:
    left = {(said, option) for said in sentences() for option in re.findall(r"--[a-z][a-z-]+", on_screen(said))}
    assert {option for _, option in left} <= WITHOUT_A_FIELD, left


def sentences() -> Iterator[str]:
    """What the steps say in one piece and names an option; commands are none."""
    folder = Path(checks.__file__).parent
    for path in (*folder.glob("xmpp/*.py"), *folder.glob("mobility/*.py")):
        nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
        pieces = {id(piece) for node in nodes if isinstance(node, ast.JoinedStr) for piece in node.values}
        for node in nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in pieces:
                said = node.value
            elif isinstance(node, ast.JoinedStr):
                said = "".join(str(one.value) if isinstance(one, ast.Constant) else "name" for one in node.values)
            else:
                continue
            if re.match(r"[^-].*[a-z,(] ?--[a-z]", said):
                yield said


def test_the_key_is_that_of_the_place() -> None:
    assert with_key("check again (r); then sign in", "f") == "check again (f); then sign in"
