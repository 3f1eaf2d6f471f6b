"""Which resource of one plan is which of the other."""

from dataclasses import replace

import pytest

from review.guard.changes import guard
from review.guard.pairs import identity, title
from review.plan import UNKNOWN, Plan
from tests.review.guard.plans import adding, edited, find, made, obj, plan, replacing

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


DISK, GROUP, ROLE = (
    f"azure-native:{it}"
    for it in ("compute:Disk", "resources:ResourceGroup", "authorization:RoleAssignment")
)


@pytest.mark.parametrize(
    ("row", "name"),
    [
        (made(DISK, "d", {"diskName": "disk", "resourceGroupName": "g"}), "Disk disk"),
        (made(DISK, "d", {"resourceGroupName": "g"}), "Disk d"),
        (made(DISK, "d", {"diskName": UNKNOWN}), "Disk d"),
        (made(GROUP, "g", {"resourceGroupName": "group"}), "ResourceGroup group"),
        (made(GROUP, "g", {"resourceGroupName": UNKNOWN}), "ResourceGroup g"),
        (made(ROLE, "r", {"roleAssignmentName": "x"}), "RoleAssignment r"),
        (made("pulumi:providers:kubernetes", "cluster", {}), "Provider cluster"),
        (
            made("kubernetes:helm.sh/v3:Release", "c", {"name": "n", "namespace": "s"}),
            "Release s/n",
        ),
        (made("kubernetes:helm.sh/v3:Release", "c", {"metadata": {"name": "n"}}), "Release c"),
        (obj("v1", "Service", "s", {}), "Service course/s"),
        (obj("v1", "Namespace", "n", {}, namespace=None), "Namespace n"),
        (made("kubernetes:core/v1:Service", "s", {"metadata": UNKNOWN}), "Service s"),
    ],
)
def test_a_resource_is_titled_as_a_reader_knows_it(row, name):
    assert title(row) == name


@pytest.mark.parametrize(
    "row",
    [
        made(DISK, "d", {"diskName": UNKNOWN, "resourceGroupName": "g"}),
        made(DISK, "d", {"resourceGroupName": "g"}),
        made(GROUP, "g", {"resourceGroupName": UNKNOWN}),
        made("kubernetes:core/v1:Service", "s", {"metadata": {"name": "s"}}),
        made("kubernetes:core/v1:Service", "s", {"kind": "Service", "metadata": UNKNOWN}),
        made("kubernetes:core/v1:Service", "s", {"kind": "Service", "metadata": {"name": UNKNOWN}}),
        made("aws:s3/bucket:Bucket", "b", {"kind": "Bucket", "metadata": {"name": "b"}}),
    ],
)
def test_what_has_no_name_in_a_plan_is_nothing_that_two_plans_share(row):
    assert identity(row) is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (made(DISK, "a", {"diskName": "d"}), made(DISK, "b", {"diskName": "d"}), True),
        (made(DISK, "a", {"diskName": "d"}), made(DISK, "b", {"diskName": "e"}), False),
        (
            made(DISK, "a", {"diskName": "d", "resourceGroupName": "g"}),
            made(DISK, "b", {"diskName": "d", "resourceGroupName": "h"}),
            False,
        ),
        (
            made(GROUP, "a", {"resourceGroupName": "g"}),
            made(GROUP, "b", {"resourceGroupName": "g"}),
            True,
        ),
        (obj("v1", "Service", "s", {}), obj("v1", "Service", "s", {}, "other"), False),
        (obj("v1", "Service", "s", {}), obj("v1", "ConfigMap", "s", {}), False),
        (obj("apps/v1", "Deployment", "s", {}), obj("apps/v2", "Deployment", "s", {}), True),
        (obj("apps/v1", "Deployment", "s", {}), obj("x/v1", "Deployment", "s", {}), False),
    ],
)
def test_two_rows_are_one_thing_by_type_and_names(one, other, same):
    assert (identity(one) == identity(other)) is same
    assert identity(one) is not None


def test_a_resource_with_its_own_urn_is_not_taken_for_the_one_of_its_alias():
    old, other = find(plan(), POOL), find(plan(), CLUSTER)
    head = replacing(
        plan(), POOL, lambda it: replace(it, options={**it.options, "aliases": [other.urn, 7]})
    )

    assert guard(plan(), head) == []
    assert old.urn != other.urn
