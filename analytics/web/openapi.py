"""What the service offers, as an OpenAPI 3.1 document. A test holds it and the routes together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, jsonify

from ..about import IDENTITY
from ..export import Format
from ..model.kinds import DETAILS, ENTRIES
from ..pipeline.stage import GraphType
from .state import web
from .submission import LARGEST_BODY, MOST_REFS

blueprint = Blueprint("openapi", __name__)
Schema = dict[str, Any]
PROBLEM: Schema = {
    "type": "object",
    "required": ["message", "error"],
    "properties": {
        "message": {"type": "object", "additionalProperties": {"type": "string"}, "minProperties": 1},
        "error": {"type": "string"},
    },
    "additionalProperties": False,
}
STATE: Schema = {"type": "string", "enum": ["process", "finished", "warning", "error"]}


@blueprint.get("/openapi.json")
def document() -> Response:
    """This service in OpenAPI's words; open to everybody, as it holds no secret."""
    settings = web().service.settings
    registry = web().service.registry
    return jsonify(describe(registry.graph_types, registry.formats, object_ids=settings.object_ids))


def describe(graph_types: Mapping[str, GraphType], formats: Mapping[str, Format], *, object_ids: bool) -> Schema:
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
            "/": {"get": operation("who this is", "root", {"200": answer(IDENTITY_SCHEMA)}, security=[])},
            "/health/live": {"get": operation("does it answer", "live", {"200": answer(HEALTH)}, security=[])},
            "/health/ready": {
                "get": operation("can it work", "ready", {"200": answer(HEALTH), "503": answer(HEALTH)}, security=[])
            },
            "/metrics": {
                "get": operation(
                    "figures for Prometheus", "metrics", {"200": file_of("text/plain"), **problems(401, 503)}
                )
            },
            "/openapi.json": {
                "get": operation("this document", "document", {"200": answer({"type": "object"})}, security=[])
            },
            "/graph": {"post": submit(graph_id, graph_types, object_ids=object_ids)},
            "/graph/{graph_id}": {
                "get": operation(
                    "how far a graph is", "show", {"200": answer(PROGRESS), **problems(401, 404, 503)}, **reader
                )
            },
            "/graph/{graph_id}.svg": {
                "get": operation("its newest drawing", "svg", {"200": SVG, **problems(401, 404, 503)}, **reader)
            },
            "/graph/{graph_id}.{suffix}": {
                "get": operation(
                    "what its newest drawing shows, for other programs",
                    "export",
                    {"200": exports, **problems(401, 404, 503)},
                    parameters=[path_id, suffix, *link],
                    security=reader["security"],
                )
            },
            "/view/{graph_id}": {"get": operation("its page", "view", {"200": PAGE, **problems(401, 404)}, **reader)},
            "/types": {"get": operation("graph types", "types", {"200": answer(LIST), **problems(401)})},
            "/plugins": {
                "get": operation("stages and files", "plugins", {"200": answer({"type": "object"}), **problems(401)})
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
            "schemas": {"Problem": PROBLEM},
        },
    }


ENTRY_TEXT = (
    "A graph starts from the first of clients, systems, apps, datacenters and servers that is not empty; with none of "
    "them, from everything the owner has. datacenters and servers are for infra and network graphs."
)
IDENTITY_SCHEMA: Schema = {
    "type": "object",
    "required": list(IDENTITY),
    "properties": {name: {"type": "string"} for name in IDENTITY},
    "additionalProperties": False,
}
HEALTH: Schema = {"type": "object", "required": ["status"], "properties": {"status": {"type": "string"}}}
LIST: Schema = {"type": "array", "items": {"type": "object", "required": ["name"]}}
PROGRESS: Schema = {
    "type": "object",
    "required": [
        "id",
        "type",
        "run",
        "state",
        "message",
        "stages",
        "drawn_by",
        "counts",
        "omissions",
        "statistics",
        "links",
    ],
    "properties": {
        "state": STATE,
        "message": {"type": "string"},
        "drawn_by": {"type": ["string", "null"], "description": "the run whose drawing is shown and counted"},
        "stages": {
            "type": "array",
            "items": {"type": "object", "required": ["name", "state", "attempts", "seconds", "reason", "optional"]},
        },
        "links": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}


def file_of(*media_types: str) -> Schema:
    """An answer that is a document of one of these types; JSON is an object."""
    kinds = {name: {"type": "object" if name == "application/json" else "string"} for name in media_types}
    return {"description": "OK", "content": {name: {"schema": schema} for name, schema in kinds.items()}}


SVG, PAGE = file_of("image/svg+xml"), file_of("text/html")


def submit(graph_id: Schema, graph_types: Mapping[str, GraphType], *, object_ids: bool) -> Schema:
    """``POST /graph``; each graph type says from which fields it starts."""
    # In a file the id of a thing may be any text of one line.
    ref_id = graph_id if object_ids else {"type": "string", "minLength": 1, "maxLength": 200}
    ref: Schema = {
        "oneOf": [
            {
                "type": "object",
                "required": ["_id"],
                "properties": {"_id": ref_id},
            },
            ref_id,
        ]
    }
    refs: Schema = {"type": ["array", "null"], "maxItems": MOST_REFS, "items": ref}
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
        {**answers, **problems(400, 401, 413, 415, 422, 429, 503)},
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
    ref = {"$ref": "#/components/schemas/Problem"}
    return {str(status): answer(ref, "a problem") for status in statuses}
