"""A process of the lab lives no longer than the one that started it."""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int, death: int = signal.SIGTERM) -> None:
    """On Linux the kernel sends `death` when the parent is gone. Elsewhere the end of stdin alone tells.

    `parent` is the process that did the starting: it may be gone already.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, death, 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), death)
