"""What the form of each runbook asks, field by field."""

from collections.abc import Iterator

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll

from checks.deployment import (
    Product,
    Vantage,
    parse_edge_shell,
    parse_fqdn,
    parse_server,
    parse_shell,
    parse_sip_address,
    parse_xmpp_address,
)
from tui.glyphs import Glyphs
from tui.widgets.choice import Choice, Fold
from tui.widgets.field import Field, parse_account, parse_file
from tui.widgets.lines import Rule

FOLDED = {"more": "rest", "edge-more": "edge-remote"}
"""What each fold shows or hides."""
MORE = {
    "mobility": "More: version, name servers, CA, the users' accounts",
    "xmpp": "More: test message, version, name servers, CA",
}
WHO = "empty: who you are now"
TEST_MESSAGE = "gets the test message"
LYNC_USER = "the Lync user; empty: his UPN"
OWN_NAME = "first user; empty: his UPN"
KEPT = "kept in memory only"
VANTAGES = (
    (Vantage.INSIDE.value, "inside"),
    (Vantage.OUTSIDE.value, "outside"),
    (Vantage.FRONT_END.value, "front end"),
    (Vantage.EDGE.value, "edge"),
)
SHELLS = (("none", "none"), ("local", "this computer"), ("remote", "remote"), ("paste", "I will paste"))
PRODUCTS = (
    ("", "find out"),
    (Product.LYNC_2013.value, "2013"),
    (Product.SKYPE_2015.value, "2015"),
    (Product.SKYPE_2019.value, "2019"),
    (Product.SUBSCRIPTION_EDITION.value, "SE"),
)


class Form(VerticalScroll, can_focus=False):
    """The fields, below each other. The rule below the form says what is not seen of them."""

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._say_more()

    def watch_virtual_size(self) -> None:
        self._say_more()

    def on_resize(self) -> None:
        self._say_more()

    def _say_more(self) -> None:
        below = self.virtual_size.height - self.size.height - round(self.scroll_target_y)
        words = f"{below} more line{'s' if below > 1 else ''}" if below > 0 else ""
        self.screen.query_one("#below", Rule).say(words)


def form_fields(runbook: str, shell: str, glyphs: Glyphs) -> ComposeResult:
    """The fields of a runbook's form; `shell` is the one that it proposes."""
    yield from _names(runbook, glyphs)
    yield Choice("You stand", VANTAGES, Vantage.INSIDE.value, glyphs, id="vantage", classes="group")
    yield Choice("Lync shell", SHELLS, shell, glyphs, id="shell")
    with Vertical(id="remote"):
        yield Field("Address", parse_shell, glyphs, id="address", note="such as pool01.contoso.com")
        yield Field("Account", parse_account, glyphs, id="account", note=WHO)
        yield Field("Password", str, glyphs, id="password", password=True, note=KEPT)
    if runbook == "xmpp":
        yield Fold("The Edge's own shell, where you stand elsewhere", glyphs, id="edge-more")
        with Vertical(id="edge-remote"):
            yield Field("Edge shell", parse_edge_shell, glyphs, id="edge-address", note="its name; over WinRM")
            yield Field("Account", parse_account, glyphs, id="edge-account", note=WHO)
            yield Field("Password", str, glyphs, id="edge-password", password=True, note=KEPT)
    yield Fold(MORE[runbook], glyphs, id="more", classes="group")
    with Vertical(id="rest"):
        yield from _rest(runbook, glyphs)


def _names(runbook: str, glyphs: Glyphs) -> Iterator[Field]:
    if runbook == "xmpp":
        yield Field("Edge server", parse_fqdn, glyphs, id="edge", note="such as edge01.contoso.com")
        yield Field("SIP domain", parse_fqdn, glyphs, id="domain", note="such as litwareinc.com")
        yield Field("Partner", parse_fqdn, glyphs, id="partner", note="such as contoso.com")
        yield Field("Lync user", parse_sip_address, glyphs, id="user", note="optional: whose policy counts")
        return
    yield Field("SIP address", parse_sip_address, glyphs, id="user", note="such as kenmyer@litwareinc.com")
    yield Field("Second user", parse_sip_address, glyphs, id="second", note="optional, checked too")
    yield Field("Web FQDN", parse_fqdn, glyphs, id="web", note="of the external web services")
    yield Field("Pool", parse_fqdn, glyphs, id="pool", note="such as pool01.contoso.com")


def _rest(runbook: str, glyphs: Glyphs) -> Iterator[Field | Choice]:
    if runbook == "xmpp":
        yield Field("Partner's user", parse_xmpp_address, glyphs, id="receiver", note=TEST_MESSAGE)
        yield Field("Signs in as", parse_account, glyphs, id="sender-user", note=LYNC_USER)
    yield Choice("Version", PRODUCTS, "", glyphs, id="product")
    yield Field("DNS inside", parse_server, glyphs, id="dns-inside", note="empty: this computer's")
    yield Field("DNS outside", parse_server, glyphs, id="dns-outside", note="such as 9.9.9.9")
    yield Field("CA file", parse_file, glyphs, id="ca-file", note="empty: this computer's trust")
    if runbook == "mobility":
        yield Field("Signs in as", parse_account, glyphs, id="sender-user", note=OWN_NAME)
        yield Field("Second as", parse_account, glyphs, id="receiver-user", note="the second user's")
