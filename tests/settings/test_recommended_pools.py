"""What a pool gets that says nothing."""

import pytest

from settings.autoscaler import Autoscaler
from settings.node_pools import BootstrapPool, NodePool
from settings.profiles import filled
from settings.recommended import ROWS
from settings.recommended.pools import ephemeral_if_it_fits

NOT_ADVISED = {
    "NodePool": {"mode", "vmSize", "min", "max", "labels", "taints", "spot", "gpu", "security", "capacity",
                 "systemPods"},
}  # fmt: skip
"""Keys that only the stack can know, and sections whose keys have rows of their own."""


@pytest.mark.parametrize(
    ("pool", "kind"),
    [
        ({"vmSize": "Standard_D4ds_v5"}, "Ephemeral"),
        ({"vmSize": "Standard_D4ds_v5", "osDiskSizeGb": 150}, "Ephemeral"),
        ({"vmSize": "Standard_D4ds_v5", "osDiskSizeGb": 151}, "Managed"),
        ({"vmSize": "Standard_D2ds_v5"}, "Managed"),
        ({"vmSize": "Standard_D8s_v3"}, "Ephemeral"),
        ({"vmSize": "Standard_D8s_v5"}, "Managed"),
        ({"vmSize": "Standard_D8ds_v6"}, "Managed"),
        ({"vmSize": "Standard_M64ms"}, "Managed"),
        ({"vmSize": "Standard_D4ds_v5", "scaleDownMode": "Deallocate"}, "Managed"),
        ({"vmSize": "Standard_D4ds_v5", "osDiskSizeGb": "much"}, "Managed"),
        ({"vmSize": 4}, "Managed"),
        ({}, "Managed"),
    ],
)
def test_the_system_disk_is_ephemeral_where_the_machine_has_room(pool, kind):
    assert ephemeral_if_it_fits(pool) == kind


def test_a_bootstrap_pool_that_says_nothing_has_a_machine_all_the_same():
    given = filled({"target": "aks", "cluster": {"profile": "prod"}}, ROWS)["cluster"]
    assert given["bootstrapPool"]["osDiskType"] == "Ephemeral"
    own = {"bootstrapPool": {"vmSize": "Standard_D4s_v5"}, "profile": "prod"}
    given = filled({"target": "aks", "cluster": own}, ROWS)["cluster"]
    assert given["bootstrapPool"]["osDiskType"] == "Managed"


def stack(profile, **pool):
    return {
        "target": "aks",
        "cluster": {"profile": profile},
        "nodePools": {"wg1": {"vmSize": "Standard_D4ds_v5", "min": 1, "max": 2, **pool}},
    }


def test_production_spreads_over_zones_and_encrypts_on_the_host():
    pool = filled(stack("prod"), ROWS)["nodePools"]["wg1"]
    assert pool["zones"] == ["1", "2", "3"]
    assert pool["encryptionAtHost"] is True
    dev = filled(stack("dev"), ROWS)["nodePools"]["wg1"]
    assert (dev["zones"], dev["encryptionAtHost"]) == ([], False)


def test_what_a_pool_says_stands():
    own = {"zones": [], "osDiskType": "Managed", "encryptionAtHost": False}
    assert filled(stack("prod", **own), ROWS)["nodePools"]["wg1"].items() >= own.items()


@pytest.mark.parametrize(
    ("model", "prefix"),
    [
        (NodePool, "nodePools.*."),
        (BootstrapPool, "cluster.bootstrapPool."),
        (Autoscaler, "cluster.autoscaler."),
    ],
)
def test_every_value_of_a_pool_and_of_the_autoscaler_that_is_a_choice_has_a_row(model, prefix):
    keys = {it.alias for it in model.model_fields.values()}
    rows = {it.key.removeprefix(prefix) for it in ROWS if it.key.startswith(prefix)}
    assert keys - rows == NOT_ADVISED.get(model.__name__, set())


def test_every_key_of_a_pools_security_has_a_row():
    rows = {it.key for it in ROWS}
    assert {f"nodePools.*.security.{it}" for it in ("secureBoot", "vtpm", "sshAccess")} <= rows
