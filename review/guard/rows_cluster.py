"""Rows of the managed cluster.

`provider`: azure-native's own table of force-new properties (`provider/pkg/gen/replacement.go` of pulumi-azure-native
as of pull request 4771, July 2026). Before that request any change of `networkProfile` replaced the cluster.
"""

from collections.abc import Mapping
from typing import Final

from review.guard import table
from review.guard.table import Guarded
from review.guard.values import ABSENT, Alike, equal, resource_id, unordered

CLUSTER: Final = "azure-native:containerservice:ManagedCluster"
PROVIDER: Final = "https://github.com/pulumi/pulumi-azure-native/pull/4771"
AKS: Final = "https://learn.microsoft.com/azure/aks/"

BESIDE: Final = (
    "keep the value; if it must change, build a cluster of another name beside this one, move the traffic, then remove "
    "the old one: docs/cluster.md#a-new-cluster-beside-the-old-one"
)
MIGRATE: Final = (
    "keep the value; where Azure has a way in place ({way}), run it with az, write the new value here, then "
    "`pulumi refresh`: docs/cluster.md#change-it-with-az-then-tell-pulumi"
)

_REPLACES: Final[Mapping[str, tuple[str, str]]] = {
    "dnsPrefix": ("the API server gets another name and another cluster behind it", BESIDE),
    "fqdnSubdomain": (
        "the private API server gets another name and another cluster behind it",
        BESIDE,
    ),
    "nodeResourceGroup": ("machines, disks and addresses are made anew in another group", BESIDE),
    "diskEncryptionSetID": (
        "every disk of every node is encrypted with another key from its creation on",
        BESIDE,
    ),
    "linuxProfile": (
        "the SSH key of all nodes is fixed with the cluster",
        "keep it; `az aks update --ssh-key-value`",
    ),
    "windowsProfile": (
        "the administrator of Windows nodes is fixed with the cluster",
        "keep it; `az aks update --windows-admin-password`",
    ),
    "networkProfile.networkPlugin": (
        "pods get addresses from another plugin",
        MIGRATE.format(way="`az aks update --network-plugin azure`, from kubenet only"),
    ),
    "networkProfile.networkPluginMode": (
        "pods get addresses from another range",
        MIGRATE.format(way="`az aks update --network-plugin-mode overlay`, one way"),
    ),
    "networkProfile.networkMode": ("the mode of the bridge is fixed with the cluster", BESIDE),
    "networkProfile.networkDataplane": (
        "every packet takes another data plane",
        MIGRATE.format(way="`az aks update --network-dataplane cilium`, one way"),
    ),
    "networkProfile.networkPolicy": (
        "something else holds pods to their network policies",
        MIGRATE.format(way="`az aks update --network-policy cilium`, to cilium or none"),
    ),
    "networkProfile.outboundType": (
        "nodes reach the Internet another way, from other addresses",
        MIGRATE.format(way="`az aks update --outbound-type`"),
    ),
    "networkProfile.podCidr": (
        "every pod gets an address of another range",
        MIGRATE.format(way="`az aks update --pod-cidr`, only while moving to overlay"),
    ),
    "networkProfile.serviceCidr": ("every Service gets an address of another range", BESIDE),
    "networkProfile.serviceCidrs": ("every Service gets an address of another range", BESIDE),
    "networkProfile.dnsServiceIP": (
        "every pod has the address of the DNS in its resolv.conf",
        BESIDE,
    ),
}

_REFUSED: Final[tuple[tuple[str, table.When, str, str, str, table.Known], ...]] = (
    (
        "apiServerAccessProfile.enablePrivateCluster",
        table.always,
        "a public API server cannot become private, nor the other way round, without API server VNet integration",
        BESIDE,
        f"{AKS}private-clusters#limitations",
        "documented",
    ),
    (
        "apiServerAccessProfile.enableVnetIntegration",
        table.switched_off,
        "API server VNet integration cannot be taken back",
        "leave it on",
        f"{AKS}api-server-vnet-integration#limitations",
        "documented",
    ),
    (
        "apiServerAccessProfile.subnetId",
        table.always,
        "the subnet of the API server is chosen once",
        BESIDE,
        f"{AKS}api-server-vnet-integration",
        "inferred",
    ),
    (
        "apiServerAccessProfile.privateDNSZone",
        table.always,
        "the private zone of the API server's name is chosen once, but for none",
        MIGRATE.format(way="`az aks update --private-dns-zone none`"),
        f"{AKS}private-clusters#configure-a-private-dns-zone",
        "documented",
    ),
    (
        "aadProfile.managed",
        table.switched_off,
        "sign-in by Entra cannot be taken back",
        "leave it on",
        f"{AKS}enable-authentication-microsoft-entra-id#limitations",
        "documented",
    ),
    (
        "oidcIssuerProfile.enabled",
        table.switched_off,
        "the OIDC issuer cannot be switched off, and every workload identity trusts it",
        "leave it on",
        f"{AKS}use-oidc-issuer",
        "documented",
    ),
    (
        "enableRBAC",
        table.always,
        "Kubernetes RBAC is chosen once",
        BESIDE,
        f"{AKS}manage-azure-rbac",
        "inferred",
    ),
    (
        "networkProfile.ipFamilies",
        table.always,
        "a cluster of one address family does not become one of two",
        BESIDE,
        f"{AKS}configure-dual-stack",
        "inferred",
    ),
    (
        "networkProfile.podCidrs",
        table.always,
        "the ranges of pods are fixed with the cluster",
        BESIDE,
        f"{AKS}azure-cni-overlay",
        "inferred",
    ),
    (
        "networkProfile.loadBalancerSku",
        table.always,
        "the SKU of the load balancer is chosen once",
        BESIDE,
        f"{AKS}load-balancer-standard#limitations",
        "documented",
    ),
    (
        "extendedLocation",
        table.always,
        "a cluster stays in the edge zone it was made in",
        BESIDE,
        f"{AKS}edge-zones",
        "inferred",
    ),
    (
        "sku.name",
        table.always,
        "Base and Automatic are kinds of cluster, chosen once",
        BESIDE,
        f"{AKS}intro-aks-automatic",
        "inferred",
    ),
    (
        "kubernetesVersion",
        table.lowered,
        "the control plane does not go back to an earlier version",
        "keep the version that runs; a newer patch may mend what the older one did not break",
        f"{AKS}upgrade-aks-cluster",
        "documented",
    ),
)

_IN_PLACE: Final[tuple[tuple[str, table.When, str, str, str], ...]] = (
    (
        "kubernetesVersion",
        table.raised,
        "the API server is upgraded and, by its channel, every pool after it: each node is drained once",
        "upgrade dev first; check deprecated APIs and disruption budgets; one minor at a time",
        f"{AKS}upgrade-aks-cluster",
    ),
    (
        "identity.type",
        table.always,
        "AKS acts as another identity, whose rights must be there first",
        "assign the roles in one `pulumi up`, change the identity in the next",
        f"{AKS}use-managed-identity",
    ),
    (
        "identity.userAssignedIdentities",
        table.always,
        "AKS acts as another identity, whose rights must be there first; pods keep old tokens for up to a day",
        "assign the roles in one `pulumi up`, change the identity in the next",
        f"{AKS}use-managed-identity",
    ),
    (
        "identityProfile.kubeletidentity.resourceId",
        table.always,
        "nodes pull images as another identity, and every pool is imaged anew for it",
        "give the new identity AcrPull first, and plan for every node to be drained once",
        f"{AKS}use-managed-identity#update-an-existing-cluster-to-use-a-custom-kubelet-managed-identity",
    ),
    (
        "apiServerAccessProfile.enableVnetIntegration",
        table.switched_on,
        "the API server gets another address, and the cluster must be restarted or every pool imaged anew",
        "in a window: update, then `az aks nodepool upgrade --node-image-only` of every pool",
        f"{AKS}api-server-vnet-integration",
    ),
    (
        "httpProxyConfig",
        table.always,
        "all pools are imaged anew with the new proxy",
        "plan for every node to be drained once",
        f"{AKS}http-proxy#update-proxy-configuration",
    ),
    (
        "bootstrapProfile.artifactSource",
        table.always,
        "nodes fetch what they start from elsewhere, once they are imaged anew",
        "check that the registry has it; then a new node image",
        f"{AKS}network-isolated",
    ),
    (
        "networkProfile.loadBalancerProfile",
        table.always,
        "outgoing connections are cut when ports or addresses change; before azure-native's pull request 4771 such a "
        "change replaced the cluster",
        "in a window, with the partners that list our addresses told first; read the engine's own preview",
        "https://github.com/pulumi/pulumi-azure-native/issues/4505",
    ),
    (
        "networkProfile.natGatewayProfile",
        table.always,
        "outgoing connections are cut when addresses change; before azure-native's pull request 4771 such a change "
        "replaced the cluster",
        "in a window, with the partners that list our addresses told first; read the engine's own preview",
        "https://github.com/pulumi/pulumi-azure-native/issues/4756",
    ),
    (
        "networkProfile.advancedNetworking",
        table.always,
        "the agents of the data plane restart on every node; before azure-native's pull request 4771 such a change "
        "replaced the cluster",
        "dev first; read the engine's own preview",
        "https://github.com/pulumi/pulumi-azure-native/issues/4756",
    ),
    (
        "securityProfile.azureKeyVaultKms",
        table.always,
        "etcd is encrypted with another key, and Secrets are unreadable where the old one is gone",
        "keep the old key until every Secret has been written anew",
        f"{AKS}use-kms-etcd-encryption",
    ),
    (
        "securityProfile.workloadIdentity.enabled",
        table.switched_off,
        "pods get no more tokens for Azure",
        "move the workloads off their identities first",
        f"{AKS}workload-identity-overview",
    ),
    (
        "storageProfile.diskCSIDriver.enabled",
        table.switched_off,
        "no disk is attached any more: pods with one stay Pending when they move",
        "leave it on",
        f"{AKS}csi-storage-drivers#disable-csi-storage-drivers-on-a-new-or-existing-cluster",
    ),
    (
        "storageProfile.fileCSIDriver.enabled",
        table.switched_off,
        "no file share is mounted any more: pods with one stay Pending when they move",
        "leave it on",
        f"{AKS}csi-storage-drivers#disable-csi-storage-drivers-on-a-new-or-existing-cluster",
    ),
    (
        "addonProfiles.azureKeyvaultSecretsProvider.enabled",
        table.switched_off,
        "pods that mount secrets of a Key Vault no longer start",
        "leave it on while a SecretProviderClass is there",
        f"{AKS}csi-secrets-store-driver",
    ),
    (
        "sku.tier",
        table.becomes("Free"),
        "the API server has no uptime agreement any more, and long-term support ends",
        "keep Standard where people depend on it",
        f"{AKS}free-standard-pricing-tiers",
    ),
)

_ALIKE: Final[Mapping[str, Alike]] = {
    "diskEncryptionSetID": resource_id,
    "apiServerAccessProfile.subnetId": resource_id,
    "networkProfile.ipFamilies": unordered,
    "identity.userAssignedIdentities": unordered,
    "identityProfile.kubeletidentity.resourceId": resource_id,
}
_ABSENT: Final = {
    "enableRBAC": True,
    "apiServerAccessProfile.enablePrivateCluster": False,
    "networkProfile.loadBalancerSku": "standard",
    "networkProfile.ipFamilies": ["IPv4"],
    "sku.name": "Base",
}

ROWS: Final[tuple[Guarded, ...]] = (
    *(
        Guarded(
            type=CLUSTER,
            path=path,
            effect="replaces",
            why=f"{why}: everything that runs there goes",
            safe=safe,
            source=PROVIDER,
            known="provider",
            alike=_ALIKE.get(path, equal),
        )
        for path, (why, safe) in _REPLACES.items()
    ),
    *(
        Guarded(
            type=CLUSTER,
            path=path,
            effect="refused",
            when=when,
            why=why,
            safe=safe,
            source=source,
            known=known,
            alike=_ALIKE.get(path, equal),
            absent=_ABSENT.get(path, ABSENT),
        )
        for path, when, why, safe, source, known in _REFUSED
    ),
    *(
        Guarded(
            type=CLUSTER,
            path=path,
            effect="inPlace",
            when=when,
            why=why,
            safe=safe,
            source=source,
            alike=_ALIKE.get(path, equal),
        )
        for path, when, why, safe, source in _IN_PLACE
    ),
)
