import pytest

from tests.components.azure.cloud import LOCATION, SHARED, ignored, planned, stack

NAT = {"network.outboundType": "userAssignedNATGateway"}
ROUTES = f"{SHARED}/Microsoft.Network/routeTables/firewall"
UDR = {"network.outboundType": "userDefinedRouting", "network.routeTableId": ROUTES}
SUBNET = "aks-network-nodes-subnet"


def test_the_network_and_its_subnet_have_the_ranges_of_the_stack_and_every_default_written_out():
    rows = planned(stack())
    network, subnet = rows["aks-network-virtual-network"].inputs, rows[SUBNET].inputs
    assert network == {
        "virtualNetworkName": "vnet-course-dev",
        "resourceGroupName": "rg-course-dev",
        "location": LOCATION,
        "tags": {"owner": "platform-team", "platform": "course", "environment": "dev"},
        "addressSpace": {"addressPrefixes": ["10.40.0.0/16"]},
        "enableDdosProtection": False,
        "enableVmProtection": False,
    }
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
    assert rows[SUBNET].inputs["natGateway"]["id"].endswith("/aks-network-nat-gateway")
    assert SUBNET in rows["aks-cluster-managed-cluster"].dependencies
    assert rows["aks-network"].outputs["egress_ranges"] == ["198.51.100.7/32"]


def test_a_route_table_of_the_stack_is_attached_and_ours_to_change():
    subnet = planned(stack(**UDR))[SUBNET]
    assert subnet.inputs["routeTable"] == {"id": ROUTES}
    assert ignored(subnet) == ["delegations"]


@pytest.mark.parametrize("key", UDR)
def test_a_route_table_and_the_outbound_type_that_needs_it_go_together(key):
    with pytest.raises(ValueError, match=r"network\.routeTableId goes together with outboundType"):
        planned(stack(**{key: UDR[key]}))
