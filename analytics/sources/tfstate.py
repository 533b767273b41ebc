"""The resources of Terraform's states and plans, whichever way they are written, and how they name each other."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..catalog.resources import kind_of_resource, provider_of_resource
from .attributes import link, texts, word
from .parts import Part, listed, mapping, mappings
from .reader import Draft

#: Keys in addresses: ``[0]``, ``["eu"]``.
KEYS = re.compile(r'\[(?:\d+|"(?:[^"\\]|\\.)*")\]')
#: What a plan does to a resource, by its actions.
CHANGES = {("create",): "new", ("update",): "changed", ("delete",): "removed", ("delete", "create"): "replaced"}
CHANGES |= {("create", "delete"): "replaced"}
Path = tuple[str | int, ...]


@dataclass(eq=False, slots=True)
class Resource:
    """One instance of a resource. ``plain`` is its address without keys, as dependencies write it."""

    address: str
    type: str
    kind: str
    provider: str
    values: Mapping[str, Any]
    part: Part
    path: Path
    depends: tuple[str, ...] = ()
    status: str = ""
    change: str = ""
    module: tuple[str, ...] = ()
    document: dict[str, Any] | None = None

    @property
    def plain(self) -> str:
        """The address as dependencies write it."""
        return KEYS.sub("", self.address)

    @property
    def id(self) -> str:
        """The provider's id; of what is not made yet the address."""
        return word(self.values, "id") or self.address


@dataclass
class State:
    """The resources of all parts, by what others call them."""

    resources: list[Resource] = field(default_factory=list)
    by_plain: dict[str, list[Resource]] = field(default_factory=lambda: defaultdict(list))
    by_id: dict[str, Resource] = field(default_factory=dict)
    by_name: dict[tuple[str, str], list[Resource]] = field(default_factory=lambda: defaultdict(list))
    of_kind: dict[str, list[Resource]] = field(default_factory=lambda: defaultdict(list))
    #: Machines by a private address of theirs.
    by_address: dict[str, Resource] = field(default_factory=dict)
    #: Machines by the address of a port of theirs.
    of_port: dict[str, list[Resource]] = field(default_factory=lambda: defaultdict(list))

    def add(self, resource: Resource) -> None:
        """Take in a resource by its address and its ids; of two with one id the first is meant."""
        self.resources.append(resource)
        self.by_plain[resource.plain].append(resource)
        for name in identities(resource):
            self.by_id.setdefault(name.casefold(), resource)
        self.of_kind[resource.kind].append(resource)
        if resource.kind == "server":
            for ip in texts(resource.values, "private_ip", "access_ip_v4", "private_ip_address"):
                self.by_address.setdefault(ip, resource)
        self.by_name[resource.kind, word(resource.values, "name")].append(resource)

    def called(self, name: str, *kinds: str) -> Resource | None:
        """The resource of a name, where only one of the kinds has it."""
        held = [one for kind in kinds for one in self.by_name.get((kind, name), ())] if name else []
        return held[0] if len(held) == 1 else None

    def by_kind(self, kind: str) -> list[Resource]:
        """The resources of a kind."""
        return self.of_kind.get(kind, [])

    def find(self, key: str, *kinds: str) -> Resource | None:
        """The resource of an id, ARN or link, if it is of one of the kinds."""
        found = self.by_id.get(key.casefold()) or self.by_id.get(link(key).casefold()) if key else None
        return found if found is not None and (not kinds or found.kind in kinds) else None

    def behind(self, resource: Resource, *kinds: str) -> list[Resource]:
        """What a resource depends on, of some kinds or of any; one name stands for all instances."""
        named = (one for name in resource.depends for one in self.by_plain.get(KEYS.sub("", name), ()))
        return [one for one in named if not kinds or one.kind in kinds]


def identities(resource: Resource) -> list[str]:
    """The ids that a resource goes by."""
    values = resource.values
    found = [word(values, "id"), word(values, "arn"), link(word(values, "self_link"))]
    if resource.kind in ("AutoScaling", "AutoScalingPlan", "Loadbalance"):
        found.append(word(values, "name"))
    return [one for one in dict.fromkeys(found) if one]


def resources_of(part: Part, draft: Draft) -> Iterator[Resource]:
    """The instances of the managed resources of a part; the others are counted."""
    value = part.object
    if "format_version" in value:
        planned = "planned_values" in value
        top = "planned_values" if planned else "values"
        changes = {word(one, "address"): change_of(one) for one in mappings(value.get("resource_changes"))}
        yield from shown(part, draft, mapping(value, top, "root_module"), (top, "root_module"), changes)
        gone = {address for address, change in changes.items() if change == "removed"}
        if gone:
            before = mapping(value, "prior_state", "values", "root_module")
            yield from shown(part, draft, before, ("prior_state", "values", "root_module"), changes, gone)
        return
    for number, each in enumerate(listed(value, "resources")):
        path: Path = ("resources", number)
        if not isinstance(each, dict) or not word(each, "type") or not isinstance(each.get("instances"), list):
            draft.remark(part, path, "error", "type", "a resource without type or instances")
            draft.skip("resource", "not readable")
            continue
        kind, name, module = word(each, "type"), word(each, "name"), word(each, "module")
        for at, instance in enumerate(each["instances"]):
            where: Path = (*path, "instances", at)
            if not isinstance(instance, dict):
                draft.remark(part, where, "error", "type", f"an instance of {kind}.{name} must be an object")
                draft.skip(kind, "not readable")
            elif word(each, "mode") == "data":
                draft.skip(f"data {kind}", "it is looked up, not made")
            elif instance.get("deposed"):
                draft.skip(kind, "deposed: it is replaced and waits to be deleted")
            else:
                key = instance.get("index_key")
                index = f"[{key}]" if isinstance(key, int) else f'["{key}"]' if isinstance(key, str) else ""
                address = ".".join(one for one in (module, kind, f"{name}{index}") if one)
                values = instance.get("attributes")
                if not isinstance(values, dict):
                    values = unflattened(instance.get("attributes_flat"))
                depends = texts(instance, "dependencies", "depends_on")
                yield made(
                    part, where, address, kind, word(each, "provider"), values, depends, word(instance, "status")
                )


def shown(
    part: Part,
    draft: Draft,
    module: Mapping[str, Any],
    path: Path,
    changes: Mapping[str, str],
    only: Iterable[str] = (),
) -> Iterator[Resource]:
    """The resources of a module as ``show -json`` writes them, and of those in it."""
    waiting: list[tuple[Mapping[str, Any], Path]] = [(module, path)]
    while waiting:
        held, at = waiting.pop()
        for number, each in enumerate(listed(held, "resources")):
            where: Path = (*at, "resources", number)
            if not isinstance(each, dict) or not word(each, "address") or not word(each, "type"):
                draft.remark(part, where, "error", "type", "a resource without address or type")
                draft.skip("resource", "not readable")
                continue
            address, kind = word(each, "address"), word(each, "type")
            if only and address not in only:
                continue
            if word(each, "mode") == "data":
                draft.skip(f"data {kind}", "it is looked up, not made")
                continue
            values = mapping(each, "values")
            status = "tainted" if each.get("tainted") is True else ""
            found = made(
                part, where, address, kind, word(each, "provider_name"), values, texts(each, "depends_on"), status
            )
            found.change = changes.get(address, "")
            yield found
        more = [(one, (*at, "child_modules", number)) for number, one in enumerate(listed(held, "child_modules"))]
        waiting += [one for one in reversed(more) if isinstance(one[0], dict)]


def made(
    part: Part, path: Path, address: str, kind: str, provider: str, values: Mapping[str, Any], depends: Sequence[str],
    status: str,
) -> Resource:  # fmt: skip
    """A resource; what its type is, and the modules it stands in."""
    modules = re.findall(r'module\.([\w-]+(?:\[(?:\d+|"(?:[^"\\]|\\.)*")\])?)', address)
    whose = provider_of_resource(kind, provider)
    return Resource(address, kind, kind_of_resource(kind), whose, values, part, path, tuple(depends), status,
                    module=tuple(modules))  # fmt: skip


def change_of(value: Mapping[str, Any]) -> str:
    """What a plan does to a resource, in a word; nothing where it leaves it."""
    return CHANGES.get(tuple(texts(mapping(value, "change"), "actions")), "")


def unflattened(value: object) -> dict[str, Any]:
    """Attributes as old providers wrote them (``groups.0``), as far as they are single values or lists of texts.

    >>> unflattened({"id": "i-1", "groups.#": "2", "groups.0": "a", "groups.1": "b"})
    {'id': 'i-1', 'groups': ['a', 'b']}
    """
    result: dict[str, Any] = {}
    for name, one in value.items() if isinstance(value, dict) else ():
        first, _, rest = str(name).partition(".")
        if not rest:
            result[first] = one
        elif rest not in ("#", "%") and "." not in rest:
            held = result.setdefault(first, [] if rest.isdigit() else {})
            if isinstance(held, list):
                held.append(one)
            elif isinstance(held, dict):
                held[rest] = one
    return result
