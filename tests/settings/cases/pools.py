"""Cases of `settings/checks/pools.py`: one mutation a rule."""

from settings.node_pools import NodePool
from settings.pool_names import pool_name
from settings.profiles import filled
from settings.recommended import ROWS
from settings.stack import Settings
from tests.settings.cases.common import LARGE, PLENTY, case
from tests.settings.estate import GONE

BLUE_GREEN = {**LARGE, "blueGreen": True}


def _named(key, pool):
    """What `pool_name` makes of a pool in stack dev."""
    given = {"target": "aks", "cluster": {"profile": "dev"}, "nodePools": {key: pool}}
    own = NodePool.model_validate(filled(given, ROWS)["nodePools"][key])
    return pool_name(
        Settings.model_construct(target="aks", node_pools={key: own}, network=None), key
    )


NAMED_ALIKE = _named("wg2", BLUE_GREEN)

DEALLOCATED = {"evictionPolicy": "Deallocate"}
TRUSTED = {"secureBoot": True}
GPU = {**LARGE, "vmSize": "Standard_NC24ads_A100_v4", "capacity": {"cpu": "23", "memory": "200Gi"}}
RUNS = {"days": ["Monday"], "start": "07:00", "stop": "19:00"}
AUTO = ("dev", "cluster.nodeProvisioning", "Auto")

CASES = [
    case("dev", "nodePools.boot", LARGE, "must differ from every name in nodePools; got 'boot'",
         at="cluster.bootstrapPool.name"),
    case("dev", f"nodePools.{NAMED_ALIKE}", LARGE, f"is named {NAMED_ALIKE} in Azure, as pool wg2 is",
         before=(("dev", "nodePools.wg2", BLUE_GREEN),)),
    *(
        case("dev", f"{pool}.vmSize", size,
             f"must have at least 4 vCPU in a system pool, for example 'Standard_D4ds_v5'; got '{size}'")
        for pool in ("cluster.bootstrapPool", "nodePools.system")
        for size in ("Standard_D2ds_v5", "Standard_E8-2ds_v5")
    ),
    *(
        case("dev", f"{pool}.vmSize", size, f"must not be of the A- or B-series in a system pool, for example "
             f"'Standard_D4ds_v5'; got '{size}'")
        for pool in ("cluster.bootstrapPool", "nodePools.system")
        for size in ("Standard_B4ms", "Standard_A8m_v2")
    ),
    case("prod", "nodePools.system.min", 1, "must make 3 system nodes with profile prod; with the 1 of the bootstrap "
         "pool it makes 2; got 1; write 2", before=(("prod", "cluster.bootstrapPool.count", 1),)),
    case("dev", "nodePools.system.spot", {}, "is for worker pools"),
    case("dev", "nodePools.system", GONE, "must have a pool with mode System", at="nodePools"),
    case("dev", "nodePools.wg1.vmSize", GONE, "is required with target aks"),
    case("dev", ("nodePools", "wg1", "labels", "agentpool"), "wg1", "is set by AKS"),
    case("dev", ("nodePools", "wg1", "labels", "kubernetes.azure.com/mode"), "user", "is set by AKS"),
    case("dev", "nodePools.wg1.min", 6, "must not exceed max (5); got 6; lower it"),
    case("dev", "nodePools.system.min", 0, "must be at least 1 for a system pool; got 0"),
    case("dev", "nodePools.system.max", 1001, "must be at most 1000, all that one pool may have; got 1001",
         before=(("dev", "network.subnets.nodes", "10.40.0.0/18"), ("dev", "network.podCidr", "10.128.0.0/10"),
                 ("dev", "network.serviceCidr", "10.64.0.0/16"), ("dev", "network.dnsServiceIp", "10.64.0.10"),
                 ("dev", "namespaces.logging.quota", {**PLENTY, "pods": 2000}))),
    case("dev", "nodePools.wg1.max", 5, "must equal min (2) with 'cluster.nodeProvisioning: Auto', which excludes the "
         "autoscaler; got 5; write 2",
         before=(("dev", "nodePools.wg1.max", 2), ("dev", "nodePools.system.max", 1), AUTO)),
    case("dev", "nodePools.wg1.blueGreen", True, "must hold 37 nodes", at="network.subnets.nodes",
         before=(("dev", "network.subnets.nodes", "10.40.0.0/27"), ("dev", "nodePools.wg1.max", 16),
                 ("dev", "namespaces.logging.quota", PLENTY))),
    case("dev", "cluster.runs", RUNS, "excludes 'nodeProvisioning: Auto': such a cluster cannot be stopped",
         before=(("dev", "nodePools.wg1.max", 2), ("dev", "nodePools.system.max", 1), AUTO)),
    case("dev", "nodePools.wg1.maxSurge", 0, "must not be 0: an upgrade could never replace a node; got 0"),
    case("dev", "nodePools.wg1.maxSurge", "0%", "must not be 0: an upgrade could never replace a node; got '0%'"),
    case("dev", "nodePools.wg1.maxUnavailable", 1, "must be 0 beside maxSurge 33%: both together are a preview of "
         "Azure's; got 1"),
    case("dev", "nodePools.system.maxUnavailable", "10%", "must be 0 in a system pool, which Azure upgrades with extra "
         "nodes alone; got '10%'"),
    case("dev", "nodePools.wg1.zones", ["1", "1"], "must name each zone once; got 1, 1"),
    case("Pulumi.prod.yaml", ("config", "azure-native:location"), "australiasoutheast",
         "must be empty in australiasoutheast, which has no availability zones; got 1",
         at=("prod", "nodePools.wg1.zones"),
         before=(("prod", "nodePools.system.zones", []), ("prod", "cluster.bootstrapPool.zones", []),
                 ("prod", "network.outboundType", "loadBalancer"))),
    case("dev", "nodePools.wg1.vmSize", "Standard_M64ms", "is required where the machine size is not in the built-in",
         at="nodePools.wg1.capacity"),
    case("prod", "nodePools.wg1.osDiskSizeGb", 301, "Standard_D8ds_v5 has 300 GiB of local disk for 301",
         at="nodePools.wg1.osDiskType"),
    case("dev", "cluster.bootstrapPool.osDiskType", "Ephemeral", "Standard_D4s_v5 has 0 GiB of local disk for 128",
         before=(("dev", "cluster.bootstrapPool.vmSize", "Standard_D4s_v5"),)),
    case("prod", "nodePools.wg1.scaleDownMode", "Deallocate", "must be Delete with osDiskType Ephemeral"),
    case("prod", "nodePools.extra", {**LARGE, "osDiskType": "Ephemeral", "spot": DEALLOCATED},
         "must be Delete with osDiskType Ephemeral: such a machine cannot be kept",
         at="nodePools.extra.spot.evictionPolicy"),
    case("dev", "nodePools.wg1.osSku", "CBLMariner", "must be in support: Azure ended osSKU CBLMariner"),
    case("dev", "cluster.bootstrapPool.osSku", "CBLMariner", "must be in support: Azure ended osSKU CBLMariner"),
    case("dev", "nodePools.wg1.security", TRUSTED, "must be false with fips; got true",
         at="nodePools.wg1.security.secureBoot", before=(("dev", "nodePools.wg1.fips", True),)),
    case("dev", "nodePools.wg1.security", {"vtpm": True}, "must be false with Standard_D4pds_v5, whose cores are Arm",
         at="nodePools.wg1.security.vtpm", before=(("dev", "nodePools.wg1.vmSize", "Standard_D4pds_v5"),)),
    case("dev", "nodePools.wg1.security", TRUSTED, "must be false with workloadRuntime KataVmIsolation",
         at="nodePools.wg1.security.secureBoot",
         before=(("dev", "nodePools.wg1.workloadRuntime", "KataVmIsolation"),)),
    case("dev", "nodePools.gpu", {**GPU, "security": TRUSTED}, "must be false with gpu.driver Install",
         at="nodePools.gpu.security.secureBoot"),
    case("dev", "nodePools.wg1.gpu", {}, "is for machines with GPUs, and Standard_D4ds_v5 has none"),
    case("dev", "nodePools.wg1.osSku", "Ubuntu", "must be AzureLinux with workloadRuntime KataVmIsolation",
         before=(("dev", "nodePools.wg1.workloadRuntime", "KataVmIsolation"),)),
]  # fmt: skip
