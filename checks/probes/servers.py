"""Questions about a server go to whatever reaches that server: this machine, a shell, or nothing but a paste."""

from collections.abc import Callable, Mapping

from checks.deployment import Vantage
from checks.model import Reason
from checks.probes import Cmdlet, Objects, Probe, Server, Sockets, SocketTable, Unanswered
from checks.probes.shell import Shell
from checks.secret import Secret

SEAT: Mapping[Server, Vantage] = {"front-end": Vantage.FRONT_END, "edge": Vantage.EDGE}
CALLED: Mapping[Server, str] = {"front-end": "the Front End", "edge": "the Edge"}


class Shells:
    """Implements `Shell`: each question goes to the shell of its server, opened when it is first asked."""

    def __init__(self, opening: Mapping[Server, Callable[[], Shell]]) -> None:
        self._opening = opening
        self._open: dict[Server, Shell] = {}

    async def ask(self, question: Cmdlet) -> Objects | Unanswered:
        return await self.of(question.on).ask(question)

    def of(self, server: Server) -> Shell:
        """The shell of a server; one that says so where none was named."""
        if server not in self._open:
            self._open[server] = self._opening[server]()
        return self._open[server]

    def forget(self) -> None:
        """Lets what could not be opened be tried again. A refused sign-in stays refused."""
        for shell in self._open.values():
            shell.forget()

    def reset(self, server: Server, password: Secret) -> None:
        """Takes the password of a server's shell that was typed anew; the next question tries it."""
        self.of(server).reset(password)

    async def close(self) -> None:
        opened, self._open = set(self._open.values()), {}
        for shell in opened:
            await shell.close()


class Hosts:
    """Answers `Sockets`: of this machine itself where it is that server, else through that server's shell."""

    def __init__(self, here: Probe[Sockets, SocketTable] | None, seat: Vantage, shells: Mapping[Server, Shell]) -> None:
        self._here = here
        self._seat = seat
        self._shells = shells

    async def ask(self, question: Sockets) -> SocketTable | Unanswered:
        if self._here is not None and self._seat is SEAT[question.on]:
            return await self._here.ask(question)
        if question.on in self._shells:
            from checks.probes.shell.sockets import sockets_by

            return await sockets_by(self._shells[question.on], question)
        return Unanswered(
            reason=Reason.MISSING_INPUT,
            detail=f"Nothing here reaches {CALLED[question.on]}.",
            command=question.typed(),
        )
