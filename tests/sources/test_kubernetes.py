"""Kubernetes: what manifests become, line by line of the rules that the reader follows."""

import json

import pytest

from analytics.errors import InventoryError
from analytics.testing.sources import account, calls, estate_of, named, remarks

WEB = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app.kubernetes.io/part-of: shop}}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web, tier: front}}
    spec:
      initContainers:
        - {name: wait, image: busybox, args: ["--until=orders:8080"]}
      containers:
        - {name: istio-proxy, image: istio/proxyv2}
        - name: web
          image: registry.local:5000/acme/web:1.4@sha256:aa
          env:
            - {name: ORDERS_ADDR, value: "orders:8080"}
            - {name: SELF_URL, value: "http://web/"}
            - {name: POSTGRES_DB, value: orders}
            - {name: DB_DSN, value: "postgres://app:hunter2@db.shop.svc.cluster.local:5432/x?sslmode=off"}
            - {name: BASE, value: audit}
            - {name: AUDIT_URL, value: "http://$(BASE):9000/"}
            - {name: GONE_ADDR, value: "nothing:80"}
            - {name: PARTNER_URL, value: "https://api.partner.example/v1?key=hunter2"}
          resources: {requests: {cpu: 200m, memory: 512Mi}}
"""
SERVICES = """
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Service
    metadata: {name: web}
    spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 443, targetPort: 8443, name: https}]}
  - apiVersion: v1
    kind: Service
    metadata: {name: orders}
    spec: {selector: {app: orders}, ports: [{port: 8080, name: grpc-api}]}
  - {apiVersion: v1, kind: Service, metadata: {name: audit}, spec: {selector: {app: audit}, ports: [{port: 9000}]}}
  - apiVersion: v1
    kind: Service
    metadata: {name: db, namespace: shop}
    spec: {clusterIP: None, selector: {app: db}, ports: [{port: 5432}]}
  - {apiVersion: v1, kind: Service, metadata: {name: lost}, spec: {selector: {app: lost}, ports: [{port: 1}]}}
"""


def workload(kind: str, name: str, image: str = "acme/app", **spec: object) -> str:
    """A workload as JSON."""
    template = {"metadata": {"labels": {"app": name}}, "spec": {"containers": [{"name": name, "image": image}]}}
    body = {"template": template, **spec}
    return json.dumps(
        {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name, "namespace": "shop"}, "spec": body}
    )


CLAIM = [{"metadata": {"name": "data"}}]
FILES = {
    "web.yaml": WEB + "---\n---\n" + SERVICES,
    "orders.json": workload("Deployment", "orders"),
    "audit.json": workload("DaemonSet", "audit"),
    "db.json": workload("StatefulSet", "db", "bitnami/postgresql:15", replicas=2, volumeClaimTemplates=CLAIM),
}  # fmt: skip


def test_calls_follow_from_addresses_and_from_nothing_else() -> None:
    estate = estate_of(FILES)
    assert calls(estate) == [
        ("web", "audit", "http 9000"),
        ("web", "db", "postgres 5432"),
        ("web", "orders", "grpc 8080"),
    ]
    web = named(estate)["web"]
    assert {dep["provenance"] for dep in web["deps"]} == {"inferred"}
    assert web["deps"][0]["evidence"].startswith("its ")
    assert web["external_hosts"] == ["api.partner.example"]


def test_what_a_workload_is() -> None:
    estate = estate_of(FILES)
    things = named(estate)
    web, database = things["web"], things["db"]
    assert (web["kind"], web["replicas"], web["version"], web["namespace"]) == ("Deployment", 3, "1.4", "shop")
    assert web["requests"] == {"cpu": 0.2, "memory": 0.5}
    assert web["image"].startswith("istio/proxyv2, registry.local")
    assert (database["family"], database["claims"]) == ("Database", ["data"])
    assert web["exposure"] == [{"how": "LoadBalancer web", "port": "443", "protocol": "tcp"}]
    assert {one["name"] for one in estate.documents["systems"]} == {"shop"}
    assert [one["_id"] for one in estate.documents["systems"][0]["entry"]] == ["shop/deployment/web"]


def test_findings_have_file_and_line() -> None:
    found = remarks(estate_of(FILES))
    assert ("web.yaml", 24, "unresolved", "web names nothing, which is not in these files") in found
    assert any(
        code == "selector" and "lost" in words and file == "web.yaml" and line > 30 for file, line, code, words in found
    )


def test_everything_is_accounted_for() -> None:
    files = FILES | {
        "more.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {a: aHVudGVyMg==}\n---\n"
        "apiVersion: x.example/v1\nkind: Widget\nmetadata: {name: w}\n"
    }
    estate = estate_of(files)
    assert account(estate) == {"Service": 5, "Secret": 1, "Widget (x.example)": 1}
    documents = json.dumps({name: list(held) for name, held in estate.documents.items()})
    assert "hunter2" not in documents
    assert "aHVudGVyMg" not in documents


def test_owned_pods_are_folded_and_naked_ones_are_applications() -> None:
    def pod(name: str, **meta: object) -> dict[str, object]:
        spec = {"containers": [{"name": "c", "image": "redis:7"}]}
        return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "a", **meta}, "spec": spec}

    items = [
        pod("naked"),
        pod("owned", ownerReferences=[{"kind": "ReplicaSet", "name": "x"}]),
        pod("mirror", ownerReferences=[{"kind": "Node", "name": "n1"}]),
        pod("done") | {"status": {"phase": "Succeeded"}},
    ]
    estate = estate_of({"a.json": json.dumps({"apiVersion": "v1", "kind": "List", "items": items})})
    assert sorted(named(estate)) == ["mirror", "naked", "x"]
    assert named(estate)["naked"]["family"] == "Cache"
    assert account(estate) == {"Pod": 1}


def test_pods_alone_stand_for_the_workload_that_owns_them_and_say_where_it_runs() -> None:
    def pod(number: int) -> dict[str, object]:
        metadata = {
            "name": f"web-6f7-{number}",
            "namespace": "a",
            "labels": {"app": "web", "pod-template-hash": "6f7"},
            "ownerReferences": [{"kind": "ReplicaSet", "name": "web-6f7"}],
        }
        ports = [{"containerPort": 80, "hostPort": 8080}]
        spec = {"nodeName": f"n{number}", "containers": [{"name": "web", "image": "acme/web:2", "ports": ports}]}
        return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}

    items = [pod(1), pod(2), {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n1"}}]
    estate = estate_of({"a.json": json.dumps({"apiVersion": "v1", "kind": "List", "items": items})})
    web = named(estate)["web"]
    assert (web["kind"], [one["_id"] for one in web["servers"]]) == ("Deployment", ["node/n1", "node/n2"])
    assert web["exposure"] == [{"how": "hostPort", "port": "8080", "protocol": "tcp"}]
    assert account(estate) == {"Pod": 1}


def test_a_template_that_is_not_rendered_is_refused_with_the_command() -> None:
    text = "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Values.name }}-web\n"
    with pytest.raises(InventoryError, match="helm template"):
        estate_of({"service.yaml": text})


@pytest.mark.parametrize(
    ("backend", "version"),
    [
        ({"service": {"name": "orders", "port": {"number": 8080}}}, "networking.k8s.io/v1"),
        ({"serviceName": "orders", "servicePort": 8080}, "extensions/v1beta1"),
    ],
)
def test_an_ingress_of_either_version_is_a_way_in(backend: dict[str, object], version: str) -> None:
    rule = {"host": "shop.example", "http": {"paths": [{"path": "/", "backend": backend}]}}
    ingress = {
        "apiVersion": version,
        "kind": "Ingress",
        "metadata": {"name": "in", "namespace": "shop"},
        "spec": {"rules": [rule]},
    }
    estate = estate_of(FILES | {"in.json": json.dumps(ingress)})
    assert named(estate)["orders"]["exposure"] == [
        {"how": "Ingress in", "host": "shop.example", "port": "8080", "protocol": "tcp"}
    ]


def test_policies_add_up_and_mark_calls_that_they_forbid() -> None:
    policy = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "p", "namespace": "shop"},
        "spec": {
            "podSelector": {"matchLabels": {"app": "db"}},
            "ingress": [{"from": [{"podSelector": {"matchLabels": {"app": "orders"}}}]}],
        },
    }  # fmt: skip
    estate = estate_of(FILES | {"p.json": json.dumps(policy)})
    database = named(estate)["db"]
    assert database["isolated"] == {"in": True}
    assert database["allowed_from"] == [{"ref": "shop/deployment/orders"}]
    assert [words for _, _, code, words in remarks(estate) if code == "blocked"] == [
        "web calls db, which no policy of db allows"
    ]


def test_what_only_names_manifests_is_refused_by_name() -> None:
    with pytest.raises(InventoryError, match="kubectl kustomize"):
        estate_of({"k.yaml": "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a.yaml]\n"})


def test_files_that_state_no_calls_say_so() -> None:
    files = {"orders.json": workload("Deployment", "orders"), "audit.json": workload("Deployment", "audit")}
    assert [code for _, _, code, _ in remarks(estate_of(files))] == ["no-calls"]


def test_claims_and_scalers_find_the_workloads_of_their_own_namespace() -> None:
    def one(kind: str, name: str, space: str, **spec: object) -> dict[str, object]:
        return {"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": space}, "spec": spec}

    volumes = [{"name": "data", "persistentVolumeClaim": {"claimName": "disk"}}]
    pod = {"spec": {"containers": [{"name": "main", "image": "acme/app"}], "volumes": volumes}}
    items = [
        *[{**one("Deployment", "web", space, template=pod), "apiVersion": "apps/v1"} for space in ("live", "test")],
        one("PersistentVolumeClaim", "disk", "live", resources={"requests": {"storage": "5Gi"}}),
        {
            **one(
                "HorizontalPodAutoscaler", "web", "live", scaleTargetRef={"name": "web"}, minReplicas=2, maxReplicas=9
            ),
            "apiVersion": "autoscaling/v2",
        },
    ]
    estate = estate_of({"a.json": json.dumps({"apiVersion": "v1", "kind": "List", "items": items})})
    (disk,) = estate.documents["volumes"]
    assert disk["applications"] == ["live/deployment/web"]
    scales = {each["_id"]: each.get("scale") for each in estate.documents["applications"]}
    assert scales == {"live/deployment/web": {"min": 2, "max": 9}, "test/deployment/web": None}
