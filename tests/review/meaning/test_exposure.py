"""What a change exposes and withdraws, as a reviewer reads it."""

from dataclasses import replace

import pytest

from review.meaning import exposure
from tests.review.guard.plans import adding, edited, obj, plan, put, without
from tests.review.meaning.estates import SECRET, UNKNOWN
from tests.review.meaning.telling import (
    WEB,
    facts,
    findings,
    messages,
    one,
    rules,
    shuffled,
    told,
)

WEB_SERVICE = "course-web-service"
WEB_ROUTE = "course-web-route-public"
HOST = "ingress-host-public"
CONTROLLER = "ingress-controller"
INTERNAL = "service.beta.kubernetes.io/azure-load-balancer-internal"


def with_(name, path, value, base=None):
    return edited(base or plan(), name, lambda it: put(it, path, value))


def path(where, service="web", port=80, kind="Prefix"):
    backend = {"service": {"name": service, "port": {"number": port}}}
    return {"path": where, "pathType": kind, "backend": backend}


def with_paths(*paths, name=WEB_ROUTE, base=None):
    return with_(name, "spec.rules[].http.paths", [*paths], base)


def on_host(host, *paths, tls=False, **metadata):
    """One more Ingress."""
    spec = {"ingressClassName": "nginx", "rules": [{"host": host, "http": {"paths": [*paths]}}]}
    if tls:
        spec["tls"] = [{"hosts": [host], "secretName": "new-tls"}]
    name = metadata.get("name", "more")
    return obj("networking.k8s.io/v1", "Ingress", name, {"spec": spec})


def balancer(**spec):
    """The plan with one more Service of type LoadBalancer for `web`, whose policy lets everybody in."""
    opened = edited(plan(), "course-web-network-ingress", _open)
    return adding(opened, service("more", type="LoadBalancer", **spec)), opened


def service(name, annotations=None, **spec):
    selector = {"app.kubernetes.io/name": "web", "app.kubernetes.io/instance": "course-web"}
    body = {"selector": selector, "ports": [{"port": 80, "targetPort": "http"}], **spec}
    made = obj("v1", "Service", name, {"spec": body})
    made.inputs["metadata"]["annotations"] = annotations or {}
    return made


def _open(inputs):
    inputs["spec"]["ingress"].append({"ports": [{"port": 8080}]})


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


def test_a_node_port_is_a_finding():
    head = with_(WEB_SERVICE, "spec.type", "NodePort")
    put(
        next(it for it in head.resources if it.name == WEB_SERVICE).inputs,
        "spec.ports[].nodePort",
        30099,
    )

    (found,) = findings(exposure, head)
    assert (found.rule, found.severity) == ("exposure-node-port", "advisory")
    assert "every node answers on TCP 80 (node port 30099) for course/web" in found.message


def test_ports_of_a_service_that_is_open_outwards_come_and_go():
    two = [{"port": 80, "targetPort": "http"}, {"port": 81, "targetPort": "http"}]
    base, _ = balancer()
    head, _ = balancer(ports=two)

    assert messages(facts(exposure, head, base)) == [
        "Service course/more, public LoadBalancer, takes requests on TCP 81"
    ]
    assert messages(facts(exposure, base, head)) == [
        "Service course/more, public LoadBalancer, no longer takes requests on TCP 81"
    ]


def test_a_service_that_leads_elsewhere_is_told():
    base, _ = balancer()
    head, _ = balancer(selector={"app.kubernetes.io/name": "blob-service"})

    fact = one(facts(exposure, head, base), rank=6)
    assert fact.message == (
        "Service course/more, public LoadBalancer, leads to course/blob-service, before to course/web"
    )


@pytest.mark.parametrize(
    ("key", "value"),
    [("sessionAffinity", "ClientIP"), ("internalTrafficPolicy", "Local")],
)
def test_lesser_manners_of_a_service_are_told_last(key, value):
    (fact,) = told(exposure, with_(WEB_SERVICE, f"spec.{key}", value))

    assert fact.rank == 80
    assert fact.message.startswith(f"Service course/web has {key} {value}, before ")


def test_a_controller_that_becomes_public_is_mandatory_with_the_hosts_behind_it():
    values = "values.controller.service.annotations"
    inside = with_(CONTROLLER, values, {INTERNAL: "true"})

    found = one(findings(exposure, plan(), inside), rule="exposure-controller-public")
    assert found.severity == "mandatory"
    assert found.message == (
        "the ingress controller takes requests from the whole Internet, and no longer from the virtual network alone: "
        "2 hosts behind it"
    )
    back = one(facts(exposure, inside), sign="changed")
    assert "takes requests from the virtual network, before from the whole Internet" in back.message


def test_a_controller_comes_and_goes():
    head = without(plan(), CONTROLLER)

    assert (
        "ingress controller nginx-ingress/nginx-ingress is gone: nobody answers for its hosts"
        in messages(facts(exposure, head))
    )
    assert one(facts(exposure, plan(), head), rank=0).message == (
        "ingress controller nginx-ingress/nginx-ingress takes requests from the whole Internet, 2 hosts behind it"
    )


def test_routes_of_the_controllers_own_kinds_are_read_too():
    spec = {
        "host": "own.example",
        "ingressClassName": "nginx",
        "tls": {"secret": "own-tls"},
        "upstreams": [{"name": "web", "service": "web", "port": 80}],
        "routes": [{"path": "/", "action": {"pass": "web"}}],
    }
    head = adding(plan(), obj("k8s.nginx.org/v1", "VirtualServer", "own", {"spec": spec}))

    (fact,) = told(exposure, head)
    assert fact.message == (
        "host own.example is exposed to the Internet, with TLS by Secret own-tls: / to course/web"
    )
    dropped = adding(
        plan(), obj("k8s.nginx.org/v1", "VirtualServer", "own", {"spec": {**spec, "tls": None}})
    )
    assert rules(findings(exposure, dropped, head)) == ["exposure-tls-dropped"]


@pytest.mark.parametrize(
    ("mark", "word"), [(UNKNOWN, "must be known"), (SECRET, "is a secret that no plan shows")]
)
@pytest.mark.parametrize(
    ("name", "where"),
    [
        (WEB_ROUTE, "spec.rules[0].host"),
        (WEB_ROUTE, "spec.rules[0].http.paths[0].path"),
        (WEB_ROUTE, "spec.ingressClassName"),
        (HOST, "spec.tls"),
        (WEB_SERVICE, "spec.type"),
        (WEB_SERVICE, "spec.selector"),
        (WEB_SERVICE, "spec.ports[0].port"),
    ],
)
def test_whatever_is_not_known_is_told_by_its_path(name, where, mark, word):
    head = with_(name, where.replace("[0]", "[]"), dict(mark))

    found = one(findings(exposure, head), rule="exposure-unknown")
    assert (found.verdict, found.path) == ("unknown", where)
    assert found.message == f"what it exposes cannot be told: {where} {word}"
    assert any(where in it for it in exposure.notes(head))
    assert all(it.verdict == "unknown" for it in findings(exposure, head)), "nothing is certain"
    assert all("not for certain" in it.message for it in facts(exposure, head))


@pytest.mark.parametrize(
    ("name", "where"),
    [
        (WEB, "spec.template.metadata.labels"),
        ("course-web-network-ingress", "spec.ingress[].from[].podSelector"),
    ],
)
def test_what_hangs_on_a_pod_or_a_policy_that_is_not_known_is_not_for_certain(name, where):
    head = edited(plan(), name, lambda it: put(it, where, dict(UNKNOWN)))

    found = told(exposure, head)
    assert found, "it looks as if nobody answered, or nobody were let in"
    assert all("not for certain" in it.message for it in found)


def test_what_the_api_server_would_refuse_is_told():
    found = one(
        findings(exposure, with_(WEB_SERVICE, "spec.ports[].port", "eighty")),
        rule="exposure-refused-object",
    )

    assert found.resource == "Service web"


CLUSTER = "aks-cluster-managed-cluster"
RANGES = "apiServerAccessProfile.authorizedIPRanges"


def test_an_api_server_that_more_may_call_is_told_and_one_that_everybody_may_is_mandatory():
    base = with_(CLUSTER, RANGES, ["203.0.113.0/24"])
    wider = with_(CLUSTER, RANGES, ["203.0.113.0/24", "198.51.100.7/32"])
    open_ = with_(CLUSTER, RANGES, ...)

    assert one(findings(exposure, wider, base), rule="exposure-azure-opened").severity == "advisory"
    found = one(findings(exposure, open_, base), rule="exposure-azure-opened")
    assert found.severity == "mandatory"
    assert found.message == (
        "the API server of ManagedCluster aks-course-prod can be called by the whole Internet, "
        "before by 203.0.113.0/24 alone"
    )
    assert findings(exposure, base, wider) == []
    assert one(facts(exposure, base, open_), sign="lost").message == (
        "ManagedCluster aks-course-prod can be called by 203.0.113.0/24, before by the whole Internet"
    )


def test_a_range_that_only_a_deployment_tells_hides_no_other():
    own = edited(plan(), CLUSTER, lambda it: put(it, RANGES, ["203.0.113.0/24", dict(UNKNOWN)]))
    more = edited(
        plan(), CLUSTER, lambda it: put(it, RANGES, ["0.0.0.0/1", "203.0.113.0/24", dict(UNKNOWN)])
    )

    message = one(findings(exposure, more, own), rule="exposure-azure-opened").message
    assert (
        "can be called by 0.0.0.0/1, 203.0.113.0/24, an address that only a deployment tells"
        in message
    )
    assert findings(exposure, own, more) == []


def test_a_private_api_server_that_becomes_public_is_told():
    base = with_(CLUSTER, "apiServerAccessProfile.enablePrivateCluster", True)

    found = one(
        findings(exposure, with_(CLUSTER, RANGES, ["203.0.113.0/24"]), base),
        rule="exposure-azure-opened",
    )
    assert "before by nobody outside alone" in found.message


@pytest.mark.parametrize(
    "path", ["apiServerAccessProfile", "apiServerAccessProfile.enablePrivateCluster", RANGES]
)
def test_an_api_server_of_which_too_little_is_known_is_told(path):
    base = with_(CLUSTER, RANGES, ["203.0.113.0/24"])
    head = with_(CLUSTER, path, dict(UNKNOWN), base)

    found = one(findings(exposure, head, base), rule="exposure-azure-unknown")
    assert found.verdict == "unknown"
    assert "apiServerAccessProfile must be known" in found.message


def test_a_resource_of_azure_that_is_opened_to_the_internet_is_told():
    account = "aks-backup-storage-account"
    shut = with_(account, "publicNetworkAccess", "Disabled")
    ruled = with_(
        account,
        "networkRuleSet",
        {"defaultAction": "Deny", "ipRules": [{"iPAddressOrRange": "203.0.113.9"}]},
    )
    ruled = with_(account, "publicNetworkAccess", "Enabled", ruled)
    open_ = with_(account, "networkRuleSet.defaultAction", "Allow", ruled)

    assert (
        "203.0.113.9" in one(findings(exposure, ruled, shut), rule="exposure-azure-opened").message
    )
    assert (
        one(findings(exposure, open_, ruled), rule="exposure-azure-opened").severity == "mandatory"
    )
    assert one(facts(exposure, shut, open_), sign="lost").new == "nobody outside"
    unknown = with_(account, "publicNetworkAccess", dict(SECRET))
    assert (
        one(findings(exposure, unknown, shut), rule="exposure-azure-unknown").verdict == "unknown"
    )


def test_nothing_is_told_of_a_plan_and_itself():
    for stack in ("dev", "prod", "local"):
        assert told(exposure, plan(stack), plan(stack)) == []


def test_the_order_of_rows_changes_nothing():
    head, _ = balancer(loadBalancerSourceRanges=["203.0.113.0/24"])
    head = adding(without(head, "course-web-network-ingress"), on_host("new.example", path("/")))

    assert told(exposure, shuffled(head), shuffled(plan(), 2)) == told(exposure, head)


def test_names_that_are_hostile_stay_as_they_are():
    head = adding(plan(), on_host("<b>|`\x1b[31m", path("/"), tls=True))

    assert "host <b>|`\x1b[31m is exposed" in messages(facts(exposure, head))[0]


def test_a_cluster_without_a_controller_of_its_own_is_a_note():
    assert any("is not in this program" in it for it in exposure.notes(plan("local")))
    assert list(exposure.notes(exposure.of_plan(plan()))) == list(exposure.notes(plan())) == []


def test_source_ranges_of_a_controller_count():
    wide = "values.controller.service.loadBalancerSourceRanges"
    narrow = with_(CONTROLLER, wide, ["203.0.113.0/24"])

    assert (
        one(findings(exposure, plan(), narrow), rule="exposure-controller-public").severity
        == "mandatory"
    )
    assert findings(exposure, narrow) == []


def test_a_plan_that_is_edited_by_hand_is_not_changed_by_reading_it():
    before = plan().to_json()
    exposure.of_plan(replace(plan()))

    assert plan().to_json() == before
