import re

import pytest

from components.azure.node_pools import NodePools, NodePoolsArgs
from components.azure.stack import AksStack
from tests.components.azure.cloud import LOCATION, ignored, planned, registered, stack

SYSTEM = "CriticalAddonsOnly=true:NoSchedule"
FULL = {
    "vmSize": "Standard_D8ds_v5",
    "min": 3,
    "max": 6,
    "zones": ["1", "2", "3"],
    "maxPods": 60,
    "osSku": "Ubuntu",
    "osDiskType": "Ephemeral",
    "osDiskSizeGb": 64,
    "labels": {"course.example/tier": "workers"},
    "taints": ["dedicated=course:NoSchedule"],
    "maxSurge": 1,
    "drainTimeoutMinutes": 45,
    "nodeSoakMinutes": 5,
}
PRIORITY = "kubernetes.azure.com/scalesetpriority"


def pool(name="wg1", **changes):
    return planned(stack(**changes))[f"aks-pool-{name}"]


def test_a_pool_answers_dns_where_the_stack_says_so():
    assert pool(localDns=True).inputs["localDNSProfile"]["mode"] == "Required"


def test_system_pools_have_the_subnet_of_their_own_where_there_is_one():
    given = {"network.subnets": {"nodes": "10.40.0.0/22", "system": "10.40.4.0/24"}}
    assert pool("system", **given).inputs["vnetSubnetID"].endswith("/aks-network-system-subnet")
    assert pool("wg1", **given).inputs["vnetSubnetID"].endswith("/aks-network-nodes-subnet")


def test_a_pool_is_what_the_stack_says_and_nothing_is_left_to_a_default():
    given = pool(**{"nodePools.wg1": FULL}).inputs
    assert given.pop("vnetSubnetID").endswith("/aks-network-nodes-subnet")
    assert given == {
        "agentPoolName": "wg1",
        "resourceName": "aks-course-dev",
        "resourceGroupName": "rg-course-dev",
        "type": "VirtualMachineScaleSets",
        "mode": "User",
        "vmSize": "Standard_D8ds_v5",
        "count": 3,
        "enableAutoScaling": True,
        "minCount": 3,
        "maxCount": 6,
        "availabilityZones": ["1", "2", "3"],
        "enableNodePublicIP": False,
        "maxPods": 60,
        "osType": "Linux",
        "osSKU": "Ubuntu",
        "osDiskType": "Ephemeral",
        "osDiskSizeGB": 64,
        "nodeLabels": {"course.example/tier": "workers"},
        "nodeTaints": ["dedicated=course:NoSchedule"],
        "kubeletDiskType": "OS",
        "workloadRuntime": "OCIContainer",
        "scaleDownMode": "Delete",
        "scaleSetPriority": "Regular",
        "enableEncryptionAtHost": True,
        "enableFIPS": False,
        "securityProfile": {
            "enableSecureBoot": False,
            "enableVTPM": False,
            "sshAccess": "LocalUser",
        },
        "upgradeSettings": {
            "maxSurge": "1",
            "maxUnavailable": "0",
            "drainTimeoutInMinutes": 45,
            "nodeSoakDurationInMinutes": 5,
            "undrainableNodeBehavior": "Cordon",
        },
        "localDNSProfile": {"mode": "Disabled"},
        "tags": {"owner": "platform-team", "platform": "course", "environment": "dev"},
    }


def test_the_count_is_the_autoscalers_only_where_there_is_one():
    rows = planned(stack())
    scaled, fixed = rows["aks-pool-wg1"], rows["aks-pool-wg2"]
    assert "count" in ignored(scaled)
    assert (scaled.inputs["count"], scaled.inputs["minCount"], scaled.inputs["maxCount"]) == (
        2,
        2,
        5,
    )
    assert "count" not in ignored(fixed)
    assert fixed.inputs["enableAutoScaling"] is False
    assert fixed.inputs["count"] == 3
    assert not {"minCount", "maxCount"} & fixed.inputs.keys()


@pytest.mark.parametrize("channel", ["patch", "stable", "rapid"])
def test_with_a_channel_pools_follow_the_cluster_and_name_no_version(channel):
    made = pool(**{"cluster.upgradeChannel": channel})
    assert "orchestratorVersion" not in made.inputs
    assert "orchestratorVersion" in ignored(made)


def test_without_a_channel_a_raised_minor_reaches_the_pools():
    made = pool(**{"cluster.upgradeChannel": "none"})
    assert made.inputs["orchestratorVersion"] == "1.35"
    assert ignored(made) == ["count"]


def test_one_pool_waits_for_the_other_in_the_order_of_the_stack():
    rows = planned(stack())
    waits = {
        name: {it for it in row.dependencies if it.startswith("aks-pool-")}
        for name, row in rows.items()
        if row.parent == "aks-pool"
    }
    assert waits == {
        "aks-pool-system": set(),
        "aks-pool-wg1": {"aks-pool-system"},
        "aks-pool-wg2": {"aks-pool-wg1"},
    }


def test_every_pool_waits_for_the_cluster():
    pools = [row for row in planned(stack()).values() if row.parent == "aks-pool"]
    assert len(pools) == 3
    assert all("aks-cluster-managed-cluster" in row.dependencies for row in pools)


@pytest.mark.parametrize("stated", [[], [SYSTEM], ["a=b:NoExecute"]])
def test_a_system_pool_keeps_workloads_out_without_being_told(stated):
    made = pool("system", **{"nodePools.system.taints": stated}).inputs
    assert made["mode"] == "System"
    assert made["nodeTaints"] == [SYSTEM, *(it for it in stated if it != SYSTEM)]


def test_a_worker_pool_has_only_its_own_taints_and_labels():
    assert not {"nodeTaints", "nodeLabels"} & pool().inputs.keys()
    assert "availabilityZones" not in pool(**{"nodePools.wg1.zones": []}).inputs


def test_a_spot_pool_declares_what_aks_puts_on_it_and_upgrades_without_extra_nodes():
    made = pool(**{"nodePools.wg1.spot": {}, "nodePools.wg1.labels": {"a": "b"}}).inputs
    assert made["scaleSetPriority"] == "Spot"
    assert (made["scaleSetEvictionPolicy"], made["spotMaxPrice"]) == ("Delete", -1)
    assert made["nodeTaints"] == [f"{PRIORITY}=spot:NoSchedule"]
    assert made["nodeLabels"] == {"a": "b", PRIORITY: "spot"}
    assert "upgradeSettings" not in made
    assert not {"scaleSetEvictionPolicy", "spotMaxPrice"} & pool().inputs.keys()


def test_only_a_pool_with_gpus_says_anything_of_them():
    made = pool(**{"nodePools.wg1.gpu": {"driver": "None", "instanceProfile": "MIG1g"}}).inputs
    assert made["gpuProfile"] == {"driver": "None"}
    assert made["gpuInstanceProfile"] == "MIG1g"
    assert not {"gpuProfile", "gpuInstanceProfile"} & pool().inputs.keys()


def pools_of(**changes):
    """Pools by logical name, with their physical name."""
    rows = planned(stack(**changes)).values()
    return {row.name: row.inputs["agentPoolName"] for row in rows if row.type.endswith("AgentPool")}


def test_a_blue_green_pool_is_another_resource_once_a_fixed_field_changes():
    before = pools_of(**{"nodePools.wg1.blueGreen": True})
    scaled = pools_of(**{"nodePools.wg1.blueGreen": True, "nodePools.wg1.max": 9})
    larger = pools_of(
        **{"nodePools.wg1.blueGreen": True, "nodePools.wg1.vmSize": "Standard_D8ds_v5"}
    )
    assert before == scaled
    [old], [new] = (set(one) - set(other) for one, other in ((before, larger), (larger, before)))
    assert re.fullmatch(r"aks-pool-wg1[0-9a-f]{4}", old)
    assert re.fullmatch(r"aks-pool-wg1[0-9a-f]{4}", new)
    # Both names change: with the same URN Pulumi would replace, and with the same physical name delete first.
    assert before[old] == old.removeprefix("aks-pool-")
    assert larger[new] == new.removeprefix("aks-pool-") != before[old]
    assert len(before) == len(larger) == 3


def test_taking_blue_green_up_makes_a_new_pool_first_whatever_else_changes():
    plain = pools_of()
    taken_up = pools_of(**{"nodePools.wg1.blueGreen": True, "nodePools.wg1.maxPods": 60})
    assert plain["aks-pool-wg1"] == "wg1"
    assert "aks-pool-wg1" not in taken_up


def test_a_blue_green_pool_is_not_protected_since_it_goes_when_the_next_has_come():
    rows = planned(stack(**{"nodePools.wg1.blueGreen": True}), protect=True).values()
    made = {row.inputs["agentPoolName"][:3]: row for row in rows if row.type.endswith("AgentPool")}
    assert not made["wg1"].options.get("protect")
    assert made["wg2"].options["protect"] is True


def test_the_next_pool_waits_for_a_blue_green_one():
    rows = planned(stack(**{"nodePools.wg1.blueGreen": True}))
    [own] = [name for name in rows if name.startswith("aks-pool-wg1")]
    assert own in rows["aks-pool-wg2"].dependencies


def test_system_pools_stand_in_a_subnet_of_their_own_where_one_is_given():
    def build():
        settings = stack(**{"network.subnets": {"nodes": "10.40.0.0/22", "system": "10.40.4.0/24"}})
        args = NodePoolsArgs(
            stack=AksStack.of(settings, LOCATION),
            resource_group="rg",
            cluster_name="aks",
            nodes_subnet_id="nodes",
            system_subnet_id="system",
        )
        NodePools("pools", args)

    rows = registered(build)
    found = {
        name: row.inputs["vnetSubnetID"]
        for name, row in rows.items()
        if "vnetSubnetID" in row.inputs
    }
    assert found == {"pools-system": "system", "pools-wg1": "nodes", "pools-wg2": "nodes"}


def test_the_ids_of_the_pools_are_outputs_by_name():
    assert planned(stack())["aks-pool"].outputs["ids"].keys() == {"system", "wg1", "wg2"}


def test_a_pool_without_a_machine_size_is_named():
    with pytest.raises(ValueError, match=r"target aks requires nodePools\.wg1\.vmSize"):
        planned(stack(**{"nodePools.wg1.vmSize": None}))
