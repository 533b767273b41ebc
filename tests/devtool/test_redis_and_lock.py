"""The private Redis and the lock: which server is taken, and who waits for whom."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from devtool import lock, redisserver
from devtool.places import ROOT
from devtool.processes import Family
from devtool.redisserver import Engine
from devtool.terminal import Stop
from tests.sure import sure


def program(folder: Path, name: str, said: str) -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{said}'\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("said", "name", "version"),
    [
        ("Valkey server v=9.1.2 sha=00000000:1 malloc=libc bits=64", "valkey", (9, 1)),
        ("Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64", "redis", (7, 0)),
    ],
)
def test_a_server_says_what_it_is(tmp_path: Path, said: str, name: str, version: Any) -> None:
    engine = redisserver.inspect(program(tmp_path, "server", said), "PATH")
    assert engine is not None
    assert (engine.name, engine.version, engine.folder) == (name, version, f"{name}-{version[0]}")


def test_what_is_no_server_is_none(tmp_path: Path) -> None:
    assert redisserver.inspect(program(tmp_path, "server", "hello"), "PATH") is None
    assert redisserver.inspect(tmp_path / "missing", "PATH") is None


def test_the_bundled_server_comes_first() -> None:
    assert redisserver.find_engine(Path(sys.executable)).origin == "bundled"


def test_without_the_bundle_an_installed_one_is_taken_unless_it_is_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = program(tmp_path, "python", "")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    program(tmp_path, "redis-server", "Redis server v=6.0.16 sha=0")
    monkeypatch.setattr(shutil, "which", lambda name: str(tmp_path / name) if (tmp_path / name).exists() else None)
    with pytest.raises(Stop, match=r"older than Redis 6\.2"):
        redisserver.find_engine(python)
    program(tmp_path, "redis-server", "Redis server v=6.2.14 sha=0")
    assert redisserver.find_engine(python).version == (6, 2)
    program(tmp_path, "valkey-server", "Valkey server v=8.0.1 sha=0")
    assert redisserver.find_engine(python).name == "valkey"
    for name in ("redis-server", "valkey-server"):
        (tmp_path / name).unlink()
    with pytest.raises(Stop, match=r"no Redis found: install one .* or set REDIS_URL"):
        redisserver.find_engine(python)


@pytest.mark.parametrize(
    ("env", "name"),
    [
        ({}, ""),
        ({"REDIS_URL": ""}, ""),
        ({"REDIS_TLS_URL": "rediss://h"}, "REDIS_TLS_URL"),
        ({"REDIS_TLS_URL": "rediss://h", "REDIS_URL": "redis://h"}, "REDIS_URL"),
    ],
)
def test_a_configured_redis_is_used(env: Any, name: str) -> None:
    assert redisserver.configured(env) == name


def test_a_configured_redis_that_does_not_answer_is_said_with_the_reason_and_no_password() -> None:
    env = {**os.environ, "REDIS_URL": "redis://ops:hushhush@127.0.0.1:1/0", "MAESTRO_ENV": "development"}
    with pytest.raises(Stop, match="REDIS_URL names a Redis that does not answer") as caught:
        redisserver.reach(Path(sys.executable), env, ROOT)
    assert "refused" in caught.value.detail
    assert "hushhush" not in f"{caught.value} {caught.value.detail}"


def test_a_private_redis_keeps_its_data_and_only_we_reach_it(tmp_path: Path) -> None:
    engine = redisserver.find_engine(Path(sys.executable))
    for turn in range(2):
        with redisserver.socket_folder() as sockets:
            family = Family(tmp_path / "logs", tmp_path / "running.json")
            url = redisserver.start(family, engine, tmp_path / "redis", sockets, dict(os.environ))
            with Redis.from_url(url) as client:
                assert client.incr("turns") == turn + 1
                assert client.config_get("port") == {"port": "0"}
                assert client.config_get("appendonly") == {"appendonly": "yes"}
            assert (sockets / "redis.sock").stat().st_mode & 0o077 == 0
            assert sockets.stat().st_mode & 0o077 == 0
            family.stop()
        assert not sockets.exists()
    assert (tmp_path / "redis" / engine.folder / "appendonlydir").exists()


def test_another_engine_or_major_version_has_another_folder() -> None:
    folders = {
        Engine(Path(), name, version, "").folder
        for name, version in [("redis", (7, 0)), ("redis", (7, 2)), ("redis", (8, 0)), ("valkey", (8, 0))]
    }
    assert folders == {"redis-7", "redis-8", "valkey-8"}


HOLD = """
import sys, time
from pathlib import Path
from devtool.lock import held
with held(Path(sys.argv[1]), "in use"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_lock_names_its_holder_and_ends_with_it(tmp_path: Path) -> None:
    path = tmp_path / "up.lock"
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True)
    assert sure(holder.stdout).readline() == "held\n"
    with pytest.raises(Stop, match=rf"in use \(process {holder.pid}\); stop it first"), lock.held(path, "in use"):
        pass
    holder.kill()
    holder.wait()
    sure(holder.stdout).close()
    with lock.held(path, "in use"):
        assert path.read_text() == str(os.getpid())


def test_one_who_waits_gets_the_lock_when_it_is_free(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "setup.lock"
    code = HOLD.replace("60", "0.5")
    holder = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True)
    assert sure(holder.stdout).readline() == "held\n"
    with lock.held(path, "installing", wait=True):
        assert f"waiting for process {holder.pid}: installing" in capsys.readouterr().out
    holder.wait()
    sure(holder.stdout).close()
