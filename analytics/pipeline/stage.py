"""What a plugin file yields: stages and graph types, as frozen records.

The contract of a stage is the signature of its function. Parameters are
artifacts by type; ``X | None`` means "if an earlier stage gave it"; the return
annotation is the one artifact it gives; a last parameter annotated
:class:`~analytics.pipeline.context.Context` is the outside world.
"""

from __future__ import annotations

import inspect
import re
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Union, get_args, get_origin, get_type_hints

import pluggy

from ..errors import CodecError, PluginError
from ..model.artifacts import Additions
from ..model.kinds import Entry, Projection
from . import codec
from .context import Context

hookimpl = pluggy.HookimplMarker("analytics")

#: Names travel in job ids, Redis keys, addresses and CSS classes.
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True)
class Take:
    """One parameter of a stage: an artifact, one that may be missing, or (``many``) all of its kind."""

    kind: type
    optional: bool
    many: bool = False

    @property
    def words(self) -> str:
        """As it stands in the signature."""
        name = self.kind.__name__
        return f"tuple[{name}, ...]" if self.many else f"{name} | None" if self.optional else name


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of a pipeline: ``run(artifact, …, [ctx]) -> artifact | None``.

    ``timeout`` is in seconds; 0 takes the service's ``MAESTRO_JOB_TIMEOUT``.
    ``takes``, ``gives`` and ``wants_context`` are read from the annotations.
    Raises :class:`~analytics.errors.PluginError` naming the file.
    """

    name: str
    run: Callable[..., object]
    timeout: int = 0
    takes: tuple[Take, ...] = field(init=False)
    gives: type | None = field(init=False)
    wants_context: bool = field(init=False)

    def __post_init__(self) -> None:
        where = f"stage {self.name!r} ({inspect.getsourcefile(self.run)})"
        if not NAME.fullmatch(self.name):
            raise PluginError(f"{where}: a name is lower-case letters, digits and _, at most 40, letter first")
        if self.timeout < 0:
            raise PluginError(f"{where}: a timeout is a number of seconds, not {self.timeout}")
        takes, gives, wants_context = read_signature(self.run, where)
        object.__setattr__(self, "takes", takes)
        object.__setattr__(self, "gives", gives)
        object.__setattr__(self, "wants_context", wants_context)


def read_signature(run: Callable[..., object], where: str) -> tuple[tuple[Take, ...], type | None, bool]:
    """What ``run`` takes and gives, and whether it wants the context."""
    try:
        hints = get_type_hints(run)
    except NameError as exc:
        raise PluginError(f"{where}: {exc}; import artifact types at run time, not under TYPE_CHECKING") from exc
    names = list(inspect.signature(run).parameters)
    if missing := [name for name in (*names, "return") if name not in hints]:
        raise PluginError(f"{where}: no annotation for {', '.join(missing)}")
    kinds = [hints[name] for name in names]
    wants_context = kinds[-1:] == [Context]
    if Context in kinds[:-1]:
        raise PluginError(f"{where}: the context comes last")
    takes = tuple(read_take(kind, where) for kind in (kinds[:-1] if wants_context else kinds))
    gives = None if hints["return"] is type(None) else hints["return"]
    for kind in (*(take.kind for take in takes), *([gives] if gives else [])):
        try:
            codec.check(kind)
        except CodecError as exc:
            raise PluginError(f"{where}: {exc}") from exc
    return takes, gives, wants_context


def read_take(hint: Any, where: str) -> Take:
    """``Grid`` is required, ``Grid | None`` optional, ``tuple[Additions, ...]`` all that inserted stages gave."""
    if get_origin(hint) is tuple:
        if get_args(hint) != (Additions, Ellipsis):
            raise PluginError(f"{where}: {hint} is not an artifact; the one kind taken as many is Additions")
        return Take(Additions, optional=False, many=True)
    if get_origin(hint) not in (types.UnionType, Union):
        return Take(hint, optional=False)
    kinds = [part for part in get_args(hint) if part is not type(None)]
    if len(kinds) != 1 or len(get_args(hint)) != 2:
        raise PluginError(f"{where}: {hint} is not one artifact or one artifact | None")
    return Take(kinds[0], optional=True)


@dataclass(frozen=True, slots=True)
class Insertion:
    """A stage put into graph types that exist: it adds to their graph before that is drawn, and replaces nothing.

    It runs when the stage ``after`` is done, in each of ``types``, and gives
    :class:`~analytics.model.Additions`. ``optional``: its failure leaves the
    drawing alone. Raises :class:`~analytics.errors.PluginError`.
    """

    stage: Stage
    after: str
    types: tuple[str, ...]
    optional: bool = True

    def __post_init__(self) -> None:
        where = f"stage {self.stage.name!r} ({inspect.getsourcefile(self.stage.run)})"
        if self.stage.gives is not Additions:
            raise PluginError(f"{where}: an inserted stage gives Additions")
        if not self.types:
            raise PluginError(f"{where}: inserted into no graph type")


@dataclass(frozen=True, slots=True)
class GraphType:
    """A named pipeline: each stage, and the stages it waits for (the shape :mod:`graphlib` reads).

    ``optional`` names stages whose failure leaves the drawing alone. ``always``
    names stages that run last, in this order, even when the run stopped early;
    beyond the request and the outcome all they take must be optional.
    ``entries`` are the fields of a request it can start from; ``title`` is what people call it.
    ``projection`` is how its ground is looked at unless a request says otherwise.
    """

    name: str
    stages: Mapping[str, tuple[str, ...]]
    optional: tuple[str, ...] = ()
    always: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ("clients", "systems", "apps")
    title: str = ""
    projection: Projection = "isometric"

    def __post_init__(self) -> None:
        for name in (self.name, *self.aliases):
            if not NAME.fullmatch(name):
                raise PluginError(
                    f"graph type {name!r}: a name is lower-case letters, digits and _, at most 40, letter first"
                )

    @property
    def follows(self) -> bool:
        """Whether it follows calls from what a request names, so that direction and hops mean something to it."""
        return "graphlookup" in self.stages
