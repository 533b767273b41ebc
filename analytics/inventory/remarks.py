"""What is wrong in an inventory's file, as far as it may cost a picture something; once for each version."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from .check import Remark, check_file

#: Bytes of a file that is checked before it is drawn; of a larger one `validate` tells.
LARGEST_CHECKED = 4 * 1024 * 1024
#: Remarks that reading the file raises itself.
STOPPING = frozenset({"foreign", "syntax", "shape"})
#: Remarks whose thing is drawn: what nobody holds is a ghost.
DRAWN = frozenset({"reference"})


def remarks_of(file: Path) -> tuple[Remark, ...]:
    """Errors and warnings of a file that can be read; none of a large one. Raises :class:`OSError`."""
    status = file.stat()
    if status.st_size > LARGEST_CHECKED:
        return ()
    return _remarks_of(file.absolute(), status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=4)
def _remarks_of(file: Path, _changed: int, _size: int) -> tuple[Remark, ...]:
    def telling(*, placed: bool) -> tuple[Remark, ...]:
        return tuple(
            one for one in check_file(file, placed=placed) if one.severity != "note" and one.code not in STOPPING
        )

    # Most files have nothing wrong: only where something is its line is looked for.
    return telling(placed=True) if telling(placed=False) else ()


def unseen_remarks(file: Path) -> tuple[str, ...]:
    """What a picture of a file would hide, in words with their lines; nothing where the file is gone."""
    try:
        found = remarks_of(file)
    except OSError:
        return ()
    return tuple(f"line {one.line}: {one.text}" for one in found if one.code not in DRAWN)
