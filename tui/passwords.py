"""Passwords from the environment, or typed on the terminal. They are kept in memory only."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from checks.secret import Secret

if TYPE_CHECKING:
    from checks.deployment import Deployment, Sources

SHELL_PASSWORD = "LYNCDOCTOR_SHELL_PASSWORD"  # noqa: S105  # the variable's name
EDGE_PASSWORD = "LYNCDOCTOR_EDGE_PASSWORD"  # noqa: S105
SENDER_PASSWORD = "LYNCDOCTOR_SENDER_PASSWORD"  # noqa: S105
RECEIVER_PASSWORD = "LYNCDOCTOR_RECEIVER_PASSWORD"  # noqa: S105
_PASSWORDS = {
    "shell": SHELL_PASSWORD,
    "edge": EDGE_PASSWORD,
    "sender": SENDER_PASSWORD,
    "receiver": RECEIVER_PASSWORD,
}


def take_passwords() -> dict[str, Secret]:
    """The passwords in the environment, by whose they are. They are removed from it, so that no child inherits them."""
    taken = {whose: os.environ.pop(name) for whose, name in _PASSWORDS.items() if name in os.environ}
    return {whose: Secret(text) for whose, text in taken.items() if text}


def ask_passwords(deployment: Deployment, sources: Sources, *, sign_in: bool) -> dict[str, Secret]:
    """Asks on the terminal for the password of each remote shell, and with `sign_in` for those of the users."""
    shells = {"shell": (sources.shell, sources.shell_user), "edge": (sources.edge_shell, sources.edge_user)}
    wanted = {whose: user for whose, (address, user) in shells.items() if "://" in address}
    if sign_in:
        users = {"sender": deployment.account_of("sender"), "receiver": deployment.account_of("receiver")}
        wanted |= {whose: user for whose, user in users.items() if user}
    return {whose: ask_password(user) for whose, user in wanted.items()}


def ask_password(user: str) -> Secret:
    """Asks on the terminal, without echo. InvalidName with a sentence where there is none."""
    from getpass import getpass

    from checks.deployment import InvalidName

    if not sys.stdin.isatty():
        raise InvalidName(
            f"There is no terminal to ask for a password. Give it in {SHELL_PASSWORD}, the Edge's in {EDGE_PASSWORD}, "
            f"the users' in {SENDER_PASSWORD} and {RECEIVER_PASSWORD}."
        )

    return Secret(getpass(f"Password of {user or 'the shell user'}: "))
