"""Find the plugin files, load them, and refuse what does not fit."""

from __future__ import annotations

import importlib.util
import os
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cache
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import pluggy

from ..catalog import providers
from ..catalog.providers import Provider
from ..drawing import renew, symbols
from ..drawing.solids import Symbol
from ..errors import PlanError, PluginConflict, PluginError
from ..export import Format, PictureFormat
from ..inventory.kinds import SourceKind
from ..model.rules import OwnRule, RulePack
from ..settings import ROOT, Settings
from ..sources.reader import Reader
from . import hookspecs
from .plan import Step, artifact_field, plan
from .stage import GraphType, Insertion, Stage

R = TypeVar("R")

ENTRY_POINTS = "analytics.plugins"
PACKAGE = Path(__file__).resolve().parents[1]
#: Where a wheel carries the plugins that come with the service; in a checkout they are in a folder beside the package.
BUNDLED = PACKAGE / "builtin_plugins"


@dataclass(frozen=True, slots=True)
class Refused:
    """A plugin that was left out, and why."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Registry:
    """Everything that loaded, where each came from, and each graph type's checked steps.

    ``graph_types`` and ``plans`` know aliases too. ``formats`` are by suffix,
    ``inventories`` by scheme, ``readers`` and ``packs`` of rules by name, ``rules`` by id,
    ``symbols`` by family, ``providers`` by key.
    ``sources`` tells of each thing claimed which file gives it.
    """

    stages: dict[str, Stage] = field(default_factory=dict)
    graph_types: dict[str, GraphType] = field(default_factory=dict)
    plans: dict[str, tuple[Step, ...]] = field(default_factory=dict)
    insertions: dict[str, Insertion] = field(default_factory=dict)
    symbols: dict[str, Symbol] = field(default_factory=dict)
    providers: dict[str, Provider] = field(default_factory=dict)
    formats: dict[str, Format | PictureFormat] = field(default_factory=dict)
    inventories: dict[str, SourceKind] = field(default_factory=dict)
    readers: dict[str, Reader] = field(default_factory=dict)
    packs: dict[str, RulePack] = field(default_factory=dict)
    rules: dict[str, OwnRule] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    refused: tuple[Refused, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A plugin that may be loaded: its dotted name, and its file or entry point."""

    name: str
    source: Path | metadata.EntryPoint

    @property
    def where(self) -> str:
        """What an error message calls it."""
        if isinstance(self.source, Path):
            return shown(self.source)
        dist = f" of {self.source.dist.name} {self.source.dist.version}" if self.source.dist else ""
        return f"entry point {self.source.name!r}{dist}"


def load_configured(settings: Settings) -> Registry:
    """Load this service's own plugins, then the drop-in folder, then installed ones, and adopt what they say.

    Providers and symbols are those of the whole process from then on.
    """
    folders = [built_in()]
    if settings.plugins_dir:
        folders.append(Path(settings.plugins_dir).expanduser())
    registry = load(*folders, blocked=settings.blocked_plugins, strict=settings.plugins_strict)
    adopt(registry)
    return registry


def built_in() -> Path:
    """The folder of this service's own plugins: inside the installed package, or beside it in a checkout."""
    return BUNDLED if BUNDLED.is_dir() else ROOT / "plugins"


def adopt(registry: Registry) -> None:
    """Let the drawing of this process know the providers and symbols that were loaded."""
    providers.adopt(registry.providers.values())
    symbols.adopt(registry.symbols.values())
    renew()


def load(*folders: Path, blocked: Iterable[str] = (), strict: bool = True, entry_points: bool = True) -> Registry:
    """Load every plugin below ``folders`` (a file is one plugin), in sorted order, then the installed ones.

    Raises :class:`PluginError` naming the file of the first plugin that does
    not fit; with ``strict`` off such a plugin is left out and listed instead.
    """
    manager = pluggy.PluginManager("analytics")
    manager.add_hookspecs(hookspecs)
    unmet = set(blocked)
    for name in blocked:
        manager.set_blocked(name)
    refused: list[Refused] = []
    for candidate in candidates(folders, entry_points):
        if manager.is_blocked(candidate.name):
            unmet.discard(candidate.name)
            continue
        try:
            register(manager, candidate)
        except PluginError as exc:
            if strict:
                raise
            refused.append(Refused(candidate.where, str(exc)))
    if unmet:
        known = [name for name, _ in manager.list_name_plugin()]
        words = ", ".join(f"{name!r}{close_to(name, known)}" for name in sorted(unmet))
        raise PluginError(f"MAESTRO_BLOCKED_PLUGINS: there is no plugin {words}")
    return collect(manager, refused, strict)


def close_to(name: str, known: Sequence[str]) -> str:
    """A hint at the names most like ``name``, if there are any.

    >>> close_to("plugins.stages.entri", ["plugins.stages.entry", "plugins.graphs.infra"])
    " (did you mean 'plugins.stages.entry'?)"
    """
    found = get_close_matches(name, known, n=1)
    return f" (did you mean {found[0]!r}?)" if found else ""


def candidates(folders: Iterable[Path], entry_points: bool) -> Iterator[Candidate]:
    """Plugin files below each folder (``_name.py`` is none), then entry points."""
    for folder in folders:
        if folder.is_file():
            yield Candidate(f"{folder.parent.name}.{folder.stem}", folder)
            continue
        if not folder.is_dir():
            raise PluginError(f"{shown(folder)}: no such folder of plugins")
        for path in sorted(folder.rglob("[!_]*.py")):
            if "__pycache__" not in path.parts:
                # One name in a checkout and installed: it is what MAESTRO_BLOCKED_PLUGINS lists.
                first = "plugins" if folder == BUNDLED else folder.name
                yield Candidate(".".join((first, *path.relative_to(folder).with_suffix("").parts)), path)
    if entry_points:
        for entry in sorted(metadata.entry_points(group=ENTRY_POINTS), key=lambda entry: entry.name):
            yield Candidate(entry.name, entry)


def register(manager: pluggy.PluginManager, candidate: Candidate) -> None:
    """Import one plugin and hand it to ``manager``; on error nothing of it stays."""
    module = import_plugin(candidate)
    try:
        manager.register(module, candidate.name)
    except (ValueError, pluggy.PluginValidationError) as exc:
        raise PluginError(f"{candidate.where}: {exc}") from exc
    try:
        if not manager.get_hookcallers(module):
            raise PluginError(
                f"{candidate.where}: no @hookimpl in it; begin the file's name with _ if it is not a plugin"
            )
        manager.check_pending()
    except pluggy.PluginValidationError as exc:
        manager.unregister(module)
        raise PluginError(f"{candidate.where}: {str(exc).splitlines()[0]}; misspelt?") from exc
    except PluginError:
        manager.unregister(module)
        raise


def import_plugin(candidate: Candidate) -> ModuleType:
    """The plugin's module; a file is imported under its dotted name, so that a test importing it gets the same one."""
    try:
        if isinstance(candidate.source, Path):
            return import_file(candidate.source, module_name(candidate.source) or candidate.name)
        module = candidate.source.load()
        if not isinstance(module, ModuleType):
            raise PluginError(f"{candidate.where}: names a {type(module).__name__}, not a module")
        return module
    except PluginError:
        raise
    except (Exception, SystemExit) as exc:
        raise PluginError(f"{candidate.where}: {type(exc).__name__}: {exc}") from exc


def module_name(path: Path) -> str:
    """The dotted name of a file inside the package; nothing for any other file.

    >>> module_name(BUNDLED / "stages" / "entry.py")
    'analytics.builtin_plugins.stages.entry'
    """
    if not path.is_relative_to(BUNDLED):
        return ""
    return ".".join(("analytics", *path.relative_to(PACKAGE).with_suffix("").parts))


def import_file(path: Path, name: str) -> ModuleType:
    """Import one file under ``name``; it stands in ``sys.modules`` before it runs, as dataclasses in it need."""
    known = sys.modules.get(name)
    if known is not None:
        if known.__file__ and Path(known.__file__).resolve() == path.resolve():
            return known
        raise PluginError(
            f"{shown(path)}: module name {name} is taken by {known.__file__}; rename the file or its folder"
        )
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise PluginError(f"{shown(path)}: cannot be imported")
    if path.stat().st_mode & stat.S_IWOTH and os.name == "posix":
        raise PluginError(f"{shown(path)}: everybody on this machine may change it (chmod o-w); it is not run")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def collect(manager: pluggy.PluginManager, refused: list[Refused], strict: bool) -> Registry:
    """Ask every plugin for its records, check that names are unique and that graph types can be planned."""
    registry = Registry()

    def guarded(source: str, add: Iterator[None]) -> None:
        try:
            for _ in add:
                pass
        except PluginError as exc:
            if strict:
                raise
            refused.append(Refused(source, str(exc)))

    for add in COLLECTED:
        for plugin in plugins_in_order(manager):
            source = source_of(manager, plugin)
            guarded(source, add(registry, plugin, source))
    for problem in unknown_types(registry):
        if strict:
            raise PluginError(problem)
        refused.append(Refused(problem.partition(":")[0], problem))
    return replace(registry, refused=tuple(refused))


def plugins_in_order(manager: pluggy.PluginManager) -> list[object]:
    """The plugins in the order they were registered."""
    return [plugin for _, plugin in manager.list_name_plugin() if plugin is not None]


def source_of(manager: pluggy.PluginManager, plugin: object) -> str:
    """The plugin's file, or its name where it has none."""
    file = getattr(plugin, "__file__", None)
    return shown(Path(file)) if file else str(manager.get_name(plugin))


def add_stages(registry: Registry, plugin: object, source: str) -> Iterator[None]:
    """Put one plugin's stages into the registry."""
    for stage in offers(plugin, "analytics_stages", Stage, source):
        add_stage(registry, stage, source)
        yield


def add_insertions(registry: Registry, plugin: object, source: str) -> Iterator[None]:
    """Put one plugin's stages for existing graph types into the registry."""
    for insertion in offers(plugin, "analytics_insertions", Insertion, source):
        add_stage(registry, insertion.stage, source)
        registry.insertions[insertion.stage.name] = insertion
        yield


def add_stage(registry: Registry, stage: Stage, source: str) -> None:
    """One stage, and the artifact it gives: no two classes are kept under one name."""
    claim(registry, f"stage {stage.name!r}", source)
    if stage.gives is not None:
        kept = artifact_field(stage.gives)
        for other in registry.stages.values():
            if other.gives is not None and other.gives is not stage.gives and artifact_field(other.gives) == kept:
                raise PluginConflict(
                    f"artifact {kept} is two classes: one of stage {other.name!r} "
                    f"({registry.sources[f'stage {other.name!r}']}), one of stage {stage.name!r} ({source})"
                )
    registry.stages[stage.name] = stage


def add_graph_types(registry: Registry, plugin: object, source: str) -> Iterator[None]:
    """Plan one plugin's graph types, with what is inserted into them, and put them into the registry."""
    for graph in offers(plugin, "analytics_graph_types", GraphType, source):
        inserted = [
            insertion
            for insertion in registry.insertions.values()
            if {graph.name, *graph.aliases} & set(insertion.types)
        ]
        try:
            steps = plan(graph, registry.stages, inserted)
        except PlanError as exc:
            files = dict.fromkeys([source, *(registry.sources[f"stage {one.stage.name!r}"] for one in inserted)])
            raise PlanError(f"{' and '.join(files)}: {exc}") from exc
        for name in (graph.name, *graph.aliases):
            claim(registry, f"graph type {name!r}", source)
            registry.graph_types[name] = graph
            registry.plans[name] = steps
        yield


def add_symbols(registry: Registry, plugin: object, source: str) -> Iterator[None]:
    """Put one plugin's symbols into the registry; families are told apart without case."""
    for symbol in offers(plugin, "analytics_symbols", Symbol, source):
        claim(registry, f"symbol {symbol.key.casefold()!r}", source)
        registry.symbols[symbol.key] = symbol
        yield


def add_providers(registry: Registry, plugin: object, source: str) -> Iterator[None]:
    """Put one plugin's providers into the registry."""
    for provider in offers(plugin, "analytics_providers", Provider, source):
        for name in dict.fromkeys((provider.key, provider.name.casefold(), *provider.spellings)):
            claim(registry, f"provider {name!r}", source)
        registry.providers[provider.key] = provider
        yield


def add_formats(registry: Registry, plugin: object, source: str) -> Iterator[None]:
    """Put one plugin's export formats into the registry."""
    forms: Iterator[Format | PictureFormat] = offers(plugin, "analytics_formats", (Format, PictureFormat), source)
    for form in forms:
        claim(registry, f"format {form.suffix!r}", source)
        registry.formats[form.suffix] = form
        yield


def add_inventories(registry: Registry, plugin: object, source: str) -> Iterator[None]:
    """Put one plugin's kinds of inventories, and readers of formats, into the registry."""
    kinds: Iterator[SourceKind | Reader] = offers(plugin, "analytics_sources", (SourceKind, Reader), source)
    for kind in kinds:
        if isinstance(kind, Reader):
            claim(registry, f"reader {kind.name!r}", source)
            registry.readers[kind.name] = kind
            yield
            continue
        for scheme in kind.schemes:
            claim(registry, f"inventory {scheme + '://' if scheme else 'path'!r}", source)
            registry.inventories[scheme] = kind
        yield


def add_rules(registry: Registry, plugin: object, source: str) -> Iterator[None]:
    """Put one plugin's packs of rules, and rules of its own, into the registry."""
    given: Iterator[RulePack | OwnRule] = offers(plugin, "analytics_rules", (RulePack, OwnRule), source)
    for one in given:
        if isinstance(one, RulePack):
            claim(registry, f"pack of rules {one.name!r}", source)
            registry.packs[one.name] = one
        else:
            claim(registry, f"rule {one.id!r}", source)
            registry.rules[one.id] = one
        yield


#: What is asked of every plugin, in order: graph types come when all stages are known.
COLLECTED = (
    add_providers,
    add_symbols,
    add_formats,
    add_inventories,
    add_rules,
    add_stages,
    add_insertions,
    add_graph_types,
)


def unknown_types(registry: Registry) -> Iterator[str]:
    """What is wrong with each insertion into a graph type that nobody offers; its file stands first."""
    for insertion in registry.insertions.values():
        source = registry.sources[f"stage {insertion.stage.name!r}"]
        for name in insertion.types:
            if name not in registry.graph_types:
                hint = close_to(name, sorted(registry.graph_types))
                yield f"{source}: stage {insertion.stage.name!r}: there is no graph type {name!r}{hint}"


def offers(plugin: object, hook: str, kind: type[R] | tuple[type[Any], ...], source: str) -> Iterator[R]:
    """Call one hook of one plugin, so that every record keeps its source."""
    function = getattr(plugin, hook, None)
    if function is None:
        return
    try:
        records = list(function())
    except PluginError as exc:
        raise PluginError(str(exc) if source in str(exc) else f"{source}: {exc}") from exc
    except Exception as exc:
        raise PluginError(f"{source}: {hook}() failed: {type(exc).__name__}: {exc}") from exc
    expected = " or a ".join(one.__name__ for one in (kind if isinstance(kind, tuple) else (kind,)))
    for record in records:
        if not isinstance(record, kind):
            raise PluginError(f"{source}: {hook}() yielded {record!r}, not a {expected}")
        yield record


def claim(registry: Registry, what: str, source: str) -> None:
    """Note that ``source`` gives ``what``; two givers are a conflict, never last-wins."""
    if (other := registry.sources.get(what)) is not None:
        raise PluginConflict(
            f"{what} comes from both {other} and {source}; block one of them by its name (MAESTRO_BLOCKED_PLUGINS)"
        )
    registry.sources[what] = source


@cache
def shown(path: Path) -> str:
    """A path as messages show it: inside the project relative to it."""
    try:
        return str(path.resolve().relative_to(ROOT))
    except ValueError:
        return str(path)
