"""Every error this service raises on purpose.

AnalyticsError
├── SettingsError        an environment variable cannot be used (start refused)
├── PluginError          a plugin file cannot be used (start refused)
│   ├── PluginConflict   two plugins offer the same name
│   └── PlanError        a graph type's stages do not fit together
├── RequestError         what a caller sent cannot be served; ``fields`` says why
│   ├── Unauthorised     no valid private token
│   ├── Invalid          one or more fields are wrong
│   ├── NotFound         no such graph, type or drawing
│   ├── ForeignId        the graph's id belongs to another owner
│   └── Overloaded       try again after ``retry_after`` seconds
├── CodecError           bytes that are not the artifact they should be
│   └── Unreadable       what Redis holds of a run, or under another key of ours, cannot be read
├── UnknownStage         this process's plugins do not hold the stage or the graph type
├── InventoryError       the inventory cannot be read; ``transient`` says whether to try again
├── DeliveryError        the Front, the Data App or the websocket refused; ``transient`` likewise
│   └── ForeignGraph     the graph document is not this owner's: nothing is written
├── DrawingRefused       the gate found something in a drawing that must not be there
├── StageError           a stage stopped its run; ``level`` is what the user sees
│   └── EmptyGraph       nothing to draw: a warning, never retried
├── Superseded           a newer request or another attempt owns this stage now
└── StageTimeout         a stage passed its time limit (a BaseException: no stage swallows it)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal


class AnalyticsError(Exception):
    """Base of every error raised on purpose."""


class SettingsError(AnalyticsError):
    """An environment variable cannot be used; the message names it, never its value."""


class UsageError(AnalyticsError):
    """A command's arguments do not fit; its exit status is 2."""


class PluginError(AnalyticsError):
    """A plugin file cannot be used; the message names the file."""


class PluginConflict(PluginError):
    """Two plugins offer the same name; the message names both files."""


class PlanError(PluginError):
    """A graph type's stages do not fit together."""


class RequestError(AnalyticsError):
    """What a caller sent cannot be served.

    ``fields`` maps a field of the request, or ``graph``, to one sentence.
    """

    status = 400
    code = "bad_request"

    def __init__(self, fields: Mapping[str, str], *, code: str | None = None, status: int | None = None) -> None:
        super().__init__("; ".join(f"{field}: {text}" for field, text in fields.items()))
        self.fields = dict(fields)
        self.code = code or self.code
        self.status = status or self.status


class Unauthorised(RequestError):
    """No valid private token."""

    status = 401
    code = "unauthorised"


class Invalid(RequestError):
    """One or more fields are wrong; all of them are named."""

    status = 422
    code = "invalid"


class NotFound(RequestError):
    """No such graph, type or drawing."""

    status = 404
    code = "not_found"


class ForeignId(RequestError):
    """The graph's id belongs to another owner: nothing of that graph is touched."""

    status = 409
    code = "foreign_graph"


class Overloaded(RequestError):
    """The service cannot take this now; ``retry_after`` is in seconds."""

    status = 503
    code = "unavailable"

    def __init__(
        self, fields: Mapping[str, str], *, retry_after: int, status: int = 503, code: str = "unavailable"
    ) -> None:
        super().__init__(fields, code=code, status=status)
        self.retry_after = retry_after


class CodecError(AnalyticsError):
    """Bytes that are not the artifact they should be."""


class Unreadable(CodecError):
    """What Redis holds under ``key`` (without the prefix: ``run:5c…``) cannot be read; ``reason`` says why."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"{key} cannot be read: {reason}")
        self.key = key
        self.reason = reason


class UnknownStage(AnalyticsError):
    """This process's plugins do not hold the stage or the graph type; those of another pool may."""


class InventoryError(AnalyticsError):
    """The inventory cannot be read. ``transient`` is true where another try may succeed.

    ``told`` is what an owner is told where the message, which is for whoever keeps the inventory, names files.
    """

    def __init__(self, message: str, *, transient: bool = False, told: str = "") -> None:
        super().__init__(message)
        self.transient = transient
        self.told = told or message


class DeliveryError(AnalyticsError):
    """A neighbour refused or did not answer. ``transient`` is true where another try may succeed."""

    def __init__(self, message: str, *, transient: bool = False) -> None:
        super().__init__(message)
        self.transient = transient


class ForeignGraph(DeliveryError):
    """The graph document is not this owner's, or is gone: nothing is written to it, now or later."""


class DrawingRefused(AnalyticsError):
    """The gate found an element, attribute or value in a drawing that must not be there."""


class StageError(AnalyticsError):
    """A stage stopped its run. ``level`` becomes the graph's status."""

    level: Literal["warning", "error"] = "error"


class EmptyGraph(StageError):
    """There is nothing to draw."""

    level = "warning"


class Superseded(AnalyticsError):
    """A newer request, or another attempt at the same stage, owns this run now."""


class StageTimeout(BaseException):
    """A stage passed its time limit.

    Not an ``Exception``: a stage that catches everything must not swallow it.
    """
