"""Backstage: catalog files, or what ``/api/catalog/entities`` answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analytics import hookimpl
from analytics.sources import Draft, Part, Reader, Recognition, mapping, mappings

COLLECT = "the catalog-info.yaml files, or curl <backstage>/api/catalog/entities"
#: The kind that a reference without one means, by the field it stands in.
DEFAULT_KIND = {
    "owner": "group", "system": "system", "domain": "domain", "providesApis": "api", "consumesApis": "api",
    "dependsOn": "component", "dependencyOf": "component", "subcomponentOf": "component",
}  # fmt: skip
#: Families by the type of a resource or component.
FAMILIES = {
    "database": "Database", "cache": "Cache", "redis": "Cache", "queue": "Broker", "topic": "Broker",
    "kafka-topic": "Broker",
    "message-broker": "Broker", "s3-bucket": "ObjectStorage", "bucket": "ObjectStorage", "gateway": "ApiGateway",
    "load-balancer": "Loadbalance", "cdn": "CDN", "cluster": "ContainerOrchestration", "function": "Serverless",
}  # fmt: skip
#: Relations that say what the specification says from the other side.
RELATIONS = {
    "dependsOn": "dependsOn",
    "consumesApi": "consumesApis",
    "providesApi": "providesApis",
    "partOf": "system",
    "ownedBy": "owner",
}
PEOPLE = frozenset({"group", "user"})
KINDS = frozenset({"component", "resource", "api", "system", "domain", "group", "user"})


@dataclass(frozen=True)
class Entity:
    """One entity with its place."""

    part: Part
    path: tuple[str | int, ...]
    value: Mapping[str, Any]
    kind: str
    namespace: str
    name: str

    @property
    def key(self) -> str:
        """Its reference in full: ``component:default/web``."""
        return f"{self.kind}:{self.namespace}/{self.name}"


def recognise(part: Part) -> Recognition:
    """An entity of Backstage, or a list of them."""
    value = part.value
    if isinstance(value, dict) and isinstance(value.get("items"), list) and "kind" not in value:
        value = value["items"]
    if isinstance(value, list):
        return bool(value) and all(is_entity(one) for one in value)
    if not isinstance(value, dict) or not is_entity(value):
        return False
    if str(value.get("apiVersion")).startswith("scaffolder."):
        return "a template that makes things, and no catalogue: draw the catalog-info.yaml files"
    return True


def is_entity(value: Any) -> bool:
    """Whether a value is an entity, by the version it names."""
    if not isinstance(value, dict) or not isinstance(value.get("metadata"), dict):
        return False
    version = str(value.get("apiVersion", ""))
    return version.startswith(("backstage.io/", "scaffolder.backstage.io/"))


def entities_of(part: Part) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, Any]]]:
    """The entities of a part with their paths."""
    value, base = part.value, ()
    if isinstance(value, dict) and "kind" not in value:
        value, base = value["items"], ("items",)  # type: ignore[assignment]
    if isinstance(value, list):
        yield from (((*base, place), one) for place, one in enumerate(value))
    else:
        yield (), value


def reference(value: object, kind: str, namespace: str) -> str:
    """A reference in full, in lower case; its parts may be left out, or be fields of an object.

    >>> reference("Group:platform/Team-A", "user", "default"), reference("web", "component", "shop")
    ('group:platform/team-a', 'component:shop/web')
    """
    if isinstance(value, dict):
        kind, namespace = str(value.get("kind") or kind), str(value.get("namespace") or namespace)
        name = str(value.get("name", ""))
    else:
        said, colon, rest = str(value).strip().rpartition(":")
        kind = said if colon else kind
        place, slash, name = rest.rpartition("/")
        namespace = place if slash else namespace
    return f"{kind}:{namespace}/{name}".lower() if name else ""


def read(parts: Sequence[Part], draft: Draft) -> None:
    """All entities; what components say of each other from both sides stands once."""
    held: dict[str, Entity] = {}
    for part in parts:
        for path, value in entities_of(part):
            metadata = mapping(value, "metadata")
            name, kind = str(metadata.get("name") or ""), str(value.get("kind") or "").lower()
            namespace = str(metadata.get("namespace") or "default").lower()
            if not name:
                draft.remark(part, path, "error", "id", f"{value.get('kind')} without metadata.name")
                continue
            entity = Entity(part, path, value, kind, namespace, name.lower())
            if entity.key in held:
                first = held[entity.key].part.file
                draft.remark(
                    part, path, "warning", "duplicate", f"{entity.key} stands in {first} too; the first counts"
                )
                continue
            if kind in KINDS:
                held[entity.key] = entity
            else:
                draft.skip(str(value.get("kind")), "nothing of the picture")
    providers = providers_of(held)
    for entity in held.values():
        add_entity(draft, entity, held, providers)
    for entity in held.values():
        add_calls(draft, entity, held, providers)
    enter_systems(draft, held)


def said(entity: Entity, name: str) -> list[str]:
    """The references under a field of the specification and in the relations that repeat it, each once."""
    kind = DEFAULT_KIND[name]
    value = mapping(entity.value, "spec").get(name)
    found = [
        reference(one, kind, entity.namespace)
        for one in (value if isinstance(value, list) else [value] if value else [])
    ]
    for relation in mappings(entity.value.get("relations")):
        if RELATIONS.get(str(relation.get("type"))) == name:
            target = relation.get("targetRef") or relation.get("target")
            full = reference(target, kind, entity.namespace)
            if name != "system" or full.startswith("system:"):
                found.append(full)
    return [one for one in dict.fromkeys(found) if one]


def providers_of(held: Mapping[str, Entity]) -> dict[str, list[str]]:
    """Who provides each API."""
    found: dict[str, list[str]] = {}
    for entity in held.values():
        for api in said(entity, "providesApis"):
            found.setdefault(api, []).append(entity.key)
    return found


def people(references: Sequence[str], held: Mapping[str, Entity]) -> str:
    """Owners as people call them."""
    names = []
    for one in references:
        entity = held.get(one)
        shown = str(mapping(mapping(entity.value, "spec"), "profile").get("displayName") or "") if entity else ""
        names.append(shown or one.rpartition("/")[2])
    return ", ".join(names)


def add_entity(
    draft: Draft, entity: Entity, held: Mapping[str, Entity], providers: Mapping[str, Sequence[str]]
) -> None:
    """One entity as an application or a system; people are names on other things."""
    metadata, spec = mapping(entity.value, "metadata"), mapping(entity.value, "spec")
    if entity.kind in PEOPLE:
        draft.fold(entity.kind, "what they look after")
        return
    shown = str(metadata.get("title") or metadata.get("name"))
    fields: dict[str, Any] = {
        "name": shown,
        "description": str(metadata.get("description") or ""),
        "team": people(said(entity, "owner"), held),
        "lifecycle": str(spec.get("lifecycle") or ""),
        "links": [
            {"url": str(one.get("url")), "title": str(one.get("title") or one.get("url"))}
            for one in mappings(metadata.get("links"))
            if one.get("url")
        ],
    }
    if entity.kind in ("system", "domain"):
        if entity.kind == "domain":
            draft.fold("domain", "the systems it holds")
        else:
            domain = [reference(spec["domain"], "domain", entity.namespace)] if spec.get("domain") else []
            draft.add("systems", entity.key, entity.part, entity.path, namespace=people(domain, held), **fields)
        return
    if entity.kind == "api" and providers.get(entity.key):
        draft.fold("api", "the component that provides it")
        return
    notes = mapping(metadata, "annotations")
    kind = str(spec.get("type") or entity.kind)
    systems = [{"_id": one, "name": one.rpartition("/")[2]} for one in said(entity, "system")]
    names = [entity.name, str(notes.get("backstage.io/kubernetes-id") or "")]
    draft.add(
        "applications",
        entity.key,
        entity.part,
        entity.path,
        names=[one for one in names if one],
        family=FAMILIES.get(kind.lower(), "ApiGateway" if entity.kind == "api" else "Application"),
        kind=kind,
        status="orphan" if str(notes.get("backstage.io/orphan")) == "true" else "",
        system=systems,
        **fields,
    )


def add_calls(draft: Draft, entity: Entity, held: Mapping[str, Entity], providers: Mapping[str, Sequence[str]]) -> None:
    """What a component needs: other things, and APIs of those who provide them."""
    caller = draft.get("applications", entity.key)
    if caller is None:
        return
    for target in said(entity, "dependsOn"):
        other = target if target in held else swapped(target, held)
        if draft.has("applications", other) or draft.has("systems", other):
            draft.call(caller, other)
        else:
            draft.remark(
                entity.part,
                entity.path,
                "warning",
                "reference",
                f"{entity.name} depends on {target}, which is not in these files",
            )
            draft.call(caller, other, name=other.rpartition("/")[2])
    for api in said(entity, "consumesApis"):
        definition = mapping(held[api].value, "spec") if api in held else {}
        label = " ".join(word for word in (api.rpartition("/")[2], str(definition.get("type") or "")) if word)
        targets = providers.get(api) or [api]
        for target in targets:
            if target != entity.key:
                draft.call(caller, target, endpoint=label, name=target.rpartition("/")[2])
    for user in said(entity, "dependencyOf"):
        using = draft.get("applications", user if user in held else swapped(user, held))
        if using is not None:
            draft.call(using, entity.key)


def swapped(target: str, held: Mapping[str, Entity]) -> str:
    """A dependency without a kind may be a resource as well."""
    kind, _, rest = target.partition(":")
    other = f"resource:{rest}" if kind == "component" else f"component:{rest}"
    return other if other in held else target


def enter_systems(draft: Draft, held: Mapping[str, Entity]) -> None:
    """Systems are entered by websites, else by what nobody calls; one that is named and not held is made."""
    applications = draft.documents.get("applications", {})
    called = {dep["_id"] for one in applications.values() for dep in one.get("deps", ())}
    members: dict[str, list[str]] = {}
    for key, document in applications.items():
        for system in document.get("system", ()):
            members.setdefault(system["_id"], []).append(key)
    for system, keys in members.items():
        if not draft.has("systems", system):
            first = held[keys[0]]
            draft.add(
                "systems",
                system,
                first.part,
                first.path,
                how="inferred",
                why="its parts name it",
                name=system.rpartition("/")[2],
            )
        sites = [key for key in keys if applications[key].get("kind") == "website"]
        doors = sites or [key for key in keys if key not in called]
        draft.documents["systems"][system]["entry"] = [{"_id": key} for key in sorted(doors)]


@hookimpl
def analytics_sources() -> Iterator[Reader]:
    yield Reader("backstage", "Backstage's catalogue", recognise, read, COLLECT, rank=30)
