"""The project's own Windows PowerShell: constant text, for version 3.0 and later. What is asked travels as data beside it."""

from importlib.resources import files

PARTS = ("invoke", "module", "loop", "collect")


def part(name: str) -> str:
    """The text of one of PARTS. Pure ASCII, because Windows PowerShell reads a file without a mark in its own code page."""
    return files(__name__).joinpath(f"{name}.ps1").read_text(encoding="ascii")


def loop() -> str:
    """The script of the local shell: answers questions on its standard input, as its last part describes."""
    return "\n".join(map(part, ("invoke", "module", "loop")))
