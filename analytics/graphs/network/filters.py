"""Every document that packets meet, found by any name it goes by. Pure.

Ids are compared without case: Azure writes them both ways. A full resource path
that no document has as its id is looked for by its last part, if that is one thing's name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ...documents.clauses import Clause
from ...documents.networks import NetworkItem
from .reach import Passage, added, filtered, perhaps


@dataclass
class Shelf:
    """Documents of one kind by id, unique id and, where only one has it, by name."""

    items: list[NetworkItem] = field(default_factory=list)
    by_id: dict[str, NetworkItem] = field(default_factory=dict)
    by_name: dict[str, list[NetworkItem]] = field(default_factory=lambda: defaultdict(list))

    def add(self, item: NetworkItem) -> None:
        """Take in a document; the first that has an id keeps it."""
        self.items.append(item)
        for key in (item.unique_id, item.id):
            if key:
                self.by_id.setdefault(key.lower(), item)
        self.by_name[item.name.lower()].append(item)

    def find(self, key: str) -> NetworkItem | None:
        """A document by id, or by a name that is only one's."""
        word = key.lower()
        if (item := self.by_id.get(word)) is not None:
            return item
        named = self.by_name.get(word) or self.by_name.get(word.rpartition("/")[2], [])
        return named[0] if len(named) == 1 else None


@dataclass
class Filters:
    """The filters, tables, interfaces and addresses of an inventory."""

    groups: Shelf = field(default_factory=Shelf)
    interfaces: Shelf = field(default_factory=Shelf)
    acls: list[NetworkItem] = field(default_factory=list)
    tables: list[NetworkItem] = field(default_factory=list)
    addresses: list[NetworkItem] = field(default_factory=list)
    loose: dict[str, list[Clause]] = field(default_factory=lambda: defaultdict(list))
    prefixes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    by_machine: dict[str, list[NetworkItem]] = field(default_factory=lambda: defaultdict(list))
    address_of: dict[str, list[NetworkItem]] = field(default_factory=lambda: defaultdict(list))
    by_acl_subnet: dict[str, list[NetworkItem]] = field(default_factory=lambda: defaultdict(list))
    by_table_subnet: dict[str, list[NetworkItem]] = field(default_factory=lambda: defaultdict(list))
    kept: dict[tuple[str, tuple[str, ...]], Passage] = field(default_factory=dict)

    def guard(self, key: str, privates: Sequence[str]) -> Passage:
        """What one group lets in; one that is not held, or does not tell its rules, may let in everything."""
        item = self.groups.find(key)
        name = item.id if item else key
        known = self.kept.get((name, tuple(privates)))
        if known is None:
            known = self.kept[name, tuple(privates)] = self.evaluated(item, key, privates)
        return known

    def evaluated(self, item: NetworkItem | None, key: str, privates: Sequence[str]) -> Passage:
        """A group's rules as what they let in."""
        names = {key.lower()} | ({item.id.lower(), item.unique_id.lower()} - {""} if item else set())
        loose = [clause for name in sorted(names) for clause in self.loose.get(name, ())]
        if item is None and not loose:
            return perhaps(f"group {key}, not in the inventory")
        if item is None:
            return added(
                [filtered(loose, False, self.prefixes, privates), perhaps(f"group {key}, not in the inventory")]
            )
        passage = filtered([*item.packets.clauses, *loose], item.packets.ordered, self.prefixes, privates)
        if not item.packets.told and not loose and not item.packets.ordered:
            return added([passage, perhaps(f"group {item.unique_id or item.name}: its rules are not told")])
        return passage


def collect(items: Iterable[NetworkItem]) -> Filters:
    """Sort the network documents by what packets meet."""
    filters = Filters()
    for item in items:
        match item.kind:
            case "group":
                filters.groups.add(item)
            case "rule":
                for key in item.groups:
                    filters.loose[key.lower()] += item.packets.clauses
            case "interface":
                filters.interfaces.add(item)
                for machine in item.instances:
                    filters.by_machine[machine.lower()].append(item)
            case "acl":
                filters.acls.append(item)
                for key in item.subnets:
                    filters.by_acl_subnet[key.lower()].append(item)
            case "routes":
                filters.tables.append(item)
                for key in item.subnets:
                    filters.by_table_subnet[key.lower()].append(item)
            case "address":
                filters.addresses.append(item)
                for key in (*item.packets.owners, *item.packets.private, *item.instances):
                    filters.address_of[key.lower()].append(item)
            case "prefixes":
                for key in (item.unique_id, item.id, item.name):
                    filters.prefixes[key.lower()] = item.packets.prefixes or item.ranges
    return filters
