"""A form that can be filled from what was used before."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual import work

from checks.naming import Found
from checks.threads import in_thread
from tui.prefill import Prefill
from tui.screens.deployment_fields import FOLDED
from tui.screens.forgetting import ForgetScreen
from tui.screens.frame import Framed
from tui.used_before import SOURCE, forget, walks_of
from tui.widgets.choice import Choice, Fold
from tui.widgets.field import Field
from tui.widgets.offers import Offer, Offers

if TYPE_CHECKING:
    from tui.used_before import Used


class Remembering(Framed):
    """Offers the deployments that were used last while nothing is typed; one fills the form, but for the passwords."""

    def __init__(self, runbook: str) -> None:
        super().__init__()
        self.runbook = runbook
        self._prefill = Prefill()
        self._unfolded: list[Fold] = []
        """By what was filled in: nothing that was is hidden."""
        self._looking = asyncio.Lock()
        """One look after the other: what is shown last was seen last."""

    def show_groups(self) -> None:
        """Shows the fields that belong to what is chosen and unfolded."""
        raise NotImplementedError

    def keep_found(self, found: Sequence[Found]) -> None:
        """Names that have no field, found for what is filled in now; those found before are forgotten."""
        raise NotImplementedError

    @work(exclusive=True, group="used")
    async def look_for_used(self) -> None:
        """Offers what was used before, unless something is typed by then."""
        async with self._looking:
            used = await in_thread(partial(self.wizard.find_used, self.runbook))
            if self._is_untouched:
                await self._offers.show(used)
                self.refresh_bindings()

    @property
    def _is_untouched(self) -> bool:
        return not any(field.text for field in self.query(Field))

    @property
    def _offers(self) -> Offers:
        return self.query_one(Offers)

    def action_to_used(self) -> None:
        """To the newest of what was used before."""
        self.set_focus(self.query(Offer).first())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "to_used":
            first = next(iter(self.query(Field)))
            return bool(self.query(Offer)) and self.focused is not None and first in self.focused.ancestors
        return super().check_action(action, parameters)

    def take(self, offer: Offer) -> None:
        """Fills the form, and goes where a password is wanted."""
        found = offer.used.unasked(self.runbook)
        self._fill(offer.used.texts(self.runbook))
        self.keep_found(found)
        self._fold_again()
        self._offers.mark(offer)
        self._unfold_filled()
        self.show_groups()
        wanted = self._password_wanted()
        (wanted or next(iter(self.query(Field)))).focus_input()
        also = f" Also: {', '.join(one.shown for one in found)}." if found else ""
        if wanted:
            self.say(f"Filled in, but for the password: none is kept. Type it here.{also}")
        else:
            self.say(f"Filled in.{also} Correct it, or press enter to begin.")

    def ask_to_forget(self, offer: Offer) -> None:
        """Asks, and then removes the walks of that deployment."""
        self._ask_to_forget(offer.used)

    def give_back(self) -> None:
        """Takes out again what was filled in and not corrected."""
        self._fill({})
        self.keep_found(())
        self._fold_again()
        self._offers.mark(None)
        self.show_groups()

    def _unfold_filled(self) -> None:
        for fold in self.query(Fold):
            fields = self.query(f"#{FOLDED[str(fold.id)]} Field").results(Field)
            if not fold.unfolded and any(field.text for field in fields):
                fold.unfolded = True
                self._unfolded.append(fold)

    def _fold_again(self) -> None:
        for fold in self._unfolded:
            fold.unfolded = False
        self._unfolded.clear()

    def _fill(self, given: Mapping[str, str]) -> None:
        """A password that was typed for what stood there must not go to what stands there now."""
        fields = {str(field.id): field for field in self.query(Field) if not field.is_password}
        choices = {str(choice.id): choice for choice in self.query(Choice)}
        held = {name: field.text for name, field in fields.items()}
        texts = self._prefill.exchange(held | {name: choice.value for name, choice in choices.items()}, given)
        for name, field in fields.items():
            if given.get(name):
                field.tell(texts[name], SOURCE)
            else:
                field.fill(texts[name])
        for name, choice in choices.items():
            choice.value = texts[name]
        for field in self.query(Field):
            if field.is_password:
                field.fill("")

    def _password_wanted(self) -> Field | None:
        """The first password that is asked for, because an account is named."""
        for password in ("password", "edge-password"):
            for account in self.query(f"#{password.replace('password', 'account')}").results(Field):
                if account.text:
                    return self.query_one(f"#{password}", Field)
        return None

    @work(exclusive=True, group="forget")
    async def _ask_to_forget(self, used: "Used") -> None:
        walks = await in_thread(partial(walks_of, used.title))

        def answered(agreed: bool | None) -> None:
            if agreed:
                self._forget(used, walks)

        self.app.push_screen(ForgetScreen(used.title, len(walks), self.glyphs), answered)

    @work(exclusive=True, group="forget")
    async def _forget(self, used: "Used", walks: Sequence[Path]) -> None:
        left = await in_thread(partial(forget, walks))
        if self._offers.taken == used:
            self.give_back()
        async with self._looking:
            await self._offers.show(await in_thread(partial(self.wizard.find_used, self.runbook)))
        next(iter(self.query(Field))).focus_input()
        self.wizard.forget_journals(set(walks) - set(left))
        self.say(_removed(len(walks) - len(left), len(left)), wrong=bool(left))


def _removed(removed: int, left: int) -> str:
    if left:
        return f"{_walks(left)} could not be removed: another program may have them open."
    return f"Forgotten: {_walks(removed)} removed from this computer."


def _walks(count: int) -> str:
    return f"{count} walk{'' if count == 1 else 's'}"
