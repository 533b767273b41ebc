"""Kubernetes: manifests, rendered charts, and what ``kubectl get -o json`` answers.

Workloads become applications; Services, Ingresses, routes, claims and policies become
facts of the workloads they belong to; calls follow from addresses in environment values
and arguments, of which host and port are read and nothing else.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analytics import hookimpl
from analytics.sources import (
    Draft,
    Mention,
    Part,
    Reader,
    Recognition,
    cores,
    expanded,
    family_of_image,
    family_of_name,
    is_sidecar,
    listed,
    mapping,
    mappings,
    memory_gb,
    mentions,
    tag_of,
)

COLLECT = (
    "kubectl get deploy,sts,ds,job,cronjob,pod,svc,ingress,netpol,hpa,pvc,ns,node -A -o json; "
    "of charts the output of: helm template, of overlays: kubectl kustomize"
)
#: Workloads by group and kind; the group without its version.
WORKLOADS = {
    ("apps", "Deployment"), ("apps", "StatefulSet"), ("apps", "DaemonSet"), ("apps", "ReplicaSet"),
    ("extensions", "Deployment"), ("extensions", "DaemonSet"), ("extensions", "ReplicaSet"),
    ("batch", "Job"), ("batch", "CronJob"), ("", "Pod"), ("", "ReplicationController"),
    ("argoproj.io", "Rollout"), ("apps.openshift.io", "DeploymentConfig"), ("serving.knative.dev", "Service"),
}  # fmt: skip
#: Resources of operators that are software by themselves: the family, and where the number of instances stands.
OPERATED = {
    ("postgresql.cnpg.io", "Cluster"): ("Database", ("instances",)),
    ("acid.zalan.do", "postgresql"): ("Database", ("numberOfInstances",)),
    ("kafka.strimzi.io", "Kafka"): ("Broker", ("kafka", "replicas")),
    ("rabbitmq.com", "RabbitmqCluster"): ("Broker", ("replicas",)),
    ("elasticsearch.k8s.elastic.co", "Elasticsearch"): ("Database", ()),
    ("mongodbcommunity.mongodb.com", "MongoDBCommunity"): ("Database", ("members",)),
    ("redis.redis.opstreelabs.in", "Redis"): ("Cache", ()),
}
ROUTES = {
    ("gateway.networking.k8s.io", "HTTPRoute"), ("gateway.networking.k8s.io", "GRPCRoute"),
    ("gateway.networking.k8s.io", "TLSRoute"), ("gateway.networking.k8s.io", "TCPRoute"),
}  # fmt: skip
#: Configurations of programs that look like objects of a cluster and are none.
CONFIGURATIONS = {"Kustomization", "Component", "ClusterConfiguration", "InitConfiguration", "Config"}
#: Namespaces of the platform itself.
PLATFORM = re.compile(r"^(kube-.*|cattle-.*|istio-system|cert-manager|ingress-nginx|monitoring|gatekeeper-system)$")
INTERNAL = (
    "service.beta.kubernetes.io/aws-load-balancer-internal", "service.beta.kubernetes.io/azure-load-balancer-internal",
    "networking.gke.io/load-balancer-type", "cloud.google.com/load-balancer-type",
    "service.beta.kubernetes.io/aws-load-balancer-scheme",
)  # fmt: skip
#: Labels that tell the Pods of one workload apart.
VERSIONED = frozenset({"pod-template-hash", "controller-revision-hash", "statefulset.kubernetes.io/pod-name"})
#: The namespace of objects that state none.
UNSTATED = "default"


@dataclass
class Workload:
    """An application of a cluster while its files are read."""

    document: dict[str, Any]
    part: Part
    path: tuple[str | int, ...]
    namespace: str
    name: str
    labels: Mapping[str, str]
    pod: Mapping[str, Any]
    services: list[str] = field(default_factory=list)


@dataclass
class Cluster:
    """The objects of one reading, by what they are."""

    workloads: list[Workload] = field(default_factory=list)
    services: dict[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    behind: dict[tuple[str, str], list[Workload]] = field(default_factory=dict)
    external: dict[tuple[str, str], str] = field(default_factory=dict)
    objects: list[tuple[Part, tuple[str | int, ...], Mapping[str, Any]]] = field(default_factory=list)
    maps: dict[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    namespace: str = UNSTATED
    spaces: dict[str, list[Workload]] = field(default_factory=dict)
    labelled: dict[tuple[str, str, str], list[Workload]] = field(default_factory=dict)
    named: dict[tuple[str, str], list[Workload]] = field(default_factory=dict)
    claimed: dict[tuple[str, str], list[Workload]] = field(default_factory=dict)

    def index(self) -> None:
        """Note the workloads by namespace, and in it by label, name and claim: a cluster has thousands of each."""
        self.spaces, self.labelled, self.named, self.claimed = {}, {}, {}, {}
        for one in self.workloads:
            self.spaces.setdefault(one.namespace, []).append(one)
            self.named.setdefault((one.namespace, one.name), []).append(one)
            for claim in one.document.get("claims", ()):
                self.claimed.setdefault((one.namespace, claim), []).append(one)
            for label, word in one.labels.items():
                self.labelled.setdefault((one.namespace, label, word), []).append(one)

    def chosen(self, namespace: str, selector: Mapping[str, Any]) -> list[Workload]:
        """The workloads of a namespace that a label selector selects; :meth:`index` comes before."""
        stated = mapping(selector, "matchLabels").items()
        some = [self.labelled.get((namespace, label, str(word)), []) for label, word in stated]
        near = min(some, key=len) if some else self.spaces.get(namespace, [])
        return [one for one in near if matches(selector, one.labels)]


def recognise(part: Part) -> Recognition:
    """An object with ``apiVersion`` and ``kind``, or a list of such; what only looks like one is refused by name."""
    value = part.value
    if isinstance(value, list) and value and all(is_object(item) for item in value):
        return True
    if not isinstance(value, dict) or not is_object(value):
        return False
    kind = value["kind"]
    if kind in CONFIGURATIONS or "kustomize" in str(value["apiVersion"]):
        return "a kustomization, which names manifests and holds none: draw the output of kubectl kustomize"
    if value["apiVersion"] == "argoproj.io/v1alpha1" and kind in ("Application", "ApplicationSet", "AppProject"):
        return "an Argo CD application, which names manifests and holds none: draw the manifests it deploys"
    return kind.endswith("List") or isinstance(value.get("metadata"), dict)


def is_object(value: Any) -> bool:
    """Whether a value has the two words that every object of a cluster has."""
    if not isinstance(value, dict):
        return False
    version, kind = value.get("apiVersion"), value.get("kind")
    return isinstance(version, str) and isinstance(kind, str) and "backstage.io/" not in version


def read(parts: Sequence[Part], draft: Draft) -> None:
    """All objects of the parts as applications, servers and volumes."""
    cluster = Cluster()
    held: dict[tuple[str, str, str, str], tuple[Part, Mapping[str, Any]]] = {}
    for part in parts:
        for path, each in unpacked(part):
            identity = (group_of(each), each["kind"], namespace_of(each), name_in(each))
            if not identity[3]:
                if not text_of(mapping(each, "metadata"), "generateName"):
                    draft.remark(part, path, "error", "id", f"{each['kind']} without metadata.name")
                    continue
            elif identity in held:
                if held[identity][1] != each:
                    first = held[identity][0].file
                    words = f"{each['kind']} {identity[3]} stands in {first} too, and says something else there"
                    draft.remark(part, path, "warning", "duplicate", f"{words}; the first is drawn")
                draft.skip(each["kind"], "a second copy of the same object")
                continue
            held[identity] = (part, each)
            cluster.objects.append((part, path, each))
    read_workloads(cluster, draft)
    read_services(cluster, draft)
    read_the_rest(cluster, draft)
    read_calls(cluster, draft)
    add_systems(cluster, draft)
    read_policies(cluster, draft)


def unpacked(part: Part) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, Any]]]:
    """Every object of a part with its path: lists of objects are looked into, as deep as they go."""
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), part.value)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, list):
            waiting += [((*path, number), item) for number, item in reversed(list(enumerate(value)))]
        elif is_object(value) and value["kind"].endswith("List") and isinstance(value.get("items"), list):
            kind = value["kind"].removesuffix("List")
            for number, item in reversed(list(enumerate(value["items"]))):
                if kind and isinstance(item, dict) and "kind" not in item:  # typed lists leave it out
                    item = {"apiVersion": value["apiVersion"], "kind": kind, **item}
                waiting.append(((*path, "items", number), item))
        elif is_object(value) and isinstance(value.get("metadata"), dict):
            yield path, value


# --- objects ----------------------------------------------------------------------------


def text_of(value: Mapping[str, Any], name: str) -> str:
    """A field as text; labels may be numbers and booleans."""
    found = value.get(name)
    return str(found).strip() if isinstance(found, (str, int, float)) and not isinstance(found, bool) else ""


def group_of(value: Mapping[str, Any]) -> str:
    """The group of an object, without its version: ``apps/v1`` is ``apps``, ``v1`` the core's, which has none."""
    version = str(value["apiVersion"])
    return version.rpartition("/")[0]


def name_in(value: Mapping[str, Any]) -> str:
    """An object's name."""
    return text_of(mapping(value, "metadata"), "name")


def namespace_of(value: Mapping[str, Any]) -> str:
    """An object's namespace, empty where it states none."""
    return text_of(mapping(value, "metadata"), "namespace")


def labels_of(value: Mapping[str, Any]) -> dict[str, str]:
    """Labels as texts."""
    return {key: str(word) for key, word in mapping(value, "labels").items()}


def owned(value: Mapping[str, Any]) -> str:
    """The kind of the object that owns this one, if any."""
    return next((text_of(one, "kind") for one in mappings(mapping(value, "metadata").get("ownerReferences"))), "")


def pod_of(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """The template of a workload's Pods (metadata and spec)."""
    if value["kind"] == "Pod":
        return value
    if value["kind"] == "CronJob":
        return mapping(value, "spec", "jobTemplate", "spec", "template")
    return mapping(value, "spec", "template")


def containers_of(pod: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The containers of a Pod, without those that run before it."""
    return mappings(mapping(pod, "spec").get("containers"))


def matches(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    """Whether a label selector (``matchLabels`` and ``matchExpressions``) selects; an empty one selects everything."""
    for key, word in mapping(selector, "matchLabels").items():
        if labels.get(key) != str(word):
            return False
    for one in mappings(selector.get("matchExpressions")):
        key, operator = text_of(one, "key"), text_of(one, "operator")
        values = {str(word) for word in listed(one, "values")}
        held = labels.get(key)
        wrong = {
            "In": held not in values,
            "NotIn": held in values and held is not None,
            "Exists": held is None,
            "DoesNotExist": held is not None,
        }
        if wrong.get(operator, True):
            return False
    return True


# --- workloads --------------------------------------------------------------------------


def read_workloads(cluster: Cluster, draft: Draft) -> None:
    """Applications of workloads that nobody owns, and of operators' resources."""
    stated = sorted({namespace_of(each) for _, _, each in cluster.objects} - {""})
    cluster.namespace = stated[0] if len(stated) == 1 else UNSTATED
    below: list[tuple[Part, tuple[str | int, ...], Mapping[str, Any]]] = []
    for part, path, each in cluster.objects:
        group, kind = group_of(each), each["kind"]
        if (group, kind) in OPERATED:
            add_operated(cluster, draft, part, path, each)
        if (group, kind) not in WORKLOADS:
            continue
        owner = owned(each)
        if owner and owner != "Node":
            below.append((part, path, each))
            continue
        if kind == "Pod" and text_of(mapping(each, "status"), "phase") in ("Succeeded", "Failed"):
            draft.skip("Pod", "it has ended")
            continue
        if kind == "ReplicaSet" and mapping(each, "spec").get("replicas") == 0:
            draft.skip("ReplicaSet", "an older one, scaled to 0")
            continue
        add_workload(cluster, draft, part, path, each)
    cluster.index()
    rarest: Rarest = defaultdict(list)
    for workload in cluster.workloads:
        note_rarest(cluster, rarest, workload)
    for part, path, each in below:
        add_owned(cluster, rarest, draft, part, path, each)
    cluster.index()


Rarest = dict[tuple[str, str, str], list[Workload]]
"""Each workload under the one of its labels that fewest others of its namespace have."""


def note_rarest(cluster: Cluster, rarest: Rarest, workload: Workload) -> None:
    """Put a workload under its rarest label, so that what it owns finds it among few."""
    keys = [(workload.namespace, label, word) for label, word in workload.labels.items()]
    if keys:
        rarest[min(keys, key=lambda key: len(cluster.labelled.get(key, ())))].append(workload)


def add_owned(
    cluster: Cluster,
    rarest: Rarest,
    draft: Draft,
    part: Part,
    path: tuple[str | int, ...],
    each: Mapping[str, Any],
) -> None:
    """What another object owns: a part of its workload, or, where that is in no file, the workload itself.

    Pods say on which machines their workload runs.
    """
    namespace = namespace_of(each) or cluster.namespace
    labels = labels_of(mapping(pod_of(each), "metadata"))
    near = [one for label, word in labels.items() for one in rarest.get((namespace, label, word), ())]
    mine = [one for one in near if one.labels.items() <= labels.items()]
    if not mine:
        reference = next(iter(mappings(mapping(each, "metadata").get("ownerReferences"))))
        name = text_of(reference, "name")
        stamp = labels.pop("pod-template-hash", "")
        if stamp:  # the set of one version of a Deployment
            name = name.removesuffix(f"-{stamp}")
        kind = "Deployment" if stamp else text_of(reference, "kind") or "Pod"
        metadata = {**mapping(each, "metadata"), "name": name, "labels": labels}
        inferred = {**each, "kind": "Pod", "metadata": metadata, "spec": mapping(pod_of(each), "spec")}
        add_workload(cluster, draft, part, path, inferred)
        made = cluster.workloads[-1]
        made.document["kind"] = kind
        made.labels = {key: word for key, word in labels.items() if key not in VERSIONED}
        note_rarest(cluster, rarest, made)
        mine = [made]
    else:
        draft.fold(each["kind"], "the workload that owns it")
    node = text_of(mapping(each, "spec"), "nodeName") if each["kind"] == "Pod" else ""
    for workload in mine if node else ():
        servers = workload.document.setdefault("servers", [])
        servers += [one for one in ({"_id": f"node/{node}"},) if one not in servers]


def add_workload(
    cluster: Cluster, draft: Draft, part: Part, path: tuple[str | int, ...], each: Mapping[str, Any]
) -> None:
    """One workload as an application."""
    kind, name = each["kind"], name_in(each) or text_of(mapping(each, "metadata"), "generateName").rstrip("-")
    namespace = namespace_of(each) or cluster.namespace
    pod = pod_of(each)
    containers = containers_of(pod)
    main = next(
        (one for one in containers if not is_sidecar(text_of(one, "name"), text_of(one, "image"))),
        containers[0] if containers else {},
    )
    image = text_of(main, "image")
    labels = labels_of(mapping(each, "metadata"))
    pod_labels = labels_of(mapping(pod, "metadata")) if kind != "Pod" else labels
    replicas = mapping(each, "spec").get("replicas")
    ports = [text_of(port, "containerPort") for one in containers for port in mappings(one.get("ports"))]
    requests = mapping(main, "resources", "requests")
    sizes = {"cpu": cores(requests.get("cpu", "")), "memory": round(memory_gb(requests.get("memory", "")), 3)}
    document = draft.add(
        "applications",
        f"{namespace}/{kind.lower()}/{name}",
        part,
        path,
        name=name,
        family=family_of_image(image) or family_of_name(name) or "Application",
        namespace=namespace,
        kind=kind,
        image=", ".join(dict.fromkeys(text_of(one, "image") for one in containers if text_of(one, "image"))),
        version=labels.get("app.kubernetes.io/version") or labels.get("version") or tag_of(image),
        replicas=replicas if isinstance(replicas, int) and not isinstance(replicas, bool) else None,
        role={"ports": [port for port in dict.fromkeys(ports) if port]} if any(ports) else None,
        requests={key: size for key, size in sizes.items() if size},
        status="scaled to 0" if replicas == 0 else "",
        updated_at=text_of(mapping(each, "metadata"), "creationTimestamp"),
        aliases=[f"{namespace}/{name}"],
        datacenters={"name": "Kubernetes"},
        names=names_of(name, labels, pod_labels, containers),
    )
    if PLATFORM.match(namespace):
        document["kind"] = f"platform {kind}"
    open_host(document, pod, containers)
    add_storage(draft, part, path, each, document, pod)
    workload = Workload(document, part, path, namespace, name, {**labels, **pod_labels}, pod)
    workload.labels = pod_labels or labels
    cluster.workloads.append(workload)
    document["x-system"] = system_of(each, namespace)


def open_host(document: dict[str, Any], pod: Mapping[str, Any], containers: Sequence[Mapping[str, Any]]) -> None:
    """Ports that Pods open on the machines themselves."""
    whole = mapping(pod, "spec").get("hostNetwork") is True
    for port in (port for one in containers for port in mappings(one.get("ports"))):
        number = text_of(port, "hostPort") or (text_of(port, "containerPort") if whole else "")
        if number:
            how = "hostNetwork" if whole else "hostPort"
            add_exposure(document, how=how, port=number, protocol=text_of(port, "protocol").lower() or "tcp")


def names_of(
    name: str, labels: Mapping[str, str], pod_labels: Mapping[str, str], containers: Sequence[Mapping[str, Any]]
) -> list[str]:
    """Names that traces and catalogues call a workload by; of the environment only the service's own name is kept."""
    known = [name]
    known += [
        one[key] for one in (labels, pod_labels) for key in ("app.kubernetes.io/name", "app", "k8s-app") if key in one
    ]
    known += [one["backstage.io/kubernetes-id"] for one in (labels, pod_labels) if "backstage.io/kubernetes-id" in one]
    for container in containers:
        for each in mappings(container.get("env")):
            if text_of(each, "name") == "OTEL_SERVICE_NAME":
                known.append(text_of(each, "value"))
            elif text_of(each, "name") == "OTEL_RESOURCE_ATTRIBUTES":
                known += [
                    word.partition("=")[2]
                    for word in text_of(each, "value").split(",")
                    if word.startswith("service.name=")
                ]
    return [word for word in dict.fromkeys(known) if word and "$(" not in word]


def add_operated(
    cluster: Cluster, draft: Draft, part: Part, path: tuple[str | int, ...], each: Mapping[str, Any]
) -> None:
    """A database, broker or cache that an operator runs."""
    family, at = OPERATED[group_of(each), each["kind"]]
    name, namespace = name_in(each), namespace_of(each) or cluster.namespace
    replicas = mapping(each, "spec", *at[:-1]).get(at[-1]) if at else None
    document = draft.add(
        "applications",
        f"{namespace}/{each['kind'].lower()}/{name}",
        part,
        path,
        name=name,
        family=family,
        namespace=namespace,
        kind=each["kind"],
        replicas=replicas if isinstance(replicas, int) else None,
        aliases=[f"{namespace}/{name}"],
        datacenters={"name": "Kubernetes"},
        names=[name],
    )
    document["x-system"] = system_of(each, namespace)
    workload = Workload(document, part, path, namespace, name, labels_of(mapping(each, "metadata")), {})
    cluster.workloads.append(workload)
    # Operators name the Services they make after the resource: <name>, <name>-rw, <name>-kafka-bootstrap …
    for ending in ("", "-rw", "-ro", "-r", "-kafka-bootstrap", "-es-http", "-svc"):
        cluster.behind.setdefault((namespace, f"{name}{ending}"), [workload])


def add_storage(
    draft: Draft,
    part: Part,
    path: tuple[str | int, ...],
    each: Mapping[str, Any],
    document: dict[str, Any],
    pod: Mapping[str, Any],
) -> None:
    """Claims, and the names of configurations and secrets; nothing of what is in them."""
    claims = [name_in(one) for one in mappings(mapping(each, "spec").get("volumeClaimTemplates"))]
    configs, secrets = [], []
    for volume in mappings(mapping(pod, "spec").get("volumes")):
        if claim := text_of(mapping(volume, "persistentVolumeClaim"), "claimName"):
            claims.append(claim)
        configs += [word for word in (text_of(mapping(volume, "configMap"), "name"),) if word]
        secrets += [word for word in (text_of(mapping(volume, "secret"), "secretName"),) if word]
        if "emptyDir" in volume:
            draft.fold("emptyDir volume", "its workload")
    for container in [*containers_of(pod), *mappings(mapping(pod, "spec").get("initContainers"))]:
        for one in mappings(container.get("envFrom")):
            configs += [word for word in (text_of(mapping(one, "configMapRef"), "name"),) if word]
            secrets += [word for word in (text_of(mapping(one, "secretRef"), "name"),) if word]
        for one in mappings(container.get("env")):
            configs += [word for word in (text_of(mapping(one, "valueFrom", "configMapKeyRef"), "name"),) if word]
            secrets += [word for word in (text_of(mapping(one, "valueFrom", "secretKeyRef"), "name"),) if word]
    for name, words in (("configs", configs), ("secrets", secrets), ("claims", claims)):
        if words:
            document[name] = list(dict.fromkeys(words))


def system_of(each: Mapping[str, Any], namespace: str) -> str:
    """What people call the whole that a workload is a part of."""
    labels = labels_of(mapping(each, "metadata"))
    notes = mapping(each, "metadata", "annotations")
    return (
        labels.get("app.kubernetes.io/part-of")
        or text_of(notes, "meta.helm.sh/release-name")
        or (
            labels.get("app.kubernetes.io/instance", "") if labels.get("app.kubernetes.io/managed-by") == "Helm" else ""
        )
        or namespace
    )


# --- services and ways in ---------------------------------------------------------------


def read_services(cluster: Cluster, draft: Draft) -> None:
    """Services: folded into the workloads they stand for, whose names they are, and whose doors."""
    for part, path, each in cluster.objects:
        if (group_of(each), each["kind"]) != ("", "Service"):
            continue
        name, namespace = name_in(each), namespace_of(each) or cluster.namespace
        spec = mapping(each, "spec")
        cluster.services[namespace, name] = each
        if text_of(spec, "type") == "ExternalName":
            cluster.external[namespace, name] = text_of(spec, "externalName")
            draft.fold("Service", "the external host that it names")
            continue
        selector = mapping(spec, "selector")
        if not selector:
            draft.skip("Service", "it selects nothing")
            continue
        behind = cluster.chosen(namespace, {"matchLabels": selector})
        if not behind:
            draft.remark(
                part,
                (*path, "spec", "selector"),
                "warning",
                "selector",
                f"Service {name} selects no workload of these files",
            )
            draft.skip("Service", "no workload has its labels")
            continue
        draft.fold("Service", "the workloads behind it")
        cluster.behind[namespace, name] = behind
        for workload in behind:
            workload.services.append(name)
            aliases = workload.document["aliases"]
            aliases += [word for word in (f"{name}.{namespace}.svc",) if word not in aliases]
            names = workload.document["x-names"]
            names += [word for word in (name,) if word not in names]
            open_service(workload, each)


def open_service(workload: Workload, service: Mapping[str, Any]) -> None:
    """How a Service lets the outside in: a balancer or ports of the nodes."""
    spec, notes = mapping(service, "spec"), mapping(service, "metadata", "annotations")
    kind = text_of(spec, "type")
    if kind not in ("LoadBalancer", "NodePort") and not spec.get("externalIPs"):
        return
    told = {text_of(notes, key).lower() for key in INTERNAL} | {"true" for key in INTERNAL if notes.get(key) is True}
    internal = not told.isdisjoint({"true", "internal", "0.0.0.0/0"})
    address = next(
        (
            word
            for one in mappings(mapping(service, "status", "loadBalancer").get("ingress"))
            for word in (text_of(one, "hostname"), text_of(one, "ip"))
            if word
        ),
        "",
    )
    for port in mappings(spec.get("ports")):
        add_exposure(
            workload.document,
            how=f"{kind or 'externalIPs'} {name_in(service)}",
            address=address,
            port=text_of(port, "port") if kind != "NodePort" else text_of(port, "nodePort") or text_of(port, "port"),
            protocol=text_of(port, "protocol").lower() or "tcp",
            internal=internal,
            ranges=[str(one) for one in listed(spec, "loadBalancerSourceRanges")],
        )


def add_exposure(document: dict[str, Any], **said: Any) -> None:
    """One way in from outside, once."""
    one = {name: value for name, value in said.items() if value not in ("", [], None, False)}
    ways = document.setdefault("exposure", [])
    if one not in ways:
        ways.append(one)


def read_the_rest(cluster: Cluster, draft: Draft) -> None:
    """Ways in by name, scaling, nodes, claims; what has no place is counted by kind."""
    for part, path, each in cluster.objects:
        group, kind = group_of(each), each["kind"]
        if (group, kind) in WORKLOADS or (group, kind) in OPERATED or (group, kind) == ("", "Service"):
            continue
        namespace = namespace_of(each) or cluster.namespace
        if kind == "Ingress" and group in ("extensions", "networking.k8s.io", "networking.k8s.io/v1"):
            enter(cluster, draft, part, path, namespace, f"Ingress {name_in(each)}", ingress_backends(each))
            draft.fold(kind, "the workloads behind it")
        elif (group, kind) in ROUTES:
            enter(cluster, draft, part, path, namespace, f"{kind} {name_in(each)}", route_backends(each, namespace))
            draft.fold(kind, "the workloads behind it")
        elif (group, kind) == ("route.openshift.io", "Route"):
            to = (namespace, text_of(mapping(each, "spec", "to"), "name"), "", text_of(mapping(each, "spec"), "host"))
            enter(cluster, draft, part, path, namespace, f"Route {name_in(each)}", [to])
            draft.fold(kind, "the workloads behind it")
        elif (group, kind) == ("traefik.io", "IngressRoute") or (group, kind) == (
            "traefik.containo.us",
            "IngressRoute",
        ):
            enter(
                cluster,
                draft,
                part,
                path,
                namespace,
                f"IngressRoute {name_in(each)}",
                traefik_backends(each, namespace),
            )
            draft.fold(kind, "the workloads behind it")
        elif (group, kind) == ("networking.istio.io", "VirtualService"):
            if any(word != "mesh" for word in listed(each, "spec", "gateways")):
                enter(
                    cluster,
                    draft,
                    part,
                    path,
                    namespace,
                    f"VirtualService {name_in(each)}",
                    istio_backends(each, namespace),
                )
            draft.fold(kind, "the workloads behind it")
        elif kind == "HorizontalPodAutoscaler":
            scale(cluster, draft, each, namespace)
        elif (group, kind) == ("", "Node"):
            add_node(draft, part, path, each)
        elif (group, kind) == ("", "PersistentVolumeClaim"):
            add_claim(cluster, draft, part, path, each, namespace)
        elif (group, kind) == ("", "ConfigMap"):
            cluster.maps[namespace, name_in(each)] = mapping(each, "data")
            draft.fold(kind, "the workloads that use it")
        elif (group, kind) == ("", "Namespace"):
            draft.fold(kind, "the box of its workloads")
        elif (group, kind) == ("networking.k8s.io", "NetworkPolicy"):
            continue  # once the calls are known
        elif (group, kind) == ("", "Secret"):
            draft.skip("Secret", "refused: what is secret is not read")
        else:
            draft.skip(f"{kind} ({group})" if group else kind, "nothing of the picture")


Backend = tuple[str, str, str, str]
"""Namespace and name of a Service, its port, and the host it is reached by."""


def ingress_backends(each: Mapping[str, Any]) -> list[Backend]:
    """The Services behind an Ingress, of both its versions."""
    spec, namespace = mapping(each, "spec"), ""
    found = []
    rules = [("", spec.get("defaultBackend") or spec.get("backend"))]
    for rule in mappings(spec.get("rules")):
        rules += [(text_of(rule, "host"), path.get("backend")) for path in mappings(mapping(rule, "http").get("paths"))]
    for host, backend in rules:
        service = mapping(backend, "service")
        name = text_of(service, "name") or text_of(mapping(backend), "serviceName")
        port = text_of(mapping(service, "port"), "number") or text_of(mapping(service, "port"), "name")
        if name:
            found.append((namespace, name, port or text_of(mapping(backend), "servicePort"), host))
    return found


def route_backends(each: Mapping[str, Any], namespace: str) -> list[Backend]:
    """The Services behind a route of the Gateway API; one of weight 0 gets nothing."""
    spec = mapping(each, "spec")
    host = next((str(one) for one in listed(spec, "hostnames")), "")
    return [
        (text_of(one, "namespace") or namespace, text_of(one, "name"), text_of(one, "port"), host)
        for rule in mappings(spec.get("rules"))
        for one in mappings(rule.get("backendRefs"))
        if one.get("weight") != 0 and (text_of(one, "kind") or "Service") == "Service"
    ]


def traefik_backends(each: Mapping[str, Any], namespace: str) -> list[Backend]:
    """The Services behind Traefik's own routes."""
    return [
        (text_of(one, "namespace") or namespace, text_of(one, "name"), text_of(one, "port"), "")
        for route in mappings(mapping(each, "spec").get("routes"))
        for one in mappings(route.get("services"))
        if (text_of(one, "kind") or "Service") == "Service"
    ]


def istio_backends(each: Mapping[str, Any], namespace: str) -> list[Backend]:
    """The Services behind a VirtualService."""
    spec = mapping(each, "spec")
    host = next((str(one) for one in listed(spec, "hosts")), "")
    found = []
    for way in ("http", "tls", "tcp"):
        for rule in mappings(spec.get(way)):
            for one in mappings(rule.get("route")):
                parts = text_of(mapping(one, "destination"), "host").split(".")
                found.append((parts[1] if len(parts) > 1 else namespace, parts[0], "", host))
    return found


def enter(
    cluster: Cluster,
    draft: Draft,
    part: Part,
    path: tuple[str | int, ...],
    namespace: str,
    how: str,
    backends: Sequence[Backend],
) -> None:
    """Mark the workloads behind a way in; a backend that nothing stands behind is a finding."""
    for where, service, port, host in backends:
        behind = cluster.behind.get((where or namespace, service), [])
        if not behind:
            draft.remark(part, path, "warning", "backend", f"{how} leads to {service}, which is not in these files")
        for workload in behind:
            add_exposure(workload.document, how=how, host=host, port=port, protocol="tcp")


def scale(cluster: Cluster, draft: Draft, each: Mapping[str, Any], namespace: str) -> None:
    """The bounds between which a workload is scaled."""
    spec = mapping(each, "spec")
    target = mapping(spec, "scaleTargetRef")
    for workload in cluster.named.get((namespace, text_of(target, "name")), ()):
        bounds = {"min": spec.get("minReplicas", 1), "max": spec.get("maxReplicas")}
        workload.document["scale"] = {key: one for key, one in bounds.items() if isinstance(one, int)}
    draft.fold("HorizontalPodAutoscaler", "the workload it scales")


def add_node(draft: Draft, part: Part, path: tuple[str | int, ...], each: Mapping[str, Any]) -> None:
    """A machine of the cluster."""
    status, labels = mapping(each, "status"), labels_of(mapping(each, "metadata"))
    addresses = {text_of(one, "type"): text_of(one, "address") for one in mappings(status.get("addresses"))}
    capacity, info = mapping(status, "capacity"), mapping(status, "nodeInfo")
    provider_id = text_of(mapping(each, "spec"), "providerID")

    def label(*names: str) -> str:
        return next((labels[name] for name in names if name in labels), "")

    place = {
        "name": "Kubernetes",
        "region": label("topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/region"),
        "zone": label("topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone"),
        "instance": label("node.kubernetes.io/instance-type", "beta.kubernetes.io/instance-type"),
    }
    name = name_in(each)
    instance = provider_id.rpartition("/")[2]
    draft.add(
        "servers",
        f"node/{name}",
        part,
        path,
        hostname=name,
        kind="node",
        cpu=cores(capacity.get("cpu", "")),
        memory=round(memory_gb(capacity.get("memory", "")), 2),
        ipv4_private=[word for word in (addresses.get("InternalIP"),) if word],
        ipv4_public=[word for word in (addresses.get("ExternalIP"),) if word],
        os={"dist": text_of(info, "osImage")} if text_of(info, "osImage") else None,
        unique_id=instance if instance.startswith("i-") else provider_id,
        aliases=[provider_id] if provider_id else [],
        datacenters={key: word for key, word in place.items() if word},
        names=[name],
    )


def add_claim(
    cluster: Cluster, draft: Draft, part: Part, path: tuple[str | int, ...], each: Mapping[str, Any], namespace: str
) -> None:
    """A claim of storage, and whose it is."""
    name = name_in(each)
    size = text_of(mapping(each, "spec", "resources", "requests"), "storage")
    users = [one.document["_id"] for one in cluster.claimed.get((namespace, name), ())]
    draft.add(
        "volumes",
        f"{namespace}/persistentvolumeclaim/{name}",
        part,
        path,
        name=name,
        size=round(memory_gb(size), 3) if size else None,
        applications=users,
    )


# --- calls ------------------------------------------------------------------------------


def read_calls(cluster: Cluster, draft: Draft) -> None:
    """Calls that follow from environment values, arguments and mounted environments."""
    stated = 0
    for workload in cluster.workloads:
        spec = mapping(workload.pod, "spec")
        containers = [
            (kind, number, one)
            for kind in ("initContainers", "containers")
            for number, one in enumerate(mappings(spec.get(kind)))
        ]
        for kind, number, container in containers:
            for where, mention in mentioned(cluster, workload, container):
                stated += follow_mention(cluster, draft, workload, (kind, number, *where), mention)
    if len(cluster.workloads) > 1 and not stated:
        part = cluster.workloads[0].part
        words = "these files state no calls between workloads: add traces, or a file with `deps`"
        draft.remark(part, (), "note", "no-calls", words)


def mentioned(
    cluster: Cluster, workload: Workload, container: Mapping[str, Any]
) -> Iterator[tuple[tuple[str | int, ...], Mention]]:
    """The addresses in a container's environment and arguments, with their places in the container."""
    env = mappings(container.get("env"))
    known = {text_of(one, "name"): text_of(one, "value") for one in env if "value" in one}
    for number, one in enumerate(env):
        name = text_of(one, "name")
        value = text_of(one, "value")
        reference = mapping(one, "valueFrom", "configMapKeyRef")
        if reference:
            value = text_of(
                cluster.maps.get((workload.namespace, text_of(reference, "name")), {}), text_of(reference, "key")
            )
        for mention in mentions(name, expanded(value, known)):
            yield ("env", number), mention
    for number, one in enumerate(mappings(container.get("envFrom"))):
        held = cluster.maps.get((workload.namespace, text_of(mapping(one, "configMapRef"), "name")), {})
        for key, value in held.items():
            for mention in mentions(key, value):
                yield ("envFrom", number), mention
    for kind in ("args", "command"):
        for number, word in enumerate(listed(container, kind)):
            if isinstance(word, str):
                for mention in mentions("", expanded(word.partition("=")[2] or word, known)):
                    yield (kind, number), mention


def follow_mention(
    cluster: Cluster, draft: Draft, workload: Workload, where: tuple[str | int, ...], mention: Mention
) -> int:
    """A line to what an address names, if these files hold it; 1 where it is a call inside the cluster."""
    key = service_named(cluster, workload.namespace, mention.host)
    pod_path = ("spec",) if workload.path and not workload.pod else ()
    place = (*workload.path, *template_path(workload), *pod_path, *where)
    if key is None:
        if (
            not mention.bare
            and "." not in mention.host
            and mention.host.replace("-", "").isalnum()
            and not mention.host.isdigit()
        ):
            words = f"{workload.name} names {mention.host}, which is not in these files"
            draft.remark(workload.part, place, "warning", "unresolved", words)
        elif "." in mention.host and not re.fullmatch(r"[\d.:]+", mention.host):
            hosts = workload.document.setdefault("external_hosts", [])
            hosts += [word for word in (mention.host,) if word not in hosts]
        return 0
    service = cluster.services.get(key, {})
    port = next(
        (one for one in mappings(mapping(service, "spec").get("ports")) if mention.port in ("", text_of(one, "port"))),
        {},
    )
    scheme = mention.scheme or text_of(port, "appProtocol") or port_scheme(text_of(port, "name"))
    endpoint = f"{scheme} {mention.port or text_of(port, 'port')}".strip()
    if key in cluster.external:
        add_external(draft, workload, cluster.external[key], endpoint)
        return 1
    targets = [one for one in cluster.behind.get(key, ()) if one is not workload]
    for target in targets:
        why = f"its {where[2] if len(where) > 2 else where[0]} names {mention.host}"
        draft.call(workload.document, target.document["_id"], how="inferred", why=why, endpoint=endpoint)
    return 1 if targets else 0


def template_path(workload: Workload) -> tuple[str, ...]:
    """Where the Pod's specification stands in a workload."""
    kind = workload.document.get("kind", "").rpartition(" ")[2]
    if kind == "Pod":
        return ("spec",)
    return ("spec", "jobTemplate", "spec", "template", "spec") if kind == "CronJob" else ("spec", "template", "spec")


def port_scheme(name: str) -> str:
    """The protocol that a port's name begins with, as meshes read it.

    >>> port_scheme("grpc-web"), port_scheme("metrics")
    ('grpc', '')
    """
    first = name.partition("-")[0].lower()
    return first if first in ("http", "https", "http2", "grpc", "tcp", "tls", "mongo", "redis", "mysql") else ""


def service_named(cluster: Cluster, namespace: str, host: str) -> tuple[str, str] | None:
    """The Service that a host name means, seen from a namespace."""
    words = host.split(".")
    if host.replace(".", "").isdigit():
        return None
    tried = [(namespace, words[0])] if len(words) == 1 else []
    if len(words) >= 2:
        tried.append((words[1], words[0]))
        if len(words) == 2 or words[2] == "svc":
            tried.append((namespace, words[1]))  # pod-0.headless
        if len(words) >= 3:
            tried.append((words[2], words[1]))  # pod-0.headless.namespace
    return next((key for key in tried if key in cluster.behind or key in cluster.external), None)


def add_external(draft: Draft, workload: Workload, host: str, endpoint: str) -> None:
    """A host outside that a Service of the cluster stands for."""
    document = draft.add(
        "applications", f"external/{host}", workload.part, workload.path, how="inferred", name=host, kind="external"
    )
    document.setdefault("x-system", "")
    draft.call(
        workload.document, document["_id"], how="inferred", why=f"an ExternalName leads to {host}", endpoint=endpoint
    )


# --- systems ----------------------------------------------------------------------------


def add_systems(cluster: Cluster, draft: Draft) -> None:
    """Systems of the workloads; entered by what is exposed, else by what nobody calls."""
    members: dict[str, list[Workload]] = defaultdict(list)
    called = {dep["_id"] for one in cluster.workloads for dep in one.document.get("deps", ())}
    for workload in cluster.workloads:
        if name := workload.document.pop("x-system", ""):
            members[name].append(workload)
    for document in draft.documents.get("applications", {}).values():
        document.pop("x-system", None)
    for name, held in sorted(members.items()):
        doors = [one for one in held if any(not way.get("internal") for way in one.document.get("exposure", ()))]
        doors = doors or [one for one in held if one.document["_id"] not in called]
        first = held[0]
        key = f"system/{name}"
        entry = [{"_id": one.document["_id"]} for one in doors]
        why = "namespace, release or label part-of"
        draft.add("systems", key, first.part, first.path, how="inferred", why=why, name=name, entry=entry)
        for workload in held:
            workload.document["system"] = [{"_id": key, "name": name}]


# --- policies ---------------------------------------------------------------------------


def read_policies(cluster: Cluster, draft: Draft) -> None:
    """Who may call whom: policies add up, and a Pod is shut in a direction once one of that direction selects it."""
    policies = [
        each
        for _, _, each in cluster.objects
        if (group_of(each), each["kind"]) == ("networking.k8s.io", "NetworkPolicy")
    ]
    names = {
        name_in(each): labels_of(mapping(each, "metadata"))
        for _, _, each in cluster.objects
        if (group_of(each), each["kind"]) == ("", "Namespace")
    }
    for namespace in {one.namespace for one in cluster.workloads}:
        names.setdefault(namespace, {}).setdefault("kubernetes.io/metadata.name", namespace)
    for each in policies:
        spec, namespace = mapping(each, "spec"), namespace_of(each) or cluster.namespace
        types = [str(one) for one in listed(spec, "policyTypes")] or [
            "Ingress",
            *(["Egress"] if "egress" in spec else []),
        ]
        for workload in cluster.chosen(namespace, mapping(spec, "podSelector")):
            document = workload.document
            shut = document.setdefault("isolated", {})
            if "Ingress" in types:
                shut["in"] = True
                allowed = document.setdefault("allowed_from", [])
                allowed += [
                    one
                    for one in permitted(cluster, names, namespace, listed(spec, "ingress"), "from")
                    if one not in allowed
                ]
            if "Egress" in types:
                shut["out"] = True
                allowed = document.setdefault("allowed_to", [])
                allowed += [
                    one
                    for one in permitted(cluster, names, namespace, listed(spec, "egress"), "to")
                    if one not in allowed
                ]
        draft.fold("NetworkPolicy", "the workloads it is for")
    held = {one.document["_id"]: one for one in cluster.workloads}
    for workload in cluster.workloads if policies else ():
        mark_blocked(held, draft, workload)


def permitted(
    cluster: Cluster, names: Mapping[str, Mapping[str, str]], namespace: str, rules: Sequence[Any], side: str
) -> Iterator[dict[str, Any]]:
    """What the rules of one policy let through: everybody, workloads by id, or ranges, each with its ports."""
    for rule in rules:
        if not isinstance(rule, dict):
            continue
        ports = [
            f"{(text_of(one, 'protocol') or 'TCP').lower()} {text_of(one, 'port')}".strip()
            for one in mappings(rule.get("ports"))
        ]
        said = {"ports": ports} if ports else {}
        peers = mappings(rule.get(side))
        if not peers:
            yield {"everybody": True, **said}
        for peer in peers:
            block = mapping(peer, "ipBlock")
            if block:
                yield {"range": text_of(block, "cidr"), "except": [str(one) for one in listed(block, "except")], **said}
                continue
            pods = peer.get("podSelector")
            spaces = peer.get("namespaceSelector")
            near = [namespace]
            if isinstance(spaces, dict):
                near = [one for one in cluster.spaces if matches(spaces, names.get(one, {}))]
            for one in near:
                for workload in cluster.chosen(one, mapping(pods)):
                    yield {"ref": workload.document["_id"], **said}


def mark_blocked(held: Mapping[str, Workload], draft: Draft, workload: Workload) -> None:
    """A call that a policy on either end forbids is a finding."""
    for dep in workload.document.get("deps", ()):
        target = held.get(dep["_id"])
        if target is None:
            continue
        ends = (
            (target.document, "in", "allowed_from", workload.document["_id"]),
            (workload.document, "out", "allowed_to", dep["_id"]),
        )
        for document, way, field_name, other in ends:
            if not document.get("isolated", {}).get(way):
                continue
            if not any(one.get("everybody") or one.get("ref") == other for one in document.get(field_name, ())):
                words = f"{workload.name} calls {target.name}, which no policy of {document['name']} allows"
                draft.remark(workload.part, workload.path, "warning", "blocked", words)


@hookimpl
def analytics_sources() -> Iterator[Reader]:
    yield Reader(
        "kubernetes", "Kubernetes objects: manifests, or answers of kubectl", recognise, read, COLLECT, rank=40
    )
