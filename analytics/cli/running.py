"""A graph of an inventory drawn in this process, without anything that hears of it."""

from __future__ import annotations

from collections.abc import Callable

from ..errors import AnalyticsError
from ..inventory.owned import OwnedInventory
from ..model.anchor import Anchor
from ..model.artifacts import GraphRequest
from ..outbound.nobody import KeptFront, NoNotifier, NoStatus
from ..pipeline.context import Context, NoGuard
from ..pipeline.local import Report, Result, run_steps
from ..pipeline.registry import Registry
from ..settings import Settings


def silent(_stage: str, _seconds: float, _problem: BaseException | None) -> None:
    """Say nothing."""


def drawn(
    owned: OwnedInventory,
    request: GraphRequest,
    registry: Registry,
    settings: Settings,
    report: Report = silent,
    anchor: Anchor | None = None,
    begin: Callable[[str], None] = lambda _stage: None,
) -> Result:
    """What the stages give. Raises :class:`AnalyticsError` for a graph type that nobody offers."""
    if request.graph_type not in registry.plans:
        raise AnalyticsError(f"the graph type {request.graph_type!r} is not there any more")
    ctx = Context("drawn", owned, KeptFront(), NoStatus(), NoNotifier(), NoGuard())
    steps = registry.plans[request.graph_type]
    return run_steps(steps, request, ctx, report, limit=settings.job_timeout, anchor=anchor, begin=begin)
