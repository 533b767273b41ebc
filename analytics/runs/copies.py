"""Waiting, where Redis has replicas, until one of them holds what was accepted.

Redis copies to its replicas after it has answered. Where one takes its place in
between, what it answered last is gone. ``WAIT`` counts the replicas that hold all that
this connection has written; a write of our own before it makes that all that Redis
has taken until then. All that there are are waited for, as any may take its place. One
that has left meanwhile may have done so: then nothing is accepted until it is known who follows whom.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from typing import cast

from redis import ConnectionError as NoConnection
from redis import ReadOnlyError, Redis, ResponseError

from .queries import key

log = logging.getLogger(__name__)

#: Written before the wait; and how many requests were answered that no replica held in time.
COPIED, UNCOPIED = "am:copied", "am:uncopied"
#: Seconds for which such a key is kept, and for which it is remembered how many replicas there are.
KEEP, REMEMBERED = 86_400, 5.0


class Copies:
    """The replicas of ``redis`` and how long, in seconds, a request waits for one of them; 0 does not wait."""

    def __init__(self, redis: Redis, seconds: float) -> None:
        self._redis = redis
        self._seconds = seconds
        self._lock = threading.Lock()
        self._known = (float("-inf"), 0)  # when it was seen, and how many there were
        self._left = 0.0  # since when there have been fewer

    def confirm(self, run_id: str) -> bool:
        """Wait until the replicas hold a run; false where some did not in time. True where Redis has no replicas.

        Raises :class:`redis.RedisError` where Redis is away, is another one by now and does not know the run, or
        a replica has left it and may have taken its place.
        """
        wanted = self._replicas() if self._seconds else 0
        if not wanted:
            return True
        now = replicas(self._redis)  # one that came meanwhile may be the next master too
        wanted = max(wanted, now)
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.set(COPIED, run_id, ex=KEEP)
            pipe.wait(wanted, int(self._seconds * 1000))
            pipe.exists(key("run", run_id))
            written, holding, known = pipe.execute(raise_on_error=False)
        if isinstance(written, ReadOnlyError) or known == 0:
            raise NoConnection("another Redis has taken this one's place before it held the request")
        if isinstance(holding, ResponseError):
            log.warning("Redis does not let us wait for replicas", extra={"why": str(holding)[:100]})
        elif holding < wanted:
            if replicas(self._redis) < wanted:
                raise NoConnection("a replica of Redis has left it, and may have taken its place")
            self._note(run_id)
            return False
        return True

    def _note(self, run_id: str) -> None:
        log.warning("not every replica of Redis holds an accepted request yet", extra={"run": run_id})
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.incr(UNCOPIED)
            pipe.expire(UNCOPIED, KEEP)
            pipe.execute(raise_on_error=False)

    def _replicas(self) -> int:
        """How many there are, as it was within the last seconds. That there are none any more is logged.

        That some have left counts after seconds only: until then one of them may be the master.
        """
        with self._lock:
            seen, before = self._known
            at = time.monotonic()
            if at - seen < REMEMBERED:
                return before
            now = replicas(self._redis)
            if now < before:
                self._left = self._left or at
                if at - self._left < REMEMBERED:
                    return before
            self._known, self._left = (at, now), 0.0
        if before and not now:
            log.warning("Redis has no replica any more")
        return now


def replicas(redis: Redis) -> int:
    """How many replicas follow ``redis``; 0 where it does not tell."""
    try:
        said = cast(Mapping[str, object], redis.info("replication"))
    except ResponseError:
        return 0
    found = [one for name, one in said.items() if name.startswith("slave") and isinstance(one, Mapping)]
    return sum(one.get("state") == "online" for one in found)
