"""Which pods restart, stop, start or move by a change, and why."""

import pytest

from review.meaning import restarts
from review.plan import SECRET, UNKNOWN
from tests.review.guard.plans import adding, edited, obj, plan
from tests.review.meaning.restarting import BLOB, CANARY, image, renamed_config, say
from tests.review.meaning.telling import (
    REDIS,
    WEB,
    container,
    facts,
    findings,
    named,
    one,
    told,
    with_container,
    with_pod,
    with_spec,
)


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
