import copy
from dataclasses import replace

import pytest

from review.meaning import restarts
from review.plan import SECRET, UNKNOWN
from tests.review.guard.plans import adding, edited, obj, plan, replacing, without
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
    with_pod,
    with_spec,
)

BLOB = "course-blob-service-deployment"
CANARY = "hunter2-canary"


def image(tag, name="web-course-main"):
    return f"registry.example/{name}:{tag}"


def say(head, base=None):
    return messages(told(restarts, head, base))


def test_another_image_restarts_the_pods_and_says_how_they_follow():
    [fact] = told(restarts, with_container(WEB, image=image("5.0.5")))

    assert fact.message == (
        "3 pods of Deployment course/web restart (image of web 5.0.4 -> 5.0.5): 1 more at a time, all 3 stay ready"
    )
    assert fact.path == "spec.template.spec.containers[web].image"
    assert fact.new == image("5.0.5")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"command": ["sh"]}, "command of web"),
        ({"args": ["-v"]}, "args of web"),
        ({"env": [{"name": "BASE_PATH", "value": "/x"}]}, "env BASE_PATH of web"),
        ({"env": [{"name": "BASE_PATH", "value": "/course"}, {"name": "NEW", "value": "1"}]}, "env NEW of web"),
        (
            {"resources": {"limits": {"cpu": "250m", "memory": "128Mi"}, "requests": {"cpu": "1", "memory": "64Mi"}}},
            "resources of web: requests.cpu 50m -> 1",
        ),
        (
            {"livenessProbe": {"tcpSocket": {"port": "http"}, "periodSeconds": 5}},
            "livenessProbe of web: periodSeconds 10 -> 5",
        ),
        ({"readinessProbe": ...}, "readinessProbe of web"),
        ({"lifecycle": ...}, "lifecycle of web"),
        ({"securityContext": {"privileged": True}}, "securityContext of web"),
        ({"volumeMounts": []}, "mount /tmp of web"),
        ({"ports": [{"containerPort": 9090, "name": "http"}]}, "ports of web"),
    ],
)  # fmt: skip
def test_each_field_of_a_container_is_a_reason(fields, reason):
    [fact] = facts(restarts, with_container(WEB, **fields))

    assert f"restart ({reason}" in fact.message


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"nodeSelector": {"agentpool": "wg2"}}, "nodeSelector.agentpool wg1 -> wg2"),
        ({"terminationGracePeriodSeconds": 60}, "terminationGracePeriodSeconds 30 -> 60"),
        ({"securityContext": {}}, "securityContext of the pod"),
        ({"volumes": [{"name": "tmp", "emptyDir": {"sizeLimit": "1Gi"}}]}, "volume tmp"),
        ({"serviceAccountName": "other"}, "serviceAccountName"),
        ({"tolerations": [{"operator": "Exists"}]}, "tolerations"),
        ({"initContainers": [{"name": "wait", "image": "a:1"}]}, "init container wait is new"),
    ],
)
def test_each_field_of_the_pod_is_a_reason(fields, reason):
    assert f"restart ({reason})" in say(with_pod(WEB, **fields))[0]


def test_labels_and_annotations_of_the_pods_are_a_reason_and_those_of_the_controller_are_not():
    def template(inputs):
        inputs["spec"]["template"]["metadata"]["annotations"] = {"note": CANARY}

    def own(inputs):
        inputs["metadata"]["annotations"] = {"note": "x"}

    assert "restart (annotation note of its pods)" in say(edited(plan(), WEB, template))[0]
    assert say(edited(plan(), WEB, own)) == [
        "no pod of Deployment course/web restarts: metadata.annotations.note changes in place"
    ]


def test_containers_that_come_go_or_are_not_known_are_reasons():
    two = with_pod(
        WEB, initContainers=[{"name": "wait", "image": "a:1"}, {"name": "fill", "image": "a:1"}]
    )
    one_less = with_pod(WEB, initContainers=[{"name": "wait", "image": "a:1"}])

    assert "(init container fill is gone)" in say(one_less, two)[0]
    assert "(init container fill is new)" in say(two, one_less)[0]
    assert "containers (known after deployment only)" in say(with_pod(WEB, containers=UNKNOWN))[0]


def test_several_reasons_are_one_fact_with_the_weightiest_first():
    head = with_container(WEB, image=image("5.0.5"), args=["-v"])
    head = with_pod(WEB, head, tolerations=[{"operator": "Exists"}])

    [fact] = told(restarts, head)
    assert "(image of web 5.0.4 -> 5.0.5; args of web; tolerations)" in fact.message


def test_what_the_api_server_fills_in_restarts_nothing_when_it_is_written_out():
    head = with_pod(
        WEB, restartPolicy="Always", dnsPolicy="ClusterFirst", schedulerName="default-scheduler"
    )
    head = with_container(
        WEB,
        head,
        imagePullPolicy="IfNotPresent",
        resources={
            "limits": {"cpu": "0.25", "memory": "131072Ki"},
            "requests": {"cpu": "0.05", "memory": "64Mi"},
        },
        livenessProbe={"tcpSocket": {"port": "http"}, "timeoutSeconds": 1, "periodSeconds": 10},
    )

    assert told(restarts, head) == []


def test_a_stateful_set_makes_new_pods_for_another_form_of_an_amount_and_a_deployment_does_not():
    """As controllers keep revisions: tests/cluster/test_diff_oracle.py tries it."""
    bytes_ = {
        "limits": {"cpu": "500m", "memory": "536870912"},
        "requests": {"cpu": "100m", "memory": "512Mi"},
    }
    same = {
        "limits": {"cpu": "250m", "memory": "134217728"},
        "requests": {"cpu": "50m", "memory": "64Mi"},
    }

    assert "resources of redis" in say(with_container(REDIS, resources=bytes_))[0]
    assert say(with_container(WEB, resources=same)) == []


def test_the_order_of_env_is_a_reason():
    two = [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]
    base = with_container(WEB, env=two)

    assert "(order of the env of web)" in say(with_container(WEB, env=two[::-1]), base)[0]


def test_replicas_change_in_place():
    assert say(with_spec(WEB, replicas=5)) == [
        "no pod of Deployment course/web restarts: spec.replicas changes in place"
    ]


def test_a_service_that_changes_restarts_nothing():
    def port(inputs):
        inputs["spec"]["ports"][0]["port"] = 81

    [message] = say(edited(plan(), "course-web-service", port))
    assert message.startswith("no pod restarts for Service course/web: spec.ports")


def renamed_config(value, base=None, key="LOG_LEVEL"):
    """The estate with another content of the service's env, under the name of its new hash."""
    old = named(plan(), "ConfigMap", "blob-service")

    def content(inputs):
        inputs["data"][key] = value
        inputs["metadata"]["name"] = "blob-service-env-0123456789"

    def reads(inputs):
        container(inputs)["envFrom"] = [{"configMapRef": {"name": "blob-service-env-0123456789"}}]

    return edited(edited(base or plan(), old, content), BLOB, reads)


def test_a_config_of_another_content_is_named_with_its_key_and_without_its_value():
    [fact] = facts(restarts, renamed_config(CANARY))

    assert "restart (config blob-service-env: LOG_LEVEL)" in fact.message
    assert CANARY not in str(fact)


def test_a_secret_of_another_content_is_named_without_hash_and_value():
    def reads(name):
        env = [{"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": name, "key": "token"}}}]
        return with_container(WEB, env=env)

    def secret(name):
        return obj("v1", "Secret", name, {"stringData": SECRET, "immutable": True})

    base = adding(reads("web.secret-token-1f2e3d4c"), secret("web.secret-token-1f2e3d4c"))
    head = adding(reads("web.secret-token-5b6a7988"), secret("web.secret-token-5b6a7988"))

    [fact] = told(restarts, head, base)
    assert (
        "restart (secret web.secret-token: another content (the pods read token))" in fact.message
    )
    assert "5b6a7988" not in str(fact)
    assert "1f2e3d4c" not in str(fact)


def test_keys_of_a_secret_are_named_where_the_plan_has_them():
    def made(name, data):
        env = [{"secretRef": {"name": name}}]
        return adding(
            with_container(WEB, envFrom=env), obj("v1", "Secret", name, {"stringData": data})
        )

    base = made("web-aaaaaaaa", {"a": SECRET, "b": SECRET})

    assert (
        "(secret web: c)"
        in say(made("web-bbbbbbbb", {"a": SECRET, "b": SECRET, "c": SECRET}), base)[0]
    )
    assert (
        "(secret web: one of a, b)"
        in say(made("web-cccccccc", {"a": SECRET, "b": SECRET}), base)[0]
    )


def test_a_config_that_changes_under_its_name_restarts_nothing_and_names_its_readers():
    old = named(plan(), "ConfigMap", "blob-service")

    def content(inputs):
        inputs["data"]["LOG_LEVEL"] = CANARY

    [fact] = told(restarts, edited(plan(), old, content))
    assert (
        "changes under its name (LOG_LEVEL): no pod of Deployment course/blob-service restarts"
        in fact.message
    )
    assert CANARY not in str(fact)


def test_a_config_whose_content_is_not_known_is_said_to_be_so():
    old = named(plan(), "ConfigMap", "blob-service")
    base = renamed_config("info")

    def unknown(inputs):
        inputs["data"] = UNKNOWN
        inputs["metadata"]["name"] = "blob-service-env-abcdefabcd"

    def reads(inputs):
        container(inputs)["envFrom"] = [{"configMapRef": {"name": "blob-service-env-abcdefabcd"}}]

    head = edited(edited(base, old, unknown), BLOB, reads)
    assert (
        "(config blob-service-env: content that is known after deployment only)"
        in say(head, base)[0]
    )


def test_the_only_pod_of_a_stateful_set_is_an_interruption():
    found = told(restarts, with_container(REDIS, image="docker.io/library/redis:8.2.4"))

    assert "one by one" in found[0].message
    it = found[1]
    assert it.rule == "restart-interrupts"
    assert it.resource == "StatefulSet course/redis"


def test_one_replica_without_surge_is_an_interruption():
    rolling = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1}}
    base = with_spec(WEB, replicas=1, strategy=rolling)

    it = one(findings(restarts, with_container(WEB, base, image=image("6.0")), base))
    assert it.rule == "restart-interrupts"
    assert "maxSurge" in it.remedy


def test_recreate_takes_all_pods_down():
    base = with_spec(WEB, strategy={"type": "Recreate"})
    found = told(restarts, with_container(WEB, base, image=image("6.0")), base)

    assert "all stop before the first new one starts (Recreate)" in found[0].message
    assert found[1].rule == "restart-interrupts"
    assert found[1].message.startswith("all 3 pods stop before")


@pytest.mark.parametrize(
    ("strategy", "replicas", "words"),
    [
        ({}, 4, "1 more at a time, 3 of 4 stay"),
        (
            {"rollingUpdate": {"maxSurge": "50%", "maxUnavailable": 0}},
            3,
            "2 more at a time, all 3 stay ready",
        ),
        (
            {"rollingUpdate": {"maxSurge": "0%", "maxUnavailable": "10%"}},
            3,
            "1 at a time, 2 of 3 stay",
        ),
        (
            {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
            1,
            "1 more at a time, the old one stays until",
        ),
        (
            {"rollingUpdate": {"maxSurge": UNKNOWN}},
            3,
            "how many at a time is known after deployment only",
        ),
    ],
)
def test_how_many_pods_stay_follows_the_rollout(strategy, replicas, words):
    base = with_spec(WEB, replicas=replicas, strategy={"type": "RollingUpdate", **strategy})

    assert words in say(with_container(WEB, base, image=image("6.0")), base)[0]


def test_pods_that_restart_are_those_that_run_and_how_many_there_will_be_is_said():
    base = with_spec(WEB, replicas=1)

    [fact] = told(restarts, with_container(WEB, image=image("6.0")), base)
    assert fact.message == (
        "1 pod of Deployment course/web restarts (image of web 5.0.4 -> 6.0): 1 more at a time, "
        "the old one stays until the new one is ready; 1 pod -> 3 pods"
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
    assert "(*/5 * * * *)" in fact.message


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


def blocked(base=None):
    budget = named(plan(), "PodDisruptionBudget", "course-web")

    def shut(inputs):
        inputs["spec"]["maxUnavailable"] = 0

    return edited(base or plan(), budget, shut)


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
