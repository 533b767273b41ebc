"""Every artifact comes back from its bytes as it was."""

from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Literal, cast, get_args, get_origin, get_type_hints

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
        return st.builds(cast(Any, kind), **{field.name: values(hints[field.name]) for field in fields(kind)})
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


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'["a",5]', b"null", b"\x28\xb5\x2f\xfdnonsense", b"[1,"])
def test_bytes_of_another_shape_are_named_not_guessed(data: bytes) -> None:
    with pytest.raises(CodecError, match="Ref"):
        codec.loads(entities.Ref, data)


@dataclass(frozen=True, slots=True)
class Part:
    """A part as version N knows it."""

    name: str
    size: float = 1.5


@dataclass(frozen=True, slots=True)
class Whole:
    """A record as version N knows it."""

    id: str
    parts: tuple[Part, ...] = ()
    last: Part | None = None
    pairs: tuple[tuple[float, float], ...] = ()
    aside: tuple[str, ...] = field(default=("not stored",), metadata={codec.APART: True})


@dataclass(frozen=True, slots=True)
class NextPart:
    """The part as version N+1 knows it."""

    name: str
    size: float = 1.5
    colour: Literal["red", "blue"] = "blue"


@dataclass(frozen=True, slots=True)
class NextWhole:
    """The record as version N+1 knows it."""

    id: str
    parts: tuple[NextPart, ...] = ()
    last: NextPart | None = None
    pairs: tuple[tuple[float, float], ...] = ()
    note: NextPart = NextPart("none")


def test_what_a_version_with_a_field_more_writes_is_read_by_this_one_and_the_other_way_round() -> None:
    mine = Whole("a", (Part("x", 2), Part("y")), Part("z"), ((0.0, 1.0),))
    theirs = NextWhole("a", (NextPart("x", 2, "red"), NextPart("y")), NextPart("z"), ((0.0, 1.0),), NextPart("n"))
    assert codec.loads(Whole, codec.dumps(theirs)) == mine
    assert codec.loads(NextWhole, codec.dumps(mine)) == NextWhole(
        "a", (NextPart("x", 2), NextPart("y")), NextPart("z"), ((0.0, 1.0),)
    )


def test_a_field_that_is_stored_apart_is_not_part_of_the_bytes() -> None:
    assert b"stored" not in codec.dumps(Whole("a"))
    assert codec.loads(Whole, codec.dumps(Whole("a", aside=("elsewhere",)))) == Whole("a")


def test_a_word_that_a_later_version_may_choose_is_read_as_text() -> None:
    assert codec.loads(NextPart, b'["x",1,"green"]') == NextPart("x", 1, "green")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "data",
    [
        b'["a",["x"]]',
        b'["a",[["x","wide"]]]',
        b'["a",[],5]',
        b'["a",[],null,[[1]]]',
        b'["a",[],null,[[1,"2"]]]',
        b"[5]",
    ],
)
def test_a_value_of_another_type_is_refused_wherever_it_stands(data: bytes) -> None:
    with pytest.raises(CodecError, match="Whole"):
        codec.loads(Whole, data)


def test_a_whole_number_stays_one_where_a_fraction_may_stand() -> None:
    assert codec.dumps(codec.loads(Part, b'["x",2]')) == b'["x",2]'


def test_what_the_first_release_wrote_is_read() -> None:
    head = b'["5c","g","o","business",3,1.5,"working",null,0.0]'
    state = b'["running",1,"token",1.0,1.0,0.0,"",0]'
    run = codec.loads(progress.Run, head)
    assert (run.run_id, run.graph_id, run.owner_id, run.order, run.phase) == ("5c", "g", "o", 3, "working")
    assert (run.version, run.stages) == (progress.VERSION, {})
    assert codec.loads(progress.StageState, state) == progress.StageState("running", 1, "token", 1.0, 1.0)


def test_a_record_that_is_no_record_with_slots_is_stored_all_the_same() -> None:
    @dataclass(frozen=True)
    class Loose:
        name: str
        size: int = 0

        def __post_init__(self) -> None:
            object.__setattr__(self, "name", self.name.strip())

    assert codec.loads(Loose, codec.dumps(Loose(" a ", 2))) == Loose("a", 2)


def test_a_record_that_cannot_be_stored_is_refused_when_a_plugin_declares_it() -> None:
    @dataclass(frozen=True)
    class Bag:
        things: dict[str, str]

    with pytest.raises(CodecError, match="dict"):
        codec.check(Bag)
