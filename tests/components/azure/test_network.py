from itertools import pairwise

import pytest

from components.azure.network import Network, NetworkArgs
from components.azure.stack import AksStack
from tests.components.azure.cloud import LOCATION, SHARED, ignored, planned, registered, stack

NAT = {"network.outboundType": "userAssignedNATGateway", "network.natGateway": {"addressZones": []}}
ROUTES = f"{SHARED}/Microsoft.Network/routeTables/firewall"
UDR = {"network.outboundType": "userDefinedRouting", "network.routeTableId": ROUTES}
FIREWALL = {
    "network.outboundType": "userDefinedRouting",
    "network.firewall": {"privateIp": "10.60.0.4", "publicIps": ["198.51.100.9", "198.51.100.10"]},
    "ingress.internal": True,
}
ALL_SUBNETS = {
    "network.subnets": {
        "nodes": "10.40.0.0/22",
        "system": "10.40.4.0/24",
        "apiServer": "10.40.5.0/28",
        "privateEndpoints": "10.40.6.0/24",
    }
}
SUBNET = "aks-network-nodes-subnet"


def test_the_network_and_its_subnet_have_the_ranges_of_the_stack_and_every_default_written_out():
    rows = planned(stack())
    network, subnet = rows["aks-network-virtual-network"].inputs, dict(rows[SUBNET].inputs)
    assert network == {
        "virtualNetworkName": "vnet-course-dev",
        "resourceGroupName": "rg-course-dev",
        "location": LOCATION,
        "tags": {"owner": "platform-team", "platform": "course", "environment": "dev"},
        "addressSpace": {"addressPrefixes": ["10.40.0.0/16"]},
        "enableDdosProtection": False,
        "enableVmProtection": False,
    }
    assert subnet.pop("networkSecurityGroup")["id"].endswith("/aks-network-security-groups-nodes")
    assert subnet == {
        "subnetName": "snet-nodes",
        "virtualNetworkName": "vnet-course-dev",
        "resourceGroupName": "rg-course-dev",
        "addressPrefix": "10.40.0.0/22",
        "defaultOutboundAccess": False,
        "privateEndpointNetworkPolicies": "Disabled",
        "privateLinkServiceNetworkPolicies": "Enabled",
    }


def test_the_network_leaves_its_subnets_unsaid_or_an_update_would_delete_them():
    assert "subnets" not in planned(stack())["aks-network-virtual-network"].inputs


def test_what_aks_writes_into_the_subnet_is_left_to_it():
    assert ignored(planned(stack())[SUBNET]) == ["delegations", "routeTable"]


def test_a_load_balancer_needs_no_address_of_ours():
    rows = planned(stack())
    assert not {"aks-network-egress-address", "aks-network-nat-gateway"} & rows.keys()
    assert rows["aks-network"].outputs["egress_ranges"] == []


def test_a_nat_gateway_stands_in_the_subnet_before_any_node_and_leaves_by_a_fixed_address():
    rows = planned(stack(**NAT))
    address, nat = rows["aks-network-egress-address"], rows["aks-network-nat-gateway"]
    assert address.inputs["publicIPAllocationMethod"] == "Static"
    assert address.inputs["sku"] == {"name": "Standard", "tier": "Regional"}
    assert address.inputs["publicIPAddressVersion"] == "IPv4"
    assert nat.inputs["sku"] == {"name": "Standard"}
    assert nat.inputs["publicIpAddresses"][0]["id"].endswith("/aks-network-egress-address")
    assert nat.inputs["idleTimeoutInMinutes"] == address.inputs["idleTimeoutInMinutes"] == 4
    assert not {"zones"} & {*address.inputs, *nat.inputs}
    assert rows[SUBNET].inputs["natGateway"]["id"].endswith("/aks-network-nat-gateway")
    assert SUBNET in rows["aks-cluster-managed-cluster"].dependencies
    assert rows["aks-network"].outputs["egress_ranges"] == ["198.51.100.7/32"]


def test_a_gateway_has_the_addresses_zones_and_patience_that_the_stack_says():
    asked = {"addresses": 3, "idleTimeoutMinutes": 10, "zone": "2", "addressZones": ["1", "2", "3"]}
    rows = planned(stack(**NAT | {"network.natGateway": asked}))
    ends = ("", "-2", "-3")
    addresses = [rows[f"aks-network-egress-address{end}"].inputs for end in ends]
    assert [it["publicIpAddressName"] for it in addresses] == [
        f"pip-course-dev-egress{end}" for end in ends
    ]
    assert all(it["zones"] == ["1", "2", "3"] for it in addresses)
    nat = rows["aks-network-nat-gateway"].inputs
    assert (nat["zones"], nat["idleTimeoutInMinutes"]) == (["2"], 10)
    assert len(nat["publicIpAddresses"]) == 3
    ranges = rows["aks-cluster-managed-cluster"].inputs["apiServerAccessProfile"]
    assert ranges["authorizedIPRanges"] == ["203.0.113.0/24", *["198.51.100.7/32"] * 3]


def test_a_route_table_of_the_stack_is_attached_and_ours_to_change():
    subnet = planned(stack(**UDR))[SUBNET]
    assert subnet.inputs["routeTable"] == {"id": ROUTES}
    assert ignored(subnet) == ["delegations"]


@pytest.mark.parametrize("key", UDR)
def test_a_route_table_and_the_outbound_type_that_needs_it_go_together(key):
    with pytest.raises(ValueError, match=r"network\.routeTableId goes together with outboundType"):
        planned(stack(**{key: UDR[key]}))


def test_a_firewall_is_the_way_to_everywhere_but_to_itself():
    rows = planned(stack(**FIREWALL))
    table = rows["aks-network-route-table"].inputs
    assert table["routes"] == [
        {
            "name": "everywhere",
            "addressPrefix": "0.0.0.0/0",
            "nextHopType": "VirtualAppliance",
            "nextHopIpAddress": "10.60.0.4",
        },
        {
            "name": "firewall-198-51-100-9",
            "addressPrefix": "198.51.100.9/32",
            "nextHopType": "Internet",
        },
        {
            "name": "firewall-198-51-100-10",
            "addressPrefix": "198.51.100.10/32",
            "nextHopType": "Internet",
        },
    ]
    assert table["disableBgpRoutePropagation"] is True
    assert rows[SUBNET].inputs["routeTable"]["id"].endswith("/aks-network-route-table")
    assert ignored(rows[SUBNET]) == ["delegations"]
    assert rows["aks-cluster-managed-cluster"].inputs["apiServerAccessProfile"][
        "authorizedIPRanges"
    ] == ["203.0.113.0/24", "198.51.100.9/32", "198.51.100.10/32"]


def test_routes_of_a_gateway_count_where_the_stack_says_so():
    asked = FIREWALL["network.firewall"] | {"gatewayRoutes": True}
    table = planned(stack(**FIREWALL | {"network.firewall": asked}))["aks-network-route-table"]
    assert table.inputs["disableBgpRoutePropagation"] is False


def test_every_subnet_of_the_stack_is_made_after_the_one_before_it():
    rows = planned(stack(**ALL_SUBNETS))
    made = [row for row in rows.values() if row.type.endswith(":Subnet")]
    assert {row.inputs["subnetName"]: row.inputs["addressPrefix"] for row in made} == {
        "snet-nodes": "10.40.0.0/22",
        "snet-system": "10.40.4.0/24",
        "snet-api-server": "10.40.5.0/28",
        "snet-private-endpoints": "10.40.6.0/24",
    }
    for earlier, later in pairwise(made):
        assert earlier.name in later.dependencies


def test_the_subnet_of_the_api_server_is_handed_to_aks_and_no_other_is():
    rows = planned(stack(**ALL_SUBNETS, **NAT))
    assert rows["aks-network-api-server-subnet"].inputs["delegations"] == [
        {"name": "aks", "serviceName": "Microsoft.ContainerService/managedClusters"}
    ]
    handed = [
        it.name
        for it in rows.values()
        if it.type.endswith(":Subnet") and "delegations" in it.inputs
    ]
    assert handed == ["aks-network-api-server-subnet"]


def test_nodes_alone_leave_by_the_gateway():
    rows = planned(stack(**ALL_SUBNETS, **NAT))
    by_gateway = [it.name for it in rows.values() if "natGateway" in it.inputs]
    assert by_gateway == [SUBNET, "aks-network-system-subnet"]


def test_rules_hold_for_private_endpoints_too_which_azure_leaves_out_by_itself():
    subnet = planned(stack(**ALL_SUBNETS))["aks-network-private-endpoints-subnet"].inputs
    assert subnet["privateEndpointNetworkPolicies"] == "NetworkSecurityGroupEnabled"


def test_without_security_groups_no_subnet_has_one():
    rows = planned(stack(**{"network.securityGroups": False}))
    assert not [it.name for it in rows.values() if "networkSecurityGroup" in it.inputs]
    assert not [it.name for it in rows.values() if it.type.endswith(":NetworkSecurityGroup")]


def test_the_bootstrap_pool_stands_among_the_system_nodes_where_they_have_a_subnet():
    def subnet(**changes):
        [pool] = planned(stack(**changes))["aks-cluster-managed-cluster"].inputs[
            "agentPoolProfiles"
        ]
        return pool["vnetSubnetID"].rpartition("/")[2]

    assert subnet() == "aks-network-nodes-subnet"
    assert subnet(**ALL_SUBNETS) == "aks-network-system-subnet"


@pytest.mark.parametrize(
    ("changes", "ends"),
    [
        ({}, ["nodes-subnet", "nodes-subnet"]),
        (ALL_SUBNETS, ["system-subnet", "nodes-subnet"]),
    ],
)
def test_a_pool_is_told_its_subnet(changes, ends):
    found = []

    async def build():
        settings = stack(**changes)
        args = NetworkArgs(stack=AksStack.of(settings, LOCATION), resource_group="rg")
        made = Network("it", args)
        for pool in ("system", "wg1"):
            found.append(await made.subnet_of(settings.node_pools[pool]).future())

    registered(build)
    assert [it.rpartition("/")[2] for it in found] == [f"it-{end}" for end in ends]
