"""The computers of the topology: which of their services stand still, and whether today's configuration reached them."""

from dataclasses import dataclass, field
from typing import Literal

from lab.names import SITE

Standstill = Literal["Stopped", "StartPending", "StopPending", "Paused"]


@dataclass
class Computer:
    """One computer of a pool. A Standard Edition server is a pool of itself alone."""

    fqdn: str
    pool: str
    standing_still: dict[str, Standstill] = field(default_factory=dict)
    """The services that do not run, by short name; all others do."""
    up_to_date: bool = True
    """Whether its replica of the configuration is that of the Central Management store."""
    answers: bool = True
    """False: its service control manager cannot be opened from another computer."""
    site: str = SITE
    """The central site of its pool."""
    reported: bool = True
    """False: its replicator has never reported."""
    version: str = ""
    """Its build, where it is of another product than the deployment: one without XMPP."""
