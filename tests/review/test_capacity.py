"""Pods counted as the API server counts them, and held against pools and quotas."""

from copy import deepcopy
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manifests import Values
from manifests.estate import groups
from review.analyses.capacity import capacity, capacity_findings
from review.analyses.placement import exception_findings, placement_findings
from review.analyses.pods import pods_of
from review.findings import ranked
from review.plan import UNKNOWN, Plan, Resource
from settings.demand import Demand, one_pod, pods_at_peak
from settings.load import load
from settings.machines import capacities
from settings.quantity import amount

ROOT = Path(__file__).parents[2]
ANY = type(
    "Any", (dict,), {"__missing__": lambda _self, key: key, "get": lambda _self, key, _=None: key}
)()
VALUES = Values(client_ids=ANY, secrets=ANY)

NODE = {"cpu": "4", "memory": "8Gi"}
WORKERS = {"name": "wg1", "mode": "User", "min": 2, "max": 3, **NODE}
SYSTEM = {"name": "system", "mode": "System", "min": 1, "max": 2, **NODE}
AMOUNTS = {"requests": {"cpu": "500m", "memory": "1Gi"}, "limits": {"cpu": "1", "memory": "2Gi"}}


def controller(kind="Deployment", name="api", resources=AMOUNTS, pool="wg1", template=None, **spec):
    pod = {"containers": [{"name": name, "resources": resources}], **(template or {})}
    if pool:
        pod["nodeSelector"] = {"agentpool": pool}
    body = {"template": {"spec": pod}, **spec}
    if kind == "CronJob":
        schedule = {key: body.pop(key) for key in ("concurrencyPolicy",) if key in body}
        body = {"jobTemplate": {"spec": body}, **schedule}
    return obj(kind, name, spec=body)


def obj(kind, name, namespace="shop", **rest):
    return {"kind": kind, "metadata": {"name": name, "namespace": namespace}, **rest}


def quota(**hard):
    return obj(
        "ResourceQuota",
        "compute",
        spec={"hard": {key.replace("_", "."): it for key, it in hard.items()}},
    )


def plan(*objects, pools=(WORKERS, SYSTEM)):
    rows = [
        Resource(
            urn=f"urn:{it['kind']}:{it['metadata']['name']}",
            type=f"kubernetes:any/v1:{it['kind']}",
            name=it["metadata"]["name"],
            inputs=it,
        )
        for it in objects
    ]
    return Plan(project="p", stack="s", resources=tuple(rows), outputs={"nodePools": list(pools)})


def pods(*objects):
    [found] = pods_of(plan(*objects))
    return found


def rules(given):
    fit = capacity(given)
    return [(it.rule, it.severity, it.resource) for it in ranked(capacity_findings(given, fit))]


@pytest.mark.parametrize(
    ("made", "counts"),
    [
        (controller(replicas=3, strategy={"rollingUpdate": {"maxSurge": 1}}), (3, 3, 4)),
        (controller(replicas=4, strategy={"rollingUpdate": {"maxSurge": "30%"}}), (4, 4, 6)),
        (controller(replicas=4), (4, 4, 5)),
        (controller(replicas=2, strategy={"type": "Recreate"}), (2, 2, 2)),
        (controller("StatefulSet", replicas=2), (2, 2, 2)),
        (controller("Job", parallelism=3, completions=6), (0, 3, 3)),
        (controller("Job", parallelism=9, completions=6), (0, 6, 6)),
        (controller("CronJob", concurrencyPolicy="Forbid"), (0, 1, 1)),
        (controller("CronJob", concurrencyPolicy="Replace"), (0, 1, 2)),
        (controller("DaemonSet"), (1, 1, 1)),
    ],
)
def test_pods_are_counted_at_rest_at_full_scale_and_at_the_peak_of_a_rollout(made, counts):
    found = pods(made)
    assert (found.rest, found.full, found.peak) == counts


def test_an_autoscaler_decides_the_count_from_its_minimum_to_its_maximum():
    scaler = obj(
        "HorizontalPodAutoscaler",
        "api",
        spec={
            "minReplicas": 2,
            "maxReplicas": 5,
            "scaleTargetRef": {"kind": "Deployment", "name": "api"},
        },
    )
    made = controller(strategy={"rollingUpdate": {"maxSurge": 1}})
    assert [(it.rest, it.full, it.peak) for it in pods_of(plan(made, scaler))] == [(2, 5, 6)]


def test_what_a_container_does_not_say_comes_from_the_limit_range_and_a_limit_is_a_request():
    limits = obj(
        "LimitRange",
        "defaults",
        spec={
            "limits": [
                {
                    "type": "Container",
                    "default": {"cpu": "300m", "memory": "64Mi"},
                    "defaultRequest": {"cpu": "100m", "memory": "32Mi"},
                }
            ]
        },
    )
    silent = pods_of(plan(controller(resources={}), limits))[0].one
    assert (silent.requests_cpu, silent.limits_cpu) == (Decimal("0.1"), Decimal("0.3"))
    limited = pods_of(plan(controller(resources={"limits": {"cpu": "2"}}), limits))[0].one
    assert (limited.requests_cpu, limited.limits_cpu) == (2, 2)
    assert limited.requests_memory == amount("32Mi")


def test_a_daemonset_runs_once_on_every_node_it_may_use():
    everywhere = controller(
        "DaemonSet", pool=None, template={"tolerations": [{"operator": "Exists"}]}
    )
    use = capacity(plan(everywhere, quota(pods="9"))).quotas[0]
    assert (use.rest, use.peak) == (3, 5), "two pools: 2 and 1 nodes at least, 3 and 2 at most"
    workers = controller("DaemonSet", pool=None)
    use = capacity(plan(workers, quota(pods="9"))).quotas[0]
    assert (use.rest, use.peak) == (2, 3), "system nodes are tainted"


def test_a_pool_is_held_against_rest_at_its_smallest_and_the_peak_at_its_largest():
    made = controller(replicas=4, strategy={"rollingUpdate": {"maxSurge": 1}})
    small, large = capacity(plan(made)).pools
    assert (small.nodes, small.cpu, small.demand.requests_cpu) == (2, 8, 2)
    assert (large.nodes, large.cpu, large.demand.requests_cpu) == (3, 12, Decimal("2.5"))
    assert large.demand.limits_memory == amount("10Gi")


def test_requests_past_the_largest_pool_are_mandatory_and_limits_past_it_advisory():
    fits = controller(replicas=11, strategy={"rollingUpdate": {"maxSurge": 1}})
    assert rules(plan(fits)) == [], "12 pods of 1 CPU on 12 CPU"
    outgrown = controller(replicas=12, strategy={"rollingUpdate": {"maxSurge": 1}})
    assert rules(plan(outgrown)) == [
        ("pool-limits", "advisory", "pool wg1"),
        ("pool-limits", "advisory", "pool wg1"),
    ], "13 CPU and 26Gi of limits; requests of 6.5 CPU and 13Gi still fit"
    pending = controller(replicas=24, strategy={"rollingUpdate": {"maxSurge": 1}})
    assert ("pool-requests", "mandatory", "pool wg1") in rules(plan(pending))


def test_a_quota_that_holds_at_rest_but_not_while_rolling_is_found():
    made = controller(replicas=2, strategy={"rollingUpdate": {"maxSurge": 1}})
    assert rules(plan(made, quota(requests_cpu="1500m", pods="3"))) == []
    assert rules(plan(made, quota(requests_cpu="1"))) == [
        ("quota-peak", "mandatory", "ResourceQuota shop")
    ]
    assert rules(plan(made, quota(pods="2"))) == [("quota-peak", "mandatory", "ResourceQuota shop")]


def test_an_amount_known_only_after_deployment_is_named_not_guessed():
    made = controller(resources={"requests": {"cpu": UNKNOWN, "memory": "1Gi"}})
    assert rules(plan(made)) == [("unknown-amount", "advisory", "Deployment shop/api")]


def test_pods_of_a_cluster_without_pool_labels_count_against_its_only_worker_pool():
    made = controller(replicas=1, pool=None, strategy={"type": "Recreate"})
    alone = capacity(plan(made, pools=[WORKERS]))
    assert alone.pools[1].demand.requests_cpu == Decimal("0.5")


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"pool": "system"}, "pool-system"),
        ({"pool": "gone"}, "pool-unknown"),
        ({"template": {"tolerations": [{"key": "CriticalAddonsOnly"}]}}, "pool-system"),
    ],
)
def test_a_pod_that_may_land_on_a_system_node_is_mandatory(change, rule):
    assert list(placement_findings(plan(controller(replicas=1)))) == []
    [found] = placement_findings(plan(controller(replicas=1, **change)))
    assert (found.rule, found.severity) == (rule, "mandatory")


def test_a_pod_bound_to_no_pool_beside_bound_ones_is_mandatory():
    loose = controller(name="loose", pool=None, replicas=1)
    [found] = placement_findings(plan(controller(replicas=1), loose))
    assert (found.rule, found.resource) == ("pool-missing", "Deployment shop/loose")


@pytest.mark.parametrize(
    ("level", "reason", "severity"),
    [
        ("restricted", "", None),
        ("privileged", "reads host logs", "advisory"),
        ("baseline", "", "mandatory"),
    ],
)
def test_a_namespace_below_restricted_is_told_with_its_reason_or_refused(level, reason, severity):
    space = deepcopy(obj("Namespace", "logging"))
    space["metadata"]["labels"] = {"pod-security.kubernetes.io/enforce": level}
    space["metadata"]["annotations"] = (
        {"aks-platform/pod-security-reason": reason} if reason else {}
    )
    found = list(exception_findings(plan(space)))
    assert [it.severity for it in found] == ([severity] if severity else [])
    assert all(reason in it.message for it in found)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 4000)), min_size=1, max_size=6))
def test_totals_are_exact_whatever_the_order(rows):
    made = [
        controller(
            name=f"w{index}",
            replicas=count,
            resources={"requests": {"cpu": f"{milli}m"}},
            strategy={"type": "Recreate"},
        )
        for index, (count, milli) in enumerate(rows)
    ]
    forward, backward = capacity(plan(*made)), capacity(plan(*reversed(made)))
    assert forward == backward
    assert forward.pools[1].demand.requests_cpu * 1000 == sum(
        count * milli for count, milli in rows
    )


@pytest.mark.parametrize("stack", ["dev", "prod", "local"])
def test_the_objects_ask_for_what_the_settings_say_they_do(stack):
    """Two roads to one sum: the settings' cross-check and the recorded objects."""
    settings = load(ROOT, stack)
    made = [part.manifest for group in groups(settings, VALUES) for part in group.parts]
    use = capacity(plan(*made, pools=[it.as_output() for it in capacities(settings)])).quotas
    for namespace, tenant in settings.namespaces.items():
        workloads = [it for it in settings.workloads.values() if it.namespace == namespace]
        peak = sum(
            (one_pod(it, tenant.limits) * pods_at_peak(settings, it) for it in workloads), Demand()
        )
        recorded = {it.resource: it.peak for it in use if it.namespace == namespace}
        assert {key: recorded[key] for key in ("requests.cpu", "limits.memory", "pods")} == {
            "requests.cpu": peak.requests_cpu,
            "limits.memory": peak.limits_memory,
            "pods": peak.pods,
        }
