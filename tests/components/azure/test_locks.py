"""The lock that Azure holds on the cluster."""

from pulumi_azure_native.authorization import LockLevel

from review.guard.changes import guard
from review.plan import Plan, Resource
from tests.components.azure.cloud import SUBSCRIPTION, planned, stack

LOCK = "azure-native:authorization:ManagementLockByScope"
LOCKED = stack(**{"cluster.lock": True})


def locks(settings, **options):
    return [it for it in planned(settings, **options).values() if it.type == LOCK]


def test_a_stack_that_says_nothing_has_none():
    assert locks(stack()) == []


def test_it_forbids_to_delete_the_cluster_and_nothing_else():
    [lock] = locks(LOCKED)

    assert lock.inputs["level"] == LockLevel.CAN_NOT_DELETE
    assert lock.inputs["scope"] == f"{SUBSCRIPTION}/made/aks-cluster-managed-cluster"
    assert "aks-cluster-managed-cluster" in lock.dependencies


def test_it_is_never_protected_itself_so_that_one_update_takes_it_off():
    [lock] = locks(LOCKED, protect=True)

    assert "protect" not in lock.options


def test_taking_it_off_is_a_finding_of_the_guard():
    def plan(settings):
        rows = planned(settings).values()
        kept = (Resource(urn=it.urn, type=it.type, name=it.name, inputs=it.inputs) for it in rows)
        return Plan(project="aks-platform", stack="dev", resources=tuple(kept))

    [found] = guard(plan(LOCKED), plan(stack()))

    assert (found.happens, found.severity) == ("deleted", "mandatory")
    assert found.resource == "ManagementLockByScope cannot-delete"
