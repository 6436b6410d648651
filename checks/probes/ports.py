"""TCP ports asked whether they take a connection. Nothing is said on them."""

from checks.model import Reason
from checks.probes import Open, Port, Records, Unanswered, Unreached
from checks.probes.addresses import Network
from checks.probes.wire import DEADLINES, ConnectFailed, Deadlines, connect


class PortProbe:
    """Answers `Port`."""

    def __init__(self, network: Network, deadlines: Deadlines = DEADLINES) -> None:
        self._network = network
        self._deadlines = deadlines

    async def ask(self, question: Port) -> Open | Unreached | Unanswered:
        """Open, or how far it came; Unanswered where the name could not be looked up."""
        endpoints = await self._network.endpoints(question.host, question.port, question.view)
        if isinstance(endpoints, Unanswered):
            return endpoints
        if isinstance(endpoints, Records):
            if endpoints.outcome == "server-failure":
                # The record may well be there: nothing follows for the port.
                detail = f"The name server failed to look up {question.host}."
                return Unanswered(reason=Reason.UNREACHABLE, detail=detail)
            return Unreached(
                phase="name",
                kind="no-such-name" if endpoints.outcome == "no-such-name" else "no-address",
                detail=f"{question.host} has no address.",
            )
        try:
            wire = await connect(endpoints, self._deadlines)
        except ConnectFailed as failure:
            return Unreached(phase="connect", kind=failure.kind, detail=failure.detail, address=failure.address)
        wire.close()
        return Open(address=wire.address)
