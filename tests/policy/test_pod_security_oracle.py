"""The rules of pod security miss nothing that Pod Security's own controls object to, and name it where they do."""

import itertools
from typing import Any

import pytest

from policy.evaluation import Rules, marked
from policy.objects import object_of
from policy.rules import all_rules
from policy.stack import Stack
from review.analyses.pod_security import pods_in
from settings.pod_security import CONTROLS, violations

RULES = {
    "allowPrivilegeEscalation": {"pod-privilege-escalation"},
    "appArmorProfile": {"pod-app-armor"},
    "capabilities_baseline": {"pod-capabilities-added"},
    "capabilities_restricted": {"pod-capabilities-added", "pod-capabilities-dropped"},
    "hostNamespaces": {"pod-host-namespaces"},
    "hostPathVolumes": {"pod-host-path"},
    "hostPorts": {"pod-host-ports"},
    "hostProbesAndHostLifecycle": {"pod-probe-host"},
    "privileged": {"privileged-container"},
    "procMount": {"pod-proc-mount"},
    "procMount_restricted": {"pod-proc-mount"},
    "restrictedVolumes": {"pod-host-path", "pod-volume-types"},
    "runAsNonRoot": {"pod-run-as-non-root"},
    "runAsUser": {"pod-run-as-user-root"},
    "seLinuxOptions": {"pod-selinux-options"},
    "seccompProfile_baseline": {"pod-seccomp-profile"},
    "seccompProfile_restricted": {"pod-seccomp-profile"},
    "sysctls": {"pod-sysctls"},
    "windowsHostProcess": {"pod-windows-host-process"},
}
"""Which rules speak for a control."""

POD = (
    {},
    {"hostNetwork": True},
    {"hostPID": True, "hostIPC": True},
    {"hostUsers": False},
    {"os": {"name": "windows"}},
    {"volumes": [{"name": "a", "hostPath": {"path": "/"}}, {"name": "b", "nfs": {}}]},
    {"volumes": [{"name": "a", "emptyDir": {}}]},
)
CONTEXT = (
    {},
    {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
    {"runAsNonRoot": False, "runAsUser": 0},
    {"seccompProfile": {"type": "Unconfined"}, "appArmorProfile": {"type": "Unconfined"}},
    {"seLinuxOptions": {"type": "spc_t", "user": "u"}},
    {"sysctls": [{"name": "kernel.msgmax", "value": "1"}, {"name": "net.ipv4.tcp_syncookies"}]},
    {"windowsOptions": {"hostProcess": True}},
)
CONTAINER = (
    {},
    {"securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}},
    {"securityContext": {"privileged": True, "procMount": "Unmasked"}},
    {"securityContext": {"capabilities": {"drop": ["NET_RAW"], "add": ["CHOWN", "SYS_ADMIN"]}}},
    {"securityContext": {"runAsNonRoot": True, "runAsUser": 0, "seLinuxOptions": {"role": "r"}}},
    {"securityContext": {"seccompProfile": {"type": "Localhost"}, "runAsNonRoot": False}},
    {"ports": [{"containerPort": 80, "hostPort": 80}, {"containerPort": 81}]},
    {
        "livenessProbe": {"httpGet": {"host": "a"}},
        "lifecycle": {"preStop": {"tcpSocket": {"host": "b"}}},
    },
    {
        "securityContext": {
            "windowsOptions": {"hostProcess": True},
            "appArmorProfile": {"type": "x"},
        }
    },
)
ANNOTATIONS = ({}, {"container.apparmor.security.beta.kubernetes.io/c": "unconfined"})
FIELDS = ("containers", "initContainers", "ephemeralContainers")
TOGETHER = Rules([it for it in all_rules() if it.area == "pod-security"])


def deployment(
    pod: dict[str, Any],
    context: dict[str, Any],
    container: dict[str, Any],
    field: str,
    annotations: Any,
) -> dict[str, Any]:
    plain = {"name": "plain", "securityContext": CONTAINER[1]["securityContext"]}
    lists = {"containers": [plain]}
    lists[field] = [*lists.get(field, []), {"name": "c", **container}]
    spec = {**pod, "securityContext": context, **lists}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"template": {"metadata": {"annotations": annotations}, "spec": spec}},
    }


def said(manifest: dict[str, Any]) -> set[str]:
    it = marked(object_of(manifest))
    found = [*TOGETHER.of_object(it), *(result for _, result in TOGETHER.of_stack(Stack([it])))]
    return {result.rule for result in found if result.verdict == "fail"}


@pytest.mark.parametrize("field", FIELDS)
def test_for_every_violation_of_a_level_a_rule_fails(field):
    for pod, context, container, annotations in itertools.product(
        POD, CONTEXT, CONTAINER, ANNOTATIONS
    ):
        manifest = deployment(pod, context, container, field, annotations)
        ((metadata, spec, _),) = pods_in(manifest)
        found = said(manifest)
        for level in ("baseline", "restricted"):
            for violation in violations(metadata, spec, level):
                assert RULES[violation.control] & found, (violation, manifest)


@pytest.mark.parametrize("field", FIELDS)
def test_what_both_levels_allow_no_rule_of_their_controls_fails(field):
    asked = set().union(*RULES.values())
    allowed = 0
    for pod, context, container, annotations in itertools.product(
        POD, CONTEXT, CONTAINER, ANNOTATIONS
    ):
        manifest = deployment(pod, context, container, field, annotations)
        ((metadata, spec, _),) = pods_in(manifest)
        if not any(violations(metadata, spec, it) for it in ("baseline", "restricted")):
            allowed += 1
            assert not asked & said(manifest), manifest
    assert allowed


def test_every_control_has_a_rule():
    assert {it.id for it in CONTROLS} == set(RULES)
    assert set().union(*RULES.values()) <= {it.id for it in all_rules()}
