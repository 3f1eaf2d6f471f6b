"""What a workload asks for, counted as the API server counts it."""

from decimal import Decimal
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from settings.bounds import Limits
from settings.demand import (
    Defaults,
    Demand,
    container,
    defaults_of,
    extra_pods,
    nodes_for,
    one_pod,
    pod,
    pods_at_peak,
    pods_at_rest,
)
from settings.load import load
from settings.quantity import amount
from settings.workload import Workload
from tests.settings.estate import ROOT, shipped

AMOUNTS = st.integers(0, 4000).map(lambda it: Decimal(it) / 1000)
SHARES = st.builds(Demand, st.just(0), AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
FIELDS = ("requests_cpu", "requests_memory", "limits_cpu", "limits_memory")
TEXTS = st.dictionaries(st.sampled_from(["cpu", "memory"]), st.integers(1, 500).map(str))
WEB = shipped()["workloads/web.yaml"]


@pytest.fixture(scope="module")
def dev():
    return load(ROOT, "dev")


def workload(**changes):
    return Workload.model_validate({**{k: v for k, v in WEB.items() if k != "replicas"}, **changes})


@given(SHARES, SHARES, SHARES, st.integers(0, 50))
def test_demands_add_and_multiply_like_numbers(one, two, three, count):
    assert one + two == two + one
    assert (one + two) + three == one + (two + three)
    assert one + Demand() == one
    assert (one + two) * count == one * count + two * count
    assert sum([one] * count, Demand()) == one * count


@given(SHARES, SHARES)
def test_the_larger_of_two_demands_is_taken_amount_by_amount(one, two):
    larger = one.either(two)
    for name in FIELDS:
        assert getattr(larger, name) == max(getattr(one, name), getattr(two, name))


@pytest.mark.parametrize(
    ("requests", "limits", "filled", "asked", "most"),
    [
        ({"cpu": "1"}, {"cpu": "2"}, {}, "1", "2"),
        ({}, {"cpu": "2"}, {"requests": {"cpu": "1"}}, "2", "2"),
        ({"cpu": "1"}, {}, {"limits": {"cpu": "3"}}, "1", "3"),
        ({}, {}, {"requests": {"cpu": "1"}, "limits": {"cpu": "3"}}, "1", "3"),
        ({}, {}, {"limits": {"cpu": "3"}}, "3", "3"),
        ({}, {}, {"requests": {"cpu": "1"}}, "1", "0"),
        ({}, {}, {}, "0", "0"),
    ],
    ids=["own", "a limit alone is the request, too", "default limit", "both defaults", "default limit is the request",
         "no limit anywhere", "nothing"],
)  # fmt: skip
def test_a_limit_range_fills_in_what_a_container_leaves_open(requests, limits, filled, asked, most):
    share = container(requests, limits, Defaults(**{"requests": {}, "limits": {}, **filled}))
    assert (share.requests_cpu, share.limits_cpu) == (Decimal(asked), Decimal(most))


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_no_default_displaces_what_a_container_says(
    requests, limits, default_requests, default_limits
):
    share = container(requests, limits, Defaults(default_requests, default_limits))
    for name in ("cpu", "memory"):
        if name in requests:
            assert getattr(share, f"requests_{name}") == amount(requests[name])
        if name in limits:
            assert getattr(share, f"limits_{name}") == amount(limits[name])
        if name not in requests and name in limits:
            assert getattr(share, f"requests_{name}") == amount(limits[name])


def test_the_maximum_of_a_namespace_is_its_default_limit_where_none_is_given():
    limits = Limits.model_validate({"default": {"cpu": "1"}, "max": {"cpu": "4", "memory": "2Gi"}})
    assert defaults_of(limits).limits == {"cpu": "1", "memory": "2Gi"}


@given(st.lists(SHARES, max_size=4), st.lists(st.tuples(SHARES, st.booleans()), max_size=4))
def test_a_pod_is_the_larger_of_what_runs_together_and_of_its_largest_first_step(containers, init):
    found = pod(containers, init)
    assert found.pods == 1
    for name in FIELDS:
        sidecars = [getattr(share, name) for share, stays in init if stays]
        steps = [
            getattr(share, name) + sum(getattr(it, name) for it, stays in init[:index] if stays)
            for index, (share, stays) in enumerate(init)
            if not stays
        ]
        together = sum(getattr(it, name) for it in containers) + sum(sidecars)
        assert getattr(found, name) == max([together, *steps])


@given(st.integers(0, 100), st.integers(0, 200))
def test_a_surge_in_percent_rounds_up(percent, replicas):
    extra = extra_pods(f"{percent}%", replicas)
    assert extra == ceil(percent * replicas / 100 - 1e-9)
    assert extra * 100 >= percent * replicas > (extra - 1) * 100


@given(st.integers(0, 100), st.integers(0, 200))
def test_a_surge_in_pods_is_what_it_says(surge, replicas):
    assert extra_pods(surge, replicas) == surge


@pytest.mark.parametrize(
    ("changes", "rest", "peak"),
    [
        ({}, 1, 2),
        ({"replicas": 0}, 0, 1),
        ({"replicas": 10, "rollout": {"maxSurge": "25%"}}, 10, 13),
        ({"replicas": 10, "rollout": {"maxSurge": 0, "maxUnavailable": 1}}, 10, 10),
        ({"replicas": 3, "release": "recreate"}, 3, 3),
        ({"autoscale": {"min": 2, "max": 8, "cpu": 70}}, 8, 9),
        ({"kind": "statefulset", "replicas": 3}, 3, 3),
        ({"kind": "job"}, 1, 1),
        ({"kind": "job", "job": {"completions": 6, "parallelism": 3}}, 3, 3),
        ({"kind": "job", "job": {"completions": 2, "parallelism": 3}}, 2, 2),
        ({"kind": "cronjob", "cron": {"schedule": "@daily"}}, 1, 1),
        ({"kind": "cronjob", "cron": {"schedule": "@daily", "concurrencyPolicy": "Allow"}}, 1, 2),
        ({"kind": "cronjob", "cron": {"schedule": "@daily", "concurrencyPolicy": "Replace"}}, 1, 2),
        ({"kind": "daemonset"}, 5, 5),
    ],
)
def test_pods_at_rest_and_at_the_peak_of_a_rollout(dev, changes, rest, peak):
    subject = workload(**changes)
    assert (pods_at_rest(dev, subject), pods_at_peak(dev, subject)) == (rest, peak)


@pytest.mark.parametrize(
    ("changes", "nodes"),
    [
        ({"pool": "wg1"}, 5),
        ({"pool": None}, 5),
        ({"pool": None, "tolerations": [{"operator": "Exists"}]}, 5 + 2 + 1),
        ({"pool": None, "tolerations": [{"key": "CriticalAddonsOnly"}]}, 5 + 2 + 1),
        ({"pool": None, "tolerations": [{"key": "gpu"}]}, 5),
    ],
)
def test_a_daemonset_runs_on_every_node_it_tolerates_the_bootstrap_pool_included(
    dev, changes, nodes
):
    assert nodes_for(dev, workload(kind="daemonset", **changes)) == nodes


def test_without_azure_there_is_no_bootstrap_pool():
    subject = workload(kind="daemonset", pool=None, tolerations=[{"operator": "Exists"}])
    assert nodes_for(load(ROOT, "local"), subject) == 1


def test_one_pod_is_its_container_with_the_defaults_of_its_namespace():
    subject = workload(resources={"requests": {"cpu": "100m"}})
    assert one_pod(subject, Limits()) == Demand(
        1, Decimal("0.1"), amount("64Mi"), Decimal("0.25"), amount("256Mi")
    )
    assert one_pod(subject, None) == Demand(1, Decimal("0.1"))
