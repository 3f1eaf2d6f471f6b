"""What holds for every object of every stack."""

import json
from typing import Any

import kubernetes_validate
import pytest

from manifests import Values, estate
from tests.manifests.samples import KUBERNETES, STACKS, groups, of_kind, shipped, stack, values, web
from tests.manifests.schema import CUSTOM, faults

LABELS = {
    "app.kubernetes.io/name",
    "app.kubernetes.io/instance",
    "app.kubernetes.io/component",
    "app.kubernetes.io/part-of",
    "app.kubernetes.io/version",
    "app.kubernetes.io/managed-by",
    "app",
    "env",
    "chart",
}
CLUSTER_SCOPED = {"Namespace"}

every_stack = pytest.mark.parametrize("name", STACKS)


def manifests(name: str) -> list[dict[str, Any]]:
    return [part.manifest for group in groups(name) for part in group.parts]


@every_stack
def test_every_object_is_one_the_api_server_would_read(name):
    wrong = {
        f"{it['kind']} {it['metadata']['name']}": found
        for it in manifests(name)
        if (found := faults(it))
    }
    assert wrong == {}


def test_our_compiled_schemas_give_the_answer_of_kubernetes_validate():
    kinds = {
        it["kind"]: it for it in manifests("dev") if (it["apiVersion"], it["kind"]) not in CUSTOM
    }
    good = kinds["Deployment"]
    bad = {**good, "spec": {**good["spec"], "replicaz": 2}}
    assert (faults(good), faults(bad)) != ([], [])
    kubernetes_validate.validate(good, KUBERNETES, strict=True)
    with pytest.raises(kubernetes_validate.ValidationError, match="replicaz"):
        kubernetes_validate.validate(bad, KUBERNETES, strict=True)
    assert "replicaz" in faults(bad)[0]


@every_stack
def test_every_object_carries_the_labels_of_the_platform(name):
    missing = {
        it["metadata"]["name"]: LABELS - it["metadata"]["labels"].keys() for it in manifests(name)
    }
    assert {key: lack for key, lack in missing.items() if lack} == {}
    assert {it["metadata"]["labels"]["env"] for it in manifests(name)} == {name}


@every_stack
def test_every_label_value_is_within_kubernetes_limit(name):
    for it in manifests(name):
        assert all(len(text) <= 63 for text in it["metadata"]["labels"].values()), it["metadata"]


@every_stack
def test_no_two_objects_of_a_kind_share_name_and_namespace(name):
    keys = [
        (it["kind"], it["metadata"].get("namespace"), it["metadata"]["name"])
        for it in manifests(name)
    ]
    assert len(keys) == len(set(keys))


@every_stack
def test_every_object_stands_in_the_namespace_of_its_group(name):
    for group in groups(name):
        for part in group.parts:
            expected = None if part.manifest["kind"] in CLUSTER_SCOPED else group.namespace
            assert part.manifest["metadata"].get("namespace") == expected, (group.name, part.role)


@every_stack
def test_roles_are_unique_in_a_component_and_name_only_what_comes_before(name):
    for group in groups(name):
        seen: set[str] = set()
        for part in group.parts:
            assert part.role not in seen, (group.name, part.role)
            assert set(part.after) <= seen, (group.name, part.role)
            seen.add(part.role)


@every_stack
def test_no_group_has_the_logical_name_of_another(name):
    keys = [(group.component, group.name) for group in groups(name)]
    assert len(keys) == len(set(keys))


def test_tenants_come_first_then_the_ingress_then_workloads_in_catalogue_order():
    settings = shipped("dev")
    found = [(group.component, group.name) for group in groups("dev")]
    assert found == [
        *(("Tenant", namespace) for namespace in settings.namespaces),
        ("Ingress", "ingress"),
        *(("Workload", f"{it.namespace}-{name}") for name, it in settings.workloads.items()),
    ]


def test_a_cluster_with_its_own_controller_has_no_ingress_group():
    assert "Ingress" not in {group.component for group in groups("local")}


@every_stack
def test_no_list_or_map_stands_in_two_places(name):
    """A renderer would write the second as a YAML alias, and a change of one would change the other."""
    seen: dict[int, str] = {}

    def walk(node: Any, path: str) -> None:
        if isinstance(node, dict | list):
            assert id(node) not in seen, f"{path} is {seen[id(node)]}"
            seen[id(node)] = path
            for key, child in node.items() if isinstance(node, dict) else enumerate(node):
                walk(child, f"{path}.{key}")

    for group in groups(name):
        for part in group.parts:
            walk(part.manifest, f"{group.name}.{part.role}")


class Untouchable:
    """A value known only to Azure: whoever looks at it fails."""

    def __getattribute__(self, name):
        if name == "__class__":
            return super().__getattribute__(name)
        raise AssertionError(f"someone asked an unknown value for {name}")

    def __bool__(self):
        raise AssertionError("an unknown value has no truth")

    def __str__(self):
        raise AssertionError("an unknown value has no text")

    __hash__ = None
    __repr__ = __str__


@pytest.mark.parametrize("name", ["dev", "local"])
def test_unknown_and_secret_values_are_placed_and_never_looked_at(name):
    leaf = Untouchable()
    given = Values(
        client_ids=dict.fromkeys(shipped(name).workloads, leaf),
        secrets={"business-data-registry-credentials": leaf, "shop-kv-AZURE-PASSWORD": leaf},
    )
    placed = []

    def walk(node: Any) -> None:
        if isinstance(node, dict | list):
            for child in node.values() if isinstance(node, dict) else node:
                walk(child)
        elif node is leaf:
            placed.append(node)

    for group in estate.groups(shipped(name), given):
        for part in group.parts:
            walk(part.manifest)
    expected = {
        "dev": ["annotation", "provider class", "pull secret"],
        "local": ["pull secret", "vault secret"],
    }
    assert len(placed) == len(expected[name])


@every_stack
def test_an_estate_is_plain_data_and_made_the_same_way_twice(name):
    again = [
        part.manifest
        for it in estate.groups(shipped(name), values(shipped(name)))
        for part in it.parts
    ]
    assert json.dumps(again) == json.dumps(manifests(name))


@pytest.mark.parametrize("kind", ["deployment", "statefulset", "daemonset", "job", "cronjob"])
@pytest.mark.parametrize("target", ["aks", "kubeconfig"])
def test_every_kind_with_everything_on_it_is_valid(kind, target):
    subject = of_kind(
        kind,
        command=["/bin/web"],
        args=["serve"],
        env={"MODE": "x"},
        config={"env": {"A": "1"}, "files": {"a.conf": "x"}, "mountPath": "/etc/web"},
        secrets={"AZURE-PASSWORD": {"vault": "shop-kv", "mountPath": "/mnt/secrets"}},
        volumes={
            "tmp": {"mountPath": "/tmp", "emptyDir": {"sizeLimit": "64Mi", "medium": "Memory"}},
            "data": {"mountPath": "/data", "disk": {"size": "8Gi", "storageClass": "managed-csi"}},
            "logs": {"mountPath": "/logs", "readOnly": True, "hostPath": {"path": "/var/log"}},
        },
        probes={
            "startup": {"grpc": {"port": "http", "service": "web"}, "failureThreshold": 30},
            "readiness": {"httpGet": {"path": "/ready", "port": "http"}, "periodSeconds": 5},
            "liveness": {
                "exec": {"command": ["true"]},
                "initialDelaySeconds": 1,
                "timeoutSeconds": 2,
            },
        },
        routes=[
            {"host": "public", "path": "/web"},
            {"host": "public", "path": "/api", "pathType": "Exact"},
        ],
        uses=["internet:443", "kubernetes", "sql-gateway", "mail:465"],
        tolerations=[
            {"key": "dedicated", "operator": "Equal", "value": "web", "effect": "NoSchedule"}
        ],
        security={"fsGroup": 10001, "addCapabilities": ["NET_BIND_SERVICE"]},
        imagePullSecrets=["registry"],
        labels={"course.example/tier": "web"},
        job={
            "completions": 3,
            "parallelism": 2,
            "completionMode": "Indexed",
            "backoffLimitPerIndex": 1,
        },
        autoscale={"min": 2, "max": 4, "cpu": 70, "memory": 80},
        disruption={"minAvailable": "50%"},
    )
    settings = stack(subject, target=target, localDns=True, skipAwait=target == "kubeconfig")
    for group in estate.groups(settings, values(settings)):
        for part in group.parts:
            assert faults(part.manifest) == [], part.role


def test_a_stack_of_long_names_stays_within_every_limit():
    name = "a-workload-with-a-name-as-long-as-kubernetes-lets-a-label-be-xy"
    subject = web(
        name=name,
        version="10.200.3000",
        secrets={
            "A": {"vault": "shop-kv", "mountPath": "/a"},
            "B": {"vault": "shop-kv", "mountPath": "/b"},
        },
        config={"env": {"A": "1"}},
        routes=[{"host": "public"}],
    )
    assert len(name) == 63
    settings = stack(subject)
    for group in estate.groups(settings, values(settings)):
        for part in group.parts:
            assert len(part.manifest["metadata"]["name"]) <= 253
            assert all(len(text) <= 63 for text in part.manifest["metadata"]["labels"].values())
            volumes = (
                part.manifest.get("spec", {}).get("template", {}).get("spec", {}).get("volumes", [])
            )
            assert all(len(volume["name"]) <= 63 for volume in volumes)
