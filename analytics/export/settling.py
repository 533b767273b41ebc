"""A PDF whose bytes are the same each time: objects in the order in which they are reached, names in order.

svg2pdf writes fonts and resources in the order of its hash tables, another one in each call.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

#: What stands before the first object; the bytes above 127 say that what follows is no text.
HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


def settled(pdf: bytes) -> bytes:
    """The same document, written so that equal ones are equal to the byte."""
    from pypdf import PdfReader
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

    reader = PdfReader(BytesIO(pdf))
    numbers: dict[int, int] = {}
    reached: list[Any] = []

    def number(reference: Any) -> Any:
        """Where an object stands from now on."""
        if reference.idnum not in numbers:
            numbers[reference.idnum] = len(numbers) + 1
            reached.append(reference)
        return IndirectObject(numbers[reference.idnum], 0, reader)

    def in_order(held: Any) -> Any:
        """``held`` with its names in order and what it refers to by the new numbers."""
        if isinstance(held, IndirectObject):
            return number(held)
        if isinstance(held, DictionaryObject):
            names = sorted(held)
            parts = {name: in_order(held.raw_get(name)) for name in names}
            held.clear()
            held.update(parts)
        elif isinstance(held, ArrayObject):
            held[:] = [in_order(part) for part in list.__iter__(held)]
        return held

    root = number(reader.trailer.raw_get("/Root"))
    out = BytesIO()
    out.write(HEADER)
    starts = []
    for reference in reached:  # it grows while it is gone through
        held = in_order(reference.get_object())
        starts.append(out.tell())
        out.write(f"{len(starts)} 0 obj\n".encode())
        held.write_to_stream(out)
        out.write(b"\nendobj\n")
    table = out.tell()
    out.write(f"xref\n0 {len(starts) + 1}\n0000000000 65535 f \n".encode())
    out.write("".join(f"{start:010d} 00000 n \n" for start in starts).encode())
    out.write(f"trailer\n<< /Size {len(starts) + 1} /Root {root.idnum} 0 R >>\n".encode())
    out.write(f"startxref\n{table}\n%%EOF\n".encode())
    return out.getvalue()
