"""From paths to one estate: every file is parsed once, each reader takes what is its own, and all of it is joined."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import InventoryError
from ..inventory.check import Remark, place_in
from ..inventory.file import TOLD
from ..inventory.foreign import recognised
from ..text import many
from ..uncollected import uncollected
from .gathering import Found, gather
from .joining import BY_HAND, join
from .parsing import parse_parts
from .parts import Part, Table
from .reader import Draft, Located, Reader, Reading, Skipped


@dataclass(frozen=True)
class Estate:
    """What files hold: documents by collection, what each reader made of them, and all that was found.

    ``type`` is the graph that is drawn where nobody names one. ``untaken`` counts files that no reader knows.
    """

    documents: Mapping[str, Sequence[dict[str, Any]]]
    readings: tuple[Reading, ...] = ()
    remarks: tuple[Located, ...] = ()
    untaken: tuple[Skipped, ...] = ()
    files: tuple[Path, ...] = ()
    type: str = "business"


class NothingRead(InventoryError):
    """No file could be used; ``remarks`` say why of each."""

    def __init__(self, words: str, remarks: tuple[Located, ...]) -> None:
        super().__init__(words, told=TOLD)
        self.remarks = remarks


@dataclass
class Sorting:
    """Parts by the reader that takes them, while files are read."""

    taken: dict[str, list[Part]] = field(default_factory=lambda: defaultdict(list))
    refused: list[Located] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def read_estate(paths: Sequence[Path], readers: Mapping[str, Reader], forced: str = "") -> Estate:
    """All that ``paths`` hold, as one estate; ``forced`` names the reader of every file.

    Raises :class:`~analytics.errors.InventoryError` where nothing of it can be read.
    """
    try:
        files = gather(paths)
    except OSError as exc:
        where = f"{exc.filename}: " if exc.filename else ""
        raise InventoryError(f"{where}{exc.strerror or exc}", told=TOLD) from None
    sorting = Sorting()
    for found in files:
        sort_file(found, readers, forced, sorting)
    if not sorting.taken:
        raise NothingRead(nothing_taken(paths, sorting), tuple(sorting.refused))
    readings = []
    for name in sorted(sorting.taken):
        draft = Draft(name)
        with uncollected():
            readers[name].read(sorting.taken[name], draft)
            readings.append(draft.finished())
    told = [remark for one in readings for remark in one.remarks if remark.remark.severity == "error"]
    if told and not any(one.documents for one in readings):
        sorting.refused += told
        raise NothingRead(nothing_taken(paths, sorting), tuple(sorting.refused))
    ranks = {name: reader.rank for name, reader in readers.items()}
    with uncollected():
        joined = join(readings, ranks)
    remarks = [*sorting.refused, *(remark for one in readings for remark in one.remarks), *joined.remarks]
    unknown = Skipped("files", len(sorting.unknown), "no reader knows them")
    return Estate(
        joined.documents,
        tuple(readings),
        tuple(sorted(dict.fromkeys(remarks), key=lambda one: (one.file, one.remark.line, one.remark.text))),
        (unknown,) if unknown.count else (),
        tuple(found.path for found in files),
        type_of(readings, readers),
    )


def type_of(readings: Sequence[Reading], readers: Mapping[str, Reader]) -> str:
    """The graph of the reader that gave most documents; what is written by hand says nothing of it."""
    weighed = [
        (readers[one.reader].rank < BY_HAND, sum(map(len, one.documents.values())), one.reader) for one in readings
    ]
    return readers[max(weighed)[2]].type if weighed else "business"


def sort_file(found: Found, readers: Mapping[str, Reader], forced: str, sorting: Sorting) -> None:
    """Parse one file and give its parts to their readers; what cannot be used is a remark."""
    try:
        parts = parse_parts(found.path, found.shown, found.folders)
    except ValueError as exc:
        words = str(exc)
        if "{{" in words or unrendered(found.path):
            words = f"a template of Helm that is not rendered ({words}): draw the output of helm template"
        sorting.refused.append(Located(found.shown, syntax(words)))
        return
    except OSError as exc:
        sorting.refused.append(Located(found.shown, Remark("error", "unreadable", exc.strerror or str(exc))))
        return
    for part in parts:
        answers = {name: reader.recognise(part) for name, reader in readers.items() if forced in ("", name)}
        mine = [name for name, answer in answers.items() if answer is True]
        said = [(name, answer) for name, answer in answers.items() if isinstance(answer, str) and answer]
        if forced and not said:
            mine = [forced]
        if len(mine) > 1:
            words = f"two readers take this for their own ({' and '.join(sorted(mine))}); choose one with --from"
            sorting.refused.append(Located(found.shown, Remark("error", "ambiguous", words, part.line)))
        elif mine:
            sorting.taken[mine[0]].append(part)
        elif said:
            sorting.refused.append(Located(found.shown, Remark("error", "foreign", said[0][1], part.line)))
        elif words := ("" if isinstance(part.value, Table) else recognised(part.value)):
            sorting.refused.append(Located(found.shown, Remark("error", "foreign", words, part.line or 1)))
        else:
            sorting.unknown.append(found.shown)
            if found.named:
                words = "no reader knows what this is; `analytics sources` lists what can be read"
                sorting.refused.append(Located(found.shown, Remark("error", "foreign", words, part.line or 1)))


def unrendered(path: Path) -> bool:
    """Whether a file that cannot be parsed holds what Helm fills in."""
    try:
        with open(path, "rb") as stream:
            head = stream.read(65_536)
    except OSError:
        return False
    return b"{{" in head and any(word in head for word in (b".Values", b".Release", b"include ", b".Chart"))


def syntax(words: str) -> Remark:
    """A remark about a file that cannot be parsed, at the place its sentence begins with."""
    line, column = place_in(words)
    return Remark("error", "syntax", words, line, column)


def nothing_taken(paths: Sequence[Path], sorting: Sorting) -> str:
    """Why no file could be used, in a sentence or two."""
    if sorting.refused:
        first = sorting.refused[0]
        more = len(sorting.refused) - 1
        place = f":{first.remark.line}" if first.remark.line and "line " not in first.remark.text else ""
        return f"{first.file}{place}: {first.remark.text}" + (
            f" (and {many(more, 'more file')} like it)" if more else ""
        )
    named = ", ".join(map(str, paths))
    if sorting.unknown:
        return f"{named}: no reader knows {'this' if len(sorting.unknown) == 1 else 'any of these files'}"
    return f"{named}: nothing is in it"
