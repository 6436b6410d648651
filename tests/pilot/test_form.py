"""The form: every name is judged as it is typed, and nothing wrong can be submitted."""

import asyncio
from pathlib import Path

import pytest
from textual.widgets import Input

from checks.deployment import Vantage
from checks.naming import Found as FoundName
from tests.pilot.canned_walk import Beginning
from tests.pilot.conftest import Open, Wizard
from tui.screens.deployment import DeploymentScreen, usual_shell
from tui.screens.step import StepScreen
from tui.session import CannotBegin, LiveWalk, Opening
from tui.widgets.choice import Fold
from tui.widgets.field import Field

CANARY = "canary-pass-word"


async def fill(wizard: Wizard, **fields: str) -> None:
    for name, text in fields.items():
        wizard.app.screen.query_one(f"#{name.replace('_', '-')}", Field).query_one(Input).value = text
    await wizard.pilot.pause()


def focused_field(wizard: Wizard) -> str | None:
    focused = wizard.app.screen.focused
    assert focused is not None
    return next(node.id for node in focused.ancestors if isinstance(node, Field))


async def test_a_name_is_judged_while_it_is_typed(open_wizard: Open) -> None:
    async with open_wizard(Opening.WELCOME) as wizard:
        await wizard.choose("Mobility")
        await wizard.type("kenmyer")
        assert "The @ and the domain are missing." in wizard.text
        await wizard.type("@litwareinc.com")
        assert "missing" not in wizard.text
        assert "✓" in next(line for line in wizard.lines if "kenmyer@litwareinc.com" in line)


async def test_a_wrong_form_is_not_submitted_and_its_first_wrong_field_gets_the_focus(
    open_wizard: Open, beginning: Beginning
) -> None:
    async with open_wizard(Opening.WELCOME) as wizard:
        await wizard.choose("Mobility")
        await fill(wizard, user="kenmyer@litwareinc.com", web="https://x.contoso.com", pool="pool01")
        await wizard.press("enter")
        assert beginning.requests == []
        assert focused_field(wizard) == "web"
        assert "Leave out the https://" in wizard.text


async def test_a_form_without_any_name_says_which_would_do(open_wizard: Open, beginning: Beginning) -> None:
    async with open_wizard(Opening.WELCOME) as wizard:
        await wizard.choose("Mobility")
        await wizard.press("enter")
        assert beginning.requests == []
        assert "Name at least one" in wizard.text


async def test_the_second_user_must_be_another_one(open_wizard: Open, beginning: Beginning) -> None:
    async with open_wizard(Opening.WELCOME) as wizard:
        await wizard.choose("Mobility")
        await fill(wizard, user="kenmyer@litwareinc.com", second="SIP:KenMyer@LITWAREINC.com")
        await wizard.press("enter")
        assert beginning.requests == []
        assert focused_field(wizard) == "second"
        assert "first user again" in wizard.text


async def test_a_right_form_begins_the_walk_it_names_and_forgets_the_password(
    open_wizard: Open, beginning: Beginning
) -> None:
    async with open_wizard(Opening.WELCOME) as wizard:
        await wizard.choose("Mobility")
        form = wizard.app.screen
        assert isinstance(form, DeploymentScreen)
        await fill(
            wizard, user="KenMyer@LitwareInc.com", second="sip:pilar@litwareinc.com", pool="atl-cs-001.litwareinc.com."
        )
        await wizard.pilot.press("tab", "tab", "tab", "tab", "right", "tab", "right", "right")
        await fill(wizard, address="atl-cs-001.litwareinc.com", account="LITWAREINC\\admin", password=CANARY)
        assert CANARY not in wizard.text
        await wizard.press("enter")
        request = beginning.requests[0]
        assert isinstance(request, LiveWalk)
        assert request.deployment.users == ("sip:kenmyer@litwareinc.com", "sip:pilar@litwareinc.com")
        assert request.deployment.domains == ("litwareinc.com",)
        assert request.deployment.vantage is Vantage.OUTSIDE
        assert request.sources.shell == "https://atl-cs-001.litwareinc.com/OcsPowershell"
        assert request.secrets["shell"].reveal() == CANARY
        assert CANARY not in repr(request)
        assert isinstance(wizard.app.screen, StepScreen)
        assert form.query_one("#password", Field).secret() == ""


async def test_account_and_password_belong_together(open_wizard: Open, beginning: Beginning) -> None:
    async with open_wizard(Opening.WELCOME) as wizard:
        await wizard.choose("Mobility")
        await fill(wizard, pool="atl-cs-001.litwareinc.com")
        await wizard.pilot.press("tab", "tab", "tab", "tab", "tab", "right", "right")
        await wizard.press("enter")
        assert "address of the pool's remote PowerShell" in " ".join(wizard.text.split())
        await fill(wizard, address="atl-cs-001.litwareinc.com", password=CANARY)
        await wizard.press("enter")
        assert "account that the password belongs to" in wizard.text
        await fill(wizard, account="LITWAREINC\\admin", password="")
        await wizard.press("enter")
        assert focused_field(wizard) == "password"
        assert beginning.requests == []


async def test_a_wrong_field_below_a_fold_is_unfolded(open_wizard: Open, tmp_path: Path) -> None:
    async with open_wizard(Opening.WELCOME) as wizard:
        await wizard.choose("Mobility")
        await fill(
            wizard, pool="atl-cs-001.litwareinc.com", ca_file=str(tmp_path / "missing.pem"), dns_inside="dns.x.com"
        )
        assert "CA file" not in wizard.text
        await wizard.press("enter")
        assert focused_field(wizard) == "dns-inside"
        assert "There is no file of that name" in wizard.text
        assert "given by its IP address" in wizard.text


async def test_xmpp_stands_at_the_edge_only_where_the_user_says_so(open_wizard: Open, beginning: Beginning) -> None:
    async with open_wizard(Opening.WELCOME) as wizard:
        await wizard.choose("XMPP")
        await wizard.type("edge01.litwareinc.com")
        await wizard.press("enter")
        request = beginning.requests[0]
        assert isinstance(request, LiveWalk)
        assert (request.runbook, request.deployment.edge) == ("xmpp", "edge01.litwareinc.com")
        assert request.deployment.vantage is Vantage.INSIDE, "a computer that is no Edge must not be judged as one"


async def test_letters_are_text_while_a_field_has_the_focus(open_wizard: Open) -> None:
    async with open_wizard(Opening.WELCOME) as wizard:
        await wizard.choose("Mobility")
        await wizard.pilot.press("q", "b", "r", "x", "question_mark")
        await wizard.pilot.pause()
        assert isinstance(wizard.app.screen, DeploymentScreen)
        assert wizard.app.is_running
        assert wizard.app.screen.query_one("#user", Field).text == "qbrx?"
        assert "q quit" not in wizard.keys


async def test_the_arrows_move_between_the_fields(open_wizard: Open) -> None:
    async with open_wizard(Opening.WELCOME, size=(80, 12)) as wizard:
        await wizard.choose("Mobility")
        await wizard.press("down", "down")
        assert focused_field(wizard) == "web"
        await wizard.press("up")
        assert focused_field(wizard) == "second"


async def test_a_walk_that_cannot_begin_says_so_and_keeps_what_was_typed(
    open_wizard: Open, beginning: Beginning
) -> None:
    beginning.refusal = CannotBegin("The folder of the journals is [b]full[/b].")
    async with open_wizard(Opening.WELCOME) as wizard:
        await wizard.choose("Mobility")
        await wizard.type("kenmyer@litwareinc.com")
        await wizard.press("enter")
        assert "The folder of the journals is [b]full[/b]." in wizard.text
        assert "kenmyer@litwareinc.com" in wizard.text
        await wizard.press("enter")
        assert isinstance(wizard.app.screen, StepScreen)


async def test_escape_gives_up_beginning(open_wizard: Open, beginning: Beginning) -> None:
    beginning.held = asyncio.Event()
    async with open_wizard(Opening.WELCOME) as wizard:
        await wizard.choose("Mobility")
        await wizard.type("kenmyer@litwareinc.com")
        await wizard.pilot.press("enter")
        await wizard.until("Looking for the other names")
        await wizard.pilot.press("escape")
        await wizard.pilot.pause()
        assert isinstance(wizard.app.screen, DeploymentScreen)
        assert "Looking for" not in wizard.text
        beginning.held.set()
        await wizard.press("enter")
        assert isinstance(wizard.app.screen, StepScreen)


FOUND = (
    FoundName(name="pool", value="atl-cs-001.litwareinc.com", source="Get-CsUser"),
    FoundName(name="web", value="lyncweb.litwareinc.com", source="Get-CsService -WebServer"),
    FoundName(name="product", value="2013", source="Get-CsServerVersion"),
)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_names_that_were_found_are_shown_with_their_source_and_taken(
    open_wizard: Open, beginning: Beginning, size: tuple[int, int]
) -> None:
    beginning.found = FOUND
    async with open_wizard(Opening.WELCOME, size=size) as wizard:
        await wizard.choose("Mobility")
        await wizard.type("kenmyer@litwareinc.com")
        await wizard.press("enter")
        assert isinstance(wizard.app.screen, DeploymentScreen), "they are looked at first"
        assert "lyncweb.litwareinc.com" in wizard.text
        assert "Get-CsService -WebServer" in wizard.text
        assert "Also: Lync Server 2013." in wizard.text
        await wizard.press("enter")
        assert isinstance(wizard.app.screen, StepScreen)
    first, second = beginning.requests
    assert isinstance(first, LiveWalk)
    assert isinstance(second, LiveWalk)
    assert (first.looks, second.looks) == (True, False)
    assert (second.deployment.pool, second.deployment.web) == ("atl-cs-001.litwareinc.com", "lyncweb.litwareinc.com")
    assert second.deployment.product == "2013"


async def test_a_name_that_was_found_can_be_corrected(open_wizard: Open, beginning: Beginning) -> None:
    beginning.found = FOUND
    async with open_wizard(Opening.WELCOME) as wizard:
        await wizard.choose("Mobility")
        await wizard.type("kenmyer@litwareinc.com")
        await wizard.press("enter")
        await fill(wizard, web="other.litwareinc.com")
        assert "Get-CsService -WebServer" not in wizard.text, "nobody told that"
        await wizard.press("enter")
    request = beginning.requests[-1]
    assert isinstance(request, LiveWalk)
    assert request.deployment.web == "other.litwareinc.com"


async def test_for_another_user_names_are_looked_for_again(open_wizard: Open, beginning: Beginning) -> None:
    beginning.found = FOUND
    async with open_wizard(Opening.WELCOME) as wizard:
        await wizard.choose("Mobility")
        await wizard.type("kenmyer@litwareinc.com")
        await wizard.press("enter")
        await fill(wizard, user="pilar@litwareinc.com")
        await wizard.press("enter")
    request = beginning.requests[-1]
    assert isinstance(request, LiveWalk)
    assert request.looks
    assert request.deployment.product is None, "what was found of another user is not taken"


async def test_what_was_typed_is_there_again_but_for_the_password(open_wizard: Open, beginning: Beginning) -> None:
    async with open_wizard(Opening.WELCOME) as wizard:
        await wizard.choose("Mobility")
        await wizard.type("kenmyer@litwareinc.com")
        await wizard.press("escape")
        await wizard.choose("Mobility")
        assert "kenmyer@litwareinc.com" in wizard.text
        await wizard.press("enter")
        await wizard.press("v")
        await wizard.press("N")
        await wizard.choose("Mobility")
        assert "Which deployment?" in wizard.text
        assert "kenmyer@litwareinc.com" in wizard.text


async def test_a_shell_of_this_computer_or_a_paste_needs_nothing_else(open_wizard: Open, beginning: Beginning) -> None:
    for steps, shell in ((1, "local"), (3, "paste"), (0, "none")):
        async with open_wizard(Opening.WELCOME) as wizard:
            await wizard.choose("Mobility")
            await fill(wizard, pool="atl-cs-001.litwareinc.com")
            await wizard.pilot.press(*["tab"] * 5, *["right"] * steps)
            assert "( ) none  (•) this computer  ( ) remote  ( ) I will paste" in wizard.text or steps != 1
            assert "Account" not in wizard.text
            await wizard.press("enter")
            request = beginning.requests[-1]
            assert isinstance(request, LiveWalk)
            assert (request.sources.shell, request.secrets) == (shell, {})


def test_only_windows_has_a_lync_shell_of_its_own() -> None:
    assert [usual_shell(platform) for platform in ("win32", "linux", "darwin")] == ["local", "none", "none"]


async def test_the_edge_has_a_shell_and_an_account_of_its_own(open_wizard: Open, beginning: Beginning) -> None:
    async with open_wizard(Opening.WELCOME) as wizard:
        await wizard.choose("XMPP")
        form = wizard.app.screen
        assert isinstance(form, DeploymentScreen)
        await wizard.type("edge01.contoso.com")
        assert "Edge shell" not in wizard.text
        await wizard.pilot.press(*["tab"] * 6, "enter")
        await wizard.until("Edge shell")
        await fill(wizard, edge_account="EDGE01\\admin", edge_password=CANARY)
        await wizard.press("tab", "enter")
        assert "Type the name of the Edge that the account signs in to." in wizard.text
        assert beginning.requests == []
        await fill(wizard, edge_address="edge01.contoso.com")
        await wizard.press("enter")
        request = beginning.requests[0]
        assert isinstance(request, LiveWalk)
        assert request.sources.edge_shell == "http://edge01.contoso.com:5985/wsman"
        assert request.sources.edge_user == "EDGE01\\admin"
        assert request.secrets["edge"].reveal() == CANARY
        assert set(request.secrets) == {"edge"}
        assert form.query_one("#edge-password", Field).secret() == ""


async def test_a_wrong_edge_shell_is_unfolded(open_wizard: Open, beginning: Beginning) -> None:
    async with open_wizard(Opening.WELCOME) as wizard:
        await wizard.choose("XMPP")
        await fill(wizard, edge="edge01.contoso.com", edge_address="ftp://edge01.contoso.com")
        await wizard.press("enter")
        assert beginning.requests == []
        assert focused_field(wizard) == "edge-address"
        assert "http://<edge>:5985/wsman" in wizard.text


async def test_what_of_the_form_lies_below_the_screen_is_told(open_wizard: Open) -> None:
    async with open_wizard(Opening.WELCOME, size=(80, 18)) as wizard:
        await wizard.choose("Mobility")
        assert "more line" not in wizard.text
        await wizard.press("up", "enter")
        assert "4 more lines" in wizard.lines[-2]
        wizard.app.screen.query_one("#receiver-user", Field).focus_input()
        await wizard.pilot.pause()
        assert "Second as" in wizard.text
        assert "more line" not in wizard.text
        wizard.app.screen.query_one("#more", Fold).focus()
        await wizard.press("enter")
        wizard.app.screen.query_one("#user", Field).focus_input()
        await wizard.pilot.pause()
        assert "more line" not in wizard.text, "folded again, all of it is seen"
