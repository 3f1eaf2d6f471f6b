"""What other linters let pass, planted in manifests as people write them, is found."""

from typing import Any

import pytest

from policy.evaluation import Rules, marked
from policy.objects import object_of
from policy.rules import all_rules
from policy.stack import Stack

RULES = Rules(all_rules())
CANARY = "hunter2-canary"


def web(namespace: str = "shop", replicas: int = 1, **pod: Any) -> dict[str, Any]:
    container = {"name": "web", "image": "registry.example.com/web:1.4.2", **pod}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": namespace},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"app": "web"}},
            "template": {
                "metadata": {"labels": {"app": "web"}},
                "spec": {"containers": [container]},
            },
        },
    }


def one(version: str, kind: str, namespace: str = "shop", **rest: Any) -> dict[str, Any]:
    metadata = {"name": "it", **({"namespace": namespace} if namespace else {})}
    return {"apiVersion": version, "kind": kind, "metadata": metadata, **rest}


def failing(*manifests: dict[str, Any], complete: bool = False) -> set[tuple[str, str]]:
    """Rule and object of every certain fault."""
    objects = [marked(object_of(it)) for it in manifests]
    found = [(it, result) for it in objects for result in RULES.of_object(it)]
    found += RULES.of_stack(Stack(objects, complete=complete))
    assert CANARY not in str([result for _, result in found])
    return {(result.rule, it.title) for it, result in found if result.verdict == "fail"}


SELECTS = {"selector": {"matchLabels": {"app": "web"}}}
PLANTED = [
    (
        "rbac-cluster-admin",
        one(
            "rbac.authorization.k8s.io/v1",
            "ClusterRoleBinding",
            "",
            roleRef={"kind": "ClusterRole", "name": "cluster-admin"},
            subjects=[{"kind": "Group", "name": "dev"}],
        ),
    ),
    (
        "service-selects-nothing",
        one("v1", "Service", spec={"selector": {"app": "wep"}, "ports": [{"port": 80}]}),
    ),
    ("service-selects-nothing", one("v1", "Service", "other", spec={"selector": {"app": "web"}})),
    (
        "ref-policy-peer",
        one(
            "networking.k8s.io/v1",
            "NetworkPolicy",
            spec={
                "podSelector": {"matchLabels": {"app": "web"}},
                "ingress": [{"from": [{"podSelector": {"matchLabels": {"app": "nobody"}}}]}],
            },
        ),
    ),
    ("ref-budget-selector", one("policy/v1", "PodDisruptionBudget", "other", spec=SELECTS)),
    (
        "ref-autoscaler-target",
        one(
            "autoscaling/v2",
            "HorizontalPodAutoscaler",
            "other",
            spec={"maxReplicas": 3, "scaleTargetRef": {"kind": "Deployment", "name": "web"}},
        ),
    ),
    (
        "ref-ingress-backend",
        one(
            "networking.k8s.io/v1",
            "Ingress",
            spec={
                "rules": [
                    {
                        "host": "a.example.com",
                        "http": {
                            "paths": [
                                {"backend": {"service": {"name": "web", "port": {"number": 80}}}}
                            ]
                        },
                    }
                ]
            },
        ),
    ),
]


@pytest.mark.parametrize(("rule", "manifest"), PLANTED, ids=lambda it: str(it)[:30])
def test_what_leads_nowhere_or_everywhere_is_found_in_its_namespace(rule, manifest):
    title = object_of(manifest).title
    other = {**one("v1", "Service"), "metadata": {"name": "other", "namespace": "shop"}}

    assert (rule, title) in failing(web(), other, manifest)


def test_a_quota_that_no_pod_fits_is_found():
    quota = one("v1", "ResourceQuota", spec={"hard": {"requests.cpu": "150m"}})
    asking = web(resources={"requests": {"cpu": "200m"}})

    assert ("quota-impossible", "Deployment shop/web") in failing(asking, quota)
    assert ("quota-impossible", "Deployment shop/web") not in failing(
        web(resources={"requests": {"cpu": "150m"}}), quota
    )


def test_a_password_in_clear_is_found_and_not_told():
    asking = web(env=[{"name": "DB_PASSWORD", "value": CANARY}])

    assert ("secret-in-env", "Deployment shop/web") in failing(asking)


def test_objects_of_another_namespace_answer_no_reference():
    service = one("v1", "Service", spec={"selector": {"app": "web"}})

    assert ("service-selects-nothing", "Service shop/it") in failing(web("other"), service)
    assert ("service-selects-nothing", "Service shop/it") not in failing(web(), service)


def test_what_a_cluster_has_by_itself_is_missed_by_nobody():
    manifest = web(
        volumeMounts=[{"name": "ca", "mountPath": "/ca"}], envFrom=[{"secretRef": {"name": "db"}}]
    )
    spec = manifest["spec"]["template"]["spec"]
    spec["serviceAccountName"] = "default"
    spec["priorityClassName"] = "system-cluster-critical"
    spec["volumes"] = [{"name": "ca", "configMap": {"name": "kube-root-ca.crt"}}]
    claim = one("v1", "PersistentVolumeClaim", spec={"storageClassName": "managed-csi-premium"})
    binding = one(
        "rbac.authorization.k8s.io/v1",
        "RoleBinding",
        roleRef={"kind": "ClusterRole", "name": "view"},
        subjects=[{"kind": "ServiceAccount", "name": "default"}],
    )

    found = {rule for rule, _ in failing(manifest, claim, binding)}
    assert not {it for it in found if it.startswith("ref-")}
