"""The form that names the deployment: parsed as it is typed, and not to be submitted while a name is wrong."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Input, Static

from checks.deployment import Deployment, Product, Sources, Vantage
from checks.naming import Found, completed
from checks.runbooks import RUNBOOKS
from checks.secret import Secret
from tui import symptoms
from tui.glyphs import plain
from tui.screens.deployment_fields import FOLDED, Form, form_fields
from tui.screens.remembering import Remembering
from tui.session import LiveWalk
from tui.used_before import NAMES
from tui.widgets.choice import Choice, Fold
from tui.widgets.field import Field
from tui.widgets.offers import Offer, Offers

if TYPE_CHECKING:
    from checks.knowledge.diagnosis.model import Named

TITLES = {"mobility": "Mobility", "xmpp": "XMPP federation"}
NEEDED = {
    "mobility": "Name at least one: a SIP address, the web FQDN or the pool.",
    "xmpp": "Name at least one: the Edge server, the SIP domain or a partner.",
}
SAME = {"user", "web", "pool", "edge", "domain", "address"}
"""The fields that tell one deployment from another."""


class DeploymentScreen(Remembering):
    """Asks what is troubleshot, from where, and where the answers come from."""

    BINDINGS = [
        Binding("enter", "begin", "check and begin"),
        # What is typed ahead on a slow line must land in the field that it was typed for: a key that moves the focus
        # is taken before the next one is handed to a field. A password could otherwise stand in the field before it.
        Binding("tab", "app.focus_next", "next field", priority=True),
        Binding("shift+tab", "app.focus_previous", show=False, priority=True),
        # Before the form's own scrolling, which would take the arrows once the form is higher than the screen.
        Binding("up", "to_used", "used before", priority=True),
        Binding("down", "app.focus_next", show=False, priority=True),
        Binding("up", "app.focus_previous", show=False, priority=True),
        Binding("escape", "back", "back", key_display="esc"),
        Binding("f1", "help", "help", key_display="F1"),
    ]

    def __init__(self, runbook: str) -> None:
        super().__init__(runbook)
        self.start = ""
        """The step that the walk will begin with; empty: the first. Set it before the form is shown."""
        self.symptom = ""
        """What the walk is to explain; empty: all of the runbook is walked. As `start`."""
        self.told: tuple[str, ...] = ()
        """What was told beside the symptom. As `start`."""
        self._offered: dict[str, str] = {}
        self._found: Sequence[Found] = ()
        self._looked_for: object = None
        """What the names were found for; they are looked for again where that changes."""
        self._kept: Sequence[Found] = ()
        """Names of a walk before that have no field."""
        self._kept_for: object = None

    def compose_body(self) -> ComposeResult:
        yield Static(id="question", markup=False)
        with Form(id="form"):
            yield Offers("Used before", self, self.glyphs, id="used")
            yield from form_fields(self.runbook, usual_shell(sys.platform), self.glyphs)

    def on_mount(self) -> None:
        self.head(TITLES[self.runbook], "read-only")
        self.show_groups()
        next(iter(self.query(Field))).focus_input()

    def on_screen_resume(self) -> None:
        """The form stays, and may be opened for another beginning than before."""
        runbook = RUNBOOKS[self.runbook]
        begins = symptoms.begins(runbook, self.symptom, self.told)
        if self.start:
            begins = f"The walk begins at “{runbook.stage(self.start).step.title}”."
        asked = Content.assemble(("Which deployment?   ", "bold"), (plain(begins, self.glyphs), "$key"))
        self.query_one("#question", Static).update(asked)
        for name, text in self._offered.items():
            for field in self.query(f"#{name}").results(Field):
                field.fill(field.text or text)
        self._offered = {}
        # Reading journals takes longer than to show the form.
        self.call_after_refresh(self.look_for_used)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "begin" and isinstance(self.focused, Fold | Offer):
            return False
        return super().check_action(action, parameters)

    def offer(self, names: "Named") -> None:
        """Names that a pasted text mentions; each goes into its field where that is empty."""
        self._offered = {"user": names.sip, "pool": names.pool, "web": names.web}

    @on(Choice.Changed)
    @on(Fold.Toggled)
    def show_groups(self) -> None:
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
        kept = self._still_kept()
        self._found, self._looked_for = found, self._asked_about()
        fields = {one.id: one for one in self.query(Field)}
        for one in found:
            if one.name in fields:
                fields[one.name].tell(one.value, one.source)
        self._kept, self._kept_for = kept, self._names_typed()
        others = ", ".join(one.shown for one in found if one.name not in fields)
        also = f" Also: {others}." if others else ""
        self.say(f"Found what has a source beside it.{also} Correct it, or press enter to begin.")

    def keep_found(self, found: Sequence[Found]) -> None:
        self._found, self._looked_for = (), None
        self._kept, self._kept_for = found, self._names_typed()

    def _asked_about(self) -> object:
        return self._parsed("user"), self._sources()

    def _still_kept(self) -> Sequence[Found]:
        return self._kept if self._kept_for == self._names_typed() else ()

    def _names_typed(self) -> object:
        return [field.text for field in self.query(Field) if field.id in SAME]

    def forget_passwords(self) -> None:
        """Called once the walk has begun."""
        for field in self.query(Field):
            if field.is_password:
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
                [*(one for one in self._found if known and one.name not in fields), *self._still_kept()],
            ),
            sources=self._sources(),
            secrets=self._secrets(),
            start=self.start,
            symptom=self.symptom,
            told=self.told,
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
        names = [field for field in fields if field.id in NAMES[self.runbook]]
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
        self.show_groups()

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
