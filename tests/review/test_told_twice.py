"""What several parts of a review find of one cause is told once, and nothing is told less severely for it."""

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.policies import policies_of
from review.report import AreaFinding, area_of
from review.reviewing import Compared, review_plans
from review.told_twice import TOLD_BY, once
from tests.review.guard.plans import adding, edited, obj, of_type, plan
from tests.review.meaning.telling import WEB, container

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 21)


@cache
def policies():
    return policies_of(ROOT, "prod", ("dev", "local", "prod"))


def found(head):
    sides = (Compared(plan=it, label="") for it in (plan(), head))
    review = review_plans(*sides, today=TODAY, policies=policies())
    return {(area_of(it), it.rule) for it in review.findings}


def without_tls():
    head = plan()
    for row in of_type(plan(), "Ingress"):
        if row.type.startswith("kubernetes:"):
            head = edited(head, row.name, lambda it: it["spec"].pop("tls", None))
    return head


def new_host():
    spec = {
        "ingressClassName": "nginx",
        "rules": [{"host": "new.course.example", "http": {"paths": [{
            "path": "/", "pathType": "Prefix",
            "backend": {"service": {"name": "web", "port": {"number": 80}}},
        }]}}],
    }  # fmt: skip
    return adding(plan(), obj("networking.k8s.io/v1", "Ingress", "new", {"spec": spec}))


def open_service():
    spec = {
        "type": "LoadBalancer",
        "selector": {"app.kubernetes.io/name": "web"},
        "ports": [{"port": 80, "targetPort": 8080}],
    }
    return adding(plan(), obj("v1", "Service", "open", {"spec": spec}))


def of_web(**fields):
    return edited(plan(), WEB, lambda it: container(it).update(fields))


def level():
    [name] = [
        it.name for it in of_type(plan(), "Namespace") if it.inputs["metadata"]["name"] == "course"
    ]
    label = {"pod-security.kubernetes.io/enforce": "privileged"}
    return edited(plan(), name, lambda it: it["metadata"]["labels"].update(label))


LARGE = {"requests": {"cpu": "20", "memory": "1Gi"}, "limits": {"cpu": "20", "memory": "1Gi"}}
PLANTED = {
    "exposure-tls-dropped": (without_tls, "ingress-tls"),
    "ingress-tls": (new_host, "exposure-no-tls"),
    "exposure-public-balancer": (open_service, "service-load-balancer-open"),
    "admission-pod-security": (
        lambda: of_web(securityContext={"privileged": True}),
        "pod-security-refused",
    ),
    "admission-amounts": (lambda: of_web(resources=LARGE), "quota-impossible"),
    "namespace-pod-security": (level, "pod-security"),
    "image-digest-lost": (lambda: of_web(image="registry.example/web:2"), "image-digest"),
    "image-registry": (lambda: of_web(image="docker.io/x/y:2"), ""),
}


@pytest.mark.parametrize("rule", PLANTED)
def test_one_cause_is_told_where_it_says_most(rule):
    plant, other = PLANTED[rule]

    rules = [rule for _, rule in found(plant())]

    assert rules.count(rule) == 1
    assert other not in rules


def finding(area, rule, **fields):
    given = {"severity": "mandatory", "resource": "Deployment a/b", "message": "x", **fields}
    return AreaFinding(area=area, rule=rule, **given)


@pytest.mark.parametrize("told", TOLD_BY, ids=lambda it: it.rule)
def test_what_stays_is_never_weaker_or_less_sure_than_what_goes(told):
    message = "host a.example has no TLS any more"
    other = finding(told.area, told.rule, message=message)
    stays = finding(*told.by, message=message)

    assert once([other, stays]) == [stays]
    for weaker in (replace(stays, severity="advisory"), replace(stays, verdict="unknown")):
        assert once([other, weaker]) == [other, weaker]
    assert once([replace(other, severity="advisory"), stays]) == [stays]


@pytest.mark.parametrize("told", TOLD_BY, ids=lambda it: it.rule)
def test_another_object_is_another_cause(told):
    other = finding(told.area, told.rule, message="host a.example has no TLS any more")
    stays = finding(
        *told.by, resource="Deployment a/c", message="host b.example has no TLS any more"
    )

    assert once([other, stays]) == [other, stays]


def test_hosts_that_no_message_names_are_no_common_cause():
    one, other = finding("policy", "ingress-tls"), finding("exposure", "exposure-tls-dropped")

    assert once([one, other]) == [one, other]


KINDS = sorted({(it.area, it.rule) for it in TOLD_BY} | {it.by for it in TOLD_BY})
FINDINGS = st.builds(
    lambda kind, **fields: AreaFinding(area=kind[0], rule=kind[1], **fields),
    kind=st.sampled_from(KINDS),
    resource=st.sampled_from(["Pod a", "Pod b"]),
    path=st.sampled_from(["", "spec"]),
    message=st.sampled_from(["host a.example has no TLS", "no TLS for a.example", "host b is new"]),
    severity=st.sampled_from(["mandatory", "advisory"]),
    verdict=st.sampled_from(["fail", "unknown"]),
)


def weight(it):
    return it.severity == "mandatory", it.verdict == "fail"


@given(st.lists(FINDINGS, max_size=12), st.randoms(use_true_random=False))
def test_whatever_goes_leaves_one_that_says_it_and_is_no_weaker_in_any_order(found, random):
    kept = once(found)
    above = {(it.area, it.rule): [] for it in TOLD_BY}
    for it in TOLD_BY:
        above[it.area, it.rule].append(it.by)

    for it in found:
        if it in kept:
            continue
        by = [*above[it.area, it.rule]]
        by += [further for one in by for further in above.get(one, ())]
        assert any(
            (one.area, one.rule) in by
            and all(mine <= its for mine, its in zip(weight(it), weight(one), strict=True))
            for one in kept
        ), it
    turned = [*found]
    random.shuffle(turned)
    assert sorted(map(repr, once(turned))) == sorted(map(repr, kept))
