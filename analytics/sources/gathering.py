"""Which files are read: those that are named, and in a folder all that may be an inventory."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

#: Endings of files that are looked into in a folder; one that is named is always looked into.
ENDINGS = frozenset(
    {".json", ".jsonl", ".ndjson", ".yaml", ".yml", ".tfstate", ".csv", ".tsv", ".xlsx", ".gz", ".dump", ""}
)
#: Folders that hold other people's files.
PASSED = frozenset({"node_modules", "__pycache__", "venv", "site-packages"})
#: The most files of one folder.
MOST = 50_000


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read: its path, how it is shown, the folders between it and the one that was named."""

    path: Path
    shown: str
    folders: tuple[str, ...] = ()
    named: bool = False


def gather(paths: Sequence[Path]) -> list[Found]:
    """The files of ``paths``, each once, in the order of their names. Raises :class:`OSError` for one that is not."""
    found: dict[Path, Found] = {}
    for path in sorted(paths, key=str):
        if path.is_dir():
            for one in below(path):
                found.setdefault(one.path.resolve(), one)
        else:
            path.stat()
            found[path.resolve()] = Found(path, str(path), named=True)
    return sorted(found.values(), key=lambda one: one.shown)


def below(folder: Path) -> Iterator[Found]:
    """What may be an inventory below a folder: no links out of it, nothing hidden, no other people's files."""
    count = 0
    top = folder.resolve()
    for base, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in PASSED)
        inside = Path(base).relative_to(folder).parts
        for name in sorted(files):
            path = Path(base, name)
            if name.startswith(".") or path.suffix.lower() not in ENDINGS or not path.resolve().is_relative_to(top):
                continue
            if not path.suffix and not begins_as_json(path):
                continue
            count += 1
            if count > MOST:
                raise OSError(0, f"more than {MOST} files; name the folders that hold the inventory")
            yield Found(path, str(path), (folder.name, *inside))


def begins_as_json(path: Path) -> bool:
    """Whether a file without an ending may be JSON: tools name files by what they asked for."""
    try:
        with open(path, "rb") as stream:
            return stream.read(64).lstrip()[:1] in (b"{", b"[")
    except OSError:
        return False
