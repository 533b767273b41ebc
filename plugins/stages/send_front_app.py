"""Send stage: hand the drawing to the Analytics Front, or keep it where there is none."""

from collections.abc import Iterator

from analytics import Context, Stage, hookimpl
from analytics.model import Delivered, Drawing, GraphRequest


def send_drawing(request: GraphRequest, drawing: Drawing, ctx: Context) -> Delivered:
    """Deliver the drawing. Raises :class:`~analytics.errors.DeliveryError` when the Front does not take it."""
    return Delivered(ctx.front.send(request.key, drawing.svg, drawing.nodes))


@hookimpl
def analytics_stages() -> Iterator[Stage]:
    yield Stage("send_front_app", send_drawing)
