"""What a change exposes and withdraws: ways in that are odd, that go, and what stands behind them."""

import pytest

from review.meaning import exposure
from tests.review.guard.plans import adding, edited, obj, plan, put, without
from tests.review.meaning.exposing import (
    CONTROLLER,
    INTERNAL,
    balancer,
    on_host,
    path,
    service,
    with_,
)
from tests.review.meaning.telling import facts, findings, messages, one, told

EVERY = {"app.kubernetes.io/part-of": "course"}
"""A label of six workloads of the shipped stack."""

SOURCES = "values.controller.service.loadBalancerSourceRanges"


def test_a_service_of_many_workloads_names_them_in_order_and_says_whom_policies_keep_shut():
    head = adding(plan(), service("all", type="LoadBalancer", selector=EVERY))

    message = one(findings(exposure, head), resource="Service course/all").message
    leads, _, kept = message.partition("; ")
    names = leads.partition(" for ")[2].partition(" and ")[0].split(", ")
    assert names == sorted(names)
    assert len(names) == 3
    assert kept.startswith("the network policies of ")


def test_a_service_whose_pods_are_open_says_nothing_of_policies():
    head, base = balancer()

    found = one(findings(exposure, head, base), rule="exposure-public-balancer")
    assert found.message == "takes requests from the whole Internet on TCP 80 for course/web"


def test_a_port_by_number_is_the_same_port_as_by_name():
    by_number = [{"port": 80, "targetPort": 8080}]
    head, base = balancer(ports=by_number)

    assert told(exposure, head, base) == told(exposure, *balancer())
    routed = adding(
        plan(), service("by-number", ports=by_number), on_host("n.example", path("/", "by-number"))
    )
    named = adding(plan(), service("by-number"), on_host("n.example", path("/", "by-number")))
    assert told(exposure, routed) == told(exposure, named)
    assert "n.example is exposed" in messages(facts(exposure, routed))[0]


def test_a_service_that_is_gone_and_one_that_is_shut_are_told_apart():
    base, opened = balancer()
    shut = adding(opened, service("more"))

    assert one(facts(exposure, opened, base), sign="lost", rank=4).message == (
        "Service course/more takes no requests from outside any more: it was a public LoadBalancer "
        "on TCP 80 for course/web, and is gone"
    )
    assert one(facts(exposure, shut, base), sign="lost", rank=4).message.endswith(
        "on TCP 80 for course/web"
    )


def test_sources_of_a_controller_are_said_and_their_order_is_nothing():
    two = ["203.0.113.0/24", "198.51.100.0/24"]
    narrow, turned = with_(CONTROLLER, SOURCES, two), with_(CONTROLLER, SOURCES, two[::-1])

    assert told(exposure, turned, narrow) == []
    found = one(findings(exposure, plan(), narrow), rule="exposure-controller-public")
    assert found.message.startswith(
        "the ingress controller takes requests from the whole Internet, and no longer from "
        "198.51.100.0/24, 203.0.113.0/24 alone: "
    )
    assert one(facts(exposure, plan(), narrow), rank=0).told == "exposure-controller-public"
    back = one(facts(exposure, narrow), rank=0)
    assert back.told == ""
    assert "takes requests from 198.51.100.0/24, 203.0.113.0/24, before from" in back.message


def test_sources_of_an_internal_controller_open_nothing_to_the_internet():
    inside = with_(CONTROLLER, "values.controller.service.annotations", {INTERNAL: "true"})
    narrow = with_(CONTROLLER, SOURCES, ["10.1.0.0/16"], inside)

    assert findings(exposure, inside, narrow) == []


def test_a_resource_of_azure_that_anybody_could_call_and_is_gone_is_told():
    account = "aks-backup-storage-account"
    base = with_(account, "publicNetworkAccess", "Enabled")

    found = one(facts(exposure, without(base, account), base), path="publicNetworkAccess")
    assert found.message.endswith("can be called by nobody outside, before by the whole Internet")
    assert (found.old, found.new) == ("the whole Internet", "nobody outside")


def test_an_object_without_a_namespace_is_of_the_default_one():
    bare = on_host("new.example", path("/"), tls=True)
    del bare.inputs["metadata"]["namespace"]

    assert one(facts(exposure, adding(plan(), bare)), sign="gained").resource == (
        "Ingress default/more"
    )


def test_a_class_that_changes_for_two_hosts_is_told_of_each():
    def both(kind):
        hosts = [on_host(f"{it}.example", path("/"), tls=True, name=it) for it in ("one", "two")]
        for it in hosts:
            it.inputs["spec"]["ingressClassName"] = kind
        return adding(plan(), *hosts)

    found = facts(exposure, both("other"), both("nginx"))
    assert [it.message.partition(" is")[0] for it in found if it.path] == [
        "host one.example",
        "host two.example",
    ]


@pytest.mark.parametrize("odd", [{"a": 1}, ["a"], 3, None])
def test_a_certificate_that_is_no_name_is_none_and_ends_no_review(odd):
    routes = [{"path": "/", "action": {"pass": "web"}}]
    spec = {
        "host": "own.example",
        "ingressClassName": "nginx",
        "tls": {"secret": odd},
        "upstreams": [{"name": "web", "service": "web", "port": 80}],
        "routes": routes,
    }
    head = adding(plan(), obj("k8s.nginx.org/v1", "VirtualServer", "own", {"spec": spec}))

    assert one(findings(exposure, head)).rule == "exposure-no-tls"


def test_an_ingress_that_loses_its_certificate_names_the_place_of_it():
    with_tls = adding(plan(), on_host("new.example", path("/"), tls=True))
    head = edited(with_tls, "more", lambda it: put(it, "spec.tls", ...))

    assert one(findings(exposure, head, with_tls)).path == "spec.tls"
