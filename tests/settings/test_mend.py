"""No fault hides another, and what is left out for one makes up no other."""

from copy import deepcopy

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from settings.explain_errors import MOST_FAULTS
from tests.settings import test_checks
from tests.settings.estate import (
    STACKS,
    changed,
    dump,
    folder,
    shipped,
    stack_file,
)

SEALED = {"secure": "v1:hunter2"}


def told(stack, *changes, given=None):
    return folder().faults(stack, changed(*changes), given)


MISTYPED = [
    ("dev", "environment", "Dev"), ("dev", "tags.owner", 5), ("dev", "cluster.tier", "Gold"), ("dev", "zzz", 1),
    ("dev", "namespaces.testing.access.viewer", ["me"]), ("dev", "namespaces.logging.quota.pods", 0),
    ("dev", "ingress.hosts.extra", "Extra"), ("dev", "externals.log-collector.ports", "all"),
    ("dev", "images.redis.tag", 8.2), ("dev", "nodePools.system.maxSurge", "a third"), ("dev",
         "access.admins", ["me"]),
    ("dev", "images.redis", 5), ("dev", "externals.log-collector", 5), ("dev", "keyVaults.shop-kv", 5),
    ("dev", "nodePools.system", "x"), ("dev", "namespaces.testing", 5), ("dev", "ingress.hosts.admin", {"hots": "a.b"}),
    ("business-data-upload", "job.backoffLimit", -1), ("business-data-upload", "zzz", 1),
    ("business-data-upload", "resources.limits.cpu", "1 core"), ("business-data-upload", "image", "business-data"),
]  # fmt: skip
ELSEWHERE = [
    it for it in test_checks.CASES
    if it.stack == "dev" and not it.before and it.where == it.at[0] and it.where not in STACKS
    and it.where != "business-data-upload" and not it.where.startswith("Pulumi")
]  # fmt: skip


@pytest.mark.parametrize("number", range(0, len(ELSEWHERE), 3), ids=lambda it: ELSEWHERE[it].name)
def test_what_a_model_refuses_hides_no_cross_check_of_another_file_and_makes_none_up(number):
    other = ELSEWHERE[number]
    mistyped = MISTYPED[number % len(MISTYPED)]
    alone = told("dev", mistyped)
    assert len(alone) == 1
    both = told("dev", mistyped, (other.where, other.path, other.value))
    assert {str(it) for it in both} == {*map(str, alone), *map(str, test_checks.outcome(other)[0])}


PROXY = {"before": "started", "probes": {"startup": "tcp"}, "ports": {"admin": 9901}}
LEANING = [
    (("web", "config", {"env": {"A b": "x"}}), ("web", "env.A", {"config": "A"})),
    (("web", "secrets", {"A b": {}}), ("web", "env.A", {"secret": "A"})),
    (("web", "env.A", {"secrett": "TOKEN"}), ("web", "secrets.TOKEN", {})),
    (("web", "containers", {"proxy": {**PROXY, "env": {"A": {"secrett": "TOKEN"}}}}), ("web", "secrets.TOKEN", {})),
    (("web", "volumes", {"A b": {}}), ("web", "mounts", {"/x": "shop"})),
    (("web", "mounts", 5), ("web", "volumes.shop", {"emptyDir": {"sizeLimit": "1Mi"}})),
    (("web", "rollout", {"progressDeadlineSeconds": "1h"}),
     ("web", "probes.startup", {"tcpSocket": {}, "failureThreshold": 90})),
    (("web", "terminationGracePeriodSeconds", "2m"), ("web", "preStop", 60)),
    (("web", "terminationGracePeriodSeconds", "2m"), ("web", "containers", {"proxy": {**PROXY, "preStop": 60}})),
    (("web", "resources.limits.memory", "1 gig"),
     ("web", "volumes.shop", {"mountPath": "/x", "emptyDir": {"sizeLimit": "512Mi", "medium": "Memory"}})),
    (("web", "security", {"exception": {"level": "baseline", "reason": 5}}),
     ("web", "containers", {"proxy": {**PROXY, "security": {"runAsUser": 0}}})),
    (("redis", "kind", "stateful"), ("web", "affinity", {"near": {"redis": "preferred"}})),
    (("dev", "priorityClasses", {"live": 5}), ("web", "priorityClass", "live")),
    (("dev", "cni", "celium"), ("dev", "fqdnPolicies", True)),
    (("dev", "fqdnPolicies", "yes"), ("web", "uses", ["api.example.com:443"])),
    (("dev", "monitoring", {"namespace": "Kube System"}), ("web", "uses", ["monitoring:9091"])),
    (("dev", "monitoring", 5), ("web", "uses", ["monitoring:9091"])),
    (("dev", "network.podCidr", "10.200.0.0"), ("web", "uses", ["10.200.4.0/28:80"])),
    (("web", "ports", {"http": "80"}), ("web", "metrics", "http")),
    (("blob-service", "service", {"port": "80"}), ("web", "uses", ["course/blob-service:81"])),
    (("blob-service", "namespace", 5), ("web", "uses", ["course/blob-service"])),
    (("dev", "localDns", "yes"), ("dev", "fqdnPolicies", True)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("mistyped", "leaning"), LEANING, ids=[str(it[0][1:])[:60] for it in LEANING]
)
def test_what_leans_on_a_key_that_a_model_refuses_is_not_blamed(mistyped, leaning):
    found = told("dev", mistyped, leaning)
    assert len(found) == 1, [str(it) for it in found]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("target", "azure"),
        ("disks", "none"),
        ("nodeSelectors", 1),
        ("namespaces", []),
        ("ingress", None),
        ("images", 5),
    ],
)
def test_where_nothing_can_be_known_no_cross_check_makes_anything_up(path, value):
    assert len(told("dev", ("dev", path, value), ("web", "pool", "system"))) == 1


ODD = st.sampled_from(
    [None, True, False, 0, -1, 1.5, 10**30, float("inf"), "", "x", "x" * 300, "a b", "*", "é\n", "\0", "10.0.0.0/32",
     "0.0.0.0/0", "99%", "kube-system", "2024-01-01", [], {}, [1], {"a": 1}, [{"b": None}], SEALED]
)  # fmt: skip


@st.composite
def spoiled(draw):
    """A stack, and its files with a few keys lost, misspelt, copied elsewhere or given odd values."""
    stack = draw(st.sampled_from(STACKS))
    data = shipped()
    mine = [stack_file(stack)] + [name for name in data if name.startswith("workloads/")]
    touched = set()
    for _ in range(draw(st.integers(1, 5))):
        file = draw(st.sampled_from(mine) | st.just(mine[0]))
        holder, key = data[file], None
        while (
            isinstance(holder, dict | list) and holder and (key is None or draw(st.integers(0, 4)))
        ):
            keys = sorted(holder) if isinstance(holder, dict) else range(len(holder))
            above, key = holder, draw(st.sampled_from(keys))
            holder = above[key]
        if key is None:
            continue
        touched.add(file)
        how = draw(st.sampled_from(["lost", "odd", "misspelt"]))
        if how == "odd":
            above[key] = deepcopy(draw(ODD))
        elif how == "misspelt" and isinstance(above, dict):
            above[
                draw(st.sampled_from([f"{key}x", key[1:], key.upper(), f"{key}.{key}", f" {key}"]))
            ] = above.pop(key)
        else:
            del above[key]
    return stack, {name: dump(data[name]) for name in touched}


@hypothesis(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(spoiled())
def test_a_spoiled_estate_is_told_in_full_and_never_breaks_the_program(estate):
    stack, files = estate
    for fault in folder().faults(stack, files):
        assert fault.file in folder().texts
        assert fault.line is None or fault.line >= 1
        assert fault.rule
        assert fault.remedy
        assert "hunter2" not in str(fault)


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("regression-tests", "job.cases", ["a", 0]),
        ("regression-tests", "job.cases", [0]),
        ("web", "scratch", ["/run", "run"]),
        ("web", "scratch", {"/run": 5}),
        ("web", "service.ports", {"http": "80"}),
        ("web", "probes.readiness", "htp"),
        ("web", "probes.readiness.exec", 5),
        ("web", "mounts", {"/x": {"subPath": "a"}}),
        ("web", "preStop", "5s"),
        ("web", "release", {"strategy": "canaryy"}),
        ("web", "env.X", {"secrett": "A"}),
        ("web", "containers", {"a": {"before": "done"}}),
    ],
)
def test_a_wrong_short_form_is_one_fault_and_hides_none_of_another_file(name, path, value):
    [alone] = told("dev", (name, path, value))
    both = told("dev", (name, path, value), ("redis", "uses", ["zzz"]))
    assert len(both) == 2
    assert alone in both


def test_of_thousands_of_wrong_keys_the_first_are_told_and_the_rest_are_counted():
    wrong = shipped()["workloads/web.yaml"] | {f"k{number}": 1 for number in range(MOST_FAULTS + 7)}
    faults = folder().faults("dev", {"workloads/web.yaml": dump(wrong)})
    assert len(faults) == MOST_FAULTS + 1
    [rest] = [it for it in faults if it.rule == "and 7 more faults"]
    assert rest.line == len(dump(wrong).splitlines()) - 6


def test_of_thousands_of_overrides_for_no_workload_the_first_are_told():
    stack = shipped()[stack_file("dev")]
    overrides = stack["config"]["aks-platform:settings"]["workloads"]
    overrides |= {f"k{number}": {} for number in range(MOST_FAULTS + 7)}
    assert len(folder().faults("dev", {stack_file("dev"): dump(stack)})) == MOST_FAULTS
