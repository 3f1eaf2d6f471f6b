"""The rules by which the API server counts and fills in, against our own arithmetic, beyond what the stacks have."""

from dataclasses import replace

import pytest

from review.plan import Plan
from settings.demand import container, defaults_of
from settings.quantity import amount
from tests.cluster.counts import WIDE, agree, as_plan, computed, count_widely, difference, wide
from tests.cluster.estate import apply, moved

LIMITED = {
    ("requests", "cpu"): "requests_cpu",
    ("requests", "memory"): "requests_memory",
    ("limits", "cpu"): "limits_cpu",
    ("limits", "memory"): "limits_memory",
}


def filled_otherwise(estate, namespace, limits):
    """What the API server gives a bare container and our arithmetic does not, with both amounts."""
    secure = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "bare"},
        "spec": {
            "securityContext": {
                "runAsNonRoot": True,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            "containers": [{"name": "bare", "image": "bare", "securityContext": secure}],
        },
    }
    path = f"/api/v1/namespaces/{namespace}/pods?dryRun=All"
    resources = estate.api.request("POST", path, pod)["spec"]["containers"][0]["resources"]
    wanted = container({}, {}, defaults_of(limits))
    assert any(getattr(wanted, attribute) for attribute in LIMITED.values())
    got = {(side, key): amount(resources.get(side, {}).get(key, "0")) for side, key in LIMITED}
    return {
        at: (got[at], getattr(wanted, attribute))
        for at, attribute in LIMITED.items()
        if got[at] != getattr(wanted, attribute)
    }


def test_the_limit_range_fills_in_what_our_arithmetic_says(estate):
    for name, tenant in estate.settings.namespaces.items():
        assert filled_otherwise(estate, name, tenant.limits) == {}


def test_a_limit_range_with_another_default_is_noticed(prod, namespace):
    limits = prod.settings.namespaces["course"].limits
    made = [
        it
        for it in moved(prod.manifests, "course", namespace)
        if it["kind"] in ("Namespace", "LimitRange")
    ]
    [bounds] = [it for it in made if it["kind"] == "LimitRange"]
    bounds["spec"]["limits"][0]["default"]["cpu"] = "260m"
    for it in made:
        apply(prod.api, it)
    try:
        prod.plane.wait_for("the default", lambda: filled_otherwise(prod, namespace, limits), 10)
        assert filled_otherwise(prod, namespace, limits) == {
            ("limits", "cpu"): (amount("260m"), amount("250m"))
        }
    finally:
        prod.api.request("DELETE", f"/api/v1/namespaces/{namespace}")


def claim(size, **more):
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": size}}}
    return {"spec": {**spec, **more}}


def service(kind, *ports, **more):
    ports = [{"name": f"p{index}", **port} for index, port in enumerate(ports)]
    return {"apiVersion": "v1", "kind": "Service", "spec": {"type": kind, "ports": ports, **more}}


def controller(kind, name, **spec):
    volume = {"name": "scratch", "ephemeral": {"volumeClaimTemplate": claim("1Gi", **GOLD)}}
    pod = {
        "nodeSelector": {"agentpool": "nowhere"},
        "containers": [{"name": "it", "image": "it", "resources": {"limits": TINY}}],
        "volumes": [volume],
    }
    template = {"metadata": {"labels": {"it": name}}, "spec": pod}
    body = {"selector": {"matchLabels": {"it": name}}, "template": template, **spec}
    return {"apiVersion": "apps/v1", "kind": kind, "spec": body}


GOLD = {"storageClassName": "gold"}
TINY = {"cpu": "1m", "memory": "1Mi"}
PORTS = ({"port": 80}, {"port": 443, "nodePort": 30443})
DATA = {"metadata": {"name": "data"}, **claim("2Gi", **GOLD)}
FRONT = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "front"}
SILENT = {"allocateLoadBalancerNodePorts": False}
HEAVY = {
    "kind": "RuntimeClass",
    "apiVersion": "node.k8s.io/v1",
    "handler": "heavy",
    "overhead": {"podFixed": {"cpu": "250m", "memory": "160Mi"}},
}


def inside(pod, **more):
    """A controller whose pods have `more`."""
    pod["spec"]["template"]["spec"] |= more
    return pod


VARIED = {
    "heavy": HEAVY,
    "isolated": inside(controller("Deployment", "isolated", replicas=2), runtimeClassName="heavy"),
    "internal": service("ClusterIP", *PORTS[:1]),
    "opened": service("NodePort", {"port": 80}, {"port": 443}),
    "balanced": service("LoadBalancer", {"port": 80}, {"port": 443}, {"port": 8443}),
    "silent": service("LoadBalancer", *PORTS, **SILENT),
    "alias": service("ExternalName", externalName="elsewhere.example"),
    "plain": {"apiVersion": "v1", "kind": "PersistentVolumeClaim", **claim("3Gi", **GOLD)},
    "bound": {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        **claim("500M", storageClassName=""),
    },
    "fraction": {"apiVersion": "v1", "kind": "PersistentVolumeClaim", **claim("0.1Ki", **GOLD)},
    "settings": {"apiVersion": "v1", "kind": "ConfigMap"},
    "password": {"apiVersion": "v1", "kind": "Secret"},
    "queue": controller(
        "StatefulSet",
        "queue",
        serviceName="queue",
        replicas=2,
        podManagementPolicy="Parallel",
        volumeClaimTemplates=[DATA],
    ),
    "front": controller("Deployment", "front", replicas=3),
    "scaler": {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "spec": {"minReplicas": 3, "maxReplicas": 5, "scaleTargetRef": FRONT},
    },
}
"""By name: one object or more of each rule that a quota counts by, in ways the stacks do not have."""


@pytest.fixture
def varied(prod, namespace):
    """A plan of these objects and a wide quota, all in a namespace of their own."""
    manifests = [
        {
            **it,
            "metadata": {"name": name}
            if it["kind"] == "RuntimeClass"
            else {"name": name, "namespace": namespace},
        }
        for name, it in VARIED.items()
    ]
    empty = Plan(project="p", stack="s", resources=())
    plan = as_plan([*manifests, wide(manifests, namespace)], empty)
    apply(prod.api, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}})
    inside = f"/api/v1/namespaces/{namespace}"
    for path in ("serviceaccounts/default", "configmaps/kube-root-ca.crt"):
        prod.plane.wait_for(path, lambda path=path: prod.api.get(f"{inside}/{path}"), 20)
    count_widely(prod, plan)
    for it in manifests:
        apply(prod.api, it)
    yield plan
    prod.api.request(
        "DELETE", f"{inside}/services/silent"
    )  # a namespace keeps its node ports until it is gone
    prod.api.request("DELETE", inside)
    prod.api.request("DELETE", "/apis/node.k8s.io/v1/runtimeclasses/heavy")


def test_claims_storage_and_ports_are_counted_as_the_api_server_does(prod, namespace, varied):
    agree(prod, "rest", WIDE, varied)

    ours = computed(varied, "rest")
    assert ours[namespace, "persistentvolumeclaims"] == 3 + 2 + 7
    assert ours[namespace, "requests.cpu"] == 7 * amount("1m") + 2 * amount("250m")
    assert ours[namespace, "services.nodeports"] == 2 + 3 + 1


def test_each_object_that_our_plan_lacks_is_noticed(prod, varied):
    agree(prod, "rest", WIDE, varied)

    rows = varied.resources
    without = {
        it.inputs["metadata"]["name"]: replace(
            varied, resources=tuple(other for other in rows if other is not it)
        )
        for it in rows
        if it.inputs["kind"] != "ResourceQuota"
    }
    unnoticed = [name for name, plan in without.items() if not difference(prod, "rest", WIDE, plan)]
    assert unnoticed == []
    assert {*without} == {*VARIED}
