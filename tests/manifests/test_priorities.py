"""The stack's PriorityClasses."""

from manifests import estate, priorities
from tests.manifests.samples import pod_of, stack, values, web
from tests.manifests.schema import faults
from tests.samples import PRIORITIES


def test_each_is_an_object_of_the_cluster_and_nobodys_default():
    live, batch = (it.manifest for it in priorities.parts(stack(priorityClasses=PRIORITIES)))
    assert (live["metadata"]["name"], live["value"]) == ("live", 1000)
    assert live["preemptionPolicy"] == "PreemptLowerPriority"
    assert (batch["value"], batch["preemptionPolicy"]) == (-10, "Never")
    for it in (live, batch):
        assert "namespace" not in it["metadata"]
        assert it["globalDefault"] is False
        assert faults(it) == []


def test_they_come_before_everything_that_may_name_one():
    settings = stack(web(priorityClass="live"), priorityClasses=PRIORITIES)
    first, *others = estate.groups(settings, values(settings))
    assert (first.component, first.namespace, len(first.parts)) == ("Priorities", "", 2)
    assert "Priorities" not in {it.component for it in others}


def test_a_stack_without_any_has_no_such_component():
    settings = stack(web())
    assert "Priorities" not in {it.component for it in estate.groups(settings, values(settings))}


def test_a_pod_names_its_class_and_none_by_default():
    assert pod_of(web(priorityClass="live"))["priorityClassName"] == "live"
    assert "priorityClassName" not in pod_of(web())
