"""What a worker and a reaper are made of."""

from __future__ import annotations

from .. import sources
from ..documents.ports import Source
from ..inventory.owned import OwnedInventory
from ..outbound.connect import Neighbours, connect
from ..pipeline.context import Context
from ..runs import reuse
from ..runs.changes import Claim
from ..runs.delivery import SerialFront
from ..runs.fenced import FencedNotifier, FencedStatus, StoreGuard
from ..runs.outbox import OutboxStatus
from ..runs.pools import Pool
from ..runs.reconcile import Reconciler
from ..service import Service
from .jobs import LeaseKeeper, Runtime
from .reaper import Reaper


def build_reaper(service: Service, pool: Pool | None = None) -> Reaper:
    """What the supervisor needs to rescue; ``pool`` is whose sign of life it gives."""
    settings = service.settings
    reconciler = None
    if settings.data_app:
        source = sources.open_source(settings, service.registry.inventories, service.registry.readers)
        reconciler = Reconciler(service.redis, service.store, source)
    status = connect(settings).status
    return Reaper(service.redis, service.store, service.queue, status, settings.attempts, reconciler, pool)


def build_runtime(service: Service) -> Runtime:
    """What a worker needs to run stages."""
    settings = service.settings
    source = sources.open_source(settings, service.registry.inventories, service.registry.readers)
    neighbours = connect(settings)
    return Runtime(
        registry=service.registry,
        store=service.store,
        context=lambda claim: context_of(claim, service, source, neighbours),
        redis=service.redis,
        queue=service.queue,
        default_timeout=settings.job_timeout,
        patience=settings.patience,
        leases=LeaseKeeper(service.store),
        code=reuse.code_digest(service.registry),
    )


def context_of(claim: Claim, service: Service, source: Source, neighbours: Neighbours) -> Context:
    """The outside world as one execution of one stage sees it: fenced, and one owner's."""
    run, guard = claim.run, StoreGuard(service.store, claim)
    return Context(
        run_id=run.run_id,
        inventory=OwnedInventory(source, run.owner_id),
        front=SerialFront(neighbours.front, service.store, guard, run.run_id),
        status=FencedStatus(OutboxStatus(neighbours.status, service.redis, run.run_id), guard, service.store),
        notifier=FencedNotifier(neighbours.notifier, guard),
        guard=guard,
    )
