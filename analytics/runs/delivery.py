"""One send at a time per graph, newest last.

The Front knows no versions: what arrives last is what it shows. An older run
in the middle of its send is waited for; an execution of the same run may take
over at once, since it sends the same bytes. A process that slept in the middle
of its send, longer than the lock lasts, may arrive after a newer drawing: when
it wakes it sends that one once more.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from redis import RedisError, ResponseError

from ..errors import CodecError, DeliveryError
from ..model.artifacts import GraphKey
from ..pipeline.context import Front, Guard
from .quarantine import set_aside
from .queries import is_wrong_type, key, text_of
from .store import RunStore

log = logging.getLogger(__name__)

#: Seconds a lock lasts that nobody renews: its holder is dead, or sleeps.
HOLD = 10
#: Seconds a send waits for another one; longer than the Front's whole deadline.
PATIENCE = 40
#: Seconds between two looks at a lock that another run holds.
LOOK = 0.05

# Renew only what is still ours. KEYS lock; ARGV run seconds
RENEW = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('EXPIRE', KEYS[1], ARGV[2]) end return 0"

# Release only what is still ours. KEYS lock; ARGV run
RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"


@dataclass(frozen=True, slots=True)
class SerialFront:
    """A front that sends under the graph's lock, after checking the fence once it holds it."""

    front: Front
    store: RunStore
    guard: Guard
    run_id: str

    def send(self, graph: GraphKey, svg: str, nodes: int) -> str:
        """Send when no other run is sending. Raises :class:`~analytics.errors.Superseded` when a newer one came."""
        lock = key("send", graph.graph_id)
        self._take(lock)
        try:
            self.guard.check()
            with self._held(lock):
                return self.front.send(graph, svg, nodes)
        finally:
            if not self.store.redis.eval(RELEASE, 1, lock, self.run_id):
                self._make_good(graph, lock)

    @contextmanager
    def _held(self, lock: str) -> Iterator[None]:
        """Keep the lock while a send lasts: it may last longer than a dead sender's lock should."""
        done = threading.Event()

        def renew() -> None:
            while not done.wait(HOLD / 4):
                try:
                    self.store.redis.eval(RENEW, 1, lock, self.run_id, str(HOLD))
                except RedisError:
                    continue  # the next round tries again; until then the lock lasts

        keeper = threading.Thread(target=renew, name="send lock", daemon=True)
        keeper.start()
        try:
            yield
        finally:
            done.set()

    def _make_good(self, graph: GraphKey, lock: str) -> None:
        """The lock ran out under us: send the newest drawing again where ours may have come after it."""
        try:
            last = self.store.last_drawing(graph.graph_id)
        except CodecError as exc:  # another run's: what was sent stays, until that graph is asked for anew
            log.error("late send not made good", extra={"run": self.run_id, "why": str(exc)})
            return
        if last is None or last[0] == self.run_id:
            return
        run_id, drawing = last
        log.warning("late send made good", extra={"run": self.run_id, "newest": run_id})
        self.store.redis.set(lock, run_id, nx=True, ex=HOLD)
        try:
            self.front.send(graph, drawing.svg, drawing.nodes)
        except DeliveryError as exc:
            log.error("late send not made good", extra={"run": self.run_id, "why": str(exc)})
        self.store.redis.eval(RELEASE, 1, lock, run_id)

    def _take(self, lock: str) -> None:
        redis, end = self.store.redis, time.monotonic() + PATIENCE
        while not redis.set(lock, self.run_id, nx=True, ex=HOLD):
            if self._holder(lock) == self.run_id:
                redis.expire(lock, HOLD)
                return
            if time.monotonic() > end:
                raise DeliveryError("Another drawing of this graph is still being sent.", transient=True)
            self.guard.check()
            time.sleep(LOOK)

    def _holder(self, lock: str) -> str:
        """The run that sends now; what is no lock is set aside."""
        try:
            return text_of(self.store.redis.get(lock))
        except ResponseError as exc:
            if not is_wrong_type(exc):
                raise
            set_aside(self.store.redis, lock.removeprefix("am:"), "a value of another type stands under its key")
            return ""
