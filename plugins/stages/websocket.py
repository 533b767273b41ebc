"""Websocket stage: wake the browsers that look at this graph."""

from collections.abc import Iterator

from analytics import Context, Stage, hookimpl
from analytics.model import GraphRequest, Outcome, Published

TITLES = {"finished": "Finish Graph", "warning": "Empty Graph", "error": "Failed Graph"}
TOASTS = {"finished": "success", "warning": "warning", "error": "danger"}


def publish(request: GraphRequest, outcome: Outcome, ctx: Context) -> Published:
    """Tell the owner's browsers how the graph ended. A websocket server that is down changes nothing."""
    return Published(ctx.notifier.notify(request.key, TITLES[outcome.level], TOASTS[outcome.level]))


@hookimpl
def analytics_stages() -> Iterator[Stage]:
    yield Stage("websocket", publish, timeout=10)
