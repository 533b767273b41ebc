"""What a container image, or a name, says of the software in it: exact words, never parts of words. Pure."""

from __future__ import annotations

import re

_BY_FAMILY = {
    "Database": "postgres postgresql mysql mariadb percona mongo mongodb cassandra scylla scylladb clickhouse "
    "cockroach cockroachdb mssql sqlserver azuresqledge oracle neo4j influxdb timescaledb etcd couchdb elasticsearch "
    "opensearch solr postgis",
    "Cache": "redis redismod valkey memcached dragonfly hazelcast",
    "Broker": "rabbitmq kafka nats activemq artemis pulsar mosquitto redpanda zookeeper",
    "Loadbalance": "nginx haproxy traefik envoy",
    "ApiGateway": "kong apisix tyk",
    "ObjectStorage": "minio",
    "Auth": "keycloak dex authelia vault",
    "Monitor": "prometheus grafana jaeger tempo zipkin otel opentelemetry",
    "Logs": "loki fluentd fluent logstash kibana",
    "ServiceDiscovery": "consul nacos eureka",
}
_FAMILY = {word: family for family, words in _BY_FAMILY.items() for word in words.split()}
#: Families that a web server's or collector's image tells only where it is the whole name: `nginx`, not `shop-nginx`.
_ALONE = frozenset({"nginx", "envoy", "fluent", "otel", "opentelemetry"})
#: What serves nothing itself: it watches, installs or measures what the image's other words name.
_BESIDE = frozenset({"exporter", "operator", "backup", "proxy", "client", "admin", "ui", "init", "sidecar", "tools"})
#: Endings of names that tell a family where the image does not.
_ENDINGS = {"db": "Database", "database": "Database", "redis": "Cache", "cache": "Cache", "queue": "Broker"}
_ENDINGS |= {"mysql": "Database", "postgres": "Database", "mongo": "Database", "mongodb": "Database"}
_ENDINGS |= {"rabbitmq": "Broker", "kafka": "Broker", "memcached": "Cache"}
#: Containers that stand beside the main one.
SIDECARS = frozenset({"istio-proxy", "envoy", "linkerd-proxy", "cloud-sql-proxy", "cloudsql-proxy", "exporter"})


def image_name(image: str) -> str:
    """The last part of an image without registry, tag and digest.

    >>> image_name("ghcr.io:5000/acme/shop-web:1.2@sha256:ab"), image_name("postgres:15")
    ('shop-web', 'postgres')
    """
    return image.partition("@")[0].rpartition("/")[2].partition(":")[0].strip().lower()


def tag_of(image: str) -> str:
    """The tag of an image, empty where it says none.

    >>> tag_of("localhost:5000/web:1.2"), tag_of("localhost:5000/web"), tag_of("web@sha256:ab")
    ('1.2', '', '')
    """
    last = image.partition("@")[0].rpartition("/")[2]
    return last.partition(":")[2]


def family_of_image(image: str) -> str:
    """The family an image tells of; empty where it tells none.

    >>> family_of_image("bitnami/postgresql:15"), family_of_image("acme/payment-gateway")
    ('Database', '')
    >>> family_of_image("prom/redis-exporter"), family_of_image("mcr.microsoft.com/azure-sql-edge")
    ('', 'Database')
    """
    name = image_name(image)
    words = re.split(r"[-_.]", name)
    if not _BESIDE.isdisjoint(words):
        return ""
    joined = "".join(words)
    if joined in _FAMILY:
        return _FAMILY[joined]
    return next((_FAMILY[word] for word in words if word in _FAMILY and word not in _ALONE), "")


def family_of_name(name: str) -> str:
    """The family that a name ends in, for things whose image says nothing.

    >>> family_of_name("carts-db"), family_of_name("redis-cart"), family_of_name("audit")
    ('Database', '', '')
    """
    words = re.split(r"[-_.]", name.lower())
    if not _BESIDE.isdisjoint(words):
        return ""
    return _ENDINGS.get(words[-1], "") if len(words) > 1 else _FAMILY.get(words[0], _ENDINGS.get(words[0], ""))


def is_sidecar(name: str, image: str) -> bool:
    """Whether a container stands beside the main one."""
    words = {name.lower(), image_name(image)}
    return not SIDECARS.isdisjoint(words) or any(word.endswith("-exporter") for word in words)
