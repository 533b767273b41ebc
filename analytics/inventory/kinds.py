"""What a plugin says of an inventory it can read: the addresses it answers for, and how it is opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..documents.ports import Source
from ..settings import Settings


@dataclass(frozen=True, slots=True)
class SourceKind:
    """A kind of inventory, chosen by the scheme of ``MAESTRO_DATA_URI``.

    ``schemes`` are in lower case, without ``://``; the empty one stands for a
    plain path. ``open`` is given the address as it is written and the settings;
    it connects and reads nothing yet, and raises
    :class:`~analytics.errors.SettingsError` for an address it cannot use.
    """

    name: str
    title: str
    schemes: tuple[str, ...]
    open: Callable[[str, Settings], Source]
