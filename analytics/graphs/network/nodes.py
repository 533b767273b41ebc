"""The leaves of a network graph: servers, balancers and managed services, each with its exposure."""

from __future__ import annotations

from collections.abc import Iterable

from ...catalog.families import LOAD_BALANCER
from ...catalog.providers import provider_name
from ...catalog.sizes import size_of
from ...documents.entities import Application, Server
from ...documents.ways import UNTOLD
from ...model.graph import Badge, Node
from ..facts import about_rows, access_rows, address_rows, links_of
from ..references import machine_names
from .draft import Leaf, Picture, attributes
from .exposure import exposure_of, exposure_stated
from .faces import faces_of_application, faces_of_server, further_subnets
from .placement import WORDS, Spot, box_for, spot_of_application, spot_of_server
from .reach import reach_of

#: Spans of ports a tooltip spells out before it counts.
SPELLED_IN_ROWS = 40


def has_address(app: Application, picture: Picture) -> bool:
    """Whether a managed application stands in the address space: a balancer, or one that names network or groups."""
    spot = spot_of_application(app, picture.terrain)
    told = app.access.told or app.access.ways or app.access.isolated
    guarded = app.role.security_groups or app.location.security_groups
    return app.family == LOAD_BALANCER or bool(guarded) or bool(spot.network or spot.subnet or app.role.vpc_id or told)


def add_server(picture: Picture, server: Server) -> None:
    """A server's tile, in its subnet's box."""
    terrain, where = picture.terrain, server.location
    names = machine_names(server)
    groups = {*where.security_groups}.union(*(terrain.machine_groups.get(name, ()) for name in names))
    spot = spot_of_server(server, terrain)
    lost = where.subnet_id if terrain.documented and spot.how != "subnet" else ""
    leaf = add_leaf(picture, server, spot, groups, lost_subnet=lost)
    rows = {
        "dc": where.name,
        "env": server.environment,
        "provider": provider_name(where.provider),
        "private ip": ", ".join(server.ipv4_private),
        "public ip": ", ".join(server.ipv4_public),
        "internet exposure": leaf.exposure.words(SPELLED_IN_ROWS),
        "opened by": ", ".join(leaf.exposure.opened[:8]),
        "not understood": "; ".join(leaf.exposure.doubts[:8]),
        "placed": WORDS[spot.how],
        "subnet": f"{lost} (not in the inventory)" if lost else "",
        "groups": ", ".join(group_names(picture, leaf.groups)),
        "role": server.role,
        "applications": ", ".join(picture.references.carried(server)),
        "status": server.status,
        **about_rows(server.about),
        "source": server.origin,
        **address_rows(server),
    }
    carried = picture.references.carries(server)
    alike = (
        server.role,
        leaf.exposure.words(SPELLED_IN_ROWS),
        str(bool(server.faced.public)),
        *leaf.groups,
        "",
        *carried,
    )
    strayed = (Badge("≠", "its subnet is not in the inventory", "warn"),) if lost else ()
    guessed = (Badge("≈", "placed by its address", "info"),) if spot.inferred else ()
    picture.nodes[leaf.id] = Node(
        id=leaf.id,
        name=server.name,
        kind="server",
        family=server.role or server.about.kind or "Server",
        provider=provider_name(where.provider),
        parent=leaf.box,
        quantity=1,
        size=size_of(server.cpu, server.memory).name if server.cpu or server.memory else "",
        attributes=attributes(rows),
        badges=(leaf.exposure.badge, *strayed, *guessed),
        source=f"servers/{server.id}",
        as_of=server.updated_at,
        links=links_of(server.about),
        alike="\n".join(alike) if carried else f"server {server.id}",
    )


def add_application(picture: Picture, app: Application) -> None:
    """A balancer's or managed service's tile."""
    spot = spot_of_application(app, picture.terrain)
    groups = {*app.role.security_groups, *app.location.security_groups}
    leaf = add_leaf(picture, app, spot, groups)
    provider = provider_name(app.location.provider or app.provider)
    rows = {
        "dc": app.location.name,
        "env": app.environment,
        "family": app.family,
        "provider": provider,
        "endpoint": app.role.endpoint,
        "internet exposure": leaf.exposure.words(SPELLED_IN_ROWS),
        "opened by": ", ".join(leaf.exposure.opened[:8]),
        "not understood": "; ".join(leaf.exposure.doubts[:8]),
        "placed": WORDS[spot.how],
        "subnet group": app.role.subnet_group,
        "groups": ", ".join(group_names(picture, leaf.groups)),
        "status": app.status,
        "replicas": str(app.replicas) if app.replicas else "",
        "Cluster": app.about.cluster,
        **about_rows(app.about),
        **access_rows(app),
        **address_rows(app),
    }
    picture.nodes[leaf.id] = Node(
        id=leaf.id,
        name=app.name,
        family=app.family,
        provider=provider,
        parent=leaf.box,
        size=app.size,
        attributes=attributes(rows),
        badges=(leaf.exposure.badge,),
        systems=tuple(sorted(ref.name or ref.id for ref in app.systems)),
        source=f"applications/{app.id}",
        as_of=app.updated_at,
        quantity=app.replicas,
        links=links_of(app.about),
        alike=f"application {app.id}",
    )


def add_leaf(
    picture: Picture,
    thing: Server | Application,
    spot: Spot,
    groups: Iterable[str],
    *,
    lost_subnet: str = "",
) -> Leaf:
    """Place a thing and find out how it stands to the world."""
    terrain = picture.terrain
    guarding = sorted({*groups, *terrain.subnet_groups.get(spot.subnet, ())})
    key = picture.ids.of(thing.collection, thing.id)
    box = box_for(spot, thing.location, terrain, picture.boxes, picture.places, thing.about.namespace)
    faces = (
        faces_of_server(thing, terrain, spot)
        if isinstance(thing, Server)
        else faces_of_application(thing, terrain, spot)
    )
    access = thing.access if isinstance(thing, Application) else UNTOLD
    exposure = exposure_stated(access) if access.told else exposure_of(reach_of(faces), terrain.documented)
    further = []
    if isinstance(thing, Application):
        for ref in thing.networks[1:]:
            if (network := terrain.network(ref.id)) is not None:
                place = Spot("", network.id, "network")
                further.append(box_for(place, thing.location, terrain, picture.boxes, picture.places))
    for subnet in further_subnets(thing, spot, terrain) if isinstance(thing, Server) else ():
        place = Spot(subnet.id, subnet.network, "interface")
        further.append(box_for(place, thing.location, terrain, picture.boxes, picture.places))
    picture.leaves[key] = leaf = Leaf(key, thing, box, spot, tuple(guarding), exposure, lost_subnet, tuple(further))
    return leaf


def group_names(picture: Picture, groups: Iterable[str]) -> list[str]:
    """Groups as people call them; one the inventory does not hold by its id."""
    return sorted({picture.terrain.group_names.get(group, group) for group in groups})
