"""What a reader of a format is, and what it gives: documents with where they are from, and an account of the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ..documents.values import text
from ..inventory.check import Remark, Severity
from ..inventory.yamltext import Path
from .parts import Part

#: A field of documents that serves joining alone: names that mean the thing wherever they are unique.
NAMES = "x-names"
#: How a document is known: it stands in the file, or follows from something that does.
How = Literal["stated", "inferred", "measured"]
#: What a reader says of a part: not mine, mine, or (a sentence) mine and not to be used, with how to go on.
Recognition = bool | str


@dataclass(frozen=True, slots=True)
class Skipped:
    """Things of one kind that are no documents, how many, and why."""

    kind: str
    count: int
    reason: str


@dataclass(frozen=True, slots=True)
class Located:
    """A remark and the file it is about."""

    file: str
    remark: Remark


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader made of its parts.

    ``documents`` are by collection, each with an ``_id`` of its own. ``folded`` counts
    things that became a part of a document, by kind.
    """

    reader: str
    documents: Mapping[str, Sequence[dict[str, Any]]]
    skipped: tuple[Skipped, ...] = ()
    folded: tuple[Skipped, ...] = ()
    remarks: tuple[Located, ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """A format that people have.

    ``recognise`` is asked of every part of every file and looks at nothing but the content.
    ``read`` is given all parts that are its own at once, fills a :class:`Draft` and never
    raises for what a file says. ``collect`` is the command that makes such files,
    ``type`` the graph that is drawn of them where nobody names one. ``rank`` says who is
    believed of two that contradict each other: the higher.
    """

    name: str
    title: str
    recognise: Callable[[Part], Recognition]
    read: Callable[[Sequence[Part], Draft], None]
    collect: str = ""
    type: str = "business"
    rank: int = 0


@dataclass
class Calls:
    """The calls of one document by whom they go to: those of a hub are many."""

    deps: list[dict[str, Any]]
    looked_at: int = 0
    by_target: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def of(self, target: str) -> Sequence[dict[str, Any]]:
        """The calls to ``target``, those that were added meanwhile among them."""
        for dep in self.deps[self.looked_at :]:
            self.by_target.setdefault(dep["_id"], []).append(dep)
        self.looked_at = len(self.deps)
        return self.by_target.get(target, ())


@dataclass
class Draft:
    """The documents of one reader while it reads."""

    reader: str
    documents: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    remarks: list[Located] = field(default_factory=list)
    title: str = ""
    _calls: dict[int, Calls] = field(default_factory=dict)
    _places: set[tuple[Any, ...]] = field(default_factory=set)
    _skipped: Counter[tuple[str, str]] = field(default_factory=Counter)
    _folded: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(
        self,
        collection: str,
        key: str,
        part: Part,
        path: Path = (),
        *,
        how: How = "stated",
        why: str = "",
        names: Sequence[str] = (),
        **fields: Any,
    ) -> dict[str, Any]:
        """A document; what is empty is left out. One whose id is taken already is folded into the first.

        ``path`` is where it stands in the part, ``names`` what other formats may know it by (see
        :mod:`analytics.sources.joining`). Fields of the first one stay, and missing ones are filled.
        """
        if not text(key):
            self.remark(part, path, "error", "id", f"{collection}: a thing without an id or a name")
            return {"_id": ""}
        held = self.documents.setdefault(collection, {})
        document = held.get(key)
        source = self.source(part, path, how, why)
        if document is None:
            document = held[key] = {"_id": key, "source": [source]}
            self._places.add((collection, key, *source.items()))
        elif (place := (collection, key, *source.items())) not in self._places:
            self._places.add(place)
            document["source"].append(source)
        if names:
            document.setdefault(NAMES, []).extend(names)
        for name, value in fields.items():
            if value not in (None, "", [], {}, ()) and name not in document:
                document[name] = value
        return document

    def has(self, collection: str, key: str) -> bool:
        """Whether there is such a document already."""
        return key in self.documents.get(collection, {})

    def get(self, collection: str, key: str) -> dict[str, Any] | None:
        """The document of an id, if there is one."""
        return self.documents.get(collection, {}).get(key)

    def call(self, caller: dict[str, Any], target: str, *, how: How = "stated", why: str = "", **fields: Any) -> None:
        """A call (an item of ``deps``); the same one said twice stands once, and what is stated beats what follows.

        ``fields`` are those of a dependency: ``endpoint``, ``family``, ``rate`` …
        """
        deps: list[dict[str, Any]] = caller.setdefault("deps", [])
        said = {name: value for name, value in fields.items() if value not in (None, "", [], {})}
        for dep in self.calls(caller, target):
            if dep.get("endpoint") == said.get("endpoint") or "endpoint" not in said:
                return
            if "endpoint" not in dep:
                dep.update(said)
                return
        known = {} if how == "stated" else {"provenance": how}
        deps.append({"_id": target, **said, **known, **({"evidence": why} if why else {})})

    def calls(self, caller: dict[str, Any], target: str) -> Sequence[dict[str, Any]]:
        """The calls of a document to another."""
        deps: list[dict[str, Any]] = caller.setdefault("deps", [])
        return self._calls.setdefault(id(deps), Calls(deps)).of(target)

    def source(self, part: Part, path: Path = (), how: How = "stated", why: str = "") -> dict[str, str]:
        """Where something stands, as documents keep it."""
        said = {"format": self.reader, "file": part.file, "place": place_of(part, path)}
        return said | ({"how": how} if how != "stated" else {}) | ({"why": why} if why else {})

    def skip(self, kind: str, reason: str, count: int = 1) -> None:
        """Count what becomes no document."""
        if count:
            self._skipped[kind, reason] += count

    def fold(self, kind: str, into: str, count: int = 1) -> None:
        """Count what became a part of a document."""
        if count:
            self._folded[kind, into] += count

    def remark(self, part: Part, path: Path, severity: Severity, code: str, words: str) -> None:
        """A finding at its place."""
        line, column = part.locate(path)
        where = spelled(path)
        self.remarks.append(Located(part.file, Remark(severity, code, words, line or part.line, column, where)))

    def finished(self) -> Reading:
        """What was read, in the order of ids; a remark that repeats another stands once."""
        documents = {name: [held[key] for key in sorted(held)] for name, held in sorted(self.documents.items()) if held}
        return Reading(
            self.reader,
            documents,
            counted(self._skipped),
            counted(self._folded),
            tuple(dict.fromkeys(self.remarks)),
            self.title,
        )


def counted(counts: Mapping[tuple[str, str], int]) -> tuple[Skipped, ...]:
    """Counts by kind and reason, in the order of kinds."""
    return tuple(Skipped(kind, count, reason) for (kind, reason), count in sorted(counts.items()))


def place_of(part: Part, path: Path) -> str:
    """Where a document stands: its line, where the file told it without being asked, and the path in it.

    >>> place_of(Part("a.yaml", {}, line=3), ("items", 2))
    'line 3, items[2]'
    """
    words = [f"line {part.line}"] if part.line else [f"document {part.number + 1}"] if part.number else []
    return ", ".join([*words, *([spelled(path)] if path else [])])


def spelled(path: Iterable[str | int]) -> str:
    """A path into a value as people write it.

    >>> spelled(("services", "web", "ports", 0))
    'services.web.ports[0]'
    """
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def name_of(value: object, default: str = "") -> str:
    """A value as a name."""
    return text(value) or default
