"""A world in which nobody is told anything and nothing is found, for stages that need none."""

from typing import Any, cast

from analytics.cli.draw import Unsent
from analytics.pipeline.context import Context

_UNSENT = Unsent()
NOBODY = Context("drawn", cast(Any, None), _UNSENT, _UNSENT, _UNSENT, _UNSENT)
