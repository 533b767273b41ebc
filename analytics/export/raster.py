"""PNG: the picture as pixels, without a browser and without a library of the system."""

from __future__ import annotations

import re

from ..errors import AnalyticsError
from ..extras import missing
from .fonts import FAMILY, holds_other_scripts, in_our_font, variable_font
from .formats import Size

#: Most pixels of a picture: 500 MB while it is painted.
MOST_PIXELS = 120_000_000

_SIZE = re.compile(r'<svg\b[^>]*?\bheight="([\d.]+)"[^>]*?\bwidth="([\d.]+)"')


def size_of(svg: str) -> tuple[float, float]:
    """Width and height of a drawing in pixels at 100 %. Raises :class:`AnalyticsError` for what is no drawing."""
    found = _SIZE.search(svg)
    if found is None:
        raise AnalyticsError("a drawing says its width and height; this one does not")
    return float(found[2]), float(found[1])


def to_png(svg: str, size: Size) -> bytes:
    """A drawing as PNG, ``size.scale`` times its size.

    Raises :class:`AnalyticsError` for more than :data:`MOST_PIXELS`, naming a scale that fits.
    """
    try:
        from resvg_py import svg_to_bytes
    except ImportError:
        raise missing("images", "PNG") from None
    width, height = size_of(svg)
    most = (MOST_PIXELS / (width * height)) ** 0.5
    if size.scale > most:
        fitting = int(most * 1000) / 1000
        raise AnalyticsError(
            f"{width * size.scale:,.0f} × {height * size.scale:,.0f} pixels are too many for a PNG: "
            f"a scale of {fitting:g} fits, and PDF has no such end"
        )
    return bytes(
        svg_to_bytes(
            svg_string=in_our_font(svg),
            zoom=size.scale,
            skip_system_fonts=not holds_other_scripts(svg),
            font_files=[str(variable_font())],
            font_family=FAMILY,
            sans_serif_family=FAMILY,
        )
    )
