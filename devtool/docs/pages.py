"""The pages, and how a block in one is brought up to date."""

from __future__ import annotations

import re
from pathlib import Path

from devtool.places import ROOT

from .blocks import BLOCKS

PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
BLOCK = re.compile(r"<!-- begin (?P<name>[\w., -]+) -->\n.*?<!-- end (?P=name) -->", re.DOTALL)


def renewed(text: str) -> str:
    """A page with every block as the code has it now. Raises :class:`KeyError` for a block there is not."""

    def block(found: re.Match[str]) -> str:
        name, _, argument = found["name"].partition(" ")
        body = BLOCKS[name](argument) if argument else BLOCKS[name]()
        return f"<!-- begin {found['name']} -->\n{body.strip()}\n<!-- end {found['name']} -->"

    return BLOCK.sub(block, text)


def write(page: Path, *, keep: bool = False) -> bool:
    """Bring a page up to date, or ``keep`` it as it is; returns whether it was behind."""
    before = page.read_text(encoding="utf-8")
    after = renewed(before)
    if after != before and not keep:
        page.write_text(after, encoding="utf-8")
    return after != before
