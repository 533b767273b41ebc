"""The inventory's documents as records, how a value is read, and what can be asked of an inventory.

Plugins import the records from here.
"""

from .about import About, Tag
from .entities import (
    Application,
    Client,
    Datacenter,
    Dependency,
    Disk,
    Interface,
    Location,
    Ref,
    Role,
    Server,
    System,
    Volume,
)
from .networks import Hop, NetworkItem, NetworkPart, Peer, Rule
from .ports import Entity, Inventory, Source

__all__ = [
    "About",
    "Application",
    "Client",
    "Datacenter",
    "Dependency",
    "Disk",
    "Entity",
    "Hop",
    "Interface",
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
