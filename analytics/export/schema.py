"""The JSON Schema of the JSON export: what a program that reads it may rely on."""

from __future__ import annotations

from typing import Any, get_args

from ..model.kinds import ContainerKind, Crossing, EdgeKind, NodeKind, OmissionKind, Provenance, Tone

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
COUNT: Schema = {"type": "integer", "minimum": 0}
FLAG: Schema = {"type": "boolean"}
ID: Schema = {"type": "string", "pattern": "^n[0-9a-f]{24}$"}
TEXTS: Schema = {"type": "array", "items": TEXT}
PARENT: Schema = {"anyOf": [ID, {"type": "null"}], "description": "the box it stands in"}
MEASURES: Schema = {"type": "object", "additionalProperties": NUMBER, "description": "numbers by their quantity"}


def schema() -> Schema:
    """The schema of one document."""
    rows = listed(record(name=TEXT, value=TEXT))
    place = record(x=NUMBER, y=NUMBER, width=NUMBER, depth=NUMBER)
    node = record(
        id=ID,
        source=TEXT | {"description": "collection and id in the inventory"},
        name=TEXT,
        kind=one_of(NodeKind),
        family=TEXT,
        provider=TEXT,
        parent=PARENT,
        count=COUNT | {"description": "things of the inventory that it stands for"},
        servers=COUNT,
        size=TEXT,
        entry=FLAG,
        attributes=rows,
        badges=listed(record(text=TEXT, tone=one_of(Tone))),
        members=TEXTS | {"description": "ids in the inventory of those it stands for"},
        systems=TEXTS,
        datacenters=TEXTS,
        links=listed(record(text=TEXT, url=TEXT)),
        measures=MEASURES,
        place=place | {"description": "in tiles on the ground"},
    )
    box = record(
        id=ID,
        name=TEXT,
        kind=one_of(ContainerKind),
        provider=TEXT,
        parent=PARENT,
        figures={"type": "object", "additionalProperties": TEXT},
        attributes=rows,
        measures=MEASURES,
        place=place,
    )
    edge = record(
        source=ID,
        target=ID,
        kind=one_of(EdgeKind),
        label=TEXT,
        provenance=one_of(Provenance),
        count=COUNT,
        crossing=one_of(Crossing),
        back=FLAG | {"description": "it closes a cycle"},
        attributes=rows,
        measures=MEASURES,
        points=listed({"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 2}),
    )
    omission = record(kind=one_of(OmissionKind), what=TEXT, count=COUNT, reason=TEXT, ids=TEXTS, names=TEXTS)
    document = record(
        type=TEXT,
        title=TEXT,
        scope=TEXT,
        as_of=TEXT,
        oldest=TEXT,
        counts=record(found=COUNT, drawn=COUNT, folded=COUNT, omitted=COUNT, hidden=COUNT, ghosts=COUNT),
        nodes=listed(node),
        containers=listed(box),
        quantities=listed(record(key=TEXT, title=TEXT, unit=TEXT)),
        totals=listed(record(quantity=TEXT, system=TEXT, value=NUMBER, things=COUNT)),
        edges=listed(edge),
        omissions=listed(omission),
        findings=listed(record(code=TEXT, text=TEXT, tone=one_of(Tone), nodes=listed(ID))),
    )
    document["properties"]["proof"] = {"type": "object", "description": "what it was made from: see verify"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A graph of Analytics Maestro",
        "description": "Found = drawn + folded + omitted. Ids are digests of those of the inventory.",
        **document,
    }


def record(**fields: Schema) -> Schema:
    """An object with these fields, all of them there, and no other."""
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def listed(items: Schema) -> Schema:
    """A list of such."""
    return {"type": "array", "items": items}


def one_of(words: Any) -> Schema:
    """One of the words of a literal type."""
    return {"enum": list(get_args(words))}
