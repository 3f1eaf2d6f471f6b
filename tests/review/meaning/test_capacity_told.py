"""What is told of capacity to the last word: limits met exactly, what still does not fit, what a plan leaves open."""

import pytest

from review.meaning import capacity
from review.plan import UNKNOWN
from tests.review.guard.plans import adding, edited, made, obj, plan, without
from tests.review.meaning.telling import (
    REDIS,
    WEB,
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

QUOTA = "course-quota"


def test_a_limit_that_is_met_exactly_is_nearly_full_and_one_less_is_outgrown():
    it = one(findings(capacity, hard(pods="33")))
    assert (it.rule, it.resource) == ("capacity-headroom", "ResourceQuota course")
    assert it.message == "pods at the peak of a rollout: 100% of 33 (before: 55%), 0 left"
    assert it.urn.endswith(f"::{QUOTA}")
    assert rules(findings(capacity, hard(pods="32"))) == ["quota-peak"]


def test_a_share_of_exactly_85_percent_leaves_room():
    base = with_spec(WEB, replicas=4)

    used = {
        it.resource: it.peak for it in capacity.of_plan(base).fit.quotas if it.namespace == "course"
    }
    assert used["pods"] == 34
    assert findings(capacity, hard(base, pods="40"), base) == []
    assert rules(findings(capacity, hard(base, pods="39"), base)) == ["capacity-headroom"]


def test_a_headroom_of_a_pool_says_where_pools_are_explained():
    it = one(findings(capacity, pool(maxPods=19)), rule="capacity-headroom")

    assert it.source == capacity.POOLS
    assert it.urn.endswith("::aks-pool-wg1")
    assert one(findings(capacity, hard(pods="33"))).source == capacity.QUOTAS


def test_another_limit_for_the_same_use_says_the_use_once():
    assert messages(told(capacity, hard(**{"requests.cpu": "20"}))) == [
        "ResourceQuota course at the peak of a rollout: requests.cpu 5.05 of 10 -> 20 cores (26%)"
    ]


def test_what_still_does_not_fit_is_told_only_where_it_differs():
    base = hard(pods="20")

    assert told(capacity, base, base) == []
    [_, fact] = told(capacity, hard(pods="21"), base)
    assert fact.message == (
        "ResourceQuota course: still does not fit: a rollout needs 33 pods of 21: new pods would be refused; "
        "raise the quota to 33 or lower replicas"
    )
    found = messages(told(capacity, with_container(WEB, base, env=[]), base))
    assert found == []


def test_what_fits_again_says_what_was_short_in_pools_too():
    small = pool(cpu="1500m", memory="1700Mi")

    found = messages(facts(capacity, plan(), small))
    assert "pool wg1: fits now what did not fit before (CPU)" in found
    assert "pool wg1: fits now what did not fit before (memory)" in found
    assert "pool wg1: fits now what did not fit before (a pod of Deployment course/web)" in found
    few = pool(maxPods=15)
    assert "pool wg1: fits now what did not fit before (pods)" in messages(
        facts(capacity, plan(), few)
    )


def test_pods_that_no_node_can_hold_are_told_one_by_one():
    found = findings(capacity, pool(cpu="1500m", memory="1700Mi"))

    assert len([it for it in found if it.rule == "pool-pod"]) > 5


def test_a_quota_whose_name_is_not_known_is_not_said_to_bound_nothing():
    head = edited(plan(), QUOTA, lambda it: it["metadata"].update(name=UNKNOWN))

    assert [it.rule for it in findings(capacity, head)] == ["capacity-unknown"]
    assert facts(capacity, head) == []
    assert facts(capacity, plan(), head) == []


def test_a_quota_that_goes_bounds_nothing_any_more_and_one_that_comes_does():
    gone = without(plan(), QUOTA)

    lost = messages(facts(capacity, gone))
    assert "ResourceQuota course no longer bounds pods to 60; 33 are used at the peak" in lost
    come = messages(facts(capacity, plan(), gone))
    assert "ResourceQuota course bounds pods to 60; 33 are used at the peak" in come
    assert "ResourceQuota course bounds persistentvolumeclaims to 1; 1 is used at the peak" in come


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"min": 6, "max": 6}, "3 to 6 nodes -> 6 nodes"),
        ({"min": 1, "max": 1}, "3 to 6 nodes -> 1 node"),
        ({"min": 2}, "3 to 6 nodes -> 2 to 6 nodes"),
        ({"mode": "System"}, "mode User -> System"),
    ],
)
def test_pools_of_another_size_are_told_in_words(fields, words):
    assert messages(facts(capacity, pool(**fields)))[0] == f"pool wg1: {words}"


def test_a_daemon_set_comes_and_goes_in_the_singular():
    name = named(plan(), "DaemonSet")
    gone = without(plan(), name)

    assert messages(told(capacity, gone))[0].startswith(
        "DaemonSet logging/log-agent: one pod a node of "
    )
    assert " goes" in messages(told(capacity, gone))[0]
    assert " comes" in messages(told(capacity, plan(), gone))[0]


def test_bars_are_in_the_unit_that_they_say():
    head = with_spec(WEB, replicas=5)
    found = capacity.bars(*map(capacity.of_plan, (plan(), head)))

    bar = one(found, group="pool wg1", name="memory requests, peak")
    assert (bar.before, bar.limit_before, bar.limit_after) == (18.316, 178.23, 178.23)
    assert bar.after > bar.before


def test_a_job_whose_pods_at_once_are_not_known_is_not_counted():
    job = named(plan(), "Job")

    for key in ("parallelism", "completions"):
        it = one(findings(capacity, with_spec(job, **{key: UNKNOWN})))
        assert (it.rule, it.path) == ("capacity-unknown", f"spec.{key}")


@pytest.mark.parametrize("key", ["env", "image", "command", "volumeMounts"])
def test_what_says_nothing_of_amounts_may_be_unknown(key):
    assert told(capacity, with_container(WEB, **{key: UNKNOWN})) == []


def test_an_object_without_readable_metadata_is_named_by_its_logical_name():
    head = edited(plan(), WEB, lambda it: it.update(metadata=UNKNOWN))

    it = one(findings(capacity, head), rule="capacity-unknown")
    assert (it.resource, it.path) == (f"Deployment default/{WEB}", "metadata")


def test_an_autoscaler_that_is_not_shaped_like_one_is_left_out_and_said():
    name = named(plan(), "HorizontalPodAutoscaler", "blob-service")

    for bad in ({"maxReplicas": "many"}, {"minReplicas": True, "maxReplicas": 8}):
        head = edited(plan(), name, lambda it, bad=bad: it["spec"].update(bad))
        assert "capacity-unknown" in rules(findings(capacity, head))


def test_pools_without_readable_amounts_are_said():
    it = one(findings(capacity, pool(cpu="much")), rule="capacity-unknown")

    assert it.path == "outputs.nodePools"
    assert findings(capacity, pool(cpu="much"), pool(cpu="much")) == []


def test_quotas_are_told_in_one_order():
    head = plan()
    for name in ("zoo", "ark"):
        space = obj(
            "v1",
            "ResourceQuota",
            "q",
            {"spec": {"hard": {"pods": "5", "count/pods": "1"}}},
            namespace=name,
        )
        head = adding(head, made(space.type, f"{name}-q", space.inputs))

    assert told(capacity, shuffled(head)) == told(capacity, head)
    unknown = [it.resource for it in findings(capacity, head) if it.rule == "quota-unknown"]
    assert unknown == ["ResourceQuota ark", "ResourceQuota zoo"]


def test_runs_that_pile_up_are_told_by_title_and_not_where_the_base_has_them():
    crons = [it.name for it in plan().resources if it.inputs.get("kind") == "CronJob"][:2]
    head = plan()
    for name in crons:
        head = edited(head, name, endless)

    found = [it.resource for it in findings(capacity, head) if it.rule == "cron-unbounded"]
    assert found == sorted(found)
    assert len(found) == 2
    assert findings(capacity, scaled(3, 8, head), head) == []


def endless(inputs):
    inputs["spec"]["concurrencyPolicy"] = "Allow"
    inputs["spec"]["jobTemplate"]["spec"].pop("activeDeadlineSeconds", None)


def misshapen(base=None):
    """Redis asks for a disk by a list, as no API server would take it."""

    def edit(it):
        it["spec"]["volumeClaimTemplates"][0]["spec"]["resources"]["requests"]["storage"] = ["8Gi"]

    return edited(base or plan(), REDIS, edit)


def test_an_object_that_cannot_be_counted_is_named_and_the_others_are_counted():
    it = one(findings(capacity, misshapen()), rule="capacity-unknown")
    assert it.resource == "StatefulSet course/redis"
    assert it.verdict == "unknown"

    changed = findings(capacity, hard(misshapen(), pods="20"), misshapen())
    assert [(it.rule, it.resource) for it in changed] == [("quota-peak", "ResourceQuota course")]


def test_an_autoscaler_that_bounds_by_words_is_left_out_with_it():
    name = "course-blob-service-autoscaler"
    head = edited(misshapen(), name, lambda it: it["spec"].update(maxReplicas="many"))

    found = {it.resource for it in findings(capacity, head) if it.verdict == "unknown"}

    assert found == {"StatefulSet course/redis", "HorizontalPodAutoscaler course/blob-service"}
