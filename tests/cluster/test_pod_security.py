"""The level of every namespace, as the API server enforces it: each restricted workload with one control broken."""

import copy

import pytest

from tests.cluster.control_plane.client import ApiError

CONTROLLERS = ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob")


def pod(change):
    return lambda spec: spec.update(change)


def host_path(spec):
    spec.setdefault("volumes", []).append({"name": "host", "hostPath": {"path": "/"}})


def pod_context(change):
    return lambda spec: spec["securityContext"].update(change)


def container(change):
    return lambda spec: spec["containers"][0]["securityContext"].update(change)


def host_network(spec):
    spec["hostNetwork"] = True
    spec["securityContext"].pop("sysctls", None)  # a sysctl of the network would be the host's


def unmasked(spec):
    spec["hostUsers"] = False  # else it is invalid before it is forbidden
    spec["containers"][0]["securityContext"]["procMount"] = "Unmasked"


def no_seccomp(spec):
    for at in (spec, *spec["containers"]):
        at["securityContext"].pop("seccompProfile", None)


def as_root_allowed(spec):
    for at in (spec, *spec["containers"]):
        at["securityContext"].pop("runAsNonRoot", None)


def host_port(spec):
    spec["containers"][0]["ports"] = [{"containerPort": 8080, "hostPort": 8080}]


CONTROLS = {
    "privileged": (container({"privileged": True, "allowPrivilegeEscalation": True}), "privileged"),
    "hostNetwork": (host_network, "host namespaces"),
    "hostPID": (pod({"hostPID": True}), "host namespaces"),
    "hostIPC": (pod({"hostIPC": True}), "host namespaces"),
    "hostPath": (host_path, "hostPath|restricted volume types"),
    "hostPort": (host_port, "hostPort"),
    "runAsNonRoot": (as_root_allowed, "runAsNonRoot"),
    "runAsUser": (container({"runAsUser": 0}), "runAsUser=0"),
    "allowPrivilegeEscalation": (
        container({"allowPrivilegeEscalation": True}),
        "allowPrivilegeEscalation",
    ),
    "capability added": (
        container({"capabilities": {"drop": ["ALL"], "add": ["NET_ADMIN"]}}),
        "capabilities",
    ),
    "capabilities kept": (container({"capabilities": {}}), "unrestricted capabilities"),
    "seccomp missing": (no_seccomp, "seccompProfile"),
    "seccomp off": (
        container({"seccompProfile": {"type": "Unconfined"}}),
        "seccompProfile|[sS]eccomp",
    ),
    "AppArmor off": (container({"appArmorProfile": {"type": "Unconfined"}}), "AppArmor|appArmor"),
    "SELinux type": (container({"seLinuxOptions": {"type": "unconfined_t"}}), "seLinux"),
    "procMount": (unmasked, "procMount"),
    "sysctl": (
        pod_context({"sysctls": [{"name": "kernel.msgmax", "value": "65536"}]}),
        "sysctl",
    ),
}


def restricted(estate):
    """Name, namespace and pod spec of every workload in a namespace that enforces restricted."""
    levels = {name: it.pod_security for name, it in estate.settings.namespaces.items()}
    for it in estate.of_kind(*CONTROLLERS):
        namespace = it["metadata"]["namespace"]
        if levels[namespace] == "restricted":
            spec = it["spec"]["jobTemplate"]["spec"] if it["kind"] == "CronJob" else it["spec"]
            template = copy.deepcopy(spec["template"])
            claims = spec.get("volumeClaimTemplates", ())
            template["spec"].setdefault("volumes", []).extend(
                {"name": claim["metadata"]["name"], "emptyDir": {}} for claim in claims
            )
            yield it["metadata"]["name"], namespace, template


def create(estate, namespace, template, *, name="probe"):
    """What the server would make of a pod; nothing is stored."""
    body = copy.deepcopy(template)
    body["metadata"] = {"name": name, "labels": body["metadata"].get("labels", {})}
    body["spec"].setdefault("restartPolicy", "Always")
    path = f"/api/v1/namespaces/{namespace}/pods?dryRun=All"
    return estate.api.request("POST", path, {"apiVersion": "v1", "kind": "Pod", **body})


def refusal(estate, namespace, template):
    try:
        create(estate, namespace, template)
    except ApiError as error:
        if error.code != 403:
            raise
        return error.message
    return ""


def test_every_restricted_workload_passes_as_it_is(estate):
    found = {name: refusal(estate, space, it) for name, space, it in restricted(estate)}

    assert len(found) >= 8
    assert {name: it for name, it in found.items() if it} == {}


@pytest.mark.parametrize("control", CONTROLS)
def test_a_workload_that_breaks_one_control_is_refused_for_that(estate, control):
    breaks, words = CONTROLS[control]
    for name, namespace, template in restricted(estate):
        broken = copy.deepcopy(template)
        breaks(broken["spec"])
        said = refusal(estate, namespace, broken)
        assert "violates PodSecurity" in said, (name, said or "accepted")
        assert any(word in said for word in words.split("|")), (name, said)


def test_each_namespace_enforces_its_level_and_no_other(estate):
    template = next(restricted(estate))[2]
    del template["spec"]["serviceAccountName"]
    breaks = {"restricted": "seccomp missing", "baseline": "hostPath", "privileged": None}
    passes = {"restricted": None, "baseline": "seccomp missing", "privileged": "privileged"}
    for name, tenant in estate.settings.namespaces.items():
        for table, refused in ((breaks, True), (passes, False)):
            control = table[tenant.pod_security]
            spec = copy.deepcopy(template)
            if control:
                CONTROLS[control][0](spec["spec"])
            if control or not refused:
                said = refusal(estate, name, spec)
                assert ("violates PodSecurity" in said) is refused, (name, control, said)


def test_the_ingress_namespace_refuses_a_privileged_pod(prod):
    template = next(restricted(prod))[2]
    CONTROLS["privileged"][0](template["spec"])
    del template["spec"]["serviceAccountName"]

    assert "violates PodSecurity" in refusal(prod, prod.settings.ingress.namespace, template)
