"""Formats made of the picture, written in a process of their own: they take seconds, and memory that is given back.

The process loads the plugins that this one has, takes the SVG on standard
input and gives the file on standard output, or with the status :data:`REFUSED`
the reason why there is none.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from dataclasses import replace

from ..errors import AnalyticsError
from ..export import PictureFormat, Size
from ..settings import Settings, read
from .registry import load_configured

log = logging.getLogger(__name__)

#: Seconds a picture may take.
LIMIT = 60.0
#: Status of a process whose output is a sentence for the caller.
REFUSED = 3


def painted(suffix: str, svg: str, size: Size, settings: Settings) -> bytes:
    """``svg`` in the format with this ending. Raises :class:`AnalyticsError` with the format's own reason."""
    plugins = {name: getattr(settings, name) for name in ("plugins_dir", "plugins_strict", "blocked_plugins")}
    asked = json.dumps({"suffix": suffix, "scale": size.scale, "paper": size.paper, "plugins": plugins})
    command = [sys.executable, "-m", __name__, asked]
    try:
        # Our own module, by our own interpreter; what varies is one argument, in JSON.
        done = subprocess.run(  # noqa: S603
            command,
            input=svg.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise AnalyticsError(f"it takes longer than {LIMIT:g} s: take a smaller scale, or SVG") from None
    if done.returncode == REFUSED:
        raise AnalyticsError(done.stdout.decode(errors="replace"))
    if done.returncode:  # what a crash says names paths and lines: it is the log's
        log.error("no picture was made", extra={"format": suffix, "status": done.returncode})
        raise AnalyticsError("the program that makes it ended without a word: take a smaller scale, or SVG")
    return done.stdout


def main(argument: str) -> int:
    """Write one picture, as the child that :func:`painted` starts.

    The pipe to the parent is for the picture alone: what plugins print, without end perhaps, goes nowhere.
    """
    own = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    asked = json.loads(argument)
    plugins = asked["plugins"] | {"blocked_plugins": tuple(asked["plugins"]["blocked_plugins"])}
    form = load_configured(replace(read(), **plugins)).formats[asked["suffix"]]
    assert isinstance(form, PictureFormat)
    status = 0
    try:
        found = form.render(sys.stdin.buffer.read().decode(), Size(asked["scale"], asked["paper"]))
    except (AnalyticsError, ValueError) as exc:
        found, status = str(exc).encode(errors="replace"), REFUSED
    with open(own, "wb") as pipe:
        pipe.write(found)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
