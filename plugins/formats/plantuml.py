"""PlantUML: a component diagram."""

from collections.abc import Iterator

from analytics import hookimpl
from analytics.export import Format
from analytics.export.plantuml import to_plantuml


@hookimpl
def analytics_formats() -> Iterator[Format]:
    yield Format("puml", "text/vnd.plantuml", "PlantUML", to_plantuml)
