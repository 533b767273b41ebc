"""The processes that run stages, and those that look after them."""

from ..extras import missing

try:
    import rq  # noqa: F401 - asked for here, so that its absence is said in words
except ModuleNotFoundError as exc:
    raise missing("service", "a worker") from exc
