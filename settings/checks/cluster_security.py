"""What guards the cluster: what Azure would refuse late, or accept and regret. One rule a function."""

from collections.abc import Iterator
from typing import Final

from settings.cluster_rules import ClusterRule, cluster_rule, impossible
from settings.faults import Fault
from settings.sources import Sources
from settings.stack import Settings


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """Every rule below, with target aks only."""
    if settings.target == "aks":
        for rule in RULES:
            yield from rule(settings, sources)


@cluster_rule(
    "kms-vault",
    "The key of etcd lies in the vault that the control plane gets its role on.",
    "use-kms-etcd-encryption",
)
def _kms_vault(settings: Settings, sources: Sources) -> Iterator[Fault]:
    if kms := settings.cluster.kms:
        said = kms.key_id.removeprefix("https://").partition(".")[0]
        vault = kms.vault_id.rpartition("/")[2]
        if said.lower() != vault.lower():
            yield sources.fault(
                ("cluster", "kms", "vaultId"),
                f"must be the vault of keyId ({said})",
                vault,
                "name the same vault in both",
            )


@cluster_rule(
    "kms-private-vault",
    "A vault without public access is read by an API server in the virtual network.",
    "use-kms-etcd-encryption",
)
def _kms_private(settings: Settings, sources: Sources) -> Iterator[Fault]:
    kms, server = settings.cluster.kms, settings.cluster.api_server
    if kms and kms.vault_network_access == "Private" and not server.vnet_integration:
        yield sources.fault(
            ("cluster", "kms", "vaultNetworkAccess"),
            "needs an API server in the virtual network",
            "Private",
            "set cluster.apiServer.vnetIntegration, or write 'vaultNetworkAccess: Public'",
        )


@cluster_rule(
    "defender-workspace",
    "Defender has a workspace to write to.",
    "https://learn.microsoft.com/azure/defender-for-cloud/defender-for-containers-enable",
)
def _defender(settings: Settings, sources: Sources) -> Iterator[Fault]:
    defender = settings.cluster.defender
    if defender and not defender.workspace_id and not settings.observability.wants_logs:
        yield sources.fault(
            ("cluster", "defender", "workspaceId"),
            "is required where 'observability' logs nothing",
            remedy="add it, or enable observability.diagnostics",
        )


@cluster_rule(
    "safeguards-policy",
    "Deployment safeguards stand on the Azure Policy add-on.",
    "deployment-safeguards",
)
def _safeguards(settings: Settings, sources: Sources) -> Iterator[Fault]:
    if settings.cluster.safeguards and not settings.cluster.azure_policy:
        yield sources.fault(
            ("cluster", "azurePolicy"),
            "must be on for cluster.safeguards",
            "false",
            "write 'azurePolicy: true', or remove 'safeguards'",
        )


@cluster_rule(
    "disk-driver", "What claims disks has the driver that attaches them.", "csi-storage-drivers"
)
def _disks(settings: Settings, sources: Sources) -> Iterator[Fault]:
    if settings.cluster.storage.disk or settings.disks != "claim":
        return
    claiming = sorted(
        name
        for name, workload in settings.workloads.items()
        if any(volume.disk for volume in workload.volumes.values())
    )
    if claiming:
        yield sources.fault(
            ("cluster", "storage", "disk"),
            f"must be on for the disks of {', '.join(claiming)}",
            "false",
            "write 'disk: true'",
        )


RULES: Final[tuple[ClusterRule, ...]] = (
    impossible(
        "image-cleaner-interval",
        "The image cleaner runs at least every three months and at most once a day.",
        "image-cleaner",
        "the value type of intervalHours takes 24 to 2160, and there is always a value",
    ),
    impossible(
        "workload-identity-issuer",
        "Workload identity stands on the OIDC issuer.",
        "workload-identity-deploy-cluster",
        "both are always on, and there is no setting that switches one off",
    ),
    impossible(
        "local-accounts-entra",
        "Local accounts are off, and Azure roles count, only where Entra signs people in.",
        "manage-local-accounts-managed-azure-ad",
        "Entra always signs in: target aks requires access.tenantId and access.admins",
    ),
    impossible(
        "kms-key-id",
        "A key of etcd is named with its vault and its version.",
        "use-kms-etcd-encryption",
        "the value type of keyId takes nothing else, so a rotated key is a line in a review",
    ),
    _kms_vault,
    _kms_private,
    _defender,
    _safeguards,
    _disks,
)
"""All of them, in the order of the page on the cluster."""
