"""No value that replaces, or that Azure refuses to change, moves in a shipped stack without somebody saying so."""

import json
import os

import pytest

from tests.engine import GOLDEN
from tests.force_new import as_text, force_new, moved
from tests.program import STACKS, planned
from tests.review.guard.plans import edited, find, plan, put, without

every_stack = pytest.mark.parametrize("stack", STACKS)


def recorded(stack):
    return json.loads((GOLDEN / f"force-new-{stack}.json").read_text(encoding="utf-8"))


@every_stack
def test_no_value_that_a_stack_cannot_change_in_place_has_moved(stack):
    path = GOLDEN / f"force-new-{stack}.json"
    text = as_text(force_new(planned(stack)))
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")

    found = list(moved(planned(stack), recorded(stack)))

    assert found == [], "\n".join(
        [
            "what runs would be replaced, or the update refused; if that is meant, say so in CHANGELOG and run "
            "UPDATE_GOLDEN=1 ./aks test tests/test_force_new.py",
            *found,
        ]
    )
    assert path.read_text(encoding="utf-8") == text, (
        f"{stack} has new values that cannot change in place; record them: "
        "UPDATE_GOLDEN=1 ./aks test tests/test_force_new.py"
    )


def test_a_value_that_moves_is_told_with_the_safe_path():
    before = force_new(plan())
    head = edited(
        plan(),
        "aks-cluster-managed-cluster",
        lambda it: put(it, "networkProfile.serviceCidr", "10.9.0.0/16"),
    )

    [line] = moved(head, before)

    assert line.startswith(
        "azure-native:containerservice:ManagedCluster::aks-cluster-managed-cluster: "
        "networkProfile.serviceCidr: '10.214.0.0/16' -> '10.9.0.0/16': replaces; keep the value"
    )


def test_a_value_that_vanishes_and_a_resource_that_goes_are_told():
    before = force_new(plan())
    head = edited(plan(), "aks-pool-wg1", lambda it: it.pop("osDiskType"))

    [line] = moved(head, before)
    assert "osDiskType: 'Ephemeral' -> 'nothing'" in line
    assert "blueGreen" in line

    [line] = moved(without(plan(), "aks-pool-wg1"), before)
    assert line.endswith("::aks-pool-wg1: is no longer in the plan")


def test_the_fields_that_make_a_cluster_what_it_is_are_recorded():
    cluster = force_new(plan())[
        "azure-native:containerservice:ManagedCluster::aks-cluster-managed-cluster"
    ]

    assert {
        "dnsPrefix",
        "location",
        "networkProfile.dnsServiceIP",
        "networkProfile.networkDataplane",
        "networkProfile.networkPlugin",
        "networkProfile.networkPluginMode",
        "networkProfile.networkPolicy",
        "networkProfile.outboundType",
        "networkProfile.podCidr",
        "networkProfile.serviceCidr",
        "nodeResourceGroup",
        "resourceName",
    } <= cluster.keys()


def test_what_only_a_deployment_tells_is_recorded_as_unknown():
    assert (
        force_new(plan())["azure-native:containerservice:AgentPool::aks-pool-wg1"]["resourceName"]
        == "unknown"
    )


def test_a_value_of_the_service_that_is_written_out_or_left_out_is_the_same():
    bare = edited(plan(), "aks-pool-wg1", lambda it: it.pop("osType"))

    assert "osType" in find(plan(), "aks-pool-wg1").inputs
    assert force_new(bare) == force_new(plan())
    spot = edited(bare, "aks-pool-wg1", lambda it: it.update(scaleSetPriority="Spot"))
    [line] = moved(spot, force_new(plan()))
    assert "scaleSetPriority: 'Regular' -> 'Spot'" in line


def test_a_version_may_go_up():
    head = edited(
        plan(), "aks-cluster-managed-cluster", lambda it: it.update(kubernetesVersion="1.36")
    )

    assert list(moved(head, force_new(plan()))) == []
