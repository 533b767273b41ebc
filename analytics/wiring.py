"""The one place where the parts are put together; nothing happens at import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import redis.sentinel
from redis import Redis
from redis.backoff import ExponentialBackoff
from redis.retry import Retry
from redis.sentinel import SentinelManagedConnection, SentinelManagedSSLConnection
from rq import Queue

from . import inventory, outbound, owed, registry
from .admission import Limits
from .errors import SettingsError, Superseded
from .inventory.owned import OwnedInventory
from .jobs import LeaseKeeper, Runtime, enqueuer, kill_points, queue_of
from .model import GraphRequest
from .outbound import Neighbours
from .owed import PatientBoard
from .ports import Context, Guard, Source
from .reaper import Reaper
from .registry import Registry
from .runs import Claim, RunStore
from .sending import SerialFront
from .settings import Settings
from .sweep import Sweep


@dataclass(frozen=True)
class Service:
    """What web processes, workers and supervisors share."""

    settings: Settings
    registry: Registry
    redis: Redis
    queue: Queue
    store: RunStore


def connect_redis(settings: Settings, *, patient: bool) -> Redis:
    """A client for ``REDIS_URL``. Web processes are impatient: a caller waits for their answer.

    Raises :class:`SettingsError` for an address that cannot be used.
    """
    tries = 3 if patient else 1
    options: dict[str, Any] = {
        "socket_connect_timeout": 2.0 if patient else 0.5,
        # A worker blocks on the queue for minutes; RQ sets its own longer limit there.
        "socket_timeout": 10.0 if patient else 2.0,
        "retry": Retry(ExponentialBackoff(cap=1.0, base=0.05), tries),
        "health_check_interval": 30,
    }
    url = settings.redis_url
    try:
        if "+sentinel://" in url:
            return sentinel_master(url, options)
        return Redis.from_url(url, **options)
    except (ValueError, TypeError) as exc:
        raise SettingsError("REDIS_URL: not an address that can be used") from exc


class _ClosedWhenInterrupted:
    """A connection to a sentinel's master that is closed when an alarm or a signal interrupts a read.

    Every other connection of redis-py is. This one stays open by default, and the next
    command would be given the reply to the interrupted one, or wait behind it.
    """

    def read_response(self, disable_decoding: bool = False, **options: Any) -> Any:
        """The next reply."""
        options.setdefault("disconnect_on_error", True)
        return super().read_response(disable_decoding, **options)  # type: ignore[misc]


class SentinelConnection(_ClosedWhenInterrupted, SentinelManagedConnection):
    """To a master in clear text."""


class SentinelTlsConnection(_ClosedWhenInterrupted, SentinelManagedSSLConnection):
    """To a master over TLS."""


def sentinel_master(url: str, options: dict[str, Any]) -> Redis:
    """The master behind ``redis+sentinel://[user:password@]host:port[,host:port…]/name[/db]``."""
    scheme, _, rest = url.partition("+sentinel://")
    place, _, path = rest.partition("/")
    credentials, _, hosts = place.rpartition("@")
    user, _, password = credentials.partition(":")
    name, _, db = path.partition("/")
    if not name:
        raise ValueError("a sentinel address ends with the name of its master")
    pairs = [(host, int(port or 26379)) for host, _, port in (item.partition(":") for item in hosts.split(","))]
    secure = {"ssl": True} if scheme == "rediss" else {}
    make: Any = redis.sentinel.Sentinel  # it is not typed
    sentinel = make(pairs, socket_timeout=options["socket_connect_timeout"], **secure)
    login = {"username": user or None, "password": password or None}
    connection = SentinelTlsConnection if secure else SentinelConnection
    return cast(Redis, sentinel.master_for(name, db=int(db or 0), connection_class=connection, **login, **options))


def build_service(settings: Settings, *, patient: bool) -> Service:
    """Plugins, Redis, queue and run store. Raises what cannot be used."""
    plugins = registry.load_configured(settings)
    client = connect_redis(settings, patient=patient)
    queue = queue_of(client, settings.queue)
    limits = Limits(
        ttl=settings.run_ttl,
        window=settings.window,
        backlog=settings.backlog,
        owner_rate=settings.owner_rate,
        kept=settings.kept_drawings,
    )
    store = RunStore(client, plugins.plans, enqueuer(queue, plugins, settings.job_timeout), limits)
    return Service(settings, plugins, client, queue, store)


def build_reaper(service: Service) -> Reaper:
    """What the supervisor needs to rescue."""
    settings = service.settings
    board = outbound.connect(settings).board
    documents = settings.data_uri.lower().startswith(("http://", "https://"))  # other inventories hold no graphs
    swept = Sweep(service.redis, service.store, inventory.open_source(settings)) if documents else None
    return Reaper(service.redis, service.store, service.queue, board, settings.attempts, swept)


def build_runtime(service: Service) -> Runtime:
    """What a worker needs to run stages."""
    settings = service.settings
    source = inventory.open_source(settings)
    neighbours = outbound.connect(settings)
    return Runtime(
        registry=service.registry,
        store=service.store,
        context=lambda claim: context_of(claim, service, source, neighbours),
        redis=service.redis,
        queue=service.queue,
        default_timeout=settings.job_timeout,
        patience=settings.patience,
        leases=LeaseKeeper(service.store),
        reached=kill_points(settings.kill_points),
    )


@dataclass(frozen=True, slots=True)
class StoreGuard:
    """The fence, asked of the run store."""

    store: RunStore
    claim: Claim

    def check(self) -> None:
        """Raise :class:`~analytics.errors.Superseded` when this execution lost its stage."""
        self.store.check(self.claim)


@dataclass(frozen=True, slots=True)
class GuardedBoard:
    """A board that checks the fence before it writes."""

    board: PatientBoard
    guard: Guard
    store: RunStore

    def write(self, request: GraphRequest, fields: Mapping[str, object]) -> None:
        """Write, if this execution still may; a write that came too late is followed by the newest run's."""
        self.guard.check()
        self.board.write(request, fields)
        try:
            self.guard.check()
        except Superseded:
            newest = self.store.newest(request.graph_id)
            if newest.run_id != self.board.run_id and newest.outcome is not None:
                said = {"status": newest.outcome.level, "msg": newest.outcome.message}
                owed.promise(self.store.redis, request, said)
            raise


@dataclass(frozen=True, slots=True)
class GuardedBell:
    """A bell that checks the fence before it rings."""

    bell: Any
    guard: Guard

    def ring(self, request: GraphRequest, title: str, level: str) -> str:
        """Ring, if this execution still may."""
        self.guard.check()
        return str(self.bell.ring(request, title, level))


def context_of(claim: Claim, service: Service, source: Source, neighbours: Neighbours) -> Context:
    """The outside world as one execution of one stage sees it: fenced, and one owner's."""
    run, guard = claim.run, StoreGuard(service.store, claim)
    return Context(
        run_id=run.run_id,
        inventory=OwnedInventory(source, run.owner_id),
        front=SerialFront(neighbours.front, service.store, guard, run.run_id),
        board=GuardedBoard(PatientBoard(neighbours.board, service.redis, run.run_id), guard, service.store),
        bell=GuardedBell(neighbours.bell, guard),
        guard=guard,
    )
