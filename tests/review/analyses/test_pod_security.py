"""Workloads of any kind against the level of their namespace: kinds, labels, versions, places."""

import pytest

from review.analyses.pod_security import (
    KINDS,
    TEMPLATES,
    enforced,
    pods_in,
    verdicts,
)
from review.given import Given

LABEL = "pod-security.kubernetes.io"
SECURE = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}
ROOT = "spec.template.spec.containers[0].securityContext.runAsNonRoot"


def secure(**context):
    return {"containers": [{"name": "web", "securityContext": {**SECURE, **context}}]}


def workload(kind="Deployment", spec=None, name="web", **metadata):
    inner = {"spec": spec or secure()}
    for key in reversed(TEMPLATES[kind]):
        inner = {key: inner}
    group = min(KINDS[kind])
    version = f"{group}/v1" if group else "v1"
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name, **metadata}, **inner}


def namespace(name, **labels):
    labels = {f"{LABEL}/{key.replace('_', '-')}": value for key, value in labels.items()}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


def judged(*manifests, faults=None, **options):
    given = (Given(it, "all.yaml", index + 1) for index, it in enumerate(manifests))
    return verdicts(given, [] if faults is None else faults, **options)


@pytest.mark.parametrize("kind", TEMPLATES)
def test_a_violation_is_placed_in_the_object_of_its_kind(kind):
    [it] = judged(workload(kind, secure(privileged=True)))

    assert not it.allowed
    path = "".join(f"{key}." for key in TEMPLATES[kind])
    [found] = it.violations
    assert (found.control, found.path) == (
        "privileged",
        f"{path}spec.containers[0].securityContext.privileged",
    )


def test_every_kind_that_makes_pods_is_read():
    assert {*TEMPLATES, "Namespace"} == {*KINDS}


def test_without_a_label_an_object_is_held_against_restricted():
    [it] = judged(workload(spec=secure(runAsNonRoot=None)))

    assert (it.level, it.meets, it.namespace, it.place) == (
        "restricted",
        "baseline",
        "default",
        "all.yaml:1",
    )


def test_a_namespace_that_comes_last_decides_the_level():
    given = workload(spec=secure(runAsNonRoot=None), namespace="shop")

    [it] = judged(given, namespace("shop", enforce="baseline"))

    assert (it.level, it.allowed) == ("baseline", True)


def test_a_level_that_is_asked_for_overrides_the_label():
    given = workload(spec=secure(runAsNonRoot=None), namespace="shop")

    [it] = judged(namespace("shop", enforce="privileged"), given, level="restricted", minor=35)

    assert [row.path for row in it.violations] == [ROOT]


PROBE = {"livenessProbe": {"httpGet": {"host": "10.0.0.1", "port": 80}}}


@pytest.mark.parametrize(
    ("version", "minor", "judged_by"),
    [("v1.33", 36, 33), ("v1.34", 36, 34), ("latest", 33, 33), ("v1.36", 33, 33), (None, 34, 34)],
)
def test_the_older_of_label_and_cluster_decides_the_version(version, minor, judged_by):
    labels = {"enforce_version": version} if version else {}
    given = workload(spec={"containers": [{"name": "web", **PROBE}]}, namespace="shop")

    [it] = judged(namespace("shop", enforce="baseline", **labels), given, minor=minor)

    assert it.minor == judged_by
    assert it.allowed is (judged_by < 34)


@pytest.mark.parametrize(
    ("labels", "taken", "wrong"),
    [
        ({"enforce": "strict"}, ("restricted", None), "enforce"),
        (
            {"enforce": "baseline", "enforce_version": "1.35"},
            ("baseline", None),
            "enforce-version",
        ),
        ({"enforce": "baseline", "enforce_version": "v1.35"}, ("baseline", 35), ""),
        ({"enforce": "baseline", "enforce_version": "v1.035"}, ("baseline", None), "enforce-version"),
    ],
)  # fmt: skip
def test_a_label_that_is_not_valid_is_named_and_taken_as_the_server_does(labels, taken, wrong):
    found, faults = enforced(namespace("shop", **labels))

    assert (found.level, found.minor) == taken
    assert [key for key, _ in faults] == ([f"{LABEL}/{wrong}"] if wrong else [])


def test_a_namespace_without_the_label_enforces_nothing_that_we_know():
    assert enforced(namespace("shop", warn="restricted")) == (None, [])


def test_an_object_without_containers_is_a_fault_and_not_allowed():
    faults = []
    broken = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": 7}

    assert judged(broken, workload(name="other"), faults=faults)[0].name == "other"
    [it] = faults
    assert str(it).startswith("all.yaml:1: spec.template.spec.containers: Deployment web has no")


@pytest.mark.parametrize("metadata", [None, 7, [], {}, {"name": None}, {"generateName": "web-"}])
def test_metadata_of_any_shape_is_read(metadata):
    [it] = judged({**workload(), "metadata": metadata})

    assert it.namespace == "default"


def test_verdicts_come_by_namespace_kind_and_name():
    found = judged(workload(name="b"), workload("Pod", name="z", namespace="a"), workload(name="a"))

    assert [(it.namespace, it.kind, it.name) for it in found] == [
        ("a", "Pod", "z"),
        ("default", "Deployment", "a"),
        ("default", "Deployment", "b"),
    ]


def test_pods_are_found_with_where_they_stand():
    [(metadata, spec, path)] = pods_in(workload("CronJob"))

    assert (metadata, path) == ({}, "spec.jobTemplate.spec.template.spec")
    assert spec == secure()
    assert list(pods_in({"kind": "Service", "spec": {"template": {}}})) == []


def test_the_row_of_an_object_has_the_keys_of_the_contract():
    [it] = judged(workload(spec=secure(privileged=True)))

    assert [*it.row()] == ["kind", "namespace", "name", "level", "allowed", "violations"]
    assert [*it.row()["violations"][0]] == ["control", "message", "path"]


def test_what_aliases_share_is_not_written_out():
    shared = ["x"]
    for _ in range(40):
        shared = [shared, shared]

    [it] = judged(workload(spec={**secure(), "command": shared}))

    assert it.allowed
