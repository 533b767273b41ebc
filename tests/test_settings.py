"""Settings: names old and new, clear refusals, no secret in sight."""

from pathlib import Path

import pytest

from analytics.errors import SettingsError
from analytics.settings import TABLE, describe, read, require_safe

STRONG = {
    "MAESTRO_SECRETJWT_PRIVATE": "a" * 32,
    "MAESTRO_NOAUTH": "b" * 32,
    "MAESTRO_WEBSOCKET_SECRET": "c" * 32,
}


def test_the_ecosystems_defaults_hold_where_nothing_is_set() -> None:
    settings = read({})
    assert (settings.port, settings.web_processes) == (5020, 2)
    assert settings.data_uri == "http://localhost:5010"
    assert settings.front_uri == "http://localhost:9999"
    assert settings.websocket_uri == "http://localhost:8000"


@pytest.mark.parametrize(
    ("environ", "field", "value"),
    [
        ({"PORT": "8080"}, "port", 8080),
        ({"PORT": "8080", "MAESTRO_PORT": "9090"}, "port", 8080),
        ({"REDIS_TLS_URL": "rediss://x:1/0"}, "redis_url", "rediss://x:1/0"),
        ({"CELERY_BROKER_URL": "redis://old:6379"}, "redis_url", "redis://old:6379"),
        ({"CELERY_BROKER_URL": "amqp://rabbitmq:5672"}, "redis_url", "redis://127.0.0.1:6379/0"),
        ({"CELERY_BROKER_URL": "redis://old:1", "REDIS_URL": "redis://new:1"}, "redis_url", "redis://new:1"),
        ({"CELERYD_TASK_TIME_LIMIT": "10"}, "job_timeout", 10),
        ({"CELERYD_TASK_TIME_LIMIT": "10", "MAESTRO_JOB_TIMEOUT": "20"}, "job_timeout", 20),
        ({"MAESTRO_DATA_URI": "estate.json"}, "front_uri", ""),
        ({"MAESTRO_DATA_URI": "estate.json", "MAESTRO_ANALYTICS_FRONT_URI": "http://f:1/"}, "front_uri", "http://f:1"),
        ({"MAESTRO_WEBSOCKET_URI": "none"}, "websocket_uri", ""),
        ({"MAESTRO_BLOCKED_PLUGINS": "a, b"}, "blocked_plugins", ("a", "b")),
    ],
)
def test_a_variable_reaches_its_field(environ: dict[str, str], field: str, value: object) -> None:
    assert getattr(read(environ), field) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAESTRO_PORT", "70000"),
        ("MAESTRO_GWORKERS", "0"),
        ("MAESTRO_JOB_TIMEOUT", "soon"),
        ("MAESTRO_WORKER", "thread"),
        ("MAESTRO_PLUGINS_STRICT", "maybe"),
        ("MAESTRO_ANALYTICS_FRONT_URI", "ftp://x"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        read({name: value})


def test_all_wrong_variables_are_named_at_once_and_secrets_are_not() -> None:
    with pytest.raises(SettingsError) as caught:
        read({"MAESTRO_PORT": "x", "MAESTRO_WORKERS": "y", "REDIS_URL": "http://:hunter2@x"})
    assert all(name in str(caught.value) for name in ("MAESTRO_PORT", "MAESTRO_WORKERS", "REDIS_URL"))
    assert "hunter2" not in str(caught.value)


def test_weak_secrets_stop_the_start_outside_development() -> None:
    with pytest.raises(SettingsError) as caught:
        require_safe(read({**STRONG, "MAESTRO_NOAUTH": "short-and-secret"}))
    assert "MAESTRO_NOAUTH" in str(caught.value)
    assert "short-and-secret" not in str(caught.value)
    assert "MAESTRO_SECRETJWT_PRIVATE" not in str(caught.value)
    assert require_safe(read(STRONG)) == []


def test_development_runs_on_defaults_and_says_so() -> None:
    warnings = require_safe(read({"MAESTRO_ENV": "development"}))
    assert len(warnings) == 3


def test_the_table_is_printed_without_secrets() -> None:
    rows = describe(read({**STRONG, "REDIS_URL": "redis://:hunter2@x:1"}))
    printed = "\n".join(" ".join(row) for row in rows)
    assert len(rows) == len(TABLE)
    assert not any(secret in printed for secret in ("hunter2", *STRONG.values()))


def test_the_port_and_the_processes_that_a_platform_sets_count() -> None:
    set_by_platform = {"MAESTRO_ENV": "development", "MAESTRO_PORT": "5020", "PORT": "12345", "WEB_CONCURRENCY": "3"}
    assert read(set_by_platform).port == 12345
    assert read(set_by_platform).web_processes == 3
    assert read({**set_by_platform, "MAESTRO_GWORKERS": "1"}).web_processes == 1


def test_no_password_of_an_address_is_shown() -> None:
    settings = read({"MAESTRO_ENV": "development", "MAESTRO_ANALYTICS_FRONT_URI": "http://ops:hush@front:9999"})
    assert "hush" not in str(describe(settings))
    assert "http://…@front:9999" in str(describe(settings))


def test_a_short_password_of_the_dashboard_is_refused_in_production() -> None:
    secrets = dict.fromkeys(("MAESTRO_SECRETJWT_PRIVATE", "MAESTRO_NOAUTH", "MAESTRO_WEBSOCKET_SECRET"), "x" * 40)
    with pytest.raises(SettingsError, match="MAESTRO_DASHBOARD_PASSWORD"):
        require_safe(read({**secrets, "MAESTRO_DASHBOARD_PASSWORD": "ops"}))
    assert require_safe(read({**secrets, "MAESTRO_DASHBOARD_PASSWORD": "a long password"})) == []


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "noauth").write_text("x" * 40 + "\n")
    assert read({"MAESTRO_NOAUTH_FILE": str(tmp_path / "noauth")}).noauth == "x" * 40
    assert read({"MAESTRO_NOAUTH_FILE": str(tmp_path / "noauth"), "MAESTRO_NOAUTH": " "}).noauth == "x" * 40
    with pytest.raises(SettingsError, match="MAESTRO_NOAUTH_FILE; set one of them"):
        read({"MAESTRO_NOAUTH_FILE": str(tmp_path / "noauth"), "MAESTRO_NOAUTH": "y" * 40})
    for text in ("", "hush\nhush", "h" * 5000):
        (tmp_path / "wrong").write_text(text)
        with pytest.raises(SettingsError, match=r"MAESTRO_NOAUTH_FILE: .* does not hold one line") as caught:
            read({"MAESTRO_NOAUTH_FILE": str(tmp_path / "wrong")})
        assert "hush" not in str(caught.value)
    with pytest.raises(SettingsError, match=r"MAESTRO_NOAUTH_FILE: .*cannot be read"):
        read({"MAESTRO_NOAUTH_FILE": str(tmp_path / "none")})
    assert read({"MAESTRO_ENV_FILE": str(tmp_path / "none")}).environment == "production"
