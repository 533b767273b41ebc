"""``python -m analytics.workers.alive``: does a pool of this machine live? For health checks of containers.

A pool's reaper says so in Redis every second; exit status 1 once that has run out.
"""

from __future__ import annotations

import sys

from redis import RedisError

from .. import settings
from ..errors import AnalyticsError
from ..redis_client import connect_redis
from ..runs import pools
from .launcher import machine
from .pool import cannot_start


def main() -> int:
    """Look for a pool whose name begins with this machine's; returns the exit status."""
    try:
        live = pools.live(connect_redis(settings.read(), patient=False))
    except AnalyticsError as exc:
        return cannot_start(str(exc))
    except (RedisError, OSError) as exc:
        print(f"Redis does not answer ({type(exc).__name__})", file=sys.stderr)  # noqa: T201 - for the container's log
        return 1
    return 0 if any(pool.name.startswith(f"{machine()}:") for pool in live) else 1


if __name__ == "__main__":
    sys.exit(main())
