"""The inventory's documents as records, how a value is read, and what can be asked of an inventory.

Plugins import the records from here.
"""

from .entities import (
    Application,
    Client,
    Datacenter,
    Dependency,
    Disk,
    Location,
    Ref,
    Role,
    Server,
    System,
    Tag,
    Volume,
)
from .networks import Hop, NetworkItem, NetworkPart, Peer, Rule
from .ports import Entity, Inventory, Source

__all__ = [
    "Application",
    "Client",
    "Datacenter",
    "Dependency",
    "Disk",
    "Entity",
    "Hop",
    "Inventory",
    "Location",
    "NetworkItem",
    "NetworkPart",
    "Peer",
    "Ref",
    "Role",
    "Rule",
    "Server",
    "Source",
    "System",
    "Tag",
    "Volume",
]
