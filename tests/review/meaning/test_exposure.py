"""What a change exposes and withdraws, as a reviewer reads it."""

import pytest

from review.meaning import exposure
from tests.review.guard.plans import adding, obj, plan, without
from tests.review.meaning.exposing import (
    HOST,
    INTERNAL,
    WEB_ROUTE,
    WEB_SERVICE,
    balancer,
    on_host,
    path,
    service,
    with_,
    with_paths,
)
from tests.review.meaning.telling import (
    WEB,
    facts,
    findings,
    messages,
    one,
    rules,
    told,
)


def test_a_host_that_is_exposed_is_one_fact_with_its_paths_workloads_and_certificate():
    head = adding(plan(), on_host("new.example", path("/"), path("/x", "blob-service"), tls=True))

    fact = one(facts(exposure, head), sign="gained")
    assert fact.message == (
        "host new.example is exposed to the Internet, with TLS by Secret new-tls: / to course/web, "
        "/x to course/blob-service"
    )
    assert fact.resource == "Ingress course/more"
    assert findings(exposure, head) == []


def test_a_host_that_is_exposed_without_tls_is_a_finding():
    (found,) = findings(exposure, adding(plan(), on_host("new.example", path("/"))))

    assert (found.rule, found.severity) == ("exposure-no-tls", "advisory")
    assert found.message == "host new.example is new and has no TLS"


def test_a_host_that_is_withdrawn_is_one_fact():
    base = adding(plan(), on_host("new.example", path("/"), tls=True))

    fact = one(facts(exposure, plan(), base), sign="lost")
    assert fact.message == "host new.example is withdrawn: it led / to course/web"


def test_tls_that_is_dropped_is_mandatory():
    head = with_(HOST, "spec.tls", ...)

    (found,) = findings(exposure, head)
    assert (found.rule, found.severity) == ("exposure-tls-dropped", "mandatory")
    assert (
        found.message
        == "host course.example has no TLS any more; its certificate was in Secret course-tls"
    )
    assert found.resource == "Ingress nginx-ingress/public"
    assert messages(facts(exposure, plan(), head)) == [
        "host course.example has TLS, by Secret course-tls"
    ]


def test_another_certificate_is_told_by_the_name_of_its_secret():
    head = with_(HOST, "spec.tls", [{"hosts": ["course.example"], "secretName": "other"}])

    (fact,) = told(exposure, head)
    assert (
        fact.message
        == "host course.example shows the certificate of Secret other, before of course-tls"
    )


def test_a_path_that_is_exposed_says_who_had_its_requests():
    head = with_paths(path("/course"), path("/course/new", "web-feature-login"))

    (fact,) = told(exposure, head)
    assert fact.message == (
        "course.example/course/new is exposed and leads to course/web-feature-login, which before went to "
        "course/web by /course"
    )
    (back,) = told(exposure, plan(), head)
    assert back.message == (
        "course.example/course/new is withdrawn: it led to course/web-feature-login; its requests go to "
        "course/web by /course now"
    )


def test_a_prefix_ends_at_a_slash():
    head = with_paths(path("/course"), path("/courses", "web-feature-login"))

    (fact,) = told(exposure, head)
    assert fact.message.endswith("which before went to course/authentication by /")


def test_a_path_that_moves_to_another_workload_is_a_change():
    head = with_paths(path("/course", "blob-service"))

    fact = one(facts(exposure, head), sign="changed")
    assert (
        fact.message == "course.example/course leads to course/blob-service, before to course/web"
    )
    assert (fact.old, fact.new) == ("course/web", "course/blob-service")


def test_a_host_that_moves_as_a_whole_is_told_as_a_host():
    base = adding(plan(), on_host("new.example", path("/"), path("/x"), tls=True))
    head = adding(
        plan(),
        on_host("new.example", path("/", "redis", 6379), path("/x", "redis", 6379), tls=True),
    )

    fact = one(facts(exposure, head, base), sign="changed")
    assert fact.message == "host new.example leads to course/redis, before to course/web"


def test_one_path_in_two_objects_is_a_finding():
    head = adding(plan(), on_host("course.example", path("/course", "blob-service")))

    found = one(findings(exposure, head), rule="exposure-path-taken")
    assert found.severity == "mandatory"
    assert (
        "is in Ingress course/more, Ingress course/web.public, and each leads it elsewhere"
        in found.message
    )
    assert findings(exposure, head, head) == []


def test_requests_that_one_object_shares_out_are_no_clash():
    splits = [{"weight": 50, "action": {"pass": it}} for it in ("a", "b")]
    spec = {
        "host": "own.example",
        "ingressClassName": "nginx",
        "tls": {"secret": "own-tls"},
        "upstreams": [
            {"name": "a", "service": "web", "port": 80},
            {"name": "b", "service": "blob-service", "port": 80},
        ],
        "routes": [{"path": "/", "splits": splits}],
    }
    head = adding(plan(), obj("k8s.nginx.org/v1", "VirtualServer", "own", {"spec": spec}))

    assert findings(exposure, head) == []
    assert (
        "/ to course/blob-service, course/web" in one(facts(exposure, head), sign="gained").message
    )


def test_what_was_shut_by_policy_before_is_not_told_again():
    base = without(plan(), "course-web-network-ingress")
    head = with_(WEB_SERVICE, "spec.sessionAffinity", "ClientIP", base)

    assert [it.rank for it in told(exposure, head, base)] == [80]


def test_a_class_that_nobody_serves_is_told():
    (fact,) = [
        it for it in facts(exposure, with_(HOST, "spec.ingressClassName", "other")) if it.rank == 9
    ]

    assert fact.message == (
        "host course.example is served by class other, before by nginx; "
        "this program installs no controller of that class"
    )
    assert any(
        "class other" in it for it in exposure.notes(with_(HOST, "spec.ingressClassName", "other"))
    )


def test_a_route_whose_workload_does_not_let_the_controller_in_is_told_so():
    head = without(plan(), "course-web-network-ingress")

    found = one(findings(exposure, head), rule="exposure-shut-by-policy")
    assert found.message == (
        "course.example/course leads to course/web, and network policies do not let the ingress controller call it"
    )
    assert (
        "course/web can no longer be reached from the Internet: it was by course.example/course"
        in messages(facts(exposure, head))
    )
    gained = one(findings(exposure, plan(), head), rule="exposure-internet")
    assert gained.message == (
        "course/web can be reached from the Internet now, and could not before: by course.example/course"
    )


@pytest.mark.parametrize(
    "head",
    [
        without(plan(), WEB_SERVICE),
        without(plan(), WEB),
        with_(WEB_SERVICE, "spec.selector", {"app": "nobody"}),
        with_(WEB_ROUTE, "spec.rules[].http.paths", [path("/course", port=81)]),
    ],
    ids=["no Service", "no workload", "selector", "port"],
)
def test_a_route_that_leads_nowhere_is_a_finding(head):
    found = one(findings(exposure, head), rule="exposure-leads-nowhere")

    assert found.severity == "mandatory"
    assert found.message.startswith("course.example/course leads to Service course/web port 8")


def test_a_public_load_balancer_is_mandatory_and_says_what_policies_let_in():
    head = with_(WEB_SERVICE, "spec.type", "LoadBalancer")

    found = one(findings(exposure, head), rule="exposure-public-balancer")
    assert found.severity == "mandatory"
    assert found.message == (
        "takes requests from the whole Internet on TCP 80 for course/web; "
        "the network policies of course/web refuse all of it"
    )
    fact = one(facts(exposure, head), sign="gained")
    assert fact.message == (
        "Service course/web, public LoadBalancer, takes requests from the whole Internet on TCP 80 for course/web"
    )
    back = one(facts(exposure, plan(), head), sign="lost")
    assert back.message.startswith("Service course/web takes no requests from outside any more")


def test_a_public_load_balancer_that_policies_let_in_makes_its_workload_reachable():
    base = without(plan(), WEB_ROUTE)
    head, _ = balancer()
    found = findings(exposure, without(head, WEB_ROUTE), base)

    assert rules(found) == ["exposure-internet", "exposure-public-balancer"]
    assert "Service course/more on TCP 80" in one(found, rule="exposure-internet").message


def test_a_load_balancer_that_policies_shut_makes_nobody_reachable():
    base = without(plan(), WEB_ROUTE)

    assert rules(
        findings(exposure, with_(WEB_SERVICE, "spec.type", "LoadBalancer", base), base)
    ) == ["exposure-public-balancer"]


def test_a_load_balancer_with_sources_is_advisory_and_without_them_again_mandatory():
    narrow, base = balancer(loadBalancerSourceRanges=["203.0.113.0/24"])
    wider, _ = balancer(loadBalancerSourceRanges=["203.0.112.0/23"])
    open_, _ = balancer()

    assert (
        one(findings(exposure, narrow, base), rule="exposure-public-balancer").severity
        == "advisory"
    )
    widened = one(findings(exposure, wider, narrow), rule="exposure-sources-widened")
    assert widened.severity == "advisory"
    assert "takes requests from 203.0.112.0/23, before from 203.0.113.0/24 alone" in widened.message
    assert (
        one(findings(exposure, open_, narrow), rule="exposure-sources-widened").severity
        == "mandatory"
    )
    assert findings(exposure, narrow, wider) == []
    assert one(facts(exposure, narrow, wider), sign="lost").message == (
        "Service course/more takes requests from 203.0.113.0/24, before from 203.0.112.0/23"
    )


def test_an_internal_load_balancer_that_becomes_public_is_mandatory():
    inside = adding(plan(), service("more", {INTERNAL: "true"}, type="LoadBalancer"))
    public = adding(plan(), service("more", type="LoadBalancer"))

    assert findings(exposure, inside)[0].rule == "exposure-internal-balancer"
    found = one(findings(exposure, public, inside), rule="exposure-public-balancer")
    assert found.severity == "mandatory"
    (fact,) = facts(exposure, public, inside)
    assert "public LoadBalancer, takes requests from the whole Internet" in fact.message
    assert "before internal LoadBalancer from the virtual network" in fact.message


def test_on_a_cluster_of_somebody_else_nobody_says_what_a_load_balancer_reaches():
    base = plan("local")
    head = with_(WEB_SERVICE, "spec.type", "LoadBalancer", base)

    (found,) = findings(exposure, head, base)
    assert "takes requests from wherever this cluster's load balancers reach" in found.message
