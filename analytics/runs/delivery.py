"""One send at a time per graph, newest last.

The Front knows no versions: what arrives last is what it shows. An older run
in the middle of its send is waited for; an execution of the same run may take
over at once, since it sends the same bytes. A process that slept in the middle
of its send, longer than the lock lasts, may arrive after a newer drawing: when
it wakes it sends that one once more.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

from redis import ResponseError

from ..errors import CodecError, DeliveryError
from ..model.artifacts import GraphKey
from ..pipeline.context import Front, Guard
from .quarantine import set_aside
from .queries import is_wrong_type, key, text_of
from .store import RunStore

log = logging.getLogger(__name__)

#: Seconds a send may hold the lock; longer than the Front's whole deadline.
HOLD = 40
#: Seconds between two looks at a lock that another run holds.
LOOK = 0.05

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
            return self.front.send(graph, svg, nodes)
        finally:
            if not self.store.redis.eval(RELEASE, 1, lock, self.run_id):
                self._make_good(graph, lock)

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
        redis, end = self.store.redis, time.monotonic() + HOLD
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
