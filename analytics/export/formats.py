"""What a plugin says of a format it writes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ..errors import PluginError
from ..model.grid import Grid


@dataclass(frozen=True, slots=True)
class Format:
    """One format: the ending of its files, its media type, what a person calls it, and who writes it."""

    suffix: str
    media_type: str
    title: str
    write: Callable[[Grid], str]

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z0-9]{1,12}", self.suffix) or self.suffix == "svg":
            raise PluginError(f"format {self.title!r}: a suffix is 1 to 12 letters and digits, and svg is taken")
