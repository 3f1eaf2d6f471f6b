"""All that differs between stacks: the object under `aks-platform:settings`.

Secrets are not settings: each has its own `secure:` key, because an object's secrets come back as plain text.
"""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from settings.access import CustomRole, NamespaceAccess
from settings.azure_identity import SharedIdentity
from settings.azure_values import PoolName, ResourceGroupName, VaultName
from settings.backup import Backup
from settings.bounds import Limits, Note, Quota
from settings.charts import Chart
from settings.cluster import AccessSettings, ClusterSettings
from settings.container import Amounts, Resources
from settings.forms import ShortForm
from settings.network import Cni, Monitoring, NetworkSettings
from settings.node_pools import NodePool
from settings.observability import Observability
from settings.pipelines import Pipeline
from settings.profiles import filled
from settings.promotion import Promotion
from settings.recommended import ROWS
from settings.section import Section
from settings.values import (
    Cidr,
    Count,
    DnsLabel,
    DnsSubdomain,
    HostName,
    ImageDigest,
    ImageKey,
    ImageTag,
    Namespace,
    Port,
    Positive,
    Priority,
)
from settings.vaults import KeyVault
from settings.workload import PodSecurityLevel, Workload

ROOT_KEY = "settings"
PROJECT = "aks-platform"
PATH = f"{PROJECT}:{ROOT_KEY}"
"""One root object, so that unknown keys are found at its top, too."""


class ImageVersion(Section):
    """One version of an image; `1.4.2` or `1.4.2@sha256:...` is short for it."""

    tag: ImageTag
    """Tag, for people and labels."""

    digest: ImageDigest | None = None
    """Digest; with it the tag cannot be moved under a running stack."""


def _version(value: Any) -> dict[str, Any]:
    """`1.4.2@sha256:...` is short for `{tag: 1.4.2, digest: sha256:...}`."""
    tag, at, digest = value.partition("@") if isinstance(value, str) else (value, "", "")
    return {"tag": tag, "digest": digest} if at else {"tag": tag}


VersionOrText = Annotated[
    ImageVersion,
    ShortForm(
        _version,
        "must be a version",
        ImageVersion
        | Annotated[
            str,
            Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[0-9a-f]{64})?$"),
        ],
    ),
]


class Image(ImageVersion):
    """The version of one image in this stack: the only thing that promotion copies by default."""

    rollback: VersionOrText | None = None
    """The version that runs instead until this line goes: a way back in one line that every review shows."""

    tracks: dict[Literal["candidate", "blue", "green"], VersionOrText] = {}
    """Versions beside `tag` of a workload with two: `candidate` (`release: canary` or `gray`) and `green` (`blueGreen`)
    run where they are named here, and `blue` runs `tag` where it is not."""

    def version(self, track: str = "stable") -> ImageVersion:
        """What runs in `track`: its own version, else the rollback where there is one."""
        return self.tracks.get(track) or self.rollback or self  # type: ignore[call-overload]


class PullSecret(Section):
    """Credentials for a registry that the cluster's identity cannot read.

    The value is the stack's secret `aks-platform:<namespace>-<name>`: a docker config.json. Unset, it holds no
    credentials and the preview says so.
    """


class NamespaceSettings(Section):
    """One tenant: a namespace with its bounds."""

    quota: Quota
    """Most that all its pods may take together."""

    limits: Limits = Limits()
    """Defaults and bounds of one container."""

    pod_security: PodSecurityLevel | None = None
    """Pod Security level the API server enforces. Omitted: the strictest that the `security.exception` of each
    workload in it allows, `restricted` where none has one."""

    pod_security_reason: str | None = Field(default=None, min_length=10)
    """Why the level is lower than restricted; required where `podSecurity` says so. Omitted: the reasons of the
    exceptions."""

    owner: Note | None = None
    """Team that answers for it, for example `team-shop`."""

    cost_center: Note | None = None
    """Who pays for it; a label, too, where it can be one, for AKS cost analysis."""

    contact: Note | None = None
    """Whom to reach about it: an address, a channel."""

    access: NamespaceAccess = NamespaceAccess()
    """Who may do what in it."""

    pull_secrets: dict[DnsLabel, PullSecret] = {}
    """Registry credentials by Secret name."""


class HostTls(Section):
    """The certificate of a host."""

    secret_name: DnsLabel
    """TLS Secret in the ingress namespace."""


class Host(Section):
    """One host name of the stack."""

    host: HostName
    """DNS name in this environment."""

    tls: HostTls | None = None
    """Certificate; omitted: `ingress.tls`."""


HostOrName = Annotated[
    Host, ShortForm(lambda it: {"host": it}, "must be a host name", Host | HostName)
]
"""`public: dev.course.example` is short for `public: {host: dev.course.example}`."""


class Ingress(Section):
    """How requests come in from outside."""

    controller: Literal["nginx", "none"] = "nginx"
    """`nginx` installs the F5 NGINX Ingress Controller; `none` leaves it to the cluster."""

    class_name: DnsLabel = "nginx"
    """IngressClass of every Ingress."""

    namespace: Namespace = "nginx-ingress"
    """Namespace of the controller, of the host's own Ingress objects and of TLS Secrets."""

    routing: Literal["Ingress", "VirtualServer"] = "Ingress"
    """Kind of the routes. `VirtualServer`, the F5 NGINX controller's own, can share out requests between two versions;
    a change moves every route at once."""

    replicas: Positive = 2
    """Pods of the controller."""

    pool: PoolName | None = None
    """Worker pool of the controller; required with controller nginx."""

    internal: bool = False
    """Whether its load balancer has a private address only."""

    hosts: dict[DnsLabel, HostOrName] = {}
    """Host names by key; a workload's `routes` name the key."""

    tls: HostTls | None = None
    """Certificate of every host without one of its own."""

    resources: Resources = Resources(
        requests=Amounts(cpu="250m", memory="256Mi"), limits=Amounts(cpu="1", memory="256Mi")
    )
    """CPU and memory of one controller pod."""


class PriorityClass(Section):
    """Who goes first when nodes are full."""

    value: Priority
    """The higher the sooner; a pod that names none has 0. A new value replaces the class; pods that run keep theirs."""

    preemption: bool = True
    """Whether its pods may push out those of lower value."""

    description: str = Field(min_length=1)
    """For whom it is."""


class External(Section):
    """Something outside the cluster that workloads may call."""

    cidrs: list[Cidr] = Field(min_length=1)
    """Addresses; network policies take no host names."""

    ports: list[Port] = []
    """TCP ports a workload gets that names none in `uses`; one of another protocol is named there."""


class Kubeconfig(Section):
    """Which existing cluster a stack with target kubeconfig lands on."""

    context: str | None = None
    """Context by name. Without it the current one is used, and only if its server is on this machine or a
    private address: nothing lands in a cloud cluster because a shell happened to point there."""

    path: str | None = None
    """Kubeconfig file; omitted: KUBECONFIG or the user's own."""


class Settings(Section):
    """One stack, checked; plain values only."""

    environment: DnsLabel
    """Label `env` and part of names, for example `dev`."""

    platform: DnsLabel = "course"
    """Name of the estate: label `app.kubernetes.io/part-of`, tags."""

    target: Literal["aks", "kubeconfig"]
    """`aks` builds the cluster in Azure; `kubeconfig` uses any existing one and makes nothing in Azure."""

    protect: bool = False
    """Whether `pulumi up` and `destroy` refuse to delete the cluster, its network and its namespaces."""

    resource_group: ResourceGroupName | None = None
    """Azure resource group; required with target aks. A new name replaces everything in it."""

    tags: dict[str, str] = {}
    """Azure tags on every resource."""

    cluster: ClusterSettings
    """The Kubernetes version, and the AKS cluster where there is one."""

    kubeconfig: Kubeconfig | None = None
    """The existing cluster, with target kubeconfig."""

    node_pools: dict[PoolName, NodePool] = {}
    """Node pools by name; a new name is a new pool."""

    network: NetworkSettings | None = None
    """Address plan; required with target aks."""

    access: AccessSettings | None = None
    """Who administers the cluster; required with target aks."""

    namespaces: dict[Namespace, NamespaceSettings]
    """Tenants by namespace."""

    roles: dict[DnsLabel, CustomRole] = {}
    """Roles of this estate beside the personas, for `access.roles` of namespaces and `serviceAccount.roles`."""

    ingress: Ingress = Ingress()
    """How requests come in."""

    externals: dict[DnsLabel, External] = {}
    """What workloads may call outside the cluster, by the name they use."""

    key_vaults: dict[VaultName, KeyVault] = {}
    """Key Vaults that workloads read."""

    azure_identities: dict[DnsLabel, SharedIdentity] = {}
    """Identities in Azure by the name that workloads use in `azureIdentity`."""

    pipelines: dict[DnsLabel, Pipeline] = {}
    """Pipelines that run Pulumi for this stack, by name: each gets an identity in Azure without a password. Only with
    target aks."""

    priority_classes: dict[DnsSubdomain, PriorityClass] = {}
    """Priorities by name, for `priorityClass` of workloads."""

    charts: dict[DnsLabel, Chart] = {}
    """Helm charts by release; `name: null` leaves one of the catalogue out."""

    config_history: Count = 2
    """How many earlier versions of each workload's configuration stay, so that a rollback finds what it had."""

    images: dict[ImageKey, Image]
    """Version of every image, by the last part of its repository."""

    node_selectors: bool = True
    """Whether pods are bound to their pool; false for a cluster whose nodes carry no pool labels."""

    disks: Literal["claim", "emptyDir"] = "claim"
    """`emptyDir` turns every disk into scratch space, for a cluster without a provisioner."""

    skip_await: bool = False
    """Whether `pulumi up` does not wait for pods, addresses and claims: for a cluster where nothing sets them."""

    local_dns: bool = False
    """Whether nodes answer DNS on 169.254.10.10 (AKS LocalDNS); network policies then allow it."""

    cni: Cni | None = None
    """Who holds pods to their network policies: `none` is nobody. Omitted: `cilium` with target aks; on any other
    cluster it is not known, and only what every network plugin understands is rendered. `azure` is being retired. A
    change replaces the cluster."""

    fqdn_policies: bool = False
    """Whether `uses` may name hosts in DNS; with `cni: cilium` only. On AKS it switches Advanced Container Networking
    Services on, which cost by the node."""

    monitoring: Monitoring | None = None
    """What scrapes the workloads that have `metrics`; omitted: the agent of `observability.metrics` where that is
    enabled, else nothing may."""

    observability: Observability = Observability()
    """What watches the cluster. Only with target aks."""

    backup: Backup = Backup()
    """Backups of what runs in the cluster. Only with target aks."""

    promotion: Promotion = Promotion()
    """What comes into this stack from the one before it, what is its own, and when nothing may come. It changes
    nothing that is deployed."""

    workloads: dict[DnsLabel, Workload] = {}
    """The catalogue with this stack's overrides merged in; `name: null` leaves a workload out."""

    @model_validator(mode="before")
    @classmethod
    def _profile(cls, data: Any) -> Any:
        """What the profile of the cluster stands for, where the stack does not say otherwise."""
        return filled(data, ROWS) if isinstance(data, dict) else data

    @property
    def enforcer(self) -> Cni | None:
        """Who holds pods to their network policies; None where nobody said."""
        return self.cni or ("cilium" if self.target == "aks" else None)
