"""PNG: the picture as pixels."""

from collections.abc import Iterator

from analytics import hookimpl
from analytics.export import PictureFormat
from analytics.export.raster import to_png


@hookimpl
def analytics_formats() -> Iterator[PictureFormat]:
    yield PictureFormat("png", "image/png", "PNG", to_png)
