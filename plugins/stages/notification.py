"""Notification stage: write to the graph document how the graph ended, and what was counted."""

from collections.abc import Iterable, Iterator

from analytics import Context, Stage, hookimpl
from analytics.documents import Ref
from analytics.model import Clients, Estate, GraphRequest, Notified, Outcome, Servers, Statistics


def notify(
    request: GraphRequest,
    outcome: Outcome,
    statistics: Statistics | None,
    servers: Servers | None,
    estate: Estate | None,
    clients: Clients | None,
    ctx: Context,
) -> Notified:
    """Set the status and its reason, and whatever statistics there are."""
    fields: dict[str, object] = {"status": outcome.level, "msg": outcome.message}
    if statistics is not None:
        fields["info"] = {
            "histograms": {field_name(column.name): column.count for column in statistics.histogram},
            "density": statistics.density,
            "conections": statistics.connections,  # the readers' spelling
        }
        fields["isystems"] = listed(statistics.systems)
        fields["ifamilies"] = {
            "items": {field_name(family.name): family.count for family in statistics.families},
            "total": statistics.applications,
        }
    if servers is not None:
        fields["iservers"] = {"total": servers.total}
    elif estate is not None:
        fields["iservers"] = {"total": len(estate.servers)}
    if clients is not None:
        fields["iclients"] = listed(clients.items)
    ctx.status.write(request.key, fields)
    return Notified(outcome.level)


def field_name(text: str) -> str:
    """A name as the key of a document: older MongoDBs refuse the whole write for a dot or a leading dollar in it.

    >>> field_name("Node.js"), field_name("$family")
    ('Node．js', '＄family')
    """
    text = text.replace("\0", "").replace(".", "．")
    return "＄" + text[1:] if text.startswith("$") else text


def listed(refs: Iterable[Ref]) -> dict[str, object]:
    """References as the graph document holds them."""
    items = [{"_id": ref.id, "name": ref.name} for ref in refs]
    return {"items": items, "total": len(items)}


@hookimpl
def analytics_stages() -> Iterator[Stage]:
    yield Stage("notification", notify)
