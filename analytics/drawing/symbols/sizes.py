"""Size classes: their order, how large a symbol is drawn, and how they are written on a tile."""

from __future__ import annotations

from ...catalog.sizes import size_rank

#: Size classes and how large a symbol is drawn; what is larger than the last is drawn like it.
SIZES = {
    "nano": 0.62,
    "micro": 0.68,
    "small": 0.74,
    "medium": 0.80,
    "large": 0.86,
    "xlarge": 0.88,
    "2xlarge": 0.91,
    "4xlarge": 0.96,
    "8xlarge": 1.0,
}
SIZE_CODES = {"medium": "med", "small": "small"}
UNSIZED = 0.86


def size_scale(size: str) -> float:
    """How large a symbol of size class ``size`` is drawn; 1 is the whole symbol zone.

    >>> size_scale("nano") < size_scale("medium") < size_scale("64xlarge") == 1.0
    True
    """
    if size in SIZES:
        return SIZES[size]
    return UNSIZED if size_rank(size) == 1e6 else 1.0


def size_code(size: str) -> str:
    """A size class as it is written on the tile: at most five characters.

    >>> size_code("8xlarge"), size_code("medium"), size_code("large"), size_code("")
    ('8XL', 'med', 'large', '')
    """
    return SIZE_CODES.get(size) or size.replace("xlarge", "XL")[:5]
