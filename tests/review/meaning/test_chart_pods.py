"""Pods that a stack says its charts make: who may call them, and whom they may call, is told like any other's."""

import pytest

from manifests.charts import COMPONENT
from review.analyses.pods import RELEASE
from review.meaning import connections, exposure
from review.plan import SECRET, UNKNOWN, Resource
from tests.review.guard.plans import adding, obj, plan
from tests.review.meaning.estates import both_ways, policy, rule
from tests.review.meaning.telling import facts, findings, one, shuffled

URN = "urn:pulumi:prod::aks-platform::{}::{}"
LABELS = {"app.kubernetes.io/name": "exporter"}
EXPORTER = [{"labels": LABELS, "ports": {"metrics": {"port": 9121, "protocol": "TCP"}}}]


def with_chart(pods, base=None):
    """A chart of the estate, with what its settings say of its pods."""
    above = Resource(
        urn=URN.format(COMPONENT, "course-exporter"),
        type=COMPONENT,
        name="course-exporter",
        inputs={"pods": pods} if pods else {},
    )
    release = Resource(
        urn=URN.format(f"{COMPONENT}${RELEASE}", "course-exporter-release"),
        type=RELEASE,
        name="course-exporter-release",
        parent=above.urn,
        inputs={"name": "exporter", "namespace": "course", "chart": "oci://r.example/exporter"},
    )
    return adding(base or plan(), above, release)


def calling(base):
    """Policies by which the exporter may ask redis."""
    return adding(base, *both_ways("exporter", "redis", 6379))


def test_a_policy_opens_and_shuts_a_way_from_a_charts_pods():
    before = with_chart(EXPORTER)

    opened = one(facts(connections, calling(before), before), sign="gained")
    assert opened.message.startswith("course/exporter may now call course/redis on TCP 6379; ")
    shut = one(facts(connections, before, calling(before)), sign="lost")
    assert shut.message.startswith("course/exporter may no longer call course/redis on TCP 6379; ")


def test_a_policy_opens_and_shuts_a_way_to_a_charts_pods_by_the_name_of_a_port():
    before = with_chart(EXPORTER)
    caller = {"podSelector": {"matchLabels": {"app.kubernetes.io/name": "web"}}}
    target = {"podSelector": {"matchLabels": LABELS}}
    both = [
        policy("exporter-in", {**target, "ingress": [rule(caller, "metrics")]}),
        policy("web-out", {**caller, "policyTypes": ["Egress"], "egress": [rule(target, 9121, key="to")]}),
    ]  # fmt: skip

    opened = one(facts(connections, adding(before, *both), before), sign="gained")
    assert opened.message.startswith("course/web may now call course/exporter on TCP 9121; ")


def test_of_a_chart_whose_pods_nobody_says_the_review_says_that_it_does_not_know():
    silent, told = with_chart([]), with_chart(EXPORTER)

    assert facts(connections, calling(silent), silent) == []
    [note] = [it for it in connections.notes(connections.of_plan(silent)) if "exporter" in it]
    assert "are in no plan" in note
    assert not [it for it in connections.notes(connections.of_plan(told)) if "exporter" in it]


@pytest.mark.parametrize(
    "pods", [dict(UNKNOWN), dict(SECRET), [dict(UNKNOWN)], "x", [{"labels": 3}]]
)
def test_what_is_no_description_of_pods_is_none(pods):
    side = connections.of_plan(with_chart(pods))

    assert side == connections.of_plan(shuffled(with_chart(pods)))
    assert not [it for it in side.ends if it.title == "course/exporter" and it.pods[0].labels]


def test_ports_that_are_not_told_are_none():
    odd = [{"labels": LABELS, "ports": {"a": {"port": dict(UNKNOWN)}, "b": dict(SECRET), "c": 3}}]
    [end] = [it for it in connections.of_plan(with_chart(odd)).ends if it.kind == "Chart"][:1]

    assert end.pods[0].named == ()


def test_a_load_balancer_before_a_charts_pods_is_told_with_them():
    before = with_chart(EXPORTER)
    spec = {"type": "LoadBalancer", "selector": LABELS, "ports": [{"port": 80, "targetPort": 9121}]}
    service = obj("v1", "Service", "exporter", {"spec": spec})

    it = one(facts(exposure, adding(before, service), before), sign="gained")
    assert "course/exporter" in it.message
    assert findings(exposure, adding(before, service), before)


def test_a_chart_that_comes_with_pods_is_a_new_workload():
    it = one(facts(connections, with_chart(EXPORTER)), sign="gained")

    assert it.message.startswith("course/exporter is new: ")
    assert it.resource == "Release course/exporter"
