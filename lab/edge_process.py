"""What runs under the name of the XMPP proxy: listens, and holds the connections that come.

Run as a script by a bare interpreter, so it imports nothing but the standard library. The first line of stdin
says as JSON what to listen on; it answers `ready`, or one line saying what went wrong. Then comes a line `accepted`
for each connection of the parent's own, which `expect` counts. It ends with its stdin.
"""

import json
import os
import selectors
import signal
import socket
import sys
from typing import Any

_PR_SET_PDEATHSIG = 1
_CONNECTIONS = 64


def _die_with_parent(parent: int) -> None:
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            sys.exit(1)


def _listen(address: str, port: int) -> socket.socket:
    listener = socket.socket()
    if sys.platform != "win32":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # 127.0.0.1 is the one address that several labs share.
    if address == "127.0.0.1" and hasattr(socket, "SO_REUSEPORT"):
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.bind((address, port))
    listener.listen()
    listener.setblocking(False)
    return listener


def _serve(listeners: list[socket.socket], expect: int) -> None:
    selector = selectors.DefaultSelector()
    for listener in listeners:
        selector.register(listener, selectors.EVENT_READ)
    while True:
        for key, _ in selector.select():
            ready: Any = key.fileobj
            try:
                if ready in listeners:
                    connection, _ = ready.accept()
                    connection.setblocking(False)
                    if len(selector.get_map()) > _CONNECTIONS:
                        connection.close()
                    else:
                        selector.register(connection, selectors.EVENT_READ)
                    if expect:
                        expect -= 1
                        sys.stdout.write("accepted\n")
                        sys.stdout.flush()
                elif not ready.recv(4096):
                    raise ConnectionResetError
            except BlockingIOError:
                continue
            except OSError:
                if ready not in listeners:
                    selector.unregister(ready)
                    ready.close()


def _end_with_stdin() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


def main() -> None:
    import threading

    wanted = json.loads(sys.stdin.buffer.readline())
    _die_with_parent(wanted["parent"])
    try:
        listeners = [_listen(address, port) for address, port in wanted["listen"]]
    except OSError as error:
        sys.stdout.write(f"{error.strerror}\n")
        return
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    threading.Thread(target=_end_with_stdin, daemon=True).start()
    _serve(listeners, wanted["expect"])


if __name__ == "__main__":
    main()
