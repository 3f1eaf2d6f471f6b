"""What a pod reads and mounts: configuration, secrets, volumes, variables."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Discriminator, Field, Tag

from settings.azure_values import VaultName, VaultSecretName
from settings.forms import LONG_TAG, SHORT_TAG, ShortForm
from settings.section import BY_KEY, Section
from settings.values import (
    AbsolutePath,
    ConfigKey,
    DnsLabel,
    DnsSubdomain,
    EnvName,
    FieldPath,
    MemoryQuantity,
    ProjectedPath,
    ResourceField,
    TokenLife,
)


class ExistingSecret(Section):
    """One key of a Secret that something else makes in the namespace."""

    name: DnsSubdomain
    """Name of the Secret."""

    key: ConfigKey
    """Key in it."""


class WorkloadSecret(Section):
    """One secret, from a Key Vault, from the stack, or from a Secret that is there; a file, a variable, or both.

    A file is named by `mountPath`; a variable by `env: {NAME: {secret: <this key>}}` of a container.
    """

    vault: VaultName | None = None
    """Key in `keyVaults` of the stack; the secret's name there is this entry's key."""

    existing: ExistingSecret | None = None
    """A Secret that something else makes. Without this and `vault` the value is the stack's secret
    `aks-platform:<workload>-<key>`, in an immutable Secret named by content: a change rolls its readers."""

    mount_path: AbsolutePath | None = None
    """Folder; the file in it has the secret's name: `/mnt/secrets` gives `/mnt/secrets/AZURE-PASSWORD`."""


class EnvSource(Section):
    """Where a variable has its value from: exactly one of the four."""

    ONE_OF: ClassVar = ("field", "resource", "config", "secret")

    field: FieldPath | None = None
    """A field of the pod, for example `metadata.name` or `status.podIP`."""

    resource: ResourceField | None = None
    """What this container asks for, for example `limits.memory`, in bytes or, of CPU, whole cores rounded up."""

    config: EnvName | None = None
    """A key in `config.env`: for one variable alone, or under another name."""

    secret: VaultSecretName | None = None
    """A key in `secrets`."""


def _form(value: object) -> str:
    return LONG_TAG if isinstance(value, dict | Section) else SHORT_TAG


EnvValue = Annotated[
    Annotated[str, Tag(SHORT_TAG)] | Annotated[EnvSource, Tag(LONG_TAG)],
    Discriminator(_form),
]


class Mount(Section):
    """A volume in one container."""

    volume: DnsLabel
    """Name in `volumes`."""

    sub_path: ProjectedPath | None = None
    """A folder or file of the volume; it does not follow later changes of what the volume holds."""

    read_only: bool = False
    """Whether the container may not write."""


MountOrVolume = Annotated[
    Mount,
    ShortForm(
        lambda it: {"volume": it} if isinstance(it, str) else None,
        "must be a name in 'volumes', or a map of settings",
        Mount | DnsLabel,
    ),
]
"""`/data: shop` is short for `/data: {volume: shop}`."""


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

    access_mode: Literal["ReadWriteOnce", "ReadWriteOncePod", "ReadWriteMany", "ReadOnlyMany"] = (
        "ReadWriteOnce"
    )
    """Who may mount it at once; `ReadWriteMany` needs a file share (`azurefile-csi`), and then serves many pods."""

    @property
    def shared(self) -> bool:
        """Whether several pods may hold it at once."""
        return self.access_mode in ("ReadWriteMany", "ReadOnlyMany")


class ExistingClaim(Section):
    """A PersistentVolumeClaim that something else makes in the namespace."""

    name: DnsSubdomain
    """Name of the claim."""


class HostPath(Section):
    """A folder of the node: breaks every pod security level but privileged."""

    path: AbsolutePath
    """Folder on the node."""

    type: Literal["Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket", ""] = (
        "Directory"
    )
    """What must be there before the pod starts."""


class ExistingObject(Section):
    """A ConfigMap or Secret that something else makes in the namespace."""

    name: DnsSubdomain
    """Its name."""

    items: Annotated[dict[ConfigKey, ProjectedPath], BY_KEY] = {}
    """Files by key; omitted: every key is a file of its name."""

    optional: bool = False
    """Whether pods start without it."""


class ServiceAccountToken(Section):
    """A token of the workload's service account for one audience, renewed by the kubelet."""

    audience: str = Field(min_length=1)
    """Whom it is meant for: a token for another is refused."""

    expiration_seconds: TokenLife = 3600
    """Life of the token; renewed at 80 %. At least 600."""

    path: ProjectedPath = "token"
    """File in the volume."""


class DownwardItem(Section):
    """One file of the downward API: exactly one of the two."""

    ONE_OF: ClassVar = ("field", "resource")

    field: FieldPath | None = None
    """A field of the pod, for example `metadata.labels`."""

    resource: ResourceField | None = None
    """What the workload's own container asks for, for example `limits.cpu`."""


def _field(value: Any) -> dict[str, str] | None:
    """`metadata.labels` is short for `{field: metadata.labels}`, `limits.cpu` for `{resource: limits.cpu}`."""
    if not isinstance(value, str):
        return None
    return {"resource" if value.startswith(("limits.", "requests.")) else "field": value}


DownwardFile = Annotated[
    DownwardItem,
    ShortForm(
        _field,
        "must be a field such as 'metadata.labels', a resource such as 'limits.cpu', or a map of settings",
        DownwardItem | FieldPath | ResourceField,
    ),
]


class ProjectedSource(Section):
    """One source of a projected volume: exactly one of the four."""

    config_map: ExistingObject | None = None
    """A ConfigMap that something else makes."""

    secret: ExistingObject | None = None
    """A Secret that something else makes."""

    downward: Annotated[dict[ProjectedPath, DownwardFile] | None, BY_KEY] = None
    """Files from fields of the pod."""

    token: ServiceAccountToken | None = None
    """A token of the service account."""


class Volume(Section):
    """One volume: exactly one source, mounted at `mountPath`, or where a container's `mounts` say."""

    mount_path: AbsolutePath | None = None
    """Folder in the workload's own container; omitted: only where `mounts` name the volume."""

    read_only: bool = False
    """Whether the container may not write at `mountPath`."""

    empty_dir: EmptyDir | None = None
    """Scratch space."""

    disk: Disk | None = None
    """A disk claim."""

    claim: ExistingClaim | None = None
    """A claim that something else makes."""

    host_path: HostPath | None = None
    """A folder of the node; needs `security.exception`."""

    config_map: ExistingObject | None = None
    """A ConfigMap that something else makes; the workload's own configuration is `config`."""

    secret: ExistingObject | None = None
    """A Secret that something else makes; the workload's own secrets are `secrets`."""

    projected: list[ProjectedSource] | None = None
    """Several sources in one folder."""

    downward: Annotated[dict[ProjectedPath, DownwardFile] | None, BY_KEY] = None
    """Files from fields of the pod, for example `{labels: metadata.labels}`."""


VOLUME_SOURCES = (
    "emptyDir",
    "disk",
    "claim",
    "hostPath",
    "configMap",
    "secret",
    "projected",
    "downward",
)
"""Keys of a volume of which exactly one is given."""

SCRATCH_SIZE = "64Mi"


def _sized(value: Any) -> dict[str, str] | None:
    """`[/tmp]` is short for `{/tmp: 64Mi}`."""
    if isinstance(value, list) and all(isinstance(path, str) for path in value):
        return dict.fromkeys(value, SCRATCH_SIZE)
    return None


Scratch = Annotated[
    dict[AbsolutePath, MemoryQuantity],
    ShortForm(
        _sized,
        "must be a list of folders, for example [/tmp], or a map of their sizes",
        dict[AbsolutePath, MemoryQuantity] | list[AbsolutePath],
    ),
]
