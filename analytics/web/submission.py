"""What a caller may post to ``/graph``, checked completely: every wrong field is named at once."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..documents.entities import Ref
from ..errors import Invalid, RequestError
from ..model.artifacts import GraphRequest
from ..model.kinds import DETAILS, DIRECTIONS, ENTRIES, PROJECTIONS, Detail, Direction, Effort, Entry, Projection
from ..pipeline.stage import GraphType
from ..text import clean_text

#: Bytes of a request's body.
LARGEST_BODY = 64 * 1024
#: Nesting that no honest request has.
DEEPEST = 12
MOST_REFS = 100
LONGEST_TITLE = 200
#: Calls that a request may ask to be followed; without a number all are.
MOST_HOPS = 1_000
OBJECT_ID = re.compile(r"[0-9a-fA-F]{24}")
#: An id of a file inventory: it travels in Redis keys and addresses.
SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
#: What a file inventory's things may be called by: any text of one line.
NAME = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]{1,200}")


@dataclass(frozen=True, slots=True)
class Rules:
    """What this service accepts: its graph types, and whether ids are those of a database.

    ``projection`` is that of requests that name none; nothing leaves it to the graph type.
    """

    graph_types: Mapping[str, GraphType]
    object_ids: bool
    effort: Effort = "standard"
    projection: Projection | None = None
    stale_days: int = 0


def parse_body(body: bytes, content_type: str) -> Mapping[str, Any]:
    """The JSON object in a request's body.

    Raises :class:`RequestError`: another content type (415), too large (413),
    not JSON, too deep, NaN, a key given twice, not an object (400).
    """
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise RequestError({"graph": "The body must be application/json."}, code="unsupported_media_type", status=415)
    if len(body) > LARGEST_BODY:
        raise RequestError({"graph": "The body is larger than 64 kB."}, code="too_large", status=413)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise RequestError({"graph": "The body is not UTF-8."}, code="bad_json") from None
    if depth(text) > DEEPEST:
        raise RequestError({"graph": f"The body is nested deeper than {DEEPEST} levels."}, code="bad_json")
    try:
        value = json.loads(text, object_pairs_hook=unique_keys, parse_constant=refuse_constant)
    except ValueError as exc:
        said = str(exc) if isinstance(exc, Refusal) else "The body is not JSON."
        raise RequestError({"graph": said}, code="bad_json") from None
    if not isinstance(value, dict):
        raise RequestError({"graph": "The body must be a JSON object."}, code="bad_json")
    return value


class Refusal(ValueError):
    """A sentence of ours about JSON that is not accepted."""


#: A text, closed or not, or a bracket. No character is looked at twice, whatever a caller sends.
MARKS = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)


def depth(text: str) -> int:
    """How deep brackets nest, texts left out.

    >>> depth('{"a": [1, "[[["]}')
    2
    """
    deepest = level = 0
    for mark in MARKS.findall(text):
        if mark in "[{":
            level += 1
            deepest = max(deepest, level)
        elif mark in "]}":
            level -= 1
    return deepest


def unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, unless a key stands in it twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Refusal("A key stands twice in one object.")
    return found


def refuse_constant(_name: str) -> None:
    """NaN and Infinity are not JSON."""
    raise Refusal("NaN and Infinity are not JSON.")


def read_request(body: Mapping[str, Any], rules: Rules) -> GraphRequest:
    """The request in a body. Raises :class:`Invalid` with every field that is wrong."""
    wrong: dict[str, str] = {}
    graph_id = read_id(body.get("_id"), "_id", rules, wrong)
    owner_id = read_id(body.get("owner_id"), "owner_id", rules, wrong)
    graph_type = read_type(body.get("type"), rules, wrong)
    detail: Detail = "standard" if body.get("detail") is None else body["detail"]
    if detail not in DETAILS:
        wrong["detail"] = f"detail is one of {', '.join(DETAILS)}."
    projection: Projection | None = rules.projection if body.get("projection") is None else body["projection"]
    if projection not in (None, *PROJECTIONS):
        wrong["projection"] = f"projection is one of {', '.join(PROJECTIONS)}."
    title = read_title(body.get("title"), wrong)
    direction, hops = read_way(body, graph_type, wrong)
    numbers = body.get("numbers")
    if numbers is not None and type(numbers) is not bool:
        wrong["numbers"] = "numbers is true or false."
    inside = read_inside(body.get("inside"), graph_type, wrong)
    named = {name: refs for name in ENTRIES if (refs := read_refs(body.get(name), name, rules, wrong))}
    entry: Entry = next(iter(named), "all")
    if graph_type is not None:
        allowed = ", ".join(graph_type.entries)
        for name in named.keys() - set(graph_type.entries):
            wrong[name] = f"A {graph_type.name} graph starts from {allowed} or nothing."
    if wrong:
        raise Invalid(wrong)
    assert graph_type is not None
    return GraphRequest(
        graph_id,
        owner_id,
        graph_type.name,
        entry,
        named.get(entry, ()),
        detail,
        rules.effort,
        projection or graph_type.projection,
        title=title,
        direction=direction,
        hops=hops,
        numbers=bool(numbers),
        stale_days=rules.stale_days,
        inside=inside,
    )


def storable(text: str) -> str:
    """Text without half characters, which JSON can spell and nothing can store.

    >>> storable("a\\ud800b")
    'a?b'
    """
    return text.encode("utf-8", "replace").decode()


def read_way(body: Mapping[str, Any], graph_type: GraphType | None, wrong: dict[str, str]) -> tuple[Direction, int]:
    """Which way calls are followed and how far, or entries in ``wrong``; only some graph types follow any."""
    direction: Direction = "down" if body.get("direction") is None else body["direction"]
    if direction not in DIRECTIONS:
        wrong["direction"] = f"direction is one of {', '.join(DIRECTIONS)}."
    hops = 0 if body.get("hops") is None else body["hops"]
    if type(hops) is float and hops.is_integer():
        hops = int(hops)  # JSON has one kind of number, and 3.0 is an integer to a schema
    if body.get("hops") is not None and (type(hops) is not int or not 1 <= hops <= MOST_HOPS):
        wrong["hops"] = f"hops is a whole number from 1 to {MOST_HOPS}."
    if graph_type is not None and not graph_type.follows:
        for name in ("direction", "hops"):
            if body.get(name) is not None:
                wrong[name] = f"A {graph_type.name} graph follows no calls."
    return direction, hops


def read_inside(value: object, graph_type: GraphType | None, wrong: dict[str, str]) -> str:
    """The part of the overview to open, nothing for none, or an entry in ``wrong``."""
    if value is None:
        return ""
    if graph_type is not None and not graph_type.follows:
        wrong["inside"] = f"A {graph_type.name} graph has no parts to open."
    elif not isinstance(value, str) or not 0 < len(value) <= LONGEST_TITLE:
        wrong["inside"] = f"inside is the name of a part, of at most {LONGEST_TITLE} characters."
    else:
        return storable(value)
    return ""


def read_title(value: object, wrong: dict[str, str]) -> str:
    """What the picture is called, nothing for what its type is called, or an entry in ``wrong``."""
    if value is None or value == "":
        return ""
    if not isinstance(value, str) or len(value) > LONGEST_TITLE:
        wrong["title"] = f"title is text of at most {LONGEST_TITLE} characters."
        return ""
    return clean_text(value, LONGEST_TITLE)


def read_id(value: object, field: str, rules: Rules, wrong: dict[str, str]) -> str:
    """An id, or an entry in ``wrong``."""
    pattern, said = (OBJECT_ID, "24 hex digits") if rules.object_ids else (SAFE_ID, "1 to 64 of A-Z a-z 0-9 _ . -")
    if value is None or value == "":
        wrong[field] = f"{field} is missing."
    elif not isinstance(value, str) or not pattern.fullmatch(value):
        wrong[field] = f"{field} must be {said}."
    else:
        return value.lower() if rules.object_ids else value
    return ""


def read_type(value: object, rules: Rules, wrong: dict[str, str]) -> GraphType | None:
    """A registered graph type, by its name or an alias, or an entry in ``wrong``."""
    if value is None or value == "":
        wrong["type"] = "type is missing."
    elif not isinstance(value, str) or value not in rules.graph_types:
        known = sorted({graph.name for graph in rules.graph_types.values()})
        wrong["type"] = f"type is one of {', '.join(known)}."
    else:
        return rules.graph_types[value]
    return None


def read_refs(value: object, field: str, rules: Rules, wrong: dict[str, str]) -> tuple[Ref, ...]:
    """What one entry field names, each id once; absent and empty mean nothing."""
    if value is None:
        return ()
    if not isinstance(value, list):
        wrong[field] = f"{field} must be a list."
        return ()
    if len(value) > MOST_REFS:
        wrong[field] = f"{field} holds more than {MOST_REFS} items."
        return ()
    refs: dict[str, Ref] = {}
    pattern, said = (OBJECT_ID, "24 hex digits") if rules.object_ids else (NAME, "text of one line")
    for place, item in enumerate(value):
        key = item.get("_id") if isinstance(item, dict) else item
        name = item.get("name") if isinstance(item, dict) else ""
        if not isinstance(key, str) or not pattern.fullmatch(key):
            wrong[field] = f"{field}[{place}] needs an _id of {said}."
            return ()
        key = key.lower() if rules.object_ids else key
        refs[key] = Ref(key, storable(name[:200]) if isinstance(name, str) else "")
    return tuple(refs.values())
