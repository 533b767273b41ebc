"""Inventories in the formats that people have: one reader a format, and all that was given as one estate.

A plugin yields a :class:`Reader` from ``analytics_sources``. It says of a parsed
file whether that is its own, and fills a :class:`Draft` with documents, each with
the place it is from, and with an account of what it did not take.
"""

from __future__ import annotations

from .estate import Estate, NothingRead, read_estate
from .images import family_of_image, family_of_name, image_name, is_sidecar, tag_of
from .mentions import Mention, expanded, mentions
from .opening import open_estate, open_source
from .parts import Part, Table, listed, mapping, mappings
from .reader import Draft, Located, Reader, Reading, Recognition, Skipped
from .units import cores, memory_gb

__all__ = [
    "Draft",
    "Estate",
    "Located",
    "Mention",
    "NothingRead",
    "Part",
    "Reader",
    "Reading",
    "Recognition",
    "Skipped",
    "Table",
    "cores",
    "expanded",
    "family_of_image",
    "family_of_name",
    "image_name",
    "is_sidecar",
    "listed",
    "mapping",
    "mappings",
    "memory_gb",
    "mentions",
    "open_estate",
    "open_source",
    "read_estate",
    "tag_of",
]
