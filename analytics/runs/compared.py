"""A transaction on one run in one round trip: its hash is compared with what was read of it, and then written to.

``WATCH``, a read, ``MULTI`` and ``EXEC`` are three round trips and as many commands that
do nothing by themselves; a worker makes two such transactions a stage. Here the
commands of a transaction are collected as on a pipeline, and a script carries
them out if the run is still as it was seen. If it is not, nothing is written and
the run is told as it is now, so that whoever decides may decide again.

A command that fails because something else stands under its key fails alone, as
between ``MULTI`` and ``EXEC``. Whatever else fails (memory, a disk, a replica) fails at
the first write, and the rest is left.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Any, cast

from redis import Redis, ResponseError
from redis.client import Pipeline

from . import kept, versions
from .admission import CHARGE, QUEUE_UP
from .changes import Seen
from .queue import ENDED, ENQUEUE, STARTED

#: Scripts that a transaction may call, by the name it calls them by.
SCRIPTS = {
    "enqueue": ENQUEUE,
    "ended": ENDED,
    "charge": CHARGE,
    "queue_up": QUEUE_UP,
    "show": kept.SHOW,
    "keep": versions.KEEP,
}
_NAMES = {text: name for name, text in SCRIPTS.items()}

# A run and the clock. KEYS run
READ = """
local time = redis.call('TIME')
return {time[1], time[2], redis.call('HGETALL', KEYS[1])}
"""

# A stage begins: what RQ notes of its job, the claim, and what it is handed, in one round trip. A queued attempt of
# a run in work is claimed here; where the record is not of the form that this version writes, whoever asks decides.
# KEYS run artifacts; ARGV stage attempt token lease seconds types noted, what is noted, fields of the artifacts.
# Returns the clock, the run after it, the artifacts where they can be read, and whether it was claimed.
BEGIN = (
    f"local function noted(ARGV)\n{STARTED}\nend\n"
    + """
local time, held, art, claimed = redis.call('TIME'), redis.call('HGETALL', KEYS[1]), {}, 0
local first = 8 + tonumber(ARGV[7])
if first > 8 then noted({unpack(ARGV, 8, first - 1)}) end
if #ARGV >= first then
  local got = redis.pcall('HMGET', KEYS[2], unpack(ARGV, first))
  art = got.err and {} or got
end
local head, place
for at = 1, #held, 2 do
  if held[at] == 'run' then head = held[at + 1] end
  if held[at] == ARGV[1] then place = at + 1 end
end
local kind, phase = string.match(
  head or '', '^%["[^"\\]*","[^"\\]*","[^"\\]*","([%w_]+)",%d+,[%d.e+]+,"(%l+)",')
if place and (phase == 'working' or phase == 'closing') and string.find(ARGV[6], ' ' .. kind .. ' ', 1, true) then
  local began, rest = string.match(held[place], '^%["queued",' .. ARGV[2] .. ',"",([%d.]+),[%d.]+,(.*)$')
  if began then
    local now = string.format('%d.%06d', time[1], time[2])
    local since = tonumber(began) == 0 and now or began
    held[place] = '["running",' .. ARGV[2] .. ',"' .. ARGV[3] .. '",' .. since .. ',' .. now .. ',' .. rest
    redis.call('HSET', KEYS[1], ARGV[1], held[place])
    redis.pcall('ZADD', 'am:leases', tonumber(now) + tonumber(ARGV[5]), ARGV[4])
    claimed = 1
  end
end
return {time[1], time[2], held, art, claimed}
"""
)

# KEYS run; ARGV digest, then of each command how many words it has, and them. What begins with @ is a script of ours.
WRITE = (
    "local scripts = {}\n"
    + "".join(f"scripts['@{name}'] = function(KEYS, ARGV)\n{text}\nend\n" for name, text in SCRIPTS.items())
    + """
local held = redis.call('HGETALL', KEYS[1])
if redis.sha1hex(table.concat(held, '\\0')) ~= ARGV[1] then
  local time = redis.call('TIME')
  return {0, time[1], time[2], held}
end
local function called(first, last)
  local script = scripts[ARGV[first]]
  if not script then return redis.pcall(unpack(ARGV, first, last)) end
  local keys, words, count = {}, {}, tonumber(ARGV[first + 1])
  for at = first + 2, last do
    if #keys < count then keys[#keys + 1] = ARGV[at] else words[#words + 1] = ARGV[at] end
  end
  local fine, problem = pcall(script, keys, words)
  if fine then return false end
  return type(problem) == 'table' and problem or {err = tostring(problem)}
end
local at, odd = 2, false
while at <= #ARGV do
  local last = at + tonumber(ARGV[at])
  local answer = called(at + 1, last)
  if type(answer) == 'table' and answer.err then
    if not string.find(answer.err, 'WRONGTYPE', 1, true) then return answer end
    odd = odd or answer.err
  end
  at = last + 1
end
return odd and {2, odd} or {1}
"""
)


class Compared:
    """Transactions of the run store."""

    def __init__(self, redis: Redis) -> None:
        self._read = redis.register_script(READ)
        self._begin = redis.register_script(BEGIN)
        self._write = redis.register_script(WRITE)

    def read(self, run: str) -> Seen:
        """What stands under the key ``run``."""
        return _seen(*cast(Any, self._read(keys=[run])))

    def begin(
        self,
        keys: tuple[str, str],
        attempt: tuple[str, int, str],
        lease: tuple[str, float],
        types: Iterable[str],
        noted: Sequence[str],
        fields: Sequence[str],
    ) -> tuple[Seen, dict[str, bytes | None], bool]:
        """Claim an ``attempt`` (stage, number, token) at the run and artifacts under ``keys``, in graphs of ``types``.

        ``lease`` is its name and its seconds, ``noted`` what :data:`~.queue.STARTED` is told of the job. Returns how
        the run stands then, what it is handed of ``fields``, and whether it is claimed: that it is not, is no refusal.
        """
        stage, number, token = attempt
        known = f" {' '.join(types)} "
        words: list[Any] = [stage, number, token, *lease, known, len(noted), *noted, *fields]
        seconds, micros, flat, held, claimed = cast(Any, self._begin(keys=list(keys), args=words))
        return _seen(seconds, micros, flat), dict(zip(fields, held, strict=False)), bool(claimed)

    def write(self, run: str, seen: Seen, commands: Pipeline) -> Seen | None:
        """Carry out what was collected on ``commands``; nothing is done, and how the run stands told, if it changed.

        Raises :class:`ResponseError` as ``EXEC`` does.
        """
        words: list[Any] = []
        for args, _options in cast(Any, commands).command_stack:
            if args[0] == "EVAL":
                args = (f"@{_NAMES[args[1]]}", *args[2:])
            words += [len(args), *args]
        if not words:
            return None
        answer = cast(list[Any], self._write(keys=[run], args=[seen.digest, *words]))
        if answer[0] == 0:
            return _seen(*answer[1:])
        if answer[0] == 2:
            raise ResponseError(answer[1].decode(errors="replace"))
        return None


def _seen(seconds: bytes, micros: bytes, flat: list[bytes]) -> Seen:
    return Seen(dict(zip(flat[::2], flat[1::2], strict=True)), int(seconds) + int(micros) / 1e6, time.monotonic())
