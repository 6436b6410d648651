"""The form offers what was used before: it fills everything but passwords, can be corrected, and taken out again."""

import asyncio
import os
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest
from textual.events import Key
from textual.widgets import Input

from checks import journal as journals
from checks.deployment import Deployment, Product, Sources, Vantage
from checks.journal import VERSION, Began, Journal, now
from checks.naming import Found
from tests.pilot.canned_walk import Beginning
from tests.pilot.conftest import Open, Wizard
from tui import places
from tui.screens.deployment import DeploymentScreen
from tui.screens.forgetting import ForgetScreen
from tui.session import LiveWalk, Opening
from tui.used_before import NAMES, Used, used_before
from tui.widgets.choice import Choice
from tui.widgets.field import Field
from tui.widgets.offers import Offer

CANARY = "canary-pass-word"
LITWARE = Deployment(
    vantage=Vantage.FRONT_END,
    users=("sip:kenmyer@litwareinc.com", "sip:pilar@litwareinc.com"),
    domains=("litwareinc.com",),
    pool="atl-cs-001.litwareinc.com",
    web="lyncweb.litwareinc.com",
)
REMOTE = Sources(  # noqa: S604 - no subprocess
    shell="https://atl-cs-001.litwareinc.com/OcsPowershell",
    shell_user="LITWAREINC\\admin",
    dns_inside="192.168.10.90",
)
CONTOSO = Deployment(web="lyncweb.contoso.com")
LONG = Deployment(users=(f"sip:{'k' * 60}@{'d' * 60}.com",), domains=("d" * 60 + ".com",))
FEDERATED = Deployment(domains=("fabrikam.com",), edge="edge01.fabrikam.com", partners=("contoso.com",))


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def walked(deployment: Deployment, sources: Sources | None = None, runbook: str = "mobility", ago: float = 0) -> Path:
    """A walk that was written so many seconds ago."""
    path = places.new_walk(runbook)
    began = Began(version=VERSION, runbook=runbook, deployment=deployment, at=now(), sources=sources or Sources())
    Journal(began, path).close()
    written = time.time() - ago
    os.utime(path, (written, written))
    return path


async def fill(wizard: Wizard, **fields: str) -> None:
    for name, text in fields.items():
        wizard.app.screen.query_one(f"#{name.replace('_', '-')}", Field).query_one(Input).value = text
    await wizard.pilot.pause()


def texts(wizard: Wizard) -> dict[str, str]:
    """What stands in the form, but for what is empty or chosen from the start."""
    form = wizard.app.screen
    fields = {str(field.id): field.text for field in form.query(Field)}
    choices = {str(choice.id): choice.value for choice in form.query(Choice)}
    usual = {("vantage", "inside"), ("shell", "none")}
    return {name: text for name, text in (fields | choices).items() if text and (name, text) not in usual}


def focused_field(wizard: Wizard) -> str | None:
    focused = wizard.app.screen.focused
    assert focused is not None
    return next((node.id for node in focused.ancestors if isinstance(node, Field)), None)


FILLED = {
    "user": "kenmyer@litwareinc.com", "second": "pilar@litwareinc.com", "web": "lyncweb.litwareinc.com",
    "pool": "atl-cs-001.litwareinc.com", "vantage": "front-end", "shell": "remote",
    "address": "atl-cs-001.litwareinc.com", "account": "LITWAREINC\\admin", "dns-inside": "192.168.10.90",
}  # fmt: skip


@pytest.mark.parametrize("runbook", NAMES)
async def test_a_form_asks_for_the_names_that_decide_what_serves_it(open_wizard: Open, runbook: str) -> None:
    async with open_wizard(Opening.WELCOME) as wizard:
        await wizard.app.push_screen(wizard.app.form(runbook))
        await wizard.settle()
        fields = [field.id for field in wizard.app.screen.query(Field)]
        assert fields[: len(NAMES[runbook])] == list(NAMES[runbook])


async def test_nothing_is_shown_where_nothing_was_walked(open_wizard: Open) -> None:
    async with open_wizard(Opening.WELCOME, used=used_before) as wizard:
        await wizard.choose("Mobility")
        assert "Used before" not in wizard.text
        assert "used before" not in wizard.keys
        await wizard.press("up")
        assert wizard.app.screen.query_one("#more").has_focus, "the arrow goes round, as ever"


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("ascii_only", [False, True])
async def test_what_was_used_last_is_offered_above_the_form(
    open_wizard: Open, size: tuple[int, int], ascii_only: bool
) -> None:
    walked(CONTOSO, ago=2 * 86400)
    walked(LITWARE, REMOTE, ago=20 * 60)
    async with open_wizard(Opening.WELCOME, size=size, used=used_before, ascii_only=ascii_only) as wizard:
        await wizard.choose("Mobility")
        dot = "-" if ascii_only else "·"
        assert f"Used before ( ) litwareinc.com {dot} kenmyer {dot} 20 minutes ago" in wizard.text
        assert f"( ) lyncweb.contoso.com {dot} 2 days ago" in wizard.text
        assert "More: version" in wizard.text, "all of the form is still seen"
        assert focused_field(wizard) == "user", "what is typed goes where it always goes"
        assert ascii_only or "used before" in wizard.keys
        assert wizard.text.isascii() == ascii_only


async def test_one_key_fills_the_form_and_the_walk_is_the_one_of_before(
    open_wizard: Open, beginning: Beginning
) -> None:
    walked(CONTOSO)
    walked(LITWARE, REMOTE)
    async with open_wizard(Opening.WELCOME, size=(80, 30), used=used_before) as wizard:
        await wizard.choose("Mobility")
        await wizard.press("up")
        assert "enter fill in   ctrl+d forget" in wizard.keys
        await wizard.press("enter")
        assert texts(wizard) == FILLED
        assert "✓ used before" in next(line for line in wizard.lines if "lyncweb.litwareinc" in line)
        assert "(•) litwareinc.com" in wizard.text
        assert "DNS inside" in wizard.text, "nothing that was filled in is hidden"
        assert focused_field(wizard) == "password"
        assert "none is kept" in wizard.text
        await wizard.press("enter")
        assert "Type the password" in wizard.text
        assert beginning.requests == []
        await wizard.type(CANARY)
        await wizard.press("enter")
    request = beginning.requests[0]
    assert isinstance(request, LiveWalk)
    assert (request.deployment, request.sources) == (LITWARE, REMOTE)
    assert request.secrets["shell"].reveal() == CANARY
    assert request.looks, "what else there is to know is looked for as ever"


FOUND_THEN = msgspec.structs.replace(LITWARE, web_internal="web.litwareinc.com", product=Product.LYNC_2013)


async def test_names_that_have_no_field_are_told_and_taken_again(open_wizard: Open, beginning: Beginning) -> None:
    walked(FOUND_THEN, REMOTE)
    async with open_wizard(Opening.WELCOME, used=used_before) as wizard:
        await wizard.choose("Mobility")
        await wizard.press("up", "enter")
        assert "Also: web.litwareinc.com, Lync Server 2013." in " ".join(wizard.text.split())
        await fill(wizard, password=CANARY, second="")
        await wizard.press("enter")
    request = beginning.requests[0]
    assert isinstance(request, LiveWalk)
    assert request.deployment == msgspec.structs.replace(FOUND_THEN, users=FOUND_THEN.users[:1])


async def test_what_is_found_now_joins_what_was_found_then(open_wizard: Open, beginning: Beginning) -> None:
    walked(msgspec.structs.replace(FOUND_THEN, pool=""))
    beginning.found = (Found(name="pool", value="atl-cs-001.litwareinc.com", source="Get-CsUser"),)
    async with open_wizard(Opening.WELCOME, used=used_before) as wizard:
        await wizard.choose("Mobility")
        await wizard.press("up", "enter", "enter")
        assert "Get-CsUser" in wizard.text
        await wizard.press("enter")
    first, second = beginning.requests
    assert isinstance(first, LiveWalk)
    assert isinstance(second, LiveWalk)
    assert (first.looks, second.looks) == (True, False)
    assert second.deployment == FOUND_THEN


@pytest.mark.parametrize("corrected", ["user", "pool", "address", "given back"])
async def test_names_of_another_deployment_are_not_taken(
    open_wizard: Open, beginning: Beginning, corrected: str
) -> None:
    walked(FOUND_THEN, REMOTE)
    async with open_wizard(Opening.WELCOME, used=used_before) as wizard:
        await wizard.choose("Mobility")
        await wizard.press("up", "enter")
        if corrected == "given back":
            wizard.app.screen.query(Offer).first().focus()
            await wizard.press("enter")
            await fill(wizard, user="kenmyer@litwareinc.com")
            wizard.app.screen.query_one("#user", Field).focus_input()
        else:
            other = {"user": "adelany@north.litwareinc.com"}.get(corrected, "other.litwareinc.com")
            await fill(wizard, password=CANARY, **{corrected: other})
        await wizard.press("enter")
    request = beginning.requests[0]
    assert isinstance(request, LiveWalk)
    assert (request.deployment.web_internal, request.deployment.product) == ("", None)


async def test_without_an_account_enter_begins_at_once(open_wizard: Open, beginning: Beginning) -> None:
    walked(CONTOSO)
    async with open_wizard(Opening.WELCOME, used=used_before) as wizard:
        await wizard.choose("Mobility")
        await wizard.press("up", "enter")
        assert "Correct it, or press enter to begin." in wizard.text
        await wizard.press("enter")
    request = beginning.requests[0]
    assert isinstance(request, LiveWalk)
    assert request.deployment.web == "lyncweb.contoso.com"


async def test_it_can_be_corrected_and_what_was_corrected_stays_when_it_is_taken_out(open_wizard: Open) -> None:
    walked(LITWARE, REMOTE)
    async with open_wizard(Opening.WELCOME, used=used_before) as wizard:
        await wizard.choose("Mobility")
        await wizard.press("up", "enter")
        await fill(wizard, user="pilar@litwareinc.com", second="", password=CANARY)
        assert "used before" not in next(line for line in wizard.lines if "pilar@" in line)
        wizard.app.screen.query(Offer).first().focus()
        await wizard.pilot.pause()
        assert "enter take out again" in wizard.keys
        await wizard.press("enter")
        assert texts(wizard) == {"user": "pilar@litwareinc.com"}
        assert "( ) litwareinc.com" in wizard.text
        assert "DNS inside" not in wizard.text, "folded as it was"


async def test_what_was_typed_before_comes_back(open_wizard: Open) -> None:
    walked(CONTOSO)
    walked(LITWARE)
    async with open_wizard(Opening.WELCOME, used=used_before) as wizard:
        await wizard.choose("Mobility")
        await fill(wizard, user="adelany@contoso.com", web="typed.contoso.com")
        await wizard.press("up", "enter")
        assert texts(wizard)["user"] == "kenmyer@litwareinc.com"
        wizard.app.screen.query(Offer).last().focus()
        await wizard.press("enter")
        assert texts(wizard) == {"web": "lyncweb.contoso.com"}, "nothing of the first one is left"
        wizard.app.screen.query(Offer).last().focus()
        await wizard.press("enter")
        assert texts(wizard) == {"user": "adelany@contoso.com", "web": "typed.contoso.com"}


async def test_a_password_typed_for_one_shell_never_goes_to_another(open_wizard: Open, beginning: Beginning) -> None:
    walked(LITWARE, REMOTE)
    async with open_wizard(Opening.WELCOME, used=used_before) as wizard:
        await wizard.choose("Mobility")
        form = wizard.app.screen
        form.query_one("#shell", Choice).value = "remote"
        await fill(wizard, address="pool01.contoso.com", account="CONTOSO\\admin", password=CANARY)
        for _ in "taken", "given back":
            form.query(Offer).first().focus()
            await wizard.press("enter")
            assert form.query_one("#password", Field).secret() == ""
            await fill(wizard, password=CANARY)


async def test_a_password_typed_ahead_lands_in_its_field(open_wizard: Open) -> None:
    walked(CONTOSO)
    walked(LITWARE, REMOTE)
    async with open_wizard(Opening.WELCOME, used=used_before) as wizard:
        await wizard.choose("Mobility")
        for key in ("up", "down", "up", "enter"):
            wizard.app.post_message(Key(key, None))
        for character in CANARY:
            wizard.app.post_message(Key(character, character))
        await wizard.pilot.pause()
        assert wizard.app.screen.query_one("#password", Field).secret() == CANARY
        assert texts(wizard) == {**FILLED, "password": CANARY}


async def test_a_click_fills_the_form_and_the_next_one_empties_it(open_wizard: Open) -> None:
    walked(LITWARE, REMOTE)
    async with open_wizard(Opening.WELCOME, used=used_before) as wizard:
        await wizard.choose("Mobility")
        await wizard.pilot.click(Offer)
        await wizard.settle()
        assert texts(wizard) == FILLED
        await wizard.pilot.click(Offer)
        await wizard.settle()
        assert texts(wizard) == {}


async def test_the_other_runbook_s_walk_serves_where_fields_are_shared(open_wizard: Open, beginning: Beginning) -> None:
    walked(LITWARE, REMOTE)
    walked(FEDERATED, runbook="xmpp")
    async with open_wizard(Opening.WELCOME, used=used_before) as wizard:
        await wizard.choose("XMPP")
        assert wizard.text.index("fabrikam.com · contoso.com") < wizard.text.index("litwareinc.com · kenmyer")
        await fill(wizard, partner="contoso.com")
        wizard.app.screen.query(Offer).last().focus()
        await wizard.press("enter")
        assert texts(wizard) == {
            "user": "kenmyer@litwareinc.com", "domain": "litwareinc.com", "partner": "contoso.com",
            **{name: FILLED[name] for name in ("vantage", "shell", "address", "account", "dns-inside")},
        }  # fmt: skip
        await wizard.type(CANARY)
        await wizard.press("enter")
    request = beginning.requests[0]
    assert isinstance(request, LiveWalk)
    assert (request.runbook, request.deployment.domains, request.deployment.partner) == (
        "xmpp", ("litwareinc.com",), "contoso.com",
    )  # fmt: skip


async def test_names_found_for_what_stood_there_before_are_not_taken(open_wizard: Open, beginning: Beginning) -> None:
    walked(CONTOSO)
    beginning.found = (Found(name="web_internal", value="web.litwareinc.com", source="Get-CsService -WebServer"),)
    async with open_wizard(Opening.WELCOME, used=used_before) as wizard:
        await wizard.choose("Mobility")
        await fill(wizard, web="lyncweb.litwareinc.com")
        await wizard.press("enter")
        assert "web.litwareinc.com" in wizard.text
        wizard.app.screen.query(Offer).first().focus()
        await wizard.press("enter", "enter")
    request = beginning.requests[-1]
    assert isinstance(request, LiveWalk)
    assert (request.deployment.web, request.deployment.web_internal) == ("lyncweb.contoso.com", "")
    assert request.looks


async def test_a_file_that_is_gone_is_seen_at_once(open_wizard: Open, beginning: Beginning, tmp_path: Path) -> None:
    walked(CONTOSO, Sources(ca_file=str(tmp_path / "gone.pem")))
    async with open_wizard(Opening.WELCOME, used=used_before) as wizard:
        await wizard.choose("Mobility")
        await wizard.press("up", "enter", "enter")
        assert "There is no file of that name" in wizard.text
        assert beginning.requests == []


async def test_the_form_waits_for_no_journal_and_what_is_typed_meanwhile_is_left_alone(open_wizard: Open) -> None:
    walked(LITWARE)
    go_on, looked = threading.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def slow(runbook: str) -> Sequence[Used]:
        go_on.wait(30)
        loop.call_soon_threadsafe(looked.set)
        return used_before(runbook)

    async with open_wizard(Opening.WELCOME, used=slow) as wizard:
        await wizard.pilot.press("down", "enter")
        await wizard.until("SIP address")
        await wizard.type("pilar")
        go_on.set()
        await looked.wait()
        await wizard.settle()
        assert "Used before" not in wizard.text, "a line above would move what is being typed"
        assert texts(wizard) == {"user": "pilar"}
        await fill(wizard, user="")
        await wizard.press("escape")
        await wizard.choose("Mobility")
        assert "Used before" in wizard.text


async def test_forgetting_asks_and_removes_the_walks(open_wizard: Open) -> None:
    kept, older, newer = walked(CONTOSO), walked(LITWARE), walked(LITWARE, REMOTE)
    async with open_wizard(Opening.WELCOME, used=used_before) as wizard:
        await wizard.choose("Mobility")
        await wizard.press("up", "enter")
        for keep in ("n", "escape", "enter"):
            wizard.app.screen.query(Offer).first().focus()
            await wizard.press("ctrl+d")
            assert isinstance(wizard.app.screen, ForgetScreen)
            assert "Forget litwareinc.com · kenmyer?" in wizard.text
            assert "Its 2 walks are removed from this computer" in wizard.text
            await wizard.press(keep)
            assert isinstance(wizard.app.screen, DeploymentScreen)
            assert newer.exists()
        wizard.app.journal = newer
        await wizard.press("ctrl+d", "y")
        await wizard.settle()
        assert "Forgotten: 2 walks removed from this computer." in wizard.text
        assert [newer.exists(), older.exists(), kept.exists()] == [False, False, True]
        assert texts(wizard) == {}, "nor does the form keep it"
        assert "kenmyer" not in wizard.text.replace("such as kenmyer@litwareinc.com", "")
        assert wizard.app.journal is None, "a file that is no more is not named at the end"
        assert focused_field(wizard) == "user"
        await wizard.press("up", "ctrl+d", "y")
        await wizard.settle()
        assert "Used before" not in wizard.text
        assert list(places.walks().iterdir()) == []


async def test_what_is_left_is_offered_once(open_wizard: Open) -> None:
    """The form looks for what was used when it is seen again, and after what is forgotten is gone: perhaps at once."""
    for deployment in (CONTOSO, LITWARE, FEDERATED):
        walked(deployment)
    side_by_side, looks = threading.Barrier(2, timeout=1), 0

    def together(runbook: str) -> Sequence[Used]:
        nonlocal looks
        looks += 1
        used = used_before(runbook)
        if looks > 1:
            # Two looks that wait for each other end at once; one that is alone goes on.
            with suppress(threading.BrokenBarrierError):
                side_by_side.wait()
        return used

    async with open_wizard(Opening.WELCOME, used=together) as wizard:
        await wizard.choose("Mobility")
        offered = {offer.used.title: offer for offer in wizard.app.screen.query(Offer)}
        forgotten = next(title for title in offered if "contoso" in title)
        offered[forgotten].focus()
        await wizard.pilot.press("ctrl+d")
        await wizard.until(f"Forget {forgotten}?")
        await wizard.press("y")
        left = [offer.used.title for offer in wizard.app.screen.query(Offer)]
        assert left == [title for title in offered if title != forgotten]
        assert wizard.text.count("Used before") == 1


async def test_whoever_keeps_it_stands_where_he_stood(open_wizard: Open) -> None:
    walked(CONTOSO)
    walked(LITWARE)
    async with open_wizard(Opening.WELCOME, used=used_before) as wizard:
        await wizard.choose("Mobility")
        await wizard.press("up", "down", "ctrl+d", "n")
        assert wizard.app.screen.focused is wizard.app.screen.query(Offer).last()
        await wizard.press("up", "f1", "escape")
        assert wizard.app.screen.focused is wizard.app.screen.query(Offer).first()


async def test_walks_that_cannot_be_removed_are_told(open_wizard: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    walk = walked(LITWARE)

    def refused(self: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "in use", str(self))

    async with open_wizard(Opening.WELCOME, used=used_before) as wizard:
        await wizard.choose("Mobility")
        monkeypatch.setattr(Path, "unlink", refused)
        await wizard.press("up", "ctrl+d", "y")
        await wizard.settle()
        assert "1 walk could not be removed" in wizard.text
        assert "litwareinc.com · kenmyer" in wizard.text
    assert journals.read(walk)


async def test_no_hostile_text_of_a_journal_reaches_the_screen(open_wizard: Open) -> None:
    places.new_walk("mobility").write_text(
        '{"kind":"began","version":1,"runbook":"mobility","at":"","deployment":{"web":"a.contoso.com","domains":'
        '["[red]evil[/red].com"]}}\n'
    )
    walked(LONG)
    async with open_wizard(Opening.WELCOME, used=used_before) as wizard:
        await wizard.choose("Mobility")
        assert "evil" not in wizard.text
        offer = next(line for line in wizard.lines if "Used before" in line)
        assert offer.endswith("d… · just now"), "the age is seen beside the longest name"


async def test_no_offer_holds_what_was_typed_as_a_password(open_wizard: Open, beginning: Beginning) -> None:
    walked(LITWARE, REMOTE)
    async with open_wizard(Opening.WELCOME, used=used_before) as wizard:
        await wizard.choose("Mobility")
        await wizard.press("up", "enter")
        await wizard.type(CANARY)
        await wizard.press("enter", "v", "N")
        await wizard.choose("Mobility")
        assert "litwareinc.com · kenmyer" in wizard.text
        assert texts(wizard) == FILLED
        offers = [offer.used for offer in wizard.app.screen.query(Offer)]
    assert CANARY not in repr([(used, used.texts("mobility")) for used in offers])
