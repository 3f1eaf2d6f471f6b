"""Stacks that say all that can be said of Azure: what a key becomes is looked for in them."""

from functools import cache

from tests.components.azure.cloud import (
    BACKED_UP,
    GUARDED,
    PIPELINES,
    REGISTERED,
    VAULTED,
    planned,
    stack,
)

WEEKLY = {"weekly": "Sunday", "start": "01:00"}

VARIATIONS = (
    PIPELINES,
    {
        "cluster.maintenance": {
            "default": WEEKLY,
            "autoUpgrade": {"monthly": {"dayOfMonth": 1}, "start": "01:00"},
            "nodeOsUpgrade": {"daily": 1, "start": "01:00"},
            "notAllowed": [{"start": "2026-12-20", "end": "2027-01-03"}],
        }
    },
    {
        "cluster.maintenance": {
            "autoUpgrade": {"monthly": {"week": "First", "day": "Sunday"}, "start": "01:00"},
            "nodeOsUpgrade": WEEKLY,
        },
        "cluster.runs": {"days": ["Monday"], "start": "07:00", "stop": "19:00"},
    },
    {
        "nodePools.wg1.blueGreen": True,
        "nodePools.wg1.spot": {"maxPrice": "0.05"},
        "nodePools.wg1.gpu": {"driver": "None", "instanceProfile": "MIG1g"},
    },
    {
        "cluster.apiServer": {"private": True, "privateDnsZone": "own", "vnetIntegration": True},
        "network.subnets": dict.fromkeys(
            ("nodes", "system", "apiServer", "privateEndpoints"), "auto"
        ),
        "network.outboundType": "userAssignedNATGateway",
        "network.natGateway": {"zone": "1", "addressZones": ["1", "2", "3"]},
        "network.advancedNetworking": {"observability": True, "security": "L7"},
    },
    {
        "network.outboundType": "userDefinedRouting",
        "network.firewall": {"privateIp": "10.60.0.4", "publicIps": ["198.51.100.9"]},
    },
    BACKED_UP,
    VAULTED,
    REGISTERED,
    {**GUARDED, "cluster.lock": True},
)
"""Changes of `cloud.STACK` by dotted key, one stack each."""


@cache
def rows():
    """Every resource of every variation."""
    return [row for it in VARIATIONS for row in planned(stack(**it)).values()]


def resources():
    """The same as the reference names them: `kind`, and the inputs."""
    return [{**row.inputs, "kind": row.type.rpartition(":")[2]} for row in rows()]
