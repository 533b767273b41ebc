"""Calls that were measured: Jaeger, Zipkin, traces as JSON, Prometheus' service graphs, Istio, Kiali's graph.

Whoever appears is an application, whoever calls whom a line with what was measured of
it. A call that is not in such a file may exist all the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analytics import hookimpl
from analytics.sources import Draft, Part, Reader, Recognition, family_of_name, listed, mapping, mappings

COLLECT = (
    "curl '<jaeger>/api/dependencies?endTs=<ms>&lookback=<ms>'; of Prometheus "
    "'sum by (client, server, connection_type) (rate(traces_service_graph_request_total[1h]))'; "
    "of Kiali '/api/namespaces/graph?graphType=workload&namespaces=…'"
)
#: Families by what a service graph says of the connection.
CONNECTIONS = {"database": "Database", "messaging_system": "Broker", "virtual_node": ""}
#: Callers that stand for the world outside.
OUTSIDE = frozenset({"", "user", "unknown"})
Identity = tuple[str, str, str]
"""Cluster, namespace and name of a service."""


@dataclass
class Call:
    """What was measured of the calls between two services."""

    count: float = 0.0
    rate: float | None = None
    failed: float | None = None
    latency: float | None = None
    words: str = ""


@dataclass
class Span:
    """One span: its service, its parent, and what it says of the other end."""

    service: str
    parent: str
    kind: str
    tags: Mapping[str, str]
    path: tuple[str | int, ...]


@dataclass
class Traffic:
    """Services and calls, added up over all parts, each with where it was first seen."""

    services: dict[Identity, dict[str, Any]] = field(default_factory=dict)
    seen: dict[Identity, tuple[Part, tuple[str | int, ...]]] = field(default_factory=dict)
    calls: dict[tuple[Identity, Identity], Call] = field(default_factory=dict)
    roots: set[Identity] = field(default_factory=set)
    spans: dict[str, tuple[Part, Span]] = field(default_factory=dict)

    def service(self, identity: Identity, part: Part, path: tuple[str | int, ...], **fields: Any) -> Identity:
        """Note a service; what is said of it first stays."""
        self.seen.setdefault(identity, (part, path))
        held = self.services.setdefault(identity, {})
        for name, value in fields.items():
            if value and name not in held:
                held[name] = value
        return identity

    def call(self, source: Identity, target: Identity) -> Call:
        """The call between two services."""
        return self.calls.setdefault((source, target), Call())


def recognise(part: Part) -> Recognition:
    """One of the answers of the programs that measure calls."""
    return any(told(part.value) for told in FORMATS)


def read(parts: Sequence[Part], draft: Draft) -> None:
    """Everything that the parts measured, as one traffic."""
    traffic = Traffic()
    for part in parts:
        next(reader for told, reader in FORMATS.items() if told(part.value))(part, traffic, draft)
    follow_spans(traffic)
    own = sum(1 for source, target in traffic.calls if source == target)
    draft.fold("call of oneself", "its service", own)
    for identity, fields in sorted(traffic.services.items()):
        cluster, namespace, name = identity
        part, path = traffic.seen[identity]
        draft.add(
            "applications", key_of(identity), part, path, how="measured", names=[name], name=name, cluster=cluster,
            namespace=namespace, **{"family": family_of_name(name) or "Application", **fields},
        )  # fmt: skip
    for (source, target), call in sorted(traffic.calls.items()):
        if source == target:
            continue
        document = draft.documents["applications"][key_of(source)]
        errors = call.failed
        if errors is not None and call.rate:
            errors = min(1.0, errors / call.rate)
        draft.call(
            document, key_of(target), how="measured", endpoint=call.words, calls=whole(call.count), rate=call.rate,
            errors=errors, latency=call.latency,
        )  # fmt: skip
    add_systems(traffic, draft)


def key_of(identity: Identity) -> str:
    """The id of a service: cluster, namespace and name, as far as they are told."""
    return "/".join(word for word in identity if word)


def whole(value: float) -> int | float | None:
    """A count; nothing for none."""
    if not value or not math.isfinite(value):
        return None
    return int(value) if value == int(value) else value


def number(value: object) -> float | None:
    """A number that may be written as text; what is none, or not finite, is not known.

    >>> number("12.5"), number("NaN"), number(True), number(None)
    (12.5, None, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) and found >= 0 else None


def word(value: object) -> str:
    """A name as text."""
    return str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def add_systems(traffic: Traffic, draft: Draft) -> None:
    """A system for each namespace, or one for all; entered by what is said to be a root, else by what nobody calls."""
    called = {target for source, target in traffic.calls if source != target}
    spaces: dict[str, list[Identity]] = {}
    for identity in traffic.services:
        if traffic.services[identity].get("kind") != "external":
            spaces.setdefault(identity[1] or "traced", []).append(identity)
    for name, held in sorted(spaces.items()):
        doors = [one for one in held if one in traffic.roots] or [one for one in held if one not in called]
        part, path = traffic.seen[min(held)]
        key = f"system/{name}"
        entry = [{"_id": key_of(one)} for one in sorted(doors)]
        draft.add(
            "systems", key, part, path, how="inferred", why="namespace of what was traced", name=name, entry=entry
        )
        for one in held:
            draft.documents["applications"][key_of(one)]["system"] = [{"_id": key, "name": name}]


# --- Jaeger and Zipkin ------------------------------------------------------------------


def dependencies_in(value: Any) -> Sequence[Any]:
    """The list of dependencies of an answer, or the bare list."""
    return listed(value, "data") if isinstance(value, dict) else value if isinstance(value, list) else []


def is_dependencies(value: Any) -> bool:
    """Jaeger's and Zipkin's answer to who calls whom."""
    held = dependencies_in(value)
    return bool(held) and all(isinstance(one, dict) and {"parent", "child", "callCount"} <= one.keys() for one in held)


def read_dependencies(part: Part, traffic: Traffic, draft: Draft) -> None:
    """Calls summed per pair, in a window that the answer does not tell."""
    base = ("data",) if isinstance(part.value, dict) else ()
    for place, one in enumerate(dependencies_in(part.value)):
        path = (*base, place)
        source, target, count = word(one["parent"]), word(one["child"]), number(one["callCount"])
        if not source or not target or count is None:
            draft.remark(part, path, "warning", "call", "a dependency without parent, child or a count of at least 0")
            draft.skip("dependency", "it cannot be read")
            continue
        ends = [traffic.service(("", "", name), part, path) for name in (source, target)]
        call = traffic.call(ends[0], ends[1])
        call.count += count
        failed = number(one.get("errorCount"))
        if failed is not None and count:
            call.failed = min(1.0, failed / count)


# --- traces -----------------------------------------------------------------------------


def is_traces(value: Any) -> bool:
    """Traces of Jaeger's API, or OTLP as JSON."""
    if not isinstance(value, dict):
        return False
    jaeger = mappings(value.get("data"))
    return bool(jaeger and "spans" in jaeger[0] and "processes" in jaeger[0]) or isinstance(
        value.get("resourceSpans"), list
    )


def read_traces(part: Part, traffic: Traffic, draft: Draft) -> None:
    """The spans of a part; who calls whom is known when all of them are."""
    spans = jaeger_spans(part.value) if "data" in part.value else otlp_spans(part.value)
    traffic.spans |= {key: (part, span) for key, span in spans}
    draft.remark(part, (), "note", "sample", "traces are a sample: who calls whom is shown, and no rates")


def follow_spans(traffic: Traffic) -> None:
    """A call is a span whose parent is another service's; databases and brokers are named by those who call them."""
    spans = {key: span for key, (_, span) in traffic.spans.items()}
    answered = {span.parent for span in spans.values() if span.parent in spans}
    for key, (part, span) in traffic.spans.items():
        traffic.service(("", "", span.service), part, span.path)
        parent = spans.get(span.parent)
        if parent is not None and parent.service != span.service:
            call = traffic.call(("", "", parent.service), ("", "", span.service))
            call.count += 1
            call.words = call.words or ("messages" if span.kind == "consumer" else span.tags.get("rpc.system", ""))
        if span.kind in ("client", "producer") and key not in answered:
            follow_remote(part, traffic, span)


def follow_remote(part: Part, traffic: Traffic, span: Span) -> None:
    """The other end of a span that nobody answered."""
    system = span.tags.get("db.system") or span.tags.get("messaging.system", "")
    other = span.tags.get("peer.service") or span.tags.get("server.address") or span.tags.get("net.peer.name") or system
    if not other or other == span.service:
        return
    family = "Database" if "db.system" in span.tags else "Broker" if span.kind == "producer" else ""
    family = {"redis": "Cache", "memcached": "Cache"}.get(system, family)
    traffic.service(("", "", other), part, span.path, family=family, kind="external")
    call = traffic.call(("", "", span.service), ("", "", other))
    call.count += 1
    call.words = call.words or system


def jaeger_spans(value: Mapping[str, Any]) -> Iterator[tuple[str, Span]]:
    """The spans of Jaeger's traces by trace and id."""
    for at, trace in enumerate(mappings(value.get("data"))):
        names = {key: word(mapping(one).get("serviceName")) for key, one in mapping(trace, "processes").items()}
        for place, one in enumerate(mappings(trace.get("spans"))):
            tags = {word(tag.get("key")): str(tag.get("value")) for tag in mappings(one.get("tags"))}
            references = mappings(one.get("references"))
            parent = next((word(each.get("spanID")) for each in references), word(one.get("parentSpanID")))
            trace_id, service = word(one.get("traceID")), names.get(word(one.get("processID")), "")
            if service:
                place_of = ("data", at, "spans", place)
                span = Span(service, f"{trace_id}/{parent}", tags.get("span.kind", ""), tags, place_of)
                yield f"{trace_id}/{word(one.get('spanID'))}", span


def otlp_spans(value: Mapping[str, Any]) -> Iterator[tuple[str, Span]]:
    """The spans of OTLP's JSON by trace and id."""
    kinds = {2: "server", 3: "client", 4: "producer", 5: "consumer"}
    for at, resource in enumerate(mappings(value.get("resourceSpans"))):
        service = otlp_tags(mapping(resource, "resource").get("attributes")).get("service.name", "")
        for scope in mappings(resource.get("scopeSpans") or resource.get("instrumentationLibrarySpans")):
            for one in mappings(scope.get("spans")):
                kind = one.get("kind")
                said = kinds.get(kind, "") if isinstance(kind, int) else word(kind).rpartition("_")[2].lower()
                trace_id = word(one.get("traceId"))
                if service:
                    parent, tags = word(one.get("parentSpanId")), otlp_tags(one.get("attributes"))
                    span = Span(service, f"{trace_id}/{parent}", said, tags, ("resourceSpans", at))
                    yield f"{trace_id}/{word(one.get('spanId'))}", span


def otlp_tags(value: Any) -> dict[str, str]:
    """OTLP's attributes as texts."""
    return {word(one.get("key")): str(next(iter(mapping(one, "value").values()), "")) for one in mappings(value)}


# --- Prometheus and Istio ---------------------------------------------------------------


def is_prometheus(value: Any) -> bool:
    """An answer of Prometheus with the labels of a service graph, or Istio's."""
    results = mappings(mapping(value, "data").get("result")) if isinstance(value, dict) else []
    labels = [mapping(one, "metric") for one in results]
    pairs = ({"client", "server"}, {"source_workload", "destination_workload"})
    return bool(labels) and any(all(pair <= one.keys() for one in labels) for pair in pairs)


def read_prometheus(part: Part, traffic: Traffic, draft: Draft) -> None:
    """Each value by the measure its name, or the label ``measure``, says; a bare vector is a rate."""
    for place, one in enumerate(mappings(mapping(part.value, "data").get("result"))):
        path = ("data", "result", place)
        labels = mapping(one, "metric")
        value = one.get("value") or (listed(one, "values") or [None])[-1]
        amount = number(value[1]) if isinstance(value, list) and len(value) > 1 else None
        istio = "source_workload" in labels
        if istio and labels.get("reporter") == "source":
            draft.skip("series", "the other end reports it too")
            continue
        if amount is None:
            draft.skip("series", "its value is no number")
            continue
        source, target = (
            istio_ends(labels) if istio else (("", "", word(labels["client"])), ("", "", word(labels["server"])))
        )
        traffic.service(target, part, path, family=CONNECTIONS.get(word(labels.get("connection_type")), ""))
        if source[2] in OUTSIDE:
            traffic.roots.add(target)
            draft.fold("call from outside", "the service it enters by")
            continue
        traffic.service(source, part, path)
        measured(traffic.call(source, target), word(labels.get("measure") or labels.get("__name__")), amount)


def istio_ends(labels: Mapping[str, Any]) -> tuple[Identity, Identity]:
    """The two ends of one of Istio's series."""
    ends = [
        (
            word(labels.get(f"{end}_cluster")),
            word(labels.get(f"{end}_workload_namespace")),
            word(labels.get(f"{end}_workload")),
        )
        for end in ("source", "destination")
    ]
    return ends[0], ends[1]


def measured(call: Call, measure: str, amount: float) -> None:
    """One number on a call, by what it is a number of."""
    if "failed" in measure or "error" in measure:
        call.failed = (call.failed or 0.0) + amount
    elif "seconds" in measure or "latency" in measure or "duration" in measure:
        millis = amount if "milliseconds" in measure else amount * 1000
        call.latency = max(call.latency or 0.0, millis)
    else:
        call.rate = (call.rate or 0.0) + amount


# --- Kiali ------------------------------------------------------------------------------


def is_kiali(value: Any) -> bool:
    """Kiali's graph."""
    elements = mapping(value, "elements") if isinstance(value, dict) else {}
    return isinstance(elements.get("nodes"), list) and isinstance(elements.get("edges"), list)


def read_kiali(part: Part, traffic: Traffic, draft: Draft) -> None:
    """Nodes by cluster, namespace and what they are; boxes are places and no nodes."""
    known: dict[str, Identity] = {}
    for place, one in enumerate(mappings(mapping(part.value, "elements").get("nodes"))):
        data = mapping(one, "data")
        if data.get("isBox") or data.get("isGroup"):
            draft.fold("box", "the place of its members")
            continue
        name = word(data.get("workload")) or word(data.get("app")) or word(data.get("service"))
        version = word(data.get("version"))
        outside = (
            bool(data.get("isOutside") or data.get("isServiceEntry") or data.get("isInaccessible")) or name in OUTSIDE
        )
        if name in OUTSIDE:
            draft.fold("unknown caller", "the services it enters by")
            continue
        identity = (word(data.get("cluster")), word(data.get("namespace")), name)
        known[word(data.get("id"))] = traffic.service(
            identity, part, ("elements", "nodes", place), kind="external" if outside else "", version=version
        )
        if data.get("isRoot"):
            traffic.roots.add(identity)
    for one in mappings(mapping(part.value, "elements").get("edges")):
        data = mapping(one, "data")
        source, target = known.get(word(data.get("source"))), known.get(word(data.get("target")))
        if target is not None and source is None:
            traffic.roots.add(target)
        if source is None or target is None:
            draft.skip("edge", "one of its ends is outside or not in the file")
            continue
        call = traffic.call(source, target)
        traffic_of = mapping(data, "traffic")
        protocol, rates = word(traffic_of.get("protocol")), mapping(traffic_of, "rates")
        call.words = call.words or protocol
        rate = number(rates.get(protocol))
        if rate is not None and protocol != "tcp":  # tcp counts bytes
            call.rate = (call.rate or 0.0) + rate
            share = number(next((value for key, value in rates.items() if key.endswith("PercentErr")), None))
            call.failed = (call.failed or 0.0) + rate * share / 100 if share is not None else call.failed
        latency = number(data.get("responseTime"))
        call.latency = max(call.latency or 0.0, latency) if latency is not None else call.latency


FORMATS = {
    is_dependencies: read_dependencies,
    is_traces: read_traces,
    is_prometheus: read_prometheus,
    is_kiali: read_kiali,
}


@hookimpl
def analytics_sources() -> Iterator[Reader]:
    yield Reader(
        "calls", "measured calls: Jaeger, Zipkin, OTLP, Prometheus, Istio, Kiali", recognise, read, COLLECT, rank=20
    )
