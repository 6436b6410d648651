"""A program in a pseudo-terminal, as a person at a keyboard has it."""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Mapping


class Terminal:
    """Runs lyncdoctor in a terminal of 80x24. What it wrote is in `seen`."""

    def __init__(self, *arguments: str, environment: Mapping[str, str]) -> None:
        self.seen = b""
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            os.execve(sys.executable, [sys.executable, "-m", "tui", *arguments], dict(environment))
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self._ended: int | None = None

    def type(self, keys: str) -> None:
        """Presses keys."""
        os.write(self._master, keys.encode())

    def wait_for(self, condition: Callable[[], bool], what: str, seconds: float = 30) -> None:
        """Reads what the program writes until the condition holds. It is looked at after every chunk."""
        until = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < until, f"{what} did not come; the screen wrote {self.seen[-1500:]!r}"
            if not self._read():
                assert condition(), f"the program ended before {what}; the screen wrote {self.seen[-1500:]!r}"

    def _read(self) -> bool:
        """Takes what is there, or waits a little: a condition may be on a file, which no descriptor tells of.

        False where the program has closed the terminal.
        """
        if select.select([self._master], [], [], 0.05)[0]:
            try:
                self.seen += os.read(self._master, 65536)
            except OSError:
                return False
        return True

    def kill(self, number: signal.Signals) -> None:
        """Sends a signal and waits for the end."""
        os.kill(self.pid, number)
        self.wait_for_end()

    def wait_for_end(self, seconds: float = 30) -> int:
        """The exit code, or minus the number of the signal that ended it."""
        until = time.monotonic() + seconds
        while self._ended is None:
            assert time.monotonic() < until, f"it did not end; the screen wrote {self.seen[-1500:]!r}"
            flag = os.WNOHANG if self._read() else 0
            pid, status = os.waitpid(self.pid, flag)
            if pid:
                self._ended = os.waitstatus_to_exitcode(status)
        return self._ended

    def close(self) -> None:
        """Ends the program where it still runs, and the terminal."""
        if self._ended is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self._master)
