"""The form that names the deployment: parsed as it is typed, and not to be submitted while a name is wrong."""

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from checks.deployment import (
    Deployment,
    Product,
    Sources,
    Vantage,
    parse_edge_shell,
    parse_fqdn,
    parse_server,
    parse_shell,
    parse_sip_address,
    parse_xmpp_address,
)
from checks.naming import Found, completed
from checks.runbooks import RUNBOOKS
from checks.secret import Secret
from tui import symptoms
from tui.glyphs import plain
from tui.screens.frame import Framed
from tui.session import LiveWalk
from tui.widgets.choice import Choice, Fold
from tui.widgets.field import Field, parse_account, parse_file

if TYPE_CHECKING:
    from checks.knowledge.diagnosis.model import Named

TITLES = {"mobility": "Mobility", "xmpp": "XMPP federation"}
NEEDED = {
    "mobility": "Name at least one: a SIP address, the web FQDN or the pool.",
    "xmpp": "Name at least one: the Edge server, the SIP domain or a partner.",
}
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


class DeploymentScreen(Framed):
    """Asks what is troubleshot, from where, and where the answers come from."""

    BINDINGS = [
        Binding("enter", "begin", "check and begin"),
        # What is typed ahead on a slow line must land in the field that it was typed for: a key that moves the focus
        # is taken before the next one is handed to a field. A password could otherwise stand in the field before it.
        Binding("tab", "app.focus_next", "next field", priority=True),
        Binding("shift+tab", "app.focus_previous", show=False, priority=True),
        # Before the form's own scrolling, which would take the arrows once the form is higher than the screen.
        Binding("down", "app.focus_next", show=False, priority=True),
        Binding("up", "app.focus_previous", show=False, priority=True),
        Binding("escape", "back", "back", key_display="esc"),
        Binding("f1", "help", "help", key_display="F1"),
    ]

    def __init__(self, runbook: str) -> None:
        super().__init__()
        self.runbook = runbook
        self.start = ""
        """The step that the walk will begin with; empty: the first. Set it before the form is shown."""
        self.symptom = ""
        """What the walk is to explain; empty: all of the runbook is walked. As `start`."""
        self._offered: dict[str, str] = {}
        self._found: Sequence[Found] = ()
        self._looked_for: object = None
        """What the names were found for; they are looked for again where that changes."""

    def compose_body(self) -> ComposeResult:
        yield Static(id="question", markup=False)
        with VerticalScroll(id="form", can_focus=False):
            yield from self._names()
            yield Choice("You stand", VANTAGES, Vantage.INSIDE.value, self.glyphs, id="vantage", classes="group")
            yield Choice("Lync shell", SHELLS, usual_shell(sys.platform), self.glyphs, id="shell")
            with Vertical(id="remote"):
                yield Field("Address", parse_shell, self.glyphs, id="address", note="such as pool01.contoso.com")
                yield Field("Account", parse_account, self.glyphs, id="account", note=WHO)
                yield Field("Password", str, self.glyphs, id="password", password=True, note=KEPT)
            if self.runbook == "xmpp":
                yield Fold("The Edge's own shell, where you stand elsewhere", self.glyphs, id="edge-more")
                with Vertical(id="edge-remote"):
                    yield Field(
                        "Edge shell", parse_edge_shell, self.glyphs, id="edge-address", note="its name; over WinRM"
                    )
                    yield Field("Account", parse_account, self.glyphs, id="edge-account", note=WHO)
                    yield Field("Password", str, self.glyphs, id="edge-password", password=True, note=KEPT)
            yield Fold(MORE[self.runbook], self.glyphs, id="more", classes="group")
            with Vertical(id="rest"):
                if self.runbook == "xmpp":
                    yield Field("Partner's user", parse_xmpp_address, self.glyphs, id="receiver", note=TEST_MESSAGE)
                    yield Field("Signs in as", parse_account, self.glyphs, id="sender-user", note=LYNC_USER)
                yield Choice("Version", PRODUCTS, "", self.glyphs, id="product")
                yield Field("DNS inside", parse_server, self.glyphs, id="dns-inside", note="empty: this computer's")
                yield Field("DNS outside", parse_server, self.glyphs, id="dns-outside", note="such as 9.9.9.9")
                yield Field("CA file", parse_file, self.glyphs, id="ca-file", note="empty: this computer's trust")
                if self.runbook == "mobility":
                    yield Field("Signs in as", parse_account, self.glyphs, id="sender-user", note=OWN_NAME)
                    yield Field("Second as", parse_account, self.glyphs, id="receiver-user", note="the second user's")

    def _names(self) -> Iterable[Field]:
        if self.runbook == "xmpp":
            yield Field("Edge server", parse_fqdn, self.glyphs, id="edge", note="such as edge01.contoso.com")
            yield Field("SIP domain", parse_fqdn, self.glyphs, id="domain", note="such as litwareinc.com")
            yield Field("Partner", parse_fqdn, self.glyphs, id="partner", note="such as contoso.com")
            yield Field("Lync user", parse_sip_address, self.glyphs, id="user", note="optional: whose policy counts")
            return
        yield Field("SIP address", parse_sip_address, self.glyphs, id="user", note="such as kenmyer@litwareinc.com")
        yield Field("Second user", parse_sip_address, self.glyphs, id="second", note="optional, checked too")
        yield Field("Web FQDN", parse_fqdn, self.glyphs, id="web", note="of the external web services")
        yield Field("Pool", parse_fqdn, self.glyphs, id="pool", note="such as pool01.contoso.com")

    def on_mount(self) -> None:
        self.head(TITLES[self.runbook], "read-only")
        self._show_groups()
        next(iter(self.query(Field))).focus_input()

    def on_screen_resume(self) -> None:
        """The form stays, and may be opened for another beginning than before."""
        runbook = RUNBOOKS[self.runbook]
        begins = symptoms.begins(runbook, self.symptom)
        if self.start:
            begins = f"The walk begins at “{runbook.stage(self.start).step.title}”."
        asked = Content.assemble(("Which deployment?   ", "bold"), (plain(begins, self.glyphs), "$key"))
        self.query_one("#question", Static).update(asked)
        for name, text in self._offered.items():
            for field in self.query(f"#{name}").results(Field):
                field.fill(field.text or text)
        self._offered = {}

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "begin" and isinstance(self.focused, Fold):
            return False
        return super().check_action(action, parameters)

    def offer(self, names: "Named") -> None:
        """Names that a pasted text mentions; each goes into its field where that is empty."""
        self._offered = {"user": names.sip, "pool": names.pool, "web": names.web}

    @on(Choice.Changed)
    @on(Fold.Toggled)
    def _show_groups(self) -> None:
        self.query_one("#remote").display = self._is_remote
        for fold, group in FOLDED.items():
            if self.query(f"#{fold}"):
                self.query_one(f"#{group}").display = self.query_one(f"#{fold}", Fold).unfolded
        self.refresh_bindings()

    @on(Input.Submitted)
    def action_begin(self) -> None:
        wrong = None if self.is_busy else self._first_wrong()
        if wrong is not None:
            self._unfold(wrong)
            wrong.focus_input()
            self.say("Not yet: one thing above is not right.", wrong=True)
        elif not self.is_busy:
            self.say("")
            self.wizard.begin_walk(self.request())

    def action_back(self) -> None:
        if self.is_busy:
            self.wizard.interrupt_begin()
        else:
            self.dismiss()

    def show_found(self, found: Sequence[Found]) -> None:
        """Names that nobody typed: in their fields, where they can be corrected, and below what has none."""
        self._found, self._looked_for = found, self._asked_about()
        fields = {one.id: one for one in self.query(Field)}
        for one in found:
            if one.name in fields:
                fields[one.name].tell(one.value, one.source)
        others = ", ".join(one.shown for one in found if one.name not in fields)
        also = f" Also: {others}." if others else ""
        self.say(f"Found what has a source beside it.{also} Correct it, or press enter to begin.")

    def _asked_about(self) -> object:
        return self._parsed("user"), self._sources()

    def forget_passwords(self) -> None:
        """Called once the walk has begun."""
        for name in ("password", "edge-password"):
            for field in self.query(f"#{name}").results(Field):
                field.fill("")

    def request(self) -> LiveWalk:
        """The walk that the form asks for. Ask only while nothing is wrong."""
        user, second = self._parsed("user"), self._parsed("second")
        users = tuple(address for address in (user, second) if address)
        domain, receiver = self._parsed("domain"), self._parsed("receiver")
        domains = tuple(dict.fromkeys([*([domain] if domain else []), *(one.partition("@")[2] for one in users)]))
        known = self._looked_for == self._asked_about()
        fields = {one.id for one in self.query(Field)}
        return LiveWalk(
            runbook=self.runbook,
            looks=not known,
            deployment=completed(
                Deployment(
                    vantage=Vantage(self.query_one("#vantage", Choice).value),
                    domains=domains,
                    users=users,
                    pool=self._parsed("pool"),
                    web=self._parsed("web"),
                    edge=self._parsed("edge"),
                    partners=tuple(filter(None, [self._parsed("partner") or receiver.partition("@")[2]])),
                    receiver=receiver,
                    product=Product(product) if (product := self.query_one("#product", Choice).value) else None,
                    sender_user=self._parsed("sender-user"),
                    receiver_user=self._parsed("receiver-user"),
                ),
                [one for one in self._found if one.name not in fields] if known else (),
            ),
            sources=self._sources(),
            secrets=self._secrets(),
            start=self.start,
            symptom=self.symptom,
        )

    def _sources(self) -> Sources:
        remote, shell = self._is_remote, self.query_one("#shell", Choice).value
        return Sources(
            shell=self._parsed("address") if remote else shell,
            shell_user=self._parsed("account") if remote else "",
            edge_shell=self._parsed("edge-address"),
            edge_user=self._parsed("edge-account"),
            dns_inside=self._parsed("dns-inside"),
            dns_outside=self._parsed("dns-outside"),
            ca_file=self._parsed("ca-file"),
            # Who pastes is at another desk: what this computer sees of the network says nothing there.
            offline=shell == "paste",
        )

    def _secrets(self) -> dict[str, Secret]:
        """The passwords that matter, by whose they are."""
        typed = {"shell": "password", "edge": "edge-password"}
        fields = {whose: field for whose, name in typed.items() for field in self.query(f"#{name}").results(Field)}
        return {whose: Secret(field.secret()) for whose, field in fields.items() if self._matters(field) and field.text}

    def _first_wrong(self) -> Field | None:
        fields = [field for field in self.query(Field) if self._matters(field)]
        for field in fields:
            field.validate_text()
        names = [
            field for field in fields if field.id in {"user", "second", "web", "pool", "edge", "domain", "partner"}
        ]
        if not any(field.text for field in names):
            names[0].refuse(NEEDED[self.runbook])
        if self.runbook == "mobility":
            self._compare_users(*names[:2])
        if self._is_remote:
            self._require_address()
            self._compare_account("")
        if self.runbook == "xmpp":
            self._require_edge_address()
            self._compare_account("edge-")
        return next((field for field in fields if field.sentence), None)

    def _compare_users(self, user: Field, second: Field) -> None:
        if user.sentence or second.sentence or not second.text:
            return
        if not user.text:
            user.refuse("Type the first user before the second.")
        elif user.parsed == second.parsed:
            second.refuse("That is the first user again. A message needs two; or leave it empty.")

    def _require_address(self) -> None:
        address = self._field("address")
        if not address.text or (not address.sentence and address.parsed in {"none", "local", "paste"}):
            address.refuse(
                "Type the address of the pool's remote PowerShell, such as https://pool01.contoso.com/OcsPowershell."
            )

    def _require_edge_address(self) -> None:
        if not self._field("edge-address").text and self._field("edge-account").text:
            self._field("edge-address").refuse("Type the name of the Edge that the account signs in to.")

    def _compare_account(self, whose: str) -> None:
        account, password = self._field(f"{whose}account"), self._field(f"{whose}password")
        if password.text and not account.text:
            account.refuse("Type the account that the password belongs to.")
        if account.text and not password.text:
            password.refuse("Type the password, or leave the account empty to go in as who you are now.")

    def _matters(self, field: Field) -> bool:
        return self._is_remote or field.id not in {"address", "account", "password"}

    def _unfold(self, field: Field) -> None:
        for fold, group in FOLDED.items():
            if any(node.id == group for node in field.ancestors):
                self.query_one(f"#{fold}", Fold).unfolded = True
        self._show_groups()

    @property
    def _is_remote(self) -> bool:
        return self.query_one("#shell", Choice).value == "remote"

    def _field(self, name: str) -> Field:
        return self.query_one(f"#{name}", Field)

    def _parsed(self, name: str) -> str:
        fields = self.query(f"#{name}").results(Field)
        return next((field.parsed for field in fields), "")


def usual_shell(platform: str) -> str:
    """The shell that a computer most likely has: only on Windows can the Lync modules be there."""
    return "local" if platform == "win32" else "none"
