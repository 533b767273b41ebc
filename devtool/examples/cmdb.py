"""A CMDB with a REST interface: GET /estate answers the collections as one JSON object."""

import time
from collections.abc import Iterator

from analytics import hookimpl
from analytics.errors import InventoryError
from analytics.inventory import Contents, KeptSource, SourceKind, contents
from analytics.settings import Settings
from analytics.transport import Neighbour, TransportError

#: Seconds after which it is asked again.
FRESH = 60.0


def open_cmdb(uri: str, _settings: Settings) -> KeptSource:
    """The CMDB at ``cmdb://host:port``; nothing is asked yet."""
    cmdb = Neighbour("the CMDB", f"http://{uri.partition('://')[2]}")
    held: list[tuple[float, Contents]] = []

    def read() -> Contents:
        if not held or held[0][0] < time.monotonic():
            try:
                found = contents(cmdb.call("GET", "/estate").object())
            except TransportError as exc:
                raise InventoryError(str(exc), transient=exc.transient) from None
            held[:] = [(time.monotonic() + FRESH, found)]
        return held[0][1]

    return KeptSource(read)


@hookimpl
def analytics_sources() -> Iterator[SourceKind]:
    yield SourceKind("cmdb", "the CMDB", ("cmdb",), open_cmdb)
