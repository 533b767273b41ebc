"""Lettering: what is written, how wide it is and where it may be broken, before anything has a place.

The layout asks how much ground words take, the drawing writes them; both ask
here, so that what was given room is what is written. Text of the inventory
passes :mod:`analytics.text` first. Lengths are pixels of a picture at 100 %, of
which :data:`UNIT` make the side of a tile.
"""

from __future__ import annotations

#: Pixels of a tile's side.
UNIT = 150.0
