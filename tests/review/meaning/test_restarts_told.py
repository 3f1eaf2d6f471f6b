"""What a restart's line says to the last word: how many reasons, in which order, with which remedy."""

from dataclasses import replace

import pytest

from review.meaning import restarts
from review.meaning.restart_reasons import changes
from review.plan import SECRET, UNKNOWN
from tests.review.guard.plans import adding, edited, find, obj, plan, without
from tests.review.meaning.restarting import BLOB, CANARY, blocked, image, renamed_config, say
from tests.review.meaning.telling import (
    REDIS,
    WEB,
    facts,
    findings,
    named,
    one,
    shuffled,
    told,
    with_container,
    with_pod,
    with_spec,
)

JOB = obj(
    "batch/v1",
    "Job",
    "once",
    {
        "spec": {
            "completions": 1,
            "template": {
                "spec": {"restartPolicy": "Never", "containers": [{"name": "a", "image": "a:1"}]}
            },
        }
    },
)
POD = obj("v1", "Pod", "bare", {"spec": {"containers": [{"name": "a", "image": "a:1"}]}})


def reasons(head, base=None, name=WEB):
    old, new = (restarts.of_plan(it) for it in (base or plan(), head))
    key = next(key for key, it in new.controllers.items() if it.urn.endswith(f"::{name}"))
    found = changes(old.controllers[key], new.controllers[key], old.configs, new.configs)
    return [it.text for it in found.reasons]


def test_four_reasons_are_said_and_a_fifth_is_counted():
    four = {"image": image("5.0.5"), "command": ["x"], "args": ["-v"], "lifecycle": ...}

    assert (
        "(image of web 5.0.4 -> 5.0.5; command of web; args of web; lifecycle of web):"
        in say(with_container(WEB, **four))[0]
    )
    assert (
        "args of web; ports of web; and 1 more):" in say(with_container(WEB, **four, ports=[]))[0]
    )


def test_reasons_come_by_their_weight():
    head = with_container(
        WEB,
        image=image("5.0.5"),
        command=["x"],
        args=["-v"],
        env=[],
        envFrom=[{"configMapRef": {"name": "other"}}],
        securityContext={},
        resources={},
        ports=[],
        startupProbe={"tcpSocket": {"port": 1}},
        lifecycle=...,
        volumeMounts=[],
        tty=True,
    )

    def labels(inputs):
        inputs["spec"]["template"]["metadata"]["labels"]["x"] = "y"
        inputs["spec"]["template"]["metadata"]["annotations"] = {"x": "y"}

    head = with_pod(WEB, head, initContainers=[{"name": "wait", "image": "a:1"}], hostname="x")
    first_words = [it.split(" of ")[0].split(" ")[0] for it in reasons(edited(head, WEB, labels))]
    assert list(dict.fromkeys(first_words)) == [
        *("image", "init", "command", "args", "env", "envFrom", "securityContext", "resources"),
        *("ports", "startupProbe", "lifecycle", "mount", "hostname", "tty", "annotation", "label"),
    ]


def test_four_fields_that_change_in_place_are_said_and_a_fifth_is_counted():
    four = {
        "minReadySeconds": 3,
        "progressDeadlineSeconds": 3,
        "replicas": 4,
        "revisionHistoryLimit": 3,
    }

    [fact] = told(restarts, with_spec(WEB, **four))
    assert fact.message == (
        "no pod of Deployment course/web restarts: spec.minReadySeconds, spec.progressDeadlineSeconds, "
        "spec.replicas, spec.revisionHistoryLimit changes in place"
    )
    assert fact.path == "spec.minReadySeconds"
    assert (
        "spec.replicas and 1 more changes in place" in say(with_spec(WEB, **four, paused=True))[0]
    )


def test_a_job_whose_own_field_makes_it_anew_runs_again():
    base = adding(plan(), JOB)

    assert say(edited(base, "once", lambda it: it["spec"].update(completions=2)), base) == [
        "Job course/once runs again from the start for spec.completions"
    ]


@pytest.mark.parametrize(
    ("name", "edit", "path"),
    [
        ("once", {"completions": UNKNOWN}, "spec.completions"),
        (WEB, {"selector": UNKNOWN}, "spec.selector"),
        (REDIS, {"serviceName": UNKNOWN}, "spec.serviceName"),
    ],
)
def test_a_field_that_may_make_a_workload_anew_is_not_said_to_change_in_place(name, edit, path):
    base = adding(plan(), JOB)

    it = one(told(restarts, edited(base, name, lambda inputs: inputs["spec"].update(edit)), base))
    assert (it.rule, it.verdict, it.path) == ("restart-unknown", "unknown", path)
    assert it.message == (
        f"whether it is made anew, with all of its pods, hangs on {path}, which is known after deployment only"
    )


def test_an_unknown_field_that_may_change_in_place_does_just_that():
    assert say(with_spec(WEB, revisionHistoryLimit=UNKNOWN)) == [
        "no pod of Deployment course/web restarts: spec.revisionHistoryLimit changes in place"
    ]


def test_a_bare_pod_is_made_anew_and_a_deployment_is_its_remedy():
    base = adding(plan(), POD)
    head = edited(base, "bare", lambda it: it["spec"]["containers"][0].update(image="a:2"))

    fact, it = told(restarts, head, base)
    assert fact.message == (
        "1 pod of Pod course/bare restarts (image of a 1 -> 2): a bare pod is deleted and made anew"
    )
    assert fact.path == "spec.containers[a].image"
    assert it.remedy == "choose the hour, or let a Deployment make the pod"


def test_a_controller_of_the_core_group_is_made_anew_by_its_own_rows():
    spec = {"selector": {"a": "b"}, "template": {"spec": POD.inputs["spec"]}}
    base = adding(plan(), obj("v1", "ReplicationController", "old", {"spec": spec}))
    head = edited(base, "old", lambda it: it["metadata"].update(namespace="testing"))

    assert "ReplicationController testing/old" in str(say(head, base))


@pytest.mark.parametrize(
    ("base", "name", "remedy"),
    [
        ({}, REDIS, "choose the hour, or run more replicas that can take over from each other"),
        (
            {"replicas": 1, "strategy": {"type": "Recreate"}},
            WEB,
            "choose the hour, or roll with a surge where two versions may run side by side",
        ),
        (
            {"replicas": 1, "strategy": {"rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1}}},
            WEB,
            "let `maxSurge` be 1, so that the new pod is ready before the old one goes",
        ),
    ],
)
def test_the_remedy_of_an_interruption_fits_what_rolls(base, name, remedy):
    base = with_spec(name, **base)

    it = one(findings(restarts, with_container(name, base, image="x:1"), base))
    assert it.remedy == remedy
    assert it.message.startswith("its only pod stops before")


def test_many_pods_that_stop_together_are_counted():
    base = with_spec(WEB, strategy={"type": "Recreate"})

    it = one(findings(restarts, with_container(WEB, base, image="x:1"), base))
    assert it.message.startswith("all 3 pods stop before another one is ready")


def test_what_is_down_comes_before_what_rolls_and_that_before_what_may_and_what_does_not():
    base = with_spec(WEB, strategy={"type": "Recreate"})
    down = one(facts(restarts, with_container(WEB, base, image="x:1"), base)).rank
    rolls = one(facts(restarts, with_container(WEB, image="x:1"))).rank
    may = one(facts(restarts, with_container(WEB, env=UNKNOWN))).rank
    paused = with_spec(WEB, paused=True)
    stays = one(facts(restarts, with_container(WEB, paused, image="x:1"), paused)).rank
    gone = one(facts(restarts, without(plan(), WEB))).rank
    comes = one(facts(restarts, plan(), without(plan(), WEB))).rank

    assert down < gone < rolls < may < stays < comes


def test_another_image_is_said_whole_and_one_of_another_tag_by_its_tag():
    assert reasons(with_container(WEB, image="x:1"), with_container(WEB, image="y:1")) == [
        "image of web y:1 -> x:1"
    ]
    assert reasons(with_container(WEB, image="x@sha256:1"), with_container(WEB, image="x:1")) == [
        "image of web 1 -> no tag"
    ]
    digests = [with_container(WEB, image=f"x:1@sha256:{it}") for it in "ab"]
    assert reasons(digests[1], digests[0]) == ["image of web 1@sha256:a -> 1@sha256:b"]


@pytest.mark.parametrize("mark", [UNKNOWN, SECRET])
def test_an_image_without_a_value_is_said_without_versions(mark):
    found = reasons(with_container(WEB, image=mark))

    assert found[0].startswith("image of web")
    assert "->" not in str(found)


def test_an_image_that_only_a_deployment_tells_may_restart_the_pods():
    fact, it = told(restarts, with_container(WEB, image=UNKNOWN))

    assert "may restart (image of web (known after deployment only)" in fact.message
    assert it.path == "spec.template.spec.containers[web].image"


def test_amounts_that_are_not_told_are_said_to_be():
    resources = {
        "limits": {"cpu": UNKNOWN, "memory": "128Mi"},
        "requests": {"cpu": SECRET, "memory": "64Mi"},
    }

    assert reasons(with_container(WEB, resources=resources)) == [
        "resources of web: limits.cpu 250m -> unknown before deployment (known after deployment only)",
        "resources of web: requests.cpu 50m -> [secret]",
    ]


def test_commands_and_headers_of_probes_are_never_said():
    header = {"port": "http", "httpHeaders": [{"name": "token", "value": CANARY}]}
    base = with_container(
        WEB,
        readinessProbe={"exec": {"command": ["x"]}},
        livenessProbe={"httpGet": {**header, "httpHeaders": []}},
    )
    head = with_container(
        WEB, readinessProbe={"exec": {"command": [CANARY]}}, livenessProbe={"httpGet": header}
    )

    other = with_container(
        WEB,
        head,
        livenessProbe={"httpGet": {**header, "httpHeaders": [{"name": "token", "value": "x"}]}},
    )
    for pair in ((head, base), (base, head), (head, other), (other, head)):
        assert CANARY not in str(told(restarts, *pair))
    assert reasons(head, other) == ["livenessProbe of web: httpGet.httpHeaders[token].value"]
    assert any(it.startswith("readinessProbe of web: exec.command") for it in reasons(head, base))


def test_amounts_of_a_container_are_said_whatever_it_is_called():
    def change(inputs, cpu):
        it = inputs["spec"]["template"]["spec"]["containers"][0]
        it.update(name="executor", resources={"requests": {"cpu": cpu}})

    base, head = (edited(plan(), WEB, lambda it, cpu=cpu: change(it, cpu)) for cpu in ("1", "2"))
    assert reasons(head, base) == ["resources of executor: requests.cpu 1 -> 2"]


def test_a_template_that_is_not_known_is_one_reason():
    def change(inputs):
        inputs["spec"]["template"] = UNKNOWN

    assert reasons(edited(plan(), WEB, change)) == [
        "all of the template (known after deployment only)"
    ]


def test_config_of_a_template_that_the_program_ignores_is_no_reason():
    head = renamed_config("info")

    assert len(reasons(head, name=BLOB)) == 1
    assert reasons(edited(head, BLOB, ignoreChanges=["spec.template.spec"]), name=BLOB) == []


@pytest.mark.parametrize(
    ("kind", "edit"),
    [
        ("HorizontalPodAutoscaler", {"spec": {"maxReplicas": 9}}),
        ("PodDisruptionBudget", {"spec": {"unhealthyPodEvictionPolicy": "IfHealthyBudget"}}),
        ("SecretProviderClass", {"spec": {"provider": "other"}}),
        ("Service", {"spec": {"sessionAffinity": "ClientIP"}}),
        ("ServiceAccount", {"automountServiceAccountToken": True}),
    ],
)
def test_objects_beside_a_workload_restart_nothing_and_that_is_said(kind, edit):
    def change(inputs):
        for key, value in edit.items():
            if isinstance(value, dict):
                inputs[key].update(value)
            else:
                inputs[key] = value

    row = next(it for it in plan().resources if it.inputs.get("kind") == kind)
    found = say(edited(plan(), row.name, change))
    assert any(it.startswith(f"no pod restarts for {kind} ") for it in found)


def test_objects_beside_workloads_come_in_one_order():
    head = plan()
    for row in [it for it in plan().resources if it.inputs.get("kind") == "Service"][:3]:
        head = edited(head, row.name, lambda it: it["spec"].update(sessionAffinity="ClientIP"))

    assert say(shuffled(head)) == say(head)
    assert len(say(head)) == 3


def test_charts_come_in_one_order_and_are_known_by_their_names():
    row = find(plan(), "ingress-controller")
    inputs = {**row.inputs, "name": "a", "namespace": "b"}
    both = adding(plan(), replace(row, name="second", urn=f"{row.urn}2", inputs=inputs))
    gone = without(plan(), "ingress-controller")

    assert say(both, gone) == say(shuffled(both), gone)
    assert [it.split(" is")[0] for it in say(both, gone) if it.startswith("Release")] == [
        "Release b/a",
        "Release nginx-ingress/nginx-ingress",
    ]


def test_a_chart_without_a_namespace_is_in_the_default_one_and_one_without_a_name_has_its_logical_one():
    def bare(inputs):
        inputs.pop("namespace")
        inputs["name"] = UNKNOWN

    head = edited(plan(), "ingress-controller", bare)
    assert any(it.startswith("Release default/ingress-controller is new") for it in say(head))


def test_a_chart_says_four_paths_and_counts_the_rest():
    def change(inputs):
        inputs["values"].update(a=1, b=2, c=3, d=4)

    [fact] = told(restarts, edited(plan(), "ingress-controller", change))
    assert "changes values.a, values.b, values.c, values.d: which" in fact.message
    assert fact.path == "values.a"

    def more(inputs):
        change(inputs)
        inputs["values"]["e"] = 5

    assert "values.d and 1 more: which" in say(edited(plan(), "ingress-controller", more))[0]


def test_a_workload_with_one_pod_does_not_answer_while_its_node_goes():
    def other(inputs):
        inputs["osSKU"] = "Ubuntu"

    it = one(findings(restarts, edited(plan(), "aks-pool-wg1", other)), rule="drain-interrupts")
    assert it.message == (
        "2 workloads with one pod each do not answer while their node goes: Deployment course/web-feature-login, "
        "StatefulSet course/redis"
    )
    assert it.verdict == "fail"

    single = without(plan(), "course-web-feature-login-deployment")
    found = findings(restarts, edited(single, "aks-pool-wg1", other), single)
    assert one(found, rule="drain-interrupts").message == (
        "1 workload with one pod does not answer while its node goes: StatefulSet course/redis"
    )


def test_a_budget_that_blocks_says_which_and_why_in_both_findings():
    def other(inputs):
        inputs["osSKU"] = "Ubuntu"

    budget = named(plan(), "PodDisruptionBudget", "course-web")
    it = one(findings(restarts, blocked()))
    assert it.message == (
        "PodDisruptionBudget course/web lets no pod of it be evicted any more (maxUnavailable 0)"
    )
    assert it.urn.endswith(f"::{budget}")

    base = blocked()
    it = one(findings(restarts, edited(base, "aks-pool-wg1", other), base), rule="drain-blocked")
    assert it.message.startswith(
        "PodDisruptionBudget course/web lets no pod of it be evicted (maxUnavailable 0): "
    )
    assert it.urn.endswith(f"::{budget}")
