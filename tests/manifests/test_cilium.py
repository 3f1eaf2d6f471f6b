"""What only Cilium understands is its own kind of policy, rendered where a NetworkPolicy cannot say it."""

import pytest

from manifests import resolver
from tests.manifests.network import PUBLIC, leaves, planned
from tests.manifests.samples import parts_of, stack, web
from tests.manifests.schema import faults

HOSTS = ["api.example.com:443", "*.blob.core.windows.net:443", "mail.example.com:587"]
FQDN = {"fqdnPolicies": True}


def policy(*uses, **changes):
    return parts_of(web(uses=[*uses], **changes), **FQDN)["network-hosts"].manifest


def egress(*uses):
    return policy(*uses)["spec"]["egress"]


def test_a_host_is_matched_by_its_name_and_all_below_one_by_a_pattern():
    _, *rules = egress(*HOSTS)
    assert rules == [
        {
            "toFQDNs": [
                {"matchName": "api.example.com"},
                {"matchPattern": "*.blob.core.windows.net"},
            ],
            "toPorts": [{"ports": [{"port": "443", "protocol": "TCP"}]}],
        },
        {
            "toFQDNs": [{"matchName": "mail.example.com"}],
            "toPorts": [{"ports": [{"port": "587", "protocol": "TCP"}]}],
        },
    ]


def test_cilium_reads_what_the_clusters_dns_answers_about_just_these_names():
    dns, *_ = egress(*HOSTS, "api.example.com:8443")
    [peer], [to] = dns["toEndpoints"], dns["toPorts"]
    assert peer["matchLabels"] == {
        "k8s:io.kubernetes.pod.namespace": resolver.NAMESPACE,
        **{f"k8s:{key}": text for key, text in resolver.PODS.items()},
    }
    assert {(it["port"], it["protocol"]) for it in to["ports"]} == {("53", "UDP"), ("53", "TCP")}
    assert [next(iter(it.values())) for it in to["rules"]["dns"]] == [
        "api.example.com",
        "*.blob.core.windows.net",
        "mail.example.com",
    ]


def test_no_rule_about_names_is_the_one_wildcard_that_aks_refuses():
    dns, *_ = egress("*.example.com:443")
    assert dns["toPorts"][0]["rules"]["dns"] == [{"matchPattern": "*.example.com"}]


def test_a_policy_about_hosts_is_for_every_version_of_the_workload_and_what_cilium_takes():
    found = policy(*HOSTS, replicas=4, release={"strategy": "canary", "step": 1})
    assert found["metadata"]["name"] == "web-hosts"
    assert found["spec"]["endpointSelector"]["matchLabels"] == {"app.kubernetes.io/name": "web"}
    assert faults(found) == []


def test_the_pods_start_after_it():
    parts = parts_of(web(uses=HOSTS), **FQDN)
    assert "network-hosts" in parts["deployment"].after


def test_a_workload_that_names_no_host_has_no_object_of_cilium():
    parts = parts_of(web(uses=["internet:443"]), **FQDN)
    assert "CiliumNetworkPolicy" not in {it.manifest["kind"] for it in parts.values()}


def test_a_host_opens_no_address_in_the_policy_that_every_plugin_reads():
    assert not leaves(HOSTS, PUBLIC, 443, **FQDN)
    parts = parts_of(web(uses=[*HOSTS, "mail"]), **FQDN)
    [rule] = parts["network-egress"].manifest["spec"]["egress"]
    assert rule["to"] == [{"ipBlock": {"cidr": "198.51.100.7/32"}}]


@pytest.mark.parametrize("cni", ["calico", "azure", "none"])
def test_no_other_plugin_gets_an_object_of_cilium(cni):
    subject = web(uses=["internet:443", "10.60.4.0/28:1433"], metrics="metrics")
    estate = stack(subject, cni=cni, localDns=True, monitoring={"namespace": "kube-system"})
    network, _ = planned(estate)
    assert network.policies
    parts = parts_of(subject, cni=cni, localDns=True, monitoring={"namespace": "kube-system"})
    assert "CiliumNetworkPolicy" not in {it.manifest["kind"] for it in parts.values()}


def test_a_host_is_reached_over_the_protocol_that_is_said():
    parts = parts_of(web(uses=["stun.example.com:3478/UDP"]), cni="cilium", fqdnPolicies=True)
    rule = parts["network-hosts"].manifest["spec"]["egress"][1]
    assert rule["toPorts"] == [{"ports": [{"port": "3478", "protocol": "UDP"}]}]
