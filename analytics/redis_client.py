"""The connection to Redis: alone, over TLS, or through sentinels."""

from __future__ import annotations

import ssl
import time
from typing import Any, cast

import redis.sentinel
from redis import ConnectionError as NoConnection
from redis import Redis, RedisError
from redis.backoff import ExponentialBackoff
from redis.retry import Retry
from redis.sentinel import SentinelManagedConnection, SentinelManagedSSLConnection

from .errors import SettingsError
from .settings import Settings

#: Seconds until a connection asks the sentinels again whether it leads to the master, and where none answered.
LOOK_AGAIN, SENTINELS_AWAY = 1.0, 30.0


def connect_redis(settings: Settings, *, patient: bool) -> Redis:
    """A client for ``REDIS_URL``. Web processes are impatient: a caller waits for their answer.

    Raises :class:`SettingsError` for an address that cannot be used.
    """
    tries = 3 if patient else 1
    options: dict[str, Any] = {
        "socket_connect_timeout": 2.0 if patient else 0.5,
        # A worker blocks on the queue for minutes; RQ sets its own longer limit there.
        "socket_timeout": 10.0 if patient else 2.0,
        "retry": Retry(ExponentialBackoff(cap=1.0, base=0.05), tries),
        "health_check_interval": 30,
    }
    url = settings.redis_url
    if url.startswith("rediss") and settings.redis_tls == "unchecked":
        options |= {"ssl_cert_reqs": "none", "ssl_check_hostname": False}
    try:
        if "+sentinel://" in url:
            return sentinel_master(url, options)
        return Redis.from_url(url, **options)
    except (ValueError, TypeError) as exc:
        raise SettingsError("REDIS_URL: not an address that can be used") from exc


def refuse_untrusted(client: Redis) -> None:
    """Ask once; a certificate that is not trusted stops the start, as waiting would not mend it.

    Raises :class:`SettingsError`. A Redis that is away for now stops nothing.
    """
    try:
        client.ping()
    except (RedisError, OSError) as exc:
        if reason := certificate_refused(exc):
            raise SettingsError(
                f"REDIS_URL: the certificate of Redis is not trusted ({reason}); name its authority's file in "
                "SSL_CERT_FILE, or set MAESTRO_REDIS_TLS=unchecked where the provider signs its own, as Heroku does"
            ) from None


def certificate_refused(exc: BaseException | None) -> str:
    """Why the other side's certificate was refused, in OpenSSL's words; empty where it was not."""
    seen: set[int] = set()
    while exc is not None and id(exc) not in seen:
        if isinstance(exc, ssl.SSLCertVerificationError):
            return str(exc.verify_message)
        seen.add(id(exc))
        exc = exc.__cause__ or exc.__context__
    return ""


class _ToTheMaster:
    """A connection to a sentinel's master that is closed when a read is interrupted, or another is the master.

    Every other connection of redis-py is closed when an alarm or a signal interrupts a read. This one stays open by
    default, and the next command would be given the reply to the interrupted one, or wait behind it.
    redis-py asks sentinels where to connect to. Whoever is connected stays with a master that was deposed until
    that is told so: for ten seconds after a failover by word it takes writes that are lost then.
    """

    host: str
    port: int
    connection_pool: Any
    _looks: float = 0.0

    def connect_to(self, address: tuple[str, int]) -> None:
        """Connect to who is the master now."""
        self._looks = time.monotonic() + LOOK_AGAIN
        super().connect_to(address)  # type: ignore[misc]

    def check_health(self) -> None:
        """Before a command: whether this is the master still. Raises :class:`redis.ConnectionError`."""
        now = time.monotonic()
        if now >= self._looks:
            self._looks = now + LOOK_AGAIN
            try:
                deposed = self.connection_pool.get_master_address() != (self.host, self.port)
            except RedisError:  # sentinels that are away stop nobody who is connected
                deposed, self._looks = False, now + SENTINELS_AWAY
            if deposed:
                self.disconnect()  # type: ignore[attr-defined]
                raise NoConnection("another Redis is the master now")
        super().check_health()  # type: ignore[misc]

    def read_response(self, disable_decoding: bool = False, **options: Any) -> Any:
        """The next reply."""
        options.setdefault("disconnect_on_error", True)
        return super().read_response(disable_decoding, **options)  # type: ignore[misc]


class SentinelConnection(_ToTheMaster, SentinelManagedConnection):
    """To a master in clear text."""


class SentinelTlsConnection(_ToTheMaster, SentinelManagedSSLConnection):
    """To a master over TLS."""


def sentinel_master(url: str, options: dict[str, Any]) -> Redis:
    """The master behind ``redis+sentinel://[user:password@]host:port[,host:port…]/name[/db]``."""
    scheme, _, rest = url.partition("+sentinel://")
    place, _, path = rest.partition("/")
    credentials, _, hosts = place.rpartition("@")
    user, _, password = credentials.partition(":")
    name, _, db = path.partition("/")
    if not name:
        raise ValueError("a sentinel address ends with the name of its master")
    pairs = [(host, int(port or 26379)) for host, _, port in (item.partition(":") for item in hosts.split(","))]
    unchecked = {name: value for name, value in options.items() if name.startswith("ssl_")}
    secure = {"ssl": True, **unchecked} if scheme == "rediss" else {}
    make: Any = redis.sentinel.Sentinel  # it is not typed
    sentinel = make(pairs, socket_timeout=options["socket_connect_timeout"], **secure)
    login = {"username": user or None, "password": password or None}
    connection = SentinelTlsConnection if secure else SentinelConnection
    return cast(Redis, sentinel.master_for(name, db=int(db or 0), connection_class=connection, **login, **options))
