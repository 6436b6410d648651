"""How the remote PowerShell endpoints behave, and what the Edge has open."""

from dataclasses import dataclass, field


@dataclass
class Trouble:
    """What a cmdlet does beside its work."""

    drops: int = 0
    """How many times the connection is cut while it runs."""
    fault: int = 0
    """The WSManFault that ends it; 0 for none."""
    warnings: tuple[str, ...] = ()
    error: str = ""
    """A non-terminating error beside its objects."""
    padding: int = 0
    """Characters by which the first of its objects is larger."""
    refusal: str = ""
    """The error that ends it before it brings anything."""


@dataclass
class Shell:
    """How a remote PowerShell endpoint behaves, beside what it knows."""

    access: bool = True
    """False: whoever signs in is refused a session."""
    delay_ms: int = 0
    """How long every cmdlet takes, beside its own work."""
    hangs: set[str] = field(default_factory=set)
    """Cmdlets that never come back."""
    withheld: set[str] = field(default_factory=set)
    """Cmdlets that the role of the caller does not hold."""
    roles: list[str] = field(default_factory=lambda: ["CsAdministrator"])
    """The roles of the caller, whose cmdlets are those that a Front End offers."""
    trouble: dict[str, Trouble] = field(default_factory=dict)
    """By cmdlet, in lower case."""
    most_sessions: int | None = None
    """How many sessions an account may have; None: as many as it likes."""


@dataclass
class EdgeListener:
    """A listening port of the Edge. `where` is a key of `Model.addresses`, or `loopback` for 127.0.0.1."""

    port: int
    where: str
    process: str = "XmppProxy.exe"
    established: bool = False


@dataclass(frozen=True)
class EdgeSocket:
    """A TCP socket of the Edge as it stands, with the process that has it."""

    address: str
    port: int
    pid: int
    process: str
    """With its `.exe`."""
    remote_address: str = ""
    """Empty for one that listens."""
    remote_port: int = 0
