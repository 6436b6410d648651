"""A PowerShell command on several lines of cells."""

from rich.cells import cell_len

from checks.knowledge import command_lines


def wrap_command(command: str, width: int) -> list[str]:
    """The command at most `width` cells wide where its words allow, as PowerShell reads it."""
    return command_lines.wrap_command(command, width, cell_len)
