"""The soak: many graphs while workers, reapers and supervisors are killed, Redis restarts and neighbours fail.

Prints what became of the graphs, how long rescue took and what is left in
Redis; exit status 0 says that everything held. ``--everything`` adds two
versions of the service that are rolled forward and back, a plugin that one pool
lacks, slow clients and 2,000 owners. ``--mixed`` lets two versions draw side by
side without the other faults. ``--backlog`` measures a long queue instead: how
it drains, and whether memory and descriptors stay flat. ``--rescue`` kills one
process after the other in the middle of a stage and measures how long the stage
waits for its next attempt. ``--failover`` changes the master of a Redis with sentinels by word and by a kill,
``--far`` puts two pools behind networks that delay and cut. ``--beside`` measures a lone graph beside another
owner's slow ones, ``--owners`` how long it takes to end what Redis lost.
``--matrix`` runs the fault tests that take minutes.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence

from devtool.places import ROOT

from .backlog import backlog
from .beside import beside
from .chaos import Plan, mixed, soak
from .hosts import failover, far
from .owners import owners
from .rescue import rescue

#: What ``--everything`` adds.
SLOW_CLIENTS, CROWD = 200, 2_000


def main(argv: Sequence[str]) -> int:
    """Run the soak that the arguments describe; returns the exit status."""
    options = parser().parse_args(list(argv))
    if options.matrix:
        # In a process of its own: what is imported here already, pytest could not prepare for its assertions.
        command = [sys.executable, "-m", "pytest", "-q", "-m", "long", "--durations=20", "tests"]
        return subprocess.run(command, cwd=ROOT, check=False).returncode
    if options.backlog:
        return backlog(options.backlog, options.workers)
    if options.mixed:
        return mixed(options.mixed, options.seed, options.workers, options.kills_per_second)
    if options.beside:
        return beside(options.beside, options.workers)
    if options.failover:
        return failover(options.failover, options.workers)
    if options.far:
        return far(options.far, options.workers)
    if options.owners:
        return owners(options.owners)
    if options.rescue:
        return rescue(options.rescue)
    return soak(
        Plan(
            graphs=options.graphs,
            seed=options.seed,
            workers=options.workers,
            kills_per_second=options.kills_per_second,
            faulty=options.faulty,
            versions=options.versions or options.everything,
            plugins=options.plugins or options.everything,
            slow_clients=options.slow_clients or (SLOW_CLIENTS if options.everything else 0),
            crowd=options.crowd or (CROWD if options.everything else 0),
        )
    )


def parser() -> argparse.ArgumentParser:
    """What ``--help`` shows."""
    top = argparse.ArgumentParser(prog="python3 -m devtool soak", description=(__doc__ or "").split("\n\n")[0])
    top.add_argument("--graphs", type=int, default=100, help="graphs to ask for (default 100)")
    top.add_argument("--seed", type=int, default=1, help="what is killed and what goes wrong (default 1)")
    top.add_argument("--workers", type=int, default=2, help="workers in each of the two pools (default 2)")
    top.add_argument("--kills-per-second", type=float, default=1.0, help="processes killed a second (default 1)")
    top.add_argument("--faulty", type=float, default=0.05, help="share of faulty answers (default 0.05)")
    top.add_argument("--versions", action="store_true", help="pools are rolled to another version and back as well")
    top.add_argument("--plugins", action="store_true", help="a tenth of the graphs needs a plugin that one pool lacks")
    top.add_argument("--slow-clients", type=int, default=0, metavar="N", help="N connections idle or drip beside it")
    top.add_argument("--crowd", type=int, default=0, metavar="N", help="half of the graphs are N further owners'")
    top.add_argument(
        "--everything",
        action="store_true",
        help=f"--versions, --plugins, {SLOW_CLIENTS} slow clients and a crowd of {CROWD:,}",
    )
    top.add_argument("--backlog", type=int, default=0, metavar="N", help="drain N graphs without faults instead")
    top.add_argument("--rescue", type=int, default=0, metavar="N", help="measure N rescues of each kind instead")
    top.add_argument("--mixed", type=int, default=0, metavar="N", help="N graphs by two versions, kills only, instead")
    top.add_argument("--beside", type=int, default=0, metavar="N", help="a lone graph beside N slow ones instead")
    top.add_argument("--owners", type=int, default=0, metavar="N", help="two lost graphs of each of N owners instead")
    top.add_argument("--failover", type=int, default=0, metavar="N", help="N graphs while sentinels change the master")
    top.add_argument("--far", type=int, default=0, metavar="N", help="N graphs by two pools far from Redis instead")
    top.add_argument("--matrix", action="store_true", help="run the fault tests that take minutes instead")
    return top


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
