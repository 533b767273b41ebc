"""The codec of the first release, which the one of today is measured against: arrays made and read in Python."""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

import orjson

Convert = Callable[[Any], Any]


def dumps(record: Any) -> bytes:
    """A record as bytes."""
    encode: Any = _encoder
    return orjson.dumps(encode(type(record))(record))


def loads(kind: type, data: bytes) -> Any:
    """The record in ``data``."""
    return _decoder(kind)(orjson.loads(data))


def _plain(value: Any) -> Any:
    return value


@cache
def _encoder(kind: Any) -> Convert:
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
        first, *rest = get_args(kind)
        if {_encoder(part) for part in get_args(kind) if part is not Ellipsis} == {_plain}:
            return _plain
        if rest == [Ellipsis]:
            encode = _encoder(first)
            return lambda value: [encode(item) for item in value]
        encoders = [_encoder(part) for part in get_args(kind)]
        return lambda value: [encode(item) for encode, item in zip(encoders, value, strict=True)]
    if inner := _optional(kind):
        encode = _encoder(inner)
        return _plain if encode is _plain else lambda value: None if value is None else encode(value)
    return _plain


@cache
def _decoder(kind: Any) -> Convert:
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        decoders = [_decoder(hints[field.name]) for field in fields(kind)]
        plain = all(decode is _plain for decode in decoders)
        make: Any = kind

        def record(value: Any) -> Any:
            if type(value) is not list or len(value) != len(decoders):
                raise TypeError
            if plain:
                return make(*value)
            return make(*[item if of is _plain else of(item) for of, item in zip(decoders, value, strict=True)])

        return record
    if get_origin(kind) is tuple:
        first, *rest = get_args(kind)
        if rest == [Ellipsis]:
            decode = _decoder(first)
            return tuple if decode is _plain else lambda value: tuple([decode(item) for item in value])
        parts = [_decoder(part) for part in get_args(kind)]
        return lambda value: tuple([part(item) for part, item in zip(parts, value, strict=True)])
    if inner := _optional(kind):
        decode = _decoder(inner)
        return _plain if decode is _plain else lambda value: None if value is None else decode(value)
    return _plain


def _optional(kind: Any) -> Any:
    if get_origin(kind) in (types.UnionType, Union):
        inner = [part for part in get_args(kind) if part is not type(None)]
        if len(inner) == 1:
            return inner[0]
    return None
