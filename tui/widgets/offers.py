"""Lines above a form, each of which fills it: what was typed there before."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Click
from textual.reactive import reactive
from textual.widget import Widget

from tui.glyphs import Glyphs, plain
from tui.widgets.choice import label

if TYPE_CHECKING:
    from tui.used_before import Used


class Filled(Protocol):
    """What is filled in. It is called at once, so that what is typed ahead finds the focus where it will be."""

    def take(self, offer: "Offer") -> None:
        """Fills in what was used."""

    def give_back(self) -> None:
        """Takes out again what was filled in."""

    def ask_to_forget(self, offer: "Offer") -> None:
        """Offers it no more, once the user agrees."""


class Offer(Widget, can_focus=True):
    """A deployment that was used before."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "take", "fill in", key_display="enter", priority=True),
        Binding("enter,space", "give_back", "take out again", key_display="enter", priority=True),
        Binding("ctrl+d,delete", "forget", "forget", key_display="ctrl+d"),
    ]

    taken: reactive[bool] = reactive(False)

    def __init__(self, used: "Used", before: str, form: Filled, glyphs: Glyphs) -> None:
        super().__init__()
        self.used = used
        self.glyphs = glyphs
        self._label = before
        self._form = form

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return {"take": not self.taken, "give_back": self.taken}.get(action, True)

    def action_take(self) -> None:
        self._form.take(self)

    def action_give_back(self) -> None:
        self._form.give_back()

    def action_forget(self) -> None:
        self._form.ask_to_forget(self)

    def on_click(self, event: Click) -> None:
        self.action_give_back() if self.taken else self.action_take()

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def render(self) -> Content:
        mark = self.glyphs.chosen if self.taken else self.glyphs.free
        style = "bold $key" if self.has_focus else "bold" if self.taken else ""
        before = label(self._label, self.has_focus, self.glyphs)
        title = Content.styled(plain(f"{mark} {self.used.title}", self.glyphs), style)
        age = Content.styled(plain(f" · {self.used.age}", self.glyphs), "$quiet")
        room = self.content_size.width - before.cell_length - age.cell_length
        if title.cell_length > room:
            title = title.truncate(max(room - len(self.glyphs.ellipsis), 0)) + Content(self.glyphs.ellipsis)
        return before + title + age


class Offers(Vertical):
    """The deployments that were used before, one below the other; nothing where there is none."""

    def __init__(self, title: str, form: Filled, glyphs: Glyphs, **options: Any) -> None:
        super().__init__(**options)
        self.glyphs = glyphs
        self._form = form
        self._title = title
        self.display = False

    @property
    def taken(self) -> "Used | None":
        """What the form is filled from."""
        return next((offer.used for offer in self.query(Offer) if offer.taken), None)

    async def show(self, offered: Sequence["Used"]) -> None:
        """Offers these, and no others."""
        if list(offered) == [offer.used for offer in self.query(Offer)]:
            return
        taken = self.taken
        titles = [self._title, *[""] * len(offered)]
        lines = [Offer(used, title, self._form, self.glyphs) for used, title in zip(offered, titles, strict=False)]
        for line in lines:
            line.set_reactive(Offer.taken, taken is not None and line.used.title == taken.title)
        await self.remove_children()
        await self.mount(*lines)
        self.display = bool(lines)

    def mark(self, taken: Offer | None) -> None:
        """Shows which one the form is filled from."""
        for offer in self.query(Offer):
            offer.taken = offer is taken
