"""Secrets for libraries that read them from a file: in memory where the system can, else in a file of mode 0600."""

import os
from pathlib import Path


class PrivateFile:
    """A file that only this process can name, gone when it is closed."""

    def __init__(self, directory: Path, content: bytes) -> None:
        self._descriptor: int | None = None
        if hasattr(os, "memfd_create"):
            self._descriptor = os.memfd_create("lab")
            self.path = Path(f"/proc/self/fd/{self._descriptor}")
        else:
            self.path = directory / os.urandom(8).hex()
        opener = os.open(self.path, os.O_WRONLY | os.O_CREAT, 0o600)
        with os.fdopen(opener, "wb") as file:
            file.write(content)

    def close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
        else:
            self.path.unlink(missing_ok=True)

    def __enter__(self) -> "PrivateFile":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
