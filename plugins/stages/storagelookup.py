"""Storage lookup stage: which volumes are there?"""

from collections.abc import Iterator

from analytics import Context, Stage, hookimpl
from analytics.documents import Volume
from analytics.model import Storage


def find_storage(ctx: Context) -> Storage:
    """All volumes of the owner; which of them matter, the servers say."""
    return Storage(ctx.inventory.find(Volume))


@hookimpl
def analytics_stages() -> Iterator[Stage]:
    yield Stage("storagelookup", find_storage)
