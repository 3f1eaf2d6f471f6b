"""Rows of the stack file about node pools and what scales them; Azure fields are those of the resource."""

from collections.abc import Mapping
from typing import Final

from settings.reference_rows import Row

_POOL: Final = "AgentPool: "
_BOOT: Final = "ManagedCluster: agentPoolProfiles[]."
_SCALER: Final = "ManagedCluster: autoScalerProfile."
_COUNTED: Final = "nothing: what fits on a node is counted with it"

POOLS: Final[Mapping[str, Mapping[str, Row]]] = {
    "BootstrapPool": {
        "name": Row("start", f"{_BOOT}name"),
        "vmSize": Row("Standard_D8ds_v5", f"{_BOOT}vmSize"),
        "count": Row("2", f"{_BOOT}count"),
        "zones": Row('["1", "2", "3"]', f"{_BOOT}availabilityZones[]"),
        "maxPods": Row("60", f"{_BOOT}maxPods"),
        "osSku": Row("Ubuntu", f"{_BOOT}osSKU"),
        "osDiskType": Row("Ephemeral", f"{_BOOT}osDiskType"),
        "osDiskSizeGb": Row("64", f"{_BOOT}osDiskSizeGB"),
        "encryptionAtHost": Row("true", f"{_BOOT}enableEncryptionAtHost"),
    },
    "NodePool": {
        "mode": Row("System", f"{_POOL}mode"),
        "vmSize": Row("Standard_D8ds_v5", f"{_POOL}vmSize"),
        "min": Row("1", f"{_POOL}minCount"),
        "max": Row("4", f"{_POOL}maxCount"),
        "blueGreen": Row("true", f"{_POOL}agentPoolName"),
        "zones": Row('["1", "2", "3"]', f"{_POOL}availabilityZones[]"),
        "maxPods": Row("60", f"{_POOL}maxPods"),
        "osSku": Row("Ubuntu", f"{_POOL}osSKU"),
        "osDiskType": Row("Ephemeral", f"{_POOL}osDiskType"),
        "osDiskSizeGb": Row("64", f"{_POOL}osDiskSizeGB"),
        "kubeletDiskType": Row("Temporary", f"{_POOL}kubeletDiskType"),
        "labels": Row("{course.example/tier: workers}", f"{_POOL}nodeLabels"),
        "taints": Row("[spot=true:NoSchedule]", f"{_POOL}nodeTaints[]"),
        "maxSurge": Row("1", f"{_POOL}upgradeSettings.maxSurge"),
        "maxUnavailable": Row("1", f"{_POOL}upgradeSettings.maxUnavailable"),
        "drainTimeoutMinutes": Row("60", f"{_POOL}upgradeSettings.drainTimeoutInMinutes"),
        "nodeSoakMinutes": Row("5", f"{_POOL}upgradeSettings.nodeSoakDurationInMinutes"),
        "undrainableNodeBehavior": Row(
            "Schedule", f"{_POOL}upgradeSettings.undrainableNodeBehavior"
        ),
        "scaleDownMode": Row("Deallocate", f"{_POOL}scaleDownMode"),
        "spot": Row('{maxPrice: "0.05"}', f"{_POOL}scaleSetPriority"),
        "encryptionAtHost": Row("true", f"{_POOL}enableEncryptionAtHost"),
        "fips": Row("true", f"{_POOL}enableFIPS"),
        "gpu": Row('{driver: "None"}', f"{_POOL}gpuProfile"),
        "security": Row("{vtpm: true}", f"{_POOL}securityProfile"),
        "workloadRuntime": Row("KataVmIsolation", f"{_POOL}workloadRuntime"),
        "capacity": Row("{cpu: 3860m, memory: 13Gi}", _COUNTED),
        "systemPods": Row("{cpu: 500m}", _COUNTED),
    },
    "Spot": {
        "evictionPolicy": Row("Deallocate", f"{_POOL}scaleSetEvictionPolicy"),
        "maxPrice": Row('"0.05"', f"{_POOL}spotMaxPrice"),
    },
    "Gpu": {
        "driver": Row('"None"', f"{_POOL}gpuProfile.driver"),
        "instanceProfile": Row("MIG1g", f"{_POOL}gpuInstanceProfile"),
    },
    "PoolSecurity": {
        "secureBoot": Row("true", f"{_POOL}securityProfile.enableSecureBoot"),
        "vtpm": Row("true", f"{_POOL}securityProfile.enableVTPM"),
        "sshAccess": Row("Disabled", f"{_POOL}securityProfile.sshAccess"),
    },
    "SystemPods": {
        "cpu": Row("500m", _COUNTED),
        "memory": Row("1Gi", _COUNTED),
        "pods": Row("10", _COUNTED),
    },
    "Capacity": {
        "cpu": Row("3860m", _COUNTED),
        "memory": Row("13Gi", _COUNTED),
    },
    "Autoscaler": {
        "balanceSimilarNodeGroups": Row("true", f"{_SCALER}balanceSimilarNodeGroups"),
        "expander": Row("priority", f"{_SCALER}expander"),
        "scanIntervalSeconds": Row("30", f"{_SCALER}scanInterval"),
        "newPodScaleUpDelaySeconds": Row("15", f"{_SCALER}newPodScaleUpDelay"),
        "maxNodeProvisionMinutes": Row("20", f"{_SCALER}maxNodeProvisionTime"),
        "scaleDownUnneededMinutes": Row("30", f"{_SCALER}scaleDownUnneededTime"),
        "scaleDownUnreadyMinutes": Row("30", f"{_SCALER}scaleDownUnreadyTime"),
        "scaleDownDelayAfterAddMinutes": Row("15", f"{_SCALER}scaleDownDelayAfterAdd"),
        "scaleDownDelayAfterDeleteMinutes": Row("5", f"{_SCALER}scaleDownDelayAfterDelete"),
        "scaleDownDelayAfterFailureMinutes": Row("5", f"{_SCALER}scaleDownDelayAfterFailure"),
        "scaleDownUtilizationPercentage": Row("70", f"{_SCALER}scaleDownUtilizationThreshold"),
        "maxGracefulTerminationSeconds": Row("900", f"{_SCALER}maxGracefulTerminationSec"),
        "maxEmptyBulkDelete": Row("20", f"{_SCALER}maxEmptyBulkDelete"),
        "skipNodesWithLocalStorage": Row("false", f"{_SCALER}skipNodesWithLocalStorage"),
        "skipNodesWithSystemPods": Row("false", f"{_SCALER}skipNodesWithSystemPods"),
        "ignoreDaemonsetsUtilization": Row("true", f"{_SCALER}ignoreDaemonsetsUtilization"),
        "daemonsetEvictionForEmptyNodes": Row("true", f"{_SCALER}daemonsetEvictionForEmptyNodes"),
        "daemonsetEvictionForOccupiedNodes": Row(
            "false", f"{_SCALER}daemonsetEvictionForOccupiedNodes"
        ),
        "maxTotalUnreadyPercentage": Row("60", f"{_SCALER}maxTotalUnreadyPercentage"),
        "okTotalUnreadyCount": Row("5", f"{_SCALER}okTotalUnreadyCount"),
    },
}
