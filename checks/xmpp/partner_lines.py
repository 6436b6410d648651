"""Lines to send to a partner's administrator: where the fault is on the other side, words are all that mends it."""

from collections.abc import Iterable

from checks.model import Remedy


def ask_partner(partner: str, saying: Iterable[str], *, verify: str = "check again (r) after the answer") -> Remedy:
    """The remedy that is a message to the partner. `saying` are whole sentences about the partner's side, ready to send.

    They name the partner's own servers and what was seen there, because the reader cannot see the walk.
    """
    return Remedy(
        action=f"Send this to the administrator of {partner}: “{' '.join(saying)}”",
        who=f"you send it, the administrator of {partner} acts",
        risk="none here: it is a message",
        verify=verify,
    )
