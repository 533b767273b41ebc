"""Files that people name, read up to a size: a device or a pipe without an end is refused, and fills no memory."""

from __future__ import annotations

import errno
import stat
from pathlib import Path

#: The most bytes of an inventory, and of anything else that is given: rules, defaults, lists, pictures.
LARGEST, LARGE = 512 * 1024 * 1024, 64 * 1024 * 1024
#: The most bytes of a device, such as a terminal: what has no size is not read to find out how much it holds.
OF_A_DEVICE = 1024 * 1024


def read_bytes(path: Path, most: int = LARGE) -> bytes:
    """A file's bytes. Raises :class:`OSError`, also for more than ``most`` bytes or a device without an end."""
    with open(path, "rb") as stream:
        if stat.S_ISCHR(path.stat().st_mode):
            most = min(most, OF_A_DEVICE)
        raw = stream.read(most + 1)
    if len(raw) > most:
        raise OSError(errno.EFBIG, f"it is larger than {most >> 20} MB, or has no end", str(path))
    return raw


def read_text(path: Path, most: int = LARGE) -> str:
    """A file's text. Raises :class:`OSError` as :func:`read_bytes` does, and :class:`UnicodeDecodeError`."""
    return read_bytes(path, most).decode("utf-8")
