"""Names of pools in Azure: what moves them, what does not, and what Azure takes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from settings.fixed_fields import (
    ABSENT_MEANS,
    FIXED_POOL_FIELDS,
    REIMAGED_POOL_FIELDS,
    REPLACED_POOL_FIELDS,
)
from settings.node_pools import NodePool
from settings.pool_names import fixed, most_nodes, pool_name
from tests.components.azure.cloud import stack

KEYS = st.from_regex(r"[a-z][a-z0-9]{0,11}", fullmatch=True).filter(lambda it: it != "boot")
FIXED = {
    "vmSize": st.sampled_from(["Standard_D4ds_v5", "Standard_D8ds_v5", "Standard_E4ds_v5"]),
    "zones": st.sampled_from([[], ["1"], ["1", "2", "3"]]),
    "maxPods": st.integers(30, 250),
    "osDiskType": st.sampled_from(["Ephemeral", "Managed"]),
    "osDiskSizeGb": st.integers(30, 2048),
    "kubeletDiskType": st.sampled_from(["OS", "Temporary"]),
    "encryptionAtHost": st.booleans(),
    "fips": st.booleans(),
    "spot": st.sampled_from([None, {}, {"maxPrice": "0.05"}, {"evictionPolicy": "Deallocate"}]),
    "gpu": st.sampled_from([None, {}, {"driver": "None"}, {"instanceProfile": "MIG1g"}]),
    "security": st.sampled_from([{}, {"vtpm": True}]),
    "workloadRuntime": st.sampled_from(["OCIContainer", "KataVmIsolation"]),
}
FREE = {
    "min": st.integers(0, 5),
    "max": st.integers(5, 9),
    "labels": st.sampled_from([{}, {"a": "b"}]),
    "taints": st.sampled_from([[], ["a=b:NoSchedule"]]),
    "osSku": st.sampled_from(["AzureLinux", "Ubuntu"]),
    "maxSurge": st.sampled_from([1, "33%"]),
    "drainTimeoutMinutes": st.integers(5, 60),
    "nodeSoakMinutes": st.integers(0, 30),
    "undrainableNodeBehavior": st.sampled_from(["Cordon", "Schedule"]),
    "scaleDownMode": st.sampled_from(["Delete", "Deallocate"]),
    "systemPods": st.sampled_from([None, {}]),
}
POOLS = st.fixed_dictionaries(FIXED | FREE)


BASE = stack()
APART = stack(**{"network.subnets": {"nodes": "10.40.0.0/22", "system": "10.40.4.0/24"}})


def named(key, pool, base=BASE):
    """Name of one blue/green pool of a stack that has it alone."""
    only = {key: NodePool.model_validate({**pool, "blueGreen": True})}
    return pool_name(base.model_copy(update={"node_pools": only}), key)


@given(KEYS, POOLS)
def test_a_name_is_one_that_azure_takes_and_begins_as_its_key_does(key, pool):
    name = named(key, pool)
    assert re.fullmatch(r"[a-z][a-z0-9]{0,11}", name)
    assert len(name) == min(len(key), 8) + 4
    assert name.startswith(key if len(key) <= 8 else key[:5])


@given(KEYS, POOLS, st.fixed_dictionaries(FREE))
def test_what_azure_changes_in_place_leaves_the_name(key, pool, other):
    assert named(key, pool) == named(key, {**pool, **other})


@given(KEYS, POOLS, st.data())
def test_what_azure_fixes_at_creation_moves_the_name(key, pool, data):
    field = data.draw(st.sampled_from(sorted(FIXED)))
    other = data.draw(FIXED[field].filter(lambda it: it != pool[field]))
    before, after = {**pool}, {**pool, field: other}
    same = NodePool.model_validate(before), NodePool.model_validate(after)
    if fixed(same[0], "nodes") == fixed(same[1], "nodes"):  # a spot price of -1 said and unsaid
        assert named(key, before) == named(key, after)
    else:
        assert named(key, before) != named(key, after)


@given(st.lists(KEYS, min_size=2, max_size=2, unique=True), POOLS)
def test_two_keys_have_two_names_even_where_they_are_cut_alike(keys, pool):
    one, other = keys
    assert named(one, pool) != named(other, pool)
    assert named(f"{one[:3]}workers1x"[:12], pool) != named(f"{one[:3]}workers2x"[:12], pool)


def test_keys_that_are_cut_alike_differ_in_the_hash_of_the_key_and_in_that_of_the_fields():
    pool = {"vmSize": "Standard_D4ds_v5", "min": 1, "max": 2}
    one, other = named("workersgpu1", pool), named("workersgpu2", pool)
    assert one[:5] == other[:5] == "worke"
    assert one[5:8] != other[5:8]
    assert one[8:] != other[8:]


def test_the_order_of_zones_says_nothing():
    pool = {"vmSize": "Standard_D4ds_v5", "min": 1, "max": 2}
    assert named("wg1", {**pool, "zones": ["1", "2"]}) == named(
        "wg1", {**pool, "zones": ["2", "1"]}
    )


def test_a_subnet_of_its_own_moves_a_system_pool_and_no_other():
    pool = {"vmSize": "Standard_D4ds_v5", "min": 1, "max": 2, "mode": "System"}
    assert named("system", pool) != named("system", pool, APART)
    worker = {**pool, "mode": "User"}
    assert named("wg1", worker) == named("wg1", worker, APART)


def test_either_part_of_trusted_launch_goes_on_and_off_in_place_once_a_pool_has_one():
    pool = {"vmSize": "Standard_D4ds_v5", "min": 1, "max": 2}
    one, both, none = (
        named("wg1", {**pool, "security": it})
        for it in ({"vtpm": True}, {"vtpm": True, "secureBoot": True}, {"sshAccess": "Disabled"})
    )
    assert one == both
    assert none == named("wg1", pool) != one


def test_without_blue_green_a_pool_has_the_name_of_its_key():
    pool = {"vmSize": "Standard_D4ds_v5", "min": 1, "max": 2}
    assert pool_name(stack(nodePools={"workersabcde": pool}), "workersabcde") == "workersabcde"


def test_a_cluster_that_is_there_already_has_pools_by_their_keys():
    pool = NodePool.model_validate({"min": 1, "max": 2, "blueGreen": True})
    elsewhere = BASE.model_copy(update={"target": "kubeconfig", "node_pools": {"wg1": pool}})
    assert pool_name(elsewhere, "wg1") == "wg1"


def test_a_pool_that_the_stack_does_not_have_keeps_its_name():
    assert pool_name(stack(), "elsewhere") == "elsewhere"


def test_the_name_covers_every_fixed_field_that_a_setting_decides():
    pool = NodePool.model_validate({"min": 1, "max": 2})
    decided = {
        azure for azure, key in FIXED_POOL_FIELDS.items() if key
    } | REIMAGED_POOL_FIELDS.keys()
    assert set(fixed(pool, "nodes")) == decided | {"vnetSubnetID"}
    assert REPLACED_POOL_FIELDS.items() <= FIXED_POOL_FIELDS.items()
    assert ABSENT_MEANS.keys() <= FIXED_POOL_FIELDS.keys() | REIMAGED_POOL_FIELDS.keys()


def test_every_key_of_a_fixed_field_is_a_setting_of_a_pool():
    for key in {*FIXED_POOL_FIELDS.values(), *REIMAGED_POOL_FIELDS.values()} - {""}:
        first, _, second = key.partition(".")
        fields = {it.alias: it for it in NodePool.model_fields.values()}
        assert first in fields
        if second:
            assert second in str(NodePool.model_json_schema(by_alias=True)["$defs"])


@pytest.mark.parametrize(
    ("more", "nodes"),
    [({}, 8), ({"maxSurge": 1}, 7), ({"blueGreen": True}, 12), ({"spot": {}}, 6),
     ({"blueGreen": True, "maxSurge": 9}, 15)],
)  # fmt: skip
def test_the_most_nodes_count_the_surge_or_the_second_pool(more, nodes):
    assert most_nodes(NodePool.model_validate({"min": 1, "max": 6, **more})) == nodes
