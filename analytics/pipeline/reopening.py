"""A part of a finished graph, drawn of what the graph was made of: its two stages run again, and nothing is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..errors import NotFound, StageError
from ..model.artifacts import Drawing, GraphRequest
from ..model.grid import Grid
from .local import handed
from .plan import Step, artifact_field

#: What is said where a graph's parts cannot be opened.
WHOLE = "The parts of this graph are not opened: it has none, or is of a type without them."


def redrawn_inside(steps: Sequence[Step], held: Mapping[str, Any], part: str) -> Drawing:
    """The drawing of ``part``: by its id, its name, or the id or name of a member.

    ``held`` is what is kept of the run by its field. Raises :class:`NotFound` where the graph's type has no parts or
    the run keeps too little, :class:`~analytics.errors.EmptyGraph` where there is no such part.
    """
    asked = held.get(artifact_field(GraphRequest))
    making = [step for kind in (Grid, Drawing) for step in steps if step.stage.gives is kind]
    if asked is None or [step.stage.gives for step in making] != [Grid, Drawing]:
        raise NotFound({"graph": WHOLE})
    found = {**held, artifact_field(GraphRequest): replace(asked, inside=part, title="", theme="light")}
    for step in making:
        missing = [one for one in step.inputs if not one.optional and not one.many and one.fields[0] not in found]
        if missing or step.stage.wants_context:
            raise NotFound({"graph": "What this graph was made of is no longer kept; have it drawn again."})
        given = step.stage.run(*(handed(one, found) for one in step.inputs))
        if not isinstance(given, step.stage.gives or object):
            raise StageError(f"The stage {step.name} gave a {type(given).__name__}.")
        found[step.field] = given
    drawing: Drawing = found[making[-1].field]
    return drawing
