"""What a chapter sees of a plan is all that it reads: it says the same of it as of the whole plan."""

from copy import deepcopy
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from review.meaning import ends, network_side, seen, ways_in
from review.plan import SECRET, UNKNOWN
from review.sources.memo import digest_of
from tests.program import STACKS, planned

WORKLOADS = ("CronJob", "DaemonSet", "Deployment", "Job", "StatefulSet")


def forgotten():
    """What was read of other plans."""
    ends._last.clear()
    seen._last.clear()


def told(plan):
    forgotten()
    return network_side.of_plan(plan), ways_in.of_plan(plan)


def told_of_the_whole(plan, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(seen, "network", lambda it: it)
        return told(plan)


def container(manifest):
    spec = manifest["spec"]
    spec = spec["jobTemplate"]["spec"] if manifest["kind"] == "CronJob" else spec
    return spec["template"]["spec"]["containers"][0]


def edited(plan, kind, edit):
    """Every object of a kind with an edit."""

    def new(row):
        inputs = deepcopy(dict(row.inputs))
        edit(inputs)
        return replace(row, inputs=inputs)

    rows = [new(it) if it.inputs.get("kind") == kind else it for it in plan.resources]
    assert rows != list(plan.resources)
    return replace(plan, resources=tuple(rows))


@pytest.mark.parametrize("stack", STACKS)
def test_what_is_seen_of_a_shipped_stack_says_all(stack, monkeypatch):
    assert told(planned(stack)) == told_of_the_whole(planned(stack), monkeypatch)


def paths(value, at=()):
    yield at
    inner = value.items() if isinstance(value, dict) else ()
    inner = enumerate(value) if isinstance(value, list) else inner
    for key, it in inner:
        yield from paths(it, (*at, key))


def places():
    """Every place in every object that has pods, and in one that leads to them."""
    return [
        (number, at)
        for number, row in enumerate(planned("prod").resources)
        if row.inputs.get("kind") in (*WORKLOADS, "Service")
        for at in paths(row.inputs)
        if at
    ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    place=st.deferred(lambda: st.sampled_from(places())),
    value=st.sampled_from([UNKNOWN, SECRET, "x", 0, True, {}, [], ["x"], [{}]]),
)
def test_what_is_seen_says_all_whatever_stands_anywhere_in_an_object(monkeypatch, place, value):
    plan, (number, at) = planned("prod"), place
    row = plan.resources[number]
    inputs = deepcopy(dict(row.inputs))
    holder = inputs
    for step in at[:-1]:
        holder = holder[step]
    holder[at[-1]] = deepcopy(value)
    rows = list(plan.resources)
    rows[number] = replace(row, inputs=inputs)
    changed = replace(plan, resources=tuple(rows))

    def outcome(tell):
        try:
            return tell()
        except (AttributeError, TypeError, KeyError, ValueError) as error:
            return type(error)

    whole = outcome(lambda: told_of_the_whole(changed, monkeypatch))
    assert outcome(lambda: told(changed)) == whole


def set_resources(it):
    container(it)["resources"] = {"limits": {"memory": "1Gi"}}


def set_image(it):
    container(it)["image"] = "other"


def set_env(it):
    container(it)["env"] = [{"name": "A", "value": "b"}]


def set_label(it):
    it["spec"]["template"]["metadata"]["labels"]["app"] = "other"


def set_port(it):
    container(it)["ports"] = [{"name": "other", "containerPort": 81}]


def set_host(it):
    it["spec"]["template"]["spec"]["hostNetwork"] = True


def set_type(it):
    it["spec"]["type"] = "LoadBalancer"


def set_egress(it):
    it["spec"]["egress"] = [{}]


@pytest.mark.parametrize(
    ("kind", "edit", "same"),
    [
        ("Deployment", set_resources, True),
        ("CronJob", set_image, True),
        ("StatefulSet", set_env, True),
        ("ConfigMap", lambda it: it.update(data={}), True),
        ("Deployment", set_label, False),
        ("Deployment", set_port, False),
        ("Deployment", set_host, False),
        ("Service", set_type, False),
        ("NetworkPolicy", set_egress, False),
        ("Namespace", lambda it: it["metadata"].update(labels={}), False),
    ],
)
def test_the_hash_of_what_is_seen_stays_with_what_no_connection_follows_from(kind, edit, same):
    base = planned("prod")
    forgotten()
    before = digest_of(seen.network(base))

    after = digest_of(seen.network(edited(base, kind, edit)))

    assert (after == before) is same


def test_what_is_seen_of_what_is_seen_is_the_same():
    plan = planned("prod")
    assert seen.network(seen.network(plan)) is seen.network(plan)
