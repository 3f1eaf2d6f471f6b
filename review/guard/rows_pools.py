"""Rows of node pools: the fields are `settings.fixed_fields`, shared with the names of blue/green pools."""

from collections.abc import Mapping
from typing import Any, Final

from review.guard import table
from review.guard.rows_cluster import AKS, CLUSTER, PROVIDER
from review.guard.table import Guarded
from review.guard.values import ABSENT, Alike, equal, resource_id, unordered
from settings.fixed_fields import FIXED_POOL_FIELDS, REIMAGED_POOL_FIELDS, REPLACED_POOL_FIELDS

POOL: Final = "azure-native:containerservice:AgentPool"
INLINE: Final = "agentPoolProfiles[]."
NEW_POOL: Final = (
    "a new pool first: `nodePools.<name>.blueGreen: true` gives it another name, so that it comes before the old one "
    "is drained; or add a second pool, move the workloads' `pool`, then remove the first"
)
BOOTSTRAP: Final = (
    "leave the bootstrap pool as it was created: it is part of the cluster and carries only system pods; what changes "
    "belongs in `nodePools`"
)
FIXED_SOURCE: Final = "https://github.com/hashicorp/terraform-provider-azurerm"

_WHY: Final[Mapping[str, str]] = {
    "vmSize": "every node is another machine, and the old ones go before the first new one comes",
    "availabilityZones": "nodes stay in their zones, and so do zonal disks",
    "maxPods": "the number of pods a node takes is fixed with the pool",
    "osDiskType": "the kind of the system disk is fixed with the pool",
    "osDiskSizeGB": "the size of the system disk is fixed with the pool",
    "vnetSubnetID": "the subnet of the nodes is fixed with the pool",
    "scaleSetPriority": "a pool is of spot machines or it is not",
}
_ALIKE: Final[Mapping[str, Alike]] = {
    "availabilityZones": unordered,
    "capacityReservationGroupID": resource_id,
    "hostGroupID": resource_id,
    "podSubnetID": resource_id,
    "proximityPlacementGroupID": resource_id,
    "vnetSubnetID": resource_id,
}
_ABSENT: Final[Mapping[str, Any]] = {
    "availabilityZones": [],
    "enableEncryptionAtHost": False,
    "enableNodePublicIP": False,
    "enableUltraSSD": False,
    "enableFIPS": False,
    "kubeletDiskType": "OS",
    "osType": "Linux",
    "scaleSetPriority": "Regular",
    "securityProfile.enableSecureBoot": False,
    "securityProfile.enableVTPM": False,
    "type": "VirtualMachineScaleSets",
    "workloadRuntime": "OCIContainer",
}
"""Azure's defaults of https://learn.microsoft.com/rest/api/aks/agent-pools/create-or-update ."""


_NARROWED: Final[Mapping[str, tuple[str, ...]]] = {
    "securityProfile": ("securityProfile.enableSecureBoot", "securityProfile.enableVTPM")
}
"""Fields of which only a part is fixed: `sshAccess` changes with the next node image."""


def _fixed(type_: str, prefix: str, safe: str) -> list[Guarded]:
    return [
        Guarded(
            type=type_,
            path=f"{prefix}{field}",
            effect="replaces" if field in REPLACED_POOL_FIELDS and not prefix else "refused",
            why=_WHY.get(field, "the field is fixed when the pool is created"),
            safe=safe,
            source=PROVIDER if field in REPLACED_POOL_FIELDS else FIXED_SOURCE,
            known="provider" if field in REPLACED_POOL_FIELDS else "inferred",
            alike=_ALIKE.get(field, equal),
            absent=_ABSENT.get(field, ABSENT),
        )
        for whole in FIXED_POOL_FIELDS
        for field in _NARROWED.get(whole, (whole,))
    ]


_IN_PLACE: Final[tuple[tuple[str, table.When, str, str, str, bool], ...]] = (
    (
        "orchestratorVersion",
        table.raised,
        "every node of the pool is drained and replaced, as many at once as maxSurge says",
        "dev first; check disruption budgets; in the maintenance window",
        f"{AKS}upgrade-aks-cluster",
        False,
    ),
    (
        "osSKU",
        table.always,
        "every node of the pool is drained and imaged anew with another operating system",
        "dev first; try a second pool where images depend on the node's libraries",
        f"{AKS}upgrade-os-version",
        False,
    ),
    (
        "mode",
        table.becomes("User"),
        "system pods no longer prefer the pool, and the cluster needs one more of mode System",
        "make the other system pool first",
        f"{AKS}use-system-pools",
        False,
    ),
    (
        "localDNSProfile",
        table.always,
        "every node of the pool is imaged anew with another resolver",
        "dev first; in the maintenance window",
        f"{AKS}localdns-custom",
        False,
    ),
    (
        "powerState.code",
        table.becomes("Stopped"),
        "all nodes of the pool go, and the pods bound to it stay Pending",
        "move the workloads' `pool` first",
        f"{AKS}start-stop-nodepools",
        True,
    ),
)

ROWS: Final[tuple[Guarded, ...]] = (
    *_fixed(POOL, "", NEW_POOL),
    *_fixed(CLUSTER, INLINE, BOOTSTRAP),
    *(
        Guarded(
            type=POOL,
            path=field,
            effect="inPlace",
            why="all nodes are imaged anew at once, outside any surge: every pod of the pool is down meanwhile",
            safe=NEW_POOL,
            source=f"{AKS}enable-fips-nodes",
            grave=True,
            absent=_ABSENT.get(field, ABSENT),
        )
        for field in REIMAGED_POOL_FIELDS
    ),
    Guarded(
        type=POOL,
        path="orchestratorVersion",
        effect="refused",
        when=table.lowered,
        why="nodes do not go back to an earlier version",
        safe="keep the version, or a new pool of an older one, at most three minors behind the control plane",
        source=f"{AKS}upgrade-aks-cluster",
    ),
    *(
        Guarded(
            type=POOL,
            path=path,
            effect="inPlace",
            when=when,
            why=why,
            safe=safe,
            source=source,
            grave=grave,
        )
        for path, when, why, safe, source, grave in _IN_PLACE
    ),
)
