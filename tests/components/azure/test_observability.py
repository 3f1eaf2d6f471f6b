"""What watches a cluster as it is planned: which parts, in which order, and who is told."""

import pytest

from components.azure import agents, watch_names
from components.azure.stack import AksStack
from settings.observability import CATEGORIES
from tests.components.azure.cloud import LOCATION, WATCHED, planned, stack

QUIET = {
    "observability": {
        "metrics": {"enabled": False},
        "containerInsights": {"enabled": False},
        "diagnostics": {"enabled": False},
        "alerts": {"enabled": False},
    }
}
LOGS = (
    "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-shared/providers/"
    "Microsoft.OperationalInsights/workspaces/log-shared"
)
METRICS = LOGS.replace("OperationalInsights/workspaces/log", "Monitor/accounts/amw")
CLUSTER = "aks-cluster-managed-cluster"


@pytest.fixture(scope="module")
def rows():
    return planned(stack(**WATCHED))


def kinds(rows):
    return {it.type.rpartition(":")[2] for it in rows.values()}


def cluster(rows):
    return rows[CLUSTER].inputs


def test_the_cluster_knows_its_workspace_and_signs_in_with_entra(rows):
    told = cluster(rows)["addonProfiles"]["omsagent"]
    assert told["enabled"] is True
    assert told["config"]["useAADAuth"] == "true"
    assert told["config"]["logAnalyticsWorkspaceResourceID"].endswith(
        "aks-telemetry-logs-workspace"
    )
    assert "aks-telemetry-logs-workspace" in rows[CLUSTER].dependencies


def test_what_keeps_data_comes_before_the_cluster_and_what_reads_it_after(rows):
    for name, row in rows.items():
        if name.startswith("aks-telemetry"):
            assert CLUSTER not in row.dependencies
    after = ("association", "setting", "alerts-cluster", "alerts-pool-wg1", "recording-nodes")
    for name in rows:
        if name.startswith("aks-observability") and name.endswith(after):
            assert CLUSTER in rows[name].dependencies, name


def test_nodes_tell_their_pool_since_alerts_on_pools_read_it(rows):
    told = cluster(rows)["azureMonitorProfile"]["metrics"]
    assert told["enabled"] is True
    assert told["kubeStateMetrics"]["metricLabelsAllowlist"] == "nodes=[agentpool]"
    assert told["kubeStateMetrics"]["metricAnnotationsAllowList"] == ""


def test_allow_lists_are_written_as_kube_state_metrics_reads_them():
    assert (
        agents.allow_list({"pods": ["app", "tier"], "nodes": ["*"]}) == "nodes=[*],pods=[app,tier]"
    )
    assert agents.allow_list({}) == ""


def test_without_any_of_it_the_cluster_says_so_and_nothing_else_is_made():
    rows = planned(stack(**QUIET))
    assert cluster(rows)["azureMonitorProfile"] == {"metrics": {"enabled": False}}
    assert cluster(rows)["addonProfiles"]["omsagent"] == {"enabled": False}
    below = {it for it in rows if it.startswith(("aks-telemetry-", "aks-observability-"))}
    assert below == set()


def test_workspaces_that_are_there_already_are_used_and_not_made():
    rows = planned(
        stack(**{
            **WATCHED,
            "observability.logs": {"workspaceId": LOGS, "tables": {}},
            "observability.metrics.workspaceId": METRICS,
        })
    )  # fmt: skip
    assert kinds(rows).isdisjoint({"Workspace", "Table", "AzureMonitorWorkspace"})
    assert rows["aks-observability-diagnostics-setting"].inputs["workspaceId"] == LOGS
    assert METRICS in rows["aks-observability-alerts-cluster"].inputs["scopes"]
    config = cluster(rows)["addonProfiles"]["omsagent"]["config"]
    assert config["logAnalyticsWorkspaceResourceID"] == LOGS


def test_every_alert_tells_every_group_unless_the_stack_names_some(rows):
    def told(rows, name):
        rules = rows[name].inputs["rules"]
        return {tuple(it["actionGroupId"].rpartition("-")[2] for it in r["actions"]) for r in rules}

    assert told(rows, "aks-observability-alerts-cluster") == {("ops", "owners")}
    some = planned(stack(**WATCHED, **{"observability.alerts": {"notify": ["owners"]}}))
    assert told(some, "aks-observability-alerts-pool-wg1") == {("owners",)}


def test_each_pool_has_a_group_of_rules_beside_that_of_the_cluster(rows):
    groups = {it.removeprefix("aks-observability-alerts-") for it in rows if "-alerts-" in it}
    assert groups == {"cluster", "pool-system", "pool-wg1", "pool-wg2"}
    for group in groups:
        given = rows[f"aks-observability-alerts-{group}"].inputs
        assert given["clusterName"] == "aks-course-dev"
        assert given["scopes"][1].endswith(CLUSTER)


def test_a_switched_off_alert_is_no_rule_and_an_empty_group_is_none():
    keys = ("poolCpuRequests", "poolMemoryRequests", "poolCpuLimits", "poolMemoryLimits")
    off = {f"observability.alerts.{key}": {"enabled": False} for key in keys}
    rows = planned(stack(**WATCHED, **off))
    assert "aks-observability-alerts-pool-wg2" not in rows
    [rule] = rows["aks-observability-alerts-pool-wg1"].inputs["rules"]
    assert rule["alert"] == "Pool wg1 at its maximum"


def test_how_long_and_how_bad_are_those_of_the_stack():
    changed = {
        "observability.alerts.crashLoops": {"forMinutes": 3, "severity": 0},
        "observability.alerts.evaluationMinutes": 5,
        "observability.alerts.resolveMinutes": 2,
    }
    group = planned(stack(**WATCHED, **changed))["aks-observability-alerts-cluster"].inputs
    [rule] = [it for it in group["rules"] if it["alert"] == "Container does not stay up"]
    assert (rule["for"], rule["severity"]) == ("PT3M", 0)
    assert group["interval"] == "PT5M"
    assert rule["resolveConfiguration"] == {"autoResolved": True, "timeToResolve": "PT2M"}


def test_mail_and_webhooks_are_receivers_and_an_address_that_is_not_set_is_left_out(rows):
    group = rows["aks-observability-action-groups-ops"].inputs
    assert group["location"] == "Global"
    assert group["emailReceivers"] == [
        {"name": "ops", "emailAddress": "ops@course.example", "useCommonAlertSchema": True}
    ]
    assert group["webhookReceivers"] == []
    assert rows["aks-observability-action-groups-owners"].inputs["groupShortName"] == "own"


def test_categories_stand_in_azures_order_whatever_the_stacks():
    said = ["guard", "kube-audit-admin", "cluster-autoscaler"]
    rows = planned(stack(**WATCHED, **{"observability.diagnostics": {"categories": said}}))
    setting = rows["aks-observability-diagnostics-setting"].inputs
    found = [it["category"] for it in setting["logs"]]
    assert found == [it for it in CATEGORIES if it in said]
    assert setting["logAnalyticsDestinationType"] == "Dedicated"
    assert setting["metrics"] == [{"category": "AllMetrics", "enabled": False}]


def test_plan_basic_says_no_days_of_its_own_since_azure_fixes_them(rows):
    table = rows["aks-telemetry-logs-table-AKSAuditAdmin"]
    assert table.inputs["plan"] == "Basic"
    assert "retentionInDays" not in table.inputs
    assert table.inputs["totalRetentionInDays"] == 365
    assert table.options["retainOnDelete"] is True


@pytest.mark.parametrize(("cap", "sent"), [(None, -1), (5, 5)])
def test_a_cap_is_said_and_no_cap_is_said_too(cap, sent):
    rows = planned(stack(**WATCHED, **{"observability.logs": {"dailyCapGb": cap}}))
    assert rows["aks-telemetry-logs-workspace"].inputs["workspaceCapping"] == {"dailyQuotaGb": sent}


@pytest.mark.parametrize(
    ("preset", "minutes", "mode", "streams"),
    [("logsAndEvents", "1m", "Off", 3), ("costOptimized", "5m", "Exclude", 11), ("standard", "1m", "Off", 11)],
)  # fmt: skip
def test_a_preset_says_streams_interval_and_namespaces(preset, minutes, mode, streams):
    rows = planned(stack(**WATCHED, **{"observability.containerInsights": {"preset": preset}}))
    rule = rows["aks-observability-insights-rule"].inputs
    [extension] = rule["dataSources"]["extensions"]
    settings = extension["extensionSettings"]["dataCollectionSettings"]
    assert settings["interval"] == minutes
    assert settings["namespaceFilteringMode"] == mode
    assert ("namespaces" in settings) == (mode != "Off")
    assert len(extension["streams"]) == streams
    assert rule["dataFlows"][0]["streams"] == extension["streams"]


def test_a_key_of_the_stack_wins_over_the_preset():
    said = {"preset": "costOptimized", "intervalMinutes": 10}
    rows = planned(stack(**WATCHED, **{"observability.containerInsights": said}))
    [extension] = rows["aks-observability-insights-rule"].inputs["dataSources"]["extensions"]
    assert extension["extensionSettings"]["dataCollectionSettings"]["interval"] == "10m"


def test_the_agent_finds_its_rule_by_the_name_that_it_looks_for(rows):
    association = rows["aks-observability-insights-association"].inputs
    assert association["associationName"] == "ContainerInsightsExtension"


def test_grafana_reads_the_workspace_and_the_clusters_administrators_administer_it(rows):
    reads = rows["aks-telemetry-grafana-reads-metrics"].inputs
    assert reads["principalId"] == "principal of aks-telemetry-grafana-grafana"
    assert reads["principalType"] == "ServicePrincipal"
    assert reads["scope"].endswith("aks-telemetry-metrics-workspace")
    groups = [it for it in rows.values() if it.name.startswith("aks-telemetry-grafana-grafana-")]
    assert {it.inputs["principalType"] for it in groups} == {"Group"}
    assert {it.inputs["principalId"] for it in groups} == {
        "6f1c01aa-4c1d-4e5b-9b57-0b6a5d3e7c01",
        "6f1c02aa-4c1d-4e5b-9b57-0b6a5d3e7c02",
    }


def test_without_recording_rules_no_sums_are_made():
    rows = planned(stack(**WATCHED, **{"observability.metrics": {"recordingRules": False}}))
    assert [it for it in rows if "-recording-" in it] == []


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("log_workspace", 63),
        ("monitor_workspace", 63),
        ("grafana", 23),
        ("collection_endpoint", 44),
    ],
)
def test_names_fit_azure_however_long_those_of_the_stack_are(name, most):
    long = AksStack.of(stack(platform="p" * 40, environment="e" * 40), LOCATION)
    short = AksStack.of(stack(), LOCATION)
    assert len(getattr(watch_names, name)(long)) <= most
    assert "course-dev" in getattr(watch_names, name)(short)


def test_container_insights_without_a_workspace_is_refused():
    with pytest.raises(ValueError, match="requires a Log Analytics workspace"):
        agents.logs_agent(AksStack.of(stack(**WATCHED), LOCATION), None)
