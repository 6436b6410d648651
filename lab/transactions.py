"""What the server's own tests, Test-Cs…, meet beyond what the rest of the model tells them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

SignIn = Callable[[str, str], str]
"""Takes a user name and a password, and gives the account as `domain\\user`. Raises lab.signin.Refused, and counts it."""


@dataclass
class Transactions:
    """Nothing of it troubles the tests until a scenario changes it. Users are named by their short Windows names."""

    sign_in: SignIn | None = None
    """Of the deployment that is served; None: every password is refused."""
    typed: dict[str, str] = field(default_factory=dict)
    """By SIP address, what the administrator would type as the user name; nothing for those not among them."""
    test_users: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By pool, the SIP addresses of its own test users; nothing for those not among them."""
    password_changed: set[str] = field(default_factory=set)
    """Users whose password is no longer the one that is known."""
    not_replicated: set[str] = field(default_factory=set)
    """Users whom Active Directory has, and the database of the Front End has not yet."""
    reaches_web: bool = True
    """False: a proxy of the server's own system swallows what the tests send to the web services."""
    resolves: bool = True
    """False: where the tests run, the pool's name has no address."""
    knows_pool: bool = True
    """False: where the tests run, the topology has no pool of that name."""
    answers_in_time: bool = True
    """False: the Mobility service, or that of UCWA, comes no further than to a time-out behind it."""
    registrar: Literal["", "kerberos-only", "time-out", "failing"] = ""
    """What befalls those who register, and nobody else."""
    messages: bool = True
    """False: a message between two who are registered does not arrive."""
