"""Fields of a node pool that stay as they were created: one list for the name of blue/green pools and the guard.

What Microsoft's pages say is cited; the rest is what the provider of Terraform has learnt to make a new pool for, since
Azure answers `PropertyChangeNotAllowed` (https://github.com/hashicorp/terraform-provider-azurerm , resource
`azurerm_kubernetes_cluster_node_pool`). Not here, since Azure changes them in place: `osSKU` between Ubuntu and
AzureLinux, `scaleDownMode`, `mode`, labels, taints, tags, counts and all of `upgradeSettings`.
"""

from collections.abc import Mapping
from typing import Final

NOT_A_SETTING: Final = ""
"""The settings have no key of the field: this program gives it one value, or none."""

REPLACED_POOL_FIELDS: Final[Mapping[str, str]] = {
    "vmSize": "vmSize",
    "gpuInstanceProfile": "gpu.instanceProfile",
    "networkProfile.nodePublicIPTags": NOT_A_SETTING,
}
"""A change shows as a replacement in the preview: azure-native knows them as force-new. With a physical name of its own
(all pools have one) the old pool goes first."""

FIXED_POOL_FIELDS: Final[Mapping[str, str]] = {
    **REPLACED_POOL_FIELDS,
    "availabilityZones": "zones",
    "capacityReservationGroupID": NOT_A_SETTING,
    "enableEncryptionAtHost": "encryptionAtHost",
    "enableNodePublicIP": NOT_A_SETTING,
    "enableUltraSSD": NOT_A_SETTING,
    "gpuProfile": "gpu.driver",
    "hostGroupID": NOT_A_SETTING,
    "kubeletConfig": NOT_A_SETTING,
    "kubeletDiskType": "kubeletDiskType",
    "linuxOSConfig": NOT_A_SETTING,
    "maxPods": "maxPods",
    "nodePublicIPPrefixID": NOT_A_SETTING,
    "osDiskSizeGB": "osDiskSizeGb",
    "osDiskType": "osDiskType",
    "osType": NOT_A_SETTING,
    "podSubnetID": NOT_A_SETTING,
    "proximityPlacementGroupID": NOT_A_SETTING,
    "scaleSetEvictionPolicy": "spot.evictionPolicy",
    "scaleSetPriority": "spot",
    "securityProfile": "security",
    "spotMaxPrice": "spot.maxPrice",
    "type": NOT_A_SETTING,
    "vnetSubnetID": NOT_A_SETTING,
    "windowsProfile": NOT_A_SETTING,
    "workloadRuntime": "workloadRuntime",
}
"""Azure's name of each field to its key below `nodePools.<name>`. All but those of `REPLACED_POOL_FIELDS` preview as an
update and fail in `pulumi up`.

Cited: `enableEncryptionAtHost` https://learn.microsoft.com/azure/aks/enable-host-encryption#limitations ;
`scaleSetPriority`, `scaleSetEvictionPolicy`, `spotMaxPrice`
https://learn.microsoft.com/azure/aks/spot-node-pool#limitations ; `securityProfile`
https://learn.microsoft.com/azure/aks/use-trusted-launch : secure boot and vTPM need an image that only a pool created
with one of them has (once it has, each goes on and off in place); `osDiskType` and `hostGroupID` the API's own words.
"""

REIMAGED_POOL_FIELDS: Final[Mapping[str, str]] = {"enableFIPS": "fips"}
"""Azure changes them in place by imaging every node anew at once, outside any surge:
https://learn.microsoft.com/azure/aks/enable-fips-nodes#update-an-existing-node-pool-to-enable-or-disable-fips"""

ABSENT_MEANS: Final[Mapping[str, object]] = {
    "enableEncryptionAtHost": False,
    "enableFIPS": False,
    "enableNodePublicIP": False,
    "enableUltraSSD": False,
    "gpuProfile": {"driver": "Install"},
    "kubeletDiskType": "OS",
    "osType": "Linux",
    "scaleSetPriority": "Regular",
    "securityProfile": {"enableSecureBoot": False, "enableVTPM": False, "sshAccess": "LocalUser"},
    "workloadRuntime": "OCIContainer",
}
"""What a pool has that says nothing of a field: to write it out is no change. As `az aks nodepool show` prints it,
https://learn.microsoft.com/azure/aks/spot-node-pool#verify-the-spot-node-pool ."""
