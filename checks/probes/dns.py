"""Name servers, asked one by one and by name, so that the inside and the outside view are never mixed up."""

import asyncio
import socket
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from checks.deployment import Sources, split_port
from checks.model import Reason
from checks.probes import Lookup, Record, Records, Unanswered, View
from checks.probes.wire import Endpoint
from checks.text import clean
from checks.threads import in_thread

if TYPE_CHECKING:
    import dns.message
    import dns.name

Outcome = Literal["found", "no-such-name", "no-such-record", "server-failure", "loop"]

MOST_RECORDS = 64
MOST_ALIASES = 8
_ATTEMPTS = 2
# Which of two outcomes, for A and for AAAA, is told of a name: what proves most comes first.
_TELLING = ("found", "loop", "no-such-name", "server-failure", "no-such-record")


class NoReply(Exception):
    """A name server did not answer."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class DnsProbe:
    """Answers `Lookup`. A view is answered by the server named for it, or by the system's where it is the own one."""

    def __init__(self, sources: Sources, own_view: View, *, deadline: float = 4.0, patience: float = 1.5) -> None:
        self._servers = {"inside": sources.dns_inside, "outside": sources.dns_outside}
        self._own_view = own_view
        self._deadline = deadline
        self._patience = patience

    async def ask(self, question: Lookup) -> Records | Unanswered:
        """What the name server of the view says; Unanswered where the view has none, or it keeps silent."""
        server = self._servers[question.view]
        until = asyncio.get_running_loop().time() + self._deadline
        try:
            if server:
                return await self._look_up(question, (_endpoint(server),), until)
            if question.view == self._own_view:
                return await self._by_the_system(question, until)
        except NoReply as silence:
            return Unanswered(reason=silence.reason, detail=silence.detail, command=question.typed())
        return Unanswered(
            reason=Reason.MISSING_INPUT,
            command=question.typed(),
            detail=f"No name server gives the {question.view} view; name one under More in the form, or with --dns-{question.view} ADDRESS.",
        )

    async def _by_the_system(self, question: Lookup, until: float) -> Records:
        """As any program on this machine resolves it, hosts file included; its name servers tell why where it fails."""
        try:
            async with asyncio.timeout_at(until):
                if question.kind == "ADDRESS" and (found := await in_thread(lambda: _by_getaddrinfo(question.name))):
                    return Records(outcome="found", records=found)
                servers = await in_thread(_system_servers)
        except TimeoutError:
            raise NoReply(Reason.TIMEOUT, "This machine's own name resolution did not answer in time.") from None
        return await self._look_up(question, servers, until)

    async def _look_up(self, question: Lookup, servers: Sequence[Endpoint], until: float) -> Records:
        if question.kind != "ADDRESS":
            return await self._follow(question.name, question.kind, servers, until)
        both = await asyncio.gather(
            self._follow(question.name, "A", servers, until),
            self._follow(question.name, "AAAA", servers, until),
            return_exceptions=True,
        )
        answers = [answer for answer in both if isinstance(answer, Records)]
        told = any(answer.outcome in {"found", "no-such-name"} for answer in answers)
        for failure in both:
            # A server that answers for A alone has answered: some keep silent on AAAA.
            if isinstance(failure, BaseException) and not (told and isinstance(failure, NoReply)):
                raise failure
        return _merged(answers)

    async def _follow(self, name: str, kind: str, servers: Sequence[Endpoint], until: float) -> Records:
        """Asks, and asks again for the target of an alias whose address was not sent along."""
        import dns.exception
        import dns.message

        records: list[Record] = []
        seen: set[str] = set()
        server = ""
        for _ in range(MOST_ALIASES):
            try:
                query = dns.message.make_query(name, kind)
            except (dns.exception.DNSException, UnicodeError):  # No server can have such a name.
                return Records(outcome="no-such-name", records=tuple(records), server=server)
            response, server = await self._ask_servers(query, servers, until)
            if response is None:
                return Records(outcome="server-failure", records=tuple(records), server=server)
            walk = _Walk(response, name, kind, seen)
            records = (records + walk.records)[:MOST_RECORDS]
            if walk.outcome is not None:
                return Records(outcome=walk.outcome, records=tuple(records), server=server)
            name = walk.name
        return Records(outcome="loop", records=tuple(records), server=server)

    async def _ask_servers(
        self, query: "dns.message.Message", servers: Sequence[Endpoint], until: float
    ) -> tuple["dns.message.Message | None", str]:
        """The first usable response and who gave it; None where all that answered cannot tell. Raises NoReply."""
        loop = asyncio.get_running_loop()
        failed: list[Endpoint] = []
        silence = NoReply(Reason.UNREACHABLE, "This machine has no name server configured.")
        for server in [*servers] * _ATTEMPTS:
            if server in failed:
                continue
            try:
                async with asyncio.timeout_at(min(until, loop.time() + self._patience)):
                    response = await _exchange(query, server)
            except TimeoutError:
                silence = NoReply(Reason.TIMEOUT, f"The name server {_shown(server)} did not answer in time.")
            except OSError as error:
                words = error.strerror or type(error).__name__
                silence = NoReply(Reason.UNREACHABLE, f"The name server {_shown(server)} cannot be reached: {words}.")
            else:
                if response is not None and _tells(response, query):
                    return response, _shown(server)
                failed.append(server)
        if failed:
            return None, _shown(failed[0])
        raise silence


class _Walk:
    """One response, read from the name asked along its aliases to the records asked for."""

    def __init__(self, response: "dns.message.Message", name: str, kind: str, seen: set[str]) -> None:
        import dns.rcode

        self.name = name
        self.records: list[Record] = []
        self.outcome: Outcome | None = None
        """None where the chain of aliases goes on at `name`, outside this response."""
        by_name: dict[tuple[str, str], list[Record]] = {}
        for record in _records(response):
            by_name.setdefault((record.name.lower(), record.kind), []).append(record)
        while True:
            seen.add(_key(self.name))
            if found := by_name.get((_key(self.name), kind)):
                self.records += found
                self.outcome = "found"
                return
            alias = by_name.get((_key(self.name), "CNAME"))
            if not alias:
                break
            self.records += alias[:1]
            self.name = alias[0].value
            if _key(self.name) in seen:
                self.outcome = "loop"
                return
        if response.rcode() == dns.rcode.NXDOMAIN:
            self.outcome = "no-such-name"
        elif not self.records:
            self.outcome = "no-such-record"


def _tells(response: "dns.message.Message", query: "dns.message.Message") -> bool:
    """Whether a response says what there is. BIND calls aliases in a circle a failure, and shows the circle."""
    import dns.rcode
    import dns.rdatatype

    if response.rcode() in {dns.rcode.NOERROR, dns.rcode.NXDOMAIN}:
        return True
    asked = query.question[0]
    return _Walk(response, _text(asked.name), dns.rdatatype.to_text(asked.rdtype), set()).outcome == "loop"


async def _exchange(query: "dns.message.Message", server: Endpoint) -> "dns.message.Message | None":
    """The server's response, over UDP and, where it was cut, over TCP; None where it cannot be read. Raises OSError."""
    import dns.exception
    import dns.flags
    import dns.message

    loop = asyncio.get_running_loop()
    wire = query.to_wire()
    family = socket.AF_INET6 if ":" in server.address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as datagrams:
            datagrams.setblocking(False)
            await loop.sock_connect(datagrams, server)
            await loop.sock_sendall(datagrams, wire)
            response = dns.message.from_wire(await loop.sock_recv(datagrams, 65535))
            while not query.is_response(response):
                response = dns.message.from_wire(await loop.sock_recv(datagrams, 65535))
        if not response.flags & dns.flags.TC:
            return response
        with socket.socket(family, socket.SOCK_STREAM) as stream:
            stream.setblocking(False)
            await loop.sock_connect(stream, server)
            await loop.sock_sendall(stream, len(wire).to_bytes(2, "big") + wire)
            length = int.from_bytes(await _exactly(stream, 2), "big")
            response = dns.message.from_wire(await _exactly(stream, length))
            return response if query.is_response(response) else None
    except (dns.exception.DNSException, EOFError, ValueError):
        return None


async def _exactly(stream: socket.socket, length: int) -> bytes:
    data = b""
    while len(data) < length:
        more = await asyncio.get_running_loop().sock_recv(stream, length - len(data))
        if not more:
            raise EOFError
        data += more
    return data


def _records(response: "dns.message.Message") -> list[Record]:
    """The records of the answer that a question can ask for, in order and bounded."""
    import dns.rdataclass
    import dns.rdatatype

    records: list[Record] = []
    for rrset in response.answer:
        if rrset.rdclass != dns.rdataclass.IN:  # Of another class, an A record may hold anything.
            continue
        kind = dns.rdatatype.to_text(rrset.rdtype)
        for data in rrset:
            if len(records) == MOST_RECORDS:
                return records
            name, ttl = _text(rrset.name), int(rrset.ttl)
            match kind:
                case "A" | "AAAA":
                    records.append(Record(name=name, kind=kind, value=data.address, ttl=ttl))
                case "CNAME":
                    records.append(Record(name=name, kind=kind, value=_text(data.target), ttl=ttl))
                case "SRV":
                    records.append(
                        Record(
                            name=name,
                            kind=kind,
                            value=_text(data.target),
                            ttl=ttl,
                            priority=data.priority,
                            weight=data.weight,
                            port=data.port,
                        )
                    )
    return records


def _merged(answers: Sequence[Records]) -> Records:
    """The answers for A and AAAA as one."""
    best = min(answers, key=lambda answer: _TELLING.index(answer.outcome))
    records = best.records
    if best.outcome == "found":
        found = [record for answer in answers if answer.outcome == "found" for record in answer.records]
        # Both answers carry the same aliases, perhaps with another time to live.
        unique = {(record.name, record.kind, record.value): record for record in found}
        records = tuple(sorted(unique.values(), key=lambda record: record.kind != "CNAME"))
    return Records(outcome=best.outcome, records=records[:MOST_RECORDS], server=best.server)


def _by_getaddrinfo(name: str) -> tuple[Record, ...]:
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except (OSError, ValueError):
        return ()
    addresses = dict.fromkeys((str(where[0]), family) for family, _, _, _, where in found)
    return tuple(
        Record(name=clean(name), kind="AAAA" if family == socket.AF_INET6 else "A", value=address)
        for address, family in list(addresses)[:MOST_RECORDS]
    )


def _system_servers() -> tuple[Endpoint, ...]:
    import dns.exception
    import dns.resolver

    try:
        resolver = dns.resolver.Resolver()
    except (dns.exception.DNSException, OSError):
        return ()
    return tuple(Endpoint(str(server), resolver.port) for server in resolver.nameservers if "/" not in str(server))


def _endpoint(server: str) -> Endpoint:
    host, port = split_port(server)
    return Endpoint(host, port or 53)


def _shown(server: Endpoint) -> str:
    if server.port == 53:
        return server.address
    return f"[{server.address}]:{server.port}" if ":" in server.address else f"{server.address}:{server.port}"


def _text(name: "dns.name.Name") -> str:
    return clean(name.to_text(omit_final_dot=True), 260)


def _key(name: str) -> str:
    return name.rstrip(".").lower()
