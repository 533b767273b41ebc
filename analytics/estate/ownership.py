"""What a document says of others' things: only the owner's own names are taken over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..entities import Application, Ref, System
from ..ports import Inventory


def with_own_systems(applications: Sequence[Application], inventory: Inventory) -> tuple[Application, ...]:
    """The applications with those of their systems that are the owner's too, by the names those have themselves."""
    named = sorted({ref.id for app in applications for ref in app.systems})
    found = inventory.find(System, {"_id": named}) if named else ()
    own = {system.id: Ref(system.id, system.name) for system in found}
    return tuple(
        replace(app, systems=tuple(own[ref.id] for ref in app.systems if ref.id in own)) if app.systems else app
        for app in applications
    )
