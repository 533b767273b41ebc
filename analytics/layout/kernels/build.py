"""Compile the kernels beside their source, with the compiler that built Python: ``python build.py [FOLDER]``.

Nothing but the standard library is needed, so that the file runs before anything is installed. Where there is no
compiler, or no header of Python, :class:`NotBuilt` says what is missing; the layout then takes its own steps.
"""

from __future__ import annotations

import hashlib
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
#: One file for every CPython from 3.11 on (the stable ABI).
NAME = "_compiled.abi3.so"
#: Signed numbers wrap where they do not fit: no input, however odd, has an undefined outcome.
FLAGS = ("-O2", "-fwrapv", "-fPIC", "-Wall", "-Wextra", "-Wno-missing-field-initializers", "-Wno-cast-function-type")
LIMIT = 120.0


class NotBuilt(Exception):
    """The kernels cannot be compiled here; the message says why."""


def source(folder: Path = FOLDER) -> str:
    """What stands for the source: the SHA-256 of all its files."""
    digest = hashlib.sha256()
    for file in sorted(folder.glob("*.[ch]")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def is_current() -> bool:
    """Whether what stands beside the source was made of it."""
    made = FOLDER / NAME
    return made.is_file() and source().encode() in made.read_bytes()


def compile_into(folder: Path = FOLDER, flags: tuple[str, ...] = FLAGS) -> Path:
    """The compiled kernels in ``folder``. Raises :class:`NotBuilt`."""
    linker = shlex.split(sysconfig.get_config_var("LDSHARED") or "")
    include = Path(sysconfig.get_path("include"))
    if sys.implementation.name != "cpython" or sysconfig.get_config_var("Py_GIL_DISABLED"):
        raise NotBuilt("this Python has no stable ABI")
    if not linker or shutil.which(linker[0]) is None:
        raise NotBuilt(f"there is no compiler ({linker[0] if linker else 'none is known'})")
    if not (include / "Python.h").is_file():
        raise NotBuilt("Python's header is missing (Debian and Ubuntu: apt-get install python3-dev)")
    target = folder / NAME
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        made = Path(scratch) / NAME
        command = [*linker, *flags, f"-I{include}", f'-DKERNEL_SOURCE="{source()}"']
        command += [*map(str, sorted(FOLDER.glob("*.c"))), "-o", str(made)]
        try:
            done = subprocess.run(  # noqa: S603 - the compiler that built Python, over our own files
                command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=LIMIT
            )
        except (OSError, subprocess.TimeoutExpired) as reason:
            raise NotBuilt(f"the compiler failed: {reason}") from reason
        if done.returncode:
            raise NotBuilt(f"the compiler failed: {done.stdout.strip()[-2000:]}")
        made.replace(target)  # a process that runs keeps the file it has loaded
    return target


if __name__ == "__main__":
    try:
        print(compile_into(Path(sys.argv[1]) if sys.argv[1:] else FOLDER))  # noqa: T201
    except NotBuilt as reason:
        sys.exit(f"not built: {reason}")
