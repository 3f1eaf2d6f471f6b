"""Pods meet the restricted level unless an exception says why not."""

import pytest

from tests.manifests.pod_security import violations
from tests.manifests.samples import (
    STACKS,
    controller_of,
    groups,
    of_kind,
    parts_of,
    pod_of,
    shipped,
    web,
)

KINDS = ("deployment", "statefulset", "daemonset", "job", "cronjob")
REASON = "reads files of the node that belong to root"


def pods_of(name):
    for group in groups(name):
        for part in group.parts:
            spec = part.manifest.get("spec", {})
            template = spec.get("template") or spec.get("jobTemplate", {}).get("spec", {}).get(
                "template"
            )
            if template:
                yield part.manifest["metadata"]["name"], template["spec"]


@pytest.mark.parametrize("name", STACKS)
def test_every_shipped_pod_without_an_exception_meets_the_restricted_level(name):
    seen = 0
    for workload, pod in pods_of(name):
        if not shipped(name).workloads[workload].security.exception:
            assert list(violations(pod)) == [], workload
            seen += 1
    assert seen == 10


@pytest.mark.parametrize("name", STACKS)
def test_the_one_exception_breaks_only_what_its_reason_names(name):
    found = {
        workload: set(violations(pod)) for workload, pod in pods_of(name) if list(violations(pod))
    }
    assert found == {
        "log-agent": {"volume hostPath", "log-agent: runAsNonRoot", "log-agent: runAsUser"}
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_workload_that_says_nothing_of_security_is_restricted(kind):
    pod = pod_of(of_kind(kind))
    assert list(violations(pod)) == []
    [container] = pod["containers"]
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert pod["automountServiceAccountToken"] is False


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("allowPrivilegeEscalation", True),
        ("capabilities", {"drop": ["NET_RAW"]}),
        ("runAsUser", 0),
        ("runAsNonRoot", False),
        ("seccompProfile", {"type": "Unconfined"}),
        ("privileged", True),
    ],
)
def test_the_reading_of_the_restricted_level_can_see_a_breach(key, value):
    pod = pod_of(web())
    pod["containers"][0]["securityContext"][key] = value
    assert list(violations(pod)) != []


def test_all_capabilities_are_dropped_before_one_is_added():
    [container] = pod_of(web(security={"addCapabilities": ["NET_BIND_SERVICE"]}))["containers"]
    assert container["securityContext"]["capabilities"] == {
        "drop": ["ALL"],
        "add": ["NET_BIND_SERVICE"],
    }


def test_a_non_root_pod_on_a_low_port_is_let_bind_it_by_a_safe_sysctl():
    pod = pod_of(web(ports={"http": 80, "https": 443}))
    assert pod["securityContext"]["sysctls"] == [
        {"name": "net.ipv4.ip_unprivileged_port_start", "value": "80"}
    ]
    assert list(violations(pod)) == []


@pytest.mark.parametrize(
    "changes", [{}, {"ports": {"http": 80}, "security": {"runAsUser": 0}}], ids=["high", "root"]
)
def test_a_pod_that_needs_no_low_port_or_is_root_gets_no_sysctl(changes):
    assert "sysctls" not in pod_of(web(**changes))["securityContext"]


def test_the_group_of_a_disk_is_changed_only_where_it_is_wrong():
    context = pod_of(web(security={"fsGroup": 999}))["securityContext"]
    assert context["fsGroup"] == 999
    assert context["fsGroupChangePolicy"] == "OnRootMismatch"


def test_an_exception_stands_with_its_reason_on_the_controller():
    subject = web(security={"runAsUser": 0, "exception": {"level": "baseline", "reason": REASON}})
    annotations = controller_of(subject)["metadata"]["annotations"]
    assert annotations == {"aks-platform/security-exception": f"baseline: {REASON}"}


def test_a_workload_gets_a_token_only_if_it_asks_and_its_account_never_hands_one_out():
    parts = parts_of(web(serviceAccount={"token": True}))
    assert (
        parts["deployment"].manifest["spec"]["template"]["spec"]["automountServiceAccountToken"]
        is True
    )
    assert parts["service-account"].manifest["automountServiceAccountToken"] is False
