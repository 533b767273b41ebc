"""The graph model that every type fills and every format reads, and the artifacts stages hand on.

A graph type fills a :class:`Graph` (nodes, containers, edges, omissions); layout
turns it into a :class:`Grid`; drawing, exports and statistics know nothing else.
Plugins import all of it from here.
"""

from .artifacts import (
    Clients,
    Count,
    Delivered,
    Drawing,
    Entries,
    Estate,
    GraphKey,
    GraphRequest,
    Hidden,
    Hosting,
    Lookup,
    Networks,
    Notified,
    Outcome,
    Published,
    Servers,
    Statistics,
    Storage,
)
from .graph import UNCOUNTED, Attribute, Badge, Container, Edge, Finding, Graph, Node, Omission, Tally, tally
from .grid import Area, Grid, Place, Point, Route

__all__ = [
    "UNCOUNTED",
    "Area",
    "Attribute",
    "Badge",
    "Clients",
    "Container",
    "Count",
    "Delivered",
    "Drawing",
    "Edge",
    "Entries",
    "Estate",
    "Finding",
    "Graph",
    "GraphKey",
    "GraphRequest",
    "Grid",
    "Hidden",
    "Hosting",
    "Lookup",
    "Networks",
    "Node",
    "Notified",
    "Omission",
    "Outcome",
    "Place",
    "Point",
    "Published",
    "Route",
    "Servers",
    "Statistics",
    "Storage",
    "Tally",
    "tally",
]
