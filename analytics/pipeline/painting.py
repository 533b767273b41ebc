"""Formats made of the picture, written in a process of their own: they take seconds, and memory that is given back.

The process loads the plugins that this one has, takes the SVG on standard
input and gives the file on standard output; what it says on standard error is
the reason why there is none.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

from ..errors import AnalyticsError
from ..export import PictureFormat, Size
from ..settings import Settings, read
from .registry import load_configured

#: Seconds a picture may take.
LIMIT = 60.0


def painted(suffix: str, svg: str, size: Size, settings: Settings) -> bytes:
    """``svg`` in the format with this ending. Raises :class:`AnalyticsError` with the format's own reason."""
    plugins = {name: getattr(settings, name) for name in ("plugins_dir", "plugins_strict", "blocked_plugins")}
    asked = json.dumps({"suffix": suffix, "scale": size.scale, "paper": size.paper, "plugins": plugins})
    command = [sys.executable, "-m", __name__, asked]
    try:
        # Our own module, by our own interpreter; what varies is one argument, in JSON.
        done = subprocess.run(command, input=svg.encode(), capture_output=True, timeout=LIMIT, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise AnalyticsError(f"it takes longer than {LIMIT:g} s: take a smaller scale, or SVG") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines() or ["the process ended without a word"]
        raise AnalyticsError(said[-1])
    return done.stdout


def main(argument: str) -> int:
    """Write one picture, as the child that :func:`painted` starts."""
    asked = json.loads(argument)
    plugins = asked["plugins"] | {"blocked_plugins": tuple(asked["plugins"]["blocked_plugins"])}
    form = load_configured(replace(read(), **plugins)).formats[asked["suffix"]]
    assert isinstance(form, PictureFormat)
    try:
        found = form.render(sys.stdin.buffer.read().decode(), Size(asked["scale"], asked["paper"]))
    except (AnalyticsError, ValueError) as exc:
        sys.stderr.write(f"{exc}\n")
        return 1
    sys.stdout.buffer.write(found)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
