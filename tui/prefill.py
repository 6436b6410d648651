"""What a form was filled in with, told from what somebody typed."""

from collections.abc import Mapping


class Prefill:
    """Fills in, and takes out again what nobody has corrected meanwhile."""

    def __init__(self) -> None:
        self._given: dict[str, tuple[str, str]] = {}
        """By field: what was filled in, and what stood there before."""

    def exchange(self, held: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
        """What each field holds from now on, if `given` is filled in instead of what was given last.

        A field that `given` does not name gets back what stood in it, or keeps what was typed since.
        """
        own = {name: self._own(name, text) for name, text in held.items()}
        self._given = {name: (text, own[name]) for name, text in given.items() if name in own}
        return {**own, **{name: text for name, (text, _) in self._given.items()}}

    def _own(self, name: str, text: str) -> str:
        filled, before = self._given.get(name, (None, text))
        return before if text == filled else text
