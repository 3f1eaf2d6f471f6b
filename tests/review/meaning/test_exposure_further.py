"""What a change exposes and withdraws, as a reviewer reads it: further cases."""

from dataclasses import replace

import pytest

from review.meaning import exposure
from tests.review.guard.plans import adding, edited, made, obj, plan, put, without
from tests.review.meaning.estates import SECRET, UNKNOWN
from tests.review.meaning.exposing import (
    CLUSTER,
    CONTROLLER,
    HOST,
    INTERNAL,
    RANGES,
    WEB_ROUTE,
    WEB_SERVICE,
    balancer,
    on_host,
    path,
    with_,
)
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
    assert found.message.endswith("before by nobody outside")


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


def test_what_was_shut_and_is_open_to_everybody_is_mandatory_and_what_is_new_is_advisory():
    private = with_(CLUSTER, "apiServerAccessProfile", {"enablePrivateCluster": True})
    public = with_(CLUSTER, "apiServerAccessProfile", ...)

    opened = one(findings(exposure, public, private), rule="exposure-azure-opened")
    assert opened.severity == "mandatory"
    assert opened.message.endswith("by the whole Internet, before by nobody outside")
    new = one(findings(exposure, public, without(public, CLUSTER)), rule="exposure-azure-opened")
    assert new.severity == "advisory"


def test_a_word_that_shut_a_resource_of_azure_and_goes_opens_it():
    account = "aks-backup-storage-account"
    shut = with_(account, "publicNetworkAccess", "Disabled")
    unsaid = with_(account, "publicNetworkAccess", ...)
    enabled = with_(account, "publicNetworkAccess", "Enabled")

    found = one(findings(exposure, unsaid, shut), rule="exposure-azure-opened")
    assert (found.severity, found.path) == ("mandatory", "publicNetworkAccess")
    assert one(facts(exposure, shut, unsaid), sign="lost").new == "nobody outside"
    for base, head in ((enabled, unsaid), (unsaid, enabled), (without(unsaid, account), unsaid)):
        assert not [it for it in told(exposure, head, base) if it.path == "publicNetworkAccess"]
    assert not [
        it
        for it in told(exposure, without(unsaid, account), unsaid)
        if it.path == "publicNetworkAccess"
    ]


@pytest.mark.parametrize(
    ("type_", "at"),
    [
        ("azure-native:containerregistry:Registry", ""),
        ("azure-native:keyvault:Vault", "properties."),
        ("azure-native:storage/v20240101:StorageAccount", ""),
    ],
)
def test_registries_vaults_and_accounts_answer_everybody_unless_they_are_told_not_to(type_, at):
    def with_inputs(**inputs):
        below = {"properties": inputs} if at else inputs
        return adding(plan(), made(type_, "own", below))

    shut = with_inputs(publicNetworkAccess="Disabled")
    assert one(findings(exposure, with_inputs(), shut)).path == f"{at}publicNetworkAccess"


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
