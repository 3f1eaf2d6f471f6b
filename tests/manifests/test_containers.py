"""The containers of a pod beside the workload's own."""

import pytest

from tests.manifests.pod_security import violations
from tests.manifests.samples import controller_of, of_kind, pod_of, web
from tests.manifests.schema import faults

DIGEST = "sha256:" + "ab" * 32
IMAGES = {"web": {"tag": "1.4.3"}, "envoy": {"tag": "1.36.2"}}
FURTHER = {
    "migrate": {"before": "complete", "command": ["migrate"], "args": ["up"], "workingDir": "/app"},
    "proxy": {
        "image": "registry.example/envoy",
        "before": {"main": "healthy", "migrate": "healthy"},
        "ports": {"admin": 9901},
        "probes": {"startup": "/ready"},
        "resources": {"requests": {"cpu": "50m"}, "limits": {"memory": "64Mi"}},
    },
    "log": {"image": "registry.example/envoy", "preStop": {"exec": {"command": ["flush"]}}},
}


def further(**changes):
    return pod_of(web(containers=FURTHER, **changes), images=IMAGES)


def one(**settings):
    """A further container with these settings."""
    subject = web(containers={"extra": settings})
    pod = pod_of(subject)
    assert faults(controller_of(subject)) == []
    [found] = [*pod.get("initContainers", []), *pod["containers"][1:]]
    return found


def test_init_containers_come_in_the_order_they_wait_for_and_the_others_after_the_own():
    pod = further()
    assert [it["name"] for it in pod["initContainers"]] == ["proxy", "migrate"]
    assert [it["name"] for it in pod["containers"]] == ["web", "log"]
    assert faults(controller_of(web(containers=FURTHER), images=IMAGES)) == []


@pytest.mark.parametrize(
    ("before", "policy"),
    [("complete", None), ("started", "Always"), ({"main": "healthy"}, "Always")],
)
def test_only_one_that_keeps_running_restarts_as_a_sidecar(before, policy):
    probes = {"startup": {"exec": {"command": ["true"]}}} if before != "complete" else {}
    assert one(before=before, probes=probes).get("restartPolicy") == policy


def test_an_image_of_its_own_has_its_own_version_and_without_one_it_is_the_workloads():
    pod = further()
    proxy, migrate = pod["initContainers"]
    assert proxy["image"] == "registry.example/envoy:1.36.2"
    assert migrate["image"] == pod["containers"][0]["image"] == "registry.example/team/web:1.4.3"


def test_every_container_follows_the_version_that_its_track_runs():
    images = {
        "web": {"tag": "1", "tracks": {"candidate": {"tag": "2", "digest": DIGEST}}},
        "envoy": {"tag": "3"},
    }
    subject = web(containers=FURTHER, release={"strategy": "canary", "step": 1}, replicas=2)
    pod = pod_of(subject, images=images)
    assert {it["image"].partition("/")[2] for it in pod["containers"]} == {"team/web:1", "envoy:3"}


def test_what_it_says_is_its_own():
    proxy, migrate = further()["initContainers"]
    assert (migrate["command"], migrate["args"]) == (["migrate"], ["up"])
    assert migrate["workingDir"] == "/app"
    assert proxy["ports"] == [{"name": "admin", "containerPort": 9901, "protocol": "TCP"}]
    assert proxy["resources"] == {"requests": {"cpu": "50m"}, "limits": {"memory": "64Mi"}}
    assert proxy["startupProbe"] == {"httpGet": {"path": "/ready", "port": "admin"}}
    assert "envFrom" not in proxy


def test_its_rights_are_the_workloads_or_its_own_and_restricted_either_way():
    assert one(before="started")["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
    }
    own = one(security={"runAsUser": 65532, "readOnlyRootFilesystem": False})["securityContext"]
    assert (own["runAsUser"], own["runAsGroup"], own["runAsNonRoot"]) == (65532, 10001, True)
    assert own["readOnlyRootFilesystem"] is False
    assert list(violations(further())) == []


def test_a_low_port_of_any_container_that_is_not_root_is_let_be_bound():
    containers = {"proxy": {"before": "started", "ports": {"https": 443}}}
    context = pod_of(web(containers=containers))["securityContext"]
    assert context["sysctls"] == [{"name": "net.ipv4.ip_unprivileged_port_start", "value": "443"}]
    containers["proxy"]["security"] = {"runAsUser": 0}
    assert "sysctls" not in pod_of(web(containers=containers))["securityContext"]


@pytest.mark.parametrize(
    ("kind", "service", "changes", "expected"),
    [
        ("deployment", 80, {}, {"preStop": {"sleep": {"seconds": 5}}}),
        ("statefulset", 80, {}, {"preStop": {"sleep": {"seconds": 5}}}),
        ("daemonset", 80, {}, {"preStop": {"sleep": {"seconds": 5}}}),
        ("deployment", None, {}, None),
        ("job", None, {}, None),
        ("deployment", 80, {"terminationGracePeriodSeconds": 6}, {"preStop": {"sleep": {"seconds": 3}}}),
        ("deployment", 80, {"terminationGracePeriodSeconds": 1}, None),
        ("deployment", 80, {"preStop": 0}, None),
        ("deployment", None, {"preStop": 12}, {"preStop": {"sleep": {"seconds": 12}}}),
        ("deployment", 80, {"preStop": {"exec": {"command": ["bye"]}}}, {"preStop": {"exec": {"command": ["bye"]}}}),
        ("deployment", 80, {"preStop": {"httpGet": {"path": "/bye", "port": "http"}}},
         {"preStop": {"httpGet": {"path": "/bye", "port": "http"}}}),
    ],
)  # fmt: skip
def test_a_pod_that_is_sent_requests_waits_until_all_have_heard_that_it_goes(
    kind, service, changes, expected
):
    subject = of_kind(kind, **{"service": service, "ports": {"http": 8080}, **changes})
    assert pod_of(subject)["containers"][0].get("lifecycle") == expected
    assert faults(controller_of(subject)) == []


def test_a_further_container_waits_only_where_it_is_told():
    assert "lifecycle" not in one(before="started")
    assert one(preStop=3)["lifecycle"] == {"preStop": {"sleep": {"seconds": 3}}}


def test_a_pod_without_further_containers_has_no_list_of_them():
    assert "initContainers" not in pod_of(web())


def test_one_number_may_be_listened_on_over_two_protocols():
    subject = web(ports={"dns": {"port": 53, "protocol": "UDP"}, "dns-tcp": 53}, service=None)
    [container] = pod_of(subject)["containers"]
    assert container["ports"] == [
        {"name": "dns", "containerPort": 53, "protocol": "UDP"},
        {"name": "dns-tcp", "containerPort": 53, "protocol": "TCP"},
    ]
    assert faults(controller_of(subject)) == []
