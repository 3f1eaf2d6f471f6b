"""Bodies of what watches a cluster, held to the models of Azure's own client libraries."""

import json
from importlib import import_module

import azure.mgmt.dashboard.models as dashboard
import azure.mgmt.loganalytics.models as loganalytics
import azure.mgmt.monitor.models as monitor
import azure.mgmt.prometheusrulegroups.models as rules
import pytest

from settings.load import load
from tests.components.azure.cloud import WATCHED, planned, stack
from tests.components.azure.test_sdk import faults
from tests.engine import ROOT

STANDARD = {
    "observability.containerInsights": {"preset": "costOptimized"},
    "observability.logs": {"dailyCapGb": 2, "tables": {"KubeEvents": {"retentionDays": 90}}},
}
STACKS = {
    "dev": lambda: load(ROOT, "dev"),
    "prod": lambda: load(ROOT, "prod"),
    "every part": lambda: stack(**WATCHED),
    "performance as logs": lambda: stack(**WATCHED, **STANDARD),
}
OF_THE_PATH = {
    "resourceGroupName", "workspaceName", "tableName", "azureMonitorWorkspaceName", "dataCollectionEndpointName",
    "dataCollectionRuleName", "associationName", "resourceUri", "ruleGroupName", "actionGroupName", "name",
}  # fmt: skip
AT_THE_TOP = {"location", "tags", "sku", "identity", "kind", "properties"}
CHECKED = {
    "PrometheusRuleGroup": rules.PrometheusRuleGroupResource,
    "Workspace": loganalytics.Workspace,
    "Table": loganalytics.Table,
    "Grafana": dashboard.ManagedGrafana,
}
"""Models that keep what they do not know, so that it can be told by name; enums are read as such."""

SERIALISED = {
    "AzureMonitorWorkspace": monitor.AzureMonitorWorkspaceResource,
    "DataCollectionEndpoint": monitor.DataCollectionEndpointResource,
    "DataCollectionRule": monitor.DataCollectionRuleResource,
    "DataCollectionRuleAssociation": monitor.DataCollectionRuleAssociationProxyOnlyResource,
    "DiagnosticSetting": monitor.DiagnosticSettingsResource,
    "ActionGroup": monitor.ActionGroupResource,
}
"""Models of the older kind: what they do not know or may not send is gone once they have written it."""


@pytest.fixture(scope="module", params=STACKS)
def rows(request):
    return planned(STACKS[request.param](), preview=False)


def of_kind(rows, kind):
    modules = ("monitor", "operationalinsights", "alertsmanagement", "dashboard")
    return [it for it in rows.values() if it.type in {f"azure-native:{m}:{kind}" for m in modules}]


def body(row):
    given = {key: value for key, value in row.inputs.items() if key not in OF_THE_PATH}
    within = {"sku"} if row.type.startswith("azure-native:operationalinsights:") else set()
    top = {key: given.pop(key) for key in (AT_THE_TOP - within) & given.keys()}
    return {**top, "properties": given} if given else top


def written(model, sent):
    """What Azure's client sends of `sent`."""
    package = import_module(f"{model.__module__.partition('.models')[0]}._utils.model_base")
    text = json.dumps(model(sent), cls=package.SdkJSONEncoder, exclude_readonly=True)
    return json.loads(text)


def plain(value):
    """Without empty maps and lists, which the older models leave out."""
    if isinstance(value, dict):
        found = {key: plain(it) for key, it in value.items()}
        return {key: it for key, it in found.items() if it not in ({}, [])}
    return [plain(it) for it in value] if isinstance(value, list) else value


@pytest.mark.parametrize("kind", CHECKED)
def test_azures_own_client_knows_every_property_and_sends_it(rows, kind):
    for row in of_kind(rows, kind):
        sent = body(row)
        assert list(faults(CHECKED[kind](sent), sent)) == []
        assert written(CHECKED[kind], sent) == sent


@pytest.mark.parametrize("kind", SERIALISED)
def test_every_property_survives_azures_own_client(rows, kind):
    for row in of_kind(rows, kind):
        sent = body(row)
        assert plain(SERIALISED[kind].deserialize(sent).serialize()) == plain(sent)


def test_every_kind_of_resource_is_held_to_a_model():
    rows = planned(stack(**WATCHED))
    parents = {it.name for it in rows.values() if it.name.startswith(("aks-telemetry", "aks-obs"))}
    kinds = {
        it.type.rpartition(":")[2]
        for it in rows.values()
        if it.name in parents and it.type.startswith("azure-native:")
    }
    assert kinds == {*CHECKED, *SERIALISED, "RoleAssignment"}


@pytest.mark.parametrize(
    ("name", "change", "model"),
    [
        (
            "aks-observability-alerts-cluster",
            lambda it: it["rules"][0].update(fore="PT1M"),
            rules.PrometheusRuleGroupResource,
        ),
        ("aks-telemetry-logs-workspace", lambda it: it.update(retention=3), loganalytics.Workspace),
        (
            "aks-telemetry-logs-table-ContainerLogV2",
            lambda it: it.update(plan="Cheap"),
            loganalytics.Table,
        ),
    ],
)
def test_a_misspelt_property_or_word_would_be_found(name, change, model):
    sent = body(planned(stack(**WATCHED))[name])
    change(sent["properties"])
    assert len(list(faults(model(sent), sent))) == 1


def test_a_property_that_the_older_models_do_not_know_would_be_lost():
    sent = body(planned(stack(**WATCHED))["aks-observability-insights-rule"])
    sent["properties"]["dataSources"]["extensions"][0]["settings"] = {}
    sent["properties"]["dataSource"] = {"a": "b"}
    model = monitor.DataCollectionRuleResource
    assert plain(model.deserialize(sent).serialize()) != plain(sent)


WORDS = {
    "streams": {it.value for it in monitor.KnownExtensionDataSourceStreams},
    "prometheus": {it.value for it in monitor.KnownPrometheusForwarderDataSourceStreams},
    "kinds": {it.value for it in monitor.KnownDataCollectionRuleResourceKind},
    "access": {it.value for it in monitor.PublicNetworkAccess},
}


def test_words_of_the_older_models_are_those_of_their_enums():
    rows = planned(stack(**WATCHED))
    metrics = rows["aks-observability-prometheus-rule"].inputs
    [forwarder] = metrics["dataSources"]["prometheusForwarder"]
    assert {*forwarder["streams"]} <= WORDS["prometheus"]
    assert metrics["kind"] in WORDS["kinds"]
    assert rows["aks-telemetry-metrics-workspace"].inputs["publicNetworkAccess"] in WORDS["access"]
