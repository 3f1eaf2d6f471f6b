"""One table of what is fixed about a node pool: the guard's rows are those of the settings."""

from review.guard.changes import ROWS
from review.guard.rows_cluster import CLUSTER
from review.guard.rows_pools import POOL
from settings.fixed_fields import FIXED_POOL_FIELDS, REIMAGED_POOL_FIELDS, REPLACED_POOL_FIELDS


def fields(type_, effect):
    found = {it.path for it in ROWS if it.type == type_ and it.effect == effect}
    return {it.removeprefix("agentPoolProfiles[].") for it in found if "securityProfile" not in it}


FIXED = set(FIXED_POOL_FIELDS) - {"securityProfile"}


def test_the_fields_that_replace_a_pool_are_the_settings_own():
    assert fields(POOL, "replaces") == set(REPLACED_POOL_FIELDS)


def test_the_fields_that_azure_refuses_to_change_are_the_settings_own():
    # A version can also be lowered, which is no field of its own.
    refused = fields(POOL, "refused") - {"orchestratorVersion"}
    assert refused == FIXED - set(REPLACED_POOL_FIELDS)


def test_of_the_security_profile_only_what_needs_another_image_is_fixed():
    assert "securityProfile" in FIXED_POOL_FIELDS
    parts = {it.path for it in ROWS if it.type == POOL and "securityProfile" in it.path}
    assert parts == {"securityProfile.enableSecureBoot", "securityProfile.enableVTPM"}


def test_the_pool_inside_the_cluster_is_fixed_in_the_same_fields():
    inline = {
        it.path.removeprefix("agentPoolProfiles[].")
        for it in ROWS
        if it.type == CLUSTER and it.path.startswith("agentPoolProfiles[]")
    }
    assert {it for it in inline if "securityProfile" not in it} == FIXED


def test_fields_that_image_every_node_at_once_are_mandatory_although_in_place():
    rows = [it for it in ROWS if it.type == POOL and it.path in REIMAGED_POOL_FIELDS]
    assert {it.path for it in rows} == set(REIMAGED_POOL_FIELDS)
    assert {(it.effect, it.severity) for it in rows} == {("inPlace", "mandatory")}
