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
        keys = ("concurrencyPolicy", "schedule", "startingDeadlineSeconds")
        schedule = {key: body.pop(key) for key in keys if key in body}
        body = {"jobTemplate": {"spec": body}, **schedule}
    return obj(kind, name, spec=body)


def cron(**spec):
    """Every 5 minutes a run of two pods that ends after 10."""
    every = {"schedule": "*/5 * * * *", "startingDeadlineSeconds": 10}
    run = {"parallelism": 2, "completions": 2, "activeDeadlineSeconds": 600}
    return controller("CronJob", **{**every, **run, **spec})


SLOW = {"terminationGracePeriodSeconds": 120}


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
        (cron(concurrencyPolicy="Forbid"), (0, 2, 2)),
        (cron(), (0, 2, 6)),
        (cron(activeDeadlineSeconds=200), (0, 2, 2)),
        (cron(activeDeadlineSeconds=200, startingDeadlineSeconds=100), (0, 2, 4)),
        (cron(activeDeadlineSeconds=200, template=SLOW), (0, 2, 4)),
        (cron(activeDeadlineSeconds=None), (0, 2, 4)),
        (cron(activeDeadlineSeconds=dict(UNKNOWN)), (0, 2, 4)),
        (controller("DaemonSet"), (1, 1, 1)),
    ],
)
def test_pods_are_counted_at_rest_at_full_scale_and_at_the_peak_of_a_rollout(made, counts):
    found = pods(made)
    assert (found.rest, found.full, found.peak) == counts


def test_a_cron_job_whose_runs_nothing_bounds_is_told_and_one_that_ends_is_not():
    told = ("cron-unbounded", "advisory", "CronJob shop/api")
    assert told in rules(plan(cron(activeDeadlineSeconds=None)))
    for it in (cron(), cron(activeDeadlineSeconds=None, concurrencyPolicy="Forbid")):
        assert told not in rules(plan(it))


OVERHEAD = {"cpu": "250m", "memory": "160Mi"}
KATA = {
    "kind": "RuntimeClass",
    "metadata": {"name": "kata"},
    "handler": "kata",
    "overhead": {"podFixed": OVERHEAD},
}


@pytest.mark.parametrize(
    ("template", "objects"),
    [({"runtimeClassName": "kata"}, [KATA]), ({"runtimeClassName": "kata", "overhead": OVERHEAD}, [])],
)  # fmt: skip
def test_what_a_runtime_class_adds_to_a_pod_is_counted(template, objects):
    [plain] = pods_of(plan(controller()))
    [found] = pods_of(plan(*objects, controller(template=template)))
    assert found.one.requests_cpu - plain.one.requests_cpu == amount("250m")
    assert found.one.requests_memory - plain.one.requests_memory == amount("160Mi")
    assert found.one.limits_cpu - plain.one.limits_cpu == amount("250m")
    assert found.unknown == ()


def test_a_pod_without_limits_gets_none_by_its_runtime_class():
    requests = {"requests": {"cpu": "1"}}
    [found] = pods_of(
        plan(KATA, controller(resources=requests, template={"runtimeClassName": "kata"}))
    )
    assert (found.one.requests_cpu, found.one.limits_cpu) == (amount("1250m"), 0)


def test_a_runtime_class_that_the_plan_lacks_is_told():
    made = plan(controller(template={"runtimeClassName": "kata"}))
    assert rules(made) == [("unknown-amount", "advisory", "Deployment shop/api")]
    plain = {**KATA, "overhead": None}
    assert rules(plan(plain, controller(template={"runtimeClassName": "kata"}))) == []


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


URGENT = {
    "matchExpressions": [{"scopeName": "PriorityClass", "operator": "In", "values": ["urgent"]}]
}


def scoped(selector, **hard):
    made = quota(**hard)
    return {**made, "spec": {**made["spec"], "scopeSelector": selector}}


def test_a_quota_of_a_priority_counts_the_pods_of_that_priority_alone():
    urgent = controller(name="urgent", replicas=2, template={"priorityClassName": "urgent"})
    made = plan(urgent, controller(replicas=9), scoped(URGENT, pods="2", requests_cpu="2"))
    uses = {it.resource: it for it in capacity(made).quotas}
    assert (uses["pods"].rest, uses["pods"].peak, uses["pods"].only) == (2, 3, "compute")
    assert uses["requests.cpu"].peak == Decimal("1.5")
    assert ("quota-peak", "mandatory", "ResourceQuota shop/compute") in rules(made)


def test_a_quota_of_any_other_scope_is_told_not_to_be_counted():
    other = {
        "matchExpressions": [{"scopeName": "PriorityClass", "operator": "NotIn", "values": ["x"]}]
    }
    assert rules(plan(controller(), scoped(other, pods="1"))) == [
        ("quota-unknown", "advisory", "ResourceQuota shop")
    ]


def messages(made):
    return {it.rule: it.message for it in capacity_findings(made, capacity(made))}


def test_what_outgrows_a_pool_is_told_with_the_smallest_number_of_nodes_that_would_do():
    big = {"requests": {"cpu": "3", "memory": "1Gi"}, "limits": {"cpu": "3", "memory": "1Gi"}}
    made = plan(controller(resources=big, replicas=5, strategy={"type": "Recreate"}))
    assert (
        "raise nodePools.wg1.max from 3 to 5 or lower requests" in messages(made)["pool-requests"]
    )


def test_limits_that_outgrow_a_pool_are_told_with_the_nodes_that_would_hold_them():
    wide = {"requests": {"cpu": "100m", "memory": "1Gi"}, "limits": {"cpu": "4", "memory": "1Gi"}}
    made = plan(controller(resources=wide, replicas=4, strategy={"type": "Recreate"}))
    assert "raise nodePools.wg1.max from 3 to 4 or lower limits" in messages(made)["pool-limits"]


def test_pods_that_fit_in_sum_and_not_one_by_one_are_an_estimate_and_advisory():
    big = {
        "requests": {"cpu": "2100m", "memory": "1Gi"},
        "limits": {"cpu": "2100m", "memory": "1Gi"},
    }
    made = plan(controller(resources=big, replicas=5, strategy={"type": "Recreate"}))
    assert rules(made) == [("pool-packing", "advisory", "pool wg1")]
    assert "raise nodePools.wg1.max from 3 to 5" in messages(made)["pool-packing"]


def test_more_pods_than_nodes_may_run_are_mandatory():
    tiny = {"requests": {"cpu": "1m", "memory": "1Mi"}, "limits": {"cpu": "1m", "memory": "1Mi"}}
    few = {**WORKERS, "maxPods": 12, "system": {"cpu": "0", "memory": "0", "pods": 2}}
    many = controller(resources=tiny, replicas=31, strategy={"type": "Recreate"})
    made = plan(many, pools=(few,))
    assert rules(made) == [("pool-pods", "mandatory", "pool wg1")]
    assert "37 pods at the peak of a rollout exceed the 36" in messages(made)["pool-pods"]
    assert "from 3 to 4" in messages(made)["pool-pods"]
    assert rules(plan({**many, "spec": {**many["spec"], "replicas": 30}}, pools=(few,))) == []


def test_a_pod_larger_than_a_node_is_named_for_no_number_of_nodes_would_do():
    large = {
        "requests": {"cpu": "3900m", "memory": "1Gi"},
        "limits": {"cpu": "3900m", "memory": "1Gi"},
    }
    busy = {**WORKERS, "system": {"cpu": "370m", "memory": "810Mi", "pods": 8}}
    made = plan(controller(resources=large, replicas=1), pools=(busy,))
    assert rules(made) == [("pool-pod", "mandatory", "pool wg1")]
    assert "a pod of Deployment shop/api asks for more" in messages(made)["pool-pod"]


def test_what_the_clusters_own_pods_take_of_every_node_is_no_room():
    busy = {**WORKERS, "maxPods": 30, "system": {"cpu": "1", "memory": "1Gi", "pods": 8}}
    small, large = capacity(plan(controller(replicas=2), pools=(busy,))).pools
    assert (small.demand.requests_cpu, small.demand.pods, small.most_pods) == (3, 18, 60)
    assert (small.needed, large.needed) == (1, 1)
    assert large.demand.requests_cpu == Decimal("4.5")


def test_a_default_limit_is_the_default_request_before_a_minimum_is():
    limits = {"type": "Container", "min": {"cpu": "10m"}, "default": {"cpu": "300m"}}
    made = pods_of(
        plan(controller(resources={}), obj("LimitRange", "it", spec={"limits": [limits]}))
    )
    assert made[0].one.requests_cpu == Decimal("0.3")
