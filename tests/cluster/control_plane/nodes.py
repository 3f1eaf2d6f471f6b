"""Nodes that look like those of AKS; no machine stands behind them.

Labels as AKS sets them: https://learn.microsoft.com/azure/aks/use-labels ; nodes, pods and services have addresses
reserved for examples and benchmarks (RFC 5737, RFC 2544), so a request to one finds no real host.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

REGION = "westeurope"
SYSTEM_TAINT = {"key": "CriticalAddonsOnly", "value": "true", "effect": "NoSchedule"}
MAX_PODS = "110"


@dataclass(frozen=True)
class Node:
    """One fake node; the scheduler sees its labels, taints and capacity."""

    name: str
    labels: Mapping[str, str] = field(default_factory=dict)
    taints: Sequence[Mapping[str, str]] = ()
    cpu: str = "4"
    memory: str = "16Gi"

    def manifest(self, index: int) -> dict[str, Any]:
        """The Node as a kubelet would register it; `index` makes its addresses, below 250."""
        well_known = {
            "kubernetes.io/hostname": self.name,
            "kubernetes.io/os": "linux",
            "kubernetes.io/arch": "amd64",
        }
        capacity = {"cpu": self.cpu, "memory": self.memory, "pods": MAX_PODS}
        return {
            "metadata": {"name": self.name, "labels": {**well_known, **self.labels}},
            "spec": {"podCIDR": f"198.18.{index}.0/24", "taints": [*self.taints]},
            "status": {
                "capacity": capacity,
                "allocatable": capacity,
                "addresses": [{"type": "InternalIP", "address": f"192.0.2.{index + 1}"}],
            },
        }


def pool(
    name: str,
    count: int,
    *,
    system: bool = False,
    first: int = 0,
    zones: Sequence[str] = (),
    cpu: str = "4",
    memory: str = "16Gi",
) -> list[Node]:
    """`count` nodes of one pool from number `first`, over `zones` in turn; a system pool has AKS' taint."""
    found = []
    for index in range(first, first + count):
        labels = {
            "agentpool": name,
            "kubernetes.azure.com/agentpool": name,
            "kubernetes.azure.com/mode": "system" if system else "user",
            "topology.kubernetes.io/region": REGION,
            # Without zones AKS writes the fault domain instead.
            "topology.kubernetes.io/zone": f"{REGION}-{zones[index % len(zones)]}"
            if zones
            else "0",
        }
        taints = [SYSTEM_TAINT] if system else []
        found.append(Node(f"aks-{name}-{index}", labels, taints, cpu, memory))
    return found
