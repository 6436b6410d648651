"""A program in a terminal of 80x24 with 256 colours: what it wrote, and when."""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SIZE = (24, 80)
"""Rows and columns."""
QUIET = 0.3
"""Seconds without a byte after which a screen is complete."""
LONGEST = 60.0
"""Seconds that anything may take."""


class NeverCame(Exception):
    """The program did not write what was waited for. The text says what."""


@dataclass(frozen=True)
class Written:
    """What a program wrote from one moment on."""

    data: bytes
    seconds: float
    """From that moment to the last byte; 0 where there was none."""


class TimedTerminal:
    """The program runs until `close`."""

    def __init__(self, *command: str, environment: Mapping[str, str]) -> None:
        """`command` is what the interpreter is given."""
        self._since = time.perf_counter()
        self._last = self._since
        self._seen = bytearray()
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", *SIZE, 0, 0))
            os.execve(sys.executable, [sys.executable, *command], dict(environment))

    def press(self, keys: str) -> None:
        """Types, and counts from now on."""
        self.watch()
        os.write(self._master, keys.encode())

    def watch(self) -> None:
        """Counts from now on."""
        self._seen.clear()
        self._since = self._last = time.perf_counter()

    def painted(self, *words: str) -> Written:
        """What was written until each of the words had come, and then nothing for a while.

        Without words: until anything had come. NeverCame where they did not.
        """
        until = time.monotonic() + LONGEST
        while not self._seen or not all(word.encode() in self._seen for word in words):
            if time.monotonic() > until or not self._read(0.05):
                raise NeverCame(f"{' and '.join(words) or 'Anything'} did not come: {bytes(self._seen[-1000:])!r}")
        return self.settled()

    def settled(self, quiet: float = QUIET) -> Written:
        """What was written until there was nothing for so many seconds."""
        while time.perf_counter() - max(self._last, self._since) < quiet:
            self._read(0.02)
        return self._written()

    def during(self, seconds: float) -> Written:
        """What is written within so many seconds from now."""
        self.watch()
        while time.perf_counter() - self._since < seconds:
            self._read(0.05)
        return self._written()

    def most_memory(self) -> int:
        """Bytes that the program has had in memory at most."""
        return peak(Path(f"/proc/{self.pid}/status"))

    def close(self) -> None:
        """Ends the program and the terminal."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._master)

    def _written(self) -> Written:
        return Written(bytes(self._seen), self._last - self._since if self._seen else 0.0)

    def _read(self, seconds: float) -> bool:
        """Takes what is there, or waits a little; False where the program has closed the terminal."""
        if select.select([self._master], [], [], seconds)[0]:
            try:
                self._seen += os.read(self._master, 65536)
            except OSError:
                return False
            self._last = time.perf_counter()
        return True


def peak(status: Path) -> int:
    """Bytes that a process has had in memory at most, as the kernel's file about it tells."""
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


@contextmanager
def terminal(*command: str, folder: Path) -> Iterator[TimedTerminal]:
    """A terminal whose program keeps its files in `folder`."""
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        "XDG_STATE_HOME": str(folder),
    }
    opened = TimedTerminal(*command, environment=environment)
    try:
        yield opened
    finally:
        opened.close()
