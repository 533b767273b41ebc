"""Settings: read once from the environment, typed, frozen, each with a line of help.

:data:`TABLE` is the one list of variables; ``python -m analytics settings``
prints it without the values of secrets.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from .errors import SettingsError
from .model.kinds import EFFORTS, PROJECTIONS, Effort

#: Shipped with the ecosystem, known to everybody: refused outside development.
DEFAULT_SECRETS = {
    "MAESTRO_SECRETJWT_PRIVATE": "defaultSecretKeyPrivate",
    "MAESTRO_NOAUTH": "defaultSecretNoAuthToken",
    "MAESTRO_WEBSOCKET_SECRET": "wsSecretKey",
}
MIN_SECRET_BYTES = 32
MIN_PASSWORD = 12
#: Characters in the file of a secret.
MOST_IN_FILE = 4096
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable: the field it fills, its default as text, and what it is for.

    ``also`` are older or platform names, honoured in order where ``name`` is not set;
    ``before`` are those that count before it.
    """

    field: str
    name: str
    default: str
    help: str
    secret: bool = False
    also: tuple[str, ...] = ()
    before: tuple[str, ...] = ()


TABLE: tuple[Variable, ...] = (
    Variable(
        "environment", "MAESTRO_ENV", "production", "production or development; development accepts default secrets"
    ),
    Variable("host", "MAESTRO_HOST", "0.0.0.0", "address the web processes listen on"),  # noqa: S104 - behind a router
    Variable(
        "port",
        "MAESTRO_PORT",
        "5020",
        "port of the web processes; PORT, set by a platform, wins",
        before=("PORT",),
    ),
    Variable("web_processes", "MAESTRO_GWORKERS", "2", "number of web processes", also=("WEB_CONCURRENCY",)),
    Variable("workers", "MAESTRO_WORKERS", "2", "number of worker processes"),
    Variable("worker_mode", "MAESTRO_WORKER", "inprocess", "inprocess, or fork: each stage in a forked child"),
    Variable("worker_memory", "MAESTRO_WORKER_MEMORY", "1024", "MB a worker may hold before it is replaced"),
    Variable(
        "redis_url",
        "REDIS_URL",
        "redis://127.0.0.1:6379/0",
        "broker and run state: redis://, rediss://, unix:// or redis+sentinel://",
        secret=True,
        also=("REDIS_TLS_URL", "CELERY_BROKER_URL"),
    ),
    Variable(
        "redis_tls",
        "MAESTRO_REDIS_TLS",
        "checked",
        "certificate of a rediss:// Redis: checked, or unchecked where the provider signs its own, as Heroku does",
    ),
    Variable(
        "redis_wait",
        "MAESTRO_REDIS_WAIT",
        "300",
        "milliseconds an accepted request waits for a replica of Redis to hold it, where there is one; 0: not at all",
    ),
    Variable("queue", "MAESTRO_QUEUE", "analytics", "name of the one queue"),
    Variable(
        "job_timeout",
        "MAESTRO_JOB_TIMEOUT",
        "60",
        "seconds a stage may take unless its plugin says otherwise; of CPU where a command draws",
        also=("CELERYD_TASK_TIME_LIMIT",),
    ),
    Variable("attempts", "MAESTRO_ATTEMPTS", "5", "times a stage is tried before its graph ends in error"),
    Variable("run_ttl", "MAESTRO_RUN_TTL", "86400", "seconds a run's state and drawing are kept"),
    Variable("link_ttl", "MAESTRO_LINK_TTL", "86400", "seconds a signed link opens its graph"),
    Variable("window", "MAESTRO_WINDOW", "16", "graphs in work at once; the others wait, one owner like another"),
    Variable("patience", "MAESTRO_PATIENCE", "300", "seconds a stage is tried again while a neighbour does not answer"),
    Variable("plugin_wait", "MAESTRO_PLUGIN_WAIT", "300", "seconds a graph waits for a pool that has its plugin"),
    Variable(
        "kept_drawings", "MAESTRO_KEPT_DRAWINGS", "500", "newest drawings this service keeps in Redis, one a graph"
    ),
    Variable("kept_of_owner", "MAESTRO_KEPT_OF_OWNER", "250", "of them, drawings of one owner"),
    Variable("kept_mb", "MAESTRO_KEPT_MB", "256", "MB that kept drawings may take in Redis"),
    Variable(
        "versions",
        "MAESTRO_VERSIONS",
        "5",
        "versions of a graph that are kept to compare with; a graph drawn again keeps the places of the last; 0: none",
    ),
    Variable("versions_mb", "MAESTRO_VERSIONS_MB", "32", "MB that kept versions of one owner may take in Redis"),
    Variable(
        "all_versions_mb", "MAESTRO_ALL_VERSIONS_MB", "256", "MB that kept versions of all owners may take in Redis"
    ),
    Variable("versions_ttl", "MAESTRO_VERSIONS_TTL", "2592000", "seconds a graph's versions are kept after the last"),
    Variable("backlog", "MAESTRO_BACKLOG", "20000", "graphs that may wait before POST /graph answers 503"),
    Variable("owner_rate", "MAESTRO_OWNER_RATE", "6000", "graphs a minute one owner may request before 429"),
    Variable(
        "data_uri",
        "MAESTRO_DATA_URI",
        "http://localhost:5010",
        "the inventory: http(s):// Data App, mongodb:// directly, or a path or file:// URL of a JSON or YAML file",
        secret=True,
    ),
    Variable(
        "front_uri",
        "MAESTRO_ANALYTICS_FRONT_URI",
        "",
        "the Analytics Front, http://localhost:9999 beside a Data App; 'none': this service keeps and shows drawings",
    ),
    Variable(
        "websocket_uri",
        "MAESTRO_WEBSOCKET_URI",
        "",
        "the Centrifugo server, http://localhost:8000 beside a Data App; 'none': nothing is sent",
    ),
    Variable(
        "secret",
        "MAESTRO_SECRETJWT_PRIVATE",
        DEFAULT_SECRETS["MAESTRO_SECRETJWT_PRIVATE"],
        "signs and checks the private tokens",
        secret=True,
    ),
    Variable(
        "noauth",
        "MAESTRO_NOAUTH",
        DEFAULT_SECRETS["MAESTRO_NOAUTH"],
        "the word a private token must carry",
        secret=True,
    ),
    Variable(
        "websocket_secret",
        "MAESTRO_WEBSOCKET_SECRET",
        DEFAULT_SECRETS["MAESTRO_WEBSOCKET_SECRET"],
        "API key of the websocket server",
        secret=True,
    ),
    Variable("dashboard_user", "MAESTRO_DASHBOARD_USER", "ops", "name for the login of /rq/"),
    Variable(
        "dashboard_password",
        "MAESTRO_DASHBOARD_PASSWORD",
        "",
        "password for /rq/; empty: only a private token opens it",
        secret=True,
    ),
    Variable("dashboard_actions", "MAESTRO_DASHBOARD_ACTIONS", "0", "1 allows deleting and requeueing jobs at /rq/"),
    Variable("plugins_dir", "MAESTRO_PLUGINS_DIR", "", "a folder of further plugin files"),
    Variable("blocked_plugins", "MAESTRO_BLOCKED_PLUGINS", "", "names of plugins that are not loaded, comma separated"),
    Variable(
        "plugins_strict", "MAESTRO_PLUGINS_STRICT", "1", "0 starts without plugins that do not load, and shows them"
    ),
    Variable("effort", "MAESTRO_LAYOUT_EFFORT", "standard", "layout effort: fast, standard or best"),
    Variable(
        "kernels",
        "MAESTRO_LAYOUT_KERNELS",
        "auto",
        "the layout's hottest steps: auto, compiled where that is built, or python; the pictures are the same",
    ),
    Variable("projection", "MAESTRO_PROJECTION", "own", "flat, isometric, or own: as each graph type has it"),
    Variable("stale_days", "MAESTRO_STALE_DAYS", "30", "days unseen that mark a thing as stale; 0 marks none"),
    Variable("log_level", "MAESTRO_LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR"),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the environment decides. Durations in seconds, ``redis_wait`` in milliseconds, memory in MB."""

    environment: str
    host: str
    port: int
    web_processes: int
    workers: int
    worker_mode: str
    worker_memory: int
    redis_url: str
    redis_tls: str
    redis_wait: int
    queue: str
    job_timeout: int
    attempts: int
    run_ttl: int
    link_ttl: int
    window: int
    patience: int
    plugin_wait: int
    kept_drawings: int
    kept_of_owner: int
    kept_mb: int
    versions: int
    versions_mb: int
    all_versions_mb: int
    versions_ttl: int
    backlog: int
    owner_rate: int
    data_uri: str
    front_uri: str
    websocket_uri: str
    secret: str
    noauth: str
    websocket_secret: str
    dashboard_user: str
    dashboard_password: str
    dashboard_actions: bool
    plugins_dir: str
    blocked_plugins: tuple[str, ...]
    plugins_strict: bool
    effort: Effort
    kernels: str
    projection: Literal["own", "flat", "isometric"]
    stale_days: int
    log_level: str

    @property
    def data_app(self) -> bool:
        """Whether the inventory is that of a Data App, which holds graph documents too."""
        return scheme_of(self.data_uri) in DATA_APP

    @property
    def object_ids(self) -> bool:
        """Whether ids are those of a MongoDB, 24 hexadecimal digits; elsewhere they may be any text."""
        return self.data_app or scheme_of(self.data_uri) in DATABASE

    @property
    def development(self) -> bool:
        """Whether default secrets are accepted."""
        return self.environment == "development"


CHOICES = {
    "environment": ("production", "development"),
    "worker_mode": ("inprocess", "fork"),
    "redis_tls": ("checked", "unchecked"),
    "effort": EFFORTS,
    "kernels": ("auto", "python"),
    "projection": ("own", *PROJECTIONS),
    "log_level": ("DEBUG", "INFO", "WARNING", "ERROR"),
}
SCHEMES = {
    "redis_url": ("redis", "rediss", "unix", "redis+sentinel", "rediss+sentinel"),
    "front_uri": ("http", "https"),
    "websocket_uri": ("http", "https"),
}
#: Schemes of an inventory that is a Data App's, and of one that is read from its database.
DATA_APP, DATABASE = frozenset({"http", "https"}), frozenset({"mongodb", "mongodb+srv"})
NEIGHBOURS = {"front_uri": "http://localhost:9999", "websocket_uri": "http://localhost:8000"}
RANGES = {
    "port": (0, 65535),
    "web_processes": (1, 64),
    "workers": (1, 64),
    "worker_memory": (64, 1_000_000),
    "redis_wait": (0, 1500),
    "job_timeout": (1, 3600),
    "attempts": (1, 100),
    "run_ttl": (60, 10_000_000),
    "link_ttl": (60, 10_000_000),
    "window": (1, 10_000),
    "patience": (0, 3600),
    "plugin_wait": (0, 3600),
    "kept_drawings": (1, 1_000_000),
    "kept_of_owner": (1, 1_000_000),
    "kept_mb": (1, 1_000_000),
    "versions": (0, 1_000),
    "versions_mb": (1, 1_000_000),
    "all_versions_mb": (1, 1_000_000),
    "versions_ttl": (60, 100_000_000),
    "backlog": (1, 10_000_000),
    "owner_rate": (1, 10_000_000),
    "stale_days": (0, 36_500),
}


def scheme_of(address: str) -> str:
    """What stands before ``://``, in lower case; nothing in a plain path.

    >>> scheme_of("HTTP://data:5010"), scheme_of("estate.json")
    ('http', '')
    """
    scheme, separator, _ = address.partition("://")
    return scheme.strip().lower() if separator else ""


def read(environ: Mapping[str, str] | None = None) -> Settings:
    """Read every setting of :data:`TABLE` from ``environ`` (the process's own by default).

    Raises :class:`SettingsError` with every variable that cannot be used, never with a secret's value.

    >>> read({"MAESTRO_PORT": "8080", "MAESTRO_ENV": "development"}).port
    8080
    >>> read({"MAESTRO_PORT": "many"})
    Traceback (most recent call last):
    ...
    analytics.errors.SettingsError: MAESTRO_PORT: 'many' is not a whole number
    """
    environ = os.environ if environ is None else environ
    values: dict[str, object] = {}
    wrong: list[str] = []
    kinds = {field.name: str(field.type) for field in fields(Settings)}
    for variable in TABLE:
        try:
            name, raw = chosen(variable, environ)
        except ValueError as exc:
            wrong.append(str(exc))
            continue
        try:
            values[variable.field] = convert(variable, kinds[variable.field], raw)
        except ValueError as exc:
            wrong.append(f"{name}: {exc}")
    if wrong:
        raise SettingsError("; ".join(wrong))
    for name, neighbour in NEIGHBOURS.items():
        # The neighbours come as a set: beside a Data App they have their usual addresses,
        # with an inventory of another kind there are none unless they are named.
        beside = scheme_of(str(values["data_uri"])) in DATA_APP
        values[name] = {"": neighbour if beside else "", "none": ""}.get(str(values[name]), values[name])
    return Settings(**values)  # type: ignore[arg-type]


def value_of(field: str, environ: Mapping[str, str] | None = None) -> object:
    """The value of one field, for what is decided before or without the others; raises :class:`SettingsError`.

    >>> value_of("kernels", {"MAESTRO_LAYOUT_KERNELS": "Python"})
    'python'
    """
    variable = next(variable for variable in TABLE if variable.field == field)
    kind = next(str(one.type) for one in fields(Settings) if one.name == field)
    try:
        _, raw = chosen(variable, os.environ if environ is None else environ)
        return convert(variable, kind, raw)
    except ValueError as exc:
        raise SettingsError(f"{variable.name}: {exc}") from None


def chosen(variable: Variable, environ: Mapping[str, str]) -> tuple[str, str]:
    """The name that is set, and its value; a former broker URL counts only where it names a Redis.

    A secret may stand in a file, which ``<NAME>_FILE`` names, as containers and systemd hand them out.
    Raises :class:`ValueError`, beginning with the name, for a file that cannot be read.
    """
    for name in (*variable.before, variable.name, *variable.also):
        value = environ.get(name, "").strip()
        if variable.secret and (path := environ.get(f"{name}_FILE", "").strip()):
            if value:
                raise ValueError(f"{name}: stands in {name} and in {name}_FILE; set one of them")
            value = text_of(f"{name}_FILE", path)
        if not value or (name == "CELERY_BROKER_URL" and not value.startswith(("redis://", "rediss://"))):
            continue
        return name, value
    return variable.name, variable.default


def text_of(name: str, path: str) -> str:
    """What the file of a secret holds. Raises :class:`ValueError` without a word of it."""
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read(MOST_IN_FILE + 1).strip()
    except (OSError, UnicodeDecodeError) as exc:
        raise ValueError(f"{name}: {path!r} cannot be read ({type(exc).__name__})") from None
    if not text or len(text) > MOST_IN_FILE or "\n" in text:
        raise ValueError(f"{name}: {path!r} does not hold one line of text")
    return text


def convert(variable: Variable, kind: str, raw: str) -> object:
    """``raw`` as the type of its field; :class:`ValueError` says what is wrong without repeating a secret."""
    shown = "the value" if variable.secret else repr(raw)
    if kind == "int":
        try:
            number = int(float(raw)) if variable.field == "job_timeout" else int(raw)
        except (ValueError, OverflowError):
            raise ValueError(f"{shown} is not a whole number") from None
        low, high = RANGES[variable.field]
        if not low <= number <= high:
            raise ValueError(f"{shown} is not between {low} and {high}")
        return number
    if kind == "bool":
        if raw.lower() not in ("0", "1", "true", "false", "yes", "no"):
            raise ValueError(f"{shown} is neither 1 nor 0")
        return raw.lower() in ("1", "true", "yes")
    if kind == "tuple[str, ...]":
        return tuple(word.strip() for word in raw.split(",") if word.strip())
    if variable.field in CHOICES:
        word = raw.upper() if variable.field == "log_level" else raw.lower()
        if word not in CHOICES[variable.field]:
            raise ValueError(f"{shown} is none of {', '.join(CHOICES[variable.field])}")
        return word
    if variable.field in NEIGHBOURS:
        raw = "none" if raw.lower() == "none" else raw.rstrip("/")
    if variable.field in SCHEMES and raw not in ("", "none") and urlsplit(raw).scheme not in SCHEMES[variable.field]:
        raise ValueError(f"{shown} does not begin with {' or '.join(f'{s}://' for s in SCHEMES[variable.field])}")
    return raw


def weak_secrets(settings: Settings) -> list[str]:
    """The variables whose secret is a well-known default or too short.

    The websocket's key matters only where a websocket server is configured.
    """
    held = {"MAESTRO_SECRETJWT_PRIVATE": settings.secret, "MAESTRO_NOAUTH": settings.noauth}
    if settings.websocket_uri:
        held["MAESTRO_WEBSOCKET_SECRET"] = settings.websocket_secret
    return [
        name for name, value in held.items() if value == DEFAULT_SECRETS[name] or len(value.encode()) < MIN_SECRET_BYTES
    ]


def require_safe(settings: Settings) -> list[str]:
    """Refuse a start on weak secrets outside development; in development return the warnings to print.

    Raises :class:`SettingsError` naming each variable, never its value.
    """
    if settings.dashboard_password and len(settings.dashboard_password) < MIN_PASSWORD and not settings.development:
        raise SettingsError(f"MAESTRO_DASHBOARD_PASSWORD: shorter than {MIN_PASSWORD} characters")
    weak = weak_secrets(settings)
    if weak and not settings.development:
        raise SettingsError(
            f"{', '.join(weak)}: a default, or shorter than {MIN_SECRET_BYTES} bytes; set a secret of your own "
            "(python -c 'import secrets; print(secrets.token_urlsafe(32))'), or MAESTRO_ENV=development for a trial"
        )
    return [f"{name} is a well-known default or short: for trial use only" for name in weak]


def without_credentials(address: str) -> str:
    """An address without the name and password that may stand in it.

    >>> without_credentials("https://ops:hush@front:9999/a"), without_credentials("standard")
    ('https://…@front:9999/a', 'standard')
    """
    scheme, separator, rest = address.partition("://")
    place, slash, path = rest.partition("/")
    return f"{scheme}://…@{place.rpartition('@')[2]}{slash}{path}" if separator and "@" in place else address


def describe(settings: Settings) -> list[tuple[str, str, str]]:
    """Every variable with the value in force (secrets hidden) and its help, in the table's order."""
    rows = []
    for variable in TABLE:
        value = getattr(settings, variable.field)
        if variable.secret:
            shown = "(set)" if value and value != variable.default else "(default)" if value else "(empty)"
        else:
            shown = (
                ",".join(value) if isinstance(value, tuple) else str(int(value) if isinstance(value, bool) else value)
            )
            shown = without_credentials(shown)
        rows.append((variable.name, shown or "(none)", variable.help))
    return rows
