"""The interfaces that servers list themselves, as documents of their own: what else reads them sees one kind. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...documents.entities import Interface, Server
from ...documents.networks import NetworkItem


def with_listed(items: Sequence[NetworkItem], servers: Iterable[Server]) -> tuple[NetworkItem, ...]:
    """``items``, and the interfaces of ``servers`` that none of them is; nothing where nobody documents networks."""
    if not items:
        return ()
    known = {name.lower() for item in items if item.kind == "interface" for name in (item.unique_id, item.id)}
    found = [
        item
        for server in servers
        for place, one in enumerate(server.interfaces)
        if one.id.lower() not in known and (item := as_document(server, place, one)) is not None
    ]
    return (*items, *found)


def as_document(server: Server, place: int, one: Interface) -> NetworkItem | None:
    """An interface as the document of one; its groups count as told only where there are any."""
    groups = {"security_groups": list(one.groups)} if one.groups else {}
    return NetworkItem.read(
        {
            "_id": f"{server.id}/{one.id or one.name or place}",
            "unique_id": one.id,
            "name": one.name,
            "family": "NetworkInterface",
            "subnet_id": one.subnet,
            "attachment": {"InstanceId": server.id},
            "fixed_ips": [{"ip_address": address} for address in one.addresses],
            **groups,
        }
    )
