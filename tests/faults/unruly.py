"""Stages that misbehave, each as a graph type of its own: loaded as a plugin by the deployments of these tests."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from typing import Any

from analytics import GraphType, Stage, hookimpl
from analytics.model import Delivered


def raises() -> Delivered:
    """An error whose text must go nowhere."""
    raise RuntimeError("canary in an error's text")


def raises_base() -> Delivered:
    """What no ``except Exception`` sees."""
    raise KeyboardInterrupt


def hangs() -> Delivered:
    """The alarm ends it."""
    time.sleep(600)
    return Delivered("never")


def hangs_deaf() -> Delivered:
    """Only the supervisor ends it."""
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    while True:
        time.sleep(1)


def swallows() -> Delivered:
    """Catches whatever it can; the time limit is not among it."""
    while True:
        try:
            time.sleep(600)
        except Exception:
            continue


def leaves() -> Delivered:
    """Leaves without a word, as a library that calls ``abort`` does."""
    os._exit(0)


def exits() -> Delivered:
    """Asks to exit."""
    sys.exit("canary as an exit status")


def eats() -> Delivered:
    """Takes more memory than a worker may, though not all there is."""
    held: list[Any] = []
    while True:
        if len(held) < 50:
            held.append(bytearray(20_000_000))
        time.sleep(0.02)


def forks() -> Delivered:
    """Forks: the child comes back too, before its parent, and has a child that stays."""
    if os.fork():
        time.sleep(0.3)
    elif os.fork() == 0:
        time.sleep(600)
    return Delivered(f"from {os.getpid()}")


def prints() -> Delivered:
    """Prints without end."""
    while True:
        print("x" * 1000)
        time.sleep(0.0001)


def gives_wrong() -> Delivered:
    """Gives something that was not agreed."""
    return 5  # type: ignore[return-value]


STAGES = (raises, raises_base, hangs, hangs_deaf, swallows, leaves, exits, eats, forks, prints, gives_wrong)


@hookimpl
def analytics_stages() -> Iterator[Any]:
    for stage in STAGES:
        yield Stage(stage.__name__, stage, timeout=60 if stage is eats else 1)


@hookimpl
def analytics_graph_types() -> Iterator[Any]:
    for stage in STAGES:
        name = stage.__name__
        yield GraphType(f"only_{name}", {name: ()}, always=("notification", "websocket"))
