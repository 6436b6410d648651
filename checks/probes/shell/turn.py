"""Whose turn it is to sign in: lanes connect side by side, and prove the password one after another."""

import threading
from collections.abc import Callable

_GLANCE = 0.1
"""Seconds after which one who waits looks whether he still wants to."""


class Turn:
    """Held by one lane from before it signs in until it is known to all what came of that.

    Else several could send a password that the first one finds refused. Its methods are called from any thread.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._holder: object = None

    def take(self, holder: object, given_up: Callable[[], bool]) -> bool:
        """Waits until nobody else has the turn; False where the holder has `given_up` before."""
        with self._changed:
            while self._holder not in (None, holder) and not given_up():
                self._changed.wait(_GLANCE)
            if given_up():
                return False
            self._holder = holder
            return True

    def leave(self, holder: object) -> None:
        """Lets the next one sign in, where it is this one's turn."""
        with self._changed:
            if self._holder is holder:
                self._holder = None
                self._changed.notify_all()
