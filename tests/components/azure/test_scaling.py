"""The cluster autoscaler's profile, and who makes nodes."""

import pytest
from pulumi_azure_native.containerservice import _inputs as inputs

from components.azure.scaling import autoscaler, provisioning
from components.azure.stack import AksStack
from settings.autoscaler import Autoscaler
from tests.components.azure.cloud import LOCATION, planned, stack


def of(**changes):
    return AksStack.of(stack(**changes), LOCATION)


def test_every_value_of_the_profile_is_written_out():
    known = inputs.ManagedClusterPropertiesAutoScalerProfileArgsDict.__annotations__
    assert set(autoscaler(of())) == set(known)
    assert len(Autoscaler.model_fields) == len(known)


def test_values_are_the_texts_that_azure_takes():
    found = autoscaler(
        of(**{"cluster.autoscaler": {"scaleDownUnneededMinutes": 7, "scanIntervalSeconds": 20}})
    )
    assert found["scale_down_unneeded_time"] == "7m"
    assert found["scan_interval"] == "20s"
    assert found["balance_similar_node_groups"] == "true"
    assert found["skip_nodes_with_local_storage"] == "false"
    assert found["scale_down_utilization_threshold"] == "0.5"
    assert found["max_empty_bulk_delete"] == "10"
    assert found["ignore_daemonsets_utilization"] is False


@pytest.mark.parametrize("key", sorted(it.alias for it in Autoscaler.model_fields.values()))
def test_every_setting_of_it_reaches_the_cluster(key):
    field = next(it for it in Autoscaler.model_fields.values() if it.alias == key)
    now = of().settings.cluster.autoscaler.model_dump(by_alias=True)[key]
    other = {bool: lambda: not now, str: lambda: "most-pods", float: lambda: 0.25}.get(
        type(now), lambda: now + 1
    )()
    assert field.description or field.default is not None
    assert autoscaler(of()) != autoscaler(of(**{f"cluster.autoscaler.{key}": other}))


def test_nodes_of_aks_itself_exclude_the_profile():
    fixed = {"nodePools.wg1.max": 2, "cluster.nodeProvisioning": "Auto"}
    cluster = planned(stack(**fixed))["aks-cluster-managed-cluster"].inputs
    assert cluster["nodeProvisioningProfile"] == {"mode": "Auto", "defaultNodePools": "Auto"}
    assert "autoScalerProfile" not in cluster
    assert provisioning(of()) == {"mode": "Manual"}
    assert autoscaler(of()) is not None
