"""What the commands that answer have in common: the whole inventory, the things that are named, the answer's form."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path

from ..answers.needs import Needs, needs_of
from ..answers.whole import Whole, whole_of
from ..bounded import read_bytes
from ..documents.ports import Source
from ..errors import AnalyticsError, UsageError
from ..inventory.owned import OwnedInventory
from ..inventory.yamltext import parse_yaml
from ..pipeline.registry import Registry, load_configured
from ..settings import Settings, read
from . import inputs
from .terminal import inert


def add(command: argparse.ArgumentParser) -> None:
    """The arguments of every answer."""
    inputs.add(command)
    command.add_argument("--owner", help="whose inventory; not needed where there is one owner")
    command.add_argument("--json", action="store_true", help="the whole answer as JSON (default: words)")


def add_needs(command: argparse.ArgumentParser) -> None:
    """The argument that states needs beside the inventory."""
    command.add_argument(
        "--needs", type=Path, metavar="FILE", help="YAML that states needs by application, where the inventory does not"
    )


def whole(args: argparse.Namespace, settings: Settings | None = None, registry: Registry | None = None) -> Whole:
    """The inventory that is named. Raises :class:`UsageError` and :class:`AnalyticsError`."""
    settings = settings or read()
    registry = registry or load_configured(settings)
    if problem := inputs.problem(args, registry):
        raise UsageError(problem)
    with inputs.open_given(args, settings, registry) as given:
        given.tell(quiet=True)
        return whole_of(owned(given.source, args.owner))


def owned(source: Source, owner: str | None) -> OwnedInventory:
    """One owner's view. Raises :class:`UsageError` where it is not said whose, or nobody is called that."""
    owners = source.owners()
    if owner and owners and owner not in owners:
        near = get_close_matches(owner, owners, 1)
        raise UsageError(f"nobody is called {owner!r} in it" + (f"; did you mean {near[0]!r}?" if near else ""))
    chosen = owner or (owners[0] if len(owners) == 1 else "")
    if not chosen:
        said = f": {', '.join(owners)}" if owners else ""
        raise UsageError(f"whose inventory? Name the owner with --owner{said}")
    return OwnedInventory(source, chosen)


def needs(args: argparse.Namespace, whole: Whole) -> Needs:
    """What each thing needs, with what ``--needs`` states. Raises :class:`AnalyticsError`."""
    if args.needs is None:
        return needs_of(whole)
    said = yaml_file(args.needs)
    beside = said.get("needs", said) if isinstance(said, Mapping) else said
    if not isinstance(beside, Mapping):
        raise AnalyticsError(f"{args.needs}: expected the names of applications, each with what it needs")
    try:
        return needs_of(whole, {str(key): value for key, value in beside.items()})
    except AnalyticsError as exc:
        raise AnalyticsError(str(exc).replace("the file of needs", str(args.needs))) from None


def yaml_file(path: Path) -> object:
    """A YAML file's value. Raises :class:`AnalyticsError` naming file, line and what is wrong."""
    try:
        return parse_yaml(read_bytes(path))
    except OSError as exc:
        raise AnalyticsError(f"{path}: cannot be read: {exc.strerror}") from None
    except ValueError as exc:
        raise AnalyticsError(f"{path}: {exc}") from None


def resolve(names: Mapping[str, str], kind: str, called: str, name: str) -> str:
    """The thing of one kind that is meant by name or id. Raises :class:`AnalyticsError`: there is none, or several.

    ``kind`` is the collection (``servers``), ``called`` how the option calls it.
    """
    start = f"{kind}/"
    mine = {key: said for key, said in names.items() if key.startswith(start)}
    if start + name in mine:
        return start + name
    found = sorted(key for key, said in mine.items() if said == name)
    if len(found) == 1:
        return found[0]
    if found:
        choices = ", ".join(key.removeprefix(start) for key in found)
        raise AnalyticsError(f"several have the name {name!r}; name one by its id: {choices}")
    folded = {said.casefold(): said for said in mine.values()}
    near = get_close_matches(name.casefold(), folded, 1)
    hint = f"; did you mean {folded[near[0]]!r}?" if near else ""
    raise AnalyticsError(f"no {called} is called {name!r}{hint}")


def show(lines: Iterable[str]) -> None:
    """Print lines of words; nothing in them reaches the terminal as an order."""
    for line in lines:
        print(inert(line))


def show_json(document: object) -> None:
    """Print an answer as JSON."""
    json.dump(document, sys.stdout, indent=2, ensure_ascii=False)
    print()
