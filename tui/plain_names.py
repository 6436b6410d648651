"""The names of a deployment in plain mode: asked one by one, or taken from what was used before."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from checks.naming import TITLES as FOUND
from checks.naming import Found
from checks.text import clean
from checks.threads import in_thread
from tui.prompts import ask_name, choose, say
from tui.used_before import Used, forget, used_before, walks_of

NONE = "-"
"""What is typed to leave out a name that was used before."""
TITLES = {
    "user": "SIP address of a user",
    "second": "A second user",
    "domain": "SIP domain",
    "partner": "XMPP partner's domain",
    "receiver": "The partner's user, for a test message",
    "web": "Web FQDN",
    "pool": "Pool",
    "edge": "Edge server",
    "vantage": "Where you stand",
    "shell": "Lync shell: local, paste, the pool's name, or none",
    "account": "Account, empty for who you are now",
    "edge-address": "The Edge's own shell: its name, or none",
    "edge-account": "Account on the Edge, empty for who you are now",
    "dns-inside": "DNS inside",
    "dns-outside": "DNS outside",
    "ca-file": "CA file",
    "sender-user": "The user signs in as",
    "receiver-user": "The second user signs in as",
    "product": "Version",
}


class Names:
    """The answers to what a form would ask, by the names of its fields."""

    def __init__(self, former: Mapping[str, str] | None = None, *, as_they_were: bool = False) -> None:
        former = former or {}
        self.former = {**former, "shell": former.get("address") or former.get("shell", "")}
        self.as_they_were = as_they_were
        """True: what was used before is taken, and nothing is asked."""
        self.found: Sequence[Found] = ()
        """Names that were found for the walk before, and that nobody asks for; taken with the others alone."""

    async def ask(self, name: str, parse: Callable[[str], str] = str) -> str:
        """A name as the deployment takes it; empty where there is none."""
        former, title = self.former.get(name, ""), TITLES[name]
        if self.as_they_were:
            return parse(former) if former else ""
        if not former:
            return await ask_name(f"{title}: ", parse)
        proposed = f"{title}, enter for {clean(former, 80)}, {NONE} for none: "
        typed = await ask_name(proposed, lambda text: text if text == NONE else parse(text))
        return "" if typed == NONE else typed or parse(former)


async def names_used_before(runbook: str) -> Names:
    """What the user takes of what was used before; nothing where there is none, or another deployment is wanted."""
    while used := await in_thread(partial(used_before, runbook)):
        say("Used before:")
        offers = [f"{one.title}, {one.age}" for one in used]
        chosen = await choose([*offers, "Another deployment", "Forget one of these"])
        if chosen < len(used):
            return await _taken(used[chosen], runbook)
        if chosen == len(used):
            break
        await _forget(used)
    return Names()


async def _taken(used: Used, runbook: str) -> Names:
    texts = used.texts(runbook)
    ca_file = texts.get("ca-file")
    if ca_file and not Path(ca_file).is_file():
        say(f"The CA file {clean(ca_file)} is not there any more, and is left out.")
        texts["ca-file"] = ""
    names = Names(texts)
    told = [f"{title.partition(':')[0].partition(',')[0]}: {clean(names.former[name])}"
            for name, title in TITLES.items() if names.former.get(name)]  # fmt: skip
    found = used.unasked(runbook)
    say("\n".join([*told, *(f"{FOUND[one.name]}: {one.shown}" for one in found)]))
    names.as_they_were = await choose(["Begin with these", "Correct them, one by one"]) == 0
    names.found = found if names.as_they_were else ()
    return names


async def _forget(used: Sequence[Used]) -> None:
    one = used[await choose([each.title for each in used])] if len(used) > 1 else used[0]
    walks = await in_thread(partial(walks_of, one.title))
    say(f"Forget {one.title}? Its walks can be neither resumed nor reported then. Files elsewhere stay as they are.")
    if await choose(["Keep it", f"Forget it: removes {len(walks)} of the walks on this computer"]) == 0:
        return
    left = await in_thread(partial(forget, walks))
    say(
        f"{len(walks) - len(left)} removed."
        + (f" {len(left)} could not be: they may be open elsewhere." if left else "")
    )
