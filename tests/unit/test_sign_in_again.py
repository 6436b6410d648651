"""A password typed anew: what its server did not answer is asked again, and nothing else is."""

from typing import Any

from checks.model import Reason
from checks.probes import Account, Cmdlet, Login, Objects, PhoneSession, PhoneSignIn, Server, Unanswered
from checks.secret import Secret
from tests.unit.canned import World, walk_in


class Locked(World):
    """Refuses every cmdlet until the right password is given."""

    def __init__(self) -> None:
        super().__init__()
        self.passwords: list[tuple[Server | Account, str]] = []

    async def ask(self, question: Cmdlet) -> Objects | Unanswered:
        if question.name != "Get-Fourth" and ("front-end", "right") not in self.passwords:
            self.asked.append(question.name)
            return Unanswered(
                reason=Reason.DENIED, detail="The endpoint refused the sign-in of x.", password_wanted=True
            )
        answer: Objects = await super().ask(question)
        return answer

    def reset(self, whose: Server | Account, password: Secret) -> None:
        self.passwords.append((whose, password.reveal()))


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


class Turned(World):
    """Lets the sender sign in with the right password alone."""

    def __init__(self) -> None:
        super().__init__()
        self.password = "wrong"

    async def ask(self, question: Any) -> Any:
        if not isinstance(question, PhoneSignIn):
            return await super().ask(question)
        self.asked.append(question.login.account)
        return PhoneSession(has_ticket=self.password == "right" or question.login.account == "receiver")

    phone = property(lambda self: self)

    def reset(self, whose: Server | Account, password: Secret) -> None:
        self.password = password.reveal()


async def test_a_test_users_password_concerns_what_was_asked_as_that_user_alone() -> None:
    world = Turned()
    walk = walk_in(world)
    accounts: tuple[Account, Account] = ("sender", "receiver")
    questions = [
        PhoneSignIn(login=Login(account=account, user="x"), sip="sip:x@y.example", web="y.example", view="inside")
        for account in accounts
    ]
    for question in questions:
        await walk.asking.ask(question)
    await walk.asking.ask(Cmdlet(name="Get-First"))
    assert walk.asking.sign_in_again("sender", Secret("right")) == {questions[0]}
    assert await walk.asking.ask(questions[0]) == PhoneSession(has_ticket=True)
    await walk.asking.ask(questions[1])
    assert world.asked == ["sender", "receiver", "Get-First", "sender"]
