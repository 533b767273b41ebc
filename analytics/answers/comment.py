"""One comment for a change: what it changes, which rules it breaks, what could not be read. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from .rules.writing import plain

#: By which a host's comment is found again, so that there is one.
MARK = "<!-- analytics-maestro -->"
#: What hosts take, with room for what they put around it.
MOST = 59_000
#: Lines of a part that are told before the rest is counted.
FIRST = 60


def comment(title: str, parts: Sequence[tuple[str, str, Sequence[str]]], where: str) -> str:
    """Markdown under :data:`MOST` characters: a line for each part first, then the parts, cut where they are too long.

    A part is its heading, its summary in a sentence, and lines of plain text
    (nothing in them is markup); ``where`` says where the whole list is.
    """
    head = [MARK, f"## {plain(title)}", ""]
    head += [f"- **{plain(name)}**: {plain(summary)}" for name, summary, _ in parts]
    text = "\n".join(head) + "\n"
    for name, _, lines in parts:
        if not lines:
            continue
        block = ["", f"<details><summary>{plain(name)} ({len(lines)})</summary>", ""]
        told = 0
        size = len(text) + sum(map(len, block)) + 200
        for line in lines:
            said = f"- {plain(line)}"
            if told >= FIRST or size + len(said) > MOST:
                break
            block.append(said)
            size += len(said) + 1
            told += 1
        if told < len(lines):
            block.append(f"- and {len(lines) - told} more: {where}")
        block += ["", "</details>", ""]
        if len(text) + sum(len(one) + 1 for one in block) > MOST:
            break
        text += "\n".join(block)
    return text
