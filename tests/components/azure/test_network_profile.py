"""The network profile of a cluster and the way to its API server, from settings alone."""

import pytest

from components.azure.network_profile import api_server, local_dns, network
from components.azure.stack import AksStack
from tests.components.azure.cloud import LOCATION, SHARED, stack

ZONE = f"{SHARED}/Microsoft.Network/privateDnsZones/privatelink.westeurope.azmk8s.io"
PRIVATE = {"private": True, "vnetIntegration": False}


def aks(**changes):
    return AksStack.of(stack(**changes), LOCATION)


def way_in(subnet=None, zone=None, ranges=(), **asked):
    return api_server(aks(**{"cluster.apiServer": asked}), ranges, subnet, zone)


def test_nothing_is_said_of_advanced_networking_where_nothing_is_asked():
    assert "advanced_networking" not in network(aks())


@pytest.mark.parametrize(
    ("asked", "fqdn", "observability", "security"),
    [
        ({"observability": True}, False, True, {"enabled": False}),
        ({"security": "L7"}, False, False, {"enabled": True, "advanced_network_policies": "L7"}),
        ({"security": "FQDN"}, True, False, {"enabled": True, "advanced_network_policies": "FQDN"}),
        (
            {"observability": True},
            True,
            True,
            {"enabled": True, "advanced_network_policies": "FQDN"},
        ),
        ({"security": "L7"}, True, False, {"enabled": True, "advanced_network_policies": "L7"}),
    ],
)
def test_advanced_networking_does_what_is_asked_and_what_policies_need(
    asked, fqdn, observability, security
):
    found = network(aks(**{"network.advancedNetworking": asked}, fqdnPolicies=fqdn))
    assert found["advanced_networking"] == {
        "enabled": True,
        "observability": {"enabled": observability},
        "security": security,
    }


def test_a_load_balancer_has_the_addresses_ports_and_patience_of_the_stack():
    asked = {"addresses": 2, "allocatedPorts": 4000, "idleTimeoutMinutes": 10}
    assert network(aks(**{"network.loadBalancer": asked}))["load_balancer_profile"] == {
        "backend_pool_type": "NodeIPConfiguration",
        "managed_outbound_ips": {"count": 2},
        "allocated_outbound_ports": 4000,
        "idle_timeout_in_minutes": 10,
    }


@pytest.mark.parametrize("cni", ["cilium", "calico", "azure", "none"])
def test_the_data_plane_is_ciliums_exactly_where_the_policies_are(cni):
    found = network(aks(cni=cni))
    assert (found["network_dataplane"] == "cilium") == (found["network_policy"] == "cilium")
    assert found["network_policy"] == cni


def test_a_public_api_server_lets_in_its_own_nodes_and_has_no_private_name():
    asked = {"authorizedIpRanges": ["203.0.113.0/24"]}
    assert way_in(ranges=["198.51.100.7/32"], **asked) == {
        "enable_private_cluster": False,
        "enable_vnet_integration": False,
        "disable_run_command": True,
        "authorized_ip_ranges": ["203.0.113.0/24", "198.51.100.7/32"],
    }


@pytest.mark.parametrize(
    ("asked", "zone"), [({}, "system"), ({"privateDnsZone": "own"}, "made"), ({"privateDnsZone": ZONE}, ZONE)]
)  # fmt: skip
def test_a_private_api_server_is_named_where_the_stack_says(asked, zone):
    found = way_in(zone="made", **PRIVATE, **asked)
    assert found["private_dns_zone"] == zone
    assert found["enable_private_cluster_public_fqdn"] is False
    assert "authorized_ip_ranges" not in found


def test_a_private_api_server_may_be_found_by_public_names_alone():
    found = way_in(**PRIVATE, privateDnsZone="none", publicFqdn=True)
    assert found["private_dns_zone"] == "none"
    assert found["enable_private_cluster_public_fqdn"] is True


@pytest.mark.parametrize("private", [True, False])
def test_an_api_server_in_the_network_has_its_subnet(private):
    ranges = {} if private else {"authorizedIpRanges": ["203.0.113.0/24"]}
    found = way_in(subnet="its subnet", private=private, vnetIntegration=True, **ranges)
    assert (found["enable_vnet_integration"], found["subnet_id"]) == (True, "its subnet")
    assert "subnet_id" not in way_in(subnet="its subnet", **PRIVATE)


def test_without_a_word_a_private_api_server_of_production_is_in_the_network():
    assert way_in(subnet="its subnet", private=True)["enable_vnet_integration"] is True


def test_what_is_needed_and_not_there_is_an_error_that_names_the_key():
    with pytest.raises(ValueError, match=r"vnetIntegration requires network\.subnets\.apiServer"):
        way_in(private=True, vnetIntegration=True)
    with pytest.raises(ValueError, match=r"privateDnsZone 'own' requires the zone"):
        way_in(**PRIVATE, privateDnsZone="own")


def test_commands_may_be_run_where_the_stack_says_so_alone():
    assert way_in(**PRIVATE)["disable_run_command"] is True
    assert way_in(**PRIVATE, runCommand=True)["disable_run_command"] is False


def test_every_pool_says_that_its_nodes_answer_no_dns():
    assert local_dns(aks()) == {"mode": "Disabled"}


def test_nodes_that_answer_dns_ask_the_cluster_for_its_names_and_the_network_for_the_nodes_own():
    found = local_dns(aks(localDns=True))
    assert found["mode"] == "Required"
    to = {
        (kind, zone): (it["forward_destination"], it["protocol"])
        for kind in ("vnet_dns_overrides", "kube_dns_overrides")
        for zone, it in found[kind].items()
    }
    assert to == {
        ("vnet_dns_overrides", "."): ("VnetDNS", "PreferUDP"),
        ("vnet_dns_overrides", "cluster.local"): ("ClusterCoreDNS", "ForceTCP"),
        ("kube_dns_overrides", "."): ("ClusterCoreDNS", "PreferUDP"),
        ("kube_dns_overrides", "cluster.local"): ("ClusterCoreDNS", "ForceTCP"),
    }
