"""Levels that fit what runs in a namespace, and exceptions that end."""

from datetime import date, timedelta

import pytest

from review.analyses.tenants import tenant_findings
from review.plan import Plan, Resource
from tests.program import STACKS, planned

TODAY = date(2027, 1, 1)
LEVEL = "pod-security.kubernetes.io/enforce"
RESTRICTED = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}
PLAIN = {
    "securityContext": RESTRICTED,
    "containers": [{"name": "it", "securityContext": RESTRICTED}],
}
ROOT = {"containers": [{"name": "it"}]}
HOST = {**PLAIN, "volumes": [{"name": "logs", "hostPath": {"path": "/var/log"}}]}


def namespace(level, version="v1.35"):
    labels = {LEVEL: level, f"{LEVEL}-version": version}
    return {"kind": "Namespace", "metadata": {"name": "shop", "labels": labels}}


def controller(pod, kind="Deployment", **annotations):
    template = {"template": {"spec": pod}}
    spec = {"jobTemplate": {"spec": template}} if kind == "CronJob" else template
    notes = {f"aks-platform/security-exception{key}": it for key, it in annotations.items()}
    metadata = {"name": "it", "namespace": "shop", "annotations": notes}
    return {"kind": kind, "metadata": metadata, "spec": spec}


def findings(*objects, charts=()):
    rows = [
        Resource(urn=f"{index}", type="kubernetes:v1:It", name=f"{index}", inputs=it)
        for index, it in enumerate(objects)
    ]
    rows += [
        Resource(
            urn=it, type="kubernetes:helm.sh/v3:Release", name=it, inputs={"namespace": "shop"}
        )
        for it in charts
    ]
    plan = Plan(project="p", stack="s", resources=tuple(rows), outputs={})
    return list(tenant_findings(plan, TODAY))


def rules(*objects, **more):
    return [(it.rule, it.severity) for it in findings(*objects, **more)]


@pytest.mark.parametrize("kind", ["Deployment", "CronJob"])
def test_a_level_stricter_than_the_pods_need_is_mandatory_and_names_workload_and_control(kind):
    [found] = findings(namespace("restricted"), controller(HOST, kind))
    assert (found.rule, found.severity) == ("pod-security-refused", "mandatory")
    assert found.resource == f"{kind} shop/it"
    assert "spec.volumes[0]" in found.message
    assert "[restrictedVolumes]" in found.message
    assert "'security.exception' with level privileged" in found.message


@pytest.mark.parametrize(
    ("level", "pod", "found"),
    [
        ("restricted", PLAIN, []),
        ("baseline", ROOT, []),
        ("privileged", HOST, []),
        ("baseline", PLAIN, [("pod-security-loose", "advisory")]),
        ("privileged", ROOT, [("pod-security-loose", "advisory")]),
    ],
)
def test_a_level_looser_than_the_pods_need_is_advisory(level, pod, found):
    assert rules(namespace(level), controller(pod)) == found


def test_what_a_chart_needs_is_not_known_so_no_level_is_too_loose_for_it():
    assert rules(namespace("privileged"), charts=["agent"]) == []


def test_the_rules_are_those_of_the_version_that_the_namespace_pins():
    pod = {
        **PLAIN,
        "containers": [
            {**PLAIN["containers"][0], "livenessProbe": {"tcpSocket": {"port": 1, "host": "x"}}}
        ],
    }
    assert rules(namespace("restricted", "v1.33"), controller(pod)) == []
    assert rules(namespace("restricted", "v1.34"), controller(pod)) != []


def test_an_exception_of_a_lower_level_than_the_pods_need_is_told():
    made = controller(ROOT, **{"": "privileged: nobody remembers"})
    assert ("exception-loose", "advisory") in rules(namespace("privileged"), made)
    made = controller(HOST, **{"": "privileged: reads the node's logs"})
    assert rules(namespace("privileged"), made) == []


@pytest.mark.parametrize(
    ("days", "severity", "says"),
    [
        (31, None, ""),
        (30, "advisory", "ends on 2027-01-31, in 30 days"),
        (1, "advisory", "in 1 day;"),
        (0, "advisory", "ends on 2027-01-01, today"),
        (-1, "mandatory", "ended on 2026-12-31, 1 day ago"),
    ],
)
def test_an_exception_is_told_of_from_thirty_days_before_its_end(days, severity, says):
    expires = str(TODAY + timedelta(days=days))
    made = controller(HOST, **{"": "privileged: reads logs", "-expires": expires})
    found = findings(namespace("privileged"), made)
    assert [it.severity for it in found if it.rule == "exception-expires"] == (
        [severity] if severity else []
    )
    assert all(says in it.message for it in found)


@pytest.mark.parametrize("stack", STACKS)
def test_the_shipped_stacks_have_the_level_that_their_pods_need(stack):
    assert list(tenant_findings(planned(stack), TODAY)) == []
