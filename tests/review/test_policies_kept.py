"""Results of rules that are kept between runs: what they hang on, in the namespace of an object and in none."""

import dataclasses

import pytest

from policy.evaluation import MALFORMED
from policy.rules import all_rules
from review.plan import UNKNOWN, Plan, Resource
from review.policies import Policies, judged, object_in, told_once
from review.report import AreaFinding
from review.sources.memo import Memo
from tests.review.guard.plans import made, obj
from tests.review.meaning.estates import deployment
from tests.review.test_policies import TODAY

POLICIES = Policies(all_rules())


def said(plan, memo=None):
    return sorted(
        (it.rule, it.resource, it.path, it.verdict)
        for it in judged(plan, POLICIES, TODAY, memo).findings
    )


def of_pod(**spec):
    manifest = deployment("web", "shop")
    manifest["spec"]["template"]["spec"].update(spec)
    return obj("apps/v1", "Deployment", "web", {"spec": manifest["spec"]}, "shop")


def in_none(api, kind, name, **rest):
    return obj(api, kind, name, rest, "")


CASES = {
    "ref-priority-class": (
        of_pod(priorityClassName="own"),
        lambda name: in_none("scheduling.k8s.io/v1", "PriorityClass", name, value=1),
    ),
    "ref-storage-class": (
        obj("v1", "PersistentVolumeClaim", "disk", {"spec": {
            "storageClassName": "own", "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": "1Gi"}},
        }}, "shop"),
        lambda name: in_none("storage.k8s.io/v1", "StorageClass", name, provisioner="x"),
    ),
    "ref-ingress-class": (
        obj("networking.k8s.io/v1", "Ingress", "web", {"spec": {"ingressClassName": "own"}}, "shop"),
        lambda name: in_none("networking.k8s.io/v1", "IngressClass", name, spec={"controller": "x"}),
    ),
}  # fmt: skip


@pytest.mark.parametrize("rule", sorted(CASES))
def test_what_is_in_no_namespace_counts_for_what_is_in_one_past_all_that_is_kept(rule):
    asking, class_ = CASES[rule]
    plans = [
        Plan(project="p", stack="dev", resources=(asking, class_(name)))
        for name in ("own", "another", "own")
    ]
    memo = Memo()

    found = [said(it, memo) for it in plans]
    assert found == [said(it) for it in plans]
    assert [any(it[0] == rule for it in one) for one in found] == [False, True, False]


def test_resources_of_azure_are_judged_and_components_are_not():
    cluster = made("azure-native:containerservice:ManagedCluster", "aks", {"enableRBAC": False})
    component = Resource(urn="urn:c", type="aks-platform:azure:Cluster", name="c")
    plan = Plan(project="p", stack="dev", resources=(component, cluster))

    assert object_in(cluster) is not None
    assert object_in(component) is None
    assert {it[1] for it in said(plan)} == {"ManagedCluster aks"}
    odd = dataclasses.replace(
        cluster, type="kubernetes:core/v1:ConfigMap", inputs={"kind": dict(UNKNOWN)}
    )
    assert object_in(odd) is None


def unknown(resource, message="a.b must be known", path="spec", **rest):
    given = {"rule": "r", "severity": "mandatory", "verdict": "unknown", "area": "policy", **rest}
    return AreaFinding(resource=resource, message=message, path=path, **given)


def test_what_cannot_be_decided_for_one_reason_is_one_finding_of_the_first_by_name():
    found = told_once([unknown("Pod b"), unknown("Pod a"), unknown("Pod c")])

    [it] = found
    assert it.resource == "Pod a"
    assert "Pod b" in it.message
    assert "Pod c" in it.message


@pytest.mark.parametrize(
    "other",
    [
        unknown("Pod b", message="another"),
        unknown("Pod b", rule="s"),
        unknown("Pod b", severity="advisory"),
        unknown("Pod b", verdict="fail"),
    ],
    ids=["reason", "rule", "severity", "verdict"],
)
def test_what_differs_in_anything_that_counts_stays_apart(other):
    found = [unknown("Pod a"), other]

    assert told_once(found) == found
    assert told_once(found[::-1]) == found[::-1]


def test_what_fails_and_what_is_malformed_is_told_of_each():
    fails = [unknown(it, verdict="fail") for it in ("Pod a", "Pod b")]
    odd = [unknown(it, message=MALFORMED) for it in ("Pod a", "Pod b")]

    assert told_once(fails) == fails
    assert told_once(odd) == odd
