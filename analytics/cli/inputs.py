"""The inventory as commands are given it: an address, or files in any format that a reader knows."""

from __future__ import annotations

import argparse
import atexit
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..bounded import LARGEST
from ..documents.ports import Source
from ..errors import AnalyticsError
from ..inventory import KeptSource, open_file
from ..inventory.openings import path_of
from ..inventory.remarks import LARGEST_CHECKED, remarks_of
from ..pipeline.registry import Registry
from ..settings import Settings, scheme_of
from ..sources import Estate, Located, read_estate
from ..sources.opening import FILES, contents_of, is_own, open_source, remarks_in_words
from ..text import many
from .validate import line_of

#: Remarks that are said before a picture is drawn.
MOST_SAID = 20


@dataclass(frozen=True)
class Given:
    """An inventory that was opened: where it is asked, the graph that fits it, and what was found on reading it."""

    source: Source
    type: str
    remarks: Sequence[Located] = ()
    account: Sequence[str] = ()

    @property
    def wrong(self) -> int:
        """How many things could not be read as meant."""
        return sum(1 for one in self.remarks if one.remark.severity != "note")

    def __enter__(self) -> Given:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.source.close()

    def tell(self, *, quiet: bool = False, all_of_it: bool = False) -> None:
        """Say on standard error what was read, what was not taken, and what is wrong; ``quiet`` the last of it only."""
        most = len(self.remarks) if all_of_it else MOST_SAID
        for line in () if quiet else self.account:
            print(line, file=sys.stderr)
        said = [one for one in self.remarks if one.remark.severity != "note" or one.remark.code == "no-calls"]
        for one in said[:most]:
            print(line_of(Path(one.file), one.remark), file=sys.stderr)
        if len(said) > most:
            print(f"{many(len(said) - most, 'more remark')}; `validate` lists them", file=sys.stderr)


def add(command: argparse.ArgumentParser) -> None:
    """The arguments that name an inventory."""
    command.add_argument(
        "inventory",
        nargs="+",
        help="files or folders in any format that `sources` lists, - for standard input, "
        "or one address as in MAESTRO_DATA_URI",
    )
    command.add_argument(
        "--from",
        dest="reader",
        default="",
        metavar="FORMAT",
        help="the format of the files (default: by their content)",
    )


def problem(args: argparse.Namespace, registry: Registry) -> str:
    """What is wrong with the arguments that name an inventory, if anything."""
    if args.reader and args.reader not in registry.readers:
        return f"no reader is called {args.reader!r}; there are {', '.join(sorted(registry.readers))}"
    addresses = [one for one in args.inventory if scheme_of(one) not in FILES]
    if addresses and len(args.inventory) > 1:
        return "an address stands alone: several things that are drawn together are files"
    return ""


def open_given(args: argparse.Namespace, settings: Settings, registry: Registry) -> Given:
    """Read what was named. Raises :class:`~analytics.errors.InventoryError` where nothing of it can be read."""
    if scheme_of(args.inventory[0]) not in FILES:
        return Given(open_source(settings, registry.inventories, registry.readers), "business")
    paths = paths_of(args.inventory)
    if len(paths) == 1 and not args.reader and not paths[0].is_dir() and is_own(paths[0], registry.readers):
        return Given(open_file(paths[0]), "business", checked(paths[0]))
    estate = read_estate(paths, registry.readers, args.reader)
    contents = contents_of(estate)
    return Given(
        KeptSource(lambda: contents, lambda: remarks_in_words(estate)),
        estate.type,
        estate.remarks,
        tuple(account_of(estate)),
    )


def checked(file: Path) -> Sequence[Located]:
    """What is wrong in an inventory's file, said before it is drawn; what stops the reading says so itself."""
    if not file.is_file():
        return ()
    if file.stat().st_size > LARGEST_CHECKED:
        print(f"{file} is large and was not checked; `validate` does", file=sys.stderr)
        return ()
    try:
        return [Located(str(file), one) for one in remarks_of(file)]
    except OSError:
        return ()  # reading it says why


def account_of(estate: Estate) -> list[str]:
    """What each reader read, folded and did not take, a line each."""
    lines = []
    for one in estate.readings:
        held = ", ".join(many(len(documents), name.removesuffix("s")) for name, documents in one.documents.items())
        lines.append(f"read {one.reader}: {held or 'nothing'}")
        lines += [f"  folded: {said.count} {said.kind} into {said.reason}" for said in one.folded]
        lines += [f"  not taken: {said.count} {said.kind}: {said.reason}" for said in one.skipped]
    lines += [f"not taken: {said.count} {said.kind}: {said.reason}" for said in estate.untaken]
    return lines


def estate_of(args: argparse.Namespace, registry: Registry) -> Estate:
    """The estate that files hold, own documents included. Raises :class:`AnalyticsError`."""
    if any(scheme_of(one) not in FILES for one in args.inventory):
        raise AnalyticsError("only files are read here")
    return read_estate(paths_of(args.inventory), registry.readers, args.reader)


def paths_of(named: Sequence[str]) -> list[Path]:
    """The files that are named; what comes by standard input is put into one until the command ends."""
    return [spooled() if one == "-" else path_of(one) for one in named]


@cache
def spooled() -> Path:
    """Standard input as a file. Raises :class:`AnalyticsError` for more than a file may hold."""
    raw = sys.stdin.buffer.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise AnalyticsError(f"standard input: larger than {LARGEST >> 20} MB")
    folder = tempfile.mkdtemp(prefix="analytics-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = Path(folder, "standard-input")
    path.write_bytes(raw)
    return path
