"""What a plugin says of a format it writes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ..errors import PluginError
from ..model.artifacts import Drawing
from ..model.grid import Grid

#: Points of a sheet, upright, by name.
PAPERS = {"a4": (595.28, 841.89), "a3": (841.89, 1190.55), "letter": (612.0, 792.0), "tabloid": (792.0, 1224.0)}


@dataclass(frozen=True, slots=True)
class Size:
    """How large a picture gets: times its size at 100 %; on sheets of ``paper`` (``a4`` …) where a format has pages."""

    scale: float = 1.0
    paper: str = ""


@dataclass(frozen=True, slots=True)
class Format:
    """A format of the graph: the ending of its files, its media type, what a person calls it, and who writes it."""

    suffix: str
    media_type: str
    title: str
    write: Callable[[Grid], str]

    def __post_init__(self) -> None:
        check_suffix(self.suffix, self.title)

    def written(self, drawing: Drawing, _size: Size) -> bytes:
        """A drawing's graph in this format."""
        return self.write(drawing.grid).encode()


@dataclass(frozen=True, slots=True)
class PictureFormat:
    """A format made of the picture: ``render`` takes the SVG and the size, and gives the bytes of the file."""

    suffix: str
    media_type: str
    title: str
    render: Callable[[str, Size], bytes]

    def __post_init__(self) -> None:
        check_suffix(self.suffix, self.title)

    def written(self, drawing: Drawing, size: Size) -> bytes:
        """A drawing's picture in this format."""
        return self.render(drawing.svg, size)


def check_suffix(suffix: str, title: str) -> None:
    """Raises :class:`PluginError` for an ending that no file can have."""
    if not re.fullmatch(r"[a-z0-9]{1,12}", suffix) or suffix == "svg":
        raise PluginError(f"format {title!r}: a suffix is 1 to 12 letters and digits, and svg is taken")
