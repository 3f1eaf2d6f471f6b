"""What Azure takes for the same, in the resources of the estate."""

import random
from dataclasses import replace

import pytest

from review.diff import azure
from review.diff.changes import changes, shape_of
from review.plan import SECRET, UNKNOWN
from tests.review.guard.plans import plan

ROWS = [
    it for stack in ("dev", "prod") for it in plan(stack).resources if it.type.startswith("azure-native:")
]  # fmt: skip


def lists(value, key=""):
    if isinstance(value, dict) and value not in (UNKNOWN, SECRET):
        for name, it in value.items():
            if name != "tags":
                yield from lists(it, name)
    elif isinstance(value, list):
        yield key
        for it in value:
            yield from lists(it)


def test_of_every_list_in_the_estate_it_is_settled_whether_its_order_counts():
    found = {key for row in ROWS for key in lists(row.inputs)}

    assert found - azure.SETS - azure.NAMED - azure.ORDERED == set()
    assert not azure.ORDERED & (azure.SETS | azure.NAMED)


def mixed(value, shape, chance):
    if isinstance(value, dict) and value not in (UNKNOWN, SECRET):
        return {key: mixed(it, shape.field(key), chance) for key, it in value.items()}
    if isinstance(value, list):
        items = [mixed(it, shape.item(), chance) for it in value]
        return items if shape.listing.ordered else chance.sample(items, len(items))
    return value


@pytest.mark.parametrize("seed", range(3))
def test_another_order_that_says_nothing_is_no_change(seed):
    chance = random.Random(seed)
    rows = plan().resources
    other = [
        replace(it, inputs=mixed(it.inputs, shape_of(it), chance)) if it in ROWS else it
        for it in rows
    ]

    assert changes(plan(), replace(plan(), resources=tuple(other))).changes == ()
    assert any(it.inputs != was.inputs for it, was in zip(other, rows, strict=True))


def test_another_order_of_addresses_families_is_a_change():
    [cluster] = [it for it in plan().resources if it.name == "aks-cluster-managed-cluster"]
    network = cluster.inputs["networkProfile"]
    both = [
        replace(
            cluster,
            inputs={**cluster.inputs, "networkProfile": {**network, "ipFamilies": families}},
        )
        for families in (["IPv4", "IPv6"], ["IPv6", "IPv4"])
    ]

    [change] = changes(*(replace(plan(), resources=(it,)) for it in both)).changes
    assert [it.path for it in change.properties] == ["networkProfile.ipFamilies"]
