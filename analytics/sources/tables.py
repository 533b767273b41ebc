"""Tables as people export them: CSV in what delimiter and code page it comes, and the sheets of a workbook."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from .parts import Table

_DELIMITERS = ",;\t|"
#: The most cells of a workbook, and the most bytes its parts may unpack to.
MOST_CELLS = 2_000_000
MOST_UNPACKED = 256 * 1024 * 1024


def parse_csv(body: str) -> Table | None:
    """A table, or nothing where the text is none: two columns and one row at least.

    >>> parse_csv("name;owner\\nweb;shop\\n").rows
    (('web', 'shop'),)
    >>> parse_csv("hello\\nworld") is None
    True
    """
    lines = body.split("\n", 2)
    first = lines[0].strip()
    told = first[4:5] if first.lower().startswith("sep=") and len(first) == 5 else ""
    if told:
        body = body.partition("\n")[2]
        first = body.partition("\n")[0].strip()
    delimiter = told or max(_DELIMITERS, key=first.count)
    if not first.count(delimiter):
        return None
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=False)
    rows: list[tuple[int, Sequence[str]]] = []
    try:
        rows.extend((reader.line_num + bool(told), row) for row in reader)
    except csv.Error as exc:
        raise ValueError(f"line {reader.line_num}: not a table: {exc}") from None
    return table_of(rows)


def table_of(rows: Iterable[tuple[int, Sequence[str]]], sheet: str = "") -> Table | None:
    """Numbered rows as a table: the header is the first row with two texts; empty rows are passed over."""
    header: tuple[str, ...] = ()
    held: list[tuple[str, ...]] = []
    lines: list[int] = []
    for number, row in rows:
        cells = tuple(cell.strip() for cell in row)
        if not header:
            if sum(1 for cell in cells if cell) >= 2:
                header = cells
            continue
        if any(cells):
            held.append((*cells, *("" for _ in range(len(header) - len(cells))))[: len(header)])
            lines.append(number)
    return Table(header, tuple(held), tuple(lines), sheet) if header and held else None


def is_workbook(raw: bytes) -> bool:
    """Whether a file is an Excel workbook (a zip archive with a part of that name)."""
    return raw.startswith(b"PK\x03\x04") and b"xl/" in raw


def parse_workbook(raw: bytes) -> Iterator[Table]:
    """The visible sheets of a workbook; values and not formulas. Raises :class:`ValueError`."""
    from openpyxl import load_workbook  # slow to import, and most inventories are no workbooks

    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                raise ValueError(f"unpacks to more than {MOST_UNPACKED >> 20} MB; save it as CSV")
        book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
    except ValueError:
        raise
    except Exception as exc:  # the library raises whatever its parts do
        raise ValueError(f"not a workbook that can be read ({type(exc).__name__}); save it as CSV") from None
    cells = 0
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        rows: list[tuple[int, Sequence[str]]] = []
        for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
            cells += len(row)
            if cells > MOST_CELLS:
                raise ValueError(f"more than {MOST_CELLS} cells; save it as CSV")
            rows.append((number, [cell_text(cell) for cell in row]))
        table = table_of(rows, sheet.title)
        if table is not None:
            yield table


def cell_text(cell: Any) -> str:
    """A cell as text: whole numbers without a fraction, dates as ISO writes them.

    >>> cell_text(8.0), cell_text(None), cell_text(True), cell_text("web")
    ('8', '', 'yes', 'web')
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat() if hasattr(cell, "isoformat") else str(cell)
