"""What a test of a reader needs: small files, read as the command reads them."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ..pipeline.registry import built_in, load
from ..sources import Estate, Reader, read_estate


def readers(*plugins: Path) -> dict[str, Reader]:
    """The readers of this service, and those of further plugin files."""
    return _own_readers() if not plugins else load(built_in(), *plugins, entry_points=False).readers


@cache
def _own_readers() -> dict[str, Reader]:
    return load(built_in(), entry_points=False).readers


def estate_of(files: Mapping[str, str | bytes], *plugins: Path, forced: str = "") -> Estate:
    """What ``files`` (name or path below one folder → content) hold, as one estate.

    Raises :class:`~analytics.errors.InventoryError` where nothing of it can be read.
    """
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        only = [Path(folder, name) for name in files] if len(files) == 1 else [Path(folder)]
        return read_estate(only, readers(*plugins), forced)


def named(estate: Estate, collection: str = "applications") -> dict[str, dict[str, Any]]:
    """The documents of a collection by what they are called."""
    return {
        str(one.get("name") or one.get("hostname") or one["_id"]): one for one in estate.documents.get(collection, ())
    }


def calls(estate: Estate) -> list[tuple[str, str, str]]:
    """Caller, callee and how, by name, sorted."""
    names = {one["_id"]: str(one.get("name")) for one in estate.documents.get("applications", ())}
    return sorted(
        (str(one.get("name")), names.get(dep["_id"], dep["_id"]), str(dep.get("endpoint", "")))
        for one in estate.documents.get("applications", ())
        for dep in one.get("deps", ())
    )


def account(estate: Estate) -> dict[str, int]:
    """Everything that became no document of its own, counted by kind."""
    counts: Counter[str] = Counter()
    for reading in estate.readings:
        for one in (*reading.folded, *reading.skipped):
            counts[one.kind] += one.count
    return dict(counts)


def remarks(estate: Estate) -> list[tuple[str, int, str, str]]:
    """File name, line, code and words of every finding."""
    return [(Path(one.file).name, one.remark.line, one.remark.code, one.remark.text) for one in estate.remarks]
