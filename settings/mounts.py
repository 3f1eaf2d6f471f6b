"""What a pod reads and mounts: configuration, secrets, volumes."""

from typing import Literal

from settings.section import Section
from settings.values import AbsolutePath, ConfigKey, DnsLabel, EnvName, MemoryQuantity, VaultName


class VaultSecret(Section):
    """One Key Vault secret as a file."""

    vault: VaultName
    """Key in `keyVaults` of the stack."""

    mount_path: AbsolutePath
    """Folder; the file in it has the secret's name: `/mnt/secrets` gives `/mnt/secrets/AZURE-PASSWORD`."""


class ConfigData(Section):
    """Plain configuration. A change rolls the pods that read it and no others."""

    env: dict[EnvName, str] = {}
    """Environment variables. Never secrets: they would be readable by every viewer of the namespace."""

    files: dict[ConfigKey, str] = {}
    """Files by name; they appear under `mountPath`."""

    mount_path: AbsolutePath | None = None
    """Folder for `files`."""


class EmptyDir(Section):
    """Scratch space that goes with the pod."""

    medium: Literal["Disk", "Memory"] = "Disk"
    """`Memory` counts against the container's memory limit."""

    size_limit: MemoryQuantity
    """The pod is evicted past this size."""


class Disk(Section):
    """A disk of its own that outlives the pod."""

    size: MemoryQuantity
    """Size of the claim. It can grow later, never shrink."""

    storage_class: DnsLabel | None = None
    """StorageClass, for example `managed-csi-premium`; omitted: the cluster's default."""


class HostPath(Section):
    """A folder of the node: breaks every pod security level but privileged."""

    path: AbsolutePath
    """Folder on the node."""

    type: Literal["Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket", ""] = (
        "Directory"
    )
    """What must be there before the pod starts."""


class Volume(Section):
    """One mounted volume: exactly one of `emptyDir`, `disk`, `hostPath`."""

    mount_path: AbsolutePath
    """Folder in the container."""

    read_only: bool = False
    """Whether the container may not write."""

    empty_dir: EmptyDir | None = None
    """Scratch space."""

    disk: Disk | None = None
    """A disk claim."""

    host_path: HostPath | None = None
    """A folder of the node; needs `security.exception`."""
