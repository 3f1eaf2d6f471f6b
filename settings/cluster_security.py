"""What guards the cluster and its nodes beside the network: secrets, policies, images, etcd, disks."""

from typing import Annotated, Literal

from pydantic import Field

from settings.azure_values import LogWorkspaceId, VaultId
from settings.constraint import Number, Text
from settings.section import Section
from settings.values import DnsLabel

PollInterval = Annotated[
    str,
    Text(r"^[1-9][0-9]{0,3}[smh]$", "must be a number with s, m or h, for example '2m'"),
]

CleanerHours = Annotated[int, Number("must be hours from 24 to 2160, for example 168", 24, 2160)]
"""A day to three months: https://learn.microsoft.com/azure/aks/image-cleaner#limitations"""

KeyId = Annotated[
    str,
    Text(
        r"^https://[A-Za-z](-?[A-Za-z0-9]){2,23}\.vault\.azure\.net/keys/[0-9A-Za-z-]{1,127}/[0-9a-f]{32}$",
        "must be a key with its version, for example "
        "'https://course-kv.vault.azure.net/keys/etcd/0123456789abcdef0123456789abcdef'",
    ),
]
"""https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates#object-identifiers"""


class KeyVaultProvider(Section):
    """How secrets of Key Vaults come to pods as files; the add-on itself is always on."""

    rotation: bool = True
    """Whether files follow the vault while pods run."""

    rotation_poll_interval: PollInterval = "2m"
    """How often the vault is asked, with `rotation`."""


class Defender(Section):
    """Microsoft Defender for Containers: a sensor on every node, paid by the vCPU."""

    workspace_id: LogWorkspaceId | None = None
    """Log Analytics workspace of its findings; omitted: the one that `observability` logs to."""


class Safeguards(Section):
    """Deployment safeguards: Azure's own rules of good workloads.

    They ride on a preview API, and `Enforce` also rewrites pods.
    """

    level: Literal["Warn", "Enforce"] = "Warn"
    """Whether a breach is told or refused."""

    excluded_namespaces: list[DnsLabel] = []
    """Namespaces that are not looked at."""


class ImageCleaner(Section):
    """Removes unused images with known holes from nodes."""

    enabled: bool = True
    """Whether it runs."""

    interval_hours: CleanerHours = 168
    """Hours between two runs."""


class Kms(Section):
    """Secrets in etcd are encrypted with a key of a Key Vault that exists already.

    Whoever deletes the key, or takes the right to it away, makes every Secret of the cluster unreadable.
    """

    key_id: KeyId
    """The key, with its version."""

    vault_id: VaultId
    """Azure resource id of its vault, on which the identity of the control plane gets Key Vault Crypto User before the
    cluster comes."""

    vault_network_access: Literal["Public", "Private"] = "Public"
    """How the API server reaches the vault. `Private` needs `apiServer.vnetIntegration`."""


class Storage(Section):
    """Drivers that bring volumes to pods; every one is said, since naming one can switch another off."""

    disk: bool = True
    """Azure disks, for the `disk` of workloads."""

    file: bool = True
    """Azure file shares."""

    blob: bool = False
    """Blob containers."""

    snapshot: bool = True
    """Snapshots of disks."""


class ClusterSecurity(Section):
    """Keys of `cluster` that guard it."""

    key_vault_provider: KeyVaultProvider = KeyVaultProvider()
    """How secrets of Key Vaults come to pods."""

    azure_policy: bool = True
    """Whether Azure Policy looks at what runs in the cluster; without an assignment it says nothing."""

    defender: Defender | None = None
    """Microsoft Defender for Containers; omitted: off."""

    safeguards: Safeguards | None = None
    """Deployment safeguards; omitted: off."""

    image_cleaner: ImageCleaner = ImageCleaner()
    """Removes unused images with known holes from nodes."""

    kms: Kms | None = Field(default=None)
    """A key of one's own for Secrets in etcd; omitted: a key of Azure's encrypts the disk below it."""

    storage: Storage = Storage()
    """Drivers that bring volumes to pods."""

    disable_local_accounts: bool = True
    """Whether the certificate of an administrator, which no Entra group knows of, is refused."""

    node_resource_group_restriction: Literal["ReadOnly", "Unrestricted"] = "ReadOnly"
    """Whether people and tools may change machines, disks and addresses in the group that AKS made for them."""
