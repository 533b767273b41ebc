"""``python -m analytics.workers.release``: may this release take over? For the release phase of a platform.

Settings and plugins are read as a pool reads them, and Redis is asked. Exit
status 0, or 2 with the one thing to mend; the release before then stays.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

from redis import RedisError

from .. import settings
from ..errors import AnalyticsError
from ..redis_client import refuse_untrusted
from ..service import build_service
from .assembly import build_runtime
from .pool import cannot_start


def main(environ: Mapping[str, str] | None = None) -> int:
    """Look at everything a start needs; returns the exit status."""
    try:
        config = settings.read(environ)
        settings.require_safe(config)
        service = build_service(config, patient=True)
        refuse_untrusted(service.redis)
        service.redis.ping()
        build_runtime(service)
    except AnalyticsError as exc:
        return cannot_start(str(exc))
    except (RedisError, OSError) as exc:
        return cannot_start(f"REDIS_URL: Redis does not answer ({type(exc).__name__})")
    print(f"{len(service.registry.plans)} graph types; Redis answers", flush=True)  # noqa: T201 - for the platform's log
    return 0


if __name__ == "__main__":
    sys.exit(main())
