"""The server-to-server probe: every way to a domain's XMPP service, taken as another server would take it."""

import asyncio
import ssl
import time

from checks.model import Reason
from checks.probes import Lookup, Probe, Records, Unanswered
from checks.probes.addresses import Network
from checks.probes.xmpp_attempt import DEADLINES, Attempting, Client, XmppDeadlines
from checks.probes.xmpp_discovery import Place, discover, places
from checks.probes.xmpp_facts import Attempt, Stopped, Stream, StreamFacts
from checks.probes.xmpp_tls import accepting, verifying

AT_ONCE = 4
"""Connections to one domain at a time: servers limit them by address."""


class XmppProbe:
    """Answers `Stream`. It authenticates nobody: it looks at what is offered, and asks about a key that nobody has.

    `client_certificate` is a PEM file with a certificate and its key, to see what is offered to it.
    """

    def __init__(
        self,
        dns: Probe[Lookup, Records],
        network: Network,
        *,
        ca_file: str = "",
        client_certificate: str = "",
        proxy: str = "",
        deadlines: XmppDeadlines = DEADLINES,
    ) -> None:
        self._dns = dns
        self._network = network
        self._ca_file = ca_file
        self._client_certificate = client_certificate
        self._proxied = proxy not in {"", "none"}
        self._deadlines = deadlines

    async def ask(self, question: Stream) -> StreamFacts | Unanswered:
        """What each server of the domain shows; Unanswered where nothing could be asked."""
        client = self._client()
        if isinstance(client, Unanswered):
            return client
        if self._proxied:
            return Unanswered(
                reason=Reason.NOT_POSSIBLE_HERE,
                command=question.typed(),
                detail="Streams of XMPP are not opened through a proxy for the web.",
            )
        until = asyncio.get_running_loop().time() + self._deadlines.whole
        started = time.monotonic()
        found = await discover(self._dns, self._network, question)
        if isinstance(found, Unanswered):
            return found
        took = round((time.monotonic() - started) * 1000)
        chosen, left_out = places(self._network, found.targets)
        gate = asyncio.Semaphore(AT_ONCE)
        attempts = await asyncio.gather(*(self._attempt(question, place, client, gate, until) for place in chosen))
        return StreamFacts(
            services=found.services,
            direct_services=found.direct_services,
            way=found.way,
            targets=found.targets,
            attempts=tuple(attempts),
            left_out=left_out,
            took_ms=took,
        )

    async def _attempt(
        self, question: Stream, place: Place, client: Client, gate: asyncio.Semaphore, until: float
    ) -> Attempt:
        async with gate:
            if asyncio.get_running_loop().time() < until:
                return await Attempting(question, place, client, self._deadlines, until).attempt()
        late = Stopped(stage="connect", kind="no-time", detail="The time was over before this one was tried.")
        return Attempt(target=place.target, address=place.address, port=place.port, stopped=late)

    def _client(self) -> Client | Unanswered:
        """What we come with; Unanswered where a file that was named is of no use."""
        contexts = [verifying(self._ca_file, direct=direct) for direct in (False, True)]
        if self._client_certificate:
            contexts.append(accepting(direct=False, certificate=self._client_certificate))
        for context in contexts:
            if isinstance(context, Unanswered):
                return context
        plain, direct, *_ = (context for context in contexts if isinstance(context, ssl.SSLContext))
        return Client(plain, direct, self._client_certificate)
