"""Servers, managed applications and volumes as nodes."""

from __future__ import annotations

from collections.abc import Sequence

from ...catalog.providers import provider_name
from ...catalog.sizes import size_of
from ...documents.entities import Application, Server, Volume
from ...model.graph import Attribute, Badge, Node
from ..facts import about_rows, access_rows, address_rows, links_of
from ..states import rest_badges
from .placement import Placed


def server_node(server: Server, placed: Placed, volumes: Sequence[Volume]) -> Node:
    """A server's tile.

    Known to be equal are those that carry the same applications, in the same
    role, instance, environment and state, and are as public; what carries none is like nothing else.
    """
    location = server.location
    rows = {
        "dc": location.name,
        "env": server.environment,
        "provider": provider_name(location.provider),
        "instance": location.instance,
        "cpu / memory": f"{server.cpu:.10g} vCPU / {server.memory:.10g} GB" if server.cpu or server.memory else "",
        "os": server.os,
        "private ip": ", ".join(server.ipv4_private),
        "public ip": ", ".join(server.ipv4_public),
        "role": server.role,
        "zones": ", ".join(sorted(location.zones)) if len(location.zones) > 1 else "",
        "applications": ", ".join(placed.references.carried(server)),
        "volumes": str(len(volumes)) if volumes else "",
        "status": server.status,
        **about_rows(server.about),
        "source": server.origin,
        **address_rows(server),
    }
    carried = placed.references.carries(server)
    alike = (
        server.role,
        location.instance,
        server.environment,
        server.status,
        "public" * bool(server.ipv4_public),
        *sorted(location.zones),
        "",
        *carried,
    )
    public = (Badge("IP", "public address", "info"),) if server.ipv4_public else ()
    return Node(
        id=placed.node(server),
        name=server.name,
        kind="server",
        family=server.role or server.about.kind or "Server",
        provider=provider_name(location.provider),
        parent=placed.box[placed.node(server)],
        quantity=1,
        size=size_of(server.cpu, server.memory).name if server.cpu or server.memory else "",
        attributes=tuple(Attribute(name, value) for name, value in rows.items() if value),
        badges=(
            *public,
            *(rest_badges(server.status) or rest_badges(server.about.lifecycle)),
            *spread(location.zones),
        ),
        source=f"servers/{server.id}",
        as_of=server.updated_at,
        links=links_of(server.about),
        alike="\n".join(alike) if carried else f"server {server.id}",
    )


def managed_node(app: Application, placed: Placed) -> Node:
    """An application the provider runs; zones it spans stand in its tooltip. By itself it is equal to nothing."""
    provider = provider_name(app.location.provider or app.provider)
    rows = {
        "dc": app.location.name,
        "env": app.environment,
        "family": app.family,
        "provider": provider,
        "zones": ", ".join(sorted(app.location.zones)) if len(app.location.zones) > 1 else "",
        "endpoint": app.role.endpoint,
        "status": app.status,
        "replicas": str(app.replicas) if app.replicas else "",
        "Cluster": app.about.cluster,
        **about_rows(app.about),
        **access_rows(app),
        **address_rows(app),
    }
    return Node(
        id=placed.node(app),
        name=app.name,
        family=app.family,
        provider=provider,
        parent=placed.box[placed.node(app)],
        size=app.size,
        attributes=tuple(Attribute(name, value) for name, value in rows.items() if value),
        badges=(
            *(rest_badges(app.status) or rest_badges(app.about.lifecycle)),
            *spread(app.location.zones),
        ),
        systems=tuple(sorted(ref.name or ref.id for ref in app.systems)),
        source=f"applications/{app.id}",
        as_of=app.updated_at,
        quantity=app.replicas,
        links=links_of(app.about),
        alike=f"application {app.id}",
    )


def spread(zones: Sequence[str]) -> tuple[Badge, ...]:
    """The mark of what spans several zones."""
    return (Badge(f"{len(zones)}z", f"spans {len(zones)} zones", "good"),) if len(zones) > 1 else ()


def volume_node(volume: Volume, key: str, box: str, provider: str) -> Node:
    """A volume's tile; it is provided by whoever provides the server it is attached to."""
    rows = {
        "size": f"{volume.size:.10g} GB" if volume.size else "",
        "status": volume.status,
        "data class": ", ".join(volume.data_class),
    }
    return Node(
        id=key,
        name=volume.name,
        kind="volume",
        family="Volume",
        provider=provider_name(provider),
        parent=box,
        attributes=tuple(Attribute(name, value) for name, value in rows.items() if value),
        source=f"volumes/{volume.id}",
        as_of=volume.updated_at,
    )
