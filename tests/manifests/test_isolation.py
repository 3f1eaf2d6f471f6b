"""A namespace starts shut, and can always resolve names."""

import pytest

from manifests import Values, ingress, tenant
from manifests.isolation import NOT_ENFORCED
from tests.manifests.reachability import Network, Pod
from tests.manifests.samples import STACKS, groups, shipped, stack, web
from tests.manifests.schema import faults

RESOLVER = Pod("kube-system", {"k8s-app": "kube-dns"})
ANY_POD = {"whatever": "labels"}


def network_of(parts):
    return Network(part.manifest for part in parts)


def tenant_network(**changes):
    return network_of(tenant.parts(stack(**changes), "shop", Values()))


def test_a_pod_without_any_declaration_reaches_nobody_and_nobody_reaches_it():
    network, pod = tenant_network(), Pod("shop", ANY_POD)
    other = Pod("shop", {"other": "pod"})
    assert not network.leaves(pod, other, 80)
    assert not network.enters(other, pod, 80)
    assert not network.leaves(pod, "203.0.113.7", 443)
    assert not network.enters("203.0.113.7", pod, 80)


@pytest.mark.parametrize("protocol", ["UDP", "TCP"])
@pytest.mark.parametrize("name", STACKS)
def test_dns_is_never_cut_for_any_pod_of_any_namespace(name, protocol):
    network = Network(part.manifest for group in groups(name) for part in group.parts)
    for namespace in shipped(name).namespaces:
        assert network.leaves(Pod(namespace, ANY_POD), RESOLVER, 53, protocol), namespace


def test_the_ingress_controller_can_resolve_names_too():
    network = network_of(ingress.parts(stack()))
    assert network.leaves(Pod("nginx-ingress", ANY_POD), RESOLVER, 53, "UDP")


@pytest.mark.parametrize(
    "other",
    [Pod("kube-system", {"k8s-app": "metrics-server"}), Pod("shop", {"k8s-app": "kube-dns"})],
    ids=["another pod of kube-system", "a pod elsewhere with the label"],
)
def test_dns_is_open_to_the_resolver_only_both_selectors_stand_in_one_peer(other):
    assert not tenant_network().leaves(Pod("shop", ANY_POD), other, 53, "UDP")


def test_port_53_opens_no_other_port_of_the_resolver():
    assert not tenant_network().leaves(Pod("shop", ANY_POD), RESOLVER, 9153)


@pytest.mark.parametrize("address", ["169.254.10.10", "169.254.10.11"])
def test_local_dns_answers_on_the_node_and_only_where_the_stack_has_it(address):
    pod = Pod("shop", ANY_POD)
    assert tenant_network(localDns=True).leaves(pod, address, 53, "UDP")
    assert not tenant_network().leaves(pod, address, 53, "UDP")
    assert not tenant_network(localDns=True).leaves(pod, "169.254.169.254", 80)


def test_cilium_is_told_of_the_node_as_an_entity_for_it_matches_no_address_of_one():
    found = {
        part.role: part.manifest for part in tenant.parts(stack(localDns=True), "shop", Values())
    }
    [rule] = found["allow-node-dns"]["spec"]["egress"]
    assert rule["toEntities"] == ["host"]
    assert {(it["port"], it["protocol"]) for it in rule["toPorts"][0]["ports"]} == {
        ("53", "UDP"),
        ("53", "TCP"),
    }
    assert faults(found["allow-node-dns"]) == []


@pytest.mark.parametrize("target", ["aks", "kubeconfig"])
def test_every_cluster_that_says_it_has_cilium_is_told_of_the_node(target):
    given = stack(localDns=True, target=target, cni="cilium")
    assert "allow-node-dns" in {part.role for part in tenant.parts(given, "shop", Values())}


@pytest.mark.parametrize("cni", ["cilium", "calico", "azure", "none"])
def test_a_namespace_is_shut_for_every_plugin_alike(cni):
    shut = [tenant.parts(stack(cni=it), "shop", Values()) for it in (cni, "cilium")]
    one, other = ([it.manifest["spec"] for it in parts] for parts in map(policies, shut))
    assert one == other != []


def policies(parts):
    return [it for it in parts if it.manifest["kind"] == "NetworkPolicy"]


def test_where_nobody_holds_pods_to_a_policy_the_namespace_says_so():
    deny = {it.role: it.manifest for it in tenant.parts(stack(cni="none"), "shop", Values())}
    assert "cni: none" in deny["default-deny"]["metadata"]["annotations"][NOT_ENFORCED]
    other = {it.role: it.manifest for it in tenant.parts(stack(), "shop", Values())}
    assert "annotations" not in other["default-deny"]["metadata"]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"localDns": True, "target": "kubeconfig"},
        {"localDns": True, "cni": "calico"},
        {"localDns": True, "cni": "azure"},
        {"localDns": True, "cni": "none"},
    ],
    ids=["off", "another cluster", "calico", "azure", "none"],
)
def test_a_cluster_that_may_lack_cilium_gets_none_of_its_objects(changes):
    parts = tenant.parts(stack(web(), **changes), "shop", Values())
    assert "CiliumNetworkPolicy" not in {part.manifest["kind"] for part in parts}
