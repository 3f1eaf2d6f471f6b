from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review.meaning import capacity
from review.meaning.capacity_amounts import Amount
from review.plan import SECRET, UNKNOWN
from tests.review.guard.plans import adding, edited, made, plan, without
from tests.review.meaning.telling import (
    REDIS,
    WEB,
    container,
    facts,
    findings,
    messages,
    named,
    one,
    rules,
    shuffled,
    told,
    with_container,
    with_spec,
)
from tests.review.meaning.weighing import hard, pool, scaled


def requests(**amounts):
    def change(inputs):
        container(inputs)["resources"]["requests"].update(amounts)

    return edited(plan(), WEB, change)


def test_more_replicas_are_told_with_their_effect_on_the_pool_and_the_quota():
    assert messages(told(capacity, with_spec(WEB, replicas=5))) == [
        "Deployment course/web: 3 pods -> 5 pods: 2 pods more",
        "pool wg1 at rest: CPU requests 4.83 -> 4.93 of 23.46 cores (22%), pods 53 -> 55 of 330 (17%), "
        "memory requests 8.78 -> 8.91 of 89.12 GiB (10%)",
        "pool wg1 at the peak of a rollout: CPU requests 10.81 -> 10.91 of 46.92 cores (24%), "
        "pods 108 -> 110 of 660 (17%), memory requests 18.32 -> 18.44 of 178.23 GiB (11%)",
        "ResourceQuota course at the peak of a rollout: limits.cpu 18.3 -> 18.8 of 32 cores (59%), "
        "pods 33 -> 35 of 60 (59%), requests.cpu 5.05 -> 5.15 of 10 cores (52%) and 2 more",
    ]


def test_bounds_of_an_autoscaler_are_told_for_rest_and_top():
    assert messages(told(capacity, scaled(4, 9)))[0] == (
        "Deployment course/blob-service: 3 to 8 pods -> 4 to 9 pods: 1 pod more at rest, 1 pod more at most"
    )
    assert messages(told(capacity, scaled(2, 8)))[0].endswith("1 pod fewer at rest")


def test_a_pod_that_asks_for_more_is_told_with_how_many_there_are():
    fact = one(facts(capacity, requests(cpu="250m")), resource="Deployment course/web")

    assert fact.message == (
        "Deployment course/web: each of its pods asks for 50m CPU and 64Mi memory -> 250m CPU and 64Mi memory; "
        "there are 3 pods"
    )


def test_another_surge_counts_at_the_peak_alone():
    rolling = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 3, "maxUnavailable": 0}}

    found = facts(capacity, with_spec(WEB, strategy=rolling))
    assert found[0].message == "Deployment course/web: 4 -> 6 pods at the peak of a rollout"


def test_pods_that_go_to_another_pool_are_told():
    def other(inputs):
        inputs["spec"]["template"]["spec"]["nodeSelector"]["agentpool"] = "wg2"

    found = facts(capacity, edited(plan(), WEB, other))
    assert found[0].message == "Deployment course/web: its pods go from pool wg1 to pool wg2"


def test_new_and_gone_workloads_bring_and_take_their_pods():
    gone = without(plan(), WEB)

    words = "Deployment course/web: 3 pods of 50m CPU and 64Mi memory each"
    assert messages(told(capacity, gone))[0] == f"{words} go, in pool wg1"
    assert messages(told(capacity, plan(), gone))[0] == f"{words} come, in pool wg1"


def test_one_pod_comes_and_goes_in_the_singular():
    gone = without(plan(), REDIS)

    assert messages(told(capacity, gone))[0] == (
        "StatefulSet course/redis: 1 pod of 100m CPU and 512Mi memory goes, in pool wg1"
    )
    agent = named(plan(), "DaemonSet")
    assert "one pod a node of 50m CPU and 64Mi memory comes" in str(
        messages(told(capacity, plan(), without(plan(), agent)))
    )


def test_what_changes_at_rest_alone_is_told_of_the_quota_too():
    found = messages(told(capacity, scaled(4, 8)))

    assert [it for it in found if it.startswith("ResourceQuota course at rest: ")]
    assert not [it for it in found if "peak" in it]


def test_a_quota_that_a_rollout_outgrows_is_mandatory():
    found = findings(capacity, scaled(3, 40))

    quota = [it for it in found if it.rule == "quota-peak"]
    assert {it.severity for it in quota} == {"mandatory"}
    assert "a rollout needs 65 pods of 60: new pods would be refused" in quota[1].message
    assert quota[0].urn == one([it for it in plan().resources if it.name == "course-quota"]).urn


def test_a_quota_that_is_lowered_below_what_runs_is_mandatory():
    it = one(findings(capacity, hard(pods="20")))

    assert (it.rule, it.severity) == ("quota-peak", "mandatory")


def test_a_quota_that_is_nearly_full_is_advisory():
    it = one(findings(capacity, hard(pods="34")))

    assert (it.rule, it.severity) == ("capacity-headroom", "advisory")
    assert it.message == "pods at the peak of a rollout: 98% of 34 (before: 55%), 1 left"


def test_what_was_nearly_full_before_is_no_finding():
    assert findings(capacity, hard(pods="35"), hard(pods="34")) == []


def test_what_fits_again_and_what_still_does_not_are_facts():
    short = hard(pods="20")

    assert findings(capacity, hard(pods="21"), short) == []
    assert "still does not fit: a rollout needs 33 pods of 21" in str(
        messages(told(capacity, hard(pods="21"), short))
    )
    assert "ResourceQuota course: fits now what did not fit before (pods)" in messages(
        told(capacity, plan(), short)
    )


def test_a_new_and_a_lost_bound_of_a_quota_are_told():
    head = hard(requests_storage="100Gi")

    bound = one(facts(capacity, head), sign="gained")
    assert (
        bound.message
        == "ResourceQuota course bounds requests.storage to 100 GiB; 8 GiB are used at the peak"
    )
    assert one(facts(capacity, plan(), head), sign="lost").message.startswith(
        "ResourceQuota course no longer bounds requests.storage"
    )


def test_a_pool_too_small_for_the_peak_is_mandatory():
    found = findings(capacity, pool(max=1, min=1, cpu="4"))

    rules_ = {it.rule: it.severity for it in found if it.resource == "pool wg1"}
    assert rules_["pool-requests"] == "mandatory"
    assert "raise nodePools.wg1.max from 1 to" in str(messages(found))


def test_a_pool_of_smaller_nodes_says_what_a_node_has():
    def machine(inputs):
        inputs["vmSize"] = "Standard_D4ds_v5"

    head = edited(pool(cpu="3860m", memory="14034Mi"), "aks-pool-wg1", machine)
    fact = facts(capacity, head)[0]
    assert fact.message == (
        "pool wg1: Standard_D8ds_v5 -> Standard_D4ds_v5; "
        "a node has 7.82 cores and 29.71 GiB -> 3.86 cores and 13.71 GiB for pods"
    )
    assert fact.urn.endswith("::aks-pool-wg1")


def test_a_pod_that_no_node_can_hold_is_mandatory():
    found = findings(capacity, pool(cpu="1500m", memory="1700Mi"))

    assert "pool-pod" in rules(found)


def test_pods_beyond_what_nodes_may_run_are_mandatory():
    found = findings(capacity, pool(maxPods=15))

    assert "pool-pods" in rules(found)


def test_a_pool_that_is_nearly_full_is_advisory():
    found = findings(capacity, pool(maxPods=19))

    it = one(found, rule="capacity-headroom", resource="pool wg1")
    assert it.message.startswith("pods at the peak of a rollout: 95% of 114 (before: 17%)")


def test_pools_that_come_and_go_are_told():
    outputs = {**plan().outputs, "nodePools": plan().outputs["nodePools"][:2]}
    gone = replace(plan(), outputs=outputs)

    fact = one(facts(capacity, gone), resource="pool wg1")
    assert fact.message == "pool wg1: is gone, with its 3 to 6 nodes of Standard_D8ds_v5"
    fact = one(facts(capacity, plan(), gone), resource="pool wg1")
    assert fact.message == "pool wg1: is new: 3 to 6 nodes of Standard_D8ds_v5"


def test_more_nodes_are_told_in_words():
    assert messages(told(capacity, pool(max=8)))[0] == "pool wg1: 3 to 6 nodes -> 3 to 8 nodes"


@pytest.mark.parametrize(
    ("edit", "path"),
    [
        (lambda it: it["spec"].update(replicas=UNKNOWN), "spec.replicas"),
        (lambda it: it["spec"].update(template=UNKNOWN), "spec.template"),
        (lambda it: it.update(spec=UNKNOWN), "spec"),
        (lambda it: it["metadata"].update(namespace=UNKNOWN), "metadata.namespace"),
        (lambda it: it["spec"]["strategy"].update(rollingUpdate=SECRET), "spec.strategy.rollingUpdate"),
        (lambda it: container(it)["resources"]["requests"].update(cpu=UNKNOWN), "web.requests.cpu"),
    ],
)  # fmt: skip
def test_what_cannot_be_counted_is_said_with_the_path_that_must_be_known(edit, path):
    it = one(findings(capacity, edited(plan(), WEB, edit)))

    assert (it.rule, it.verdict, it.path) == ("capacity-unknown", "unknown", path)
    assert it.urn.endswith(f"::{WEB}")


def test_a_sum_without_what_cannot_be_counted_says_so():
    head = with_spec(WEB, replicas=UNKNOWN)

    assert all(
        it.message.endswith("; not counted: Deployment course/web") for it in facts(capacity, head)
    )


@pytest.mark.parametrize("kind", ["ResourceQuota", "LimitRange", "HorizontalPodAutoscaler"])
def test_a_bound_that_is_not_known_is_said(kind):
    part = "blob-service" if kind == "HorizontalPodAutoscaler" else "course-"
    name = named(plan(), kind, part)

    def unknown(inputs):
        spec = inputs["spec"]
        key = "hard" if "hard" in spec else "limits" if "limits" in spec else "maxReplicas"
        spec[key] = UNKNOWN

    assert "capacity-unknown" in rules(findings(capacity, edited(plan(), name, unknown)))


def test_pools_that_are_not_known_are_said():
    head = replace(plan(), outputs={**plan().outputs, "nodePools": UNKNOWN})

    it = one(findings(capacity, head), rule="capacity-unknown")
    assert (it.resource, it.path) == ("the node pools", "outputs.nodePools")


def test_objects_that_no_api_server_would_take_are_left_out_and_said():
    head = with_spec(WEB, replicas="three", strategy={"rollingUpdate": 3})

    it = one(findings(capacity, head), rule="capacity-unknown")
    assert it.resource == "Deployment course/web"


def test_a_quota_that_nobody_can_count_is_said_once_and_only_when_it_is_new():
    def scoped(inputs):
        inputs["spec"]["hard"]["count/pods"] = "5"

    head = edited(plan(), named(plan(), "ResourceQuota", "course-quota"), scoped)
    it = one(findings(capacity, head))
    assert (it.rule, it.verdict) == ("quota-unknown", "unknown")
    assert (
        it.message
        == "count/pods is not held against what the stack uses: controllers make and keep them"
    )
    assert findings(capacity, head, head) == []


def test_an_unknown_that_the_base_has_too_is_no_news():
    base = with_spec(WEB, replicas=UNKNOWN)

    assert findings(capacity, with_container(REDIS, base, image="x"), base) == []


def test_bars_have_every_pool_and_the_quotas_of_namespaces_that_change():
    found = capacity.bars(capacity.of_plan(plan()), capacity.of_plan(with_spec(WEB, replicas=5)))

    assert {it.group for it in found} == {"pool wg1", "namespace course"}
    bar = one(found, group="pool wg1", name="CPU requests, peak")
    assert (bar.before, bar.after, bar.limit_after, bar.unit) == (10.81, 10.91, 46.92, "cores")
    assert one(found, group="pool wg1", name="memory requests, peak").unit == "GiB"


def test_a_bar_of_a_pool_that_the_base_lacks_has_no_side_before():
    gone = replace(plan(), outputs={**plan().outputs, "nodePools": []})

    found = capacity.bars(capacity.of_plan(gone), capacity.of_plan(plan()))
    pool_ = [it for it in found if it.group == "pool wg1"]
    assert all(it.before is None and it.limit_before is None for it in pool_)
    assert one(pool_, name="CPU requests, peak").unit == "cores"
    back = capacity.bars(capacity.of_plan(plan()), capacity.of_plan(gone))
    assert one(back, group="pool wg1", name="CPU requests, peak").unit == "cores"


def test_runs_that_may_pile_up_are_a_finding():
    name = named(plan(), "CronJob", "sync")

    def endless(inputs):
        inputs["spec"]["concurrencyPolicy"] = "Allow"
        inputs["spec"]["jobTemplate"]["spec"].pop("activeDeadlineSeconds", None)

    it = one(findings(capacity, edited(plan(), name, endless)))
    assert (it.rule, it.severity) == ("cron-unbounded", "advisory")
    assert it.urn.endswith(f"::{name}")


def test_a_new_chart_whose_pods_no_plan_tells_is_said():
    token = "kubernetes:helm.sh/v3:Release"
    chart = made(
        token,
        "metrics",
        {"chart": "oci://x.example/metrics", "name": "metrics", "namespace": "course"},
    )

    found = findings(capacity, adding(plan(), chart))
    assert one(found, rule="chart-pods").verdict == "unknown"


def test_equal_plans_say_nothing_and_shuffled_ones_the_same():
    head = scaled(3, 40, with_spec(WEB, replicas=5))

    assert told(capacity, plan(), shuffled(plan())) == []
    assert told(capacity, shuffled(head), shuffled(plan(), 2)) == told(capacity, head)


AMOUNTS = st.decimals(0, 10**6, places=3)


@given(AMOUNTS, AMOUNTS)
def test_a_share_is_over_a_hundred_exactly_where_the_limit_is_outgrown(used, limit):
    it = Amount("pods", "", used, limit)

    assert (it.percent > 100) is (used > limit)
    assert Decimal(it.percent_text.rstrip("%")) >= it.percent


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 12), st.integers(1, 12))
def test_more_pods_one_way_are_fewer_the_other_way(one_count, other_count):
    some, others = with_spec(WEB, replicas=one_count), with_spec(WEB, replicas=other_count)
    there, back = messages(told(capacity, some, others)), messages(told(capacity, others, some))

    if one_count == other_count:
        assert there == back == []
    else:
        assert (
            there[0].replace("more", "fewer").rpartition(": ")[2]
            == back[0].replace("more", "fewer").rpartition(": ")[2]
        )
        assert ("more" in there[0]) is ("fewer" in back[0])
