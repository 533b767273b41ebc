"""Logs: one line of JSON an event, foreign text escaped and capped, nothing secret.

Extra fields of a record are written as they are named; a value is shortened to
:data:`LONGEST` characters. Tracebacks keep files, lines and the class of the
error, and lose its text: that may hold anything a neighbour sent.
"""

from __future__ import annotations

import json
import logging
import sys
import time
import traceback

LONGEST = 300
#: What every record has; anything else was handed over as ``extra``.
USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


class JsonLines(logging.Formatter):
    """A record as one line of ASCII JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without a line break."""
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line: dict[str, object] = {
            "at": f"{at}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "event": capped(record.getMessage()),
            "in": record.name,
            "pid": record.process,
        }
        for name, value in vars(record).items():
            if name not in USUAL:
                line[name] = value if isinstance(value, (int, float, bool)) else capped(str(value))
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = type(record.exc_info[1]).__name__
            frames = traceback.extract_tb(record.exc_info[2])[-8:]
            line["trace"] = [f"{frame.filename.rsplit('/', 2)[-1]}:{frame.lineno} {frame.name}" for frame in frames]
        return json.dumps(line)


def capped(text: str) -> str:
    """At most :data:`LONGEST` characters of ``text``."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def configure(level: str) -> None:
    """Send every log record of this process to stderr, as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # They log addresses of neighbours, and RQ its own view of jobs.
    for noisy in ("urllib3", "requests", "rq"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
