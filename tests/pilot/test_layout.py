"""Commands on several lines, text at one width, and what importing the app costs."""

import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from checks.knowledge.powershell import command_line
from tui.glyphs import ASCII, UNICODE, plain
from tui.widgets.command import wrap_command
from tui.widgets.page import Page

names = st.text("abcDEF09", min_size=1, max_size=12)
values = st.one_of(
    st.text(max_size=30), st.booleans(), st.integers(), st.lists(st.text(max_size=8), min_size=1, max_size=3), names
)


@given(st.dictionaries(names, values, max_size=6), st.integers(1, 120))
def test_powershell_reads_a_wrapped_command_as_the_one_line_it_was(parameters: dict[str, object], width: int) -> None:
    command = command_line("Set-CsThing", parameters)
    lines = wrap_command(command, width)
    assert all(line.endswith(" `") for line in lines[:-1])
    joined = " ".join(line.removesuffix(" `").removeprefix("  " if number else "") for number, line in enumerate(lines))
    assert joined == command


def test_a_command_is_broken_before_a_parameter_and_never_inside_quotes() -> None:
    command = "Set-CsThing -Identity 'a b c d e f g h i j' -Enabled $True -Other @{a=1; b=2}"
    assert wrap_command(command, 45) == [
        "Set-CsThing -Identity 'a b c d e f g h i j' `",
        "  -Enabled $True -Other @{a=1; b=2}",
    ]
    assert wrap_command(command, 200) == [command]


def test_a_placeholder_is_never_broken() -> None:
    command = "Invoke-WebRequest https://<external web FQDN>/Autodiscover -UseBasicParsing"
    for width in range(1, 80):
        lines = wrap_command(command, width)
        assert any("<external web FQDN>" in line for line in lines), lines
    assert len(wrap_command("Get-CsThing < a b", 6)) > 2, "what never ends is no placeholder"


def test_a_folded_line_goes_on_further_right_and_loses_nothing() -> None:
    page = Page(30, UNICODE)
    value = "ExternalUri : https://lyncweb.litwareinc.com/Autodiscover/AutodiscoverService.svc/root"
    page.verbatim([value, "Next        : 1"], indent=4)
    lines = [line.plain for line in page.lines]
    assert lines[0].startswith("    ExternalUri : ")
    assert all(line.startswith("      ") for line in lines[1:-1])
    assert lines[-1] == "    Next        : 1"
    assert "".join(line[4:] if not number else line[6:] for number, line in enumerate(lines[:-1])) == value


@given(st.text(max_size=200), st.integers(20, 130))
def test_no_line_of_a_page_is_wider_than_the_page_or_holds_a_control_character(text: str, width: int) -> None:
    page = Page(width, UNICODE)
    page.text(text, indent=2)
    page.labelled("! WARNING", text)
    page.verbatim([text], "Fix")
    for line in (content.plain for content in page.lines):
        assert cell_len(line) <= width
        assert all(character.isprintable() or not character.isascii() for character in line)
        assert "\x1b" not in line
        assert "\x9b" not in line


@given(st.text(max_size=50))
def test_typography_has_a_plain_form_in_ascii_and_stays_in_unicode(text: str) -> None:
    assert plain(text, UNICODE) == text
    assert plain("“a” – b…", ASCII) == '"a" - b...'


def test_the_app_loads_no_probe_library() -> None:
    program = "import sys, tui.app; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    loaded = set(run.stdout.split())
    assert "textual.app" in loaded
    assert loaded.isdisjoint({"httpx", "dns", "pypsrp", "psutil", "cryptography", "spnego", "lab"})
