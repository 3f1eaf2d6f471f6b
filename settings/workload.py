"""One workload of the catalogue: the whole of what an application team writes.

The same model serves a file in `workloads/` and, merged over it, the stack's `workloads.<name>`. What a workload
does not say has a default that is safe: restricted pod security, no API token, one place in its node pool.
"""

from typing import Annotated, Literal

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from settings.container import Probes, Resources, Security
from settings.mounts import ConfigData, VaultSecret, Volume
from settings.section import Section
from settings.values import (
    Count,
    CronSchedule,
    DnsLabel,
    EnvName,
    ImageRepository,
    IntOrPercent,
    LabelKey,
    LabelValue,
    Namespace,
    NodePort,
    Percent,
    PoolName,
    Port,
    PortName,
    Positive,
    Seconds,
    SemanticVersion,
    Target,
    TimeZone,
    UrlPath,
    VaultSecretName,
)

Kind = Literal["deployment", "statefulset", "daemonset", "job", "cronjob"]
PodSecurityLevel = Literal["restricted", "baseline", "privileged"]
Spread = Literal["DoNotSchedule", "ScheduleAnyway"]


def _spread(value: object) -> object:
    """`Off` switches it off in an override, too, where null would only remove what the catalogue says."""
    if value not in ("DoNotSchedule", "ScheduleAnyway", "Off", None):
        raise PydanticCustomError("rule", "must be DoNotSchedule, ScheduleAnyway or Off")
    return None if value == "Off" else value


SpreadOrOff = Annotated[
    Spread | None,
    BeforeValidator(
        _spread, json_schema_input_type=Literal["DoNotSchedule", "ScheduleAnyway", "Off"] | None
    ),
]


class Service(Section):
    """The stable address of the workload inside the cluster."""

    type: Literal["ClusterIP", "NodePort", "LoadBalancer"] = "ClusterIP"
    """How far the Service reaches: the cluster, every node's address, or a load balancer."""

    port: Port
    """Port that callers use."""

    target_port: PortName
    """Name of the container port in `ports`."""

    node_port: NodePort | None = None
    """Fixed port on every node, 30000 to 32767; omitted: Kubernetes chooses. Only with type NodePort."""

    session_affinity: Literal["None", "ClientIP"] = "None"
    """`ClientIP` keeps one client on one pod."""

    headless: bool = False
    """No virtual address: DNS answers with the pods themselves. A statefulset always has a headless one."""


class Route(Section):
    """One path under one host of the stack."""

    host: DnsLabel
    """Key in `ingress.hosts` of the stack: the host name differs per environment, the key does not."""

    path: UrlPath = "/"
    """Beginning of the URL path. A host and path belong to one workload in the whole estate."""

    path_type: Literal["Prefix", "Exact"] = "Prefix"
    """`Prefix` matches whole path segments."""


class Autoscale(Section):
    """A HorizontalPodAutoscaler; it then owns the number of replicas."""

    min: Positive
    """Fewest replicas. At least 2 for what must survive a node drain."""

    max: Positive
    """Most replicas; counted in full against quota and pool."""

    cpu: Percent | None = None
    """Target CPU use, percent of the request."""

    memory: Percent | None = None
    """Target memory use, percent of the request."""


class Rollout(Section):
    """How a new version replaces the old one."""

    strategy: Literal["RollingUpdate", "Recreate"] = "RollingUpdate"
    """`Recreate` stops the old pods first: downtime, but right for a disk only one pod may hold."""

    max_surge: IntOrPercent = 1
    """Extra pods while rolling; counted against the quota."""

    max_unavailable: IntOrPercent = 0
    """Pods that may be missing while rolling."""

    min_ready_seconds: Seconds = 0
    """How long a new pod must stay ready before it counts."""

    progress_deadline_seconds: Positive = 600
    """A rollout that does not move for this long is reported as failed."""

    revision_history_limit: Count = 10
    """Old ReplicaSets kept for a rollback."""


class Disruption(Section):
    """A PodDisruptionBudget: exactly one of the two. It must let a drain pass."""

    min_available: IntOrPercent | None = None
    """Pods that must stay while nodes are drained."""

    max_unavailable: IntOrPercent | None = None
    """Pods that may be gone while nodes are drained."""


class SpreadRule(Section):
    """How the replicas keep apart."""

    zones: SpreadOrOff = "ScheduleAnyway"
    """Over availability zones; `DoNotSchedule` rather leaves a pod pending; `Off` leaves it to the scheduler."""

    nodes: SpreadOrOff = "ScheduleAnyway"
    """Over nodes; values as for `zones`."""


class Toleration(Section):
    """A node taint the pods tolerate, as in Kubernetes."""

    key: LabelKey | None = None
    """Taint key; omitted with operator Exists: every taint."""

    operator: Literal["Exists", "Equal"] = "Exists"
    """`Equal` compares `value`, too."""

    value: LabelValue | None = None
    """Taint value, with operator Equal."""

    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"] | None = None
    """Omitted: every effect."""


class ServiceAccount(Section):
    """The workload's identity in the cluster."""

    token: bool = False
    """Whether pods get a token for the Kubernetes API."""


class JobRun(Section):
    """How often a job runs and what a failure costs."""

    completions: Positive = 1
    """Successful runs wanted; in mode Indexed one each index."""

    parallelism: Positive = 1
    """Pods at once."""

    completion_mode: Literal["NonIndexed", "Indexed"] = "NonIndexed"
    """`Indexed` gives every pod its JOB_COMPLETION_INDEX."""

    backoff_limit: Count | None = None
    """Retries before the whole job fails; Kubernetes' default is 6."""

    backoff_limit_per_index: Count | None = None
    """Retries of one index; only in mode Indexed."""

    max_failed_indexes: Count | None = None
    """Failed indexes that end the job; only with `backoffLimitPerIndex`."""

    active_deadline_seconds: Positive | None = None
    """The job is ended past this time."""

    restart_policy: Literal["Never", "OnFailure"] = "Never"
    """`OnFailure` restarts the container in its pod; `backoffLimitPerIndex` needs `Never`."""


class Cron(Section):
    """When a cronjob runs."""

    schedule: CronSchedule
    """Five fields, for example `*/5 * * * *`."""

    time_zone: TimeZone = "Etc/UTC"
    """IANA name, so that summer time does what people expect."""

    concurrency_policy: Literal["Allow", "Forbid", "Replace"] = "Forbid"
    """`Forbid` skips a run while the last one still runs."""

    starting_deadline_seconds: Positive = 120
    """How late a run may start; under 10 the controller may never start it."""

    successful_jobs_history_limit: Count = 3
    """Finished jobs kept."""

    failed_jobs_history_limit: Count = 3
    """Failed jobs kept."""

    suspend: bool = False
    """Whether no further run starts."""


class Workload(Section):
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

    command: list[str] | None = None
    """Replaces the image's entry point."""

    args: list[str] | None = None
    """Replaces the image's arguments."""

    ports: dict[PortName, Port] = {}
    """Container ports by name."""

    service: Service | None = None
    """Address inside the cluster; omitted: nobody calls it."""

    routes: list[Route] = []
    """Paths on the stack's hosts; needs `service`."""

    pool: PoolName | None = None
    """Worker node pool; a system pool is refused. Only a daemonset may leave it out: it runs on every node."""

    replicas: Count | None = None
    """Pods, without `autoscale`; omitted: 1. Deployments and statefulsets only."""

    autoscale: Autoscale | None = None
    """Replicas by load; excludes `replicas`."""

    resources: Resources = Resources()
    """CPU and memory of the container."""

    probes: Probes = Probes()
    """Health checks."""

    env: dict[EnvName, str] = {}
    """Variables written into the pod itself: a change rolls it. Longer lists belong to `config`."""

    config: ConfigData | None = None
    """Configuration in ConfigMaps named by content."""

    secrets: dict[VaultSecretName, VaultSecret] = {}
    """Key Vault secrets as files, by their name in the vault."""

    volumes: dict[DnsLabel, Volume] = {}
    """Mounted volumes by name."""

    uses: list[Target] = []
    """What it calls: workloads, externals, `internet`, `kubernetes`. All else is cut off by network policy."""

    rollout: Rollout = Rollout()
    """How a new version replaces the old one."""

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

    image_pull_secrets: list[DnsLabel] = []
    """Names in `pullSecrets` of the namespace; not needed for the registry attached to the cluster."""

    termination_grace_period_seconds: Seconds = 30
    """Time to stop before the kill."""

    labels: dict[LabelKey, LabelValue] = {}
    """Extra labels on every object; never used in a selector."""

    job: JobRun | None = None
    """How a job or each run of a cronjob goes."""

    cron: Cron | None = None
    """When a cronjob runs; required for one."""

    @property
    def image_key(self) -> str:
        """Key in the stack's `images`: the last part of the repository."""
        return self.image.rpartition("/")[2]

    @property
    def most_replicas(self) -> int:
        """Pods at the top of the scale, without surge; a daemonset's is one a node and not known here."""
        if self.kind in ("job", "cronjob"):
            run = self.job or JobRun()
            return min(run.parallelism, run.completions)
        if self.autoscale:
            return self.autoscale.max
        return 1 if self.replicas is None else self.replicas

    @property
    def fewest_replicas(self) -> int:
        """Pods at the bottom of the scale."""
        return self.autoscale.min if self.autoscale else self.most_replicas
