"""The TCP connection under a remote shell: a thread that blocks uses it, and any other thread can cut it."""

import contextlib
import os
import selectors
import socket
import threading
import time
from collections.abc import Callable, Sequence

from checks.probes.shell.turn import Turn
from checks.probes.wire import MOST_ADDRESSES, Endpoint

MOST_BYTES = 16 * 1024 * 1024
"""What one question may bring in. No Lync cmdlet that is asked here comes near it."""
LONGEST_READ = 120.0
"""Seconds. Who waits decides how long, and cuts the line; this only keeps a thread from staying for ever."""
_GLANCE = 0.1


class TooMuch(Exception):
    """More came in than an answer may have."""


class Line:
    """Where a connection goes, what came of it, and the means to cut it."""

    def __init__(
        self,
        endpoints: Sequence[Endpoint],
        *,
        connect: float,
        connecting: float,
        turn: Turn | None = None,
        reached: Callable[[], None] = lambda: None,
    ) -> None:
        """`turn` is shared by all who sign in with the same account; `reached` is called from the thread that connects."""
        self.reached = reached
        """Tells that the server was reached: it took a connection and, where TLS is spoken, its certificate is trusted."""
        self.fault: OSError | None = None
        """Why the last attempt to connect, or its TLS handshake, failed."""
        self.status = 0
        """The last HTTP status."""
        self.connections = 0
        self.signing: list[int] = []
        """For each token of the last sign-in, the number of the connection that carried it."""
        self.proved = False
        """True once the last sign-in has sent what proves the password."""
        self.offered: tuple[str, ...] = ()
        """The ways of signing in that the last 401 offered, in lower case."""
        self._turn = turn or Turn()
        self._endpoints = tuple(endpoints[:MOST_ADDRESSES])
        self._connect = connect
        self._connecting = connecting
        self._received = 0
        self._handle: socket.socket | None = None
        self._cut = False
        self._guard = threading.Lock()

    @property
    def address(self) -> str:
        """The addresses that are tried, for a sentence."""
        return " and ".join(_shown(endpoint) for endpoint in self._endpoints)

    def connect(self) -> socket.socket:
        """A connected socket. Raises OSError, TimeoutError and ConnectionRefusedError among them; blocks."""
        until = time.monotonic() + self._connecting
        for endpoint in self._endpoints:
            try:
                connection = self._reach(endpoint, min(until, time.monotonic() + self._connect))
            except OSError as error:
                self.fault = error
                if self._cut:
                    break
            else:
                self.fault = None
                self.connections += 1
                return connection
        raise self.fault or OSError("There is no address to connect to.")

    def begin(self) -> None:
        """A new question: what it may bring in is counted from here."""
        self._received = 0

    def count(self, received: int) -> None:
        """Notes incoming bytes. Raises TooMuch."""
        self._received += received
        if self._received > MOST_BYTES:
            raise TooMuch

    def take_turn(self) -> bool:
        """Waits until this line may sign in; False where it was cut instead."""
        return self._turn.take(self, lambda: self._cut)

    def leave_turn(self) -> None:
        """Lets others sign in."""
        self._turn.leave(self)

    def cut(self) -> None:
        """Ends whatever the line is doing, at once and for good. Called from any thread."""
        with self._guard:
            self._cut = True
            handle, self._handle = self._handle, None
        if handle is not None:
            with contextlib.suppress(OSError):
                handle.shutdown(socket.SHUT_RDWR)
            handle.close()

    def _reach(self, endpoint: Endpoint, until: float) -> socket.socket:
        connection = socket.socket(socket.AF_INET6 if ":" in endpoint.address else socket.AF_INET, socket.SOCK_STREAM)
        try:
            connection.setblocking(False)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with contextlib.suppress(BlockingIOError):
                connection.connect(endpoint)
            self._await_connection(connection, until)
            connection.settimeout(LONGEST_READ)
            self._keep_handle(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _await_connection(self, connection: socket.socket, until: float) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(connection, selectors.EVENT_WRITE)
            while not selector.select(_GLANCE):
                if self._cut:
                    raise ConnectionAbortedError
                if time.monotonic() > until:
                    raise TimeoutError
        if error := connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            raise OSError(error, os.strerror(error))

    def _keep_handle(self, connection: socket.socket) -> None:
        """A second handle: TLS takes the first one over, and can then not be reached while it shakes hands."""
        with self._guard:
            if self._cut:
                raise ConnectionAbortedError
            previous, self._handle = self._handle, connection.dup()
        if previous is not None:
            previous.close()


def _shown(endpoint: Endpoint) -> str:
    address = f"[{endpoint.address}]" if ":" in endpoint.address else endpoint.address
    return f"{address}:{endpoint.port}"
