"""Where a value stands in a JSON text: only what is on the way to it is walked, the rest is passed over."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from typing import Any

from ..inventory.yamltext import Path, Place

_BLANK = re.compile(r"[ \t\r\n]*")
_decode = json.JSONDecoder().raw_decode


class Finder:
    """The places of one text. A box (object or list) is walked once, when somebody asks for what is in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(found.end() for found in re.finditer("\n", text))]
        #: By where a box begins: for each key or number where it is shown, and where its value begins.
        self.walked: dict[int, dict[str | int, tuple[int, int]]] = {}

    def place(self, path: Path) -> Place:
        """Line and column of a path, or of the nearest around it; a key's place is where it is written.

        >>> Finder('{"a": [1,\\n {"b": 2}]}').place(("a", 1, "b"))
        (2, 3)
        >>> Finder('{"a": 1}').place(("a", 0)), Finder('{"a": 1}').place(("b",))
        ((1, 2), (1, 1))
        """
        shown = at = self.after(0)
        for step in path:
            try:
                held = self.inside(at)
            except (ValueError, IndexError, RecursionError):
                break
            if step not in held:
                break
            shown, at = held[step]
        row = bisect_right(self.starts, shown)
        return row, shown - self.starts[row - 1] + 1

    def after(self, at: int) -> int:
        """The next place that is not blank."""
        found = _BLANK.match(self.text, at)
        return found.end() if found else at

    def inside(self, at: int) -> dict[str | int, tuple[int, int]]:
        """The members of the box that begins at a place. Raises :class:`ValueError` where the text is no JSON."""
        known = self.walked.get(at)
        if known is not None:
            return known
        held: dict[str | int, tuple[int, int]] = {}
        opening = self.text[at : at + 1]
        closing = {"{": "}", "[": "]"}.get(opening, "")
        spot, number = self.after(at + 1), 0
        while closing and self.text[spot] != closing:
            shown: int = spot
            key: Any = number
            if opening == "{":
                key, spot = _decode(self.text, spot)
                spot = self.after(self.after(spot) + 1)  # the colon
            held[key] = (shown, spot)
            _, spot = _decode(self.text, spot)
            spot = self.after(spot)
            if self.text[spot] == ",":
                spot = self.after(spot + 1)
            number += 1
        self.walked[at] = held
        return held
