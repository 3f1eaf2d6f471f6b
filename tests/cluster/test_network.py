"""Network policies as the API server takes them: every form of `uses`, on every network plugin.

No plugin runs here, so no packet is sent: what a policy opens is held by `tests/manifests/test_network_policy*.py`.
"""

import pytest

from tests.cluster.control_plane.client import ApiError
from tests.cluster.estate import one

API = {"ports": {"http": 8080, "stats": 9100}, "service": 80, "metrics": "stats"}
FORMS = ["sql-gateway:1433", "internet:443", "kubernetes", "monitoring:9091", "10.60.4.0/28:1433"]
MONITORING = {"namespace": "kube-system", "podLabels": {"rsName": "ama-metrics"}}
STACK = {"monitoring": MONITORING, "localDns": True}
HOSTS = ["api.example.com:443", "*.example.com:443"]


def estate(lab, *uses):
    return {"api": API, "web": {"uses": [f"{lab.namespace}/api:80", *uses]}}


def policies(manifests):
    return [it for it in manifests if it["kind"] in ("NetworkPolicy", "CiliumNetworkPolicy")]


@pytest.mark.parametrize("cni", ["cilium", "calico", "azure", "none"])
def test_every_policy_is_kept_as_it_was_said(lab, cni):
    said = policies(lab.run(estate(lab, *FORMS), {**STACK, "cni": cni}))
    assert len(said) == 4 + (cni == "cilium"), [it["metadata"]["name"] for it in said]
    for it in said:
        assert lab.api.get(lab.api.path(it))["spec"] == it["spec"], it["metadata"]["name"]


DNS = {
    "ports": {
        "dns": {"port": 53, "protocol": "UDP"},
        "dns-tcp": 53,
        "assoc": {"port": 53, "protocol": "SCTP"},
    },
    "service": {"ports": {"dns": 53, "dns-tcp": 53, "assoc": 53}},
}


def ends(said, name):
    """Of one policy every port that it opens to a workload or from one."""
    [it] = [it for it in said if it["metadata"]["name"] == name]
    rules = [*it["spec"].get("ingress", []), *it["spec"].get("egress", [])]
    return sorted((port["protocol"], port["port"]) for rule in rules for port in rule["ports"])


def test_one_number_over_three_protocols_is_kept_at_both_ends_and_in_front_of_them(lab):
    manifests = lab.run(
        {"api": DNS, "web": {"uses": [f"{lab.namespace}/api", "internet:3478/UDP"]}}
    )
    said = policies(manifests)
    for it in said:
        assert lab.api.get(lab.api.path(it))["spec"] == it["spec"], it["metadata"]["name"]
    three = [("SCTP", 53), ("TCP", 53), ("UDP", 53)]
    assert ends(said, "api-ingress") == three
    assert ends(said, "web-egress") == sorted([*three, ("UDP", 3478)])
    live = lab.api.get(lab.api.path(one(manifests, "Service")))["spec"]["ports"]
    assert sorted((it["protocol"], it["port"], it["targetPort"]) for it in live) == [
        ("SCTP", 53, "assoc"),
        ("TCP", 53, "dns-tcp"),
        ("UDP", 53, "dns"),
    ]


def test_one_caller_over_one_protocol_opens_no_other(lab):
    said = policies(lab.run({"api": DNS, "web": {"uses": ["api:53/UDP"]}}))
    assert ends(said, "api-ingress") == ends(said, "web-egress") == [("UDP", 53)]


def of_one_protocol(service):
    for it in service["spec"]["ports"]:
        it["protocol"] = "UDP"


def of_none_that_is(service):
    service["spec"]["ports"][0]["protocol"] = "QUIC"


@pytest.mark.parametrize("mutation", [of_one_protocol, of_none_that_is])
def test_a_service_with_one_number_twice_over_one_protocol_or_over_none_that_is_is_refused(
    lab, mutation
):
    manifests = lab.render({"api": DNS})
    mutation(one(manifests, "Service"))
    with pytest.raises(ApiError, match=r"duplicate entries|supported values"):
        lab.apply(manifests)


BALANCED = {
    "ports": DNS["ports"],
    "service": {"type": "LoadBalancer", "ports": {"dns": {"port": 53, "nodePort": 30053},
                                                  "dns-tcp": {"port": 53, "nodePort": 30053}}},
}  # fmt: skip


def test_a_load_balancer_takes_two_protocols_on_one_number_and_one_node_port(lab):
    live = lab.api.get(lab.api.path(one(lab.run({"api": BALANCED}), "Service")))["spec"]
    assert [(it["protocol"], it["nodePort"]) for it in live["ports"]] == [
        ("UDP", 30053),
        ("TCP", 30053),
    ]


def test_monitoring_in_the_tenant_has_its_way_out_and_in_and_both_are_kept(lab):
    monitoring = {"namespace": lab.namespace, "podLabels": {"app": "prometheus"}}
    said = policies(lab.run(estate(lab, "monitoring:9091"), {"monitoring": monitoring}))
    names = {it["metadata"]["name"] for it in said}
    assert {"monitoring-egress", "monitoring-ingress"} <= names
    for it in said:
        assert lab.api.get(lab.api.path(it))["spec"] == it["spec"], it["metadata"]["name"]


def test_hosts_are_a_policy_of_cilium_that_is_kept_too(lab):
    said = policies(lab.run(estate(lab, *HOSTS), {"fqdnPolicies": True}))
    [hosts] = [it for it in said if it["kind"] == "CiliumNetworkPolicy"]
    live = lab.api.get(lab.api.path(hosts))["spec"]
    assert live == hosts["spec"]
    assert live["egress"][1]["toFQDNs"] == [
        {"matchName": "api.example.com"},
        {"matchPattern": "*.example.com"},
    ]


def misspelt(policy):
    policy["spec"]["egress"][1]["toFqdns"] = policy["spec"]["egress"][1].pop("toFQDNs")


def numeric_port(policy):
    policy["spec"]["egress"][1]["toPorts"][0]["ports"][0]["port"] = 443


def with_scheme(policy):
    policy["spec"]["egress"][1]["toFQDNs"][0]["matchName"] = "https://api.example.com"


@pytest.mark.parametrize("mutation", [misspelt, numeric_port, with_scheme])
def test_a_policy_of_cilium_that_is_not_one_is_refused(lab, mutation):
    manifests = lab.render(estate(lab, *HOSTS), {"fqdnPolicies": True})
    mutation(one(manifests, "CiliumNetworkPolicy"))
    with pytest.raises(ApiError, match=r"toFqdns|port|matchName"):
        lab.apply(manifests)


def outside_of_its_block(policy):
    block = next(
        peer["ipBlock"]
        for rule in policy["spec"]["egress"]
        for peer in rule.get("to", [])
        if "except" in peer.get("ipBlock", {})
    )
    block["cidr"] = "203.0.113.0/24"


def host_bits(policy):
    policy["spec"]["egress"].append({"to": [{"ipBlock": {"cidr": "10.60.4.0/33"}}]})


def text_port(policy):
    policy["spec"]["egress"][0]["ports"][0]["port"] = "not_a_port"


@pytest.mark.parametrize("mutation", [outside_of_its_block, host_bits, text_port])
def test_a_policy_that_means_nothing_is_refused(lab, mutation):
    manifests = lab.render(estate(lab, *FORMS), STACK)
    [egress] = [it for it in policies(manifests) if it["metadata"]["name"] == "web-egress"]
    mutation(egress)
    with pytest.raises(ApiError, match=r"except|CIDR|port"):
        lab.apply(manifests)


def test_a_policy_that_loses_a_rule_on_its_way_is_noticed(lab):
    manifests = lab.render(estate(lab, *FORMS), STACK)
    [ingress] = [it for it in policies(manifests) if it["metadata"]["name"] == "api-ingress"]
    said = [*ingress["spec"]["ingress"]]
    ingress["spec"]["ingress"].pop()
    lab.apply(manifests)
    assert lab.api.get(lab.api.path(ingress))["spec"]["ingress"] != said


def test_prometheus_finds_the_numbers_by_the_annotations_of_the_running_pod(lab):
    lab.run(estate(lab), STACK)
    lab.wait()
    [pod] = lab.pods("api")
    annotations = pod["metadata"]["annotations"]
    port = annotations["prometheus.io/port"]
    assert annotations["prometheus.io/scrape"] == "true"
    assert int(port) in {
        it["containerPort"] for c in pod["spec"]["containers"] for it in c["ports"]
    }
    [web] = lab.pods("web")
    assert "prometheus.io/scrape" not in web["metadata"].get("annotations", {})
