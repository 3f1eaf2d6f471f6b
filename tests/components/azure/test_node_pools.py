import pytest

from tests.components.azure.cloud import ignored, planned, stack

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
}


def pool(name="wg1", **changes):
    return planned(stack(**changes))[f"aks-pool-{name}"]


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
        "upgradeSettings": {
            "maxSurge": "1",
            "drainTimeoutInMinutes": 45,
            "undrainableNodeBehavior": "Cordon",
        },
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
    assert not {"nodeTaints", "nodeLabels", "availabilityZones"} & pool().inputs.keys()


def test_the_ids_of_the_pools_are_outputs_by_name():
    assert planned(stack())["aks-pool"].outputs["ids"].keys() == {"system", "wg1", "wg2"}


def test_a_pool_without_a_machine_size_is_named():
    with pytest.raises(ValueError, match=r"target aks requires nodePools\.wg1\.vmSize"):
        planned(stack(**{"nodePools.wg1.vmSize": None}))
