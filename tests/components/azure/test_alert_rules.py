"""Alerts: what they read comes, they compare with the pool's own arithmetic, and Prometheus' grammar takes them."""

import re
from datetime import date, timedelta

import promql_parser
import pytest
from promql_parser import VectorSelector

from components.azure import alert_rules, recording_rules
from settings.alerts import Alerts
from settings.calendar import MINORS
from settings.load import load
from settings.machines import allocatable
from tests.components.azure.cloud import stack
from tests.engine import ROOT

COLLECTED = {
    "kube-state-metrics": {
        "kube_job_failed", "kube_node_labels", "kube_node_status_condition", "kube_pod_container_resource_limits",
        "kube_pod_container_resource_requests", "kube_pod_container_status_last_terminated_reason",
        "kube_pod_container_status_restarts_total", "kube_pod_container_status_waiting_reason", "kube_pod_info",
        "kube_pod_owner", "kube_pod_status_phase", "kube_replicaset_owner",
    },
    "kubelet": {
        "kubelet_certificate_manager_client_ttl_seconds", "kubelet_certificate_manager_server_ttl_seconds",
        "kubelet_volume_stats_capacity_bytes", "kubelet_volume_stats_used_bytes", "kubernetes_build_info",
    },
    "cadvisor": {
        "container_cpu_usage_seconds_total", "container_memory_cache", "container_memory_rss", "container_memory_swap",
        "container_memory_working_set_bytes",
    },
    "node": {
        "node_cpu_seconds_total", "node_disk_io_time_seconds_total", "node_disk_io_time_weighted_seconds_total",
        "node_load1", "node_memory_Buffers_bytes", "node_memory_Cached_bytes", "node_memory_MemAvailable_bytes",
        "node_memory_MemFree_bytes", "node_memory_MemTotal_bytes", "node_memory_Slab_bytes",
        "node_network_receive_bytes_total", "node_network_receive_drop_total", "node_network_transmit_bytes_total",
        "node_network_transmit_drop_total", "node_vmstat_pgmajfault",
    },
}  # fmt: skip
"""Metrics by job that managed Prometheus takes without being told, as far as a rule reads them. Source:
`alert_rules.PROFILE`, and the lists of the agent itself (Azure/prometheus-collector,
tomlparser-default-targets-metrics-keep-list.go, read 2026-11-21)."""

PROD = load(ROOT, "prod")
EVERY_ALERT = [
    *alert_rules.of_cluster(PROD),
    *(it for pool in PROD.node_pools for it in alert_rules.of_pool(PROD, pool)),
]
SUMS = [*recording_rules.NODE, *recording_rules.KUBERNETES]
RECORDED = {it.record for it in SUMS}

every_rule = pytest.mark.parametrize(
    "rule", [*EVERY_ALERT, *SUMS], ids=lambda it: getattr(it, "name", None) or it.record
)
every_alert = pytest.mark.parametrize("rule", EVERY_ALERT, ids=lambda it: it.name)


def selectors(node):
    """Every metric that an expression reads."""
    if isinstance(node, VectorSelector):
        return [node]
    below = [getattr(node, it, None) for it in ("expr", "lhs", "rhs", "vector_selector", "param")]
    below += getattr(node, "args", None) or []
    return [found for it in below if it is not None for found in selectors(it)]


def read(expression):
    """`(metric, job)` of everything in `expression`."""
    found = []
    for it in selectors(promql_parser.parse(expression)):
        matchers = {label.name: label.value for label in it.matchers.matchers}
        found.append((it.name or matchers.get("__name__"), matchers.get("job")))
    return found


def alert(settings, name, pool=None):
    found = alert_rules.of_pool(settings, pool) if pool else alert_rules.of_cluster(settings)
    [it] = [rule for rule in found if rule.name == name]
    return it


@every_rule
def test_prometheus_own_grammar_takes_it(rule):
    assert read(rule.expression)


def test_what_prometheus_would_not_take_is_noticed():
    with pytest.raises(ValueError, match="invalid promql"):
        promql_parser.parse(EVERY_ALERT[0].expression.replace("==", "=>"))


@every_rule
def test_every_metric_it_reads_is_one_that_comes_by_itself(rule):
    jobs = {metric: job for job, metrics in COLLECTED.items() for metric in metrics}
    for metric, job in read(rule.expression):
        assert metric in jobs or metric in RECORDED
        assert job in (None, jobs.get(metric), "node" if metric in RECORDED else None), metric


def test_a_metric_that_never_comes_is_noticed():
    expression = EVERY_ALERT[0].expression.replace("status_condition", "status_conditions")
    [(metric, _)] = read(expression)
    assert not any(metric in it for it in COLLECTED.values())


@every_alert
def test_it_says_what_is_wrong_and_what_to_do(rule):
    assert len(rule.description.split()) > 5
    assert len(rule.remedy.split()) > 4
    labels = {*re.findall(r"\$labels\.(\w+)", rule.description + rule.remedy)}
    given = re.search(r"by \(([^)]*)\)", rule.expression)[1].split(", ")
    assert labels - {"side", "minor"} <= {*given}
    for made in labels & {"side", "minor"}:
        assert f'"{made}"' in rule.expression


def test_every_alert_of_the_settings_is_there_and_goes_when_it_is_switched_off():
    for key, _ in Alerts().each():
        off = stack(**{f"observability.alerts.{key}": {"enabled": False}})
        on = stack()
        gone = {it.name for it in every(on)} - {it.name for it in every(off)}
        assert gone, key


def every(settings):
    pools = [it for pool in settings.node_pools for it in alert_rules.of_pool(settings, pool)]
    return [*alert_rules.of_cluster(settings), *pools]


def test_no_group_has_more_rules_than_azure_takes():
    sizes = [len(alert_rules.of_cluster(PROD)), len(alert_rules.of_pool(PROD, "wg1"))]
    sizes += [len(recording_rules.NODE), len(recording_rules.KUBERNETES)]
    assert max(sizes) <= alert_rules.MAX_RULES


@pytest.mark.parametrize(
    ("title", "which", "percent"),
    [
        ("CPU requests", 0, "0.85"),
        ("Memory requests", 1, "0.85"),
        ("CPU limits", 0, "0.9"),
        ("Memory limits", 1, "0.9"),
    ],
)
def test_a_pool_is_held_to_what_pods_can_use_on_all_its_nodes_at_its_maximum(title, which, percent):
    pool = PROD.node_pools["wg1"]
    most = allocatable(pool)[which] * pool.max
    rule = alert(PROD, f"{title} of pool wg1", "wg1")
    assert rule.expression.endswith(f") / {most.normalize():f} > {percent}")
    assert f"its maximum of {pool.max} nodes" in rule.description


def test_a_larger_maximum_moves_the_threshold_of_that_pool_alone():
    larger = stack(**{"nodePools.wg1.max": 6})
    for before, after in zip(every(stack()), every(larger), strict=True):
        assert (before.expression != after.expression) == ("wg1" in before.name), before.name


def test_the_nodes_of_a_pool_are_those_of_its_name_and_of_its_next_generation():
    selector = alert_rules.nodes_of("wg1")
    pattern = re.search(r'=~"(.*)"', selector)[1]
    assert all(re.fullmatch(pattern, it) for it in ("wg1", "wg1a1b2"))
    assert not any(re.fullmatch(pattern, it) for it in ("wg10", "wg", "awg1", "wg1x1b2"))


def test_a_pool_of_fixed_size_is_always_at_its_maximum_and_has_no_such_alert():
    assert "Pool wg1 at its maximum" in {it.name for it in every(stack())}
    assert "Pool wg2 at its maximum" not in {it.name for it in every(stack())}


def test_thresholds_are_those_of_the_stack():
    settings = stack(**{
        "observability.alerts.pendingPods": {"pods": 7},
        "observability.alerts.oomKills": {"restarts": 3, "windowMinutes": 45},
        "observability.alerts.volumesNearlyFull": {"percent": 70},
        "observability.alerts.certificateEnds": {"days": 2},
        "observability.alerts.poolCpuLimits": {"percent": 150 - 50},
    })  # fmt: skip
    assert alert(settings, "Pods pending").expression.endswith(">= 7")
    oom = alert(settings, "Container killed for memory").expression
    assert oom.endswith(">= 3)")
    assert "[45m]" in oom
    assert alert(settings, "Volume nearly full").expression.endswith("> 0.7")
    assert alert(settings, "Certificate of a node ends").expression.endswith(f"< {2 * 86400}")
    assert alert(settings, "CPU limits of pool wg1", "wg1").expression.endswith("> 1")


def test_a_version_is_told_ninety_days_before_its_end():
    expression = alert(PROD, "Kubernetes version ends").expression
    for minor, dates in MINORS.items():
        day = dates.ends - timedelta(days=90)
        seconds = (day - date(1970, 1, 1)).days * 86400
        part = rf'"minor", "{re.escape(minor)}", "", ""\) and on \(\) \(vector\(time\(\)\) >= {seconds}\)'
        assert re.search(part, expression), minor


def test_the_page_has_a_row_for_every_alert_with_its_name_and_its_threshold():
    page = (ROOT / "docs/observability.md").read_text()
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", page, re.MULTILINE))
    names = {it.name.replace(" wg1", " P") for it in EVERY_ALERT if " system" not in it.name}
    told = set()
    for key, section in Alerts().each():
        name, when, _ = rows[key].split(" | ")
        told.add(name)
        said = {int(it) for it in re.findall(r"\d+", when)}
        settings = section.model_dump(exclude={"enabled", "severity"})
        if "days" in settings or settings["for_minutes"] == 0:
            settings.pop("for_minutes")
        assert said == set(settings.values()), key
    assert told == names
