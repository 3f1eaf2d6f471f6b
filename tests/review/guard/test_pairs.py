"""Which resource of one plan is which of the other."""

from dataclasses import replace

import pytest

from review.guard.changes import guard
from review.plan import Plan
from tests.review.guard.plans import adding, edited, find, obj, plan, replacing

CLUSTER = "aks-cluster-managed-cluster"
POOL = "aks-pool-wg1"
REDIS = "course-redis-statefulset"


def only(base, head):
    [found] = guard(base, head)
    return found


class TestSides:
    def test_a_base_of_another_stack_is_compared_as_if_it_were_of_this_one(self):
        found = {it.field for it in guard(plan("dev"), plan("prod"))}

        assert {
            "ManagedCluster.dnsPrefix",
            "ResourceGroup.resourceGroupName",
            "AgentPool.vmSize",
        } <= found
        assert not [it for it in guard(plan("dev"), plan("prod")) if it.happens == "moved"]

    def test_a_resource_under_another_name_with_an_alias_is_the_same(self):
        old = find(plan(), POOL)
        urn = f"{old.urn}-renamed"
        head = replacing(
            plan(),
            POOL,
            lambda it: replace(
                it, urn=urn, name=f"{POOL}-renamed", options={**it.options, "aliases": [old.urn]}
            ),
        )

        assert guard(plan(), head) == []
        changed = edited(head, f"{POOL}-renamed", lambda it: it.update(vmSize="Standard_D4ds_v5"))
        assert only(plan(), changed).field == "AgentPool.vmSize"

    def test_an_alias_of_another_stack_is_read_as_one_of_this(self):
        old = find(plan("dev"), POOL)
        head = replacing(
            plan("dev"),
            POOL,
            lambda it: replace(it, urn=f"{it.urn}-x", options={**it.options, "aliases": [old.urn]}),
        )
        moved = Plan.from_json(
            plan("dev").to_json().replace("urn:pulumi:dev::", "urn:pulumi:old::")
        )

        assert guard(replace(moved, stack="old"), head) == []

    @pytest.mark.parametrize("name", [POOL, REDIS, CLUSTER, "business-data-namespace"])
    def test_a_resource_under_another_name_without_an_alias_would_be_made_twice(self, name):
        head = replacing(
            plan(), name, lambda it: replace(it, urn=f"{it.urn}-renamed", name=f"{name}-renamed")
        )

        found = only(plan(), head)

        assert (found.happens, found.severity) == ("moved", "mandatory")
        assert name in found.old
        assert f"{name}-renamed" in found.new
        assert "alias" in found.safe

    def test_another_api_version_is_another_type_to_pulumi_and_the_same_object(self):
        name = "course-blob-service-autoscaler"
        head = replacing(
            plan(),
            name,
            lambda it: replace(
                it,
                type="kubernetes:autoscaling/v3:HorizontalPodAutoscaler",
                urn=it.urn.replace("autoscaling/v2", "autoscaling/v3"),
                inputs={**it.inputs, "apiVersion": "autoscaling/v3"},
            ),
        )

        assert only(plan(), head).happens == "moved"

    def test_two_things_of_one_name_in_two_namespaces_are_two(self):
        one = obj("v1", "PersistentVolumeClaim", "data", {"spec": {}}, "course")
        other = replace(
            one,
            urn=f"{one.urn}-x",
            inputs={**one.inputs, "metadata": {"name": "data", "namespace": "x"}},
        )

        assert only(adding(plan(), one), adding(plan(), other)).happens == "deleted"


def test_a_component_under_another_name_is_one_finding_with_all_it_made():
    parent = find(plan(), "course-redis-statefulset").parent
    of = [it for it in plan().resources if it.parent == parent]
    head = plan()
    for it in of:
        head = replacing(
            head, it.name, lambda row: replace(row, urn=f"{row.urn}-x", parent=f"{parent}-x")
        )

    found = only(plan(), head)

    assert found.resource == f"{len(of)} resources of course-redis"
    assert "StatefulSet course/redis" in found.blast.others
    assert len(of) > 3
