"""What a deployment is made of: a bill of materials, and whether a database knows weaknesses of it.

The bill is CycloneDX as JSON, of the locked ``requirements.txt``, with the hashes that are allowed. The audit asks the
database of OSV; where that cannot be reached it says so loudly, and fails only with ``--strict``.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from analytics.about import VERSION

from .places import REQUIREMENTS, ROOT

#: Seconds that the audit may take, of them for one question.
LIMIT, QUESTION = 60, 10
#: What pip-audit says of a weakness; its exit status is that of any other failure too.
WEAK = re.compile(r"Found \d+ known vulnerabilit")


def main(arguments: Sequence[str]) -> int:
    """``sbom`` or ``audit``; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python3 -m devtool", description=__doc__.split("\n\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("sbom", help="write the bill of materials to standard output")
    asked = commands.add_parser("audit", help="ask a database for weaknesses of what is locked")
    asked.add_argument("--strict", action="store_true", help="fail where the database cannot be reached")
    options = parser.parse_args(arguments)
    if options.command == "sbom":
        sys.stdout.write(bill() + "\n")
        return 0
    return audit(strict=options.strict)


def locked() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Name, version and SHA-256 hashes of every locked package, in the file's order."""
    for block in re.split(r"\n(?=[a-z0-9])", REQUIREMENTS.read_text()):
        found = re.match(r"([a-z0-9._-]+)==([^\s;\\]+)", block)
        if found:
            yield found[1], found[2], tuple(re.findall(r"--hash=sha256:([0-9a-f]{64})", block))


def bill() -> str:
    """The bill of materials as CycloneDX 1.6."""
    bom = Bom()
    bom.metadata.component = Component(name="analytics-maestro", version=VERSION, type=ComponentType.APPLICATION)
    for name, version, hashes in locked():
        url = PackageURL("pypi", name=name, version=version)
        sums = [HashType(alg=HashAlgorithm.SHA_256, content=one) for one in hashes]
        bom.components.add(
            Component(name=name, version=version, purl=url, bom_ref=str(url), type=ComponentType.LIBRARY, hashes=sums)
        )
    bom.register_dependency(bom.metadata.component, bom.components)
    return JsonV1Dot6(bom).output_as_string(indent=2)


def audit(*, strict: bool = False) -> int:
    """0: nothing is known, or nobody could be asked, which with ``strict`` is 1; 1: a weakness is known."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(REQUIREMENTS), "--require-hashes"]
    command += ["--disable-pip", "--vulnerability-service", "osv", "--progress-spinner", "off"]
    command += ["--timeout", str(QUESTION)]
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, timeout=LIMIT, check=False
        )
    except subprocess.TimeoutExpired:
        return skipped(f"no answer within {LIMIT} s", strict=strict)
    said = done.stdout + done.stderr
    if done.returncode == 0 or WEAK.search(said):
        sys.stdout.write(said)
        return 1 if done.returncode else 0
    return skipped(said.strip().splitlines()[-1][:300] if said.strip() else "no word", strict=strict)


def skipped(reason: str, *, strict: bool) -> int:
    """Say loudly that nothing was audited."""
    sys.stderr.write(f"\n!!! NOT AUDITED: the database of weaknesses did not answer ({reason})\n\n")
    return 1 if strict else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
