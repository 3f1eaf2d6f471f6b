"""What AKS may change in the network, and that it may before there is a cluster; the zone of a private API server."""

import pytest

from components.azure.roles import ROLES
from tests.components.azure.cloud import SHARED, planned, stack
from tests.components.azure.test_network import ALL_SUBNETS, FIREWALL, ROUTES, UDR

ZONE = f"{SHARED}/Microsoft.Network/privateDnsZones/privatelink.westeurope.azmk8s.io"
OWN = {"cluster.apiServer": {"private": True, "vnetIntegration": False, "privateDnsZone": "own"}}
GIVEN = {"cluster.apiServer": {"private": True, "vnetIntegration": False, "privateDnsZone": ZONE}}
CLUSTER = "aks-cluster-managed-cluster"
NETWORK, DNS = "Network Contributor", "Private DNS Zone Contributor"


def rights(**changes):
    rows = planned(stack(**changes))
    of_id = {identifier: name for name, identifier in ROLES.items()}
    return {
        name.removeprefix("aks-network-rights-"): (
            of_id[row.inputs["roleDefinitionId"].rpartition("/")[2]],
            row.inputs["scope"].rpartition("/")[2],
        )
        for name, row in rows.items()
        if row.type.endswith(":RoleAssignment") and name.startswith("aks-network-rights-")
    }


def test_a_network_of_nodes_alone_takes_no_right_beside_the_one_on_their_subnet():
    rows = planned(stack())
    assert rights() == {}
    assert "aks-network-rights" not in rows


def test_aks_may_change_the_subnets_it_places_things_in_and_no_other():
    assert rights(**ALL_SUBNETS) == {
        "system-subnet": (NETWORK, "aks-network-system-subnet"),
        "api-server-subnet": (NETWORK, "aks-network-api-server-subnet"),
    }


@pytest.mark.parametrize(
    ("changes", "scope"), [(UDR, "firewall"), (FIREWALL, "aks-network-route-table")]
)
def test_aks_may_change_the_route_table_of_its_nodes(changes, scope):
    assert rights(**changes) == {"route-table": (NETWORK, scope)}


def test_a_right_on_a_route_table_of_others_is_looked_up_in_its_own_subscription():
    given = planned(stack(**UDR))["aks-network-rights-route-table"].inputs
    assert given["scope"] == ROUTES
    assert given["roleDefinitionId"].startswith("/subscriptions/11111111-")


@pytest.mark.parametrize(
    ("changes", "zone"), [(OWN, "aks-network-api-server-zone"), (GIVEN, ZONE.rpartition("/")[2])]
)
def test_a_zone_of_ones_own_takes_a_right_on_it_and_on_the_network_that_is_linked(changes, zone):
    assert rights(**changes) == {
        "api-server-zone": (DNS, zone),
        "virtual-network": (NETWORK, "aks-network-virtual-network"),
    }


def test_every_right_is_given_to_the_identity_that_aks_acts_as_before_there_is_a_cluster():
    rows = planned(stack(**ALL_SUBNETS, **UDR, **OWN))
    given = [name for name in rows if name.startswith("aks-network-rights-")]
    assert len(given) == 5
    for name in given:
        assert rows[name].inputs["principalId"] == "principal of aks-identity-control-plane"
        assert rows[name].inputs["principalType"] == "ServicePrincipal"
        assert name in rows[CLUSTER].dependencies


def test_a_zone_of_ones_own_is_named_and_linked_as_aks_expects_before_there_is_a_cluster():
    rows = planned(stack(**OWN))
    zone, link = rows["aks-network-api-server-zone"], rows["aks-network-api-server-link"]
    assert zone.inputs["privateZoneName"] == "privatelink.westeurope.azmk8s.io"
    assert zone.inputs["location"] == link.inputs["location"] == "global"
    assert link.inputs["virtualNetwork"]["id"].endswith("/aks-network-virtual-network")
    assert link.inputs["registrationEnabled"] is False
    assert {zone.name, link.name} <= {*rows[CLUSTER].dependencies}
    asked = rows[CLUSTER].inputs["apiServerAccessProfile"]
    assert asked["privateDNSZone"].endswith("/aks-network-api-server-zone")


def test_a_zone_that_is_there_is_used_and_none_is_made():
    rows = planned(stack(**GIVEN))
    assert rows[CLUSTER].inputs["apiServerAccessProfile"]["privateDNSZone"] == ZONE
    assert not [it for it in rows.values() if it.type.endswith(":PrivateZone")]


@pytest.mark.parametrize("asked", [{}, {"privateDnsZone": "none", "publicFqdn": True}])
def test_a_zone_that_aks_makes_takes_no_right_and_is_none_of_ours(asked):
    changes = {"cluster.apiServer": {"private": True, "vnetIntegration": False, **asked}}
    assert rights(**changes) == {}
    assert not [it for it in planned(stack(**changes)).values() if it.type.endswith(":PrivateZone")]
