"""What was made before of the same: an unchanged inventory costs no layout and no drawing.

A stage that does not see the world gives the same for the same. What its result was
made from (owner, stage, code, plugins, and the bytes of everything it is handed) has
a digest, which is stored beside the result, with one of the result itself. When the
graph is asked for again, the run whose drawing is shown is looked at: if its result
was made from the same, that is the result. It is another name for the last picture,
so it needs no room of its own, no owner sees another's, and one that is gone, torn or
of other code is made anew.

An earlier picture's places are left out of the digest: they say where things stood
that are as they were, and there the earlier result has them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

from redis import Redis, ResponseError

from ..about import VERSION
from ..errors import CodecError
from ..model.anchor import Anchor
from ..pipeline import codec
from ..pipeline.plan import Step
from ..pipeline.registry import Registry
from ..pipeline.stage import Stage
from .pools import pool_of
from .queries import REUSED, is_wrong_type, key, made_field

#: Bytes of a digest.
SIZE = 32

# What the shown run of a graph has, where it was made from the same. KEYS shown; ARGV prefix field made digest
EARLIER = """
local run = redis.call('GET', KEYS[1])
if not run then return false end
local made = redis.pcall('HGET', ARGV[1] .. run, ARGV[3])
if type(made) ~= 'string' or string.sub(made, 1, #ARGV[4]) ~= ARGV[4] then return false end
return {made, redis.call('HGET', ARGV[1] .. run, ARGV[2])}
"""


@dataclass(frozen=True, slots=True)
class Made:
    """What a stage's result is, or will be, made from; and the earlier result with its bytes, where there is one."""

    digest: bytes
    artifact: Any = None
    raw: bytes | None = None


def reusable(stage: Stage) -> bool:
    """Whether an earlier result of the stage is worth a question: it is pure, and lays out or draws."""
    return not stage.wants_context and stage.gives in REUSED


def digest_of(code: str, owner_id: str, step: Step, held: Mapping[str, bytes | None]) -> bytes:
    """What ``step`` would make its result from, of an owner's things as they are ``held``."""
    found = sha256()
    said = [code, owner_id, step.name, step.field]
    parts = [word.encode() for word in said]
    for one in step.inputs:
        if one.kind is not Anchor:
            for field in one.fields:
                parts += [field.encode(), held.get(field) or b""]
    for part in parts:
        found.update(len(part).to_bytes(8, "big"))
        found.update(part)
    return found.digest()


def earlier(redis: Redis, graph_id: str, step: Step, digest: bytes) -> Made:
    """The result that was made from the same, of the run whose drawing is shown; none that is not whole."""
    words: Any = (key("art", ""), step.field, made_field(step.field), digest)
    try:
        answer = cast(list[bytes | None] | None, redis.eval(EARLIER, 1, key("shown", graph_id), *words))
    except ResponseError as exc:
        if not is_wrong_type(exc):
            raise
        answer = None
    made, raw = answer or (None, None)
    if made is None or raw is None or made != digest + sha256(raw).digest():
        return Made(digest)
    try:
        return Made(digest, codec.loads(cast(type, step.stage.gives), raw), raw)
    except CodecError:
        return Made(digest)


def note(digest: bytes, raw: bytes) -> bytes:
    """What is stored beside a result."""
    return digest + sha256(raw).digest()


def code_digest(registry: Registry) -> str:
    """The version, this package's own files and all plugins: a change of any makes another result possible."""
    return f"{VERSION} {_own_files()} {pool_of('', registry).digest}"


@cache
def _own_files() -> str:
    """A digest of the package as it stood when it was first asked for, which is before anything is made."""
    found = sha256()
    top = Path(__file__).parents[1]
    for path in sorted(top.rglob("*.py")):
        found.update(f"{path.relative_to(top)}\0".encode())
        found.update(path.read_bytes())
    return found.hexdigest()[:SIZE]
