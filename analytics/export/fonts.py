"""The font of pictures that no browser draws: Arimo, which has the widths that names were measured with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from ..extras import missing

FAMILY = "Arimo"
#: What the font does not hold; it is drawn with the fonts of the machine.
_NOT_HELD = re.compile("[^\0-\u052f\u0590-\u05ff\u1e00-\u1fff\u2010-\u2027\u20ac\u2122\u2190-\u2195\u2212\ufffd]")


@cache
def variable_font() -> Path:
    """The file with both faces in it. Raises :class:`SettingsError` where it is not installed."""
    try:
        from fontpkg_arimo import ROOT
    except ImportError:
        raise missing("images", "PNG and PDF") from None
    return Path(ROOT, "files", "Arimo[wght].ttf")


def in_our_font(svg: str) -> str:
    """A drawing that asks for our font first."""
    return svg.replace("font-family:", f"font-family:{FAMILY},", 1)


def holds_other_scripts(svg: str) -> bool:
    """Whether something is written in letters that the font does not hold."""
    return _NOT_HELD.search(svg) is not None


@contextmanager
def static_faces(svg: str) -> Iterator[tuple[str, str]]:
    """Files of the regular and the bold face with the characters of a drawing, for what knows no variable fonts."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    with TemporaryDirectory(prefix="analytics-") as folder:
        files = []
        for weight in (400, 700):
            font = TTFont(variable_font(), recalcTimestamp=False)  # equal fonts are equal to the byte
            # Names stay, or no family is found by them.
            wanted = Subsetter(Options(layout_features=[], name_IDs=["*"], notdef_outline=True, hinting=False))
            wanted.populate(text="".join(sorted(set(svg))))
            wanted.subset(font)
            instantiateVariableFont(font, {"wght": weight}, inplace=True, updateFontNames=True)
            files.append(str(Path(folder, f"{weight}.ttf")))
            font.save(files[-1])
        yield files[0], files[1]
