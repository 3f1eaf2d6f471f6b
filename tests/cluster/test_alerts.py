"""Alerts as Prometheus evaluates them, on series as kube-state-metrics and kubelets give them."""

from datetime import UTC, datetime, time, timedelta

import pytest

from components.azure import alert_rules, recording_rules
from settings.calendar import MINORS
from settings.load import load
from tests.cluster.estate import ROOT
from tests.cluster.prometheus import evaluate

NOW = 1_790_000_000
PROD = load(ROOT, "prod")
WG1 = PROD.node_pools["wg1"]
STATE = 'job="kube-state-metrics",cluster="c"'
KUBELET = 'job="kubelet",cluster="c",instance="n1"'
POD = 'namespace="course",pod="web-1"'
QUARTER = 31
"""Values of fifteen minutes."""


def rule(name):
    pools = [it for pool in PROD.node_pools for it in alert_rules.of_pool(PROD, pool)]
    [found] = [it for it in (*alert_rules.of_cluster(PROD), *pools) if it.name == name]
    return found


def alarms(name, series, at=NOW):
    """Labels of each alarm of one alert."""
    return [labels for labels, _ in evaluate(rule(name).expression, series, at)]


def pod(name="web-1", node="n1", phase="Running", **amounts):
    """A pod with one container, as kube-state-metrics tells it; `cpu_requests=40` and the like."""
    of = f'{STATE},namespace="course",pod="{name}"'
    series = {
        f'kube_pod_status_phase{{{of},phase="{it}"}}': [float(it == phase)]
        for it in ("Pending", "Running", "Succeeded", "Failed")
    }
    for key, amount in amounts.items():
        resource, kind = key.split("_")
        labels = f'{of},container="web",node="{node}",resource="{resource}"'
        series[f"kube_pod_container_resource_{kind}{{{labels}}}"] = [amount]
    return series


def node(name="n1", pool="wg1"):
    return {f'kube_node_labels{{{STATE},node="{name}",label_agentpool="{pool}"}}': [1.0]}


MOST = {"cpu": 6 * 7.82}
SHARES = {
    f"{title} of pool wg1": (resource, kind, share)
    for title, resource, kind, share in (
        ("CPU requests", "cpu", "requests", 0.85),
        ("CPU limits", "cpu", "limits", 0.9),
    )
}


@pytest.mark.parametrize("name", SHARES)
def test_a_pool_is_near_its_maximum_above_the_share_and_not_at_it(name):
    resource, kind, share = SHARES[name]
    most = MOST[resource]
    for amount, expected in ((share * most - 0.01, []), (share * most + 0.01, [{"cluster": "c"}])):
        assert alarms(name, {**node(), **pod(**{f"{resource}_{kind}": amount})}) == expected


def test_memory_counts_in_bytes_against_what_pods_can_use_of_the_pool():
    of_one = int(rule("Memory limits of pool wg1").expression.rpartition(" / ")[2].split()[0])
    assert 6 * 25 * 2**30 < of_one < 6 * 32 * 2**30
    for amount, expected in ((of_one * 0.89, 0), (of_one * 0.91, 1)):
        series = {**node(), **pod(memory_limits=amount)}
        assert len(alarms("Memory limits of pool wg1", series)) == expected


def test_pods_are_summed_over_the_nodes_of_the_pool():
    series = {**node(), **node("n2"), **pod("a", "n1", cpu_requests=20), **pod("b", "n2", cpu_requests=20)}  # fmt: skip
    assert alarms("CPU requests of pool wg1", series) == [{"cluster": "c"}]


@pytest.mark.parametrize(
    "series",
    [
        {**node(pool="system"), **pod(cpu_requests=46)},
        {**node(pool="wg10"), **pod(cpu_requests=46)},
        {**node(), **pod(phase="Succeeded", cpu_requests=46)},
        {**node(), **pod(phase="Failed", cpu_requests=46)},
        {**node(), **pod(phase="Pending", node="", cpu_requests=46)},
        {**node(), **pod(cpu_limits=46)},
    ],
    ids=["another pool", "a longer name", "ended", "failed", "without a node", "limits"],
)
def test_what_takes_no_room_in_the_pool_is_not_counted(series):
    assert alarms("CPU requests of pool wg1", series) == []


def test_the_next_generation_of_a_pool_counts_for_it():
    assert alarms("CPU requests of pool wg1", {**node(pool="wg1a1b2"), **pod(cpu_requests=46)})


def test_without_the_condition_on_the_phase_an_ended_pod_would_ring():
    expression = rule("CPU requests of pool wg1").expression
    mutant = expression.replace("Pending|Running", "Pending|Running|Succeeded")
    series = {**node(), **pod(phase="Succeeded", cpu_requests=46)}
    assert evaluate(mutant, series, NOW)


def test_a_pool_rings_with_its_last_node_and_not_before():
    nodes = [node(f"n{index}") for index in range(WG1.max)]
    six = {key: value for it in nodes for key, value in it.items()}
    five = {key: value for it in nodes[1:] for key, value in it.items()}
    assert alarms("Pool wg1 at its maximum", six) == [{"cluster": "c"}]
    assert alarms("Pool wg1 at its maximum", five) == []


@pytest.mark.parametrize(("ready", "expected"), [(1, []), (0, [{"cluster": "c", "node": "n1"}])])
def test_a_node_that_is_not_ready_rings_by_its_name(ready, expected):
    labels = f'{STATE},node="n1",condition="Ready",status="true"'
    assert (
        alarms("Node not ready", {f"kube_node_status_condition{{{labels}}}": [ready]}) == expected
    )


def test_a_pod_that_waits_rings_and_one_that_runs_does_not():
    assert alarms("Pods pending", pod(phase="Pending")) == [{"cluster": "c", "namespace": "course"}]
    assert alarms("Pods pending", pod()) == []


@pytest.mark.parametrize(
    ("reason", "restarts", "rings"),
    [
        ("OOMKilled", [3] * 20 + [4] * 11, True),
        ("OOMKilled", [4] * QUARTER, False),
        ("Error", [3] * 20 + [4] * 11, False),
    ],
    ids=["killed just now", "killed long ago", "ended otherwise"],
)
def test_a_kill_for_memory_rings_while_it_is_new(reason, restarts, rings):
    of = f'{STATE},{POD},container="web"'
    series = {
        f'kube_pod_container_status_last_terminated_reason{{{of},reason="{reason}"}}': [1]
        * QUARTER,
        f"kube_pod_container_status_restarts_total{{{of}}}": restarts,
    }
    assert bool(alarms("Container killed for memory", series)) == rings


def test_a_container_between_two_ends_still_loops():
    labels = f'{STATE},{POD},container="web",reason="CrashLoopBackOff"'
    metric = f"kube_pod_container_status_waiting_reason{{{labels}}}"
    assert alarms("Container does not stay up", {metric: [1, 1, 0, 0]})
    assert not alarms("Container does not stay up", {metric: [0] * QUARTER})


@pytest.mark.parametrize(("condition", "rings"), [("true", True), ("false", False)])
def test_a_failed_job_rings_by_its_name(condition, rings):
    labels = f'{STATE},namespace="course",job_name="sync-1",condition="{condition}"'
    found = alarms("Job failed", {f"kube_job_failed{{{labels}}}": [1]})
    assert found == (
        [{"cluster": "c", "namespace": "course", "job_name": "sync-1"}] if rings else []
    )


@pytest.mark.parametrize(("used", "rings"), [(84, False), (86, True)])
def test_a_volume_rings_above_its_share_once_whatever_node_tells_it(used, rings):
    series = {}
    for instance in ("n1", "n2"):
        of = f'job="kubelet",cluster="c",instance="{instance}",namespace="course",persistentvolumeclaim="data"'
        series[f"kubelet_volume_stats_used_bytes{{{of}}}"] = [used]
        series[f"kubelet_volume_stats_capacity_bytes{{{of}}}"] = [100]
    assert len(alarms("Volume nearly full", series)) == int(rings)


@pytest.mark.parametrize("side", ["client", "server"])
def test_each_certificate_of_a_node_rings_though_the_other_is_young(side):
    other = "server" if side == "client" else "client"
    series = {
        f"kubelet_certificate_manager_{side}_ttl_seconds{{{KUBELET}}}": [13 * 86400],
        f"kubelet_certificate_manager_{other}_ttl_seconds{{{KUBELET}}}": [300 * 86400],
    }
    found = alarms("Certificate of a node ends", series)
    assert found == [{"cluster": "c", "instance": "n1", "side": side}]


@pytest.mark.parametrize("minor", MINORS)
def test_a_version_rings_from_its_day_on_for_the_nodes_that_run_it(minor):
    day = datetime.combine(MINORS[minor].ends - timedelta(days=90), time(), UTC)
    series = {f'kubernetes_build_info{{{KUBELET},git_version="v{minor}.2"}}': [1]}
    first = int(day.timestamp())
    assert alarms("Kubernetes version ends", series, first) == [{"cluster": "c", "minor": minor}]
    assert alarms("Kubernetes version ends", series, first - 1) == []


def universe():
    """Two clusters in one workspace, two nodes each, a pod of a Deployment on each node with two containers."""
    series = {}
    for cluster in ("c", "d"):
        for number in ("1", "2"):
            series |= running(cluster, number) | machine(cluster, number)
        owner = (
            f'job="kube-state-metrics",cluster="{cluster}",namespace="course",replicaset="web-abc"'
        )
        series[f'kube_replicaset_owner{{{owner},owner_kind="Deployment",owner_name="web"}}'] = [1]
    return series


def running(cluster, number):
    of_pod = f'cluster="{cluster}",namespace="course",pod="web-{number}"'
    told = f'job="kube-state-metrics",{of_pod}'
    series = {
        f'kube_pod_info{{{told},node="n{number}"}}': [1],
        f'kube_pod_status_phase{{{told},phase="Running"}}': [1],
        f'kube_pod_owner{{{told},owner_kind="ReplicaSet",owner_name="web-abc"}}': [1],
    }
    for container in ("a", "b"):
        for resource in ("cpu", "memory"):
            of = f'{{{told},container="{container}",node="n{number}",resource="{resource}"}}'
            series[f"kube_pod_container_resource_requests{of}"] = [1]
            series[f"kube_pod_container_resource_limits{of}"] = [2]
        of = f'{{job="cadvisor",{of_pod},container="{container}",image="i",id="{container}"}}'
        series[f"container_cpu_usage_seconds_total{of}"] = [1, 2, 3]
        for what in ("working_set_bytes", "rss", "cache", "swap"):
            series[f"container_memory_{what}{of}"] = [5]
    return series


def machine(cluster, number):
    of = f'job="node",cluster="{cluster}",instance="n{number}"'
    series = {
        f'node_cpu_seconds_total{{{of},cpu="{cpu}",mode="{mode}"}}': [0, idle, 2 * idle]
        for cpu in ("0", "1")
        for mode, idle in (("idle", 15), ("user", 0), ("iowait", 0), ("steal", 0))
    }
    for what in ("MemAvailable", "Buffers", "Cached", "MemFree", "Slab", "MemTotal"):
        series[f"node_memory_{what}_bytes{{{of}}}"] = [100 if what == "MemTotal" else 50]
    series[f"node_load1{{{of}}}"] = [1]
    series[f"instance:node_num_cpu:sum{{{of}}}"] = [2]
    series[f"node_vmstat_pgmajfault{{{of}}}"] = [1, 2, 3]
    for what in ("io_time_seconds", "io_time_weighted_seconds"):
        series[f'node_disk_{what}_total{{{of},device="sda"}}'] = [1, 2, 3]
    for what in ("receive_bytes", "transmit_bytes", "receive_drop", "transmit_drop"):
        for device in ("lo", "eth0"):
            series[f'node_network_{what}_total{{{of},device="{device}"}}'] = [1, 2, 3]
    return series


OWNED_BY_OTHERS = {"daemonset", "statefulset", "job"}


@pytest.mark.parametrize(
    "it",
    [*recording_rules.NODE, *recording_rules.KUBERNETES],
    ids=lambda it: f"{it.record} {(it.labels or {}).get('workload_type', '')}",
)
def test_every_sum_is_worked_out_for_each_of_two_clusters(it):
    found = evaluate(it.expression, universe(), NOW)
    if (it.labels or {}).get("workload_type") in OWNED_BY_OTHERS:
        assert found == []
        return
    assert {labels["cluster"] for labels, _ in found} == {"c", "d"}


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ("instance:node_num_cpu:sum", 2.0),
        ("instance:node_load1_per_cpu:ratio", 0.5),
        ("instance:node_memory_utilisation:ratio", 0.5),
        ("namespace_cpu:kube_pod_container_resource_requests:sum", 4.0),
        ("namespace_memory:kube_pod_container_resource_limits:sum", 8.0),
        (":node_memory_MemAvailable_bytes:sum", 100.0),
        ("cluster:node_cpu:ratio_rate5m", 0.0),
    ],
)
def test_a_sum_is_what_its_name_says(record, expected):
    [it] = [one for one in (*recording_rules.NODE, *recording_rules.KUBERNETES) if one.record == record]  # fmt: skip
    assert {value for _, value in evaluate(it.expression, universe(), NOW)} == {expected}
