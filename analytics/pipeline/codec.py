"""Artifacts to bytes and back, by their annotations.

An artifact is written as JSON arrays in field order (names would be two thirds
of the bytes), and compressed when it is large. A record's shape is checked on
the way back by its arity; bytes of another shape raise :class:`CodecError`.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Hashable
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import orjson
import zstandard

from ..errors import CodecError

T = TypeVar("T")

#: From this many bytes on compressing costs less than carrying them (measured).
COMPRESS_FROM = 2_000
#: Nothing this service makes is larger; a frame that claims more is refused.
LARGEST = 256 * 1024 * 1024
_MAGIC = b"\x28\xb5\x2f\xfd"
Convert = Callable[[Any], Any]


def dumps(artifact: Any) -> bytes:
    """``artifact`` as bytes: JSON, or a zstd frame of it from :data:`COMPRESS_FROM` bytes on.

    >>> from analytics.documents.entities import Ref
    >>> dumps(Ref("a", "A"))
    b'["a","A"]'
    """
    data = orjson.dumps(_encoder(cast(Hashable, type(artifact)))(artifact))
    return zstandard.ZstdCompressor(level=1).compress(data) if len(data) >= COMPRESS_FROM else data


def loads(kind: type[T], data: bytes) -> T:
    """The artifact of class ``kind`` in ``data``. Raises :class:`CodecError`.

    >>> from analytics.documents.entities import Ref
    >>> loads(Ref, b'["a","A"]')
    Ref(id='a', name='A')
    """
    try:
        if data.startswith(_MAGIC):
            data = zstandard.ZstdDecompressor().decompress(data, max_output_size=LARGEST)
        return cast(T, _decoder(cast(Hashable, kind))(orjson.loads(data)))
    except (ValueError, TypeError, zstandard.ZstdError) as exc:
        raise CodecError(f"stored bytes are not a {kind.__name__}: {type(exc).__name__}") from exc


def _plain(value: Any) -> Any:
    return value


@cache
def _encoder(kind: Any) -> Convert:
    """How to turn a value annotated ``kind`` into arrays; :func:`_plain` where JSON holds it as it is."""
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        parts = [(field.name, _encoder(hints[field.name])) for field in fields(kind)]
        if all(encode is _plain for _, encode in parts):
            names = [name for name, _ in parts]
            return lambda record: [getattr(record, name) for name in names]
        return lambda record: [
            getattr(record, name) if encode is _plain else encode(getattr(record, name)) for name, encode in parts
        ]
    if get_origin(kind) is tuple:
        each = {_encoder(part) for part in get_args(kind) if part is not Ellipsis}
        if each == {_plain}:
            return _plain
        return _encode_each(kind)
    if inner := _optional(kind):
        encode = _encoder(inner)
        return _plain if encode is _plain else lambda value: None if value is None else encode(value)
    return _plain


def _encode_each(kind: Any) -> Convert:
    first, *rest = get_args(kind)
    if rest == [Ellipsis]:
        encode = _encoder(first)
        return lambda value: [encode(item) for item in value]
    encoders = [_encoder(part) for part in get_args(kind)]
    return lambda value: [encode(item) for encode, item in zip(encoders, value, strict=True)]


@cache
def _decoder(kind: Any) -> Convert:
    """How to turn arrays back into a value annotated ``kind``."""
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        decoders = [_decoder(hints[field.name]) for field in fields(kind)]
        arity = len(decoders)
        make: Any = kind
        plain = all(decode is _plain for decode in decoders)

        def record(value: Any) -> Any:
            if type(value) is not list or len(value) != arity:
                raise TypeError(f"{make.__name__} needs a list of {arity}")
            if plain:
                return make(*value)
            return make(
                *[item if decode is _plain else decode(item) for decode, item in zip(decoders, value, strict=True)]
            )

        return record
    if get_origin(kind) is tuple:
        first, *rest = get_args(kind)
        if rest == [Ellipsis]:
            decode = _decoder(first)
            return tuple if decode is _plain else lambda value: tuple([decode(item) for item in value])
        parts = [_decoder(part) for part in get_args(kind)]
        return lambda value: tuple([part(item) for part, item in zip(parts, value, strict=True)])
    if inner := _optional(kind):
        decode_inner = _decoder(inner)
        return _plain if decode_inner is _plain else lambda value: None if value is None else decode_inner(value)
    if kind in (str, int, float, bool) or get_origin(kind) is Literal:
        return _plain
    raise TypeError(f"{kind!r} cannot be part of an artifact: use text, numbers, booleans, tuples and frozen records")


def _optional(kind: Any) -> Any:
    """``X`` of ``X | None``, else nothing."""
    if get_origin(kind) in (types.UnionType, Union):
        inner = [part for part in get_args(kind) if part is not type(None)]
        if len(inner) == 1:
            return inner[0]
    return None


def check(kind: type) -> None:
    """Raise :class:`CodecError` where ``kind`` is not made of parts that can be stored."""
    try:
        if not is_dataclass(kind):
            raise TypeError(f"{kind.__name__} is not a frozen record")
        _decoder(kind)
    except (TypeError, NameError) as exc:
        raise CodecError(str(exc)) from exc
