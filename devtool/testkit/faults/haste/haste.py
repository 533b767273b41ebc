"""The waits of the service cut short, for tests in which they must run out: a plugin of a deployment in haste.

Only waiting is cut, not what is done after it. What the real waits add up to is
measured by ``python3 -m devtool soak``, and by the tests that are not in haste.
"""

from analytics import Stage, hookimpl
from analytics.inventory.dataapp import DataApp
from analytics.runs import store
from analytics.workers import jobs, reaper, supervisor

store.QUEUE_LEASE = 5.0  # 8
store.RUN_LEASE = jobs.RUN_LEASE = 4.0  # type: ignore[attr-defined] # 9
reaper.TICK = 0.2  # 1
reaper.MEND = 10  # 15 ticks, of a second each
supervisor.GRACE = 2.0  # 5
DataApp.__init__.__kwdefaults__["try_seconds"] = 3.0  # type: ignore[index] # 10


@hookimpl
def analytics_stages() -> list[Stage]:
    return []
