"""Which pods restart, stop, start or move by a change, and why; further cases."""

import copy
from dataclasses import replace

import pytest

from review.meaning import restarts
from review.plan import SECRET, UNKNOWN
from tests.review.guard.plans import adding, edited, obj, plan, replacing, without
from tests.review.meaning.restarting import CANARY, blocked, image, say
from tests.review.meaning.telling import (
    REDIS,
    WEB,
    findings,
    named,
    one,
    rules,
    shuffled,
    told,
    with_container,
    with_spec,
)


def test_a_paused_deployment_waits():
    base = with_spec(WEB, paused=True)

    assert "get another template" in say(with_container(WEB, base, image=image("6.0")), base)[0]


def test_a_daemon_set_follows_node_by_node():
    agent = named(plan(), "DaemonSet")

    [fact] = told(restarts, with_container(agent, image="fluent-bit:9"))
    assert "9 to 14 pods of DaemonSet logging/log-agent restart" in fact.message
    assert "1 node at a time" in fact.message


def test_on_delete_restarts_nothing_by_itself():
    base = with_spec(REDIS, updateStrategy={"type": "OnDelete"})
    found = told(restarts, with_container(REDIS, base, image="redis:9"), base)

    assert "get another template" in found[0].message
    assert "OnDelete" in found[0].message


def test_a_cron_job_changes_for_its_next_runs():
    name = named(plan(), "CronJob", "sync")

    [fact] = told(restarts, with_container(name, image=image("1", "business-data")))
    assert fact.message.startswith(
        "CronJob business-data/business-data-sync changes for its next runs (image of"
    )
    assert fact.message.endswith(
        "a run that is there ends as it began, the next one has the new pod"
    )


def test_a_job_runs_anew():
    name = named(plan(), "Job")

    [fact] = told(restarts, with_container(name, image=image("1", "tests")))
    assert fact.message.startswith(
        "Job testing/regression-tests runs again from the start (image of"
    )


def test_jobs_may_run_again_for_a_value_that_is_not_known():
    job, cron = named(plan(), "Job"), named(plan(), "CronJob", "sync")

    assert say(with_container(job, env=UNKNOWN))[0].startswith(
        "Job testing/regression-tests may run again from"
    )
    assert say(with_container(cron, env=UNKNOWN))[0].startswith(
        "CronJob business-data/business-data-sync may change for its next runs"
    )


def test_another_selector_stops_all_pods_first():
    [fact] = told(restarts, with_spec(WEB, selector={"matchLabels": {"a": "b"}}))

    assert fact.message == (
        "3 pods of Deployment course/web all stop before a new one starts: it is made anew for spec.selector"
    )


def test_a_stateful_set_that_is_made_anew_says_for_what():
    [fact] = told(restarts, with_spec(REDIS, serviceName="other"))

    assert "1 pod of StatefulSet course/redis stops before its successor starts" in fact.message
    assert fact.path == "spec.serviceName"


def test_new_and_gone_workloads_start_and_stop_pods():
    gone = without(plan(), WEB)

    [fact] = told(restarts, gone)
    assert (fact.message, fact.sign) == (
        "Deployment course/web is gone: 3 pods stop for good",
        "lost",
    )
    [fact] = told(restarts, plan(), gone)
    assert (fact.message, fact.sign) == ("Deployment course/web is new: 3 pods start", "gained")


def test_one_pod_starts_and_stops():
    gone = without(plan(), REDIS)

    assert say(gone) == ["StatefulSet course/redis is gone: 1 pod stops for good"]
    assert say(plan(), gone) == ["StatefulSet course/redis is new: 1 pod starts"]


def test_a_workload_under_another_name_is_told_as_that():
    def change(it):
        inputs = copy.deepcopy(dict(it.inputs))
        inputs["metadata"]["name"] = "site"
        return replace(it, inputs=inputs)

    [fact] = told(restarts, replacing(plan(), WEB, change))
    assert fact.message == (
        "Deployment course/web is called site now, by its images: another controller to Kubernetes, so that all of "
        "its pods stop for good (3 pods) and new ones start (3 pods)"
    )
    assert (fact.old, fact.new, fact.sign) == ("web", "site", "changed")


def test_new_and_gone_jobs_run_or_do_not():
    job, cron = named(plan(), "Job"), named(plan(), "CronJob", "sync")
    gone = without(plan(), job, cron)

    assert say(gone) == [
        "CronJob business-data/business-data-sync is gone and runs no more",
        "Job testing/regression-tests is gone and runs no more",
    ]
    assert say(plan(), gone) == [
        "CronJob business-data/business-data-sync is new and runs by */5 * * * *",
        "Job testing/regression-tests is new and runs once",
    ]


def test_a_value_that_only_a_deployment_tells_may_restart_the_pods():
    [fact, it] = told(restarts, with_container(WEB, env=UNKNOWN))

    assert "3 pods of Deployment course/web may restart (env of web (known after" in fact.message
    assert (it.rule, it.verdict) == ("restart-unknown", "unknown")
    assert "spec.template.spec.containers[web].env must be known" in it.remedy


def test_an_unknown_value_on_both_sides_is_no_change():
    base = with_container(WEB, env=UNKNOWN)

    assert told(restarts, with_spec(WEB, base, replicas=4), base)[0].message.startswith("no pod of")


def test_what_the_program_ignores_is_no_reason():
    base = edited(
        plan(), WEB, ignoreChanges=["spec.template.spec.containers[*].image", "spec.replicas"]
    )

    head = with_spec(WEB, with_container(WEB, base, image=image("6.0")), replicas=9)
    assert told(restarts, head, base) == []


def test_nodes_that_are_imaged_anew_take_their_pods_along():
    def other(inputs):
        inputs["osSKU"] = "Ubuntu"

    found = told(restarts, edited(plan(), "aks-pool-wg1", other))

    assert "17 to 27 pods of 7 workloads" in found[0].message
    assert "33% of them at a time, new nodes first" in found[0].message
    assert rules(findings(restarts, edited(plan(), "aks-pool-wg1", other))) == ["drain-interrupts"]
    assert "StatefulSet course/redis" in found[1].message


def test_a_pool_of_other_machines_takes_all_its_pods_at_once():
    def other(inputs):
        inputs["vmSize"] = "Standard_D4ds_v5"

    [fact, *_] = told(restarts, edited(plan(), "aks-pool-wg1", other))
    assert fact.message.endswith("all at once")
    assert fact.path == "vmSize"


def test_a_cluster_that_is_made_anew_takes_all_pods_and_is_told_once():
    def elsewhere(inputs):
        inputs["location"] = "northeurope"
        inputs["dnsPrefix"] = "other"

    found = told(restarts, edited(plan(), "aks-cluster-managed-cluster", elsewhere))
    assert len(found) == 1
    assert "17 to 27 pods of 7 workloads" in found[0].message
    assert found[0].message.endswith("all at once")


def test_nodes_that_may_be_drained_by_an_unknown_value_are_said_to():
    def other(inputs):
        inputs["osSKU"] = UNKNOWN

    found = findings(restarts, edited(plan(), "aks-pool-wg1", other))
    assert [(it.rule, it.verdict) for it in found] == [("restart-unknown", "unknown")]


def test_a_cluster_that_is_upgraded_drains_pool_by_pool():
    def newer(inputs):
        inputs["kubernetesVersion"] = "1.36"

    [fact, *_] = told(restarts, edited(plan(), "aks-cluster-managed-cluster", newer))
    assert "pool by pool" in fact.message
    assert "kubernetesVersion" in fact.message


def test_a_budget_that_lets_nothing_be_evicted_is_a_finding():
    it = one(findings(restarts, blocked()))

    assert (it.rule, it.severity) == ("budget-blocks", "advisory")
    assert "maxUnavailable 0" in it.message


def test_a_budget_of_as_many_as_there_are_is_one_too():
    budget = named(plan(), "PodDisruptionBudget", "course-web")

    def least(inputs):
        inputs["spec"].pop("maxUnavailable")
        inputs["spec"]["minAvailable"] = "100%"

    assert rules(findings(restarts, edited(plan(), budget, least))) == ["budget-blocks"]


@pytest.mark.parametrize(
    ("expression", "blocks"),
    [
        ({"key": "app", "operator": "In", "values": ["web", "x"]}, True),
        ({"key": "app", "operator": "In", "values": ["x"]}, False),
        ({"key": "app", "operator": "NotIn", "values": ["x"]}, True),
        ({"key": "app", "operator": "NotIn", "values": ["web"]}, False),
        ({"key": "none", "operator": "NotIn", "values": ["x"]}, True),
        ({"key": "app", "operator": "Exists"}, True),
        ({"key": "none", "operator": "Exists"}, False),
        ({"key": "none", "operator": "DoesNotExist"}, True),
        ({"key": "app", "operator": "DoesNotExist"}, False),
        ({"key": "app", "operator": "Likes"}, False),
    ],
)
def test_a_budget_holds_the_pods_that_its_selector_matches(expression, blocks):
    spec = {"maxUnavailable": 0, "selector": {"matchExpressions": [expression]}}
    head = adding(plan(), obj("policy/v1", "PodDisruptionBudget", "other", {"spec": spec}))

    found = [it for it in findings(restarts, head) if it.resource == "Deployment course/web"]
    assert bool(found) is blocks


def test_a_budget_that_blocks_a_drain_of_this_change_is_mandatory():
    def other(inputs):
        inputs["osSKU"] = "Ubuntu"

    base = blocked()
    it = one(findings(restarts, edited(base, "aks-pool-wg1", other), base), rule="drain-blocked")
    assert it.severity == "mandatory"
    assert it.resource == "Deployment course/web"


def test_a_chart_whose_values_change_says_that_no_plan_tells_its_pods():
    def replicas(inputs):
        inputs["values"]["controller"]["replicaCount"] = 9

    [fact] = told(restarts, edited(plan(), "ingress-controller", replicas))
    assert (
        "values.controller.replicaCount: which of its pods restart the chart decides"
        in fact.message
    )


def test_a_chart_that_comes_or_goes_is_told():
    gone = without(plan(), "ingress-controller")

    assert say(gone) == ["Release nginx-ingress/nginx-ingress is gone: all its pods stop for good"]
    assert say(plan(), gone)[0].endswith("is new: how many pods start its chart decides")


def test_plain_values_of_env_args_and_commands_are_never_said():
    head = with_container(
        WEB, env=[{"name": "BASE_PATH", "value": CANARY}], args=[CANARY], command=[CANARY]
    )
    base = with_container(
        WEB, env=[{"name": "BASE_PATH", "value": CANARY + "2"}], args=[CANARY + "3"]
    )

    assert CANARY not in str(told(restarts, head, base))


def test_equal_plans_say_nothing_and_shuffled_ones_the_same():
    head = with_container(WEB, image=image("6.0"))

    assert told(restarts, plan(), shuffled(plan())) == []
    assert told(restarts, shuffled(head), shuffled(plan(), 2)) == told(restarts, head)


def test_what_stands_where_a_map_should_be_is_no_traceback():
    for value in (UNKNOWN, SECRET, None, 3, "x", []):

        def change(inputs, value=value):
            inputs["spec"]["template"]["spec"] = value

        told(restarts, edited(plan(), WEB, change))
        told(restarts, plan(), edited(plan(), WEB, change))
