"""One stream over a real socket: cut anywhere, and with any bytes as the answer."""

import asyncio
import socket

from hypothesis import given, settings
from hypothesis import strategies as st

from checks.probes.wire import Endpoint, Wire
from checks.probes.xmpp_facts import Opening
from checks.probes.xmpp_stream import XmppStream
from checks.text import clean
from tests.unit.probes.xmpp_peers import ANY_FEATURES, DIALBACK, EXTERNAL, HEADER, LEGACY, STARTTLS, stream_error

OFFER = ANY_FEATURES.format(STARTTLS.format("<required/>") + EXTERNAL + DIALBACK)
ANSWERS = [
    HEADER + OFFER,
    HEADER + stream_error("policy-violation", "Use of STARTTLS required"),
    HEADER + "</stream:stream>",
    LEGACY + "<db:verify type='invalid'/>",
    "<html><body>Not found</body></html>",
    "HTTP/1.1 400 Bad Request\r\n\r\n",
    HEADER + "<stream:features>&lol;",
    HEADER[:100],
]


async def opened(pieces: list[bytes]) -> Opening:
    """What a stream shows whose peer sends these pieces, one after another, and then nothing more."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        theirs.setblocking(False)
        loop = asyncio.get_running_loop()

        async def answer() -> None:
            for piece in pieces:
                await loop.sock_sendall(theirs, piece)
                # Long enough for this piece to be read for itself.
                for _ in range(4):
                    await asyncio.sleep(0)
            theirs.shutdown(socket.SHUT_WR)

        stream = XmppStream(
            Wire(ours, Endpoint("127.0.0.1", 5269)),
            "contoso.com",
            "litwareinc.com",
            patience=30.0,
            until=loop.time() + 60.0,
        )
        answering = asyncio.create_task(answer())
        opening = await stream.open()
        await answering
        await stream.close()
        return opening


def test_cut_at_each_byte_it_opens_the_same() -> None:
    for text in ANSWERS:
        data = text.encode()
        whole = asyncio.run(opened([data]))
        assert asyncio.run(opened([data[place : place + 1] for place in range(len(data))])) == whole


@given(st.sampled_from(ANSWERS), st.integers(0, 600))
def test_cut_in_two_it_opens_the_same(text: str, place: int) -> None:
    data = text.encode()
    assert asyncio.run(opened([data[:place], data[place:]])) == asyncio.run(opened([data]))


@settings(max_examples=60)
@given(st.binary(max_size=300), st.sampled_from(["", HEADER, HEADER + "<stream:features>", LEGACY]))
def test_any_bytes_open_or_stop_a_stream(data: bytes, before: str) -> None:
    opening = asyncio.run(opened([before.encode() + data]))
    assert opening.stopped is None or opening.stopped.detail == clean(opening.stopped.detail)
    assert opening.features is None or opening.header is not None
