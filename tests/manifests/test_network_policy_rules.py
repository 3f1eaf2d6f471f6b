"""What single rules of a network policy let through, said by example."""

from typing import Any

import pytest

from manifests.network_policy import API_SERVER_PORTS, NOT_INTERNET
from manifests.resolver import LOCAL_CIDR
from tests.manifests.network import AGENT, CLUSTER, MONITORING, PRIVATE, PUBLIC, leaves, planned
from tests.manifests.reachability import Pod
from tests.manifests.samples import QUOTA, ROOT, STACKS, groups, parts_of, stack, web


def test_the_internet_is_open_on_the_declared_port_only():
    assert leaves(["internet:443"], PUBLIC, 443)
    assert not leaves(["internet:443"], PUBLIC, 80)
    assert not leaves([], PUBLIC, 443)


@pytest.mark.parametrize("address", [*PRIVATE, *CLUSTER.values()])
def test_the_internet_is_no_private_address_and_not_azures_own_services(address):
    assert not leaves(["internet:443"], address, 443)


def test_the_internet_is_not_the_cluster_even_where_it_uses_public_ranges():
    network = {
        "addressSpace": "10.40.0.0/16",
        "subnets": {"nodes": "10.40.0.0/22"},
        "podCidr": "198.18.0.0/16",
        "serviceCidr": "198.51.0.0/16",
        "dnsServiceIp": "198.51.0.10",
    }
    assert not leaves(["internet:443"], "198.18.1.1", 443, network=network)
    assert not leaves(["internet:443"], "198.51.0.10", 443, network=network)
    assert leaves(["internet:443"], PUBLIC, 443, network=network)


@pytest.mark.parametrize(
    ("uses", "address", "port", "expected"),
    [
        ("sql-gateway", "10.60.4.5", 1433, True),
        ("sql-gateway", "10.60.5.5", 1433, True),
        ("sql-gateway", "10.60.6.5", 1433, False),
        ("sql-gateway", "10.60.4.5", 1434, False),
        ("sql-gateway:1434", "10.60.4.5", 1434, True),
        ("sql-gateway:1434", "10.60.4.5", 1433, False),
        ("mail", "198.51.100.7", 587, True),
        ("mail", "198.51.100.8", 587, False),
    ],
)
def test_an_external_is_its_addresses_and_the_port_named_or_its_own(uses, address, port, expected):
    assert leaves([uses], address, port) == expected


@pytest.mark.parametrize(
    ("address", "port", "expected"),
    [
        ("10.60.8.5", 1433, True),
        ("10.60.8.17", 1433, False),
        ("10.60.8.5", 443, False),
        (PUBLIC, 1433, False),
    ],
)
def test_a_range_is_open_on_its_port_alone_without_an_external(address, port, expected):
    assert leaves(["10.60.8.0/28:1433"], address, port) == expected


def test_monitoring_reaches_the_port_of_the_metrics_of_whoever_has_them_and_no_other():
    subject = web(metrics="metrics", service=None)
    network, pods = planned(stack(subject, web(name="dark"), monitoring=MONITORING))
    assert network.open(AGENT, pods["web"], 9100)
    assert not network.open(AGENT, pods["web"], 8080)
    assert not network.open(AGENT, pods["dark"], 9100)
    assert not network.open(Pod("kube-system", {"other": "pod"}), pods["web"], 9100)
    assert not network.open(Pod("back", AGENT.labels), pods["web"], 9100)


def test_without_monitoring_in_the_stack_nobody_scrapes():
    unwatched = {"metrics": {"enabled": False}}
    network, pods = planned(stack(web(metrics="metrics"), observability=unwatched))
    assert not network.open(AGENT, pods["web"], 9100)


def test_managed_prometheus_scrapes_without_being_told_where_it_runs():
    network, pods = planned(stack(web(metrics="metrics")))
    assert network.open(AGENT, pods["web"], 9100)
    assert not network.open(AGENT, pods["web"], 8080)


def test_monitoring_without_labels_is_every_pod_of_its_namespace():
    network, pods = planned(stack(web(metrics="metrics"), monitoring={"namespace": "kube-system"}))
    assert network.open(Pod("kube-system", {"any": "pod"}), pods["web"], 9100)


def test_what_pushes_to_monitoring_leaves_on_the_port_it_names():
    network, pods = planned(stack(web(uses=["monitoring:9091"]), monitoring=MONITORING))
    assert network.open(pods["web"], AGENT, 9091)
    assert not network.open(pods["web"], AGENT, 9090)


def test_monitoring_in_a_tenant_of_ours_gets_out_and_in_there_too():
    monitoring = {"namespace": "back", "podLabels": {"app": "prometheus"}}
    agent, other = Pod("back", {"app": "prometheus"}), Pod("back", {"app": "other"})
    pushes = web(name="batch", uses=["monitoring:9091"])
    scraped = web(metrics="metrics", uses=["internet:443"])
    network, pods = planned(stack(scraped, pushes, monitoring=monitoring))
    assert network.open(agent, pods["web"], 9100)
    assert not network.open(agent, pods["web"], 8080)
    assert not network.open(agent, pods["batch"], 9100)
    assert network.open(pods["batch"], agent, 9091)
    assert not network.enters(pods["web"], agent, 9091)
    assert not network.enters(pods["web"], agent, 443)
    assert not network.open(other, pods["web"], 9100)
    assert not network.open(pods["batch"], other, 9091)


def test_a_public_api_server_is_reached_like_the_internet():
    assert leaves(["kubernetes"], PUBLIC, 443)
    assert not leaves(["kubernetes"], PUBLIC, 6443)
    assert not leaves(["kubernetes"], "10.60.4.5", 443)


def test_a_private_api_server_is_reached_in_the_virtual_network_alone():
    cluster = {
        "kubernetesVersion": "1.35",
        "name": "aks",
        "dnsPrefix": "aks",
        "apiServer": {"private": True},
    }
    assert leaves(["kubernetes"], CLUSTER["node"], 443, cluster=cluster)
    assert not leaves(["kubernetes"], PUBLIC, 443, cluster=cluster)
    assert not leaves(["kubernetes"], CLUSTER["node"], 22, cluster=cluster)


def test_an_api_server_in_the_virtual_network_is_reached_there_though_it_is_public():
    cluster = {
        "kubernetesVersion": "1.35",
        "name": "aks",
        "dnsPrefix": "aks",
        "apiServer": {"vnetIntegration": True, "authorizedIpRanges": ["203.0.113.0/24"]},
    }
    assert leaves(["kubernetes"], CLUSTER["node"], 443, cluster=cluster)


@pytest.mark.parametrize("port", [443, 6443, 8443])
def test_on_another_cluster_the_api_server_may_share_a_nodes_address_so_the_port_alone_bounds_it(
    port,
):
    rule = parts_of(web(uses=["kubernetes"]), target="kubeconfig")["network-egress"].manifest[
        "spec"
    ]["egress"][0]
    assert "to" not in rule
    assert port in {it["port"] for it in rule["ports"]}
    assert leaves(["kubernetes"], CLUSTER["node"], port, target="kubeconfig")
    assert not leaves(["kubernetes"], CLUSTER["node"], 22, target="kubeconfig")


def test_a_named_port_of_the_api_server_replaces_the_usual_ones():
    assert leaves(["kubernetes:16443"], PUBLIC, 16443, target="kubeconfig")
    assert not leaves(["kubernetes:16443"], PUBLIC, 443, target="kubeconfig")


def test_a_request_that_a_node_hands_on_is_taken_though_cilium_matches_no_node_by_address():
    service = {"port": 80, "targetPort": "http", "type": "NodePort"}
    [rule] = parts_of(web(service=service))["network-ingress"].manifest["spec"]["ingress"]
    assert "from" not in rule


def test_callers_of_the_same_ports_share_a_rule_and_those_of_fewer_have_one_of_their_own():
    ports = {"http": 80, "stats": {"port": 81, "targetPort": "metrics"}}
    api = web(name="api", service={"ports": ports}, routes=[{"host": "public"}])
    callers = [
        web(name="a", uses=["api"]),
        web(name="b", uses=["api:81"]),
        web(name="c", uses=["api"]),
    ]
    rules = parts_of(api, *callers)["network-ingress"].manifest["spec"]["ingress"]
    told = [
        (
            [it["podSelector"]["matchLabels"]["app.kubernetes.io/name"] for it in rule["from"]],
            [it["port"] for it in rule["ports"]],
        )
        for rule in rules
    ]
    assert told == [(["a", "c"], [8080, 9100]), (["b"], [9100]), (["nginx-ingress"], [8080])]


def test_a_second_version_may_do_what_the_first_may_and_no_policy_changes_with_a_step():
    def policies(step: int) -> list[dict[str, Any]]:
        subject = web(uses=["api"], replicas=4, release={"strategy": "canary", "step": step})
        images = {"web": {"tag": "1.4.3", "tracks": {"candidate": "1.5.0"}}}
        found = parts_of(subject, web(name="api"), images=images).values()
        return [it.manifest for it in found if it.manifest["kind"] == "NetworkPolicy"]

    [egress] = policies(0)
    assert egress["spec"]["podSelector"] == {"matchLabels": {"app.kubernetes.io/name": "web"}}
    assert policies(1) == policies(4) == [egress]


def test_a_workload_with_nothing_declared_has_no_policy_of_its_own():
    assert not {"network-egress", "network-ingress"} & parts_of(web()).keys()


def test_every_port_of_a_policy_is_a_number_with_its_protocol():
    for group in (it for name in STACKS for it in groups(name)):
        for part in group.parts:
            if part.manifest["kind"] == "NetworkPolicy":
                spec = part.manifest["spec"]
                for rule in (*spec.get("ingress", []), *spec.get("egress", [])):
                    assert all(
                        isinstance(it["port"], int) and it["protocol"] for it in rule["ports"]
                    )


def test_where_the_cluster_has_its_own_controller_its_whole_namespace_may_call():
    subject = web(routes=[{"host": "public"}])
    ingress = {
        "controller": "none",
        "namespace": "ingress-nginx",
        "hosts": {"public": "shop.example"},
    }
    network, pods = planned(stack(subject, ingress=ingress))
    network.namespaces["ingress-nginx"] = {"kubernetes.io/metadata.name": "ingress-nginx"}
    assert network.enters(Pod("ingress-nginx", {"any": "pod"}), pods["web"], 8080)
    assert not network.enters(Pod("shop", {"any": "pod"}), pods["web"], 8080)


def test_a_called_workload_in_another_namespace_is_found_by_namespace_and_labels_in_one_peer():
    subject = web(uses=["api"])
    api = web(name="api", namespace="back")
    [rule] = parts_of(subject, api)["network-egress"].manifest["spec"]["egress"]
    [peer] = rule["to"]
    assert peer.keys() == {"namespaceSelector", "podSelector"}


def test_a_workload_of_the_same_name_elsewhere_is_not_taken_for_the_caller():
    network, pods = planned(
        stack(web(name="api"), web(uses=["api"]), namespaces={"shop": {"quota": QUOTA}})
    )
    twin = Pod("shop", {**pods["web"].labels, "app.kubernetes.io/instance": "back-web"})
    assert not network.enters(twin, pods["api"], 8080)


def test_the_documented_ranges_and_ports_are_those_of_the_code():
    text = (ROOT / "docs/network.md").read_text(encoding="utf-8")
    for named in (
        *NOT_INTERNET,
        LOCAL_CIDR,
        ", ".join(str(it.number) for it in API_SERVER_PORTS),
    ):
        assert named in text, named
