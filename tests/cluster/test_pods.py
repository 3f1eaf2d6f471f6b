"""What stands in a pod, on a live API server: what it admits, refuses, fills in and makes of it.

No container runs here, so what a kubelet alone decides, above all when it starts the next init container, is not seen:
only that the order and the kind of every container arrive, and that the API server takes sidecars for sidecars.
"""

import copy

import pytest

from settings.demand import one_pod
from settings.qos import qos_class, rows
from settings.quantity import amount
from tests.cluster.control_plane.client import MERGE, ApiError
from tests.cluster.counts import used

CONTROLLERS = ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob")
FULL = {
    "replicas": 2,
    "ports": {"http": 8080},
    "service": 80,
    "config": {"env": {"LEVEL": "info"}, "files": {"a.conf": "x"}, "mountPath": "/etc/full"},
    "secrets": {"KEY": {"existing": {"name": "made-elsewhere", "key": "password"}}},
    "env": {
        "TEXT": "plain",
        "NODE": {"field": "spec.nodeName"},
        "ADDRESS": {"field": "status.podIP"},
        "APP": {"field": "metadata.labels['app']"},
        "MEMORY": {"resource": "limits.memory"},
        "OTHER": {"config": "LEVEL"},
        "PASSWORD": {"secret": "KEY"},
    },
    "probes": {
        "startup": {"httpGet": {"path": "/", "headers": {"X-Probe": "1"}}, "failureThreshold": 30},
        "readiness": {"grpc": {"service": "full"}, "successThreshold": 2},
        "liveness": {"tcpSocket": {}, "terminationGracePeriodSeconds": 5},
    },
    "workingDir": "/app",
    "scratch": ["/tmp", "/var/cache/full"],
    "volumes": {
        "memory": {"mountPath": "/fast", "emptyDir": {"sizeLimit": "16Mi", "medium": "Memory"}},
        "shared": {"emptyDir": {"sizeLimit": "16Mi"}},
        "settings": {"mountPath": "/map", "configMap": {"name": "some", "items": {"a": "b/c"}, "optional": True}},
        "tls": {"mountPath": "/tls", "secret": {"name": "some-tls", "optional": True}},
        "info": {"mountPath": "/info", "readOnly": True, "downward": {
            "labels": "metadata.labels", "app": "metadata.annotations['app']", "cpu": "requests.cpu"}},
        "all": {"mountPath": "/all", "projected": [
            {"configMap": {"name": "some", "optional": True}}, {"secret": {"name": "some-tls", "optional": True}},
            {"downward": {"name": "metadata.name", "memory": "limits.memory"}},
            {"token": {"audience": "vault", "expirationSeconds": 600}}]},
    },
    "mounts": {"/shared": {"volume": "shared", "subPath": "in"}},
    "containers": {
        "migrate": {"before": "complete", "args": ["up"], "scratch": ["/tmp"], "env": {"L": {"config": "LEVEL"}}},
        "proxy": {"before": {"main": "healthy", "migrate": "started"}, "ports": {"admin": 9901},
                  "probes": {"startup": {"tcpSocket": {}}, "readiness": {"tcpSocket": {}}, "liveness": {
                      "exec": {"command": ["true"]}}},
                  "mounts": {"/etc/proxy": "config-files"}, "preStop": {"httpGet": {"path": "/drain"}}},
        "log": {"image": "registry.example/log", "security": {"runAsUser": 65532}, "preStop": 3,
                "mounts": {"/in": {"volume": "shared", "readOnly": True}}},
    },
    "nodeSelector": {"kubernetes.io/os": "linux"},
    "affinity": {"nodes": {"kubernetes.io/arch": ["amd64", "arm64"]}, "preferredNodes": {"tier": ["fast"]},
                 "near": {"other": "preferred"}, "apart": {"full": "preferred"}},
    "tolerations": [{"key": "gone", "effect": "NoExecute", "tolerationSeconds": 30}],
    "dnsPolicy": "Default",
    "hostAliases": {"10.0.0.7": ["legacy.example"]},
    "terminationGracePeriodSeconds": 20,
    "availability": "ha",
}  # fmt: skip


def of_kind(kind, **changes):
    """Everything at once, as another kind."""
    given = {**copy.deepcopy(FULL), "kind": kind, **changes}
    if kind in ("job", "cronjob", "daemonset"):
        for key in ("replicas", "availability", "service"):
            given.pop(key, None)
    if kind == "cronjob":
        given["cron"] = {"schedule": "0 3 * * *"}
    return given


def templates(manifests):
    """The pod templates by the name of their controller."""
    found = {}
    for it in manifests:
        if it["kind"] in CONTROLLERS:
            spec = it["spec"]
            job = spec["jobTemplate"]["spec"] if it["kind"] == "CronJob" else spec
            found[it["metadata"]["name"]] = job["template"]
    return found


def around(lab, manifests):
    """Apply all that pods need, and no pods."""
    lab.apply([it for it in manifests if it["kind"] not in CONTROLLERS])


def tried(lab, template, name="tried"):
    """What the API server would make of a pod; raise ApiError where it would not take it, or warns."""
    pod = {"apiVersion": "v1", "kind": "Pod", **copy.deepcopy(template)}
    pod["metadata"] = {**pod["metadata"], "name": name}
    path = f"/api/v1/namespaces/{lab.namespace}/pods?dryRun=All&fieldValidation=Strict"
    answer = lab.api.request("POST", path, pod)
    assert lab.api.warnings == (), lab.api.warnings
    return answer


@pytest.mark.parametrize("kind", ["deployment", "statefulset", "daemonset", "job", "cronjob"])
def test_every_feature_at_once_is_admitted_in_every_kind_without_a_warning(lab, kind):
    manifests = lab.run({"full": of_kind(kind), "other": {}})
    given = templates(manifests)["full"]["spec"]

    pod = tried(lab, templates(manifests)["full"])["spec"]

    for key in ("containers", "initContainers"):
        assert [it["name"] for it in pod[key]] == [it["name"] for it in given[key]]
    assert [it["name"] for it in pod["initContainers"]] == ["proxy", "migrate"]
    assert [it.get("restartPolicy") for it in pod["initContainers"]] == ["Always", None]


def test_a_pod_with_a_sidecar_comes_up_with_it_running_and_the_first_step_ended(lab):
    lab.run({"full": of_kind("deployment"), "other": {}})
    lab.wait()

    states = [
        {it["name"]: [*it["state"]] for it in pod["status"]["initContainerStatuses"]}
        for pod in lab.pods("full")
    ]
    assert states == [{"proxy": ["running"], "migrate": ["terminated"]}] * 2
    nodes = {it["spec"]["nodeName"] for it in lab.pods("full")}
    assert len(nodes) == 2


def first(pod, key="containers"):
    return pod["spec"][key][0]


REFUSED = {
    "a pause as long as the grace period": lambda pod: first(pod)["lifecycle"]["preStop"].update(sleep={"seconds": 21}),
    "two ways to pause": lambda pod: first(pod)["lifecycle"]["preStop"].update(exec={"command": ["true"]}),
    "a check of what ends by itself": lambda pod: pod["spec"]["initContainers"][1].update(
        readinessProbe={"exec": {"command": ["true"]}}),
    "a pause of what ends by itself": lambda pod: pod["spec"]["initContainers"][1].update(
        lifecycle={"preStop": {"sleep": {"seconds": 1}}}),
    "liveness that must succeed twice": lambda pod: first(pod)["livenessProbe"].update(successThreshold=2),
    "readiness with a grace period": lambda pod: first(pod)["readinessProbe"].update(terminationGracePeriodSeconds=5),
    "two actions in one check": lambda pod: first(pod)["livenessProbe"].update(exec={"command": ["true"]}),
    "a folder taken twice": lambda pod: first(pod)["volumeMounts"].append({"name": "tls", "mountPath": "/tmp"}),
    "a mount of nothing": lambda pod: first(pod)["volumeMounts"].append({"name": "gone", "mountPath": "/gone"}),
    "two containers of one name": lambda pod: pod["spec"]["containers"][1].update(name="full"),
    "a variable that holds a map": lambda pod: first(pod)["env"].append(
        {"name": "X", "valueFrom": {"fieldRef": {"fieldPath": "metadata.labels"}}}),
    "a variable of an odd label": lambda pod: first(pod)["env"].append(
        {"name": "X", "valueFrom": {"fieldRef": {"fieldPath": "metadata.labels['a b']"}}}),
    "a variable from two places": lambda pod: first(pod)["env"][1]["valueFrom"].update(
        resourceFieldRef={"resource": "limits.cpu"}),
    "a file of the node's name": lambda pod: volume(pod, "info")["downwardAPI"]["items"][0].update(
        fieldRef={"fieldPath": "spec.nodeName"}),
    "a volume of two sources": lambda pod: volume(pod, "tls").update(emptyDir={}),
    "one file from two sources": lambda pod: volume(pod, "all")["projected"]["sources"][2]["downwardAPI"]["items"][0]
    .update(path="token"),
    "seconds for a taint that ends no pod": lambda pod: pod["spec"]["tolerations"][0].update(effect="NoSchedule"),
    "a node label without a value": lambda pod: pod["spec"]["affinity"]["nodeAffinity"][
        "requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"][0]["matchExpressions"][0].update(values=[]),
    "a request beyond its limit": lambda pod: pod["spec"]["initContainers"][0].update(
        resources={"requests": {"cpu": "2"}, "limits": {"cpu": "1"}}),
    "a limit beyond the namespace's": lambda pod: pod["spec"]["initContainers"][1].update(
        resources={"limits": {"memory": "9Gi"}}),
    "a class that is not there": lambda pod: pod["spec"].update(priorityClassName="gone"),
    "a sidecar with more rights": lambda pod: pod["spec"]["initContainers"][0]["securityContext"].update(
        allowPrivilegeEscalation=True),
    "a first step that runs as root": lambda pod: pod["spec"]["initContainers"][1]["securityContext"].update(
        runAsUser=0),
}  # fmt: skip
"""What our own checks refuse, done to a pod that the API server takes."""


def volume(pod, name):
    return next(it for it in pod["spec"]["volumes"] if it["name"] == name)


def test_what_our_checks_refuse_the_api_server_refuses_or_warns_of(lab):
    bounds = {"namespaces": {lab.namespace: {"limits": {"max": {"memory": "8Gi"}}}}}
    manifests = lab.render({"full": of_kind("deployment"), "other": {}}, bounds)
    around(lab, manifests)
    template = templates(manifests)["full"]
    tried(lab, template)

    answers = {what: verdict(lab, spoilt(template, spoil)) for what, spoil in REFUSED.items()}

    assert {what: it for what, it in answers.items() if it != "refused"} == {
        "one file from two sources": "warned of"
    }


def spoilt(template, spoil):
    changed = copy.deepcopy(template)
    spoil(changed)
    return changed


def verdict(lab, template):
    try:
        tried(lab, template)
    except ApiError as error:
        return "refused" if error.code in (400, 403, 422) else str(error)
    except AssertionError:
        return "warned of"
    return "taken"


SHAPES = [
    {},
    {"requests": {"cpu": "100m"}},
    {"limits": {"cpu": "100m"}},
    {"limits": {"cpu": "100m", "memory": "64Mi"}},
    {"requests": {"cpu": "100m", "memory": "64Mi"}},
    {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"cpu": "0.1", "memory": "65536Ki"}},
    {"requests": {"cpu": "50m"}, "limits": {"cpu": "100m", "memory": "64Mi"}},
    {"requests": {"memory": "64Mi"}, "limits": {"cpu": "100m", "memory": "64Mi"}},
]
EVEN = {"cpu": "100m", "memory": "64Mi"}
DEFAULTS = {
    "no defaults": {"defaultRequest": {"cpu": None, "memory": None}, "default": {"cpu": None, "memory": None}},
    "even defaults": {"defaultRequest": EVEN, "default": EVEN},
    "our defaults": {},
}  # fmt: skip
UNCOUNTED = {
    "requests": {"cpu": None, "memory": None},
    "limits": {"cpu": None, "memory": None},
    "pods": 1000,
}


@pytest.mark.parametrize("defaults", DEFAULTS)
def test_the_class_of_a_pod_is_the_one_that_we_say(lab, defaults):
    further = [None, *({"before": it} if it else {} for it in ("", "complete", "started"))]
    workloads = {
        f"shape-{one}-{two}-{three}": {
            "resources": own,
            "containers": {} if kind is None else {"more": {**kind, "resources": other}},
        }
        for one, own in enumerate(SHAPES)
        for two, kind in enumerate(further)
        for three, other in enumerate(SHAPES if kind is not None else [{}])
    }
    stack = {
        "namespaces": {lab.namespace: {"quota": UNCOUNTED, "limits": DEFAULTS[defaults]}},
        "nodePools": {"wg1": {"max": 60}},
    }
    manifests = lab.render(workloads, stack)
    settings = lab.settings(workloads, stack)
    tenant = settings.namespaces[lab.namespace]
    accounts = [
        it for it in manifests if it["kind"] in ("Namespace", "LimitRange", "ResourceQuota")
    ]
    lab.apply([*accounts, *(it for it in manifests if it["kind"] == "ServiceAccount")])

    theirs = {
        name: tried(lab, template)["status"]["qosClass"]
        for name, template in templates(manifests).items()
    }

    ours = {name: qos_class(rows(it, tenant.limits)) for name, it in settings.workloads.items()}
    assert theirs == ours
    seen = {
        "no defaults": {"Guaranteed", "Burstable", "BestEffort"},
        "even defaults": {"Guaranteed", "Burstable"},
        "our defaults": {"Guaranteed", "Burstable"},
    }
    assert {*theirs.values()} == seen[defaults]


def test_a_class_other_than_ours_would_be_noticed(lab):
    workloads = {"web": {"resources": SHAPES[5]}}
    manifests = lab.render(workloads)
    around(lab, manifests)
    template = templates(manifests)["web"]
    more = copy.deepcopy(template)
    more["spec"]["initContainers"] = [
        {**more["spec"]["containers"][0], "name": "more", "resources": {"limits": {"cpu": "1"}}}
    ]

    [subject] = lab.settings(workloads).workloads.values()
    assert qos_class(rows(subject, None)) == "Guaranteed"
    assert tried(lab, template)["status"]["qosClass"] == "Guaranteed"
    assert tried(lab, more)["status"]["qosClass"] == "Burstable"


def test_the_quota_counts_first_steps_and_sidecars_as_we_do(lab):
    def asks(cpu, memory, **more):
        amounts = {"cpu": cpu, "memory": memory}
        return {"resources": {"requests": amounts, "limits": amounts}, **more}

    workloads = {
        "large-step": {
            **asks("100m", "64Mi"),
            "containers": {
                "proxy": asks("50m", "32Mi", before={"main": "started", "step": "started"}),
                "step": asks("1", "16Mi", before="complete"),
            },
        },
        "step-first": {
            **asks("100m", "64Mi"),
            "containers": {
                "step": asks("1", "16Mi", before={"main": "complete", "proxy": "complete"}),
                "proxy": asks("50m", "32Mi", before="started"),
            },
        },
        "small-step": {
            **asks("100m", "64Mi"),
            "replicas": 3,
            "containers": {
                "step": {"before": "complete"},
                "proxy": asks("70m", "32Mi", before="started"),
                "log": {"resources": {"limits": {"cpu": "30m"}}},
            },
        },
    }
    manifests = lab.render(workloads)
    around(lab, manifests)
    # What comes before the quota counts at all is counted late.
    lab.plane.wait_for("the quota", lambda: used(lab, lab.namespace), 20)
    lab.apply([it for it in manifests if it["kind"] in CONTROLLERS])
    lab.wait()

    settings = lab.settings(workloads)
    limits = settings.namespaces[lab.namespace].limits
    asked = [one_pod(it, limits) * it.most_replicas for it in settings.workloads.values()]
    total = sum(asked[1:], asked[0])
    ours = {
        "pods": total.pods,
        "requests.cpu": total.requests_cpu,
        "requests.memory": total.requests_memory,
        "limits.cpu": total.limits_cpu,
        "limits.memory": total.limits_memory,
    }

    def theirs():
        return {name: used(lab, lab.namespace).get(name) for name in ours}

    lab.plane.wait_for("the quota to have counted", lambda: theirs() == ours, 20)
    scale = {"spec": {"replicas": 4}}
    path = f"/apis/apps/v1/namespaces/{lab.namespace}/deployments/small-step/scale"
    lab.api.request("PATCH", path, scale, MERGE)
    lab.plane.wait_for("one pod more to be noticed", lambda: theirs() != ours, 20)
    assert total.requests_cpu == amount("1050m") + amount("1000m") + 3 * amount("200m")


RANKS = {"value": 1000, "preemption": False, "description": "what users wait for"}


def test_a_class_ranks_the_pods_that_name_it_and_its_value_cannot_change(lab):
    name = f"live-{lab.namespace}"
    manifests = lab.run(
        {"web": {"priorityClass": name}, "batch": {}}, {"priorityClasses": {name: RANKS}}
    )
    lab.wait()

    assert manifests[0]["kind"] == "PriorityClass"
    found = {
        it["metadata"]["labels"]["app"]: (
            it["spec"]["priority"],
            it["spec"]["preemptionPolicy"],
        )
        for it in lab.pods()
    }
    assert found == {"web": (1000, "Never"), "batch": (0, "PreemptLowerPriority")}
    for change in ({"value": 2000}, {"preemptionPolicy": "PreemptLowerPriority"}):
        with pytest.raises(ApiError, match=r"immutable|may not be changed"):
            lab.api.apply({**manifests[0], **change})


def test_the_plan_makes_a_class_before_the_pods_that_name_it_and_no_others_wait(lab):
    name = f"live-{lab.namespace}"
    plan = lab.plan(
        {"web": {"priorityClass": name}, "batch": {}}, {"priorityClasses": {name: RANKS}}
    )

    waits = {it.name: str(it.dependencies) for it in plan.resources}
    made = [it.name for it in plan.resources if it.type.endswith(":PriorityClass")]
    assert made == [f"priorities-{name}"]
    assert made[0] in waits[f"{lab.namespace}-web-deployment"]
    assert made[0] not in waits[f"{lab.namespace}-batch-deployment"]


def node_of(lab, name):
    return {it["spec"]["nodeName"] for it in lab.pods(name)}


def test_neighbours_share_a_node_or_none_as_they_ask(lab):
    lab.run({"redis": {}})
    lab.wait()
    free = {"spread": {"nodes": "Off", "zones": "Off"}}
    lab.run(
        {
            "redis": {},
            "near": {"affinity": {"near": {"redis": "required"}}, "replicas": 2, **free},
            "far": {"affinity": {"apart": {"redis": "required"}}, "replicas": 3, **free},
        }
    )
    lab.wait()

    assert node_of(lab, "near") == node_of(lab, "redis")
    assert node_of(lab, "far") & node_of(lab, "redis") == set()


def test_pods_go_to_nodes_with_the_labels_they_need(lab):
    zones = {
        it["metadata"]["labels"]["topology.kubernetes.io/zone"]
        for it in lab.api.items("/api/v1/nodes")
        if it["metadata"]["labels"]["agentpool"] == "wg1"
    }
    wanted = sorted(zones)[-1]
    spread = {"nodes": "Off", "zones": "Off"}
    wish = {"affinity": {"nodes": {"topology.kubernetes.io/zone": [wanted]}}, "spread": spread}
    lab.run({"web": {"replicas": 3, **wish}})
    lab.wait()

    nodes = {
        it["metadata"]["name"]: it["metadata"]["labels"] for it in lab.api.items("/api/v1/nodes")
    }
    found = {nodes[name]["topology.kubernetes.io/zone"] for name in node_of(lab, "web")}
    assert found == {wanted} < zones


def test_pods_that_need_a_label_that_no_node_has_find_none(lab):
    lab.run({"web": {"affinity": {"nodes": {"topology.kubernetes.io/zone": ["nowhere"]}}}})

    def told():
        conditions = [it for pod in lab.pods("web") for it in pod["status"].get("conditions", ())]
        return [it for it in conditions if it.get("reason") == "Unschedulable"]

    lab.plane.wait_for("the scheduler to give up", told, 30)
    assert "affinity" in told()[0]["message"]


def test_high_availability_puts_pods_into_zones_of_their_own(lab):
    lab.run({"web": {"availability": "ha", "replicas": 3}})
    lab.wait()

    nodes = {
        it["metadata"]["name"]: it["metadata"]["labels"] for it in lab.api.items("/api/v1/nodes")
    }
    zones = [nodes[it["spec"]["nodeName"]]["topology.kubernetes.io/zone"] for it in lab.pods("web")]
    assert len(set(zones)) == 3
