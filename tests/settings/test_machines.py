"""What pods can use of a node, held to the reservations that AKS publishes."""

from decimal import Decimal

import pytest

from settings.load import load
from settings.machines import allocatable, capacities
from settings.node_pools import NodePool
from settings.pool_names import pool_name
from settings.stack import Settings
from settings.vm_sizes import machine
from tests.manifests.samples import STACK
from tests.settings.estate import ROOT

GIB, MIB = 2**30, 2**20


def pool(vm_size=None, **more):
    return NodePool.model_validate({"min": 1, "max": 2, "vmSize": vm_size, **more})


@pytest.mark.parametrize(
    ("vm_size", "max_pods", "cores", "kept_mib"),
    [
        # 20 MiB a pod and 50, beside 100 for eviction; a quarter of the memory at most.
        ("Standard_D4ds_v5", 110, "3.86", 110 * 20 + 50 + 100),
        ("Standard_D8ds_v5", 110, "7.82", 110 * 20 + 50 + 100),
        ("Standard_D8ds_v5", 30, "7.82", 30 * 20 + 50 + 100),
        ("Standard_D2ds_v5", 30, "1.9", 30 * 20 + 50 + 100),
        ("Standard_D2ds_v5", 250, "1.9", 8192 // 4 + 100),
        ("Standard_D16ds_v5", 250, "15.74", 250 * 20 + 50 + 100),
        ("Standard_D48ds_v5", 110, "47.58", 110 * 20 + 50 + 100),
        ("Standard_D64ds_v5", 110, "63.26", 110 * 20 + 50 + 100),
    ],
)
def test_pods_get_what_aks_does_not_keep(vm_size, max_pods, cores, kept_mib):
    """https://learn.microsoft.com/azure/aks/node-resource-reservations"""
    given = allocatable(pool(vm_size, maxPods=max_pods))
    assert given == (Decimal(cores), machine(vm_size).memory - kept_mib * MIB)


def test_a_capacity_of_the_users_own_wins():
    assert allocatable(pool("Standard_D4ds_v5", capacity={"cpu": "6", "memory": "12Gi"})) == (
        6,
        12 * GIB,
    )
    assert allocatable(pool(capacity={"cpu": "1500m", "memory": "1G"})) == (Decimal("1.5"), 10**9)
    assert allocatable(pool()) is None


def test_every_pool_of_a_stack_is_listed_in_kubernetes_own_words():
    found = {it.name: it.as_output() for it in capacities(load(ROOT, "prod"))}
    assert found["wg1"] == {
        "name": "wg1",
        "mode": "User",
        "min": 3,
        "max": 6,
        "cpu": "7820m",
        "memory": "30418Mi",
        "maxPods": 110,
        "zones": 3,
        "system": {"cpu": "610m", "memory": "1590Mi", "pods": 10},
    }
    assert found["system"]["mode"] == "System"


def test_the_clusters_own_pods_are_counted_on_aks_only_and_as_a_pool_says():
    assert {tuple(it.as_output()["system"]) for it in capacities(load(ROOT, "local"))} == {()}
    given = {
        **STACK,
        "nodePools": {
            "wg1": {**STACK["nodePools"]["wg1"], "systemPods": {"cpu": "500m", "pods": 12}}
        },
    }
    found = {it.name: it.as_output()["system"] for it in capacities(Settings.model_validate(given))}
    assert found["wg1"] == {"cpu": "500m", "memory": "810Mi", "pods": 12}


def test_a_blue_green_pool_is_told_by_its_key_with_the_label_of_its_nodes_beside():
    given = {
        **STACK,
        "nodePools": {"wg1": {**STACK["nodePools"]["wg1"], "blueGreen": True}},
    }
    settings = Settings.model_validate(given)
    [found] = [it.as_output() for it in capacities(settings) if it.mode == "User"]
    assert found["name"] == "wg1"
    assert found["agentpool"] == pool_name(settings, "wg1") != "wg1"


def test_a_size_that_is_not_in_the_table_needs_a_capacity():
    assert allocatable(pool("Standard_M64ms")) is None
