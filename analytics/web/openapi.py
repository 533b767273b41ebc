"""What the service offers, as an OpenAPI 3.1 document. A test holds it and the routes together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, jsonify

from ..about import IDENTITY
from ..export import PAPERS, Format, PictureFormat
from ..model.kinds import DETAILS, DIRECTIONS, ENTRIES, PROJECTIONS
from ..pipeline.stage import GraphType
from ..runs.revocations import LONGEST
from ..viewing.details import GraphDetails
from .answers import (
    Alive,
    GraphFailure,
    GraphImpact,
    GraphState,
    GraphTypeRow,
    Identity,
    NotReady,
    OpenedPart,
    Plugins,
    Problem,
    Ready,
    Schema,
    Shared,
    VersionDifference,
    Versions,
    WeakPoints,
    ref,
    schemas,
)
from .pictures import LARGEST, SMALLEST
from .state import web
from .submission import LARGEST_BODY, LONGEST_TITLE, MOST_HOPS, MOST_REFS

blueprint = Blueprint("openapi", __name__)


@blueprint.get("/openapi.json")
def document() -> Response:
    """This service in OpenAPI's words; open to everybody, as it holds no secret."""
    settings = web().service.settings
    registry = web().service.registry
    return jsonify(describe(registry.graph_types, registry.formats, object_ids=settings.object_ids))


def describe(
    graph_types: Mapping[str, GraphType], formats: Mapping[str, Format | PictureFormat], *, object_ids: bool
) -> Schema:
    """The document for these graph types, by name and alias; ``object_ids``: ids are those of a database."""
    graph_id: Schema = {
        "type": "string",
        "pattern": "^[0-9a-fA-F]{24}$" if object_ids else "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$",
    }
    path_id: Schema = {"name": "graph_id", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    link = [
        {"name": "expires", "in": "query", "schema": {"type": "string"}, "description": "of a signed link"},
        {"name": "signature", "in": "query", "schema": {"type": "string"}, "description": "of a signed link"},
    ]
    token = {**path_id, "name": "token"}
    suffix = {"name": "suffix", "in": "path", "required": True, "schema": {"enum": list(formats)}}
    exports = file_of(*(form.media_type for form in formats.values()))
    reader: Schema = {"parameters": [path_id, *link], "security": [{"private": []}, {}]}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": IDENTITY["name"],
            "version": IDENTITY["version"],
            "description": f"{IDENTITY['description']} {ENTRY_TEXT}",
            "license": {"name": IDENTITY["license"], "identifier": IDENTITY["license"]},
        },
        "security": [{"private": []}],
        "paths": {
            "/": {"get": operation("who this is", "root", {"200": answer(ref(Identity))}, security=[])},
            "/health/live": {"get": operation("does it answer", "live", {"200": answer(ref(Alive))}, security=[])},
            "/health/ready": {
                "get": operation(
                    "can it work", "ready", {"200": answer(ref(Ready)), "503": answer(ref(NotReady))}, security=[]
                )
            },
            "/metrics": {
                "get": operation(
                    "figures for Prometheus", "metrics", {"200": file_of("text/plain"), **problems(401, 503)}
                )
            },
            "/openapi.json": {"get": operation("this document", "document", {"200": answer(SELF)}, security=[])},
            "/graph": {"post": submit(graph_id, graph_types, object_ids=object_ids)},
            "/graph/{graph_id}": {
                "get": operation(
                    "how far a graph is",
                    "show",
                    {"200": answer(ref(GraphState)), **problems(401, 404, 410, 503)},
                    **reader,
                )
            },
            "/graph/{graph_id}/details": {
                "get": operation(
                    "what its newest drawing shows, in words",
                    "details",
                    {"200": answer(ref(GraphDetails)), **problems(401, 404, 410, 503)},
                    **reader,
                )
            },
            "/graph/{graph_id}/inside": {
                "get": operation(
                    "a part of its newest drawing, opened: the drawing and what it shows, in words",
                    "inside",
                    {"200": answer(ref(OpenedPart)), **problems(400, 401, 404, 410, 422, 503)},
                    parameters=[path_id, *link, PART],
                    security=reader["security"],
                )
            },
            "/graph/{graph_id}/fail": {
                "get": operation(
                    "what falls in a graph when one of its things fails: an application, a server, a place",
                    "fail",
                    {"200": answer(ref(GraphFailure)), **problems(400, 401, 404, 410, 503)},
                    parameters=[path_id, *link, THING],
                    security=reader["security"],
                )
            },
            "/graph/{graph_id}/impact": {
                "get": operation(
                    "what depends on one of its things, or what that depends on, hop by hop",
                    "impact",
                    {"200": answer(ref(GraphImpact)), **problems(400, 401, 404, 410, 503)},
                    parameters=[path_id, *link, THING, WAY, HOPS],
                    security=reader["security"],
                )
            },
            "/graph/{graph_id}/weak-points": {
                "get": operation(
                    "what brings down its applications by failing alone",
                    "weak_points",
                    {"200": answer(ref(WeakPoints)), **problems(401, 404, 410, 422, 503)},
                    **reader,
                )
            },
            "/graph/{graph_id}/versions": {
                "get": operation(
                    "its kept versions",
                    "versions",
                    {"200": answer(ref(Versions)), **problems(401, 404, 410, 503)},
                    parameters=[path_id],
                )
            },
            "/graph/{graph_id}/diff": {
                "get": operation(
                    "what changed between two of its versions",
                    "diff",
                    {"200": answer(ref(VersionDifference)), **problems(401, 404, 410, 503)},
                    parameters=[path_id, *SIDES],
                )
            },
            "/graph/{graph_id}/redraw": {
                "post": operation(
                    "draw it again from the request that is kept of it",
                    "redraw",
                    {"201": answer({"type": "string", "description": "the id of the first job"})}
                    | problems(401, 404, 409, 410, 429, 503),
                    parameters=[path_id],
                )
            },
            "/graph/{graph_id}/links": {
                "delete": operation(
                    "no link to it that was handed out opens it any more",
                    "revoke_links",
                    {"204": {"description": "revoked"}, **problems(401, 404, 410, 503)},
                    parameters=[path_id],
                )
            },
            "/owners/{owner_id}/links": {
                "delete": operation(
                    "no link to any graph of this owner opens it any more",
                    "revoke_links_of",
                    {"204": {"description": "revoked"}, **problems(401, 503)},
                    parameters=[{**path_id, "name": "owner_id"}],
                )
            },
            "/graph/{graph_id}.svg": {
                "get": operation("its newest drawing", "svg", {"200": SVG, **problems(401, 404, 410, 503)}, **reader)
            },
            "/graph/{graph_id}.{suffix}": {
                "get": operation(
                    "what its newest drawing shows, for other programs",
                    "export",
                    {"200": exports, **problems(400, 401, 404, 410, 422, 503)},
                    parameters=[path_id, suffix, *link, *SIZE],
                    security=reader["security"],
                )
            },
            "/graph/{graph_id}/shares": {
                "post": operation(
                    "make an address that always shows its newest drawing",
                    "share",
                    {"201": answer(ref(Shared)), **problems(400, 401, 404, 410, 413, 415, 422, 503)},
                    parameters=[path_id],
                    requestBody={"required": True, "content": {"application/json": {"schema": SHARE}}},
                )
            },
            "/shares/{share_id}": {
                "delete": operation(
                    "a share opens nothing any more",
                    "revoke",
                    {"204": {"description": "revoked"}, **problems(401, 503)},
                    parameters=[{**path_id, "name": "share_id"}],
                )
            },
            "/share/{token}.svg": {
                "get": operation(
                    "the newest drawing of what was shared",
                    "shared_svg",
                    {"200": SVG, **problems(401, 404, 410, 503)},
                    parameters=[token],
                    security=[],
                )
            },
            "/share/{token}.png": {
                "get": operation(
                    "the same as PNG",
                    "shared_png",
                    {"200": file_of("image/png"), **problems(400, 401, 404, 410, 422, 503)},
                    parameters=[token, SIZE[0]],
                    security=[],
                )
            },
            "/embed/{token}": {
                "get": operation(
                    "a page with it that other sites may frame",
                    "embed",
                    {"200": PAGE, **problems(401, 503)},
                    parameters=[token],
                    security=[],
                )
            },
            "/view/{graph_id}": {"get": operation("its page", "view", {"200": PAGE, **problems(401, 404)}, **reader)},
            "/types": {
                "get": operation(
                    "graph types",
                    "types",
                    {"200": answer({"type": "array", "items": ref(GraphTypeRow)}), **problems(401)},
                )
            },
            "/plugins": {
                "get": operation(
                    "stages, files and pools", "plugins", {"200": answer(ref(Plugins)), **problems(401, 503)}
                )
            },
        },
        "components": {
            "securitySchemes": {
                "private": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": "JWT <token>: HS256, payload with noauth",
                }
            },
            "schemas": schemas(),
        },
    }


ENTRY_TEXT = (
    "A graph starts from the first of clients, systems, apps, datacenters and servers that is not empty; with none of "
    "them, from everything the owner has. datacenters and servers are for infra and network graphs."
)


#: Documents whose form is another standard's, or the format's own.
SELF: Schema = {"type": "object", "description": "an OpenAPI 3.1 document", "additionalProperties": True}
JSON_FILE: Schema = {"type": "object", "description": "the whole graph: docs/formats", "additionalProperties": True}


def file_of(*media_types: str) -> Schema:
    """An answer that is a document of one of these types; JSON is an object."""
    kinds = {name: JSON_FILE if name == "application/json" else {"type": "string"} for name in media_types}
    return {"description": "OK", "content": {name: {"schema": schema} for name, schema in kinds.items()}}


#: How large pictures are.
SIZE = [
    {
        "name": "scale",
        "in": "query",
        "schema": {"type": "number", "minimum": SMALLEST, "maximum": LARGEST},
        "description": "of a PNG or PDF, times its size at 100 %",
    },
    {"name": "paper", "in": "query", "schema": {"enum": list(PAPERS)}, "description": "of a PDF: a poster of sheets"},
]
#: Which part of an overview is opened.
PART = {
    "name": "part",
    "in": "query",
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_TITLE},
    "description": "its name, or the id or name of a member; a part of a part as `PART › PART`",
}
#: Which way dependencies are followed, and how far.
WAY = {
    "name": "way",
    "in": "query",
    "schema": {"type": "string", "enum": ["up", "down"], "default": "up"},
    "description": "up: what depends on it; down: what it depends on",
}
HOPS = {
    "name": "hops",
    "in": "query",
    "schema": {"type": "integer", "minimum": 0, "maximum": 1000, "default": 0},
    "description": "how many needs are followed; 0: all",
}
#: What is taken as failed, or asked about.
THING = {
    "name": "thing",
    "in": "query",
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_TITLE},
    "description": "the id of its node or box, or collection/id",
}
#: Which versions are compared.
SIDES = [
    {
        "name": "from",
        "in": "query",
        "schema": {"type": "string"},
        "description": "the earlier version; without it the one before the later",
    },
    {"name": "to", "in": "query", "schema": {"type": "string"}, "description": "the later version; else the newest"},
]
#: What an address that is shared is for.
SHARE: Schema = {
    "type": "object",
    "properties": {
        "purpose": {"enum": ["image", "embed"]},
        "seconds": {"type": "integer", "minimum": 60, "maximum": LONGEST},
        "redact": {"type": "boolean", "description": "leave out addresses and host names"},
    },
}
SVG, PAGE = file_of("image/svg+xml"), file_of("text/html")


def submit(graph_id: Schema, graph_types: Mapping[str, GraphType], *, object_ids: bool) -> Schema:
    """``POST /graph``; each graph type says from which fields it starts."""
    # In a file the id of a thing may be any text of one line.
    ref_id = graph_id if object_ids else {"type": "string", "minLength": 1, "maxLength": LONGEST_TITLE}
    entry_ref: Schema = {
        "oneOf": [
            {
                "type": "object",
                "required": ["_id"],
                "properties": {"_id": ref_id},
            },
            ref_id,
        ]
    }
    refs: Schema = {"type": ["array", "null"], "maxItems": MOST_REFS, "items": entry_ref}
    none: Schema = {"type": ["array", "null"], "maxItems": 0}
    body: Schema = {
        "oneOf": [
            {
                "type": "object",
                "required": ["_id", "owner_id", "type"],
                "properties": {
                    "_id": graph_id,
                    "owner_id": graph_id,
                    "type": {"const": name},
                    "detail": {"enum": [*DETAILS, None]},
                    "projection": {"enum": [*PROJECTIONS, None]},
                    "title": {"type": ["string", "null"], "maxLength": LONGEST_TITLE},
                    "direction": {"enum": [*DIRECTIONS, None]} if graph_type.follows else {"type": "null"},
                    "hops": {"type": ["integer", "null"], "minimum": 1, "maximum": MOST_HOPS}
                    if graph_type.follows
                    else {"type": "null"},
                    "numbers": {"type": ["boolean", "null"]},
                    "inside": {"type": ["string", "null"], "minLength": 1, "maxLength": LONGEST_TITLE}
                    if graph_type.follows
                    else {"type": "null"},
                    **{entry: refs if entry in graph_type.entries else none for entry in ENTRIES},
                },
            }
            for name, graph_type in sorted(graph_types.items())
        ]
    }
    answers = {"201": answer({"type": "string", "description": "id of the first job"}, "accepted")}
    return operation(
        "ask for a graph",
        "submit",
        {**answers, **problems(400, 401, 409, 413, 415, 422, 429, 503)},
        requestBody={
            "required": True,
            "description": f"at most {LARGEST_BODY} bytes",
            "content": {"application/json": {"schema": body}},
        },
    )


def operation(summary: str, name: str, answers: Schema, **more: Any) -> Schema:
    """One operation."""
    return {"summary": summary, "operationId": name, "responses": answers, **more}


def answer(schema: Schema, description: str = "OK") -> Schema:
    """A JSON answer."""
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def problems(*statuses: int) -> Schema:
    """Errors, all of one shape."""
    return {str(status): answer(ref(Problem), "a problem") for status in statuses}
