"""Records to bytes and back, by their annotations.

A record is written as a JSON array in field order (names would be two thirds
of the bytes), and compressed when it is large. The same record is always the
same bytes. On the way back every value is checked against its annotation;
bytes of another shape raise :class:`CodecError`.

A record may grow: a new field comes last and has a default. An array written
before the field was there is shorter and takes the default, one that has fields
this version does not know is longer and loses them, so that two versions of the
service read each other's records. A choice (``Literal``) is read as its plain
type for the same reason. A field whose metadata says ``apart`` is not part of
its record's bytes.

msgspec checks and parses; it can make its own classes from arrays, not
dataclasses. So each record has a class of msgspec's beside it, and a function
written for it that makes the one from the other.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Hashable
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from functools import cache, partial
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import msgspec
import zstandard

from ..errors import CodecError

T = TypeVar("T")

#: From this many bytes on compressing costs less than carrying them (measured).
COMPRESS_FROM = 2_000
#: Of zstd: the highest that costs as little as the lowest does (measured on drawings).
LEVEL = 3
#: Nothing this service makes is larger; a frame that claims more is refused.
LARGEST = 256 * 1024 * 1024
#: So many first bytes of a stored record hold its size.
BEGINNING = 18
#: In a field's metadata: it is stored elsewhere.
APART = "apart"
_MAGIC = b"\x28\xb5\x2f\xfd"
_SCALARS = (str, int, float, bool, type(None))
_tuple: Any = tuple  # the types here are made, not written
_json = msgspec.json.Encoder()
Convert = Callable[[Any], Any]


def dumps(record: Any) -> bytes:
    """``record`` as bytes: JSON, or a zstd frame of it from :data:`COMPRESS_FROM` bytes on.

    >>> from analytics.documents.entities import Ref
    >>> dumps(Ref("a", "A"))
    b'["a","A"]'
    """
    data = written(record)
    return zstandard.ZstdCompressor(level=LEVEL).compress(data) if len(data) >= COMPRESS_FROM else data


def loads(kind: type[T], data: bytes) -> T:
    """The record of class ``kind`` in ``data``. Raises :class:`CodecError`.

    >>> from analytics.documents.entities import Ref
    >>> loads(Ref, b'["a","A"]'), loads(Ref, b'["a","A","a field of a later version"]')
    (Ref(id='a', name='A'), Ref(id='a', name='A'))
    """
    try:
        if data.startswith(_MAGIC):
            data = zstandard.ZstdDecompressor().decompress(data, max_output_size=LARGEST)
        return read(kind, data)
    except (ValueError, TypeError, RecursionError, zstandard.ZstdError) as exc:
        raise CodecError(f"stored bytes are not a {kind.__name__}: {type(exc).__name__}") from exc


def size_of(length: int, beginning: bytes) -> int:
    """The bytes of the JSON of a record that is stored as ``length`` bytes, by their first :data:`BEGINNING`.

    >>> from analytics.documents.entities import Ref
    >>> stored = dumps(Ref("a", "A" * 100_000))
    >>> len(stored) < 100, size_of(len(stored), stored[:BEGINNING])
    (True, 100008)
    """
    if not beginning.startswith(_MAGIC):
        return length
    try:
        return max(length, zstandard.frame_content_size(beginning))
    except zstandard.ZstdError:
        return length


def written(record: Any) -> bytes:
    """``record`` as JSON."""
    return _json.encode(_to_array(cast(Hashable, type(record)))(record))


def read(kind: type[T], data: bytes) -> T:
    """The record in JSON. Raises ``ValueError`` or ``TypeError``."""
    parse, make = _reader(cast(Hashable, kind))
    return cast(T, make(parse(data)))


def check(kind: type) -> None:
    """Raise :class:`CodecError` where ``kind`` is not made of parts that can be stored."""
    try:
        if not is_dataclass(kind):
            raise TypeError(f"{getattr(kind, '__name__', kind)} is not a frozen record")
        _reader(kind)
        _to_array(kind)
    except (TypeError, NameError) as exc:
        raise CodecError(str(exc)) from exc


def stored_fields(kind: Any) -> list[Field[Any]]:
    """The fields of a record that are part of its bytes, in order."""
    return [field for field in fields(kind) if not field.metadata.get(APART)]


# --- annotations ------------------------------------------------------------------------


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return {name: _plain(hint) for name, hint in get_type_hints(kind).items()}


def _plain(hint: Any) -> Any:
    """An annotation without its names: of a choice the type of what is chosen."""
    hint = getattr(hint, "__value__", hint)  # a ``type X = …`` statement
    if get_origin(hint) is Literal:
        kinds = {type(choice) for choice in get_args(hint)}
        return kinds.pop() if len(kinds) == 1 else Union[tuple(kinds)]  # noqa: UP007 - made of a set
    return hint


def _is_scalar(hint: Any) -> bool:
    return hint in _SCALARS or (isinstance(hint, type) and issubclass(hint, Enum))


def _parts(hint: Any) -> tuple[str, list[Any]]:
    """What an annotation is made of: ``scalar``, ``record``, ``many``, ``tuple`` or ``optional``, and its parts.

    Raises :class:`TypeError` for anything else.
    """
    hint = _plain(hint)
    args = [_plain(part) for part in get_args(hint)]
    if _is_scalar(hint):
        return "scalar", [hint]
    if is_dataclass(hint):
        return "record", [hint]
    if get_origin(hint) is tuple and args:
        return ("many", args[:1]) if args[1:] == [Ellipsis] else ("tuple", args)
    if get_origin(hint) in (types.UnionType, Union):
        inner = [part for part in args if part is not type(None)]
        if all(_is_scalar(part) for part in inner):
            return "scalar", args
        if len(inner) == 1:
            return "optional", inner
    raise TypeError(f"{hint!r} cannot be part of an artifact: use text, numbers, booleans, tuples and frozen records")


# --- to bytes ---------------------------------------------------------------------------


@cache
def _to_array(kind: Any) -> Convert:
    """A function that makes an array of a record of class ``kind``."""
    names: dict[str, Any] = {}
    hints = _hints(kind)
    items = [_said(hints[field.name], f"r.{field.name}", names, _to_array) for field in stored_fields(kind)]
    return _compiled(f"def convert(r):\n    return [{', '.join(items)}]\n", names)


def _said(hint: Any, value: str, names: dict[str, Any], of: Callable[[Any], Convert], many: str = "{}") -> str:
    """The expression that converts ``value``; the functions it calls are put into ``names``."""
    shape, parts = _parts(hint)
    if shape == "scalar" or (shape in ("many", "tuple") and all(_parts(part)[0] == "scalar" for part in parts)):
        return value
    if shape == "record":
        name = f"convert_{len(names)}"
        names[name] = of(parts[0])
        return f"{name}({value})"
    if shape == "many":
        item = f"i{len(names)}"
        each = _said(parts[0], item, names, of, many)
        return value if each == item else many.format(f"[{each} for {item} in {value}]")
    if shape == "tuple":
        items = [_said(part, f"{value}[{place}]", names, of, many) for place, part in enumerate(parts)]
        return many.format(f"[{', '.join(items)}]")
    return f"(None if {value} is None else {_said(parts[0], value, names, of, many)})"


def _compiled(source: str, names: dict[str, Any]) -> Convert:
    """The function ``convert`` of ``source``, made as :mod:`dataclasses` makes methods: a loop costs three times it."""
    space = dict(names)
    exec(source, space)  # noqa: S102 - written here, of field names
    return cast(Convert, space["convert"])


# --- from bytes -------------------------------------------------------------------------


@cache
def _reader(kind: Any) -> tuple[Callable[[bytes], Any], Convert]:
    """How to parse bytes into msgspec's class beside ``kind``, and how to make a ``kind`` of that."""
    return msgspec.json.Decoder(_beside(kind)).decode, _to_record(kind)


@cache
def _beside(kind: Any) -> Any:
    """msgspec's class with the fields of ``kind``, read from an array."""
    hints = _hints(kind)
    parts: list[Any] = []
    for field in stored_fields(kind):
        hint = _checked(hints[field.name])
        if field.default is not MISSING:
            parts.append((field.name, hint, msgspec.field(default_factory=partial(_same, field.default))))
        elif field.default_factory is not MISSING:
            parts.append((field.name, hint, msgspec.field(default_factory=field.default_factory)))
        else:
            parts.append((field.name, hint))
    return msgspec.defstruct(kind.__name__, parts, array_like=True)


def _same(value: Any) -> Any:
    return value


def _checked(hint: Any) -> Any:
    """An annotation in msgspec's terms. A whole number stays one where a fraction may stand: it is shown otherwise."""
    shape, parts = _parts(hint)
    if shape == "record":
        return _beside(parts[0])
    if shape == "many":
        return _tuple[_checked(parts[0]), ...]
    if shape == "tuple":
        return _tuple[tuple(_checked(part) for part in parts)]
    if shape == "optional":
        return Union[_checked(parts[0]), None]  # noqa: UP007 - a class made here
    union = set(parts) | ({int} if float in parts else set())
    return Union[tuple(sorted(union, key=str))]  # noqa: UP007 - made of a set


@cache
def _to_record(kind: Any) -> Convert:
    """A function that makes a ``kind`` of msgspec's object beside it."""
    names: dict[str, Any] = {}
    hints = _hints(kind)
    values = {f.name: _said(hints[f.name], f"s.{f.name}", names, _to_record, "tuple({})") for f in stored_fields(kind)}
    twin = _twin(kind)
    if twin is None:
        given = ", ".join(f"{name}={value}" for name, value in values.items())
        return _compiled(f"def convert(s):\n    return kind({given})\n", names | {"kind": kind})
    for field in fields(kind):
        if field.name not in values:
            values[field.name] = f"apart_{field.name}()"
            names[f"apart_{field.name}"] = field.default_factory
    lines = [f"    o.{name} = {value}" for name, value in values.items()]
    source = "\n".join(["def convert(s):", "    o = twin()", *lines, "    o.__class__ = kind", "    return o", ""])
    return _compiled(source, names | {"kind": kind, "twin": twin})


def _twin(kind: Any) -> Any:
    """A class of the same slots that is not frozen, so that its objects can be filled and then become a ``kind``.

    A frozen record's own ``__init__`` takes four times as long. Nothing for a class that does more in it, or has
    no slots.
    """
    slots = kind.__dict__.get("__slots__")
    apart = [field for field in fields(kind) if field.metadata.get(APART) and field.default_factory is MISSING]
    if hasattr(kind, "__post_init__") or slots is None or set(slots) != {field.name for field in fields(kind)} or apart:
        return None
    twin = type(kind.__name__, (), {"__slots__": tuple(slots)})
    try:
        twin().__class__ = kind
    except TypeError:
        return None
    return twin
