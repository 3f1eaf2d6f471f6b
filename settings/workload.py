"""One workload of the catalogue: the whole of what an application team writes.

The same model serves a file in `workloads/` and, merged over it, the stack's `workloads.<name>`. What a workload
does not say has a default that is safe: restricted pod security, no API token, one place in its node pool.
"""

from collections.abc import Mapping
from itertools import chain
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from settings.access import ServiceAccount
from settings.azure_identity import AzureIdentityOrName
from settings.azure_values import PoolName, VaultSecretName
from settings.container import MAIN, Container, ContainerSettings, Security
from settings.jobs import Cron, JobRun
from settings.mounts import ConfigData, Volume, WorkloadSecret
from settings.ports import ContainerPort, usual_port
from settings.release import TWO_TRACKS, Release, ReleaseOrWord, Rollout
from settings.scaling import Affinity, Autoscale, Disruption, SpreadRule, Toleration
from settings.section import BY_KEY, Section
from settings.service import MetricsOrPort, Route, Served, ServiceOrPort
from settings.values import (
    Count,
    DnsLabel,
    DnsSubdomain,
    HostAlias,
    ImageRepository,
    IpAddress,
    LabelKey,
    LabelValue,
    Namespace,
    ObjectReference,
    Seconds,
    SemanticVersion,
    Target,
)

Kind = Literal["deployment", "statefulset", "daemonset", "job", "cronjob"]
PodSecurityLevel = Literal["restricted", "baseline", "privileged"]
Availability = Literal["single", "ha"]

HA_REPLICAS = 2
"""Fewest pods of what must survive the loss of a node or a zone."""


class Patch(Section):
    """The last way out: fields that no setting has, merged into one object as `kubectl patch` would."""

    reason: str = Field(min_length=10)
    """Why no setting will do; printed in every review."""

    merge: dict[str, Any]
    """Fields of the object, in Kubernetes' terms: a strategic merge patch. The result must fit the API's schema."""


class Workload(ContainerSettings):
    """One workload: a file in `workloads/`, with the stack's `workloads.<name>` merged over it."""

    name: DnsLabel
    """Name of every object of the workload, unique in the catalogue. A new name replaces them all."""

    version: SemanticVersion = "1.0.0"
    """Version of this description, for the label `chart`; the image's version is the stack's."""

    namespace: Namespace
    """Namespace of the stack that it runs in. A new one replaces every object."""

    kind: Kind
    """Which controller runs the pods."""

    image: ImageRepository
    """Repository; its last part is the key in `images` of the stack, where the version stands."""

    availability: Availability | None = None
    """`ha`: at least 2 pods, apart over zones and nodes, one at a time drained or replaced. `single`: one pod, which
    every drain stops. Replicas, the autoscaler's minimum, the disruption budget and the spread follow, where they are
    not said; what contradicts it is refused."""

    containers: dict[DnsLabel, Container] = {}
    """Further containers of the pod by name: init containers, sidecars, companions."""

    service: ServiceOrPort | None = None
    """Address inside the cluster; a number is its port. Omitted: nobody calls it."""

    routes: list[Route] = []
    """Paths on the stack's hosts; needs `service`."""

    metrics: MetricsOrPort | None = None
    """Where its pods tell their numbers: annotations for Prometheus, and a way in for the stack's `monitoring`.
    Omitted: nobody scrapes them."""

    pool: PoolName | None = None
    """Worker node pool; a system pool is refused. Only a daemonset may leave it out: it runs on every node."""

    replicas: Count | None = None
    """Pods, without `autoscale`; omitted: 1. Deployments and statefulsets only."""

    autoscale: Autoscale | None = None
    """Replicas by load; excludes `replicas`."""

    affinity: Affinity = Affinity()
    """Which nodes and neighbours the pods want."""

    node_selector: dict[LabelKey, LabelValue] = {}
    """Labels of the nodes it runs on, beside its pool."""

    priority_class: DnsSubdomain | None = None
    """Key in `priorityClasses` of the stack: who goes first when nodes are full. Omitted: 0."""

    config: ConfigData | None = None
    """Configuration in ConfigMaps named by content."""

    secrets: Annotated[dict[VaultSecretName, WorkloadSecret], BY_KEY] = {}
    """Secrets by name: from a Key Vault, from the stack, or from a Secret that is there."""

    volumes: Annotated[dict[DnsLabel, Volume], BY_KEY] = {}
    """Volumes by name."""

    uses: list[Target] = []
    """What it calls: a workload (`redis`, `shop/redis:6379`), an external, `internet:443`, `kubernetes`,
    `monitoring:9091`, a range (`10.64.4.0/28:1433`), a host (`api.example.com:443`), each with `/UDP` or `/SCTP` behind
    the port where it is not TCP. All else is cut off by network policy."""

    release: ReleaseOrWord = Release()
    """Which versions run side by side; one word is its strategy."""

    rollout: Rollout = Rollout()
    """How the pods of one version are exchanged."""

    disruption: Disruption | None = None
    """Drain protection; omitted: one pod at a time may go where at least two run."""

    spread: SpreadRule = SpreadRule()
    """How the replicas keep apart."""

    tolerations: list[Toleration] = []
    """Node taints it tolerates. The taint of system pools needs a daemonset."""

    security: Security = Security()
    """The container's rights."""

    service_account: ServiceAccount = ServiceAccount()
    """The workload's identity in the cluster."""

    azure_identity: AzureIdentityOrName | None = None
    """What the pods sign in to Azure as: `true` for a managed identity of the workload's own, or the name of one in
    `azureIdentities` of the stack, which others may have, too. Omitted: one of its own where it reads a Key Vault.
    With target kubeconfig only an identity that the stack gives a `clientId`."""

    image_pull_secrets: list[DnsLabel] = []
    """Names in `pullSecrets` of the namespace; not needed for the registry attached to the cluster."""

    termination_grace_period_seconds: Seconds = 30
    """Time to stop before the kill."""

    dns_policy: Literal["ClusterFirst", "Default"] = "ClusterFirst"
    """`Default` asks the node's resolver: no name of the cluster, but none of its detours for outside names."""

    host_aliases: Annotated[dict[IpAddress, list[HostAlias]], BY_KEY] = {}
    """Names for addresses, in `/etc/hosts` of the pods."""

    labels: dict[LabelKey, LabelValue] = {}
    """Extra labels on every object; never used in a selector."""

    job: JobRun | None = None
    """How a job or each run of a cronjob goes."""

    cron: Cron | None = None
    """When a cronjob runs; required for one."""

    patch: dict[ObjectReference, Patch] = {}
    """Fields that no setting has, by object: `Deployment`, or `ConfigMap/<name>` where there are several of a kind."""

    @model_validator(mode="before")
    @classmethod
    def _availability(cls, data: Any) -> Any:
        """What the one word stands for, where the files do not say otherwise."""
        if not isinstance(data, dict) or not data.get("availability"):
            return data
        filled = dict(data)
        for (key, *below), value in implied(data).items():
            filled[key] = {**filled.get(key, {}), below[0]: value} if below else value
        return filled

    @property
    def image_key(self) -> str:
        """Key in the stack's `images`: the last part of the repository."""
        return key_of(self.image)

    @property
    def repositories(self) -> list[tuple[tuple[str, ...], str]]:
        """Every image of the pods with its place: the workload's own first."""
        further = [
            (("containers", name, "image"), it.image)
            for name, it in self.containers.items()
            if it.image
        ]
        return [(("image",), self.image), *further]

    @property
    def all_containers(self) -> list[tuple[str, ContainerSettings]]:
        """The workload's own container, called `main`, and the further ones, by name."""
        return [(MAIN, self), *self.containers.items()]

    @property
    def all_ports(self) -> Mapping[str, ContainerPort]:
        """Ports of all containers by name."""
        if not self.containers:
            return self.ports
        return dict(chain.from_iterable(it.ports.items() for _, it in self.all_containers))

    @property
    def served(self) -> tuple[Served, ...]:
        """The ports of the Service with what is behind them; none without a Service or a port that can be meant."""
        service, ports = self.service, self.all_ports
        if service is None:
            return ()
        if service.port is not None:
            target = service.target_port or usual_port(ports)
            if target is None:
                return ()
            return (_served(target, target, service.port, service.node_port, ports.get(target)),)
        return tuple(
            _served(
                name,
                it.target_port or name,
                it.port,
                it.node_port,
                ports.get(it.target_port or name),
            )
            for name, it in service.ports.items()
        )

    @property
    def vaults(self) -> list[str]:
        """Key Vaults that its secrets come from, sorted."""
        return sorted({it.vault for it in self.secrets.values() if it.vault})

    @property
    def signs_in_to_azure(self) -> bool:
        """Whether it has a managed identity where its stack has Azure."""
        return self.azure_identity is not None or bool(self.vaults)

    @property
    def shared_identity(self) -> str | None:
        """Key in `azureIdentities` of the stack; None where it has an identity of its own, or none."""
        return self.azure_identity.shared if self.azure_identity else None

    @property
    def service_accounts(self) -> tuple[str, ...]:
        """Names of the service accounts that its pods run as: one, which all its versions share."""
        return (self.name,)

    @property
    def has_tracks(self) -> bool:
        """Whether two versions may run side by side."""
        return self.kind == "deployment" and self.release.strategy in TWO_TRACKS

    @property
    def most_replicas(self) -> int:
        """Pods at the top of the scale, without surge, of all versions that share the load; a daemonset's is one a
        node and not known here."""
        if self.kind in ("job", "cronjob"):
            run = self.job or JobRun()
            return min(run.parallelism, run.runs)
        if self.autoscale:
            return self.autoscale.max
        return 1 if self.replicas is None else self.replicas

    @property
    def fewest_replicas(self) -> int:
        """Pods at the bottom of the scale."""
        return self.autoscale.min if self.autoscale else self.most_replicas


def _served(
    name: str, target: str, port: int, node_port: int | None, behind: ContainerPort | None
) -> Served:
    if behind is None:
        return Served(name, port, target, 0, node_port)
    return Served(name, port, target, behind.port, node_port, behind.protocol)


def implied(data: Mapping[str, Any]) -> dict[tuple[str, ...], Any]:
    """What `availability` stands for in a workload's plain data, by key path: only what the data does not say."""
    word = data.get("availability")
    if word not in ("single", "ha"):
        return {}
    highly, autoscale, spread = word == "ha", data.get("autoscale"), data.get("spread", {})
    found: dict[tuple[str, ...], Any] = {}
    if isinstance(autoscale, dict):
        if highly and "min" not in autoscale:
            found["autoscale", "min"] = HA_REPLICAS
    elif data.get("replicas") is None and data.get("kind") in ("deployment", "statefulset"):
        found["replicas",] = HA_REPLICAS if highly else 1
    if highly and isinstance(spread, dict):
        found |= {
            ("spread", key): "DoNotSchedule" for key in ("zones", "nodes") if key not in spread
        }
    return found


def key_of(repository: str) -> str:
    """Key of an image in the stack's `images`: the last part of its repository."""
    return repository.rpartition("/")[2]
