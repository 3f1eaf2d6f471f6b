"""Cases of `settings/checks/cluster.py`."""

from tests.settings.cases.common import LARGE, case
from tests.settings.estate import GONE

CASES = [
    case("local", "kubeconfig", GONE, "is required with target kubeconfig; add 'kubeconfig: {}'"),
    case("local", "resourceGroup", "rg", "has no effect with target kubeconfig; remove it"),
    case("local", "ingress.controller", "nginx", "must be none with target kubeconfig"),
    *(
        case("dev", path, GONE, "is required with target aks; add it")
        for path in ("resourceGroup", "cluster.name", "cluster.dnsPrefix", "access")
    ),
    case("dev", "network", None, "is required with target aks; add it"),
    case("dev", "kubeconfig", {}, "has no effect with target aks; remove it"),
    case("dev", "nodePools.system", GONE, "must have a pool with mode System", at="nodePools"),
    case("dev", "nodePools.boot", LARGE, "must differ from every name in nodePools; got 'boot'",
         at="cluster.bootstrapPool.name"),
    *(
        case("dev", f"{pool}.vmSize", size, f"must have at least 4 vCPU and not be of the B-series, for example "
             f"'Standard_D4ds_v5'; got '{size}'")
        for pool in ("cluster.bootstrapPool", "nodePools.system")
        for size in ("Standard_D2ds_v5", "Standard_B4ms", "Standard_E8-2ds_v5")
    ),
    case("dev", "nodePools.wg1.vmSize", GONE, "is required with target aks"),
    case("dev", ("nodePools", "wg1", "labels", "agentpool"), "wg1", "is set by AKS"),
    case("dev", ("nodePools", "wg1", "labels", "kubernetes.azure.com/mode"), "user", "is set by AKS"),
    case("dev", "nodePools.wg1.min", 6, "must not exceed max (5); got 6; lower it"),
    case("dev", "nodePools.system.min", 0, "must be at least 1 for a system pool; got 0"),
    case("dev", "nodePools.wg1.maxSurge", 0, "must not be 0: an upgrade could never replace a node; got 0"),
    case("dev", "nodePools.wg1.maxSurge", "0%", "must not be 0: an upgrade could never replace a node; got '0%'"),
    case("dev", "nodePools.wg1.vmSize", "Standard_M64ms", "is required where the machine size is not in the built-in",
         at="nodePools.wg1.capacity"),
    case("prod", "nodePools.wg1.osDiskSizeGb", 301, "Standard_D8ds_v5 has 300 GiB of local disk for 301",
         at="nodePools.wg1.osDiskType"),
]  # fmt: skip
