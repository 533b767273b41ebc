"""Where things stand, from a network or zone up to the provider, and what may stand where. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..catalog.providers import PREMISE, UNKNOWN, provider_of
from ..documents.entities import Datacenter, Location
from ..documents.networks import NetworkItem

#: The kinds of places, each with what a thing that names none of them leaves open.
KINDS = ("providers", "datacenters", "regions", "zones", "networks")


@dataclass(frozen=True, slots=True)
class Standing:
    """The places a thing is recorded in, by kind; a kind that is missing is not recorded.

    Of several places of one kind ``alternatives`` tells whether the thing is in
    all of them (a managed service) or in one that is not known (a machine).
    ``premises``: it is recorded to be on own premises, which are no provider that fails as one, and in no other's.
    """

    places: Mapping[str, tuple[str, ...]]
    alternatives: bool = False
    premises: bool = False


@dataclass
class Atlas:
    """The places of an inventory: their names, and the datacenter, region and provider that each is known to be in."""

    names: dict[str, str] = field(default_factory=dict)
    within: dict[str, dict[str, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    networks: dict[str, str] = field(default_factory=dict)
    providers: dict[str, str] = field(default_factory=dict)

    def stand(self, where: Location, networks: Sequence[str] = (), *, machine: bool = False) -> Standing:
        """Where a location is, and from now on what its places are in."""
        places: dict[str, tuple[str, ...]] = {}
        center = where.id or where.name
        if provider := self.provider(where.provider) or self.provider(self.providers.get(where.id, "")):
            places["providers"] = (provider,)
        if center:
            places["datacenters"] = (self.known(f"datacenters/{center}", where.name or center),)
        if where.region:
            places["regions"] = (self.known(f"regions/{center}/{where.region}", where.region),)
        zones = tuple(dict.fromkeys(where.zones))
        if zones:
            places["zones"] = tuple(self.known(f"zones/{center}/{zone}", zone) for zone in zones)
        for kind, keys in places.items():
            for key in keys:
                for wider, found in places.items():
                    if KINDS.index(wider) < KINDS.index(kind) and len(found) == 1:
                        self.within[key][wider].update(found)
        # A network's own place is said by its document, not by what stands in it.
        named = [self.networks.get(one) or self.known(f"networks/{one}", one) for one in networks if one]
        if named:
            places["networks"] = tuple(dict.fromkeys(named))
        named_providers = (where.provider, self.providers.get(where.id, ""))
        own = "providers" not in places and any(provider_of(one).key == PREMISE for one in named_providers if one)
        return Standing(places, machine, own)

    def provider(self, name: str) -> str:
        """The place of a provider, whatever way it is spelled; nothing where none is known that could fail as one."""
        found = provider_of(name)
        return "" if found.key in (PREMISE, UNKNOWN) else self.known(f"providers/{found.name}", found.name)

    def known(self, key: str, name: str) -> str:
        """Note a place's name; the first one stays."""
        self.names.setdefault(key, name)
        return key


def atlas_of(datacenters: Sequence[Datacenter], networks: Sequence[NetworkItem]) -> Atlas:
    """The places that documents of their own describe."""
    atlas = Atlas()
    for one in datacenters:
        atlas.names[f"datacenters/{one.id}"] = one.name
        if one.provider:
            atlas.providers[one.id] = one.provider
            if provider := atlas.provider(one.provider):
                atlas.within[f"datacenters/{one.id}"]["providers"].add(provider)
        for zone in one.zones:
            key = atlas.known(f"zones/{one.id}/{zone}", zone)
            atlas.within[key]["datacenters"].add(f"datacenters/{one.id}")
    for item in networks:
        if item.kind in ("network", "subnet"):
            key = f"networks/{item.id}"
            atlas.names[key] = item.name
            for name in (item.id, item.unique_id):
                if name:
                    atlas.networks[name] = key
            for wider in ("datacenters", "providers"):
                atlas.within[key][wider].update(atlas.stand(item.location).places.get(wider, ()))
    return atlas


def may_stand(standing: Standing, place: str, atlas: Atlas) -> bool:
    """Whether a thing may be in ``place`` for all that is recorded, and is not known to be.

    A kind that is recorded settles it; where it is not, a wider place that is
    known to be another one does.
    """
    kind = place.partition("/")[0]
    if kind not in KINDS:
        return False
    recorded = standing.places.get(kind, ())
    if kind == "zones" and standing.alternatives and len(recorded) > 1:
        return place in recorded
    if recorded and (kind != "networks" or any(one in atlas.networks.values() for one in recorded)):
        return False
    around = atlas.within.get(place, {})
    if standing.premises and (kind == "providers" or around.get("providers")):
        return False
    for wider in KINDS[: KINDS.index(kind)]:
        mine, its = standing.places.get(wider), around.get(wider)
        if mine and its and not its & set(mine):
            return False
    return True
