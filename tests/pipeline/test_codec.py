"""Every artifact comes back from its bytes as it was."""

from dataclasses import fields, is_dataclass
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.documents import entities
from analytics.errors import CodecError
from analytics.model import Graph, Grid, artifacts
from analytics.pipeline import codec, progress

ARTIFACTS = [
    kind
    for module in (artifacts, entities, progress)
    for kind in vars(module).values()
    if isinstance(kind, type) and is_dataclass(kind) and kind.__module__ == module.__name__ and kind is not progress.Run
]


def values(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of an annotation."""
    plain = {
        str: st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
        int: st.integers(-(2**53), 2**53),
        float: st.floats(allow_nan=False, allow_infinity=False),
        bool: st.booleans(),
    }
    if kind in plain:
        return plain[kind]
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return st.builds(kind, **{field.name: values(hints[field.name]) for field in fields(kind)})
    parts = get_args(kind)
    if get_origin(kind) is Literal:
        return st.sampled_from(parts)
    if get_origin(kind) is tuple:
        if parts[-1] is Ellipsis:
            return st.lists(values(parts[0]), max_size=3).map(tuple)
        return st.tuples(*map(values, parts))
    inner = next(part for part in parts if part is not type(None))
    return st.none() | values(inner)


@pytest.mark.parametrize("kind", ARTIFACTS, ids=lambda kind: kind.__name__)
def test_an_artifact_survives_the_round_trip(kind: type) -> None:
    codec.check(kind)

    @settings(max_examples=25, deadline=None)
    @given(values(kind))
    def round_trip(artifact: Any) -> None:
        assert codec.loads(kind, codec.dumps(artifact)) == artifact

    round_trip()


def test_a_large_artifact_is_compressed_and_comes_back() -> None:
    drawing = artifacts.Drawing("<svg>" * 50_000, Grid(Graph("business", "")))
    data = codec.dumps(drawing)
    assert len(data) < 10_000
    assert codec.loads(artifacts.Drawing, data) == drawing


@pytest.mark.parametrize("data", [b"", b"{}", b'["a"]', b'["a","b","c"]', b"\x28\xb5\x2f\xfdnonsense", b"[1,"])
def test_bytes_of_another_shape_are_named_not_guessed(data: bytes) -> None:
    with pytest.raises(CodecError, match="Ref"):
        codec.loads(entities.Ref, data)


def test_a_record_that_cannot_be_stored_is_refused_when_a_plugin_declares_it() -> None:
    from dataclasses import dataclass

    @dataclass(frozen=True)
    class Bag:
        things: dict[str, str]

    with pytest.raises(CodecError, match="dict"):
        codec.check(Bag)
