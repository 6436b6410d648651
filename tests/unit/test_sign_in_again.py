"""A password typed anew: what its server did not answer is asked again, and nothing else is."""

from checks.model import Reason
from checks.probes import Cmdlet, Objects, Server, Unanswered
from checks.secret import Secret
from tests.unit.canned import World, walk_in


class Locked(World):
    """Refuses every cmdlet until the right password is given."""

    def __init__(self) -> None:
        super().__init__()
        self.passwords: list[tuple[Server, str]] = []

    async def ask(self, question: Cmdlet) -> Objects | Unanswered:
        if question.name != "Get-Fourth" and ("front-end", "right") not in self.passwords:
            self.asked.append(question.name)
            return Unanswered(
                reason=Reason.DENIED, detail="The endpoint refused the sign-in of x.", password_wanted=True
            )
        answer: Objects = await super().ask(question)
        return answer

    def reset(self, server: Server, password: Secret) -> None:
        self.passwords.append((server, password.reveal()))


async def test_all_that_was_refused_is_asked_again_and_judged_again() -> None:
    world = Locked()
    walk = walk_in(world)
    for step in ("first", "second", "fourth"):
        await walk.conclude(f"canned.{step}")
    assert [walk.journal.concluded[step].finding.answer for step in walk.path] == ["unknown"] * 3
    before = world.asked.count("Get-Fourth")
    await walk.sign_in_again("canned.second", "front-end", Secret("right"))
    assert {step: one.finding.answer for step, one in walk.journal.concluded.items()} == dict.fromkeys(
        walk.path, "good"
    )
    assert world.asked.count("Get-Fourth") == before, "what was answered stands"


async def test_another_server_keeps_its_answers() -> None:
    world = Locked()
    walk = walk_in(world)
    await walk.conclude("canned.first")
    asked = len(world.asked)
    await walk.sign_in_again("canned.first", "edge", Secret("right"))
    assert world.passwords == [("edge", "right")]
    assert len(world.asked) == asked
    assert walk.journal.concluded["canned.first"].finding.answer == "unknown"
