"""PDF: the picture as lines and letters, on one page or as a poster of sheets."""

from __future__ import annotations

from io import BytesIO
from math import ceil, prod
from typing import Any

from ..errors import AnalyticsError
from ..extras import missing
from .fonts import holds_other_scripts, in_our_font, static_faces
from .formats import PAPERS, Size
from .raster import size_of
from .settling import settled

#: Points to a pixel at 100 %: a pixel is a ninety-sixth of an inch.
POINTS = 0.75
#: Points around each sheet's picture: printers reach no further, and sheets are glued there.
MARGIN = 28.35
#: Sheets of a poster.
MOST_SHEETS = 400
#: Longest side of a page, in points; readers know no longer one.
LONGEST = 14_400.0


def to_pdf(svg: str, size: Size) -> bytes:
    """A drawing as PDF: one page of its size, or sheets of ``size.paper`` with the drawing at ``size.scale``.

    Raises :class:`AnalyticsError` for an unknown paper, and for a poster of more than :data:`MOST_SHEETS`.
    """
    page = _page(svg)
    if not size.paper:
        return page if size.scale == 1 and max(size_of(svg)) <= LONGEST else _scaled(page, svg, size.scale)
    if size.paper not in PAPERS:
        raise AnalyticsError(f"no paper {size.paper!r}; there are {', '.join(PAPERS)}")
    return _poster(page, svg, size)


def _page(svg: str) -> bytes:
    """One page, a point to a pixel."""
    try:
        from svg2pdf_py import FontDatabase, svg_to_pdf
    except ImportError:
        raise missing("images", "PDF") from None
    fonts = FontDatabase.system() if holds_other_scripts(svg) else FontDatabase()
    with static_faces(svg) as files:
        for file in files:
            fonts.load_font_file(file)
        return settled(svg_to_pdf(in_our_font(svg), fonts))


def _scaled(page: bytes, svg: str, scale: float) -> bytes:
    """The page at another size, and no larger than readers know."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(BytesIO(page)))
    writer.pages[0].scale_by(min(scale, LONGEST / max(size_of(svg))))
    return _bytes(writer)


def _poster(page: bytes, svg: str, size: Size) -> bytes:
    """Sheets row by row, upright or across, whichever needs fewer; all of them show one picture through a window."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import DictionaryObject, NameObject, StreamObject

    scale = POINTS * size.scale
    width, height = (side * scale for side in size_of(svg))
    across, down = PAPERS[size.paper]
    paper = min((across, down), (down, across), key=lambda one: prod(_sheets(width, height, one)))
    columns, rows = _sheets(width, height, paper)
    if columns * rows > MOST_SHEETS:
        words = f"{columns} × {rows} sheets of {size.paper} are more than {MOST_SHEETS}"
        raise AnalyticsError(f"{words}: take a smaller scale or larger paper")
    writer = PdfWriter()
    picture = writer._add_object(_form(PdfReader(BytesIO(page)).pages[0], writer))
    inner = paper[0] - 2 * MARGIN, paper[1] - 2 * MARGIN
    for place in range(columns * rows):
        row, column = divmod(place, columns)
        sheet = writer.add_blank_page(*paper)
        left, bottom = MARGIN - column * inner[0], paper[1] - MARGIN + row * inner[1] - height
        shown = StreamObject()
        window = f"{MARGIN} {MARGIN} {inner[0]:.2f} {inner[1]:.2f} re W n"
        shown.set_data(f"q {window} {scale} 0 0 {scale} {left:.2f} {bottom:.2f} cm /Picture Do Q".encode())
        sheet[NameObject("/Contents")] = writer._add_object(shown)
        named = DictionaryObject({NameObject("/Picture"): picture})
        sheet[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): named})
    return _bytes(writer)


def _sheets(width: float, height: float, paper: tuple[float, float]) -> tuple[int, int]:
    """How many sheets across and down a picture of ``width`` × ``height`` points takes."""
    return ceil(round(width / (paper[0] - 2 * MARGIN), 3)), ceil(round(height / (paper[1] - 2 * MARGIN), 3))


def _form(page: Any, writer: Any) -> Any:
    """A page as a form: what several pages show, written once."""
    from pypdf.generic import ArrayObject, FloatObject, NameObject, StreamObject

    form = StreamObject()
    form.set_data(page.get_contents().get_data())
    form = form.flate_encode()
    form[NameObject("/Type")], form[NameObject("/Subtype")] = NameObject("/XObject"), NameObject("/Form")
    form[NameObject("/BBox")] = ArrayObject(FloatObject(side) for side in page.mediabox)
    form[NameObject("/Resources")] = page["/Resources"].clone(writer)
    return form


def _bytes(writer: Any) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
