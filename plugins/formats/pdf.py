"""PDF: the picture as lines and letters, for print."""

from collections.abc import Iterator

from analytics import hookimpl
from analytics.export import PictureFormat
from analytics.export.pdf import to_pdf


@hookimpl
def analytics_formats() -> Iterator[PictureFormat]:
    yield PictureFormat("pdf", "application/pdf", "PDF", to_pdf)
