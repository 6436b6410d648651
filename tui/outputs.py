"""Where a command may write: no report and no script takes the place of what was walked, collected or is read."""

import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from checks import powershell
from checks.refusal import Refused

_JOURNAL_BEGINS = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{[^\n]*?"kind"\s*:\s*"began"')
_MOST_LOOKED_AT = 4096
"""Bytes at the beginning of a file, which tell what it is."""


def require_output(output: str, inputs: Iterable[str] = (), record: str | None = None) -> None:
    """Refused where a report cannot go to `output`, or would destroy one of the inputs, the record or any journal.

    A report that was written before may be replaced. `-` stands for stdout.
    """
    if output == "-":
        return
    path = Path(output)
    _require_place(path)
    if any(_is_same(path, Path(file)) for file in inputs):
        raise Refused(
            f"{output} is what this command reads, and the report would replace it. Name another file with -o."
        )
    if record and _is_same(path, Path(record)):
        raise Refused(f"--record and -o both name {output}: the one would replace the other. Name two files.")
    if _JOURNAL_BEGINS.match(_beginning(path)):
        raise Refused(f"{output} holds a walk or evidence, which the report would replace. Name another file with -o.")


def require_record(record: str) -> None:
    """Refused where no walk can be recorded in this file."""
    path = Path(record)
    _require_place(path)
    if path.is_file() and path.stat().st_size:
        raise Refused(f"{record}: there is such a file already. Name a new file with --record.")


def require_script(output: str) -> None:
    """Refused where the collector script would replace anything but an older one. `-` stands for stdout."""
    if output == "-":
        return
    path = Path(output)
    _require_place(path)
    begins, of_ours = _beginning(path), powershell.part("collect").partition(",")[0].encode()
    if begins and not begins.startswith(of_ours):
        raise Refused(f"{output} is there already, and is no script of lyncdoctor. Name another file with -o.")


def _require_place(path: Path) -> None:
    if path.is_dir():
        raise Refused(f"{path} is a folder: name a file in it.")
    if not path.parent.is_dir():
        raise Refused(f"{path}: there is no folder {path.parent}. Make it first, or name another one.")


def _is_same(path: Path, other: Path) -> bool:
    """True for one file, whatever it is called: a link to it is the file itself."""
    with suppress(OSError):
        return path.samefile(other)
    return path.resolve() == other.resolve()


def _beginning(path: Path) -> bytes:
    """How a file begins; empty where there is none, or where it is a device."""
    if not path.is_file():
        return b""
    with path.open("rb") as file:
        return file.read(_MOST_LOOKED_AT)
