"""A CMDB with a REST interface: GET /estate answers the collections as one JSON object."""

import time
from collections.abc import Iterator

from analytics import hookimpl
from analytics.inventory import Contents, KeptSource, SourceKind, contents
from analytics.settings import Settings
from analytics.transport import Neighbour, asked


def open_cmdb(uri: str, _settings: Settings) -> KeptSource:
    """The CMDB at ``cmdb://host:port``; it is asked anew when its answer is a minute old."""
    cmdb = Neighbour("the CMDB", f"http://{uri.partition('://')[2]}")
    held: list[tuple[float, Contents]] = []

    def read() -> Contents:
        if not held or held[0][0] < time.monotonic() - 60:
            with asked():
                held[:] = [(time.monotonic(), contents(cmdb.call("GET", "/estate").object()))]
        return held[0][1]

    return KeptSource(read)


@hookimpl
def analytics_sources() -> Iterator[SourceKind]:
    yield SourceKind("cmdb", "the CMDB", ("cmdb",), open_cmdb)
