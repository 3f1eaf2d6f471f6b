"""LimitRange and ResourceQuota: what is filled in, what is refused, what is charged."""

import copy
from decimal import Decimal

import pytest

from review.analyses.admission import Bounds, admit_all


def pod(requests=None, limits=None, **spec):
    resources = {"requests": requests or {}, "limits": limits or {}}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "web"},
        "spec": {"containers": [{"name": "web", "resources": resources}], **spec},
    }


def limits(kind="Container", name="limits", **item):
    return {"metadata": {"name": name}, "spec": {"limits": [{"type": kind, **item}]}}


def quota(hard, name="quota", **spec):
    return {"metadata": {"name": name}, "spec": {"hard": hard, **spec}}


def claim(size, **spec):
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "data"},
        "spec": {"resources": {"requests": {"storage": size}}, **spec},
    }


def given(admission):
    return admission.object["spec"]["containers"][0]["resources"]


def messages(admission):
    return [f"{it.by}: {it.message}" for it in admission.refusals]


@pytest.mark.parametrize(
    ("item", "own", "filled"),
    [
        ({}, pod(limits={"cpu": "1"}), {"requests": {"cpu": "1"}, "limits": {"cpu": "1"}}),
        ({"default": {"cpu": "1"}}, pod(), {"requests": {"cpu": "1"}, "limits": {"cpu": "1"}}),
        ({"max": {"cpu": "2"}}, pod(), {"requests": {"cpu": "2"}, "limits": {"cpu": "2"}}),
        ({"min": {"cpu": "1m"}, "maxLimitRequestRatio": {}}, pod(), {"requests": {"cpu": "1m"}, "limits": {}}),
        (
            {"default": {"cpu": "1"}, "defaultRequest": {"cpu": "10m"}},
            pod(),
            {"requests": {"cpu": "10m"}, "limits": {"cpu": "1"}},
        ),
        (
            {"default": {"cpu": "1"}},
            pod(requests={"cpu": "20m"}),
            {"requests": {"cpu": "20m"}, "limits": {"cpu": "1"}},
        ),
    ],
)  # fmt: skip
def test_a_limit_range_fills_in_what_a_container_does_not_say(item, own, filled):
    assert given(Bounds([limits(**item)], []).admit(own)) == filled


def test_what_was_given_is_left_as_it_is():
    own = pod()
    before = copy.deepcopy(own)

    Bounds([limits(default={"cpu": "1"})], []).admit(own)

    assert own == before


@pytest.mark.parametrize(
    ("item", "own", "message"),
    [
        (
            limits(min={"cpu": "100m"}),
            pod(requests={"cpu": "50m"}),
            "LimitRange: minimum cpu usage per Container is 0.1, but request is 0.05",
        ),
        (
            limits(max={"cpu": "1"}),
            pod(limits={"cpu": "2"}),
            "LimitRange: maximum cpu usage per Container is 1, but limit is 2",
        ),
        (
            limits(maxLimitRequestRatio={"cpu": "2"}),
            pod({"cpu": "100m"}, {"cpu": "300m"}),
            "LimitRange: cpu max limit to request ratio per Container is 2, but ratio is 3",
        ),
        (
            limits("Pod", min={"cpu": "1"}),
            pod(),
            "LimitRange: minimum cpu usage per Pod is 1, but no request is given",
        ),
        (
            limits(default={"cpu": "100m"}),
            pod(requests={"cpu": "1"}),
            "validation: web requests 1 cpu and has a limit of 0.1",
        ),
        (
            limits("PersistentVolumeClaim", max={"storage": "1G"}),
            claim("1Gi"),
            "LimitRange: maximum storage usage per PersistentVolumeClaim is 1000000000, but request is 1073741824",
        ),
    ],
)
def test_a_limit_range_refuses_what_is_out_of_bounds(item, own, message):
    found = Bounds([item], []).admit(own)

    assert message in messages(found)
    assert not found.allowed


@pytest.mark.parametrize(
    ("hard", "own", "message"),
    [
        ({"cpu": "1"}, pod(), "must specify cpu for: web"),
        ({"pods": "0"}, pod(), "exceeded, requested: pods=1, used: pods=0, limited: pods=0"),
        ({"count/pods": "0"}, pod(), "exceeded, requested: count/pods=1"),
        ({"limits.memory": "1Gi"}, pod(limits={"memory": "2Gi"}), "exceeded, requested: limits.memory=2147483648"),
        ({"requests.storage": "1Gi"}, claim("2Gi"), "exceeded, requested: requests.storage=2147483648"),
        (
            {"gold.storageclass.storage.k8s.io/requests.storage": "1Gi"},
            claim("2Gi", storageClassName="gold"),
            "exceeded, requested: gold.storageclass",
        ),
        (
            {"count/deployments.apps": "0"},
            {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": {}},
            "exceeded, requested: count/deployments.apps=1",
        ),
    ],
)  # fmt: skip
def test_a_quota_refuses_what_does_not_fit_and_what_says_too_little(hard, own, message):
    [found] = messages(Bounds([], [quota(hard)]).admit(own))

    assert found.startswith(f"ResourceQuota: {message}")


GOLD = {"scopeName": "PriorityClass", "operator": "In", "values": ["gold"]}


@pytest.mark.parametrize(
    ("scope", "inside", "outside"),
    [
        ({"scopes": ["Terminating"]}, pod(activeDeadlineSeconds=1), pod()),
        ({"scopes": ["NotTerminating"]}, pod(), pod(activeDeadlineSeconds=1)),
        ({"scopes": ["BestEffort"]}, pod(), pod(requests={"cpu": "1"})),
        ({"scopes": ["NotBestEffort"]}, pod(requests={"cpu": "1"}), pod(requests={"cpu": "0"})),
        (
            {"scopeSelector": {"matchExpressions": [GOLD]}},
            pod(priorityClassName="gold"),
            pod(priorityClassName="silver"),
        ),
        (
            {"scopeSelector": {"matchExpressions": [{**GOLD, "operator": "NotIn"}]}},
            pod(),
            pod(priorityClassName="gold"),
        ),
    ],
)
def test_a_quota_counts_the_pods_of_its_scope_alone(scope, inside, outside):
    bounds = Bounds([], [quota({"pods": "0"}, **scope)])

    assert not bounds.admit(inside).allowed
    assert bounds.admit(outside).allowed


def test_what_is_used_counts_and_what_is_over_the_line_already_stops_no_other_resource():
    used = {"quota": {"requests.cpu": Decimal(1), "pods": Decimal(9)}}
    bounds = Bounds([], [quota({"requests.cpu": "2", "pods": "5"})], used)

    [found] = bounds.admit(pod(requests={"cpu": "1"})).refusals

    assert found.exceeded.requested == {"pods": 1}


def test_objects_are_let_in_until_the_quota_is_full():
    bounds = Bounds([limits(default={"cpu": "1"})], [quota({"requests.cpu": "2"})])

    found = [it.allowed for _, it in admit_all([pod(), pod(), pod()], bounds)]

    assert found == [True, True, False]


def test_a_pod_counts_its_largest_step_its_sidecars_and_its_overhead():
    sidecar = {"name": "proxy", "restartPolicy": "Always", "resources": {"requests": {"cpu": "1"}}}
    init = {"name": "load", "resources": {"requests": {"cpu": "5"}}}
    own = pod(
        requests={"cpu": "2"}, initContainers=[sidecar, init], overhead={"cpu": "500m", "memory": "1Mi"}
    )  # fmt: skip

    use = Bounds([], []).admit(own).usage

    assert use["requests.cpu"] == Decimal("6.5")
    assert use["requests.memory"] == 2**20
    assert "limits.cpu" not in use


def test_resources_of_the_pod_as_a_whole_count_instead_of_those_of_its_containers():
    own = pod(requests={"cpu": "1"}, resources={"requests": {"cpu": "3"}})

    found = Bounds([], [quota({"cpu": "8", "memory": "1Gi"})]).admit(own)

    assert found.allowed
    assert found.usage["cpu"] == 3


@pytest.mark.parametrize("spec", [None, 7, {"limits": None}, {"limits": [None, {}]}])
def test_bounds_of_any_shape_are_read(spec):
    bounds = Bounds([{"metadata": None, "spec": spec}], [{"metadata": {}, "spec": spec}])

    assert bounds.admit(pod()).allowed


def test_an_amount_that_is_none_is_an_error_of_its_own():
    with pytest.raises(ValueError, match="not a quantity: 'much'"):
        Bounds([], []).admit(pod(requests={"cpu": "much"}))


def test_the_class_of_a_vault_is_not_charged_for_the_secrets_that_its_driver_makes_later():
    vault = {
        "apiVersion": "secrets-store.csi.x-k8s.io/v1",
        "kind": "SecretProviderClass",
        "metadata": {"name": "vault"},
        "spec": {"secretObjects": [{}, {}]},
    }

    assert Bounds([], [quota({"secrets": "0"})]).admit(vault).allowed


def test_a_service_is_held_against_the_node_ports_it_takes():
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web"},
        "spec": {"type": "NodePort", "ports": [{"port": 80}, {"port": 81}]},
    }

    assert not Bounds([], [quota({"services.nodeports": "1"})]).admit(service).allowed
    assert Bounds([], [quota({"services.nodeports": "2"})]).admit(service).allowed
