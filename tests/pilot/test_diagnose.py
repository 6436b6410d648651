"""A pasted error leads to the step that looks at it; what says nothing is answered with one question."""

import re
from dataclasses import replace

import pytest
from textual.widgets import TextArea

from checks.knowledge.diagnosis import diagnose
from tests.pilot.canned_walk import Beginning
from tests.pilot.conftest import STRAIGHT, Open, Wizard
from tui.screens.deployment import DeploymentScreen
from tui.screens.diagnose import DiagnoseScreen, DiagnosisScreen
from tui.screens.welcome import WelcomeScreen
from tui.session import CannotBegin, LiveWalk, Opening
from tui.widgets.field import Field
from tui.wording import on_screen

PHONE = "Can't verify the certificate from the server"
TICKET = (
    'ms-diagnostics: 28032;reason="The web ticket is invalid.";source="pool01.contoso.com"\nsip:kenmyer@contoso.com'
)


async def diagnosed(wizard: Wizard, text: str) -> None:
    """From the welcome screen to what is said of the text."""
    await wizard.choose("Paste an error")
    await wizard.paste(text)
    await wizard.press("f2")
    assert isinstance(wizard.app.screen, DiagnosisScreen)


async def test_a_cause_leads_to_the_form_of_its_runbook_and_the_walk_begins_at_its_step(
    open_wizard: Open, beginning: Beginning
) -> None:
    beginning.refusal = CannotBegin("Not in this test.")
    async with open_wizard(Opening.WELCOME) as wizard:
        await diagnosed(wizard, TICKET)
        assert "28032" in wizard.text
        assert "Start at   Mobility, “Users enabled”: press enter" in wizard.text
        await wizard.press("enter")
        form = wizard.app.screen
        assert isinstance(form, DeploymentScreen)
        assert "The walk begins at “Users enabled”." in wizard.text
        assert form.query_one("#user", Field).text == "sip:kenmyer@contoso.com", "a name of the text is not typed again"
        await wizard.press("enter")
        request = beginning.requests[0]
        assert isinstance(request, LiveWalk)
        assert (request.runbook, request.start) == ("mobility", "mobility.user-enabled")
        await wizard.press("escape", "escape", "escape")
        assert isinstance(wizard.app.screen, WelcomeScreen)
        await wizard.press("up", "up", "enter")
        assert "The walk begins at" not in wizard.text, "from the top is from the top"


async def test_each_of_several_causes_is_told(open_wizard: Open) -> None:
    async with open_wizard(Opening.WELCOME) as wizard:
        await diagnosed(wizard, PHONE)
        assert "❯ 1" in wizard.text
        assert "The phone refuses the certificate" in wizard.text
        assert "Not meant  It does not mean a wrong password" in wizard.text
        await wizard.press("down")
        assert "❯ 2" in wizard.text
        assert "iOS needs TLS 1.2" in wizard.text
        await wizard.press("k", "c")
        assert "openssl s_client" in wizard.app.clipboard


async def test_a_text_that_says_nothing_is_answered_with_a_question_and_is_kept(open_wizard: Open) -> None:
    async with open_wizard(Opening.WELCOME) as wizard:
        await diagnosed(wizard, "hello")
        assert "That does not say enough." in wizard.text
        assert on_screen(diagnose("hello").question) in " ".join(wizard.text.split())
        assert "walk from there" not in wizard.keys
        await wizard.press("enter", "b")
        assert isinstance(wizard.app.screen, DiagnoseScreen)
        assert wizard.app.screen.query_one(TextArea).text == "hello"
        await wizard.press("escape")
        await wizard.choose("Paste an error")
        assert wizard.app.screen.query_one(TextArea).text == "hello", "it is there again the next time"
        await wizard.press("ctrl+a", "f7", "delete", "f2")
        assert isinstance(wizard.app.screen, DiagnoseScreen)
        assert "Paste or type something first." in wizard.text


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_hostile_text_is_quoted_as_text(open_wizard: Open, size: tuple[int, int]) -> None:
    async with open_wizard(Opening.WELCOME, size=size, ascii_only=True) as wizard:
        hostile = 'ms-diagnostics: 28032;reason="[red]\x1b[31m\x9b2J\u202egnp.exe";source="x"'
        await diagnosed(wizard, hostile)
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", wizard.text)
        assert wizard.text.isascii()


async def test_a_walk_begins_at_the_step_that_was_asked_for(open_wizard: Open) -> None:
    async with open_wizard(replace(STRAIGHT, start="canned.policy")) as wizard:
        assert "step 2/3" in wizard.lines[0]
        await wizard.press("enter", "enter")
        assert "step 1/3" in wizard.lines[0], "what came before it is not left out"
