"""Doing something again whenever files change."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence

from ..errors import AnalyticsError
from ..inventory.openings import path_of
from ..settings import scheme_of
from ..sources.opening import FILES, stamp_of

#: Seconds between two looks at the files; what is written in several steps is complete by then.
PAUSE = 0.3


def again(work: Callable[[], int], inventory: Sequence[str]) -> int:
    """Do ``work`` now and whenever one of the files changes; the status is 0 when it is stopped by Ctrl-C.

    What goes wrong is said, and the next change is waited for. 2 where there are no files to watch.
    """
    if any(scheme_of(one) not in FILES or one == "-" for one in inventory):
        print("analytics draw: --watch needs files", file=sys.stderr)
        return 2
    paths = [path_of(one) for one in inventory]
    seen: object = None
    try:
        while True:
            try:
                now: object = stamp_of(paths)
            except AnalyticsError as exc:
                now = str(exc)
            if now != seen:
                seen = now
                try:
                    status = work()
                    if status == 2:
                        return status
                except AnalyticsError as exc:
                    print(f"analytics: {exc}", file=sys.stderr)
            time.sleep(PAUSE)
    except KeyboardInterrupt:
        return 0
