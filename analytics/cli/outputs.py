"""Where a picture is written: one file or several, in the formats that their endings say, or standard output."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..answers.proof import Origin, with_proof
from ..errors import AnalyticsError
from ..export import PAPERS, PictureFormat, Size
from ..model.artifacts import Drawing
from ..pipeline.registry import Registry

#: What stands for standard output, and for standard input.
STANDARD = "-"


@dataclass(frozen=True, slots=True)
class Output:
    """A file to write, or standard output, and the format it gets."""

    path: Path
    suffix: str

    @property
    def shown(self) -> str:
        """What messages call it."""
        return "standard output" if str(self.path) == STANDARD else str(self.path)


def add(command: argparse.ArgumentParser) -> None:
    """The arguments that name what is written."""
    command.add_argument(
        "-o",
        "--out",
        type=Path,
        required=True,
        action="append",
        help="file to write, repeatable; its ending says the format: svg, or one that `plugins` lists; "
        "- is standard output",
    )
    command.add_argument(
        "--format", default="", help="the format, whatever the ending (needed by -o - for others than svg)"
    )
    command.add_argument(
        "--scale", type=larger_than_nothing, default=1.0, metavar="N", help="size of a PNG or PDF: 2 is twice as large"
    )
    command.add_argument("--paper", choices=PAPERS, default="", help="a PDF as a poster of sheets (default: one page)")


def larger_than_nothing(text: str) -> float:
    """A number that a size can be multiplied by. Raises :class:`argparse.ArgumentTypeError`."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is no number larger than 0")
    return number


def outputs_of(paths: Sequence[Path], registry: Registry, written_as: str, size: Size) -> tuple[Sequence[Output], str]:
    """What to write, as ``written_as`` or as the endings say; and what is wrong with what was asked for."""
    known = ("svg", *registry.formats)
    found = []
    for path in paths:
        suffix = written_as or path.suffix.removeprefix(".").lower() or "svg"
        if suffix not in known:
            return (), f"cannot write .{suffix}; there are {', '.join(known)}"
        if str(path) != STANDARD and not path.absolute().parent.is_dir():
            return (), f"there is no folder {path.parent}"
        found.append(Output(path, suffix))
    if size.scale != 1 and not any(isinstance(registry.formats.get(one.suffix), PictureFormat) for one in found):
        return (), "--scale is for formats made of the picture, such as png and pdf"
    if size.paper and not any(one.suffix == "pdf" for one in found):
        return (), "--paper is for pdf"
    return found, ""


def size_of(args: argparse.Namespace) -> Size:
    """How large pictures are to be."""
    return Size(args.scale, args.paper)


def write(drawing: Drawing, output: Output, registry: Registry, size: Size, origin: Origin | None = None) -> int:
    """Write an output; SVG and JSON carry their ``origin``. Its bytes. Raises :class:`AnalyticsError`: it cannot be."""
    svg = output.suffix == "svg"
    found = drawing.svg.encode() if svg else registry.formats[output.suffix].written(drawing, size)
    if origin is not None and output.suffix in ("svg", "json"):
        found = with_proof(found.decode(), origin).encode()
    try:
        if str(output.path) == STANDARD:
            sys.stdout.buffer.write(found)
            sys.stdout.flush()
        else:
            write_over(output.path, found)
    except OSError as exc:
        raise AnalyticsError(f"cannot write {output.shown}: {exc.strerror}") from None
    return len(found)


def write_over(path: Path, found: bytes) -> None:
    """Write a file; links and devices are left alone."""
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise OSError(0, "it is a link or no plain file; name a file")
    path.write_bytes(found)
