"""What a command says on a terminal: names of an inventory must not move the cursor or colour the screen."""

from __future__ import annotations

import re
from typing import TextIO

#: Controls but for the ends of lines and tabs, and what reorders or hides the text around it.
_ACTIVE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def inert(text: str) -> str:
    r"""Text in which every control is spelled out.

    >>> inert("web\x1b[31m\n")
    'web\\x1b[31m\n'
    """
    return _ACTIVE.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


class InertStream:
    """A stream of text that writes nothing active; everything else is the stream's own."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write ``text`` with its controls spelled out."""
        return self._stream.write(inert(text))

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)
